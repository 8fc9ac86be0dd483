//! Which database a command works on: the one that the environment names, or the private one.

use crate::{
    config::{Config, Databases},
    db::{
        self, access, migrations,
        private::{Options, PrivatePostgres},
    },
};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};

/// The database's name in the private cluster.
const NAME: &str = "lodestar";

/// A database that answers, and the private cluster if that is it.
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
            return Ok(Self { urls: urls.clone(), private: None });
        }
        let data_dir = config.data_dir.clone();
        let cluster = tokio::task::spawn_blocking(move || {
            if beside && let Some(running) = PrivatePostgres::attach(&data_dir)? {
                return Ok(running);
            }
            let say = |line: &str| eprintln!("{line}");
            PrivatePostgres::start(&Options { data_dir: &data_dir, durable: true, say: &say })
        })
        .await
        .map_err(|error| format!("cannot start the private Postgres: {error}"))?
        .map_err(|error| error.to_string())?;
        let url = |login: &str| cluster.url(login, NAME);
        let owner = url("lodestar_owner");
        let urls = Databases { writer: url("lodestar_writer"), reader: url("lodestar_reader"), owner: Some(owner.clone()) };
        prepare(&cluster.url("postgres", "postgres"), &cluster.url("postgres", NAME), NAME).await?;
        migrations::run(&owner, migrations::Direction::Up).await.map_err(|error| format!("cannot migrate: {error}"))?;
        Ok(Self { urls, private: Some(cluster) })
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
        let list: Vec<String> = beyond.into_iter().map(|privilege| format!("\n  {}", privilege.name)).collect();
        Err(format!(
            "the login of DATABASE_READ_URL can do more than read what is public:{}\nuse the login lodestar_reader that `lodestar grants` makes, or revoke these",
            list.concat()
        ))
    }

    /// Stops the private cluster, if it is one.
    pub async fn close(self) {
        if let Some(cluster) = self.private {
            let _ = tokio::task::spawn_blocking(move || cluster.stop()).await;
        }
    }
}

/// Makes the logins and the database in a cluster of our own.
pub async fn prepare(maintenance_url: &str, url: &str, name: &str) -> Result<(), String> {
    let mut connection = connect(maintenance_url, "the private Postgres").await?;
    let made = connection.batch_execute(&format!("create database {name}")).await;
    use diesel::result::{DatabaseErrorKind, Error};
    match made {
        Ok(()) => {}
        // It was there before.
        Err(Error::DatabaseError(DatabaseErrorKind::Unknown, info)) if info.message().contains("already exists") => {}
        Err(error) => return Err(format!("cannot create the database: {error}")),
    }
    let mut connection = connect(url, "the private Postgres").await?;
    connection.batch_execute(db::GRANTS).await.map_err(|error| format!("cannot make the logins: {error}"))
}

async fn connect(url: &str, name: &str) -> Result<AsyncPgConnection, String> {
    AsyncPgConnection::establish(url).await.map_err(|error| {
        format!("cannot connect with {name}: {error}; check that the database runs and the address, login and password are right")
    })
}
