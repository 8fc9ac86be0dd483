//! Terms that mean the same: synonyms, the labels of topics and populations.

use super::{Expression, found};
use std::{
    collections::{HashMap, HashSet},
    sync::OnceLock,
};

/// The most words of a phrase.
pub const LONGEST: usize = 8;

/// Terms that mean the same, and the marks of records that are about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The slug of its synonyms; `None` for the label of a topic or population.
    pub slug: Option<String>,
    /// The terms as they are written.
    pub terms: Vec<String>,
    /// Marks of records.
    pub marks: Vec<String>,
    /// The resource that it asks for.
    pub kind: Option<String>,
}

/// All groups of a lexicon.
#[derive(Default)]
pub struct Groups {
    groups: Vec<Known>,
    /// Groups by the folded words of each of their terms.
    phrases: HashMap<String, Vec<usize>>,
    /// The words of those.
    words: HashSet<String>,
}

/// A group, and what its terms are looked for by.
pub struct Known {
    /// As it was read.
    pub group: Group,
    meanings: OnceLock<Vec<Meaning>>,
}

/// A term of a group as records may hold it.
pub struct Meaning {
    /// Folded.
    pub words: Vec<String>,
    /// All of them.
    pub phrase: Expression,
    /// As a name may read.
    pub name: String,
}

impl Groups {
    /// Of those that were read.
    pub fn new(groups: Vec<Group>) -> Self {
        let mut all = Self::default();
        for (place, group) in groups.into_iter().enumerate() {
            for term in &group.terms {
                let parts = found::words(term);
                if parts.is_empty() || parts.len() > LONGEST {
                    continue;
                }
                let phrase = all.phrases.entry(parts.join(" ")).or_default();
                if !phrase.contains(&place) {
                    phrase.push(place);
                }
                all.words.extend(parts);
            }
            all.groups.push(Known {
                group,
                meanings: OnceLock::new(),
            });
        }
        all
    }

    /// Those with a term of these folded words.
    pub fn called(&self, phrase: &str) -> Vec<&Known> {
        let places = self.phrases.get(phrase).into_iter().flatten();
        places.filter_map(|place| self.groups.get(*place)).collect()
    }

    /// The words of all terms that are no longer than phrases.
    pub fn words(&self) -> impl Iterator<Item = &String> {
        self.words.iter()
    }

    /// Whether one of those is this word.
    pub fn has_word(&self, word: &str) -> bool {
        self.words.contains(word)
    }
}

impl Known {
    /// Its terms that a record may hold: worked out once, when it is first asked for.
    pub fn meanings(&self, may_stand: impl Fn(&[String]) -> bool) -> &[Meaning] {
        self.meanings.get_or_init(|| {
            let words = self.group.terms.iter().map(|term| found::words(term));
            let held = words.filter(|words| !words.is_empty() && may_stand(words));
            held.map(Meaning::of).collect()
        })
    }
}

impl Meaning {
    fn of(words: Vec<String>) -> Self {
        Self {
            phrase: Expression::phrase(&words),
            name: found::bare_name(words.clone()),
            words,
        }
    }
}
