//! Where records stand in what was brought, and what is wrong with their shape.

use super::{faults::Wrong, lines::FILE, sheets::Sheet};
use crate::{curation::mending::ShapeError, values::Invalid, web::body::fault};

/// Where a record and the entries of its lists stand.
#[derive(Debug)]
pub struct Origin {
    /// Its sheet.
    pub sheet: &'static Sheet,
    /// The line of its own file.
    pub line: u32,
    /// The lines of each of its lists.
    pub lists: Vec<Vec<u32>>,
}

impl Origin {
    /// Turns a place in the document back into file, line and column.
    pub fn wrong(&self, in_book: Option<bool>, pointer: &str, invalid: Invalid) -> Wrong {
        let (name, line, column) = self.place(in_book, pointer);
        let invalid = match self.bare_list(in_book, pointer) {
            Some(file) => {
                let file = named(in_book, file);
                Invalid::new(
                    "length",
                    format!("{file} has no row of this record"),
                    format!(
                        "put its rows into {file} again, with its slug first; to sort, mark all columns"
                    ),
                )
            }
            None => invalid,
        };
        Wrong::at(&named(in_book, name), line, column, invalid)
    }

    /// The table of a list that has no row of this record, where the list is what is wrong.
    fn bare_list(&self, in_book: Option<bool>, pointer: &str) -> Option<&'static str> {
        in_book?;
        let field = pointer.strip_prefix('/')?;
        let place = self
            .sheet
            .lists
            .iter()
            .position(|list| list.field == field)?;
        let is_bare = self.lists.get(place).is_some_and(Vec::is_empty);
        is_bare.then_some(self.sheet.lists[place].file)
    }

    /// The table, line and column of a place in the document.
    pub fn place<'a>(
        &self,
        in_book: Option<bool>,
        pointer: &'a str,
    ) -> (&'static str, u64, &'a str) {
        let line = u64::from(self.line);
        if in_book.is_none() {
            return (FILE, line, pointer.trim_start_matches('/'));
        }
        let mut parts = pointer.split('/').skip(1);
        let first = parts.next().unwrap_or_default();
        let nested = self.sheet.lists.iter().position(|list| list.field == first);
        let entry = parts.next().and_then(|place| place.parse::<usize>().ok());
        let line_of = |list: usize| self.lists.get(list)?.get(entry?).copied();
        match nested.and_then(|list| line_of(list).map(|line| (list, line))) {
            Some((list, line)) => (
                self.sheet.lists[list].file,
                u64::from(line),
                parts.next().unwrap_or_default(),
            ),
            None => (self.sheet.resource.name(), line, first),
        }
    }
}

/// The name of a table as it was brought.
pub fn named(in_book: Option<bool>, name: &str) -> String {
    match in_book {
        Some(false) => format!("{name}.csv"),
        _ => name.to_owned(),
    }
}

/// Where the shape of a value is wrong, as a JSON Pointer, and what is.
pub fn shape(error: &ShapeError) -> (String, Invalid) {
    (fault(error).0, reason(error.inner()))
}

fn reason(error: &serde_json::Error) -> Invalid {
    let text = error.to_string();
    match text.split_once(", expected ") {
        Some((_, expected)) if text.starts_with("unknown variant") => Invalid::new(
            "not_in_list",
            "the value is not in the list",
            format!("use {}", expected.replace('`', "")),
        ),
        _ if text.starts_with("invalid type: null") => {
            Invalid::new("missing", "it must not be empty", "fill the cell")
        }
        _ => Invalid::new(
            "type",
            "the value has another form",
            "write it as other rows do",
        ),
    }
}

impl Origin {
    /// The lines of the record, each with its file without ending.
    pub fn places(&self) -> impl Iterator<Item = (&'static str, u32)> {
        let own = (self.sheet.resource.name(), self.line);
        let lists = self.sheet.lists.iter().zip(&self.lists);
        let lists = lists.flat_map(|(list, lines)| lines.iter().map(|line| (list.file, *line)));
        std::iter::once(own).chain(lists)
    }

    /// How many rows it has.
    pub fn lines(&self) -> u64 {
        1 + self
            .lists
            .iter()
            .map(|lines| lines.len() as u64)
            .sum::<u64>()
    }
}
