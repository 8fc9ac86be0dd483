//! The directory measures itself: a random sample of numbers a month, which people call and verify as they verify anything,
//! and the share of them that was right.
//!
//! What is sampled are the numbers that people are sent to: public contact points of public hotlines that are dialled or
//! texted, but for those that are known to lead nowhere, which help leaves out. It is a simple random sample: strata by country
//! would mean a few numbers each, and need weights that a reader cannot check.

mod accuracy;
mod drawing;
mod publishing;

pub use accuracy::Accuracy;
pub use publishing::publish;

use super::{
    edits::now,
    queries::{self, Check, Stood, StoredSample},
};
use crate::{
    ledger::{Document, Resource},
    values::{
        Invalid, citation,
        contact_point::{CHANNELS, Channel, ContactPoint, ContactPointInput},
        outcome::Outcome,
        verification::{Method, Verification},
    },
    web::{Problem, Result, identity::Identity, problem::ErrorDetail},
};
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc};
use diesel::QueryResult;
use diesel_async::AsyncPgConnection;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// How many contact points a sample has when nobody says, and at most. A hundred tell a share of nine in ten to within six
/// percent, and are called in a few evenings.
pub const SIZE: (i64, i64) = (100, 1000);

/// A random sample of contact points, and what came of calling them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Sample {
    /// The month that it measures.
    #[schema(example = "2026-11", pattern = "^[0-9]{4}-[0-9]{2}$")]
    pub month: String,
    /// When it was drawn; what was verified before does not count.
    pub drawn_at: DateTime<Utc>,
    /// By whom.
    pub drawn_by: String,
    /// The last revision of the ledger then: the contact points as they stood at it.
    #[schema(minimum = 0)]
    pub revision: i64,
    /// What decided by chance. The contact points are those whose SHA-256 of `seed:id`, in hexadecimal, comes first.
    #[schema(example = "5f0c1b7e9a3d4c2286e1f09b7d35a8c4")]
    pub seed: String,
    /// Of how many contact points it was drawn.
    #[schema(minimum = 1)]
    pub frame: i32,
    /// How many were drawn.
    #[schema(minimum = 1)]
    pub size: usize,
    /// The last UTC day on which a call counts.
    pub until: NaiveDate,
    /// Contact points that somebody called or texted in time; of each the first attempt counts.
    #[schema(minimum = 0)]
    pub checked: usize,
    /// Those that were as they stood here.
    #[schema(minimum = 0)]
    pub confirmed: usize,
    /// Those that were otherwise.
    #[schema(minimum = 0)]
    pub changed: usize,
    /// Those where nobody answered.
    #[schema(minimum = 0)]
    pub unreachable: usize,
    /// Those that did not exist any more.
    #[schema(minimum = 0)]
    pub closed: usize,
    /// Contact points that nobody has called or texted.
    #[schema(minimum = 0)]
    pub unchecked: usize,
    /// Those of them that lead elsewhere now, or that the public no longer sees.
    #[schema(minimum = 0)]
    pub altered: usize,
    /// The share that was confirmed of those checked; `null` while there are none.
    #[schema(nullable)]
    pub accuracy: Option<Accuracy>,
    /// The contact points in the order in which they are called, as they stood when they were drawn; with a key that is limited
    /// to countries those of these.
    pub contents: Vec<SamplePoint>,
}

/// A contact point to call.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SamplePoint {
    /// Its place in the order of calling.
    #[schema(minimum = 1)]
    pub place: usize,
    /// The hotline.
    pub record: Uuid,
    /// The slug of the hotline.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Countries that it serves, or wider areas.
    pub countries: Vec<String>,
    /// Its languages.
    pub languages: Vec<String>,
    /// Its hours.
    pub hours: Option<String>,
    /// The zone that they are told in.
    pub timezone: Option<String>,
    /// The contact point, which its verification names by `id`.
    pub contact_point: ContactPoint,
    /// What came of the first call or text in time: `confirmed`, `changed`, `unreachable` or `closed`; `null` so far. New values
    /// may be added.
    #[schema(value_type = Option<String>)]
    pub outcome: Option<Outcome>,
    /// When that was.
    pub checked_at: Option<DateTime<Utc>>,
    /// Whether it leads elsewhere now than when it was drawn, or the public no longer sees it, and nobody checked it before.
    pub altered: bool,
}

/// What somebody wants drawn.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// How many contact points, all where there are fewer.
    pub size: i64,
    /// The last day on which a call counts; `None` for that of the month.
    pub until: Option<NaiveDate>,
}

/// The last day of a month, and that of the next.
fn ends(month: NaiveDate) -> [NaiveDate; 2] {
    [1, 2].map(|months| month + Months::new(months) - Days::new(1))
}

/// Refuses a key that is limited to countries, since a sample is of all.
fn unlimited(identity: &Identity) -> Result<()> {
    match identity.countries.is_empty() {
        true => Ok(()),
        false => Err(Problem::Forbidden(Invalid::new(
            "country",
            "a sample is of all countries, and the key is limited to some",
            "let somebody do it whose key holds them all",
        ))),
    }
}

