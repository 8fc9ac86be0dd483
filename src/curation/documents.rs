//! Documents as people write them: every wrong field is named at once, and what is not written
//! here (status, visibility, verification, revision) is refused, not ignored.

use super::mending::{ShapeError, mended};
use crate::{
    ledger::{Document, Resource},
    values::Invalid,
    web::{Problem, body::fault, problem::ErrorDetail},
};
use serde_json::{Map, Value};
use std::{collections::HashSet, sync::LazyLock};
use uuid::Uuid;

/// A valid document of each resource: what the documentation shows, and what stands in for a
/// wrong field while the others are read.
pub static EXEMPLARS: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    let all = serde_json::from_str(include_str!("exemplars.json"));
    all.unwrap_or_default()
});

/// Fields that are read and not written, and what to do instead.
const READ_ONLY: [(&str, &str); 14] = [
    ("id", "leave it out; the directory gives it"),
    ("status", "publish or archive the record by its own address"),
    ("visibility", "hide or unhide the record by its own address"),
    ("verified_at", "leave it out; only verifying sets it"),
    (
        "verification_method",
        "leave it out; only verifying sets it",
    ),
    ("outcome", "leave it out; only verifying sets it"),
    ("revision", "leave it out, and send the ETag as If-Match"),
    ("created_at", "leave it out"),
    ("last_modified", "leave it out"),
    (
        "freshness",
        "leave it out; it follows from verification and sources",
    ),
    ("merged_into", "archive the record by its own address"),
    ("included", "leave it out"),
    (
        "computed_change",
        "leave it out; it follows from the baseline",
    ),
    ("flags", "leave it out; they follow from the other fields"),
];
/// The same of contact points.
const READ_ONLY_POINT: [(&str, &str); 9] = [
    (
        "visibility",
        "hide or unhide the contact point by its own address",
    ),
    (
        "verification_method",
        "leave it out; only verifying sets it",
    ),
    ("verified_at", "leave it out; only verifying sets it"),
    ("outcome", "leave it out; only verifying sets it"),
    (
        "freshness",
        "leave it out; it follows from verification and sources",
    ),
    ("display", "leave it out; it follows from value"),
    ("tel_uri", "leave it out; it follows from value"),
    ("sms_uri", "leave it out; it follows from value"),
    ("url", "leave it out; it follows from value"),
];

/// Everything wrong that was found, each with its JSON Pointer.
pub type Faults = Vec<(String, Invalid)>;

/// The problem that names them: 400 where a schema can say it, else 422.
pub fn refused(faults: Faults) -> Problem {
    let by_schema = |code: &str| {
        matches!(
            code,
            "missing" | "unknown_field" | "type" | "not_in_list" | "read_only"
        )
    };
    let malformed = faults.iter().any(|(_, invalid)| by_schema(invalid.code));
    let details = faults
        .into_iter()
        .map(|(pointer, invalid)| ErrorDetail::pointer(&pointer, invalid))
        .collect();
    match malformed {
        true => Problem::Malformed(details),
        false => Problem::Unprocessable(details),
    }
}

/// A whole document that somebody wrote; `before` is what stands.
///
/// # Errors
/// Everything that is wrong with it.
pub fn whole(
    resource: Resource,
    written: Value,
    before: Option<&Document>,
) -> Result<Document, Faults> {
    let mut faults = not_written_here(&written, before);
    let mut value = without(written, &faults);
    // Verification is no matter of writing; it stays with the record.
    if let (Some(fields), Some(Ok(Value::Object(stood)))) =
        (value.as_object_mut(), before.map(Document::to_json))
    {
        for name in ["verified_at", "verification_method", "outcome"] {
            if let Some(verified) = stood.get(name) {
                fields.insert(name.to_owned(), verified.clone());
            }
        }
    }
    faults.extend(foreign_points(&value, before));
    read(resource, value, before, faults)
}

/// A merge patch (RFC 7396) that somebody wrote, on what stands; `seen` is what they may see of it.
///
/// # Errors
/// Everything that is wrong with the document after it.
pub fn patched(
    resource: Resource,
    patch: Value,
    before: &Document,
    seen: &Document,
) -> Result<Document, Faults> {
    let mut faults = not_written_here(&patch, Some(seen));
    let patch = without(patch, &faults);
    if !patch.is_object() {
        faults.push((String::new(), not_an_object()));
        return Err(faults);
    }
    faults.extend(foreign_points(&patch, Some(seen)));
    let mut value = before.to_json().unwrap_or_default();
    json_patch::merge(&mut value, &patch);
    read(resource, value, Some(before), faults)
}

fn not_an_object() -> Invalid {
    Invalid::new("type", "the value has another type", "send a JSON object")
}

