//! What a record is found by, as a Postgres `tsvector`: its words by weight, the stems of its
//! language, its whole names, and marks for places, topics and kinds.

use super::{
    expression::quoted,
    stems::{Stems, asked_stems, is_stop_word},
};
use crate::values::{place, text, translation::TranslationInput};
use std::collections::{BTreeMap, BTreeSet};

/// The longest word that is kept, in characters; Postgres takes no lexeme over 2 KiB.
const LONGEST: usize = 100;

/// The mark of a stem. No word starts with a colon, and so no beginning of a word is that of a mark.
pub fn stem_mark(stem: &str) -> String {
    format!(":stem:{stem}")
}

/// The mark of the consonants of a word in Latin letters, if there are enough of them: scripts that write no
/// vowels have no more to be found by.
pub fn bones_mark(latin: &str) -> Option<String> {
    let mut bones = String::new();
    for letter in latin.chars().filter(char::is_ascii_alphabetic) {
        let bone = match letter {
            'a' | 'e' | 'i' | 'o' | 'u' | 'y' => continue,
            'v' => 'w',
            'c' | 'q' => 'k',
            other => other,
        };
        bones.push(bone);
    }
    (bones.len() >= 4).then(|| format!(":bones:{bones}"))
}

/// The mark of a word of a name: the index knows no weights.
pub fn called_mark(word: &str) -> String {
    format!(":called:{word}")
}

/// The mark of a whole name.
pub fn name_mark(words: &str) -> String {
    let name: String = words.chars().take(4 * LONGEST).collect();
    format!(":name:{name}")
}

/// The mark of what serves exactly this area.
pub fn at_mark(area: &str) -> String {
    format!(":at:{}", area.to_lowercase())
}

/// The mark of what serves a country or a part of it.
pub fn in_mark(country: &str) -> String {
    format!(":in:{}", country.to_lowercase())
}

/// The mark of a topic.
pub fn topic_mark(slug: &str) -> String {
    format!(":topic:{slug}")
}

/// The mark of a population.
pub fn population_mark(slug: &str) -> String {
    format!(":population:{slug}")
}

/// The mark of a resource.
pub fn kind_mark(resource: &str) -> String {
    format!(":kind:{resource}")
}

/// The mark of a language that people of a line speak.
pub fn language_mark(tag: &str) -> String {
    format!(":speaks:{}", tag.to_lowercase())
}

/// The folded words of a text.
pub fn words(text: &str) -> Vec<String> {
    text::folded(text)
        .split_whitespace()
        .map(|word| word.chars().take(LONGEST).collect())
        .collect()
}

/// Whether a folded word says nothing by itself.
pub fn says_nothing(word: &str) -> bool {
    is_stop_word(word)
}

/// The stems of a folded word, in the languages that a search may be written in.
pub fn stems(word: &str) -> impl Iterator<Item = String> {
    asked_stems(word).into_iter()
}

/// The words of a name without those that say nothing, unless there is nothing else.
pub fn bare_name(words: Vec<String>) -> String {
    let mut telling = words.clone();
    telling.retain(|word| !is_stop_word(word));
    match telling.is_empty() {
        true => words.join(" "),
        false => telling.join(" "),
    }
}

/// What a record is found by, while it is gathered.
pub struct Found {
    stems: Stems,
    lexemes: BTreeMap<String, BTreeSet<char>>,
}

impl Found {
    /// Of a record of a resource whose prose is in a language.
    pub fn new(resource: &str, lang: &str) -> Self {
        let lexemes = BTreeMap::from([(kind_mark(resource), BTreeSet::new())]);
        Self {
            stems: Stems::of(lang),
            lexemes,
        }
    }

