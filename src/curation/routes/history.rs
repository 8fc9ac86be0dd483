//! What the ledger says of a record, for those with a key.

use super::{Target, private};
use crate::{
    curation::{
        edits,
        model::{CuratedRecord, Diff, HistoryEntry},
        proposals, queries,
    },
    ledger::{self, Standing},
    values::{describe::SlugOrId, role::Role},
    web::{
        FromParams, Params, Problem, Query, Result, State,
        extract::NoParams,
        identity::{Contributor, Editor, Identity},
        page::{Page, Paging, number},
    },
};
use actix_web::{HttpRequest, HttpResponse, get, http::header};
use diesel_async::AsyncPgConnection;
use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(read_record)
        .service(list_history)
        .service(read_history)
        .service(read_diff);
}

async fn standing(
    connection: &mut AsyncPgConnection,
    target: &Target,
    identity: &Identity,
) -> Result<Standing> {
    let reference = target.reference.as_deref().unwrap_or_default();
    let standing = ledger::find(connection, target.resource, reference).await?;
    match identity.role >= Role::Editor || standing.is_public() {
        true => Ok(standing),
        // That it was archived everybody may know.
        false if standing.was_archived() => Err(Problem::Gone(None)),
        false => Err(Problem::NotFound),
    }
}

/// Reads a record as the ledger holds it
///
/// The document as PUT takes it, with the revision that If-Match names. From editor up in any
/// state, hidden contact points included; a contributor sees what is public.
#[utoipa::path(
    tag = "curation",
    params(
        ("resource" = String, Path, description = "The resource."),
        ("reference" = SlugOrId, Path, description = "Slug or id of the record."),
    ),
    responses((status = 200, description = "The record.", body = CuratedRecord)),
    security(("key" = ["contributor"])),
)]
#[get("/v1/{resource}/{reference}/record", guard = "super::editable")]
async fn read_record(
    who: Contributor,
    state: State,
    target: Target,
    _: Query<NoParams>,
) -> Result<HttpResponse> {
    let mut connection = state.writer().await?;
    let standing = standing(&mut connection, &target, &who).await?;
    let etag = edits::etag(standing.revision);
    let mut response = private(&edits::shown_to(&mut connection, &who, standing).await?);
    if let Ok(etag) = header::HeaderValue::from_str(&etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    Ok(response)
}

/// A page of something, and nothing else.
#[derive(Debug)]
struct Paged(Paging);

impl FromParams for Paged {
    fn from_params(params: &mut Params) -> Self {
        Self(Paging::from_params(params))
    }
}

/// Lists the history of a record
///
/// Every change, the newest first: what happened, who did it, who else answered for it, why.
#[utoipa::path(
    tag = "curation",
    params(
        ("resource" = String, Path, description = "The resource."),
        ("reference" = SlugOrId, Path, description = "Slug or id of the record."),
        Paging,
    ),
    responses((status = 200, description = "A page of its history.", body = Page<HistoryEntry>)),
    security(("key" = ["editor"])),
)]
#[get("/v1/{resource}/{reference}/history", guard = "super::editable")]
async fn list_history(
    who: Editor,
    state: State,
    request: HttpRequest,
    target: Target,
    query: Query<Paged>,
) -> Result<HttpResponse> {
    let Paged(paging) = query.value;
    let mut connection = state.writer().await?;
    let standing = standing(&mut connection, &target, &who).await?;
    let cut = (paging.offset(), paging.per_page);
    let (total, entries) = queries::history(&mut connection, standing.id, cut).await?;
    let entries = entries.into_iter().map(HistoryEntry::listed).collect();
    Ok(paged(
        &state,
        &request,
        &query.canonical,
        Page::new(entries, total, paging),
    ))
}

/// A page for somebody with a key, with its links.
pub(super) fn paged<T: serde::Serialize>(
    state: &State,
    request: &HttpRequest,
    canonical: &str,
    page: Page<T>,
) -> HttpResponse {
    let links = page.links(&state.config().public_url, request.path(), canonical);
    let mut response = private(&page);
    if let Ok(links) = header::HeaderValue::from_str(&links) {
        response.headers_mut().insert(header::LINK, links);
    }
    response
}

/// Reads one revision of a record
///
/// The entry with the whole document as it became.
#[utoipa::path(
    tag = "curation",
    params(
        ("resource" = String, Path, description = "The resource."),
        ("reference" = SlugOrId, Path, description = "Slug or id of the record."),
        ("revision" = i64, Path, minimum = 1, description = "A revision of its history."),
    ),
    responses((status = 200, description = "The entry.", body = HistoryEntry)),
    security(("key" = ["editor"])),
)]
#[get(
    "/v1/{resource}/{reference}/history/{revision}",
    guard = "super::editable"
)]
async fn read_history(
    who: Editor,
    state: State,
    request: HttpRequest,
    target: Target,
    _: Query<NoParams>,
) -> Result<HttpResponse> {
    let revision = request.match_info().get("revision").unwrap_or_default();
    let revision = number(1, i64::MAX)(revision).map_err(|_| Problem::NotFound)?;
    let mut connection = state.writer().await?;
    let standing = standing(&mut connection, &target, &who).await?;
    let entry = queries::entry(&mut connection, standing.id, revision).await?;
    Ok(private(&HistoryEntry::whole(entry)))
}

/// Two revisions.
#[derive(Debug)]
struct Between(i64, i64);

impl FromParams for Between {
    fn from_params(params: &mut Params) -> Self {
        let mut revision = |name| {
            let given = params.one(name, number(1, i64::MAX));
            if given.is_none() && !params.has(name) {
                params.missing(name, "give two revisions of its history: from=1&to=2");
            }
            given.unwrap_or_default()
        };
        Self(revision("from"), revision("to"))
    }
}

/// Compares two revisions of a record
///
/// Field by field, with both values; contact points are compared by their ids.
#[utoipa::path(
    tag = "curation",
    params(
        ("resource" = String, Path, description = "The resource."),
        ("reference" = SlugOrId, Path, description = "Slug or id of the record."),
        ("from" = i64, Query, minimum = 1, description = "A revision of its history."),
        ("to" = i64, Query, minimum = 1, description = "Another, in either order."),
    ),
    responses((status = 200, description = "What differs.", body = Diff)),
    security(("key" = ["editor"])),
)]
#[get("/v1/{resource}/{reference}/diff", guard = "super::editable")]
async fn read_diff(
    who: Editor,
    state: State,
    target: Target,
    query: Query<Between>,
) -> Result<HttpResponse> {
    let Between(from, to) = query.value;
    let mut connection = state.writer().await?;
    let standing = standing(&mut connection, &target, &who).await?;
    let diff = proposals::diff(&mut connection, standing.id, (from, to)).await?;
    Ok(private(&diff))
}
