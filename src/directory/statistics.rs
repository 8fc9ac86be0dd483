//! Observations, with what `include=` brings beside a list and beside a single one.

use super::including::{Include, ListInclude, StatisticInclude};
use super::model::{Included, PageIncluded, Revisions, WithIncluded};
use super::records::{answer, cited, sources};
use crate::{
    statistics::{self, Narrowing, Statistic, StatisticFilter, StatisticSort},
    values::{access::Asked, as_of::AsOf, translation::Texts, view::View},
    vocabularies::{self, Indicator},
    web::{
        FromParams, Params, Query, Result, State,
        conditional::Caching,
        extract::Named,
        formats::{BATCH, Format, TABULAR},
        page::{Listing, Page, Paged, Paging, misfit},
        parse,
    },
};
use actix_web::{HttpRequest, HttpResponse, get};
use diesel::QueryResult;
use diesel_async::AsyncPgConnection;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the reads of observations.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_statistics).service(read_statistic);
}

/// A page and what was asked for with it.
#[derive(Debug, Serialize, ToSchema)]
struct PageWithIncluded<T> {
    /// The page.
    #[serde(flatten)]
    page: Page<T>,
    /// What `include=` brought; `null` without it.
    #[schema(nullable)]
    included: Option<PageIncluded>,
}

/// What a list of observations was asked.
struct StatisticListing {
    listing: Listing<StatisticFilter, StatisticSort>,
    include: Vec<ListInclude>,
}

impl FromParams for StatisticListing {
    fn from_params(params: &mut Params) -> Self {
        Self {
            include: params.list("include", parse::one_of(ListInclude::NAMES)),
            listing: Listing::from_params(params),
        }
    }
}

/// Indicators by slug.
async fn indicators(
    connection: &mut AsyncPgConnection,
    slugs: &[String],
    access: Option<&Asked>,
    view: &View,
) -> QueryResult<Vec<Indicator>> {
    let terms = vocabularies::queries::named(connection, "indicators", slugs, access).await?;
    let read = terms
        .iter()
        .map(|term| Ok(Indicator::of(view, term, term.read()?)));
    read.collect()
}

fn critics(statistic: &Statistic) -> impl Iterator<Item = &str> {
    statistic
        .critiques
        .iter()
        .map(|critique| critique.source.as_str())
}

/// What belongs beside a page, each record once.
async fn beside(
    connection: &mut AsyncPgConnection,
    include: &[ListInclude],
    contents: &[Statistic],
    access: Option<&Asked>,
    view: &View,
) -> QueryResult<Option<PageIncluded>> {
    let mut included = PageIncluded::default();
    for one in include {
        match one {
            ListInclude::Indicator => {
                let named = contents.iter().filter_map(|one| one.indicator.as_ref());
                let mut slugs: Vec<String> = named.map(|one| one.slug.clone()).collect();
                slugs.sort();
                slugs.dedup();
                included.indicators = Some(indicators(connection, &slugs, access, view).await?);
            }
            ListInclude::Sources => {
                let all = contents
                    .iter()
                    .flat_map(|one| cited(&one.sources).chain(critics(one)));
                included.sources = sources(connection, access, all).await?;
            }
            ListInclude::Critiques => {
                let all = contents.iter().flat_map(critics);
                included.critiques = sources(connection, access, all).await?;
            }
        }
    }
    Ok((!include.is_empty()).then_some(included))
}

/// Lists statistics
///
/// Pages of observations, or with `format=csv` and `format=ndjson` the whole
/// selection as a stream, by slug. Different parameters combine by AND, repeated ones by OR.
/// `include=` brings the indicators and sources of a page once beside it.
#[utoipa::path(
    tag = "statistics",
    params(
        StatisticFilter,
        Narrowing,
        Paging,
        ("sort" = inline(Option<StatisticSort>), Query, description = "Order of the pages; ties go by id."),
        ("include" = inline(Option<Vec<ListInclude>>), Query, style = Form, explode, max_items = 50, description = "What to bring along, each record once; may be repeated. Not in streams."),
        ("format" = inline(Option<crate::web::formats::TabularFormat>), Query, description = "Format; without it the Accept header decides."),
    ),
    responses((status = 200, description = "A page, or the whole selection as a stream.", content(
        (PageWithIncluded<Statistic> = "application/json"), (String = "text/csv"), (String = "application/x-ndjson")
    ))),
)]
#[get("/v1/statistics")]
async fn list_statistics(
    state: State,
    request: HttpRequest,
    query: Query<StatisticListing>,
) -> Result<HttpResponse> {
    let StatisticListing { listing, include } = query.value;
    let Listing {
        mut filter,
        sort,
        paging,
        format,
        lang,
    } = listing;
    state.reached(filter.by.as_of).await?;
    state.understand_later(&request, &mut filter.search);
    let (view, caching) = (state.view(lang), Caching::Public.keyed(&filter.access));
    match Format::negotiate(format, &request, TABULAR)? {
        Format::Json => {
            let cut = (paging.offset(), paging.per_page);
            let count =
                async |c: &mut AsyncPgConnection| statistics::queries::count(c, &filter).await;
            let list = async |c: &mut AsyncPgConnection, total| {
                let rows = statistics::queries::list(c, &filter, sort, cut, &view).await?;
                let access = filter.access.as_ref();
                let included = beside(c, &include, &rows, access, &view).await?;
                Ok(PageWithIncluded {
                    page: Page::new(rows, total, paging),
                    included,
                })
            };
            state
                .page_with(&request, &query.canonical, caching, count, list, |one| {
                    &one.page
                })
                .await
        }
        _ if !include.is_empty() => Err(misfit(
            "include",
            "streams carry the selection alone",
            "leave it out, or ask for format=json",
        )),
        format => {
            let batch = async move |c: &mut AsyncPgConnection, after: Option<String>| {
                statistics::queries::batch(c, &filter, after, BATCH, &view).await
            };
            state
                .stream(&request, &query.canonical, caching, format, batch)
                .await
        }
    }
}

