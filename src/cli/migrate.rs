//! `lodestar migrate`

use super::{
    Outcome,
    database::{self, Database, Direction},
};
use crate::config::{Config, Databases};

/// Runs the migrations that have not run.
pub async fn migrate(config: &Config) -> Outcome {
    let Some(owner) = &config.owner_url else {
        if config.databases.is_some() {
            return Err("migrations need the owner's login: set DATABASE_OWNER_URL".to_owned());
        }
        // Opening the private database migrates it.
        Database::open(config, true).await?.close().await;
        println!("the private database is up to date");
        return Ok(());
    };
    let urls = Databases {
        writer: String::new(),
        reader: String::new(),
        owner: Some(owner.clone()),
    };
    let done = database::migrate(&urls, Direction::Up).await?;
    match done.is_empty() {
        true => println!("up to date"),
        false => println!("ran {}", done.join(", ")),
    }
    Ok(())
}
