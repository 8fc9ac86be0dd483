//! What pages say, for machines: schema.org in JSON-LD.

use super::links::{is_web, linkable};
use crate::{
    directory::{Drawn, Quoted},
    help::{Help, HelpContact, Hours, Inquiry},
    values::{
        contact_point::Channel,
        geography::Geography,
        hours::State,
        labels::LANGUAGES,
        licence::{ATTRIBUTION, LICENCE_URL},
        place::WORLD,
    },
};
use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// JSON as it may stand in HTML: nothing in it ends an element, begins one or is a reference.
fn inside(value: &Value) -> String {
    let text = value.to_string();
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                safe += &format!("\\u{:04x}", u32::from(letter));
            }
            plain => safe.push(plain),
        }
    }
    safe
}

/// A thing without the fields that nothing is known of.
fn thing(kind: &str, fields: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let mut thing = json!({"@type": kind});
    for (name, value) in fields {
        let empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        if !empty {
            thing[name] = value;
        }
    }
    thing
}

fn graph(things: Vec<Value>) -> String {
    inside(&json!({"@context": "https://schema.org", "@graph": things}))
}

/// The hotlines of an answer: who runs each, and how it is reached.
pub fn help(inquiry: &Inquiry, help: &Help) -> String {
    let contacts = help.contacts.iter();
    graph(contacts.map(|one| organization(inquiry, one)).collect())
}

fn organization(inquiry: &Inquiry, one: &HelpContact) -> Value {
    let runner = one.organization.as_ref().map_or(&one.name, |one| &one.name);
    let points = || one.contact_points.iter();
    let dialled = points().filter(|point| point.channel.is_dialled());
    let numbers = dialled.filter_map(|point| point.e164.as_ref().or(point.short_code.as_ref()));
    let mail = points().filter(|point| point.channel == Channel::Email);
    let urls = points().filter_map(|point| linkable(point.url.as_deref()?));
    let point = thing(
        "ContactPoint",
        [
            ("contactType", json!("hotline")),
            ("name", json!(one.name)),
            ("telephone", numbers.map(|number| json!(number)).collect()),
            ("email", mail.map(|point| json!(point.value)).collect()),
            (
                "url",
                urls.filter(|url| is_web(url))
                    .map(|url| json!(url))
                    .collect(),
            ),
            ("availableLanguage", json!(one.languages)),
            (
                "areaServed",
                one.coverage.iter().map(|area| served(area)).collect(),
            ),
            ("hoursAvailable", hours(inquiry.hours(one.id))),
        ],
    );
    thing(
        "Organization",
        [("name", json!(runner)), ("contactPoint", point)],
    )
}

fn served(area: &str) -> Value {
    let kind = match (area == WORLD, area.contains('-'), area.len()) {
        (true, ..) => return json!({"@type": "Place", "name": "World"}),
        (_, true, _) => "AdministrativeArea",
        (.., 2) => "Country",
        _ => "Place",
    };
    json!({"@type": kind, "identifier": area})
}

