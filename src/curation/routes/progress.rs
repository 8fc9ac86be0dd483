//! HTTP of progress.

use super::{private, review::resource};
use crate::{
    curation::{
        edits::now,
        review::{self, Progress, Scope},
        suggestions::Suggested,
    },
    values::describe::{CountryCode, PartialDate},
    web::{FromParams, Params, Query, Result, State, identity::Editor, parse},
};
use actix_web::{HttpResponse, get};
use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(read_review_progress);
}

/// Which progress. Different parameters combine by AND, repeated ones by OR.
#[derive(Debug, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "a description; what is parsed is a scope")]
pub struct ProgressQuery {
    /// Where the records are met.
    #[param(value_type = Vec<CountryCode>, required = false, style = Form, explode, max_items = 50)]
    country: Vec<String>,
    /// Resource.
    #[param(inline, value_type = Vec<Suggested>, required = false, style = Form, explode, max_items = 50)]
    resource: Vec<String>,
    /// The UTC day from which verifications count, 30 days ago when it is left out; of a month or year the first.
    #[param(value_type = Option<PartialDate>)]
    since: Option<String>,
}

impl FromParams for Scope {
    fn from_params(params: &mut Params) -> Self {
        Self {
            country: params.list("country", parse::country),
            resource: params.list("resource", resource),
            since: params.one("since", parse::days).map(|(first, _)| first),
        }
    }
}

/// Reads how far verifying has come
///
/// Per country how well public records and their contact points are known, and what was verified; per person what
/// they verified and what they look after. All of it follows from the records and the ledger as they stand. A key
/// that is limited to countries gets these alone. From editor up.
#[utoipa::path(
    tag = "curation",
    params(ProgressQuery),
    responses((status = 200, description = "Countries and people.", body = Progress)),
    security(("key" = ["editor"])),
)]
#[get("/v1/review_queue/progress")]
async fn read_review_progress(
    who: Editor,
    state: State,
    query: Query<Scope>,
) -> Result<HttpResponse> {
    let mut connection = state.writer().await?;
    let progress = review::progress(&mut connection, &query.value, &who, now()).await?;
    Ok(private(&progress))
}
