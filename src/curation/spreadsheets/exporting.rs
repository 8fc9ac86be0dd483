//! Exports: the public directory as files that import again unchanged. One file is written after
//! the other, from one snapshot, so that memory holds one batch.

use super::{
    cells::{Profile, cells},
    lines::line,
    sheets::{List, SHEETS, Sheet},
};
use crate::{
    curation::{queries, related},
    ledger::{Document, Resource},
};
use diesel_async::AsyncPgConnection;
use serde_json::{Map, Value};
use std::{
    collections::HashSet,
    fs::{self, File},
    future::{Future, ready},
    io::{self, BufWriter, Seek, Write},
    path::{Path, PathBuf},
    pin::Pin,
};

/// How many records are held.
const BATCH: i64 = 500;

/// Why an export failed.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The files cannot be written.
    #[error("cannot write {0}: {1}; choose a place that you can write to")]
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

/// How an export is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// How cells are written.
    pub profile: Profile,
    /// Whether each record says its revision, so that whoever brings it back overwrites nothing that
    /// changed meanwhile.
    pub revision: bool,
}

/// Where the files of an export go.
pub trait Files: Send {
    /// Begins a file.
    ///
    /// # Errors
    /// When it cannot be written.
    fn begin(&mut self, name: &str) -> io::Result<()>;
    /// Writes into it.
    ///
    /// # Errors
    /// When it cannot be written.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Lets somebody take what was written, who may be slow.
    fn pass_on(&mut self) -> Passing<'_> {
        Box::pin(ready(Ok(())))
    }
}

/// Waiting for whoever takes what was written.
pub type Passing<'a> = Pin<Box<dyn Future<Output = io::Result<()>> + Send + 'a>>;

/// A folder.
pub struct Folder {
    path: PathBuf,
    file: Option<BufWriter<File>>,
}

impl Folder {
    /// Makes it if it is not there.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn new(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        Ok(Self {
            path: path.to_owned(),
            file: None,
        })
    }

    /// Ends the last file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(&mut self) -> io::Result<()> {
        self.file.take().map_or(Ok(()), |mut file| file.flush())
    }
}

impl Files for Folder {
    fn begin(&mut self, name: &str) -> io::Result<()> {
        self.finish()?;
        let file = File::create(self.path.join(name))?;
        self.file = Some(BufWriter::new(file));
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file
            .as_mut()
            .map_or(Ok(()), |file| file.write_all(bytes))
    }
}

impl<W: Write + Seek + Send> Files for super::archives::Packing<W> {
    fn begin(&mut self, name: &str) -> io::Result<()> {
        Self::begin(self, name)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }
}

/// One stream of lines, whatever they are of.
pub struct Stream<W>(pub W);

impl<W: Write + Send> Files for Stream<W> {
    fn begin(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }
}

/// What an export writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// CSV files: one a resource, one a list.
    Tables(Style),
    /// A line of JSON for each record, with its revision where that is asked for.
    Lines(bool),
}

/// Writes every public record, sorted by the bytes of slugs. `step` is called once a record.
///
/// # Errors
/// When the files cannot be written or the database fails.
pub async fn export(
    connection: &mut AsyncPgConnection,
    shape: Shape,
    files: &mut dyn Files,
    step: &(dyn Fn() + Sync),
) -> Result<Exported, ExportError> {
    let mut snapshot = connection.build_transaction().read_only().repeatable_read();
    snapshot
        .run(async |connection| {
            let mut export = Export {
                shape,
                alone: related::left_out(connection).await?.into_iter().collect(),
                left_out: HashSet::new(),
                done: Exported::default(),
            };
            for sheet in &SHEETS {
                export.sheet(connection, sheet, files, step).await?;
            }
            Ok(export.done)
        })
        .await
}

/// An export under way.
struct Export {
    shape: Shape,
    alone: HashSet<String>,
    left_out: HashSet<String>,
    done: Exported,
}

