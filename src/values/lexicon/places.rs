//! Names and codes of places, as people write them in a search.

use super::found::words;
use crate::values::{names, place::Country};
use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

/// Names in use that neither ISO 3166 nor the CLDR gives first.
const OTHER_NAMES: [(&str, &str); 92] = [
    ("america", "US"),
    ("andalusia", "ES-AN"),
    ("bangkok", "TH-10"),
    ("basque country", "ES-PV"),
    ("bavaria", "DE-BY"),
    ("beijing", "CN-BJ"),
    ("bogota", "CO-DC"),
    ("bolivia", "BO"),
    ("britain", "GB"),
    ("brittany", "FR-BRE"),
    ("brunei", "BN"),
    ("brussels", "BE-BRU"),
    ("burma", "MM"),
    ("cairo", "EG-C"),
    ("cape verde", "CV"),
    ("carinthia", "AT-2"),
    ("catalonia", "ES-CT"),
    ("congo kinshasa", "CD"),
    ("czech republic", "CZ"),
    ("dr congo", "CD"),
    ("drc", "CD"),
    ("dubai", "AE-DU"),
    ("east timor", "TL"),
    ("flanders", "BE-VLG"),
    ("geneva", "CH-GE"),
    ("great britain", "GB"),
    ("hesse", "DE-HE"),
    ("holland", "NL"),
    ("hong kong", "HK"),
    ("iran", "IR"),
    ("ivory coast", "CI"),
    ("korea", "KR"),
    ("laos", "LA"),
    ("lisbon", "PT-11"),
    ("lombardy", "IT-25"),
    ("lower saxony", "DE-NI"),
    ("lucerne", "CH-LU"),
    ("macau", "MO"),
    ("macedonia", "MK"),
    ("mexico city", "MX-CMX"),
    ("moldova", "MD"),
    ("moscow", "RU-MOW"),
    ("normandy", "FR-NOR"),
    ("north korea", "KP"),
    ("north rhine westphalia", "DE-NW"),
    ("osaka", "JP-27"),
    ("palestine", "PS"),
    ("piedmont", "IT-21"),
    ("prague", "CZ-10"),
    ("quebec", "CA-QC"),
    ("russia", "RU"),
    ("saint petersburg", "RU-SPE"),
    ("sao paulo", "BR-SP"),
    ("sardinia", "IT-88"),
    ("saxony", "DE-SN"),
    ("seoul", "KR-11"),
    ("shanghai", "CN-SH"),
    ("sharjah", "AE-SH"),
    ("sicily", "IT-82"),
    ("south korea", "KR"),
    ("styria", "AT-6"),
    ("swaziland", "SZ"),
    ("syria", "SY"),
    ("taipei", "TW-TPE"),
    ("taiwan", "TW"),
    ("tanzania", "TZ"),
    ("thuringia", "DE-TH"),
    ("tokyo", "JP-13"),
    ("turkey", "TR"),
    ("tuscany", "IT-52"),
    ("tyrol", "AT-7"),
    ("u k", "GB"),
    ("u s", "US"),
    ("u s a", "US"),
    ("uae", "AE"),
    ("uk", "GB"),
    ("vatican", "VA"),
    ("venezuela", "VE"),
    ("vienna", "AT-9"),
    ("wallonia", "BE-WAL"),
    ("zurich", "CH-ZH"),
    ("россия", "RU"),
    ("الإمارات", "AE"),
    ("السعودية", "SA"),
    ("ประเทศไทย", "TH"),
    ("中国", "CN"),
    ("中國", "CN"),
    ("澳門", "MO"),
    ("澳门", "MO"),
    ("香港", "HK"),
    ("대한민국", "KR"),
    ("한국", "KR"),
];

/// Names of what is wider than a country: M49 regions, regions of publishers, the world.
const REGIONS: [(&str, &str); 25] = [
    ("africa", "002"),
    ("africa", "XSA"),
    ("america latina", "419"),
    ("americas", "019"),
    ("arab states", "XIA"),
    ("asia", "142"),
    ("asia and the pacific", "XIP"),
    ("asia pacific", "XIP"),
    ("caribbean", "029"),
    ("central america", "013"),
    ("east asia and pacific", "XSE"),
    ("eu", "EU"),
    ("europe", "150"),
    ("europe and central asia", "XIE"),
    ("european union", "EU"),
    ("global", "WLD"),
    ("globally", "WLD"),
    ("latin america", "419"),
    ("near east", "XSN"),
    ("oceania", "009"),
    ("south america", "005"),
    ("western hemisphere", "XSW"),
    ("world", "WLD"),
    ("world wide", "WLD"),
    ("worldwide", "WLD"),
];

