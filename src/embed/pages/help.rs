//! Whom to contact now, as a page in a frame and as HTML to copy.

use super::{
    answering::{self, Exit, Page, built, settled},
    asked::{self, Asked, query},
    linked,
    sheet::{Composer, Sheet, Stand, day, is_machine},
    speech::Speech,
};
use crate::{
    help::{Followed, Help, Inquiry},
    values::licence::{ATTRIBUTION, LICENCE},
    web::{Params, Result, State, built::Built, conditional::Caching, problem::ErrorDetail},
};
use actix_web::{
    HttpRequest, HttpResponse, ResponseError,
    http::header::{self, HeaderValue},
    web::Data,
};
use askama::Template;

/// What the page takes, to give it on.
pub const QUESTION: [&str; 14] = [
    "country",
    "subdivision",
    "topic",
    "population",
    "language",
    "channel",
    "age",
    "dialable_from",
    "limit",
    "tz",
    "lang",
    "exit_url",
    "neutral",
    "theme",
];

#[derive(Template)]
#[template(path = "help.html")]
struct Framed {
    page: Page,
    sheet: Sheet,
    as_of: String,
    machine: Option<String>,
    compiled: String,
    remedy: String,
    /// What is wrong with the question, for whoever built the page around this one.
    errors: Vec<ErrorDetail>,
}

#[derive(Template)]
#[template(path = "static.html")]
struct Fixed {
    lang: &'static str,
    dir: &'static str,
    exit: Exit,
    title: String,
    made_on: String,
    newest: String,
    newest_word: String,
    sheet: Sheet,
    home: String,
    machine: Option<String>,
    compiled: String,
}

/// Who compiled it, under which licence.
pub fn compiled(speech: Speech) -> String {
    let values = [("attribution", ATTRIBUTION), ("licence", LICENCE)];
    speech.with("picture.compiled", &values)
}

/// That a machine translated some of it.
pub fn machine(help: &Help, speech: Speech) -> Option<String> {
    is_machine(help, speech).then(|| speech.say("machine"))
}

/// The heading: the place alone where it shall say nothing to those who look over a shoulder.
pub fn title(help: &Help, asked: &Asked) -> String {
    let place = help.place.subdivision_name.as_ref();
    let place = place.or(help.place.country_name.as_ref());
    match place {
        Some(place) if asked.neutral => place.clone(),
        Some(place) => asked.speech.with("help_in", &[("place", place)]),
        None => asked.speech.say("help_here"),
    }
}

/// When the directory was last known to be up to date.
pub fn as_of(inquiry: &Inquiry, speech: Speech) -> String {
    let date = inquiry
        .confirmed_at
        .format("%Y-%m-%d %H:%M UTC")
        .to_string();
    speech.with("as_of", &[("date", &date)])
}

/// Of the parameters of a page those that it reads, in one order, as a query: addresses that are
/// given on hold nothing that others put there.
pub fn known(params: &Params) -> String {
    let known = params.known(&QUESTION);
    query(known.iter().map(|(name, value)| (&**name, &**value)))
}

/// An address without the number of contacts asked for.
fn without_limit(path: &str) -> String {
    let parts = path.split('&').filter(|part| !part.starts_with("limit="));
    parts.collect::<Vec<_>>().join("&")
}

/// A finished answer to a question. What was asked says which; nobody keeps it.
pub async fn answered(
    state: &State,
    request: &HttpRequest,
    inquiry: &Inquiry,
    what: &str,
    build: impl AsyncFnOnce() -> Result<Built>,
) -> Result<HttpResponse> {
    let key = format!("{what}|{}", inquiry.key());
    let answer = state.remembered(request, &key, inquiry.revision(), Caching::NoStore, build);
    let mut answer = answer.await?;
    if let Some(age) = inquiry.age {
        let age = HeaderValue::from(age.as_secs());
        answer.headers_mut().insert(header::AGE, age);
    }
    Ok(answer)
}

