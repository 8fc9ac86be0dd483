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

    /// All of them, by name.
    pub const NAMES: [(&'static str, Self); 3] = [
        ("draft", Self::Draft),
        ("published", Self::Published),
        ("archived", Self::Archived),
    ];

    /// The status of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES
            .into_iter()
            .find(|(known, _)| *known == name)
            .map(|(_, one)| one)
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

    /// Both, by name.
    pub const NAMES: [(&'static str, Self); 2] =
        [("public", Self::Public), ("hidden", Self::Hidden)];

    /// The visibility of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES
            .into_iter()
            .find(|(known, _)| *known == name)
            .map(|(_, one)| one)
    }
}

/// What a reader with a key asked for beyond what everybody may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Status, `published` when not asked for.
    pub status: Vec<Status>,
    /// Visibility, `public` when not asked for.
    pub visibility: Vec<Visibility>,
}

impl Asked {
    /// The names of the status asked for.
    pub fn statuses(&self) -> Vec<&'static str> {
        self.status.iter().map(|one| one.name()).collect()
    }

    /// The names of the visibility asked for.
    pub fn visibilities(&self) -> Vec<&'static str> {
        self.visibility.iter().map(|one| one.name()).collect()
    }

    /// Whether a record is among what was asked for. Without a key the public side is asked,
    /// where nothing else stands.
    pub fn admits(asked: Option<&Self>, status: Status, visibility: Visibility) -> bool {
        asked.is_none_or(|asked| {
            asked.status.contains(&status) && asked.visibility.contains(&visibility)
        })
    }
}
