//! Migrations, compiled in; run by the owner under an advisory lock.

use diesel::{ConnectionError, ConnectionResult, QueryDsl, QueryResult, sql_query};
use diesel_async::{AsyncConnection, AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

/// All migrations of this version, oldest first.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!();

/// The advisory lock that migrations hold: the first bytes of "lodestar".
const LOCK: i64 = 0x6c6f_6465_7374_6172;

/// Which way to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Every migration that has not run.
    Up,
    /// Every migration that has run, newest first. For tests of the down files.
    Down,
}

/// Runs migrations; several processes at once wait for each other.
///
/// # Errors
/// When the database refuses a connection, the lock or a migration.
pub async fn run(
    owner_url: &str,
    direction: Direction,
) -> Result<Vec<String>, Box<dyn std::error::Error + Send + Sync>> {
    let mut guard = connect(owner_url).await?;
    lock(&mut guard, true).await?;
    let connection = connect(owner_url).await?;
    // The harness blocks, so it gets a thread of its own.
    let done = tokio::task::spawn_blocking(move || {
        let mut harness = AsyncMigrationHarness::new(connection);
        let versions = match direction {
            Direction::Up => harness.run_pending_migrations(MIGRATIONS),
            Direction::Down => harness.revert_all_migrations(MIGRATIONS),
        };
        versions.map(|versions| versions.iter().map(ToString::to_string).collect())
    })
    .await?;
    lock(&mut guard, false).await?;
    done
}

async fn connect(url: &str) -> ConnectionResult<AsyncPgConnection> {
    AsyncPgConnection::establish(url)
        .await
        .map_err(|error| ConnectionError::BadConnection(error.to_string()))
}

async fn lock(connection: &mut AsyncPgConnection, take: bool) -> QueryResult<usize> {
    let call = if take {
        "pg_advisory_lock"
    } else {
        "pg_advisory_unlock"
    };
    sql_query(format!("select {call}({LOCK})"))
        .execute(connection)
        .await
}

/// Whether the database lacks migrations of this version, or their table cannot be read.
pub async fn behind(connection: &mut AsyncPgConnection) -> bool {
    use diesel::migration::MigrationSource;
    let known =
        MigrationSource::<diesel::pg::Pg>::migrations(&MIGRATIONS).map_or(0, |known| known.len());
    let ran: QueryResult<i64> = run_versions::table.count().get_result(connection).await;
    ran.map_or(true, |ran| usize::try_from(ran).unwrap_or(0) < known)
}

diesel::table! {
    #[sql_name = "__diesel_schema_migrations"]
    run_versions (version) {
        version -> Text,
    }
}
