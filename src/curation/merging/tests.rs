//! Two documents as one.

use super::{
    Choices,
    fields::{United, unite},
};
use crate::{
    curation::documents::{EXEMPLARS, Faults},
    ledger::{Document, Resource},
};
use serde_json::{Value, json};

fn united(into: Value, from: Value, choices: Value) -> Result<United, Faults> {
    let document = |fields: Value| {
        let mut all = EXEMPLARS["hotlines"].clone();
        json_patch::merge(&mut all, &fields);
        Document::read(Resource::Hotlines, all).unwrap()
    };
    let choices: Choices = serde_json::from_value(choices).unwrap();
    unite(&document(into), &document(from), &choices)
}

#[test]
fn what_one_alone_says_is_taken_over_and_lists_are_united() {
    let into = json!({"notes": null, "languages": ["en"], "passed_to_police": "unknown",
        "sources": [{"source": "a", "retrieved_on": "2026-01-01"}]});
    let from = json!({"slug": "other", "notes": "Rings long.", "languages": ["tl", "en"], "passed_to_police": "never",
        "sources": [{"source": "a", "retrieved_on": "2026-02-01"}, {"source": "b"}]});
    let united = united(into, from, json!({})).unwrap();
    assert_eq!(united.differing, []);
    let after = united.document.to_json().unwrap();
    assert_eq!(after["notes"], "Rings long.");
    assert_eq!(after["languages"], json!(["en", "tl"]));
    assert_eq!(after["passed_to_police"], "never");
    let sources = after["sources"].as_array().unwrap();
    assert_eq!(
        (sources.len(), &sources[0]["retrieved_on"]),
        (2, &json!("2026-02-01"))
    );
    assert_eq!(after["slug"], EXEMPLARS["hotlines"]["slug"]);
}

#[test]
fn what_both_say_differently_is_chosen_and_what_belongs_together_comes_together() {
    let into = json!({"hours": "Mo-Fr 09:00-17:00", "timezone": "Asia/Manila", "always_open": null, "age_min": 10, "age_max": null});
    let from = json!({"hours": "24/7", "timezone": null, "always_open": true, "age_min": null, "age_max": 17});
    let named = |united: &United| -> Vec<String> {
        united
            .differing
            .iter()
            .map(|one| one.field.clone())
            .collect()
    };
    let open = united(into.clone(), from.clone(), json!({})).unwrap();
    assert_eq!(named(&open), ["hours", "timezone", "always_open"]);
    let after = open.document.to_json().unwrap();
    assert_eq!(
        (&after["age_min"], &after["age_max"]),
        (&json!(10), &json!(17))
    );
    let chosen = united(into.clone(), from.clone(), json!({"hours": "from"})).unwrap();
    assert!(chosen.differing.is_empty());
    let after = chosen.document.to_json().unwrap();
    assert_eq!(
        (&after["hours"], &after["timezone"], &after["always_open"]),
        (&json!("24/7"), &Value::Null, &json!(true))
    );
    let split = json!({"hours": "from", "timezone": "into"});
    let refused = united(into.clone(), from.clone(), split).unwrap_err();
    assert_eq!(
        (refused[0].0.as_str(), refused[0].1.code),
        ("/fields/hours", "together")
    );
    let wrong = json!({"slug": "from", "colour": "into"});
    let refused = united(into, from, wrong).unwrap_err();
    let codes: Vec<&str> = refused.iter().map(|(_, invalid)| invalid.code).collect();
    assert_eq!(codes, ["unknown_field", "kept"]);
}

#[test]
fn texts_come_in_their_language() {
    let into = json!({"lang": "en", "name": "Line", "description": null, "notes": null,
        "translations": [{"lang": "fr", "translation": "human", "name": "Ligne"}]});
    let from = json!({"lang": "tl", "name": "Linya", "description": "Tulong.", "notes": null,
        "translations": [{"lang": "en", "translation": "human", "name": "The line"}, {"lang": "fr", "translation": "machine", "name": "La ligne"}]});
    let open = united(into.clone(), from.clone(), json!({})).unwrap();
    let named: Vec<&str> = open
        .differing
        .iter()
        .map(|one| one.field.as_str())
        .collect();
    assert_eq!(named, ["lang", "name", "description", "translations"]);
    let chosen = json!({"lang": "from", "translations": "from"});
    let after = united(into, from, chosen)
        .unwrap()
        .document
        .to_json()
        .unwrap();
    assert_eq!(
        (&after["name"], &after["description"]),
        (&json!("Linya"), &json!("Tulong."))
    );
    let translations = after["translations"].as_array().unwrap();
    let langs: Vec<&str> = translations
        .iter()
        .map(|one| one["lang"].as_str().unwrap())
        .collect();
    assert_eq!(langs, ["en", "fr"]);
    assert_eq!(translations[1]["name"], "La ligne");
}
