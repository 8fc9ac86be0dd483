//! A hotline as it is written, and the rules that it keeps.

use super::model::Disclosure;
use crate::values::{
    Invalid,
    citation::Citation,
    contact_point::{self, ContactPointInput},
    hours, language,
    lexicon::found::{Found, language_mark, population_mark, topic_mark},
    outcome::Outcome,
    place, slug, text,
    translation::{self, TranslationInput},
    verification::Method,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// A hotline as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "HotlineInput::fits"))]
pub struct HotlineInput {
    #[validate(custom(function = slug::valid))]
    pub slug: String,
    #[serde(default)]
    #[validate(custom(function = slug::valid))]
    pub organization: Option<String>,
    #[validate(length(max = 200), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[serde(default)]
    #[validate(length(max = 2000), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 2000)]
    pub description: Option<String>,
    #[serde(default)]
    #[validate(length(max = 2000), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 2000)]
    pub notes: Option<String>,
    #[validate(custom(function = language::valid))]
    pub lang: String,
    #[validate(length(min = 1, max = 300), custom(function = place::valid_areas))]
    #[schema(min_items = 1, max_items = 300)]
    pub coverage: Vec<String>,
    #[serde(default)]
    #[validate(custom(function = language::valid_list))]
    pub languages: Vec<String>,
    #[serde(default)]
    #[validate(custom(function = language::valid_list))]
    pub interpreter_languages: Vec<String>,
    #[serde(default)]
    #[validate(custom(function = hours::valid))]
    pub hours: Option<String>,
    #[serde(default)]
    #[validate(custom(function = hours::valid_zone))]
    pub timezone: Option<String>,
    #[serde(default)]
    pub always_open: Option<bool>,
    #[serde(default)]
    #[validate(custom(function = slug::valid_list))]
    pub topics: Vec<String>,
    #[serde(default)]
    #[validate(custom(function = slug::valid_list))]
    pub populations: Vec<String>,
    #[serde(default)]
    #[validate(range(min = 0, max = 120))]
    #[schema(minimum = 0, maximum = 120)]
    pub age_min: Option<i32>,
    #[serde(default)]
    #[validate(range(min = 0, max = 120))]
    #[schema(minimum = 0, maximum = 120)]
    pub age_max: Option<i32>,
    #[serde(default)]
    pub anonymous: Option<bool>,
    #[serde(default)]
    pub confidential: Option<bool>,
    #[schema(inline)]
    pub passed_to_police: Disclosure,
    #[schema(inline)]
    pub passed_to_immigration: Disclosure,
    #[serde(default)]
    #[validate(range(min = 1, max = 100))]
    #[schema(minimum = 1, maximum = 100)]
    pub priority: Option<i32>,
    #[serde(default)]
    #[validate(custom(function = slug::valid))]
    pub show_together: Option<String>,
    #[validate(length(min = 1, max = 50), nested, custom(function = contact_point::distinct))]
    #[schema(min_items = 1, max_items = 50)]
    pub contact_points: Vec<ContactPointInput>,
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

impl HotlineInput {
    /// Whether the whole line is known to lead nowhere.
    pub fn is_out(&self) -> bool {
        Outcome::is_out(self.outcome)
    }

    /// When it is open, in the form in which others keep the same hours.
    pub fn schedule(&self) -> Option<String> {
        if self.is_out() {
            return None;
        }
        hours::key(
            self.hours.as_deref(),
            self.timezone.as_deref(),
            hours::holidays_of(&self.coverage),
        )
    }

    /// What a hotline is found by: its prose, its numbers as digits and as printed, where it serves.
    pub fn found(&self) -> Found {
        let spoken = self.languages.iter().chain(&self.interpreter_languages);
        let numbers = self
            .contact_points
            .iter()
            .flat_map(|point| point.looked_up_by());
        let found = Found::new("hotlines", &self.lang)
            .named(&self.name)
            .named(&self.slug)
            .named(self.organization.as_deref().unwrap_or_default())
            .described(self.description.as_ref())
            .noted(self.notes.as_deref().unwrap_or_default())
            .translated(&self.translations)
            .placed(&self.coverage)
            .marked(self.topics.iter().map(|slug| topic_mark(slug)))
            .marked(self.populations.iter().map(|slug| population_mark(slug)))
            .marked(
                spoken
                    .flat_map(|tag| language::found_by(tag))
                    .map(|tag| language_mark(&tag)),
            );
        numbers.fold(found, Found::noted)
    }

    fn fits(&self) -> Result<(), ValidationError> {
        let refused = |field, code, reason: &str, remedy: &str| {
            Err(Invalid::new(code, reason, remedy).at(field).into())
        };
        let always = self.hours.as_deref() == Some("24/7");
        if always != (self.always_open == Some(true)) {
            return refused(
                "always_open",
                "hours",
                "hours and always_open disagree",
                "write 24/7 and true together, or neither",
            );
        }
        if self.hours.is_some() && !always && self.timezone.is_none() {
            return refused(
                "timezone",
                "timezone",
                "hours without their zone say nothing",
                "add the IANA zone",
            );
        }
        if self
            .age_min
            .zip(self.age_max)
            .is_some_and(|(min, max)| min > max)
        {
            return refused(
                "age_min",
                "ages",
                "age_min is above age_max",
                "exchange them",
            );
        }
        let texts = ["name", "description", "notes"];
        translation::fit(&self.translations, &self.lang, &texts)
    }
}
