//! What came of the last attempt to verify something.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The outcome of a verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is as it stands here.
    Confirmed,
    /// It is otherwise, and waits to be corrected.
    Changed,
    /// Nobody answered.
    Unreachable,
    /// It does not exist any more.
    Closed,
}

impl Outcome {
    /// Whether it is not given to those who seek help.
    pub fn is_out(outcome: Option<Self>) -> bool {
        matches!(outcome, Some(Self::Unreachable | Self::Closed))
    }
}
