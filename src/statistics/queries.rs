//! The SQL of statistics.

pub mod chart;
mod comparison;
mod filter;
mod latest;
mod past;
mod related;
mod series;

pub use comparison::compared;
pub use past::{earlier, find_as_of, superseding};
pub use related::relate;
pub use series::{of_indicator, series, series_batch, units};

use super::filter::{StatisticFilter, StatisticSort};
use super::input::StatisticInput;
use super::model::Statistic;
use crate::values::view::View;
use crate::{
    db::{
        record::{CHUNK, Record, Saved, words},
        schema::{statistics::dsl, vocabularies},
    },
    values::{access::Asked, lexicon::found::Found, number, reference::Reference},
};
use chrono::Datelike;
use diesel::{
    ExpressionMethods, NullableExpressionMethods, PgSortExpressionMethods, QueryDsl, QueryResult,
    dsl::{IntoBoxed, LeftJoin, Nullable},
    pg::Pg,
    upsert::excluded,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use filter::matching;
use uuid::Uuid;

type Selection = (
    (
        dsl::id,
        dsl::slug,
        dsl::status,
        dsl::visibility,
        dsl::revision,
        dsl::created_at,
        dsl::last_modified,
        dsl::document,
    ),
    (
        Nullable<vocabularies::id>,
        Nullable<vocabularies::slug>,
        Nullable<vocabularies::name>,
    ),
);
type Loaded = (Record, (Option<Uuid>, Option<String>, Option<String>));
type Joined<'a> = IntoBoxed<'a, LeftJoin<dsl::statistics, vocabularies::table>, Pg>;

fn selection() -> Selection {
    (
        (
            dsl::id,
            dsl::slug,
            dsl::status,
            dsl::visibility,
            dsl::revision,
            dsl::created_at,
            dsl::last_modified,
            dsl::document,
        ),
        (
            vocabularies::id.nullable(),
            vocabularies::slug.nullable(),
            vocabularies::name.nullable(),
        ),
    )
}

/// How many statistics a filter selects.
pub async fn count(
    connection: &mut AsyncPgConnection,
    filter: &StatisticFilter,
) -> QueryResult<i64> {
    past::at(connection, filter.by.as_of, async |connection| {
        matching(filter).count().get_result(connection).await
    })
    .await
}

/// One page of a selection.
pub async fn list(
    connection: &mut AsyncPgConnection,
    filter: &StatisticFilter,
    sort: StatisticSort,
    (offset, limit): (i64, i64),
    view: &View,
) -> QueryResult<Vec<Statistic>> {
    let page = sorted(matching(filter), sort).offset(offset).limit(limit);
    if filter.by.as_of.is_none() {
        let all = served(page.select(selection()).load(connection).await?, view)?;
        return relate(connection, all).await;
    }
    // Documents of the past are put together when they are read: only those of the page.
    past::at(connection, filter.by.as_of, async |connection| {
        let ids: Vec<Uuid> = page.select(dsl::id).load(connection).await?;
        let mut records = with_ids(connection, &ids, view).await?;
        records.sort_by_key(|one| ids.iter().position(|id| *id == one.id));
        Ok(records)
    })
    .await
}

fn sorted(query: Joined<'_>, sort: StatisticSort) -> Joined<'_> {
    match sort {
        StatisticSort::Title => query.order((dsl::title.asc(), dsl::id.asc())),
        StatisticSort::TitleDescending => query.order((dsl::title.desc(), dsl::id.desc())),
        StatisticSort::Period => query.order((dsl::period_start.asc(), dsl::id.asc())),
        StatisticSort::PeriodDescending => {
            query.order((dsl::period_start.desc().nulls_last(), dsl::id.desc()))
        }
        StatisticSort::Value => query.order((dsl::value.asc(), dsl::id.asc())),
        StatisticSort::ValueDescending => {
            query.order((dsl::value.desc().nulls_last(), dsl::id.desc()))
        }
        StatisticSort::Geography => query.order((dsl::geography.asc(), dsl::id.asc())),
        StatisticSort::GeographyDescending => query.order((dsl::geography.desc(), dsl::id.desc())),
        StatisticSort::PublishedOn => query.order((dsl::published_on.asc(), dsl::id.asc())),
        StatisticSort::PublishedOnDescending => {
            query.order((dsl::published_on.desc().nulls_last(), dsl::id.desc()))
        }
        StatisticSort::LastModified => query.order((dsl::last_modified.asc(), dsl::id.asc())),
        StatisticSort::LastModifiedDescending => {
            query.order((dsl::last_modified.desc(), dsl::id.desc()))
        }
    }
}

/// The next records of a selection after a slug, for streams.
pub async fn batch(
    connection: &mut AsyncPgConnection,
    filter: &StatisticFilter,
    after: Option<String>,
    limit: i64,
    view: &View,
) -> QueryResult<Vec<Statistic>> {
    let mut query = matching(filter)
        .select(selection())
        .order(dsl::slug.asc())
        .limit(limit);
    if let Some(after) = after {
        query = query.filter(dsl::slug.gt(after));
    }
    past::at(connection, filter.by.as_of, async |connection| {
        let all = served(query.load(connection).await?, view)?;
        relate(connection, all).await
    })
    .await
}

/// The observation with an id or a slug.
pub async fn find(
    connection: &mut AsyncPgConnection,
    reference: &str,
    access: Option<&Asked>,
    view: &View,
) -> QueryResult<Statistic> {
    let query = dsl::statistics
        .left_join(vocabularies::table)
        .select(selection());
    let loaded: Loaded = match Uuid::parse_str(reference) {
        Ok(id) => query.filter(dsl::id.eq(id)).first(connection).await?,
        Err(_) => {
            query
                .filter(dsl::slug.eq(reference))
                .first(connection)
                .await?
        }
    };
    Asked::admits(access, loaded.0.status, loaded.0.visibility)
        .then_some(())
        .ok_or(diesel::NotFound)?;
    let all = relate(connection, vec![one(loaded, view)?]).await?;
    all.into_iter().next().ok_or(diesel::NotFound)
}

/// The observations with these ids.
pub async fn with_ids(
    connection: &mut AsyncPgConnection,
    ids: &[Uuid],
    view: &View,
) -> QueryResult<Vec<Statistic>> {
    let query = dsl::statistics
        .left_join(vocabularies::table)
        .filter(dsl::id.eq_any(ids))
        .select(selection());
    let all = served(query.load(connection).await?, view)?;
    relate(connection, all).await
}

fn one((record, indicator): Loaded, view: &View) -> QueryResult<Statistic> {
    let input = record.read::<StatisticInput>()?;
    Ok(Statistic::on(
        view,
        &record,
        Reference::joined(indicator),
        input,
    ))
}

fn served(loaded: Vec<Loaded>, view: &View) -> QueryResult<Vec<Statistic>> {
    loaded.into_iter().map(|loaded| one(loaded, view)).collect()
}

/// Writes records into the table of one side.
pub async fn save(
    connection: &mut AsyncPgConnection,
    saved: &[Saved<'_, StatisticInput>],
) -> QueryResult<()> {
    for chunk in saved.chunks(CHUNK) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|saved| {
                let input = saved.input;
                let sources: Vec<&str> = input
                    .sources
                    .iter()
                    .map(|citation| citation.source.as_str())
                    .collect();
                let critics: Vec<&str> = input
                    .critiques
                    .iter()
                    .map(|critique| critique.source.as_str())
                    .collect();
                let value = input
                    .value
                    .as_deref()
                    .and_then(|value| number::decimal(value).ok());
                let indicator = vocabularies::table
                    .filter(vocabularies::vocabulary.eq("indicators"))
                    .filter(vocabularies::slug.eq(input.indicator.clone()))
                    .select(vocabularies::id)
                    .single_value();
                (
                    dsl::id.eq(saved.id),
                    dsl::created_at.eq(saved.created_at),
                    (
                        dsl::slug.eq(&input.slug),
                        dsl::status.eq(saved.status),
                        dsl::visibility.eq(saved.visibility),
                        dsl::revision.eq(saved.revision),
                        dsl::last_modified.eq(saved.last_modified),
                        dsl::indicator_id.eq(indicator),
                        dsl::title.eq(&input.title),
                        dsl::geography.eq(&input.geography),
                        // A period open at one end is found by the other.
                        dsl::period_start.eq(input.period_start.or(input.period_end)),
                        dsl::period_end.eq(input.period_end.or(input.period_start)),
                        dsl::value.eq(value),
                        dsl::unit.eq(&input.unit),
                        dsl::publisher.eq(&input.publisher),
                        dsl::sources.eq(sources),
                        dsl::assessment.eq(input.assessment.name()),
                        (
                            dsl::baseline.eq(&input.baseline),
                            dsl::distribution.eq(&input.distribution),
                        ),
                        dsl::words.eq(words(&found(input))),
                        dsl::document.eq(&saved.document),
                        dsl::sex.eq(input.sex.as_ref()),
                        dsl::age_band.eq(input.age_band.as_ref()),
                        dsl::exploitation.eq(input.exploitation.as_ref()),
                        dsl::population.eq(input.population.as_ref()),
                        dsl::denominator.eq(input.denominator.as_ref()),
                        dsl::observation_status.eq(input.observation_status.name()),
                        dsl::published_on.eq(input.published_on.as_ref()),
                        dsl::series.eq(latest::key(input, &saved.document)),
                        dsl::critics.eq(critics),
                    ),
                )
            })
            .collect();
        diesel::insert_into(dsl::statistics)
            .values(rows)
            .on_conflict(dsl::id)
            .do_update()
            .set((
                dsl::slug.eq(excluded(dsl::slug)),
                dsl::status.eq(excluded(dsl::status)),
                dsl::visibility.eq(excluded(dsl::visibility)),
                dsl::revision.eq(excluded(dsl::revision)),
                dsl::last_modified.eq(excluded(dsl::last_modified)),
                dsl::indicator_id.eq(excluded(dsl::indicator_id)),
                dsl::title.eq(excluded(dsl::title)),
                dsl::geography.eq(excluded(dsl::geography)),
                dsl::period_start.eq(excluded(dsl::period_start)),
                dsl::period_end.eq(excluded(dsl::period_end)),
                dsl::value.eq(excluded(dsl::value)),
                dsl::unit.eq(excluded(dsl::unit)),
                dsl::publisher.eq(excluded(dsl::publisher)),
                dsl::sources.eq(excluded(dsl::sources)),
                dsl::assessment.eq(excluded(dsl::assessment)),
                dsl::baseline.eq(excluded(dsl::baseline)),
                dsl::distribution.eq(excluded(dsl::distribution)),
                dsl::words.eq(excluded(dsl::words)),
                dsl::document.eq(excluded(dsl::document)),
                dsl::sex.eq(excluded(dsl::sex)),
                dsl::age_band.eq(excluded(dsl::age_band)),
                dsl::exploitation.eq(excluded(dsl::exploitation)),
                dsl::population.eq(excluded(dsl::population)),
                dsl::denominator.eq(excluded(dsl::denominator)),
                dsl::observation_status.eq(excluded(dsl::observation_status)),
                dsl::published_on.eq(excluded(dsl::published_on)),
                dsl::series.eq(excluded(dsl::series)),
                dsl::critics.eq(excluded(dsl::critics)),
            ))
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// What an observation is found by.
fn found(input: &StatisticInput) -> Found {
    let years = [input.period_start, input.period_end].into_iter().flatten();
    let years: Vec<String> = years.map(|day| day.year().to_string()).collect();
    Found::new("statistics", &input.lang)
        .titled(&input.title)
        .titled(&input.slug)
        .described(Some(&input.claim))
        .described(Some(&input.publisher))
        .noted(years.join(" "))
        .noted(input.unit.replace('_', " "))
        .noted(input.population.as_deref().unwrap_or_default())
        .noted(input.method_note.as_deref().unwrap_or_default())
        .placed(std::slice::from_ref(&input.geography))
}
