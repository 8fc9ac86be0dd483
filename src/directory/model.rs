//! Payloads made of several nouns.

use crate::{
    hotlines::Hotline,
    organizations::Organization,
    regional_contacts::RegionalContact,
    statistics::Statistic,
    vocabularies::{Indicator, Source},
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What `include=` brings beside a record; lists that were not asked for, or that do not belong
/// to it, are `null`.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Included {
    /// The organization that a hotline or a contact belongs to.
    #[schema(nullable)]
    pub organization: Option<Organization>,
    /// The hotlines of an organization, by name, at most 200.
    pub hotlines: Option<Vec<Hotline>>,
    /// The regional contacts of an organization, by name, at most 200.
    pub regional_contacts: Option<Vec<RegionalContact>>,
    /// The indicator of an observation.
    #[schema(nullable)]
    pub indicator: Option<Indicator>,
    /// The sources that the record cites, by slug; for observations those of critiques too.
    pub sources: Option<Vec<Source>>,
    /// The sources of an observation's critiques, by slug.
    pub critiques: Option<Vec<Source>>,
    /// What was said of an observation before, and what replaced it.
    #[schema(nullable)]
    pub revisions: Option<Revisions>,
}

/// The figures before and after an observation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Revisions {
    /// What the directory said of the same observation before, the newest first, at most 20: each as
    /// it was served at its `revision`, which `as_of` takes.
    pub earlier: Vec<Statistic>,
    /// The observations that superseded it, one after the other, at most 20.
    pub superseding: Vec<Statistic>,
}

/// What `include=` brings beside a page of observations, each record once; lists that were not asked
/// for are `null`.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct PageIncluded {
    /// The indicators of the page's observations, by slug.
    pub indicators: Option<Vec<Indicator>>,
    /// The sources that they and their critiques cite, by slug.
    pub sources: Option<Vec<Source>>,
    /// The sources of their critiques, by slug.
    pub critiques: Option<Vec<Source>>,
}

/// A record that cites a source.
#[derive(Debug, Serialize, ToSchema)]
pub struct Citing {
    /// The noun of its resource. New resources may be added.
    #[schema(example = "statistics")]
    pub resource: &'static str,
    /// UUIDv7, stable.
    pub id: Uuid,
    /// Its slug; of a country its code.
    pub slug: String,
    /// Its name or title.
    pub name: String,
    /// Where it stands.
    #[schema(format = "uri")]
    pub url: String,
    /// `source` where it was read there, `critique` where the source says something about a figure.
    /// New ways may be added.
    #[serde(rename = "as")]
    #[schema(value_type = String, example = "source")]
    pub cited_as: &'static str,
}

/// A record and what was asked for with it.
#[derive(Debug, Serialize, ToSchema)]
pub struct WithIncluded<T> {
    /// The record.
    #[serde(flatten)]
    pub record: T,
    /// What `include=` brought; `null` without it.
    #[schema(nullable)]
    pub included: Option<Included>,
}

/// What this directory is.
#[derive(Debug, Serialize, ToSchema)]
pub struct About {
    /// Its name.
    #[schema(example = "Lodestar")]
    pub name: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// The version of the software.
    pub version: &'static str,
    /// Who publishes the compilation.
    #[schema(example = "Lodestar contributors")]
    pub publisher: &'static str,
    /// The licence of the compilation, by SPDX; sources name their own.
    #[schema(example = "CC-BY-4.0")]
    pub licence: &'static str,
    /// The text of that licence.
    #[schema(format = "uri")]
    pub licence_url: &'static str,
    /// How to credit it.
    #[schema(example = "Lodestar contributors")]
    pub attribution: &'static str,
    /// What every reader must know: the records are sourced, and which are verified.
    pub notice: &'static str,
    /// The last revision that changed public data.
    pub revision: i64,
    /// When that was.
    pub changed_at: DateTime<Utc>,
    /// Public records by resource.
    pub counts: Counts,
    /// Where to go on.
    pub links: Vec<ResourceLink>,
}

/// Public records by resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Counts {
    /// Organizations.
    #[schema(minimum = 0)]
    pub organizations: i64,
    /// Hotlines.
    #[schema(minimum = 0)]
    pub hotlines: i64,
    /// Regional contacts.
    #[schema(minimum = 0)]
    pub regional_contacts: i64,
    /// Observations, disputed ones included.
    #[schema(minimum = 0)]
    pub statistics: i64,
    /// Indicators.
    #[schema(minimum = 0)]
    pub indicators: i64,
    /// Sources.
    #[schema(minimum = 0)]
    pub sources: i64,
}

/// An address of the API.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResourceLink {
    /// What stands there.
    #[schema(example = "hotlines")]
    pub rel: &'static str,
    /// Where it stands.
    #[schema(format = "uri")]
    pub href: String,
}

/// What changed in public data after a revision.
#[derive(Debug, Serialize, ToSchema)]
pub struct Changes {
    /// The revision asked from.
    #[schema(minimum = 0)]
    pub since: i64,
    /// The revision up to which this tells everything: the next `since`.
    #[schema(minimum = 0)]
    pub until: i64,
    /// Whether more is to be asked for at once.
    pub more: bool,
    /// Records that are new or changed.
    pub upserted: Vec<ChangedRecord>,
    /// Records that are not shown any more, or not within the countries asked for.
    pub gone: Vec<GoneRecord>,
    /// Slugs that lead to another record's address now.
    pub moved: Vec<MovedRecord>,
    /// The licence of the compilation; sources name their own.
    #[schema(example = "CC-BY-4.0")]
    pub licence: &'static str,
    /// How to credit it.
    #[schema(example = "Lodestar contributors")]
    pub attribution: &'static str,
}

/// A record that is new or changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangedRecord {
    /// The noun of its resource.
    #[schema(example = "hotlines")]
    pub resource: String,
    /// What a copy keeps it under.
    pub id: Uuid,
    /// When the public last saw it change; also when a record that it names changed.
    #[schema(minimum = 1)]
    pub revision: i64,
    /// The same as a time.
    pub at: DateTime<Utc>,
    /// The record as it is read under its own address, without `included`; of a country its
    /// emergency numbers alone.
    #[schema(value_type = Object)]
    pub record: serde_json::Value,
}

/// A record that is not shown any more.
#[derive(Debug, Serialize, ToSchema)]
pub struct GoneRecord {
    /// The noun of its resource.
    #[schema(example = "hotlines")]
    pub resource: String,
    /// What a copy keeps it under.
    pub id: Uuid,
    /// Since when.
    #[schema(minimum = 1)]
    pub revision: i64,
    /// The same as a time.
    pub at: DateTime<Utc>,
}

/// A slug that leads elsewhere.
#[derive(Debug, Serialize, ToSchema)]
pub struct MovedRecord {
    /// The noun of the resource.
    #[schema(example = "hotlines")]
    pub resource: String,
    /// The old slug.
    pub from: String,
    /// The record that it leads to.
    pub id: Uuid,
    /// That record's slug.
    pub slug: String,
    /// Since when.
    #[schema(minimum = 1)]
    pub revision: i64,
}
