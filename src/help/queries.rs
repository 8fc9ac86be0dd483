//! The SQL of what is held in memory: which public records changed after a revision.

use crate::db::schema::changes;
use diesel::{ExpressionMethods, NullableExpressionMethods, QueryDsl, QueryResult};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// The records of some resources that changed after a revision: resource and id, gone or not.
pub async fn changed(
    connection: &mut AsyncPgConnection,
    since: i64,
    resources: &[&str],
) -> QueryResult<Vec<(String, Uuid)>> {
    changes::table
        .filter(changes::revision.gt(since))
        .filter(changes::resource.eq_any(resources))
        .order(changes::revision.asc())
        .select((
            changes::resource.assume_not_null(),
            changes::id.assume_not_null(),
        ))
        .load(connection)
        .await
}
