//! What cites a source.

use super::{
    model::Citing,
    queries::{self, CITING},
};
use crate::{
    vocabularies,
    web::{
        FromParams, Params, Problem, Query, Result, State,
        built::Built,
        conditional::Caching,
        extract::Named,
        formats::{Format, JSON},
        page::{Page, Paging},
    },
};
use actix_web::{HttpRequest, HttpResponse, get};
use diesel::QueryResult;
use diesel_async::AsyncPgConnection;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the list.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_citations);
}

/// Which page.
struct CitationsAsked(Paging);

impl FromParams for CitationsAsked {
    fn from_params(params: &mut Params) -> Self {
        Self(Paging::from_params(params))
    }
}

/// Lists what cites a source
///
/// The public records that were read in a source, and the figures that it disputes, supports or
/// takes back, resource by resource, each by slug. A record that it is cited by in both ways stands
/// twice.
#[utoipa::path(
    tag = "vocabularies",
    params(
        ("reference" = crate::values::describe::SlugOrId, Path, description = "Slug or id of the source."),
        Paging,
    ),
    responses((status = 200, description = "A page.", body = Page<Citing>)),
)]
#[get("/v1/sources/{reference}/citations")]
async fn list_citations(
    state: State,
    request: HttpRequest,
    named: Named,
    query: Query<CitationsAsked>,
) -> Result<HttpResponse> {
    Format::negotiate(None, &request, JSON)?;
    let CitationsAsked(paging) = query.value;
    let url = &state.config().public_url;
    let build = async |_| {
        let mut connection = state.reader().await?;
        let source =
            vocabularies::queries::find(&mut connection, "sources", &named.0, None).await?;
        let (rows, total) = cut(&mut connection, &source.slug, paging, url).await?;
        let page = Page::new(rows, total, paging);
        let links = page.links(url, request.path(), &query.canonical);
        Ok::<_, Problem>(Built::json(&page)?.link(links))
    };
    let answered = state
        .kept(&request, &query.canonical, Caching::Public, build)
        .await;
    state.or_elsewhere(&request, answered).await
}

/// One page across all resources, and how many records there are.
async fn cut(
    connection: &mut AsyncPgConnection,
    source: &str,
    paging: Paging,
    url: &str,
) -> QueryResult<(Vec<Citing>, i64)> {
    let (mut rows, mut total) = (Vec::new(), 0);
    for way in CITING {
        let skip = (paging.offset() - total).max(0);
        total += queries::count_citations(connection, way, source).await?;
        let room = paging.per_page - i64::try_from(rows.len()).unwrap_or(i64::MAX);
        if room > 0 && paging.offset() < total {
            let cut = (skip, room);
            let found = queries::citations(connection, way, source, cut).await?;
            rows.extend(found.into_iter().map(|(id, slug, name)| Citing {
                resource: way.resource,
                id,
                url: format!("{url}/v1/{}/{slug}", way.resource),
                slug,
                name,
                cited_as: way.cited_as,
            }));
        }
    }
    Ok((rows, total))
}
