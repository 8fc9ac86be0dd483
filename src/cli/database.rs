//! Which database a command works on: the one that the environment names, or the private one.

use crate::{
    config::{Config, Databases},
    db::{
        self, access, migrations,
        private::{Options, PrivateError, PrivatePostgres},
    },
};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use std::{path::Path, time::Duration};

pub use crate::db::migrations::Direction;

/// The advisory lock of those who make the logins: the first bytes of "grants".
const GRANTS: i64 = 0x6772_616e_7473;
/// The database's name in the private cluster.
const NAME: &str = "lodestar";

/// A database, and the private cluster if that is it.
pub struct Database {
    /// The three logins.
    pub urls: Databases,
    private: Option<PrivatePostgres>,
}

impl Database {
    /// Opens the database of the configuration. The private cluster is started and migrated, or
    /// joined where `beside` a running server is welcome.
    ///
    /// # Errors
    /// Says what to do.
    pub async fn open(config: &Config, beside: bool) -> Result<Self, String> {
        if let Some(urls) = &config.databases {
            return Ok(Self {
                urls: urls.clone(),
                private: None,
            });
        }
        let data_dir = config.data_dir.clone();
        let cluster = tokio::task::spawn_blocking(move || {
            if beside && let Some(running) = PrivatePostgres::attach(&data_dir)? {
                return Ok(running);
            }
            let say = |line: &str| tell!("{line}");
            PrivatePostgres::start(&Options {
                data_dir: &data_dir,
                durable: true,
                say: &say,
            })
        })
        .await
        .map_err(|error| format!("cannot start the private Postgres: {error}"))?
        .map_err(|error: PrivateError| {
            format!("{error}\n(to use a PostgreSQL of your own instead, set DATABASE_URL and DATABASE_READ_URL)")
        })?;
        prepare(&cluster, NAME).await?;
        let urls = logins(&cluster, NAME);
        migrate(&urls, Direction::Up).await?;
        Ok(Self {
            urls,
            private: Some(cluster),
        })
    }

    /// Whether it answers at once.
    pub async fn answers(&self) -> bool {
        let reader = AsyncPgConnection::establish(&self.urls.reader);
        let reader = tokio::time::timeout(Duration::from_millis(500), reader);
        matches!(reader.await, Ok(Ok(_)))
    }

    /// A connection of the writer's login.
    ///
    /// # Errors
    /// When the database does not answer, or its tables are not those of this version.
    pub async fn writer(&self) -> Result<AsyncPgConnection, String> {
        let mut connection = connect(&self.urls.writer, "DATABASE_URL").await?;
        if migrations::behind(&mut connection).await {
            return Err("the tables are not those of this version; run `lodestar migrate` with DATABASE_OWNER_URL".to_owned());
        }
        Ok(connection)
    }

    /// A connection of the reader's login, which can read what is public and nothing else.
    ///
    /// # Errors
    /// When the database does not answer, or the login can do more.
    pub async fn reader(&self) -> Result<AsyncPgConnection, String> {
        let mut connection = connect(&self.urls.reader, "DATABASE_READ_URL").await?;
        let beyond = access::beyond_public(&mut connection)
            .await
            .map_err(|error| format!("cannot read what the reader's login may do: {error}"))?;
        if beyond.is_empty() {
            return Ok(connection);
        }
        let list: Vec<String> = beyond
            .into_iter()
            .map(|privilege| format!("\n  {}", privilege.name))
            .collect();
        Err(format!(
            "the login of DATABASE_READ_URL can do more than read what is public:{}\nuse the login lodestar_reader that `lodestar grants` makes, or revoke these",
            list.concat()
        ))
    }

    /// The same without the cluster, which stops with the one that owns it.
    pub fn beside(&self) -> Self {
        Self {
            urls: self.urls.clone(),
            private: None,
        }
    }

    /// Stops the private cluster, if it is one.
    pub async fn close(self) {
        if let Some(cluster) = self.private {
            let _ = tokio::task::spawn_blocking(move || cluster.stop()).await;
        }
    }
}

/// A cluster that forgets when the power fails, for tests.
///
/// # Errors
/// Says what to do.
pub fn fleeting_cluster(data_dir: &Path) -> Result<PrivatePostgres, String> {
    let options = Options {
        data_dir,
        durable: false,
        say: &|_| (),
    };
    PrivatePostgres::start(&options).map_err(|error| error.to_string())
}

/// The three logins of a database in a cluster of our own.
pub fn logins(cluster: &PrivatePostgres, name: &str) -> Databases {
    Databases {
        writer: cluster.url("lodestar_writer", name),
        reader: cluster.url("lodestar_reader", name),
        owner: Some(cluster.url("lodestar_owner", name)),
    }
}

/// Runs the owner's migrations, or undoes them all.
///
/// # Errors
/// When there is no owner's login, or a migration fails.
pub async fn migrate(urls: &Databases, direction: Direction) -> Result<Vec<String>, String> {
    let owner = urls
        .owner
        .as_deref()
        .ok_or("migrations need the owner's login: set DATABASE_OWNER_URL")?;
    migrations::run(owner, direction).await.map_err(|error| {
        format!("cannot migrate: {error}; if the logins do not exist yet, run the SQL of `lodestar grants` as a superuser")
    })
}

/// Makes the logins and the database in a cluster of our own.
///
/// # Errors
/// When the cluster refuses.
pub async fn prepare(cluster: &PrivatePostgres, name: &str) -> Result<(), String> {
    let mut connection =
        connect(&cluster.url("postgres", "postgres"), "the private Postgres").await?;
    let made = connection
        .batch_execute(&format!("create database {name}"))
        .await;
    use diesel::result::{DatabaseErrorKind, Error};
    match made {
        Ok(()) => {}
        // It was there before.
        Err(Error::DatabaseError(DatabaseErrorKind::Unknown, info))
            if info.message().contains("already exists") => {}
        Err(error) => return Err(format!("cannot create the database: {error}")),
    }
    let mut connection = connect(&cluster.url("postgres", name), "the private Postgres").await?;
    // Commands may start at the same moment; one statement after the other is one transaction.
    connection
        .batch_execute(&format!(
            "select pg_advisory_xact_lock({GRANTS});\n{}",
            db::GRANTS
        ))
        .await
        .map_err(|error| format!("cannot make the logins: {error}"))
}

async fn connect(url: &str, name: &str) -> Result<AsyncPgConnection, String> {
    AsyncPgConnection::establish(url).await.map_err(|error| {
        format!("cannot connect with {name}: {error}; check that the database runs and the address, login and password are right")
    })
}
