//! `lodestar import`, and the first start

use super::{Outcome, database::Database, progress::Progress};
use crate::{
    config::Config,
    curation::{
        shipped,
        spreadsheets::{self, Content, Contents, Form, ImportError},
    },
    ledger::{self, Access, Actor, Applied},
    values::access::{Status, Visibility},
};
use clap::Args;
use diesel_async::AsyncPgConnection;
#[cfg(target_os = "linux")]
use nix::sys::signal::Signal;
use std::path::PathBuf;
use tokio::process::Command;

/// How many faults are printed.
const SHOWN: usize = 50;
/// How often an import starts over when somebody hides a record while it runs.
const RETRIES: u32 = 3;

/// What to import, and how far.
#[derive(Debug, Args)]
pub struct Import {
    /// A folder of CSV files as `export` writes it, a .zip of them, an .ndjson file, or an .xlsx
    /// workbook; without it the shipped directory.
    pub path: Option<PathBuf>,
    /// Writes nothing, and tells row by row what importing would do. With --as the check is kept for
    /// a week, for somebody else to apply.
    #[arg(long, requires = "path", conflicts_with = "apply")]
    pub check: bool,
    /// A folder for the same files with what was found beside each row.
    #[arg(long, value_name = "FOLDER", requires = "check")]
    pub report: Option<PathBuf>,
    /// Tells of each file how it was recognised, and cell by cell what would change.
    #[arg(long, requires = "check")]
    pub verbose: bool,
    /// Applies what somebody else checked, if the files are still those of this digest.
    #[arg(long, value_name = "DIGEST", requires = "path", requires = "name")]
    pub apply: Option<String>,
    /// Who checks or applies.
    #[arg(long = "as", value_name = "NAME")]
    pub name: Option<String>,
    /// What the first start does: imports into a directory that was never written to, and ends with the server.
    #[arg(long, hide = true, conflicts_with_all = ["path", "name"])]
    pub first: bool,
}

/// Imports what a path names, or the shipped directory.
pub async fn import(config: &Config, asked: &Import) -> Outcome {
    if asked.first {
        #[cfg(target_os = "linux")]
        let _ = nix::sys::prctl::set_pdeathsig(Signal::SIGKILL);
        let database = Database::open(config, true).await?;
        return import_first(&mut database.writer().await?, config).await;
    }
    if asked.name.is_some() && !asked.check && asked.apply.is_none() {
        return Err("--as names who checks or applies: add --check or --apply".to_owned());
    }
    let content = match &asked.path {
        Some(path) => Content::of_path(path).map_err(explained)?,
        None => Content::of_files(shipped_files()?),
    };
    if asked.check {
        return super::check::check(config, asked, &content).await;
    }
    if let (Some(digest), Some(name)) = (&asked.apply, &asked.name) {
        return super::check::apply(config, &content, digest, name).await;
    }
    let database = Database::open(config, true).await?;
    let imported = with_patience(&database, config, &content).await;
    database.close().await;
    let Applied {
        created,
        updated,
        unchanged,
        revision,
        ..
    } = imported?;
    println!("{created} created, {updated} changed, {unchanged} unchanged; revision {revision}");
    Ok(())
}

/// Makes a directory ready to be served. One that was never written to is filled in a process of its own, since
/// what that takes of memory does not all come back.
pub async fn prepare(database: &Database, config: &Config) -> Outcome {
    let mut writer = database.writer().await?;
    let empty = ledger::queries::is_empty(&mut writer).await;
    if !empty.map_err(|error| format!("cannot read the ledger: {error}"))? {
        return import_first(&mut writer, config).await;
    }
    drop(writer);
    let failed = |error| {
        format!("cannot start the first import: {error}; run `lodestar import`, then start again")
    };
    let filled = Command::new(std::env::current_exe().map_err(failed)?)
        .args(["import", "--first"])
        .env("DATABASE_URL", &database.urls.writer)
        .env("DATABASE_READ_URL", &database.urls.reader)
        .kill_on_drop(true)
        .status()
        .await
        .map_err(failed)?;
    match filled.success() {
        true => Ok(()),
        false => {
            Err("the first import failed; mend what it says above, and start again".to_owned())
        }
    }
}

