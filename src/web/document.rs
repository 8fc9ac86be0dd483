//! The OpenAPI document: what utoipa collects from the mounted handlers, and in one place what
//! all operations share: problems, headers, named examples.

use super::editable::{Edited, expand};
use super::parts::{
    PROBLEMS, access_parameters, content_language, headers, language_parameter, problem, text,
    write_headers, written_headers,
};
use super::problem::{ErrorDetail, ProblemBody};
use super::shapes::{answered, fields, flatten, renamed};
use crate::values::describe::{
    AgeBand, AgeBandOrNone, AreaCode, AsOfText, BoundingBox, CountryCode, GeographyCode,
    LanguageTag, Moment, PartialDate, Point, SexName, SexOrNone, SlugOrId, SlugOrNone,
    SubdivisionCode, UnitName, Words, ZoneName,
};
use serde_json::{Map, Value, json};
use utoipa::{OpenApi as _, openapi::OpenApi};

/// Schemas that no answer holds: those of parameters and of problems.
#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(
    AgeBand,
    AgeBandOrNone,
    AreaCode,
    AsOfText,
    BoundingBox,
    CountryCode,
    ErrorDetail,
    GeographyCode,
    LanguageTag,
    Moment,
    PartialDate,
    Point,
    ProblemBody,
    SexName,
    SexOrNone,
    SlugOrId,
    SlugOrNone,
    SubdivisionCode,
    UnitName,
    Words,
    ZoneName,
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

const TAGS: [(&str, &str); 11] = [
    ("help", "Whom to contact now, in which order, and why."),
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
    ("search", "One ranked search over all of these."),
    ("vocabularies", "What the other records name by slug."),
    ("directory", "The directory as a whole."),
    (
        "bundles",
        "A country as a file, for devices without a network.",
    ),
    (
        "curation",
        "How maintainers change it: keys and roles, publishing and hiding, proposals, history.",
    ),
    ("operation", "For operators."),
];

/// Finishes what utoipa collected.
///
/// # Errors
/// When the collected document or the examples are no JSON, which the tests would show.
pub fn finished(
    collected: &OpenApi,
    edited: &[Edited],
    exemplars: &Map<String, Value>,
) -> serde_json::Result<Value> {
    let mut document = serde_json::to_value(collected)?;
    let shared = serde_json::to_value(Shared::openapi())?;
    for (name, schema) in fields(&shared["components"]["schemas"]) {
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
    answered(&mut document["components"]["schemas"]);
    document["components"]["responses"] = PROBLEMS
        .iter()
        .map(|(status, name, description)| ((*name).to_owned(), problem(status, description)))
        .collect::<Map<_, _>>()
        .into();
    document["components"]["responses"]["NotModified"] = json!({
        "description": "The copy that If-None-Match names is still true.",
        "headers": headers(false),
    });
    expand(&mut document, edited, exemplars);
    document["components"]["securitySchemes"] = json!({"key": {
        "type": "http",
        "scheme": "bearer",
        "description": "A key of a maintainer, `lodestar_` and 49 characters, as `lodestar keys create` or an admin makes it. \
    `x-role` names the least role that an operation needs; each may do what those before it may: contributor, editor, publisher, admin.",
    }});
    let all = document["paths"].clone();
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            finish(path, method, operation);
            show(operation, &examples, path);
            if method == "get"
                && let Some(links) = links(path, &all)
            {
                operation["responses"]["200"]["links"] = links;
            }
        }
    }
    renamed(&document)
}

