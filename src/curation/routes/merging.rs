//! HTTP of merging.

use super::{Target, acts::because, private, written};
use crate::{
    curation::{
        edits::Act,
        merging::{self, MergePreview, Side, Wanted},
        model::{CuratedRecord, Proposal},
        queries, rights,
    },
    ledger::Resource,
    values::describe::SlugOrId,
    web::{
        FromParams, Params, Problem, Query, Result, State,
        body::Body,
        conditional::Conditions,
        extract::NoParams,
        identity::{Editor, Publisher},
        parse,
    },
};
use actix_web::{HttpResponse, get, post};
use diesel_async::AsyncConnection;
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(read_merge).service(merge_record);
}

/// Which record becomes part of this one, and what stands where the two differ.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeInput {
    /// The record that becomes part, by slug or id.
    #[schema(min_length = 1, max_length = 120, example = "gb-one-line")]
    from: String,
    /// By the name of each field of which both say different things: `into` for what the record of the path says, `from` for
    /// what the other says. Of other fields it may be said, too; of a list it leaves out the other's.
    #[serde(default)]
    fields: BTreeMap<String, Side>,
    /// Why; for the ledger alone.
    #[serde(default)]
    #[schema(max_length = 500, example = "One line, entered twice.")]
    reason: Option<String>,
}

/// Which record.
#[derive(Debug)]
struct Part(String);

impl FromParams for Part {
    fn from_params(params: &mut Params) -> Self {
        let from = params.one("from", parse::reference);
        if from.is_none() && !params.has("from") {
            params.missing("from", "name the record that becomes part: from=slug");
        }
        Self(from.unwrap_or_default())
    }
}

/// Figures are revised, not merged.
fn mergeable(target: &Target) -> Result<()> {
    match target.resource {
        Resource::Statistics => Err(Problem::NotFound),
        _ => Ok(()),
    }
}

/// What is wrong with `from` of a body, of the parameter.
fn of_parameter(problem: Problem) -> Problem {
    match problem {
        Problem::Unprocessable(mut details) => {
            for detail in &mut details {
                detail.parameter = detail.pointer.take().map(|place| place.replace('/', ""));
            }
            Problem::Unprocessable(details)
        }
        other => other,
    }
}

/// Shows what merging two records would do
///
/// The document after, the fields of which both say different things with both values, and the records that would follow, from editor up. Nothing is written.
#[utoipa::path(
    tag = "curation",
    params(
        ("resource" = String, Path, description = "The resource; statistics are not merged."),
        ("reference" = SlugOrId, Path, description = "Slug or id of the record that goes on."),
        ("from" = SlugOrId, Query, description = "Slug or id of the record that becomes part of it."),
    ),
    responses((status = 200, description = "What it would do.", body = MergePreview)),
    security(("key" = ["editor"])),
)]
#[get("/v1/{resource}/{reference}/merge", guard = "super::editable")]
async fn read_merge(
    who: Editor,
    state: State,
    target: Target,
    query: Query<Part>,
) -> Result<HttpResponse> {
    mergeable(&target)?;
    let reference = target.reference.unwrap_or_default();
    let mut connection = state.writer().await?;
    let preview = connection
        .transaction(async |connection| {
            queries::be_brief(connection).await?;
            let standing = rights::locked(connection, target.resource, &reference, &who).await?;
            merging::preview(connection, &who, standing, &query.value.0).await
        })
        .await
        .map_err(of_parameter)?;
    Ok(private(&preview))
}

/// Merges another record into a record
///
/// Two records of one thing become one, from publisher up. Lists are united, a contact point standing once whose channel and number
/// are the same; what the record says stands, and what it leaves empty comes from the other. Where both say different
/// things, `fields` has to say whose value stands; else it is refused with all such fields and both values. Records that name the
/// other name this one from then on. The other answers 410 with its survivor, and its slug leads here. What was verified stays with
/// each contact point, and what is hidden stays hidden. Where a contact point or an address comes to a published record, it
/// becomes a proposal, which a second person accepts. Restoring the other at its revision before undoes it.
#[utoipa::path(
    tag = "curation",
    params(
        ("resource" = String, Path, description = "The resource; statistics are not merged."),
        ("reference" = SlugOrId, Path, description = "Slug or id of the record that goes on."),
    ),
    request_body(content = MergeInput, description = "Which record, and what stands.", example = json!({
        "from": "gb-one-line", "fields": {"description": "into", "hours": "from"}, "reason": "One line, entered twice."
    })),
    responses(
        (status = 200, description = "The record after.", body = CuratedRecord),
        (status = 202, description = "The proposal that it became.", body = Proposal),
    ),
    security(("key" = ["publisher"])),
)]
#[post("/v1/{resource}/{reference}/merge", guard = "super::editable")]
async fn merge_record(
    who: Publisher,
    state: State,
    target: Target,
    conditions: Conditions,
    _: Query<NoParams>,
    body: Body<MergeInput>,
) -> Result<HttpResponse> {
    mergeable(&target)?;
    let MergeInput {
        from,
        fields,
        reason,
    } = body.0;
    let conditions = because(conditions, reason)?;
    written(
        state,
        &who,
        target,
        conditions,
        Act::Unite(Wanted { from, fields }),
    )
    .await
}
