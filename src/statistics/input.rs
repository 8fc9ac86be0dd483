//! An observation as it is written, and the rules that it keeps.

use super::model::{Assessment, Critique, ObservationStatus, Qualifier, UNITS};
use crate::values::{Invalid, citation::Citation, language, number, period, place, slug, text};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// An observation as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "StatisticInput::fits"))]
pub struct StatisticInput {
    #[validate(custom(function = slug::valid))]
    pub slug: String,
    /// Empty only in what stands on the public side, where it is joined.
    #[serde(default)]
    #[validate(custom(function = slug::valid))]
    pub indicator: String,
    #[validate(length(max = 300), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    #[validate(length(max = 2000), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 2000)]
    pub claim: String,
    #[validate(custom(function = language::valid))]
    pub lang: String,
    #[serde(default)]
    #[validate(custom(function = number::valid))]
    pub value: Option<String>,
    #[serde(default)]
    #[validate(custom(function = number::valid))]
    pub low: Option<String>,
    #[serde(default)]
    #[validate(custom(function = number::valid))]
    pub high: Option<String>,
    #[schema(inline)]
    pub qualifier: Qualifier,
    #[validate(custom(function = valid_unit))]
    pub unit: String,
    #[serde(default)]
    #[validate(length(max = 200), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 200)]
    pub population: Option<String>,
    #[serde(default)]
    #[validate(length(max = 200), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 200)]
    pub denominator: Option<String>,
    #[serde(default)]
    #[validate(custom(function = valid_sex))]
    pub sex: Option<String>,
    #[serde(default)]
    #[validate(custom(function = valid_age_band))]
    pub age_band: Option<String>,
    #[serde(default)]
    #[validate(custom(function = slug::valid))]
    pub exploitation: Option<String>,
    #[validate(custom(function = place::valid_geography))]
    pub geography: String,
    #[serde(default)]
    pub period_start: Option<NaiveDate>,
    #[serde(default)]
    pub period_end: Option<NaiveDate>,
    #[validate(length(max = 200), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 200)]
    pub publisher: String,
    #[serde(default)]
    #[validate(custom(function = period::valid))]
    pub published_on: Option<String>,
    #[serde(default)]
    #[validate(length(max = 2000), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 2000)]
    pub method_note: Option<String>,
    #[serde(default)]
    #[validate(length(max = 2000), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 2000)]
    pub caveat: Option<String>,
    #[schema(inline)]
    pub observation_status: ObservationStatus,
    #[schema(inline)]
    pub assessment: Assessment,
    #[serde(default)]
    #[validate(custom(function = slug::valid))]
    pub baseline: Option<String>,
    #[serde(default)]
    #[validate(custom(function = slug::valid))]
    pub distribution: Option<String>,
    #[serde(default)]
    #[validate(length(max = 20), nested)]
    #[schema(max_items = 20)]
    pub critiques: Vec<Critique>,
    #[validate(length(min = 1, max = 50), nested)]
    #[schema(min_items = 1, max_items = 50)]
    pub sources: Vec<Citation>,
    #[serde(default)]
    #[schema(ignore)]
    pub verified_at: Option<DateTime<Utc>>,
}

fn valid_unit(unit: &str) -> Result<(), ValidationError> {
    match UNITS.contains(&unit) {
        true => Ok(()),
        false => Err(Invalid::new(
            "unit",
            "it is no unit",
            format!("use one of {}", UNITS.join(", ")),
        )
        .into()),
    }
}

fn valid_sex(sex: &str) -> Result<(), ValidationError> {
    match ["female", "male", "both"].contains(&sex) {
        true => Ok(()),
        false => Err(Invalid::new(
            "sex",
            "it is no value of this dimension",
            "use female, male or both; leave it out for all",
        )
        .into()),
    }
}

/// A band of ages in years.
///
/// # Errors
/// When it is none.
pub fn valid_age_band(band: &str) -> Result<(), ValidationError> {
    let age = |text: &str| {
        (1..=3)
            .contains(&text.len())
            .then(|| text.parse::<u8>().ok())
            .flatten()
    };
    let fits = match (band.strip_suffix('+'), band.split_once('-')) {
        (Some(from), _) => age(from).is_some(),
        (None, Some((from, to))) => age(from).zip(age(to)).is_some_and(|(from, to)| from <= to),
        _ => false,
    };
    match fits {
        true => Ok(()),
        false => Err(Invalid::new("age_band", "it is no age band", "write 0-17 or 18+").into()),
    }
}

impl StatisticInput {
    /// What makes it the same observation: every dimension, its publisher and its source.
    pub fn natural_key(&self) -> String {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
        [
            Some(self.indicator.clone()),
            Some(self.geography.clone()),
            day(self.period_start),
            day(self.period_end),
            self.population.clone(),
            self.denominator.clone(),
            self.sex.clone(),
            self.age_band.clone(),
            self.exploitation.clone(),
            Some(self.publisher.clone()),
            Some(self.unit.clone()),
            self.sources.first().map(|citation| citation.source.clone()),
        ]
        .map(Option::unwrap_or_default)
        .join("|")
    }

    fn fits(&self) -> Result<(), ValidationError> {
        let refused = |field, code, reason: &str, remedy: &str| {
            Err(Invalid::new(code, reason, remedy).at(field).into())
        };
        let figure =
            |text: &Option<String>| text.as_deref().and_then(|text| number::decimal(text).ok());
        let (value, low, high) = (figure(&self.value), figure(&self.low), figure(&self.high));
        let complete = match self.qualifier {
            Qualifier::Range => low.is_some() && high.is_some(),
            Qualifier::AtMost => value.is_some() || high.is_some(),
            _ => {
                value.is_some()
                    || matches!(
                        self.observation_status,
                        ObservationStatus::Suppressed | ObservationStatus::Missing
                    )
            }
        };
        if !complete {
            return refused(
                "value",
                "value",
                "the figure is missing",
                "give value, or low and high for a range",
            );
        }
        let order: Vec<_> = [low, value, high].into_iter().flatten().collect();
        if !order.is_sorted() {
            return refused(
                "value",
                "value",
                "low, value and high are not in order",
                "low ≤ value ≤ high",
            );
        }
        if self
            .period_start
            .zip(self.period_end)
            .is_some_and(|(start, end)| start > end)
        {
            return refused(
                "period_end",
                "period",
                "the period ends before it starts",
                "exchange the two days",
            );
        }
        if self.assessment == Assessment::Disputed && self.critiques.is_empty() {
            return refused(
                "critiques",
                "critiques",
                "a disputed figure names who disputes it",
                "add a critique with its source",
            );
        }
        Ok(())
    }
}
