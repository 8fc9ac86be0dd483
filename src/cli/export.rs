//! `lodestar export`

use super::{Outcome, database::Database, progress::Progress};
use crate::{config::Config, curation::exports};
use std::path::Path;

/// Writes the public directory into a folder.
pub async fn export(config: &Config, folder: &Path) -> Outcome {
    let database = Database::open(config, true).await?;
    let mut connection = database.reader().await?;
    let progress = Progress::start("export", 0);
    let exported = exports::export(&mut connection, folder, &|_| progress.step()).await;
    drop(progress);
    drop(connection);
    database.close().await;
    let exported = exported.map_err(|error| error.to_string())?;
    println!("{} records in {}", exported.records, folder.display());
    if !exported.left_out.is_empty() {
        eprintln!(
            "left out, since their last source or contact point, or a figure that they are measured with, is hidden: {}",
            exported.left_out.join(", ")
        );
    }
    Ok(())
}
