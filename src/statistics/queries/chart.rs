//! What a chart is drawn from.

use super::{Joined, filter::matching, selection, served};
use crate::{
    db::schema::statistics::dsl,
    statistics::{filter::StatisticFilter, model::Statistic, pictures::Common},
    values::view::View,
};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, PgAnyJsonExpressionMethods, PgExpressionMethods,
    QueryDsl, QueryResult, dsl::count_star,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// At most this many figures are drawn.
const MOST: i64 = 500;

/// Places and units of a selection, and how many figures have them.
pub async fn places_and_units(
    connection: &mut AsyncPgConnection,
    filter: &StatisticFilter,
) -> QueryResult<Vec<(String, String, i64)>> {
    dsl::statistics
        .filter(dsl::id.eq_any(matching(filter).select(dsl::id)))
        .group_by((dsl::geography, dsl::unit))
        .select((dsl::geography, dsl::unit, count_star()))
        .load(connection)
        .await
}

/// What figures of a selection that can be drawn have in common, and how many have it.
pub async fn in_common(
    connection: &mut AsyncPgConnection,
    filter: &StatisticFilter,
) -> QueryResult<Vec<(Common, i64)>> {
    let common = (
        dsl::sex,
        dsl::age_band,
        dsl::exploitation,
        dsl::population,
        dsl::denominator,
    );
    dsl::statistics
        .filter(dsl::id.eq_any(drawable(filter).select(dsl::id)))
        .group_by(common)
        .select((common, count_star()))
        .load(connection)
        .await
}

/// The latest figures of a selection that have this in common, by time.
pub async fn for_chart(
    connection: &mut AsyncPgConnection,
    filter: &StatisticFilter,
    (sex, age_band, exploitation, population, denominator): &Common,
    view: &View,
) -> QueryResult<Vec<Statistic>> {
    let query = drawable(filter)
        .filter(dsl::sex.is_not_distinct_from(sex))
        .filter(dsl::age_band.is_not_distinct_from(age_band))
        .filter(dsl::exploitation.is_not_distinct_from(exploitation))
        .filter(dsl::population.is_not_distinct_from(population))
        .filter(dsl::denominator.is_not_distinct_from(denominator))
        .select(selection())
        .order((dsl::period_start.desc(), dsl::slug.desc()))
        .limit(MOST);
    let mut figures = served(query.load(connection).await?, view)?;
    figures.reverse();
    Ok(figures)
}

/// Figures of a period of which both ends are known, without what named parts leave, which is no figure of anything
/// named. Documents are read where the columns leave it open alone, since that takes longer than all else: the columns
/// of a period that is open repeat the other end, and only in a distribution is anything left.
fn drawable(filter: &StatisticFilter) -> Joined<'_> {
    let text = |name| dsl::document.retrieve_as_text(name);
    let closed = text("period_start")
        .is_not_null()
        .and(text("period_end").is_not_null());
    let named = text("share").is_distinct_from("remainder");
    matching(filter)
        .filter(
            dsl::period_start
                .is_distinct_from(dsl::period_end)
                .or(closed),
        )
        .filter(dsl::distribution.is_null().or(named))
}
