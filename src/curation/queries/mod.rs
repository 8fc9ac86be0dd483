//! The SQL of curation: proposals and history here, keys, exports and kept answers beside.

mod answers;
mod duplicates;
mod exports;
mod imports;
mod keys;
mod links;
mod merging;
mod progress;
mod review;
mod samples;

pub use answers::{KeptAnswer, be_brief, claim, forget_answer, keep_answer, kept_answer};
pub use duplicates::{Dismissal, Recorded, dismiss, dismissals, recorded, take_back};
pub use exports::{Exported, exported};
pub use imports::{
    KeptCheck, NewCheck, annotated_files, claim_check, keep_check, kept_check, kept_checks,
    note_applied,
};
pub use keys::{StoredKey, add_key, all_keys, note_use, revoke_key};
pub use links::{note_checks, public_sources};
pub use merging::{Undoing, changed_with, merge_of, naming};
pub use progress::{Attempts, attempts};
pub use review::{
    Lease, Reviewed, give_back, hold, leases, reviewed, take_turn, told, unreachable_sources,
};
pub use samples::{
    Check, Stood, StoredSample, checks, drawable, find_sample, keep_sample, stands, stood_at,
};

use crate::{
    db::schema::{entries, proposals, records},
    ledger::{Access, Entry},
};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, QueryDsl, QueryResult, Queryable, Selectable,
    SelectableHelper, sql_query,
    sql_types::{Int8, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::Value;
use uuid::Uuid;

/// A proposal, or what the public told.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = proposals, check_for_backend(diesel::pg::Pg))]
pub struct StoredProposal {
    /// UUIDv7.
    pub id: Uuid,
    /// `change` or `suggestion`.
    pub kind: String,
    /// `open`, `accepted`, `rejected` or `withdrawn`.
    pub state: String,
    /// The noun of the resource.
    pub resource: String,
    /// Which record; `None` for one that shall be.
    pub record_id: Option<Uuid>,
    /// The revision that it was made against; 0 for a record that shall be.
    pub base_revision: i64,
    /// The merge patch (RFC 7396).
    pub patch: Value,
    /// The status that it asks for.
    pub status: Option<String>,
    /// The visibility that it asks for, of the record or of one contact point.
    pub visibility: Option<String>,
    /// Why.
    pub reason: String,
    /// Where it can be seen.
    pub evidence_url: Option<String>,
    /// Who; `None` for the public.
    pub proposed_by: Option<String>,
    /// When.
    pub proposed_at: DateTime<Utc>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When that was.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why so.
    pub decision: Option<String>,
    /// The revision that it became.
    pub revision: Option<i64>,
    /// The contact point that it is about.
    pub contact_point: Option<Uuid>,
    /// Of a suggestion the day.
    pub day: Option<NaiveDate>,
    /// How often it was told that day.
    pub times: i32,
    /// What was told, the first twenty.
    pub texts: Vec<String>,
    /// The attempt to verify that it takes down.
    pub verification: Option<Value>,
}

/// Adds a proposal.
pub async fn propose(
    connection: &mut AsyncPgConnection,
    proposal: &StoredProposal,
) -> QueryResult<usize> {
    diesel::insert_into(proposals::table)
        .values(proposal)
        .execute(connection)
        .await
}

/// Counts what the public told about a number on a day, and keeps the first twenty texts.
pub async fn suggest(
    connection: &mut AsyncPgConnection,
    told: &StoredProposal,
) -> QueryResult<usize> {
    use diesel::sql_types::{Array, Date, Nullable, Timestamptz, Uuid as SqlUuid};
    sql_query(
        "insert into ledger.proposals (id, kind, state, resource, record_id, base_revision, patch, reason, proposed_at, contact_point, day, times, texts)
         values ($1, 'suggestion', 'open', $2, $3, $4, '{}', $5, $6, $7, $8, 1, $9)
         on conflict (record_id, coalesce(contact_point, record_id), day) where kind = 'suggestion' and state = 'open'
         do update set times = proposals.times + 1,
           texts = case when cardinality(proposals.texts) < 20 and not excluded.texts <@ proposals.texts
             then proposals.texts || excluded.texts else proposals.texts end",
    )
    .bind::<SqlUuid, _>(told.id)
    .bind::<Text, _>(&told.resource)
    .bind::<Nullable<SqlUuid>, _>(told.record_id)
    .bind::<Int8, _>(told.base_revision)
    .bind::<Text, _>(&told.reason)
    .bind::<Timestamptz, _>(told.proposed_at)
    .bind::<Nullable<SqlUuid>, _>(told.contact_point)
    .bind::<Nullable<Date>, _>(told.day)
    .bind::<Array<Text>, _>(&told.texts)
    .execute(connection)
    .await
}

/// Which proposals.
#[derive(Debug, Clone, Default)]
pub struct ProposalFilter {
    /// Of these states.
    pub state: Vec<String>,
    /// Of these kinds.
    pub kind: Vec<String>,
    /// Of these resources.
    pub resource: Vec<String>,
    /// About this record.
    pub record: Option<Uuid>,
    /// By this person alone.
    pub proposed_by: Option<String>,
}

fn matching(filter: &ProposalFilter) -> proposals::BoxedQuery<'_, diesel::pg::Pg> {
    let mut query = proposals::table.into_boxed();
    if !filter.state.is_empty() {
        query = query.filter(proposals::state.eq_any(&filter.state));
    }
    if !filter.kind.is_empty() {
        query = query.filter(proposals::kind.eq_any(&filter.kind));
    }
    if !filter.resource.is_empty() {
        query = query.filter(proposals::resource.eq_any(&filter.resource));
    }
    if let Some(record) = filter.record {
        query = query.filter(proposals::record_id.eq(record));
    }
    if let Some(name) = &filter.proposed_by {
        query = query.filter(proposals::proposed_by.eq(name));
    }
    query
}

