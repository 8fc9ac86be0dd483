//! The SQL of the ledger: what is asked.

mod figures;
mod locks;
mod writing;

pub use figures::related;
pub use locks::*;
pub use writing::*;

use super::{
    apply::{Access, BULK},
    document::{Document, Resource},
};
use crate::{
    db::schema::{entries, head, records, slugs},
    values::access::{Status, Visibility},
};
use chrono::{DateTime, Utc};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, OptionalExtension,
    PgArrayExpressionMethods, QueryDsl, QueryResult, Queryable, Selectable, SelectableHelper,
    dsl::{exists, select},
    sql_query,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::Value;
use uuid::Uuid;

/// A record as it stands, drafts and hidden ones included.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = records, check_for_backend(diesel::pg::Pg))]
pub struct Standing {
    /// UUIDv7.
    pub id: Uuid,
    /// The noun of its resource.
    pub resource: String,
    /// Unique in its resource.
    pub slug: String,
    /// Where it stands in its life.
    pub status: String,
    /// Whether the public may see it.
    pub visibility: String,
    /// Of its last change; negative until the ledger orders it.
    pub revision: i64,
    /// When it came into the directory.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub last_modified: DateTime<Utc>,
    /// What tells it apart besides its slug.
    pub natural_key: Option<String>,
    /// The whole document.
    pub document: Value,
    /// The record that an archived one became part of.
    pub merged_into: Option<Uuid>,
    /// Of the last change that the public saw; `None` for what never was public.
    pub public_revision: Option<i64>,
    /// When that was.
    pub public_at: Option<DateTime<Utc>>,
    /// Where followers of a country meet it.
    pub countries: Vec<String>,
    /// Where they met it once.
    pub former_countries: Vec<String>,
    /// The records that it names; `None` until this version has read it.
    pub names: Option<Vec<String>>,
}

impl Standing {
    /// Where it stands in its life, and whether the public may see it.
    pub fn access(&self) -> Option<Access> {
        Some(Access {
            status: Status::named(&self.status)?,
            visibility: Visibility::named(&self.visibility)?,
            merged_into: self.merged_into,
        })
    }

    /// Whether everybody sees it.
    pub fn is_public(&self) -> bool {
        self.access() == Some(Access::PUBLIC)
    }

    /// Whether it was public and everybody may know that it is archived.
    pub fn was_archived(&self) -> bool {
        let access = self.access();
        let archived = access.is_some_and(|access| {
            access.status == Status::Archived && access.visibility == Visibility::Public
        });
        archived && self.public_revision.is_some()
    }

    /// The resource that it is of.
    pub fn resource(&self) -> Option<Resource> {
        Resource::named(&self.resource)
    }

    /// Its document.
    ///
    /// # Errors
    /// When it has another shape, which the one way in does not let happen.
    pub fn read(&self) -> QueryResult<Document> {
        document(&self.resource, self.document.clone())
    }
}

/// A document that the ledger keeps.
fn document(resource: &str, value: Value) -> QueryResult<Document> {
    let failed = |error| diesel::result::Error::DeserializationError(error);
    let resource = Resource::named(resource).ok_or_else(|| failed("no such resource".into()))?;
    Document::read(resource, value).map_err(|error| failed(Box::new(error)))
}

/// One change.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = entries, check_for_backend(diesel::pg::Pg))]
pub struct Entry {
    /// Gap-free, in the order of commits.
    pub revision: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// The noun of the resource.
    pub resource: String,
    /// Which record.
    pub record_id: Uuid,
    /// Its slug after the change.
    pub slug: String,
    /// `created`, `updated`, `published`, `archived`, `hidden`, `shown` or `verified`.
    pub action: String,
    /// Status after.
    pub status: String,
    /// Visibility after.
    pub visibility: String,
    /// Who.
    pub actor: String,
    /// Why.
    pub reason: String,
    /// Whether no second person was asked.
    pub one_person: bool,
    /// The whole document after.
    pub document: Value,
    /// Who else answered for it.
    pub second_person: Option<String>,
    /// The proposal that was carried out.
    pub proposal_id: Option<Uuid>,
    /// The record that an archived one became part of.
    pub merged_into: Option<Uuid>,
    /// The attempt to verify it that this is.
    pub verification: Option<Value>,
}

impl Entry {
    /// Its document.
    ///
    /// # Errors
    /// When it has another shape, which the one way in does not let happen.
    pub fn read(&self) -> QueryResult<Document> {
        document(&self.resource, self.document.clone())
    }
}

/// A side of the house: one schema, and the same tables in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What the public may see.
    Published,
    /// Everything.
    Ledger,
}

/// Turns the names of tables to a side until the transaction ends.
pub async fn turn_to(connection: &mut AsyncPgConnection, side: Side) -> QueryResult<usize> {
    let path = match side {
        Side::Published => "published, ledger",
        Side::Ledger => "ledger, published",
    };
    sql_query(format!("set local search_path = {path}"))
        .execute(connection)
        .await
}

/// The record with an id or a slug, also one that it had.
pub async fn find(
    connection: &mut AsyncPgConnection,
    resource: Resource,
    reference: &str,
) -> QueryResult<Standing> {
    let query = records::table
        .filter(records::resource.eq(resource.name()))
        .select(Standing::as_select());
    match Uuid::parse_str(reference) {
        Ok(id) => query.filter(records::id.eq(id)).first(connection).await,
        Err(_) => {
            let led = slugs::table
                .filter(slugs::resource.eq(resource.name()))
                .filter(slugs::slug.eq(reference))
                .select(slugs::record_id);
            // Its own slug goes before one that another had.
            query
                .filter(records::slug.eq(reference).or(records::id.eq_any(led)))
                .order((records::slug.eq(reference).desc(), records::id.asc()))
                .first(connection)
                .await
        }
    }
}

