//! HTTP of bundles.

use super::{
    model::{BundleFile, Bundles, ContactBundle, Content, StatisticBundle},
    shelf::{Edition, Shelf, monday},
};
use crate::{
    values::{describe::CountryCode, digest::of_hex, licence, place::Country},
    web::{
        FromParams, Params, Problem, Query, Result, State,
        built::Built,
        conditional::Caching,
        extract::NoParams,
        formats::{Format, JSON},
        parse,
        state::Revision,
    },
};
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, get, web::Data};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use std::future::{Ready, ready};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the bundles.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_bundles)
        .service(read_contact_bundle)
        .service(read_contact_bundle_edition)
        .service(read_statistic_bundle)
        .service(read_statistic_bundle_edition);
}

/// Whoever holds a bundle asks again after two days; its hours reach for 14.
const STALE: Days = Days::new(2);
const EXPIRED: Days = Days::new(14);

/// Which countries.
#[derive(Debug)]
struct Selection(Vec<String>);

impl FromParams for Selection {
    fn from_params(params: &mut Params) -> Self {
        Self(params.list("country", parse::country))
    }
}

/// The country in a path, and the digest, if there is one; others name nothing.
struct Wanted {
    country: &'static str,
    sha256: Option<String>,
}

impl FromRequest for Wanted {
    type Error = Problem;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let part = |name| request.match_info().get(name);
        let country = part("country").and_then(|code| Country::parse(code).ok());
        let sha256 = part("sha256");
        let found = country.filter(|_| sha256.is_none_or(|text| of_hex(text).is_some()));
        ready(found.ok_or(Problem::NotFound).map(|country| Self {
            country: country.code,
            sha256: sha256.map(str::to_owned),
        }))
    }
}

/// Lists bundles
///
/// What a device keeps of a country to be of use without a network: its contacts, and apart from them its figures. Each
/// stands at an address that carries the digest of its bytes, for as long as it is current: when anything in it changes
/// or is gone that address answers 410 at once, and nobody is handed what was hidden. A bundle in which nothing
/// changes stays the same for a week. What would be empty is left out.
#[utoipa::path(
    tag = "bundles",
    params(
        ("country" = Option<Vec<CountryCode>>, Query, style = Form, explode, max_items = 50, description = "Only those of these countries."),
    ),
    responses((status = 200, description = "The bundles that are current.", body = Bundles)),
)]
#[get("/v1/bundles")]
async fn list_bundles(
    state: State,
    shelf: Data<Shelf>,
    request: HttpRequest,
    query: Query<Selection>,
) -> Result<HttpResponse> {
    Format::negotiate(None, &request, JSON)?;
    let Selection(wanted) = query.value;
    let build = async |revision: Revision| {
        let countries: Vec<&str> = Country::all()
            .map(|country| country.code)
            .filter(|code| wanted.is_empty() || wanted.iter().any(|one| one == code))
            .collect();
        let editions = shelf.editions(&state, revision, &countries).await?;
        let mut contents: Vec<BundleFile> = Vec::new();
        for edition in &editions {
            let (file, _) = shelf.file(&state, edition).await?;
            contents.extend((file.records > 0).then(|| (*file).clone()));
        }
        let today = state.today();
        Built::json(&Bundles {
            revision: revision.number,
            generated_at: revision.at.max(midnight(monday(today))),
            stale_after: midnight(today + STALE),
            expires_at: midnight(monday(today) + EXPIRED),
            contents,
            licence: licence::LICENCE,
            attribution: licence::ATTRIBUTION,
        })
    };
    state
        .kept(&request, &query.canonical, Caching::Public, build)
        .await
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

/// Reads the contacts of a country
///
/// Those that are current; `Content-Location` is their address with the digest. Whoever keeps them notes the
/// `Directory-Revision` of the answer, and follows `/v1/changes?country=` from there.
#[utoipa::path(
    tag = "bundles",
    params(
        ("country" = CountryCode, Path, description = "ISO 3166-1 alpha-2."),
    ),
    responses((status = 200, description = "The bundle.", body = ContactBundle)),
)]
#[get("/v1/bundles/{country}/contacts")]
async fn read_contact_bundle(
    state: State,
    shelf: Data<Shelf>,
    request: HttpRequest,
    _: Query<NoParams>,
    wanted: Wanted,
) -> Result<HttpResponse> {
    bundle(&state, &shelf, &request, (Content::Contacts, &wanted)).await
}

