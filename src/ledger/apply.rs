//! `apply`: all checks first, then the writes, the lock that orders revisions last, one commit.

use super::{
    checks::{invalid_values, misfits, same_observation, taken},
    document::{Document, Resource},
    figures, numbers,
    plan::Plan,
    queries::{self, Passage, Standing},
    renames::follow_renames,
    row::Row,
};
use crate::values::{
    Invalid,
    access::{Status, Visibility},
    contact_point,
};
use chrono::Utc;
use diesel::result::{DatabaseErrorKind, Error as DatabaseError};
use diesel_async::{AsyncConnection, AsyncPgConnection};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// More changes than this hold their locks for long, so that a hide may interrupt them.
const BULK: usize = 200;

/// Who writes, and by which rule.
#[derive(Debug, Clone, Default)]
pub struct Actor {
    /// Who: the name of a key, or the command that ran.
    pub name: String,
    /// Whether published contact points may change without a second person: the directory is
    /// empty, or runs in one-person mode. Stamped on every entry.
    pub one_person: bool,
    /// Who else answers for the changes.
    pub second_person: Option<String>,
    /// The proposal that is carried out.
    pub proposal: Option<Uuid>,
}

/// Where a record stands in its life, and whether the public may see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    /// Where it stands in its life.
    pub status: Status,
    /// Whether the public may see it.
    pub visibility: Visibility,
    /// The record that an archived one became part of.
    pub merged_into: Option<Uuid>,
}

impl Access {
    /// What everybody sees.
    pub const PUBLIC: Self = Self {
        status: Status::Published,
        visibility: Visibility::Public,
        merged_into: None,
    };
    /// What is being written.
    pub const DRAFT: Self = Self {
        status: Status::Draft,
        ..Self::PUBLIC
    };
}

/// A record as it shall be.
#[derive(Debug, Clone)]
pub struct Change {
    /// Which record; `None` finds it by its slug, or makes it.
    pub record: Option<Uuid>,
    /// The whole document after.
    pub document: Document,
    /// Status and visibility after; `None` keeps what stands, and publishes what is new.
    pub access: Option<Access>,
    /// The revision that it was written against, 0 for a record that must be new; `None` takes
    /// whatever stands.
    pub expected: Option<i64>,
    /// The hidden contact point that is shown again.
    pub unhide: Option<Uuid>,
}

impl Change {
    /// A document under its slug, with the access that stands, whatever stands.
    pub fn to(document: Document) -> Self {
        Self {
            record: None,
            document,
            access: None,
            expected: None,
            unhide: None,
        }
    }
}

/// What became of a set of changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// Records that are new.
    pub created: usize,
    /// Records that changed.
    pub updated: usize,
    /// Records that stood so already; they take no revision.
    pub unchanged: usize,
    /// The last revision after.
    pub revision: i64,
    /// The record of each change.
    pub records: Vec<Uuid>,
}

/// One thing that is wrong with one of the changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which of the changes, from 0.
    pub change: usize,
    /// JSON Pointer to the field; empty for the record as a whole.
    pub pointer: String,
    /// What is wrong.
    pub invalid: Invalid,
}

/// The code of a fault that only a second person mends.
pub const SECOND_PERSON: &str = "second_person";

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// Values, references or revisions do not fit: all that was found.
    #[error("the changes do not fit")]
    Refused(Vec<Fault>),
    /// Somebody hid a record meanwhile, and that goes first, or the connection was lost; the same
    /// changes may be tried again on another connection.
    #[error("a record was hidden meanwhile")]
    Interrupted,
    /// The database failed.
    #[error("the database failed")]
    Database(DatabaseError),
}

impl From<DatabaseError> for ApplyError {
    fn from(error: DatabaseError) -> Self {
        match &error {
            // Two at once; the one that was first keeps the name.
            DatabaseError::DatabaseError(DatabaseErrorKind::UniqueViolation, info) => {
                match info.constraint_name() {
                    Some("records_slug" | "slugs_key") => Self::Refused(vec![taken(0)]),
                    Some("records_natural_key") => {
                        Self::Refused(vec![same_observation(0, "another record")])
                    }
                    _ => Self::Database(error),
                }
            }
            DatabaseError::DatabaseError(_, info)
                if info.message() == "canceling statement due to user request"
                    || info.message().starts_with("terminating connection") =>
            {
                Self::Interrupted
            }
            DatabaseError::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
                _,
            ) => Self::Interrupted,
            _ => Self::Database(error),
        }
    }
}

