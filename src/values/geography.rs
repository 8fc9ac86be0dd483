//! Where a figure was counted, as readers are shown it: code, name, scheme and level.

use super::{
    labels::{self, Translated},
    names,
    place::{self, PUBLISHER_REGIONS, WORLD},
    translation::TextLanguage,
};
use serde::Serialize;
use utoipa::ToSchema;

/// The list that a code is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// Countries.
    #[serde(rename = "iso_3166_1")]
    Iso3166Countries,
    /// Subdivisions of countries.
    #[serde(rename = "iso_3166_2")]
    Iso3166Subdivisions,
    /// Regions of the United Nations.
    #[serde(rename = "un_m49")]
    UnM49,
    /// `EU`, `WLD`, and regions as their publishers define them (data/README.md).
    Region,
}

/// How wide an area is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Everywhere.
    World,
    /// Several countries.
    Region,
    /// One country.
    Country,
    /// A part of one country.
    Subdivision,
}

/// Where a figure was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Geography {
    /// ISO 3166-1 alpha-2, ISO 3166-2, UN M49, `EU`, `WLD`, or a publisher's region
    /// (data/README.md).
    #[schema(example = "US")]
    pub code: String,
    /// The name in the language asked for, from the Unicode CLDR; of a subdivision as ISO 3166-2
    /// writes it, in a language of its country.
    #[schema(example = "United States")]
    pub name: String,
    /// `iso_3166_1`, `iso_3166_2`, `un_m49`, or `region` for `EU`, `WLD` and publishers' regions.
    /// New schemes may be added.
    #[schema(value_type = String, example = "iso_3166_1")]
    pub scheme: Scheme,
    /// `world`, `region`, `country` or `subdivision`. New levels may be added.
    #[schema(value_type = String, example = "country")]
    pub level: Level,
    /// Whether it holds several countries: its figures are not to be added to theirs.
    pub aggregate: bool,
}

impl Geography {
    /// The geography of a code with its name in a language, and in which language that is; the
    /// language of a subdivision's name is not known.
    pub fn of(code: &str, lang: &str) -> (Self, Option<TextLanguage>) {
        let (scheme, level) = kind(code);
        let (name, said) = named(code, level, lang);
        let geography = Self {
            code: code.to_owned(),
            name,
            scheme,
            level,
            aggregate: matches!(level, Level::World | Level::Region),
        };
        (geography, said)
    }
}

fn kind(code: &str) -> (Scheme, Level) {
    let publishers = PUBLISHER_REGIONS.iter().any(|(own, _)| *own == code);
    match code {
        WORLD => (Scheme::Region, Level::World),
        "EU" => (Scheme::Region, Level::Region),
        _ if publishers => (Scheme::Region, Level::Region),
        _ if code.bytes().all(|byte| byte.is_ascii_digit()) => (Scheme::UnM49, Level::Region),
        _ if code.contains('-') => (Scheme::Iso3166Subdivisions, Level::Subdivision),
        _ => (Scheme::Iso3166Countries, Level::Country),
    }
}

/// The name of an area; a code without one stands for itself.
fn named(code: &str, level: Level, lang: &str) -> (String, Option<TextLanguage>) {
    if level == Level::Subdivision {
        let name = place::subdivision_name(code).unwrap_or(code);
        return (name.to_owned(), None);
    }
    let label = labels::filled(&format!("place.{code}"), lang, &[]);
    if label.text != format!("place.{code}") {
        let (lang, translation) = (label.lang.to_owned(), label.translation);
        return (label.text, Some(TextLanguage { lang, translation }));
    }
    let given = names::given_in(lang).unwrap_or("en");
    let name = match level {
        Level::Country => names::country(code, given),
        _ => names::region(code, given),
    };
    let translation = match given {
        "en" => Translated::None,
        _ => Translated::Human,
    };
    let lang = given.to_owned();
    let name = name.unwrap_or_else(|| code.to_owned());
    (name, Some(TextLanguage { lang, translation }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn geographies_are_named_and_placed() {
        let of = |code, lang| Geography::of(code, lang).0;
        for (code, lang, name, scheme, level, aggregate) in [
            ("US", "en", "United States", "iso_3166_1", "country", false),
            (
                "US",
                "de-AT",
                "Vereinigte Staaten",
                "iso_3166_1",
                "country",
                false,
            ),
            ("XK", "en", "Kosovo", "iso_3166_1", "country", false),
            (
                "US-CA",
                "es",
                "California",
                "iso_3166_2",
                "subdivision",
                false,
            ),
            ("002", "es", "África", "un_m49", "region", true),
            ("EU", "fr", "Union européenne", "region", "region", true),
            ("WLD", "en", "World", "region", "world", true),
            ("WLD", "ar", "العالم", "region", "world", true),
            (
                "XIP",
                "en",
                "ILO: Asia and the Pacific",
                "region",
                "region",
                true,
            ),
        ] {
            let shown = serde_json::to_value(of(code, lang)).unwrap();
            let expected = serde_json::json!({
                "code": code, "name": name, "scheme": scheme, "level": level, "aggregate": aggregate,
            });
            assert_eq!(shown, expected);
        }
    }

    #[test]
    fn every_region_of_a_publisher_has_a_label() {
        for (code, name) in PUBLISHER_REGIONS {
            assert_eq!(Geography::of(code, "en").0.name, name);
            assert_ne!(Geography::of(code, "zh").0.name, name);
        }
    }

    #[test]
    fn names_say_their_language() {
        let said = |code, lang| {
            let (_, said) = Geography::of(code, lang);
            said.map(|text| (text.lang, text.translation))
        };
        assert_eq!(said("US", "sw"), Some(("sw".to_owned(), Translated::Human)));
        assert_eq!(said("US", "qaa"), Some(("en".to_owned(), Translated::None)));
        assert_eq!(said("WLD", "sw"), Some(("en".to_owned(), Translated::None)));
        assert_eq!(
            said("XIP", "es"),
            Some(("es".to_owned(), Translated::Machine))
        );
        assert_eq!(said("US-CA", "es"), None);
    }
}
