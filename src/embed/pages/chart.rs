//! The figures of an indicator as a picture with its table, as a page in a frame and as HTML to copy.

use super::{
    answering::{self, Page, settled},
    asked::{self, Asked, query},
    linked, quoting,
};
use crate::values::said::Said;
use crate::{
    directory::{Charting, Drawn, drawn},
    statistics::pictures::{Frame, Line, Point, Theme, assessment, chart, span},
    web::{
        FromParams, Params, Problem, Result, State, built::Built, conditional::Caching,
        extract::Named, language::Spoken, parse,
    },
};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

/// The widths of a picture in a frame: the frame shows the one that fits.
const WIDTHS: [u32; 2] = [300, 640];
/// The width of one to copy.
const USUAL: u32 = 480;

/// What the page takes, to give it on.
const CHARTING: [&str; 12] = [
    "kind",
    "geography",
    "publisher",
    "from",
    "to",
    "unit",
    "sex",
    "age_band",
    "exploitation",
    "assessment",
    "width",
    "height",
];

struct Row {
    when: String,
    display: String,
    /// Where there are several publishers, and where not all is assessed alike.
    more: Vec<Said>,
}

/// The figures of a picture, for those who want numbers.
#[derive(Template)]
#[template(path = "figures.html")]
struct Figures {
    caption: String,
    headings: Vec<String>,
    rows: Vec<Row>,
    /// What holds of all of them.
    common: Vec<Said>,
    sources: Vec<String>,
    sources_word: String,
}

/// Both.
#[derive(Template)]
#[template(path = "chart.html")]
struct Pictured {
    /// Narrow and wide, or one of the width asked for.
    pictures: Vec<String>,
    figures: Figures,
}

impl Figures {
    fn of(drawn: &Drawn, asked: &Asked) -> Self {
        let speech = asked.speech;
        let lines = drawn.charted.series.iter().flat_map(|series| &series.lines);
        let lines: Vec<&Line> = lines.collect();
        let assessed = |point: &Point| assessment(point.assessment, speech.0);
        let points = || lines.iter().flat_map(|line| &line.points);
        let first = points().next();
        let alike = points().all(|point| first.map(assessed) == Some(assessed(point)));
        let several = lines.len() > 1;
        let rows = lines.iter().flat_map(|line| {
            line.points.iter().map(move |point| {
                let publisher = several.then(|| Said::new(&*line.publisher, "und"));
                let assessment = (!alike).then(|| assessed(point));
                Row {
                    when: span(point.start, point.end, speech.0),
                    display: point.display.clone(),
                    more: publisher.into_iter().chain(assessment).collect(),
                }
            })
        });
        let publisher = lines.first().filter(|_| !several).map(|line| {
            let publisher = [("publisher", &*line.publisher)];
            Said::new(speech.with("picture.counted_by", &publisher), speech.0)
        });
        let headings = [
            ("page.period", true),
            ("page.figure", true),
            ("page.publisher", several),
            ("page.assessment", !alike),
        ];
        let headings = headings.into_iter().filter(|(_, there)| *there);
        Self {
            caption: speech.say("page.figures"),
            headings: headings.map(|(key, _)| speech.say(key)).collect(),
            rows: rows.collect(),
            common: publisher
                .into_iter()
                .chain(first.filter(|_| alike).map(assessed))
                .collect(),
            sources: drawn.charted.sources.clone(),
            sources_word: speech.say("kind.sources"),
        }
    }
}

fn picture(drawn: &Drawn, asked: &Asked, charting: &Charting, width: u32) -> Result<String> {
    let frame = Frame {
        theme: theme(asked),
        ..charting.framing.frame(width, Some(asked.speech.0))
    };
    let svg = chart(&frame, &drawn.charted);
    String::from_utf8(svg).map_err(|_| Problem::Internal("a picture is no text".into()))
}

fn theme(asked: &Asked) -> Theme {
    match asked.theme {
        Some("light") => Theme::Light,
        Some(_) => Theme::Dark,
        None => Theme::Auto,
    }
}

