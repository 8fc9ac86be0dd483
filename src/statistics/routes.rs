//! HTTP of statistics: their flat view, series and comparisons. Lists and single records, which bring
//! other nouns along, are read in `directory`.

use super::{
    filter::{Narrowing, StatisticFilter},
    model::Statistic,
    params::{ComparisonAsked, SeriesAsked},
    queries,
    series::{Comparison, SeriesRow},
};
use crate::values::{Invalid, translation::Texts};
use crate::web::{
    Problem, Query, Result, State,
    built::Built,
    conditional::Caching,
    extract::Named,
    formats::{BATCH, Format, JSON, Streamed, TABULAR},
    page::{Page, Paging},
    problem::ErrorDetail,
};
use actix_web::{HttpRequest, HttpResponse, get};
use diesel_async::AsyncPgConnection;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the operations of statistics.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_series).service(list_comparisons);
}

impl Streamed for Statistic {
    const FILE: &'static str = "statistics";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("id", "id"),
        ("slug", "slug"),
        ("indicator", "indicator.slug"),
        ("title", "title"),
        ("claim", "claim"),
        ("display", "display"),
        ("value", "value"),
        ("low", "low"),
        ("high", "high"),
        ("qualifier", "qualifier"),
        ("unit", "unit"),
        ("population", "population"),
        ("denominator", "denominator"),
        ("sex", "dimensions.sex"),
        ("age_band", "dimensions.age_band"),
        ("exploitation", "dimensions.exploitation"),
        ("geography", "geography.code"),
        ("period_start", "period.start"),
        ("period_end", "period.end"),
        ("publisher", "publisher"),
        ("published_on", "published_on"),
        ("method_note", "method_note"),
        ("caveat", "caveat"),
        ("observation_status", "observation_status"),
        ("assessment", "assessment"),
        ("critiques", "critiques.*.summary"),
        ("baseline", "baseline"),
        ("computed_change", "computed_change"),
        ("distribution", "distribution"),
        ("share", "share"),
        ("overlaps", "overlaps"),
        ("superseded_by", "superseded_by"),
        ("flags", "flags"),
        ("verified_at", "verified_at"),
        ("verification_method", "verification_method"),
        ("outcome", "outcome"),
        ("freshness", "freshness.grade"),
        ("sources", "sources.*.source"),
        ("revision", "revision"),
        ("last_modified", "last_modified"),
        ("licence", "licence"),
    ];

    fn slug(&self) -> &str {
        &self.slug
    }

    fn texts(&self) -> Option<&Texts> {
        Some(&self.text)
    }
}

/// Refuses figures of several units in one series: no axis can carry them.
async fn of_one_unit(connection: &mut AsyncPgConnection, filter: &StatisticFilter) -> Result<()> {
    let units = queries::units(connection, filter).await?;
    if units.len() < 2 {
        return Ok(());
    }
    let invalid = Invalid::new(
        "units",
        "the figures of this indicator stand in several units",
        format!("name one by unit=: {}", units.join(", ")),
    );
    Err(Problem::Unprocessable(vec![ErrorDetail::parameter(
        "unit", invalid,
    )]))
}

/// Lists the series of an indicator
///
/// Figures ready for a chart: one row a geography, period and breakdown, by geography and then by
/// period; figures without a period are not among them. Where two publishers count the same, both
/// are rows: narrow by `publisher`. Rows that are broken down by sex, age or exploitation come when
/// asked for, so that nothing is drawn twice, or where the indicator has no others. Disputed figures
/// come only when asked for, and are marked. An indicator with several units needs `unit`.
#[utoipa::path(
    tag = "vocabularies",
    params(
        ("reference" = crate::values::describe::SlugOrId, Path, description = "Slug or id of the indicator."),
        Narrowing,
        Paging,
        ("format" = inline(Option<crate::web::formats::TabularFormat>), Query, description = "Format; without it the Accept header decides."),
    ),
    responses((status = 200, description = "A page, or the whole series as a stream.", content(
        (Page<SeriesRow> = "application/json"), (String = "text/csv"), (String = "application/x-ndjson")
    ))),
)]
#[get("/v1/indicators/{reference}/series")]
async fn list_series(
    state: State,
    request: HttpRequest,
    named: Named,
    query: Query<SeriesAsked>,
) -> Result<HttpResponse> {
    let SeriesAsked { figures, format } = query.value;
    let (filter, paging) = (figures.filter, figures.paging);
    state.reached(filter.by.as_of).await?;
    let settled = async |connection: &mut AsyncPgConnection| {
        let filter = queries::of_indicator(connection, &named.0, filter).await?;
        of_one_unit(connection, &filter).await?;
        Ok::<_, Problem>(filter)
    };
    let answered = match Format::negotiate(format, &request, TABULAR)? {
        Format::Json => {
            let build = async |_| {
                let mut connection = state.reader().await?;
                let filter = settled(&mut connection).await?;
                let total = queries::count(&mut connection, &filter).await?;
                let cut = (paging.offset(), paging.per_page);
                let rows = queries::series(&mut connection, &filter, cut).await?;
                let page = Page::new(rows, total, paging);
                let url = &state.config().public_url;
                let links = page.links(url, request.path(), &query.canonical);
                Ok(Built::json(&page)?.link(links))
            };
            state
                .kept(&request, &query.canonical, Caching::Public, build)
                .await
        }
        format => match settled(&mut *state.reader().await?).await {
            Ok(filter) => {
                let batch = async move |c: &mut AsyncPgConnection, after: Option<String>| {
                    queries::series_batch(c, &filter, after, BATCH).await
                };
                state
                    .stream(&request, &query.canonical, Caching::Public, format, batch)
                    .await
            }
            Err(problem) => Err(problem),
        },
    };
    state.or_elsewhere(&request, answered).await
}

/// Lists what different sources say of an indicator
///
/// Figures of different publishers or sources for the same geography, period, breakdown and unit
/// side by side, with the lowest and the highest of them; what only one of them counts is left out.
/// Disputed figures come only when asked for. A difference is not an error: each may count something
/// else, which population, denominator and the observation's caveat say.
#[utoipa::path(
    tag = "vocabularies",
    params(
        ("reference" = crate::values::describe::SlugOrId, Path, description = "Slug or id of the indicator."),
        Narrowing,
        Paging,
    ),
    responses((status = 200, description = "A page.", body = Page<Comparison>)),
)]
#[get("/v1/indicators/{reference}/comparison")]
async fn list_comparisons(
    state: State,
    request: HttpRequest,
    named: Named,
    query: Query<ComparisonAsked>,
) -> Result<HttpResponse> {
    Format::negotiate(None, &request, JSON)?;
    let ComparisonAsked { filter, paging } = query.value;
    state.reached(filter.by.as_of).await?;
    let build = async |_| {
        let cut = (paging.offset(), paging.per_page);
        let mut connection = state.reader().await?;
        let filter = queries::of_indicator(&mut connection, &named.0, filter).await?;
        let (rows, total) = queries::compared(&mut connection, &filter, cut).await?;
        let page = Page::new(rows, total, paging);
        let url = &state.config().public_url;
        let links = page.links(url, request.path(), &query.canonical);
        Ok(Built::json(&page)?.link(links))
    };
    let answered = state
        .kept(&request, &query.canonical, Caching::Public, build)
        .await;
    state.or_elsewhere(&request, answered).await
}
