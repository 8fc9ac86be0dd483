//! What handlers build: bytes, and what their headers say of them.

use super::{Problem, json};
use crate::values::translation::Texts;
use std::collections::BTreeSet;

/// Bytes that most answers fit into: room for them is made once, not again and again while they are written.
const PAGE: usize = 96 * 1024;

/// What a handler built: bytes to keep, and what belongs in the headers.
#[derive(Debug)]
pub struct Built {
    /// The body.
    pub bytes: Vec<u8>,
    /// Its media type.
    pub content_type: &'static str,
    /// The `Link` header.
    pub link: Option<String>,
    /// The revision of a single record, which goes into its ETag.
    pub revision: Option<i64>,
    /// The `Content-Language` header.
    pub languages: Option<String>,
    /// The `Content-Location` header.
    pub location: Option<String>,
    /// The `Content-Security-Policy` header, where it is another than that of all.
    pub policy: Option<&'static str>,
}

impl Built {
    /// A JSON body.
    ///
    /// # Errors
    /// 500 when the value does not serialise.
    pub fn json(value: &impl serde::Serialize) -> Result<Self, Problem> {
        let mut bytes = Vec::with_capacity(PAGE);
        let written = json::append(&mut bytes, value);
        written.map_err(|error| Problem::Internal(error.to_string()))?;
        // What is kept takes no more room than it needs.
        bytes.shrink_to_fit();
        Ok(Self::of("application/json", bytes))
    }

    /// A body of any media type.
    pub fn of(content_type: &'static str, bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            content_type,
            link: None,
            revision: None,
            languages: None,
            location: None,
            policy: None,
        }
    }

    /// The same with what it may do where somebody opens it.
    pub fn policy(self, policy: &'static str) -> Self {
        Self {
            policy: Some(policy),
            ..self
        }
    }

    /// The same with an address that stays that of these bytes.
    pub fn location(self, location: String) -> Self {
        Self {
            location: Some(location),
            ..self
        }
    }

    /// The same with a `Link` header.
    pub fn link(self, link: String) -> Self {
        Self {
            link: Some(link),
            ..self
        }
    }

    /// The same with the languages of these texts, each once, sorted.
    pub fn languages<'a>(self, texts: impl IntoIterator<Item = &'a Texts>) -> Self {
        let all = texts.into_iter().flat_map(Texts::values);
        let names: BTreeSet<&str> = all.map(|text| text.lang.as_str()).collect();
        let names: Vec<&str> = names.into_iter().collect();
        Self {
            languages: (!names.is_empty()).then(|| names.join(", ")),
            ..self
        }
    }

    /// The same as one record at a revision.
    pub fn revision(self, revision: i64) -> Self {
        Self {
            revision: Some(revision),
            ..self
        }
    }
}
