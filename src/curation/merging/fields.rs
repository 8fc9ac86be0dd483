//! Two documents as one, field by field. Lists are united; what one alone says is taken over; what both
//! say differently somebody has to choose.

use super::points::join;
use crate::{
    curation::documents::Faults,
    ledger::{Document, Resource},
    values::Invalid,
    web::body::fault,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Whose value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// That of the record that becomes part.
    From,
    /// That of the record that goes on.
    Into,
}

/// Which value stands, by field.
pub type Choices = BTreeMap<String, Side>;

/// A field of which two records say different things.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DifferingField {
    /// The field of the document.
    #[schema(example = "description")]
    pub field: String,
    /// What the record that goes on says.
    pub into: Value,
    /// What the record that becomes part says.
    pub from: Value,
}

/// What comes of two documents.
#[derive(Debug)]
pub struct United {
    /// The document after; where nobody chose, that of the record that goes on.
    pub document: Document,
    /// What nobody chose.
    pub differing: Vec<DifferingField>,
}

/// What stays with the record that goes on.
const KEPT: [&str; 4] = ["slug", "verified_at", "verification_method", "outcome"];

/// Fields that say one thing together, so that they come from one record.
const TOGETHER: [&[&str]; 3] = [
    &["hours", "timezone", "always_open"],
    &["age_min", "age_max"],
    &[
        "country",
        "subdivision",
        "city",
        "postal_code",
        "address",
        "latitude",
        "longitude",
        "coordinate_precision",
    ],
];

/// Texts of a record and their language, which come from one record where that differs.
const TEXTS: &[&str] = &[
    "lang",
    "name",
    "title",
    "alternate_name",
    "description",
    "definition",
    "role_title",
    "notes",
];

struct Uniting<'a> {
    into: &'a Map<String, Value>,
    from: &'a Map<String, Value>,
    choices: &'a Choices,
    out: Map<String, Value>,
    differing: Vec<DifferingField>,
    faults: Faults,
}

