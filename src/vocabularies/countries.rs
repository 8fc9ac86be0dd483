//! HTTP of countries: every country of the list, whether or not a record says more about it.

use super::{country::Country, input::CountryInput, queries, routes::ByName};
use crate::values::{place, translation::Texts, view::View};
use crate::web::{
    Problem, Query, Result, State,
    built::Built,
    conditional::Caching,
    extract::{InLanguage, Named, NoParams},
    formats::{BATCH, Format, JSON, Streamed, TABULAR, TabularFormat},
    page::{self, Listing, Page, Paging},
};
use actix_web::{HttpRequest, HttpResponse, get};
use diesel::QueryResult;
use diesel_async::AsyncPgConnection;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the operations of countries.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_countries).service(read_country);
}

impl Streamed for Country {
    const FILE: &'static str = "countries";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("code", "code"),
        ("name", "name"),
        ("calling_code", "calling_code"),
        ("emergency_numbers_known", "emergency_numbers_known"),
        ("emergency_numbers", "emergency_numbers.*.number"),
        ("freshness", "freshness.grade"),
        ("organizations", "coverage.organizations"),
        ("hotlines", "coverage.hotlines"),
        ("regional_contacts", "coverage.regional_contacts"),
        ("sources", "sources.*.source"),
        ("revision", "revision"),
        ("licence", "licence"),
        ("name_lang", "text.name.lang"),
        ("name_translation", "text.name.translation"),
    ];

    fn slug(&self) -> &str {
        &self.code
    }

    fn texts(&self) -> Option<&Texts> {
        Some(&self.text)
    }
}

/// All countries of the list, by code; the list is short, so that it is joined here.
async fn countries(connection: &mut AsyncPgConnection, view: &View) -> QueryResult<Vec<Country>> {
    let coverage = queries::coverage(connection).await?;
    let records = queries::list(connection, Country::FILE, None, (0, 1000)).await?;
    place::Country::all()
        .map(|country| {
            let known = records.iter().find(|record| record.slug == country.code);
            let known = known
                .map(|record| record.read::<CountryInput>().map(|input| (record, input)))
                .transpose()?;
            Ok(Country::of(
                view,
                country,
                known,
                coverage.get(country.code).copied().unwrap_or_default(),
            ))
        })
        .collect()
}

/// Lists countries
///
/// Every country of ISO 3166-1 by code, with its emergency numbers where a source gives them and
/// with how much the directory holds about it. No source says which service a number reaches.
#[utoipa::path(
    tag = "vocabularies",
    params(
        Paging,
        ("sort" = inline(Option<ByName>), Query, description = "Order of the pages: by code, whose order is the only one."),
        ("format" = inline(Option<TabularFormat>), Query, description = "Format; without it the Accept header decides."),
    ),
    responses((status = 200, description = "A page, or all countries as a stream.", content(
        (Page<Country> = "application/json"), (String = "text/csv"), (String = "application/x-ndjson")
    ))),
)]
#[get("/v1/countries")]
async fn list_countries(
    state: State,
    request: HttpRequest,
    query: Query<Listing<NoParams, ByName>>,
) -> Result<HttpResponse> {
    let Listing {
        paging,
        format,
        lang,
        ..
    } = query.value;
    let view = state.view(lang);
    match Format::negotiate(format, &request, TABULAR)? {
        Format::Json => {
            let build = async |_| {
                let page = page::cut(countries(&mut *state.reader().await?, &view).await?, paging);
                let links =
                    page.links(&state.config().public_url, request.path(), &query.canonical);
                let texts = page.contents.iter().filter_map(Streamed::texts);
                Ok(Built::json(&page)?.link(links).languages(texts))
            };
            state
                .kept(&request, &query.canonical, Caching::Public, build)
                .await
        }
        format => {
            let batch = async move |c: &mut AsyncPgConnection, after: Option<String>| {
                let all = countries(c, &view).await?.into_iter();
                let left =
                    all.filter(|one| after.as_deref().is_none_or(|after| one.slug() > after));
                Ok(left.take(BATCH as usize).collect())
            };
            state
                .stream(&request, &query.canonical, Caching::Public, format, batch)
                .await
        }
    }
}

/// Reads a country
///
/// One country by its ISO 3166-1 alpha-2 code, with its emergency numbers where a source gives
/// them. Without a source they are unknown, not absent.
#[utoipa::path(
    tag = "vocabularies",
    params(("code" = crate::values::describe::CountryCode, Path, description = "ISO 3166-1 alpha-2 code.")),
    responses((status = 200, description = "The country.", body = Country)),
)]
#[get("/v1/countries/{code}")]
async fn read_country(
    state: State,
    request: HttpRequest,
    named: Named,
    query: Query<InLanguage>,
) -> Result<HttpResponse> {
    Format::negotiate(None, &request, JSON)?;
    let view = state.view(query.value.0);
    let build = async |_| {
        let all = countries(&mut *state.reader().await?, &view).await?;
        let country = all
            .into_iter()
            .find(|country| country.code == named.0)
            .ok_or(Problem::NotFound)?;
        Ok(Built::json(&country)?.languages(country.texts()))
    };
    state
        .kept(&request, &query.canonical, Caching::Public, build)
        .await
}
