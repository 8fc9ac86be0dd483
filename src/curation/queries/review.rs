//! The SQL of the review queue and its leases.

use crate::{db::schema::leases, ledger::Access};
use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, Insertable, QueryDsl, QueryResult, Queryable, QueryableByName, Selectable,
    SelectableHelper, sql_query,
    sql_types::{Array, Bool, Int8, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
    upsert::excluded,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::Value;
use uuid::Uuid;

/// What of a public record its place in the queue follows from.
#[derive(Debug, QueryableByName)]
pub struct Reviewed {
    /// Which record.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The noun of its resource.
    #[diesel(sql_type = Text)]
    pub resource: String,
    /// Its slug.
    #[diesel(sql_type = Text)]
    pub slug: String,
    /// Its name or title.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Where followers of a country meet it.
    #[diesel(sql_type = Array<Text>)]
    pub countries: Vec<String>,
    /// When it was last confirmed.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub verified_at: Option<DateTime<Utc>>,
    /// What else came of the last attempt.
    #[diesel(sql_type = Nullable<Text>)]
    pub outcome: Option<String>,
    /// Its contact points, a list.
    #[diesel(sql_type = Jsonb)]
    pub contact_points: Value,
    /// Its citations, a list.
    #[diesel(sql_type = Jsonb)]
    pub sources: Value,
    /// Whether it names pages, e-mail addresses or an office.
    #[diesel(sql_type = Bool)]
    pub leads: bool,
}

/// The public records of these resources.
pub async fn reviewed(
    connection: &mut AsyncPgConnection,
    resources: &[&str],
) -> QueryResult<Vec<Reviewed>> {
    sql_query(
        "select id, resource, slug, coalesce(document ->> 'name', document ->> 'title', slug) as name, countries,
           (document ->> 'verified_at')::timestamptz as verified_at, document ->> 'outcome' as outcome,
           coalesce(document -> 'contact_points', '[]') as contact_points, coalesce(document -> 'sources', '[]') as sources,
           jsonb_path_exists(document, '$.website ? (@ != null)') or jsonb_path_exists(document, '$.address ? (@ != null)')
             or jsonb_path_exists(document, '$.emails[*]') or jsonb_path_exists(document, '$.actions[*]') as leads
         from ledger.records where resource = any($1) and status = $2 and visibility = $3",
    )
    .bind::<Array<Text>, _>(resources)
    .bind::<Text, _>(Access::PUBLIC.status.name())
    .bind::<Text, _>(Access::PUBLIC.visibility.name())
    .load(connection)
    .await
}

/// What the public told and nobody dealt with yet.
#[derive(Debug, QueryableByName)]
pub struct Told {
    /// About which record.
    #[diesel(sql_type = SqlUuid)]
    pub record_id: Uuid,
    /// About which contact point of it.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub contact_point: Option<Uuid>,
    /// How often.
    #[diesel(sql_type = Int8)]
    pub times: i64,
}

/// The open suggestions, counted.
pub async fn told(connection: &mut AsyncPgConnection) -> QueryResult<Vec<Told>> {
    sql_query(
        "select record_id, contact_point, sum(times)::bigint as times from ledger.proposals
         where kind = 'suggestion' and state = 'open' and record_id is not null group by record_id, contact_point",
    )
    .load(connection)
    .await
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    slug: String,
}

/// The sources of which the last check found that they do not answer.
pub async fn unreachable_sources(connection: &mut AsyncPgConnection) -> QueryResult<Vec<String>> {
    let gone: Vec<Named> = sql_query(
        "select r.slug from (select distinct on (source_id) source_id, outcome from ledger.link_checks
           order by source_id, checked_at desc) last
         join ledger.records r on r.id = last.source_id where last.outcome = 'unreachable'",
    )
    .load(connection)
    .await?;
    Ok(gone.into_iter().map(|one| one.slug).collect())
}

/// A record that somebody looks after.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = leases, check_for_backend(diesel::pg::Pg))]
pub struct Lease {
    /// Which record.
    pub record_id: Uuid,
    /// Who.
    pub holder: String,
    /// Until when.
    pub until: DateTime<Utc>,
}

/// The leases that last at a moment.
pub async fn leases(
    connection: &mut AsyncPgConnection,
    at: DateTime<Utc>,
) -> QueryResult<Vec<Lease>> {
    leases::table
        .filter(leases::until.gt(at))
        .select(Lease::as_select())
        .load(connection)
        .await
}

/// Waits for those who lease before, until the transaction ends.
pub async fn take_turn(connection: &mut AsyncPgConnection) -> QueryResult<usize> {
    sql_query("select pg_advisory_xact_lock(hashtextextended('lodestar.leases', 0))")
        .execute(connection)
        .await
}

/// Leases records to somebody, and drops what has run out.
pub async fn hold(
    connection: &mut AsyncPgConnection,
    ids: &[Uuid],
    holder: &str,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> QueryResult<usize> {
    diesel::delete(leases::table.filter(leases::until.le(now)))
        .execute(connection)
        .await?;
    let taken: Vec<Lease> = ids
        .iter()
        .map(|record_id| Lease {
            record_id: *record_id,
            holder: holder.to_owned(),
            until,
        })
        .collect();
    diesel::insert_into(leases::table)
        .values(taken)
        .on_conflict(leases::record_id)
        .do_update()
        .set((
            leases::holder.eq(excluded(leases::holder)),
            leases::until.eq(excluded(leases::until)),
        ))
        .execute(connection)
        .await
}

/// Gives back what somebody holds, or those of it that are named; says how many these were.
pub async fn give_back(
    connection: &mut AsyncPgConnection,
    holder: &str,
    records: &[Uuid],
) -> QueryResult<usize> {
    sql_query(
        "delete from ledger.leases where lower(holder) = lower($1) and (cardinality($2::uuid[]) = 0 or record_id = any($2))",
    )
    .bind::<Text, _>(holder)
    .bind::<Array<SqlUuid>, _>(records)
    .execute(connection)
    .await
}
