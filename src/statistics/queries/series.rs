//! Figures of one indicator by geography and period.

use super::{Joined, filter::matching, past, related::changes};
use crate::{
    db::{
        record::Record,
        schema::{statistics::dsl, vocabularies},
    },
    statistics::{
        filter::{Narrowing, StatisticFilter},
        model::ASSESSMENTS,
        series::SeriesRow,
    },
};
use chrono::NaiveDate;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, QueryDsl, QueryResult,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Deserialize;
use uuid::Uuid;

/// Figures of an indicator, by its slug or id: those that are broken down too where it has no others
/// and nobody asked for a breakdown.
pub async fn of_indicator(
    connection: &mut AsyncPgConnection,
    reference: &str,
    mut filter: StatisticFilter,
) -> QueryResult<StatisticFilter> {
    filter.indicator = vec![indicator(connection, reference).await?];
    if filter.or_broken_down {
        let mut whole = filter.clone();
        whole.by = Narrowing {
            assessment: ASSESSMENTS.map(str::to_owned).into(),
            as_of: filter.by.as_of,
            ..Narrowing::without_breakdown()
        };
        if super::count(connection, &whole).await? == 0 {
            filter.by.sex.clear();
            filter.by.age_band.clear();
            filter.by.exploitation.clear();
        }
    }
    Ok(filter)
}

/// The slug of a public indicator.
async fn indicator(connection: &mut AsyncPgConnection, reference: &str) -> QueryResult<String> {
    let query = vocabularies::table
        .filter(vocabularies::vocabulary.eq("indicators"))
        .select(vocabularies::slug)
        .into_boxed();
    let query = match Uuid::parse_str(reference) {
        Ok(id) => query.filter(vocabularies::id.eq(id)),
        Err(_) => query.filter(vocabularies::slug.eq(reference)),
    };
    query.first(connection).await
}

/// The units of a series.
pub async fn units(
    connection: &mut AsyncPgConnection,
    filter: &StatisticFilter,
) -> QueryResult<Vec<String>> {
    past::at(connection, filter.by.as_of, async |connection| {
        let units = matching(filter).select(dsl::unit).distinct();
        units.order(dsl::unit.asc()).load(connection).await
    })
    .await
}

/// Rows of a series, by geography, then by period.
pub async fn series(
    connection: &mut AsyncPgConnection,
    filter: &StatisticFilter,
    (offset, limit): (i64, i64),
) -> QueryResult<Vec<SeriesRow>> {
    past::at(connection, filter.by.as_of, async |connection| {
        rows(connection, matching(filter).offset(offset).limit(limit)).await
    })
    .await
}

/// The next rows of a series after a place in it, for streams.
pub async fn series_batch(
    connection: &mut AsyncPgConnection,
    filter: &StatisticFilter,
    after: Option<String>,
    limit: i64,
) -> QueryResult<Vec<SeriesRow>> {
    let mut query = matching(filter).limit(limit);
    if let Some((geography, start, end, slug)) = after.as_deref().and_then(place) {
        query = query.filter(
            dsl::geography.gt(geography.clone()).or(dsl::geography
                .eq(geography)
                .and(dsl::period_start.assume_not_null().ge(start))
                .and(
                    dsl::period_start
                        .assume_not_null()
                        .gt(start)
                        .or(dsl::period_end.assume_not_null().gt(end))
                        .or(dsl::period_end
                            .assume_not_null()
                            .eq(end)
                            .and(dsl::slug.gt(slug))),
                )),
        );
    }
    past::at(connection, filter.by.as_of, async |connection| {
        rows(connection, query).await
    })
    .await
}

/// A place in a series: geography, first and last day, slug.
fn place(text: &str) -> Option<(String, NaiveDate, NaiveDate, String)> {
    let parts: Vec<&str> = text.split('|').collect();
    let [geography, start, end, slug] = parts[..] else {
        return None;
    };
    let owned = (geography.to_owned(), slug.to_owned());
    Some((owned.0, start.parse().ok()?, end.parse().ok()?, owned.1))
}

/// Of a figure's document what it is compared with.
#[derive(Deserialize)]
struct Compared {
    baseline: Option<String>,
}

pub async fn rows(
    connection: &mut AsyncPgConnection,
    query: Joined<'_>,
) -> QueryResult<Vec<SeriesRow>> {
    let records: Vec<Record> = query
        .order((
            dsl::geography.asc(),
            dsl::period_start.asc(),
            dsl::period_end.asc(),
            dsl::slug.asc(),
        ))
        .select(super::selection().0)
        .load(connection)
        .await?;
    let compared = |record: &Record| Ok((record.id, record.read::<Compared>()?.baseline));
    let compared: QueryResult<Vec<_>> = records.iter().map(compared).collect();
    let compared = compared?;
    let named = compared
        .iter()
        .filter_map(|(id, baseline)| Some((*id, baseline.as_deref()?)));
    let mut changes = changes(connection, &named.collect::<Vec<_>>()).await?;
    let rows = records.iter();
    rows.map(|record| SeriesRow::of(record, changes.remove(&record.id)))
        .collect()
}
