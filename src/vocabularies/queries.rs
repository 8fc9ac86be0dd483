//! The SQL of vocabularies.

use super::model::{
    CountryInput, Coverage, IndicatorInput, PopulationInput, SourceInput, TopicInput,
};
use crate::db::{
    record::{Record, Saved, words},
    schema::{hotlines, organizations, regional_contacts, vocabularies::dsl},
};
use crate::values::place;
use diesel::{ExpressionMethods, QueryDsl, QueryResult, dsl::count_star};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;

type Selection = (
    dsl::id,
    dsl::slug,
    dsl::revision,
    dsl::created_at,
    dsl::last_modified,
    dsl::document,
);

fn selection() -> Selection {
    (
        dsl::id,
        dsl::slug,
        dsl::revision,
        dsl::created_at,
        dsl::last_modified,
        dsl::document,
    )
}

/// How many terms a vocabulary has.
pub async fn count(connection: &mut AsyncPgConnection, vocabulary: &str) -> QueryResult<i64> {
    dsl::vocabularies
        .filter(dsl::vocabulary.eq(vocabulary))
        .count()
        .get_result(connection)
        .await
}

/// One page of a vocabulary, by name.
pub async fn list(
    connection: &mut AsyncPgConnection,
    vocabulary: &str,
    (offset, limit): (i64, i64),
) -> QueryResult<Vec<Record>> {
    dsl::vocabularies
        .filter(dsl::vocabulary.eq(vocabulary))
        .order((dsl::name.asc(), dsl::id.asc()))
        .offset(offset)
        .limit(limit)
        .select(selection())
        .load(connection)
        .await
}

/// The next terms of a vocabulary after a slug, for streams.
pub async fn batch(
    connection: &mut AsyncPgConnection,
    vocabulary: &str,
    after: Option<String>,
    limit: i64,
) -> QueryResult<Vec<Record>> {
    dsl::vocabularies
        .filter(dsl::vocabulary.eq(vocabulary))
        .filter(dsl::slug.gt(after.unwrap_or_default()))
        .order(dsl::slug.asc())
        .limit(limit)
        .select(selection())
        .load(connection)
        .await
}

/// The term with an id or a slug.
pub async fn find(
    connection: &mut AsyncPgConnection,
    vocabulary: &str,
    reference: &str,
) -> QueryResult<Record> {
    let query = dsl::vocabularies
        .filter(dsl::vocabulary.eq(vocabulary))
        .select(selection());
    match Uuid::parse_str(reference) {
        Ok(id) => query.filter(dsl::id.eq(id)).first(connection).await,
        Err(_) => {
            query
                .filter(dsl::slug.eq(reference))
                .first(connection)
                .await
        }
    }
}

/// The terms with these slugs.
pub async fn named(
    connection: &mut AsyncPgConnection,
    vocabulary: &str,
    slugs: &[String],
) -> QueryResult<Vec<Record>> {
    dsl::vocabularies
        .filter(dsl::vocabulary.eq(vocabulary))
        .filter(dsl::slug.eq_any(slugs))
        .order(dsl::slug.asc())
        .select(selection())
        .load(connection)
        .await
}

/// How much the directory holds about each country.
pub async fn coverage(
    connection: &mut AsyncPgConnection,
) -> QueryResult<HashMap<String, Coverage>> {
    let mut coverage: HashMap<String, Coverage> = HashMap::new();
    let seats: Vec<(Option<String>, i64)> = organizations::table
        .group_by(organizations::country)
        .select((organizations::country, count_star()))
        .load(connection)
        .await?;
    for (country, count) in seats {
        coverage
            .entry(country.unwrap_or_default())
            .or_default()
            .organizations = count;
    }
    let lines: Vec<(Vec<String>, i64)> = hotlines::table
        .group_by(hotlines::countries)
        .select((hotlines::countries, count_star()))
        .load(connection)
        .await?;
    for (countries, count) in lines {
        for country in countries {
            coverage.entry(country).or_default().hotlines += count;
        }
    }
    let offices: Vec<(Vec<String>, i64)> = regional_contacts::table
        .group_by(regional_contacts::serves_countries)
        .select((regional_contacts::serves_countries, count_star()))
        .load(connection)
        .await?;
    for (countries, count) in offices {
        for country in countries {
            coverage.entry(country).or_default().regional_contacts += count;
        }
    }
    Ok(coverage)
}

/// Writes a topic.
pub async fn save_topic(
    connection: &mut AsyncPgConnection,
    saved: &Saved<'_, TopicInput>,
) -> QueryResult<usize> {
    let input = saved.input;
    save(
        connection,
        saved,
        "topics",
        &input.slug,
        &input.name,
        &input.description,
    )
    .await
}

/// Writes a population.
pub async fn save_population(
    connection: &mut AsyncPgConnection,
    saved: &Saved<'_, PopulationInput>,
) -> QueryResult<usize> {
    let input = saved.input;
    save(
        connection,
        saved,
        "populations",
        &input.slug,
        &input.name,
        &input.description,
    )
    .await
}

/// Writes a source.
pub async fn save_source(
    connection: &mut AsyncPgConnection,
    saved: &Saved<'_, SourceInput>,
) -> QueryResult<usize> {
    let input = saved.input;
    save(
        connection,
        saved,
        "sources",
        &input.slug,
        &input.title,
        input.publisher.as_deref().unwrap_or_default(),
    )
    .await
}

/// Writes an indicator.
pub async fn save_indicator(
    connection: &mut AsyncPgConnection,
    saved: &Saved<'_, IndicatorInput>,
) -> QueryResult<usize> {
    let input = saved.input;
    save(
        connection,
        saved,
        "indicators",
        &input.slug,
        &input.title,
        &input.definition,
    )
    .await
}

/// Writes a country.
pub async fn save_country(
    connection: &mut AsyncPgConnection,
    saved: &Saved<'_, CountryInput>,
) -> QueryResult<usize> {
    let code = &saved.input.slug;
    let name = place::Country::parse(code).map_or(code.as_str(), |country| country.name);
    save(connection, saved, "countries", code, name, "").await
}

async fn save<T: Serialize>(
    connection: &mut AsyncPgConnection,
    saved: &Saved<'_, T>,
    vocabulary: &'static str,
    slug: &str,
    name: &str,
    prose: &str,
) -> QueryResult<usize> {
    let values = (
        dsl::slug.eq(slug),
        dsl::revision.eq(saved.revision),
        dsl::last_modified.eq(saved.last_modified),
        dsl::vocabulary.eq(vocabulary),
        dsl::name.eq(name),
        dsl::words.eq(words(&[name, slug, prose])),
        dsl::document.eq(&saved.document),
    );
    diesel::insert_into(dsl::vocabularies)
        .values((
            dsl::id.eq(saved.id),
            dsl::created_at.eq(saved.created_at),
            values.clone(),
        ))
        .on_conflict(dsl::id)
        .do_update()
        .set(values)
        .execute(connection)
        .await
}
