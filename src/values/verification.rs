//! Verification: somebody tried whether a record or a contact point is as it stands here.

use super::outcome::Outcome;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// How somebody tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// By a call.
    Called,
    /// By a text message or a chat.
    Texted,
    /// On the operator's own page.
    OfficialPage,
    /// By an e-mail that came from the operator's domain.
    EmailFromDomain,
}

/// One attempt, as the ledger keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Verification {
    /// `confirmed`, `changed`, `unreachable` or `closed`. New values may be added.
    #[schema(value_type = String, example = "confirmed")]
    pub outcome: Outcome,
    /// `called`, `texted`, `official_page` or `email_from_domain`. New values may be added.
    #[schema(value_type = String, example = "called")]
    pub method: Method,
    /// The contact point that was tried; `null` for the record.
    pub contact_point: Option<Uuid>,
    /// When.
    pub at: DateTime<Utc>,
}

/// What a record or a contact point says of it.
pub type Standing = (Option<DateTime<Utc>>, Option<Method>, Option<Outcome>);

/// The fields that say it.
pub struct Verified<'a> {
    /// When it was last confirmed.
    pub at: &'a mut Option<DateTime<Utc>>,
    /// How that was done.
    pub method: &'a mut Option<Method>,
    /// What else came of the last attempt.
    pub outcome: &'a mut Option<Outcome>,
}

impl Verified<'_> {
    /// What they say.
    pub fn stands(&self) -> Standing {
        (*self.at, *self.method, *self.outcome)
    }

    /// Makes them say this.
    pub fn keep(self, (at, method, outcome): Standing) {
        *self.at = at;
        *self.method = method;
        *self.outcome = outcome;
    }

    /// Takes down an attempt. One that did not confirm leaves standing when somebody last did.
    pub fn mark(self, attempt: &Verification) {
        match attempt.outcome {
            Outcome::Confirmed => self.keep((Some(attempt.at), Some(attempt.method), None)),
            other => *self.outcome = Some(other),
        }
    }
}
