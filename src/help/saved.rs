//! What is held in memory, kept in a file as well, so that a service that starts while its database is away can say whom
//! to contact. It holds what everybody may read and nothing else; its first line is the digest of the rest.

use super::{
    lines::{Body, Line, Office},
    memory::{Memory, Term},
};
use crate::{
    hotlines::HotlineInput,
    organizations::OrganizationInput,
    regional_contacts::RegionalContactInput,
    values::{digest::digest, reference::Reference, translation::TranslationInput},
    vocabularies::{CountryInput, SourceInput},
    web::state::Revision,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
    sync::Arc,
};
use uuid::Uuid;

/// The file's name in the data directory.
pub const FILE: &str = "help.saved";

/// The file behind its first line.
#[derive(Serialize, Deserialize)]
struct Saved<L, O, B, C, S, T> {
    revision: i64,
    at: DateTime<Utc>,
    /// Until when nothing else was known.
    confirmed_at: DateTime<Utc>,
    hotlines: Vec<L>,
    regional_contacts: Vec<O>,
    organizations: Vec<B>,
    countries: Vec<C>,
    sources: Vec<S>,
    terms: Vec<T>,
}

type Named<I> = (Uuid, Option<Reference>, I);
type Read = Saved<
    Named<HotlineInput>,
    Named<RegionalContactInput>,
    (Uuid, OrganizationInput),
    (Uuid, CountryInput),
    (Uuid, SourceInput),
    (Uuid, String, String, Vec<TranslationInput>),
>;

/// Writes the memory beside the file that is there, and puts it in its place when it is whole.
///
/// # Errors
/// Those of the disk.
pub fn save(path: &Path, memory: &Memory, confirmed_at: DateTime<Utc>) -> io::Result<()> {
    let saved = Saved {
        revision: memory.revision.number,
        at: memory.revision.at,
        confirmed_at,
        hotlines: memory
            .lines
            .values()
            .map(|line| (line.id, &line.organization, &line.input))
            .collect(),
        regional_contacts: memory
            .offices
            .values()
            .map(|office| (office.id, &office.organization, &office.input))
            .collect(),
        organizations: memory
            .organizations
            .values()
            .map(|body| (body.id, &body.input))
            .collect(),
        countries: memory.countries.iter().collect(),
        sources: memory.sources.iter().collect(),
        terms: memory
            .terms
            .iter()
            .map(|(id, term)| (id, &term.slug, &term.name, &term.translations))
            .collect(),
    };
    let rest = serde_json::to_vec(&saved)?;
    let new = path.with_extension("new");
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = File::create(&new)?;
    file.write_all(format!("{}\n", digest(&rest)).as_bytes())?;
    file.write_all(&rest)?;
    file.sync_all()?;
    fs::rename(new, path)
}

/// Reads the memory and until when it was confirmed. A file that is damaged, or of another version that held
/// something else, is as good as none.
///
/// # Errors
/// What is wrong with it.
pub fn read(path: &Path) -> Result<(DateTime<Utc>, Memory), String> {
    let text = fs::read(path).map_err(|error| error.to_string())?;
    let end = text.iter().position(|byte| *byte == b'\n');
    let (head, rest) = text.split_at(end.ok_or("it has no first line")?);
    let rest = &rest[1..];
    if head != digest(rest).as_bytes() {
        return Err("its bytes are not those that were written".to_owned());
    }
    let read: Read = serde_json::from_slice(rest).map_err(|error| error.to_string())?;
    let mut memory = Memory::empty(Revision {
        number: read.revision,
        at: read.at,
    });
    for (id, organization, input) in read.hotlines {
        let line = Line::of(&mut memory.schedules, id, organization, input);
        memory.lines.insert(id, Arc::new(line));
    }
    for (id, organization, input) in read.regional_contacts {
        let office = Office::of(&mut memory.schedules, id, organization, input);
        memory.offices.insert(id, Arc::new(office));
    }
    for (id, input) in read.organizations {
        memory
            .organizations
            .insert(id, Arc::new(Body { id, input }));
    }
    for (id, input) in read.countries {
        memory.countries.insert(id, Arc::new(input));
    }
    for (id, input) in read.sources {
        memory.sources.insert(id, Arc::new(input));
    }
    for (id, slug, name, translations) in read.terms {
        let term = Term {
            slug,
            name,
            translations,
        };
        memory.terms.insert(id, term);
    }
    memory.recalled = true;
    memory.index();
    Ok((read.confirmed_at, memory))
}
