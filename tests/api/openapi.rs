//! The document: committed, complete, and true of the routes.

use crate::{
    curation::Desk,
    support::{Site, manifest, slug},
};
use serde_json::{Map, Value, json};
use std::{collections::BTreeSet, fs};

fn updating() -> bool {
    std::env::var("UPDATE_OPENAPI").is_ok_and(|value| value == "1")
}

struct Operation {
    method: String,
    path: String,
    value: Value,
}

impl Operation {
    fn id(&self) -> &str {
        self.value["operationId"].as_str().unwrap()
    }

    fn parameters(&self, place: &str) -> Vec<&Value> {
        let all = self.value["parameters"].as_array().into_iter().flatten();
        all.filter(|one| one["in"] == place).collect()
    }

    fn names(&self) -> BTreeSet<&str> {
        let query = self.parameters("query").into_iter();
        query.map(|one| one["name"].as_str().unwrap()).collect()
    }

    /// Whether anybody may ask it, without a key.
    fn is_open(&self) -> bool {
        let keys = self.value["security"].as_array().unwrap();
        self.method == "get" && (keys.is_empty() || keys.contains(&json!({})))
    }

    /// Its path with a record that exists.
    async fn address(&self, site: &Site) -> String {
        let Some((list, rest)) = self.path.split_once("/{") else {
            return self.path.clone();
        };
        if list == "/v1/bundles" {
            let page = site.json("/v1/bundles?country=PH").await;
            let statistics = usize::from(self.path.contains("/statistics"));
            let file = &page["contents"][statistics];
            return self
                .path
                .replace("{country}", "PH")
                .replace("{sha256}", file["sha256"].as_str().unwrap());
        }
        let (name, below) = rest.split_once('}').unwrap();
        assert!(["reference", "code"].contains(&name), "{}", self.path);
        let page = site.json(&format!("{list}?per_page=1")).await;
        format!("{list}/{}{below}", slug(&page["contents"][0]))
    }
}

fn operations() -> Vec<Operation> {
    let paths = lodestar::app::DOCUMENT["paths"].as_object().unwrap();
    let all = paths.iter().flat_map(|(path, item)| {
        item.as_object()
            .unwrap()
            .iter()
            .map(|(method, value)| Operation {
                method: method.clone(),
                path: path.clone(),
                value: value.clone(),
            })
    });
    all.collect()
}

#[test]
fn the_committed_document_is_the_one_that_the_code_makes() {
    let path = manifest("openapi/v1.json");
    let made = lodestar::app::document_text();
    if updating() {
        fs::write(path, made).unwrap();
        return;
    }
    assert!(
        fs::read_to_string(path).unwrap() == made,
        "openapi/v1.json is old: run `UPDATE_OPENAPI=1 cargo test --test api openapi` twice and read the difference"
    );
}

#[test]
fn every_operation_is_named_described_and_says_how_it_fails() {
    let operations = operations();
    let ids: BTreeSet<&str> = operations.iter().map(Operation::id).collect();
    assert_eq!(ids.len(), operations.len(), "an operation id stands twice");
    assert!(operations.len() >= 20);
    for operation in &operations {
        let (id, value) = (operation.id(), &operation.value);
        let (verb, resource) = id.split_once('_').unwrap();
        assert!(
            [
                "list", "read", "create", "replace", "update", "publish", "archive", "hide",
                "unhide", "restore", "merge", "revoke", "accept", "reject", "withdraw", "ask",
                "release", "apply",
            ]
            .contains(&verb)
                && !resource.is_empty(),
            "{id}"
        );
        for field in ["summary", "description"] {
            assert!(
                value[field].as_str().is_some_and(|text| text.len() > 10),
                "{id}: {field}"
            );
        }
        assert!(value["tags"][0].is_string(), "{id}: tag");
        assert!(
            value["parameters"].is_array() || value.get("parameters").is_none(),
            "{id}: parameters"
        );
        assert_eq!(
            value["responses"]["default"]["$ref"], "#/components/responses/Problem",
            "{id}"
        );
        let answers = ["200", "201", "202"].map(|status| &value["responses"][status]);
        let described = |answer: &&&Value| {
            let all = answer["content"].as_object().into_iter().flatten();
            all.into_iter().any(|(_, one)| one["schema"].is_object())
        };
        assert!(answers.iter().any(|answer| described(&answer)), "{id}");
        for parameter in value["parameters"].as_array().into_iter().flatten() {
            let name = &parameter["name"];
            assert!(parameter["description"].is_string(), "{id}: {name}");
            assert!(parameter["schema"].is_object(), "{id}: {name}");
        }
    }
}

/// A schema with its reference followed.
fn resolved(schema: &Value) -> &Value {
    match schema["$ref"].as_str() {
        Some(reference) => lodestar::app::DOCUMENT
            .pointer(reference.trim_start_matches('#'))
            .unwrap(),
        None => schema,
    }
}

