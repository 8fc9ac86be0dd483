//! Imports: a folder of CSV files becomes changes of the ledger, all of them or none. Every fault
//! names its file, line, column, reason and remedy.

use super::{
    rows::{Row, nearest, rows},
    sheets::{List, SHEETS, Sheet},
};
use crate::{
    ledger::{self, Actor, Applied, ApplyError, Change, Document, Fault},
    values::Invalid,
};
use diesel_async::AsyncPgConnection;
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap},
    fmt, fs,
    path::Path,
};

/// The files of an import: name and content.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Something wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The file's name.
    pub file: String,
    /// The line, from 1, the header's line included; 0 for the file as a whole.
    pub line: u64,
    /// The column by name, empty for the row as a whole.
    pub column: String,
    /// Code, reason and remedy.
    pub invalid: Invalid,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let column = match self.column.as_str() {
            "" => String::new(),
            column => format!(", column {column}"),
        };
        let line = match self.line {
            0 => String::new(),
            line => format!(", line {line}"),
        };
        write!(
            f,
            "{}{line}{column}: {}; {}",
            self.file, self.invalid.reason, self.invalid.remedy
        )
    }
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The files are wrong; nothing was written.
    #[error("{} faults in the files", .0.len())]
    Wrong(Vec<Wrong>),
    /// A file cannot be read.
    #[error("cannot read {0}: {1}; name a folder of CSV files as `lodestar export` writes it")]
    File(String, std::io::Error),
    /// Somebody hid a record meanwhile, which goes first; nothing was written.
    #[error("a record was hidden meanwhile, which goes first; nothing was imported: run it again")]
    Interrupted,
    /// The database failed; nothing was written.
    #[error("the database failed: {0}")]
    Database(#[from] diesel::result::Error),
}

/// Records read from files, each with the lines it came from.
#[derive(Debug, Default)]
pub struct Reading {
    /// The documents, those first that others name.
    pub documents: Vec<Document>,
    origins: Vec<Origin>,
}

/// Where a record and the entries of its lists stand.
#[derive(Debug, Clone)]
struct Origin {
    sheet: &'static Sheet,
    line: u64,
    lists: HashMap<&'static str, Vec<u64>>,
}

/// The files of a folder.
///
/// # Errors
/// When the folder or a file cannot be read.
pub fn folder(path: &Path) -> Result<Files, ImportError> {
    let failed = |error| ImportError::File(path.display().to_string(), error);
    let mut files = Files::new();
    for entry in fs::read_dir(path).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|ending| ending == "csv") {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            files.insert(name, fs::read(&path).map_err(failed)?);
        }
    }
    Ok(files)
}

/// Reads documents out of files.
///
/// # Errors
/// Everything that is wrong in them.
pub fn read(files: &Files) -> Result<Reading, ImportError> {
    let mut wrong = unknown_files(files);
    wrong.extend(missing_files(files));
    let mut reading = Reading::default();
    for sheet in &SHEETS {
        let (mut lists, mut slugs) = (HashMap::new(), HashMap::new());
        for list in sheet.lists {
            lists.insert(list.field, nested(files, list, &mut wrong));
        }
        for (line, mut object) in rows(
            files,
            sheet.resource.name(),
            None,
            sheet.columns,
            &mut wrong,
        ) {
            let slug = object
                .get("slug")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned();
            let mut origin = Origin {
                sheet,
                line,
                lists: HashMap::new(),
            };
            if let Some(first) = slugs.insert(slug.clone(), line) {
                let reason = format!("line {first} has the same slug");
                let remedy = "keep one of the two rows";
                wrong.push(origin.wrong("/slug", Invalid::new("twice", reason, remedy)));
                continue;
            }
            for list in sheet.lists {
                let entries = lists
                    .get_mut(list.field)
                    .and_then(|entries| entries.remove(&slug))
                    .unwrap_or_default();
                origin
                    .lists
                    .insert(list.field, entries.iter().map(|(line, _)| *line).collect());
                let entries = entries
                    .into_iter()
                    .map(|(_, object)| Value::Object(object))
                    .collect();
                object.insert(list.field.to_owned(), Value::Array(entries));
            }
            match Document::read(sheet.resource, Value::Object(object)) {
                Ok(document) => {
                    reading.documents.push(document);
                    reading.origins.push(origin);
                }
                Err(error) => {
                    wrong.push(origin.wrong(&pointer(error.path()), shape(error.inner())))
                }
            }
        }
        for list in sheet.lists {
            wrong.extend(orphans(list, &lists));
        }
    }
    match wrong.is_empty() {
        true => Ok(reading),
        false => Err(ImportError::Wrong(wrong)),
    }
}

