//! What happens to a record besides edits of its document: publishing, closing, hiding, restoring.

use super::{Target, written};
use crate::{
    curation::{edits::Act, model::CuratedRecord, model::Proposal},
    values::describe::SlugOrId,
    web::{
        Problem, Query, Result, State,
        body::{Body, Maybe},
        conditional::Conditions,
        extract::NoParams,
        identity::{Admin, Editor, Publisher},
    },
};
use actix_web::{HttpRequest, HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(publish_record)
        .service(archive_record)
        .service(hide_record)
        .service(unhide_record)
        .service(hide_contact_point)
        .service(unhide_contact_point)
        .service(restore_record);
}

/// Why something is done.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonInput {
    /// Why; for the ledger alone.
    #[serde(default)]
    #[schema(max_length = 500, example = "The operator confirmed it.")]
    reason: Option<String>,
}

/// Why a record is closed, or where it went.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArchiveInput {
    /// Why; for the ledger alone.
    #[serde(default)]
    #[schema(max_length = 500, example = "The line was closed.")]
    reason: Option<String>,
    /// The public record that it became part of, by slug or id; without it it was closed.
    #[serde(default)]
    #[schema(max_length = 120)]
    into: Option<String>,
}

/// Which revision stands again.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreInput {
    /// A revision of its history.
    #[schema(minimum = 1)]
    revision: i64,
    /// Why; for the ledger alone.
    #[serde(default)]
    #[schema(max_length = 500, example = "The edit was a mistake.")]
    reason: Option<String>,
}

/// The reason of a body goes the way of the header's.
pub(super) fn because(conditions: Conditions, reason: Option<String>) -> Result<Conditions> {
    because_of("/reason", conditions, reason)
}

/// The same of a reason that stands elsewhere in the body.
pub(super) fn because_of(
    pointer: &str,
    mut conditions: Conditions,
    reason: Option<String>,
) -> Result<Conditions> {
    if let Some(reason) = reason {
        let fits = reason.chars().count() <= 500 && crate::values::text::valid(&reason).is_ok();
        if !fits {
            let invalid = crate::values::Invalid::new(
                "text",
                "it is no plain text of at most 500 characters",
                "write 1 to 500 characters of plain text",
            );
            return Err(crate::curation::documents::refused(vec![(
                pointer.to_owned(),
                invalid,
            )]));
        }
        conditions.reason = Some(reason);
    }
    Ok(conditions)
}

/// Publishes a record
///
/// Shows a draft to everybody, from publisher up. Where the draft is the work of others, the two
/// are enough; who publishes contact points of their own needs a second person, so that it
/// becomes a proposal, as does showing an archived record with contact points again.
#[utoipa::path(
    tag = "curation",
    params(
        ("resource" = String, Path, description = "The resource."),
        ("reference" = SlugOrId, Path, description = "Slug or id of the record."),
    ),
    request_body(content = Option<ReasonInput>, description = "Why."),
    responses(
        (status = 200, description = "The record after.", body = CuratedRecord),
        (status = 202, description = "The proposal that it became.", body = Proposal),
    ),
    security(("key" = ["publisher"])),
)]
#[post("/v1/{resource}/{reference}/publish", guard = "super::editable")]
async fn publish_record(
    who: Publisher,
    state: State,
    target: Target,
    conditions: Conditions,
    _: Query<NoParams>,
    body: Maybe<ReasonInput>,
) -> Result<HttpResponse> {
    let conditions = because(conditions, body.0.reason)?;
    written(state, &who, target, conditions, Act::Publish).await
}

/// Archives a record
///
/// Its address answers 410 from then on: it was closed, or became part of the record named by
/// `into`, to which its slug then leads (308). From publisher up; nothing is lost. Where a
/// source closes, figures that cite no other public one are hidden with it.
#[utoipa::path(
    tag = "curation",
    params(
        ("resource" = String, Path, description = "The resource."),
        ("reference" = SlugOrId, Path, description = "Slug or id of the record."),
    ),
    request_body(content = Option<ArchiveInput>, description = "Why, and where it went."),
    responses(
        (status = 200, description = "The record after.", body = CuratedRecord),
        (status = 202, description = "The proposal that it became.", body = Proposal),
    ),
    security(("key" = ["publisher"])),
)]
#[post("/v1/{resource}/{reference}/archive", guard = "super::editable")]
async fn archive_record(
    who: Publisher,
    state: State,
    target: Target,
    conditions: Conditions,
    _: Query<NoParams>,
    body: Maybe<ArchiveInput>,
) -> Result<HttpResponse> {
    let conditions = because(conditions, body.0.reason)?;
    written(state, &who, target, conditions, Act::Archive(body.0.into)).await
}

/// Hides a record
///
/// Takes it out of every public answer at once: one person, one call, from editor up. It needs no
/// If-Match, waits for no import, and answers a stranger like a record that never was. Figures that
/// cite no other public source than this one are hidden with it.
#[utoipa::path(
    tag = "curation",
    params(
        ("resource" = String, Path, description = "The resource."),
        ("reference" = SlugOrId, Path, description = "Slug or id of the record."),
    ),
    request_body(content = Option<ReasonInput>, description = "Why."),
    responses((status = 200, description = "The record after.", body = CuratedRecord)),
    security(("key" = ["editor"])),
)]
#[post("/v1/{resource}/{reference}/hide", guard = "super::editable")]
async fn hide_record(
    who: Editor,
    state: State,
    target: Target,
    conditions: Conditions,
    _: Query<NoParams>,
    body: Maybe<ReasonInput>,
) -> Result<HttpResponse> {
    let conditions = because(conditions, body.0.reason)?;
    written(state, &who, target, conditions, Act::Hide).await
}

