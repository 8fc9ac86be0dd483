//! What becomes of a record when somebody acts on it.

use super::{
    documents::{self, refused},
    edits::{Act, Write, now},
    merging, queries,
    rights::within_countries,
};
use crate::{
    ledger::{self, Access, Change, Resource, Standing},
    values::{
        Invalid,
        access::{Status, Visibility},
        contact_point,
        role::Role,
        verification::Verification,
    },
    web::{Problem, Result, identity::Identity},
};
use diesel_async::AsyncPgConnection;
use serde_json::Value;
use uuid::Uuid;

/// What becomes of a record, and of others with it.
#[derive(Debug)]
pub struct Changes {
    /// The record that somebody acts on.
    pub own: Change,
    /// Others that change in the same transaction.
    pub others: Vec<Change>,
    /// What the patch of a proposal says of them, under a name that no document has.
    pub mark: Option<(&'static str, Value)>,
}

impl Changes {
    /// Of one record alone.
    pub fn of(own: Change) -> Self {
        Self {
            own,
            others: vec![],
            mark: None,
        }
    }
}

/// The record as it shall be.
///
/// # Errors
/// 409 for what cannot be done with an archived record, 400 and 422 for a document that does not fit.
pub async fn changed(
    connection: &mut AsyncPgConnection,
    identity: &Identity,
    write: &Write,
    standing: Option<&Standing>,
) -> Result<Changes> {
    let resource = write.resource;
    let Some(standing) = standing else {
        let Act::Create(document) = &write.act else {
            return Err(Problem::NotFound);
        };
        let document = documents::whole(resource, document.clone(), None).map_err(refused)?;
        return Ok(Changes::of(Change {
            access: Some(Access::DRAFT),
            expected: Some(0),
            ..Change::to(document)
        }));
    };
    let (before, access) = (standing.read()?, standing.access());
    let mut seen = before.clone();
    if let Some(points) = seen
        .contact_points_mut()
        .filter(|_| identity.role < Role::Editor)
    {
        contact_point::keep_admitted(points, None);
    }
    let access = access.ok_or_else(|| Problem::Internal("a record without access".into()))?;
    let archived = access.status == Status::Archived;
    if let (Act::Restore(revision), Some(_)) = (&write.act, access.merged_into) {
        return merging::parted(connection, standing, *revision).await;
    }
    if let (Act::Unite(wanted), false) = (&write.act, archived) {
        return merging::merged(connection, identity, standing, wanted).await;
    }
    if archived
        && !matches!(
            write.act,
            Act::Publish | Act::Hide | Act::Unhide | Act::HidePoint(_)
        )
    {
        return Err(Problem::Conflict(
            Invalid::new(
                "archived",
                "the record is archived",
                "publish it again first",
            ),
            vec![],
        ));
    }
    let mut change = Change {
        record: Some(standing.id),
        expected: Some(standing.revision),
        access: Some(access),
        ..Change::to(before.clone())
    };
    match &write.act {
        Act::Create(_) | Act::Unite(_) => return Err(Problem::NotFound),
        Act::Replace(document) => {
            change.document =
                documents::whole(resource, document.clone(), Some(&seen)).map_err(refused)?;
        }
        Act::Merge(patch) | Act::Propose(patch) => {
            change.document =
                documents::patched(resource, patch.clone(), &before, &seen).map_err(refused)?;
        }
        Act::Publish => {
            change.access = Some(Access {
                status: Status::Published,
                merged_into: None,
                ..access
            });
        }
        Act::Archive(into) => {
            let merged_into = survivor(connection, identity, standing, into.as_deref()).await?;
            change.access = Some(Access {
                status: Status::Archived,
                merged_into,
                ..access
            });
        }
        Act::Hide | Act::Unhide => {
            let hides = matches!(write.act, Act::Hide);
            change.access = Some(Access {
                visibility: if hides {
                    Visibility::Hidden
                } else {
                    Visibility::Public
                },
                ..access
            });
        }
        Act::HidePoint(id) => {
            let points = change.document.contact_points_mut().into_iter().flatten();
            let point = points.into_iter().find(|point| point.id == Some(*id));
            point.ok_or(Problem::NotFound)?.visibility = Visibility::Hidden;
        }
        Act::UnhidePoint(id) => {
            let mut points = change.document.contact_points().iter();
            if !points.any(|point| point.id == Some(*id)) {
                return Err(Problem::NotFound);
            }
            change.unhide = Some(*id);
        }
        Act::Verify(outcome, method, contact_point) => {
            let points = before.contact_points();
            let known = |id: Uuid| points.iter().any(|point| point.id == Some(id));
            if contact_point.is_some_and(|id| !known(id)) {
                let invalid = Invalid::new(
                    "reference",
                    "the record has no such contact point",
                    "name one of its contact points by its id, or leave it out for the record",
                );
                return Err(refused(vec![("/contact_point".to_owned(), invalid)]));
            }
            change.verification = Some(Verification {
                outcome: *outcome,
                method: *method,
                contact_point: *contact_point,
                at: now(),
            });
        }
        Act::Restore(revision) => {
            let entry = queries::entry(connection, standing.id, *revision).await;
            let entry = entry.map_err(|error| match error {
                diesel::NotFound => refused(vec![(
                    "/revision".to_owned(),
                    Invalid::new(
                        "reference",
                        "the record has no such revision",
                        "choose one of its history",
                    ),
                )]),
                other => other.into(),
            })?;
            change.document = entry.read()?;
        }
    }
    // It would be kept, and what was written lost in silence.
    let writes = matches!(write.act, Act::Replace(_) | Act::Merge(_) | Act::Propose(_));
    let (stood, stands) = (before.contact_points(), change.document.contact_points());
    if let Some(place) = contact_point::alters_hidden(stood, stands).filter(|_| writes) {
        return Err(refused(vec![(
            format!("/contact_points/{place}"),
            Invalid::new(
                "hidden",
                "this contact point is hidden, and stays as it is",
                "show it again first, or leave it as it was",
            ),
        )]));
    }
    Ok(Changes::of(change))
}

async fn survivor(
    connection: &mut AsyncPgConnection,
    identity: &Identity,
    standing: &Standing,
    into: Option<&str>,
) -> Result<Option<Uuid>> {
    let Some(into) = into else {
        return Ok(None);
    };
    let resource = Resource::named(&standing.resource).ok_or(Problem::NotFound)?;
    let found = ledger::find(connection, resource, into).await;
    match found {
        Ok(survivor) if survivor.is_public() && survivor.id != standing.id => {
            within_countries(identity, std::iter::once(&survivor.read()?))?;
            Ok(Some(survivor.id))
        }
        Ok(_) | Err(diesel::NotFound) => Err(refused(vec![(
            "/into".to_owned(),
            Invalid::new(
                "reference",
                "it names no other public record of this resource",
                "name the record that goes on by slug or id, or leave it out when it was closed",
            ),
        )])),
        Err(error) => Err(error.into()),
    }
}
