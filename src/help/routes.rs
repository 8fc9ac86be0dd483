//! HTTP of help.

use super::{
    answer::answer, follow::Followed, input::HelpInput, memory::Memory, model::Help,
    question::Question, wording::Wording,
};
use crate::values::{Invalid, labels};
use crate::web::{
    Problem, Query, Result, State,
    cache::Built,
    conditional::Caching,
    extract::NoParams,
    formats::{Format, JSON},
    language::{Spoken, accepted, labelled},
    posed::Posed,
    problem::ErrorDetail,
    pulse::FRESH,
};
use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{self, HeaderValue},
    post,
    web::Data,
};
use chrono::{DurationRound, TimeDelta, Utc};
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
    answered(&state, &followed, &request, question.value, false).await
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
    answered(&state, &followed, &request, question.value, true).await
}

/// The topics and populations asked for that the directory does not have: a slip must not look
/// like a need that nobody serves.
fn unknown(memory: &Memory, question: &Question, by_body: bool) -> Vec<ErrorDetail> {
    let asked = [
        ("topic", &question.topics),
        ("population", &question.populations),
    ];
    let mut faults = Vec::new();
    for (name, slugs) in asked {
        for slug in slugs.iter().filter(|slug| !memory.has_term(slug)) {
            let remedy = match memory.nearest_term(slug) {
                Some(nearest) => format!("did you mean {nearest}?"),
                None => format!("use a slug of /v1/{name}s"),
            };
            let invalid = Invalid::new("unknown_term", format!("there is no such {name}"), remedy);
            faults.push(match by_body {
                true => ErrorDetail::pointer(&format!("/{name}"), invalid),
                false => ErrorDetail::parameter(name, invalid),
            });
        }
    }
    faults
}

async fn answered(
    state: &State,
    followed: &Followed,
    request: &HttpRequest,
    question: Question,
    by_body: bool,
) -> Result<HttpResponse> {
    let known = followed.load();
    let Some((asked, memory)) = known.as_deref() else {
        return Err(Problem::Unavailable(
            "the directory was not read yet".into(),
        ));
    };
    let unknown = unknown(memory, &question, by_body);
    if !unknown.is_empty() {
        return Err(Problem::Unprocessable(unknown));
    }
    let now = Utc::now();
    let age = (now - asked).to_std().unwrap_or_default();
    let confirmed = match age < FRESH {
        true => now,
        false => *asked,
    };
    let confirmed = confirmed
        .duration_trunc(TimeDelta::minutes(1))
        .unwrap_or(confirmed);
    let prose = question.lang.clone().or_else(|| accepted(request));
    let spoken = question.lang.clone().or_else(|| labelled(request));
    Spoken::note(request, prose.clone());
    let wording = Wording {
        lang: labels::given_in(spoken.as_deref().unwrap_or("en")),
        prose,
        at: question.at,
        zone: question.zone,
    };
    // Nothing of an answer is finer than a minute, so it may be given again within one.
    let key = format!(
        "{question:?}|{:?}|{}|{}|{confirmed}",
        wording.prose, wording.lang, memory.revision.number
    );
    let mut response = state
        .remembered(
            request,
            key,
            memory.revision,
            Caching::NoStore,
            async || {
                let help = answer(memory, &question, &wording, confirmed);
                let sentences = wording.texts();
                let texts = help.texts().chain(std::iter::once(&sentences));
                Ok(Built::json(&help)?.languages(texts))
            },
        )
        .await?;
    if age >= FRESH {
        response
            .headers_mut()
            .insert(header::AGE, HeaderValue::from(age.as_secs()));
    }
    Ok(response)
}
