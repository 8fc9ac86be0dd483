//! Labels of closed lists and sentences of answers, in ten languages. English is the original; the
//! others are translations that no person has checked yet.

use super::{language, translation::TextLanguage};
use serde::Serialize;
use std::{collections::HashMap, sync::LazyLock};
use utoipa::ToSchema;

/// The languages of labels, canonical tags, the original first.
pub const LANGUAGES: [&str; 10] = ["en", "es", "fr", "pt", "ru", "ar", "zh", "hi", "de", "fil"];

/// The labels by key, in the order of [`LANGUAGES`].
static LABELS: LazyLock<HashMap<&'static str, Vec<String>>> = LazyLock::new(|| {
    let table = include_str!("labels.csv").split_once('\n');
    let rows = table.map_or("", |(_, rows)| rows).lines();
    rows.filter_map(|row| row.split_once(','))
        .map(|(key, cells)| (key, split(cells)))
        .collect()
});

/// The cells of a row: those with a comma stand in quotes, none holds a quote or a line end.
fn split(mut cells: &str) -> Vec<String> {
    let mut found = Vec::new();
    while !cells.is_empty() {
        let (cell, rest) = match cells.strip_prefix('"') {
            Some(quoted) => {
                let (cell, rest) = quoted.split_once('"').unwrap_or((quoted, ""));
                (cell, rest.strip_prefix(',').unwrap_or(rest))
            }
            None => cells.split_once(',').unwrap_or((cells, "")),
        };
        found.push(cell.to_owned());
        cells = rest;
    }
    found
}

/// How a text came into its language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Translated {
    /// It is the original.
    None,
    /// A person translated or checked it.
    Human,
    /// A machine translated it, and nobody has checked it.
    Machine,
}

/// A sentence or a word to show, and the language that it is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Label {
    /// What to show.
    pub text: String,
    /// The language that it is in, BCP 47: the one asked for, or the original's.
    #[schema(example = "es")]
    pub lang: &'static str,
    /// `none` for the original, `machine` or `human` for a translation. New values may be added.
    #[schema(value_type = String, example = "machine")]
    pub translation: Translated,
}

/// The text of a key in a language or a shorter form of it (`es-MX` finds `es`), else the
/// original; and the language that it is in. A key that is not in the table stands for itself.
pub fn label<'a>(key: &'a str, lang: &str) -> (&'a str, &'static str) {
    let forms = language::found_by(lang);
    let place = |form: &String| LANGUAGES.iter().position(|known| known == form);
    let place = forms.iter().find_map(place).unwrap_or(0);
    match LABELS.get(key).and_then(|texts| texts.get(place)) {
        Some(text) => (text, LANGUAGES[place]),
        None => (key, LANGUAGES[0]),
    }
}

/// The language that labels come in where one is asked for: itself, a shorter form, or the
/// original.
pub fn given_in(lang: &str) -> String {
    label("open_state.open", lang).1.to_owned()
}

/// The same, and how labels came into it.
pub fn said(lang: &str) -> TextLanguage {
    let lang = given_in(lang);
    let translation = match lang == LANGUAGES[0] {
        true => Translated::None,
        false => Translated::Machine,
    };
    TextLanguage { lang, translation }
}

/// The same with its `{name}` places filled in.
pub fn filled(key: &str, lang: &str, values: &[(&str, &str)]) -> Label {
    let (pattern, lang) = label(key, lang);
    Label {
        text: fill(pattern, values),
        lang,
        translation: match lang == LANGUAGES[0] {
            true => Translated::None,
            false => Translated::Machine,
        },
    }
}

/// A text with its `{name}` places filled in.
pub fn fill(pattern: &str, values: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(pattern.len());
    let mut rest = pattern;
    // What is filled in is not read again: it may hold braces of its own.
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(before);
        let value = values.iter().find(|(known, _)| *known == name);
        text.push_str(value.map_or("", |(_, value)| value));
        rest = after;
    }
    text.push_str(rest);
    text
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
        let table = include_str!("labels.csv");
        let (header, rows) = table.split_once('\n').unwrap();
        assert_eq!(header, format!("key,{}", LANGUAGES.join(",")));
        assert_eq!(rows.lines().count(), LABELS.len(), "a key stands twice");
        for (key, texts) in LABELS.iter() {
            assert_eq!(texts.len(), LANGUAGES.len(), "{key}");
            for text in texts {
                assert_eq!(text.trim(), text, "{key}");
                assert!(!text.is_empty() && !text.contains('"'), "{key}");
                assert_eq!(places(text), places(&texts[0]), "{key}: {text}");
            }
            let mut arabic = texts[5].clone();
            for place in places(&texts[0]) {
                arabic = arabic.replace(&format!("{{{place}}}"), "");
            }
            let latin = arabic.chars().any(|c| c.is_ascii_alphabetic());
            assert!(!latin, "{key}: {arabic}");
        }
    }

    #[test]
    fn closed_lists_are_labelled() {
        let channels = crate::values::contact_point::CHANNELS.map(|name| ("channel", name));
        let states = ["open", "closed", "unknown"].map(|name| ("open_state", name));
        for (list, name) in channels.into_iter().chain(states) {
            assert!(LABELS.contains_key(&*format!("{list}.{name}")), "{name}");
        }
    }

    #[test]
    fn labels_say_their_language() {
        assert_eq!(label("open_state.open", "es-MX"), ("abierto", "es"));
        assert_eq!(label("open_state.open", "tl"), ("bukas", "fil"));
        assert_eq!(label("open_state.open", "sw"), ("open", "en"));
        let until = [("time", "{zone}"), ("zone", "Asia/Manila")];
        let label = filled("reason.open_until", "zh-Hans", &until);
        assert_eq!(label.text, "现在开放，至 {zone}（Asia/Manila）");
        assert_eq!((label.lang, label.translation), ("zh", Translated::Machine));
        let label = filled("reason.closed", "xx", &[]);
        assert_eq!((label.lang, label.translation), ("en", Translated::None));
    }
}
