//! The SQL of exports.

use crate::ledger::Resource;
use diesel::{
    QueryResult, QueryableByName, sql_query,
    sql_types::{Int8, Jsonb, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::Value;

/// A public document.
#[derive(Debug, QueryableByName)]
pub struct Exported {
    /// Its slug.
    #[diesel(sql_type = Text)]
    pub slug: String,
    /// Its revision.
    #[diesel(sql_type = Int8)]
    pub revision: i64,
    /// Its public part.
    #[diesel(sql_type = Jsonb)]
    pub document: Value,
}

/// The next public documents of a resource after a slug, in the order of the bytes of slugs.
pub async fn exported(
    connection: &mut AsyncPgConnection,
    resource: Resource,
    after: &str,
    limit: i64,
) -> QueryResult<Vec<Exported>> {
    let of_vocabulary = match resource.table() {
        "vocabularies" => "vocabulary = $3",
        _ => "$3 = $3",
    };
    // The published documents leave out what is joined by id.
    let document = match resource {
        Resource::Hotlines | Resource::RegionalContacts => {
            "document::jsonb || jsonb_build_object('organization', (select o.slug from organizations o where o.id = organization_id))"
        }
        Resource::Statistics => {
            "document::jsonb || jsonb_build_object('indicator', (select v.slug from vocabularies v where v.id = indicator_id))"
        }
        _ => "document::jsonb",
    };
    let query = format!(
        "select slug, revision, {document} as document from {} where slug collate \"C\" > $1 and {of_vocabulary} order by slug collate \"C\" limit $2",
        resource.table()
    );
    sql_query(query)
        .bind::<Text, _>(after)
        .bind::<Int8, _>(limit)
        .bind::<Text, _>(resource.name())
        .load(connection)
        .await
}
