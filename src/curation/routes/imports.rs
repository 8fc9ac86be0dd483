//! HTTP of imports: checked by one person, applied by another.

use super::{private, uploads::Upload};
use crate::{
    curation::{
        edits::now,
        queries,
        spreadsheets::{self, Applier, Content, ImportCheck, ImportError, ImportSummary, Refusal},
    },
    values::{
        Invalid,
        describe::{FileBytes, FileLines},
        digest::{hex, of_hex},
    },
    web::{
        FromParams, Params, Problem, Query, Result, State,
        conditional::Caching,
        extract::NoParams,
        identity::{Admin, Editor},
        page::{Page, Paging, cut},
        problem::ErrorDetail,
        state::Directory,
    },
};
use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    get,
    http::header::{self, HeaderValue},
    post, web,
};
use serde::Serialize;
use std::{
    future::{Ready, ready},
    sync::atomic::{AtomicUsize, Ordering},
};
use tokio::sync::Semaphore;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

/// How often applying starts over when somebody hides a record while it runs.
const RETRIES: u32 = 3;
/// How many bodies may wait for their turn to be checked.
const WAITING: usize = 3;

/// Checks take turns: each may fill a processor and much memory.
static TURN: Semaphore = Semaphore::const_new(1);
static HERE: AtomicUsize = AtomicUsize::new(0);

pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(create_import)
        .service(list_imports)
        .service(read_import)
        .service(read_import_files)
        .service(apply_import);
}

/// What came of applying.
#[derive(Debug, Serialize, ToSchema)]
struct ImportApplied {
    /// How many records are new.
    #[schema(minimum = 0)]
    created: usize,
    /// How many changed.
    #[schema(minimum = 0)]
    updated: usize,
    /// How many stood so already.
    #[schema(minimum = 0)]
    unchanged: usize,
    /// The last revision of the directory after.
    #[schema(minimum = 0)]
    revision: i64,
}

/// Which page.
#[derive(Debug)]
struct Listed(Paging);

impl FromParams for Listed {
    fn from_params(params: &mut Params) -> Self {
        Self(Paging::from_params(params))
    }
}

/// The digest in a path: whatever can be none names nothing.
#[derive(Debug)]
struct Digest(Vec<u8>);

impl FromRequest for Digest {
    type Error = Problem;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let digest = request.match_info().get("digest").and_then(of_hex);
        ready(digest.map(Self).ok_or_else(unknown))
    }
}

/// A place among those who wait for their turn.
struct Place;

