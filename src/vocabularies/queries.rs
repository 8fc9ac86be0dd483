//! The SQL of vocabularies.

use super::country::Coverage;
use super::input::{
    CountryInput, IndicatorInput, PopulationInput, SourceInput, SynonymInput, TopicInput,
};
use crate::db::{
    record::{CHUNK, Record, Saved, words},
    schema::{
        hotlines, organizations, regional_contacts,
        vocabularies::{self, BoxedQuery, dsl},
    },
};
use crate::values::{access::Asked, lexicon::found::Found, place, translation::TranslationInput};
use diesel::{ExpressionMethods, QueryDsl, QueryResult, dsl::count_star, pg::Pg, upsert::excluded};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::HashMap;
use uuid::Uuid;

type Selection = (
    dsl::id,
    dsl::slug,
    dsl::status,
    dsl::visibility,
    dsl::revision,
    dsl::created_at,
    dsl::last_modified,
    dsl::document,
);

fn selection() -> Selection {
    (
        dsl::id,
        dsl::slug,
        dsl::status,
        dsl::visibility,
        dsl::revision,
        dsl::created_at,
        dsl::last_modified,
        dsl::document,
    )
}

/// The terms of a vocabulary that a reader may see.
fn admitted<'a>(vocabulary: &'a str, access: Option<&Asked>) -> BoxedQuery<'a, Pg> {
    let query = vocabularies::table
        .filter(dsl::vocabulary.eq(vocabulary))
        .into_boxed();
    match access {
        Some(asked) => query
            .filter(dsl::status.eq_any(asked.statuses()))
            .filter(dsl::visibility.eq_any(asked.visibilities())),
        None => query,
    }
}

/// How many terms a vocabulary has.
pub async fn count(
    connection: &mut AsyncPgConnection,
    vocabulary: &str,
    access: Option<&Asked>,
) -> QueryResult<i64> {
    admitted(vocabulary, access)
        .count()
        .get_result(connection)
        .await
}

/// One page of a vocabulary, by name.
pub async fn list(
    connection: &mut AsyncPgConnection,
    vocabulary: &str,
    access: Option<&Asked>,
    (offset, limit): (i64, i64),
) -> QueryResult<Vec<Record>> {
    admitted(vocabulary, access)
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
    access: Option<&Asked>,
    after: Option<String>,
    limit: i64,
) -> QueryResult<Vec<Record>> {
    admitted(vocabulary, access)
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
    access: Option<&Asked>,
) -> QueryResult<Record> {
    let query = admitted(vocabulary, access).select(selection());
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
    access: Option<&Asked>,
) -> QueryResult<Vec<Record>> {
    admitted(vocabulary, access)
        .filter(dsl::slug.eq_any(slugs))
        .order(dsl::slug.asc())
        .select(selection())
        .load(connection)
        .await
}

/// The terms with these ids.
pub async fn with_ids(
    connection: &mut AsyncPgConnection,
    vocabulary: &str,
    ids: &[Uuid],
) -> QueryResult<Vec<Record>> {
    admitted(vocabulary, None)
        .filter(dsl::id.eq_any(ids))
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

/// A term on its way into its vocabulary.
pub trait Term {
    /// The vocabulary.
    const VOCABULARY: &'static str;
    /// What it is named by.
    fn slug(&self) -> &str;
    /// What to show.
    fn name(&self) -> &str;
    /// What it is found by besides.
    fn prose(&self) -> &str;
    /// The same in other languages.
    fn translations(&self) -> &[TranslationInput] {
        &[]
    }
}

impl Term for TopicInput {
    const VOCABULARY: &'static str = "topics";

    fn slug(&self) -> &str {
        &self.slug
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn prose(&self) -> &str {
        &self.description
    }

    fn translations(&self) -> &[TranslationInput] {
        &self.translations
    }
}

impl Term for PopulationInput {
    const VOCABULARY: &'static str = "populations";

    fn slug(&self) -> &str {
        &self.slug
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn prose(&self) -> &str {
        &self.description
    }

    fn translations(&self) -> &[TranslationInput] {
        &self.translations
    }
}

impl Term for SourceInput {
    const VOCABULARY: &'static str = "sources";

    fn slug(&self) -> &str {
        &self.slug
    }

    fn name(&self) -> &str {
        &self.title
    }

    fn prose(&self) -> &str {
        self.publisher.as_deref().unwrap_or_default()
    }
}

impl Term for IndicatorInput {
    const VOCABULARY: &'static str = "indicators";

    fn slug(&self) -> &str {
        &self.slug
    }

    fn name(&self) -> &str {
        &self.title
    }

    fn prose(&self) -> &str {
        &self.definition
    }

    fn translations(&self) -> &[TranslationInput] {
        &self.translations
    }
}

impl Term for SynonymInput {
    const VOCABULARY: &'static str = "synonyms";

    fn slug(&self) -> &str {
        &self.slug
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn prose(&self) -> &str {
        ""
    }
}

impl Term for CountryInput {
    const VOCABULARY: &'static str = "countries";

    fn slug(&self) -> &str {
        &self.slug
    }

    fn name(&self) -> &str {
        place::Country::parse(&self.slug).map_or(&self.slug, |country| country.name)
    }

    fn prose(&self) -> &str {
        ""
    }
}

/// What a term is found by.
fn found<T: Term>(term: &T) -> Found {
    Found::new(T::VOCABULARY, "en")
        .named(term.name())
        .named(term.slug())
        .noted(term.prose())
        .translated(term.translations())
}

/// Writes terms.
pub async fn save<T: Term>(
    connection: &mut AsyncPgConnection,
    saved: &[Saved<'_, T>],
) -> QueryResult<()> {
    for chunk in saved.chunks(CHUNK) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|saved| {
                let input = saved.input;
                (
                    dsl::id.eq(saved.id),
                    dsl::created_at.eq(saved.created_at),
                    dsl::slug.eq(input.slug()),
                    dsl::status.eq(saved.status),
                    dsl::visibility.eq(saved.visibility),
                    dsl::revision.eq(saved.revision),
                    dsl::last_modified.eq(saved.last_modified),
                    dsl::vocabulary.eq(T::VOCABULARY),
                    dsl::name.eq(input.name()),
                    dsl::words.eq(words(&found(input))),
                    dsl::document.eq(&saved.document),
                )
            })
            .collect();
        diesel::insert_into(dsl::vocabularies)
            .values(rows)
            .on_conflict(dsl::id)
            .do_update()
            .set((
                dsl::slug.eq(excluded(dsl::slug)),
                dsl::status.eq(excluded(dsl::status)),
                dsl::visibility.eq(excluded(dsl::visibility)),
                dsl::revision.eq(excluded(dsl::revision)),
                dsl::last_modified.eq(excluded(dsl::last_modified)),
                dsl::name.eq(excluded(dsl::name)),
                dsl::words.eq(excluded(dsl::words)),
                dsl::document.eq(excluded(dsl::document)),
            ))
            .execute(connection)
            .await?;
    }
    Ok(())
}
