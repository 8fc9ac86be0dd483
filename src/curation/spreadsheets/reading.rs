//! Reads documents out of what was brought, a part at a time, so that memory holds one part.
//! Every fault is noted with its place.

use super::{
    content::{Content, Form, ROWS},
    faults::{ImportError, Wrong, nearest},
    grids::{self, ADDED, Grid, too_many_rows},
    lines::Lines,
    origins::Origin,
    sheets::{self, SHEETS, Sheet},
    tables::Table,
    workbooks,
};
use crate::{
    ledger::{Change, Document, Names, Resource},
    values::Invalid,
};
use std::collections::{HashSet, VecDeque};

/// How many records a part holds. Figures are checked beside one another, and are one part.
const PART: usize = 1000;
/// How many faults are kept; the others are counted.
const FAULTS: usize = 5000;

/// A record that was read.
#[derive(Debug)]
pub struct Found {
    /// What it says.
    pub document: Document,
    /// The revision that it was exported at, where the rows say; 0 for a record that is new.
    pub revision: Option<i64>,
    /// Where it stands.
    pub origin: Origin,
}

impl Found {
    /// What it comes to, and where it stands. What stands otherwise by now is not overwritten, where the rows say
    /// revisions; what stands so already is no change, also of a new row that comes in again.
    pub fn change(self) -> (Change, Origin) {
        let change = Change {
            expected: self.revision.filter(|revision| *revision > 0),
            unmoved_since: self.revision.filter(|revision| *revision == 0),
            copied: true,
            ..Change::to(self.document)
        };
        (change, self.origin)
    }
}

/// A record that could not be read.
#[derive(Debug)]
pub struct Refused {
    /// Where it stands.
    pub origin: Origin,
    /// What it says, with what is right in place of what is wrong, where that can be.
    pub mended: Option<Document>,
}

/// How a file was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// The file, or the sheet.
    pub file: String,
    /// Its encoding.
    pub encoding: &'static str,
    /// What stands between its cells.
    pub delimiter: &'static str,
    /// How many rows it has below its header.
    pub rows: u64,
}

/// Reads what was brought.
pub struct Reader<'a> {
    source: Source<'a>,
    parts: VecDeque<&'static [Resource]>,
    open: Option<Table>,
    /// What is wrong, at most [`FAULTS`] of it.
    pub wrong: Vec<Wrong>,
    /// How much is wrong.
    pub faults: u64,
    /// The records that could not be read.
    pub refused: Vec<Refused>,
    /// How each file was recognised.
    pub recognised: Vec<Recognised>,
}