/// Draws the sample of this month, once.
///
/// # Errors
/// 403 for a key that is limited to countries, 409 where it was drawn or there is nothing to draw from, 422 for another month.
pub async fn draw(
    connection: &mut AsyncPgConnection,
    identity: &Identity,
    month: NaiveDate,
    wanted: Wanted,
) -> Result<Sample> {
    unlimited(identity)?;
    let (now, [last, latest]) = (now(), ends(month));
    let today = now.date_naive();
    if (month.year(), month.month()) != (today.year(), today.month()) {
        let invalid = Invalid::new(
            "month",
            "a sample is drawn in its own month",
            format!("draw that of {}", today.format("%Y-%m")),
        );
        let detail = ErrorDetail::parameter("month", invalid);
        return Err(Problem::Unprocessable(vec![detail]));
    }
    let until = wanted.until.unwrap_or(last);
    if !(today..=latest).contains(&until) {
        let invalid = Invalid::new(
            "until",
            "calls of that day are too early or too late for this month",
            format!("choose a day from {today} to {latest}"),
        );
        let detail = ErrorDetail::pointer("/until", invalid);
        return Err(Problem::Unprocessable(vec![detail]));
    }
    let stored = drawn(connection, identity, month, wanted.size, until, now).await?;
    if queries::keep_sample(connection, &stored).await? == 0 {
        let invalid = Invalid::new(
            "drawn",
            "the sample of this month is drawn, and stays",
            "read it at this address",
        );
        return Err(Problem::Conflict(invalid, vec![]));
    }
    measured(connection, identity, stored, today).await
}

async fn drawn(
    connection: &mut AsyncPgConnection,
    identity: &Identity,
    month: NaiveDate,
    size: i64,
    until: NaiveDate,
    now: DateTime<Utc>,
) -> Result<StoredSample> {
    let dialled = CHANNELS.map(channel);
    let dialled = dialled
        .into_iter()
        .filter(|one| one.is_some_and(Channel::is_dialled));
    let channels: Vec<&str> = dialled.flatten().map(Channel::name).collect();
    let frame = queries::drawable(connection, &channels).await?;
    let Some(revision) = frame.first().map(|one| one.revision) else {
        let invalid = Invalid::new(
            "nothing",
            "no public hotline has a number that people are sent to",
            "publish one first",
        );
        return Err(Problem::Conflict(invalid, vec![]));
    };
    let seed = drawing::seed().map_err(|_| Problem::Internal("no randomness".into()))?;
    let all = frame.iter().map(|one| (one.record, one.point)).collect();
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let (records, points) = drawing::draw(&seed, all, size).into_iter().unzip();
    Ok(StoredSample {
        month,
        drawn_at: now,
        drawn_by: identity.name.clone(),
        revision,
        seed,
        frame: i32::try_from(frame.len()).unwrap_or(i32::MAX),
        until,
        records,
        points,
    })
}

fn channel(name: &str) -> Option<Channel> {
    serde_json::from_value(name.into()).ok()
}

/// The sample of a month, and what came of it so far.
///
/// # Errors
/// 404 where none was drawn.
pub async fn read(
    connection: &mut AsyncPgConnection,
    identity: &Identity,
    month: NaiveDate,
) -> Result<Sample> {
    let stored = queries::find_sample(connection, month).await?;
    let stored = stored.ok_or(Problem::NotFound)?;
    measured(connection, identity, stored, now().date_naive()).await
}

/// A record by its id: its slug, its document, its contact points.
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

async fn measured(
    connection: &mut AsyncPgConnection,
    identity: &Identity,
    stored: StoredSample,
    today: NaiveDate,
) -> Result<Sample> {
    let stood = queries::stood_at(connection, &stored.records, stored.revision).await?;
    let (stood, stands) = (
        by_id(stood)?,
        by_id(queries::stands(connection, &stored.records).await?)?,
    );
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
        let Document::Hotline(line) = &kept.document else {
            return None;
        };
        let attempt = first.get(id);
        let now = stands.get(record).map(|one| one.document.contact_points());
        let now = now.and_then(|points| with_id(points, *id));
        let stays =
            now.is_some_and(|now| now.visibility == point.visibility && now.leads_like(point));
        let sourced = citation::newest(&line.sources);
        Some(SamplePoint {
            place,
            record: *record,
            slug: kept.slug.clone(),
            name: line.name.clone(),
            countries: kept.document.countries(),
            languages: line.languages.clone(),
            hours: line.hours.clone(),
            timezone: line.timezone.clone(),
            contact_point: ContactPoint::on(today, point.clone(), sourced),
            outcome: attempt.map(|attempt| attempt.outcome),
            checked_at: attempt.map(|attempt| attempt.at),
            altered: attempt.is_none() && !stays,
        })
    });
    let points = points.collect();
    Ok(counted(stored, points, identity))
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
