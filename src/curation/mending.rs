//! Everything wrong with a document at once: a wrong field is named, replaced by one that is right, and the rest read on.

use super::documents::{EXEMPLARS, Faults};
use crate::{
    ledger::{self, Document, Resource},
    values::Invalid,
    web::body::fault,
};
use serde_json::Value;

/// Why a document cannot be read.
pub type ShapeError = serde_path_to_error::Error<serde_json::Error>;

/// Everything wrong with a document that cannot be read, in the words of `told`, and the document with what is right
/// in place of it, where that can be.
pub fn everything_wrong(
    resource: Resource,
    value: Value,
    told: &dyn Fn(&ShapeError) -> (String, Invalid),
) -> (Faults, Option<Document>) {
    let mut faults = Faults::new();
    let filler = EXEMPLARS.get(resource.name()).cloned().unwrap_or_default();
    let document = mended(resource, value, &filler, &mut faults, told);
    (faults, document)
}

/// Reads a document; a wrong field is noted in the words of `told`, replaced by the filler's, and the rest read on.
pub fn mended(
    resource: Resource,
    mut value: Value,
    filler: &Value,
    faults: &mut Faults,
    told: &dyn Fn(&ShapeError) -> (String, Invalid),
) -> Option<Document> {
    // Each round mends one field, so that it ends; nobody needs to hear of more at once.
    for _ in 0..40 {
        match Document::read(resource, &value) {
            Ok(document) => {
                let own = ledger::invalid_values(0, &document).into_iter();
                let new = own.filter(|fault| {
                    !faults.iter().any(|(known, _)| {
                        fault.pointer.starts_with(known.as_str()) || is_owed(fault, known)
                    })
                });
                let new: Faults = new.map(|fault| (fault.pointer, fault.invalid)).collect();
                faults.extend(new);
                return Some(document);
            }
            Err(error) => {
                let (pointer, mut invalid) = told(&error);
                if let Some(list) = closed_list(resource, &value, &pointer) {
                    invalid.remedy = list;
                }
                let mended = mend(&mut value, &pointer, filler);
                // What was left out above is missing now; it was named already.
                if !faults.iter().any(|(known, _)| *known == pointer) {
                    faults.push((pointer, invalid));
                }
                if !mended {
                    return None;
                }
            }
        }
    }
    None
}

/// Whether a fault is one of fields that do not fit each other.
pub fn is_between(invalid: &Invalid) -> bool {
    invalid.field.is_some()
}

/// Whether fields of an entry may not fit each other only since one of them was mended.
fn is_owed(fault: &ledger::Fault, mended: &str) -> bool {
    let entry = mended.rsplit_once('/').map_or("", |(entry, _)| entry);
    is_between(&fault.invalid)
        && !entry.is_empty()
        && fault.pointer.starts_with(&format!("{entry}/"))
}

/// What may stand where nothing does, if that is a closed list: what is said to a word that is in none.
fn closed_list(resource: Resource, value: &Value, pointer: &str) -> Option<String> {
    let mut value = value.clone();
    let empty = value.pointer_mut(pointer).filter(|one| one.is_null())?;
    *empty = Value::String(String::new());
    let (place, invalid) = fault(&Document::read(resource, &value).err()?);
    (place == pointer && invalid.code == "not_in_list").then_some(invalid.remedy)
}

/// Puts what is right where something is wrong: the filler's value there, else nothing.
fn mend(value: &mut Value, pointer: &str, filler: &Value) -> bool {
    let Some((parent, last)) = pointer.rsplit_once('/') else {
        return false;
    };
    let Some(place) = value.pointer_mut(parent) else {
        return false;
    };
    // Of a list the filler's first entry stands for all.
    let first: String = pointer
        .split('/')
        .skip(1)
        .map(
            |part| match part.bytes().all(|byte| byte.is_ascii_digit()) {
                true => "/0".to_owned(),
                false => format!("/{part}"),
            },
        )
        .collect();
    let right = filler.pointer(&first).cloned();
    match place {
        Value::Object(fields) => {
            let name = last.replace("~1", "/").replace("~0", "~");
            match right.filter(|right| fields.get(&name) != Some(right)) {
                Some(right) => {
                    fields.insert(name, right);
                    true
                }
                None => fields.remove(&name).is_some(),
            }
        }
        Value::Array(entries) => {
            let entry = last
                .parse()
                .ok()
                .and_then(|index: usize| entries.get_mut(index));
            match (entry, right) {
                (Some(entry), Some(right)) if *entry != right => {
                    *entry = right;
                    true
                }
                _ => false,
            }
        }
        _ => false,
    }
}
