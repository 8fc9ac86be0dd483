//! HTTP of exports: the public directory as spreadsheets, for whoever has no shell.

use crate::{
    curation::spreadsheets::{
        self, ExportError, Files, Packing, Passing, Profile, Shape, Stream, Style,
    },
    values::describe::{FileBytes, FileLines},
    web::{
        FromParams, Params, Problem, Query, Result, State, conditional::Caching,
        connection::PATIENCE, identity::Contributor, parse, turns,
    },
};
use actix_web::{HttpResponse, get, http::header, web};
use bytes::Bytes;
use diesel_async::AsyncPgConnection;
use futures_util::stream;
use serde::{Deserialize, Serialize};
use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};
use tokio::sync::mpsc;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

/// How many bytes are sent at once.
const CHUNK: usize = 64 * 1024;
/// How many of these may wait for a slow reader.
const WAITING: usize = 4;
/// How many times the patience with bytes somebody may take for one of them: until all is sent, an export holds a
/// connection and a snapshot.
const PATIENT: u32 = 3;

pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(read_export);
}

/// How cells are written.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ExportProfile {
    Spreadsheet,
    Raw,
}

/// What is sent.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ExportFormat {
    Zip,
    Ndjson,
}

/// How an export is written.
#[derive(Debug, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "a description; what is parsed is a shape")]
pub struct ExportQuery {
    /// `spreadsheet`, as without it, puts an apostrophe before what a spreadsheet program would compute or alter, such as `+441632960001`,
    /// `24/7` and dates, and adds a column with the revision of each record; reading takes both as they are meant. `raw` writes
    /// values as they are. Lines of JSON need no such care.
    #[param(inline, value_type = Option<ExportProfile>)]
    profile: Option<String>,
    /// A zip of CSV files, as without it, or one JSON object a line.
    #[param(inline, value_type = Option<ExportFormat>)]
    format: Option<String>,
    /// Whether each record says its revision, so that bringing it back overwrites nothing that changed meanwhile. Without
    /// it spreadsheets and lines do.
    revision: Option<bool>,
}

/// What was asked for.
#[derive(Debug)]
struct Asked(Shape);

impl FromParams for Asked {
    fn from_params(params: &mut Params) -> Self {
        const PROFILES: [(&str, Profile); 2] =
            [("spreadsheet", Profile::Spreadsheet), ("raw", Profile::Raw)];
        let profile = params.one("profile", parse::one_of(&PROFILES));
        let zip = params.one("format", parse::one_of(&[("zip", true), ("ndjson", false)]));
        let revision = params.one("revision", parse::boolean);
        let profile = profile.unwrap_or(Profile::Spreadsheet);
        let revision = revision.unwrap_or(profile == Profile::Spreadsheet);
        Self(match zip.unwrap_or(true) {
            true => Shape::Tables(Style { profile, revision }),
            false => Shape::Lines(revision),
        })
    }
}

/// Reads the directory as spreadsheets
///
/// Everything that is public, from one moment: a CSV file for each resource and each of its lists. The files import again,
/// changed or not. From contributor up; everybody else reads the lists with `format=csv`. Four run at once, and one that is not
/// read for 30 seconds ends.
#[utoipa::path(
    tag = "curation",
    params(ExportQuery),
    responses((status = 200, description = "The files.", content(
        (inline(FileBytes) = "application/zip"),
        (inline(FileLines) = "application/x-ndjson"),
    ))),
    security(("key" = ["contributor"])),
)]
#[get("/v1/export")]
async fn read_export(_: Contributor, state: State, query: Query<Asked>) -> Result<HttpResponse> {
    let Asked(shape) = query.value;
    let turn = turns::export()?;
    // Before the status is sent, so that a database that does not answer is a problem.
    let connection = state.own_reader().await?;
    let (sender, receiver) = mpsc::channel(WAITING);
    let runtime = tokio::runtime::Handle::current();
    // Packing takes a processor for as long as it lasts; nobody waits for its end.
    drop(web::block(move || {
        let _turn = turn;
        runtime.block_on(async move {
            if let Err(error) = send(connection, shape, &sender).await {
                // Who takes nothing any more is told nothing either.
                let _ = sender.try_send(Err(error));
            }
        });
    }));
    let body = stream::try_unfold(Some(receiver), async |receiver| {
        let Some(mut receiver): Option<mpsc::Receiver<Chunk>> = receiver else {
            return Ok(None);
        };
        // Cut off, not ended: whoever reads it must not take it for the whole.
        let cut = || Err(Problem::Unavailable("export: cut off".into()));
        let Sent { bytes, last } = receiver.recv().await.unwrap_or_else(cut)?;
        Ok::<_, Problem>(Some((bytes, (!last).then_some(receiver))))
    });
    let (kind, name) = match shape {
        Shape::Tables(_) => ("application/zip", "lodestar.zip"),
        Shape::Lines(_) => ("application/x-ndjson", "lodestar.ndjson"),
    };
    let name = format!("attachment; filename=\"{name}\"");
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, Caching::Private.header()))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .content_type(kind)
        .streaming(body))
}

