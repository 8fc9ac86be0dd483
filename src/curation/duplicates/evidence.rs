//! What speaks for two records being one: what a record is recognised by, and what two have in common.

use super::{
    hosts,
    names::{Name, SIMILAR},
};
use crate::{
    curation::queries::Recorded,
    values::{
        access::Visibility,
        contact_point::{Channel, ContactPointInput},
        digest::digest,
        names, place,
    },
};
use diesel::QueryResult;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// Of two organizations names alone tell only when they are so alike.
const NEARLY_SAME: f64 = 0.9;

/// What a record is recognised by.
#[derive(Debug, Default)]
pub struct Recognized {
    /// Where it is met.
    pub countries: Vec<String>,
    /// What is dialled, WhatsApp and telephone alike: E.164, or a short code with a country.
    pub numbers: BTreeSet<String>,
    /// E-mail addresses, in small letters.
    pub emails: BTreeSet<String>,
    /// Domains; of the state and of police, who share portals, whole pages instead.
    pub sites: BTreeSet<String>,
    /// As they are printed, with the form in which they are compared.
    pub names: Vec<(String, Name)>,
    /// The resource.
    pub resource: String,
    /// Its own slug.
    pub slug: String,
    /// The organization that it is of.
    organization: Option<String>,
    /// The group that it is shown with.
    show_together: Option<String>,
    /// Who runs it.
    operators: Vec<String>,
    /// Where its office is.
    city: Option<String>,
}

fn read<T: DeserializeOwned>(value: &Value) -> QueryResult<T> {
    T::deserialize(value)
        .map_err(|error| diesel::result::Error::DeserializationError(Box::new(error)))
}

impl Recognized {
    /// What a record is recognised by. What is hidden of it is left aside.
    ///
    /// # Errors
    /// When its fields have another shape, which the one way in does not let happen.
    pub fn of(one: &Recorded) -> QueryResult<Self> {
        let areas: Vec<String> = read(&one.areas)?;
        let countries = match areas.is_empty() {
            true => vec![place::WORLD.to_owned()],
            false => place::countries_of(&areas),
        };
        let points: Vec<ContactPointInput> = read(&one.contact_points)?;
        let public = |point: &&ContactPointInput| point.visibility == Visibility::Public;
        let points: Vec<&ContactPointInput> = points.iter().filter(public).collect();
        let mut emails: BTreeSet<String> = BTreeSet::new();
        let listed: Vec<String> = read(&one.emails)?;
        emails.extend(listed.iter().map(|email| email.to_lowercase()));
        let written = points.iter().filter(|one| one.channel == Channel::Email);
        emails.extend(written.map(|point| point.value.to_lowercase()));
        let official = matches!(
            one.kind.as_deref(),
            Some("government" | "law_enforcement" | "intergovernmental")
        );
        let pages = points.iter().filter(|one| !one.channel.is_dialled());
        let pages = pages.map(|one| &one.value).chain(&one.website);
        let sites = pages.filter_map(|page| match official {
            true => hosts::page(page),
            false => hosts::domain(page),
        });
        let named = [Some(&one.name), one.alternate_name.as_ref()];
        let names = named.into_iter().flatten();
        Ok(Self {
            numbers: points
                .iter()
                .flat_map(|point| numbers(point, &countries))
                .collect(),
            emails,
            sites: sites.collect(),
            names: names.map(|name| (name.clone(), Name::of(name))).collect(),
            resource: one.resource.clone(),
            slug: one.slug.clone(),
            organization: one.organization.clone(),
            show_together: one.show_together.clone(),
            operators: read(&one.operators)?,
            city: one.city.clone(),
            countries,
        })
    }

    /// Whether two records may be alike without being one: they are shown together, or one runs the other.
    pub fn belongs_beside(&self, other: &Self) -> bool {
        let together = self.show_together.is_some() && self.show_together == other.show_together;
        together || self.operators.contains(&other.slug) || other.operators.contains(&self.slug)
    }

    /// Whether what two records have in common makes them candidates. Lines and offices of one organization have
    /// much in common; of its lines only the same number tells, of its offices the same name or the same
    /// number in the same place.
    pub fn suspects(&self, other: &Self, evidence: &[Evidence]) -> bool {
        let has = |code: &str| evidence.iter().any(|one| one.code == code);
        if self.resource == "organizations" {
            return !evidence.is_empty();
        }
        let own = self.organization.is_some() && self.organization == other.organization;
        let elsewhere = self.city.is_some() && other.city.is_some() && self.city != other.city;
        match (self.resource.as_str(), own) {
            ("hotlines", true) => {
                let silent = self.numbers.is_empty() || other.numbers.is_empty();
                has(SAME_NUMBER) || (silent && (has(SAME_EMAIL) || has(SIMILAR_NAME)))
            }
            (_, true) => has(SIMILAR_NAME) || (has(SAME_NUMBER) && !elsewhere),
            (_, false) => {
                let of_two = self.organization.is_some() && other.organization.is_some();
                let named = evidence.iter().any(|one| {
                    let enough = if of_two { NEARLY_SAME } else { SIMILAR };
                    one.similarity.is_some_and(|found| found >= enough)
                });
                has(SAME_NUMBER) || has(SAME_EMAIL) || named
            }
        }
    }
}

