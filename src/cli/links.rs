//! `lodestar links`: whether the addresses of sources still answer.

use super::{Outcome, database::Database, print, progress::Progress};
use crate::{
    config::Config,
    curation::links::{self, Checked},
};
use chrono::Utc;
use clap::Args;
use std::{collections::BTreeMap, fmt::Write, path::PathBuf};

/// Asks the addresses of all public sources whether they still answer
#[derive(Debug, Args)]
pub struct Links {
    /// Writes what was found into a file too, as CSV
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
}

/// Asks, prints what does not answer as it did, and keeps all of it.
///
/// # Errors
/// When the database does not answer, the file cannot be written, or a source does not answer.
pub async fn links(config: &Config, asked: &Links) -> Outcome {
    let database = Database::open(config, true).await?;
    let mut connection = database.writer().await?;
    let failed = |error: diesel::result::Error| error.to_string();
    let all = links::links(&mut connection).await.map_err(failed)?;
    let progress = Progress::start("links", all.len() as u64);
    let work = tokio::task::spawn_blocking(move || links::check(all, || progress.step()));
    let checked = work.await.map_err(|error| error.to_string())?;
    let kept = links::keep(&mut connection, Utc::now(), &checked).await;
    drop(connection);
    database.close().await;
    kept.map_err(failed)?;
    if let Some(path) = &asked.csv {
        write(path, &checked)
            .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    print(&table(&checked))?;
    let away = |one: &&Checked| !matches!(one.outcome, links::Outcome::Ok | links::Outcome::Moved);
    match checked.iter().filter(away).count() {
        0 => Ok(()),
        away => Err(format!("{away} of {} sources do not answer", checked.len())),
    }
}

/// What is not as it was, one source a line, and how many of each there are.
fn table(checked: &[Checked]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut text = String::new();
    let wide = checked
        .iter()
        .map(|one| one.link.slug.len())
        .max()
        .unwrap_or(0)
        .min(60);
    for one in checked {
        *counts.entry(one.outcome.name()).or_default() += 1;
        if one.outcome != links::Outcome::Ok {
            let (slug, outcome) = (&one.link.slug, one.outcome.name());
            let _ = writeln!(
                text,
                "{outcome:<12} {slug:<wide$} {} {}",
                one.link.url, one.detail
            );
        }
    }
    let counts: Vec<String> = counts
        .iter()
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    text + &format!("{} sources: {}", checked.len(), counts.join(", "))
}

fn write(path: &std::path::Path, checked: &[Checked]) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_path(path)?;
    writer.write_record(["source", "url", "outcome", "detail"])?;
    for one in checked {
        let (link, outcome) = (&one.link, one.outcome.name());
        writer.write_record([&*link.slug, &*link.url, outcome, &*one.detail])?;
    }
    Ok(writer.flush()?)
}
