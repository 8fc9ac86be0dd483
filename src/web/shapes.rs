//! The shapes of the document's schemas: flat, with every field required, and with names that read well.

use serde_json::{Value, json};

/// The fields of an object; none of anything else.
pub fn fields(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// Makes one flat object of each schema that joins several: generated clients read those better.
pub fn flatten(schemas: &mut Value) {
    let Some(all) = schemas.as_object().cloned() else {
        return;
    };
    for (name, schema) in &all {
        let Some(parts) = schema["allOf"].as_array() else {
            continue;
        };
        let mut flat = json!({
            "type": "object",
            "description": schema["description"],
            "properties": {},
        });
        for part in parts {
            let referenced = part["$ref"]
                .as_str()
                .and_then(|path| path.rsplit('/').next());
            // A page that is part of another is answered only as that.
            let page = referenced.filter(|name| name.starts_with("Page_"));
            if let Some((schemas, page)) = schemas.as_object_mut().zip(page) {
                schemas.remove(page);
            }
            let part = referenced.and_then(|name| all.get(name)).unwrap_or(part);
            for (name, field) in fields(&part["properties"]) {
                flat["properties"][name] = field.clone();
            }
        }
        // A page with more beside it is the page of its record.
        if let Some(schemas) = schemas.as_object_mut() {
            schemas.remove(name);
            schemas.insert(name.replacen("PageWithIncluded_", "Page_", 1), flat);
        }
    }
}

/// Shapes of other standards, which leave out what is not known and hold no `null`: the fields that
/// they always have are those that utoipa finds.
const LEAVING_OUT: [&str; 1] = ["CslItem"];

/// Says of what is answered: every field is always there (`null` where it is empty), more may be
/// added, and what stands in a list has a name.
pub fn answered(schemas: &mut Value) {
    for (name, schema) in schemas.as_object_mut().into_iter().flatten() {
        let Some(names) = schema["properties"].as_object() else {
            continue;
        };
        if name.ends_with("Input") {
            continue;
        }
        if !LEAVING_OUT.contains(&name.as_str()) {
            schema["required"] = names.keys().cloned().collect();
        }
        if let Some(schema) = schema.as_object_mut() {
            schema.remove("additionalProperties");
        }
        if let Some(record) = name.strip_prefix("Page_") {
            schema["properties"]["contents"]["items"] =
                json!({"$ref": format!("#/components/schemas/{record}")});
        }
        for (_, field) in schema["properties"].as_object_mut().into_iter().flatten() {
            // utoipa describes the first of the two: the reference, not the field.
            let described = field["oneOf"][0]["description"].clone();
            if described.is_string() {
                field["oneOf"][0] = json!({"$ref": field["oneOf"][0]["$ref"]});
                field["description"] = described;
            }
        }
    }
}

/// Turns utoipa's names of generic schemas about: `Page_Hotline` is read as `HotlinePage`.
///
/// # Errors
/// When what comes of it is no JSON, which the tests would show.
pub fn renamed(document: &Value) -> serde_json::Result<Value> {
    let whole = document.to_string().replace("/PageWithIncluded_", "/Page_");
    let text = fields(&document["components"]["schemas"])
        .filter_map(|(name, _)| Some((name, name.split_once('_')?)))
        .fold(whole, |text, (name, (outer, inner))| {
            text.replace(&format!("{name}\""), &format!("{inner}{outer}\""))
        });
    serde_json::from_str(&text)
}
