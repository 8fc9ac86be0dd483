//! The rows of a CSV file as objects, with the line of each; every fault is noted with its place.

use super::{
    imports::{Files, Wrong},
    sheets::{Cell, Column},
};
use crate::values::Invalid;
use serde_json::{Map, Value};

/// A row: the line it starts on, and its cells by column.
pub type Row = (u64, Map<String, Value>);

/// The known name that is near to one that is not, or all of them.
pub fn nearest(name: &str, known: &[&str]) -> String {
    let near = known
        .iter()
        .map(|one| (strsim::damerau_levenshtein(name, one), *one))
        .filter(|(distance, one)| *distance <= one.len() / 2)
        .min();
    match near {
        Some((_, one)) => format!("did you mean {one}?"),
        None => format!("use one of {}", known.join(", ")),
    }
}

/// The rows of a file as objects, empty when the file is not there.
pub fn rows(
    files: &Files,
    name: &str,
    parent: Option<&'static str>,
    columns: &'static [Column],
    wrong: &mut Vec<Wrong>,
) -> Vec<Row> {
    let file = format!("{name}.csv");
    let Some(bytes) = files.get(&file) else {
        return Vec::new();
    };
    let own = columns.iter().copied();
    let sheet = Reading {
        columns: parent
            .map(|parent| (parent, Cell::Text))
            .into_iter()
            .chain(own)
            .collect(),
        file,
        wrong,
    };
    sheet.read(bytes)
}

/// Counts lines: the reader's own count lags by one where lines end with CR LF.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn of(&mut self, position: Option<&csv::Position>) -> u64 {
        let start = position.map_or(0, |position| position.byte() as usize);
        // A row starts behind the line feed that may still stand before it.
        let ends = self.bytes.get(start) == Some(&b'\n');
        let end = (start + usize::from(ends))
            .min(self.bytes.len())
            .max(self.at);
        let feeds = self.bytes[self.at..end]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        self.line += feeds as u64;
        self.at = end;
        self.line
    }
}

/// A file while it is being read.
struct Reading<'a> {
    file: String,
    columns: Vec<Column>,
    wrong: &'a mut Vec<Wrong>,
}

impl Reading<'_> {
    fn note(
        &mut self,
        line: u64,
        column: &str,
        code: &'static str,
        reason: impl Into<String>,
        remedy: &str,
    ) {
        self.wrong.push(Wrong {
            file: self.file.clone(),
            line,
            column: column.to_owned(),
            invalid: Invalid::new(code, reason, remedy),
        });
    }

    fn read(mut self, bytes: &[u8]) -> Vec<Row> {
        let mut reader = csv::ReaderBuilder::new().from_reader(bytes);
        let Ok(header) = reader.headers().cloned() else {
            self.note(
                1,
                "",
                "encoding",
                "the file is not UTF-8",
                "save it as CSV UTF-8",
            );
            return Vec::new();
        };
        let Some(cells) = self.header(&header) else {
            return Vec::new();
        };
        let mut rows = Vec::new();
        let mut lines = Lines {
            bytes,
            at: 0,
            line: 1,
        };
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let line = lines.of(record.position());
                    rows.push((line, self.row(line, &record, &cells)));
                }
                Err(error) => self.broken(lines.of(error.position()), &error),
            }
        }
        rows
    }

    /// The columns in the order of the file, when they are those that they must be.
    fn header(&mut self, header: &csv::StringRecord) -> Option<Vec<Column>> {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        let before = self.wrong.len();
        for (place, column) in header.iter().enumerate() {
            if !names.contains(&column) {
                self.note(
                    1,
                    column,
                    "unknown_column",
                    "there is no such column",
                    &nearest(column, &names),
                );
            } else if header.iter().take(place).any(|earlier| earlier == column) {
                self.note(
                    1,
                    column,
                    "twice",
                    "the column stands twice",
                    "keep one of the two",
                );
            }
        }
        for name in &names {
            if !header.iter().any(|column| column == *name) {
                self.note(
                    1,
                    name,
                    "missing_column",
                    "the column is missing",
                    "add it, empty where nothing is known",
                );
            }
        }
        let cell = |column: &str| {
            self.columns
                .iter()
                .find(|(name, _)| *name == column)
                .copied()
        };
        (self.wrong.len() == before).then(|| header.iter().filter_map(cell).collect())
    }

    fn row(
        &mut self,
        line: u64,
        record: &csv::StringRecord,
        cells: &[Column],
    ) -> Map<String, Value> {
        let mut object = Map::new();
        for ((column, cell), text) in cells.iter().zip(record) {
            match cell.read(text) {
                Ok(value) => drop(object.insert((*column).to_owned(), value)),
                Err(reason) => self.note(line, column, "cell", reason, "correct the cell"),
            }
        }
        object
    }

    fn broken(&mut self, line: u64, error: &csv::Error) {
        let (reason, remedy) = match error.kind() {
            csv::ErrorKind::Utf8 { .. } => (
                "the row is not UTF-8".to_owned(),
                "save the file as CSV UTF-8",
            ),
            csv::ErrorKind::UnequalLengths {
                expected_len, len, ..
            } => (
                format!("the row has {len} cells, {expected_len} wanted"),
                "quote cells that hold a comma",
            ),
            _ => (
                "the row cannot be read".to_owned(),
                "write it after RFC 4180",
            ),
        };
        self.note(line, "", "row", reason, remedy);
    }
}
