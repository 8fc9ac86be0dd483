//! The SQL of the ledger: what is written.

use super::{Entry, Standing};
use crate::{
    db::schema::{directory, entries, head, records, slugs},
    ledger::document::Resource,
};
use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, QueryDsl, QueryResult, sql_query,
    sql_types::{Array, Int8, Timestamptz, Uuid as SqlUuid},
    upsert::excluded,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// A slug that leads elsewhere from a revision on.
#[derive(Debug)]
pub struct Leaving {
    /// The noun of the resource.
    pub resource: String,
    /// The slug.
    pub slug: String,
    /// The record that it named.
    pub own: Uuid,
    /// The record that it leads to.
    pub leads_to: Uuid,
    /// Provisional and negative until the ledger orders it.
    pub revision: i64,
}

/// Keeps where slugs lead from now on; what led to a record that was merged leads on with it.
pub async fn keep_slugs(
    connection: &mut AsyncPgConnection,
    leaving: &[Leaving],
    at: DateTime<Utc>,
) -> QueryResult<()> {
    for one in leaving {
        if one.own != one.leads_to {
            diesel::update(slugs::table.filter(slugs::record_id.eq(one.own)))
                .set((
                    slugs::record_id.eq(one.leads_to),
                    slugs::revision.eq(one.revision),
                    slugs::at.eq(at),
                ))
                .execute(connection)
                .await?;
        }
        diesel::insert_into(slugs::table)
            .values((
                slugs::resource.eq(&one.resource),
                slugs::slug.eq(&one.slug),
                slugs::record_id.eq(one.leads_to),
                slugs::revision.eq(one.revision),
                slugs::at.eq(at),
            ))
            .on_conflict((slugs::resource, slugs::slug))
            .do_update()
            .set((
                slugs::record_id.eq(excluded(slugs::record_id)),
                slugs::revision.eq(excluded(slugs::revision)),
                slugs::at.eq(excluded(slugs::at)),
            ))
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Gives a record that is no part of another any more its slugs back: those that it had, or that became
/// part of it.
pub async fn return_slugs(
    connection: &mut AsyncPgConnection,
    (own, survivor): (Uuid, Uuid),
    revision: i64,
    at: DateTime<Utc>,
) -> QueryResult<usize> {
    sql_query(
        "with recursive parts (id) as (select $1::uuid union select r.id from ledger.records r join parts on r.merged_into = parts.id)
         update ledger.slugs set record_id = $1, revision = $3, at = $4 where record_id = $2
           and (resource, slug) in (select e.resource, e.slug from ledger.entries e join parts on e.record_id = parts.id)",
    )
    .bind::<SqlUuid, _>(own)
    .bind::<SqlUuid, _>(survivor)
    .bind::<Int8, _>(revision)
    .bind::<Timestamptz, _>(at)
    .execute(connection)
    .await
}

/// Says that the public sees these records otherwise from a revision on, though they did not
/// change themselves.
pub async fn touch(
    connection: &mut AsyncPgConnection,
    ids: &[Uuid],
    revision: i64,
    at: DateTime<Utc>,
) -> QueryResult<usize> {
    diesel::update(records::table.filter(records::id.eq_any(ids)))
        .set((
            records::public_revision.eq(revision),
            records::public_at.eq(at),
        ))
        .execute(connection)
        .await
}

/// Writes records as they will stand.
pub async fn save(connection: &mut AsyncPgConnection, standings: &[Standing]) -> QueryResult<()> {
    // Postgres takes at most 65,535 parameters a statement, sixteen a row.
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
                records::merged_into.eq(excluded(records::merged_into)),
                records::public_revision.eq(excluded(records::public_revision)),
                records::public_at.eq(excluded(records::public_at)),
                records::countries.eq(excluded(records::countries)),
                records::former_countries.eq(excluded(records::former_countries)),
                records::names.eq(excluded(records::names)),
            ))
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Writes down what reading a record has shown.
pub async fn note_reading(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    names: &[String],
    countries: &[String],
) -> QueryResult<usize> {
    diesel::update(records::table.filter(records::id.eq(id)))
        .set((records::names.eq(names), records::countries.eq(countries)))
        .execute(connection)
        .await
}

/// Takes records off the public side.
pub async fn withdraw(
    connection: &mut AsyncPgConnection,
    resource: Resource,
    ids: &[Uuid],
) -> QueryResult<usize> {
    sql_query(format!(
        "delete from published.{} where id = any($1)",
        resource.table()
    ))
    .bind::<Array<SqlUuid>, _>(ids)
    .execute(connection)
    .await
}

/// Takes the lock that orders revisions, and reads the last one.
pub async fn head(connection: &mut AsyncPgConnection) -> QueryResult<i64> {
    head::table
        .select(head::revision)
        .for_update()
        .first(connection)
        .await
}

/// Replaces provisional revisions -1, -2, ... by those after `head`, wherever they stand, and says when that was.
pub async fn number(
    connection: &mut AsyncPgConnection,
    ids: &[Uuid],
    head: i64,
    at: DateTime<Utc>,
) -> QueryResult<()> {
    let mut statements = vec![
        "update ledger.records set
           last_modified = case when revision < 0 then $3 else last_modified end,
           public_at = case when public_revision < 0 then $3 else public_at end,
           revision = case when revision < 0 then $1 - revision else revision end,
           public_revision = case when public_revision < 0 then $1 - public_revision else public_revision end
         where id = any($2)"
            .to_owned(),
        "update ledger.slugs set revision = $1 - revision, at = $3 where revision < 0 and $2 is not null".to_owned(),
    ];
    for schema in ["ledger", "published"] {
        let tables = Resource::ALL.map(Resource::table);
        let distinct: std::collections::BTreeSet<&str> = tables.into_iter().collect();
        statements.extend(distinct.iter().map(|table| {
            format!("update {schema}.{table} set revision = $1 - revision, last_modified = $3 where id = any($2) and revision < 0")
        }));
    }
    for statement in statements {
        sql_query(statement)
            .bind::<Int8, _>(head)
            .bind::<Array<SqlUuid>, _>(ids)
            .bind::<Timestamptz, _>(at)
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Appends entries and moves the head to the last of them.
pub async fn append(
    connection: &mut AsyncPgConnection,
    new: &[Entry],
    head: i64,
) -> QueryResult<()> {
    // Postgres takes at most 65,535 parameters a statement, fifteen a row.
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