/// What a single observation was asked.
struct StatisticReading {
    include: Vec<StatisticInclude>,
    access: Option<Asked>,
    lang: Option<String>,
    as_of: Option<AsOf>,
}

impl FromParams for StatisticReading {
    fn from_params(params: &mut Params) -> Self {
        let reading = Self {
            include: params.list("include", parse::one_of(StatisticInclude::NAMES)),
            access: params.access(),
            lang: params.lang(),
            as_of: params.one("as_of", parse::as_of),
        };
        if reading.as_of.is_some() && reading.access.is_some() {
            params.misfit(
                "as_of",
                "public",
                "the past is what the public saw",
                "leave out status and visibility; a record's history is at its own address",
            );
        }
        reading
    }
}

/// Reads an observation
///
/// One observation by id or slug, whatever its assessment, with `include=` together with its
/// indicator, the sources that it and its critiques cite, and its earlier figures and those that
/// superseded it. Show assessment and caveat with the figure.
#[utoipa::path(
    tag = "statistics",
    params(
        ("reference" = crate::values::describe::SlugOrId, Path, description = "Slug or id of the observation."),
        ("include" = inline(Option<Vec<StatisticInclude>>), Query, style = Form, explode, max_items = 50, description = "What to bring along; may be repeated."),
        ("as_of" = Option<crate::values::describe::AsOfText>, Query, description = "What the directory said of it at an earlier time: at the end of a day in UTC, at a moment (RFC 3339), or at a revision. What is hidden or archived by now is not shown of the past either."),
    ),
    responses(
        (status = 200, description = "The observation.", body = WithIncluded<Statistic>),
    ),
)]
#[get("/v1/statistics/{reference}")]
async fn read_statistic(
    state: State,
    request: HttpRequest,
    named: Named,
    query: Query<StatisticReading>,
) -> Result<HttpResponse> {
    let StatisticReading {
        include,
        access,
        lang,
        as_of,
    } = query.value;
    state.reached(as_of).await?;
    let asked = access.clone();
    answer(
        &state,
        &request,
        &query.canonical,
        (&asked, lang),
        async |connection, view| {
            let access = access.as_ref();
            let record = match as_of {
                None => statistics::queries::find(connection, &named.0, access, view).await?,
                Some(at) => statistics::queries::find_as_of(connection, &named.0, at, view).await?,
            };
            let included = included(connection, &include, &record, access, view).await?;
            Ok((record.revision, WithIncluded { record, included }))
        },
    )
    .await
}

/// What belongs beside a single observation.
async fn included(
    connection: &mut AsyncPgConnection,
    include: &[StatisticInclude],
    record: &Statistic,
    access: Option<&Asked>,
    view: &View,
) -> QueryResult<Option<Included>> {
    let mut included = Included::default();
    for one in include {
        match one {
            StatisticInclude::Indicator => {
                let named = record.indicator.iter().map(|one| one.slug.clone());
                let slugs: Vec<String> = named.collect();
                let found = indicators(connection, &slugs, access, view).await?;
                included.indicator = found.into_iter().next();
            }
            StatisticInclude::Sources => {
                let all = cited(&record.sources).chain(critics(record));
                included.sources = sources(connection, access, all).await?;
            }
            StatisticInclude::Critiques => {
                included.critiques = sources(connection, access, critics(record)).await?;
            }
            StatisticInclude::Revisions => {
                let (id, before) = (record.id, record.revision);
                included.revisions = Some(Revisions {
                    earlier: statistics::queries::earlier(connection, id, before, view).await?,
                    superseding: statistics::queries::superseding(connection, id, view).await?,
                });
            }
        }
    }
    Ok((!include.is_empty()).then_some(included))
}

impl Paged for PageWithIncluded<Statistic> {
    fn texts(&self) -> Vec<&Texts> {
        let included = self.included.iter().flat_map(|one| &one.indicators);
        let indicators = included.flatten().map(|one| &one.text);
        self.page.texts().into_iter().chain(indicators).collect()
    }
}
