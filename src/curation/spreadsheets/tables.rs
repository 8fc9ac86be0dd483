//! The tables of one resource: its own, and one for each of its lists, joined by the slug.

use super::{
    cells::Cell,
    faults::{Wrong, nearest},
    grids::{ADDED, Grid},
    origins::{Origin, pointer, shape},
    reading::{Found, Source, columns},
    sheets::{Column, Sheet},
};
use crate::{ledger::Document, values::Invalid};
use csv::StringRecord;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    /// A field.
    Field(Column),
    /// The revision that the row was exported at.
    Revision,
    /// What a check added.
    Aside,
}

/// The rows of a file whose header fits.
#[derive(Debug)]
struct Rows {
    file: String,
    slots: Vec<Slot>,
    rows: std::vec::IntoIter<(u32, StringRecord)>,
    /// Lines of which a cell holds no value.
    bad: HashSet<u32>,
}

/// The entries of a list, by the slug of their parent.
type Entries = HashMap<String, Vec<(u32, StringRecord)>>;

/// The tables of a resource.
#[derive(Debug)]
pub struct Table {
    sheet: &'static Sheet,
    in_book: bool,
    own: Rows,
    lists: Vec<(Rows, Entries)>,
    slugs: HashMap<String, u32>,
}

impl Table {
    /// Opens the tables of a resource, if there are any and all of their headers fit.
    pub fn open(
        sheet: &'static Sheet,
        source: &mut Source<'_>,
        wrong: &mut Vec<Wrong>,
    ) -> Option<Self> {
        let own = source.grid(sheet.resource.name(), u64::MAX);
        let in_book = own.as_ref().is_some_and(|grid| grid.in_workbook);
        let own = own.map(|grid| Rows::of(grid, sheet.resource.name(), sheet.columns, None, wrong));
        let mut lists = Vec::new();
        let mut whole = true;
        for list in sheet.lists {
            let Some(grid) = source.grid(list.file, u64::MAX) else {
                // It is missing, which was said, or so is the whole resource.
                whole = false;
                continue;
            };
            let rows = Rows::of(grid, list.file, list.columns, Some(list.parent), wrong);
            let Some(mut rows) = rows else {
                whole = false;
                continue;
            };
            let parent = rows.place(list.parent);
            let mut entries = Entries::new();
            for (line, record) in rows.rows.by_ref() {
                let slug = parent
                    .and_then(|place| record.get(place))
                    .unwrap_or_default();
                let slug = super::cells::unguarded(slug).unwrap_or(slug).to_owned();
                entries.entry(slug).or_default().push((line, record));
            }
            lists.push((rows, entries));
        }
        match own {
            Some(Some(own)) if whole => Some(Self {
                sheet,
                in_book,
                own,
                lists,
                slugs: HashMap::new(),
            }),
            // Entries of a list alone belong to nobody.
            None => {
                wrong.extend(sheet.lists.iter().zip(&lists).flat_map(orphans));
                None
            }
            _ => None,
        }
    }

    /// Whether all rows are read.
    pub fn is_done(&self) -> bool {
        self.own.rows.len() == 0
    }

    /// The next records that can be read; of the others it notes where they stand.
    pub fn take(
        &mut self,
        most: usize,
        wrong: &mut Vec<Wrong>,
        refused: &mut Vec<Origin>,
    ) -> Vec<Found> {
        let mut found = Vec::new();
        let next: Vec<(u32, StringRecord)> = self.own.rows.by_ref().take(most).collect();
        for (line, record) in next {
            let before = wrong.len();
            let bad = self.own.bad.contains(&line);
            let (object, revision) = self.own.object(line, &record, wrong);
            let (origin, object, broken) = self.joined(line, object, wrong);
            if bad || broken || wrong.len() > before {
                refused.push(origin);
                continue;
            }
            match Document::read(self.sheet.resource, Value::Object(object)) {
                Ok(document) => found.push(Found {
                    document,
                    revision,
                    origin,
                }),
                Err(error) => {
                    let place = pointer(error.path());
                    wrong.push(origin.wrong(Some(self.in_book), &place, shape(error.inner())));
                    refused.push(origin);
                }
            }
        }
        found
    }

    /// A row with the entries of its lists, where all of them stand, and whether one of these holds
    /// a cell without a value.
    fn joined(
        &mut self,
        line: u32,
        mut object: Map<String, Value>,
        wrong: &mut Vec<Wrong>,
    ) -> (Origin, Map<String, Value>, bool) {
        let slug = object
            .get("slug")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let slug = slug.to_owned();
        let mut origin = Origin {
            sheet: self.sheet,
            line,
            lists: Vec::with_capacity(self.lists.len()),
        };
        if let Some(first) = self.slugs.insert(slug.clone(), line) {
            let reason = format!("line {first} has the same slug");
            let invalid = Invalid::new("twice", reason, "keep one of the two rows");
            wrong.push(origin.wrong(Some(self.in_book), "/slug", invalid));
            return (origin, object, true);
        }
        let mut broken = false;
        for (list, (rows, entries)) in self.sheet.lists.iter().zip(&mut self.lists) {
            let entries = entries.remove(&slug).unwrap_or_default();
            origin
                .lists
                .push(entries.iter().map(|(line, _)| *line).collect());
            let mut values = Vec::with_capacity(entries.len());
            for (line, record) in entries {
                let (mut entry, _) = rows.object(line, &record, wrong);
                entry.remove(list.parent);
                values.push(Value::Object(entry));
                broken |= rows.bad.contains(&line);
            }
            object.insert(list.field.to_owned(), Value::Array(values));
        }
        (origin, object, broken)
    }