/// What a page with a picture may load: the picture's own style too, by its hash.
fn policy(asked: &Asked) -> String {
    let hash = STANDARD.encode(Sha256::digest(theme(asked).style()));
    answering::FRAME.replace(
        "style-src 'self'",
        &format!("style-src 'self' 'sha256-{hash}'"),
    )
}

/// Of the parameters of a page those that it reads, in one order, as a query.
pub fn known(params: &Params, asked: &Asked) -> String {
    let known = params.known(&CHARTING);
    let known = known.iter().map(|(name, value)| (&**name, &**value));
    let looks = asked.given.iter().map(|(name, value)| (*name, &**value));
    query(known.chain(looks))
}

/// What both forms have in common: reading, keeping, and telling where the record went.
async fn answered(
    state: &State,
    request: &HttpRequest,
    named: Result<Named>,
    (before, framed): (&str, bool),
    write: impl Fn(&Drawn, &Asked, &Charting, &str) -> Result<Built>,
) -> HttpResponse {
    let params = asked::params(request);
    let asked = Asked::of(request, &params);
    let speech = asked.speech;
    Spoken::note(request, Some(speech.0.to_owned()));
    let answer = async {
        let mut params = params?;
        let known = known(&params, &asked);
        let charting = Charting::from_params(&mut params);
        params.one("neutral", parse::boolean);
        params.finish_page()?;
        let reference = named?.0;
        let build = async |_| {
            let view = state.view(Some(speech.0.to_owned()));
            let drawn = drawn(state, &reference, &charting, &view).await?;
            write(&drawn, &asked, &charting, &known)
        };
        match state.kept(request, &known, Caching::Public, build).await {
            Err(Problem::NotFound) => {
                let public_url = &state.config().public_url;
                let address = |slug: &str| (format!("{public_url}{before}/{slug}"), &*known);
                state.moved_to("indicators", &reference, address).await
            }
            answer => answer,
        }
    };
    let policy = match framed {
        true => policy(&asked),
        false => answering::FIXED.to_owned(),
    };
    settled(&asked, answer.await, &policy, false)
}

fn title(drawn: &Drawn) -> Said {
    let title = &drawn.charted.title;
    Said::new(&*title.text, &*title.lang)
}

/// A chart as a page for a frame.
pub async fn framed(state: State, request: HttpRequest, named: Result<Named>) -> HttpResponse {
    let public_url = state.config().public_url.clone();
    let write = |drawn: &Drawn, asked: &Asked, charting: &Charting, known: &str| {
        let path = format!("/embed/chart/{}", drawn.indicator.slug);
        let path = match known {
            "" => path,
            known => format!("{path}?{known}"),
        };
        let widths = match charting.framing.width {
            Some(_) => &WIDTHS[..1],
            None => &WIDTHS[..],
        };
        let pictures = widths
            .iter()
            .map(|width| picture(drawn, asked, charting, *width));
        let page = Page::framed(asked, drawn.indicator.title.clone());
        let page = page.told(&public_url, &path, linked::chart(drawn, &public_url));
        let body = Pictured {
            pictures: pictures.collect::<Result<_>>()?,
            figures: Figures::of(drawn, asked),
        };
        quoting::framed(asked, page, title(drawn), body)
    };
    answered(&state, &request, named, ("/embed/chart", true), write).await
}

/// The same as HTML to copy.
pub async fn fixed(state: State, request: HttpRequest, named: Result<Named>) -> HttpResponse {
    let public_url = state.config().public_url.clone();
    let write = |drawn: &Drawn, asked: &Asked, charting: &Charting, _: &str| {
        let body = Pictured {
            pictures: vec![picture(drawn, asked, charting, USUAL)?],
            figures: Figures::of(drawn, asked),
        };
        quoting::fixed(asked, &public_url, title(drawn), body)
    };
    answered(
        &state,
        &request,
        named,
        ("/embed/static/chart", false),
        write,
    )
    .await
}
