//! What decides who may see a record.

use serde::{Deserialize, Serialize};

/// Where a record stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Being written; never public.
    Draft,
    /// Public, unless hidden.
    Published,
    /// Closed or merged; answers 410.
    Archived,
}

/// Whether the public may see a record or a contact point.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Shown to everyone once published.
    #[default]
    Public,
    /// Withdrawn at once by one person; answers 404.
    Hidden,
}

impl Status {
    /// The name in the database and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Archived => "archived",
        }
    }

    /// The status of a name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Draft, Self::Published, Self::Archived]
            .into_iter()
            .find(|one| one.name() == name)
    }
}

impl Visibility {
    /// The name in the database and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Hidden => "hidden",
        }
    }

    /// The visibility of a name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Public, Self::Hidden]
            .into_iter()
            .find(|one| one.name() == name)
    }
}
