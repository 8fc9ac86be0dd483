//! The tables of one resource: its own, and one for each of its lists, joined by the slug.

use super::{
    cells::Cell,
    faults::{Wrong, near, nearest},
    grids::{ADDED, Grid},
    losses::garbled,
    origins::{Origin, shape},
    reading::{Found, Refused, Source, columns},
    sheets::{Column, Sheet},
};
use crate::{
    curation::mending::{everything_wrong, is_between},
    ledger::Document,
    values::Invalid,
};
use csv::StringRecord;
use serde_json::{Map, Value};
use std::collections::HashMap;

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
    /// Cells that hold no value: their columns by their line.
    bad: HashMap<u64, Vec<String>>,
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
        refused: &mut Vec<Refused>,
    ) -> Vec<Found> {
        let mut found = Vec::new();
        let next: Vec<(u32, StringRecord)> = self.own.rows.by_ref().take(most).collect();
        for (line, record) in next {
            let before = wrong.len();
            let (mut object, revision) = self.own.object(line, &record, wrong);
            let mut origin = Origin {
                sheet: self.sheet,
                line,
                lists: Vec::with_capacity(self.lists.len()),
            };
            let slug = object.get("slug").and_then(Value::as_str);
            let slug = slug.unwrap_or_default().to_owned();
            if let Some(first) = self.slugs.insert(slug.clone(), line) {
                let reason = format!("line {first} has the same slug");
                let invalid = Invalid::new("twice", reason, "keep one of the two rows");
                wrong.push(origin.wrong(Some(self.in_book), "/slug", invalid));
                refused.push(Refused {
                    origin,
                    mended: None,
                });
                continue;
            }
            self.join(&slug, &mut origin, &mut object, wrong);
            let whole = wrong.len() == before && !self.holds_bad(&origin);
            let object = Value::Object(object);
            match Document::read(self.sheet.resource, &object) {
                Ok(document) if whole => found.push(Found {
                    document,
                    revision,
                    origin,
                }),
                _ => {
                    let mended = self.tell(object, &origin, before, wrong);
                    refused.push(Refused { origin, mended });
                }
            }
        }
        found
    }

    /// Whether a cell of a record holds no value.
    fn holds_bad(&self, origin: &Origin) -> bool {
        let lists = self.lists.iter().zip(&origin.lists);
        let mut lines =
            lists.flat_map(|((rows, _), lines)| lines.iter().map(move |line| (rows, line)));
        self.own.is_bad(origin.line) || lines.any(|(rows, line)| rows.is_bad(*line))
    }

    /// Tells everything that is wrong with a record, but for cells of which something was said already, in `wrong` from
    /// `before` on or when its table was opened; and gives it with what is right in place of that.
    fn tell(
        &self,
        object: Value,
        origin: &Origin,
        before: usize,
        wrong: &mut Vec<Wrong>,
    ) -> Option<Document> {
        let until = wrong.len();
        let nameless = !object.get("slug").is_some_and(Value::is_string);
        let (mut faults, mended) = everything_wrong(self.sheet.resource, object, &shape);
        // Whose lists stand elsewhere nobody knows.
        let of_list = |pointer: &str| {
            let mut lists = self.sheet.lists.iter();
            lists.any(|list| pointer.split('/').nth(1) == Some(list.field))
        };
        faults.retain(|(pointer, _)| !(nameless && of_list(pointer)));
        for (pointer, invalid) in faults {
            let one = origin.wrong(Some(self.in_book), &pointer, invalid);
            let said = |line: u64, column: &str| {
                line == one.line && (column == one.column || is_between(&one.invalid))
            };
            let rows = self.lists.iter().map(|(rows, _)| rows).chain([&self.own]);
            let mut opened = rows
                .filter(|rows| rows.file == one.file)
                .flat_map(|rows| rows.bad.get(&one.line).into_iter().flatten());
            let mut known = wrong[before..until]
                .iter()
                .filter(|known| known.file == one.file);
            if !opened.any(|column| said(one.line, column))
                && !known.any(|known| said(known.line, &known.column))
            {
                wrong.push(one);
            }
        }
        mended.filter(|_| !nameless)
    }

    /// Adds the entries of its lists to a record, where all of them stand.
    fn join(
        &mut self,
        slug: &str,
        origin: &mut Origin,
        object: &mut Map<String, Value>,
        wrong: &mut Vec<Wrong>,
    ) {
        for (list, (rows, entries)) in self.sheet.lists.iter().zip(&mut self.lists) {
            let entries = entries.remove(slug).unwrap_or_default();
            origin
                .lists
                .push(entries.iter().map(|(line, _)| *line).collect());
            let mut values = Vec::with_capacity(entries.len());
            for (line, record) in entries {
                let (mut entry, _) = rows.object(line, &record, wrong);
                entry.remove(list.parent);
                values.push(Value::Object(entry));
            }
            object.insert(list.field.to_owned(), Value::Array(values));
        }
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
        let mut bad: HashMap<u64, Vec<String>> = HashMap::new();
        for one in &grid.wrong {
            bad.entry(one.line).or_default().push(one.column.clone());
        }
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

    fn is_bad(&self, line: u32) -> bool {
        self.bad.contains_key(&u64::from(line))
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
                Slot::Field((column, cell)) => {
                    match garbled(text).map_or_else(|| cell.read(text), Err) {
                        Ok(value) => drop(object.insert((*column).to_owned(), value)),
                        Err(invalid) => refuse(column, text, invalid),
                    }
                }
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
    let mut meant = Vec::new();
    for (place, column) in header.iter().map(|column| column.trim()).enumerate() {
        let field = wanted.iter().find(|(name, _)| *name == column);
        match field {
            Some(field) => slots.push(Slot::Field(*field)),
            None if ADDED.contains(&column) => slots.push(Slot::Aside),
            None if column == "revision" && known.contains(column) => slots.push(Slot::Revision),
            None => {
                let remedy = nearest(column, &names);
                meant.extend(near(column, &names));
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
        let is_there = header.iter().any(|column| column.trim() == *name);
        if !is_there && !meant.contains(name) {
            let remedy = "add it, empty where nothing is known";
            note(name, "missing_column", "the column is missing", remedy);
        }
    }
    (wrong.len() == before).then_some(slots)
}
