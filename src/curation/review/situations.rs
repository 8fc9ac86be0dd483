//! The order, stated: `situations.csv` is a queue from its first line to its last. Each line says what is known of
//! one record, and why it stands there.
//!
//! Ages are days since somebody confirmed it, `-` for never. Contact points are `channel:age`, with an outcome behind
//! a second colon and `!` with a number for what the public told of it.

use super::risk::{GRADES, Point, REASONS, Situation};
use crate::{ledger::Resource, values::outcome::Outcome};
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::Value;
use uuid::Uuid;

const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();

/// A line of the table.
struct Stated {
    words: String,
    situation: Situation,
    part: String,
    grade: String,
    reasons: Vec<String>,
}

fn age(text: &str) -> Option<DateTime<Utc>> {
    let days: u64 = text.parse().ok()?;
    let day = (TODAY - Days::new(days)).and_hms_opt(12, 0, 0)?;
    Some(day.and_utc())
}

fn outcome(text: &str) -> Option<Outcome> {
    let named = (text != "-").then_some(text)?;
    Some(serde_json::from_value(Value::from(named)).unwrap())
}

/// A contact point, and how often the public told something of it.
fn point(text: &str) -> (Point, i64) {
    let (text, times) = text.split_once('!').unwrap_or((text, "0"));
    let mut parts = text.split(':');
    let channel = Value::from(parts.next().unwrap());
    let point = Point {
        id: Some(Uuid::now_v7()),
        channel: serde_json::from_value(channel).unwrap(),
        verified_at: age(parts.next().unwrap()),
        outcome: outcome(parts.next().unwrap_or("-")),
    };
    (point, times.parse().unwrap())
}

fn stated() -> Vec<Stated> {
    let mut reader = csv::Reader::from_reader(&include_bytes!("situations.csv")[..]);
    let lines = reader.records().enumerate().map(|(place, line)| {
        let line = line.unwrap();
        let [
            words,
            resource,
            points,
            leads,
            verified,
            found,
            told,
            gone,
            part,
            grade,
            reasons,
        ] = std::array::from_fn(|column| line[column].to_owned());
        let each = points.split(' ').filter(|text| !text.is_empty());
        let (points, told_of): (Vec<Point>, Vec<i64>) = each.map(point).unzip();
        let of_points = points.iter().map(|point| point.id).zip(told_of);
        let told = of_points.chain([(None, told.parse().unwrap())]);
        let gone: u8 = gone.parse().unwrap();
        Stated {
            words,
            part,
            grade,
            reasons: reasons.split(' ').map(str::to_owned).collect(),
            situation: Situation {
                resource: Resource::named(&resource).unwrap(),
                slug: format!("s{place}"),
                leads: leads == "yes",
                verified_at: age(&verified),
                outcome: outcome(&found),
                source_date: None,
                told: told.filter(|(_, times)| *times > 0).collect(),
                unreachable: (0..gone).map(|one| format!("gone-{one}")).collect(),
                points,
            },
        }
    });
    lines.collect()
}

#[test]
fn the_queue_stands_as_it_is_stated_and_says_why() {
    let stated = stated();
    assert!(stated.len() >= 40, "{}", stated.len());
    let mut wrong = Vec::new();
    let mut orders = Vec::new();
    for one in &stated {
        let Some(risk) = one.situation.risk(TODAY) else {
            wrong.push(format!("{}: it is not due", one.words));
            continue;
        };
        let reasons: Vec<&str> = risk.reasons.iter().map(|reason| reason.code).collect();
        if (risk.part.name(), risk.grade) != (&*one.part, &*one.grade) || reasons != one.reasons {
            wrong.push(format!(
                "{}: {} {} {reasons:?}",
                one.words,
                risk.part.name(),
                risk.grade
            ));
        }
        // Of two that tie only by their slugs nothing is stated.
        let mut order = risk.order;
        order.6.clear();
        orders.push((order, &one.words));
    }
    for pair in orders.windows(2) {
        if pair[0].0 >= pair[1].0 {
            wrong.push(format!(
                "{} {:?}\n  does not go before {} {:?}",
                pair[0].1, pair[0].0, pair[1].1, pair[1].0
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_current_and_quiet_is_not_due() {
    let mut stated = stated().into_iter().map(|one| one.situation);
    let mut quiet = stated.next().unwrap();
    let (fresh, none) = (age("90"), vec![]);
    (
        quiet.verified_at,
        quiet.outcome,
        quiet.told,
        quiet.unreachable,
    ) = (fresh, None, none, vec![]);
    for point in &mut quiet.points {
        (point.verified_at, point.outcome) = (fresh, None);
    }
    assert!(quiet.risk(TODAY).is_none(), "{quiet:?}");
    quiet.points[0].verified_at = age("91");
    assert_eq!(quiet.risk(TODAY).unwrap().grade, "due");
}

#[test]
fn every_reason_and_grade_that_is_documented_is_given() {
    let stated = stated();
    for reason in REASONS {
        assert!(
            stated
                .iter()
                .any(|one| one.reasons.iter().any(|code| code == reason)),
            "{reason}"
        );
    }
    for grade in GRADES {
        assert!(stated.iter().any(|one| one.grade == grade), "{grade}");
    }
}
