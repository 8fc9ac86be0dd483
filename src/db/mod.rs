//! The database: two logins with a pool each, the private Postgres, migrations, tables.

pub mod access;
pub mod migrations;
pub mod package;
pub mod private;
pub mod record;
pub mod schema;
pub mod trouble;

use chrono::{DateTime, Utc};
use diesel::{ConnectionError, ExpressionMethods, QueryDsl, QueryResult, sql_types::BigInt};
use diesel_async::{
    AsyncPgConnection, RunQueryDsl,
    pooled_connection::{
        AsyncDieselConnectionManager, ManagerConfig, PoolError as ConnectError, RecyclingMethod,
        deadpool,
    },
};
use schema::directory;
use std::time::Duration;

/// Connections of one login.
pub type Pool = deadpool::Pool<AsyncPgConnection>;
/// A connection on loan.
pub type Connection = deadpool::Object<AsyncPgConnection>;
/// Why a pool gave no connection.
pub type PoolError = deadpool::PoolError;

/// How long a request waits for a connection before it answers 503.
pub const WAIT: Duration = Duration::from_millis(1000);

/// A connection that keeps more statements ends when that is looked at: each takes some 75 kB of the database's memory,
/// and lists have thousands of forms.
const PREPARED: i64 = 200;
/// So often a connection is lent before that is looked at; each time it may keep a few more.
const LENT: usize = 25;

/// The SQL that makes the three logins; `lodestar grants` prints it.
pub const GRANTS: &str = include_str!("grants.sql");

/// A pool of at most `size` connections. Nothing connects before the first use.
///
/// # Errors
/// When the pool cannot be built at all.
pub fn pool(url: &str, size: usize) -> Result<Pool, deadpool::BuildError> {
    let mut config = ManagerConfig::<AsyncPgConnection>::default();
    // A check per checkout costs a round trip; a connection that died shows at its first query. Statements are counted
    // now and then.
    config.recycling_method = RecyclingMethod::Fast;
    let manager = AsyncDieselConnectionManager::new_with_config(url, config);
    let forgets = deadpool::Hook::async_fn(|connection: &mut AsyncPgConnection, lent| {
        Box::pin(async move {
            let looks = (lent.recycle_count + 1).is_multiple_of(LENT);
            match looks && prepared(connection).await? > PREPARED {
                true => Err(deadpool::HookError::message("it keeps many statements")),
                false => Ok(()),
            }
        })
    });
    let pool = Pool::builder(manager).max_size(size);
    // Not of those that are given up anyway.
    pool.post_recycle(forgets).build()
}

/// How many statements a connection keeps.
async fn prepared(connection: &mut AsyncPgConnection) -> Result<i64, deadpool::HookError> {
    let counted = record::Fixed::<BigInt>::new("(select count(*) from pg_prepared_statements)");
    let count = diesel::select(counted).get_result(connection).await;
    count.map_err(|error| deadpool::HookError::Backend(ConnectError::QueryError(error)))
}

/// Takes a connection, or gives up after a second.
///
/// # Errors
/// When the database does not answer, or all connections stay busy.
pub async fn checkout(pool: &Pool) -> Result<Connection, PoolError> {
    match tokio::time::timeout(WAIT, pool.get()).await {
        Ok(connection) => connection,
        Err(_) => Err(PoolError::Timeout(::deadpool::managed::TimeoutType::Wait)),
    }
}

/// The last revision that changed public data, and when that was.
///
/// # Errors
/// When the database does not answer.
pub async fn revision(connection: &mut AsyncPgConnection) -> QueryResult<(i64, DateTime<Utc>)> {
    directory::table
        .select((directory::revision, directory::changed_at))
        .filter(directory::only_row.eq(true))
        .first(connection)
        .await
}

/// What may stand in a log of a pool's failure: its kind, never an address or a password.
pub fn pool_error_kind(error: &PoolError) -> &'static str {
    match error {
        PoolError::Timeout(_) => "no connection within a second",
        PoolError::Backend(ConnectError::ConnectionError(ConnectionError::BadConnection(_))) => {
            "the database refuses the connection"
        }
        PoolError::Backend(_) => "the database does not answer",
        _ => "the pool is closed",
    }
}