/// Unites two documents of one resource.
///
/// # Errors
/// When the choices do not fit, or the two cannot be one.
pub fn unite(into: &Document, from: &Document, choices: &Choices) -> Result<United, Faults> {
    let fields = |document: &Document| match document.to_json() {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let (own, others) = (fields(into), fields(from));
    let mut uniting = Uniting {
        into: &own,
        from: &others,
        choices,
        out: own.clone(),
        differing: Vec::new(),
        faults: Vec::new(),
    };
    uniting.check_choices();
    let mut done: Vec<&str> = Vec::new();
    for name in own.keys().filter(|name| !KEPT.contains(&name.as_str())) {
        if own[name].is_array() {
            continue;
        }
        if !done.contains(&name.as_str()) {
            let group = uniting.group(name);
            uniting.scalars(&group);
            done.extend(group);
        }
    }
    for name in own.keys().filter(|name| own[*name].is_array()) {
        match name.as_str() {
            "contact_points" => uniting.points(into, from),
            "translations" => uniting.translations(),
            name => uniting.list(name),
        }
    }
    uniting.forget_itself(into.resource());
    let Uniting {
        out,
        differing,
        mut faults,
        ..
    } = uniting;
    if !faults.is_empty() {
        return Err(faults);
    }
    let document = Document::read(into.resource(), Value::Object(out));
    let document = document.map_err(|error| {
        faults.push(fault(&error));
        faults
    })?;
    Ok(United {
        document,
        differing,
    })
}

impl<'a> Uniting<'a> {
    fn check_choices(&mut self) {
        for name in self.choices.keys() {
            let own = name.as_str();
            let invalid = match () {
                () if KEPT.contains(&own) => Invalid::new(
                    "kept",
                    "it stays that of the record that goes on",
                    "leave it out; change it afterwards where it is written",
                ),
                () if !self.into.contains_key(own) => Invalid::new(
                    "unknown_field",
                    "the resource has no such field",
                    "name fields of the document, such as those that the refusal or GET merge names",
                ),
                () => continue,
            };
            let place = crate::web::body::escaped(own);
            self.faults.push((format!("/fields/{place}"), invalid));
        }
    }

    /// The fields that a field comes together with.
    fn group(&self, name: &'a str) -> Vec<&'a str> {
        let texts = self.into.get("lang") != self.from.get("lang");
        let groups = TOGETHER.into_iter().chain(texts.then_some(TEXTS));
        let known = |field: &&str| self.into.contains_key(*field);
        groups
            .into_iter()
            .find(|group| group.contains(&name))
            .map_or_else(
                || vec![name],
                |group| group.iter().copied().filter(known).collect(),
            )
    }

    /// What both say, or one of them.
    fn scalars(&mut self, group: &[&str]) {
        let (into, from) = (self.into, self.from);
        let at =
            |side: &Map<String, Value>, name: &str| side.get(name).cloned().unwrap_or_default();
        let mut chosen: Vec<Side> = group
            .iter()
            .filter_map(|name| self.choices.get(*name).copied())
            .collect();
        chosen.dedup();
        if chosen.len() > 1 {
            let invalid = Invalid::new(
                "together",
                format!("{} come from one record", group.join(", ")),
                "choose the same for all of them",
            );
            let named = group.iter().find(|name| self.choices.contains_key(**name));
            let name = named.copied().unwrap_or_default();
            self.faults.push((format!("/fields/{name}"), invalid));
            return;
        }
        if let Some(side) = chosen.first() {
            for name in group {
                let taken = if *side == Side::From { from } else { into };
                self.out.insert((*name).to_owned(), at(taken, name));
            }
            return;
        }
        let differs = group.iter().any(|name| {
            let (own, other) = (at(into, name), at(from, name));
            !is_empty(&own) && !is_empty(&other) && own != other
        });
        for name in group {
            let (own, other) = (at(into, name), at(from, name));
            if differs && own != other {
                self.differ(name, own, other);
            } else if is_empty(&own) {
                self.out.insert((*name).to_owned(), other);
            }
        }
    }

    fn differ(&mut self, field: &str, into: Value, from: Value) {
        self.differing.push(DifferingField {
            field: field.to_owned(),
            into,
            from,
        });
    }

    fn entries(&self, name: &str) -> (Vec<Value>, Vec<Value>) {
        let list = |side: &Map<String, Value>| side.get(name).and_then(Value::as_array).cloned();
        (
            list(self.into).unwrap_or_default(),
            list(self.from).unwrap_or_default(),
        )
    }

    /// The entries of both, none twice.
    fn list(&mut self, name: &str) {
        let (mut all, others) = self.entries(name);
        match self.choices.get(name) {
            Some(Side::Into) => {}
            Some(Side::From) => all = others,
            None => {
                for other in others {
                    match all.iter_mut().find(|own| is_same(own, &other)) {
                        Some(own) => keep_newest(own, &other),
                        None => all.push(other),
                    }
                }
            }
        }
        self.out.insert(name.to_owned(), all.into());
    }

    /// A language stands once, and not that of the original.
    fn translations(&mut self) {
        let chosen = self.choices.get("translations").copied();
        let (into, from) = self.entries("translations");
        let (first, second) = match chosen {
            Some(Side::From) => (from.clone(), into.clone()),
            _ => (into.clone(), from.clone()),
        };
        let original = self.out.get("lang").cloned().unwrap_or_default();
        let mut all: Vec<Value> = Vec::new();
        let mut differs = false;
        for one in first.into_iter().chain(second) {
            let known = all.iter().find(|known| known["lang"] == one["lang"]);
            match known {
                _ if one["lang"] == original => differs = true,
                Some(known) => differs |= *known != one,
                None => all.push(one),
            }
        }
        if differs && chosen.is_none() {
            self.differ("translations", into.into(), from.into());
        }
        self.out.insert("translations".to_owned(), all.into());
    }

    fn points(&mut self, into: &Document, from: &Document) {
        let chosen = self.choices.get("contact_points").copied();
        let joined = join(into.contact_points(), from.contact_points(), chosen);
        let faults = joined.faults.into_iter();
        self.faults
            .extend(faults.map(|invalid| ("/from".to_owned(), invalid)));
        if joined.differs && chosen.is_none() {
            let (own, others) = self.entries("contact_points");
            self.differ("contact_points", own.into(), others.into());
        }
        let points = serde_json::to_value(joined.points).unwrap_or_default();
        self.out.insert("contact_points".to_owned(), points);
    }

    /// Nobody runs themselves.
    fn forget_itself(&mut self, resource: Resource) {
        let own = [self.into.get("slug"), self.from.get("slug")];
        let own = own.map(|slug| slug.cloned().unwrap_or_default());
        if resource == Resource::Organizations
            && let Some(operators) = self.out.get_mut("operators").and_then(Value::as_array_mut)
        {
            operators.retain(|one| !own.contains(&one["operator"]));
        }
    }
}

/// Whether a field says nothing.
fn is_empty(value: &Value) -> bool {
    value.is_null() || *value == "unknown"
}

/// Whether two entries of lists are one: equal, e-mail addresses in any letters, citations of one place of a source
/// whenever they were read.
fn is_same(one: &Value, other: &Value) -> bool {
    if let (Value::String(one), Value::String(other)) = (one, other) {
        return one == other || (one.contains('@') && one.to_lowercase() == other.to_lowercase());
    }
    let cited = |field: &str| one.get(field) == other.get(field);
    let citation = one.get("source").is_some() && one.get("retrieved_on").is_some();
    one == other || (citation && ["source", "locator", "published_on"].into_iter().all(cited))
}

/// Of two readings of one source the later is the one that counts.
fn keep_newest(own: &mut Value, other: &Value) {
    let read = |value: &Value| {
        value
            .get("retrieved_on")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    if read(own) < read(other) {
        own["retrieved_on"] = other["retrieved_on"].clone();
    }
}
