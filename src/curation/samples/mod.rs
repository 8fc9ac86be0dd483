//! The directory measures itself: a random sample of numbers a month, which people call and verify as they verify anything,
//! and the share of them that was right.
//!
//! What is sampled are the numbers that people are sent to: public contact points of public hotlines that are dialled or
//! texted, but for those that are known to lead nowhere, which help leaves out. It is a simple random sample: strata by country
//! would mean a few numbers each, and need weights that a reader cannot check.

mod accuracy;
mod counting;
mod drawing;
mod publishing;

pub use accuracy::Accuracy;
pub use publishing::publish;

use super::{
    edits::now,
    queries::{self, StoredSample},
};
use crate::{
    values::{
        Invalid,
        contact_point::{CHANNELS, Channel, ContactPoint},
        outcome::Outcome,
    },
    web::{Problem, Result, identity::Identity, problem::ErrorDetail},
};
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use counting::measured;
use diesel_async::AsyncPgConnection;
use serde::Serialize;
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