/// Valid values of a parameter: each value of a short list, an example of the rest.
fn valid_values(parameter: &Value) -> Vec<String> {
    let schema = &parameter["schema"];
    let one = match schema["items"].is_object() {
        true => &schema["items"],
        false => schema,
    };
    let one = match one["oneOf"].as_array() {
        Some(choices) => choices
            .iter()
            .find(|choice| choice["type"] != "null")
            .unwrap(),
        None => one,
    };
    let name = one["$ref"].as_str().unwrap_or_default();
    let name = name.rsplit('/').next().unwrap();
    let one = resolved(one);
    if let Some(list) = one["enum"].as_array() {
        let values = list.iter().take(12);
        return values
            .map(|value| value.as_str().unwrap().to_owned())
            .collect();
    }
    let kind = match &one["type"] {
        Value::Array(kinds) => &kinds[0],
        kind => kind,
    };
    let example = match (name, kind.as_str().unwrap()) {
        (_, "boolean") => return vec!["true".to_owned(), "false".to_owned()],
        (_, "integer") => {
            let most = match parameter["name"].as_str() {
                Some("page") => "150",
                // A revision that the shipped directory has.
                Some("since") => "3998",
                _ => &one["maximum"].to_string(),
            };
            return vec![one["minimum"].to_string(), most.to_owned()];
        }
        ("Point", _) => "48.2,16.4",
        ("BoundingBox", _) => "-10,35,30,60",
        ("PartialDate", _) => "2020",
        ("Moment", _) => "now",
        ("ZoneName", _) => "Asia/Manila",
        ("AsOfText", _) => "revision:3987",
        ("AgeBandOrNone", _) => "0-17",
        ("SlugOrNone", _) => "forced_labour",
        ("SlugOrId", _) if parameter["name"] == "topic" => "sex_trafficking",
        ("SlugOrId", _) if parameter["name"] == "population" => "children",
        ("SlugOrId", _) => "iwf",
        ("LanguageTag", _) => "en",
        ("AgeBand", _) => "0-17",
        ("SubdivisionCode", _) => "US-CA",
        ("AreaCode" | "GeographyCode", _) => "US",
        ("" | "Words", "string") => "trafficking",
        other => panic!("no example for {other:?}"),
    };
    vec![example.to_owned()]
}

#[actix_web::test]
async fn every_documented_parameter_is_accepted() {
    let site = Site::full().await;
    let mut asked = 0;
    for operation in operations().iter().filter(|one| one.is_open()) {
        let address = operation.address(&site).await;
        for parameter in operation.parameters("query") {
            let name = parameter["name"].as_str().unwrap();
            for value in valid_values(parameter) {
                let beside = match name {
                    "near" if operation.path != "/v1/help" => "&radius_km=100",
                    "radius_km" => "&near=48.2,16.4",
                    "country" | "per_page" if operation.path == "/v1/changes" => "&since=3993",
                    "country" | "subdivision" | "near" if operation.path == "/v1/help" => "",
                    _ if operation.path == "/v1/help" => "&country=PH",
                    "search" if operation.path == "/v1/search" => "",
                    _ if operation.path == "/v1/search" => "&search=line",
                    "sort" if value == "distance" => "&near=48.2,16.4&radius_km=100",
                    _ => "",
                };
                // Streams of everything are asked for elsewhere.
                let narrowed = match name {
                    "format" if operation.path == "/v1/statistics" => "&geography=US",
                    "per_page" | "format" | "include" | "since" | "status" | "visibility"
                    | "lang" => "",
                    // A single record is no page.
                    "as_of" if operation.path == "/v1/statistics/{reference}" => "",
                    "country" if operation.path == "/v1/changes" => "",
                    _ if operation.path == "/v1/help" => "",
                    _ if operation.path.ends_with(".svg") || operation.path == "/v1/bundles" => "",
                    _ => "&per_page=1",
                };
                let uri = format!("{address}?{name}={value}{beside}{narrowed}");
                let answer = site.get(&uri).await;
                // These two only a key opens.
                let wanted = if ["status", "visibility"].contains(&name) {
                    401
                } else {
                    200
                };
                assert_eq!(answer.status, wanted, "{uri}: {}", answer.text());
                asked += 1;
            }
        }
    }
    assert!(asked > 100, "{asked}");
}