/// Reads an edition of the contacts of a country
///
/// The bytes with this SHA-256, as long as they are current; then 410: take the current ones.
#[utoipa::path(
    tag = "bundles",
    params(
        ("country" = CountryCode, Path, description = "ISO 3166-1 alpha-2."),
        ("sha256" = String, Path, description = "The digest that the list names.", pattern = "^[0-9a-f]{64}$"),
    ),
    responses((status = 200, description = "The bundle.", body = ContactBundle)),
)]
#[get("/v1/bundles/{country}/contacts/{sha256}")]
async fn read_contact_bundle_edition(
    state: State,
    shelf: Data<Shelf>,
    request: HttpRequest,
    _: Query<NoParams>,
    wanted: Wanted,
) -> Result<HttpResponse> {
    bundle(&state, &shelf, &request, (Content::Contacts, &wanted)).await
}

/// Reads the figures of a country
///
/// Those that are current; `Content-Location` is their address with the digest. What changed since stands in
/// `/v1/changes?country=`.
#[utoipa::path(
    tag = "bundles",
    params(
        ("country" = CountryCode, Path, description = "ISO 3166-1 alpha-2."),
    ),
    responses((status = 200, description = "The bundle.", body = StatisticBundle)),
)]
#[get("/v1/bundles/{country}/statistics")]
async fn read_statistic_bundle(
    state: State,
    shelf: Data<Shelf>,
    request: HttpRequest,
    _: Query<NoParams>,
    wanted: Wanted,
) -> Result<HttpResponse> {
    bundle(&state, &shelf, &request, (Content::Statistics, &wanted)).await
}

/// Reads an edition of the figures of a country
///
/// The bytes with this SHA-256, as long as they are current; then 410: take the current ones.
#[utoipa::path(
    tag = "bundles",
    params(
        ("country" = CountryCode, Path, description = "ISO 3166-1 alpha-2."),
        ("sha256" = String, Path, description = "The digest that the list names.", pattern = "^[0-9a-f]{64}$"),
    ),
    responses((status = 200, description = "The bundle.", body = StatisticBundle)),
)]
#[get("/v1/bundles/{country}/statistics/{sha256}")]
async fn read_statistic_bundle_edition(
    state: State,
    shelf: Data<Shelf>,
    request: HttpRequest,
    _: Query<NoParams>,
    wanted: Wanted,
) -> Result<HttpResponse> {
    bundle(&state, &shelf, &request, (Content::Statistics, &wanted)).await
}

async fn bundle(
    state: &State,
    shelf: &Shelf,
    request: &HttpRequest,
    (content, wanted): (Content, &Wanted),
) -> Result<HttpResponse> {
    Format::negotiate(None, request, JSON)?;
    let revision = state.revision()?;
    let editions = shelf.editions(state, revision, &[wanted.country]).await?;
    let edition: &Edition = editions
        .iter()
        .find(|edition| edition.content == content)
        .ok_or(Problem::NotFound)?;
    let (file, made) = shelf.file(state, edition).await?;
    if wanted
        .sha256
        .as_ref()
        .is_some_and(|sha256| *sha256 != file.sha256)
    {
        return Err(Problem::Superseded);
    }
    let build = async || {
        let bytes = match made {
            Some(bytes) => bytes,
            None => shelf.again(state, edition, &file).await?,
        };
        Ok(Built::of("application/json", bytes).location(file.url.clone()))
    };
    state
        .remembered(request, &file.url, revision, Caching::Public, build)
        .await
}
