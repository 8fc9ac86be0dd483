//! The accuracy that a sample found, as an observation like any other: one a month, revised as more is checked.

use super::{Accuracy, Sample, read, unlimited};
use crate::{
    curation::{
        edits::{Answer, Writer, etag, now, problem, shown_to},
        queries,
    },
    ledger::{self, Access, Actor, ApplyError, Change, Document, Passage, Resource, Standing},
    values::{Invalid, licence::ATTRIBUTION},
    web::{Problem, Result},
};
use chrono::{Days, Months, NaiveDate};
use diesel_async::{AsyncConnection, AsyncPgConnection};
use serde_json::{Value, json};

/// What is measured, as the shipped indicators have it.
const INDICATOR: &str = "directory_contact_accuracy";
/// Who says so, as the shipped sources have it.
const SOURCE: &str = "lodestar-sample";

const CAVEAT: &str = "It says how many of the numbers that this directory gives were right, not whether anybody was helped, nor which lines are missing. \
    Chats, forms, e-mail addresses and regional contacts are not part of it.";

/// The fields that follow from the sample; everything else of an observation that stands is its curators'.
const MEASURED: [&str; 6] = [
    "value",
    "low",
    "high",
    "claim",
    "method_note",
    "observation_status",
];

/// Publishes what a sample found so far; where its figure stands, that is revised.
///
/// # Errors
/// 403 for a key that is limited to countries, 404 where none was drawn, 409 while nothing was checked, or where the figure was
/// taken from the public.
pub async fn publish(
    connection: &mut AsyncPgConnection,
    writer: &Writer,
    month: NaiveDate,
) -> Result<Answer> {
    unlimited(&writer.identity)?;
    connection
        .transaction(async |connection| {
            queries::be_brief(connection).await?;
            ledger::pass(connection, Passage::Alone).await?;
            let sample = read(connection, &writer.identity, month).await?;
            let Some(accuracy) = &sample.accuracy else {
                return Err(refused(
                    "unchecked",
                    "nobody has called or texted one of its contact points yet",
                    "verify some of them as called or texted, then publish it",
                ));
            };
            let today = now().date_naive();
            let stands = standing(connection, &slug(&sample)).await?;
            let stood = stands.as_ref().map(Standing::read).transpose()?;
            let stood = stood.map(|document| document.to_json()).transpose();
            let stood = stood.map_err(|error| Problem::Internal(error.to_string()))?;
            let document = observation(&sample, accuracy, month, today, stood)?;
            let change = Change {
                record: stands.as_ref().map(|one| one.id),
                expected: Some(stands.as_ref().map_or(0, |one| one.revision)),
                access: Some(Access::PUBLIC),
                ..Change::to(document)
            };
            apply(connection, writer, &sample, change).await
        })
        .await
}

fn refused(code: &'static str, reason: &str, remedy: &str) -> Problem {
    Problem::Conflict(Invalid::new(code, reason, remedy), vec![])
}

fn slug(sample: &Sample) -> String {
    format!("directory-contact-accuracy-{}", sample.month)
}

