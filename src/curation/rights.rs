//! Who may write what, and against which revision.

use super::{
    edits::{Act, Write, etag},
    queries,
};
use crate::{
    ledger::{self, Access, Change, Document, Resource, Standing},
    values::{
        Invalid,
        access::{Status, Visibility},
        outcome::Outcome,
        role::Role,
    },
    web::{
        Problem, Result,
        conditional::{Conditions, Matching},
        identity::Identity,
    },
};
use diesel_async::AsyncPgConnection;

/// The record that is written, locked. What somebody may not see is not there; that a record was
/// archived everybody may know.
///
/// # Errors
/// 404.
pub async fn locked(
    connection: &mut AsyncPgConnection,
    resource: Resource,
    reference: &str,
    identity: &Identity,
) -> Result<Standing> {
    let found = ledger::find(connection, resource, reference).await?;
    let mut locked = ledger::lock_ids(connection, &[found.id]).await?;
    let standing = locked.pop().ok_or(Problem::NotFound)?;
    let known = standing.is_public() || standing.was_archived();
    match identity.role >= Role::Editor || known {
        true => Ok(standing),
        false => Err(Problem::NotFound),
    }
}

/// Asks for the revision that a write was made against. Hiding is one call: it may do without, and
/// what is new has none. Who publishes or confirms answers for what they read, so that `*` is not enough.
///
/// # Errors
/// 428.
pub fn conditioned(conditions: &Conditions, act: &Act) -> Result<()> {
    match (act, conditions.if_match) {
        (Act::Create(_) | Act::Hide | Act::HidePoint(_), _) => Ok(()),
        (Act::Publish | Act::Verify(Outcome::Confirmed, ..), Some(Matching::Any)) | (_, None) => {
            Err(Problem::PreconditionRequired)
        }
        (_, Some(_)) => Ok(()),
    }
}

/// Compares it with the one that stands.
///
/// # Errors
/// 412.
pub fn condition(standing: &Standing, conditions: &Conditions) -> Result<()> {
    match conditions.if_match {
        Some(Matching::Any) => Ok(()),
        Some(Matching::Revision(revision)) if revision == standing.revision => Ok(()),
        Some(Matching::Revision(_)) => Err(Problem::PreconditionFailed(etag(standing.revision))),
        // Where it is needed it was asked for before anything was read.
        None => Ok(()),
    }
}

/// A key that is limited to countries writes of them alone.
///
/// # Errors
/// 403.
pub fn within_countries<'a>(
    identity: &Identity,
    mut documents: impl Iterator<Item = &'a Document>,
) -> Result<()> {
    let within = |document: &Document| {
        let countries = document.countries();
        countries
            .iter()
            .all(|country| identity.countries.contains(country))
    };
    match identity.countries.is_empty() || documents.all(within) {
        true => Ok(()),
        false => Err(Problem::Forbidden(Invalid::new(
            "country",
            "the key is limited to other countries",
            "let somebody do it whose key holds them",
        ))),
    }
}

/// Whether the role suffices to do it; else it is proposed.
pub fn direct(
    identity: &Identity,
    write: &Write,
    standing: Option<&Standing>,
    change: &Change,
) -> bool {
    let taxonomy = write.resource.is_taxonomy();
    let shown = standing.is_some_and(Standing::is_public) || change.access == Some(Access::PUBLIC);
    match &write.act {
        Act::Propose(_) => false,
        Act::Hide | Act::HidePoint(_) | Act::Verify(..) => identity.role >= Role::Editor,
        _ if taxonomy => identity.role >= Role::Admin,
        _ if shown => identity.role >= Role::Publisher,
        _ => identity.role >= Role::Editor,
    }
}

/// Who answers for a draft beside the one who publishes it: its author, if nothing of it is by
/// the publisher.
///
/// # Errors
/// Those of the database.
pub async fn author_of_draft(
    connection: &mut AsyncPgConnection,
    identity: &Identity,
    act: &Act,
    standing: Option<&Standing>,
) -> Result<Option<String>> {
    let draft = standing.filter(|one| {
        matches!(act, Act::Publish)
            && one.status == Status::Draft.name()
            && one.visibility == Visibility::Public.name()
    });
    let Some(draft) = draft else {
        return Ok(None);
    };
    let authors = queries::authors(connection, draft.id).await?;
    let own = authors.iter().any(|(actor, second)| {
        identity.is(actor) || second.as_ref().is_some_and(|name| identity.is(name))
    });
    Ok(authors
        .into_iter()
        .next_back()
        .map(|(actor, _)| actor)
        .filter(|_| !own))
}

/// Whether what shall be hidden is hidden.
///
/// # Errors
/// 404.
pub async fn is_hidden(connection: &mut AsyncPgConnection, write: &Write) -> Result<bool> {
    let reference = write.reference.as_deref().unwrap_or_default();
    let standing = ledger::find(connection, write.resource, reference).await?;
    let Act::HidePoint(id) = write.act else {
        return Ok(standing.visibility == Visibility::Hidden.name());
    };
    let document = standing.read()?;
    let mut points = document.contact_points().iter();
    Ok(points.any(|point| point.id == Some(id) && point.visibility == Visibility::Hidden))
}
