//! HTTP of help.

use super::{
    answer::answer, follow::Followed, form::HelpForm, model::Help, question::Question,
    wording::Wording,
};
use crate::web::{
    Problem, Query, Result, State,
    cache::Built,
    conditional::Caching,
    extract::NoParams,
    formats::{Format, JSON},
    posed::Posed,
};
use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{self, HeaderValue},
    post,
    web::Data,
};
use chrono::{DurationRound, TimeDelta, Utc};
use std::time::Duration;
use utoipa_actix_web::service_config::ServiceConfig;

/// How long after it was last confirmed the memory counts as up to date.
const FRESH: Duration = Duration::from_secs(2);

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
    params(HelpForm),
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
    answered(&state, &followed, &request, question.value).await
}

/// Says whom to contact now, asked in a body
///
/// The same as by GET, with the question in a JSON body, so that where somebody is and what they
/// need stands in no address, history or log.
#[utoipa::path(
    tag = "help",
    request_body(content = HelpForm, description = "The question."),
    responses((status = 200, description = "Whom to contact.", body = Help)),
)]
#[post("/v1/help")]
async fn ask_help(
    state: State,
    followed: Data<Followed>,
    request: HttpRequest,
    _: Query<NoParams>,
    question: Posed<HelpForm, Question>,
) -> Result<HttpResponse> {
    Format::negotiate(None, &request, JSON)?;
    answered(&state, &followed, &request, question.value).await
}

async fn answered(
    state: &State,
    followed: &Followed,
    request: &HttpRequest,
    question: Question,
) -> Result<HttpResponse> {
    let known = followed.load();
    let Some((asked, memory)) = known.as_deref() else {
        return Err(Problem::Unavailable(
            "the directory was not read yet".into(),
        ));
    };
    let age = asked.elapsed();
    let now = Utc::now();
    let confirmed = match age < FRESH {
        true => now,
        false => now - age,
    };
    let confirmed = confirmed
        .duration_trunc(TimeDelta::minutes(1))
        .unwrap_or(confirmed);
    let wording = Wording {
        lang: question.lang.clone().unwrap_or_else(|| "en".to_owned()),
        at: question.at,
        zone: question.zone,
    };
    // Nothing of an answer is finer than a minute, so it may be given again within one.
    let key = format!(
        "{question:?}|{}|{}|{confirmed}",
        wording.lang, memory.revision.number
    );
    let mut response = state
        .remembered(request, key, memory.revision, Caching::NoStore, || {
            Built::json(&answer(memory, &question, &wording, confirmed))
        })
        .await?;
    if age >= FRESH {
        response
            .headers_mut()
            .insert(header::AGE, HeaderValue::from(age.as_secs()));
    }
    Ok(response)
}
