//! What a search means: words of the directory, what the field says for the same, names of places.
//! Pure and in memory; `search` reads it out of the directory.

mod asked;
mod expression;
pub mod found;
mod groups;
mod looked_for;
mod places;
mod stems;
mod words;

pub use asked::{Condition, Corrected, Term, Tests, Understood};
pub use expression::{Expression, quoted};
pub use groups::Group;
pub use looked_for::LookedFor;
pub use words::Words;

use groups::{Groups, Meaning};
use places::PLACES;
use std::collections::HashSet;
use stems::is_stop_word;

/// Everything that a search is understood by.
#[derive(Default)]
pub struct Lexicon {
    /// Grows with each reading, so that answers made by an older one are not kept on.
    pub generation: u64,
    groups: Groups,
    /// Words of the directory.
    words: std::sync::Arc<Words>,
    /// Those of the lexicon itself, for those who mistype them.
    own_words: Words,
    /// How many records the directory holds.
    records: u64,
}

/// How many terms of a search count.
const MOST_TERMS: usize = 12;
/// The words that one mistyped word may stand for.
const GUESSES: usize = 3;

/// A word as it was asked.
#[derive(Debug, Clone)]
struct Token {
    /// As it was written.
    raw: String,
    folded: String,
    /// What it may stand for when nobody knows it.
    guesses: Vec<String>,
    /// Whether nothing but a hyphen stands before it.
    joined: bool,
    /// Whether somebody may still be writing it.
    open: bool,
}

impl Token {
    /// What it is taken for.
    fn word(&self) -> &str {
        self.guesses.first().unwrap_or(&self.folded)
    }
}

impl Lexicon {
    /// Of groups, the directory's words and its number of records.
    pub fn new(
        generation: u64,
        groups: Vec<Group>,
        words: std::sync::Arc<Words>,
        records: u64,
    ) -> Self {
        let groups = Groups::new(groups);
        let mistyped = groups.words().chain(PLACES.words());
        let own_words = Words::new(mistyped.map(|word| (word.clone(), 1)).collect());
        Self {
            generation,
            groups,
            words,
            own_words,
            records,
        }
    }

    /// The words of the directory, for a newer lexicon with the same.
    pub fn words(&self) -> std::sync::Arc<Words> {
        std::sync::Arc::clone(&self.words)
    }

