//! HTTP of organizations.

use super::{
    model::{KINDS, Organization, OrganizationFilter, OrganizationSort, SCOPES},
    queries,
};
use crate::values::{lexicon::LookedFor, translation::Texts};
use crate::web::{
    FromParams, Params, Query, Result, State,
    conditional::Caching,
    formats::{BATCH, Format, Streamed, TABULAR},
    page::{Listing, Page, Paging, Sort},
    parse,
    terms::NamedIn,
};
use actix_web::{HttpRequest, HttpResponse, get};
use diesel_async::AsyncPgConnection;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the operations of organizations.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_organizations);
}

impl FromParams for OrganizationFilter {
    fn from_params(params: &mut Params) -> Self {
        Self {
            access: params.access(),
            search: params.one("search", parse::search).map(LookedFor::new),
            country: params.list("country", parse::country),
            kind: params.list("kind", parse::name_of(&KINDS)),
            scope: params.list("scope", parse::name_of(&SCOPES)),
            topic: params.list("topic", parse::reference),
            population: params.list("population", parse::reference),
        }
    }
}

impl Sort for OrganizationSort {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("name", Self::Name),
        ("-name", Self::NameDescending),
        ("last_modified", Self::LastModified),
        ("-last_modified", Self::LastModifiedDescending),
    ];
}

impl Streamed for Organization {
    const FILE: &'static str = "organizations";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("id", "id"),
        ("slug", "slug"),
        ("name", "name"),
        ("alternate_name", "alternate_name"),
        ("kind", "kind"),
        ("description", "description"),
        ("website", "website"),
        ("emails", "emails"),
        ("country", "country"),
        ("scope", "scope"),
        ("topics", "topics"),
        ("populations", "populations"),
        ("verified_at", "verified_at"),
        ("verification_method", "verification_method"),
        ("outcome", "outcome"),
        ("freshness", "freshness.grade"),
        ("sources", "sources.*.source"),
        ("revision", "revision"),
        ("last_modified", "last_modified"),
        ("licence", "licence"),
        ("name_lang", "text.name.lang"),
        ("name_translation", "text.name.translation"),
        ("description_lang", "text.description.lang"),
        ("description_translation", "text.description.translation"),
    ];

    fn slug(&self) -> &str {
        &self.slug
    }

    fn texts(&self) -> Option<&Texts> {
        Some(&self.text)
    }
}

/// Lists organizations
///
/// Pages of published organizations, or with `format=csv` and `format=ndjson` the whole
/// selection as a stream, by slug. Different parameters combine by AND, repeated ones by OR.
#[utoipa::path(
    tag = "organizations",
    params(
        OrganizationFilter,
        Paging,
        ("sort" = inline(Option<OrganizationSort>), Query, description = "Order of the pages; ties go by id."),
        ("format" = inline(Option<crate::web::formats::TabularFormat>), Query, description = "Format; without it the Accept header decides."),
    ),
    responses((status = 200, description = "A page, or the whole selection as a stream.", content(
        (Page<Organization> = "application/json"), (String = "text/csv"), (String = "application/x-ndjson")
    ))),
)]
#[get("/v1/organizations")]
async fn list_organizations(
    state: State,
    request: HttpRequest,
    query: Query<Listing<OrganizationFilter, OrganizationSort>>,
) -> Result<HttpResponse> {
    let Listing {
        mut filter,
        sort,
        paging,
        format,
        lang,
    } = query.value;
    state.understand_later(&request, &mut filter.search);
    let (view, caching) = (state.view(lang), Caching::Public.keyed(&filter.access));
    let asked = &mut [
        ("topic", &mut filter.topic),
        ("population", &mut filter.population),
    ];
    state.find_terms(caching, NamedIn::Address, asked).await?;
    match Format::negotiate(format, &request, TABULAR)? {
        Format::Json => {
            let count = async |c: &mut AsyncPgConnection| queries::count(c, &filter).await;
            let list = async |c: &mut AsyncPgConnection, window| {
                queries::list(c, &filter, sort, window, &view).await
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
