//! What the public tells us: that a number is wrong, that nobody answers. Nothing about who tells
//! it is asked or kept, and nothing of it is ever published by itself.

use super::{
    documents::refused,
    queries::{self, StoredProposal},
};
use crate::{
    ledger::{self, Resource},
    values::{Invalid, access::Visibility, text},
    web::{Problem, Result},
};
use chrono::Utc;
use diesel_async::AsyncPgConnection;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// The longest text, in characters.
const LONGEST: usize = 500;

/// A resource that can be suggested about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Suggested {
    /// An organization.
    Organizations,
    /// A hotline.
    Hotlines,
    /// A regional contact.
    RegionalContacts,
    /// An observation.
    Statistics,
}

/// What somebody wants to tell.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuggestionInput {
    /// The resource of the record.
    pub resource: Suggested,
    /// The record, by slug or id.
    #[schema(max_length = 120, example = "us-ncmec-hotline")]
    pub record: String,
    /// The id of the contact point that it is about, if it is about one.
    #[serde(default)]
    pub contact_point: Option<Uuid>,
    /// What is wrong, in at most 500 characters. Links and addresses are taken out. Please write
    /// nothing about yourself or any other person.
    #[schema(max_length = 500, example = "The number leads to a shop.")]
    pub text: String,
}

/// That it was taken down.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Received {
    /// `received`.
    #[schema(value_type = String, example = "received")]
    pub status: &'static str,
    /// What happens now.
    pub detail: &'static str,
}

impl Received {
    /// What everybody is told.
    pub const THANKS: Self = Self {
        status: "received",
        detail: "A maintainer will look at it. Nothing about you was kept.",
    };
}

/// Takes down what the public tells; counted per contact point and UTC day.
///
/// # Errors
/// 422 when there is no such public record or contact point, or the text is none.
pub async fn receive(connection: &mut AsyncPgConnection, told: SuggestionInput) -> Result<()> {
    let resource = match told.resource {
        Suggested::Organizations => Resource::Organizations,
        Suggested::Hotlines => Resource::Hotlines,
        Suggested::RegionalContacts => Resource::RegionalContacts,
        Suggested::Statistics => Resource::Statistics,
    };
    let words = without_links(&told.text);
    if told.text.chars().count() > LONGEST || text::valid(&words).is_err() {
        let invalid = Invalid::new(
            "text",
            "it is no text of at most 500 characters",
            "say in plain words what is wrong",
        );
        return Err(refused(vec![("/text".to_owned(), invalid)]));
    }
    let unknown = |pointer: &str, reason: &str| {
        let invalid = Invalid::new("reference", reason, "name one that the directory shows");
        refused(vec![(pointer.to_owned(), invalid)])
    };
    let found = ledger::find(connection, resource, &told.record).await;
    let standing = match found {
        Ok(standing) if standing.is_public() => standing,
        // A hidden record is like none.
        Ok(_) | Err(diesel::NotFound) => return Err(unknown("/record", "there is no such record")),
        Err(error) => return Err(Problem::from(error)),
    };
    let document = standing.read()?;
    let shown = |id: Uuid| {
        let mut points = document.contact_points().iter();
        points.any(|point| point.id == Some(id) && point.visibility == Visibility::Public)
    };
    if told.contact_point.is_some_and(|id| !shown(id)) {
        return Err(unknown(
            "/contact_point",
            "the record has no such contact point",
        ));
    }
    let now = Utc::now();
    let stored = StoredProposal {
        id: Uuid::now_v7(),
        kind: "suggestion".to_owned(),
        state: "open".to_owned(),
        resource: resource.name().to_owned(),
        record_id: Some(standing.id),
        base_revision: standing.revision,
        patch: json!({}),
        status: None,
        visibility: None,
        reason: "suggestion of the public".to_owned(),
        evidence_url: None,
        proposed_by: None,
        proposed_at: now,
        decided_by: None,
        decided_at: None,
        decision: None,
        revision: None,
        contact_point: told.contact_point,
        day: Some(now.date_naive()),
        times: 1,
        texts: vec![words],
        verification: None,
    };
    queries::suggest(connection, &stored).await?;
    Ok(())
}

/// The words without web and e-mail addresses: nobody shall follow them, and the second are
/// about persons.
fn without_links(told: &str) -> String {
    let is_link = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let labels: Vec<&str> = word
            .split(['/', '?', '#'])
            .next()
            .unwrap_or_default()
            .split('.')
            .collect();
        let domain = labels.len() > 1
            && labels.iter().all(|label| !label.is_empty())
            && labels
                .last()
                .is_some_and(|last| last.len() > 1 && last.chars().all(char::is_alphabetic));
        word.contains("://") || word.contains('@') || domain
    };
    let words = told.split_whitespace();
    let kept: Vec<&str> = words
        .map(|word| if is_link(word) { "[link]" } else { word })
        .collect();
    kept.join(" ")
}

#[cfg(test)]
mod tests {
    use super::without_links;

    #[test]
    fn links_are_taken_out() {
        for (told, kept) in [
            ("call https://evil.example/x now", "call [link] now"),
            ("see (evil.example/login)!", "see [link]"),
            ("write to me@mail.example", "write to [link]"),
            (
                "Closed since 3.11. Nobody answers.",
                "Closed since 3.11. Nobody answers.",
            ),
            ("  the  number   is wrong ", "the number is wrong"),
        ] {
            assert_eq!(without_links(told), kept);
        }
    }
}
