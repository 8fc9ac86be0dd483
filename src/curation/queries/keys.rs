//! The SQL of keys.

use crate::db::schema::keys;
use chrono::{DateTime, Duration, Utc};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, NullableExpressionMethods, QueryDsl,
    QueryResult, Queryable, Selectable, SelectableHelper,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// A key as it is kept: never the key itself.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = keys, check_for_backend(diesel::pg::Pg))]
pub struct StoredKey {
    /// UUIDv7.
    pub id: Uuid,
    /// Whom it stands for.
    pub name: String,
    /// What it opens.
    pub role: String,
    /// The countries it is limited to; empty for all.
    pub countries: Vec<String>,
    /// SHA-256 of the key.
    pub digest: Vec<u8>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Who made it.
    pub created_by: String,
    /// Until when it opens anything.
    pub expires_at: DateTime<Utc>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it was last used, to the hour.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// All keys, the newest first.
pub async fn all_keys(connection: &mut AsyncPgConnection) -> QueryResult<Vec<StoredKey>> {
    keys::table
        .order(keys::id.desc())
        .select(StoredKey::as_select())
        .load(connection)
        .await
}

/// Adds a key.
pub async fn add_key(connection: &mut AsyncPgConnection, key: &StoredKey) -> QueryResult<usize> {
    diesel::insert_into(keys::table)
        .values(key)
        .execute(connection)
        .await
}

/// Revokes a key, once; says how it stands then.
pub async fn revoke_key(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    at: DateTime<Utc>,
) -> QueryResult<StoredKey> {
    diesel::update(
        keys::table
            .filter(keys::id.eq(id))
            .filter(keys::revoked_at.is_null()),
    )
    .set(keys::revoked_at.eq(at))
    .execute(connection)
    .await?;
    keys::table
        .filter(keys::id.eq(id))
        .select(StoredKey::as_select())
        .first(connection)
        .await
}

/// Notes the use of keys, at most once an hour each.
pub async fn note_use(
    connection: &mut AsyncPgConnection,
    used: &[Uuid],
    at: DateTime<Utc>,
) -> QueryResult<usize> {
    let hour = at - Duration::hours(1);
    diesel::update(
        keys::table.filter(keys::id.eq_any(used)).filter(
            keys::last_used_at
                .is_null()
                .or(keys::last_used_at.assume_not_null().lt(hour)),
        ),
    )
    .set(keys::last_used_at.eq(at))
    .execute(connection)
    .await
}