/// Imports the shipped directory into one that was never written to.
pub async fn import_first(connection: &mut AsyncPgConnection, config: &Config) -> Outcome {
    // Several instances may start at once on one empty database: one fills it, the others wait.
    let waited = ledger::queries::take_turn(connection).await;
    waited.map_err(|error| format!("cannot take turns with other instances: {error}"))?;
    let empty = ledger::queries::is_empty(connection).await;
    if !empty.map_err(|error| format!("cannot read the ledger: {error}"))? {
        let read = ledger::reread(connection).await;
        return match read
            .map_err(|error| format!("cannot read the records of an earlier version: {error}"))?
        {
            0 => Ok(()),
            read => {
                tell!("read {read} records of an earlier version");
                Ok(())
            }
        };
    }
    import_files(connection, config, &shipped_files()?, "first start")
        .await
        .map(drop)
}

/// Imports files in one transaction, with progress.
pub async fn import_files(
    connection: &mut AsyncPgConnection,
    config: &Config,
    files: &Contents,
    name: &str,
) -> Result<Applied, String> {
    let content = Content::of_files(files.clone());
    let imported = try_import(connection, config, &content, name).await;
    imported.map_err(explained)
}

async fn try_import(
    connection: &mut AsyncPgConnection,
    config: &Config,
    content: &Content,
    name: &str,
) -> Result<Applied, ImportError> {
    let empty = ledger::queries::is_empty(connection).await?;
    // Nobody relies yet on an empty directory, so that one person may fill it.
    let actor = Actor {
        name: name.to_owned(),
        one_person: empty || config.one_person,
        ..Actor::default()
    };
    let reading = spreadsheets::read(content)?;
    let progress = Progress::start("import", reading.records());
    let step = || progress.step();
    spreadsheets::import(connection, &actor, "import of files", reading, &step).await
}

/// Imports, and starts over when somebody hides a record meanwhile: that goes first.
async fn with_patience(
    database: &Database,
    config: &Config,
    content: &Content,
) -> Result<Applied, String> {
    let mut left = RETRIES;
    loop {
        let mut connection = database.writer().await?;
        match try_import(&mut connection, config, content, "lodestar import").await {
            Err(ImportError::Interrupted) if left > 0 => {
                tell!("import: a record was hidden meanwhile, which goes first; starting over");
                left -= 1;
            }
            done => return done.map_err(explained),
        }
    }
}

/// The shipped directory as files.
///
/// # Errors
/// When it cannot be unpacked, which no build lets happen.
pub fn shipped_files() -> Result<Contents, String> {
    let content = Content::of_bytes(Form::Folder, shipped::PACKED.to_vec());
    let broken = |invalid| explained(ImportError::whole("the shipped directory", invalid));
    content.map(|content| content.files).map_err(broken)
}

/// Why nothing was imported, in words.
pub fn explained(error: ImportError) -> String {
    match error {
        ImportError::Wrong(wrong) => {
            let lines: Vec<String> = wrong
                .iter()
                .take(SHOWN)
                .map(|one| format!("\n  {one}"))
                .collect();
            let more = match wrong.len().saturating_sub(SHOWN) {
                0 => String::new(),
                more => format!("\n  and {more} more"),
            };
            format!("nothing was imported:{}{more}", lines.concat())
        }
        other => other.to_string(),
    }
}

/// Writes whole documents through the ledger, each with its resource, status and visibility by
/// name: what no spreadsheet holds. Routes do this behind roles; this is for tests of the ledger.
///
/// # Errors
/// When a name or a document is wrong, or does not fit the directory.
pub async fn write_documents(
    connection: &mut AsyncPgConnection,
    reason: &str,
    records: Vec<(&str, serde_json::Value, &str, &str)>,
) -> Result<Applied, String> {
    let mut changes = Vec::new();
    for (resource, document, status, visibility) in records {
        let resource = ledger::Resource::ALL
            .into_iter()
            .find(|one| one.name() == resource)
            .ok_or("there is no such resource")?;
        let document =
            ledger::Document::read(resource, document).map_err(|error| error.to_string())?;
        let access = Status::named(status).zip(Visibility::named(visibility));
        let (status, visibility) = access.ok_or("there is no such status or visibility")?;
        changes.push(ledger::Change {
            access: Some(Access {
                status,
                visibility,
                merged_into: None,
            }),
            ..ledger::Change::to(document)
        });
    }
    let actor = Actor {
        name: "documents".to_owned(),
        one_person: true,
        ..Actor::default()
    };
    ledger::apply(connection, &actor, reason, changes, &|| ())
        .await
        .map_err(|error| format!("{error:?}"))
}
