//! The table, and the cells that it must declare.
//!
//! A row names an operation, where `*` stands for the noun of its resource; a resource; how it is
//! asked; states of the record. `*` alone stands for all of them, `-` for none, and the row that
//! names more goes before the one that names less. A cell is the status of the answer; `403!200`
//! is one where the rule says 403 and the code, so far, answers 200.

use super::world::key;
use crate::support::{manifest, texts};
use serde_json::Value;
use std::{cmp::Reverse, collections::BTreeMap, fs};

/// Who asks, by the column of the table.
pub const PEOPLE: [(&str, Sent); 11] = [
    ("anonymous", Sent::Nothing),
    ("malformed", Sent::Text(|| "lodestar_x".to_owned())),
    ("unknown", Sent::Text(|| key("nobody"))),
    ("expired", Sent::Key("admin", "", -1, false)),
    ("revoked", Sent::Key("admin", "", 1, true)),
    ("contributor", Sent::Key("contributor", "", 1, false)),
    ("editor", Sent::Key("editor", "", 1, false)),
    ("publisher", Sent::Key("publisher", "", 1, false)),
    ("admin", Sent::Key("admin", "", 1, false)),
    ("editor_elsewhere", Sent::Key("editor", "FR", 1, false)),
    (
        "publisher_elsewhere",
        Sent::Key("publisher", "FR", 1, false),
    ),
];

/// What somebody sends to say who they are.
pub enum Sent {
    Nothing,
    /// What is no stored key.
    Text(fn() -> String),
    /// A stored key: its role, countries, days left, and whether it was revoked.
    Key(&'static str, &'static str, i32, bool),
}

/// What stands in the directory: the states of records, as the table names them.
pub const RECORDS: [&str; 6] = [
    "missing",
    "draft",
    "published",
    "hidden",
    "hidden_draft",
    "archived",
];
/// A draft of the one who asks.
const OWN_DRAFT: &str = "own_draft";
const PROPOSALS: [&str; 6] = [
    "missing",
    "own",
    "own_decided",
    "others",
    "others_decided",
    "suggestion",
];

/// Resources that lead a person somewhere, by contact points or addresses.
const LEADING: [&str; 3] = ["hotlines", "regional_contacts", "organizations"];

/// An operation of the document about one resource, asked in one way.
#[derive(Debug, Clone)]
pub struct Case {
    pub id: String,
    pub method: String,
    /// With the resource in place.
    pub path: String,
    /// `-` where it is about none.
    pub resource: String,
    /// `-`; `every_state`, by parameters that only a key opens; `contact`, a change of where a
    /// record leads a person.
    pub asked: &'static str,
    pub states: Vec<&'static str>,
    pub conditional: bool,
    pub content_type: Option<String>,
}

impl Case {
    pub fn reads(&self) -> bool {
        self.method == "GET"
    }

    pub fn named(&self, state: &str) -> String {
        format!("{},{},{},{state}", self.id, self.resource, self.asked)
    }

    /// The state of the record that it needs, if it needs one.
    pub fn record(&self, state: &str) -> Option<&'static str> {
        let of_proposal = self.path.starts_with("/v1/proposals/");
        match state {
            "missing" | "-" => None,
            OWN_DRAFT => Some("draft"),
            _ if of_proposal => Some("published"),
            state => RECORDS.into_iter().find(|one| *one == state),
        }
    }
}

fn paths() -> impl Iterator<Item = (&'static String, &'static Value)> {
    let paths = lodestar::app::DOCUMENT["paths"].as_object().unwrap();
    paths.iter()
}

/// The resources that people edit, with the noun of one, as the document has them.
pub fn nouns() -> BTreeMap<String, String> {
    let created = paths().filter_map(|(path, item)| {
        let noun = item["post"]["operationId"].as_str()?;
        let noun = noun.strip_prefix("create_")?;
        let keyed = item["get"]["parameters"].as_array()?.iter();
        let is_record = keyed.clone().any(|one| one["name"] == "visibility");
        let resource = path.strip_prefix("/v1/")?;
        is_record.then(|| (resource.to_owned(), noun.to_owned()))
    });
    let nouns: BTreeMap<String, String> = created.collect();
    assert!(nouns.len() >= 8, "{nouns:?}");
    nouns
}

/// Every operation about every resource that it knows, in every way of asking.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (path, item) in paths() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            let parameters = operation["parameters"].as_array().unwrap();
            let has = |name: &str| parameters.iter().any(|one| one["name"] == name);
            let content = operation["requestBody"]["content"].as_object();
            // Of several forms one of text.
            let text = |all: &&str| !all.contains("zip") && !all.contains("officedocument");
            let kinds = content.into_iter().flat_map(|all| all.keys());
            let kind = kinds.map(String::as_str).find(text);
            for resource in resources(id, path, parameters) {
                let mut case = Case {
                    id: id.to_owned(),
                    method: method.to_uppercase(),
                    path: path.replace("{resource}", &resource),
                    asked: "-",
                    states: states(id, path, &resource),
                    conditional: has("If-Match"),
                    content_type: kind.map(str::to_owned),
                    resource,
                };
                cases.push(case.clone());
                let leads = LEADING.contains(&case.resource.as_str());
                case.asked = match case.method.as_str() {
                    "GET" if has("visibility") => "every_state",
                    "PUT" | "PATCH" if leads => "contact",
                    _ => continue,
                };
                cases.push(case);
            }
        }
    }
    cases
}

