//! What the terms of each vocabulary are: payloads written and rows served.

use super::input::{
    CountryInput, IndicatorInput, PopulationInput, ShortCode, SourceInput, TopicInput,
};
use crate::{
    db::record::Record,
    values::{citation::Citation, licence, place},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The axis of a topic, after the field's own classifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Axis {
    /// What is done to people.
    Type,
    /// What is offered to them.
    Service,
    /// Where they are made to work.
    Industry,
}

/// What an indicator measures with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IndicatorKind {
    /// A number of things.
    Count,
    /// A part of a whole.
    Share,
    /// A number per number.
    Rate,
    /// Between two values.
    Range,
    /// From an earlier value.
    Change,
}

/// What a record is about: one axis each for kinds of trafficking, services and industries.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Topic {
    /// UUIDv7, stable.
    pub id: Uuid,
    /// What other records and filters name it by.
    #[schema(example = "labor_trafficking")]
    pub slug: String,
    /// `published`: without a key nothing else is seen. New values may be added.
    #[schema(example = "published")]
    pub status: String,
    /// `public`: without a key nothing else is seen. New values may be added.
    #[schema(example = "public")]
    pub visibility: String,
    /// The ledger's revision of its last change.
    pub revision: i64,
    /// When it last changed.
    pub last_modified: DateTime<Utc>,
    /// What to show.
    pub name: String,
    /// `type` of trafficking, `service` or `industry`. New axes may be added.
    #[schema(value_type = String, example = "type")]
    pub axis: Axis,
    /// What it means here.
    pub description: String,
    /// The licence of this compilation.
    #[schema(example = "CC-BY-4.0")]
    pub licence: &'static str,
    /// How to credit it.
    #[schema(example = "Lodestar contributors")]
    pub attribution: &'static str,
}

/// Whom a record serves.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Population {
    /// UUIDv7, stable.
    pub id: Uuid,
    /// What other records and filters name it by.
    #[schema(example = "children")]
    pub slug: String,
    /// `published`: without a key nothing else is seen. New values may be added.
    #[schema(example = "published")]
    pub status: String,
    /// `public`: without a key nothing else is seen. New values may be added.
    #[schema(example = "public")]
    pub visibility: String,
    /// The ledger's revision of its last change.
    pub revision: i64,
    /// When it last changed.
    pub last_modified: DateTime<Utc>,
    /// What to show.
    pub name: String,
    /// Who belongs to it.
    pub description: String,
    /// The licence of this compilation.
    #[schema(example = "CC-BY-4.0")]
    pub licence: &'static str,
    /// How to credit it.
    #[schema(example = "Lodestar contributors")]
    pub attribution: &'static str,
}

/// Where something was read.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Source {
    /// UUIDv7, stable.
    pub id: Uuid,
    /// What citations name it by.
    pub slug: String,
    /// `published`: without a key nothing else is seen. New values may be added.
    #[schema(example = "published")]
    pub status: String,
    /// `public`: without a key nothing else is seen. New values may be added.
    #[schema(example = "public")]
    pub visibility: String,
    /// The ledger's revision of its last change.
    pub revision: i64,
    /// When it last changed here.
    pub last_modified: DateTime<Utc>,
    /// Its title.
    pub title: String,
    /// Who published it.
    pub publisher: Option<String>,
    /// Where it stands.
    #[schema(format = "uri")]
    pub url: String,
    /// Its own licence, by SPDX where it has a name there; `null` where none was seen and only
    /// facts were taken.
    pub licence: Option<String>,
    /// The credit that its licence asks for.
    pub attribution: Option<String>,
}

/// What an observation measures.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Indicator {
    /// UUIDv7, stable.
    pub id: Uuid,
    /// Its code, which observations and filters name it by.
    #[schema(example = "cybertipline_reports")]
    pub slug: String,
    /// `published`: without a key nothing else is seen. New values may be added.
    #[schema(example = "published")]
    pub status: String,
    /// `public`: without a key nothing else is seen. New values may be added.
    #[schema(example = "public")]
    pub visibility: String,
    /// The ledger's revision of its last change.
    pub revision: i64,
    /// When it last changed.
    pub last_modified: DateTime<Utc>,
    /// What to show.
    pub title: String,
    /// What is counted.
    pub definition: String,
    /// The unit of its observations.
    #[schema(example = "reports")]
    pub unit: String,
    /// `count`, `share`, `rate`, `range` or `change`. New kinds may be added.
    #[schema(value_type = String, example = "count")]
    pub kind: IndicatorKind,
    /// The licence of this compilation.
    #[schema(example = "CC-BY-4.0")]
    pub licence: &'static str,
    /// How to credit it.
    #[schema(example = "Lodestar contributors")]
    pub attribution: &'static str,
}

/// A number of an emergency service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EmergencyNumber {
    /// As dialled inside the country.
    #[schema(example = "112")]
    pub number: String,
    /// For a link that calls.
    #[schema(example = "tel:112")]
    pub tel_uri: String,
    /// Which service answers: `unknown` where no source says it. New values may be added.
    #[schema(value_type = String, example = "unknown")]
    pub service: &'static str,
}

/// How much the directory holds about a country.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Coverage {
    /// Organizations with their seat there.
    #[schema(minimum = 0)]
    pub organizations: i64,
    /// Hotlines for the country or a part of it; worldwide ones not counted.
    #[schema(minimum = 0)]
    pub hotlines: i64,
    /// Regional contacts that serve it or a part of it; those of wider areas not counted.
    #[schema(minimum = 0)]
    pub regional_contacts: i64,
}

