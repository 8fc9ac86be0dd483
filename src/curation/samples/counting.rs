//! What came of a sample: of each contact point the first call or text in time.

use super::{Accuracy, Sample, SamplePoint};
use crate::{
    curation::queries::{self, Check, Stood, StoredSample},
    ledger::{Document, Resource},
    values::{
        citation,
        contact_point::{ContactPoint, ContactPointInput},
        outcome::Outcome,
        verification::{Method, Verification},
    },
    web::{Result, identity::Identity},
};
use chrono::{Days, NaiveDate, NaiveTime};
use diesel::QueryResult;
use diesel_async::AsyncPgConnection;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// A record as it stands, or stood.
struct Record {
    slug: String,
    document: Document,
}

fn by_id(stood: Vec<Stood>) -> QueryResult<HashMap<Uuid, Record>> {
    let each = stood.into_iter().map(|one| {
        let document = Document::read(Resource::Hotlines, one.document)
            .map_err(|error| diesel::result::Error::DeserializationError(Box::new(error)))?;
        let slug = one.slug;
        Ok((one.id, Record { slug, document }))
    });
    each.collect()
}

fn parsed<T: DeserializeOwned>(value: &Value) -> QueryResult<T> {
    T::deserialize(value)
        .map_err(|error| diesel::result::Error::DeserializationError(Box::new(error)))
}

fn with_id(points: &[ContactPointInput], id: Uuid) -> Option<&ContactPointInput> {
    points.iter().find(|point| point.id == Some(id))
}

/// The first attempt of each contact point that counts: a call or a text to where it led when it was drawn.
fn first_attempts(
    drawn: &HashMap<Uuid, ContactPointInput>,
    checks: Vec<Check>,
) -> QueryResult<HashMap<Uuid, Verification>> {
    let mut first = HashMap::new();
    for check in checks {
        let attempt: Verification = parsed(&check.verification)?;
        let points: Vec<ContactPointInput> = parsed(&check.contact_points)?;
        let called = matches!(attempt.method, Method::Called | Method::Texted);
        let same = with_id(&points, check.point)
            .zip(drawn.get(&check.point))
            .is_some_and(|(tried, drawn)| tried.leads_like(drawn));
        if called && same {
            first.entry(check.point).or_insert(attempt);
        }
    }
    Ok(first)
}

/// A sample as it was drawn, with what came of it so far.
///
/// # Errors
/// Those of the queries.
pub async fn measured(
    connection: &mut AsyncPgConnection,
    identity: &Identity,
    stored: StoredSample,
    today: NaiveDate,
) -> Result<Sample> {
    let stood = queries::stood_at(connection, &stored.records, stored.revision).await?;
    let stands = queries::stands(connection, &stored.records).await?;
    let (stood, stands) = (by_id(stood)?, by_id(stands)?);
    let end = (stored.until + Days::new(1))
        .and_time(NaiveTime::MIN)
        .and_utc();
    let checks = queries::checks(connection, &stored.points, stored.drawn_at, end).await?;
    let pairs = || stored.records.iter().zip(&stored.points);
    let drawn = pairs().filter_map(|(record, point)| {
        let points = stood.get(record)?.document.contact_points();
        Some((*point, with_id(points, *point)?.clone()))
    });
    let drawn: HashMap<Uuid, ContactPointInput> = drawn.collect();
    let first = first_attempts(&drawn, checks)?;
    let points = (1..).zip(pairs()).filter_map(|(place, (record, id))| {
        let (kept, point) = (stood.get(record)?, drawn.get(id)?);
        let mut one = to_call(place, *record, kept, point, today)?;
        match first.get(id) {
            Some(attempt) => {
                one.outcome = Some(attempt.outcome);
                one.checked_at = Some(attempt.at);
            }
            None => one.altered = !stays(stands.get(record), point),
        }
        Some(one)
    });
    let points = points.collect();
    Ok(counted(stored, points, identity))
}

/// A contact point as it was drawn.
fn to_call(
    place: usize,
    record: Uuid,
    kept: &Record,
    point: &ContactPointInput,
    today: NaiveDate,
) -> Option<SamplePoint> {
    let Document::Hotline(line) = &kept.document else {
        return None;
    };
    let sourced = citation::newest(&line.sources);
    Some(SamplePoint {
        place,
        record,
        slug: kept.slug.clone(),
        name: line.name.clone(),
        countries: kept.document.countries(),
        languages: line.languages.clone(),
        hours: line.hours.clone(),
        timezone: line.timezone.clone(),
        contact_point: ContactPoint::on(today, point.clone(), sourced),
        outcome: None,
        checked_at: None,
        altered: false,
    })
}

/// Whether the public is led to the same place still.
fn stays(stands: Option<&Record>, drawn: &ContactPointInput) -> bool {
    let points = stands.map_or(&[][..], |one| one.document.contact_points());
    let mut points = points.iter().filter(|point| point.id == drawn.id);
    points.any(|point| point.visibility == drawn.visibility && point.leads_like(drawn))
}

fn counted(stored: StoredSample, points: Vec<SamplePoint>, identity: &Identity) -> Sample {
    let count = |outcome| {
        let own = points.iter().filter(|point| point.outcome == outcome);
        own.count()
    };
    let [confirmed, changed, unreachable, closed] = [
        Outcome::Confirmed,
        Outcome::Changed,
        Outcome::Unreachable,
        Outcome::Closed,
    ]
    .map(|outcome| count(Some(outcome)));
    let checked = confirmed + changed + unreachable + closed;
    let may = |point: &SamplePoint| {
        let mut countries = point.countries.iter();
        identity.countries.is_empty()
            || countries.all(|country| identity.countries.contains(country))
    };
    Sample {
        month: stored.month.format("%Y-%m").to_string(),
        drawn_at: stored.drawn_at,
        drawn_by: stored.drawn_by,
        revision: stored.revision,
        seed: stored.seed,
        frame: stored.frame,
        size: points.len(),
        until: stored.until,
        checked,
        confirmed,
        changed,
        unreachable,
        closed,
        unchecked: count(None),
        altered: points.iter().filter(|point| point.altered).count(),
        accuracy: Accuracy::of(confirmed, checked),
        contents: points.into_iter().filter(may).collect(),
    }
}
