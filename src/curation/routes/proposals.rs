//! HTTP of proposals.

use super::{Target, acts::because, answered, history::paged, private, written};
use crate::{
    curation::{
        edits::Act,
        model::Proposal,
        proposals::{self, Verdict},
        queries::{self, ProposalFilter},
    },
    ledger::Resource,
    values::{Invalid, contact_point, role::Role},
    web::{
        FromParams, Params, Problem, Query, Result, State,
        body::{Body, Maybe},
        conditional::{Conditions, Matching},
        extract::NoParams,
        identity::{Contributor, Publisher},
        page::{Page, Paging},
        parse,
    },
};
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_proposals)
        .service(create_proposal)
        .service(read_proposal)
        .service(accept_proposal)
        .service(reject_proposal)
        .service(withdraw_proposal);
}

/// A resource that people edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Editable {
    Organizations,
    Hotlines,
    RegionalContacts,
    Statistics,
    Indicators,
    Sources,
    Topics,
    Populations,
    Synonyms,
}

impl Editable {
    fn resource(self) -> Resource {
        super::EDITABLE[self as usize]
    }
}

/// A change that somebody proposes.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposalInput {
    /// The resource of the record.
    resource: Editable,
    /// The record, by slug or id.
    #[schema(max_length = 120, example = "us-ncmec-hotline")]
    record: String,
    /// The revision that the patch was made against.
    #[schema(minimum = 1)]
    revision: i64,
    /// The merge patch (RFC 7396) on the document.
    #[schema(value_type = Object)]
    patch: Value,
    /// Why.
    #[schema(max_length = 500, example = "The operator's page says so.")]
    reason: String,
    /// Where it can be seen.
    #[serde(default)]
    #[schema(
        max_length = 2000,
        format = "uri",
        example = "https://operator.example/contact"
    )]
    evidence_url: Option<String>,
}

/// Why it was decided so.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionInput {
    /// Why; kept with the proposal.
    #[serde(default)]
    #[schema(
        max_length = 500,
        example = "Called the number; the operator answered."
    )]
    reason: Option<String>,
}

/// Which proposals.
#[derive(Debug, Default, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProposalQuery {
    /// State; without it all.
    #[param(inline, value_type = Vec<State_>, required = false, style = Form, explode, max_items = 50)]
    state: Vec<String>,
    /// Kind; without it both.
    #[param(inline, value_type = Vec<Kind>, required = false, style = Form, explode, max_items = 50)]
    kind: Vec<String>,
    /// Resource.
    #[param(inline, value_type = Vec<Editable>, required = false, style = Form, explode, max_items = 50)]
    resource: Vec<String>,
    /// Id of the record.
    record: Option<Uuid>,
}

/// States of proposals.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "a description; the value parsed is a name")]
enum State_ {
    Open,
    Accepted,
    Rejected,
    Withdrawn,
}

/// Kinds of proposals.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "a description; the value parsed is a name")]
enum Kind {
    Change,
    Suggestion,
}

fn editable(name: &str) -> std::result::Result<String, Invalid> {
    parse::one_of(&super::EDITABLE.map(|one| (one.name(), one.name())))(name).map(str::to_owned)
}

#[derive(Debug)]
struct Listed {
    filter: ProposalQuery,
    paging: Paging,
}

impl FromParams for Listed {
    fn from_params(params: &mut Params) -> Self {
        Self {
            filter: ProposalQuery {
                state: params.list(
                    "state",
                    parse::name_of(&["open", "accepted", "rejected", "withdrawn"]),
                ),
                kind: params.list("kind", parse::name_of(&["change", "suggestion"])),
                resource: params.list("resource", editable),
                record: params.one("record", |text| {
                    Uuid::parse_str(text)
                        .map_err(|_| Invalid::new("id", "it is no id", "give the id of a record"))
                }),
            },
            paging: Paging::from_params(params),
        }
    }
}

/// Lists proposals
///
/// The newest first; suggestions of the public among them. A contributor sees their own.
#[utoipa::path(
    tag = "curation",
    params(ProposalQuery, Paging),
    responses((status = 200, description = "A page of proposals.", body = Page<Proposal>)),
    security(("key" = ["contributor"])),
)]
#[get("/v1/proposals")]
async fn list_proposals(
    who: Contributor,
    state: State,
    request: HttpRequest,
    query: Query<Listed>,
) -> Result<HttpResponse> {
    let Listed { filter, paging } = query.value;
    let filter = ProposalFilter {
        state: filter.state,
        kind: filter.kind,
        resource: filter.resource,
        record: filter.record,
        proposed_by: (who.role < Role::Editor).then(|| who.name.clone()),
    };
    let mut connection = state.writer().await?;
    let cut = (paging.offset(), paging.per_page);
    let (total, stored) = queries::list_proposals(&mut connection, &filter, cut).await?;
    let contents = proposals::shown(&mut connection, &who, stored).await?;
    Ok(paged(
        &state,
        &request,
        &query.canonical,
        Page::new(contents, total, paging),
    ))
}

