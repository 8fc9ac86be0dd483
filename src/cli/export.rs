//! `lodestar export`

use super::{Outcome, database::Database, progress::Progress};
use crate::{
    config::Config,
    curation::spreadsheets::{
        self, ExportError, Exported, Folder, Packing, Profile, Shape, Stream, Style,
    },
};
use clap::{Args, ValueEnum};
use diesel_async::AsyncPgConnection;
use std::{
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

/// Where to, and in which form.
#[derive(Debug, Args)]
pub struct Export {
    /// The folder, or with --format the file; it is made if it is not there.
    pub path: PathBuf,
    /// How cells are written: as they are, or so that spreadsheet programs leave them alone.
    #[arg(long, value_enum, default_value_t = Cells::Raw)]
    pub profile: Cells,
    /// A folder of CSV files, a zip of them, or one file of JSON lines.
    #[arg(long, value_enum, default_value_t = Packed::Folder)]
    pub format: Packed,
    /// Whether each record says its revision, so that bringing it back overwrites nothing that
    /// changed meanwhile; without it spreadsheets do.
    #[arg(long, value_name = "BOOL")]
    pub revision: Option<bool>,
}

/// How cells are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Cells {
    /// As they are.
    Raw,
    /// With an apostrophe before what a spreadsheet program would compute or alter.
    Spreadsheet,
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Packed {
    /// A folder of CSV files.
    Folder,
    /// A zip of them.
    Zip,
    /// One JSON object a line.
    Ndjson,
}

/// Writes the public directory.
pub async fn export(config: &Config, asked: &Export) -> Outcome {
    let database = Database::open(config, true).await?;
    let mut connection = database.reader().await?;
    let progress = Progress::start("export", 0);
    let exported = written(&mut connection, asked, &|| progress.step()).await;
    drop(progress);
    drop(connection);
    database.close().await;
    let exported = exported.map_err(|error| error.to_string())?;
    println!("{} records in {}", exported.records, asked.path.display());
    if !exported.left_out.is_empty() {
        eprintln!(
            "left out, since their last source or contact point, or a figure that they are measured with, is hidden: {}",
            exported.left_out.join(", ")
        );
    }
    Ok(())
}

async fn written(
    connection: &mut AsyncPgConnection,
    asked: &Export,
    step: &(dyn Fn() + Sync),
) -> Result<Exported, ExportError> {
    let failed = |error| ExportError::File(asked.path.display().to_string(), error);
    let profile = match asked.profile {
        Cells::Raw => Profile::Raw,
        Cells::Spreadsheet => Profile::Spreadsheet,
    };
    let revision = asked.revision.unwrap_or(profile == Profile::Spreadsheet);
    let tables = Shape::Tables(Style { profile, revision });
    match asked.format {
        Packed::Folder => {
            let mut folder = Folder::new(&asked.path).map_err(failed)?;
            let done = spreadsheets::export(connection, tables, &mut folder, step).await?;
            folder.finish().map_err(failed)?;
            Ok(done)
        }
        Packed::Zip => {
            let mut packing = Packing::of(file(&asked.path).map_err(failed)?);
            let done = spreadsheets::export(connection, tables, &mut packing, step).await?;
            packing
                .finish()
                .and_then(|mut file| file.flush())
                .map_err(failed)?;
            Ok(done)
        }
        Packed::Ndjson => {
            let mut stream = Stream(file(&asked.path).map_err(failed)?);
            let lines = Shape::Lines(revision);
            let done = spreadsheets::export(connection, lines, &mut stream, step).await?;
            stream.0.flush().map_err(failed)?;
            Ok(done)
        }
    }
}

fn file(path: &Path) -> std::io::Result<BufWriter<File>> {
    File::create(path).map(BufWriter::new)
}
