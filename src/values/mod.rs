//! The field's value types: parsed once, valid ever after. They know no database and no HTTP.

pub mod access;
pub mod address;
pub mod as_of;
pub mod citation;
pub mod contact_point;
pub mod describe;
pub mod digest;
pub mod dissolved;
pub mod figure;
pub mod freshness;
pub mod geography;
pub mod hours;
pub mod key;
pub mod labels;
pub mod language;
pub mod lexicon;
pub mod licence;
pub mod locate;
pub mod moment;
pub mod names;
pub mod number;
pub mod outcome;
pub mod period;
pub mod phone;
pub mod place;
pub mod reference;
pub mod role;
pub mod said;
pub mod slug;
pub mod text;
pub mod translation;
pub mod verification;
pub mod view;

use serde_json::json;
use validator::ValidationError;

/// Why a value was refused: a stable code, the reason, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}; {remedy}")]
pub struct Invalid {
    /// A stable snake_case code for programs.
    pub code: &'static str,
    /// What is wrong, in a plain sentence without the offending value.
    pub reason: String,
    /// What the caller can do.
    pub remedy: String,
    /// The field, where the rule is one between fields; empty where that stands beside it.
    pub field: Option<&'static str>,
}

impl Invalid {
    /// Makes a refusal out of its three parts.
    pub fn new(code: &'static str, reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            code,
            reason: reason.into(),
            remedy: remedy.into(),
            field: None,
        }
    }

    /// The same about one field of several.
    pub fn at(self, field: &'static str) -> Self {
        Self {
            field: Some(field),
            ..self
        }
    }
}

/// Carries code, reason and remedy through the validator, which knows only one message.
impl From<Invalid> for ValidationError {
    fn from(invalid: Invalid) -> Self {
        let mut error = ValidationError::new(invalid.code).with_message(invalid.reason.into());
        error.add_param("remedy".into(), &json!(invalid.remedy));
        if let Some(field) = invalid.field {
            error.add_param("field".into(), &json!(field));
        }
        error
    }
}

/// The message parts of a validation error, whoever made it.
pub fn explain(error: &ValidationError) -> Invalid {
    let remedy = error.params.get("remedy").and_then(|r| r.as_str());
    let bound = |name: &str| error.params.get(name).map(ToString::to_string);
    let (reason, limit) = match error.code.as_ref() {
        "length" => ("the length is outside its limits", "characters or entries"),
        "range" => ("the number is outside its limits", ""),
        "email" => ("it is no e-mail address", ""),
        _ => ("the value is not valid", ""),
    };
    let limits = [("min", "at least"), ("max", "at most")]
        .iter()
        .filter_map(|(name, words)| bound(name).map(|b| format!("{words} {b}")))
        .collect::<Vec<_>>()
        .join(" and ");
    Invalid {
        code: match error.code {
            std::borrow::Cow::Borrowed(code) => code,
            std::borrow::Cow::Owned(_) => "invalid",
        },
        reason: error
            .message
            .as_ref()
            .map_or_else(|| reason.to_owned(), ToString::to_string),
        remedy: remedy.map_or_else(
            || match limits.is_empty() {
                true => "correct the value".to_owned(),
                false => format!("give {limits} {limit}").trim_end().to_owned(),
            },
            ToOwned::to_owned,
        ),
        field: error.params.contains_key("field").then_some(""),
    }
}
