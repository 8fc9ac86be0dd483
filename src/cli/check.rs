//! `lodestar import --check` and `--apply`

use super::{
    Outcome,
    database::Database,
    import::{Import, explained},
    progress::Progress,
};
use crate::{
    config::Config,
    curation::spreadsheets::{self, Applier, Check, Content, Refusal},
    values::digest::{hex, of_hex},
};
use diesel_async::AsyncPgConnection;
use std::{fs, path::Path};

/// How many faults are printed.
const SHOWN: usize = 50;
/// How often it starts over when somebody hides a record while it runs.
const RETRIES: u32 = 3;

/// Tells what importing would do.
pub async fn check(config: &Config, asked: &Import, content: &Content) -> Outcome {
    let database = Database::open(config, true).await?;
    let checked = checked(&mut database.writer().await?, asked, content).await;
    database.close().await;
    let check = checked?;
    told(&check, asked.verbose);
    let counts = check.counts;
    println!(
        "{} to create, {} to change, {} unchanged, {} in conflict, {} with errors; nothing was written to the directory",
        counts.create, counts.update, counts.unchanged, counts.conflict, counts.error
    );
    match (check.is_clean(), &asked.name) {
        (false, _) => Err("correct what is named above, and check again".to_owned()),
        (true, Some(_)) => {
            println!("kept for 7 days as {}", hex(&content.digest()));
            Ok(())
        }
        (true, None) => Ok(()),
    }
}

async fn checked(
    connection: &mut AsyncPgConnection,
    asked: &Import,
    content: &Content,
) -> Result<Check, String> {
    let progress = Progress::start("check", 0);
    let mut start = |rows| progress.expect(rows);
    let step = |rows| progress.advance(rows);
    let check = spreadsheets::check(connection, content, &mut start, &step).await;
    drop(progress);
    let check = check.map_err(explained)?;
    if let Some(folder) = &asked.report {
        let files = spreadsheets::annotated(content, &check);
        let written = files.and_then(|files| write(folder, &files));
        written.map_err(|error| format!("cannot write {}: {error}", folder.display()))?;
    }
    if let Some(name) = &asked.name {
        let kept = spreadsheets::keep(connection, content, &check, name).await;
        kept.map_err(explained)?;
    }
    Ok(check)
}

fn write(folder: &Path, files: &spreadsheets::Contents) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    for (name, content) in files {
        fs::write(folder.join(name), content)?;
    }
    Ok(())
}

/// Prints what is wrong, and how files were recognised that are not in UTF-8; if asked for that of all, and what changes.
fn told(check: &Check, all: bool) {
    let usual = ["UTF-8", "UTF-8 with BOM", "XLSX"];
    for file in &check.recognised {
        if all || !usual.contains(&file.encoding) {
            let (name, rows) = (&file.file, file.rows);
            println!("{name}: {}, {}, {rows} rows", file.encoding, file.delimiter);
        }
    }
    if all {
        for change in check.told().take(SHOWN) {
            println!("  {change}");
        }
        if check.changes > SHOWN as u64 {
            println!("  and {} more changes", check.changes - SHOWN as u64);
        }
    }
    for wrong in check.wrong.iter().take(SHOWN) {
        println!("  {wrong}");
    }
    if check.faults > SHOWN as u64 {
        println!("  and {} more", check.faults - SHOWN as u64);
    }
}

/// Applies what was checked by somebody else.
pub async fn apply(config: &Config, content: &Content, digest: &str, name: &str) -> Outcome {
    let wanted = of_hex(digest).ok_or("a digest is 64 digits and letters, as --check prints it")?;
    if content.digest() != wanted[..] {
        return Err(
            "the files are not those that were checked under this digest; check them again"
                .to_owned(),
        );
    }
    let database = Database::open(config, true).await?;
    let applied = with_patience(&database, config, &wanted, name).await;
    database.close().await;
    let words = applied?;
    println!("{words}");
    Ok(())
}

async fn with_patience(
    database: &Database,
    config: &Config,
    digest: &[u8],
    name: &str,
) -> Result<String, String> {
    let applier = Applier {
        name: name.to_owned(),
        one_person: config.one_person,
    };
    let mut left = RETRIES;
    loop {
        let mut connection = database.writer().await?;
        let progress = Progress::start("apply", 0);
        let step = || progress.step();
        match spreadsheets::apply(&mut connection, digest, &applier, &step).await {
            Err(Refusal::Interrupted) if left > 0 => {
                eprintln!("apply: a record was hidden meanwhile, which goes first; starting over");
                left -= 1;
            }
            Err(error) => return Err(format!("nothing was applied: {error}")),
            Ok((_, done)) => {
                return Ok(format!(
                    "{} created, {} changed, {} unchanged; revision {}",
                    done.created, done.updated, done.unchanged, done.revision
                ));
            }
        }
    }
}
