//! What differs between two documents: as a merge patch, and field by field.

use crate::web::body::escaped;
use serde_json::{Map, Value};

/// The merge patch (RFC 7396) that leads from one document to another, by whole fields.
pub fn difference(before: &Value, after: &Value) -> Value {
    let none = Map::new();
    let (before, after) = (
        before.as_object().unwrap_or(&none),
        after.as_object().unwrap_or(&none),
    );
    let changed = after
        .iter()
        .filter(|(name, field)| before.get(*name) != Some(field))
        .map(|(name, field)| (name.clone(), field.clone()));
    let removed = before
        .keys()
        .filter(|name| !after.contains_key(*name))
        .map(|name| (name.clone(), Value::Null));
    changed.chain(removed).collect::<Map<_, _>>().into()
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct FieldChange {
    /// JSON Pointer (RFC 6901) to the field; entries of lists that have an id by that id.
    #[schema(example = "/name")]
    pub pointer: String,
    /// What stood there; `null` for nothing.
    pub before: Value,
    /// What stands there after; `null` for nothing.
    pub after: Value,
}

/// What differs between two documents, field by field.
pub fn differences(before: &Value, after: &Value) -> Vec<FieldChange> {
    let mut found = Vec::new();
    compare(String::new(), before, after, &mut found);
    found
}

fn compare(pointer: String, before: &Value, after: &Value, found: &mut Vec<FieldChange>) {
    let none = Value::Null;
    match (before, after) {
        (before, after) if before == after => {}
        (Value::Object(old), Value::Object(new)) => {
            let added = new.keys().filter(|name| !old.contains_key(*name));
            for name in old.keys().chain(added) {
                let (old, new) = (
                    old.get(name).unwrap_or(&none),
                    new.get(name).unwrap_or(&none),
                );
                compare(format!("{pointer}/{}", escaped(name)), old, new, found);
            }
        }
        (Value::Array(old), Value::Array(new)) if has_ids(old) && has_ids(new) => {
            let added = new
                .iter()
                .filter(|one| !old.iter().any(|other| other["id"] == one["id"]));
            for one in old.iter().chain(added) {
                let id = &one["id"];
                let of = |list: &[Value]| list.iter().find(|other| other["id"] == *id).cloned();
                let place = format!("{pointer}/{}", id.as_str().unwrap_or_default());
                compare(
                    place,
                    &of(old).unwrap_or_default(),
                    &of(new).unwrap_or_default(),
                    found,
                );
            }
        }
        _ => found.push(FieldChange {
            pointer,
            before: before.clone(),
            after: after.clone(),
        }),
    }
}

/// What stands at a pointer of [`differences`]; `null` for nothing.
pub fn at(value: &Value, pointer: &str) -> Value {
    let mut parts = pointer.split('/').skip(1);
    let found = parts.try_fold(value, |value, part| match value {
        Value::Object(fields) => fields.get(&part.replace("~1", "/").replace("~0", "~")),
        Value::Array(entries) => entries.iter().find(|entry| entry["id"] == part),
        _ => None,
    });
    found.cloned().unwrap_or_default()
}

fn has_ids(list: &[Value]) -> bool {
    !list.is_empty() && list.iter().all(|entry| entry["id"].is_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn differences_follow_ids() {
        let before = json!({"a": 1, "list": [{"id": "x", "v": 1}, {"id": "y", "v": 2}]});
        let after = json!({"a": 1, "list": [{"id": "y", "v": 3}, {"id": "x", "v": 1}], "b": null});
        let found = differences(&before, &after);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].pointer.as_str(), &found[0].after),
            ("/list/y/v", &json!(3))
        );
        assert_eq!(at(&before, "/list/y/v"), json!(2));
        assert_eq!(at(&before, "/list/z"), json!(null));
        let mut merged = before.clone();
        json_patch::merge(&mut merged, &difference(&before, &after));
        assert_eq!(merged["list"], after["list"]);
    }
}
