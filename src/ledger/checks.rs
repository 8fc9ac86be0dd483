//! The checks that come before anything is written: values, and what only shows beside the other
//! records.

use super::{
    apply::{ApplyError, Change, Fault},
    company::Company,
    document::{Document, Resource},
    queries::{self, Standing},
};
use crate::values::{Invalid, explain};
use diesel_async::AsyncPgConnection;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;
use validator::{ValidationErrors, ValidationErrorsKind};

/// What only shows beside the other records: names of records that do not exist, slugs and
/// observations that stand twice.
pub async fn misfits(
    connection: &mut AsyncPgConnection,
    changes: &[Change],
    standing: &[Option<Standing>],
    company: &Company,
) -> Result<Vec<Fault>, ApplyError> {
    let mut faults = Vec::new();
    let mut slugs: HashMap<(Resource, &str), usize> = HashMap::new();
    let mut keys: HashMap<(Resource, String), usize> = HashMap::new();
    for (change, Change { document, .. }) in changes.iter().enumerate() {
        let resource = document.resource();
        if let Some(first) = slugs.insert((resource, document.slug()), change) {
            faults.push(twice(change, first));
        }
        if let Some(key) = document.natural_key()
            && let Some(first) = keys.insert((resource, key), change)
        {
            faults.push(same_observation(change, &format!("change {}", first + 1)));
        }
    }
    faults.extend(taken_slugs(connection, changes, standing).await?);
    for Keyed { key, owner, name } in stored_keys(connection, &keys).await? {
        let change = keys[&key];
        if standing[change].as_ref().map(|one| one.id) != Some(owner) {
            faults.push(same_observation(change, &name));
        }
    }
    let documents: Vec<&Document> = changes.iter().map(|one| &one.document).collect();
    faults.extend(unknown_names(connection, &documents, &slugs, company).await?);
    Ok(faults)
}

/// The records that documents name which neither stand nor come, with them (`slugs`) or in their company; each fault
/// by the place of its document.
pub async fn unknown_names(
    connection: &mut AsyncPgConnection,
    documents: &[&Document],
    slugs: &HashMap<(Resource, &str), usize>,
    company: &Company,
) -> Result<Vec<Fault>, ApplyError> {
    let mut faults = Vec::new();
    let mut wanted: HashMap<Resource, HashSet<String>> = HashMap::new();
    for (_, named, slug) in documents.iter().flat_map(|one| one.references()) {
        wanted.entry(named).or_default().insert(slug);
    }
    for (resource, named) in wanted {
        let missing: Vec<&str> = named
            .iter()
            .map(String::as_str)
            .filter(|slug| !slugs.contains_key(&(resource, *slug)))
            .filter(|slug| !company.announces(resource, slug))
            .collect();
        let existing: HashSet<String> =
            queries::existing(connection, resource, &missing, company.hold)
                .await?
                .into_iter()
                .collect();
        for (change, document) in documents.iter().enumerate() {
            let mut places: HashMap<&str, usize> = HashMap::new();
            for (field, of, slug) in document.references() {
                let place = places.entry(field).or_default();
                let pointer = match field {
                    "operators" => format!("/{field}/{place}/operator"),
                    "sources" | "critiques" | "short_codes" => format!("/{field}/{place}/source"),
                    field => format!("/{field}"),
                };
                *place += 1;
                if of == resource && missing.contains(&slug.as_str()) && !existing.contains(&slug) {
                    faults.push(Fault {
                        change,
                        pointer,
                        invalid: Invalid::new(
                            "reference",
                            format!("there is no record {slug} among {}", resource.name()),
                            "correct the slug, or add that record first",
                        ),
                    });
                }
            }
        }
    }
    Ok(faults)
}

