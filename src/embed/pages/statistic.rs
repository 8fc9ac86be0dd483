//! A figure with everything that must be shown with it, as a page in a frame and as HTML to copy.

use super::{
    answering::{self, Page, settled},
    asked::{self, Asked, query},
    linked,
    links::linkable,
    quoting,
    speech::Speech,
};
use crate::values::said::Said;
use crate::{
    directory::{Quoted, quoted},
    statistics::{
        Assessment, Statistic,
        pictures::{assessment, period},
    },
    values::figure::ObservationStatus,
    web::{
        Params, Problem, Result, State, built::Built, conditional::Caching, extract::Named,
        language::Spoken,
    },
};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

/// A source as readers are shown it.
struct Source {
    title: String,
    href: Option<String>,
    date: Option<String>,
}

/// What was said against a figure.
struct Critique {
    said: Said,
    source: Option<Source>,
}

/// A figure as HTML.
#[derive(Template)]
#[template(path = "figure.html")]
struct Figure {
    apart: bool,
    display: Said,
    /// That it is not to be quoted as it stands.
    alarm: Vec<Said>,
    critiques: Vec<Critique>,
    newer: Option<String>,
    newer_word: String,
    about: Vec<Said>,
    caveat: Option<Said>,
    origin: Vec<Said>,
    method: Option<Said>,
    method_word: String,
    sources: Vec<Source>,
    sources_word: String,
    citation: Option<String>,
    cite: String,
    report: String,
    report_word: String,
}

fn field(one: &Statistic, name: &str, text: &str) -> Said {
    let lang = one.text.get(name).map_or(&*one.lang, |said| &*said.lang);
    Said::new(text, lang)
}

fn document(quoted: &Quoted, slug: &str, date: Option<String>) -> Option<Source> {
    let source = quoted.sources.iter().find(|source| source.slug == slug)?;
    Some(Source {
        title: source.title.clone(),
        href: linkable(&source.url).map(str::to_owned),
        date,
    })
}

fn alarm(one: &Statistic, speech: Speech) -> Vec<Said> {
    let own = |text| Said::new(text, speech.0);
    let first = match one.assessment {
        Assessment::Disputed if one.against().next().is_some() => {
            Some(own(speech.say("picture.disputed")))
        }
        Assessment::Disputed | Assessment::Superseded | Assessment::Retracted => {
            Some(assessment(one.assessment, speech.0))
        }
        Assessment::NotAssessed | Assessment::Supported => None,
    };
    let computed = one.contradiction(speech.0);
    let computed =
        computed.map(|figure| speech.with("picture.contradicted", &[("figure", &figure)]));
    first.into_iter().chain(computed.map(own)).collect()
}

/// Where, when, of whom.
fn about(one: &Statistic, speech: Speech) -> Vec<Said> {
    let own = |text| Said::new(text, speech.0);
    let label = |key, name, value: &Option<String>| {
        let value = value.as_deref()?;
        Some(own(speech.with(key, &[(name, value)])))
    };
    let normal = one.observation_status == ObservationStatus::Normal;
    let status = (!normal).then(|| own(speech.say(one.observation_status.key())));
    let lines = [
        Some(field(one, "geography", &one.geography.name)),
        Some(period(one.period.as_ref(), speech.0)),
        status,
        label("picture.population", "population", &one.population),
        label("picture.denominator", "denominator", &one.denominator),
    ];
    lines.into_iter().flatten().collect()
}

/// Who counted, and what the directory says of it.
fn origin(one: &Statistic, speech: Speech) -> Vec<Said> {
    let counted = match one.is_remainder() {
        true => speech.say("picture.computed"),
        false => speech.with("picture.counted_by", &[("publisher", &one.publisher)]),
    };
    let assessed = assessment(one.assessment, speech.0);
    let mut lines = vec![Said::new(counted, speech.0)];
    if alarm(one, speech).is_empty() {
        lines.push(assessed);
    }
    lines
}

