//! The rows of a CSV file as objects, with the line of each; every fault is noted with its place.

use super::{
    imports::{Files, Wrong},
    sheets::{Cell, Column},
};
use crate::values::Invalid;
use serde_json::{Map, Value};

/// A row: the line it starts on, and its cells by column.
pub type Row = (u64, Map<String, Value>);

/// The known name that is nearest to one that is not.
pub fn nearest(name: &str, known: &[&str]) -> String {
    let distance = |one: &&&str| strsim::damerau_levenshtein(name, one);
    known
        .iter()
        .min_by_key(distance)
        .map_or_else(String::new, |one| format!("did you mean {one}?"))
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
        for record in reader.records() {
            match record {
                Ok(record) => rows.push(self.row(&record, &cells)),
                Err(error) => self.broken(&error),
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

    fn row(&mut self, record: &csv::StringRecord, cells: &[Column]) -> Row {
        let line = record.position().map_or(0, csv::Position::line);
        let mut object = Map::new();
        for ((column, cell), text) in cells.iter().zip(record) {
            match cell.read(text) {
                Ok(value) => drop(object.insert((*column).to_owned(), value)),
                Err(reason) => self.note(line, column, "cell", reason, "correct the cell"),
            }
        }
        (line, object)
    }

    fn broken(&mut self, error: &csv::Error) {
        let line = error.position().map_or(0, csv::Position::line);
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
