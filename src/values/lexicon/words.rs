//! The words of the directory, and the nearest of them to one that it has not.

use fst::{Automaton, IntoStreamer, Map, MapBuilder, Streamer, automaton};
use levenshtein_automata::{DFA, LevenshteinAutomatonBuilder};
use std::{cmp::Reverse, collections::BTreeMap, sync::LazyLock};

/// Words of the directory and in how many records each stands.
pub struct Words(Map<Vec<u8>>);

impl Default for Words {
    fn default() -> Self {
        Self::new(BTreeMap::new())
    }
}

/// The most letters of a word that may be a slip; the longest compounds of German and Finnish are no longer.
const LONGEST: usize = 32;

/// Automata that know a word again with so many letters wrong, missing, too many or exchanged.
static SLIPS: LazyLock<[LevenshteinAutomatonBuilder; 2]> =
    LazyLock::new(|| [1, 2].map(|changes| LevenshteinAutomatonBuilder::new(changes, true)));

/// The nearest words of several lists, the likeliest first: one letter wrong, missing, too many, or two
/// exchanged; where there is none, two such from nine letters on. What is longer than words are has none: texts of
/// scripts without blanks.
pub fn nearest(word: &str, lists: &[&Words]) -> Vec<String> {
    let letters = word.chars().count();
    if !(4..=LONGEST).contains(&letters) || word.chars().any(|c| c.is_ascii_digit()) {
        return Vec::new();
    }
    let most = if letters < 9 { 1 } else { 2 };
    for slips in SLIPS.iter().take(most) {
        let slips = slips.build_dfa(word);
        // A word of several lists counts as often as the one that knows it best says.
        let mut near: BTreeMap<String, u64> = BTreeMap::new();
        for (word, records) in lists.iter().flat_map(|list| list.accepted_by(&slips)) {
            let most = near.entry(word).or_default();
            *most = records.max(*most);
        }
        if !near.is_empty() {
            return likeliest_first(word, near);
        }
    }
    Vec::new()
}

/// With the same first letter, in more records.
fn likeliest_first(word: &str, near: BTreeMap<String, u64>) -> Vec<String> {
    let first = word.chars().next();
    let mut near: Vec<(String, u64)> = near.into_iter().collect();
    near.sort_by_key(|(one, records)| (one.chars().next() != first, Reverse(*records)));
    near.into_iter().map(|(one, _)| one).collect()
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

    fn accepted_by(&self, slips: &DFA) -> Vec<(String, u64)> {
        let stream = self.0.search(slips).into_stream();
        stream.into_str_vec().unwrap_or_default()
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
                nearest(wrong, &[&words]).first().map(String::as_str),
                right,
                "{wrong}"
            );
        }
        assert!(words.any_starts_with("traff") && !words.any_starts_with("x"));
        assert_eq!(words.records("ncmec"), 2);
    }
}
