//! Records that may be the same: found by what they have in common, never by comparing all with all.

mod evidence;
mod hosts;
mod names;

pub use evidence::Evidence;

use super::queries::{Dismissal, Recorded};
use crate::ledger::Resource;
use chrono::{DateTime, Utc};
use diesel::QueryResult;
use evidence::{Recognized, SAME_DOMAIN, SAME_EMAIL, SAME_NUMBER, fingerprint, strength};
use names::Named;
use serde::Serialize;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
};
use utoipa::ToSchema;
use uuid::Uuid;

/// The resources of which records may stand twice.
pub const RESOURCES: [Resource; 3] = [
    Resource::Organizations,
    Resource::Hotlines,
    Resource::RegionalContacts,
];

/// A domain that more records share is no evidence: it is a portal.
const MOST_OF_A_DOMAIN: usize = 5;
/// Where more share a number or an e-mail address, each is paired with the first of them alone.
const MOST_PAIRED: usize = 20;

/// A record of a pair.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Twin {
    /// UUIDv7, stable.
    pub id: Uuid,
    /// Stable and human.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// `draft` or `published`. New values may be added.
    #[schema(example = "published")]
    pub status: String,
    /// The revision that stands.
    #[schema(minimum = 1)]
    pub revision: i64,
    /// The slug of the organization that it is of.
    pub organization: Option<String>,
    /// The countries that it is about, or `WLD`.
    pub countries: Vec<String>,
}

/// Two records that may be the same.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DuplicatePair {
    /// The noun of their resource. New resources may be added.
    #[schema(example = "hotlines")]
    pub resource: String,
    /// The weight of all evidence.
    #[schema(minimum = 10, example = 88)]
    pub strength: i64,
    /// What speaks for it, what weighs most first.
    pub evidence: Vec<Evidence>,
    /// The record that came first.
    pub one: Twin,
    /// The other.
    pub other: Twin,
    /// Who said that they are two; `null` for candidates.
    #[schema(nullable)]
    pub dismissed: Option<Dismissed>,
    /// What tells this evidence from other evidence.
    #[serde(skip)]
    pub fingerprint: String,
}

/// That somebody said that two records are two.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Dismissed {
    /// Who.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

/// Which pairs. Different fields combine by AND, values of one by OR; an empty one takes all.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// The nouns of resources.
    pub resource: Vec<String>,
    /// Where one of both is met.
    pub country: Vec<String>,
    /// Whether somebody said that they are two; `None` for both.
    pub dismissed: Option<bool>,
    /// The countries that a key is limited to; empty for all. Both records lie within.
    pub limits: Vec<String>,
}

impl Selection {
    /// The resources that are read.
    pub fn resources(&self) -> Vec<&'static str> {
        let wanted =
            |name: &&str| self.resource.is_empty() || self.resource.iter().any(|one| one == name);
        RESOURCES
            .map(Resource::name)
            .into_iter()
            .filter(wanted)
            .collect()
    }

    fn takes(&self, pair: &DuplicatePair) -> bool {
        let mut met = pair.one.countries.iter().chain(&pair.other.countries);
        let mut all = met.clone();
        self.dismissed
            .is_none_or(|wanted| pair.dismissed.is_some() == wanted)
            && (self.country.is_empty() || met.any(|code| self.country.contains(code)))
            && (self.limits.is_empty() || all.all(|code| self.limits.contains(code)))
    }
}

/// The pairs of a selection among these records, those with the strongest evidence first, then by slug.
///
/// # Errors
/// When a record has another shape, which the one way in does not let happen.
pub fn pairs(
    records: &[Recorded],
    dismissals: Vec<Dismissal>,
    selection: &Selection,
) -> QueryResult<Vec<DuplicatePair>> {
    let mut dismissed: HashMap<(Uuid, Uuid, String), Dismissed> = dismissals
        .into_iter()
        .map(|one| {
            let said = Dismissed {
                by: one.dismissed_by,
                at: one.dismissed_at,
                reason: one.reason,
            };
            ((one.one_id, one.other_id, one.evidence), said)
        })
        .collect();
    let mut pairs = Vec::new();
    for resource in RESOURCES.map(Resource::name) {
        let of_resource = records.iter().filter(|one| one.resource == resource);
        let mut own: Vec<&Recorded> = of_resource.collect();
        own.sort_by_key(|one| one.id);
        let recognized = own.iter().map(|one| Recognized::of(one));
        let recognized = recognized.collect::<QueryResult<Vec<Recognized>>>()?;
        for (one, other, evidence) in candidates(&recognized) {
            let fingerprint = fingerprint(&evidence);
            let twin = |place: usize| Twin::of(own[place], &recognized[place]);
            let key = (own[one].id, own[other].id, fingerprint.clone());
            pairs.push(DuplicatePair {
                resource: resource.to_owned(),
                strength: strength(resource, &evidence),
                evidence,
                one: twin(one),
                other: twin(other),
                dismissed: dismissed.remove(&key),
                fingerprint,
            });
        }
    }
    pairs.retain(|pair| selection.takes(pair));
    // Resources stand in their order, and sorting keeps it.
    pairs.sort_by(|a, b| {
        let place = |pair: &DuplicatePair| (pair.one.slug.clone(), pair.other.slug.clone());
        (Reverse(a.strength), place(a)).cmp(&(Reverse(b.strength), place(b)))
    });
    Ok(pairs)
}