/// Where tables come from.
pub enum Source<'a> {
    /// CSV files.
    Files(&'a Content),
    /// A workbook.
    Book(Box<calamine::Xlsx<std::io::Cursor<&'a [u8]>>>),
    /// Lines of JSON.
    Lines(Lines<'a>),
}

/// What is checked together: figures with the indicators that they are of.
const PARTS: [&[Resource]; 9] = [
    &[Resource::Topics],
    &[Resource::Populations],
    &[Resource::Sources],
    &[Resource::Countries],
    &[Resource::Synonyms],
    &[Resource::Organizations],
    &[Resource::Hotlines],
    &[Resource::RegionalContacts],
    &[Resource::Indicators, Resource::Statistics],
];

impl<'a> Reader<'a> {
    /// Looks through everything once: what there is, how it is encoded, and the names of all records.
    ///
    /// # Errors
    /// When it cannot be read at all, or is too much.
    pub fn new(content: &'a Content) -> Result<(Self, Names), ImportError> {
        let source = match content.form {
            Form::Folder | Form::Zip => Source::Files(content),
            Form::Xlsx => workbooks::open(content.bytes())
                .map(|book| Source::Book(Box::new(book)))
                .map_err(|invalid| ImportError::whole("the workbook", invalid))?,
            Form::Ndjson => Source::Lines(Lines::new(content.bytes())?),
        };
        let mut reader = Self {
            source,
            parts: PARTS.into(),
            open: None,
            wrong: Vec::new(),
            faults: 0,
            refused: Vec::new(),
            recognised: Vec::new(),
        };
        let names = reader.look_through()?;
        Ok((reader, names))
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.recognised.iter().map(|file| file.rows).sum()
    }

    /// Notes faults.
    pub fn note(&mut self, wrong: impl IntoIterator<Item = Wrong>) {
        for one in wrong {
            self.faults += 1;
            if self.wrong.len() < FAULTS {
                self.wrong.push(one);
            }
        }
    }

    fn look_through(&mut self) -> Result<Names, ImportError> {
        let mut names = Names::new();
        if let Source::Lines(lines) = &mut self.source {
            let wrong = lines.look_through(&mut names, &mut self.recognised)?;
            self.note(wrong);
            return Ok(names);
        }
        let files = self.source.names();
        let strange = strange(&files, &mut self.source);
        self.note(strange);
        self.note(missing(&files));
        let mut left = ROWS;
        for sheet in &SHEETS {
            let own = sheet.resource.name();
            let lists = sheet.lists.iter().map(|list| list.file);
            for name in std::iter::once(own).chain(lists) {
                let Some(grid) = self.source.grid(name, left) else {
                    continue;
                };
                let over = grid.wrong.last();
                if over.is_some_and(|one| one.invalid.code == "too_many_rows") {
                    return Err(ImportError::whole(&grid.file, too_many_rows()));
                }
                let rows = grid.rows.len() as u64;
                left = left.saturating_sub(rows);
                self.recognised.push(Recognised {
                    encoding: grid.encoding,
                    delimiter: grid.delimiter(),
                    rows,
                    file: grid.file,
                });
                let slug = grid
                    .header
                    .iter()
                    .position(|column| column.trim() == "slug");
                let slug = slug.filter(|_| name == own);
                let cells = grid.rows.iter().filter_map(|(_, row)| row.get(slug?));
                names.extend(cells.map(|cell| (sheet.resource, cell.to_owned())));
            }
        }
        Ok(names)
    }

    /// The next records that could be read; `None` at the end.
    pub fn part(&mut self) -> Option<Vec<Found>> {
        if let Some(table) = &mut self.open {
            let mut wrong = Vec::new();
            let found = table.take(PART, &mut wrong, &mut self.refused);
            if table.is_done() {
                wrong.extend(table.orphans());
                self.open = None;
            }
            self.note(wrong);
            return Some(found);
        }
        let part = self.parts.pop_front()?;
        let mut all = Vec::new();
        for resource in part {
            let Some(sheet) = Sheet::of(*resource) else {
                continue;
            };
            let mut wrong = Vec::new();
            if let Source::Lines(lines) = &mut self.source {
                let most = if part.len() == 1 { PART } else { usize::MAX };
                all.extend(lines.take(sheet, most, &mut wrong, &mut self.refused));
                if lines.has(*resource) {
                    self.parts.push_front(part);
                }
                self.note(wrong);
                continue;
            }
            let table = Table::open(sheet, &mut self.source, &mut wrong);
            self.note(wrong);
            match (table, part) {
                (Some(table), [_]) => self.open = Some(table),
                (Some(mut table), _) => {
                    let mut wrong = Vec::new();
                    all.extend(table.take(usize::MAX, &mut wrong, &mut self.refused));
                    wrong.extend(table.orphans());
                    self.note(wrong);
                }
                (None, _) => {}
            }
        }
        Some(all)
    }

    /// What sort of value stands where something is wrong, and the cell's name in a workbook: read
    /// anew, since rows are not kept.
    pub fn place(&mut self) {
        let mut files: Vec<String> = self.wrong.iter().map(|one| one.file.clone()).collect();
        files.sort();
        files.dedup();
        for file in files {
            let name = file.strip_suffix(".csv").unwrap_or(&file);
            let Some(grid) = self.source.grid(name, ROWS) else {
                continue;
            };
            let own = self
                .wrong
                .iter_mut()
                .filter(|one| one.file == file && one.line > 0);
            for one in own {
                if one.value.is_empty() && one.line > 1 {
                    one.value = grid.class(one.line, &one.column);
                }
                if one.cell.is_none() {
                    one.cell = grid.cell(one.line, &one.column);
                }
            }
        }
    }
}

impl Source<'_> {
    /// The names of its tables as they are brought.
    fn names(&self) -> Vec<String> {
        match self {
            Self::Files(content) => content.files.keys().cloned().collect(),
            Self::Book(book) => workbooks::sheets(book),
            Self::Lines(_) => Vec::new(),
        }
    }

    /// The table of a name without ending, of at most so many rows.
    pub fn grid(&mut self, name: &str, most: u64) -> Option<Grid> {
        match self {
            Self::Files(content) => {
                let file = format!("{name}.csv");
                let bytes = content.files.get(&file)?;
                Some(grids::of_csv(&file, bytes, &columns(name), most))
            }
            Self::Book(book) => {
                let known = workbooks::sheets(book).iter().any(|sheet| sheet == name);
                known.then(|| workbooks::of_sheet(book, name, most))
            }
            Self::Lines(_) => None,
        }
    }
}

/// The columns that a file may have.
pub fn columns(name: &str) -> HashSet<&'static str> {
    let mut known: HashSet<&'static str> = ADDED.into();
    for sheet in &SHEETS {
        if sheet.resource.name() == name {
            known.insert("revision");
            known.extend(sheet.columns.iter().map(|(column, _)| *column));
        }
        for list in sheet.lists.iter().filter(|list| list.file == name) {
            known.insert(list.parent);
            known.extend(list.columns.iter().map(|(column, _)| *column));
        }
    }
    known
}

