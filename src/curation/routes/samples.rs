//! HTTP of samples.

use super::{answered, private};
use crate::{
    curation::{
        edits::Writer,
        model::CuratedRecord,
        samples::{self, SIZE, Sample, SamplePoint, Wanted},
    },
    values::Invalid,
    web::{
        FromParams, Params, Problem, Query, Result, State,
        body::Maybe,
        conditional::Caching,
        extract::NoParams,
        formats::{Streamed, table},
        identity::{Admin, Editor, Publisher},
        parse,
        problem::ErrorDetail,
    },
};
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, get, http::header, post};
use chrono::NaiveDate;
use serde::Deserialize;
use std::future::{Ready, ready};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(read_sample)
        .service(create_sample)
        .service(publish_sample);
}

/// The month in a path, by its first day.
#[derive(Debug)]
struct Month(NaiveDate);

impl FromRequest for Month {
    type Error = Problem;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let part = request.match_info().get("month").unwrap_or_default();
        let shaped = part.len() == 7 && part.starts_with("20");
        let first = NaiveDate::parse_from_str(&format!("{part}-01"), "%Y-%m-%d");
        let first = first.ok().filter(|_| shaped);
        ready(first.map(Self).ok_or(Problem::NotFound))
    }
}

/// A month of this century.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$", example = "2026-11")]
#[expect(dead_code, reason = "a description; what is parsed is a month")]
struct MonthName(String);

/// `json` is the sample with what came of it; `csv` the sheet to call, one row a contact point.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(
    dead_code,
    reason = "a description; what is parsed is whether it is a sheet"
)]
enum SheetFormat {
    /// The sample.
    Json,
    /// The sheet to call.
    Csv,
}

/// Whether the sheet is asked for.
#[derive(Debug)]
struct AsSheet(bool);

impl FromParams for AsSheet {
    fn from_params(params: &mut Params) -> Self {
        let names = [("json", false), ("csv", true)];
        Self(params.one("format", parse::one_of(&names)).unwrap_or(false))
    }
}

/// What shall be drawn.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleInput {
    /// How many contact points, 100 when it is left out; all where there are fewer.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1000, example = 100)]
    size: Option<i64>,
    /// The last UTC day on which a call counts, from today to the end of the next month; without it the last of the month.
    #[serde(default)]
    #[schema(example = json!(null))]
    until: Option<NaiveDate>,
}

impl Streamed for SamplePoint {
    const FILE: &'static str = "sample";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("place", "place"),
        ("hotline", "slug"),
        ("name", "name"),
        ("channel", "contact_point.channel"),
        ("display", "contact_point.display"),
        ("tel_uri", "contact_point.tel_uri"),
        ("sms_uri", "contact_point.sms_uri"),
        ("url", "contact_point.url"),
        ("dialable_from", "contact_point.dialable_from"),
        ("countries", "countries"),
        ("languages", "languages"),
        ("hours", "hours"),
        ("timezone", "timezone"),
        ("note", "contact_point.note"),
        ("contact_point", "contact_point.id"),
        ("outcome", "outcome"),
        ("checked_at", "checked_at"),
        ("altered", "altered"),
    ];

    fn slug(&self) -> &str {
        &self.slug
    }
}

/// Reads the sample of a month
///
/// The numbers to call in their order, as they stood when they were drawn, and what came of it: of each the first
/// verification of the contact point counts that was `called` or `texted` after the drawing and not after `until`. With
/// `format=csv` the sheet to call. A key that is limited to countries gets the numbers of these. From editor up.
#[utoipa::path(
    tag = "curation",
    params(
        ("month" = inline(MonthName), Path, description = "The month, such as 2026-11."),
        ("format" = inline(Option<SheetFormat>), Query, description = "Format."),
    ),
    responses((status = 200, description = "The sample, or the sheet to call.", content((Sample = "application/json"), (String = "text/csv")))),
    security(("key" = ["editor"])),
)]
#[get("/v1/samples/{month}")]
async fn read_sample(
    who: Editor,
    state: State,
    month: Month,
    query: Query<AsSheet>,
) -> Result<HttpResponse> {
    let sample = samples::read(&mut *state.writer().await?, &who, month.0).await?;
    let AsSheet(true) = query.value else {
        return Ok(private(&sample));
    };
    let name = format!("attachment; filename=\"sample-{}.csv\"", sample.month);
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, Caching::Private.header()))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .content_type("text/csv")
        .body(table(&sample.contents)?))
}

/// Draws the sample of this month
///
/// Once a month, and it stays: uniformly at random from the numbers that people are sent to, which are the public contact
/// points of public hotlines that are dialled or texted, but for those known as unreachable or closed. Admin, with a key
/// that is limited to no country.
#[utoipa::path(
    tag = "curation",
    params(("month" = inline(MonthName), Path, description = "This month, such as 2026-11.")),
    request_body(content = Option<SampleInput>, description = "How many, and until when."),
    responses((status = 201, description = "The sample.", body = Sample)),
    security(("key" = ["admin"])),
)]
#[post("/v1/samples/{month}")]
async fn create_sample(
    who: Admin,
    state: State,
    month: Month,
    _: Query<NoParams>,
    body: Maybe<SampleInput>,
) -> Result<HttpResponse> {
    let SampleInput { size, until } = body.0;
    let (usual, most) = SIZE;
    let size = size.unwrap_or(usual);
    if !(1..=most).contains(&size) {
        let invalid = Invalid::new(
            "range",
            "it is no size of a sample",
            format!("choose a number from 1 to {most}"),
        );
        return Err(Problem::Malformed(vec![ErrorDetail::pointer(
            "/size", invalid,
        )]));
    }
    let wanted = Wanted { size, until };
    let sample = samples::draw(&mut *state.writer().await?, &who, month.0, wanted).await?;
    let url = format!("{}/v1/samples/{}", state.config().public_url, sample.month);
    Ok(HttpResponse::Created()
        .insert_header((header::CACHE_CONTROL, Caching::Private.header()))
        .insert_header((header::LOCATION, url))
        .json(sample))
}

/// Publishes what a sample found
///
/// The share of the numbers called or texted in time that were confirmed becomes an observation of the indicator
/// `directory_contact_accuracy`, with its interval, the size of the sample and how it was drawn. Published again after more
/// calls it is a revision of that observation, and without any nothing changes. From publisher up, with a key that is limited to no country.
#[utoipa::path(
    tag = "curation",
    params(("month" = inline(MonthName), Path, description = "The month, such as 2026-11.")),
    responses(
        (status = 200, description = "The observation, revised or as it stood.", body = CuratedRecord),
        (status = 201, description = "The observation.", body = CuratedRecord),
    ),
    security(("key" = ["publisher"])),
)]
#[post("/v1/samples/{month}/publish")]
async fn publish_sample(
    who: Publisher,
    state: State,
    month: Month,
    _: Query<NoParams>,
) -> Result<HttpResponse> {
    let writer = Writer {
        identity: who.clone(),
        one_person: state.config().one_person,
    };
    let answer = samples::publish(&mut *state.writer().await?, &writer, month.0).await;
    state.wrote().await;
    answered(&state, answer?)
}
