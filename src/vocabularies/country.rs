//! What a country is: its names, its emergency numbers, what the directory holds about it.

use super::input::{CountryInput, ORIGINAL};
use crate::{
    db::record::Record,
    values::{
        citation::{self, Citation},
        freshness::Freshness,
        labels::{self, Translated},
        licence, names, place,
        translation::{TextLanguage, Texts},
        view::View,
    },
};
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// A number of an emergency service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EmergencyNumber {
    /// As dialled inside the country.
    #[schema(example = "112")]
    pub number: String,
    /// For a link that calls.
    #[schema(example = "tel:112")]
    pub tel_uri: String,
    /// Which service answers: `unknown` where no source says it. New values may be added.
    #[schema(value_type = String, example = "unknown")]
    pub service: &'static str,
}

/// How much the directory holds about a country.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Coverage {
    /// Organizations with their seat there.
    #[schema(minimum = 0)]
    pub organizations: i64,
    /// Hotlines for the country or a part of it; worldwide ones not counted.
    #[schema(minimum = 0)]
    pub hotlines: i64,
    /// Regional contacts that serve it or a part of it; those of wider areas not counted.
    #[schema(minimum = 0)]
    pub regional_contacts: i64,
}

/// A country, its emergency numbers, and how much the directory holds about it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Country {
    /// UUIDv7 of the record of its numbers, which changes name it by; `null` without numbers.
    pub id: Option<Uuid>,
    /// ISO 3166-1 alpha-2.
    #[schema(example = "PH")]
    pub code: String,
    /// The name in the language asked for, from the Unicode CLDR; else the English short name of
    /// ISO 3166-1.
    #[schema(example = "Philippines")]
    pub name: String,
    /// In which language each text stands here, by field, and whether it is a translation.
    #[schema(value_type = BTreeMap<String, TextLanguage>, example = json!({"name": {"lang": "en", "translation": "none"}}))]
    pub text: Texts,
    /// The name in ten languages: English as in ISO 3166-1, the others from the Unicode CLDR.
    #[schema(value_type = BTreeMap<String, String>, example = json!({"en": "Philippines", "es": "Filipinas"}))]
    pub names: BTreeMap<&'static str, String>,
    /// International calling code; `null` where it has none of its own.
    #[schema(minimum = 1, maximum = 999, example = 63)]
    pub calling_code: Option<u16>,
    /// Whether a source gives emergency numbers. If not they are unknown, not absent.
    pub emergency_numbers_known: bool,
    /// Emergency numbers, all alike where no source says which is the usual one.
    pub emergency_numbers: Vec<EmergencyNumber>,
    /// How much the directory holds.
    pub coverage: Coverage,
    /// The ledger's revision of the last change of the numbers; `null` without numbers.
    pub revision: Option<i64>,
    /// How old the knowledge of the numbers is, by the newest of their sources; `null` without numbers.
    pub freshness: Option<Freshness>,
    /// Where the numbers were read.
    pub sources: Vec<Citation>,
    /// The licence of this compilation; sources name their own.
    #[schema(example = "CC-BY-4.0")]
    pub licence: &'static str,
    /// How to credit it.
    #[schema(example = "Lodestar contributors")]
    pub attribution: &'static str,
}

/// A country's emergency numbers as a copy of the directory keeps them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CountryNumbers {
    /// ISO 3166-1 alpha-2.
    #[schema(example = "PH")]
    pub code: String,
    /// The ledger's revision of its last change.
    pub revision: i64,
    /// How old the knowledge of them is, by the newest of their sources.
    pub freshness: Freshness,
    /// Emergency numbers, all alike where no source says which is the usual one.
    pub emergency_numbers: Vec<EmergencyNumber>,
    /// Where they were read.
    pub sources: Vec<Citation>,
}

impl CountryInput {
    /// How old the knowledge of its numbers is. Nobody calls them to try.
    pub fn freshness(&self, today: NaiveDate) -> Freshness {
        Freshness::on(today, None, citation::newest(&self.sources))
    }
}

impl CountryNumbers {
    /// The numbers of a record.
    pub fn of(view: &View, record: &Record, input: CountryInput) -> Self {
        Self {
            freshness: input.freshness(view.today),
            code: input.slug,
            revision: record.revision,
            emergency_numbers: input
                .emergency_numbers
                .into_iter()
                .map(EmergencyNumber::of)
                .collect(),
            sources: input.sources,
        }
    }
}

impl EmergencyNumber {
    fn of(number: String) -> Self {
        Self {
            tel_uri: format!("tel:{number}"),
            number,
            service: "unknown",
        }
    }
}

/// The name of a country in a language, or the English one where there is none; and which.
fn country_name(country: place::Country, lang: &str) -> (String, TextLanguage) {
    let given = names::given_in(lang).filter(|given| *given != ORIGINAL);
    let found = given.and_then(|given| Some((names::country(country.code, given)?, given)));
    let (name, lang, translation) = match found {
        Some((name, lang)) => (name, lang, Translated::Human),
        None => (country.name.to_owned(), ORIGINAL, Translated::None),
    };
    let lang = lang.to_owned();
    (name, TextLanguage { lang, translation })
}

impl Country {
    /// A country of the list, with its numbers where a record has them.
    pub fn of(
        view: &View,
        country: place::Country,
        known: Option<(&Record, CountryInput)>,
        coverage: Coverage,
    ) -> Self {
        let (name, said) = country_name(country, view.lang.as_deref().unwrap_or(ORIGINAL));
        let names = labels::LANGUAGES.map(|lang| (lang, country_name(country, lang).0));
        let id = known.as_ref().map(|(record, _)| record.id);
        let revision = known.as_ref().map(|(record, _)| record.revision);
        let freshness = known.as_ref().map(|(_, input)| input.freshness(view.today));
        let (numbers, sources) = known
            .map(|(_, input)| (input.emergency_numbers, input.sources))
            .unwrap_or_default();
        Self {
            id,
            code: country.code.to_owned(),
            name,
            text: Texts::from([("name", said)]),
            names: names.into(),
            calling_code: country.calling_code(),
            emergency_numbers_known: revision.is_some(),
            emergency_numbers: numbers.into_iter().map(EmergencyNumber::of).collect(),
            coverage,
            revision,
            freshness,
            sources,
            licence: licence::LICENCE,
            attribution: licence::ATTRIBUTION,
        }
    }
}
