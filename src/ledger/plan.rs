//! What `apply` has found fit to be written, and how it is written.

use super::{
    apply::{Access, Actor, Applied, ApplyError, Fault},
    document::{Document, Resource},
    projection::{self, Projection},
    queries::{self, Entry, Hold, Side, Standing},
    references::Names,
    row::{Row, json},
    unsourced::is_bare,
};
use crate::{
    db::record::CHUNK,
    values::{Invalid, access::Visibility},
};
use chrono::{DateTime, Utc};
use diesel::result::Error as DatabaseError;
use diesel_async::AsyncPgConnection;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

#[derive(Default)]
pub struct Plan {
    pub at: DateTime<Utc>,
    pub rows: Vec<Row>,
    pub applied: Applied,
}

impl Plan {
    pub async fn carry_out(
        mut self,
        connection: &mut AsyncPgConnection,
        actor: &Actor,
        reason: &str,
        step: &(dyn Fn() + Sync),
    ) -> Result<Applied, ApplyError> {
        if self.rows.is_empty() {
            self.applied.revision = queries::last(connection).await?;
            return Ok(self.applied);
        }
        self.rows.sort_by_key(|row| row.document.resource());
        let numbered = (1..).zip(&self.rows);
        let standings: Result<Vec<Standing>, DatabaseError> = numbered
            .map(|(place, row)| row.standing(-place, self.at))
            .collect();
        queries::save(connection, &standings?).await?;
        let shown = self.rows.iter().filter(|row| row.is_public());
        let concealed = concealed(connection, shown.map(|row| &row.document)).await?;
        let unsourced = self.unsourced(&concealed);
        if !unsourced.is_empty() {
            return Err(ApplyError::Refused(unsourced));
        }
        let (mut place, mut from) = (0, 0);
        while from < self.rows.len() {
            let resource = self.rows[from].document.resource();
            // A chunk at a time, so that a person sees it go on.
            let rows = self.rows[from..]
                .iter()
                .take(CHUNK)
                .take_while(|row| row.document.resource() == resource);
            let until = from + rows.count();
            self.project(connection, from..until, &concealed, &mut place)
                .await?;
            (from..until).for_each(|_| step());
            from = until;
        }
        let mut touched: Vec<Uuid> = self.rows.iter().map(|row| row.id).collect();
        touched.extend(self.stir(connection).await?);
        // That one was archived everybody may know.
        let archived = |row: &Row| {
            row.before
                .as_ref()
                .is_some_and(|(one, _)| one.was_archived())
        };
        let public = self
            .rows
            .iter()
            .any(|row| row.is_public() || row.was_public() || archived(row));
        let mut slugs = Vec::new();
        let mut entries = Vec::with_capacity(self.rows.len());
        for (place, row) in (1..).zip(std::mem::take(&mut self.rows)) {
            if let Some(one) = leaving(&row, -place) {
                // One that the public never saw leads nowhere.
                let seen =
                    row.was_public() || queries::was_seen(connection, row.id, &one.slug).await?;
                slugs.extend(seen.then_some(one));
            }
            if let Some(survivor) = parted(&row) {
                queries::return_slugs(connection, (row.id, survivor), -place, self.at).await?;
            }
            entries.push(self.entry(row, place, actor, reason)?);
        }
        queries::keep_slugs(connection, &slugs, self.at).await?;
        // From here on everybody who writes waits.
        let head = queries::head(connection).await?;
        // Nobody sees it sooner, and times follow the order of revisions.
        let at = Utc::now();
        for entry in &mut entries {
            entry.revision += head;
            entry.at = at;
        }
        queries::number(connection, &touched, head, at).await?;
        let last = entries.last().map_or(head, |entry| entry.revision);
        queries::append(connection, &entries, last).await?;
        if public {
            queries::publish(connection, last, at).await?;
        }
        self.applied.revision = last;
        Ok(self.applied)
    }

    /// Records that would come to the public without a source that it may see, and figures that would
    /// cite others and stay there without one.
    pub fn unsourced(&self, concealed: &Names) -> Vec<Fault> {
        let is_asked = |row: &&Row| row.is_public() && (!row.was_public() || row.cites_anew());
        self.rows
            .iter()
            .filter(is_asked)
            .filter(|row| is_bare(&row.document, concealed))
            .map(|row| Fault {
                change: row.change,
                pointer: "/sources".to_owned(),
                invalid: Invalid::new(
                    "unpublished",
                    "none of its sources is published",
                    "publish a source of it first",
                ),
            })
            .collect()
    }

    /// Writes rows of one resource to both sides.
    async fn project(
        &self,
        connection: &mut AsyncPgConnection,
        which: std::ops::Range<usize>,
        concealed: &Names,
        place: &mut i64,
    ) -> Result<(), ApplyError> {
        let rows = &self.rows[which];
        let (mut whole, mut shown, mut gone) = (Vec::new(), Vec::new(), Vec::new());
        for row in rows {
            *place += 1;
            whole.push(row.projection(-*place, self.at, row.document.clone()));
            if row.is_public() {
                let part = row.document.clone().public_part(concealed);
                shown.push(row.projection(-*place, self.at, part));
            } else if row.was_public() {
                gone.push(row.id);
            }
        }
        let Some(resource) = rows.first().map(|row| row.document.resource()) else {
            return Ok(());
        };
        queries::turn_to(connection, Side::Ledger).await?;
        projection::save(connection, resource, &whole).await?;
        queries::turn_to(connection, Side::Published).await?;
        projection::save(connection, resource, &shown).await?;
        if !gone.is_empty() {
            queries::withdraw(connection, resource, &gone).await?;
        }
        Ok(())
    }

