//! Exports: the public directory as a folder of CSV files that imports again unchanged.

use super::{
    queries, related,
    sheets::{SHEETS, Sheet, cells},
};
use crate::ledger::{Document, Resource};
use diesel_async::AsyncPgConnection;
use serde_json::Value;
use std::{
    fs::{self, File},
    io::{self, BufWriter},
    path::Path,
};

type Writer = csv::Writer<BufWriter<File>>;

/// Why an export failed.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The folder cannot be written.
    #[error("cannot write {0}: {1}; choose a folder that you can write to")]
    File(String, io::Error),
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] diesel::result::Error),
}

/// What an export wrote.
#[derive(Debug, Default)]
pub struct Exported {
    /// How many records.
    pub records: u64,
    /// Public records that it left out, since they would not import again: their last public source
    /// or contact point is hidden, or another figure that they are measured with.
    pub left_out: Vec<String>,
}

/// Writes every public record into the files of a folder, sorted by the bytes of slugs. `step` is
/// called with the number of records done.
///
/// # Errors
/// When the folder cannot be written or the database fails.
pub async fn export(
    connection: &mut AsyncPgConnection,
    folder: &Path,
    step: &(dyn Fn(u64) + Sync),
) -> Result<Exported, ExportError> {
    let path = |error| ExportError::File(folder.display().to_string(), error);
    fs::create_dir_all(folder).map_err(path)?;
    let mut done = Exported::default();
    let alone = related::left_out(connection).await?;
    for sheet in &SHEETS {
        let mut own = writer(
            folder,
            sheet.resource.name(),
            None,
            sheet.columns.iter().map(|(name, _)| *name),
        )?;
        let mut lists = Vec::new();
        for list in sheet.lists {
            let names = list.columns.iter().map(|(name, _)| *name);
            lists.push(writer(folder, list.file, Some(list.parent), names)?);
        }
        let mut after = String::new();
        loop {
            let batch = queries::exported(connection, sheet.resource, &after, 1000).await?;
            let Some(last) = batch.last() else { break };
            after.clone_from(&last.slug);
            for record in &batch {
                let alone = sheet.resource == Resource::Statistics && alone.contains(&record.slug);
                if alone || !imports_again(sheet, &record.document) {
                    let name = format!("{}/{}", sheet.resource.name(), record.slug);
                    done.left_out.push(name);
                    continue;
                }
                write_record(sheet, &record.slug, &record.document, &mut own, &mut lists)
                    .map_err(|error| ExportError::File(sheet.resource.name().to_owned(), error))?;
                done.records += 1;
                step(done.records);
            }
        }
        for mut file in lists.into_iter().chain([own]) {
            file.flush().map_err(path)?;
        }
    }
    Ok(done)
}

/// Whether a public part is a whole document: what is hidden may have taken its last source.
fn imports_again(sheet: &Sheet, document: &Value) -> bool {
    let read = Document::read(sheet.resource, document.clone());
    read.is_ok_and(|document| document.validate().is_ok())
}

fn writer<'a>(
    folder: &Path,
    name: &str,
    parent: Option<&'a str>,
    columns: impl Iterator<Item = &'a str>,
) -> Result<Writer, ExportError> {
    let path = folder.join(format!("{name}.csv"));
    let failed = |error| ExportError::File(path.display().to_string(), error);
    let file = File::create(&path).map_err(failed)?;
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(BufWriter::new(file));
    writer
        .write_record(parent.into_iter().chain(columns))
        .map_err(|error| failed(error.into()))?;
    Ok(writer)
}

fn write_record(
    sheet: &Sheet,
    slug: &str,
    document: &Value,
    own: &mut Writer,
    lists: &mut [Writer],
) -> io::Result<()> {
    let Value::Object(object) = document else {
        return Ok(());
    };
    own.write_record(cells(sheet.columns, object))?;
    for (list, file) in sheet.lists.iter().zip(lists) {
        let entries = object.get(list.field).and_then(Value::as_array);
        for entry in entries.into_iter().flatten().filter_map(Value::as_object) {
            let parent = [slug.to_owned()].into_iter();
            file.write_record(parent.chain(cells(list.columns, entry)))?;
        }
    }
    Ok(())
}
