//! The same files back, with what a check found written beside each row.

use super::{
    cells::{Profile, guarded, unguarded},
    checking::{Check, Outcome},
    content::{Content, Files, Form},
    grids::{ADDED, Grid},
    reading::{Recognised, Source},
    workbooks,
};
use csv::StringRecord;
use serde_json::Value;
use std::{collections::HashMap, io};

/// What was found of a row, and in which words.
type Marks<'a> = HashMap<u64, (&'static str, String)>;

/// Writes what a check found beside each row: CSV files in UTF-8 with the delimiter that they came
/// with, also of a workbook; lines stay lines.
///
/// # Errors
/// When they cannot be written, which memory does not let happen.
pub fn annotated(content: &Content, check: &Check) -> io::Result<Files> {
    let mut files = Files::new();
    if content.form == Form::Ndjson {
        let text = String::from_utf8_lossy(content.bytes());
        files.insert("import.ndjson".to_owned(), lines(&text, check)?);
        return Ok(files);
    }
    let mut source = match content.form {
        Form::Xlsx => match workbooks::open(content.bytes()) {
            Ok(book) => Source::Book(Box::new(book)),
            Err(_) => return Ok(files),
        },
        _ => Source::Files(content),
    };
    for Recognised { file, .. } in &check.recognised {
        let name = file.strip_suffix(".csv").unwrap_or(file);
        let Some(grid) = source.grid(name, u64::MAX) else {
            continue;
        };
        let unread = grid.header.is_empty() && !grid.wrong.is_empty();
        let written = match content.files.get(file).filter(|_| unread) {
            Some(bytes) => bytes.clone(),
            None => table(grid, &marks(file, name, check))?,
        };
        files.insert(format!("{name}.csv"), written);
    }
    Ok(files)
}

/// What was found of the rows of a file.
fn marks(file: &str, name: &str, check: &Check) -> Marks<'static> {
    let mut marks = Marks::new();
    for (origin, outcome) in &check.outcomes {
        for (of, line) in origin.places() {
            if of == name {
                let note = match outcome {
                    Outcome::Error => "something is wrong with another row of this record",
                    Outcome::Conflict => "somebody changed this record since it was exported",
                    _ => "",
                };
                marks.insert(u64::from(line), (outcome.name(), note.to_owned()));
            }
        }
    }
    let mut noted: HashMap<u64, Vec<String>> = HashMap::new();
    for wrong in check.wrong.iter().filter(|wrong| wrong.file == file) {
        let column = match wrong.column.as_str() {
            "" => String::new(),
            column => format!("{column}: "),
        };
        let words = format!("{column}{}; {}", wrong.invalid.reason, wrong.invalid.remedy);
        noted.entry(wrong.line).or_default().push(words);
    }
    for (line, words) in noted {
        let words = words.join(" | ");
        match marks.get_mut(&line) {
            Some((_, note)) => *note = words,
            None => drop(marks.insert(line, ("error", words))),
        }
    }
    marks
}

const UNREAD: &str = "not_checked";

fn table(grid: Grid, marks: &Marks<'_>) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    if grid.encoding != "UTF-8" {
        out.extend(b"\xEF\xBB\xBF");
    }
    let mut writer = csv::WriterBuilder::new()
        .delimiter(grid.delimiter)
        .flexible(true)
        .terminator(csv::Terminator::CRLF)
        .from_writer(out);
    let aside = |place: &usize| {
        let column = grid.header.get(*place);
        column.is_some_and(|column| ADDED.contains(&column.trim()))
    };
    let own = |record: &StringRecord| -> Vec<String> {
        let cells = record.iter().enumerate().filter(|(place, _)| !aside(place));
        cells
            .map(
                |(_, cell)| match grid.in_workbook && unguarded(cell).is_none() {
                    true => guarded(Profile::Spreadsheet, cell.to_owned()),
                    false => cell.to_owned(),
                },
            )
            .collect()
    };
    let wanted = own(&grid.header.iter().collect()).len();
    let header: StringRecord = grid.header.iter().collect();
    writer.write_record(own(&header).into_iter().chain(ADDED.map(str::to_owned)))?;
    let mut rows: Vec<&(u32, StringRecord)> = grid.rows.iter().chain(&grid.ragged).collect();
    rows.sort_by_key(|(line, _)| *line);
    for (line, record) in rows {
        let (outcome, note) = match marks.get(&u64::from(*line)) {
            Some((outcome, note)) => (*outcome, note.as_str()),
            None => (UNREAD, ""),
        };
        let mut cells = own(record);
        cells.resize(wanted.max(cells.len()), String::new());
        cells.extend([outcome.to_owned(), note.to_owned()]);
        writer.write_record(cells)?;
    }
    writer
        .into_inner()
        .map_err(|error| io::Error::other(error.to_string()))
}

fn lines(text: &str, check: &Check) -> io::Result<Vec<u8>> {
    let mut marks = marks(super::lines::FILE, "", check);
    for (origin, outcome) in &check.outcomes {
        let mark = marks.entry(u64::from(origin.line)).or_default();
        mark.0 = outcome.name();
    }
    let mut out = Vec::new();
    for (place, line) in text.lines().enumerate() {
        let mark = marks.get(&(place as u64 + 1));
        match (serde_json::from_str(line), mark) {
            (Ok(Value::Object(mut object)), Some((outcome, note))) => {
                object.insert(ADDED[0].to_owned(), (*outcome).into());
                object.insert(ADDED[1].to_owned(), note.clone().into());
                serde_json::to_writer(&mut out, &object)?;
            }
            _ => out.extend(line.as_bytes()),
        }
        out.push(b'\n');
    }
    Ok(out)
}
