//! Progress: how well each country is known, and who verified how much.

use super::{RESOURCES, risk::Situation, situation};
use crate::{
    curation::queries::{self, Attempts},
    ledger::Resource,
    values::{freshness::Freshness, outcome::Outcome},
    web::identity::Identity,
};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use diesel::QueryResult;
use diesel_async::AsyncPgConnection;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};
use utoipa::ToSchema;
use uuid::Uuid;

/// What progress is asked about. Different fields combine by AND, values of one by OR.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Where the records are met; empty for everywhere.
    pub country: Vec<String>,
    /// The nouns of their resources; empty for all.
    pub resource: Vec<String>,
    /// From which day on verifications count; `None` for thirty days.
    pub since: Option<NaiveDate>,
}

/// Verifications, by what came of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Attempted {
    /// All of them.
    #[schema(minimum = 0)]
    pub total: i64,
    /// It was as it stands here.
    #[schema(minimum = 0)]
    pub confirmed: i64,
    /// It was otherwise.
    #[schema(minimum = 0)]
    pub changed: i64,
    /// Nobody answered.
    #[schema(minimum = 0)]
    pub unreachable: i64,
    /// It did not exist any more.
    #[schema(minimum = 0)]
    pub closed: i64,
}

impl Attempted {
    fn add(&mut self, outcome: Option<Outcome>, times: i64) {
        self.total += times;
        match outcome {
            Some(Outcome::Confirmed) => self.confirmed += times,
            Some(Outcome::Changed) => self.changed += times,
            Some(Outcome::Unreachable) => self.unreachable += times,
            Some(Outcome::Closed) => self.closed += times,
            None => {}
        }
    }
}

/// How well records or contact points are known. The four grades make the total, and so do the four outcomes with
/// what nobody tried.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Known {
    /// How many there are.
    #[schema(minimum = 0)]
    pub total: i64,
    /// Confirmed or sourced within 90 days.
    #[schema(minimum = 0)]
    pub current: i64,
    /// Within 180 days.
    #[schema(minimum = 0)]
    pub due: i64,
    /// Within 365 days.
    #[schema(minimum = 0)]
    pub overdue: i64,
    /// Longer ago, or nobody knows when.
    #[schema(minimum = 0)]
    pub expired: i64,
    /// Of which no verification ever confirmed.
    #[schema(minimum = 0)]
    pub never_verified: i64,
    /// Which the last verification confirmed.
    #[schema(minimum = 0)]
    pub confirmed: i64,
    /// Which it found otherwise.
    #[schema(minimum = 0)]
    pub changed: i64,
    /// Of which nobody answered it.
    #[schema(minimum = 0)]
    pub unreachable: i64,
    /// Which it found closed.
    #[schema(minimum = 0)]
    pub closed: i64,
    /// Which nobody tried to verify.
    #[schema(minimum = 0)]
    pub untried: i64,
}

impl Known {
    fn add(&mut self, grade: &str, verified: bool, outcome: Option<Outcome>) {
        self.total += 1;
        match grade {
            "current" => self.current += 1,
            "due" => self.due += 1,
            "overdue" => self.overdue += 1,
            _ => self.expired += 1,
        }
        self.never_verified += i64::from(!verified);
        match outcome {
            Some(Outcome::Changed) => self.changed += 1,
            Some(Outcome::Unreachable) => self.unreachable += 1,
            Some(Outcome::Closed) => self.closed += 1,
            Some(Outcome::Confirmed) => self.confirmed += 1,
            None if verified => self.confirmed += 1,
            None => self.untried += 1,
        }
    }
}

/// How well a country is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CountryProgress {
    /// ISO 3166-1 alpha-2, or a wider area.
    #[schema(example = "GB")]
    pub country: String,
    /// Its public records; one of several countries counts in each.
    pub records: Known,
    /// Their public contact points.
    pub contact_points: Known,
    /// Verifications since the day that `since` names, of records as well as of contact points.
    pub verifications: Attempted,
}

/// What somebody verified.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct PersonProgress {
    /// Who, by the name that the ledger has.
    #[schema(example = "Maria")]
    pub name: String,
    /// Since the day that `since` names.
    pub verifications: Attempted,
    /// In the last 30 days.
    pub last_30_days: Attempted,
    /// In the last 90 days.
    pub last_90_days: Attempted,
    /// Records of the review queue that they look after now.
    #[schema(minimum = 0)]
    pub leases: i64,
}

