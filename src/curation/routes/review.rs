//! HTTP of the review queue.

use super::private;
use crate::{
    curation::{
        edits::now,
        queries,
        review::{self, CountryCount, GRADES, Leased, REASONS, RESOURCES, ReviewPlace, Selection},
        suggestions::Suggested,
    },
    ledger::Resource,
    values::{Invalid, describe::CountryCode},
    web::{
        FromParams, Params, Query, Result, State,
        extract::NoParams,
        identity::Editor,
        page::{Page, Paging, cut, number},
        parse,
        posed::Posed,
    },
};
use actix_web::{HttpRequest, HttpResponse, delete, get, http::header, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_review_queue)
        .service(create_leases)
        .service(release_leases);
}

/// Grades of freshness.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Grade {
    Current,
    Due,
    Overdue,
    Expired,
}

/// Reasons of a place in the queue.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ReviewReason {
    Suggested,
    Changed,
    Unreachable,
    Closed,
    Expired,
    Overdue,
    Due,
    SourceUnreachable,
}

/// Which places of the queue. Different parameters combine by AND, repeated ones by OR.
#[derive(Debug, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "a description; what is parsed is a selection")]
pub struct ReviewQuery {
    /// Where the record is met.
    #[param(value_type = Vec<CountryCode>, required = false, style = Form, explode, max_items = 50)]
    country: Vec<String>,
    /// Resource.
    #[param(inline, value_type = Vec<Suggested>, required = false, style = Form, explode, max_items = 50)]
    resource: Vec<String>,
    /// Grade of what may do most harm.
    #[param(inline, value_type = Vec<Grade>, required = false, style = Form, explode, max_items = 50)]
    grade: Vec<String>,
    /// One of its reasons.
    #[param(inline, value_type = Vec<ReviewReason>, required = false, style = Form, explode, max_items = 50)]
    reason: Vec<String>,
}

/// How many records somebody takes, and which.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaseInput {
    /// How many at most, those that the caller holds already among them.
    #[schema(minimum = 1, maximum = 50, example = 10)]
    count: i64,
    /// Where the records are met.
    #[serde(default)]
    #[schema(value_type = Vec<CountryCode>, max_items = 50)]
    country: Vec<String>,
    /// Resources.
    #[serde(default)]
    #[schema(inline, value_type = Vec<Suggested>, max_items = 50)]
    resource: Vec<String>,
    /// Grades of what may do most harm.
    #[serde(default)]
    #[schema(inline, value_type = Vec<Grade>, max_items = 50)]
    grade: Vec<String>,
    /// Reasons.
    #[serde(default)]
    #[schema(inline, value_type = Vec<ReviewReason>, max_items = 50)]
    reason: Vec<String>,
}

/// What was given back.
#[derive(Debug, Serialize, ToSchema)]
struct Released {
    /// How many records.
    #[schema(minimum = 0)]
    released: usize,
}

/// A page of the queue.
#[derive(Debug, Serialize, ToSchema)]
struct ReviewQueue {
    /// The page.
    #[serde(flatten)]
    page: Page<ReviewPlace>,
    /// How many records of the whole selection each country has, the most first; one of several
    /// countries counts in each.
    counts: Vec<CountryCount>,
}

pub(super) fn resource(name: &str) -> std::result::Result<String, Invalid> {
    parse::one_of(&RESOURCES.map(|one| (one.name(), one)))(name)
        .map(Resource::name)
        .map(str::to_owned)
}

impl FromParams for Selection {
    fn from_params(params: &mut Params) -> Self {
        Self {
            country: params.list("country", parse::country),
            resource: params.list("resource", resource),
            grade: params.list("grade", parse::name_of(&GRADES)),
            reason: params.list("reason", parse::name_of(&REASONS)),
        }
    }
}

#[derive(Debug)]
struct Listed(Selection, Paging);

impl FromParams for Listed {
    fn from_params(params: &mut Params) -> Self {
        Self(Selection::from_params(params), Paging::from_params(params))
    }
}

/// How many, and which.
#[derive(Debug)]
struct Taken(Selection, usize);

impl FromParams for Taken {
    fn from_params(params: &mut Params) -> Self {
        let count = params.one("count", number(1, 50)).unwrap_or(1);
        Self(
            Selection::from_params(params),
            usize::try_from(count).unwrap_or(1),
        )
    }
}

/// Which of them.
#[derive(Debug)]
struct Returned(Vec<Uuid>);

impl FromParams for Returned {
    fn from_params(params: &mut Params) -> Self {
        Self(params.list("record", |text| {
            Uuid::parse_str(text)
                .map_err(|_| Invalid::new("id", "it is no id", "give the id of a record"))
        }))
    }
}

/// Lists the review queue
///
/// Every public record of which something is due, in the order of the harm that it may do, with the reasons, from
/// editor up. What is dialled comes before other addresses and these before prose; what the public told, and a
/// correction that is awaited, raise it by one each. Then come hotlines, regional contacts, organizations, statistics;
/// then how often it was told, the grade, sources that do not answer, and the age.
#[utoipa::path(
    tag = "curation",
    params(ReviewQuery, Paging),
    responses((status = 200, description = "A page of the queue.", body = ReviewQueue)),
    security(("key" = ["editor"])),
)]
#[get("/v1/review_queue")]
async fn list_review_queue(
    _: Editor,
    state: State,
    request: HttpRequest,
    query: Query<Listed>,
) -> Result<HttpResponse> {
    let Listed(selection, paging) = query.value;
    let places = review::queue(&mut *state.writer().await?, &selection, now()).await?;
    let counts = review::counts(&places);
    let page = cut(places, paging);
    let links = page.links(&state.config().public_url, request.path(), &query.canonical);
    let mut response = private(&ReviewQueue { page, counts });
    if let Ok(links) = header::HeaderValue::from_str(&links) {
        response.headers_mut().insert(header::LINK, links);
    }
    Ok(response)
}

/// Takes records of the queue
///
/// Leases the first records of the selection that nobody else holds to the caller, for two hours; nobody else is given
/// them. Those that the caller holds already are among them, so that asking again gives the same for longer. A lease is
/// no change of the directory and stops nobody from making one. A key that is limited to countries gets records of
/// these alone. Editor.
#[utoipa::path(
    tag = "curation",
    request_body(content = LeaseInput, description = "How many, and which."),
    responses((status = 200, description = "What the caller looks after now.", body = Leased)),
    security(("key" = ["editor"])),
)]
#[post("/v1/review_queue/leases")]
async fn create_leases(
    who: Editor,
    state: State,
    _: Query<NoParams>,
    wanted: Posed<LeaseInput, Taken>,
) -> Result<HttpResponse> {
    let Taken(selection, count) = wanted.value;
    let leased = review::lease(&mut *state.writer().await?, &who, &selection, count).await?;
    Ok(private(&leased))
}

/// Gives records of the queue back
///
/// All that the caller holds, or those that are named. Editor.
#[utoipa::path(
    tag = "curation",
    params(("record" = Vec<Uuid>, Query, description = "Id of a record.", style = Form, explode, max_items = 50)),
    responses((status = 200, description = "How many these were.", body = Released)),
    security(("key" = ["editor"])),
)]
#[delete("/v1/review_queue/leases")]
async fn release_leases(who: Editor, state: State, query: Query<Returned>) -> Result<HttpResponse> {
    let Returned(records) = query.value;
    let mut connection = state.writer().await?;
    let released = queries::give_back(&mut connection, &who.name, &records).await?;
    Ok(private(&Released { released }))
}
