//! HTTP of the directory as a whole: what it is, its pages, its health.

use super::{
    changes, citations, columns, figures,
    model::{About, ResourceLink},
    pictures, queries, records, statistics,
};
use crate::{
    values::licence,
    web::{
        Problem, Query, Result, State,
        built::Built,
        conditional::Caching,
        connection,
        extract::NoParams,
        formats::{Format, JSON},
        kinds::KINDS,
        metrics,
    },
};
use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{self, ContentType},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts what belongs to no single noun.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .configure(records::routes)
        .configure(figures::routes)
        .configure(pictures::routes)
        .configure(statistics::routes)
        .configure(changes::routes)
        .configure(citations::routes)
        .configure(columns::routes)
        .service(read_about)
        .service(read_live)
        .service(read_ready);
}

const NOTICE: &str = "Records are sourced. Only those with verified_at were verified with the operator; \
    the others, imported ones among them, were not. Show freshness with every number.";

/// Says what this is
///
/// Name, publisher, licence and attribution of the compilation, its last revision, how many
/// records it holds, and where they stand.
#[utoipa::path(tag = "directory", responses((status = 200, description = "What this is.", body = About)))]
#[get("/v1")]
async fn read_about(
    state: State,
    request: HttpRequest,
    _: Query<NoParams>,
) -> Result<HttpResponse> {
    Format::negotiate(None, &request, JSON)?;
    let url = &state.config().public_url;
    let paths = [
        ("organizations", "/v1/organizations"),
        ("hotlines", "/v1/hotlines"),
        ("regional_contacts", "/v1/regional_contacts"),
        ("statistics", "/v1/statistics"),
        ("indicators", "/v1/indicators"),
        ("sources", "/v1/sources"),
        ("topics", "/v1/topics"),
        ("populations", "/v1/populations"),
        ("synonyms", "/v1/synonyms"),
        ("countries", "/v1/countries"),
        ("search", "/v1/search?search=hotline"),
        ("changes", "/v1/changes?since=0"),
        ("service-desc", "/v1/openapi.json"),
        ("service-doc", "/docs"),
    ];
    let build = async |revision: crate::web::state::Revision| {
        let counts = queries::counts(&mut *state.reader().await?).await?;
        Built::json(&About {
            name: "Lodestar",
            description: "An open resource directory against human trafficking and child exploitation",
            version: env!("CARGO_PKG_VERSION"),
            publisher: licence::ATTRIBUTION,
            licence: licence::LICENCE,
            licence_url: licence::LICENCE_URL,
            attribution: licence::ATTRIBUTION,
            notice: NOTICE,
            revision: revision.number,
            changed_at: revision.at,
            counts,
            links: paths
                .map(|(rel, path)| ResourceLink {
                    rel,
                    href: format!("{url}{path}"),
                })
                .into(),
        })
    };
    state.kept(&request, "", Caching::Public, build).await
}

/// Whether the service works.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// `live`, `ready` or `degraded`.
    #[schema(value_type = String, example = "ready")]
    status: &'static str,
}

/// Says that the process lives
///
/// Answers as long as the process can answer at all; it asks no database.
#[utoipa::path(tag = "operation", responses((status = 200, description = "It lives.", body = Health)))]
#[get("/health/live")]
async fn read_live() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "live" })
}

/// Says whether requests can be answered
///
/// `ready` while the database answers. `degraded` while it does not: whom to contact is answered as it was last
/// known, so is what is kept, and both say their age; all else is 503. 503 here where not even that is known, and from
/// the moment at which the process was told to stop, while it still answers.
#[utoipa::path(tag = "operation", responses((status = 200, description = "It is ready, or degraded.", body = Health)))]
#[get("/health/ready")]
async fn read_ready(state: State) -> Result<HttpResponse> {
    if connection::leaving() {
        return Err(Problem::Unavailable("it was told to stop".to_owned()));
    }
    // It fails where nothing was ever known.
    state.revision()?;
    let status = match state.shared.pulse.is_away() {
        true => "degraded",
        false => "ready",
    };
    Ok(HttpResponse::Ok().json(Health { status }))
}

/// What pages may load: their own inline style, and nothing from anybody.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

fn page(title: &str, body: &str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(ContentType::html())
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CACHE_CONTROL, Caching::Public.header()))
        .body(format!(
            include_str!("page.html"),
            title = title,
            body = body
        ))
}

/// A text in which code stands between grave accents.
fn coded(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(place, part)| match place % 2 {
        1 => format!("<code>{part}</code>"),
        _ => part.to_owned(),
    });
    parts.collect()
}

/// The page that the `type` of every problem points to.
pub async fn problems() -> HttpResponse {
    let kinds: String = KINDS
        .iter()
        .map(|(code, title, remedy)| {
            let remedy = coded(remedy);
            format!("<h2 id=\"{code}\">{title}</h2>\n<p><code>{code}</code>: {remedy}</p>\n")
        })
        .collect();
    page(
        "Problems",
        &format!(
            "<h1>Problems</h1>\n<p>Every error is <code>application/problem+json</code> (RFC 9457).</p>\n{kinds}"
        ),
    )
}

/// Numbers for operators.
pub async fn metrics() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4")
        .body(metrics::render())
}
