//! A check: what applying would come to, row by row, without writing anything.

use super::{
    content::{Content, Form},
    differing::{Differing, differing},
    faults::{ImportError, Wrong},
    losses::without_zero,
    origins::Origin,
    reading::{Found, Reader, Recognised, Refused},
};
use crate::{
    ledger::{self, Actor, ApplyError, Company, Document, Fault, MOVED, Prospect, Update},
    values::Invalid,
};
use diesel_async::AsyncPgConnection;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use utoipa::ToSchema;

/// How many changes are told one by one.
const TOLD: usize = 100_000;

/// What becomes of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is new.
    Create,
    /// It changes.
    Update,
    /// It stands so already.
    Unchanged,
    /// Somebody changed it since it was exported.
    Conflict,
    /// Something is wrong with it.
    Error,
}

impl Outcome {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Unchanged => "unchanged",
            Self::Conflict => "conflict",
            Self::Error => "error",
        }
    }
}

/// How many records come to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportCounts {
    /// Records that are new.
    #[schema(minimum = 0)]
    pub create: u64,
    /// Records that change.
    #[schema(minimum = 0)]
    pub update: u64,
    /// Records that stand so already.
    #[schema(minimum = 0)]
    pub unchanged: u64,
    /// Records that somebody changed since they were exported.
    #[schema(minimum = 0)]
    pub conflict: u64,
    /// Records, rows and files of which something is wrong.
    #[schema(minimum = 0)]
    pub error: u64,
}

impl ImportCounts {
    fn note(&mut self, outcome: Outcome) {
        *match outcome {
            Outcome::Create => &mut self.create,
            Outcome::Update => &mut self.update,
            Outcome::Unchanged => &mut self.unchanged,
            Outcome::Conflict => &mut self.conflict,
            Outcome::Error => &mut self.error,
        } += 1;
    }
}

/// What an update changes.
#[derive(Debug)]
pub struct Changed {
    /// Which record, by its place among the outcomes.
    pub record: usize,
    /// Its slug.
    pub slug: String,
    /// Cell by cell.
    pub cells: Vec<Differing>,
}

/// What a check found.
#[derive(Debug)]
pub struct Check {
    /// How many records come to what.
    pub counts: ImportCounts,
    /// How many rows were looked at.
    pub rows: u64,
    /// What is wrong, up to a limit.
    pub wrong: Vec<Wrong>,
    /// How much is wrong.
    pub faults: u64,
    /// How each file was recognised.
    pub recognised: Vec<Recognised>,
    /// The last revision of the directory that it was held against.
    pub revision: i64,
    /// What becomes of each record, by where it stands.
    pub outcomes: Vec<(Origin, Outcome)>,
    /// What updates change, up to a limit.
    pub changed: Vec<Changed>,
    /// How many cells and rows they change.
    pub changes: u64,
    /// Whether it stands in CSV files or a workbook, or in neither.
    pub in_book: Option<bool>,
}

impl Check {
    /// Whether it may be applied.
    pub fn is_clean(&self) -> bool {
        self.counts.error == 0 && self.counts.conflict == 0
    }

    /// What updates change, a line of words each.
    pub fn told(&self) -> impl Iterator<Item = String> + '_ {
        self.changed.iter().flat_map(move |changed| {
            let origin = self.outcomes.get(changed.record).map(|(origin, _)| origin);
            let cells = changed.cells.iter();
            cells.filter_map(move |one| {
                let place = one.place(origin?, self.in_book);
                Some(format!("{}: {place}: {}", changed.slug, one.words()))
            })
        })
    }
}

