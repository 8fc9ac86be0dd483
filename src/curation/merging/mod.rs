//! Merging: two records of one thing become one, field by field, and can be parted again.

mod fields;
mod parting;
mod points;
#[cfg(test)]
mod tests;

pub use fields::{Choices, DifferingField, Side};
pub use parting::parted;

use super::{changes::Changes, documents::refused, queries, rights::within_countries};
use crate::{
    ledger::{self, Access, Change, Document, Resource, Standing},
    values::{
        Invalid,
        access::{Status, Visibility},
        contact_point::ContactPointInput,
    },
    web::{Problem, Result, identity::Identity, problem::Conflict},
};
use diesel_async::AsyncPgConnection;
use fields::{United, unite};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// Where the patch of a proposal names the record that becomes part.
pub const MERGE: &str = "merge";
/// Where the patch of a proposal names the revision before a merge that is undone.
pub const RESTORE: &str = "restore";

/// Which record becomes part of another, and what stands where they differ.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Id or slug of the record that becomes part.
    pub from: String,
    /// What stands.
    pub fields: Choices,
}

/// A record of two that become one.
#[derive(Debug, Serialize, ToSchema)]
pub struct Merged {
    /// UUIDv7, stable.
    pub id: Uuid,
    /// Stable and human.
    pub slug: String,
    /// The revision that stands.
    #[schema(minimum = 1)]
    pub revision: i64,
}

/// A record that names another.
#[derive(Debug, Serialize, ToSchema)]
pub struct Following {
    /// The noun of its resource. New resources may be added.
    #[schema(example = "hotlines")]
    pub resource: String,
    /// Its slug.
    pub slug: String,
}

/// What a merge would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct MergePreview {
    /// The record that goes on.
    pub into: Merged,
    /// The record that becomes part.
    pub from: Merged,
    /// The fields of which both say different things: each has to be chosen.
    pub differing: Vec<DifferingField>,
    /// The document after; where something has to be chosen, with what the record that goes on says.
    #[schema(value_type = Object)]
    pub document: Value,
    /// The records that name the one that becomes part, and will name the one that goes on.
    pub following: Vec<Following>,
}

fn conflict(code: &'static str, reason: &str, remedy: &str) -> Problem {
    Problem::Conflict(Invalid::new(code, reason, remedy), vec![])
}

/// People lose nothing that they read.
fn going_on(standing: &Standing) -> Result<()> {
    match standing.is_public() {
        true => Ok(()),
        false => Err(conflict(
            "unpublished",
            "the record that goes on is not public",
            "publish it or show it again first, or merge the other way round",
        )),
    }
}

/// The record that becomes part, locked, once it is clear that it may.
async fn other(
    connection: &mut AsyncPgConnection,
    identity: &Identity,
    standing: &Standing,
    from: &str,
) -> Result<Standing> {
    within_countries(identity, std::iter::once(&standing.read()?))?;
    going_on(standing)?;
    let wrong = |code, reason: &str, remedy: &str| {
        refused(vec![(
            "/from".to_owned(),
            Invalid::new(code, reason, remedy),
        )])
    };
    let resource = Resource::named(&standing.resource).ok_or(Problem::NotFound)?;
    let found = match ledger::find(connection, resource, from).await {
        Ok(found) => ledger::lock_ids(connection, &[found.id]).await?.pop(),
        Err(diesel::NotFound) => None,
        Err(error) => return Err(error.into()),
    };
    let Some(found) = found.filter(|found| found.id != standing.id) else {
        return Err(wrong(
            "reference",
            "it names no other record of this resource",
            "name the record that becomes part by slug or id",
        ));
    };
    let document = found.read()?;
    within_countries(identity, std::iter::once(&document))?;
    if found.status == Status::Archived.name() {
        return Err(wrong(
            "archived",
            "that record is archived",
            "publish it again first",
        ));
    }
    if found.visibility == Visibility::Hidden.name() {
        return Err(wrong(
            "hidden",
            "that record is hidden, and what it holds would be shown",
            "have it shown again first",
        ));
    }
    if document.is_out() {
        return Err(wrong(
            "outcome",
            "that record is known to lead nowhere, and its contacts would be given to people again",
            "archive it with `into`, which takes nothing over; or verify it first",
        ));
    }
    Ok(found)
}

