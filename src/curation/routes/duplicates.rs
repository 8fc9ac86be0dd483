//! HTTP of duplicates.

use super::private;
use crate::{
    curation::{
        documents::refused,
        duplicates::{self, DuplicatePair, RESOURCES, Selection},
        edits::now,
        queries::{self, Dismissal},
    },
    ledger::Resource,
    values::{Invalid, describe::CountryCode, text},
    web::{
        FromParams, Params, Problem, Query, Result, State,
        body::Body,
        extract::NoParams,
        identity::{Editor, Identity},
        page::{Page, Paging, cut},
        parse,
    },
};
use actix_web::{HttpRequest, HttpResponse, delete, get, http::header, post, web};
use diesel_async::AsyncPgConnection;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_duplicates)
        .service(create_dismissal)
        .service(revoke_dismissal);
}

/// Resources of which records may stand twice.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Duplicated {
    Organizations,
    Hotlines,
    RegionalContacts,
}

/// Which pairs. Different parameters combine by AND, repeated ones by OR.
#[derive(Debug, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "a description; what is parsed is a selection")]
pub struct DuplicatesQuery {
    /// Resource.
    #[param(inline, value_type = Vec<Duplicated>, required = false, style = Form, explode, max_items = 50)]
    resource: Vec<String>,
    /// Where one of both is met.
    #[param(value_type = Vec<CountryCode>, required = false, style = Form, explode, max_items = 50)]
    country: Vec<String>,
    /// Those that somebody said are two, instead of the candidates.
    #[param(required = false)]
    dismissed: bool,
}

/// Two records that are two, and why.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DismissalInput {
    /// Id of the one record.
    one: Uuid,
    /// Id of the other.
    other: Uuid,
    /// Why they are two.
    #[schema(
        min_length = 1,
        max_length = 500,
        example = "Two lines of one operator, by day and by night."
    )]
    reason: String,
}

#[derive(Debug)]
struct Listed(Selection, Paging);

impl FromParams for Listed {
    fn from_params(params: &mut Params) -> Self {
        let resource = |name: &str| {
            parse::one_of(&RESOURCES.map(|one| (one.name(), one)))(name)
                .map(Resource::name)
                .map(str::to_owned)
        };
        let selection = Selection {
            resource: params.list("resource", resource),
            country: params.list("country", parse::country),
            dismissed: Some(params.one("dismissed", parse::boolean).unwrap_or(false)),
            limits: vec![],
        };
        Self(selection, Paging::from_params(params))
    }
}

/// Two records.
#[derive(Debug)]
struct Two(Uuid, Uuid);

impl FromParams for Two {
    fn from_params(params: &mut Params) -> Self {
        let mut id = |name| {
            let given = params.one(name, |text| {
                Uuid::parse_str(text)
                    .map_err(|_| Invalid::new("id", "it is no id", "give the id of a record"))
            });
            if given.is_none() && !params.has(name) {
                params.missing(name, "give the ids of two records: one= and other=");
            }
            given.unwrap_or_default()
        };
        Self(id("one"), id("other"))
    }
}

/// The pairs of a selection, as far as somebody's countries reach.
async fn found(
    connection: &mut AsyncPgConnection,
    identity: &Identity,
    mut selection: Selection,
) -> Result<Vec<DuplicatePair>> {
    selection.limits.clone_from(&identity.countries);
    let records = queries::recorded(connection, &selection.resources()).await?;
    let dismissals = queries::dismissals(connection).await?;
    // Of a large directory it takes a second of a processor, in which others are answered.
    let pairs = web::block(move || duplicates::pairs(&records, dismissals, &selection)).await;
    let pairs = pairs.map_err(|error| Problem::Internal(error.to_string()))?;
    Ok(pairs?)
}

/// Lists records that may be the same
///
/// Pairs of organizations, of hotlines, or of regional contacts, drafts among them, each with its evidence, the
/// strongest first, from editor up. The same number weighs 50, the same e-mail address 30, a similar name up to 40, the same domain 20, of hotlines and regional
/// contacts 10. Hosts that many share are no evidence; of public bodies the same page counts instead. Left out are records that are shown together, an
/// organization and who runs it, lines of one organization with different numbers, and pairs that somebody said are two. A key that is limited to countries sees
/// pairs of these alone.
#[utoipa::path(
    tag = "curation",
    params(DuplicatesQuery, Paging),
    responses((status = 200, description = "A page of pairs.", body = Page<DuplicatePair>)),
    security(("key" = ["editor"])),
)]
#[get("/v1/duplicates")]
async fn list_duplicates(
    who: Editor,
    state: State,
    request: HttpRequest,
    query: Query<Listed>,
) -> Result<HttpResponse> {
    let Listed(selection, paging) = query.value;
    let pairs = found(&mut *state.writer().await?, &who, selection).await?;
    let page = cut(pairs, paging);
    let links = page.links(&state.config().public_url, request.path(), &query.canonical);
    let mut response = private(&page);
    if let Ok(links) = header::HeaderValue::from_str(&links) {
        response.headers_mut().insert(header::LINK, links);
    }
    Ok(response)
}