/// Reads files and makes the directory so. Records that are not in the files stay as they are.
///
/// # Errors
/// When anything in the files is wrong or the database fails; nothing is written then.
pub async fn import(
    connection: &mut AsyncPgConnection,
    actor: &Actor,
    reason: &str,
    reading: Reading,
    step: &(dyn Fn() + Sync),
) -> Result<Applied, ImportError> {
    let Reading { documents, origins } = reading;
    let changes = documents.into_iter().map(Change::to).collect();
    match ledger::apply(connection, actor, reason, changes, step).await {
        Ok(applied) => Ok(applied),
        Err(ApplyError::Database(error)) => Err(error.into()),
        Err(ApplyError::Interrupted) => Err(ImportError::Interrupted),
        Err(ApplyError::Refused(faults)) => {
            let named = |fault: Fault| origins[fault.change].wrong(&fault.pointer, fault.invalid);
            Err(ImportError::Wrong(faults.into_iter().map(named).collect()))
        }
    }
}

impl Origin {
    /// Turns a place in the document back into file, line and column.
    fn wrong(&self, pointer: &str, invalid: Invalid) -> Wrong {
        let mut parts = pointer.split('/').skip(1);
        let first = parts.next().unwrap_or_default();
        let nested = self.sheet.lists.iter().find(|list| list.field == first);
        let entry = parts.next().and_then(|place| place.parse::<usize>().ok());
        let lines = self.lists.get(first).map_or(&[][..], Vec::as_slice);
        match (nested, entry.and_then(|entry| lines.get(entry))) {
            (Some(list), Some(line)) => Wrong {
                file: format!("{}.csv", list.file),
                line: *line,
                column: parts.next().unwrap_or_default().to_owned(),
                invalid,
            },
            _ => Wrong {
                file: format!("{}.csv", self.sheet.resource.name()),
                line: self.line,
                column: first.to_owned(),
                invalid,
            },
        }
    }
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{key}"),
            Segment::Enum { .. } | Segment::Unknown => String::new(),
        })
        .collect()
}

fn shape(error: &serde_json::Error) -> Invalid {
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
            "write it as data/README.md says",
        ),
    }
}

/// The entries of a nested list by the slug of their parent.
fn nested(
    files: &Files,
    list: &'static List,
    wrong: &mut Vec<Wrong>,
) -> BTreeMap<String, Vec<Row>> {
    let mut entries: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for (line, mut object) in rows(files, list.file, Some(list.parent), list.columns, wrong) {
        let parent = object.remove(list.parent);
        let parent = parent.as_ref().and_then(Value::as_str).unwrap_or_default();
        entries
            .entry(parent.to_owned())
            .or_default()
            .push((line, object));
    }
    entries
}

fn orphans(list: &List, lists: &HashMap<&str, BTreeMap<String, Vec<Row>>>) -> Vec<Wrong> {
    let left = lists
        .get(list.field)
        .into_iter()
        .flat_map(BTreeMap::values)
        .flatten();
    left.map(|(line, _)| Wrong {
        file: format!("{}.csv", list.file),
        line: *line,
        column: list.parent.to_owned(),
        invalid: Invalid::new(
            "reference",
            "no row of the main file has this slug",
            "correct it, or add that row",
        ),
    })
    .collect()
}

/// A resource without the file of one of its lists would lose what stands in that list.
fn missing_files(files: &Files) -> impl Iterator<Item = Wrong> {
    let has = |name: &str| files.contains_key(&format!("{name}.csv"));
    let given = SHEETS
        .iter()
        .filter(move |sheet| has(sheet.resource.name()));
    let lists = given.flat_map(|sheet| sheet.lists);
    lists.filter(move |list| !has(list.file)).map(|list| Wrong {
        file: format!("{}.csv", list.file),
        line: 0,
        column: String::new(),
        invalid: Invalid::new(
            "missing_file",
            "the file is missing",
            "add it, with only its header where the list is empty",
        ),
    })
}

fn unknown_files(files: &Files) -> Vec<Wrong> {
    let lists = SHEETS
        .iter()
        .flat_map(|sheet| sheet.lists.iter().map(|list| list.file));
    let known: Vec<&str> = SHEETS
        .iter()
        .map(|sheet| sheet.resource.name())
        .chain(lists)
        .collect();
    files
        .keys()
        .filter(|file| {
            !known
                .iter()
                .any(|name| file.strip_suffix(".csv") == Some(name))
        })
        .map(|file| Wrong {
            file: file.clone(),
            line: 0,
            column: String::new(),
            invalid: Invalid::new(
                "unknown_file",
                "there is no such file in an import",
                nearest(file.trim_end_matches(".csv"), &known),
            ),
        })
        .collect()
}
