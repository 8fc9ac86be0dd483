//! The same files back, with what a check found written beside each row.

use super::{
    cells::{Profile, guarded, unguarded},
    checking::{Changed, Check, Outcome},
    content::{Content, Files, Form},
    grids::{ADDED, Grid},
    origins::{Origin, named},
    reading::{Recognised, Source},
    workbooks,
};
use csv::StringRecord;
use serde_json::Value;
use std::{
    collections::{HashMap, HashSet},
    io,
};

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

/// How much is said beside one row.
const SAID: usize = 10;

fn joined(words: Vec<String>) -> String {
    let more = match words.len().saturating_sub(SAID) {
        0 => String::new(),
        more => format!(" | and {more} more"),
    };
    let first: Vec<String> = words.into_iter().take(SAID).collect();
    first.join(" | ") + &more
}

/// What was found of the rows of a file.
fn marks(file: &str, name: &str, check: &Check) -> Marks<'static> {
    let mut marks = Marks::new();
    let wrong: HashSet<(&str, u64)> = check
        .wrong
        .iter()
        .map(|one| (one.file.as_str(), one.line))
        .collect();
    for (origin, outcome) in &check.outcomes {
        for (of, line) in origin.places() {
            if of == name {
                let note = match outcome {
                    Outcome::Error => elsewhere(origin, check.in_book, &wrong),
                    Outcome::Conflict => {
                        "somebody changed this record since it was exported".to_owned()
                    }
                    _ => String::new(),
                };
                marks.insert(u64::from(line), (outcome.name(), note));
            }
        }
    }
    for changed in &check.changed {
        for (line, words) in changes(name, check, changed) {
            if let Some((_, note)) = marks.get_mut(&line) {
                *note = joined(words);
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
        let words = joined(words);
        match marks.get_mut(&line) {
            Some((_, note)) => *note = words,
            None => drop(marks.insert(line, ("error", words))),
        }
    }
    marks
}

/// Where else something is wrong with a record.
fn elsewhere(origin: &Origin, in_book: Option<bool>, wrong: &HashSet<(&str, u64)>) -> String {
    let mut places = origin
        .places()
        .map(|(name, line)| (named(in_book, name), line));
    match places.find(|(file, line)| wrong.contains(&(file.as_str(), u64::from(*line)))) {
        Some((file, line)) => {
            format!("something is wrong with this record: see {file}, line {line}")
        }
        None => "something is wrong with another row of this record".to_owned(),
    }
}

/// What a record changes in the rows of a table, in words; beside its own row all of it.
fn changes(name: &str, check: &Check, changed: &Changed) -> HashMap<u64, Vec<String>> {
    let mut said: HashMap<u64, Vec<String>> = HashMap::new();
    let Some((origin, _)) = check.outcomes.get(changed.record) else {
        return said;
    };
    let lists = origin.sheet.lists.iter().map(|list| list.file);
    if !lists
        .chain([origin.sheet.resource.name(), ""])
        .any(|of| of == name)
    {
        return said;
    }
    let own = u64::from(origin.line);
    let is_own = check.in_book.is_none() || origin.sheet.resource.name() == name;
    for one in &changed.cells {
        let pointer = one.pointer();
        let (table, line, _) = origin.place(check.in_book, &pointer);
        if is_own {
            let words = match one.list {
                Some(_) => format!("{}: {}", one.place(origin, check.in_book), one.words()),
                None => one.words(),
            };
            said.entry(own).or_default().push(words);
        } else if table == name && !one.goes() {
            said.entry(line).or_default().push(one.words());
        }
    }
    if is_own && changed.cells.is_empty() {
        let words = "it changes, in what is not told cell by cell";
        said.insert(own, vec![words.to_owned()]);
    }
    said
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
    for changed in &check.changed {
        for (line, words) in changes("", check, changed) {
            marks.entry(line).or_default().1 = joined(words);
        }
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
