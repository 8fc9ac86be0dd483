//! What is held in memory: every public record that an answer may need, and where each is met.

use super::lines::{Body, Line, Office, Schedules};
use crate::{
    values::place::{self, country_of},
    vocabularies::CountryInput,
    web::state::Revision,
};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};
use uuid::Uuid;

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
    /// Names of topics and populations, by slug.
    pub terms: HashMap<Uuid, Term>,
    /// Hours that lines and offices keep.
    pub schedules: Schedules,
    met: HashMap<String, Vec<Uuid>>,
    groups: HashMap<String, BTreeSet<Uuid>>,
}

/// A topic or population.
#[derive(Debug, Clone)]
pub struct Term {
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub name: String,
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
            schedules: Schedules::new(),
            met: HashMap::new(),
            groups: HashMap::new(),
        }
    }

    /// Notes anew where each line is met; after the lines have changed.
    pub fn index(&mut self) {
        self.met.clear();
        self.groups.clear();
        for line in self.lines.values() {
            let areas = line.input.coverage.iter();
            let mut met: Vec<&str> = areas.flat_map(|area| [area, country_of(area)]).collect();
            met.sort_unstable();
            met.dedup();
            for area in met {
                self.met.entry(area.to_owned()).or_default().push(line.id);
            }
            if let Some(group) = &line.input.show_together {
                self.groups
                    .entry(group.clone())
                    .or_default()
                    .insert(line.id);
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

    /// The names of the others of a line's group.
    pub fn others_of(&self, line: &Line) -> Vec<&str> {
        let group = line.input.show_together.as_ref();
        let ids = group.and_then(|group| self.groups.get(group));
        ids.into_iter()
            .flatten()
            .filter(|id| **id != line.id)
            .filter_map(|id| self.lines.get(id))
            .map(|line| line.input.name.as_str())
            .collect()
    }

    /// The emergency numbers of a country, where a source gives them.
    pub fn numbers(&self, country: &str) -> Option<&CountryInput> {
        self.countries
            .values()
            .find(|one| one.slug == country)
            .map(|one| &**one)
    }

    /// The name of a topic or population in a language, else as it was written.
    pub fn term(&self, slug: &str, _lang: &str) -> String {
        let term = self.terms.values().find(|term| term.slug == slug);
        term.map_or(slug, |term| &term.name).to_owned()
    }
}
