//! HTTP of hotlines.

use super::{
    model::{Hotline, HotlineFilter, HotlineSort},
    queries,
};
use crate::values::contact_point::CHANNELS;
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

/// Mounts the operations of hotlines.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_hotlines);
}

impl FromParams for HotlineFilter {
    fn from_params(params: &mut Params) -> Self {
        Self {
            access: params.access(),
            search: params.one("search", parse::search).map(LookedFor::new),
            country: params.list("country", parse::country),
            subdivision: params.list("subdivision", parse::subdivision),
            worldwide: params.one("worldwide", parse::boolean),
            topic: params.list("topic", parse::reference),
            population: params.list("population", parse::reference),
            language: params.list("language", parse::language),
            channel: params.list("channel", parse::name_of(&CHANNELS)),
            always_open: params.one("always_open", parse::boolean),
            open_at: params.one("open_at", parse::moment),
            organization: params.list("organization", parse::reference),
        }
    }
}

impl Sort for HotlineSort {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("name", Self::Name),
        ("-name", Self::NameDescending),
        ("last_modified", Self::LastModified),
        ("-last_modified", Self::LastModifiedDescending),
    ];
}

impl Streamed for Hotline {
    const FILE: &'static str = "hotlines";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("id", "id"),
        ("slug", "slug"),
        ("name", "name"),
        ("organization", "organization.slug"),
        ("contact_points", "contact_points.*.display"),
        ("channels", "contact_points.*.channel"),
        ("tel_uris", "contact_points.*.tel_uri"),
        ("sms_uris", "contact_points.*.sms_uri"),
        ("urls", "contact_points.*.url"),
        ("coverage", "coverage"),
        ("languages", "languages"),
        ("interpreter_languages", "interpreter_languages"),
        ("hours", "hours"),
        ("timezone", "timezone"),
        ("always_open", "always_open"),
        ("topics", "topics"),
        ("populations", "populations"),
        ("anonymous", "anonymous"),
        ("confidential", "confidential"),
        ("notes", "notes"),
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
        ("notes_lang", "text.notes.lang"),
        ("notes_translation", "text.notes.translation"),
    ];

    fn slug(&self) -> &str {
        &self.slug
    }

    fn texts(&self) -> Option<&Texts> {
        Some(&self.text)
    }
}

/// Lists hotlines
///
/// Pages of published hotlines, or with `format=csv` and `format=ndjson` the whole
/// selection as a stream, by slug. Different parameters combine by AND, repeated ones by OR.
#[utoipa::path(
    tag = "hotlines",
    params(
        HotlineFilter,
        Paging,
        ("sort" = inline(Option<HotlineSort>), Query, description = "Order of the pages; ties go by id."),
        ("format" = inline(Option<crate::web::formats::TabularFormat>), Query, description = "Format; without it the Accept header decides."),
    ),
    responses((status = 200, description = "A page, or the whole selection as a stream.", content(
        (Page<Hotline> = "application/json"), (String = "text/csv"), (String = "application/x-ndjson")
    ))),
)]
#[get("/v1/hotlines")]
async fn list_hotlines(
    state: State,
    request: HttpRequest,
    query: Query<Listing<HotlineFilter, HotlineSort>>,
) -> Result<HttpResponse> {
    let Listing {
        mut filter,
        sort,
        paging,
        format,
        lang,
    } = query.value;
    state.understand_later(&request, &mut filter.search);
    let caching = match filter.open_at {
        // An answer about a moment is over with it.
        Some(_) => Caching::NoStore,
        None => Caching::Public,
    };
    let (view, caching) = (state.view(lang), caching.keyed(&filter.access));
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
