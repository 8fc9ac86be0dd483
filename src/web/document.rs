//! The OpenAPI document: what utoipa collects from the mounted handlers, and in one place what
//! all operations share: problems, headers, named examples.

use super::problem::{ErrorDetail, ProblemBody};
use crate::values::describe::{
    AreaCode, BoundingBox, CountryCode, GeographyCode, LanguageTag, PartialDate, Point, SlugOrId,
    SubdivisionCode,
};
use serde_json::{Map, Value, json};
use utoipa::{OpenApi as _, openapi::OpenApi};

/// Schemas that no answer holds: those of parameters and of problems.
#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(
    AreaCode,
    BoundingBox,
    CountryCode,
    ErrorDetail,
    GeographyCode,
    LanguageTag,
    PartialDate,
    Point,
    ProblemBody,
    SlugOrId,
    SubdivisionCode,
)))]
struct Shared;

/// Named examples by operation: true answers, which a test asks for again.
const EXAMPLES: &str = include_str!("../../openapi/examples.json");

const DESCRIPTION: &str = "An open resource directory against human trafficking and child exploitation: \
organizations, hotlines, regional contacts and statistics, each with its sources.\n\n\
Reading needs no key; browsers may call from any site. Unknown parameters are refused. Different filters \
combine by AND, repeated values by OR. Every error is `application/problem+json` (RFC 9457) and names what \
to do. Values of response enumerations may grow: take those you do not know as unknown.\n\n\
Records are sourced. Only those with `verified_at` were verified with the operator: show `freshness` with \
every number, and `assessment` and `caveat` with every figure.";

const TAGS: [(&str, &str); 7] = [
    (
        "hotlines",
        "Numbers, chats and forms that answer a person in need.",
    ),
    (
        "organizations",
        "Who helps, who prosecutes, who researches.",
    ),
    (
        "regional_contacts",
        "Offices, task forces, clearinghouses, referral points and whom they serve.",
    ),
    (
        "statistics",
        "Observations, each with its source, unit and what was said against it.",
    ),
    ("vocabularies", "What the other records name by slug."),
    ("directory", "The directory as a whole."),
    ("operation", "For operators."),
];

/// Finishes what utoipa collected.
///
/// # Errors
/// When the collected document or the examples are no JSON, which the tests would show.
pub fn finished(collected: &OpenApi) -> serde_json::Result<Value> {
    let mut document = serde_json::to_value(collected)?;
    let shared = serde_json::to_value(Shared::openapi())?;
    let schemas = shared["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten();
    for (name, schema) in schemas {
        document["components"]["schemas"][name] = schema.clone();
    }
    let examples: Value = serde_json::from_str(EXAMPLES)?;
    document["info"] = json!({
        "title": "Lodestar",
        "version": env!("CARGO_PKG_VERSION"),
        "description": DESCRIPTION,
        "contact": {"name": crate::values::licence::ATTRIBUTION},
        "license": {"name": "Data: CC BY 4.0", "url": crate::values::licence::LICENCE_URL},
    });
    document["servers"] = json!([{"url": "/", "description": "This server"}]);
    document["tags"] = TAGS
        .iter()
        .map(|(name, description)| json!({"name": name, "description": description}))
        .collect();
    flatten(&mut document["components"]["schemas"]);
    document["components"]["responses"] = json!({
        "NotFound": problem("Nothing public stands here."),
        "Problem": problem("What went wrong, where, and what to do about it."),
        "NotModified": {"description": "The copy that If-None-Match names is still true.", "headers": headers(false)},
    });
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for (path, item) in paths {
        for (_, operation) in item.as_object_mut().into_iter().flatten() {
            finish(path, operation, &examples);
        }
    }
    Ok(document)
}

fn problem(description: &str) -> Value {
    json!({
        "description": description,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    })
}

fn headers(listed: bool) -> Value {
    let text =
        |description: &str| json!({"description": description, "schema": {"type": "string"}});
    let mut headers = json!({
        "ETag": text("Identifies these bytes; send it as If-None-Match."),
        "Cache-Control": text("How long the answer may be kept."),
        "Directory-Revision": {"description": "The last revision that changed public data.", "schema": {"type": "integer", "minimum": 0}},
        "X-Request-Id": text("Names this request in the operator's log."),
    });
    if listed {
        headers["Link"] = text("The first, previous, next and last page (RFC 8288).");
    }
    headers
}

/// Adds to an operation what all operations share, and its examples.
fn finish(path: &str, operation: &mut Value, examples: &Value) {
    let versioned = path.starts_with("/v1");
    let listed = operation["parameters"]
        .as_array()
        .is_some_and(|all| all.iter().any(|one| one["name"] == "per_page"));
    operation["security"] = json!([]);
    let shared: &[&str] = match versioned {
        true => &["400", "406", "422", "503", "default"],
        false => &["4XX", "503", "default"],
    };
    for status in shared {
        operation["responses"][status] = json!({"$ref": "#/components/responses/Problem"});
    }
    if listed {
        operation["responses"]["401"] = json!({"$ref": "#/components/responses/Problem"});
    }
    if versioned {
        operation["responses"]["304"] = json!({"$ref": "#/components/responses/NotModified"});
        operation["responses"]["200"]["headers"] = headers(listed);
    }
    // utoipa's names of operations are those of the handlers.
    let id = operation["operationId"].as_str().unwrap_or_default();
    let named = examples[id].as_object().cloned().unwrap_or_default();
    let asked = named
        .values()
        .next()
        .and_then(|example| example["request"].as_str())
        .map(str::to_owned);
    let shown: Map<String, Value> = named
        .into_iter()
        .map(|(name, example)| {
            let summary = format!("GET {}", example["request"].as_str().unwrap_or_default());
            (name, json!({"summary": summary, "value": example["value"]}))
        })
        .collect();
    if !shown.is_empty() {
        operation["responses"]["200"]["content"]["application/json"]["examples"] =
            Value::Object(shown);
    }
    let last = asked
        .as_deref()
        .and_then(|asked| asked.split('?').next()?.rsplit('/').next())
        .map(str::to_owned);
    for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
        if let (true, Some(last)) = (parameter["in"] == "path", &last) {
            parameter["example"] = json!(last);
        }
    }
}

/// Makes one flat object of each schema that joins several: generated clients read those better.
fn flatten(schemas: &mut Value) {
    let Some(all) = schemas.as_object().cloned() else {
        return;
    };
    for (name, schema) in &all {
        let Some(parts) = schema["allOf"].as_array() else {
            continue;
        };
        let mut flat = json!({"type": "object", "required": [], "properties": {}, "description": schema["description"]});
        for part in parts {
            let referenced = part["$ref"]
                .as_str()
                .and_then(|path| path.rsplit('/').next());
            let part = referenced.and_then(|name| all.get(name)).unwrap_or(part);
            let (properties, required) =
                (part["properties"].as_object(), part["required"].as_array());
            if let Some(into) = flat["properties"].as_object_mut() {
                into.extend(
                    properties
                        .into_iter()
                        .flatten()
                        .map(|(name, one)| (name.clone(), one.clone())),
                );
            }
            if let Some(into) = flat["required"].as_array_mut() {
                into.extend(required.into_iter().flatten().cloned());
            }
        }
        schemas[name] = flat;
    }
}
