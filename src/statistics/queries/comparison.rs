//! What different publishers and sources say of the same.

use super::{filter::matching, past, series::rows};
use crate::{
    db::schema::statistics::dsl,
    statistics::{
        filter::StatisticFilter,
        series::{Comparison, SeriesRow},
    },
};
use chrono::NaiveDate;
use diesel::{
    AggregateExpressionMethods, BoolExpressionMethods, ExpressionMethods, QueryDsl, QueryResult,
    dsl::count,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::BTreeMap;

/// What figures have in common that are compared.
type Same = (
    String,
    Option<NaiveDate>,
    Option<NaiveDate>,
    Option<String>,
    Option<String>,
    Option<String>,
    String,
);

/// One page of the comparisons of a selection by geography and period, and how many there are.
pub async fn compared(
    connection: &mut AsyncPgConnection,
    filter: &StatisticFilter,
    (offset, limit): (i64, i64),
) -> QueryResult<(Vec<Comparison>, i64)> {
    past::at(connection, filter.by.as_of, async |connection| {
        let all: Vec<Same> = dsl::statistics
            .filter(dsl::id.eq_any(matching(filter).select(dsl::id)))
            .group_by((
                dsl::geography,
                dsl::period_start,
                dsl::period_end,
                dsl::sex,
                dsl::age_band,
                dsl::exploitation,
                dsl::unit,
            ))
            .having(
                count(dsl::publisher)
                    .aggregate_distinct()
                    .gt(1)
                    .or(count(dsl::sources).aggregate_distinct().gt(1)),
            )
            .select((
                dsl::geography,
                dsl::period_start,
                dsl::period_end,
                dsl::sex,
                dsl::age_band,
                dsl::exploitation,
                dsl::unit,
            ))
            .load(connection)
            .await?;
        let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let mut all = all;
        all.sort();
        let skip = usize::try_from(offset).unwrap_or(usize::MAX);
        let take = usize::try_from(limit).unwrap_or(0);
        let page: Vec<Same> = all.into_iter().skip(skip).take(take).collect();
        let places: Vec<&String> = page.iter().map(|same| &same.0).collect();
        let days: Vec<Option<NaiveDate>> = page.iter().map(|same| same.1).collect();
        let figures = matching(filter)
            .filter(dsl::geography.eq_any(places))
            .filter(dsl::period_start.eq_any(days));
        let mut by_same: BTreeMap<Same, Vec<SeriesRow>> = BTreeMap::new();
        for figure in rows(connection, figures).await? {
            by_same.entry(same(&figure)).or_default().push(figure);
        }
        let figures = page.iter().filter_map(|same| by_same.remove(same));
        Ok((figures.filter_map(Comparison::of).collect(), total))
    })
    .await
}

fn same(figure: &SeriesRow) -> Same {
    let (start, end) = (figure.period.start, figure.period.end);
    (
        figure.geography.clone(),
        start.or(end),
        end.or(start),
        figure.dimensions.sex.clone(),
        figure.dimensions.age_band.clone(),
        figure.dimensions.exploitation.clone(),
        figure.unit.clone(),
    )
}