/// A resource without the file of one of its lists would lose what stands in that list.
fn missing(files: &[String]) -> Vec<Wrong> {
    let is = |file: &String, name: &str| file.strip_suffix(".csv").unwrap_or(file) == name;
    let has = |name: &str| files.iter().any(|file| is(file, name));
    let ending = match files.iter().any(|file| file.ends_with(".csv")) {
        true => ".csv",
        false => "",
    };
    let given = SHEETS.iter().filter(|sheet| has(sheet.resource.name()));
    let lists = given.flat_map(|sheet| sheet.lists);
    let invalid = || {
        Invalid::new(
            "missing_file",
            "the file is missing",
            "add it, with only its header where the list is empty",
        )
    };
    let missing = lists.filter(|list| !has(list.file));
    missing
        .map(|list| Wrong::file(&format!("{}{ending}", list.file), invalid()))
        .collect()
}

fn strange(files: &[String], source: &mut Source<'_>) -> Vec<Wrong> {
    let known: Vec<&str> = sheets::names().collect();
    let in_book = matches!(source, Source::Book(_));
    let named = |file: &String| match in_book {
        true => known.contains(&file.as_str()),
        false => file
            .strip_suffix(".csv")
            .is_some_and(|name| known.contains(&name)),
    };
    let mut wrong = Vec::new();
    for file in files.iter().filter(|file| !named(file)) {
        // A new workbook brings sheets of nothing.
        let empty = in_book
            && source
                .grid(file, 1)
                .is_some_and(|grid| grid.header.is_empty());
        if !empty {
            let invalid = Invalid::new(
                "unknown_file",
                "there is no such file in an import",
                nearest(file.trim_end_matches(".csv"), &known),
            );
            wrong.push(Wrong::file(file, invalid));
        }
    }
    if files.is_empty() {
        let invalid = Invalid::new(
            "empty",
            "there are no CSV files in it",
            "send the files of an export, such as hotlines.csv with its lists",
        );
        wrong.push(Wrong::file("the import", invalid));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sheet_is_read_in_one_part() {
        let mut parts: Vec<Resource> = PARTS.concat();
        parts.sort();
        let mut sheets: Vec<Resource> = SHEETS.iter().map(|sheet| sheet.resource).collect();
        sheets.sort();
        assert_eq!(parts, sheets);
    }
}
