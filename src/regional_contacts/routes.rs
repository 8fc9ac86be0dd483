//! HTTP of regional contacts.

use super::{
    model::{
        ROLES, RegionalContact, RegionalContactFeatures, RegionalContactFilter, RegionalContactSort,
    },
    queries,
};
use crate::db::record::Window;
use crate::values::{lexicon::LookedFor, translation::Texts};
use crate::web::{
    FromParams, Params, Query, Result, State,
    conditional::Caching,
    formats::{BATCH, Format, PLACED, Streamed},
    page::{Listing, Page, Paging, Sort, misfit, number},
    parse,
};
use actix_web::{HttpRequest, HttpResponse, get};
use diesel_async::AsyncPgConnection;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the operations of regional contacts.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_regional_contacts);
}

impl FromParams for RegionalContactFilter {
    fn from_params(params: &mut Params) -> Self {
        let filter = Self {
            access: params.access(),
            search: params.one("search", parse::search).map(LookedFor::new),
            country: params.list("country", parse::country),
            serves: params.list("serves", parse::area),
            role: params.list("role", parse::name_of(&ROLES)),
            open_at: params.one("open_at", parse::moment),
            organization: params.list("organization", parse::reference),
            near: params.one("near", parse::degrees::<2>),
            radius_km: params.one("radius_km", number(1, 20_038)),
            bbox: params.one("bbox", parse::degrees::<4>),
        };
        let pair = ["near", "radius_km"];
        for (missing, given) in [(0, 1), (1, 0)] {
            if params.has(pair[given]) && !params.has(pair[missing]) {
                params.misfit(
                    pair[missing],
                    "missing",
                    "near and radius_km go together",
                    "add it: near=48.2,16.4&radius_km=100",
                );
            }
        }
        let [latitude, longitude] = filter.near.unwrap_or_default();
        if latitude.abs() > 90.0 || longitude.abs() > 180.0 {
            params.misfit(
                "near",
                "coordinate",
                "the point is not on the earth",
                "latitude to ±90, then longitude to ±180",
            );
        }
        let [west, south, east, north] = filter.bbox.unwrap_or_default();
        if west.abs() > 180.0
            || east.abs() > 180.0
            || south.abs() > 90.0
            || north.abs() > 90.0
            || south > north
        {
            params.misfit(
                "bbox",
                "coordinate",
                "the box is not on the earth",
                "west, south, east, north; south below north",
            );
        }
        filter
    }
}

impl Sort for RegionalContactSort {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("name", Self::Name),
        ("-name", Self::NameDescending),
        ("last_modified", Self::LastModified),
        ("-last_modified", Self::LastModifiedDescending),
        ("distance", Self::Distance),
    ];
}

impl Streamed for RegionalContact {
    const FILE: &'static str = "regional_contacts";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("id", "id"),
        ("slug", "slug"),
        ("name", "name"),
        ("role", "role"),
        ("role_title", "role_title"),
        ("organization", "organization.slug"),
        ("country", "country"),
        ("subdivision", "subdivision"),
        ("city", "city"),
        ("postal_code", "postal_code"),
        ("address", "address"),
        ("latitude", "latitude"),
        ("longitude", "longitude"),
        ("coordinate_precision", "coordinate_precision"),
        ("distance_km", "distance_km"),
        ("serves", "serves"),
        ("website", "website"),
        ("contact_points", "contact_points.*.display"),
        ("tel_uris", "contact_points.*.tel_uri"),
        ("urls", "contact_points.*.url"),
        ("hours", "hours"),
        ("timezone", "timezone"),
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
        ("role_title_lang", "text.role_title.lang"),
        ("role_title_translation", "text.role_title.translation"),
        ("notes_lang", "text.notes.lang"),
        ("notes_translation", "text.notes.translation"),
    ];

    fn slug(&self) -> &str {
        &self.slug
    }

    fn texts(&self) -> Option<&Texts> {
        Some(&self.text)
    }

    fn point(&self) -> Option<(f64, f64)> {
        self.longitude.zip(self.latitude)
    }
}

/// Lists regional contacts
///
/// Pages of published regional contacts, or with `format=csv`, `format=ndjson` and
/// `format=geojson` the whole selection as a stream, by slug. Different parameters combine by AND, repeated ones by OR.
#[utoipa::path(
    tag = "regional_contacts",
    params(
        RegionalContactFilter,
        Paging,
        ("sort" = inline(Option<RegionalContactSort>), Query, description = "Order of the pages; ties go by id."),
        ("format" = inline(Option<crate::web::formats::PlacedFormat>), Query, description = "Format; without it the Accept header decides."),
    ),
    responses((status = 200, description = "A page, or the whole selection as a stream.", content(
        (Page<RegionalContact> = "application/json"), (String = "text/csv"), (String = "application/x-ndjson"),
        (RegionalContactFeatures = "application/geo+json")
    ))),
)]
#[get("/v1/regional_contacts")]
async fn list_regional_contacts(
    state: State,
    request: HttpRequest,
    query: Query<Listing<RegionalContactFilter, RegionalContactSort>>,
) -> Result<HttpResponse> {
    let Listing {
        mut filter,
        sort,
        paging,
        format,
        lang,
    } = query.value;
    state.understand_later(&request, &mut filter.search);
    if sort == RegionalContactSort::Distance && filter.near.is_none() {
        return Err(misfit(
            "sort",
            "order by distance needs a point",
            "add near and radius_km, or sort by name",
        ));
    }
    let view = state.view(lang);
    let caching = match filter.is_located() || filter.open_at.is_some() {
        // Where somebody is stays with them; an answer about a moment is over with it.
        true => Caching::NoStore,
        false => Caching::Public,
    };
    let caching = caching.keyed(&filter.access);
    match Format::negotiate(format, &request, PLACED)? {
        Format::Json => {
            let count = async |c: &mut AsyncPgConnection| queries::count(c, &filter).await;
            let list = async |c: &mut AsyncPgConnection, window: Window| {
                queries::list(c, &filter, sort, window.cut(), &view).await
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
