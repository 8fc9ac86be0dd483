//! `lodestar keys`

use super::{Outcome, database::Database};
use crate::{
    config::Config,
    curation::{
        KeyInfo,
        keys::{self, DAYS, Wanted},
    },
    values::role::Role,
};
use chrono::Utc;
use clap::Subcommand;
use diesel_async::AsyncPgConnection;
use std::time::Duration;
use uuid::Uuid;

/// Keys of maintainers, for whom runs the directory: the first one comes from here.
#[derive(Debug, Subcommand)]
pub enum Keys {
    /// Makes a key and prints it, this once.
    Create {
        /// The person or job that it stands for; all keys of one name are one person.
        #[arg(long)]
        name: String,
        /// What it opens: contributor, editor, publisher or admin.
        #[arg(long, value_parser = role)]
        role: Role,
        /// A country that it is limited to, ISO 3166-1 alpha-2; may be repeated.
        #[arg(long)]
        country: Vec<String>,
        /// How many days it lasts.
        #[arg(long, default_value_t = DAYS.0)]
        days: i64,
    },
    /// Lists the keys: whom each stands for, what it opens, whether it still does.
    List,
    /// Revokes a key.
    Revoke {
        /// Its id, as `list` shows it.
        id: Uuid,
    },
}

fn role(name: &str) -> Result<Role, String> {
    Role::named(name).ok_or_else(|| "use contributor, editor, publisher or admin".to_owned())
}

/// Runs a command about keys, beside a running server too.
pub async fn keys(config: &Config, command: Keys) -> Outcome {
    let database = Database::open(config, true).await?;
    let done = run(&database, command).await;
    database.close().await;
    done
}

async fn run(database: &Database, command: Keys) -> Outcome {
    let mut connection = database.writer().await?;
    match command {
        Keys::Create {
            name,
            role,
            country,
            days,
        } => {
            let wanted = Wanted {
                name,
                role,
                countries: country,
                days,
            };
            let (info, key) = make(&mut connection, wanted).await?;
            // By the time that somebody reads it, every instance knows it.
            tokio::time::sleep(Duration::from_secs(2)).await;
            eprintln!(
                "A key for {}, {}, until {}. It is shown this once and kept nowhere: copy it now.",
                info.name,
                info.role,
                info.expires_at.format("%Y-%m-%d")
            );
            println!("{key}");
        }
        Keys::List => {
            for key in keys::all(&mut connection)
                .await
                .map_err(|error| failed(&error))?
            {
                let countries = match key.countries.is_empty() {
                    true => "everywhere".to_owned(),
                    false => key.countries.join(","),
                };
                let state = keys::state(&key, Utc::now());
                let used = key.last_used_at.map_or("never used".to_owned(), |at| {
                    format!("used {}", at.format("%Y-%m-%d"))
                });
                println!(
                    "{}  {}  {}  {countries}  {state}  until {}  {used}, made by {}",
                    key.id,
                    key.name,
                    key.role,
                    key.expires_at.format("%Y-%m-%d"),
                    key.created_by
                );
            }
        }
        Keys::Revoke { id } => {
            let revoked = keys::revoke(&mut connection, id)
                .await
                .map_err(|error| match error {
                    diesel::NotFound => {
                        "there is no such key; `lodestar keys list` shows them".to_owned()
                    }
                    error => failed(&error),
                })?;
            println!(
                "the key {} of {} opens nothing any more, within two seconds everywhere",
                revoked.id, revoked.name
            );
        }
    }
    Ok(())
}

fn failed(error: &dyn std::fmt::Display) -> String {
    format!("the database failed: {error}")
}

async fn make(
    connection: &mut AsyncPgConnection,
    wanted: Wanted,
) -> Result<(KeyInfo, String), String> {
    let faults = wanted.faults();
    if !faults.is_empty() {
        let lines = faults
            .iter()
            .map(|(field, invalid)| format!("\n  {}: {invalid}", field.trim_start_matches('/')));
        return Err(format!("no key was made:{}", lines.collect::<String>()));
    }
    let made = keys::create(connection, wanted, "lodestar keys").await;
    let (info, key) = made.map_err(|error| failed(&error))?;
    Ok((info, key.reveal().to_owned()))
}

/// Makes a key for a person with a role by name, for these countries, that lasts so many days;
/// negative for one that has expired. `lodestar keys create` does the same with its own checks.
///
/// # Errors
/// When there is no such role, or the database fails.
pub async fn make_key(
    connection: &mut AsyncPgConnection,
    (name, role, countries, days): (&str, &str, &[&str], i64),
) -> Result<String, String> {
    let wanted = Wanted {
        name: name.to_owned(),
        role: self::role(role)?,
        countries: countries
            .iter()
            .map(|country| (*country).to_owned())
            .collect(),
        days,
    };
    let made = keys::create(connection, wanted, "lodestar keys").await;
    let (_, key) = made.map_err(|error| failed(&error))?;
    Ok(key.reveal().to_owned())
}
