//! `apply`: all checks first, then the writes, the lock that orders revisions last, one commit.

use super::{
    checks::{invalid_values, same_observation, taken},
    company::Company,
    document::Document,
    queries::{self, Passage},
    walk::walk,
};
use crate::values::{
    Invalid,
    access::{Status, Visibility},
    contact_point::ContactPointInput,
    verification::Verification,
};
use diesel::result::{DatabaseErrorKind, Error as DatabaseError};
use diesel_async::{AsyncConnection, AsyncPgConnection};
use uuid::Uuid;

/// More changes than this hold their locks for long, so that a hide may interrupt them.
pub const BULK: usize = 200;

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
    /// The revision of the directory since which the record must not have changed.
    pub unmoved_since: Option<i64>,
    /// Whether it was read out of a copy of the public directory, which lacks what is not public: that stays.
    pub copied: bool,
    /// The hidden contact point that is shown again.
    pub unhide: Option<Uuid>,
    /// What somebody found who tried whether it is so. Nothing else changes what was verified.
    pub verification: Option<Verification>,
    /// The contact points that stood, where they come from more records than this one: what was verified of
    /// them stands, and what is hidden stays so. `None` for those of the record.
    pub known_points: Option<Vec<ContactPointInput>>,
}

impl Change {
    /// A document under its slug, with the access that stands, whatever stands.
    pub fn to(document: Document) -> Self {
        Self {
            record: None,
            document,
            access: None,
            expected: None,
            unmoved_since: None,
            copied: false,
            unhide: None,
            verification: None,
            known_points: None,
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

/// The code of a fault that the record changed since the revision that a change was made against.
pub const MOVED: &str = "revision";

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
    changes: Vec<Change>,
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
            let (plan, faults) = walk(connection, actor, changes, &Company::default()).await?;
            match faults.is_empty() {
                true => plan.carry_out(connection, actor, reason, step).await,
                false => Err(ApplyError::Refused(faults)),
            }
        })
        .await
}
