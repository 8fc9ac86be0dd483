//! Where the words of a search stand in a record, in pieces of plain text.

use super::{
    model::Kind,
    results::{Fragment, Highlight},
};
use crate::values::{
    lexicon::{Understood, found},
    text,
};
use serde_json::Value;

/// The longest excerpt, in characters, and how much of it may stand before the first match.
const EXCERPT: usize = 240;
const BEFORE: usize = 60;

/// The fields that are shown with what was found in them.
fn fields(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Organizations => &["name", "alternate_name", "description"],
        Kind::Hotlines => &["name", "description", "notes"],
        Kind::RegionalContacts => &["name", "role_title", "city", "notes"],
        Kind::Statistics => &["title", "claim", "publisher"],
    }
}

/// Words that are looked for.
pub struct Spotlight {
    beginnings: Vec<String>,
    words: Vec<String>,
}

impl Spotlight {
    /// Of what a search means.
    pub fn new(understood: &Understood) -> Self {
        let mut beginnings = Vec::new();
        let mut words = Vec::new();
        for term in &understood.terms {
            let telling = found::bare_name(term.words.clone());
            for word in telling.split(' ') {
                match word.chars().count() > 1 {
                    true => beginnings.push(word.to_owned()),
                    false => words.push(word.to_owned()),
                }
                // Most stems are beginnings of the words that they are of.
                beginnings.extend(found::stems(word).filter(|stem| stem.chars().count() > 3));
            }
            let same = term.spotlight.iter();
            words.extend(same.filter(|word| !found::says_nothing(word)).cloned());
        }
        words.sort();
        words.dedup();
        Self { beginnings, words }
    }

    fn meets(&self, word: &str) -> bool {
        let meets = |word: &str| {
            self.beginnings
                .iter()
                .any(|one| word.starts_with(one.as_str()))
                || self.words.iter().any(|one| one == word)
        };
        if word.is_ascii() {
            return meets(&word.to_ascii_lowercase());
        }
        let folded = text::folded(word);
        let folded = folded.trim();
        meets(folded) || text::latin(folded).is_some_and(|latin| meets(&latin))
    }

    /// What of a record was looked for, by field.
    pub fn on(&self, kind: Kind, document: &Value) -> Vec<Highlight> {
        let fields = fields(kind).iter();
        fields
            .filter_map(|field| {
                let fragments = self.fragments(document[*field].as_str()?)?;
                Some(Highlight { field, fragments })
            })
            .collect()
    }

    /// A text in pieces; `None` where nothing in it was looked for.
    fn fragments(&self, text: &str) -> Option<Vec<Fragment>> {
        let mut pieces: Vec<(std::ops::Range<usize>, bool)> = Vec::new();
        let mut start = 0;
        for (end, character) in text.char_indices().chain([(text.len(), ' ')]) {
            let part = character.is_alphanumeric() || !character.is_ascii() && is_mark(character);
            if part {
                continue;
            }
            if start < end {
                pieces.push((start..end, self.meets(&text[start..end])));
            }
            start = end + character.len_utf8();
        }
        let first = pieces.iter().position(|(_, matched)| *matched)?;
        let (from, to) = excerpt(text, pieces[first].0.start);
        let mut fragments: Vec<Fragment> = Vec::new();
        let mut push = |text: &str, matched: bool| {
            if text.is_empty() {
                return;
            }
            match fragments.last_mut() {
                Some(last) if last.matched == matched => last.text.push_str(text),
                _ => fragments.push(Fragment {
                    text: text.to_owned(),
                    matched,
                }),
            }
        };
        if from > 0 {
            push("… ", false);
        }
        let mut at = from;
        let within = |range: &std::ops::Range<usize>| range.start >= from && range.end <= to;
        for (range, _) in pieces
            .iter()
            .filter(|(range, matched)| *matched && within(range))
        {
            push(&text[at..range.start], false);
            push(&text[range.clone()], true);
            at = range.end;
        }
        push(&text[at..to], false);
        if to < text.len() {
            push(" …", false);
        }
        Some(fragments)
    }
}

fn is_mark(character: char) -> bool {
    unicode_normalization::char::is_combining_mark(character)
}

/// The part of a text to show around a place: whole words.
fn excerpt(text: &str, place: usize) -> (usize, usize) {
    let ends: Vec<usize> = text
        .char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .collect();
    if ends.len() <= EXCERPT {
        return (0, text.len());
    }
    let middle = ends.partition_point(|at| *at < place);
    let from = ends[middle.saturating_sub(BEFORE)];
    let from = match from {
        0 => 0,
        from => text[from..place]
            .find(' ')
            .map_or(place, |gap| from + gap + 1),
    };
    let begin = ends.partition_point(|at| *at < from);
    let to = ends[(begin + EXCERPT).min(ends.len() - 1)];
    let to = match to < text.len() {
        true => text[from..to].rfind(' ').map_or(to, |gap| from + gap),
        false => to,
    };
    (from, to.max(place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::lexicon::Lexicon;

    fn shown(search: &str, text: &str) -> String {
        let spotlight = Spotlight::new(&Lexicon::default().understand(search));
        let fragments = spotlight.fragments(text).unwrap_or_default();
        let shown = fragments.iter().map(|one| match one.matched {
            true => format!("[{}]", one.text),
            false => one.text.clone(),
        });
        shown.collect()
    }

    #[test]
    fn words_are_found_whatever_their_case_and_accents() {
        assert_eq!(
            shown("linea azul", "La Línea AZUL (México)"),
            "La [Línea] [AZUL] (México)"
        );
        assert_eq!(shown("borns", "Børns Vilkår"), "[Børns] Vilkår");
        assert_eq!(shown("hotlines", "A hotline"), "A [hotline]");
        assert_eq!(shown("x", "nothing"), "");
    }

    #[test]
    fn long_texts_are_cut_at_words_and_markup_stays_text() {
        let long = format!(
            "{} <b>needle</b> {}",
            "hay ".repeat(200),
            "hay ".repeat(200)
        );
        let shown = shown("needle", &long);
        assert!(shown.starts_with("… ") && shown.ends_with(" …"), "{shown}");
        assert!(
            shown.contains("<b>[needle]</b>") && shown.chars().count() < 260,
            "{shown}"
        );
    }
}
