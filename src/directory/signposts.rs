//! Where programs that know nothing of this service begin to look: `robots.txt`, `llms.txt`, the sitemap, whom to tell
//! of a hole (RFC 9116), the catalogue of its API (RFC 9727). All links start with the configured address.

use crate::{
    values::place,
    vocabularies,
    web::{Problem, Result, State, built::Built, conditional::Caching},
};
use actix_web::{HttpRequest, HttpResponse, web::ServiceConfig};
use chrono::{Days, NaiveTime};
use diesel::QueryResult;
use diesel_async::AsyncPgConnection;
use serde_json::json;
use std::fmt::Write as _;

const ROBOTS: &str = "/robots.txt";
const LLMS: &str = "/llms.txt";
const SITEMAP: &str = "/sitemap.xml";
const SECURITY: &str = "/.well-known/security.txt";
const CATALOGUE: &str = "/.well-known/api-catalog";

/// The addresses, which stand in no document.
pub const PATHS: [&str; 5] = [ROBOTS, LLMS, SITEMAP, SECURITY, CATALOGUE];

/// Mounts them.
pub fn routes(config: &mut ServiceConfig) {
    use actix_web::web::get;
    config
        .route(ROBOTS, get().to(robots))
        .route(LLMS, get().to(llms))
        .route(SITEMAP, get().to(sitemap))
        .route(SECURITY, get().to(security))
        .route(CATALOGUE, get().to(catalogue));
}

const TEXT: &str = "text/plain; charset=utf-8";

/// The pages for people that stand alone; [`sitemap`] adds those of countries and indicators.
const PAGES: [&str; 3] = ["/", "/docs/", "/problems"];

/// What nobody should find by searching: the state of the machine, and a form about one record.
const ASIDE: [&str; 3] = ["/health/", "/metrics", "/embed/report"];

/// What takes long to move is asked for anew after this.
const SECURITY_DAYS: Days = Days::new(180);

/// Sends what is made of the configured address alone.
async fn said(
    state: &State,
    request: &HttpRequest,
    content_type: &'static str,
    text: impl FnOnce(&str) -> String,
) -> Result<HttpResponse> {
    let build = async |_| {
        let text = text(&state.config().public_url);
        Ok(Built::of(content_type, text.into_bytes()))
    };
    state.kept(request, "", Caching::Public, build).await
}

async fn robots(state: State, request: HttpRequest) -> Result<HttpResponse> {
    let text = |url: &str| {
        let aside = ASIDE.map(|path| format!("Disallow: {path}\n")).concat();
        format!("User-agent: *\n{aside}\nSitemap: {url}{SITEMAP}\n")
    };
    said(&state, &request, TEXT, text).await
}

async fn llms(state: State, request: HttpRequest) -> Result<HttpResponse> {
    let text = |url: &str| include_str!("llms.txt").replace("{url}", url);
    said(&state, &request, "text/markdown; charset=utf-8", text).await
}

/// Countries of which a contact or an emergency number is known, and indicators. Single figures are left out: they stand on the
/// pages of their indicators, and there may be more of them than a sitemap holds (50,000).
async fn pages(connection: &mut AsyncPgConnection) -> QueryResult<Vec<String>> {
    let coverage = vocabularies::queries::coverage(connection).await?;
    let records = vocabularies::queries::list(connection, "countries", None, (0, 1000)).await?;
    let something = |country: &place::Country| {
        let held = coverage.get(country.code);
        held.is_some_and(|held| held.hotlines + held.regional_contacts > 0)
            || records.iter().any(|record| record.slug == country.code)
    };
    let countries = place::Country::all().filter(something);
    let countries = countries.map(|country| format!("/embed/help?country={}", country.code));
    let mut pages: Vec<String> = PAGES.map(str::to_owned).into();
    pages.extend(countries);
    let mut after = None;
    loop {
        let batch = vocabularies::queries::batch(connection, "indicators", None, after, 1000);
        let batch = batch.await?;
        let Some(last) = batch.last() else {
            return Ok(pages);
        };
        after = Some(last.slug.clone());
        let charts = batch.iter().map(|one| format!("/embed/chart/{}", one.slug));
        pages.extend(charts);
    }
}

async fn sitemap(state: State, request: HttpRequest) -> Result<HttpResponse> {
    let build = async |_| {
        let url = &state.config().public_url;
        let mut text = String::from(concat!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
            "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
        ));
        for page in pages(&mut *state.reader().await?).await? {
            let _ = writeln!(text, "<url><loc>{url}{page}</loc></url>");
        }
        text += "</urlset>\n";
        Ok(Built::of("application/xml", text.into_bytes()))
    };
    state.kept(&request, "", Caching::Public, build).await
}

/// Whom to tell of a hole. It expires, so that nobody writes to an address that was given up: the
/// date moves with each day on which the service runs with it.
async fn security(state: State, request: HttpRequest) -> Result<HttpResponse> {
    let contacts = &state.config().security_contact;
    if contacts.is_empty() {
        return Err(Problem::NotFound);
    }
    let expires = (state.today() + SECURITY_DAYS).and_time(NaiveTime::MIN);
    let text = |url: &str| {
        let mut text = String::new();
        for contact in contacts {
            let _ = writeln!(text, "Contact: {contact}");
        }
        let _ = writeln!(text, "Expires: {}", expires.format("%Y-%m-%dT%H:%M:%SZ"));
        // Addresses on the web must be encrypted ones there.
        if url.starts_with("https://") {
            let _ = writeln!(text, "Canonical: {url}{SECURITY}");
        }
        text
    };
    said(&state, &request, TEXT, text).await
}

const LINKSET: &str =
    "application/linkset+json; profile=\"https://www.rfc-editor.org/info/rfc9727\"";

async fn catalogue(state: State, request: HttpRequest) -> Result<HttpResponse> {
    let build = async |_| {
        let at = |path: &str| format!("{}{path}", state.config().public_url);
        let link = |path: &str, kind: &str| json!([{"href": at(path), "type": kind}]);
        let set = json!({"linkset": [
            {"anchor": at(CATALOGUE), "item": link("/v1", "application/json")},
            {
                "anchor": at("/v1"),
                "service-desc": link("/v1/openapi.json", "application/json"),
                "service-doc": link("/docs/", "text/html"),
                "service-meta": link("/v1/csv-metadata.json", "application/csvm+json"),
                "status": link("/health/ready", "application/json"),
                "license": [{"href": crate::values::licence::LICENCE_URL}],
            },
        ]});
        let this = format!("<{}>; rel=\"api-catalog\"", at(CATALOGUE));
        Ok(Built::of(LINKSET, set.to_string().into_bytes()).link(this))
    };
    state.kept(&request, "", Caching::Public, build).await
}
