//! Terms as they are written, and the rules that they keep.

use super::model::{Axis, IndicatorKind};
use super::synonyms::Asked;
use crate::values::{
    Invalid,
    citation::Citation,
    contact_point,
    lexicon::found::words,
    phone::Phone,
    place, slug, text,
    translation::{self, TranslationInput},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// A topic as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "TopicInput::fits"))]
pub struct TopicInput {
    #[validate(custom(function = slug::valid))]
    pub slug: String,
    #[validate(length(max = 200), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[schema(inline)]
    pub axis: Axis,
    #[validate(length(max = 1000), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 1000)]
    pub description: String,
    #[serde(default)]
    #[validate(length(max = 100), nested)]
    #[schema(max_items = 100)]
    pub translations: Vec<TranslationInput>,
}

/// A population as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "PopulationInput::fits"))]
pub struct PopulationInput {
    #[validate(custom(function = slug::valid))]
    pub slug: String,
    #[validate(length(max = 200), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[validate(length(max = 1000), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 1000)]
    pub description: String,
    #[serde(default)]
    #[validate(length(max = 100), nested)]
    #[schema(max_items = 100)]
    pub translations: Vec<TranslationInput>,
}

/// A source as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceInput {
    #[validate(custom(function = slug::valid))]
    pub slug: String,
    #[validate(length(max = 500), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 500)]
    pub title: String,
    #[serde(default)]
    #[validate(length(max = 200), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 200)]
    pub publisher: Option<String>,
    #[validate(custom(function = contact_point::web_address))]
    pub url: String,
    #[serde(default)]
    #[validate(length(max = 200), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 200)]
    pub licence: Option<String>,
    #[serde(default)]
    #[validate(length(max = 500), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 500)]
    pub attribution: Option<String>,
}

/// An indicator as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "IndicatorInput::fits"))]
pub struct IndicatorInput {
    #[validate(custom(function = slug::valid))]
    pub slug: String,
    #[validate(length(max = 300), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    #[validate(length(max = 1000), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 1000)]
    pub definition: String,
    #[validate(length(max = 40), custom(function = slug::valid))]
    #[schema(min_length = 1, max_length = 40)]
    pub unit: String,
    #[schema(inline)]
    pub kind: IndicatorKind,
    #[serde(default)]
    #[validate(length(max = 100), nested)]
    #[schema(max_items = 100)]
    pub translations: Vec<TranslationInput>,
}

/// A short code of a national numbering plan, and where it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShortCode {
    /// Its digits, as dialled inside the country.
    #[validate(custom(function = valid_short_code))]
    #[schema(example = "116123")]
    pub number: String,
    /// The slug of the source, see `/v1/sources/{slug}`.
    #[validate(custom(function = slug::valid))]
    pub source: String,
}

/// Terms that mean the same, as they are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SynonymInput {
    #[validate(custom(function = slug::valid))]
    pub slug: String,
    /// The term that people know best; it is one of the terms itself.
    #[validate(length(max = 100), custom(function = valid_term))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// The other terms, in any language, at most eight words each.
    #[validate(length(min = 1, max = 30), custom(function = valid_terms))]
    #[schema(min_items = 1, max_items = 30)]
    pub terms: Vec<String>,
    /// The topics that they mean, whose records a search for them finds too.
    #[serde(default)]
    #[validate(custom(function = slug::valid_list))]
    pub topics: Vec<String>,
    /// The resource that they ask for: whoever writes helpline wants a hotline.
    #[serde(default)]
    #[schema(inline)]
    pub kind: Option<Asked>,
    #[serde(default)]
    #[validate(length(max = 1000), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 1000)]
    pub notes: Option<String>,
}

fn valid_term(term: &str) -> Result<(), ValidationError> {
    text::valid(term)?;
    let words = words(term).len();
    match (1..=8).contains(&words) && !term.contains(';') {
        true => Ok(()),
        false => Err(Invalid::new(
            "term",
            "it is no term of one to eight words",
            "write letters and digits, without a semicolon",
        )
        .into()),
    }
}

fn valid_terms(terms: &[String]) -> Result<(), ValidationError> {
    terms.iter().try_for_each(|term| valid_term(term))?;
    let long = terms.iter().any(|term| term.chars().count() > 100);
    match long {
        true => Err(Invalid::new(
            "length",
            "a term is longer than 100 characters",
            "write a shorter one",
        )
        .into()),
        false => slug::distinct(terms),
    }
}

/// A country's emergency numbers as they are written; its slug is the ISO code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountryInput {
    #[validate(custom(function = place::valid_country))]
    pub slug: String,
    #[validate(length(min = 1, max = 30), custom(function = valid_emergency_numbers))]
    #[schema(min_items = 1, max_items = 30)]
    pub emergency_numbers: Vec<String>,
    #[serde(default)]
    #[validate(length(max = 500), nested, custom(function = valid_short_codes))]
    #[schema(max_items = 500)]
    pub short_codes: Vec<ShortCode>,
    #[validate(length(min = 1, max = 50), nested)]
    #[schema(min_items = 1, max_items = 50)]
    pub sources: Vec<Citation>,
}

fn valid_short_code(number: &str) -> Result<(), ValidationError> {
    Phone::short_code(number).map(drop).map_err(Into::into)
}

fn valid_short_codes(codes: &[ShortCode]) -> Result<(), ValidationError> {
    let numbers: Vec<String> = codes.iter().map(|code| code.number.clone()).collect();
    slug::distinct(&numbers)
}

/// The language that terms are written in.
pub const ORIGINAL: &str = "en";

fn term_fits(translations: &[TranslationInput]) -> Result<(), ValidationError> {
    translation::fit(translations, ORIGINAL, &["name", "description"])
}

impl TopicInput {
    fn fits(&self) -> Result<(), ValidationError> {
        term_fits(&self.translations)
    }
}

impl PopulationInput {
    fn fits(&self) -> Result<(), ValidationError> {
        term_fits(&self.translations)
    }
}

impl IndicatorInput {
    fn fits(&self) -> Result<(), ValidationError> {
        term_fits(&self.translations)
    }
}

fn valid_emergency_numbers(numbers: &[String]) -> Result<(), ValidationError> {
    match numbers
        .iter()
        .all(|number| Phone::short_code(number).is_ok())
    {
        true => slug::distinct(numbers),
        false => Err(Invalid::new(
            "short_code",
            "an entry is no short code",
            "write 2 to 10 digits",
        )
        .into()),
    }
}
