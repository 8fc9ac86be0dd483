//! The SQL of the directory as a whole.

use super::model::Counts;
use crate::db::schema::{
    directory, hotlines, organizations, regional_contacts, statistics, vocabularies,
};
use diesel::{ExpressionMethods, QueryDsl, QueryResult};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

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

/// Whether the reader's side answers.
pub async fn ready(connection: &mut AsyncPgConnection) -> QueryResult<i64> {
    directory::table
        .select(directory::revision)
        .first(connection)
        .await
}