impl Figure {
    fn of(quoted: &Quoted, asked: &Asked, base: &str) -> Self {
        let (one, speech) = (&quoted.statistic, asked.speech);
        let critiques = one.critiques.iter().map(|critique| Critique {
            said: Said::new(&*critique.summary, &*one.lang),
            source: document(quoted, &critique.source, None),
        });
        let sources = one.sources.iter().filter_map(|citation| {
            let date = citation.published_on.clone();
            document(quoted, &citation.source, date)
        });
        let looks = asked
            .given
            .iter()
            .map(|(name, value)| (*name, value.as_str()));
        let looks = query(looks);
        let newer = one.superseded_by.as_ref();
        let report = query([("resource", "statistics"), ("record", one.slug.as_str())]);
        Self {
            apart: base.is_empty(),
            display: field(one, "display", &one.display),
            alarm: alarm(one, speech),
            critiques: critiques.collect(),
            newer: newer.map(|slug| format!("{base}/embed/statistic/{slug}?{looks}")),
            newer_word: speech.say("assessment.superseded"),
            about: about(one, speech),
            caveat: one.caveat.as_ref().map(|text| field(one, "caveat", text)),
            origin: origin(one, speech),
            method: one
                .method_note
                .as_ref()
                .map(|text| field(one, "method_note", text)),
            method_word: speech.say("page.method"),
            sources: sources.collect(),
            sources_word: speech.say("kind.sources"),
            citation: quoted.citation.clone(),
            cite: speech.say("page.cite"),
            report: format!("{base}/embed/report?{report}&{looks}"),
            report_word: speech.say("report_figure"),
        }
    }
}

/// What both forms have in common: reading, keeping, and telling where the record went.
async fn answered(
    state: &State,
    request: &HttpRequest,
    asked: &Asked,
    (params, named): (Result<Params>, Result<Named>),
    (before, policy): (&str, &str),
    write: impl Fn(&Quoted, &str) -> Result<Built>,
) -> HttpResponse {
    let speech = asked.speech;
    Spoken::note(request, Some(speech.0.to_owned()));
    let looks = asked
        .given
        .iter()
        .map(|(name, value)| (*name, value.as_str()));
    let looks = query(looks);
    let answer = async {
        let mut params = params?;
        asked::looks(&mut params);
        params.finish_page()?;
        let reference = named?.0;
        let build = async |_| {
            let view = state.view(Some(speech.0.to_owned()));
            let quoted = quoted(state, &reference, &view).await?;
            let built = write(&quoted, &looks)?;
            Ok(built.revision(quoted.statistic.revision))
        };
        let answer = state.kept(request, &looks, Caching::Public, build).await;
        match answer {
            Err(Problem::NotFound) => {
                let public_url = &state.config().public_url;
                let address = |slug: &str| (format!("{public_url}{before}/{slug}"), &*looks);
                state.moved_to("statistics", &reference, address).await
            }
            answer => answer,
        }
    };
    settled(asked, answer.await, policy, false)
}

/// A figure as a page for a frame.
pub async fn framed(state: State, request: HttpRequest, named: Result<Named>) -> HttpResponse {
    let params = asked::params(&request);
    let asked = Asked::of(&request, &params);
    let public_url = state.config().public_url.clone();
    let write = |quoted: &Quoted, looks: &str| {
        let one = &quoted.statistic;
        let title = field(one, "title", &one.title);
        let path = match looks {
            "" => format!("/embed/statistic/{}", one.slug),
            looks => format!("/embed/statistic/{}?{looks}", one.slug),
        };
        let page = Page::framed(&asked, format!("{}: {}", one.title, one.display));
        let page = page.told(&public_url, &path, linked::statistic(quoted, &public_url));
        quoting::framed(&asked, page, title, Figure::of(quoted, &asked, ""))
    };
    let way = ("/embed/statistic", answering::FRAME);
    answered(&state, &request, &asked, (params, named), way, write).await
}

/// The same as HTML to copy.
pub async fn fixed(state: State, request: HttpRequest, named: Result<Named>) -> HttpResponse {
    let params = asked::params(&request);
    let asked = Asked::of(&request, &params);
    let public_url = state.config().public_url.clone();
    let write = |quoted: &Quoted, _: &str| {
        let one = &quoted.statistic;
        let title = field(one, "title", &one.title);
        let figure = Figure::of(quoted, &asked, &public_url);
        quoting::fixed(&asked, &public_url, title, figure)
    };
    let way = ("/embed/static/statistic", answering::FIXED);
    answered(&state, &request, &asked, (params, named), way, write).await
}
