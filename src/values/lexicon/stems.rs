//! Words as languages bend them: stems, and words too common to say anything.

use rust_stemmers::{Algorithm, Stemmer};

/// The Snowball algorithms by language.
const ALGORITHMS: [(&str, Algorithm); 16] = [
    ("da", Algorithm::Danish),
    ("de", Algorithm::German),
    ("el", Algorithm::Greek),
    ("en", Algorithm::English),
    ("es", Algorithm::Spanish),
    ("fi", Algorithm::Finnish),
    ("fr", Algorithm::French),
    ("hu", Algorithm::Hungarian),
    ("it", Algorithm::Italian),
    ("nl", Algorithm::Dutch),
    ("no", Algorithm::Norwegian),
    ("pt", Algorithm::Portuguese),
    ("ro", Algorithm::Romanian),
    ("ru", Algorithm::Russian),
    ("sv", Algorithm::Swedish),
    ("tr", Algorithm::Turkish),
];

/// The languages that a search may be written in as far as stems go; more would join words that
/// have nothing to do with each other.
const ASKED_IN: [&str; 5] = ["en", "es", "fr", "pt", "de"];

/// Words that a search does without, if another is left: English, Spanish, French, Portuguese,
/// German, Italian.
const STOP_WORDS: &str = "\
a about all am an and any are as at be been but by can could did do does for from had has have how i if in into \
is it its me my near nearby no of on or our please should so some than that the their them there these they this \
to us was we were what when where which who whom why will with would you your s t \
al como con cual cuando de del donde e el en es esta este la las lo los mi mis o para por que quien se si sin \
son su sus un una unos y \
au aux avec ce ces cette comment dans des du est et il je le les leur ma mes mon ou par pas pour qu qui quel quelle sur \
une d l \
ao aos as com da das do dos em na nas no nos os ou pelo pela uma onde quem \
am bei das dem den der die ein eine einer fur ich ihr im ist mein mit oder um und von wie wo zu zum zur \
che chi di e gli i il nel per una uno";

/// Whether a folded word says nothing by itself.
pub fn is_stop_word(word: &str) -> bool {
    use std::{collections::HashSet, sync::LazyLock};
    static WORDS: LazyLock<HashSet<&str>> =
        LazyLock::new(|| STOP_WORDS.split_whitespace().collect());
    WORDS.contains(word)
}

/// Finds the stems of words of one language; without an algorithm those of English, which most
/// borrowed words obey.
pub struct Stems(Stemmer);

impl Stems {
    /// For a BCP 47 tag.
    pub fn of(tag: &str) -> Self {
        let primary = tag.split('-').next().unwrap_or_default();
        let known = ALGORITHMS.iter().find(|(language, _)| *language == primary);
        Self(Stemmer::create(
            known.map_or(Algorithm::English, |(_, one)| *one),
        ))
    }

    /// The stem of a folded word, where it differs.
    pub fn stem(&self, word: &str) -> Option<String> {
        if word.chars().any(|c| c.is_ascii_digit()) {
            return None;
        }
        let stem = self.0.stem(word);
        (stem != word && stem.chars().count() >= 2).then(|| stem.into_owned())
    }
}

/// The stems of a folded word in each language that a search may be written in, each once.
pub fn asked_stems(word: &str) -> Vec<String> {
    let mut stems: Vec<String> = ASKED_IN
        .iter()
        .filter_map(|language| Stems::of(language).stem(word))
        .collect();
    stems.sort();
    stems.dedup();
    stems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_join_what_a_language_bends() {
        let english = Stems::of("en-GB");
        assert_eq!(english.stem("hotlines"), english.stem("hotline"));
        assert_eq!(english.stem("116000"), None);
        assert!(asked_stems("victimas").contains(&Stems::of("es").stem("victima").unwrap()));
        assert!(is_stop_word("the") && is_stop_word("para") && !is_stop_word("trafficking"));
    }
}
