//! What is held in memory: every public record that an answer may need, and where each is met.

use super::lines::{Body, Line, Office, Schedules};
use crate::{
    values::{
        place::{self, country_of},
        translation::{Shown, TranslationInput},
    },
    vocabularies::{CountryInput, SourceInput},
    web::state::Revision,
};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};
use uuid::Uuid;

/// The language that terms are written in.
const ORIGINAL: &str = "en";

/// The records of an answer at one revision.
#[derive(Debug, Clone)]
pub struct Memory {
    /// The public revision.
    pub revision: Revision,
    /// Hotlines by id.
    pub lines: HashMap<Uuid, Arc<Line>>,
    /// Regional contacts that take victims or reports, by id.
    pub offices: HashMap<Uuid, Arc<Office>>,
    /// Organizations of global scope that take reports, by id.
    pub organizations: HashMap<Uuid, Arc<Body>>,
    /// Emergency numbers by id of their record.
    pub countries: HashMap<Uuid, Arc<CountryInput>>,
    /// Names of topics and populations, by id.
    pub terms: HashMap<Uuid, Term>,
    /// Sources by id of their record.
    pub sources: HashMap<Uuid, Arc<SourceInput>>,
    /// Hours that lines and offices keep.
    pub schedules: Schedules,
    /// Whether it comes from a file, and maybe from another database.
    pub recalled: bool,
    met: HashMap<String, Vec<Uuid>>,
    named: HashMap<String, Uuid>,
}

/// A topic or population.
#[derive(Debug, Clone)]
pub struct Term {
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The same in other languages.
    pub translations: Vec<TranslationInput>,
}

impl Memory {
    /// Without records.
    pub fn empty(revision: Revision) -> Self {
        Self {
            revision,
            lines: HashMap::new(),
            offices: HashMap::new(),
            organizations: HashMap::new(),
            countries: HashMap::new(),
            terms: HashMap::new(),
            sources: HashMap::new(),
            schedules: Schedules::new(),
            recalled: false,
            met: HashMap::new(),
            named: HashMap::new(),
        }
    }

    /// Notes anew where each line is met, and how sources are named; after something has changed.
    pub fn index(&mut self) {
        let sources = self.sources.iter();
        self.named = sources.map(|(id, one)| (one.slug.clone(), *id)).collect();
        self.met.clear();
        for line in self.lines.values() {
            let areas = line.input.coverage.iter();
            let mut met: Vec<&str> = areas.flat_map(|area| [area, country_of(area)]).collect();
            met.sort_unstable();
            met.dedup();
            for area in met {
                self.met.entry(area.to_owned()).or_default().push(line.id);
            }
        }
    }

    /// The lines that may reach a country, whatever part of it; or the whole world.
    pub fn lines_of(&self, country: Option<&str>) -> Vec<&Line> {
        let areas = match country {
            Some(country) => place::reached_by(country),
            None => vec![place::WORLD.to_owned()],
        };
        let ids: BTreeSet<&Uuid> = areas
            .iter()
            .filter_map(|area| self.met.get(area))
            .flatten()
            .collect();
        let lines = ids.into_iter().filter_map(|id| self.lines.get(id));
        lines.map(|line| &**line).collect()
    }

    /// The emergency numbers of a country, where a source gives them.
    pub fn numbers(&self, country: &str) -> Option<&CountryInput> {
        self.countries
            .values()
            .find(|one| one.slug == country)
            .map(|one| &**one)
    }

    /// The source with a slug.
    pub fn source(&self, slug: &str) -> Option<&SourceInput> {
        let id = self.named.get(slug)?;
        self.sources.get(id).map(|one| &**one)
    }

    /// The slugs of the topics and populations that stand in the directory.
    pub fn term_slugs(&self) -> impl Iterator<Item = &str> {
        self.terms.values().map(|term| term.slug.as_str())
    }

    /// The name of a topic or population in a language, else as it was written.
    pub fn term(&self, slug: &str, lang: &str) -> String {
        let Some(term) = self.terms.values().find(|term| term.slug == slug) else {
            return slug.to_owned();
        };
        let mut shown = Shown::new(Some(lang), ORIGINAL, &term.translations);
        shown.text("name", term.name.clone(), |one| &one.name)
    }
}