fn named(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

const WEEK: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

/// The hours of the week to come, in the zone of the hotline; days with the same ones together.
fn hours(hours: Option<Hours>) -> Value {
    let (zone, week) = match hours {
        None => return Value::Null,
        Some(Hours::Always) => {
            let days = WEEK.map(named);
            return json!([{"@type": "OpeningHoursSpecification", "dayOfWeek": days,
                "opens": "00:00", "closes": "23:59"}]);
        }
        Some(Hours::Week(zone, week)) => (zone, week),
    };
    let mut alike: BTreeMap<(NaiveTime, NaiveTime), Vec<NaiveDate>> = BTreeMap::new();
    for one in week.iter().filter(|one| one.state == State::Open) {
        let [opens, closes] = [one.opens_at, one.closes_at].map(|at| at.with_timezone(&zone));
        let days = alike.entry((opens.time(), closes.time())).or_default();
        days.push(opens.date_naive());
    }
    let specified = alike.into_iter().map(|((opens, closes), days)| {
        let names: Vec<&str> = days.iter().map(|day| named(day.weekday())).collect();
        let [opens, closes] = [opens, closes].map(|time| time.format("%H:%M").to_string());
        json!({"@type": "OpeningHoursSpecification", "dayOfWeek": names, "opens": opens,
            "closes": closes, "validFrom": days.iter().min(), "validThrough": days.iter().max()})
    });
    specified.collect()
}

fn place(geography: &Geography) -> Value {
    json!({"@type": "Place", "name": geography.name, "identifier": geography.code})
}

/// A time as ISO 8601 writes intervals, `..` for an open end.
fn covered(start: Option<NaiveDate>, end: Option<NaiveDate>) -> Value {
    let day = |day: Option<NaiveDate>| day.map_or("..".to_owned(), |day| day.to_string());
    match start.or(end) {
        Some(_) => json!(format!("{}/{}", day(start), day(end))),
        None => Value::Null,
    }
}

/// A figure as a data set of one value.
pub fn statistic(quoted: &Quoted, public_url: &str) -> String {
    let one = &quoted.statistic;
    let period = one.period.as_ref();
    let cited: Vec<&str> = one.sources.iter().map(|own| &*own.source).collect();
    let based = quoted
        .sources
        .iter()
        .filter(|source| cited.contains(&&*source.slug));
    let based = based.filter_map(|source| linkable(&source.url));
    let measured = thing(
        "PropertyValue",
        [
            (
                "name",
                json!(one.indicator.as_ref().map(|indicator| &indicator.name)),
            ),
            ("value", json!(one.value)),
            ("minValue", json!(one.low)),
            ("maxValue", json!(one.high)),
            ("unitText", json!(one.unit)),
        ],
    );
    let url = format!("{public_url}/v1/statistics/{}", one.slug);
    graph(vec![thing(
        "Dataset",
        [
            ("name", json!(one.title)),
            ("description", json!(one.claim)),
            ("url", json!(url)),
            ("license", json!(LICENCE_URL)),
            (
                "creator",
                json!({"@type": "Organization", "name": one.publisher}),
            ),
            (
                "temporalCoverage",
                covered(
                    period.and_then(|own| own.start),
                    period.and_then(|own| own.end),
                ),
            ),
            ("spatialCoverage", place(&one.geography)),
            ("variableMeasured", measured),
            ("isBasedOn", based.collect()),
        ],
    )])
}

/// The figures of a chart as a data set.
pub fn chart(drawn: &Drawn, public_url: &str) -> String {
    let indicator = &drawn.indicator;
    let points = || {
        drawn
            .charted
            .series
            .iter()
            .flat_map(|series| series.points())
    };
    let start = points().map(|point| point.start).min();
    let end = points().map(|point| point.end).max();
    let place = drawn
        .charted
        .series
        .as_ref()
        .map(|series| &series.place.text);
    let url = format!("{public_url}/v1/indicators/{}", indicator.slug);
    let csv = format!(
        "{public_url}/v1/statistics?indicator={}&format=csv",
        indicator.slug
    );
    graph(vec![thing(
        "Dataset",
        [
            ("name", json!(indicator.title)),
            ("description", json!(indicator.definition)),
            ("url", json!(url)),
            ("license", json!(LICENCE_URL)),
            ("temporalCoverage", covered(start, end)),
            ("spatialCoverage", json!(place)),
            (
                "distribution",
                json!({"@type": "DataDownload", "encodingFormat": "text/csv", "contentUrl": csv}),
            ),
        ],
    )])
}

/// What the front page is: who makes the directory, and the directory as data; with the hotlines of
/// an answer where there is one.
pub fn front(public_url: &str, description: &str, answer: Option<(&Inquiry, &Help)>) -> String {
    let publisher = format!("{public_url}/#publisher");
    let csv = ["organizations", "hotlines", "regional_contacts", "statistics"].map(|list| {
        let url = format!("{public_url}/v1/{list}?format=csv");
        json!({"@type": "DataDownload", "name": list, "encodingFormat": "text/csv", "contentUrl": url})
    });
    let mut things = vec![
        json!({"@type": "Organization", "@id": publisher, "name": ATTRIBUTION, "url": format!("{public_url}/")}),
        json!({"@type": "WebSite", "name": "Lodestar", "url": format!("{public_url}/"),
            "inLanguage": LANGUAGES, "publisher": {"@id": publisher}}),
        json!({"@type": "Dataset", "name": "Lodestar", "description": description,
            "url": format!("{public_url}/v1"), "license": LICENCE_URL, "creator": {"@id": publisher},
            "isAccessibleForFree": true, "distribution": csv}),
    ];
    let contacts = answer.into_iter().flat_map(|(inquiry, help)| {
        let contacts = help.contacts.iter();
        contacts.map(move |one| organization(inquiry, one))
    });
    things.extend(contacts);
    graph(things)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_element() {
        let hostile = json!({"name": "</script><script>alert(1)</script><!-- & \u{2028}"});
        let text = inside(&hostile);
        assert!(!text.contains(['<', '>', '&', '\u{2028}']), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).ok(), Some(hostile));
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let one = thing(
            "ContactPoint",
            [
                ("email", Value::Null),
                ("areaServed", json!([])),
                ("name", json!("x")),
            ],
        );
        assert_eq!(one, json!({"@type": "ContactPoint", "name": "x"}));
        assert_eq!(
            covered(None, NaiveDate::from_ymd_opt(2020, 12, 31)),
            json!("../2020-12-31")
        );
    }
}