/// A country, its emergency numbers, and how much the directory holds about it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Country {
    /// UUIDv7 of the record of its numbers, which changes name it by; `null` without numbers.
    pub id: Option<Uuid>,
    /// ISO 3166-1 alpha-2.
    #[schema(example = "PH")]
    pub code: String,
    /// English short name of ISO 3166-1.
    #[schema(example = "Philippines")]
    pub name: String,
    /// International calling code; `null` where it has none of its own.
    #[schema(minimum = 1, maximum = 999, example = 63)]
    pub calling_code: Option<u16>,
    /// Whether a source gives emergency numbers. If not they are unknown, not absent.
    pub emergency_numbers_known: bool,
    /// Emergency numbers, all alike where no source says which is the usual one.
    pub emergency_numbers: Vec<EmergencyNumber>,
    /// Short codes of its numbering plan that sources name. They tell how a number is dialled, not
    /// whom to call: that is what hotlines are for.
    pub short_codes: Vec<ShortCode>,
    /// How much the directory holds.
    pub coverage: Coverage,
    /// The ledger's revision of the last change of the numbers; `null` without numbers.
    pub revision: Option<i64>,
    /// Where the numbers were read.
    pub sources: Vec<Citation>,
    /// The licence of this compilation; sources name their own.
    #[schema(example = "CC-BY-4.0")]
    pub licence: &'static str,
    /// How to credit it.
    #[schema(example = "Lodestar contributors")]
    pub attribution: &'static str,
}

/// A country's emergency numbers as a copy of the directory keeps them.
#[derive(Debug, Clone, Serialize)]
pub struct CountryNumbers {
    /// ISO 3166-1 alpha-2.
    pub code: String,
    /// The ledger's revision of its last change.
    pub revision: i64,
    /// Emergency numbers, all alike where no source says which is the usual one.
    pub emergency_numbers: Vec<EmergencyNumber>,
    /// Short codes of its numbering plan.
    pub short_codes: Vec<ShortCode>,
    /// Where they were read.
    pub sources: Vec<Citation>,
}

impl CountryNumbers {
    /// The numbers of a record.
    pub fn of(record: &Record, input: CountryInput) -> Self {
        Self {
            code: input.slug,
            revision: record.revision,
            emergency_numbers: input
                .emergency_numbers
                .into_iter()
                .map(EmergencyNumber::of)
                .collect(),
            short_codes: input.short_codes,
            sources: input.sources,
        }
    }
}

impl EmergencyNumber {
    fn of(number: String) -> Self {
        Self {
            tel_uri: format!("tel:{number}"),
            number,
            service: "unknown",
        }
    }
}

impl Topic {
    /// The topic of a record.
    pub fn of(record: &Record, input: TopicInput) -> Self {
        Self {
            id: record.id,
            slug: input.slug,
            status: record.status.clone(),
            visibility: record.visibility.clone(),
            revision: record.revision,
            last_modified: record.last_modified,
            name: input.name,
            axis: input.axis,
            description: input.description,
            licence: licence::LICENCE,
            attribution: licence::ATTRIBUTION,
        }
    }
}

impl Population {
    /// The population of a record.
    pub fn of(record: &Record, input: PopulationInput) -> Self {
        Self {
            id: record.id,
            slug: input.slug,
            status: record.status.clone(),
            visibility: record.visibility.clone(),
            revision: record.revision,
            last_modified: record.last_modified,
            name: input.name,
            description: input.description,
            licence: licence::LICENCE,
            attribution: licence::ATTRIBUTION,
        }
    }
}

impl Source {
    /// The source of a record.
    pub fn of(record: &Record, input: SourceInput) -> Self {
        Self {
            id: record.id,
            slug: input.slug,
            status: record.status.clone(),
            visibility: record.visibility.clone(),
            revision: record.revision,
            last_modified: record.last_modified,
            title: input.title,
            publisher: input.publisher,
            url: input.url,
            licence: input.licence,
            attribution: input.attribution,
        }
    }
}

impl Indicator {
    /// The indicator of a record.
    pub fn of(record: &Record, input: IndicatorInput) -> Self {
        Self {
            id: record.id,
            slug: input.slug,
            status: record.status.clone(),
            visibility: record.visibility.clone(),
            revision: record.revision,
            last_modified: record.last_modified,
            title: input.title,
            definition: input.definition,
            unit: input.unit,
            kind: input.kind,
            licence: licence::LICENCE,
            attribution: licence::ATTRIBUTION,
        }
    }
}

impl Country {
    /// A country of the list, with its numbers where a record has them.
    pub fn of(
        country: place::Country,
        known: Option<(&Record, CountryInput)>,
        coverage: Coverage,
    ) -> Self {
        let id = known.as_ref().map(|(record, _)| record.id);
        let revision = known.as_ref().map(|(record, _)| record.revision);
        let (numbers, short_codes, sources) = known
            .map(|(_, input)| (input.emergency_numbers, input.short_codes, input.sources))
            .unwrap_or_default();
        Self {
            id,
            code: country.code.to_owned(),
            name: country.name.to_owned(),
            calling_code: country.calling_code(),
            emergency_numbers_known: revision.is_some(),
            emergency_numbers: numbers.into_iter().map(EmergencyNumber::of).collect(),
            short_codes,
            coverage,
            revision,
            sources,
            licence: licence::LICENCE,
            attribution: licence::ATTRIBUTION,
        }
    }
}