/// Checks what was brought as a second person would apply it. `start` is called with the number of
/// rows, `step` with how many more were looked at.
///
/// # Errors
/// When it cannot be read at all, or the database fails.
pub async fn check(
    connection: &mut AsyncPgConnection,
    content: &Content,
    start: &mut (dyn FnMut(u64) + Send),
    step: &(dyn Fn(u64) + Sync),
) -> Result<Check, ImportError> {
    let (mut reader, names) = Reader::new(content)?;
    start(reader.rows());
    let in_book = match content.form {
        Form::Folder | Form::Zip => Some(false),
        Form::Xlsx => Some(true),
        Form::Ndjson => None,
    };
    let actor = Actor {
        name: "check".to_owned(),
        second_person: Some("somebody else".to_owned()),
        ..Actor::default()
    };
    let transaction = connection.build_transaction().read_only();
    let walked = transaction
        .repeatable_read()
        .run(async |connection| {
            let mut walk = Walk {
                actor,
                company: Company::announced(names),
                in_book,
                outcomes: Vec::new(),
                changed: Vec::new(),
                changes: 0,
            };
            let revision = ledger::last(connection).await?;
            while let Some(part) = reader.part() {
                let looked = part.iter().map(|found| found.origin.lines()).sum();
                let wrong = walk.part(connection, part).await?;
                reader.note(wrong);
                let refused = std::mem::take(&mut reader.refused);
                let wrong = walk.refused(connection, refused, &reader.wrong).await?;
                reader.note(wrong);
                step(looked);
            }
            Ok::<_, ImportError>((walk, revision))
        })
        .await;
    let (walk, revision) = walked?;
    let Walk {
        outcomes,
        changed,
        changes,
        ..
    } = walk;
    reader.place();
    let mut counts = ImportCounts::default();
    outcomes
        .iter()
        .for_each(|(_, outcome)| counts.note(*outcome));
    counts.error += strays(&reader, &outcomes);
    Ok(Check {
        counts,
        rows: reader.rows(),
        faults: reader.faults,
        wrong: reader.wrong,
        recognised: reader.recognised,
        revision,
        outcomes,
        changed,
        changes,
        in_book,
    })
}

/// How many rows and files are wrong that belong to no record.
fn strays(reader: &Reader<'_>, outcomes: &[(Origin, Outcome)]) -> u64 {
    let own: HashSet<(String, u64)> = outcomes
        .iter()
        .filter(|(_, outcome)| matches!(outcome, Outcome::Error | Outcome::Conflict))
        .flat_map(|(origin, _)| origin.places())
        .map(|(name, line)| (name.to_owned(), u64::from(line)))
        .collect();
    let name = |file: &str| file.strip_suffix(".csv").unwrap_or(file).to_owned();
    let wrong = reader.wrong.iter().map(|one| (name(&one.file), one.line));
    let strays: HashSet<(String, u64)> = wrong.filter(|place| !own.contains(place)).collect();
    strays.len() as u64
}

/// A check under way.
struct Walk {
    actor: Actor,
    company: Company,
    in_book: Option<bool>,
    outcomes: Vec<(Origin, Outcome)>,
    changed: Vec<Changed>,
    changes: u64,
}

impl Walk {
    async fn part(
        &mut self,
        connection: &mut AsyncPgConnection,
        part: Vec<Found>,
    ) -> Result<Vec<Wrong>, ImportError> {
        let (mut changes, mut origins) = (Vec::new(), Vec::new());
        for found in part {
            let (change, origin) = found.change();
            changes.push(change);
            origins.push(origin);
        }
        let checked = ledger::check(connection, &self.actor, changes, &mut self.company).await;
        let (prospects, faults) = checked.map_err(failed)?;
        let moved: HashSet<usize> = faults
            .iter()
            .filter(|fault| fault.invalid.code == MOVED)
            .map(|fault| fault.change)
            .collect();
        let named = |fault: Fault| {
            let origin = origins.get(fault.change)?;
            Some(origin.wrong(self.in_book, &fault.pointer, told(fault.invalid)))
        };
        let mut wrong: Vec<Wrong> = faults.into_iter().filter_map(named).collect();
        for (place, (origin, prospect)) in origins.into_iter().zip(prospects).enumerate() {
            let (outcome, lost) = match prospect {
                Prospect::Created(document) => {
                    let lost = without_zero(&document);
                    let lost = lost.map(|(point, invalid)| (value_of(point), invalid));
                    (Outcome::Create, lost.collect())
                }
                Prospect::Updated(update) => (Outcome::Update, self.update(&origin, &update)),
                Prospect::Unchanged => (Outcome::Unchanged, Vec::new()),
                Prospect::Refused if moved.contains(&place) => (Outcome::Conflict, Vec::new()),
                Prospect::Refused => (Outcome::Error, Vec::new()),
            };
            let outcome = match lost.is_empty() {
                true => outcome,
                false => Outcome::Error,
            };
            let lost = lost.into_iter();
            wrong.extend(
                lost.map(|(pointer, invalid)| origin.wrong(self.in_book, &pointer, invalid)),
            );
            self.outcomes.push((origin, outcome));
        }
        Ok(wrong)
    }

