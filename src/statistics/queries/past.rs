//! Observations as the public saw them at an earlier time.

use super::{find, with_ids};
use crate::{
    db::schema::{earlier, statistics::dsl},
    statistics::Statistic,
    values::{as_of::AsOf, view::View},
};
use diesel::{
    ExpressionMethods, NullableExpressionMethods, OptionalExtension, PgAnyJsonExpressionMethods,
    QueryDsl, QueryResult,
};
use diesel_async::{
    AnsiTransactionManager, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection,
    TransactionManager,
};
use std::collections::HashSet;
use uuid::Uuid;

/// At most this many earlier figures, and so many that followed.
const MOST: i64 = 20;

/// Asks the public side as it stood at an earlier time; as it stands where none is named.
pub async fn at<T>(
    connection: &mut AsyncPgConnection,
    as_of: Option<AsOf>,
    query: impl AsyncFnOnce(&mut AsyncPgConnection) -> QueryResult<T>,
) -> QueryResult<T> {
    let bound = match as_of {
        None => return query(connection).await,
        Some(AsOf::Revision(revision)) => format!("lodestar.revision = '{revision}'"),
        Some(AsOf::Moment(moment)) => format!("lodestar.moment = '{}'", moment.to_rfc3339()),
    };
    AnsiTransactionManager::begin_transaction(connection).await?;
    let turned = connection
        .batch_execute(&format!(
            "set transaction read only; set local search_path = past, published; set local {bound}"
        ))
        .await;
    let asked = match turned {
        Ok(()) => query(connection).await,
        Err(error) => Err(error),
    };
    // Nothing was written; a connection that cannot even say so is not used again.
    AnsiTransactionManager::rollback_transaction(connection).await?;
    asked
}

/// The observation with an id or a slug, of then or of now, as it stood.
pub async fn find_as_of(
    connection: &mut AsyncPgConnection,
    reference: &str,
    as_of: AsOf,
    view: &View,
) -> QueryResult<Statistic> {
    let stood = async |connection: &mut AsyncPgConnection, reference: &str| {
        let found = async |connection: &mut AsyncPgConnection| {
            find(connection, reference, None, view).await
        };
        at(connection, Some(as_of), found).await.optional()
    };
    if let Some(found) = stood(connection, reference).await? {
        return Ok(found);
    }
    let id: Uuid = dsl::statistics
        .filter(dsl::slug.eq(reference))
        .select(dsl::id)
        .first(connection)
        .await?;
    let found = stood(connection, &id.to_string()).await?;
    found.ok_or(diesel::NotFound)
}

/// What the public saw of an observation before a revision, the newest first.
pub async fn earlier(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    before: i64,
    view: &View,
) -> QueryResult<Vec<Statistic>> {
    let revisions: Vec<i64> = earlier::table
        .filter(earlier::id.eq(id))
        .filter(earlier::revision.lt(before))
        .order(earlier::revision.desc())
        .limit(MOST)
        .select(earlier::revision.assume_not_null())
        .load(connection)
        .await?;
    let mut all = Vec::new();
    for revision in revisions {
        let as_of = Some(AsOf::Revision(revision));
        let found = at(connection, as_of, async |connection| {
            with_ids(connection, &[id], view).await
        });
        all.extend(found.await?);
    }
    Ok(all)
}

/// The observations that superseded one, one after the other.
pub async fn superseding(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    view: &View,
) -> QueryResult<Vec<Statistic>> {
    let (mut all, mut seen, mut last) = (Vec::new(), HashSet::from([id]), id);
    while (all.len() as i64) < MOST {
        let newer: Option<Option<String>> = dsl::statistics
            .filter(dsl::id.eq(last))
            .select(dsl::document.retrieve_as_text("superseded_by").nullable())
            .first(connection)
            .await
            .optional()?;
        let Some(slug) = newer.flatten() else { break };
        let Some(next) = find(connection, &slug, None, view).await.optional()? else {
            break;
        };
        // A chain that leads back ends.
        if !seen.insert(next.id) {
            break;
        }
        last = next.id;
        all.push(next);
    }
    Ok(all)
}
