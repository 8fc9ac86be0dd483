//! The SQL of statistics.

pub mod chart;
mod related;

pub use related::relate;

use super::input::StatisticInput;
use super::model::{SHOWN_UNASKED, Statistic, StatisticFilter, StatisticSort};
use crate::values::view::View;
use crate::{
    db::{
        record::{CHUNK, Record, Saved, lower, matches, words},
        schema::{statistics::dsl, vocabularies},
    },
    values::{access::Asked, lexicon::found::Found, number, reference::Reference},
};
use chrono::Datelike;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, PgArrayExpressionMethods,
    PgSortExpressionMethods, QueryDsl, QueryResult,
    dsl::{IntoBoxed, LeftJoin, Nullable},
    pg::Pg,
    upsert::excluded,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

diesel::alias! {
    const NAMED: Alias<Named> = vocabularies as named_indicators;
}

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

fn matching(filter: &StatisticFilter) -> Joined<'_> {
    let mut query = dsl::statistics.left_join(vocabularies::table).into_boxed();
    if let Some(asked) = &filter.access {
        query = query
            .filter(dsl::status.eq_any(asked.statuses()))
            .filter(dsl::visibility.eq_any(asked.visibilities()));
    }
    if let Some(search) = &filter.search {
        query = match search.as_str() {
            // Nothing to search for finds nothing.
            "" => query.filter(dsl::id.eq(Uuid::nil())),
            terms => query.filter(matches(dsl::words, terms)),
        };
    }
    if !filter.geography.is_empty() {
        query = query.filter(dsl::geography.eq_any(&filter.geography));
    }
    if let Some(from) = filter.from {
        query = query.filter(dsl::period_end.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(dsl::period_start.le(to));
    }
    if !filter.publisher.is_empty() {
        let publishers: Vec<String> = filter
            .publisher
            .iter()
            .map(|name| name.to_lowercase())
            .collect();
        query = query.filter(lower(dsl::publisher).eq_any(publishers));
    }
    if !filter.source.is_empty() {
        query = query.filter(dsl::sources.overlaps_with(&filter.source));
    }
    query = match filter.assessment.is_empty() {
        true => query.filter(dsl::assessment.eq_any(SHOWN_UNASKED)),
        false => query.filter(dsl::assessment.eq_any(&filter.assessment)),
    };
    if !filter.indicator.is_empty() {
        let ids: Vec<Uuid> = filter
            .indicator
            .iter()
            .filter_map(|one| Uuid::parse_str(one).ok())
            .collect();
        let named = NAMED
            .filter(NAMED.field(vocabularies::vocabulary).eq("indicators"))
            .filter(
                NAMED
                    .field(vocabularies::slug)
                    .eq_any(&filter.indicator)
                    .or(NAMED.field(vocabularies::id).eq_any(ids)),
            )
            .select(NAMED.field(vocabularies::id).nullable());
        query = query.filter(dsl::indicator_id.eq_any(named));
    }
    query
}

/// How many statistics a filter selects.
pub async fn count(
    connection: &mut AsyncPgConnection,
    filter: &StatisticFilter,
) -> QueryResult<i64> {
    matching(filter).count().get_result(connection).await
}

/// One page of a selection.
pub async fn list(
    connection: &mut AsyncPgConnection,
    filter: &StatisticFilter,
    sort: StatisticSort,
    (offset, limit): (i64, i64),
    view: &View,
) -> QueryResult<Vec<Statistic>> {
    let query = matching(filter)
        .select(selection())
        .offset(offset)
        .limit(limit);
    let query = match sort {
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
        StatisticSort::LastModified => query.order((dsl::last_modified.asc(), dsl::id.asc())),
        StatisticSort::LastModifiedDescending => {
            query.order((dsl::last_modified.desc(), dsl::id.desc()))
        }
    };
    let all = served(query.load(connection).await?, view)?;
    relate(connection, all).await
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
    let all = served(query.load(connection).await?, view)?;
    relate(connection, all).await
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
    Asked::admits(access, &loaded.0.status, &loaded.0.visibility)
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