    /// How many records the directory holds.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// What a search means.
    pub fn understand(&self, search: &str) -> Understood {
        let shouted = !search.chars().any(char::is_lowercase);
        let mut tokens = tokens(search);
        let last = tokens.len().saturating_sub(1);
        for (place, token) in tokens.iter_mut().enumerate() {
            token.guesses = self.guesses(&token.folded);
            token.open = place == last || self.words.records(&token.folded) == 0;
        }
        let corrected = tokens
            .iter()
            .filter_map(|token| {
                let to = token.guesses.first()?.clone();
                Some(Corrected {
                    from: token.folded.clone(),
                    own: self.own_words.records(&to) > 0,
                    to,
                })
            })
            .collect();
        let mut terms = Vec::new();
        let mut ignored = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let (length, term) = self.longest(&tokens[at..], shouted);
            match term {
                Some(term) => terms.push(term),
                None if tokens[at..at + length]
                    .iter()
                    .all(|token| is_stop_word(&token.folded)) =>
                {
                    ignored.extend(tokens[at..at + length].iter().map(|t| t.folded.clone()));
                }
                None => terms.push(self.plain(&tokens[at..at + length])),
            }
            at += length;
        }
        if terms.is_empty() {
            // Nothing but words that say nothing: then they are what is looked for.
            terms = tokens
                .chunks(1)
                .map(|token| self.plain(token))
                .take(MOST_TERMS)
                .collect();
            ignored.clear();
        }
        let mut seen = HashSet::new();
        terms.retain(|term| seen.insert(term.words.clone()));
        for term in terms.drain(MOST_TERMS.min(terms.len())..) {
            ignored.extend(term.words);
        }
        let names = (whole_names(&tokens), inner_names(&tokens));
        Understood::new(terms, corrected, ignored, names)
    }

    /// The longest run of words from the first on that is a term; what is in no list is one word, or one
    /// number in several parts.
    fn longest(&self, tokens: &[Token], shouted: bool) -> (usize, Option<Term>) {
        for length in (1..=groups::LONGEST.min(tokens.len())).rev() {
            let run = &tokens[..length];
            if let Some(term) = self.phrase(run, shouted) {
                return (length, Some(term));
            }
        }
        let number = |token: &&Token| token.folded.bytes().all(|b| b.is_ascii_digit());
        (tokens.iter().take_while(number).count().max(1), None)
    }

    /// What a run of words means as a phrase, if it means anything.
    fn phrase(&self, run: &[Token], shouted: bool) -> Option<Term> {
        let words: Vec<String> = run.iter().map(|token| token.word().to_owned()).collect();
        let phrase = words.join(" ");
        let single = run.len() == 1;
        if single && is_stop_word(&phrase) && !capital(&run[0], shouted) {
            return None;
        }
        let groups = self.groups.called(&phrase);
        let mut places: Vec<&'static str> = PLACES.named(&phrase).to_vec();
        let hyphens = run.iter().skip(1).all(|token| token.joined);
        let code = (single || hyphens).then(|| PLACES.coded(&phrase)).flatten();
        places.extend(code.filter(|code| !places.contains(code)));
        if groups.is_empty() && places.is_empty() {
            return None;
        }
        let literal = match single {
            true => self.word(&run[0]),
            false => Expression::phrase(&words),
        };
        let mut term = Term::new(words, literal);
        term.frequency = self.frequency(&term.words);
        term.records = self.records;
        for group in groups {
            let meanings = group.meanings(|words| self.may_stand(words));
            term.join_group(&group.group, meanings);
        }
        if !places.is_empty() {
            term.join_places(&places);
        }
        Some(term)
    }

    /// A word that stands in no list, or the parts of one number.
    fn plain(&self, run: &[Token]) -> Term {
        let words: Vec<String> = run.iter().map(|token| token.word().to_owned()).collect();
        let mut literal = match run {
            [token] => self.word(token),
            parts => Expression::All(
                parts
                    .iter()
                    .map(|part| Expression::word(&part.folded))
                    .collect(),
            ),
        };
        let digits: String = words.concat();
        if run.len() > 1 && digits.len() >= 5 {
            // However it was written: with the signs for abroad or without.
            let bare = digits.strip_prefix("00").unwrap_or(&digits).to_owned();
            let forms = [digits, bare].map(Expression::Beginning);
            literal = Expression::Any([vec![literal], forms.into()].concat());
        }
        let mut term = Term::new(words, literal);
        term.frequency = self.frequency(&term.words);
        term.records = self.records;
        term
    }

    /// A word as it was written and as it may have been meant.
    fn word(&self, token: &Token) -> Expression {
        let asked = match token.open {
            true => Expression::word(&token.folded),
            // The beginning of a common word is that of so many more that the index is slow to gather them.
            false => Expression::whole_word(&token.folded),
        };
        let mut meant = vec![asked];
        meant.extend(token.guesses.iter().map(|guess| Expression::word(guess)));
        match meant.len() {
            1 => meant.remove(0),
            _ => Expression::Any(meant),
        }
    }

    /// In how many records the rarest of these words stands, as far as is known.
    fn frequency(&self, words: &[String]) -> u64 {
        let numbers = words.iter().map(|word| self.words.records(word));
        numbers.min().unwrap_or_default()
    }

    /// Whether a record may hold all these words; what none holds only makes searches slow.
    fn may_stand(&self, words: &[String]) -> bool {
        let begins = |word: &String| {
            self.words.any_starts_with(word)
                || stems::asked_stems(word)
                    .iter()
                    .any(|stem| self.words.any_starts_with(stem))
                || crate::values::text::latin(word)
                    .is_some_and(|latin| self.words.any_starts_with(&latin))
        };
        self.words.is_empty() || words.iter().all(begins)
    }

    fn knows(&self, word: &str) -> bool {
        self.words.any_starts_with(word)
            || self.groups.has_word(word)
            || !PLACES.named(word).is_empty()
            || PLACES.words().contains(word)
            || PLACES.coded(word).is_some()
            || is_stop_word(word)
    }

    /// The nearest known words to one that nobody knows.
    fn guesses(&self, word: &str) -> Vec<String> {
        if self.words.is_empty() || self.knows(word) {
            return Vec::new();
        }
        let latin = crate::values::text::latin(word);
        if latin.as_ref().is_some_and(|latin| self.knows(latin)) {
            return Vec::new();
        }
        // A few consonants of a script without vowels are near to everything.
        if latin
            .as_ref()
            .is_some_and(|latin| latin.chars().count() < 5)
        {
            return Vec::new();
        }
        let word = latin.as_deref().unwrap_or(word);
        let near = words::nearest(word, &[&self.words, &self.own_words]);
        near.into_iter().take(GUESSES).collect()
    }
}

/// Whether a word was written as a code: two or three capitals among small letters.
fn capital(token: &Token, shouted: bool) -> bool {
    !shouted
        && (2..=3).contains(&token.raw.len())
        && token.raw.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn tokens(search: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut before = '\0';
    let mut gap = 0;
    let mut raw = String::new();
    let mut end = |raw: &mut String, joined: bool| {
        for folded in found::words(raw) {
            tokens.push(Token {
                raw: raw.clone(),
                folded,
                guesses: Vec::new(),
                joined,
                open: true,
            });
        }
        raw.clear();
    };
    let mut joined = false;
    for character in search.chars().chain([' ']) {
        use unicode_normalization::char::is_combining_mark;
        let part = character.is_alphanumeric() || is_combining_mark(character);
        if part {
            if raw.is_empty() {
                joined = gap == 1 && before == '-';
            }
            raw.push(character);
            gap = 0;
        } else {
            if !raw.is_empty() {
                end(&mut raw, joined);
            }
            gap += 1;
        }
        before = character;
    }
    tokens
}

/// The whole of a search as a name may read: as it was meant, and as it was written.
fn whole_names(tokens: &[Token]) -> Vec<String> {
    let meant = tokens.iter().map(|token| token.word().to_owned()).collect();
    let written = tokens.iter().map(|token| token.folded.clone()).collect();
    let mut names = vec![found::bare_name(meant), found::bare_name(written)];
    names.dedup();
    names.retain(|name| !name.is_empty());
    names
}

/// Runs of words of a search that may be a name among others.
fn inner_names(tokens: &[Token]) -> Vec<String> {
    let words: Vec<String> = tokens
        .iter()
        .take(MOST_TERMS)
        .map(|token| token.word().to_owned())
        .collect();
    let runs = (2..words.len()).flat_map(|length| words.windows(length));
    let mut names: Vec<String> = runs.map(|run| found::bare_name(run.to_vec())).collect();
    names.retain(|name| name.contains(' '));
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests;