#[actix_web::test]
async fn an_unknown_parameter_is_refused_with_exactly_the_documented_ones() {
    let site = Site::full().await;
    for operation in operations() {
        if !operation.path.starts_with("/v1") || !operation.is_open() {
            continue;
        }
        let address = operation.address(&site).await;
        let answer = site.get(&format!("{address}?zzzzzzzzzzzz=1")).await;
        assert_eq!(answer.status, 400, "{address}");
        let problem = answer.value();
        let error = &problem["errors"][0];
        assert_eq!(error["code"], "unknown_parameter", "{address}");
        let remedy = error["remedy"].as_str().unwrap();
        let known = operation.names();
        if known.is_empty() {
            assert_eq!(remedy, "this address takes no parameters", "{address}");
            continue;
        }
        let keyed = known.contains("status");
        let named: BTreeSet<&str> = remedy
            .trim_start_matches("use one of ")
            .split(", ")
            .collect();
        assert_eq!(named, known, "{address}");
        for (name, value) in [("status", "draft"), ("visibility", "hidden")] {
            let answer = site.get(&format!("{address}?{name}={value}")).await;
            let wanted = if keyed { 401 } else { 400 };
            assert_eq!(answer.status, wanted, "{address} {name}");
        }
        // One letter too many: the nearest is named.
        for name in known {
            let problem = site.get(&format!("{address}?{name}x=1")).await.value();
            let remedy = problem["errors"][0]["remedy"].as_str().unwrap();
            assert_eq!(remedy, format!("did you mean {name}?"), "{address}");
        }
    }
}

#[actix_web::test]
async fn keys_of_writes_are_documented_where_they_are_read() {
    let desk = Desk::small().await;
    let mut read = 0;
    for operation in operations().iter().filter(|one| one.method != "get") {
        let path = operation.path.replace("{resource}", "topics");
        let path = path
            .replace("{reference}", "x")
            .replace("{id}", "x")
            .replace("{month}", "2026-11");
        let (name, method) = ("Idempotency-Key", operation.method.to_uppercase());
        let headers = operation.parameters("header");
        let documented = headers.iter().any(|one| one["name"] == name);
        let answer = desk
            .ask("Ada", &method, &path, &[(name, "a b")], None)
            .await;
        let errors = answer.value()["errors"].clone();
        let refused = errors[0]["header"] == name;
        assert_eq!(refused, documented, "{method} {path}: {errors}");
        read += usize::from(refused);
    }
    assert!(read > 20, "{read}");
}

/// What differs from one import, or one day, to the next.
const PASSING: [&str; 17] = [
    "as_of",
    "generated_at",
    "stale_after",
    "expires_at",
    "sha256",
    "size",
    "at",
    "id",
    "revision",
    "created_at",
    "last_modified",
    "changed_at",
    "age_days",
    "freshness",
    "next_review_on",
    "open_intervals",
    "confirmed_at",
];

fn redacted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, field)| match PASSING.contains(&name.as_str()) {
                true => (name.clone(), json!("...")),
                false => (name.clone(), redacted(field)),
            })
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(entries) => entries.iter().map(redacted).collect(),
        // An address that ends with a digest.
        Value::String(text) if text.contains("/v1/bundles/") => {
            json!(text.rsplit_once('/').unwrap().0)
        }
        other => other.clone(),
    }
}

#[actix_web::test]
async fn every_named_example_is_a_true_answer() {
    let path = manifest("openapi/examples.json");
    let mut examples: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let site = Site::full().await;
    let (mut untrue, ids) = (Vec::new(), operations());
    for (id, named) in examples.as_object_mut().unwrap() {
        let operation = ids.iter().find(|operation| operation.id() == id);
        let operation =
            operation.unwrap_or_else(|| panic!("examples of {id}, which is no operation"));
        let template = operation.path.split('{').next().unwrap();
        for (name, example) in named.as_object_mut().unwrap() {
            let request = example["request"].as_str().unwrap();
            assert!(request.starts_with(template), "{id}, {name}: {request}");
            let answer = match example["media_type"].as_str() {
                None => site.json(request).await,
                Some(media_type) => {
                    let answer = site.get(request).await;
                    let said = answer.header("content-type");
                    assert_eq!(said.split(';').next(), Some(media_type), "{id}, {name}");
                    match media_type.ends_with("+json") {
                        true => answer.value(),
                        false => Value::from(answer.text()),
                    }
                }
            };
            if redacted(&answer) != redacted(&example["value"]) {
                untrue.push(format!("{id}: {name}"));
                example["value"] = answer;
            }
        }
    }
    if updating() {
        fs::write(
            path,
            serde_json::to_string_pretty(&examples).unwrap() + "\n",
        )
        .unwrap();
        return;
    }
    assert!(
        untrue.is_empty(),
        "no longer true: {untrue:?}; run `UPDATE_OPENAPI=1 cargo test --test api openapi` twice and read the difference"
    );
    // An address with a digest is that of one import's bytes.
    let lasting = |one: &&Operation| one.is_open() && !one.path.contains("{sha256}");
    for operation in ids.iter().filter(lasting) {
        let named = examples[operation.id()].as_object();
        assert!(
            named.is_some_and(|named| !named.is_empty()),
            "no example of {}",
            operation.id()
        );
    }
}
