//! Lines of JSON: `{"resource": "topics", "revision": 12, "document": {...}}`, where documents
//! have the fields of the tables.

use super::{
    cells::Cell,
    content::ROWS,
    faults::{ImportError, Wrong, nearest},
    grids::{ADDED, too_many_rows},
    origins::{Origin, shape},
    reading::{Found, Recognised, Refused},
    sheets::{Column, SHEETS, Sheet},
};
use crate::{
    curation::mending::everything_wrong,
    ledger::{Document, Names, Resource},
    values::Invalid,
    web::{Problem, body},
};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet, VecDeque};

/// What faults call them.
pub const FILE: &str = "the lines";
/// How many bytes a line may have.
const LONGEST: usize = 256 * 1024;

/// Lines by what they are of.
#[derive(Debug)]
pub struct Lines<'a> {
    text: &'a str,
    by_resource: HashMap<Resource, VecDeque<(u32, &'a str)>>,
    slugs: HashMap<(Resource, String), u32>,
}

/// What sorts a line.
#[derive(Deserialize)]
struct Head {
    resource: String,
    document: Named,
}

#[derive(Deserialize)]
struct Named {
    slug: String,
}

impl<'a> Lines<'a> {
    /// Reads text in UTF-8.
    ///
    /// # Errors
    /// When it is none.
    pub fn new(bytes: &'a [u8]) -> Result<Self, ImportError> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let text = std::str::from_utf8(bytes).map_err(|_| {
            let invalid = Invalid::new("encoding", "they are not UTF-8", "save them as UTF-8");
            ImportError::whole(FILE, invalid)
        })?;
        Ok(Self {
            text,
            by_resource: HashMap::new(),
            slugs: HashMap::new(),
        })
    }

    /// Sorts the lines by their resource, and notes the names of all records.
    ///
    /// # Errors
    /// When there are too many.
    pub fn look_through(
        &mut self,
        names: &mut Names,
        recognised: &mut Vec<Recognised>,
    ) -> Result<Vec<Wrong>, ImportError> {
        let (mut wrong, mut rows) = (Vec::new(), 0);
        for (place, line) in self.text.lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            rows += 1;
            if rows > ROWS {
                return Err(ImportError::whole(FILE, too_many_rows()));
            }
            let number = u32::try_from(place + 1).unwrap_or(u32::MAX);
            match head(line) {
                Ok((resource, slug)) => {
                    names.insert((resource, slug));
                    let of = self.by_resource.entry(resource).or_default();
                    of.push_back((number, line));
                }
                Err((column, invalid)) => {
                    wrong.push(Wrong::at(FILE, u64::from(number), &column, invalid));
                }
            }
        }
        recognised.push(Recognised {
            file: FILE.to_owned(),
            encoding: "UTF-8",
            delimiter: "lines",
            rows,
        });
        Ok(wrong)
    }

    /// Whether lines of a resource are left.
    pub fn has(&self, resource: Resource) -> bool {
        let lines = self.by_resource.get(&resource);
        lines.is_some_and(|lines| !lines.is_empty())
    }

    /// The next records of a resource that can be read; of the others it notes where they stand.
    pub fn take(
        &mut self,
        sheet: &'static Sheet,
        most: usize,
        wrong: &mut Vec<Wrong>,
        refused: &mut Vec<Refused>,
    ) -> Vec<Found> {
        let mut found = Vec::new();
        let lines = self.by_resource.entry(sheet.resource).or_default();
        let next: Vec<(u32, &str)> = lines.drain(..most.min(lines.len())).collect();
        for (line, text) in next {
            let origin = Origin {
                sheet,
                line,
                lists: Vec::new(),
            };
            match record(sheet, text) {
                Ok((document, revision)) => {
                    if let Some(first) = self
                        .slugs
                        .insert((sheet.resource, document.slug().to_owned()), line)
                    {
                        let reason = format!("line {first} has the same slug");
                        let invalid = Invalid::new("twice", reason, "keep one of the two lines");
                        wrong.push(origin.wrong(None, "/slug", invalid));
                        refused.push(Refused {
                            origin,
                            mended: None,
                        });
                        continue;
                    }
                    found.push(Found {
                        document,
                        revision,
                        origin,
                    });
                }
                Err(amiss) => {
                    let (faults, mended) = *amiss;
                    let faults = faults.into_iter();
                    wrong.extend(faults.map(|(place, one)| origin.wrong(None, &place, one)));
                    refused.push(Refused { origin, mended });
                }
            }
        }
        found
    }
}

/// What is wrong, and where in the line.
type Refusal = (String, Invalid);

/// All that is wrong with a line, and its record without that, where it can be.
type Amiss = (Vec<Refusal>, Option<Document>);

/// The resource and the slug of a line.
fn head(line: &str) -> Result<(Resource, String), Refusal> {
    if line.len() > LONGEST {
        let invalid = Invalid::new("too_large", "the line is longer than 256 KiB", "shorten it");
        return Err((String::new(), invalid));
    }
    let head: Head = serde_json::from_str(line).map_err(|_| {
        let invalid = Invalid::new(
            "json",
            "the line is no JSON object with resource and document, or the document has no slug",
            "write one object a line, as an export does",
        );
        (String::new(), invalid)
    })?;
    let names: Vec<&str> = SHEETS.iter().map(|sheet| sheet.resource.name()).collect();
    match Resource::named(&head.resource) {
        Some(resource) => Ok((resource, head.document.slug)),
        None => Err((
            "resource".to_owned(),
            Invalid::new(
                "not_in_list",
                "there is no such resource",
                nearest(&head.resource, &names),
            ),
        )),
    }
}