/// The record that goes on with all that comes to it, and the one that becomes part of it.
///
/// # Errors
/// 409 with both values where they differ and nobody chose, 403, 422.
pub async fn merged(
    connection: &mut AsyncPgConnection,
    identity: &Identity,
    standing: &Standing,
    wanted: &Wanted,
) -> Result<Changes> {
    let from = other(connection, identity, standing, &wanted.from).await?;
    let (into, part) = (standing.read()?, from.read()?);
    let United {
        document,
        differing,
    } = unite(&into, &part, &wanted.fields).map_err(refused)?;
    if !differing.is_empty() {
        let names: Vec<&str> = differing.iter().map(|one| one.field.as_str()).collect();
        let invalid = Invalid::new(
            "differs",
            format!(
                "the two records say different things in {}",
                names.join(", ")
            ),
            "say of each of these in `fields` whose value stands: \"into\" for the record that goes on, \"from\" for the other",
        );
        let conflicts = differing.into_iter().map(|one| Conflict {
            pointer: format!("/{}", one.field),
            base: Value::Null,
            current: one.into,
            proposed: one.from,
        });
        return Err(Problem::Conflict(invalid, conflicts.collect()));
    }
    let points = known_points(&into, &part, &wanted.fields);
    let own = Change {
        record: Some(standing.id),
        expected: Some(standing.revision),
        access: standing.access(),
        known_points: Some(points),
        ..Change::to(document)
    };
    let said = json!({"record": from.id, "slug": from.slug, "revision": from.revision, "fields": wanted.fields});
    Ok(Changes {
        own,
        others: vec![becoming_part(&from, standing.id)?],
        mark: Some((MERGE, said)),
    })
}

/// The contact points of both, so that what was verified and hidden of each stays so.
fn known_points(into: &Document, part: &Document, choices: &Choices) -> Vec<ContactPointInput> {
    let mut points = into.contact_points().to_vec();
    if choices.get("contact_points") != Some(&Side::Into) {
        let own = points.clone();
        let new = |one: &&ContactPointInput| !own.iter().any(|known| points::is_one(known, one));
        points.extend(part.contact_points().iter().filter(new).cloned());
    }
    points
}

fn becoming_part(from: &Standing, into: Uuid) -> Result<Change> {
    let access = from.access().ok_or(Problem::NotFound)?;
    Ok(Change {
        record: Some(from.id),
        expected: Some(from.revision),
        access: Some(Access {
            status: Status::Archived,
            merged_into: Some(into),
            ..access
        }),
        ..Change::to(from.read()?)
    })
}

/// The other changes of a merge that was proposed, when it is accepted; completes that of the record that goes on.
///
/// # Errors
/// 409 when the record that becomes part changed meanwhile, or the other is not public any more.
pub async fn carried_out(
    connection: &mut AsyncPgConnection,
    standing: &Standing,
    said: Value,
    own: &mut Change,
) -> Result<Vec<Change>> {
    going_on(standing)?;
    let id = said["record"]
        .as_str()
        .and_then(|id| Uuid::parse_str(id).ok());
    let mut found = ledger::lock_ids(connection, id.as_slice()).await?;
    let from = found.pop().filter(|one| one.revision == said["revision"]);
    let Some(from) = from else {
        return Err(conflict(
            "changed_meanwhile",
            "the record that becomes part changed since it was proposed",
            "reject it, read both records, and propose it anew",
        ));
    };
    let choices: Choices = serde_json::from_value(said["fields"].clone())
        .map_err(|error| Problem::Internal(error.to_string()))?;
    own.known_points = Some(known_points(&standing.read()?, &from.read()?, &choices));
    Ok(vec![becoming_part(&from, standing.id)?])
}

/// What a merge would do; nothing is written.
///
/// # Errors
/// As [`merged`], but for what differs, which is shown.
pub async fn preview(
    connection: &mut AsyncPgConnection,
    identity: &Identity,
    standing: Standing,
    from: &str,
) -> Result<MergePreview> {
    let from = other(connection, identity, &standing, from).await?;
    let (into, part) = (standing.read()?, from.read()?);
    let united = unite(&into, &part, &Choices::new()).map_err(refused)?;
    let naming = queries::naming(connection, &from.resource, &from.slug).await?;
    let document = united.document.to_json();
    let of = |one: Standing| Merged {
        id: one.id,
        slug: one.slug,
        revision: one.revision,
    };
    let others = naming.into_iter().filter(|(id, ..)| *id != standing.id);
    Ok(MergePreview {
        differing: united.differing,
        document: document.map_err(|error| Problem::Internal(error.to_string()))?,
        following: others
            .map(|(_, resource, slug)| Following { resource, slug })
            .collect(),
        into: of(standing),
        from: of(from),
    })
}
