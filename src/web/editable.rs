//! Operations whose path holds `{resource}`: one handler serves all resources that people edit. Those
//! with a body of the resource are shown once each, with the body of each; the others name the
//! resources in a list.

use serde_json::{Map, Value, json};

/// A resource that people edit, as the document shows it.
#[derive(Debug, Clone, Copy)]
pub struct Edited {
    /// The noun in paths.
    pub resource: &'static str,
    /// One of them, in names of operations.
    pub one: &'static str,
    /// The schema of what is read.
    pub schema: &'static str,
}

/// Gives every operation with `{resource}` in its path what it lacks.
pub fn expand(document: &mut Value, edited: &[Edited], exemplars: &Map<String, Value>) {
    for one in edited {
        describe(&mut document["components"]["schemas"], one);
    }
    let Some(paths) = document["paths"].as_object_mut() else {
        return;
    };
    let generic: Vec<String> = paths
        .keys()
        .filter(|path| path.contains("{resource}"))
        .cloned()
        .collect();
    for path in generic {
        let Some(mut item) = paths.remove(&path) else {
            continue;
        };
        let written = ["post", "put", "patch"].iter().find(|method| {
            let body = &item[**method]["requestBody"]["content"];
            body.as_object()
                .into_iter()
                .flatten()
                .any(|(_, media)| media["schema"]["type"] == "object")
        });
        if written.is_none() {
            let names: Vec<&str> = edited.iter().map(|one| one.resource).collect();
            let listed = json!({"type": "string", "enum": names});
            for (_, operation) in item.as_object_mut().into_iter().flatten() {
                for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
                    if parameter["name"] == "resource" {
                        parameter["schema"] = listed.clone();
                    }
                }
            }
            paths.insert(path, item);
            continue;
        }
        for one in edited {
            let own = path.replace("{resource}", one.resource);
            let slot = paths.entry(own).or_insert_with(|| json!({}));
            for (method, operation) in item.as_object().into_iter().flatten() {
                slot[method] = of_resource(operation, one, exemplars);
            }
        }
    }
}

/// One operation with the body of one resource.
fn of_resource(operation: &Value, one: &Edited, exemplars: &Map<String, Value>) -> Value {
    let mut own = operation.clone();
    let id = operation["operationId"].as_str().unwrap_or_default();
    own["operationId"] = json!(id.replace("record", one.one));
    own["tags"] = json!([if TAGGED.contains(&one.resource) {
        one.resource
    } else {
        "vocabularies"
    }]);
    let summary = operation["summary"].as_str().unwrap_or_default();
    let noun = one.one.replace('_', " ");
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    own["summary"] = json!(summary.replace("a record", &format!("{article} {noun}")));
    if let Some(parameters) = own["parameters"].as_array_mut() {
        parameters.retain(|parameter| parameter["name"] != "resource");
    }
    let exemplar = &exemplars[one.resource];
    for (kind, media) in own["requestBody"]["content"]
        .as_object_mut()
        .into_iter()
        .flatten()
    {
        let patches = kind.contains("merge-patch");
        let schema = if patches { "Patch" } else { "Input" };
        media["schema"] = json!({"$ref": format!("#/components/schemas/{}{schema}", one.schema)});
        media["example"] = match patches {
            true => exemplar
                .as_object()
                .and_then(|fields| {
                    fields
                        .iter()
                        .find(|(name, _)| ["name", "title"].contains(&name.as_str()))
                })
                .map(|(name, field)| json!({name: field}))
                .unwrap_or_default(),
            false => exemplar.clone(),
        };
    }
    own
}

/// Resources with a tag of their own.
const TAGGED: [&str; 4] = [
    "organizations",
    "hotlines",
    "regional_contacts",
    "statistics",
];

/// What is written is described as what is read; a patch has the same fields, none needed, each
/// of them emptied by `null`.
fn describe(schemas: &mut Value, one: &Edited) {
    let read = schemas[one.schema]["properties"].clone();
    let input = format!("{}Input", one.schema);
    for (name, field) in schemas[&input]["properties"]
        .as_object_mut()
        .into_iter()
        .flatten()
    {
        let described = &read[name]["description"];
        if field["description"].is_null() && described.is_string() {
            field["description"] = described.clone();
        }
    }
    let mut patch = schemas[&input].clone();
    if let Some(fields) = patch.as_object_mut() {
        fields.remove("required");
    }
    patch["description"] = json!(
        "A merge patch (RFC 7396): what is sent replaces, `null` empties, lists are replaced whole."
    );
    schemas[format!("{}Patch", one.schema)] = patch;
}