/// A part of the answer.
struct Sent {
    bytes: Bytes,
    last: bool,
}

type Chunk = Result<Sent>;

async fn send(
    mut connection: AsyncPgConnection,
    shape: Shape,
    sender: &mpsc::Sender<Chunk>,
) -> Result<()> {
    let buffer = Buffer::default();
    match shape {
        Shape::Tables(_) => {
            let packing = Packing::stream(buffer.clone());
            let packing = written(&mut connection, shape, packing, &buffer, sender).await?;
            packing.finish().map_err(failed)?;
        }
        Shape::Lines(_) => {
            let lines = Stream(buffer.clone());
            written(&mut connection, shape, lines, &buffer, sender).await?;
        }
    };
    drop(connection);
    let taken = hand_over(sender, &buffer, true).await;
    taken.map_err(failed)
}

/// Sends what is written, as long as somebody takes it.
async fn hand_over(sender: &mpsc::Sender<Chunk>, buffer: &Buffer, last: bool) -> io::Result<()> {
    let bytes = buffer.take();
    let sent = sender.send(Ok(Sent { bytes, last }));
    match tokio::time::timeout(PATIENCE * PATIENT, sent).await {
        Ok(sent) => sent.map_err(|_| io::ErrorKind::BrokenPipe.into()),
        Err(_) => Err(io::ErrorKind::TimedOut.into()),
    }
}

async fn written<F: Files>(
    connection: &mut AsyncPgConnection,
    shape: Shape,
    files: F,
    buffer: &Buffer,
    sender: &mpsc::Sender<Chunk>,
) -> Result<F> {
    let mut outbox = Outbox {
        files,
        buffer: buffer.clone(),
        sender: sender.clone(),
    };
    match spreadsheets::export(connection, shape, &mut outbox, &|| ()).await {
        Ok(_) => Ok(outbox.files),
        Err(ExportError::Database(error)) => Err(error.into()),
        Err(ExportError::File(_, error)) => Err(failed(error)),
    }
}

fn failed(error: io::Error) -> Problem {
    Problem::Unavailable(format!("export: {:?}", error.kind()))
}

/// What is written and not sent yet.
#[derive(Debug, Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    fn take(&self) -> Bytes {
        let bytes = self.0.lock().map(|mut bytes| std::mem::take(&mut *bytes));
        bytes.unwrap_or_default().into()
    }

    fn is_full(&self) -> bool {
        self.0.lock().is_ok_and(|bytes| bytes.len() >= CHUNK)
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut held = self.0.lock().map_err(|_| io::ErrorKind::Other)?;
        held.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Files on their way to whoever reads the answer.
struct Outbox<F> {
    files: F,
    buffer: Buffer,
    sender: mpsc::Sender<Chunk>,
}

impl<F: Files> Files for Outbox<F> {
    fn begin(&mut self, name: &str) -> io::Result<()> {
        self.files.begin(name)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.files.write(bytes)
    }

    fn pass_on(&mut self) -> Passing<'_> {
        Box::pin(async move {
            if !self.buffer.is_full() {
                return Ok(());
            }
            hand_over(&self.sender, &self.buffer, false).await
        })
    }
}
