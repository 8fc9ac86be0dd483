//! Countries to choose from, by their names in a language.

use crate::values::{labels::LANGUAGES, names, place::Country};
use deunicode::deunicode;
use std::sync::OnceLock;

/// A country and its name.
pub type Named = (&'static str, String);

/// The countries in the order of their names, made once for each language.
pub fn all(lang: &str) -> &'static [Named] {
    static NAMED: [OnceLock<Vec<Named>>; LANGUAGES.len()] =
        [const { OnceLock::new() }; LANGUAGES.len()];
    let place = LANGUAGES.iter().position(|known| *known == lang);
    let place = place.unwrap_or_default();
    NAMED[place].get_or_init(|| named(LANGUAGES[place]))
}

fn named(lang: &str) -> Vec<Named> {
    let name = |code| names::country(code, lang).or_else(|| names::country(code, "en"));
    let countries = Country::all().map(|one| (one.code, name(one.code).unwrap_or_default()));
    let mut countries: Vec<Named> = countries.collect();
    // Other alphabets stand in the order of their letters; Chinese is ordered by its sound.
    let own = ["ru", "ar", "hi"].contains(&lang);
    countries.sort_by_cached_key(|(_, name)| match own {
        true => name.clone(),
        false => deunicode(name).to_lowercase(),
    });
    countries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_a_name_and_a_place() {
        for lang in LANGUAGES {
            assert_eq!(all(lang).len(), Country::all().count(), "{lang}");
            assert!(all(lang).iter().all(|(_, name)| !name.is_empty()), "{lang}");
        }
        let place = |lang, code| all(lang).iter().position(|(own, _)| *own == code);
        // Österreich before Polen, Ägypten near Albanien.
        assert!(place("de", "AT") < place("de", "PL"));
        assert!(place("de", "EG") < place("de", "AL"));
    }
}
