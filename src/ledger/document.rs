//! The documents that can be edited: one plain enum, one variant per editable resource.

use crate::{
    db::record::Saved,
    hotlines::{self, HotlineInput},
    organizations::{self, OrganizationInput},
    regional_contacts::{self, RegionalContactInput},
    statistics::{self, StatisticInput},
    values::{access::Visibility, contact_point::ContactPointInput},
    vocabularies::{self, CountryInput, IndicatorInput, PopulationInput, SourceInput, TopicInput},
};
use chrono::{DateTime, Utc};
use diesel::{QueryResult, result::Error as DatabaseError};
use diesel_async::AsyncPgConnection;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use uuid::Uuid;
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
    pub const ALL: [Self; 9] = [
        Self::Topics,
        Self::Populations,
        Self::Sources,
        Self::Countries,
        Self::Indicators,
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
            Self::Organizations => "organizations",
            Self::Hotlines => "hotlines",
            Self::RegionalContacts => "regional_contacts",
            Self::Statistics => "statistics",
        }
    }

    /// The published table that holds it.
    pub fn table(self) -> &'static str {
        match self {
            Self::Topics
            | Self::Populations
            | Self::Sources
            | Self::Countries
            | Self::Indicators => "vocabularies",
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
    pub fn read(
        resource: Resource,
        value: Value,
    ) -> Result<Self, serde_path_to_error::Error<serde_json::Error>> {
        fn typed<T: DeserializeOwned>(
            value: Value,
        ) -> Result<T, serde_path_to_error::Error<serde_json::Error>> {
            serde_path_to_error::deserialize(value)
        }
        Ok(match resource {
            Resource::Topics => Self::Topic(typed(value)?),
            Resource::Populations => Self::Population(typed(value)?),
            Resource::Sources => Self::Source(typed(value)?),
            Resource::Countries => Self::Country(typed(value)?),
            Resource::Indicators => Self::Indicator(typed(value)?),
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

    /// The other records that it names: in which field, which resource, which slug.
    pub fn references(&self) -> Vec<(&'static str, Resource, &str)> {
        let mut named: Vec<(&'static str, Resource, &str)> = Vec::new();
        let (topics, populations) = match self {
            Self::Organization(input) => (&input.topics[..], &input.populations[..]),
            Self::Hotline(input) => (&input.topics[..], &input.populations[..]),
            _ => (&[][..], &[][..]),
        };
        named.extend(
            topics
                .iter()
                .map(|slug| ("topics", Resource::Topics, slug.as_str())),
        );
        named.extend(
            populations
                .iter()
                .map(|slug| ("populations", Resource::Populations, slug.as_str())),
        );
        let (sources, organization) = match self {
            Self::Country(input) => (&input.sources[..], None),
            Self::Organization(input) => {
                let operators = input.operators.iter();
                named.extend(
                    operators
                        .map(|one| ("operators", Resource::Organizations, one.operator.as_str())),
                );
                (&input.sources[..], None)
            }
            Self::Hotline(input) => (&input.sources[..], input.organization.as_deref()),
            Self::RegionalContact(input) => (&input.sources[..], input.organization.as_deref()),
            Self::Statistic(input) => {
                named.push(("indicator", Resource::Indicators, &input.indicator));
                named.extend(
                    input
                        .baseline
                        .iter()
                        .map(|slug| ("baseline", Resource::Statistics, slug.as_str())),
                );
                let critiques = input.critiques.iter();
                named.extend(
                    critiques.map(|one| ("critiques", Resource::Sources, one.source.as_str())),
                );
                (&input.sources[..], None)
            }
            _ => (&[][..], None),
        };
        named.extend(
            sources
                .iter()
                .map(|one| ("sources", Resource::Sources, one.source.as_str())),
        );
        named.extend(organization.map(|slug| ("organization", Resource::Organizations, slug)));
        named
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

    /// The part that the public may see: hidden contact points taken out.
    pub fn public_part(mut self) -> Self {
        if let Some(points) = self.contact_points_mut() {
            points.retain(|point| point.visibility == Visibility::Public);
        }
        self
    }
}

/// A public part on its way to the public side.
#[derive(Debug)]
pub struct Public {
    /// UUIDv7.
    pub id: Uuid,
    /// Provisional and negative until the ledger orders it.
    pub revision: i64,
    /// When the record came into the directory.
    pub created_at: DateTime<Utc>,
    /// When it changed, that is now.
    pub last_modified: DateTime<Utc>,
    /// The public part.
    pub document: Document,
}

impl Public {
    fn saved<'a, T: Serialize>(&self, input: &'a T) -> Result<Saved<'a, T>, DatabaseError> {
        let mut document = serde_json::to_value(input)
            .map_err(|error| DatabaseError::SerializationError(Box::new(error)))?;
        // Joined by id where it is public; by its slug here it would show even when it is not.
        if let Some(fields) = document.as_object_mut() {
            fields.remove("organization");
            fields.remove("indicator");
        }
        Ok(Saved {
            id: self.id,
            revision: self.revision,
            created_at: self.created_at,
            last_modified: self.last_modified,
            input,
            document,
        })
    }
}

/// Writes the public parts of one resource into its room's published table.
///
/// # Errors
/// Those of the database.
pub async fn save(
    connection: &mut AsyncPgConnection,
    resource: Resource,
    all: &[Public],
) -> QueryResult<()> {
    /// Picks the documents of one variant.
    macro_rules! of {
        ($variant:ident) => {
            all.iter()
                .filter_map(|one| match &one.document {
                    Document::$variant(input) => Some(one.saved(input)),
                    _ => None,
                })
                .collect::<QueryResult<Vec<_>>>()?
        };
    }
    match resource {
        Resource::Topics => vocabularies::queries::save(connection, &of!(Topic)).await,
        Resource::Populations => vocabularies::queries::save(connection, &of!(Population)).await,
        Resource::Sources => vocabularies::queries::save(connection, &of!(Source)).await,
        Resource::Countries => vocabularies::queries::save(connection, &of!(Country)).await,
        Resource::Indicators => vocabularies::queries::save(connection, &of!(Indicator)).await,
        Resource::Organizations => {
            organizations::queries::save(connection, &of!(Organization)).await
        }
        Resource::Hotlines => hotlines::queries::save(connection, &of!(Hotline)).await,
        Resource::RegionalContacts => {
            regional_contacts::queries::save(connection, &of!(RegionalContact)).await
        }
        Resource::Statistics => statistics::queries::save(connection, &of!(Statistic)).await,
    }
}
