//! An observation as it is written, and the rules that it keeps.

use super::{
    critique::{Critique, Verdict},
    model::{Assessment, ObservationStatus, Qualifier, UNITS},
    rules,
    shares::Share,
};
use crate::values::{
    Invalid, citation::Citation, figure::Figure, language, number, outcome::Outcome, period, place,
    slug, text, verification::Method,
};
use bigdecimal::BigDecimal;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::fmt::Debug;
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
    #[schema(inline)]
    pub share: Option<Share>,
    #[serde(default)]
    #[validate(length(max = 50), custom(function = slug::valid_list))]
    #[schema(max_items = 50)]
    pub overlaps: Vec<String>,
    #[serde(default)]
    #[validate(custom(function = slug::valid))]
    pub superseded_by: Option<String>,
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(ignore)]
    pub verification_method: Option<Method>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(ignore)]
    pub outcome: Option<Outcome>,
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

/// A value of the dimension `sex`.
///
/// # Errors
/// When it is none.
pub fn valid_sex(sex: &str) -> Result<(), ValidationError> {
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
    /// What makes it the same observation: every dimension, its publisher and its source; what a group leaves is another observation
    /// than its parts.
    pub fn natural_key(&self) -> String {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
        let key = [
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
        .join("|");
        match self.share {
            Some(Share::Remainder) => key + "|remainder",
            _ => key,
        }
    }

    /// All that others compute with of it.
    pub fn computed_from(&self) -> impl Debug {
        (
            (&self.value, &self.low, &self.high, self.qualifier),
            (&self.unit, &self.indicator, &self.geography, &self.sex),
            (&self.age_band, &self.exploitation, self.period_end),
            (&self.baseline, self.observation_status, self.assessment),
        )
    }

    /// Whether a critique of this verdict stands with it.
    pub fn is_told(&self, verdict: Verdict) -> bool {
        self.critiques.iter().any(|one| one.verdict == verdict)
    }

    /// Whether it is disputed and no critique disputes it, so that the arithmetic alone can be what does.
    pub fn is_disputed_by_nobody(&self) -> bool {
        self.assessment == Assessment::Disputed && !self.is_told(Verdict::Disputes)
    }

    /// One of its figures as a number.
    pub fn exact(text: &Option<String>) -> Option<BigDecimal> {
        text.as_deref().and_then(|text| number::decimal(text).ok())
    }

    /// The figure alone, as `values::figure` words it.
    pub fn figure(&self) -> Figure<'_> {
        Figure {
            value: self.value.as_deref(),
            low: self.low.as_deref(),
            high: self.high.as_deref(),
            qualifier: self.qualifier,
            unit: &self.unit,
            status: self.observation_status,
        }
    }

    fn fits(&self) -> Result<(), ValidationError> {
        rules::fit(self).map_err(Into::into)
    }
}
