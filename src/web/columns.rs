//! The columns of a flat view in words: metadata of CSV on the Web (W3C), made from the columns that
//! a stream declares and the descriptions that the OpenAPI document gives.

use super::{
    formats::{Format, Streamed},
    state::Directory,
};
use serde_json::{Value, json};
use std::collections::HashMap;
use utoipa::{
    ToSchema,
    openapi::{RefOr, Schema},
};

/// Where the metadata of all flat views stands.
const PATH: &str = "/v1/csv-metadata.json";

/// The media type of such metadata.
pub const MEDIA_TYPE: &str = "application/csvm+json";

/// Says the licence where the format has no place for it.
const LICENCE_LINK: &str = "<https://creativecommons.org/licenses/by/4.0/>; rel=\"license\"";

impl Directory {
    /// What a stream has no place for: its licence, and what its columns mean.
    pub fn beside(&self, format: Format) -> String {
        match format {
            Format::Csv => format!(
                "{LICENCE_LINK}, <{}{PATH}>; rel=\"describedby\"; type=\"{MEDIA_TYPE}\"",
                self.config().public_url,
            ),
            _ => LICENCE_LINK.to_owned(),
        }
    }
}

/// Describes the flat view that stands at an address.
pub fn table<T: Streamed + ToSchema>(url: &str) -> Value {
    let mut known: Vec<(String, RefOr<Schema>)> = Vec::new();
    T::schemas(&mut known);
    let known: HashMap<String, Value> = known
        .into_iter()
        .filter_map(|(name, schema)| Some((name, serde_json::to_value(schema).ok()?)))
        .collect();
    let whole = serde_json::to_value(T::schema()).unwrap_or_default();
    let columns: Vec<Value> = T::COLUMNS
        .iter()
        .map(|(name, path)| column(name, field(&known, &whole, path)))
        .collect();
    json!({
        "url": url,
        "tableSchema": {"columns": columns},
    })
}

/// A field that a path leads to: its schema, its description, and whether it is a list.
struct Field {
    schema: Value,
    description: String,
    many: bool,
}

/// A schema with references followed, and without the choice of `null`.
fn resolved(known: &HashMap<String, Value>, schema: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return known
            .get(name)
            .map_or(Value::Null, |schema| resolved(known, schema));
    }
    let choices = ["oneOf", "anyOf", "allOf"];
    let chosen = choices.iter().find_map(|key| schema[*key].as_array());
    let chosen = chosen.and_then(|all| all.iter().find(|one| one["type"] != "null"));
    match chosen {
        Some(chosen) => resolved(known, chosen),
        None => schema.clone(),
    }
}

fn field(known: &HashMap<String, Value>, whole: &Value, path: &str) -> Field {
    let mut found = Field {
        schema: resolved(known, whole),
        description: String::new(),
        many: false,
    };
    for name in path.split('.') {
        let next = match name {
            "*" => {
                found.many = true;
                found.schema["items"].clone()
            }
            // A map has one schema for all its names.
            name => match &found.schema["properties"][name] {
                Value::Null => found.schema["additionalProperties"].clone(),
                property => property.clone(),
            },
        };
        // What is said where it is named goes before what is said of its type.
        let inner = resolved(known, &next);
        let choices = next["oneOf"].as_array().into_iter().flatten();
        let said = std::iter::once(&next).chain(choices).chain([&inner]);
        let said: Option<&str> = { said }.find_map(|one| one["description"].as_str());
        if let Some(said) = said.filter(|_| name != "*") {
            let words: Vec<&str> = said.split_whitespace().collect();
            let before = std::mem::take(&mut found.description);
            found.description = format!("{before} {}", words.join(" ")).trim().to_owned();
        }
        found.schema = inner;
    }
    if kind(&found.schema) == "array" {
        found.many = true;
        found.schema = resolved(known, &found.schema["items"]);
    }
    found
}

/// The type of a schema that is not `null`.
fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::Array(kinds) => kinds
            .iter()
            .find_map(|kind| kind.as_str().filter(|kind| *kind != "null")),
        kind => kind.as_str(),
    }
    .unwrap_or("string")
}

/// A datatype of the metadata vocabulary for tabular data.
fn datatype(schema: &Value) -> &'static str {
    let pattern = schema["pattern"].as_str().unwrap_or_default();
    match (kind(schema), schema["format"].as_str().unwrap_or_default()) {
        ("integer", _) => "integer",
        ("number", _) => "number",
        ("boolean", _) => "boolean",
        (_, "date") => "date",
        (_, "date-time") => "dateTime",
        (_, "uri") => "anyURI",
        _ if pattern == r"^-?\d+(\.\d+)?$" => "decimal",
        _ => "string",
    }
}

fn column(name: &str, field: Field) -> Value {
    let mut column = json!({
        "name": name,
        "titles": name,
        "datatype": datatype(&field.schema),
        "dc:description": field.description,
    });
    if field.many {
        column["separator"] = json!(";");
    }
    column
}
