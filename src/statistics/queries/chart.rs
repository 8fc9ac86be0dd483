//! What a chart is drawn from.

use super::{matching, selection, served};
use crate::{
    db::schema::statistics::dsl,
    statistics::model::{Statistic, StatisticFilter},
    values::view::View,
};
use diesel::{ExpressionMethods, PgSortExpressionMethods, QueryDsl, QueryResult};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// At most this many figures are drawn.
const MOST: i64 = 500;

/// Place and unit of each figure of a selection that has a period.
pub async fn places_and_units(
    connection: &mut AsyncPgConnection,
    filter: &StatisticFilter,
) -> QueryResult<Vec<(String, String)>> {
    matching(filter)
        .filter(dsl::period_start.is_not_null())
        .select((dsl::geography, dsl::unit))
        .order(dsl::geography.asc())
        .load(connection)
        .await
}

/// The figures of a selection that have a period and a unit, by time.
pub async fn for_chart(
    connection: &mut AsyncPgConnection,
    filter: &StatisticFilter,
    unit: &str,
    view: &View,
) -> QueryResult<Vec<Statistic>> {
    let query = matching(filter)
        .filter(dsl::period_start.is_not_null())
        .filter(dsl::unit.eq(unit))
        .select(selection())
        .order((dsl::period_start.asc().nulls_last(), dsl::slug.asc()))
        .limit(MOST);
    served(query.load(connection).await?, view)
}