/// The records that name one of these, as `resource/slug`.
pub async fn naming(
    connection: &mut AsyncPgConnection,
    names: &[String],
    hold: Hold,
) -> QueryResult<Vec<Standing>> {
    let naming = records::table
        .filter(records::names.overlaps_with(names))
        .order(records::id.asc())
        .select(Standing::as_select());
    match hold {
        Hold::Locked => naming.for_update().load(connection).await,
        Hold::Free => naming.load(connection).await,
    }
}

/// Gives way to hides where more records name one of these than are changed in a moment.
pub async fn give_way_if_many_name(
    connection: &mut AsyncPgConnection,
    names: &[String],
) -> QueryResult<()> {
    let one_more: Option<Uuid> = records::table
        .filter(records::names.overlaps_with(names))
        .select(records::id)
        .offset(i64::try_from(BULK).unwrap_or(i64::MAX))
        .first(connection)
        .await
        .optional()?;
    if one_more.is_some() {
        give_way(connection).await?;
    }
    Ok(())
}

/// Those of these slugs that the public may see.
pub async fn public_among(
    connection: &mut AsyncPgConnection,
    resource: Resource,
    slugs: &[&str],
) -> QueryResult<Vec<String>> {
    records::table
        .filter(records::resource.eq(resource.name()))
        .filter(records::slug.eq_any(slugs))
        .filter(records::status.eq(Access::PUBLIC.status.name()))
        .filter(records::visibility.eq(Access::PUBLIC.visibility.name()))
        .select(records::slug)
        .load(connection)
        .await
}

/// Whether the public ever saw a record under a slug.
pub async fn was_seen(
    connection: &mut AsyncPgConnection,
    record: Uuid,
    slug: &str,
) -> QueryResult<bool> {
    let seen = entries::table
        .filter(entries::record_id.eq(record))
        .filter(entries::slug.eq(slug))
        .filter(entries::status.eq(Access::PUBLIC.status.name()))
        .filter(entries::visibility.eq(Access::PUBLIC.visibility.name()));
    select(exists(seen)).get_result(connection).await
}

/// Of these slugs those that are or were a record's: which record, and its slug now.
pub async fn owners(
    connection: &mut AsyncPgConnection,
    resource: Resource,
    wanted: &[&str],
) -> QueryResult<Vec<(String, Uuid, String)>> {
    let mut owners: Vec<(String, Uuid, String)> = records::table
        .filter(records::resource.eq(resource.name()))
        .filter(records::slug.eq_any(wanted))
        .select((records::slug, records::id, records::slug))
        .load(connection)
        .await?;
    let former: Vec<(String, Uuid, String)> = slugs::table
        .inner_join(records::table)
        .filter(slugs::resource.eq(resource.name()))
        .filter(slugs::slug.eq_any(wanted))
        .select((slugs::slug, records::id, records::slug))
        .load(connection)
        .await?;
    owners.extend(former);
    Ok(owners)
}

/// Records that this version has not read yet.
pub async fn unread(
    connection: &mut AsyncPgConnection,
    resource: Resource,
    limit: i64,
) -> QueryResult<Vec<Standing>> {
    records::table
        .filter(records::names.is_null())
        .filter(records::resource.eq(resource.name()))
        .order(records::id.asc())
        .limit(limit)
        .for_update()
        .select(Standing::as_select())
        .load(connection)
        .await
}

/// Those of these slugs that exist, held as they are until the transaction ends: who hides or
/// renames one of them meanwhile comes before or after, not between.
pub async fn existing(
    connection: &mut AsyncPgConnection,
    resource: Resource,
    slugs: &[&str],
    hold: Hold,
) -> QueryResult<Vec<String>> {
    let existing = records::table
        .filter(records::resource.eq(resource.name()))
        .filter(records::slug.eq_any(slugs))
        .order(records::id.asc())
        .select(records::slug);
    match hold {
        Hold::Locked => existing.for_share().load(connection).await,
        Hold::Free => existing.load(connection).await,
    }
}

/// The records of a resource with these slugs.
pub async fn named(
    connection: &mut AsyncPgConnection,
    resource: Resource,
    slugs: &[&str],
) -> QueryResult<Vec<Standing>> {
    records::table
        .filter(records::resource.eq(resource.name()))
        .filter(records::slug.eq_any(slugs))
        .select(Standing::as_select())
        .load(connection)
        .await
}

/// The records with these natural keys: id, natural key, slug.
pub async fn with_natural_keys(
    connection: &mut AsyncPgConnection,
    resource: Resource,
    keys: &[&str],
) -> QueryResult<Vec<(Uuid, Option<String>, String)>> {
    records::table
        .filter(records::resource.eq(resource.name()))
        .filter(records::natural_key.eq_any(keys))
        .select((records::id, records::natural_key, records::slug))
        .load(connection)
        .await
}

/// The last revision, 0 when nothing was ever written.
pub async fn last(connection: &mut AsyncPgConnection) -> QueryResult<i64> {
    head::table.select(head::revision).first(connection).await
}

/// Whether nothing was ever written.
pub async fn is_empty(connection: &mut AsyncPgConnection) -> QueryResult<bool> {
    Ok(last(connection).await? == 0)
}
