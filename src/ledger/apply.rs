//! `apply`: all checks first, then the writes, the lock that orders revisions last, one commit.

use super::{
    checks::{invalid_values, misfits},
    document::{self, Document, Public, Resource},
    queries::{self, Entry, Standing},
};
use crate::db::record::CHUNK;
use crate::values::{
    Invalid,
    access::{Status, Visibility},
    contact_point,
};
use chrono::{DateTime, Utc};
use diesel::result::Error as DatabaseError;
use diesel_async::{AsyncConnection, AsyncPgConnection};
use std::collections::HashMap;
use uuid::Uuid;

/// Who writes, and by which rule.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Who: a key's name, or the command that ran.
    pub name: String,
    /// Whether published contact points may change without a second person: the directory is
    /// empty, or runs in one-person mode. Stamped on every entry.
    pub one_person: bool,
}

/// A record as it shall be.
#[derive(Debug, Clone)]
pub struct Change {
    /// The whole document after.
    pub document: Document,
    /// Status and visibility after; `None` keeps what stands, and publishes what is new.
    pub access: Option<(Status, Visibility)>,
    /// The revision that it was written against; `None` takes whatever stands.
    pub expected: Option<i64>,
}

/// What became of a set of changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Applied {
    /// Records that are new.
    pub created: usize,
    /// Records that changed.
    pub updated: usize,
    /// Records that stood so already; they take no revision.
    pub unchanged: usize,
    /// The last revision after.
    pub revision: i64,
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

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// Values, references or revisions do not fit: all that was found.
    #[error("the changes do not fit")]
    Refused(Vec<Fault>),
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] DatabaseError),
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
            let standing = stand(connection, &changes).await?;
            let mut faults = misfits(connection, &changes).await?;
            let mut plan = Plan {
                at: Utc::now(),
                ..Plan::default()
            };
            for (index, change) in changes.into_iter().enumerate() {
                let before = standing.get(&(
                    change.document.resource(),
                    change.document.slug().to_owned(),
                ));
                match settled(index, change, before, actor) {
                    Ok(Some(row)) => plan.rows.push(row),
                    Ok(None) => plan.applied.unchanged += 1,
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

/// A record that will change.
struct Row {
    id: Uuid,
    created_at: Option<DateTime<Utc>>,
    document: Document,
    status: Status,
    visibility: Visibility,
}

impl Row {
    fn standing(&self, revision: i64, at: DateTime<Utc>) -> Result<Standing, DatabaseError> {
        Ok(Standing {
            id: self.id,
            resource: self.document.resource().name().to_owned(),
            slug: self.document.slug().to_owned(),
            status: self.status.name().to_owned(),
            visibility: self.visibility.name().to_owned(),
            revision,
            created_at: self.created_at.unwrap_or(at),
            last_modified: at,
            natural_key: self.document.natural_key(),
            document: json(&self.document)?,
        })
    }

    /// What the public shall see of it, if anything.
    fn public(&self, revision: i64, at: DateTime<Utc>) -> Option<Public> {
        let shown = (self.status, self.visibility) == (Status::Published, Visibility::Public);
        shown.then(|| Public {
            id: self.id,
            revision,
            created_at: self.created_at.unwrap_or(at),
            last_modified: at,
            document: self.document.clone().public_part(),
        })
    }
}

#[derive(Default)]
struct Plan {
    at: DateTime<Utc>,
    rows: Vec<Row>,
    applied: Applied,
}

impl Plan {
    async fn carry_out(
        mut self,
        connection: &mut AsyncPgConnection,
        actor: &Actor,
        reason: &str,
        step: &(dyn Fn() + Sync),
    ) -> Result<Applied, ApplyError> {
        self.rows.sort_by_key(|row| row.document.resource());
        let numbered = (1..).zip(&self.rows);
        let standings: Result<Vec<Standing>, DatabaseError> = numbered
            .map(|(place, row)| row.standing(-place, self.at))
            .collect();
        queries::save(connection, &standings?).await?;
        let mut entries = Vec::with_capacity(self.rows.len());
        let mut tables: HashMap<&'static str, Vec<Uuid>> = HashMap::new();
        let mut public = false;
        let mut rows = (1..).zip(std::mem::take(&mut self.rows)).peekable();
        while let Some(resource) = rows.peek().map(|(_, row)| row.document.resource()) {
            let (mut shown, mut again) = (Vec::new(), Vec::new());
            // A chunk at a time, so that a person sees it go on.
            while shown.len() < CHUNK
                && let Some((place, row)) =
                    rows.next_if(|(_, row)| row.document.resource() == resource)
            {
                tables.entry(resource.table()).or_default().push(row.id);
                match row.public(-place, self.at) {
                    Some(one) => {
                        if row.created_at.is_some() {
                            again.push((row.id, row.document.slug().to_owned()));
                        }
                        shown.push(one);
                    }
                    None => public |= queries::withdraw(connection, resource, row.id).await?,
                }
                entries.push(self.entry(row, place, actor, reason)?);
                step();
            }
            public |= !shown.is_empty();
            document::save(connection, resource, &shown).await?;
            // It may come back to the public side: those who name it are joined to it again.
            for (id, slug) in again {
                queries::relink(connection, resource, id, &slug).await?;
            }
        }
        match entries.is_empty() {
            true => self.applied.revision = queries::last(connection).await?,
            false => {
                let last = order(connection, &mut entries, &tables).await?;
                if public {
                    queries::publish(connection, last, self.at).await?;
                }
                self.applied.revision = last;
            }
        }
        Ok(self.applied)
    }

    fn entry(
        &mut self,
        row: Row,
        revision: i64,
        actor: &Actor,
        reason: &str,
    ) -> Result<Entry, ApplyError> {
        let action = match row.created_at {
            None => "created",
            Some(_) => "updated",
        };
        match row.created_at {
            None => self.applied.created += 1,
            Some(_) => self.applied.updated += 1,
        }
        let document = &row.document;
        Ok(Entry {
            revision,
            at: self.at,
            resource: document.resource().name(),
            record_id: row.id,
            slug: document.slug().to_owned(),
            action,
            status: row.status.name(),
            visibility: row.visibility.name(),
            actor: actor.name.clone(),
            reason: reason.to_owned(),
            one_person: actor.one_person,
            document: json(document)?,
        })
    }
}

/// Takes the lock that orders revisions, gives them out and appends the entries; says the last.
async fn order(
    connection: &mut AsyncPgConnection,
    entries: &mut [Entry],
    tables: &HashMap<&'static str, Vec<Uuid>>,
) -> Result<i64, ApplyError> {
    let head = queries::head(connection).await?;
    for entry in &mut *entries {
        entry.revision += head;
    }
    let all: Vec<Uuid> = tables.values().flatten().copied().collect();
    queries::number(connection, "ledger.records", &all, head).await?;
    for (table, ids) in tables {
        queries::number(connection, &format!("published.{table}"), ids, head).await?;
    }
    let last = entries.last().map_or(head, |entry| entry.revision);
    queries::append(connection, entries, last).await?;
    Ok(last)
}

fn json(document: &Document) -> Result<serde_json::Value, DatabaseError> {
    document
        .to_json()
        .map_err(|error| DatabaseError::SerializationError(Box::new(error)))
}

type Standings = HashMap<(Resource, String), Standing>;

/// The records that the changes are about, locked in one order.
async fn stand(
    connection: &mut AsyncPgConnection,
    changes: &[Change],
) -> Result<Standings, ApplyError> {
    let mut standing = HashMap::new();
    for resource in Resource::ALL {
        let slugs: Vec<&str> = slugs_of(changes, resource).collect();
        if !slugs.is_empty() {
            let records = queries::lock(connection, resource, &slugs).await?;
            standing.extend(
                records
                    .into_iter()
                    .map(|one| ((resource, one.slug.clone()), one)),
            );
        }
    }
    Ok(standing)
}

fn slugs_of(changes: &[Change], resource: Resource) -> impl Iterator<Item = &str> {
    let same = changes
        .iter()
        .map(|change| &change.document)
        .filter(move |one| one.resource() == resource);
    same.map(Document::slug)
}

/// The change beside what stands: settled and to be written, or `None` when it stands so.
fn settled(
    index: usize,
    mut change: Change,
    before: Option<&Standing>,
    actor: &Actor,
) -> Result<Option<Row>, Fault> {
    let fault = |code, reason: &str, remedy: &str| Fault {
        change: index,
        pointer: String::new(),
        invalid: Invalid::new(code, reason, remedy),
    };
    if change.expected.is_some() && change.expected != before.map(|one| one.revision) {
        return Err(fault(
            "revision",
            "the record changed meanwhile",
            "read it again and repeat the change",
        ));
    }
    let resource = change.document.resource();
    let known = before.and_then(|one| Document::read(resource, one.document.clone()).ok());
    let points = known.as_ref().map_or(&[][..], Document::contact_points);
    if let Some(new) = change.document.contact_points_mut() {
        contact_point::settle(new, points);
    }
    let stood =
        before.and_then(|one| Status::named(&one.status).zip(Visibility::named(&one.visibility)));
    let public = (Status::Published, Visibility::Public);
    let access = change.access.or(stood).unwrap_or(public);
    let was_public = stood == Some(public);
    let is_public = access == public;
    let shown_before = if was_public { points } else { &[][..] };
    if is_public
        && !actor.one_person
        && let Some(place) =
            contact_point::adds_or_alters(shown_before, change.document.contact_points())
    {
        let waits = fault(
            "second_person",
            "a contact point of a published record is added or altered, which waits for a second person",
            "leave it as it was; where nobody else is there, the operator may set LODESTAR_ONE_PERSON=true",
        );
        return Err(Fault {
            pointer: format!("/contact_points/{place}"),
            ..waits
        });
    }
    let same = stood == Some(access) && known.as_ref() == Some(&change.document);
    Ok((!same).then(|| Row {
        id: before.map_or_else(Uuid::now_v7, |one| one.id),
        created_at: before.map(|one| one.created_at),
        document: change.document,
        status: access.0,
        visibility: access.1,
    }))
}
