//! The SQL of the directory as a whole.

mod citations;

pub use citations::{CITING, citations, count_citations};

use super::model::Counts;
use crate::db::schema::{
    changes, hotlines, moved, organizations, regional_contacts, statistics, vocabularies,
};
use chrono::{DateTime, Utc};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, PgArrayExpressionMethods,
    QueryDsl, QueryResult, Queryable, dsl::AssumeNotNull as assume_not_null, pg::Pg,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Public records by resource.
pub async fn counts(connection: &mut AsyncPgConnection) -> QueryResult<Counts> {
    let terms = |vocabulary: &'static str| {
        vocabularies::table
            .filter(vocabularies::vocabulary.eq(vocabulary))
            .count()
    };
    Ok(Counts {
        organizations: organizations::table.count().get_result(connection).await?,
        hotlines: hotlines::table.count().get_result(connection).await?,
        regional_contacts: regional_contacts::table
            .count()
            .get_result(connection)
            .await?,
        statistics: statistics::table.count().get_result(connection).await?,
        indicators: terms("indicators").get_result(connection).await?,
        sources: terms("sources").get_result(connection).await?,
    })
}

/// The last thing that happened to a record that is or was public.
#[derive(Debug, Clone, Queryable)]
pub struct Changed {
    /// Of that.
    pub revision: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// The noun of the resource.
    pub resource: String,
    /// Which record.
    pub id: Uuid,
    /// Its slug; `None` when it is gone.
    pub slug: Option<String>,
    /// Where it is met.
    pub countries: Vec<String>,
}

type Selected = (
    assume_not_null<changes::revision>,
    assume_not_null<changes::at>,
    assume_not_null<changes::resource>,
    assume_not_null<changes::id>,
    changes::slug,
    assume_not_null<changes::countries>,
);

fn selected() -> Selected {
    (
        changes::revision.assume_not_null(),
        changes::at.assume_not_null(),
        changes::resource.assume_not_null(),
        changes::id.assume_not_null(),
        changes::slug,
        changes::countries.assume_not_null(),
    )
}

fn between((since, last): (i64, i64), reach: &[String]) -> changes::BoxedQuery<'_, Pg> {
    let query = changes::table
        .filter(changes::revision.gt(since))
        .filter(changes::revision.le(last))
        .into_boxed();
    match reach.is_empty() {
        true => query,
        // Where it is met or was met: there it is gone.
        false => query.filter(
            changes::countries
                .assume_not_null()
                .overlaps_with(reach)
                .or(changes::former_countries
                    .assume_not_null()
                    .overlaps_with(reach)),
        ),
    }
}

/// What happened between two revisions within reach, in order; one row more than a page, if there
/// are more.
pub async fn changed(
    connection: &mut AsyncPgConnection,
    between_these: (i64, i64),
    reach: &[String],
    per_page: i64,
) -> QueryResult<Vec<Changed>> {
    between(between_these, reach)
        .order((changes::revision.asc(), changes::id.asc()))
        .limit(per_page + 1)
        .select(selected())
        .load(connection)
        .await
}

/// The same up to and with a revision.
pub async fn changed_until(
    connection: &mut AsyncPgConnection,
    between_these: (i64, i64),
    reach: &[String],
) -> QueryResult<Vec<Changed>> {
    between(between_these, reach)
        .order((changes::revision.asc(), changes::id.asc()))
        .select(selected())
        .load(connection)
        .await
}

/// Slugs that came to lead elsewhere between two revisions: resource, old slug, record, its slug,
/// revision.
pub async fn moved(
    connection: &mut AsyncPgConnection,
    (since, last): (i64, i64),
    reach: &[String],
) -> QueryResult<Vec<(String, String, Uuid, String, i64)>> {
    let mut query = moved::table
        .filter(moved::revision.gt(since))
        .filter(moved::revision.le(last))
        .order((moved::revision.asc(), moved::former_slug.asc()))
        .select((
            moved::resource.assume_not_null(),
            moved::former_slug.assume_not_null(),
            moved::id.assume_not_null(),
            moved::slug.assume_not_null(),
            moved::revision.assume_not_null(),
        ))
        .into_boxed();
    if !reach.is_empty() {
        query = query.filter(moved::countries.assume_not_null().overlaps_with(reach));
    }
    query.load(connection).await
}