/// Slugs that are or were another record's, and codes that somebody renames.
async fn taken_slugs(
    connection: &mut AsyncPgConnection,
    changes: &[Change],
    standing: &[Option<Standing>],
) -> Result<Vec<Fault>, ApplyError> {
    let mut faults = Vec::new();
    let new = |place: usize| {
        let stood = standing[place].as_ref().map(|one| one.slug.as_str());
        stood != Some(changes[place].document.slug())
    };
    for resource in Resource::ALL {
        let places = (0..changes.len())
            .filter(|place| changes[*place].document.resource() == resource && new(*place));
        let places: HashMap<&str, usize> = places
            .map(|place| (changes[place].document.slug(), place))
            .collect();
        for (slug, place) in &places {
            let plain = resource.is_vocabulary() || !slug.bytes().any(|b| b.is_ascii_uppercase());
            if Uuid::parse_str(slug).is_ok() || !plain {
                faults.push(Fault {
                    change: *place,
                    pointer: "/slug".to_owned(),
                    invalid: Invalid::new(
                        "slug",
                        "it reads as an id, or has capitals",
                        "use small letters and digits joined by single hyphens, such as gb-one-line",
                    ),
                });
            }
            if resource.is_vocabulary() && standing[*place].is_some() {
                faults.push(Fault {
                    change: *place,
                    pointer: "/slug".to_owned(),
                    invalid: Invalid::new(
                        "code",
                        format!("{} are named by codes, which stay", resource.name()),
                        format!("keep the slug, or add {slug} as a new record"),
                    ),
                });
            }
        }
        let slugs: Vec<&str> = places.keys().copied().collect();
        if slugs.is_empty() {
            continue;
        }
        for (slug, owner, _) in queries::owners(connection, resource, &slugs).await? {
            let place = places[slug.as_str()];
            if standing[place].as_ref().map(|one| one.id) != Some(owner) {
                faults.push(taken(place));
            }
        }
    }
    Ok(faults)
}

/// A natural key that stands in the directory, whose it is, and its slug, hidden or not: editors and those above them alone write,
/// and they see what is hidden. What contributors propose is looked at when one of those accepts it.
struct Keyed {
    key: (Resource, String),
    owner: Uuid,
    name: String,
}

/// Which of these natural keys stand in the directory, and whose they are.
async fn stored_keys(
    connection: &mut AsyncPgConnection,
    keys: &HashMap<(Resource, String), usize>,
) -> Result<Vec<Keyed>, ApplyError> {
    let mut stored = Vec::new();
    for resource in Resource::ALL {
        let of_resource: Vec<&str> = keys
            .keys()
            .filter(|(of, _)| *of == resource)
            .map(|(_, key)| key.as_str())
            .collect();
        if !of_resource.is_empty() {
            let found = queries::with_natural_keys(connection, resource, &of_resource).await?;
            let found = found.into_iter().filter_map(|(owner, key, name)| {
                Some(Keyed {
                    key: (resource, key?),
                    owner,
                    name,
                })
            });
            stored.extend(found);
        }
    }
    Ok(stored)
}

fn twice(change: usize, first: usize) -> Fault {
    Fault {
        change,
        pointer: "/slug".to_owned(),
        invalid: Invalid::new(
            "twice",
            format!("change {} is the same slug", first + 1),
            "keep one of the two, or give them what tells them apart",
        ),
    }
}

/// The fault of a figure that stands already: a new one from the same source is a revision.
pub fn same_observation(change: usize, name: &str) -> Fault {
    Fault {
        change,
        pointer: String::new(),
        invalid: Invalid::new(
            "twice",
            format!("{name} is the same observation with all its dimensions, from the same source"),
            format!(
                "a revised figure is a change of {name}, whose earlier figures are kept; or give the two what tells them apart"
            ),
        ),
    }
}

/// The fault of a slug that another record has or had.
pub fn taken(change: usize) -> Fault {
    Fault {
        change,
        pointer: "/slug".to_owned(),
        invalid: Invalid::new(
            "twice",
            "another record has or had this slug",
            "choose another slug, or change that record",
        ),
    }
}

/// Everything that is wrong with the values of a document.
pub fn invalid_values(change: usize, document: &Document) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Err(errors) = document.validate() {
        collect(&errors, "", &mut |pointer, invalid| {
            faults.push(Fault {
                change,
                pointer,
                invalid,
            })
        });
    }
    faults
}

/// Walks the validator's tree; the rules between fields stand at the field that they name, else
/// at the record itself.
fn collect(errors: &ValidationErrors, path: &str, found: &mut dyn FnMut(String, Invalid)) {
    for (field, kind) in errors.errors() {
        let pointer = match field.as_ref() {
            "__all__" => path.to_owned(),
            field => format!("{path}/{field}"),
        };
        match kind {
            ValidationErrorsKind::Field(errors) => {
                for error in errors {
                    let field = error.params.get("field").and_then(|field| field.as_str());
                    let place =
                        field.map_or_else(|| pointer.clone(), |field| format!("{pointer}/{field}"));
                    found(place, explain(error));
                }
            }
            ValidationErrorsKind::Struct(errors) => collect(errors, &pointer, found),
            ValidationErrorsKind::List(errors) => {
                for (place, errors) in errors {
                    collect(errors, &format!("{pointer}/{place}"), found);
                }
            }
        }
    }
}
