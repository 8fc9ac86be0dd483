//! Names of countries and languages in many languages, from the Unicode CLDR (Unicode-3.0) as the
//! crate `icu_experimental` carries it.

use super::{language, place};
use icu_experimental::displaynames::multi::{LanguageDisplayNames, RegionDisplayNames};
use icu_locale_core::{Locale, subtags};

/// The languages that names are given in: canonical tags, sorted. Each has a name for every
/// country of the closed list.
pub const LANGUAGES: [&str; 62] = [
    "af", "am", "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "da", "de", "el", "en", "es", "et",
    "fa", "fi", "fil", "fr", "gu", "he", "hi", "hr", "hu", "hy", "id", "it", "ja", "ka", "kk",
    "km", "ko", "ky", "lo", "lt", "lv", "mn", "mr", "ms", "my", "ne", "nl", "no", "pa", "pl", "pt",
    "ro", "ru", "si", "sk", "sl", "sq", "sr", "sv", "sw", "ta", "th", "tr", "uk", "zh", "zh-Hant",
];

/// The language of the list that names for a tag come in: its own or a shorter one (`es-MX` has
/// the names of `es`, `tl` those of `fil`).
pub fn given_in(tag: &str) -> Option<&'static str> {
    let forms = language::found_by(tag);
    let known = |form: &String| LANGUAGES.into_iter().find(|known| known == form);
    forms.iter().find_map(known)
}

/// The name of a country in the language of [`given_in`].
pub fn country(code: &str, lang: &str) -> Option<String> {
    let country = place::Country::parse(code).ok()?;
    let region: subtags::Region = country.code.parse().ok()?;
    let locale: Locale = given_in(lang)?.parse().ok()?;
    let names = RegionDisplayNames::try_new((&locale).into(), Default::default()).ok()?;
    names.of(region).map(str::to_owned)
}

/// The name of a UN M49 region, or of the EU, in the language of [`given_in`].
pub fn region(code: &str, lang: &str) -> Option<String> {
    let region: subtags::Region = code.parse().ok()?;
    let locale: Locale = given_in(lang)?.parse().ok()?;
    let names = RegionDisplayNames::try_new((&locale).into(), Default::default()).ok()?;
    names.of(region).map(str::to_owned)
}

/// The name of a language, such as `español` for `es` in `es`, in the language of [`given_in`].
/// Of a longer tag it names the language alone.
pub fn language(tag: &str, lang: &str) -> Option<String> {
    let named = language::canonical(tag).ok()?;
    let named: subtags::Language = named.split('-').next()?.parse().ok()?;
    let locale: Locale = given_in(lang)?.parse().ok()?;
    let names = LanguageDisplayNames::try_new((&locale).into(), Default::default()).ok()?;
    names.of(named).map(str::to_owned)
}

/// The names of a country in every language of the list.
#[allow(dead_code, reason = "a search for places in any script asks for it")]
pub fn country_in_all(code: &str) -> Vec<(&'static str, String)> {
    let name = |lang| Some((lang, country(code, lang)?));
    LANGUAGES.into_iter().filter_map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_a_name_in_every_language() {
        for one in place::Country::all() {
            let names = country_in_all(one.code);
            assert_eq!(names.len(), LANGUAGES.len(), "{}: {names:?}", one.code);
            assert!(names.iter().all(|(_, name)| name != one.code), "{names:?}");
        }
    }

    #[test]
    fn the_list_is_sorted_and_canonical() {
        assert!(LANGUAGES.is_sorted());
        for tag in LANGUAGES {
            assert_eq!(language::canonical(tag).as_deref(), Ok(tag));
            assert!(language("es", tag).is_some(), "{tag}");
        }
    }

    #[test]
    fn names_come_in_the_language_asked_or_not_at_all() {
        assert_eq!(country("DE", "es-MX").as_deref(), Some("Alemania"));
        assert_eq!(country("de", "tl"), country("DE", "fil"));
        assert_eq!(country("DE", "zh-Hant-TW").as_deref(), Some("德國"));
        assert_eq!(country("XX", "es"), None);
        assert_eq!(country("DE", "qaa"), None);
        assert_eq!(language("es", "es").as_deref(), Some("español"));
        assert_eq!(language("tl", "de").as_deref(), Some("Filipino"));
        assert_eq!(language("qaa", "de"), None);
    }
}
