//! HTTP of help.

use super::{
    follow::Followed, input::HelpInput, inquiry::Inquiry, model::Help, question::Question,
};
use crate::web::{
    Query, Result, State,
    built::Built,
    conditional::Caching,
    extract::NoParams,
    formats::{Format, JSON},
    posed::Posed,
    terms::NamedIn,
};
use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{self, HeaderValue},
    post,
    web::Data,
};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the operations of help.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(read_help).service(ask_help);
}

/// Says whom to contact now
///
/// For a place, a need, a language and a moment: emergency numbers, then hotlines in the order in
/// which to try them, each with its reasons, whether it is open, and the ways to reach it that work
/// from where the caller is; then offices, and organizations that take reports from everywhere.
/// It is answered from memory that follows the directory within a second, also when the database
/// does not answer: `confirmed_at` and the `Age` header then tell how old it is. The order is
/// explained in docs/ranking.md. Never kept by anybody in between.
#[utoipa::path(
    tag = "help",
    params(HelpInput),
    responses((status = 200, description = "Whom to contact.", body = Help)),
)]
#[get("/v1/help")]
async fn read_help(
    state: State,
    followed: Data<Followed>,
    request: HttpRequest,
    question: Query<Question>,
) -> Result<HttpResponse> {
    Format::negotiate(None, &request, JSON)?;
    answered(
        &state,
        &followed,
        &request,
        question.value,
        NamedIn::Address,
    )
    .await
}

/// Says whom to contact now, asked in a body
///
/// The same as by GET, with the question in a JSON body, so that where somebody is and what they
/// need stands in no address, history or log.
#[utoipa::path(
    tag = "help",
    request_body(content = HelpInput, description = "The question."),
    responses((status = 200, description = "Whom to contact.", body = Help)),
)]
#[post("/v1/help")]
async fn ask_help(
    state: State,
    followed: Data<Followed>,
    request: HttpRequest,
    _: Query<NoParams>,
    question: Posed<HelpInput, Question>,
) -> Result<HttpResponse> {
    Format::negotiate(None, &request, JSON)?;
    answered(&state, &followed, &request, question.value, NamedIn::Body).await
}

async fn answered(
    state: &State,
    followed: &Followed,
    request: &HttpRequest,
    question: Question,
    named: NamedIn,
) -> Result<HttpResponse> {
    let inquiry = Inquiry::of(followed, request, question, named)?;
    let build = async || {
        let help = inquiry.help();
        let sentences = inquiry.texts();
        let texts = help.texts().chain(std::iter::once(&sentences));
        Ok(Built::json(&help)?.languages(texts))
    };
    let (key, revision) = (inquiry.key(), inquiry.revision());
    let mut response = state
        .remembered(request, &key, revision, Caching::NoStore, build)
        .await?;
    if let Some(age) = inquiry.age {
        response
            .headers_mut()
            .insert(header::AGE, HeaderValue::from(age.as_secs()));
    }
    Ok(response)
}
