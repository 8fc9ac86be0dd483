//! HTTP of vocabularies.

use super::{
    countries,
    model::{Indicator, Population, Source, Topic},
    queries, synonyms,
};
use crate::db::record::{Record, Window};
use crate::values::{access::Asked, view::View};
use crate::web::{
    FromParams, Params, Query, Result, State,
    built::Built,
    conditional::Caching,
    extract::{Named, Reading},
    formats::{BATCH, Format, JSON, Streamed, TABULAR, TabularFormat},
    page::{Listing, Page, Paging, Sort},
};
use actix_web::{HttpRequest, HttpResponse, get};
use diesel::QueryResult;
use diesel_async::AsyncPgConnection;
use serde::de::DeserializeOwned;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the operations of vocabularies.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_topics)
        .service(read_topic)
        .service(list_populations)
        .service(read_population)
        .service(list_sources)
        .service(read_source)
        .service(list_indicators)
        .service(read_indicator)
        .configure(synonyms::routes)
        .configure(countries::routes);
}

/// Vocabularies are not filtered, but for what a key may see.
#[derive(Debug)]
pub struct Everything(Option<Asked>);

impl FromParams for Everything {
    fn from_params(params: &mut Params) -> Self {
        Self(params.access())
    }
}

/// Vocabularies have one order.
#[derive(Debug, Clone, Copy, utoipa::ToSchema)]
pub enum ByName {
    /// By name or title.
    #[schema(rename = "name")]
    Name,
}

impl Sort for ByName {
    const NAMES: &'static [(&'static str, Self)] = &[("name", Self::Name)];
}

/// What a vocabulary's list was asked.
pub type Vocabulary = Query<Listing<Everything, ByName>>;

fn served<I: DeserializeOwned, T>(
    view: &View,
    records: Vec<Record>,
    of: fn(&View, &Record, I) -> T,
) -> QueryResult<Vec<T>> {
    records
        .iter()
        .map(|record| Ok(of(view, record, record.read()?)))
        .collect()
}

pub async fn listed<I: DeserializeOwned + 'static, T: Streamed + 'static>(
    state: State,
    request: HttpRequest,
    query: Vocabulary,
    of: fn(&View, &Record, I) -> T,
) -> Result<HttpResponse> {
    let Listing {
        filter: Everything(access),
        paging,
        format,
        lang,
        ..
    } = query.value;
    let view = state.view(lang);
    let (name, caching) = (T::FILE, Caching::Public.keyed(&access));
    match Format::negotiate(format, &request, TABULAR)? {
        Format::Json => {
            let access = access.as_ref();
            let count = async |c: &mut AsyncPgConnection| queries::count(c, name, access).await;
            let list = async |c: &mut AsyncPgConnection, window: Window| {
                served(
                    &view,
                    queries::list(c, name, access, window.cut()).await?,
                    of,
                )
            };
            state
                .page(&request, &query.canonical, caching, paging, count, list)
                .await
        }
        format => {
            let batch = async move |c: &mut AsyncPgConnection, after: Option<String>| {
                served(
                    &view,
                    queries::batch(c, name, access.as_ref(), after, BATCH).await?,
                    of,
                )
            };
            state
                .stream(&request, &query.canonical, caching, format, batch)
                .await
        }
    }
}

pub async fn read<I: DeserializeOwned, T: Streamed>(
    state: State,
    request: HttpRequest,
    named: Named,
    query: Query<Reading>,
    of: fn(&View, &Record, I) -> T,
) -> Result<HttpResponse> {
    Format::negotiate(None, &request, JSON)?;
    let Reading { access, lang } = query.value;
    let view = state.view(lang);
    let caching = Caching::Public.keyed(&access);
    let build = async |_| {
        let find = async |connection: &mut AsyncPgConnection| {
            Ok(queries::find(connection, T::FILE, &named.0, access.as_ref()).await?)
        };
        let record = state.read(caching, find).await?;
        let term = of(&view, &record, record.read()?);
        let built = Built::json(&term)?.revision(record.revision);
        Ok(built.languages(term.texts()))
    };
    let answered = state.kept(&request, &query.canonical, caching, build).await;
    state.or_elsewhere(&request, answered).await
}

/// Lists topics
///
/// Terms for kinds of trafficking, services and industries; other records name them by slug.
#[utoipa::path(
    tag = "vocabularies",
    params(
        Paging,
        ("sort" = inline(Option<ByName>), Query, description = "Order of the pages; ties go by id."),
        ("format" = inline(Option<TabularFormat>), Query, description = "Format; without it the Accept header decides."),
    ),
    responses((status = 200, description = "A page, or the whole vocabulary as a stream.", content(
        (Page<Topic> = "application/json"), (String = "text/csv"), (String = "application/x-ndjson")
    ))),
)]
#[get("/v1/topics")]
async fn list_topics(
    state: State,
    request: HttpRequest,
    query: Vocabulary,
) -> Result<HttpResponse> {
    listed(state, request, query, Topic::of).await
}