/// Whom to contact, as a page for a frame. Where the question is wrong, but not the place, whoever seeks help there
/// still gets what is for all, and whoever built the page around it a status and what is wrong.
pub async fn framed(state: State, followed: Data<Followed>, request: HttpRequest) -> HttpResponse {
    let params = asked::params(&request);
    let asked = Asked::of(&request, &params);
    let given = params.as_ref().map(known).unwrap_or_default();
    let place = params.as_ref().map(place).unwrap_or_default();
    let show = async |params: Params, path: &str, errors: Vec<ErrorDetail>| {
        let path = format!("/embed/help?{path}");
        let inquiry = asked::inquiry(&followed, &request, params)?;
        let what = format!("framed|{given}|{}", asked.speech.0);
        answered(&state, &request, &inquiry, &what, async || {
            let help = inquiry.help();
            let speech = asked.speech;
            let linked = linked::help(&inquiry, &help);
            let page = Page::framed(&asked, title(&help, &asked));
            let composer = Composer {
                inquiry: &inquiry,
                asked: &asked,
                known: path.strip_prefix("/embed/help?").unwrap_or_default(),
                stand: Stand::Frame,
                level: 2,
                base: "",
                more: Some(format!("{}&limit=100", without_limit(&path))),
            };
            built(&Framed {
                page: page.told(&state.config().public_url, &path, linked),
                sheet: composer.sheet(&help),
                as_of: as_of(&inquiry, speech),
                machine: machine(&help, speech),
                compiled: compiled(speech),
                remedy: speech.say("page.remedy"),
                errors,
            })
        })
        .await
    };
    let asks = async {
        let problem = match show(params?, &given, Vec::new()).await {
            Err(problem) if problem.status_code().is_client_error() => problem,
            answer => return answer,
        };
        // What was wrong is in no link that goes on from here.
        let looks = asked.given.iter().map(|(name, value)| (*name, &**value));
        let place = place.iter().map(|(name, value)| (&**name, &**value));
        let path = query(place.chain(looks));
        let mut answer = match asked::read(&request, &path) {
            Ok(params) => show(params, &path, problem.body().errors).await,
            Err(_) => return Err(problem),
        };
        if let Ok(answer) = &mut answer {
            *answer.status_mut() = problem.status_code();
        }
        answer.map_err(|_| problem)
    };
    settled(&asked, asks.await, answering::FRAME, true)
}

/// The place of a question alone.
fn place(params: &Params) -> Vec<(String, String)> {
    let named = params.known(&["country", "subdivision"]).into_iter();
    let named = named.map(|(name, value)| (name, value.to_uppercase()));
    named.collect()
}

/// The same as HTML to copy.
pub async fn fixed(state: State, followed: Data<Followed>, request: HttpRequest) -> HttpResponse {
    let params = asked::params(&request);
    let asked = Asked::of(&request, &params);
    let answer = async {
        let params = params?;
        let known = known(&params);
        let inquiry = asked::inquiry(&followed, &request, params)?;
        let what = format!("fixed|{known}|{}", asked.speech.0);
        answered(&state, &request, &inquiry, &what, async || {
            built(&copy(&inquiry, &asked, &state.config().public_url, &known))
        })
        .await
    };
    settled(&asked, answer.await, answering::FIXED, true)
}

/// HTML to copy, whose question in an address is `query`.
pub fn copy(
    inquiry: &Inquiry,
    asked: &Asked,
    public_url: &str,
    query: &str,
) -> impl Template + use<> {
    let (help, speech) = (inquiry.help(), asked.speech);
    let composer = Composer {
        inquiry,
        asked,
        known: query,
        stand: Stand::Fixed,
        level: 3,
        base: public_url,
        more: None,
    };
    Fixed {
        lang: speech.0,
        dir: speech.dir(),
        exit: Exit::of(asked),
        title: title(&help, asked),
        made_on: speech.with("made_on", &[("date", &day(inquiry.confirmed_at))]),
        newest: format!("{public_url}/embed/help?{query}"),
        newest_word: speech.say("newest"),
        sheet: composer.sheet(&help),
        home: format!("{public_url}/"),
        machine: machine(&help, speech),
        compiled: compiled(speech),
    }
}
