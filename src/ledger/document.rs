//! The documents that can be edited: one plain enum, one variant per editable resource.

use crate::{
    hotlines::HotlineInput,
    organizations::OrganizationInput,
    regional_contacts::RegionalContactInput,
    statistics::StatisticInput,
    vocabularies::{
        CountryInput, IndicatorInput, PopulationInput, SourceInput, SynonymInput, TopicInput,
    },
};
use serde::Deserializer;
use serde_json::Value;
use validator::{Validate, ValidationErrors};

/// What kind of record a document is of, in the order in which they name each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    /// `topics`
    Topics,
    /// `populations`
    Populations,
    /// `sources`
    Sources,
    /// `countries`
    Countries,
    /// `indicators`
    Indicators,
    /// `synonyms`
    Synonyms,
    /// `organizations`
    Organizations,
    /// `hotlines`
    Hotlines,
    /// `regional_contacts`
    RegionalContacts,
    /// `statistics`
    Statistics,
}

impl Resource {
    /// All resources, those first that others name.
    pub const ALL: [Self; 10] = [
        Self::Topics,
        Self::Populations,
        Self::Sources,
        Self::Countries,
        Self::Indicators,
        Self::Synonyms,
        Self::Organizations,
        Self::Hotlines,
        Self::RegionalContacts,
        Self::Statistics,
    ];

    /// The noun in paths, files and the ledger.
    pub fn name(self) -> &'static str {
        match self {
            Self::Topics => "topics",
            Self::Populations => "populations",
            Self::Sources => "sources",
            Self::Countries => "countries",
            Self::Indicators => "indicators",
            Self::Synonyms => "synonyms",
            Self::Organizations => "organizations",
            Self::Hotlines => "hotlines",
            Self::RegionalContacts => "regional_contacts",
            Self::Statistics => "statistics",
        }
    }

    /// The resource of a noun.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// Whether its slugs are codes, which other records name and nobody renames.
    pub fn is_vocabulary(self) -> bool {
        self.table() == "vocabularies"
    }

    /// Whether admins alone change it: what everything else is sorted and found by.
    pub fn is_taxonomy(self) -> bool {
        matches!(self, Self::Topics | Self::Populations | Self::Synonyms)
    }

    /// The table of either side that holds it.
    pub fn table(self) -> &'static str {
        match self {
            Self::Topics
            | Self::Populations
            | Self::Sources
            | Self::Countries
            | Self::Indicators
            | Self::Synonyms => "vocabularies",
            named => named.name(),
        }
    }
}

/// A whole document, valid in shape; [`Document::validate`] checks its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// A topic.
    Topic(TopicInput),
    /// A population.
    Population(PopulationInput),
    /// A source.
    Source(SourceInput),
    /// A country's emergency numbers.
    Country(CountryInput),
    /// An indicator.
    Indicator(IndicatorInput),
    /// Terms that mean the same.
    Synonym(SynonymInput),
    /// An organization.
    Organization(OrganizationInput),
    /// A hotline.
    Hotline(HotlineInput),
    /// A regional contact.
    RegionalContact(RegionalContactInput),
    /// An observation.
    Statistic(StatisticInput),
}

impl Document {
    /// Reads a document out of JSON.
    ///
    /// # Errors
    /// When a field is missing, unknown or of another type.
    pub fn read<'de>(
        resource: Resource,
        value: impl Deserializer<'de, Error = serde_json::Error>,
    ) -> Result<Self, serde_path_to_error::Error<serde_json::Error>> {
        use serde_path_to_error::deserialize as typed;
        Ok(match resource {
            Resource::Topics => Self::Topic(typed(value)?),
            Resource::Populations => Self::Population(typed(value)?),
            Resource::Sources => Self::Source(typed(value)?),
            Resource::Countries => Self::Country(typed(value)?),
            Resource::Indicators => Self::Indicator(typed(value)?),
            Resource::Synonyms => Self::Synonym(typed(value)?),
            Resource::Organizations => Self::Organization(typed(value)?),
            Resource::Hotlines => Self::Hotline(typed(value)?),
            Resource::RegionalContacts => Self::RegionalContact(typed(value)?),
            Resource::Statistics => Self::Statistic(typed(value)?),
        })
    }

    /// The document as JSON, as the ledger keeps it.
    ///
    /// # Errors
    /// When it does not serialise, which its types do not let happen.
    pub fn to_json(&self) -> serde_json::Result<Value> {
        match self {
            Self::Topic(input) => serde_json::to_value(input),
            Self::Population(input) => serde_json::to_value(input),
            Self::Source(input) => serde_json::to_value(input),
            Self::Country(input) => serde_json::to_value(input),
            Self::Indicator(input) => serde_json::to_value(input),
            Self::Synonym(input) => serde_json::to_value(input),
            Self::Organization(input) => serde_json::to_value(input),
            Self::Hotline(input) => serde_json::to_value(input),
            Self::RegionalContact(input) => serde_json::to_value(input),
            Self::Statistic(input) => serde_json::to_value(input),
        }
    }

    /// Checks every value.
    ///
    /// # Errors
    /// All that is wrong, by field.
    pub fn validate(&self) -> Result<(), ValidationErrors> {
        match self {
            Self::Topic(input) => input.validate(),
            Self::Population(input) => input.validate(),
            Self::Source(input) => input.validate(),
            Self::Country(input) => input.validate(),
            Self::Indicator(input) => input.validate(),
            Self::Synonym(input) => input.validate(),
            Self::Organization(input) => input.validate(),
            Self::Hotline(input) => input.validate(),
            Self::RegionalContact(input) => input.validate(),
            Self::Statistic(input) => input.validate(),
        }
    }

    /// What it is a document of.
    pub fn resource(&self) -> Resource {
        match self {
            Self::Topic(_) => Resource::Topics,
            Self::Population(_) => Resource::Populations,
            Self::Source(_) => Resource::Sources,
            Self::Country(_) => Resource::Countries,
            Self::Indicator(_) => Resource::Indicators,
            Self::Synonym(_) => Resource::Synonyms,
            Self::Organization(_) => Resource::Organizations,
            Self::Hotline(_) => Resource::Hotlines,
            Self::RegionalContact(_) => Resource::RegionalContacts,
            Self::Statistic(_) => Resource::Statistics,
        }
    }

    /// Its slug, unique in its resource.
    pub fn slug(&self) -> &str {
        match self {
            Self::Topic(input) => &input.slug,
            Self::Population(input) => &input.slug,
            Self::Source(input) => &input.slug,
            Self::Country(input) => &input.slug,
            Self::Indicator(input) => &input.slug,
            Self::Synonym(input) => &input.slug,
            Self::Organization(input) => &input.slug,
            Self::Hotline(input) => &input.slug,
            Self::RegionalContact(input) => &input.slug,
            Self::Statistic(input) => &input.slug,
        }
    }

    /// What tells it apart besides its slug.
    pub fn natural_key(&self) -> Option<String> {
        match self {
            Self::Statistic(input) => Some(input.natural_key()),
            _ => None,
        }
    }
}