/// Reads a topic
///
/// One term of the vocabulary, by id or slug.
#[utoipa::path(
    tag = "vocabularies",
    params(("reference" = crate::values::describe::SlugOrId, Path, description = "Slug or id of the topic.")),
    responses((status = 200, description = "The topic.", body = Topic)),
)]
#[get("/v1/topics/{reference}")]
async fn read_topic(
    state: State,
    request: HttpRequest,
    named: Named,
    query: Query<Reading>,
) -> Result<HttpResponse> {
    read(state, request, named, query, Topic::of).await
}

/// Lists populations
///
/// Terms for whom a record serves; other records name them by slug.
#[utoipa::path(
    tag = "vocabularies",
    params(
        Paging,
        ("sort" = inline(Option<ByName>), Query, description = "Order of the pages; ties go by id."),
        ("format" = inline(Option<TabularFormat>), Query, description = "Format; without it the Accept header decides."),
    ),
    responses((status = 200, description = "A page, or the whole vocabulary as a stream.", content(
        (Page<Population> = "application/json"), (String = "text/csv"), (String = "application/x-ndjson")
    ))),
)]
#[get("/v1/populations")]
async fn list_populations(
    state: State,
    request: HttpRequest,
    query: Vocabulary,
) -> Result<HttpResponse> {
    listed(state, request, query, Population::of).await
}

/// Reads a population
///
/// One term of the vocabulary, by id or slug.
#[utoipa::path(
    tag = "vocabularies",
    params(("reference" = crate::values::describe::SlugOrId, Path, description = "Slug or id of the population.")),
    responses((status = 200, description = "The population.", body = Population)),
)]
#[get("/v1/populations/{reference}")]
async fn read_population(
    state: State,
    request: HttpRequest,
    named: Named,
    query: Query<Reading>,
) -> Result<HttpResponse> {
    read(state, request, named, query, Population::of).await
}

/// Lists sources
///
/// Pages and documents in which the records were read, each with its own licence where one was seen.
#[utoipa::path(
    tag = "vocabularies",
    params(
        Paging,
        ("sort" = inline(Option<ByName>), Query, description = "Order of the pages; ties go by id."),
        ("format" = inline(Option<TabularFormat>), Query, description = "Format; without it the Accept header decides."),
    ),
    responses((status = 200, description = "A page, or the whole vocabulary as a stream.", content(
        (Page<Source> = "application/json"), (String = "text/csv"), (String = "application/x-ndjson")
    ))),
)]
#[get("/v1/sources")]
async fn list_sources(
    state: State,
    request: HttpRequest,
    query: Vocabulary,
) -> Result<HttpResponse> {
    listed(state, request, query, |_, record, input| {
        Source::of(record, input)
    })
    .await
}

/// Reads a source
///
/// One term of the vocabulary, by id or slug.
#[utoipa::path(
    tag = "vocabularies",
    params(("reference" = crate::values::describe::SlugOrId, Path, description = "Slug or id of the source.")),
    responses((status = 200, description = "The source.", body = Source)),
)]
#[get("/v1/sources/{reference}")]
async fn read_source(
    state: State,
    request: HttpRequest,
    named: Named,
    query: Query<Reading>,
) -> Result<HttpResponse> {
    read(state, request, named, query, |_, record, input| {
        Source::of(record, input)
    })
    .await
}

/// Lists indicators
///
/// What the observations at `/v1/statistics` measure.
#[utoipa::path(
    tag = "vocabularies",
    params(
        Paging,
        ("sort" = inline(Option<ByName>), Query, description = "Order of the pages; ties go by id."),
        ("format" = inline(Option<TabularFormat>), Query, description = "Format; without it the Accept header decides."),
    ),
    responses((status = 200, description = "A page, or the whole vocabulary as a stream.", content(
        (Page<Indicator> = "application/json"), (String = "text/csv"), (String = "application/x-ndjson")
    ))),
)]
#[get("/v1/indicators")]
async fn list_indicators(
    state: State,
    request: HttpRequest,
    query: Vocabulary,
) -> Result<HttpResponse> {
    listed(state, request, query, Indicator::of).await
}

/// Reads an indicator
///
/// One term of the vocabulary, by id or slug.
#[utoipa::path(
    tag = "vocabularies",
    params(("reference" = crate::values::describe::SlugOrId, Path, description = "Slug or id of the indicator.")),
    responses((status = 200, description = "The indicator.", body = Indicator)),
)]
#[get("/v1/indicators/{reference}")]
async fn read_indicator(
    state: State,
    request: HttpRequest,
    named: Named,
    query: Query<Reading>,
) -> Result<HttpResponse> {
    read(state, request, named, query, Indicator::of).await
}
