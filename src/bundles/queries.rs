//! The SQL of bundles.

use crate::db::schema::changes;
use diesel::{
    ExpressionMethods, NullableExpressionMethods, PgArrayExpressionMethods, QueryDsl, QueryResult,
    QueryableByName, sql_query,
    sql_types::{Array, Int8, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// The last change of a resource in an area.
#[derive(Debug, QueryableByName)]
pub struct LastChange {
    /// The noun of the resource.
    #[diesel(sql_type = Text)]
    pub resource: String,
    /// A country, or a wider area.
    #[diesel(sql_type = Text)]
    pub area: String,
    /// Its revision.
    #[diesel(sql_type = Int8)]
    pub revision: i64,
}

/// The last change of each of these resources in each area where its records are or were met.
pub async fn last_changes(
    connection: &mut AsyncPgConnection,
    resources: &[&str],
) -> QueryResult<Vec<LastChange>> {
    sql_query(
        "select resource, area, max(revision) as revision from changes, unnest(countries || former_countries) area
         where resource = any($1) group by resource, area",
    )
    .bind::<Array<Text>, _>(resources)
    .load(connection)
    .await
}

/// The public records of these resources that are met in one of these areas: resource and id.
pub async fn met(
    connection: &mut AsyncPgConnection,
    resources: &[&str],
    reach: &[String],
) -> QueryResult<Vec<(String, Uuid)>> {
    changes::table
        .filter(changes::slug.is_not_null())
        .filter(changes::resource.assume_not_null().eq_any(resources))
        .filter(changes::countries.assume_not_null().overlaps_with(reach))
        .select((
            changes::resource.assume_not_null(),
            changes::id.assume_not_null(),
        ))
        .load(connection)
        .await
}
