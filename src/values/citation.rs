//! Citations: which source says so, where in it, and when.

use super::{period, slug, text};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// One source of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// The slug of the source, see `/v1/sources/{slug}`.
    #[validate(custom(function = slug::valid))]
    #[schema(max_length = 120, example = "unodc-glotip-2024")]
    pub source: String,
    /// Where in the source: page, table, title of the entry.
    #[serde(default)]
    #[validate(length(max = 500), custom(function = text::valid))]
    #[schema(max_length = 500)]
    pub locator: Option<String>,
    /// The date of the source document as it gives it: year, month or day.
    #[serde(default)]
    #[validate(custom(function = period::valid))]
    #[schema(example = "2022-05", pattern = r"^\d{4}(-\d{2}(-\d{2})?)?$")]
    pub published_on: Option<String>,
    /// The day on which somebody read the source for this directory. This is no verification.
    #[serde(default)]
    pub retrieved_on: Option<NaiveDate>,
}

/// The date that freshness counts from: the newest first day of the dated sources. A source
/// that gives only its year counts from 1 January, so that age is never understated.
pub fn newest(citations: &[Citation]) -> Option<NaiveDate> {
    citations
        .iter()
        .filter_map(|citation| citation.published_on.as_deref())
        .filter_map(|date| period::days(date).ok())
        .map(|(first, _)| first)
        .max()
}
