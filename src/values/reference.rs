//! How one record names another.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Another record, by id and slug.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reference {
    /// Its id.
    pub id: Uuid,
    /// Its slug, which its address takes too.
    #[schema(example = "ncmec")]
    pub slug: String,
    /// Its name or title.
    #[schema(example = "National Center for Missing & Exploited Children")]
    pub name: String,
}

impl Reference {
    /// Puts the three parts of a join together, when there is such a record.
    pub fn joined(
        (id, slug, name): (Option<Uuid>, Option<String>, Option<String>),
    ) -> Option<Self> {
        Some(Self {
            id: id?,
            slug: slug?,
            name: name?,
        })
    }

    /// Puts an id and the slug and name that were looked up by it together, when there is such a record.
    pub fn found((id, named): (Option<Uuid>, Option<Vec<String>>)) -> Option<Self> {
        let [slug, name] = named?.try_into().ok()?;
        Self::joined((id, Some(slug), Some(name)))
    }
}
