//! What sources say about a figure.

use crate::values::{slug, text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// What a source says about a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Critique {
    /// The slug of the source that says so.
    #[validate(custom(function = slug::valid))]
    pub source: String,
    /// `disputes`, `supports` or `retracts`. New verdicts may be added.
    #[schema(value_type = String, example = "disputes")]
    pub verdict: Verdict,
    /// What it says, in our words.
    #[validate(length(max = 1000), custom(function = text::valid))]
    pub summary: String,
}

/// Verdicts of critiques.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Contradicts it.
    Disputes,
    /// Bears it out.
    Supports,
    /// Takes it back.
    Retracts,
}
