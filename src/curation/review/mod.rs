//! The review queue: everything that is due, in the order of the harm that it may do, who looks
//! after what for a time, and how far the work has come.

mod leases;
mod progress;
mod risk;
#[cfg(test)]
mod situations;

pub use leases::{Leased, lease};
pub use progress::{Progress, Scope, progress};
pub use risk::{GRADES, REASONS, Reason};

use super::queries::{self, Lease, Reviewed};
use crate::{
    ledger::Resource,
    values::{
        citation::{self, Citation},
        contact_point::ContactPointInput,
    },
};
use chrono::{DateTime, Utc};
use diesel::QueryResult;
use diesel_async::AsyncPgConnection;
use risk::{Order, Point, Situation};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};
use utoipa::ToSchema;
use uuid::Uuid;

/// The resources that are verified.
pub const RESOURCES: [Resource; 4] = [
    Resource::Hotlines,
    Resource::RegionalContacts,
    Resource::Organizations,
    Resource::Statistics,
];

/// Which places. Different fields combine by AND, values of one by OR; an empty one takes all.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Where the record is met.
    pub country: Vec<String>,
    /// The noun of its resource.
    pub resource: Vec<String>,
    /// The grade of what may do most harm.
    pub grade: Vec<String>,
    /// One of its reasons.
    pub reason: Vec<String>,
}

/// A record that is due, and why.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReviewPlace {
    /// UUIDv7, stable.
    pub id: Uuid,
    /// The noun of its resource. New resources may be added.
    #[schema(example = "hotlines")]
    pub resource: String,
    /// Stable and human.
    pub slug: String,
    /// Its name or title.
    pub name: String,
    /// The countries that it is about, or wider areas.
    pub countries: Vec<String>,
    /// What may do most harm of all that is due: `phone`, `address` or `prose`. New parts may be added.
    #[schema(value_type = String, example = "phone")]
    pub part: &'static str,
    /// The grade of its freshness: `current`, `due`, `overdue` or `expired`. New grades may be added.
    #[schema(value_type = String, example = "expired")]
    pub grade: &'static str,
    /// Its age in days; `null` where no date is known.
    #[schema(minimum = 0)]
    pub age_days: Option<i64>,
    /// Why it stands here, that which weighs most first.
    pub reasons: Vec<Reason>,
    /// Who looks after it.
    pub leased_to: Option<String>,
    /// Until when.
    pub leased_until: Option<DateTime<Utc>>,
}

/// How many records of a country are due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CountryCount {
    /// ISO 3166-1 alpha-2, or a wider area.
    #[schema(example = "GB")]
    pub country: String,
    /// Records; one of several countries counts in each.
    #[schema(minimum = 1)]
    pub total: usize,
}

/// How many places each country has, the most first.
pub fn counts(places: &[ReviewPlace]) -> Vec<CountryCount> {
    let mut totals: BTreeMap<&str, usize> = BTreeMap::new();
    for country in places.iter().flat_map(|place| &place.countries) {
        *totals.entry(country).or_default() += 1;
    }
    let counted = totals.into_iter().map(|(country, total)| CountryCount {
        country: country.to_owned(),
        total,
    });
    let mut counts: Vec<CountryCount> = counted.collect();
    counts.sort_by_key(|one| std::cmp::Reverse(one.total));
    counts
}

impl Selection {
    fn takes(&self, place: &ReviewPlace) -> bool {
        let among =
            |wanted: &[String], has: &str| wanted.is_empty() || wanted.iter().any(|one| one == has);
        let countries = &place.countries;
        let in_country =
            self.country.is_empty() || self.country.iter().any(|one| countries.contains(one));
        let reasons = &mut place.reasons.iter();
        in_country
            && among(&self.resource, &place.resource)
            && among(&self.grade, place.grade)
            && (self.reason.is_empty() || reasons.any(|one| among(&self.reason, one.code)))
    }
}

/// Everything that is due at a moment, in order.
///
/// # Errors
/// Those of the queries.
pub async fn queue(
    connection: &mut AsyncPgConnection,
    selection: &Selection,
    at: DateTime<Utc>,
) -> QueryResult<Vec<ReviewPlace>> {
    let resources = RESOURCES.map(Resource::name);
    let reviewed = queries::reviewed(connection, &resources).await?;
    let mut told: HashMap<Uuid, Vec<(Option<Uuid>, i64)>> = HashMap::new();
    for one in queries::told(connection).await? {
        told.entry(one.record_id)
            .or_default()
            .push((one.contact_point, one.times));
    }
    let gone: HashSet<String> = queries::unreachable_sources(connection)
        .await?
        .into_iter()
        .collect();
    let leases = by_record(queries::leases(connection, at).await?);
    let mut places: Vec<(Order, ReviewPlace)> = Vec::new();
    for one in reviewed {
        let told = told.remove(&one.id).unwrap_or_default();
        let situation = situation(&one, told, &gone)?;
        let Some(risk) = situation.risk(at.date_naive()) else {
            continue;
        };
        let lease = leases.get(&one.id);
        let place = ReviewPlace {
            id: one.id,
            resource: one.resource,
            slug: one.slug,
            name: one.name,
            countries: one.countries,
            part: risk.part.name(),
            grade: risk.grade,
            age_days: risk.age_days,
            reasons: risk.reasons,
            leased_to: lease.map(|lease| lease.holder.clone()),
            leased_until: lease.map(|lease| lease.until),
        };
        if selection.takes(&place) {
            places.push((risk.order, place));
        }
    }
    places.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(places.into_iter().map(|(_, place)| place).collect())
}

fn by_record(leases: Vec<Lease>) -> HashMap<Uuid, Lease> {
    let each = leases.into_iter().map(|lease| (lease.record_id, lease));
    each.collect()
}

fn read<T: DeserializeOwned>(value: &Value) -> QueryResult<T> {
    T::deserialize(value)
        .map_err(|error| diesel::result::Error::DeserializationError(Box::new(error)))
}

fn situation(
    one: &Reviewed,
    told: Vec<(Option<Uuid>, i64)>,
    gone: &HashSet<String>,
) -> QueryResult<Situation> {
    let sources: Vec<Citation> = read(&one.sources)?;
    let points: Vec<ContactPointInput> = read(&one.contact_points)?;
    let public = points
        .into_iter()
        .filter(|point| point.visibility == Default::default());
    Ok(Situation {
        resource: Resource::named(&one.resource).unwrap_or(Resource::Statistics),
        slug: one.slug.clone(),
        points: public
            .map(|point| Point {
                id: point.id,
                channel: point.channel,
                verified_at: point.verified_at,
                outcome: point.outcome,
            })
            .collect(),
        leads: one.leads,
        verified_at: one.verified_at,
        outcome: read(&one.outcome.clone().map_or(Value::Null, Value::from))?,
        source_date: citation::newest(&sources),
        told,
        unreachable: sources
            .into_iter()
            .map(|citation| citation.source)
            .filter(|slug| gone.contains(slug))
            .collect(),
    })
}