/// How far the work of verifying has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Progress {
    /// From which UTC day on verifications count.
    pub since: NaiveDate,
    /// Countries and wider areas, by code.
    pub countries: Vec<CountryProgress>,
    /// Everybody who verified something since then, or in the last 90 days, or looks after something; by name.
    pub people: Vec<PersonProgress>,
}

/// Where somebody may look: what they asked for, within what their key is limited to.
struct Within<'a> {
    asked: &'a [String],
    limits: &'a [String],
}

impl Within<'_> {
    fn takes(&self, country: &String) -> bool {
        let among = |list: &[String]| list.is_empty() || list.contains(country);
        among(self.asked) && among(self.limits)
    }

    fn of<'c>(&self, countries: &'c [String]) -> impl Iterator<Item = &'c String> {
        countries.iter().filter(|country| self.takes(country))
    }

    fn meets(&self, countries: &[String]) -> bool {
        self.of(countries).next().is_some()
    }
}

/// What is known of each country and who verified how much, at a moment. A key that is limited to countries
/// gets these alone, and of people what they did in these.
///
/// # Errors
/// Those of the queries.
pub async fn progress(
    connection: &mut AsyncPgConnection,
    scope: &Scope,
    identity: &Identity,
    now: DateTime<Utc>,
) -> QueryResult<Progress> {
    let today = now.date_naive();
    let since = scope.since.unwrap_or(today - Duration::days(30));
    let resources: Vec<&str> = match scope.resource.is_empty() {
        true => RESOURCES.map(Resource::name).into(),
        false => scope.resource.iter().map(String::as_str).collect(),
    };
    let within = Within {
        asked: &scope.country,
        limits: &identity.countries,
    };
    let mut counted = Counted::default();
    let mut met: HashMap<Uuid, bool> = HashMap::new();
    for one in queries::reviewed(connection, &resources).await? {
        met.insert(one.id, within.meets(&one.countries));
        let known = situation(&one, Vec::new(), &HashSet::new())?;
        for country in within.of(&one.countries) {
            counted.know(country, &known, today);
        }
    }
    let start = since.and_time(NaiveTime::MIN).and_utc();
    let from = [start, now - Duration::days(30), now - Duration::days(90)];
    for one in queries::attempts(connection, &resources, from).await? {
        counted.attempt(&one, &within)?;
    }
    for lease in queries::leases(connection, now).await? {
        if met.get(&lease.record_id) == Some(&true) {
            counted.person(&lease.holder).leases += 1;
        }
    }
    Ok(Progress {
        since,
        countries: counted.countries.into_values().collect(),
        people: counted.people.into_values().collect(),
    })
}

#[derive(Default)]
struct Counted {
    countries: BTreeMap<String, CountryProgress>,
    people: BTreeMap<String, PersonProgress>,
}

impl Counted {
    fn country(&mut self, country: &str) -> &mut CountryProgress {
        let row = self.countries.entry(country.to_owned()).or_default();
        if row.country.is_empty() {
            country.clone_into(&mut row.country);
        }
        row
    }

    /// All keys of one name are one person, however it is written.
    fn person(&mut self, name: &str) -> &mut PersonProgress {
        let row = self.people.entry(name.to_lowercase()).or_default();
        if row.name.is_empty() {
            name.clone_into(&mut row.name);
        }
        row
    }

    fn know(&mut self, country: &str, known: &Situation, today: NaiveDate) {
        let row = self.country(country);
        let grade = |verified_at| Freshness::on(today, verified_at, known.source_date).grade;
        let verified_at = known.verified_at;
        let verified = verified_at.is_some();
        row.records.add(grade(verified_at), verified, known.outcome);
        for point in &known.points {
            let verified = point.verified_at.is_some();
            let points = &mut row.contact_points;
            points.add(grade(point.verified_at), verified, point.outcome);
        }
    }

    fn attempt(&mut self, one: &Attempts, within: &Within<'_>) -> QueryResult<()> {
        let outcome = super::read(&one.outcome.clone().into())?;
        for country in within.of(&one.countries) {
            let row = self.country(country);
            row.verifications.add(outcome, one.since);
        }
        if within.meets(&one.countries) {
            let row = self.person(&one.actor);
            row.verifications.add(outcome, one.since);
            row.last_30_days.add(outcome, one.last_30_days);
            row.last_90_days.add(outcome, one.last_90_days);
        }
        Ok(())
    }
}
