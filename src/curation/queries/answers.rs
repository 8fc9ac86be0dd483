//! The SQL of writes that are sent again.

use crate::db::schema::idempotency;
use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, QueryDsl, QueryResult, Queryable,
    QueryableByName, Selectable, SelectableHelper, sql_query,
    sql_types::{Bool, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};

/// Waits for locks as long as a caller may wait, and no longer.
pub async fn be_brief(connection: &mut AsyncPgConnection) -> QueryResult<()> {
    connection
        .batch_execute("set local lock_timeout = '500ms'; set local statement_timeout = '10s'")
        .await
}

#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = Bool)]
    taken: bool,
}

/// Whether nobody else writes under the same key of the same person at this moment.
pub async fn claim(
    connection: &mut AsyncPgConnection,
    actor: &str,
    key: &str,
) -> QueryResult<bool> {
    let query =
        "select pg_try_advisory_xact_lock(hashtextextended($1 || chr(10) || $2, 0)) as taken";
    let claimed: Taken = sql_query(query)
        .bind::<Text, _>(actor)
        .bind::<Text, _>(key)
        .get_result(connection)
        .await?;
    Ok(claimed.taken)
}

/// An answer that is kept to be given again.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency, check_for_backend(diesel::pg::Pg))]
pub struct KeptAnswer {
    /// Whose.
    pub actor: String,
    /// The Idempotency-Key.
    pub key: String,
    /// SHA-256 of what was asked.
    pub fingerprint: Vec<u8>,
    /// When.
    pub created_at: DateTime<Utc>,
    /// The status answered.
    pub status: i32,
    /// The ETag answered.
    pub etag: Option<String>,
    /// The Location answered.
    pub location: Option<String>,
    /// The body answered, to the byte.
    pub body: String,
}

/// The answer kept under a key, if it is not older than `since`.
pub async fn kept_answer(
    connection: &mut AsyncPgConnection,
    actor: &str,
    key: &str,
    since: DateTime<Utc>,
) -> QueryResult<Option<KeptAnswer>> {
    idempotency::table
        .filter(idempotency::actor.eq(actor))
        .filter(idempotency::key.eq(key))
        .filter(idempotency::created_at.gt(since))
        .select(KeptAnswer::as_select())
        .first(connection)
        .await
        .optional()
}

/// Keeps an answer, and drops those older than `since`.
pub async fn keep_answer(
    connection: &mut AsyncPgConnection,
    answer: &KeptAnswer,
    since: DateTime<Utc>,
) -> QueryResult<usize> {
    diesel::delete(idempotency::table.filter(idempotency::created_at.le(since)))
        .execute(connection)
        .await?;
    diesel::insert_into(idempotency::table)
        .values(answer)
        .execute(connection)
        .await
}

/// Drops the answer kept under a key to one write.
pub async fn forget_answer(
    connection: &mut AsyncPgConnection,
    actor: &str,
    key: &str,
    fingerprint: &[u8],
) -> QueryResult<usize> {
    let kept = idempotency::table
        .filter(idempotency::actor.eq(actor))
        .filter(idempotency::key.eq(key))
        .filter(idempotency::fingerprint.eq(fingerprint));
    diesel::delete(kept).execute(connection).await
}