    /// What is wrong with entries that belong to no row.
    pub fn orphans(&self) -> Vec<Wrong> {
        self.sheet
            .lists
            .iter()
            .zip(&self.lists)
            .flat_map(orphans)
            .collect()
    }
}

fn orphans((list, (rows, entries)): (&super::sheets::List, &(Rows, Entries))) -> Vec<Wrong> {
    let mut left: Vec<u32> = entries.values().flatten().map(|(line, _)| *line).collect();
    left.sort_unstable();
    let invalid = || {
        Invalid::new(
            "reference",
            "no row of the main file has this slug",
            "correct it, or add that row",
        )
    };
    left.into_iter()
        .map(|line| Wrong::at(&rows.file, u64::from(line), list.parent, invalid()))
        .collect()
}

impl Rows {
    /// The rows of a grid, when its columns are those that they must be.
    fn of(
        grid: Grid,
        name: &str,
        fields: &'static [Column],
        parent: Option<&'static str>,
        wrong: &mut Vec<Wrong>,
    ) -> Option<Self> {
        let unread = grid.header.is_empty() && !grid.wrong.is_empty();
        let bad = grid
            .wrong
            .iter()
            .filter_map(|one| u32::try_from(one.line).ok())
            .collect();
        wrong.extend(grid.wrong);
        if unread {
            return None;
        }
        let wanted = parent.map(|parent| (parent, Cell::Text));
        let wanted: Vec<Column> = wanted.into_iter().chain(fields.iter().copied()).collect();
        let slots = slots(&grid.file, &grid.header, name, &wanted, wrong)?;
        Some(Self {
            file: grid.file,
            slots,
            rows: grid.rows.into_iter(),
            bad,
        })
    }

    fn place(&self, column: &str) -> Option<usize> {
        let is = |slot: &Slot| matches!(slot, Slot::Field((name, _)) if *name == column);
        self.slots.iter().position(is)
    }

    fn object(
        &self,
        line: u32,
        record: &StringRecord,
        wrong: &mut Vec<Wrong>,
    ) -> (Map<String, Value>, Option<i64>) {
        let mut object = Map::with_capacity(self.slots.len() + 4);
        let mut revision = None;
        let mut refuse = |column: &str, text: &str, invalid| {
            let value = super::damage::class(text);
            wrong.push(Wrong {
                value,
                ..Wrong::at(&self.file, u64::from(line), column, invalid)
            });
        };
        for (slot, text) in self.slots.iter().zip(record) {
            match slot {
                Slot::Aside => {}
                // Where revisions stand, a row without one is of no record yet.
                Slot::Revision if text.is_empty() => revision = Some(0),
                Slot::Revision => match text.parse::<i64>() {
                    Ok(number) if number > 0 => revision = Some(number),
                    _ => {
                        let reason = "it is no revision";
                        let remedy =
                            "leave the column as it was exported; of a new row it is empty";
                        refuse("revision", text, Invalid::new("cell", reason, remedy));
                    }
                },
                Slot::Field((column, cell)) => match cell.read(text) {
                    Ok(value) => drop(object.insert((*column).to_owned(), value)),
                    Err(invalid) => refuse(column, text, invalid),
                },
            }
        }
        (object, revision)
    }
}

/// What each column of a header holds.
fn slots(
    file: &str,
    header: &[String],
    name: &str,
    wanted: &[Column],
    wrong: &mut Vec<Wrong>,
) -> Option<Vec<Slot>> {
    let known = columns(name);
    let names: Vec<&str> = wanted.iter().map(|(name, _)| *name).collect();
    let before = wrong.len();
    let mut note = |column: &str, code, reason: &str, remedy: &str| {
        wrong.push(Wrong::at(
            file,
            1,
            column,
            Invalid::new(code, reason, remedy),
        ));
    };
    let mut slots = Vec::with_capacity(header.len());
    for (place, column) in header.iter().map(|column| column.trim()).enumerate() {
        let field = wanted.iter().find(|(name, _)| *name == column);
        match field {
            Some(field) => slots.push(Slot::Field(*field)),
            None if ADDED.contains(&column) => slots.push(Slot::Aside),
            None if column == "revision" && known.contains(column) => slots.push(Slot::Revision),
            None => {
                let remedy = nearest(column, &names);
                note(column, "unknown_column", "there is no such column", &remedy);
            }
        }
        let earlier = header
            .iter()
            .take(place)
            .any(|earlier| earlier.trim() == column);
        if earlier && !ADDED.contains(&column) {
            note(
                column,
                "twice",
                "the column stands twice",
                "keep one of the two",
            );
        }
    }
    for name in &names {
        if !header.iter().any(|column| column.trim() == *name) {
            let remedy = "add it, empty where nothing is known";
            note(name, "missing_column", "the column is missing", remedy);
        }
    }
    (wrong.len() == before).then_some(slots)
}
