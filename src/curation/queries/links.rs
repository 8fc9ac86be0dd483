//! The SQL of link checks.

use crate::db::schema::{link_checks, vocabularies};
use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, QueryDsl, QueryResult};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::Value;
use uuid::Uuid;

/// The public sources by slug, with their documents.
pub async fn public_sources(
    connection: &mut AsyncPgConnection,
) -> QueryResult<Vec<(Uuid, String, Value)>> {
    vocabularies::table
        .filter(vocabularies::vocabulary.eq("sources"))
        .order(vocabularies::slug.asc())
        .select((vocabularies::id, vocabularies::slug, vocabularies::document))
        .load(connection)
        .await
}

/// Keeps what was found at a moment: source, outcome, detail.
pub async fn note_checks(
    connection: &mut AsyncPgConnection,
    at: DateTime<Utc>,
    found: &[(Uuid, &'static str, String)],
) -> QueryResult<()> {
    for chunk in found.chunks(1000) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|(source, outcome, detail)| {
                (
                    link_checks::source_id.eq(source),
                    link_checks::checked_at.eq(at),
                    link_checks::outcome.eq(outcome),
                    link_checks::detail.eq(detail),
                )
            })
            .collect();
        diesel::insert_into(link_checks::table)
            .values(rows)
            .execute(connection)
            .await?;
    }
    Ok(())
}
