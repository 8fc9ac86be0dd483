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
    let mut note = |line, column: &str, code, reason: String, remedy: &str| {
        wrong.push(Wrong {
            file: file.clone(),
            line,
            column: column.to_owned(),
            invalid: Invalid::new(code, reason, remedy),
        });
    };
    let all: Vec<Column> = parent
        .map(|parent| (parent, Cell::Text))
        .into_iter()
        .chain(columns.iter().copied())
        .collect();
    let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
    let mut reader = csv::ReaderBuilder::new().from_reader(bytes.as_slice());
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(str::to_owned).collect(),
        Err(_) => {
            note(
                1,
                "",
                "encoding",
                "the file is not UTF-8".to_owned(),
                "save it as CSV UTF-8",
            );
            return Vec::new();
        }
    };
    for (place, column) in header.iter().enumerate() {
        if !names.contains(&column.as_str()) {
            note(
                1,
                column,
                "unknown_column",
                "there is no such column".to_owned(),
                &nearest(column, &names),
            );
        } else if header[..place].contains(column) {
            note(
                1,
                column,
                "twice",
                "the column stands twice".to_owned(),
                "keep one of the two",
            );
        }
    }
    for name in names
        .iter()
        .filter(|name| !header.iter().any(|column| column == *name))
    {
        note(
            1,
            name,
            "missing_column",
            "the column is missing".to_owned(),
            "add it, empty where nothing is known",
        );
    }
    if !header.iter().all(|column| names.contains(&column.as_str())) || header.len() != names.len()
    {
        return Vec::new();
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                let mut object = Map::new();
                for (column, text) in header.iter().zip(record.iter()) {
                    let cell = all
                        .iter()
                        .find(|(name, _)| name == column)
                        .map_or(Cell::Text, |(_, cell)| *cell);
                    match cell.read(text) {
                        Ok(value) => drop(object.insert(column.clone(), value)),
                        Err(reason) => {
                            note(line, column, "cell", reason.to_owned(), "correct the cell")
                        }
                    }
                }
                rows.push((line, object));
            }
            Err(error) => {
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
                note(line, "", "row", reason, remedy);
            }
        }
    }
    rows
}
