//! What is looked for, as a Postgres `tsquery`: written here, so that no operator gets in from outside.

use super::stems::asked_stems;
use crate::values::text;
use std::{collections::HashSet, fmt::Write};

/// A condition on the lexemes of a record.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Expression {
    /// A lexeme as it stands.
    Lexeme(String),
    /// A lexeme that starts so.
    Beginning(String),
    /// A mark: a place, a topic, a kind; it has no weight.
    Mark(String),
    /// Each of them.
    All(Vec<Expression>),
    /// One of them.
    Any(Vec<Expression>),
}

impl Expression {
    /// A word as somebody may write it while still writing: beginnings suffice from two characters on, and
    /// so does another form of the word.
    pub fn word(word: &str) -> Self {
        let mut forms = Self::forms(word);
        if word.chars().count() > 1 {
            forms.push(Self::Beginning(word.to_owned()));
        }
        if let Some(latin) = text::latin(word)
            && latin.len() > 1
        {
            // A letter of such a script may stand for a syllable.
            let bones = super::found::bones_mark(&latin).filter(|_| !has_vowels(word));
            forms.extend(bones.map(Self::Mark));
            forms.push(Self::Beginning(latin));
        }
        Self::Any(forms)
    }

    /// A word of a term that is written whole.
    pub fn whole_word(word: &str) -> Self {
        Self::Any(Self::forms(word))
    }

    fn forms(word: &str) -> Vec<Self> {
        let mut forms = vec![Self::Lexeme(word.to_owned())];
        for stem in asked_stems(word) {
            forms.push(Self::Lexeme(super::found::stem_mark(&stem)));
        }
        forms
    }

    /// Every word of a phrase.
    pub fn phrase(words: &[String]) -> Self {
        Self::All(words.iter().map(|word| Self::whole_word(word)).collect())
    }

    /// As a `tsquery`. With `weights` (such as `AB`) only words of those weights count, and marks,
    /// which have none, do not.
    pub fn text(&self, weights: &str) -> Option<String> {
        match self {
            Self::Lexeme(lexeme) => Some(quoted(lexeme, weights)),
            Self::Beginning(lexeme) => Some(quoted(lexeme, &format!("*{weights}"))),
            Self::Mark(mark) => weights.is_empty().then(|| quoted(mark, "")),
            Self::All(parts) => {
                let texts: Option<Vec<String>> =
                    parts.iter().map(|part| part.text(weights)).collect();
                texts.map(|texts| joined(texts, " & "))
            }
            Self::Any(_) => {
                let texts = self.alternatives(weights);
                (!texts.is_empty()).then(|| joined(texts, " | "))
            }
        }
    }

    /// The texts of which one must hold, each once.
    pub fn alternatives(&self, weights: &str) -> Vec<String> {
        let mut parts = Vec::new();
        self.spread(&mut parts);
        let beginnings: Vec<&str> = parts.iter().filter_map(|part| part.beginning()).collect();
        let begun = |lexeme: &str| beginnings.iter().any(|start| lexeme.starts_with(start));
        let mut seen = HashSet::new();
        let parts = parts.into_iter().filter(|part| match part {
            Self::Lexeme(lexeme) if begun(lexeme) => false,
            one => seen.insert(*one),
        });
        parts.filter_map(|part| part.text(weights)).collect()
    }

    fn beginning(&self) -> Option<&str> {
        match self {
            Self::Beginning(start) => Some(start),
            _ => None,
        }
    }

    fn spread<'a>(&'a self, parts: &mut Vec<&'a Self>) {
        match self {
            Self::Any(some) => some.iter().for_each(|one| one.spread(parts)),
            one => parts.push(one),
        }
    }

    /// The same of what a record is called; `None` for marks.
    pub fn called(&self) -> Option<Self> {
        let each = |parts: &[Self]| parts.iter().map(Self::called).collect::<Vec<_>>();
        match self {
            Self::Lexeme(lexeme) => Some(Self::Lexeme(super::found::called_mark(lexeme))),
            Self::Beginning(lexeme) => Some(Self::Beginning(super::found::called_mark(lexeme))),
            Self::Mark(_) => None,
            Self::All(parts) => each(parts)
                .into_iter()
                .collect::<Option<_>>()
                .map(Self::All),
            Self::Any(parts) => Some(Self::Any(each(parts).into_iter().flatten().collect())),
        }
    }
}

/// Whether a word is in a script that writes its vowels as letters: not Arabic, Hebrew or one of India.
fn has_vowels(word: &str) -> bool {
    !word
        .chars()
        .any(|c| matches!(c, '\u{590}'..='\u{8FF}' | '\u{900}'..='\u{DFF}'))
}

fn joined(texts: Vec<String>, operator: &str) -> String {
    match texts.len() {
        1 => texts.concat(),
        _ => format!("({})", texts.join(operator)),
    }
}

/// A lexeme between quotes, in which nothing is an operator.
pub fn quoted(lexeme: &str, labels: &str) -> String {
    let mut text = String::with_capacity(lexeme.len() + 8);
    text.push('\'');
    for character in lexeme.chars() {
        if matches!(character, '\'' | '\\') {
            text.push(character);
        }
        text.push(character);
    }
    text.push('\'');
    if !labels.is_empty() {
        let _ = write!(text, ":{labels}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_text_and_marks_have_no_weight() {
        assert_eq!(quoted("a'b\\c", "*A"), "'a''b\\\\c':*A");
        let any = Expression::Any(vec![
            Expression::Mark("in:mx".into()),
            Expression::Lexeme("mexico".into()),
        ]);
        assert_eq!(any.text("").as_deref(), Some("('in:mx' | 'mexico')"));
        assert_eq!(any.text("A").as_deref(), Some("'mexico':A"));
        assert_eq!(Expression::Mark("in:mx".into()).text("A"), None);
    }
}