impl Twin {
    fn of(one: &Recorded, recognized: &Recognized) -> Self {
        Self {
            id: one.id,
            slug: one.slug.clone(),
            name: one.name.clone(),
            status: one.status.clone(),
            revision: one.revision,
            organization: one.organization.clone(),
            countries: recognized.countries.clone(),
        }
    }
}

type Candidate = (usize, usize, Vec<Evidence>);

/// Which of these records, all of one resource, have enough in common.
fn candidates(records: &[Recognized]) -> Vec<Candidate> {
    let sharing = |values: fn(&Recognized) -> &BTreeSet<String>| {
        let mut sharing: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (place, record) in records.iter().enumerate() {
            for value in values(record) {
                sharing.entry(value).or_default().push(place);
            }
        }
        sharing.retain(|_, places| places.len() > 1);
        sharing
    };
    let mut met: BTreeSet<(usize, usize)> = BTreeSet::new();
    for places in [sharing(|one| &one.numbers), sharing(|one| &one.emails)]
        .iter()
        .flat_map(BTreeMap::values)
    {
        let hub = places.len() > MOST_PAIRED;
        for (turn, one) in places
            .iter()
            .enumerate()
            .take(if hub { 1 } else { places.len() })
        {
            met.extend(places[turn + 1..].iter().map(|other| (*one, *other)));
        }
    }
    let mut sites = sharing(|one| &one.sites);
    sites.retain(|_, places| places.len() <= MOST_OF_A_DOMAIN);
    for places in sites.values() {
        for (turn, one) in places.iter().enumerate() {
            met.extend(places[turn + 1..].iter().map(|other| (*one, *other)));
        }
    }
    let alike = similar(records);
    met.extend(alike.keys());
    let own_sites = |place: usize| {
        let own = records[place].sites.iter();
        let telling = own.filter(|site| sites.contains_key(site.as_str()));
        telling.cloned().collect::<BTreeSet<String>>()
    };
    met.into_iter()
        .filter_map(|(one, other)| {
            let (a, b) = (&records[one], &records[other]);
            let same = [
                Evidence::same(SAME_NUMBER, &a.numbers, &b.numbers),
                alike.get(&(one, other)).cloned(),
                Evidence::same(SAME_EMAIL, &a.emails, &b.emails),
                Evidence::same(SAME_DOMAIN, &own_sites(one), &own_sites(other)),
            ];
            let evidence: Vec<Evidence> = same.into_iter().flatten().collect();
            let suspects = !a.belongs_beside(b) && a.suspects(b, &evidence);
            suspects.then_some((one, other, evidence))
        })
        .collect()
}

/// The pairs with similar names in one country, each with the names that are most alike.
fn similar(records: &[Recognized]) -> HashMap<(usize, usize), Evidence> {
    let mut named = Vec::new();
    let mut printed = Vec::new();
    for (record, one) in records.iter().enumerate() {
        for (text, name) in &one.names {
            printed.push(text.as_str());
            named.push(Named {
                record,
                countries: &one.countries,
                name: name.clone(),
            });
        }
    }
    let mut found: HashMap<(usize, usize), Evidence> = HashMap::new();
    for pair in names::alike(&named) {
        let country = &named[pair.one].countries[pair.country];
        let (mut one, mut other) = (pair.one, pair.other);
        if named[one].record > named[other].record {
            std::mem::swap(&mut one, &mut other);
        }
        let key = (named[one].record, named[other].record);
        let evidence = Evidence::named(printed[one], printed[other], country, pair.similarity);
        let better = found.get(&key).is_none_or(|known| {
            (known.similarity, &evidence.sentence) < (evidence.similarity, &known.sentence)
        });
        if better {
            found.insert(key, evidence);
        }
    }
    found
}
