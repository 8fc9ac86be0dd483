//! The words of the directory, and the nearest of them to one that it has not.

use fst::{Automaton, IntoStreamer, Map, MapBuilder, Streamer, automaton};
use std::collections::BTreeMap;

/// A word near another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    /// The word.
    pub word: String,
    /// How many letters are otherwise.
    pub changes: u32,
    /// In how many records it stands.
    pub records: u64,
}

/// Puts those first that are most likely meant: with fewer changes, with the same first letter, in more records.
pub fn sort(word: &str, near: &mut [Near]) {
    let first = word.chars().next();
    near.sort_by_key(|one| {
        (
            one.changes,
            one.word.chars().next() != first,
            std::cmp::Reverse(one.records),
            one.word.clone(),
        )
    });
}

/// Words of the directory and in how many records each stands.
pub struct Words(Map<Vec<u8>>);

impl Default for Words {
    fn default() -> Self {
        Self::new(BTreeMap::new())
    }
}

impl Words {
    /// Of words and their numbers of records.
    pub fn new(words: BTreeMap<String, u64>) -> Self {
        let mut builder = MapBuilder::memory();
        for (word, records) in words {
            // They come sorted, so that nothing is refused.
            let _ = builder.insert(word, records);
        }
        Self(builder.into_map())
    }

    /// Whether nothing is known yet.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In how many records a word stands.
    pub fn records(&self, word: &str) -> u64 {
        self.0.get(word).unwrap_or_default()
    }

    /// Whether a word starts so.
    pub fn any_starts_with(&self, beginning: &str) -> bool {
        let starts = automaton::Str::new(beginning).starts_with();
        self.0.search(starts).into_stream().next().is_some()
    }

    /// The nearest words: one letter wrong, missing, too many, or two exchanged; where there is none, two
    /// such from eight letters on.
    pub fn nearest(&self, word: &str) -> Vec<Near> {
        let letters = word.chars().count();
        if letters < 4 || word.chars().any(|c| c.is_ascii_digit()) {
            return Vec::new();
        }
        let of = |changes: u32, (word, records): (String, u64)| Near {
            word,
            changes,
            records,
        };
        // Two neighbours exchanged count as two changes to the automaton.
        let once = self.within(word, 1).into_iter().chain(self.exchanged(word));
        let mut near: Vec<Near> = once.map(|one| of(1, one)).collect();
        let first = word.chars().next();
        near.retain(|one| letters > 3 || one.word.chars().next() == first);
        if near.is_empty() && letters >= 9 {
            let twice = self.within(word, 2).into_iter();
            near = twice.map(|one| of(2, one)).collect();
        }
        sort(word, &mut near);
        near
    }

    fn within(&self, word: &str, changes: u32) -> Vec<(String, u64)> {
        let Ok(automaton) = automaton::Levenshtein::new(word, changes) else {
            return Vec::new();
        };
        let stream = self.0.search(automaton).into_stream();
        stream.into_str_vec().unwrap_or_default()
    }

    fn exchanged(&self, word: &str) -> Vec<(String, u64)> {
        let letters: Vec<char> = word.chars().collect();
        let other = |place: usize| {
            let mut letters = letters.clone();
            letters.swap(place, place + 1);
            let other: String = letters.into_iter().collect();
            self.0.get(&other).map(|records| (other, records))
        };
        (0..letters.len().saturating_sub(1))
            .filter_map(other)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_letter_is_forgiven_and_two_in_long_words() {
        let known = [
            ("child", 90),
            ("chile", 3),
            ("trafficking", 80),
            ("hotline", 70),
            ("ncmec", 2),
        ];
        let words = Words::new(
            known
                .into_iter()
                .map(|(word, records)| (word.to_owned(), records))
                .collect(),
        );
        for (wrong, right) in [
            ("hotlne", Some("hotline")),
            ("hotilne", Some("hotline")),
            ("xhild", Some("child")),
            ("chilt", Some("child")),
            ("nmcec", Some("ncmec")),
            ("traficing", Some("trafficking")),
            ("hotlnee", None),
            ("zzzz", None),
            ("116", None),
        ] {
            assert_eq!(
                words.nearest(wrong).first().map(|one| one.word.as_str()),
                right,
                "{wrong}"
            );
        }
        assert!(words.any_starts_with("traff") && !words.any_starts_with("x"));
        assert_eq!(words.records("ncmec"), 2);
    }
}