impl Export {
    async fn sheet(
        &mut self,
        connection: &mut AsyncPgConnection,
        sheet: &'static Sheet,
        files: &mut dyn Files,
        step: &(dyn Fn() + Sync),
    ) -> Result<(), ExportError> {
        self.left_out.clear();
        let lists = match self.shape {
            Shape::Tables(_) => sheet.lists,
            Shape::Lines(_) => &[],
        };
        let own = [None].into_iter();
        for list in own.chain(lists.iter().map(Some)) {
            let name = list.map_or(sheet.resource.name(), |list| list.file);
            let failed = |error| ExportError::File(name.to_owned(), error);
            files.begin(&format!("{name}.csv")).map_err(failed)?;
            let head = self.head(sheet, list).map_err(failed)?;
            files.write(&head).map_err(failed)?;
            let mut after = String::new();
            loop {
                let batch = queries::exported(connection, sheet.resource, &after, BATCH).await?;
                let Some(last) = batch.last() else { break };
                after.clone_from(&last.slug);
                let mut out = Vec::new();
                for record in &batch {
                    let taken = match list {
                        None => self.takes(sheet, record),
                        Some(_) => !self.left_out.contains(&record.slug),
                    };
                    if let (true, Value::Object(document)) = (taken, &record.document) {
                        self.record(sheet, list, record, document, &mut out)
                            .map_err(failed)?;
                        if list.is_none() {
                            self.done.records += 1;
                            step();
                        }
                    }
                }
                files.write(&out).map_err(failed)?;
                files.pass_on().await.map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Whether a record imports again: what is hidden may have taken its last source.
    fn takes(&mut self, sheet: &Sheet, record: &queries::Exported) -> bool {
        let alone = sheet.resource == Resource::Statistics && self.alone.contains(&record.slug);
        let read = Document::read(sheet.resource, record.document.clone());
        let whole = read.is_ok_and(|document| document.validate().is_ok());
        if alone || !whole {
            let name = format!("{}/{}", sheet.resource.name(), record.slug);
            self.done.left_out.push(name);
            self.left_out.insert(record.slug.clone());
        }
        whole && !alone
    }

    fn head(&self, sheet: &Sheet, list: Option<&List>) -> io::Result<Vec<u8>> {
        let Shape::Tables(style) = self.shape else {
            return Ok(Vec::new());
        };
        let columns = list.map_or(sheet.columns, |list| list.columns);
        let names = columns.iter().map(|(name, _)| *name);
        let parent = list.map(|list| list.parent);
        let revision = (style.revision && list.is_none()).then_some("revision");
        let mut out = Vec::new();
        let mut writer = writer(&mut out);
        writer.write_record(parent.into_iter().chain(names).chain(revision))?;
        drop(writer);
        Ok(out)
    }

    fn record(
        &self,
        sheet: &Sheet,
        list: Option<&List>,
        record: &queries::Exported,
        document: &Map<String, Value>,
        out: &mut Vec<u8>,
    ) -> io::Result<()> {
        let style = match self.shape {
            Shape::Tables(style) => style,
            Shape::Lines(revision) => {
                let revision = revision.then_some(record.revision);
                serde_json::to_writer(&mut *out, &line(sheet, document, revision))?;
                out.push(b'\n');
                return Ok(());
            }
        };
        let mut writer = writer(out);
        let Some(list) = list else {
            let revision = style.revision.then(|| record.revision.to_string());
            let cells = cells(sheet.columns, document, style.profile);
            return Ok(writer.write_record(cells.chain(revision))?);
        };
        let entries = document.get(list.field).and_then(Value::as_array);
        for entry in entries.into_iter().flatten().filter_map(Value::as_object) {
            let slug = super::cells::guarded(style.profile, record.slug.clone());
            let cells = cells(list.columns, entry, style.profile);
            writer.write_record([slug].into_iter().chain(cells))?;
        }
        Ok(())
    }
}

fn writer(out: &mut Vec<u8>) -> csv::Writer<&mut Vec<u8>> {
    csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(out)
}