    /// By names: the whole of each, with and without what stands in brackets, and its words. Several in
    /// one text are joined by `;`.
    pub fn named(mut self, names: impl AsRef<str>) -> Self {
        for name in names.as_ref().split(';') {
            let bare = name.split_once('(').map_or(name, |(before, _)| before);
            for whole in [name, bare] {
                let whole = bare_name(words(whole));
                if !whole.is_empty() {
                    self.lexemes.entry(name_mark(&whole)).or_default();
                }
            }
            self.add(name, 'A');
            let bones = words(name).into_iter().filter_map(|word| {
                let latin = text::latin(&word).unwrap_or(word);
                bones_mark(&latin)
            });
            self = self.marked(bones);
        }
        self
    }

    /// By a title, which says what it is more than it names it.
    pub fn titled(mut self, title: &str) -> Self {
        let whole = bare_name(words(title));
        if !whole.is_empty() {
            self.lexemes.entry(name_mark(&whole)).or_default();
        }
        self.add(title, 'B');
        self
    }

    /// By what it is: a description, a role.
    pub fn described(mut self, text: Option<&String>) -> Self {
        self.add(text.map_or("", String::as_str), 'B');
        self
    }

    /// By the same in other languages.
    pub fn translated(mut self, translations: &[TranslationInput]) -> Self {
        for one in translations {
            let own = std::mem::replace(&mut self.stems, Stems::of(&one.lang));
            self = self
                .named(one.name.as_deref().unwrap_or_default())
                .described(one.role_title.as_ref())
                .described(one.description.as_ref())
                .noted(one.notes.as_deref().unwrap_or_default());
            self.stems = own;
        }
        self
    }

    /// By what stands beside: notes, numbers.
    pub fn noted(mut self, text: impl AsRef<str>) -> Self {
        self.add(text.as_ref(), 'D');
        self
    }

    /// By the areas that it serves or lies in.
    pub fn placed(mut self, areas: &[String]) -> Self {
        for area in areas {
            self.lexemes.entry(at_mark(area)).or_default();
            self.lexemes
                .entry(in_mark(place::country_of(area)))
                .or_default();
        }
        self
    }

    /// By marks: topics, populations, languages.
    pub fn marked(mut self, marks: impl Iterator<Item = String>) -> Self {
        for mark in marks {
            self.lexemes.entry(mark).or_default();
        }
        self
    }

    fn add(&mut self, text: &str, weight: char) {
        for word in words(text) {
            let latin = text::latin(&word);
            let stem = self.stems.stem(&word).map(|stem| stem_mark(&stem));
            for lexeme in [latin, stem, Some(word)].into_iter().flatten() {
                if weight == 'A' {
                    self.lexemes.entry(called_mark(&lexeme)).or_default();
                }
                self.lexemes.entry(lexeme).or_default().insert(weight);
            }
        }
    }

    /// As a `tsvector`: a place for each weight, since places say nothing else here.
    pub fn vector(&self) -> String {
        let lexemes = self.lexemes.iter().map(|(lexeme, weights)| {
            let places: Vec<String> = (1..)
                .zip(weights)
                .map(|(place, weight)| format!("{place}{weight}"))
                .collect();
            quoted(lexeme, &places.join(","))
        });
        lexemes.collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_found_by_words_stems_names_and_marks() {
        let vector = Found::new("hotlines", "en")
            .named("Børns Vilkår (Denmark);BV")
            .described(Some(&"Hotlines for children.".to_owned()))
            .placed(&["MX-BCN".to_owned()])
            .vector();
        for lexeme in [
            "':name:børns vilkar'",
            "':name:børns vilkar denmark'",
            "':name:bv'",
            "'borns':1A",
            "'vilkar':1A",
            "':stem:hotlin':1B",
            "'children':1B",
            "':at:mx-bcn'",
            "':in:mx'",
            "':kind:hotlines'",
        ] {
            assert!(vector.contains(lexeme), "{lexeme}: {vector}");
        }
    }

    #[test]
    fn no_word_is_too_long() {
        let long = "x".repeat(5000);
        assert!(Found::new("hotlines", "en").noted(&long).vector().len() < 400);
    }
}