/// The figure of the month, if it stands.
async fn standing(connection: &mut AsyncPgConnection, slug: &str) -> Result<Option<Standing>> {
    let found = match ledger::find(connection, Resource::Statistics, slug).await {
        Ok(found) => found,
        Err(diesel::NotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let mut locked = ledger::lock_ids(connection, &[found.id]).await?;
    match locked.pop() {
        Some(one) if one.is_public() => Ok(Some(one)),
        _ => Err(refused(
            "concealed",
            "the figure of this month is hidden, archived or a draft",
            "show or publish it by its own address first",
        )),
    }
}

async fn apply(
    connection: &mut AsyncPgConnection,
    writer: &Writer,
    sample: &Sample,
    change: Change,
) -> Result<Answer> {
    let actor = Actor {
        name: writer.identity.name.clone(),
        one_person: writer.one_person,
        ..Actor::default()
    };
    let reason = format!("the sample of {} counted", sample.month);
    let applied = ledger::apply(connection, &actor, &reason, vec![change], &|| ()).await;
    let applied = applied.map_err(|error| match error {
        ApplyError::Refused(faults) if faults.iter().any(|one| one.invalid.code == "reference") => {
            let reason = format!("the indicator {INDICATOR} or the source {SOURCE} is missing");
            let remedy = "add both as the shipped files have them, then publish the sample";
            refused("reference", &reason, remedy)
        }
        other => problem(other),
    })?;
    let id = applied.records.first().copied().unwrap_or_default();
    let after = ledger::find(connection, Resource::Statistics, &id.to_string()).await?;
    let (tag, place) = (
        etag(after.revision),
        format!("/v1/statistics/{}", after.slug),
    );
    let created = applied.created > 0;
    let shown = shown_to(connection, &writer.identity, after).await?;
    Ok(Answer {
        etag: Some(tag),
        location: created.then_some(place),
        ..Answer::of(if created { 201 } else { 200 }, &shown)?
    })
}

/// The observation after: new, or what stands with the figures of the sample.
fn observation(
    sample: &Sample,
    accuracy: &Accuracy,
    month: NaiveDate,
    today: NaiveDate,
    stood: Option<Value>,
) -> Result<Document> {
    let new = written(sample, accuracy, month, today);
    let document = match stood {
        None => new,
        Some(mut stood) => {
            let same = MEASURED.iter().all(|field| stood[*field] == new[*field]);
            let dated = (!same).then_some(["published_on", "sources"]);
            for field in MEASURED.into_iter().chain(dated.into_iter().flatten()) {
                stood[field] = new[field].clone();
            }
            stood
        }
    };
    Document::read(Resource::Statistics, document)
        .map_err(|error| Problem::Internal(error.to_string()))
}

fn written(sample: &Sample, accuracy: &Accuracy, month: NaiveDate, today: NaiveDate) -> Value {
    let Sample { revision, seed, .. } = sample;
    let words = month.format("%B %Y");
    json!({
        "slug": slug(sample),
        "indicator": INDICATOR,
        "title": format!("Accuracy of the numbers of hotlines in this directory, {words}"),
        "claim": format!(
            "{} of the {} sampled numbers of hotlines that were called or texted were right.",
            sample.confirmed, sample.checked
        ),
        "lang": "en",
        "value": accuracy.value,
        "low": accuracy.low,
        "high": accuracy.high,
        "qualifier": "approximately",
        "unit": "percent",
        "population": "numbers of public hotlines that the directory gives: telephone, text message, WhatsApp, text telephone",
        // The same in every month, since a series is of one denominator; how many these were is said beside.
        "denominator": "sampled numbers that were called or texted in time",
        "geography": "WLD",
        "period_start": month,
        "period_end": month + Months::new(1) - Days::new(1),
        "publisher": ATTRIBUTION,
        "published_on": today.to_string(),
        "method_note": method(sample),
        "caveat": CAVEAT,
        "observation_status": if today > sample.until { "normal" } else { "provisional" },
        "assessment": "not_assessed",
        "sources": [{
            "source": SOURCE,
            "locator": format!("sample of {}, drawn of revision {revision} by seed {seed}", sample.month),
            "published_on": today.to_string(),
            "retrieved_on": today,
        }],
    })
}

/// How it was measured, with the size of the sample.
fn method(sample: &Sample) -> String {
    let Sample {
        size,
        frame,
        until,
        checked,
        confirmed,
        changed,
        unreachable,
        closed,
        unchecked,
        altered,
        ..
    } = sample;
    let drawn = sample.drawn_at.date_naive();
    format!(
        "Simple random sample of {size} of the {frame} numbers that the directory gave on {drawn}. The first call or text to each until {until} counts. \
        Sample size {size}; checked {checked}: confirmed {confirmed}, changed {changed}, unreachable {unreachable}, closed {closed}. \
        Not checked in time {unchecked}, of which {altered} were altered or taken out before; they count nowhere. \
        Low and high are the 95 percent score interval of Wilson (1927), without correction for the finite number."
    )
}
