//! `lodestar migrate`

use super::{Outcome, database::Database};
use crate::{
    config::Config,
    db::migrations::{self, Direction},
};

/// Runs the migrations that have not run.
pub async fn migrate(config: &Config) -> Outcome {
    if config.owner_url.is_none() && config.databases.is_some() {
        return Err("migrations need the owner's login: set DATABASE_OWNER_URL".to_owned());
    }
    let Some(owner) = &config.owner_url else {
        // Opening the private database migrates it.
        Database::open(config, true).await?.close().await;
        println!("the private database is up to date");
        return Ok(());
    };
    let done = migrations::run(owner, Direction::Up).await.map_err(|error| {
        format!("cannot migrate: {error}; the logins must exist first: run the SQL of `lodestar grants` as a superuser")
    })?;
    match done.is_empty() {
        true => println!("up to date"),
        false => println!("ran {}", done.join(", ")),
    }
    Ok(())
}
