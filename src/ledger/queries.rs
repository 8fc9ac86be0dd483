//! The SQL of the ledger.

use super::document::Resource;
use crate::db::schema::{directory, entries, head, records};
use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, Insertable, QueryDsl, QueryResult, Queryable, Selectable, SelectableHelper,
    sql_query,
    sql_types::{Array, Int8, Uuid as SqlUuid},
    upsert::excluded,
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
}

/// One change, as it is appended.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = entries, check_for_backend(diesel::pg::Pg))]
pub struct Entry {
    /// Gap-free, in the order of commits.
    pub revision: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// The noun of the resource.
    pub resource: &'static str,
    /// Which record.
    pub record_id: Uuid,
    /// Its slug after the change.
    pub slug: String,
    /// `created` or `updated`.
    pub action: &'static str,
    /// Status after.
    pub status: &'static str,
    /// Visibility after.
    pub visibility: &'static str,
    /// Who.
    pub actor: String,
    /// Why.
    pub reason: String,
    /// Whether no second person was asked.
    pub one_person: bool,
    /// The whole document after.
    pub document: Value,
}

/// The records with these slugs, locked until the transaction ends.
pub async fn lock(
    connection: &mut AsyncPgConnection,
    resource: Resource,
    slugs: &[&str],
) -> QueryResult<Vec<Standing>> {
    records::table
        .filter(records::resource.eq(resource.name()))
        .filter(records::slug.eq_any(slugs))
        .order(records::id.asc())
        .for_update()
        .select(Standing::as_select())
        .load(connection)
        .await
}

/// Those of these slugs that exist.
pub async fn existing(
    connection: &mut AsyncPgConnection,
    resource: Resource,
    slugs: &[&str],
) -> QueryResult<Vec<String>> {
    records::table
        .filter(records::resource.eq(resource.name()))
        .filter(records::slug.eq_any(slugs))
        .select(records::slug)
        .load(connection)
        .await
}

/// Slug and natural key of the records with these natural keys.
pub async fn with_natural_keys(
    connection: &mut AsyncPgConnection,
    resource: Resource,
    keys: &[&str],
) -> QueryResult<Vec<(String, Option<String>)>> {
    records::table
        .filter(records::resource.eq(resource.name()))
        .filter(records::natural_key.eq_any(keys))
        .select((records::slug, records::natural_key))
        .load(connection)
        .await
}

/// Writes records as they will stand.
pub async fn save(connection: &mut AsyncPgConnection, standings: &[Standing]) -> QueryResult<()> {
    // Postgres takes at most 65,535 parameters a statement, ten a row.
    for chunk in standings.chunks(1000) {
        diesel::insert_into(records::table)
            .values(chunk)
            .on_conflict(records::id)
            .do_update()
            .set((
                records::slug.eq(excluded(records::slug)),
                records::status.eq(excluded(records::status)),
                records::visibility.eq(excluded(records::visibility)),
                records::revision.eq(excluded(records::revision)),
                records::last_modified.eq(excluded(records::last_modified)),
                records::natural_key.eq(excluded(records::natural_key)),
                records::document.eq(excluded(records::document)),
            ))
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Takes a record off the public side; says whether it stood there.
pub async fn withdraw(
    connection: &mut AsyncPgConnection,
    resource: Resource,
    id: Uuid,
) -> QueryResult<bool> {
    let deleted = sql_query(format!(
        "delete from published.{} where id = $1",
        resource.table()
    ))
    .bind::<SqlUuid, _>(id)
    .execute(connection)
    .await?;
    Ok(deleted > 0)
}

/// Joins the published records that name a record by its slug to it.
pub async fn relink(
    connection: &mut AsyncPgConnection,
    resource: Resource,
    id: Uuid,
    slug: &str,
) -> QueryResult<()> {
    let naming: &[(&str, &str)] = match resource {
        Resource::Organizations => &[
            ("hotlines", "organization"),
            ("regional_contacts", "organization"),
        ],
        Resource::Indicators => &[("statistics", "indicator")],
        _ => &[],
    };
    for (table, field) in naming {
        sql_query(format!(
            "update published.{table} set {field}_id = $1 where {field}_id is distinct from $1 and id in
             (select id from ledger.records where resource = '{table}' and document ->> '{field}' = $2)"
        ))
        .bind::<SqlUuid, _>(id)
        .bind::<diesel::sql_types::Text, _>(slug)
        .execute(connection)
        .await?;
    }
    Ok(())
}

/// Takes the lock that orders revisions, and reads the last one.
pub async fn head(connection: &mut AsyncPgConnection) -> QueryResult<i64> {
    head::table
        .select(head::revision)
        .for_update()
        .first(connection)
        .await
}

/// Replaces provisional revisions -1, -2, ... by those after `head`.
pub async fn number(
    connection: &mut AsyncPgConnection,
    table: &str,
    ids: &[Uuid],
    head: i64,
) -> QueryResult<usize> {
    sql_query(format!(
        "update {table} set revision = $1 - revision where id = any($2) and revision < 0"
    ))
    .bind::<Int8, _>(head)
    .bind::<Array<SqlUuid>, _>(ids)
    .execute(connection)
    .await
}

/// Appends entries and moves the head to the last of them.
pub async fn append(
    connection: &mut AsyncPgConnection,
    new: &[Entry],
    head: i64,
) -> QueryResult<()> {
    // Postgres takes at most 65,535 parameters a statement, twelve a row.
    for chunk in new.chunks(1000) {
        diesel::insert_into(entries::table)
            .values(chunk)
            .execute(connection)
            .await?;
    }
    diesel::update(head::table)
        .set(head::revision.eq(head))
        .execute(connection)
        .await?;
    Ok(())
}

/// Says that public data changed last at this revision.
pub async fn publish(
    connection: &mut AsyncPgConnection,
    revision: i64,
    at: DateTime<Utc>,
) -> QueryResult<usize> {
    diesel::update(directory::table)
        .set((
            directory::revision.eq(revision),
            directory::changed_at.eq(at),
        ))
        .execute(connection)
        .await
}

/// Waits until no other connection holds this turn, which lasts as long as the connection.
pub async fn take_turn(connection: &mut AsyncPgConnection) -> QueryResult<usize> {
    // The first bytes of "import".
    sql_query(format!("select pg_advisory_lock({})", 0x696d_706f_7274_i64))
        .execute(connection)
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
