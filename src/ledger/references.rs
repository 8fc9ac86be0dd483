//! What a document says of other records and of places: names, addresses, countries.

use super::document::{Document, Resource};
use crate::{
    organizations::Scope,
    values::{
        access::Visibility, citation::Citation, contact_point::ContactPointInput, outcome::Outcome,
        place, verification::Verified,
    },
};
use std::collections::HashSet;

/// Records by resource and slug.
pub type Names = HashSet<(Resource, String)>;

/// A field that names another record: which field, which resource, the slug in place.
type Reference<'a> = (&'static str, Resource, &'a mut String);

impl Document {
    /// The other records that it names: in which field, which resource, which slug.
    pub fn references(&self) -> Vec<(&'static str, Resource, String)> {
        let mut copy = self.clone();
        let named = copy.references_mut().into_iter();
        named
            .map(|(field, resource, slug)| (field, resource, slug.clone()))
            .collect()
    }

    fn references_mut(&mut self) -> Vec<Reference<'_>> {
        let mut named: Vec<Reference<'_>> = Vec::new();
        let sources: &mut [Citation] = match self {
            Self::Organization(input) => {
                let operators = input.operators.iter_mut();
                named.extend(
                    operators.map(|one| ("operators", Resource::Organizations, &mut one.operator)),
                );
                named.extend(terms(&mut input.topics, &mut input.populations));
                &mut input.sources
            }
            Self::Hotline(input) => {
                let organization = input.organization.iter_mut();
                named.extend(
                    organization.map(|slug| ("organization", Resource::Organizations, slug)),
                );
                named.extend(terms(&mut input.topics, &mut input.populations));
                &mut input.sources
            }
            Self::RegionalContact(input) => {
                let organization = input.organization.iter_mut();
                named.extend(
                    organization.map(|slug| ("organization", Resource::Organizations, slug)),
                );
                &mut input.sources
            }
            Self::Statistic(input) => {
                named.push(("indicator", Resource::Indicators, &mut input.indicator));
                let baseline = input.baseline.iter_mut();
                named.extend(baseline.map(|slug| ("baseline", Resource::Statistics, slug)));
                let newer = input.superseded_by.iter_mut();
                named.extend(newer.map(|slug| ("superseded_by", Resource::Statistics, slug)));
                let overlaps = input.overlaps.iter_mut();
                named.extend(overlaps.map(|slug| ("overlaps", Resource::Statistics, slug)));
                let critiques = input.critiques.iter_mut();
                named
                    .extend(critiques.map(|one| ("critiques", Resource::Sources, &mut one.source)));
                &mut input.sources
            }
            Self::Synonym(input) => {
                named.extend(terms(&mut input.topics, &mut []));
                &mut []
            }
            Self::Country(input) => {
                let codes = input.short_codes.iter_mut();
                named.extend(codes.map(|one| ("short_codes", Resource::Sources, &mut one.source)));
                &mut input.sources
            }
            Self::Topic(_) | Self::Population(_) | Self::Source(_) | Self::Indicator(_) => &mut [],
        };
        let sources = sources.iter_mut();
        named.extend(sources.map(|one| ("sources", Resource::Sources, &mut one.source)));
        named
    }

    /// Names a record by its new slug; itself it does not name.
    pub fn rename(&mut self, resource: Resource, former: &str, slug: &str) {
        if self.resource() == resource && self.slug() == slug {
            return;
        }
        for (_, of, name) in self.references_mut() {
            if of == resource && name == former {
                slug.clone_into(name);
            }
        }
        self.say_once();
    }

    /// Names no record twice in one list.
    fn say_once(&mut self) {
        let lists: [Option<&mut Vec<String>>; 2] = match self {
            Self::Organization(input) => {
                once(&mut input.operators);
                [Some(&mut input.topics), Some(&mut input.populations)]
            }
            Self::Hotline(input) => [Some(&mut input.topics), Some(&mut input.populations)],
            Self::Synonym(input) => [Some(&mut input.topics), None],
            Self::Statistic(input) => [Some(&mut input.overlaps), None],
            _ => [None, None],
        };
        for list in lists.into_iter().flatten() {
            once(list);
        }
        let sources = match self {
            Self::Country(input) => &mut input.sources,
            Self::Organization(input) => &mut input.sources,
            Self::Hotline(input) => &mut input.sources,
            Self::RegionalContact(input) => &mut input.sources,
            Self::Statistic(input) => &mut input.sources,
            _ => return,
        };
        once(sources);
    }

    /// What another record shows of it beside its slug; of a figure all that a change is computed from.
    pub fn label(&self) -> String {
        match self {
            Self::Organization(input) => input.name.clone(),
            Self::Indicator(input) => format!("{:?} {}", input.kind, input.title),
            Self::Statistic(input) => format!("{:?}", input.computed_from()),
            _ => String::new(),
        }
    }

    /// Where those stand that show something of it without naming it: a change names its baseline, and shows the level that it leads
    /// to, which names the same baseline.
    pub fn shown_beside(&self) -> Option<String> {
        match self {
            Self::Statistic(input) => {
                let baseline = input.baseline.as_deref()?;
                Some(name(Resource::Statistics, baseline))
            }
            _ => None,
        }
    }

    /// Where a follower of one country meets it: countries, wider areas; what belongs to no
    /// country, and an organization that works everywhere, is met everywhere.
    pub fn countries(&self) -> Vec<String> {
        let areas = match self {
            Self::Organization(input) => {
                let everywhere = (input.scope == Scope::Global).then(|| place::WORLD.to_owned());
                input
                    .country
                    .clone()
                    .into_iter()
                    .chain(everywhere)
                    .collect()
            }
            Self::Hotline(input) => input.coverage.clone(),
            Self::RegionalContact(input) => {
                [input.serves.clone(), vec![input.country.clone()]].concat()
            }
            Self::Statistic(input) => vec![input.geography.clone()],
            Self::Country(input) => vec![input.slug.clone()],
            Self::Topic(_)
            | Self::Population(_)
            | Self::Source(_)
            | Self::Indicator(_)
            | Self::Synonym(_) => vec![],
        };
        match areas.is_empty() {
            true => vec![place::WORLD.to_owned()],
            false => place::countries_of(&areas),
        }
    }

    /// Its contact points.
    pub fn contact_points(&self) -> &[ContactPointInput] {
        match self {
            Self::Hotline(input) => &input.contact_points,
            Self::RegionalContact(input) => &input.contact_points,
            _ => &[],
        }
    }

    /// The same, to give them their ids.
    pub fn contact_points_mut(&mut self) -> Option<&mut Vec<ContactPointInput>> {
        match self {
            Self::Hotline(input) => Some(&mut input.contact_points),
            Self::RegionalContact(input) => Some(&mut input.contact_points),
            _ => None,
        }
    }

    /// The fields that say when and how it was verified; vocabularies are not.
    pub fn verified(&mut self) -> Option<Verified<'_>> {
        /// Those of one variant.
        macro_rules! of {
            ($input:ident) => {
                Some(Verified {
                    at: &mut $input.verified_at,
                    method: &mut $input.verification_method,
                    outcome: &mut $input.outcome,
                })
            };
        }
        match self {
            Self::Organization(input) => of!(input),
            Self::Hotline(input) => of!(input),
            Self::RegionalContact(input) => of!(input),
            Self::Statistic(input) => of!(input),
            _ => None,
        }
    }

    /// Whether it is known to lead nowhere.
    pub fn is_out(&self) -> bool {
        let stands = self.clone().verified().map(|fields| fields.stands());
        stands.is_some_and(|(_, _, outcome)| Outcome::is_out(outcome))
    }

    /// Where else it leads a person, by place and in what sense: websites, e-mail addresses,
    /// addresses to report to or donate at, offices, sources, emergency numbers. A wrong one does the
    /// same harm as a wrong number.
    pub fn addresses(&self) -> Vec<(String, String)> {
        let one = |field: &str, value: &'_ Option<String>| {
            let value = value.as_ref()?;
            Some((format!("/{field}"), format!("{field} {value}")))
        };
        let each = |field: &str, list: &'_ [String]| -> Vec<(String, String)> {
            let numbered = list.iter().enumerate();
            numbered
                .map(|(place, value)| (format!("/{field}/{place}"), format!("{field} {value}")))
                .collect()
        };
        match self {
            Self::Organization(input) => {
                let actions = input.actions.iter().enumerate().map(|(place, one)| {
                    let sense = format!("{:?} {}", one.action, one.url);
                    (format!("/actions/{place}/url"), sense)
                });
                let emails = each("emails", &input.emails);
                one("website", &input.website)
                    .into_iter()
                    .chain(emails)
                    .chain(actions)
                    .collect()
            }
            Self::RegionalContact(input) => [
                one("website", &input.website),
                one("address", &input.address),
                one("postal_code", &input.postal_code),
                one("city", &input.city),
                one("latitude", &input.latitude),
                one("longitude", &input.longitude),
            ]
            .into_iter()
            .flatten()
            .collect(),
            Self::Source(input) => one("url", &Some(input.url.clone())).into_iter().collect(),
            Self::Country(input) => {
                let codes = input.short_codes.iter().map(|code| code.number.clone());
                let codes: Vec<String> = codes.collect();
                [
                    each("emergency_numbers", &input.emergency_numbers),
                    each("short_codes", &codes),
                ]
                .concat()
            }
            _ => vec![],
        }
    }

    /// The part that the public may see: without hidden contact points, and without the names of
    /// records that it may not see.
    pub fn public_part(mut self, concealed: &Names) -> Self {
        if let Some(points) = self.contact_points_mut() {
            points.retain(|point| point.visibility == Visibility::Public);
        }
        let hides =
            |resource: Resource, slug: &str| concealed.contains(&(resource, slug.to_owned()));
        let (topics, populations) = match &mut self {
            Self::Organization(input) => {
                input
                    .operators
                    .retain(|one| !hides(Resource::Organizations, &one.operator));
                (Some(&mut input.topics), Some(&mut input.populations))
            }
            Self::Hotline(input) => {
                input
                    .organization
                    .take_if(|slug| hides(Resource::Organizations, slug));
                (Some(&mut input.topics), Some(&mut input.populations))
            }
            Self::RegionalContact(input) => {
                input
                    .organization
                    .take_if(|slug| hides(Resource::Organizations, slug));
                (None, None)
            }
            Self::Statistic(input) => {
                if hides(Resource::Indicators, &input.indicator) {
                    input.indicator.clear();
                }
                for named in [&mut input.baseline, &mut input.superseded_by] {
                    named.take_if(|slug| hides(Resource::Statistics, slug));
                }
                input
                    .overlaps
                    .retain(|slug| !hides(Resource::Statistics, slug));
                input
                    .critiques
                    .retain(|one| !hides(Resource::Sources, &one.source));
                (None, None)
            }
            Self::Synonym(input) => (Some(&mut input.topics), None),
            Self::Country(input) => {
                input
                    .short_codes
                    .retain(|one| !hides(Resource::Sources, &one.source));
                (None, None)
            }
            _ => (None, None),
        };
        if let Some(topics) = topics {
            topics.retain(|slug| !hides(Resource::Topics, slug));
        }
        if let Some(populations) = populations {
            populations.retain(|slug| !hides(Resource::Populations, slug));
        }
        let sources = match &mut self {
            Self::Country(input) => Some(&mut input.sources),
            Self::Organization(input) => Some(&mut input.sources),
            Self::Hotline(input) => Some(&mut input.sources),
            Self::RegionalContact(input) => Some(&mut input.sources),
            Self::Statistic(input) => Some(&mut input.sources),
            _ => None,
        };
        if let Some(sources) = sources {
            sources.retain(|one| !hides(Resource::Sources, &one.source));
        }
        self
    }
}

/// Keeps the first of equal entries.
fn once<T: PartialEq>(list: &mut Vec<T>) {
    let mut kept: Vec<T> = Vec::new();
    for one in list.drain(..) {
        if !kept.contains(&one) {
            kept.push(one);
        }
    }
    *list = kept;
}

fn terms<'a>(
    topics: &'a mut [String],
    populations: &'a mut [String],
) -> impl Iterator<Item = Reference<'a>> {
    let topics = topics
        .iter_mut()
        .map(|slug| ("topics", Resource::Topics, slug));
    let populations = populations
        .iter_mut()
        .map(|slug| ("populations", Resource::Populations, slug));
    topics.chain(populations)
}

/// A reference as the ledger keeps it: `organizations/ncmec`.
pub fn name(resource: Resource, slug: &str) -> String {
    format!("{}/{slug}", resource.name())
}
