//! What the terms of each vocabulary are: payloads written and rows served.

use super::input::{IndicatorInput, ORIGINAL, PopulationInput, SourceInput, TopicInput};
use crate::{
    db::record::Record,
    values::{
        access::{Status, Visibility},
        licence, moment,
        translation::{TextLanguage, Texts},
        view::View,
    },
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
    #[schema(value_type = String, example = "published")]
    pub status: Status,
    /// `public`: without a key nothing else is seen. New values may be added.
    #[schema(value_type = String, example = "public")]
    pub visibility: Visibility,
    /// The ledger's revision of its last change.
    pub revision: i64,
    /// When it last changed.
    #[serde(serialize_with = "moment::written")]
    pub last_modified: DateTime<Utc>,
    /// What to show.
    pub name: String,
    /// `type` of trafficking, `service` or `industry`. New axes may be added.
    #[schema(value_type = String, example = "type")]
    pub axis: Axis,
    /// What it means here.
    pub description: String,
    /// In which language each text stands here, by field, and whether it is a translation.
    #[schema(value_type = BTreeMap<String, TextLanguage>, example = json!({"name": {"lang": "en", "translation": "none"}}))]
    pub text: Texts,
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
    #[schema(value_type = String, example = "published")]
    pub status: Status,
    /// `public`: without a key nothing else is seen. New values may be added.
    #[schema(value_type = String, example = "public")]
    pub visibility: Visibility,
    /// The ledger's revision of its last change.
    pub revision: i64,
    /// When it last changed.
    #[serde(serialize_with = "moment::written")]
    pub last_modified: DateTime<Utc>,
    /// What to show.
    pub name: String,
    /// Who belongs to it.
    pub description: String,
    /// In which language each text stands here, by field, and whether it is a translation.
    #[schema(value_type = BTreeMap<String, TextLanguage>, example = json!({"name": {"lang": "en", "translation": "none"}}))]
    pub text: Texts,
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
    #[schema(value_type = String, example = "published")]
    pub status: Status,
    /// `public`: without a key nothing else is seen. New values may be added.
    #[schema(value_type = String, example = "public")]
    pub visibility: Visibility,
    /// The ledger's revision of its last change.
    pub revision: i64,
    /// When it last changed here.
    #[serde(serialize_with = "moment::written")]
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
    #[schema(value_type = String, example = "published")]
    pub status: Status,
    /// `public`: without a key nothing else is seen. New values may be added.
    #[schema(value_type = String, example = "public")]
    pub visibility: Visibility,
    /// The ledger's revision of its last change.
    pub revision: i64,
    /// When it last changed.
    #[serde(serialize_with = "moment::written")]
    pub last_modified: DateTime<Utc>,
    /// What to show.
    pub title: String,
    /// What is counted.
    pub definition: String,
    /// In which language each text stands here, by field, and whether it is a translation.
    #[schema(value_type = BTreeMap<String, TextLanguage>, example = json!({"title": {"lang": "en", "translation": "none"}}))]
    pub text: Texts,
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

impl Topic {
    /// The topic of a record, as a reader is shown it.
    pub fn of(view: &View, record: &Record, input: TopicInput) -> Self {
        let mut prose = view.shown(ORIGINAL, &input.translations);
        Self {
            id: record.id,
            slug: input.slug,
            status: record.status,
            visibility: record.visibility,
            revision: record.revision,
            last_modified: record.last_modified,
            name: prose.text("name", input.name, |one| &one.name),
            axis: input.axis,
            description: prose.text("description", input.description, |one| &one.description),
            text: prose.texts(),
            licence: licence::LICENCE,
            attribution: licence::ATTRIBUTION,
        }
    }
}

impl Population {
    /// The population of a record, as a reader is shown it.
    pub fn of(view: &View, record: &Record, input: PopulationInput) -> Self {
        let mut prose = view.shown(ORIGINAL, &input.translations);
        Self {
            id: record.id,
            slug: input.slug,
            status: record.status,
            visibility: record.visibility,
            revision: record.revision,
            last_modified: record.last_modified,
            name: prose.text("name", input.name, |one| &one.name),
            description: prose.text("description", input.description, |one| &one.description),
            text: prose.texts(),
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
            status: record.status,
            visibility: record.visibility,
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
    /// The indicator of a record, as a reader is shown it.
    pub fn of(view: &View, record: &Record, input: IndicatorInput) -> Self {
        let mut prose = view.shown(ORIGINAL, &input.translations);
        Self {
            id: record.id,
            slug: input.slug,
            status: record.status,
            visibility: record.visibility,
            revision: record.revision,
            last_modified: record.last_modified,
            title: prose.text("title", input.title, |one| &one.name),
            definition: prose.text("definition", input.definition, |one| &one.description),
            unit: input.unit,
            kind: input.kind,
            text: prose.texts(),
            licence: licence::LICENCE,
            attribution: licence::ATTRIBUTION,
        }
    }
}
