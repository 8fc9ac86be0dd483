//! The SQL of merging and of undoing it.

use crate::{
    db::schema::{entries, records},
    ledger::Entry,
};
use diesel::{
    ExpressionMethods, OptionalExtension, PgArrayExpressionMethods, QueryDsl, QueryResult,
    SelectableHelper,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// The records that name one: id, resource, slug.
pub async fn naming(
    connection: &mut AsyncPgConnection,
    resource: &str,
    slug: &str,
) -> QueryResult<Vec<(Uuid, String, String)>> {
    let name = format!("{resource}/{slug}");
    records::table
        .filter(records::names.contains(vec![name]))
        .order((records::resource.asc(), records::slug.asc()))
        .select((records::id, records::resource, records::slug))
        .load(connection)
        .await
}

/// The last time that a record became part of another.
#[derive(Debug)]
pub struct Undoing {
    /// How it stood before.
    pub before: Entry,
    /// The change.
    pub merge: Entry,
}

/// The last time that a record became part of another.
pub async fn merge_of(connection: &mut AsyncPgConnection, record: Uuid) -> QueryResult<Undoing> {
    let before: Entry = entries::table
        .filter(entries::record_id.eq(record))
        .filter(entries::merged_into.is_null())
        .order(entries::revision.desc())
        .select(Entry::as_select())
        .first(connection)
        .await?;
    let merge = entries::table
        .filter(entries::record_id.eq(record))
        .filter(entries::revision.gt(before.revision))
        .order(entries::revision.asc())
        .select(Entry::as_select())
        .first(connection)
        .await?;
    Ok(Undoing { before, merge })
}

/// What else changed in the transaction of an entry, each with the entry of the same record before. The
/// entries of one transaction have one moment and one author, since they are written under the lock that
/// orders them.
pub async fn changed_with(
    connection: &mut AsyncPgConnection,
    one: &Entry,
) -> QueryResult<Vec<(Entry, Entry)>> {
    let after: Vec<Entry> = entries::table
        .filter(entries::at.eq(one.at))
        .filter(entries::actor.eq(&one.actor))
        .filter(entries::record_id.ne(one.record_id))
        .order(entries::revision.asc())
        .select(Entry::as_select())
        .load(connection)
        .await?;
    let mut pairs = Vec::new();
    for entry in after {
        let before: Option<Entry> = entries::table
            .filter(entries::record_id.eq(entry.record_id))
            .filter(entries::revision.lt(entry.revision))
            .order(entries::revision.desc())
            .select(Entry::as_select())
            .first(connection)
            .await
            .optional()?;
        pairs.extend(before.map(|before| (before, entry)));
    }
    Ok(pairs)
}