    /// Notes what an update changes, or says what of it a spreadsheet program did.
    fn update(&mut self, origin: &Origin, update: &Update) -> Vec<(String, Invalid)> {
        let cells = differing(origin.sheet, update);
        let lost = cells
            .iter()
            .filter_map(|one| Some((one.pointer(), one.lost.clone()?)));
        let mut lost: Vec<(String, Invalid)> = lost.collect();
        for (point, invalid) in without_zero(&update.after) {
            let (row, value) = (format!("/contact_points/{point}"), value_of(point));
            let new = cells
                .iter()
                .any(|one| [&row, &value].contains(&&one.pointer()));
            if new && lost.iter().all(|(known, _)| *known != value) {
                lost.push((value, invalid));
            }
        }
        if lost.is_empty() {
            let known = self.changes;
            self.changes += cells.len() as u64;
            self.changed.push(Changed {
                record: self.outcomes.len(),
                slug: update.after.slug().to_owned(),
                cells: match known < TOLD as u64 {
                    true => cells,
                    false => Vec::new(),
                },
            });
        }
        lost
    }

    /// Says what records that could not be read name and is not there, so that nobody hears of it only
    /// when all else is right.
    async fn refused(
        &mut self,
        connection: &mut AsyncPgConnection,
        refused: Vec<Refused>,
        known: &[Wrong],
    ) -> Result<Vec<Wrong>, ImportError> {
        let (mut documents, mut places) = (Vec::<Document>::new(), Vec::new());
        for Refused { origin, mended } in refused {
            if let Some(document) = mended {
                documents.push(document);
                places.push(self.outcomes.len());
            }
            self.outcomes.push((origin, Outcome::Error));
        }
        let faults = ledger::unknown(connection, &documents, &self.company).await;
        let named = |fault: Fault| {
            let (origin, _) = self.outcomes.get(*places.get(fault.change)?)?;
            Some(origin.wrong(self.in_book, &fault.pointer, fault.invalid))
        };
        let mut wrong: Vec<Wrong> = faults
            .map_err(failed)?
            .into_iter()
            .filter_map(named)
            .collect();
        // What stands in place of what is wrong is nobody's mistake.
        let known: HashSet<_> = known.iter().map(Wrong::place).collect();
        wrong.retain(|one| !known.contains(&one.place()));
        Ok(wrong)
    }
}

fn value_of(point: usize) -> String {
    format!("/contact_points/{point}/value")
}

/// A fault in the words of whoever has only a spreadsheet.
pub fn told(mut invalid: Invalid) -> Invalid {
    if invalid.code == MOVED {
        invalid.reason = "somebody changed the record since it was exported".to_owned();
        invalid.remedy = "export again, and repeat the change there".to_owned();
    }
    invalid
}

/// Why nothing came of it.
pub fn failed(error: ApplyError) -> ImportError {
    match error {
        ApplyError::Database(error) => error.into(),
        ApplyError::Interrupted => ImportError::Interrupted,
        ApplyError::Refused(_) => ImportError::Wrong(Vec::new()),
    }
}