/// The one way into the directory: makes the records so, appends every change to the ledger, and
/// shows them together, or does nothing at all. `step` is called once a record.
///
/// # Errors
/// With everything that does not fit, before anything is written.
pub async fn apply(
    connection: &mut AsyncPgConnection,
    actor: &Actor,
    reason: &str,
    mut changes: Vec<Change>,
    step: &(dyn Fn() + Sync),
) -> Result<Applied, ApplyError> {
    let faults: Vec<Fault> = changes
        .iter()
        .enumerate()
        .flat_map(|(change, one)| invalid_values(change, &one.document))
        .collect();
    if !faults.is_empty() {
        return Err(ApplyError::Refused(faults));
    }
    connection
        .transaction(async |connection| {
            queries::pass(connection, Passage::Together).await?;
            if changes.len() > BULK {
                queries::give_way(connection).await?;
            }
            let mut standing = stand(connection, &changes).await?;
            follow_renames(connection, &mut changes, &mut standing).await?;
            let mut faults = numbers::read(connection, &mut changes).await?;
            faults.extend(misfits(connection, &changes, &standing).await?);
            faults.extend(figures::check(connection, &mut changes, &mut standing).await?);
            let mut plan = Plan {
                at: Utc::now(),
                ..Plan::default()
            };
            for (index, (change, before)) in changes.into_iter().zip(standing).enumerate() {
                let stands = before.as_ref().map(|one| one.id);
                match settled(index, change, before, actor) {
                    Ok(Some(row)) => {
                        plan.applied.records.push(row.id);
                        plan.rows.push(row);
                    }
                    Ok(None) => {
                        plan.applied.records.extend(stands);
                        plan.applied.unchanged += 1;
                    }
                    Err(fault) => faults.push(fault),
                }
            }
            match faults.is_empty() {
                true => plan.carry_out(connection, actor, reason, step).await,
                false => Err(ApplyError::Refused(faults)),
            }
        })
        .await
}

/// The record that each change is about, where there is one; all locked, in one order.
async fn stand(
    connection: &mut AsyncPgConnection,
    changes: &[Change],
) -> Result<Vec<Option<Standing>>, ApplyError> {
    let ids: Vec<Uuid> = changes.iter().filter_map(|change| change.record).collect();
    let mut found: HashMap<Uuid, Standing> = HashMap::new();
    let mut by_slug: HashMap<(Resource, String), Uuid> = HashMap::new();
    if !ids.is_empty() {
        for one in queries::lock_ids(connection, &ids).await? {
            found.insert(one.id, one);
        }
    }
    for resource in Resource::ALL {
        let slugs: Vec<&str> = changes
            .iter()
            .filter(|change| change.record.is_none() && change.document.resource() == resource)
            .map(|change| change.document.slug())
            .collect();
        if slugs.is_empty() {
            continue;
        }
        for one in queries::lock(connection, resource, &slugs).await? {
            by_slug.insert((resource, one.slug.clone()), one.id);
            found.insert(one.id, one);
        }
    }
    Ok(changes
        .iter()
        .map(|change| {
            let key = (
                change.document.resource(),
                change.document.slug().to_owned(),
            );
            let id = change.record.or_else(|| by_slug.get(&key).copied())?;
            found.remove(&id)
        })
        .collect())
}

/// The change beside what stands: settled and to be written, or `None` when it stands so.
fn settled(
    index: usize,
    mut change: Change,
    before: Option<Standing>,
    actor: &Actor,
) -> Result<Option<Row>, Fault> {
    let fault = |pointer: String, code, reason: &str, remedy: &str| Fault {
        change: index,
        pointer,
        invalid: Invalid::new(code, reason, remedy),
    };
    let revision = before.as_ref().map_or(0, |one| one.revision);
    match change.expected {
        Some(0) if before.is_some() => return Err(taken(index)),
        Some(expected) if expected != revision => {
            return Err(fault(
                String::new(),
                "revision",
                "the record changed meanwhile",
                "read it again and repeat the change",
            ));
        }
        _ => {}
    }
    let known = before.as_ref().and_then(|one| one.read().ok());
    let points = known.as_ref().map_or(&[][..], Document::contact_points);
    if let Some(new) = change.document.contact_points_mut() {
        contact_point::settle(new, points, change.unhide);
    }
    let stood = before.as_ref().and_then(Standing::access);
    let access = change.access.or(stood).unwrap_or(Access::PUBLIC);
    let was_public = stood == Some(Access::PUBLIC);
    if !actor.one_person && actor.second_person.is_none() {
        let shown_again = change.unhide.is_some()
            || (access.visibility == Visibility::Public
                && stood.is_some_and(|stood| stood.visibility == Visibility::Hidden));
        let shown_before = known.as_ref().filter(|_| was_public);
        if shown_again {
            return Err(fault(
                String::new(),
                SECOND_PERSON,
                "what was hidden is shown again, which waits for a second person",
                "let somebody else accept the proposal",
            ));
        }
        if access == Access::PUBLIC
            && let Some(pointer) = leads_elsewhere(shown_before, &change.document)
        {
            return Err(fault(
                pointer,
                SECOND_PERSON,
                "a contact point of a published record is added or altered, which waits for a second person",
                "leave it as it was; where nobody else is there, the operator may set LODESTAR_ONE_PERSON=true",
            ));
        }
    }
    let same = stood == Some(access) && known.as_ref() == Some(&change.document);
    Ok((!same).then(|| Row {
        change: index,
        id: before.as_ref().map_or_else(Uuid::now_v7, |one| one.id),
        before: before.zip(known),
        document: change.document,
        access,
    }))
}

/// The first contact point or address that `after` adds or alters beside what the public saw.
fn leads_elsewhere(before: Option<&Document>, after: &Document) -> Option<String> {
    let points = before.map_or(&[][..], Document::contact_points);
    let place = contact_point::adds_or_alters(points, after.contact_points());
    if let Some(place) = place {
        return Some(format!("/contact_points/{place}"));
    }
    let known = before.map(Document::addresses).unwrap_or_default();
    let known: HashSet<String> = known.into_iter().map(|(_, address)| address).collect();
    let mut addresses = after.addresses().into_iter();
    addresses
        .find(|(_, address)| !known.contains(address))
        .map(|(pointer, _)| pointer)
}