/// Says that two records are two
///
/// Takes a pair out of `/v1/duplicates`, by name and with a reason, until the evidence is another one: until a number, an
/// address or a name of one of both changes. It changes nothing of the directory. The last word about a pair counts. Editor.
#[utoipa::path(
    tag = "curation",
    request_body(content = DismissalInput, description = "Which two, and why."),
    responses((status = 200, description = "The pair.", body = DuplicatePair)),
    security(("key" = ["editor"])),
)]
#[post("/v1/duplicates/dismissals")]
async fn create_dismissal(
    who: Editor,
    state: State,
    _: Query<NoParams>,
    body: Body<DismissalInput>,
) -> Result<HttpResponse> {
    let DismissalInput { one, other, reason } = body.0;
    if reason.chars().count() > 500 || text::valid(&reason).is_err() {
        let invalid = Invalid::new(
            "text",
            "it is no plain text of 1 to 500 characters",
            "say in a sentence why they are two",
        );
        return Err(refused(vec![("/reason".to_owned(), invalid)]));
    }
    let mut connection = state.writer().await?;
    let mut pair = pair(&mut connection, &who, (one, other)).await?;
    let said = Dismissal {
        one_id: pair.one.id,
        other_id: pair.other.id,
        evidence: pair.fingerprint.clone(),
        reason,
        dismissed_by: who.name.clone(),
        dismissed_at: now(),
    };
    queries::dismiss(&mut connection, &said).await?;
    pair.dismissed = Some(duplicates::Dismissed {
        by: said.dismissed_by,
        at: said.dismissed_at,
        reason: said.reason,
    });
    Ok(private(&pair))
}

/// The pair of two records, whether somebody said before that they are two or not.
async fn pair(
    connection: &mut AsyncPgConnection,
    identity: &Identity,
    (one, other): (Uuid, Uuid),
) -> Result<DuplicatePair> {
    let pairs = found(connection, identity, Selection::default()).await?;
    let is =
        |pair: &DuplicatePair| [(one, other), (other, one)].contains(&(pair.one.id, pair.other.id));
    if let Some(pair) = pairs.into_iter().find(is) {
        return Ok(pair);
    }
    Err(refused(vec![(
        "/other".to_owned(),
        Invalid::new(
            "reference",
            "these two records are no pair of duplicates",
            "name the ids of a pair that GET /v1/duplicates lists",
        ),
    )]))
}

/// Takes back that two records are two
///
/// They are candidates again, if anything still speaks for it. Editor.
#[utoipa::path(
    tag = "curation",
    params(
        ("one" = Uuid, Query, description = "Id of the one record."),
        ("other" = Uuid, Query, description = "Id of the other."),
    ),
    responses((status = 200, description = "Whether anybody had said so.", body = TakenBack)),
    security(("key" = ["editor"])),
)]
#[delete("/v1/duplicates/dismissals")]
async fn revoke_dismissal(who: Editor, state: State, query: Query<Two>) -> Result<HttpResponse> {
    let Two(one, other) = query.value;
    let mut connection = state.writer().await?;
    // A key takes back what it may see.
    let limited = !who.countries.is_empty();
    if limited {
        let seen = found(&mut connection, &who, Selection::default()).await?;
        let pairs = seen.iter().map(|pair| (pair.one.id, pair.other.id));
        if !pairs
            .into_iter()
            .any(|pair| pair == (one.min(other), one.max(other)))
        {
            return Ok(private(&TakenBack { taken_back: false }));
        }
    }
    let taken_back = queries::take_back(&mut connection, one.min(other), one.max(other)).await?;
    Ok(private(&TakenBack { taken_back }))
}

/// What was taken back.
#[derive(Debug, Serialize, ToSchema)]
struct TakenBack {
    /// Whether anybody had said that they are two.
    taken_back: bool,
}
