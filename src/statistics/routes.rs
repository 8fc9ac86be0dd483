//! HTTP of statistics.

use super::{
    model::{ASSESSMENTS, Statistic, StatisticFilter, StatisticSort},
    queries,
};
use crate::values::translation::Texts;
use crate::web::{
    FromParams, Params, Query, Result, State,
    conditional::Caching,
    formats::{BATCH, Format, Streamed, TABULAR},
    page::{Listing, Page, Paging, Sort},
    parse,
};
use actix_web::{HttpRequest, HttpResponse, get};
use diesel_async::AsyncPgConnection;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the operations of statistics.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_statistics);
}

impl FromParams for StatisticFilter {
    fn from_params(params: &mut Params) -> Self {
        let filter = Self {
            access: params.access(),
            search: params.one("search", parse::search),
            indicator: params.list("indicator", parse::reference),
            geography: params.list("geography", parse::geography),
            from: params.one("from", parse::days).map(|(first, _)| first),
            to: params.one("to", parse::days).map(|(_, last)| last),
            publisher: params.list("publisher", parse::search),
            source: params.list("source", parse::reference),
            assessment: params.list("assessment", parse::name_of(&ASSESSMENTS)),
        };
        if filter
            .from
            .zip(filter.to)
            .is_some_and(|(from, to)| from > to)
        {
            params.misfit("from", "order", "from lies after to", "exchange the two");
        }
        filter
    }
}

impl Sort for StatisticSort {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("title", Self::Title),
        ("-title", Self::TitleDescending),
        ("period", Self::Period),
        ("-period", Self::PeriodDescending),
        ("value", Self::Value),
        ("-value", Self::ValueDescending),
        ("last_modified", Self::LastModified),
        ("-last_modified", Self::LastModifiedDescending),
    ];
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

/// Lists statistics
///
/// Pages of observations, or with `format=csv` and `format=ndjson` the whole
/// selection as a stream, by slug. Different parameters combine by AND, repeated ones by OR.
#[utoipa::path(
    tag = "statistics",
    params(
        StatisticFilter,
        Paging,
        ("sort" = inline(Option<StatisticSort>), Query, description = "Order of the pages; ties go by id."),
        ("format" = inline(Option<crate::web::formats::TabularFormat>), Query, description = "Format; without it the Accept header decides."),
    ),
    responses((status = 200, description = "A page, or the whole selection as a stream.", content(
        (Page<Statistic> = "application/json"), (String = "text/csv"), (String = "application/x-ndjson")
    ))),
)]
#[get("/v1/statistics")]
async fn list_statistics(
    state: State,
    request: HttpRequest,
    query: Query<Listing<StatisticFilter, StatisticSort>>,
) -> Result<HttpResponse> {
    let Listing {
        mut filter,
        sort,
        paging,
        format,
        lang,
    } = query.value;
    filter.search = state.terms(&request, filter.search.as_ref());
    let (view, caching) = (state.view(lang), Caching::Public.keyed(&filter.access));
    match Format::negotiate(format, &request, TABULAR)? {
        Format::Json => {
            let page = (paging.offset(), paging.per_page);
            let count = async |c: &mut AsyncPgConnection| queries::count(c, &filter).await;
            let list = async |c: &mut AsyncPgConnection| {
                queries::list(c, &filter, sort, page, &view).await
            };
            state
                .page(&request, &query.canonical, caching, paging, count, list)
                .await
        }
        format => {
            let batch = async move |c: &mut AsyncPgConnection, after: Option<String>| {
                queries::batch(c, &filter, after, BATCH, &view).await
            };
            state
                .stream(&request, &query.canonical, caching, format, batch)
                .await
        }
    }
}
