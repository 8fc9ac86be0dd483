//! Opening hours in OpenStreetMap's `opening_hours` notation, and the zone they are kept in.

mod schedule;

pub use schedule::{Interval, OPEN_END, Schedule, State, Window, moment, upcoming};

use super::{Invalid, place};
use chrono::{DateTime, NaiveDate, Utc};
use opening_hours_syntax::{
    Error,
    rules::{OpeningHoursExpression, time::Time},
};
use pest::error::InputLocation;
use std::{cell::RefCell, collections::HashMap};
use validator::ValidationError;

const REMEDY: &str = "use the opening_hours notation of OpenStreetMap, such as Mo-Fr 09:00-17:00 or 24/7; put 'by appointment' into the notes, or in quotes behind the times";

/// Parses hours, and refuses what depends on the sun or repeats by minutes: no line is answered so.
///
/// # Errors
/// With the place at which the notation does not parse.
pub fn parse(hours: &str) -> Result<OpeningHoursExpression, Invalid> {
    let refused = |reason: String| Invalid::new("hours", reason, REMEDY);
    if hours.len() > 500 {
        return Err(refused(
            "these opening hours are longer than 500 bytes".into(),
        ));
    }
    let repeated =
        || refused("hours by the sun or by repetition say nothing to a caller".to_owned());
    // The parser takes this one repetition for a fault of its own, and panics where those are looked for.
    let mut after = hours.split('/').skip(1);
    if after.any(|part| part.trim_start().starts_with("24:00")) {
        return Err(repeated());
    }
    let parsed = opening_hours_syntax::parse(hours).map_err(|error| {
        refused(match error {
            Error::Syntax(syntax) => {
                let (InputLocation::Pos(at) | InputLocation::Span((at, _))) = syntax.location;
                let before = hours.get(..at).unwrap_or(hours);
                let place = before.chars().count() + 1;
                format!("these opening hours do not parse from character {place} on")
            }
            Error::InvalidExtendedTime { .. } => "there is no such time of day".to_owned(),
            _ => "these opening hours say something that cannot be read".to_owned(),
        })
    })?;
    let spans = parsed
        .rules
        .iter()
        .flat_map(|rule| &rule.time_selector.spans);
    for span in spans {
        let fixed = |time| matches!(time, Time::Fixed(_));
        if !fixed(span.range.start) || !fixed(span.range.end) || span.repeats.is_some() {
            return Err(repeated());
        }
    }
    Ok(parsed)
}

/// Hours that can be read, and evaluated.
///
/// # Errors
/// As [`Schedule::new`].
pub fn valid(hours: &str) -> Result<(), ValidationError> {
    let schedule = Schedule::new(hours, "UTC", None);
    schedule.map(drop).map_err(Into::into)
}

/// A zone of the IANA database.
///
/// # Errors
/// When the database has no such zone.
pub fn zone(name: &str) -> Result<chrono_tz::Tz, Invalid> {
    name.parse().map_err(|_| {
        Invalid::new(
            "timezone",
            "it is no time zone",
            "use a name of the IANA database such as Europe/Prague",
        )
    })
}

/// The validator's form of [`zone`].
///
/// # Errors
/// When the database has no such zone.
pub fn valid_zone(name: &str) -> Result<(), ValidationError> {
    zone(name).map(drop).map_err(Into::into)
}

/// The country whose public holidays count, of the areas that something serves: the only one.
pub fn holidays_of(areas: &[String]) -> Option<&str> {
    let mut countries = areas.iter().map(|area| place::country_of(area));
    let first = countries.next()?;
    countries.all(|other| other == first).then_some(first)
}

/// What makes two records open at the same times: hours, zone and whose holidays, in one text.
/// `None` where the hours are not known.
pub fn key(hours: Option<&str>, zone: Option<&str>, country: Option<&str>) -> Option<String> {
    let hours = hours?;
    match hours {
        "24/7" => Some(format!("||{hours}")),
        // The hours last: they may hold the sign that joins.
        _ => zone.map(|zone| format!("{zone}|{}|{hours}", country.unwrap_or_default())),
    }
}

/// Whether what has this [`key`] is open at a moment. Many are asked about the same day, so each thread keeps the hours
/// around the one that was asked about last.
pub fn is_open(key: &str, at: DateTime<Utc>) -> bool {
    thread_local! {
        static KEPT: RefCell<(NaiveDate, HashMap<String, Vec<Interval>>)> = RefCell::default();
    }
    let holds =
        |one: &Interval| one.state == State::Open && one.opens_at <= at && at < one.closes_at;
    KEPT.with_borrow_mut(|(day, kept)| {
        if *day != at.date_naive() || kept.len() > 10_000 {
            (*day, *kept) = (at.date_naive(), HashMap::new());
        }
        if let Some(known) = kept.get(key) {
            return known.iter().any(holds);
        }
        let mut parts = key.splitn(3, '|');
        let mut part = || parts.next().filter(|part| !part.is_empty());
        let (zone, country, hours) = (part(), part(), part());
        let schedule = Schedule::new(hours.unwrap_or_default(), zone.unwrap_or("UTC"), country);
        let around = schedule.map_or_else(|_| Vec::new(), |schedule| schedule.around(*day));
        let open = around.iter().any(holds);
        kept.insert(key.to_owned(), around);
        open
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn reads_the_notation_of_the_field() {
        for good in [
            "24/7",
            "Mo-Fr 07:00-02:00; Sa-Su 11:00-24:00",
            "Mo-Su 08:00+",
            "Sa-Su,PH 09:00-15:00",
            "Mo-Fr 09:00-17:00 \"by appointment\"",
        ] {
            assert!(super::valid(good).is_ok(), "{good}");
        }
        for bad in [
            "9am-5pm",
            "Mo-Fr 25:00-26:00",
            "weekdays",
            "sunrise-sunset",
            "10:00-16:00/01:30",
            "10:00-16:00 / 24:00",
            // It is read, but cannot be evaluated.
            "PH +1 day off",
        ] {
            assert!(super::valid(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn says_where_the_notation_breaks() {
        let refused = super::parse("Mo-Fr 09:00-17:00; Xy 10:00").expect_err("refused");
        assert!(
            refused.reason.contains("from character 20"),
            "{}",
            refused.reason
        );
    }
}