/// A page of proposals, the newest first, and how many there are.
pub async fn list_proposals(
    connection: &mut AsyncPgConnection,
    filter: &ProposalFilter,
    (offset, limit): (i64, i64),
) -> QueryResult<(i64, Vec<StoredProposal>)> {
    let total = matching(filter).count().get_result(connection).await?;
    let page = matching(filter)
        .order(proposals::id.desc())
        .offset(offset)
        .limit(limit)
        .select(StoredProposal::as_select())
        .load(connection)
        .await?;
    Ok((total, page))
}

/// One proposal.
pub async fn find_proposal(
    connection: &mut AsyncPgConnection,
    id: Uuid,
) -> QueryResult<StoredProposal> {
    proposals::table
        .filter(proposals::id.eq(id))
        .select(StoredProposal::as_select())
        .first(connection)
        .await
}

/// One proposal, locked until the transaction ends.
pub async fn lock_proposal(
    connection: &mut AsyncPgConnection,
    id: Uuid,
) -> QueryResult<StoredProposal> {
    proposals::table
        .filter(proposals::id.eq(id))
        .for_update()
        .select(StoredProposal::as_select())
        .first(connection)
        .await
}

/// Writes down what became of a proposal.
pub async fn decide(
    connection: &mut AsyncPgConnection,
    proposal: &StoredProposal,
) -> QueryResult<usize> {
    diesel::update(proposals::table.filter(proposals::id.eq(proposal.id)))
        .set((
            proposals::state.eq(&proposal.state),
            proposals::decided_by.eq(&proposal.decided_by),
            proposals::decided_at.eq(proposal.decided_at),
            proposals::decision.eq(&proposal.decision),
            proposals::revision.eq(proposal.revision),
        ))
        .execute(connection)
        .await
}

/// The slugs of records; of those that are not public only when `all` are asked for.
pub async fn slugs_of(
    connection: &mut AsyncPgConnection,
    ids: &[Uuid],
    all: bool,
) -> QueryResult<Vec<(Uuid, String)>> {
    let mut query = records::table
        .filter(records::id.eq_any(ids))
        .select((records::id, records::slug))
        .into_boxed();
    if !all {
        let (status, visibility) = (Access::PUBLIC.status, Access::PUBLIC.visibility);
        query = query
            .filter(records::status.eq(status.name()))
            .filter(records::visibility.eq(visibility.name()));
    }
    query.load(connection).await
}

/// The entries of one record, the newest first, and how many there are.
pub async fn history(
    connection: &mut AsyncPgConnection,
    record: Uuid,
    (offset, limit): (i64, i64),
) -> QueryResult<(i64, Vec<Entry>)> {
    let own = || entries::table.filter(entries::record_id.eq(record));
    let total = own().count().get_result(connection).await?;
    let page = own()
        .order(entries::revision.desc())
        .offset(offset)
        .limit(limit)
        .select(Entry::as_select())
        .load(connection)
        .await?;
    Ok((total, page))
}

/// The entry of a record at one of its revisions.
pub async fn entry(
    connection: &mut AsyncPgConnection,
    record: Uuid,
    revision: i64,
) -> QueryResult<Entry> {
    entries::table
        .filter(entries::record_id.eq(record))
        .filter(entries::revision.eq(revision))
        .select(Entry::as_select())
        .first(connection)
        .await
}

/// The document of a record as the public last saw it.
pub async fn last_public(
    connection: &mut AsyncPgConnection,
    record: Uuid,
) -> QueryResult<Option<Value>> {
    entries::table
        .filter(entries::record_id.eq(record))
        .filter(entries::status.eq(Access::PUBLIC.status.name()))
        .filter(entries::visibility.eq(Access::PUBLIC.visibility.name()))
        .order(entries::revision.desc())
        .select(entries::document)
        .first(connection)
        .await
        .optional()
}

/// Who wrote a record, from its first entry on.
pub async fn authors(
    connection: &mut AsyncPgConnection,
    record: Uuid,
) -> QueryResult<Vec<(String, Option<String>)>> {
    entries::table
        .filter(entries::record_id.eq(record))
        .order(entries::revision.asc())
        .select((entries::actor, entries::second_person))
        .load(connection)
        .await
}
