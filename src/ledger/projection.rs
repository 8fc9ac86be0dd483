//! The two sides that a record is written to, each in the columns that it is found by.

use super::document::{Document, Resource};
use crate::{
    db::record::Saved, hotlines, organizations, regional_contacts, statistics, vocabularies,
};
use chrono::{DateTime, Utc};
use diesel::{QueryResult, result::Error as DatabaseError};
use diesel_async::AsyncPgConnection;
use serde::Serialize;
use uuid::Uuid;

/// A record on its way to one side: whole to the ledger's, its public part to the public one.
#[derive(Debug)]
pub struct Projection {
    /// UUIDv7.
    pub id: Uuid,
    /// Where it stands in its life.
    pub status: &'static str,
    /// Whether the public may see it.
    pub visibility: &'static str,
    /// Provisional and negative until the ledger orders it.
    pub revision: i64,
    /// When the record came into the directory.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub last_modified: DateTime<Utc>,
    /// The document, or its public part.
    pub document: Document,
}

impl Projection {
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
            status: self.status,
            visibility: self.visibility,
            revision: self.revision,
            created_at: self.created_at,
            last_modified: self.last_modified,
            input,
            document,
        })
    }
}

/// Writes records of one resource into its room's table on the side that the search path names.
///
/// # Errors
/// Those of the database.
pub async fn save(
    connection: &mut AsyncPgConnection,
    resource: Resource,
    all: &[Projection],
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
        Resource::Synonyms => vocabularies::queries::save(connection, &of!(Synonym)).await,
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
