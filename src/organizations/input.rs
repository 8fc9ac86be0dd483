//! An organization as it is written, and the rules that it keeps.

use super::model::{Action, Kind, Operator, Scope};
use crate::values::{
    Invalid,
    citation::Citation,
    contact_point, language,
    outcome::Outcome,
    place, slug, text,
    translation::{self, TranslationInput},
    verification::Method,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// An organization as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "OrganizationInput::fits"))]
pub struct OrganizationInput {
    #[validate(custom(function = slug::valid))]
    pub slug: String,
    #[validate(length(max = 200), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[serde(default)]
    #[validate(length(max = 500), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 500)]
    pub alternate_name: Option<String>,
    #[schema(inline)]
    pub kind: Kind,
    #[validate(length(max = 2000), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 2000)]
    pub description: String,
    #[serde(default)]
    #[validate(custom(function = contact_point::web_address))]
    pub website: Option<String>,
    #[serde(default)]
    #[validate(custom(function = valid_emails))]
    pub emails: Vec<String>,
    #[serde(default)]
    #[validate(custom(function = place::valid_country))]
    pub country: Option<String>,
    #[schema(inline)]
    pub scope: Scope,
    #[serde(default)]
    #[validate(custom(function = slug::valid_list))]
    pub topics: Vec<String>,
    #[serde(default)]
    #[validate(custom(function = slug::valid_list))]
    pub populations: Vec<String>,
    #[validate(custom(function = language::valid))]
    pub lang: String,
    #[serde(default)]
    #[validate(nested)]
    pub actions: Vec<Action>,
    #[serde(default)]
    #[validate(nested)]
    pub operators: Vec<Operator>,
    #[validate(length(min = 1, max = 50), nested)]
    #[schema(min_items = 1, max_items = 50)]
    pub sources: Vec<Citation>,
    #[serde(default)]
    #[validate(length(max = 100), nested)]
    #[schema(max_items = 100)]
    pub translations: Vec<TranslationInput>,
    #[serde(default)]
    #[schema(ignore)]
    pub verified_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(ignore)]
    pub verification_method: Option<Method>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(ignore)]
    pub outcome: Option<Outcome>,
}

impl OrganizationInput {
    fn fits(&self) -> Result<(), ValidationError> {
        translation::fit(&self.translations, &self.lang, &["name", "description"])
    }
}

fn valid_emails(emails: &[String]) -> Result<(), ValidationError> {
    match emails.iter().all(validator::ValidateEmail::validate_email) {
        true => slug::distinct(emails),
        false => Err(Invalid::new(
            "email",
            "an entry is no e-mail address",
            "write it as name@host",
        )
        .into()),
    }
}
