//! The SQL of locks: how writes pass each other.

use super::{Standing, named};
use crate::{db::schema::records, ledger::document::Resource};
use diesel::{ExpressionMethods, QueryDsl, QueryResult, SelectableHelper, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// The advisory lock that all writes pass: the first bytes of "gate".
const GATE: i64 = 0x6761_7465;

/// How a write passes those that are under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage {
    /// Beside others: what it changes shows in no other record.
    Together,
    /// Alone: it changes what others show of the record, such as whether it is there. It waits for
    /// those under way, and the next ones wait for it: so that neither side starves, and no two of
    /// them wait for each other.
    Alone,
}

/// Passes the gate until the transaction ends.
pub async fn pass(connection: &mut AsyncPgConnection, passage: Passage) -> QueryResult<usize> {
    let lock = match passage {
        Passage::Together => "pg_advisory_xact_lock_shared",
        Passage::Alone => "pg_advisory_xact_lock",
    };
    sql_query(format!("select {lock}({GATE})"))
        .execute(connection)
        .await
}

/// The advisory lock that long work holds, shared: the first bytes of "bulk".
const BULK: i64 = 0x6275_6c6b;

/// Says that this transaction holds its locks for long and may be interrupted.
pub async fn give_way(connection: &mut AsyncPgConnection) -> QueryResult<usize> {
    sql_query(format!("select pg_advisory_xact_lock_shared({BULK})"))
        .execute(connection)
        .await
}

/// Interrupts long work, which starts anew: somebody hides a record, and that goes first. It ends
/// the connection: a statement alone could not be cancelled while the work is between two.
pub async fn interrupt(connection: &mut AsyncPgConnection) -> QueryResult<usize> {
    sql_query(format!(
        "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
         and database = (select oid from pg_database where datname = current_database())
         and classid = 0 and objid = {BULK} and objsubid = 1"
    ))
    .execute(connection)
    .await
}

/// Waits until no other connection holds this turn, which lasts as long as the connection.
pub async fn take_turn(connection: &mut AsyncPgConnection) -> QueryResult<usize> {
    // The first bytes of "import".
    sql_query(format!("select pg_advisory_lock({})", 0x696d_706f_7274_i64))
        .execute(connection)
        .await
}

/// Whether what a transaction looks at stays as it is until its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// It does; others who write it wait.
    Locked,
    /// Nobody waits: it is only looked at.
    Free,
}

/// The records with these slugs.
pub async fn lock(
    connection: &mut AsyncPgConnection,
    resource: Resource,
    slugs: &[&str],
    hold: Hold,
) -> QueryResult<Vec<Standing>> {
    if hold == Hold::Free {
        return named(connection, resource, slugs).await;
    }
    records::table
        .filter(records::resource.eq(resource.name()))
        .filter(records::slug.eq_any(slugs))
        .order(records::id.asc())
        .for_update()
        .select(Standing::as_select())
        .load(connection)
        .await
}

/// The records with these ids, locked until the transaction ends.
pub async fn lock_ids(
    connection: &mut AsyncPgConnection,
    ids: &[Uuid],
) -> QueryResult<Vec<Standing>> {
    records::table
        .filter(records::id.eq_any(ids))
        .order(records::id.asc())
        .for_update()
        .select(Standing::as_select())
        .load(connection)
        .await
}

/// The records with these ids.
pub async fn with_ids(
    connection: &mut AsyncPgConnection,
    ids: &[Uuid],
    hold: Hold,
) -> QueryResult<Vec<Standing>> {
    if hold == Hold::Locked {
        return lock_ids(connection, ids).await;
    }
    records::table
        .filter(records::id.eq_any(ids))
        .order(records::id.asc())
        .select(Standing::as_select())
        .load(connection)
        .await
}