impl Place {
    fn take() -> Result<Self> {
        let here = HERE.fetch_add(1, Ordering::Relaxed);
        let place = Self;
        match here <= WAITING {
            true => Ok(place),
            false => Err(Problem::Unavailable("too many imports wait".into())),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        HERE.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Runs long work where it holds up no other request, to its end even if the caller hangs up.
async fn aside<T: Send + 'static>(
    work: impl AsyncFnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let runtime = tokio::runtime::Handle::current();
    let done = web::block(move || runtime.block_on(work())).await;
    done.map_err(|error| Problem::Internal(error.to_string()))?
}

fn refused(error: ImportError) -> Problem {
    match error {
        ImportError::Wrong(wrong) => {
            let errors = wrong.into_iter().map(|one| {
                let mut invalid = one.invalid;
                invalid.reason = format!("{}: {}", one.file, invalid.reason);
                ErrorDetail::pointer("", invalid)
            });
            Problem::Unprocessable(errors.collect())
        }
        ImportError::File(name, error) => Problem::Internal(format!("{name}: {error}")),
        ImportError::Interrupted => Problem::Unavailable("interrupted by a hide".into()),
        ImportError::Database(error) => error.into(),
    }
}

async fn checked(state: Directory, upload: Upload, who: String) -> Result<ImportCheck> {
    let place = Place::take()?;
    let turn = TURN.acquire().await;
    let turn = turn.map_err(|error| Problem::Internal(error.to_string()))?;
    aside(async move || {
        let _held = (place, turn);
        let content = Content::of_bytes(upload.form, upload.bytes)
            .map_err(|invalid| refused(ImportError::whole("the body", invalid)))?;
        let mut connection = state.writer().await?;
        let check = spreadsheets::check(&mut connection, &content, &mut |_| (), &|_| ()).await;
        let check = check.map_err(refused)?;
        let kept = spreadsheets::keep(&mut connection, &content, &check, &who).await;
        told(kept.map_err(refused)?)
    })
    .await
}

fn told(kept: queries::KeptCheck) -> Result<ImportCheck> {
    ImportCheck::of(kept).map_err(|error| Problem::Internal(error.to_string()))
}

/// No check is kept under a digest.
fn unknown() -> Problem {
    Problem::Unknown(spreadsheets::unknown())
}

/// Checks files to be imported
///
/// Writes nothing to the directory, and tells row by row what importing would do; `/files` gives the same files back with
/// two more columns. The body is a zip of CSV files as an export has them, lines of JSON, or an Excel workbook with one sheet
/// for each file: at most 32 MiB, unpacked 64 MiB, and 100,000 rows. The check is kept for seven days under the SHA-256 digest
/// of the body, for somebody else to apply. Checks take turns. Editor.
#[utoipa::path(
    tag = "curation",
    request_body(description = "The files.", content(
        (inline(FileLines) = "application/x-ndjson"),
        (inline(FileBytes) = "application/zip"),
        (inline(FileBytes) = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    )),
    responses((status = 201, description = "What was found, also where something is wrong.", body = ImportCheck)),
    security(("key" = ["editor"])),
)]
#[post("/v1/imports")]
async fn create_import(
    who: Editor,
    state: State,
    _: Query<NoParams>,
    upload: Upload,
) -> Result<HttpResponse> {
    let public_url = state.config().public_url.clone();
    let check = checked(state.directory(), upload, who.name.clone()).await?;
    let location = format!("{public_url}/v1/imports/{}", check.summary.digest);
    Ok(HttpResponse::Created()
        .insert_header((header::CACHE_CONTROL, Caching::Private.header()))
        .insert_header((header::LOCATION, location))
        .json(check))
}

/// Lists checks of files to be imported
///
/// Those of the last seven days, the newest first. Editor.
#[utoipa::path(
    tag = "curation",
    params(Paging),
    responses((status = 200, description = "A page of checks.", body = Page<ImportSummary>)),
    security(("key" = ["editor"])),
)]
#[get("/v1/imports")]
async fn list_imports(
    _: Editor,
    state: State,
    request: HttpRequest,
    query: Query<Listed>,
) -> Result<HttpResponse> {
    let kept = queries::kept_checks(&mut *state.writer().await?, now()).await?;
    let checks = kept.into_iter().map(told).collect::<Result<Vec<_>>>()?;
    let summaries = checks.into_iter().map(|check| check.summary).collect();
    let page = cut(summaries, query.value.0);
    let links = page.links(&state.config().public_url, request.path(), &query.canonical);
    let mut response = private(&page);
    if let Ok(links) = HeaderValue::from_str(&links) {
        response.headers_mut().insert(header::LINK, links);
    }
    Ok(response)
}

/// Reads a check of files to be imported
///
/// Counts, how each file was recognised, the first thousand faults, each with file, line, column, what sort of value
/// stands there, reason and remedy, and the first thousand changes of records that stand: each cell with what it held and
/// would hold, each row of a list that comes or goes. Editor.
#[utoipa::path(
    tag = "curation",
    params(("digest" = String, Path, description = "SHA-256 of what was checked.", pattern = "^[0-9a-f]{64}$")),
    responses((status = 200, description = "What was found.", body = ImportCheck)),
    security(("key" = ["editor"])),
)]
#[get("/v1/imports/{digest}")]
async fn read_import(
    _: Editor,
    state: State,
    digest: Digest,
    _: Query<NoParams>,
) -> Result<HttpResponse> {
    let kept = queries::kept_check(&mut *state.writer().await?, &digest.0, now()).await?;
    Ok(private(&told(kept.ok_or_else(unknown)?)?))
}