/// The record of a line.
fn record(sheet: &Sheet, line: &str) -> Result<(Document, Option<i64>), Box<Amiss>> {
    let (document, revision) =
        fields(sheet, line).map_err(|refusal| Box::new((vec![refusal], None)))?;
    match Document::read(sheet.resource, &document) {
        Ok(document) => Ok((document, revision)),
        Err(_) => Err(Box::new(everything_wrong(sheet.resource, document, &shape))),
    }
}

/// The document of a line, with the fields that it must have, and its revision.
fn fields(sheet: &Sheet, line: &str) -> Result<(Value, Option<i64>), Refusal> {
    let Value::Object(mut line) = body::parse(line.as_bytes()).map_err(refusal)? else {
        return Err((String::new(), unknown("", &[])));
    };
    line.remove("resource");
    let document = line.remove("document");
    let revision = match line.remove("revision") {
        None | Some(Value::Null) => None,
        Some(number) => match number.as_i64().filter(|number| *number > 0) {
            Some(number) => Some(number),
            None => {
                let remedy = "leave it as it was exported; of a new record it is null";
                let invalid = Invalid::new("cell", "it is no revision", remedy);
                return Err(("/revision".to_owned(), invalid));
            }
        },
    };
    if let Some(name) = line.keys().find(|name| !ADDED.contains(&name.as_str())) {
        let known = ["resource", "revision", "document"];
        return Err((format!("/{name}"), unknown(name, &known)));
    }
    let document = document.unwrap_or_default();
    let Value::Object(fields) = &document else {
        let invalid = Invalid::new("type", "the document is no object", "send one object");
        return Err(("/document".to_owned(), invalid));
    };
    fields_fit(sheet, fields)?;
    Ok((document, revision))
}

/// The fields are those of the tables, no more and no less: what is left out would be lost.
fn fields_fit(sheet: &Sheet, fields: &Map<String, Value>) -> Result<(), Refusal> {
    let lists = sheet.lists.iter().map(|list| list.field);
    exact("", fields, names(sheet.columns).chain(lists))?;
    for list in sheet.lists {
        let entries = fields.get(list.field).and_then(Value::as_array);
        for (place, entry) in entries.into_iter().flatten().enumerate() {
            if let Value::Object(entry) = entry {
                let at = format!("/{}/{place}", list.field);
                exact(&at, entry, names(list.columns))?;
            }
        }
    }
    Ok(())
}

fn names(columns: &'static [Column]) -> impl Iterator<Item = &'static str> {
    columns.iter().map(|(name, _)| *name)
}

fn exact(
    at: &str,
    fields: &Map<String, Value>,
    wanted: impl Iterator<Item = &'static str>,
) -> Result<(), Refusal> {
    let wanted: Vec<&str> = wanted.collect();
    let known: HashSet<&str> = wanted.iter().copied().collect();
    if let Some(name) = fields.keys().find(|name| !known.contains(name.as_str())) {
        return Err((format!("{at}/{name}"), unknown(name, &wanted)));
    }
    match wanted.iter().find(|name| !fields.contains_key(**name)) {
        Some(name) => {
            let remedy = "add it, null where nothing is known";
            let invalid = Invalid::new("missing", "the field is missing", remedy);
            Err((format!("{at}/{name}"), invalid))
        }
        None => Ok(()),
    }
}

fn unknown(name: &str, known: &[&str]) -> Invalid {
    Invalid::new(
        "unknown_field",
        "there is no such field",
        nearest(name, known),
    )
}

/// What the reader of bodies found wrong with a line.
fn refusal(problem: Problem) -> Refusal {
    let (Problem::Malformed(errors) | Problem::Unprocessable(errors)) = problem else {
        return (String::new(), unknown("", &[]));
    };
    let Some(error) = errors.into_iter().next() else {
        return (String::new(), unknown("", &[]));
    };
    let code = match error.code.as_str() {
        "twice" => "twice",
        "character" => "character",
        _ => "json",
    };
    let invalid = Invalid::new(code, error.reason, error.remedy);
    (error.pointer.unwrap_or_default(), invalid)
}

/// A record as a line.
pub fn line(
    sheet: &Sheet,
    document: &Map<String, Value>,
    revision: Option<i64>,
) -> Map<String, Value> {
    let field = |fields: &Map<String, Value>, (name, cell): &Column| {
        let none = match cell {
            Cell::Codes => Value::Array(Vec::new()),
            _ => Value::Null,
        };
        let value = fields.get(*name).cloned().unwrap_or(none);
        ((*name).to_owned(), value)
    };
    let own = sheet.columns.iter().map(|column| field(document, column));
    let mut fields: Map<String, Value> = own.collect();
    for list in sheet.lists {
        let entries = document.get(list.field).and_then(Value::as_array);
        let entries = entries.into_iter().flatten().filter_map(Value::as_object);
        let entries = entries.map(|entry| {
            let fields = list.columns.iter().map(|column| field(entry, column));
            Value::Object(fields.collect())
        });
        fields.insert(list.field.to_owned(), entries.collect());
    }
    let mut line = Map::new();
    line.insert("resource".to_owned(), sheet.resource.name().into());
    if let Some(revision) = revision {
        line.insert("revision".to_owned(), revision.into());
    }
    line.insert("document".to_owned(), fields.into());
    line
}
