//! The SQL of checks that are kept, to be applied by a second person.

use crate::db::schema::imports;
use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, QueryDsl, QueryResult, Queryable, Selectable,
    SelectableHelper,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::Value;

/// A check, without what was checked.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = imports, check_for_backend(diesel::pg::Pg))]
pub struct KeptCheck {
    /// SHA-256 of what was checked.
    pub digest: Vec<u8>,
    /// In which form it was brought.
    pub form: String,
    /// What was found.
    pub report: Value,
    /// The last revision of the directory then.
    pub revision: i64,
    /// Who checked it.
    pub checked_by: String,
    /// When.
    pub checked_at: DateTime<Utc>,
    /// Until when it can be applied.
    pub expires_at: DateTime<Utc>,
    /// Who applied it.
    pub applied_by: Option<String>,
    /// When.
    pub applied_at: Option<DateTime<Utc>>,
    /// The last revision of the directory after.
    pub applied_revision: Option<i64>,
}

/// A check that is new.
#[derive(Debug, Insertable)]
#[diesel(table_name = imports)]
pub struct NewCheck<'a> {
    /// SHA-256 of what was checked.
    pub digest: &'a [u8],
    /// In which form it was brought.
    pub form: &'a str,
    /// What was checked, to the byte.
    pub content: &'a [u8],
    /// The same files with what was found beside each row, as a zip file.
    pub annotated: &'a [u8],
    /// What was found.
    pub report: Value,
    /// The last revision of the directory then.
    pub revision: i64,
    /// Who checked it.
    pub checked_by: &'a str,
    /// When.
    pub checked_at: DateTime<Utc>,
    /// Until when it can be applied.
    pub expires_at: DateTime<Utc>,
}

/// Keeps a check in place of an earlier one of the same, of which stays who applied it, and drops what has expired.
pub async fn keep_check(
    connection: &mut AsyncPgConnection,
    check: &NewCheck<'_>,
) -> QueryResult<KeptCheck> {
    let expired = imports::table.filter(imports::expires_at.le(check.checked_at));
    diesel::delete(expired).execute(connection).await?;
    diesel::insert_into(imports::table)
        .values(check)
        .on_conflict(imports::digest)
        .do_update()
        .set((
            imports::form.eq(check.form),
            imports::content.eq(check.content),
            imports::annotated.eq(check.annotated),
            imports::report.eq(&check.report),
            imports::revision.eq(check.revision),
            imports::checked_by.eq(check.checked_by),
            imports::checked_at.eq(check.checked_at),
            imports::expires_at.eq(check.expires_at),
        ))
        .returning(KeptCheck::as_select())
        .get_result(connection)
        .await
}

/// The checks that have not expired, the newest first.
pub async fn kept_checks(
    connection: &mut AsyncPgConnection,
    now: DateTime<Utc>,
) -> QueryResult<Vec<KeptCheck>> {
    imports::table
        .filter(imports::expires_at.gt(now))
        .order((imports::checked_at.desc(), imports::digest.asc()))
        .select(KeptCheck::as_select())
        .load(connection)
        .await
}

/// A check that has not expired.
pub async fn kept_check(
    connection: &mut AsyncPgConnection,
    digest: &[u8],
    now: DateTime<Utc>,
) -> QueryResult<Option<KeptCheck>> {
    imports::table
        .filter(imports::digest.eq(digest))
        .filter(imports::expires_at.gt(now))
        .select(KeptCheck::as_select())
        .first(connection)
        .await
        .optional()
}

/// The files with what was found beside each row.
pub async fn annotated_files(
    connection: &mut AsyncPgConnection,
    digest: &[u8],
    now: DateTime<Utc>,
) -> QueryResult<Option<Vec<u8>>> {
    imports::table
        .filter(imports::digest.eq(digest))
        .filter(imports::expires_at.gt(now))
        .select(imports::annotated)
        .first(connection)
        .await
        .optional()
}

/// A check with what was checked, for whoever applies it, until the transaction ends; `None` while
/// somebody else does, and when there is none.
pub async fn claim_check(
    connection: &mut AsyncPgConnection,
    digest: &[u8],
    now: DateTime<Utc>,
) -> QueryResult<Option<(KeptCheck, Vec<u8>)>> {
    imports::table
        .filter(imports::digest.eq(digest))
        .filter(imports::expires_at.gt(now))
        .select((KeptCheck::as_select(), imports::content))
        .for_update()
        .skip_locked()
        .first(connection)
        .await
        .optional()
}

/// Notes that a check was applied.
pub async fn note_applied(
    connection: &mut AsyncPgConnection,
    digest: &[u8],
    by: &str,
    at: DateTime<Utc>,
    revision: i64,
) -> QueryResult<usize> {
    diesel::update(imports::table.filter(imports::digest.eq(digest)))
        .set((
            imports::applied_by.eq(by),
            imports::applied_at.eq(at),
            imports::applied_revision.eq(revision),
        ))
        .execute(connection)
        .await
}
