//! Roles: what a maintainer may do. Each may do what those before it may.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A role.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Proposes.
    Contributor,
    /// Writes drafts, verifies, hides, sees drafts and hidden records.
    Editor,
    /// Publishes, archives, decides on the proposals of others.
    Publisher,
    /// Keys, taxonomies, restoring.
    Admin,
}

impl Role {
    /// All roles by name, the least first.
    pub const NAMES: [(&'static str, Self); 4] = [
        ("contributor", Self::Contributor),
        ("editor", Self::Editor),
        ("publisher", Self::Publisher),
        ("admin", Self::Admin),
    ];

    /// The name in the database and in JSON.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize].0
    }

    /// The role of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES
            .into_iter()
            .find(|(known, _)| *known == name)
            .map(|(_, role)| role)
    }

    /// What it may do, its own and that of those before it.
    pub fn may(self) -> Vec<&'static str> {
        let own = [
            &["propose", "withdraw"][..],
            &[
                "read_drafts",
                "write_drafts",
                "read_history",
                "hide",
                "verify",
            ],
            &["publish", "archive", "decide"],
            &["keys", "taxonomies", "restore"],
        ];
        own[..=self as usize].concat()
    }
}
