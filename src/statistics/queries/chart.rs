//! What a chart is drawn from.

use super::{filter::matching, selection, served};
use crate::{
    db::schema::statistics::dsl,
    statistics::{filter::StatisticFilter, model::Statistic},
    values::view::View,
};
use diesel::{ExpressionMethods, QueryDsl, QueryResult};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// At most this many figures are drawn.
const MOST: i64 = 500;

/// Place and unit of each figure of a selection.
pub async fn places_and_units(
    connection: &mut AsyncPgConnection,
    filter: &StatisticFilter,
) -> QueryResult<Vec<(String, String)>> {
    matching(filter)
        .select((dsl::geography, dsl::unit))
        .order(dsl::geography.asc())
        .load(connection)
        .await
}

/// The figures of a selection by time.
pub async fn for_chart(
    connection: &mut AsyncPgConnection,
    filter: &StatisticFilter,
    view: &View,
) -> QueryResult<Vec<Statistic>> {
    let query = matching(filter)
        .select(selection())
        .order((dsl::period_start.asc(), dsl::slug.asc()))
        .limit(MOST);
    served(query.load(connection).await?, view)
}
