//! Making and changing records. One handler serves all resources; the document shows each with
//! its own body (see `web::document`).

use super::{Target, written};
use crate::{
    curation::{edits::Act, model::CuratedRecord},
    web::{
        Query, Result, State, body::Json, conditional::Conditions, extract::NoParams,
        identity::Contributor,
    },
};
use actix_web::{HttpResponse, patch, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(create_record)
        .service(replace_record)
        .service(update_record);
}

/// Makes a record
///
/// A new draft, from editor up (taxonomies: admin); from a contributor it becomes a proposal. All
/// wrong fields are named at once. Status, visibility, verification and revision are not written.
#[utoipa::path(
    tag = "curation",
    params(("resource" = String, Path, description = "The resource.")),
    request_body(content = Object, description = "The whole document.", content_type = "application/json"),
    responses(
        (status = 201, description = "The new draft.", body = CuratedRecord),
        (status = 202, description = "The proposal that it became.", body = crate::curation::model::Proposal),
    ),
    security(("key" = ["contributor"])),
)]
#[post("/v1/{resource}", guard = "super::editable")]
async fn create_record(
    who: Contributor,
    state: State,
    target: Target,
    conditions: Conditions,
    _: Query<NoParams>,
    body: Json,
) -> Result<HttpResponse> {
    written(state, &who, target, conditions, Act::Create(body.0)).await
}

/// Replaces a record's document
///
/// The whole document anew: fields that are left out become empty. What somebody may not do at
/// once becomes a proposal: an editor's change of what is published, and whatever adds or alters
/// a contact point or an address of a published record. Hidden contact points stay as they are.
#[utoipa::path(
    tag = "curation",
    params(
        ("resource" = String, Path, description = "The resource."),
        ("reference" = crate::values::describe::SlugOrId, Path, description = "Slug or id of the record."),
    ),
    request_body(content = Object, description = "The whole document.", content_type = "application/json"),
    responses(
        (status = 200, description = "The record after.", body = CuratedRecord),
        (status = 202, description = "The proposal that it became.", body = crate::curation::model::Proposal),
    ),
    security(("key" = ["contributor"])),
)]
#[put("/v1/{resource}/{reference}", guard = "super::editable")]
async fn replace_record(
    who: Contributor,
    state: State,
    target: Target,
    conditions: Conditions,
    _: Query<NoParams>,
    body: Json,
) -> Result<HttpResponse> {
    written(state, &who, target, conditions, Act::Replace(body.0)).await
}

/// Changes fields of a record's document
///
/// A JSON Merge Patch (RFC 7396) on the document: what is sent replaces, `null` empties, lists are
/// replaced whole. What somebody may not do at once becomes a proposal: an editor's change of
/// what is published, and whatever adds or alters a contact point or an address of a published
/// record. A contact point keeps its verification while it dials the same.
#[utoipa::path(
    tag = "curation",
    params(
        ("resource" = String, Path, description = "The resource."),
        ("reference" = crate::values::describe::SlugOrId, Path, description = "Slug or id of the record."),
    ),
    request_body(content = Object, description = "The merge patch.", content_type = "application/merge-patch+json"),
    responses(
        (status = 200, description = "The record after.", body = CuratedRecord),
        (status = 202, description = "The proposal that it became.", body = crate::curation::model::Proposal),
    ),
    security(("key" = ["contributor"])),
)]
#[patch("/v1/{resource}/{reference}", guard = "super::editable")]
async fn update_record(
    who: Contributor,
    state: State,
    target: Target,
    conditions: Conditions,
    _: Query<NoParams>,
    body: Json,
) -> Result<HttpResponse> {
    written(state, &who, target, conditions, Act::Merge(body.0)).await
}