/// The resources that an operation is tried on.
fn resources(id: &str, path: &str, parameters: &[Value]) -> Vec<String> {
    let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
    let second = path.split('/').nth(2).unwrap_or_default();
    let listed = parameters.iter().find(|one| one["name"] == "resource");
    match (second, listed) {
        ("suggestions", _) => {
            let schemas = &lodestar::app::DOCUMENT["components"]["schemas"];
            owned(texts(&schemas["Suggested"]["enum"]))
        }
        // About a record of any resource; taxonomies have rules of their own.
        ("proposals", _) if id != "list_proposals" => {
            owned(vec!["organizations", "hotlines", "topics"])
        }
        ("{resource}", Some(parameter)) => owned(texts(&parameter["schema"]["enum"])),
        (resource, _) if nouns().contains_key(resource) => owned(vec![resource]),
        _ => owned(vec!["-"]),
    }
}

/// The states of what an operation is about.
fn states(id: &str, path: &str, resource: &str) -> Vec<&'static str> {
    // Nobody tells anything about a topic.
    let told = |state: &&str| *state != "suggestion" || resource != "topics";
    match path {
        "/v1/suggestions" => RECORDS.into(),
        "/v1/proposals" if id == "create_proposal" => RECORDS.into(),
        path if path.starts_with("/v1/proposals/{id}") => {
            PROPOSALS.into_iter().filter(told).collect()
        }
        path if path.starts_with("/v1/keys/{id}") => vec!["missing", "valid", "revoked"],
        path if path.starts_with("/v1/samples/{month}") => vec!["missing", "drawn"],
        // No bytes have the digest that is asked for.
        path if path.ends_with("/{sha256}") => vec!["superseded"],
        path if path.starts_with("/v1/bundles/{country}/") => vec!["missing", "known"],
        "/v1/countries/{code}" => vec!["missing", "known"],
        path if path.starts_with("/v1/imports/{digest}") => vec!["missing"],
        path if path.contains("/{reference}") => {
            let own = (id.starts_with("publish_")).then_some(OWN_DRAFT);
            RECORDS.into_iter().chain(own).collect()
        }
        path => {
            assert!(
                !path.contains('{'),
                "{path} is new: say here what it is about"
            );
            vec!["-"]
        }
    }
}

/// A cell: the status by the rule, and by the code where that differs so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    pub rule: u16,
    pub code: u16,
}

impl Wanted {
    fn read(text: &str) -> Option<Self> {
        let (rule, code) = text.split_once('!').unwrap_or((text, text));
        let wanted = Self {
            rule: rule.parse().ok()?,
            code: code.parse().ok()?,
        };
        let marked = text.contains('!');
        (marked == (wanted.rule != wanted.code)).then_some(wanted)
    }
}

pub struct Row {
    pub line: usize,
    columns: [String; 4],
    pub cells: Vec<Wanted>,
}

/// The table, as people read it.
pub struct Table {
    pub rows: Vec<Row>,
    nouns: BTreeMap<String, String>,
}

impl Table {
    pub fn read() -> Self {
        let text = fs::read_to_string(manifest("tests/api/authorization.csv")).unwrap();
        let mut lines = text.lines().zip(1..);
        let people = PEOPLE.map(|(name, _)| name).join(",");
        let header = format!("operation,resource,asked,state,{people}");
        assert_eq!(lines.next().unwrap().0, header);
        let rows = lines.map(|(text, line)| {
            let fields: Vec<&str> = text.split(',').collect();
            assert_eq!(fields.len(), 4 + PEOPLE.len(), "line {line}");
            let cell = |text: &&str| {
                Wanted::read(text).unwrap_or_else(|| panic!("line {line}: {text} is no status"))
            };
            Row {
                line,
                columns: [0, 1, 2, 3].map(|column| fields[column].to_owned()),
                cells: fields[4..].iter().map(cell).collect(),
            }
        });
        Self {
            rows: rows.collect(),
            nouns: nouns(),
        }
    }

    /// How closely a row names a case, column by column: 2 by name, 1 among all.
    fn closeness(&self, row: &Row, case: &Case, state: &str) -> Option<[u8; 4]> {
        let [operation, resource, asked, states] = &row.columns;
        let listed = |list: &str, value: &str| match list {
            "*" => Some(1),
            list => list.split(' ').any(|one| one == value).then_some(2),
        };
        let by_operation = match operation.strip_suffix('*') {
            Some(verb) => {
                let own = [Some(&case.resource), self.nouns.get(&case.resource)];
                let noun = case.id.strip_prefix(verb);
                let is_own = own.into_iter().flatten().any(|own| noun == Some(own));
                is_own.then_some(1)
            }
            None => (*operation == case.id).then_some(2),
        };
        Some([
            by_operation?,
            listed(resource, &case.resource)?,
            listed(asked, case.asked)?,
            listed(states, state)?,
        ])
    }

    /// The row that a case stands in.
    ///
    /// # Errors
    /// When it stands in none, or two rows name it alike.
    pub fn row(&self, case: &Case, state: &str) -> Result<&Row, String> {
        let found = self.rows.iter();
        let found = found.filter_map(|row| Some((self.closeness(row, case, state)?, row)));
        let mut found: Vec<_> = found.collect();
        found.sort_by_key(|(closeness, _)| Reverse(*closeness));
        match &found[..] {
            [] => Err(format!("{} stands nowhere", case.named(state))),
            [(one, row), (other, next), ..] if one == other => Err(format!(
                "{} stands in lines {} and {}",
                case.named(state),
                row.line,
                next.line
            )),
            [(_, row), ..] => Ok(row),
        }
    }
}
