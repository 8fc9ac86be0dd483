//! The words of the interface, in the languages of labels. Those that labels have already are
//! taken from there.

use crate::values::labels::{self, LANGUAGES};
use serde_json::{Map, Value};
use std::{collections::HashMap, sync::LazyLock};

/// The table: a key and a text in each of [`LANGUAGES`]. Its row `translation` says of each language
/// how it came about: `none`, `machine` or, once a person has checked all of it, `human`.
const TABLE: &str = include_str!("strings.csv");

static WORDS: LazyLock<HashMap<String, Vec<String>>> = LazyLock::new(|| {
    let mut table = csv::Reader::from_reader(TABLE.as_bytes());
    let rows = table.records().filter_map(Result::ok);
    rows.map(|row| {
        let mut cells = row.iter().map(str::to_owned);
        (cells.next().unwrap_or_default(), cells.collect())
    })
    .collect()
});

/// The text of a key in a language, where both are known.
pub fn word(key: &str, lang: &str) -> Option<&'static str> {
    let place = LANGUAGES.iter().position(|known| *known == lang)?;
    WORDS.get(key)?.get(place).map(String::as_str)
}

/// The texts that a program may say, by key: those of the table that are not of pages alone, and of
/// its `mentioned` words those that are keys of labels.
pub fn spoken<'a>(lang: &str, mentioned: impl Iterator<Item = &'a str>) -> Map<String, Value> {
    // Those with a dot are words of pages alone.
    let own = WORDS.keys().map(String::as_str);
    let own = own.filter(|key| !key.contains('.'));
    let own = own.filter_map(|key| Some((key, word(key, lang)?)));
    let labels = mentioned
        .filter(|key| key.contains('.'))
        .map(|key| (key, labels::label(key, lang).0))
        .filter(|(key, text)| key != text);
    let mut all: Vec<(&str, &str)> = own.chain(labels).collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter()
        .map(|(key, text)| (key.to_owned(), Value::from(text)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn places(text: &str) -> BTreeSet<&str> {
        let parts = text.split('{').skip(1);
        parts.filter_map(|part| part.split('}').next()).collect()
    }

    #[test]
    fn every_key_has_all_languages_with_the_same_places() {
        let header = TABLE.lines().next().unwrap();
        assert_eq!(header, format!("key,{}", LANGUAGES.join(",")));
        assert_eq!(WORDS.len(), TABLE.lines().count() - 1, "a key stands twice");
        for (key, texts) in WORDS.iter() {
            assert_eq!(texts.len(), LANGUAGES.len(), "{key}");
            assert!(labels::label(key, "en").0 == key, "{key} is a label");
            for text in texts {
                assert_eq!(text.trim(), text, "{key}");
                assert!(!text.is_empty(), "{key}");
                assert_eq!(places(text), places(&texts[0]), "{key}: {text}");
            }
        }
        for lang in LANGUAGES {
            let how = word("translation", lang).unwrap();
            assert!(["none", "machine", "human"].contains(&how), "{lang}");
            assert_eq!(how == "none", lang == LANGUAGES[0]);
        }
    }

    #[test]
    fn labels_are_said_as_they_stand() {
        let said = spoken("es", ["channel.chat", "text/x.y", "call"].into_iter());
        assert_eq!(said["channel.chat"], "chat");
        assert_eq!(said["call"], "Llamar");
        assert!(!said.contains_key("text/x.y"));
    }
}
