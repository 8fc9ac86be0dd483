//! The SQL of the checks among figures.

use super::{Hold, Side, Standing, turn_to, with_ids};
use crate::db::schema::statistics;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, QueryDsl, QueryResult,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// The figures that are measured from one of these baselines or belong to one of these distributions.
pub async fn related(
    connection: &mut AsyncPgConnection,
    baselines: &[&str],
    distributions: &[&str],
    hold: Hold,
) -> QueryResult<Vec<Standing>> {
    turn_to(connection, Side::Ledger).await?;
    let of_baseline = statistics::baseline.assume_not_null().eq_any(baselines);
    let of_distribution = statistics::distribution
        .assume_not_null()
        .eq_any(distributions);
    let ids: Vec<Uuid> = statistics::table
        .filter(of_baseline.or(of_distribution))
        .select(statistics::id)
        .load(connection)
        .await?;
    turn_to(connection, Side::Published).await?;
    with_ids(connection, &ids, hold).await
}
