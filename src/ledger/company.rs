//! What comes with changes that are walked a part at a time: each part is judged as if the others
//! stood beside it.

use super::{
    document::{Document, Resource},
    queries::Hold,
    references::Names,
};
use crate::vocabularies::CountryInput;
use std::collections::BTreeMap;

/// The other parts of what is walked, and whether what is looked at is held.
#[derive(Debug)]
pub struct Company {
    /// Whether what is looked at stays as it is.
    pub hold: Hold,
    announced: Names,
    countries: BTreeMap<String, CountryInput>,
    /// Records of earlier parts that would be new to the public.
    pub new: Names,
}

impl Default for Company {
    /// Nothing else comes, and what is looked at is held: for writing.
    fn default() -> Self {
        Self {
            hold: Hold::Locked,
            announced: Names::new(),
            countries: BTreeMap::new(),
            new: Names::new(),
        }
    }
}

impl Company {
    /// For looking only: records that come in one part or another, in any order.
    pub fn announced(announced: Names) -> Self {
        Self {
            hold: Hold::Free,
            announced,
            ..Self::default()
        }
    }

    /// Whether a record comes in one part or another.
    pub fn announces(&self, resource: Resource, slug: &str) -> bool {
        !self.announced.is_empty() && self.announced.contains(&(resource, slug.to_owned()))
    }

    /// Remembers the country that a document is of, if it is one: its short codes decide what
    /// numbers are.
    pub fn remember(&mut self, document: &Document) {
        if let Document::Country(country) = document {
            self.countries.insert(country.slug.clone(), country.clone());
        }
    }

    /// The countries of earlier parts.
    pub fn countries(&self) -> impl Iterator<Item = &CountryInput> {
        self.countries.values()
    }
}