/// Names of subdivisions that are words first.
const WORDS_FIRST: &str = "alo capital centar center central centre centro city coast delta east eastern est este \
islands lakes leste most nord norte north northern oeste ouest plateau region rivers south southern sud sul sur \
union west western saba";

/// What places are called.
pub struct Places {
    /// Codes by folded name.
    named: HashMap<String, Vec<&'static str>>,
    /// Subdivisions by folded code.
    coded: HashMap<String, &'static str>,
    /// Words of names in English and of subdivisions, for those who mistype them.
    words: HashSet<String>,
}

/// Read once a process.
pub static PLACES: LazyLock<Places> = LazyLock::new(Places::read);

impl Places {
    fn read() -> Self {
        let mut places = Self {
            named: HashMap::new(),
            coded: HashMap::new(),
            words: HashSet::new(),
        };
        for country in Country::all() {
            places.add(country.name, country.code, true);
            for (language, name) in names::country_in_all(country.code) {
                places.add(&name, country.code, language == "en");
            }
        }
        for country in rust_iso3166::ALL {
            places.add(country.alpha3, country.alpha2, false);
        }
        let first: HashSet<&str> = WORDS_FIRST.split_whitespace().collect();
        for one in rust_iso3166::iso3166_2::SUBDIVISION_MAP.values() {
            if !first.contains(words(one.name).join(" ").as_str()) {
                places.add(one.name, one.code, true);
            }
            places.coded.insert(words(one.code).join(" "), one.code);
        }
        for (name, code) in OTHER_NAMES.into_iter().chain(REGIONS) {
            places.add(name, code, true);
        }
        places
    }

    /// A name with and without what stands in brackets or behind a comma.
    fn add(&mut self, name: &str, code: &'static str, mistyped: bool) {
        let bare = name.split(['(', '[', ',', '/']).next().unwrap_or_default();
        for form in [name, bare] {
            let parts = words(form);
            let folded = parts.join(" ");
            if folded.is_empty()
                || (folded.is_ascii() && folded.len() < 3 && !["uk", "eu"].contains(&form))
            {
                continue;
            }
            if mistyped {
                self.words
                    .extend(parts.into_iter().filter(|word| word.len() > 3));
            }
            let codes = self.named.entry(folded).or_default();
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
    }

    /// The places of a folded name.
    pub fn named(&self, name: &str) -> &[&'static str] {
        self.named.get(name).map_or(&[], Vec::as_slice)
    }

    /// The place of a code: two letters, or a subdivision's with its parts apart by a blank.
    pub fn coded(&self, code: &str) -> Option<&'static str> {
        let country = || {
            let country = Country::parse(code).ok().filter(|_| code.len() == 2)?;
            Some(country.code)
        };
        self.coded.get(code).copied().or_else(country)
    }

    /// The words of names that people mistype.
    pub fn words(&self) -> &HashSet<String> {
        &self.words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_names_in_many_languages_and_codes() {
        for (name, code) in [
            ("mexico", "MX"),
            ("deutschland", "DE"),
            ("украина", "UA"),
            ("日本", "JP"),
            ("baja california", "MX-BCN"),
            ("texas", "US-TX"),
            ("usa", "US"),
            ("uk", "GB"),
            ("georgia", "GE"),
            ("georgia", "US-GA"),
            ("czech republic", "CZ"),
        ] {
            assert!(PLACES.named(name).contains(&code), "{name}");
        }
        assert_eq!(PLACES.coded("us ca"), Some("US-CA"));
        assert_eq!(PLACES.coded("mx"), Some("MX"));
        assert!(PLACES.named("centre").is_empty() && PLACES.named("no").is_empty());
        for (name, code) in OTHER_NAMES.into_iter().chain(REGIONS) {
            assert!(crate::values::place::is_geography(code), "{name}: {code}");
        }
    }
}
