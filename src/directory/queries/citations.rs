//! The SQL of what cites a source.

use crate::db::{record::Fixed, schema};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, PgArrayExpressionMethods, PgJsonbExpressionMethods,
    QueryDsl, QueryResult, sql_types::Jsonb,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::json;
use uuid::Uuid;

/// In which way records of one resource cite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cites {
    /// The noun of the resource.
    pub resource: &'static str,
    /// `source` or `critique`.
    pub cited_as: &'static str,
}

const fn cites(resource: &'static str, cited_as: &'static str) -> Cites {
    Cites { resource, cited_as }
}

/// All ways, in the order in which they are listed.
pub const CITING: [Cites; 6] = [
    cites("organizations", "source"),
    cites("hotlines", "source"),
    cites("regional_contacts", "source"),
    cites("statistics", "source"),
    cites("statistics", "critique"),
    cites("countries", "source"),
];

/// What a record was read in, as its index has it: written out, since a plan is made without looking at values.
const SOURCES: Fixed<Jsonb> = Fixed::new("(document::jsonb -> 'sources')");

/// The short codes of a country, each with what it was read in.
const SHORT_CODES: Fixed<Jsonb> = Fixed::new("(document::jsonb -> 'short_codes')");

/// The records of one resource that cite a source in one way, and the columns that name them.
macro_rules! citing {
    ($way:expr, $source:expr, |$query:ident, $id:ident, $slug:ident, $name:ident| $ask:expr) => {{
        let entry = json!([{"source": $source}]);
        match ($way.resource, $way.cited_as) {
            ("organizations", _) => {
                use schema::organizations::dsl as of;
                let $query = of::organizations.filter(SOURCES.contains(entry));
                let ($id, $slug, $name) = (of::id, of::slug, of::name);
                $ask
            }
            ("hotlines", _) => {
                use schema::hotlines::dsl as of;
                let $query = of::hotlines.filter(SOURCES.contains(entry));
                let ($id, $slug, $name) = (of::id, of::slug, of::name);
                $ask
            }
            ("regional_contacts", _) => {
                use schema::regional_contacts::dsl as of;
                let $query = of::regional_contacts.filter(SOURCES.contains(entry));
                let ($id, $slug, $name) = (of::id, of::slug, of::name);
                $ask
            }
            ("statistics", "critique") => {
                use schema::statistics::dsl as of;
                let $query = of::statistics.filter(of::critics.contains(vec![$source]));
                let ($id, $slug, $name) = (of::id, of::slug, of::title);
                $ask
            }
            ("statistics", _) => {
                use schema::statistics::dsl as of;
                let $query = of::statistics.filter(of::sources.contains(vec![$source]));
                let ($id, $slug, $name) = (of::id, of::slug, of::title);
                $ask
            }
            _ => {
                use schema::vocabularies::dsl as of;
                let $query = of::vocabularies
                    .filter(of::vocabulary.eq("countries"))
                    .filter(SOURCES.contains(entry.clone()).or(SHORT_CODES.contains(entry)));
                let ($id, $slug, $name) = (of::id, of::slug, of::name);
                $ask
            }
        }
    }};
}

/// How many records cite a source in one way.
pub async fn count_citations(
    connection: &mut AsyncPgConnection,
    way: Cites,
    source: &str,
) -> QueryResult<i64> {
    citing!(way, source, |query, _id, _slug, _name| query
        .count()
        .get_result(connection)
        .await)
}

/// Records that cite a source in one way, by slug: id, slug, name.
pub async fn citations(
    connection: &mut AsyncPgConnection,
    way: Cites,
    source: &str,
    (offset, limit): (i64, i64),
) -> QueryResult<Vec<(Uuid, String, String)>> {
    citing!(way, source, |query, id, slug, name| query
        .order(slug.asc())
        .offset(offset)
        .limit(limit)
        .select((id, slug, name))
        .load(connection)
        .await)
}