/// Shows a hidden record again
///
/// Takes two: it becomes a proposal, which a second person accepts.
#[utoipa::path(
    tag = "curation",
    params(
        ("resource" = String, Path, description = "The resource."),
        ("reference" = SlugOrId, Path, description = "Slug or id of the record."),
    ),
    request_body(content = Option<ReasonInput>, description = "Why."),
    responses(
        (status = 200, description = "The record after: it was not hidden, or nobody else is there.", body = CuratedRecord),
        (status = 202, description = "The proposal that it became.", body = Proposal),
    ),
    security(("key" = ["editor"])),
)]
#[post("/v1/{resource}/{reference}/unhide", guard = "super::editable")]
async fn unhide_record(
    who: Editor,
    state: State,
    target: Target,
    conditions: Conditions,
    _: Query<NoParams>,
    body: Maybe<ReasonInput>,
) -> Result<HttpResponse> {
    let conditions = because(conditions, body.0.reason)?;
    written(state, &who, target, conditions, Act::Unhide).await
}

fn point_of(request: &HttpRequest) -> Result<Uuid> {
    let id = request.match_info().get("id").unwrap_or_default();
    Uuid::parse_str(id).map_err(|_| Problem::NotFound)
}

/// Hides one contact point
///
/// Takes one number, chat or form out of every public answer at once: one person, one call, from
/// editor up. It needs no If-Match and waits for no import.
#[utoipa::path(
    tag = "curation",
    params(
        ("resource" = String, Path, description = "The resource: `hotlines` or `regional_contacts`."),
        ("reference" = SlugOrId, Path, description = "Slug or id of the record."),
        ("id" = Uuid, Path, description = "Id of the contact point."),
    ),
    request_body(content = Option<ReasonInput>, description = "Why."),
    responses((status = 200, description = "The record after.", body = CuratedRecord)),
    security(("key" = ["editor"])),
)]
#[post(
    "/v1/{resource}/{reference}/contact_points/{id}/hide",
    guard = "super::editable"
)]
async fn hide_contact_point(
    who: Editor,
    state: State,
    target: Target,
    conditions: Conditions,
    _: Query<NoParams>,
    request: HttpRequest,
    body: Maybe<ReasonInput>,
) -> Result<HttpResponse> {
    let conditions = because(conditions, body.0.reason)?;
    let act = Act::HidePoint(point_of(&request)?);
    written(state, &who, target, conditions, act).await
}

/// Shows a hidden contact point again
///
/// Takes two: it becomes a proposal, which a second person accepts.
#[utoipa::path(
    tag = "curation",
    params(
        ("resource" = String, Path, description = "The resource: `hotlines` or `regional_contacts`."),
        ("reference" = SlugOrId, Path, description = "Slug or id of the record."),
        ("id" = Uuid, Path, description = "Id of the contact point."),
    ),
    request_body(content = Option<ReasonInput>, description = "Why."),
    responses(
        (status = 200, description = "The record after: nobody else is there.", body = CuratedRecord),
        (status = 202, description = "The proposal that it became.", body = Proposal),
    ),
    security(("key" = ["editor"])),
)]
#[post(
    "/v1/{resource}/{reference}/contact_points/{id}/unhide",
    guard = "super::editable"
)]
async fn unhide_contact_point(
    who: Editor,
    state: State,
    target: Target,
    conditions: Conditions,
    _: Query<NoParams>,
    request: HttpRequest,
    body: Maybe<ReasonInput>,
) -> Result<HttpResponse> {
    let conditions = because(conditions, body.0.reason)?;
    let act = Act::UnhidePoint(point_of(&request)?);
    written(state, &who, target, conditions, act).await
}

/// Restores a revision
///
/// Makes the document of an earlier revision stand again, as a new revision; status and visibility
/// stay as they are. Contact points go through the same rule as in an edit. Of a record that became part of another, the revision
/// before undoes that: it is there again, and what the merge changed of the other and of those that named it is changed back, and
/// nothing else; where that was changed otherwise since, it is refused. Admin.
#[utoipa::path(
    tag = "curation",
    params(
        ("resource" = String, Path, description = "The resource."),
        ("reference" = SlugOrId, Path, description = "Slug or id of the record."),
    ),
    request_body(content = RestoreInput, description = "Which revision, and why."),
    responses(
        (status = 200, description = "The record after.", body = CuratedRecord),
        (status = 202, description = "The proposal that it became.", body = Proposal),
    ),
    security(("key" = ["admin"])),
)]
#[post("/v1/{resource}/{reference}/restore", guard = "super::editable")]
async fn restore_record(
    who: Admin,
    state: State,
    target: Target,
    conditions: Conditions,
    _: Query<NoParams>,
    body: Body<RestoreInput>,
) -> Result<HttpResponse> {
    let RestoreInput { revision, reason } = body.0;
    let conditions = because(conditions, reason)?;
    written(state, &who, target, conditions, Act::Restore(revision)).await
}
