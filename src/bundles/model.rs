//! What bundles hold, and what the list says of them.

use crate::{
    hotlines::Hotline,
    organizations::Organization,
    regional_contacts::RegionalContact,
    statistics::Statistic,
    values::{licence, place},
    vocabularies::{CountryNumbers, Source},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// What a bundle is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Content {
    /// Whom to contact: emergency numbers, hotlines, regional contacts, organizations.
    Contacts,
    /// Figures that nobody disputes, replaced or took back.
    Statistics,
}

impl Content {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Contacts, Self::Statistics];

    /// The name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Contacts => "contacts",
            Self::Statistics => "statistics",
        }
    }

    /// The areas whose records a country's bundle holds: for help those that reach it, of figures its own and those of its
    /// parts.
    pub fn reach(self, country: &str) -> Vec<String> {
        match self {
            Self::Contacts => place::reached_by(country),
            Self::Statistics => vec![country.to_owned()],
        }
    }

    /// The resources whose records it holds; sources come with them.
    pub fn resources(self) -> &'static [&'static str] {
        match self {
            Self::Contacts => &[
                "countries",
                "organizations",
                "hotlines",
                "regional_contacts",
            ],
            Self::Statistics => &["statistics"],
        }
    }
}

/// Whom to contact in a country, as a file to keep. Its records are those of `/v1/changes`, so that the feed brings it
/// up to date.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactBundle {
    /// ISO 3166-1 alpha-2.
    #[schema(example = "PH")]
    pub country: String,
    /// The last change of what it holds. What happened since stands in `/v1/changes` after the `Directory-Revision` that the
    /// bundle came with.
    #[schema(minimum = 0)]
    pub revision: i64,
    /// The Monday on which `freshness` was counted, and from which `open_intervals` reach for 14 days.
    pub as_of: NaiveDate,
    /// Emergency numbers; `null` where no source gives any.
    #[schema(nullable)]
    pub numbers: Option<CountryNumbers>,
    /// Lines for the country, a part of it, or everywhere, by slug.
    pub hotlines: Vec<Hotline>,
    /// Contacts that serve it or lie in it, by slug.
    pub regional_contacts: Vec<RegionalContact>,
    /// Organizations with their seat there, or of the whole world, by slug.
    pub organizations: Vec<Organization>,
    /// The sources that these records name, by slug.
    pub sources: Vec<Source>,
    /// The licence of this compilation; sources name their own.
    #[schema(example = "CC-BY-4.0")]
    pub licence: &'static str,
    /// How to credit it.
    #[schema(example = "Lodestar contributors")]
    pub attribution: &'static str,
}

/// The figures of a country, as a file to keep: those that nobody disputes, replaced or took back.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatisticBundle {
    /// ISO 3166-1 alpha-2.
    #[schema(example = "PH")]
    pub country: String,
    /// The last change of what it holds.
    #[schema(minimum = 0)]
    pub revision: i64,
    /// The Monday on which `freshness` was counted.
    pub as_of: NaiveDate,
    /// Figures of the country and its parts, by slug; those of the world stand in `/v1/statistics`.
    pub statistics: Vec<Statistic>,
    /// The sources that these name, by slug.
    pub sources: Vec<Source>,
    /// The licence of this compilation; sources name their own.
    #[schema(example = "CC-BY-4.0")]
    pub licence: &'static str,
    /// How to credit it.
    #[schema(example = "Lodestar contributors")]
    pub attribution: &'static str,
}

/// One of them.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Bundle {
    /// Of contacts.
    Contacts(ContactBundle),
    /// Of figures.
    Statistics(StatisticBundle),
}

/// A bundle, and where it is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BundleFile {
    /// ISO 3166-1 alpha-2.
    #[schema(example = "PH")]
    pub country: &'static str,
    /// `contacts` or `statistics`. New contents may be added.
    #[schema(value_type = String, example = "contacts")]
    pub content: &'static str,
    /// The last change of what it holds.
    #[schema(minimum = 0)]
    pub revision: i64,
    /// How many records it holds, sources not counted.
    #[schema(minimum = 0)]
    pub records: usize,
    /// Bytes, not compressed.
    #[schema(minimum = 0)]
    pub size: usize,
    /// SHA-256 of these bytes, in hexadecimal.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub sha256: String,
    /// Its address, for as long as it is current; then 410.
    pub url: String,
}

/// The bundles that are current.
#[derive(Debug, Serialize, ToSchema)]
pub struct Bundles {
    /// The last revision that changed public data.
    #[schema(minimum = 0)]
    pub revision: i64,
    /// When what stands here came to be so.
    pub generated_at: DateTime<Utc>,
    /// From then on ask again before a bundle is shown as up to date.
    pub stale_after: DateTime<Utc>,
    /// From then on a bundle that was not renewed says beside every number that it may be out of date; its hours are over.
    pub expires_at: DateTime<Utc>,
    /// The bundles, by country.
    pub contents: Vec<BundleFile>,
    /// The licence of this compilation; sources name their own.
    #[schema(example = "CC-BY-4.0")]
    pub licence: &'static str,
    /// How to credit it.
    #[schema(example = "Lodestar contributors")]
    pub attribution: &'static str,
}

impl Bundle {
    /// How many records it holds, sources not counted.
    pub fn records(&self) -> usize {
        match self {
            Self::Contacts(bundle) => {
                usize::from(bundle.numbers.is_some())
                    + bundle.hotlines.len()
                    + bundle.regional_contacts.len()
                    + bundle.organizations.len()
            }
            Self::Statistics(bundle) => bundle.statistics.len(),
        }
    }
}

impl ContactBundle {
    /// Of a country, with nothing in it yet.
    pub fn empty(country: &str, revision: i64, as_of: NaiveDate) -> Self {
        Self {
            country: country.to_owned(),
            revision,
            as_of,
            numbers: None,
            hotlines: Vec::new(),
            regional_contacts: Vec::new(),
            organizations: Vec::new(),
            sources: Vec::new(),
            licence: licence::LICENCE,
            attribution: licence::ATTRIBUTION,
        }
    }
}
