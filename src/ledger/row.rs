//! One record that will change, beside how it stood.

use super::{
    apply::Access, document::Document, projection::Projection, queries::Standing, references,
};
use crate::values::{
    access::{Status, Visibility},
    verification::Verification,
};
use chrono::{DateTime, Utc};
use diesel::result::Error as DatabaseError;
use uuid::Uuid;

/// A record that will change.
pub struct Row {
    /// Which of the changes it comes from.
    pub change: usize,
    /// Which record.
    pub id: Uuid,
    /// As it stood, with its document.
    pub before: Option<(Standing, Document)>,
    /// The document after.
    pub document: Document,
    /// Status and visibility after.
    pub access: Access,
    /// The attempt to verify it that this is.
    pub verification: Option<Verification>,
}

impl Row {
    /// Whether everybody saw it.
    pub fn was_public(&self) -> bool {
        let before = self.before.as_ref();
        before.is_some_and(|(standing, _)| standing.access() == Some(Access::PUBLIC))
    }

    /// Whether everybody shall see it.
    pub fn is_public(&self) -> bool {
        self.access == Access::PUBLIC
    }

    /// Whether it is a figure that cites others than before. Where it does not, it lost none.
    pub fn cites_anew(&self) -> bool {
        let before = self.before.as_ref().map(|(_, document)| document);
        match (before, &self.document) {
            (Some(Document::Statistic(before)), Document::Statistic(after)) => {
                before.sources != after.sources
            }
            _ => false,
        }
    }

    fn created_at(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        self.before.as_ref().map_or(at, |(one, _)| one.created_at)
    }

    /// As it will stand.
    ///
    /// # Errors
    /// When its document does not serialise, which its types do not let happen.
    pub fn standing(&self, revision: i64, at: DateTime<Utc>) -> Result<Standing, DatabaseError> {
        let before = self.before.as_ref().map(|(standing, _)| standing);
        let seen = self.is_public() || self.was_public();
        let known = before.map_or(&[][..], |one| &one.countries);
        let countries = match self.is_public() {
            true => self.document.countries(),
            false => known.to_vec(),
        };
        let former = before.map_or(&[][..], |one| &one.former_countries);
        let mut former: Vec<String> = former.iter().chain(known).cloned().collect();
        former.sort();
        former.dedup();
        former.retain(|country| !countries.contains(country));
        Ok(Standing {
            id: self.id,
            resource: self.document.resource().name().to_owned(),
            slug: self.document.slug().to_owned(),
            status: self.access.status.name().to_owned(),
            visibility: self.access.visibility.name().to_owned(),
            revision,
            created_at: self.created_at(at),
            last_modified: at,
            natural_key: self.document.natural_key(),
            document: json(&self.document)?,
            merged_into: self.access.merged_into,
            public_revision: match seen {
                true => Some(revision),
                false => before.and_then(|one| one.public_revision),
            },
            public_at: match seen {
                true => Some(at),
                false => before.and_then(|one| one.public_at),
            },
            countries,
            former_countries: former,
            names: Some(
                self.document
                    .references()
                    .iter()
                    .map(|(_, resource, slug)| references::name(*resource, slug))
                    .collect(),
            ),
        })
    }

    /// On its way to one side.
    pub fn projection(&self, revision: i64, at: DateTime<Utc>, document: Document) -> Projection {
        Projection {
            id: self.id,
            status: self.access.status.name(),
            visibility: self.access.visibility.name(),
            revision,
            created_at: self.created_at(at),
            last_modified: at,
            document,
        }
    }

    /// What happened to it.
    pub fn action(&self) -> &'static str {
        let Some(stood) = self.before.as_ref().and_then(|(one, _)| one.access()) else {
            return "created";
        };
        match (stood.visibility, self.access.visibility) {
            (Visibility::Public, Visibility::Hidden) => return "hidden",
            (Visibility::Hidden, Visibility::Public) => return "shown",
            _ => {}
        }
        match self.access.status {
            Status::Published if stood.status != Status::Published => "published",
            Status::Archived if stood.status != Status::Archived => "archived",
            _ if self.verification.is_some() => "verified",
            _ => "updated",
        }
    }

    /// By what others are met, when what they show of it changes.
    pub fn stirs(&self) -> Vec<String> {
        let Some((standing, document)) = &self.before else {
            let beside = self.document.shown_beside();
            return beside.filter(|_| self.is_public()).into_iter().collect();
        };
        let same = self.was_public() == self.is_public()
            && standing.slug == self.document.slug()
            && document.label() == self.document.label();
        if same || !(self.was_public() || self.is_public()) {
            return Vec::new();
        }
        let slugs = [standing.slug.as_str(), self.document.slug()];
        let names = slugs.map(|slug| references::name(self.document.resource(), slug));
        let beside = [document, &self.document].map(Document::shown_beside);
        names
            .into_iter()
            .chain(beside.into_iter().flatten())
            .collect()
    }
}

/// A document as the ledger keeps it.
///
/// # Errors
/// When it does not serialise, which its types do not let happen.
pub fn json(document: &Document) -> Result<serde_json::Value, DatabaseError> {
    document
        .to_json()
        .map_err(|error| DatabaseError::SerializationError(Box::new(error)))
}
