//! A regional contact as it is written, and the rules that it keeps.

use super::{
    model::{CoordinatePrecision, Role},
    shelters,
};
use crate::values::{
    Invalid,
    citation::Citation,
    contact_point::{self, ContactPointInput},
    hours, language,
    lexicon::found::Found,
    number,
    outcome::Outcome,
    place, slug, text,
    translation::{self, TranslationInput},
    verification::Method,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// A regional contact as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "RegionalContactInput::fits"))]
pub struct RegionalContactInput {
    #[validate(custom(function = slug::valid))]
    pub slug: String,
    #[serde(default)]
    #[validate(custom(function = slug::valid))]
    pub organization: Option<String>,
    #[validate(length(max = 200), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[schema(inline)]
    pub role: Role,
    #[serde(default)]
    #[validate(length(max = 200), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 200)]
    pub role_title: Option<String>,
    #[serde(default)]
    #[validate(length(max = 2000), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 2000)]
    pub notes: Option<String>,
    #[validate(custom(function = language::valid))]
    pub lang: String,
    #[validate(length(min = 1, max = 300), custom(function = place::valid_areas))]
    #[schema(min_items = 1, max_items = 300)]
    pub serves: Vec<String>,
    #[validate(custom(function = place::valid_country))]
    pub country: String,
    #[serde(default)]
    #[validate(custom(function = place::valid_subdivision))]
    pub subdivision: Option<String>,
    #[serde(default)]
    #[validate(length(max = 200), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 200)]
    pub city: Option<String>,
    #[serde(default)]
    #[validate(length(max = 20), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 20)]
    pub postal_code: Option<String>,
    #[serde(default)]
    #[validate(length(max = 500), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 500)]
    pub address: Option<String>,
    #[serde(default)]
    #[validate(custom(function = number::valid))]
    pub latitude: Option<String>,
    #[serde(default)]
    #[validate(custom(function = number::valid))]
    pub longitude: Option<String>,
    #[serde(default)]
    #[schema(inline)]
    pub coordinate_precision: Option<CoordinatePrecision>,
    #[serde(default)]
    #[validate(custom(function = contact_point::web_address))]
    pub website: Option<String>,
    #[serde(default)]
    #[validate(custom(function = hours::valid))]
    pub hours: Option<String>,
    #[serde(default)]
    #[validate(custom(function = hours::valid_zone))]
    pub timezone: Option<String>,
    #[serde(default)]
    #[validate(length(max = 50), nested, custom(function = contact_point::distinct))]
    #[schema(max_items = 50)]
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

impl RegionalContactInput {
    /// Latitude and longitude, where both stand and lie on the earth.
    pub fn point(&self) -> Option<(f64, f64)> {
        let degrees = |text: &Option<String>| text.as_deref().and_then(|t| t.parse::<f64>().ok());
        degrees(&self.latitude).zip(degrees(&self.longitude))
    }

    /// Whether name or role say that it is a shelter.
    pub fn is_shelter(&self) -> bool {
        let translated = self.translations.iter();
        [Some(&self.name), self.role_title.as_ref()]
            .into_iter()
            .chain(translated.flat_map(|one| [one.name.as_ref(), one.role_title.as_ref()]))
            .flatten()
            .any(|said| shelters::calls(said))
    }

    /// When it is open, in the form in which others keep the same hours.
    pub fn schedule(&self) -> Option<String> {
        if Outcome::is_out(self.outcome) {
            return None;
        }
        hours::key(
            self.hours.as_deref(),
            self.timezone.as_deref(),
            Some(&self.country),
        )
    }

    /// What a regional contact is found by: its prose, and its numbers as digits and as printed.
    pub fn found(&self) -> Found {
        let numbers = self
            .contact_points
            .iter()
            .flat_map(|point| point.looked_up_by());
        let found = Found::new("regional_contacts", &self.lang)
            .named(&self.name)
            .named(&self.slug)
            .named(self.organization.as_deref().unwrap_or_default())
            .described(self.role_title.as_ref())
            .described(self.city.as_ref())
            .noted(self.role.name().replace('_', " "))
            .noted(self.notes.as_deref().unwrap_or_default())
            .translated(&self.translations)
            .placed(&self.serves)
            .placed(std::slice::from_ref(&self.country));
        numbers.fold(found, Found::noted)
    }

    fn fits(&self) -> Result<(), ValidationError> {
        let refused = |field, code, reason: &str, remedy: &str| {
            Err(Invalid::new(code, reason, remedy).at(field).into())
        };
        let placed = [
            ("address", self.address.is_some()),
            ("postal_code", self.postal_code.is_some()),
            (
                "latitude",
                self.latitude.is_some() || self.longitude.is_some(),
            ),
        ];
        let placed = placed.into_iter().find(|(_, stands)| *stands);
        if let Some((field, _)) = placed.filter(|_| self.is_shelter()) {
            return refused(
                field,
                "confidential",
                "the place of a shelter must not be in the directory",
                "remove address, postal code and coordinates; the directory does not hold them",
            );
        }
        if self.latitude.is_some() != self.longitude.is_some()
            || self.latitude.is_some() != self.coordinate_precision.is_some()
        {
            return refused(
                "latitude",
                "coordinates",
                "latitude, longitude and coordinate_precision go together",
                "give all three or none",
            );
        }
        if self
            .point()
            .is_some_and(|(lat, lon)| lat.abs() > 90.0 || lon.abs() > 180.0)
        {
            return refused(
                "latitude",
                "coordinates",
                "the point is not on the earth",
                "latitude to ±90, longitude to ±180",
            );
        }
        if self
            .subdivision
            .as_deref()
            .is_some_and(|code| place::country_of(code) != self.country)
        {
            return refused(
                "subdivision",
                "subdivision",
                "the subdivision lies in another country",
                "correct country or subdivision",
            );
        }
        let texts = ["name", "role_title", "notes"];
        translation::fit(&self.translations, &self.lang, &texts)
    }
}
