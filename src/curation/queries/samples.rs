//! The SQL of samples.

use crate::{db::schema::samples, ledger::Access};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, QueryDsl, QueryResult, Queryable,
    QueryableByName, Selectable, SelectableHelper, sql_query,
    sql_types::{Array, Int8, Jsonb, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::Value;
use uuid::Uuid;

/// A sample as it was drawn.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = samples, check_for_backend(diesel::pg::Pg))]
pub struct StoredSample {
    /// The first day of its month.
    pub month: NaiveDate,
    /// When it was drawn.
    pub drawn_at: DateTime<Utc>,
    /// By whom.
    pub drawn_by: String,
    /// The last revision of the ledger then.
    pub revision: i64,
    /// What decided by chance.
    pub seed: String,
    /// How many contact points it was drawn from.
    pub frame: i32,
    /// The last day on which a call counts.
    pub until: NaiveDate,
    /// The record of each contact point.
    pub records: Vec<Uuid>,
    /// The contact points, in the order in which they are called.
    pub points: Vec<Uuid>,
}

/// The sample of a month, if one was drawn.
pub async fn find_sample(
    connection: &mut AsyncPgConnection,
    month: NaiveDate,
) -> QueryResult<Option<StoredSample>> {
    samples::table
        .filter(samples::month.eq(month))
        .select(StoredSample::as_select())
        .first(connection)
        .await
        .optional()
}

/// Keeps a sample, unless its month has one; says how many were kept.
pub async fn keep_sample(
    connection: &mut AsyncPgConnection,
    sample: &StoredSample,
) -> QueryResult<usize> {
    diesel::insert_into(samples::table)
        .values(sample)
        .on_conflict_do_nothing()
        .execute(connection)
        .await
}

/// A contact point that may be drawn.
#[derive(Debug, QueryableByName)]
pub struct Drawable {
    /// Its record.
    #[diesel(sql_type = SqlUuid)]
    pub record: Uuid,
    /// Its id.
    #[diesel(sql_type = SqlUuid)]
    pub point: Uuid,
    /// The last revision of the ledger.
    #[diesel(sql_type = Int8)]
    pub revision: i64,
}

/// The public contact points of public hotlines on these channels, but for those that are known to lead nowhere; and the
/// revision at which they stand so.
pub async fn drawable(
    connection: &mut AsyncPgConnection,
    channels: &[&str],
) -> QueryResult<Vec<Drawable>> {
    sql_query(
        "select r.id as record, (point ->> 'id')::uuid as point, (select revision from ledger.head) as revision
         from ledger.records r cross join jsonb_array_elements(r.document -> 'contact_points') point
         where r.resource = 'hotlines' and r.status = $1 and r.visibility = $2 and point ->> 'visibility' = $2
           and point ->> 'channel' = any($3)
           and coalesce(r.document ->> 'outcome', '') not in ('unreachable', 'closed')
           and coalesce(point ->> 'outcome', '') not in ('unreachable', 'closed')",
    )
    .bind::<Text, _>(Access::PUBLIC.status.name())
    .bind::<Text, _>(Access::PUBLIC.visibility.name())
    .bind::<Array<Text>, _>(channels)
    .load(connection)
    .await
}

/// A record as it stands, or stood.
#[derive(Debug, QueryableByName)]
pub struct Stood {
    /// Which record.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Its slug.
    #[diesel(sql_type = Text)]
    pub slug: String,
    /// Its document.
    #[diesel(sql_type = Jsonb)]
    pub document: Value,
}

/// Records as they stood at a revision.
pub async fn stood_at(
    connection: &mut AsyncPgConnection,
    records: &[Uuid],
    revision: i64,
) -> QueryResult<Vec<Stood>> {
    sql_query(
        "select distinct on (record_id) record_id as id, slug, document from ledger.entries
         where record_id = any($1) and revision <= $2 order by record_id, revision desc",
    )
    .bind::<Array<SqlUuid>, _>(records)
    .bind::<Int8, _>(revision)
    .load(connection)
    .await
}

/// Those of these records that are public, as they stand.
pub async fn stands(
    connection: &mut AsyncPgConnection,
    records: &[Uuid],
) -> QueryResult<Vec<Stood>> {
    sql_query("select id, slug, document from ledger.records where id = any($1) and status = $2 and visibility = $3")
        .bind::<Array<SqlUuid>, _>(records)
        .bind::<Text, _>(Access::PUBLIC.status.name())
        .bind::<Text, _>(Access::PUBLIC.visibility.name())
        .load(connection)
        .await
}

/// An attempt to reach a contact point.
#[derive(Debug, QueryableByName)]
pub struct Check {
    /// Which contact point.
    #[diesel(sql_type = SqlUuid)]
    pub point: Uuid,
    /// The attempt.
    #[diesel(sql_type = Jsonb)]
    pub verification: Value,
    /// All contact points of its record at that time.
    #[diesel(sql_type = Jsonb)]
    pub contact_points: Value,
}

/// The attempts to reach these contact points between two moments, in their order, the first of each contact point first.
pub async fn checks(
    connection: &mut AsyncPgConnection,
    points: &[Uuid],
    from: DateTime<Utc>,
    before: DateTime<Utc>,
) -> QueryResult<Vec<Check>> {
    // An entry is never older than the attempt that it takes down.
    sql_query(
        "select point, verification, contact_points from
           (select (verification ->> 'contact_point')::uuid as point, (verification ->> 'at')::timestamptz as tried, revision,
              verification, document -> 'contact_points' as contact_points
            from ledger.entries where verification is not null and at >= $2) attempt
         where point = any($1) and tried >= $2 and tried < $3 order by tried, revision",
    )
    .bind::<Array<SqlUuid>, _>(points)
    .bind::<Timestamptz, _>(from)
    .bind::<Timestamptz, _>(before)
    .load(connection)
    .await
}
