//! HTTP of verifying.

use super::{Target, acts::because_of, written};
use crate::{
    curation::{
        edits::Act,
        model::{CuratedRecord, Proposal},
    },
    values::{describe::SlugOrId, outcome::Outcome, verification::Method},
    web::{
        Problem, Query, Result, State, body::Body, conditional::Conditions, extract::NoParams,
        identity::Editor,
    },
};
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(create_verification);
}

/// What came of trying whether a record, or one contact point of it, is as it stands here.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerificationInput {
    #[schema(inline)]
    outcome: Outcome,
    #[schema(inline)]
    method: Method,
    /// What else there is to say; for the ledger alone.
    #[serde(default)]
    #[schema(max_length = 500, example = "A worker answered at once.")]
    note: Option<String>,
    /// The id of the contact point that was tried; without it the record.
    #[serde(default)]
    contact_point: Option<Uuid>,
}

/// Verifies a record
///
/// Says what came of trying the record or one contact point, from editor up: organizations, hotlines, regional contacts
/// and statistics. `confirmed` sets `verified_at` and takes an earlier outcome away; it names the revision that was
/// read, so that `*` is not enough. `unreachable` and `closed` take the contact out of `/v1/help` at once: one person, one
/// call. `changed` says that a correction is awaited, which is proposed or written apart. What brings a contact back
/// to `/v1/help` becomes a proposal, which a second person accepts.
#[utoipa::path(
    tag = "curation",
    params(
        ("resource" = String, Path, description = "The resource; vocabularies are not verified."),
        ("reference" = SlugOrId, Path, description = "Slug or id of the record."),
    ),
    request_body(content = VerificationInput, description = "What came of it.", example = json!({
        "outcome": "confirmed", "method": "called", "note": "A worker answered at once.", "contact_point": null
    })),
    responses(
        (status = 200, description = "The record after.", body = CuratedRecord),
        (status = 202, description = "The proposal that it became.", body = Proposal),
    ),
    security(("key" = ["editor"])),
)]
#[post("/v1/{resource}/{reference}/verifications", guard = "super::editable")]
async fn create_verification(
    who: Editor,
    state: State,
    target: Target,
    conditions: Conditions,
    _: Query<NoParams>,
    body: Body<VerificationInput>,
) -> Result<HttpResponse> {
    if target.resource.is_vocabulary() {
        return Err(Problem::NotFound);
    }
    let VerificationInput {
        outcome,
        method,
        note,
        contact_point,
    } = body.0;
    let conditions = because_of("/note", conditions, note)?;
    let act = Act::Verify(outcome, method, contact_point);
    written(state, &who, target, conditions, act).await
}