/// Reads a document; a wrong field is named, replaced by one that is right, and the rest read on.
fn read(
    resource: Resource,
    value: Value,
    before: Option<&Document>,
    mut faults: Faults,
) -> Result<Document, Faults> {
    if !value.is_object() {
        faults.push((String::new(), not_an_object()));
        return Err(faults);
    }
    let stood = before.and_then(|document| document.to_json().ok());
    let filler = stood.or_else(|| EXEMPLARS.get(resource.name()).cloned());
    let told = |error: &ShapeError| {
        let (pointer, mut invalid) = fault(error);
        for (name, _) in READ_ONLY {
            invalid.remedy = invalid.remedy.replace(&format!(", {name}"), "");
        }
        (pointer, invalid)
    };
    let filler = filler.unwrap_or_default();
    match mended(resource, value, &filler, &mut faults, &told) {
        Some(document) if faults.is_empty() => Ok(document),
        _ => Err(faults),
    }
}

fn points(value: &Value) -> impl Iterator<Item = (usize, &Map<String, Value>)> {
    let points = value.get("contact_points").and_then(Value::as_array);
    points
        .into_iter()
        .flatten()
        .enumerate()
        .filter_map(|(place, point)| Some((place, point.as_object()?)))
}

/// Fields that are read and not written.
/// They may be sent as they stand, so that what was read can be sent back.
fn not_written_here(value: &Value, before: Option<&Document>) -> Faults {
    let stood = before
        .and_then(|document| document.to_json().ok())
        .unwrap_or_default();
    let known: Vec<&Map<String, Value>> = points(&stood).map(|(_, point)| point).collect();
    let refused = |remedy: &str| Invalid::new("read_only", "it is not written here", remedy);
    let mut faults = Faults::new();
    for (name, remedy) in READ_ONLY {
        if value
            .get(name)
            .is_some_and(|sent| stood.get(name) != Some(sent))
        {
            faults.push((format!("/{name}"), refused(remedy)));
        }
    }
    for (place, point) in points(value) {
        let same = known
            .iter()
            .find(|one| one.get("id").is_some_and(|id| point.get("id") == Some(id)));
        for (name, remedy) in READ_ONLY_POINT {
            let stands = same.and_then(|one| one.get(name));
            if point.get(name).is_some_and(|sent| stands != Some(sent)) {
                let pointer = format!("/contact_points/{place}/{name}");
                faults.push((pointer, refused(remedy)));
            }
        }
    }
    faults
}

fn without(mut value: Value, faults: &Faults) -> Value {
    for (pointer, _) in faults {
        if let Some((parent, name)) = pointer.rsplit_once('/')
            && let Some(Value::Object(fields)) = value.pointer_mut(parent)
        {
            fields.remove(name);
        }
    }
    value
}

/// Contact points that claim to be one that the record has not, or that another claims too.
fn foreign_points(value: &Value, before: Option<&Document>) -> Faults {
    let known = before.map_or(&[][..], Document::contact_points).iter();
    let mut known: HashSet<Uuid> = known.filter_map(|point| point.id).collect();
    let claimed = points(value).filter_map(|(place, point)| {
        let id = point.get("id").and_then(Value::as_str)?;
        Some((place, Uuid::parse_str(id).ok()?))
    });
    claimed
        .filter(|(_, id)| !known.remove(id))
        .map(|(place, _)| {
            let invalid = Invalid::new(
                "contact_point",
                "the record has no such contact point, or it stands twice here",
                "leave the id out for a new one",
            );
            (format!("/contact_points/{place}/id"), invalid)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn exemplars_are_valid() {
        for resource in Resource::ALL {
            if resource != Resource::Countries {
                let read = whole(resource, EXEMPLARS[resource.name()].clone(), None);
                assert!(read.is_ok(), "{}: {read:?}", resource.name());
            }
        }
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let written = json!({
            "slug": "x", "name": 7, "lang": "en", "coverage": ["XX"], "status": "published", "wrong": 1,
            "passed_to_police": "maybe", "passed_to_immigration": "never", "age_min": "old",
            "contact_points": [
                {"channel": "phone", "value": "116123", "short_code": "116123", "verified_at": "2026-01-01T00:00:00Z"},
                {"channel": "pigeon", "value": "x"},
            ],
        });
        let Err(faults) = whole(Resource::Hotlines, written, None) else {
            panic!("accepted");
        };
        let mut named: Vec<(&str, &str)> = faults
            .iter()
            .map(|(pointer, invalid)| (pointer.as_str(), invalid.code))
            .collect();
        named.sort_unstable();
        assert_eq!(
            named,
            [
                ("/age_min", "type"),
                ("/contact_points/0/verified_at", "read_only"),
                ("/contact_points/1/channel", "not_in_list"),
                ("/contact_points/1/value", "length"),
                ("/coverage", "area"),
                ("/name", "type"),
                ("/passed_to_police", "not_in_list"),
                ("/sources", "missing"),
                ("/status", "read_only"),
                ("/wrong", "unknown_field"),
            ]
        );
    }
}
