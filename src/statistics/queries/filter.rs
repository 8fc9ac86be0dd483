//! Which observations a filter selects.

use super::{Joined, latest};
use crate::{
    db::{
        record::{Fixed, is_any, lower, matches},
        schema::{statistics::dsl, vocabularies},
    },
    statistics::{
        filter::{NONE, StatisticFilter},
        model::SHOWN_UNASKED,
    },
    values::place,
};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, PgArrayExpressionMethods,
    QueryDsl, sql_types::Bool,
};
use uuid::Uuid;

/// The observation status of most figures, which no index holds.
const NORMAL: &str = "normal";

diesel::alias! {
    const NAMED: Alias<Named> = vocabularies as named_indicators;
}

/// The observations that a filter selects, with their indicators.
pub fn matching(filter: &StatisticFilter) -> Joined<'_> {
    match filter.by.latest {
        None => narrowed(filter),
        Some(most) => dsl::statistics
            .left_join(vocabularies::table)
            .filter(latest::Latest::of(narrowed(filter), most))
            .into_boxed(),
    }
}

/// The same without regard to which are the latest.
fn narrowed(filter: &StatisticFilter) -> Joined<'_> {
    let mut query = dsl::statistics.left_join(vocabularies::table).into_boxed();
    if let Some(asked) = &filter.access {
        query = query
            .filter(dsl::status.eq_any(asked.statuses()))
            .filter(dsl::visibility.eq_any(asked.visibilities()));
    }
    if let Some(search) = &filter.search {
        query = match search.terms() {
            // Nothing to search for finds nothing.
            "" => query.filter(dsl::id.eq(Uuid::nil())),
            terms => query.filter(matches(dsl::words, terms)),
        };
    }
    if !filter.by.geography.is_empty() {
        query = query.filter(dsl::geography.eq_any(&filter.by.geography));
    }
    if let Some(within) = place::within(&filter.by.within).filter(|_| !filter.by.within.is_empty())
    {
        query = query.filter(dsl::geography.eq_any(within));
    }
    if filter.dated {
        query = query.filter(dsl::period_start.is_not_null());
    }
    if let Some(from) = filter.by.from {
        query = query.filter(dsl::period_end.ge(from));
    }
    if let Some(to) = filter.by.to {
        query = query.filter(dsl::period_start.le(to));
    }
    if !filter.by.source.is_empty() {
        query = query.filter(dsl::sources.overlaps_with(&filter.by.source));
    }
    if !filter.by.unit.is_empty() {
        query = query.filter(dsl::unit.eq_any(&filter.by.unit));
    }
    if !filter.by.observation_status.is_empty() {
        query = query.filter(dsl::observation_status.eq_any(&filter.by.observation_status));
        if !filter.by.observation_status.iter().any(|one| one == NORMAL) {
            // In the words of the index of those that are not, since plans do not look at values.
            query = query.filter(Fixed::<Bool>::new(
                "statistics.observation_status <> 'normal'",
            ));
        }
    }
    query = match filter.by.assessment.is_empty() {
        true => query.filter(dsl::assessment.eq_any(SHOWN_UNASKED)),
        false => query.filter(dsl::assessment.eq_any(&filter.by.assessment)),
    };
    described(of_indicators(query, &filter.indicator), filter)
}

fn of_indicators<'a>(query: Joined<'a>, indicators: &'a [String]) -> Joined<'a> {
    if indicators.is_empty() {
        return query;
    }
    let ids: Vec<Uuid> = indicators
        .iter()
        .filter_map(|one| Uuid::parse_str(one).ok())
        .collect();
    let named = NAMED
        .filter(NAMED.field(vocabularies::vocabulary).eq("indicators"))
        .filter(
            NAMED
                .field(vocabularies::slug)
                .eq_any(indicators)
                .or(NAMED.field(vocabularies::id).eq_any(ids)),
        )
        .select(NAMED.field(vocabularies::id).nullable());
    query.filter(dsl::indicator_id.eq_any(named))
}

/// Narrows by what a figure is broken down by, and by texts in any case.
fn described<'a>(mut query: Joined<'a>, filter: &'a StatisticFilter) -> Joined<'a> {
    let nothing = |texts: &[String]| texts.iter().any(|text| text == NONE);
    if !filter.by.publisher.is_empty() {
        query = query.filter(is_any(lower(dsl::publisher), &filter.by.publisher));
    }
    /// One of these, or nothing where `none` is among them.
    macro_rules! narrow {
        ($texts:expr, $column:expr, $one:expr) => {
            if nothing(&$texts) {
                query = query.filter($column.is_null().or($one));
            } else if !$texts.is_empty() {
                query = query.filter($one);
            }
        };
    }
    narrow!(filter.by.sex, dsl::sex, dsl::sex.eq_any(&filter.by.sex));
    narrow!(
        filter.by.age_band,
        dsl::age_band,
        dsl::age_band.eq_any(&filter.by.age_band)
    );
    narrow!(
        filter.by.exploitation,
        dsl::exploitation,
        dsl::exploitation.eq_any(&filter.by.exploitation)
    );
    narrow!(
        filter.by.population,
        dsl::population,
        is_any(
            lower(dsl::population.assume_not_null()),
            &filter.by.population
        )
    );
    narrow!(
        filter.by.denominator,
        dsl::denominator,
        is_any(
            lower(dsl::denominator.assume_not_null()),
            &filter.by.denominator
        )
    );
    query
}