/// Reads the files of a check
///
/// The same files, packed, with two more columns: `check` says of each row `create`, `update`, `unchanged`, `conflict` or
/// `error`, and `check_note` what changes (`name: One → Two`), or what is wrong. They may be corrected and sent again as they are. Editor.
#[utoipa::path(
    tag = "curation",
    params(("digest" = String, Path, description = "SHA-256 of what was checked.", pattern = "^[0-9a-f]{64}$")),
    responses((status = 200, description = "The files.", body = inline(FileBytes), content_type = "application/zip")),
    security(("key" = ["editor"])),
)]
#[get("/v1/imports/{digest}/files")]
async fn read_import_files(
    _: Editor,
    state: State,
    digest: Digest,
    _: Query<NoParams>,
) -> Result<HttpResponse> {
    let mut connection = state.writer().await?;
    let files = queries::annotated_files(&mut connection, &digest.0, now()).await?;
    let files = files.ok_or_else(unknown)?;
    let name = format!(
        "attachment; filename=\"check-{}.zip\"",
        &hex(&digest.0)[..12]
    );
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, Caching::Private.header()))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .content_type("application/zip")
        .body(files))
}

/// Applies a check
///
/// Makes the directory what was checked, to the byte, all of it or nothing; whoever checked it does not apply it. Records that are
/// not in the files stay as they are. Where a record changed since the check nothing is applied: check the files again. The entries
/// in the history name whoever checked and whoever applied. Admin, with a key that is limited to no countries.
#[utoipa::path(
    tag = "curation",
    params(("digest" = String, Path, description = "SHA-256 of what was checked.", pattern = "^[0-9a-f]{64}$")),
    responses((status = 200, description = "What came of it.", body = ImportApplied)),
    security(("key" = ["admin"])),
)]
#[post("/v1/imports/{digest}/apply")]
async fn apply_import(
    who: Admin,
    state: State,
    digest: Digest,
    _: Query<NoParams>,
) -> Result<HttpResponse> {
    if !who.countries.is_empty() {
        return Err(Problem::Forbidden(Invalid::new(
            "country",
            "the key is limited to countries, and an import is not",
            "let somebody do it whose key is not limited",
        )));
    }
    let applier = Applier {
        name: who.name.clone(),
        one_person: state.config().one_person,
    };
    let directory = state.directory();
    let applied = aside(async move || applied(&directory, &digest.0, &applier).await).await;
    state.wrote().await;
    Ok(private(&applied?))
}

async fn applied(state: &Directory, digest: &[u8], applier: &Applier) -> Result<ImportApplied> {
    let mut left = RETRIES;
    loop {
        let mut connection = state.writer().await?;
        match spreadsheets::apply(&mut connection, digest, applier, &|| ()).await {
            Ok((_, done)) => {
                return Ok(ImportApplied {
                    created: done.created,
                    updated: done.updated,
                    unchanged: done.unchanged,
                    revision: done.revision,
                });
            }
            Err(Refusal::Interrupted) if left > 0 => left -= 1,
            Err(refusal) => return Err(problem(refusal)),
        }
    }
}

fn problem(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::Unknown => unknown(),
        Refusal::Own => Problem::Forbidden(Invalid::new(
            "own",
            "whoever checked the files does not apply them",
            "let somebody else look at the check and apply it",
        )),
        Refusal::Conflict(invalid) => Problem::Conflict(invalid, vec![]),
        Refusal::Interrupted => Problem::Unavailable("interrupted by a hide".into()),
        Refusal::Database(error) => error.into(),
    }
}