/// What a contact point dials. Codes of relay services lead to all lines.
fn numbers(point: &ContactPointInput, countries: &[String]) -> Vec<String> {
    let relayed = matches!(point.channel, Channel::Tty | Channel::VideoRelay);
    let extension = point.extension.as_ref();
    let extension = extension.map_or_else(String::new, |digits| format!(" extension {digits}"));
    let keyword = point.keyword.as_ref().map(|word| word.to_uppercase());
    let keyword = keyword.map_or_else(String::new, |word| format!(" with {word}"));
    match (&point.e164, &point.short_code) {
        (Some(number), _) => vec![format!("{number}{extension}{keyword}")],
        (None, Some(code)) if !relayed => {
            let known = point.dialable_from.iter().map(String::as_str);
            let known: BTreeSet<&str> = match point.dialable_from.is_empty() {
                true => countries.iter().map(String::as_str).collect(),
                false => known.map(place::country_of).collect(),
            };
            known
                .into_iter()
                .map(|country| format!("{code}{extension}{keyword} in {country}"))
                .collect()
        }
        _ => vec![],
    }
}

/// The same number.
pub const SAME_NUMBER: &str = "same_number";
/// The same e-mail address.
pub const SAME_EMAIL: &str = "same_email";
/// The same domain, or of the state the same page.
pub const SAME_DOMAIN: &str = "same_domain";
/// Names that are alike.
pub const SIMILAR_NAME: &str = "similar_name";

/// One thing that speaks for two records being one.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Evidence {
    /// `same_number`, `same_email`, `same_domain` or `similar_name`. New codes may be added.
    #[schema(value_type = String, example = "same_number")]
    pub code: &'static str,
    /// The same in a sentence.
    #[schema(example = "Both are reached at +441632960001.")]
    pub sentence: String,
    /// How alike the names are, from 0 to 1; `null` of what is the same.
    #[schema(minimum = 0, maximum = 1)]
    pub similarity: Option<f64>,
    /// What is in common: it tells whether anything changed.
    #[serde(skip)]
    pub value: String,
}

impl Evidence {
    /// What is the same in both, if anything is.
    pub fn same(
        code: &'static str,
        one: &BTreeSet<String>,
        other: &BTreeSet<String>,
    ) -> Option<Self> {
        let common: Vec<&str> = one.intersection(other).map(String::as_str).collect();
        let value = common.join(", ");
        let sentence = match code {
            SAME_NUMBER => format!("Both are reached at {value}."),
            SAME_EMAIL => format!("Both are written to at {value}."),
            _ => format!("Both have their pages at {value}."),
        };
        (!common.is_empty()).then_some(Self {
            code,
            sentence,
            similarity: None,
            value,
        })
    }

    /// Names that are alike in a country.
    pub fn named(one: &str, other: &str, country: &str, similarity: f64) -> Self {
        // Two digits are enough to read, and the same on every machine.
        let similarity = (similarity * 100.0).round() / 100.0;
        let place = match (country, names::country(country, "en")) {
            (place::WORLD, _) => "Worldwide".to_owned(),
            (code, name) => format!("In {}", name.as_deref().unwrap_or(code)),
        };
        Self {
            code: SIMILAR_NAME,
            sentence: format!("{place} their names are alike: “{one}” and “{other}”."),
            similarity: Some(similarity),
            value: format!("{one}\n{other}"),
        }
    }

    /// How much it weighs. Of what the same domain says, hosts of offices and chats are only a hint.
    fn weight(&self, of_organizations: bool) -> i64 {
        match (self.code, self.similarity) {
            (SAME_NUMBER, _) => 50,
            (SAME_EMAIL, _) => 30,
            (SAME_DOMAIN, _) if of_organizations => 20,
            (SAME_DOMAIN, _) => 10,
            (_, similarity) => (similarity.unwrap_or_default() * 40.0).round() as i64,
        }
    }
}

/// The weight of all together, from 10 to 140.
pub fn strength(resource: &str, evidence: &[Evidence]) -> i64 {
    let of_organizations = resource == "organizations";
    let each = evidence.iter().map(|one| one.weight(of_organizations));
    each.sum()
}

/// What tells this evidence from other evidence of the same two records.
pub fn fingerprint(evidence: &[Evidence]) -> String {
    let each = evidence
        .iter()
        .map(|one| format!("{}\n{}", one.code, one.value));
    digest(each.collect::<Vec<String>>().join("\n\n").as_bytes())
}