    /// Shows anew the records that name one whose name or publicity changed, and says which.
    async fn stir(&self, connection: &mut AsyncPgConnection) -> Result<Vec<Uuid>, ApplyError> {
        let mut place = 0;
        let mut last = 0;
        let mut names = Vec::new();
        for row in &self.rows {
            place += 1;
            let stirred = row.stirs();
            if !stirred.is_empty() {
                last = place;
                names.extend(stirred);
            }
        }
        if names.is_empty() {
            return Ok(Vec::new());
        }
        // Hiding goes first, and many hides do not end each other. It is one change; figures that are hidden with a
        // source come after.
        let hides = |row: &Row| row.change == 0 && row.access.visibility == Visibility::Hidden;
        if !self.rows.iter().any(hides) {
            queries::give_way_if_many_name(connection, &names).await?;
        }
        let own: HashSet<Uuid> = self.rows.iter().map(|row| row.id).collect();
        let mut by_resource: HashMap<Resource, Vec<(Standing, Document)>> = HashMap::new();
        for one in queries::naming(connection, &names, Hold::Locked).await? {
            if one.access() == Some(Access::PUBLIC) && !own.contains(&one.id) {
                let document = one.read()?;
                let all = by_resource.entry(document.resource()).or_default();
                all.push((one, document));
            }
        }
        let documents = by_resource.values().flatten().map(|(_, document)| document);
        let concealed = concealed(connection, documents).await?;
        let mut touched = Vec::new();
        for (resource, all) in by_resource {
            touched.extend(all.iter().map(|(one, _)| one.id));
            let shown: Vec<Projection> = all
                .into_iter()
                .map(|(one, document)| Projection {
                    id: one.id,
                    status: Access::PUBLIC.status.name(),
                    visibility: Access::PUBLIC.visibility.name(),
                    revision: one.revision,
                    created_at: one.created_at,
                    last_modified: one.last_modified,
                    document: document.public_part(&concealed),
                })
                .collect();
            projection::save(connection, resource, &shown).await?;
        }
        queries::touch(connection, &touched, -last, self.at).await?;
        Ok(touched)
    }

    fn entry(
        &mut self,
        row: Row,
        revision: i64,
        actor: &Actor,
        reason: &str,
    ) -> Result<Entry, ApplyError> {
        match row.before {
            None => self.applied.created += 1,
            Some(_) => self.applied.updated += 1,
        }
        let document = &row.document;
        let verification = row.verification.as_ref().map(serde_json::to_value);
        Ok(Entry {
            revision,
            at: self.at,
            resource: document.resource().name().to_owned(),
            record_id: row.id,
            slug: document.slug().to_owned(),
            action: row.action().to_owned(),
            status: row.access.status.name().to_owned(),
            visibility: row.access.visibility.name().to_owned(),
            actor: actor.name.clone(),
            reason: reason.to_owned(),
            one_person: actor.one_person,
            document: json(document)?,
            second_person: actor.second_person.clone(),
            proposal_id: actor.proposal,
            merged_into: row.access.merged_into,
            verification: verification
                .transpose()
                .map_err(|error| DatabaseError::SerializationError(Box::new(error)))?,
        })
    }
}

/// A slug that leads elsewhere from now on: of a record that takes another, or that becomes part
/// of another.
fn leaving(row: &Row, revision: i64) -> Option<queries::Leaving> {
    let (standing, _) = row.before.as_ref()?;
    let renamed = standing.slug != row.document.slug();
    let merged = row
        .access
        .merged_into
        .filter(|_| standing.merged_into.is_none());
    (renamed || merged.is_some()).then(|| queries::Leaving {
        resource: standing.resource.clone(),
        slug: standing.slug.clone(),
        own: row.id,
        leads_to: merged.unwrap_or(row.id),
        revision,
    })
}

/// The record that this one was part of, and is not any more.
fn parted(row: &Row) -> Option<Uuid> {
    let (standing, _) = row.before.as_ref()?;
    standing
        .merged_into
        .filter(|_| row.access.merged_into.is_none())
}

/// What everybody may see of a record.
///
/// # Errors
/// Those of the database.
pub async fn public_part(
    connection: &mut AsyncPgConnection,
    standing: &Standing,
) -> Result<Document, ApplyError> {
    let document = standing.read()?;
    let concealed = concealed(connection, std::iter::once(&document)).await?;
    Ok(document.public_part(&concealed))
}

/// Which of the records that these documents name the public may not see.
pub async fn concealed<'a>(
    connection: &mut AsyncPgConnection,
    documents: impl Iterator<Item = &'a Document>,
) -> Result<Names, DatabaseError> {
    let named: Names = documents
        .flat_map(Document::references)
        .map(|(_, resource, slug)| (resource, slug))
        .collect();
    let mut concealed = named;
    for resource in Resource::ALL {
        let slugs: Vec<&str> = concealed
            .iter()
            .filter(|(of, _)| *of == resource)
            .map(|(_, slug)| slug.as_str())
            .collect();
        if !slugs.is_empty() {
            for slug in queries::public_among(connection, resource, &slugs).await? {
                concealed.remove(&(resource, slug));
            }
        }
    }
    Ok(concealed)
}