/// Adds to an operation what all operations share.
fn finish(path: &str, method: &str, operation: &mut Value) {
    let versioned = path.starts_with("/v1");
    let parameters = operation["parameters"].as_array();
    let has = |field: &str, value: &str| {
        parameters.is_some_and(|all| all.iter().any(|one| one[field] == value))
    };
    let feed = path == "/v1/changes";
    let (listed, named) = (has("name", "per_page") && !feed, has("in", "path"));
    // What is listed below a record is made of what everybody sees.
    let below = listed && path.contains("}/");
    if parameters.is_none() {
        operation["parameters"] = json!([]);
    }
    for sort in operation["parameters"].as_array_mut().into_iter().flatten() {
        if sort["name"] == "sort" {
            // Generators make no names of `-name`; without these they count, and a new order
            // would rename the others.
            let orders = sort["schema"]["enum"].as_array();
            let names = orders.into_iter().flatten().filter_map(Value::as_str);
            sort["schema"]["x-enum-varnames"] = names
                .map(|name| match name.strip_prefix('-') {
                    Some(name) => name.to_uppercase() + "_DESCENDING",
                    None => name.to_uppercase(),
                })
                .collect();
        }
    }
    let keyed = operation["security"].is_array();
    if keyed {
        // Scopes are for OAuth; of a key the role is said beside.
        operation["x-role"] = operation["security"][0]["key"][0].clone();
        operation["security"] = json!([{"key": []}]);
    }
    let reads = method == "get";
    // A key may ask these for what is not public.
    let wider = !keyed
        && reads
        && versioned
        && (listed || named)
        && !below
        && !path.starts_with("/v1/countries")
        && !path.starts_with("/v1/bundles")
        && path != "/v1/search";
    if wider {
        // Generated clients take what a key may widen for what needs one; its parameters say it.
        operation["security"] = json!([]);
        let asked = operation["parameters"].as_array_mut();
        asked
            .into_iter()
            .for_each(|all| all.extend(access_parameters()));
    } else if !keyed {
        operation["security"] = json!([]);
    }
    let spoken = wider || path.starts_with("/v1/countries");
    if spoken && let Some(asked) = operation["parameters"].as_array_mut() {
        asked.push(language_parameter());
    }
    let writes = keyed && !reads;
    if writes {
        let asked = operation["parameters"].as_array_mut();
        asked
            .into_iter()
            .for_each(|all| all.extend(write_headers(path, method)));
    }
    let body = operation["requestBody"].is_object();
    for (_, media) in operation
        .pointer_mut("/requestBody/content")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten()
    {
        // A body that may be left out is not `null`.
        let own = media["schema"]["oneOf"].as_array();
        let own = own
            .and_then(|all| all.iter().find(|one| one["$ref"].is_string()))
            .cloned();
        if let Some(own) = own {
            media["schema"] = own;
        }
    }
    for (status, name, ..) in PROBLEMS {
        let answers = match status {
            "400" | "422" => versioned,
            "406" => versioned && reads && !keyed,
            "401" | "403" => keyed || wider,
            "404" => named,
            "409" => writes || path.ends_with("/merge"),
            "410" => {
                ((wider || below && !keyed) && named && reads) || feed || path.contains("{sha256}")
            }
            "412" | "428" => writes && path.contains("{reference}"),
            "413" | "415" => body,
            "429" => versioned && path != "/v1/help",
            _ => true,
        };
        if answers {
            operation["responses"][status] =
                json!({"$ref": format!("#/components/responses/{name}")});
        }
    }
    match versioned {
        true if reads && !keyed => {
            operation["responses"]["304"] = json!({"$ref": "#/components/responses/NotModified"});
            operation["responses"]["200"]["headers"] = headers(listed);
            if path.starts_with("/v1/bundles/") {
                operation["responses"]["200"]["headers"]["Content-Location"] =
                    text("Its address with the digest.");
            }
            if spoken {
                operation["responses"]["200"]["headers"]["Content-Language"] = content_language();
            }
            if (wider || below) && named {
                operation["responses"]["308"] = json!({
                    "description": "The slug leads to this address now.",
                    "headers": {"Location": text("Where it leads.")},
                });
            }
        }
        true => {
            for status in ["200", "201", "202"] {
                if operation["responses"][status].is_object() {
                    operation["responses"][status]["headers"] =
                        written_headers(status, named, reads);
                } else if let Some(responses) = operation["responses"].as_object_mut() {
                    responses.remove(status);
                }
            }
        }
        false => operation["responses"]["4XX"] = json!({"$ref": "#/components/responses/Problem"}),
    }
}

/// Shows an operation's named examples: what was asked at its parameters, what was answered at
/// its answer. utoipa's names of operations are those of the handlers; a parameter of the path stands
/// at a place of it.
fn show(operation: &mut Value, examples: &Value, template: &str) {
    let id = operation["operationId"].as_str().unwrap_or_default();
    for (name, example) in fields(&examples[id]) {
        let asked = example["request"].as_str().unwrap_or_default();
        let (path, query) = asked.split_once('?').unwrap_or((asked, ""));
        let given: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
        if !example["value"].is_null()
            && let Some(content) = operation["responses"]["200"]["content"].as_object_mut()
        {
            let media = match example["media_type"].as_str() {
                Some(media_type) => content.get_mut(media_type),
                None => content.values_mut().next(),
            };
            if let Some(media) = media {
                media["examples"][name] =
                    json!({"summary": format!("GET {asked}"), "value": example["value"]});
            }
        }
        for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
            let mut values: Vec<&str> = given
                .iter()
                .filter(|(key, _)| parameter["name"] == key.as_ref())
                .map(|(_, value)| value.as_ref())
                .collect();
            if parameter["in"] == "path" {
                // What stands in the path where the parameter stands in its template.
                let name = format!("{{{}}}", parameter["name"].as_str().unwrap_or_default());
                let place = template.split('/').position(|part| part == name);
                values.extend(place.and_then(|place| path.split('/').nth(place)));
            }
            let value = match parameter["schema"]["type"].as_str() {
                Some("array") => json!(values),
                Some("integer" | "boolean") => values
                    .first()
                    .and_then(|value| serde_json::from_str(value).ok())
                    .unwrap_or_default(),
                _ => json!(values.first()),
            };
            if !values.is_empty() {
                parameter["examples"][name] = json!({"value": value});
            }
        }
    }
}

/// The link from a list to the reading of its records, where there is one.
fn links(path: &str, all: &Value) -> Option<Value> {
    let below = fields(all).find(|(below, _)| {
        below
            .strip_prefix(path)
            .is_some_and(|rest| rest.starts_with("/{") && rest.ends_with('}'))
    });
    let read = &below?.1["get"];
    let parameter = read["parameters"][0]["name"].as_str()?;
    let field = match parameter {
        "reference" => "slug",
        own => own,
    };
    Some(json!({"read": {
        "operationId": read["operationId"],
        "parameters": {parameter: format!("$response.body#/contents/0/{field}")},
        "description": "Each record of the page, here the first, is read under its own address.",
    }}))
}