/// Proposes a change
///
/// A merge patch on a record at a revision, with a reason and where it can be seen. It waits for a
/// second person whoever sends it; PATCH decides that by role and by what is changed.
#[utoipa::path(
    tag = "curation",
    request_body(content = ProposalInput, description = "The change."),
    responses((status = 202, description = "The proposal.", body = Proposal)),
    security(("key" = ["contributor"])),
)]
#[post("/v1/proposals")]
async fn create_proposal(
    who: Contributor,
    state: State,
    conditions: Conditions,
    _: Query<NoParams>,
    body: Body<ProposalInput>,
) -> Result<HttpResponse> {
    let wanted = body.0;
    let mut conditions = because(conditions, Some(wanted.reason))?;
    if wanted
        .evidence_url
        .as_deref()
        .is_some_and(|url| contact_point::web_address(url).is_err())
    {
        let invalid = Invalid::new(
            "url",
            "it is no web address",
            "write it in full, starting with https://",
        );
        return Err(crate::curation::documents::refused(vec![(
            "/evidence_url".to_owned(),
            invalid,
        )]));
    }
    conditions.evidence_url = wanted.evidence_url.or(conditions.evidence_url);
    conditions.if_match = Some(Matching::Revision(wanted.revision));
    let target = Target {
        resource: wanted.resource.resource(),
        reference: Some(wanted.record),
    };
    let proposed = written(state, &who, target, conditions, Act::Propose(wanted.patch)).await;
    proposed.map_err(|problem| match problem {
        // Here the revision stands in the body.
        Problem::PreconditionFailed(_) => Problem::Conflict(
            Invalid::new(
                "revision",
                "the record has another revision",
                "read it again and propose it against the revision that stands",
            ),
            vec![],
        ),
        problem => problem,
    })
}

fn id_of(request: &HttpRequest) -> Result<Uuid> {
    let id = request.match_info().get("id").unwrap_or_default();
    Uuid::parse_str(id).map_err(|_| Problem::NotFound)
}

/// Reads a proposal
///
/// While it is open with what stood, stands and is proposed, field by field.
#[utoipa::path(
    tag = "curation",
    params(("id" = Uuid, Path, description = "Id of the proposal.")),
    responses((status = 200, description = "The proposal.", body = Proposal)),
    security(("key" = ["contributor"])),
)]
#[get("/v1/proposals/{id}")]
async fn read_proposal(
    who: Contributor,
    state: State,
    request: HttpRequest,
    _: Query<NoParams>,
) -> Result<HttpResponse> {
    let proposal = proposals::read(&mut *state.writer().await?, &who, id_of(&request)?).await?;
    Ok(private(&proposal))
}

async fn decided(
    who: &crate::web::identity::Identity,
    state: State,
    id: Uuid,
    conditions: Conditions,
    verdict: Verdict,
    reason: Option<String>,
) -> Result<HttpResponse> {
    let conditions = because(conditions, reason)?;
    let key = conditions.idempotency_key.as_deref();
    let reason = conditions.reason.clone();
    let mut connection = state.writer().await?;
    let answer = proposals::decide(&mut connection, who, key, id, verdict, reason).await;
    drop(connection);
    state.wrote().await;
    answered(&state, answer?)
}

/// Accepts a proposal
///
/// Carries it out, from publisher up (taxonomies: admin), never one's own. Where the same field was
/// changed otherwise meanwhile it answers 409 with both values. Accepting a suggestion only says
/// that it was dealt with.
#[utoipa::path(
    tag = "curation",
    params(("id" = Uuid, Path, description = "Id of the proposal.")),
    request_body(content = Option<DecisionInput>, description = "Why."),
    responses((status = 200, description = "The proposal, with the revision that it became.", body = Proposal)),
    security(("key" = ["publisher"])),
)]
#[post("/v1/proposals/{id}/accept")]
async fn accept_proposal(
    who: Publisher,
    state: State,
    request: HttpRequest,
    conditions: Conditions,
    _: Query<NoParams>,
    body: Maybe<DecisionInput>,
) -> Result<HttpResponse> {
    let id = id_of(&request)?;
    decided(
        &who,
        state,
        id,
        conditions,
        Verdict::Accepted,
        body.0.reason,
    )
    .await
}

/// Rejects a proposal
///
/// From publisher up (taxonomies: admin), never one's own. Nothing of the record changes.
#[utoipa::path(
    tag = "curation",
    params(("id" = Uuid, Path, description = "Id of the proposal.")),
    request_body(content = Option<DecisionInput>, description = "Why."),
    responses((status = 200, description = "The proposal.", body = Proposal)),
    security(("key" = ["publisher"])),
)]
#[post("/v1/proposals/{id}/reject")]
async fn reject_proposal(
    who: Publisher,
    state: State,
    request: HttpRequest,
    conditions: Conditions,
    _: Query<NoParams>,
    body: Maybe<DecisionInput>,
) -> Result<HttpResponse> {
    let id = id_of(&request)?;
    decided(
        &who,
        state,
        id,
        conditions,
        Verdict::Rejected,
        body.0.reason,
    )
    .await
}

/// Withdraws a proposal
///
/// Its author takes it back.
#[utoipa::path(
    tag = "curation",
    params(("id" = Uuid, Path, description = "Id of the proposal.")),
    request_body(content = Option<DecisionInput>, description = "Why."),
    responses((status = 200, description = "The proposal.", body = Proposal)),
    security(("key" = ["contributor"])),
)]
#[post("/v1/proposals/{id}/withdraw")]
async fn withdraw_proposal(
    who: Contributor,
    state: State,
    request: HttpRequest,
    conditions: Conditions,
    _: Query<NoParams>,
    body: Maybe<DecisionInput>,
) -> Result<HttpResponse> {
    let id = id_of(&request)?;
    decided(
        &who,
        state,
        id,
        conditions,
        Verdict::Withdrawn,
        body.0.reason,
    )
    .await
}
