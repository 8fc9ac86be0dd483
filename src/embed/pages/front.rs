//! The front page: what this is, an answer for a place, and what to paste to have it elsewhere.
//!
//! Where somebody is and what they need is asked by POST, so that it stands in no address, no history
//! and no log.

use super::{
    answering::{Page, built, settled},
    asked::{self, Asked, query},
    assets,
    countries::{self, Named},
    help::{as_of, compiled, copy, known, machine, title},
    linked, links,
    report::form,
    sheet::{Composer, Sheet, Stand},
    snippets::{Component, Frame, HEIGHT, written},
    speech::Speech,
};
use crate::{
    embed::compose::EXIT_TO,
    help::{Followed, Inquiry},
    values::{Invalid, labels::LANGUAGES, names},
    vocabularies::{self, Topic},
    web::{
        Params, Problem, Result, State, conditional::Caching, language::Spoken,
        problem::ErrorDetail,
    },
};
use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Payload},
};
use askama::Template;

/// What the page may load: its own files, and its own pages in a frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; frame-src 'self'; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// How high a frame is where nothing tells it its height.
const HIGH: &str = "700";

/// The country that embeds are shown for before one is chosen: that of most hotlines.
const SHOWN: &str = "US";

/// An answer for the place that was chosen.
struct Answer {
    title: String,
    sheet: Sheet,
    as_of: String,
    machine: Option<String>,
}

/// Something to paste.
struct Code {
    id: &'static str,
    title: String,
    note: String,
    text: String,
    rows: u8,
}

/// What a form holds.
#[derive(Clone, Default)]
struct Chosen {
    country: String,
    topic: String,
    words: String,
    exit_url: String,
    theme: String,
    neutral: bool,
}

impl Chosen {
    fn of(params: &Params) -> Self {
        let raw = |name| params.raw(name).unwrap_or_default().to_owned();
        Self {
            country: raw("country"),
            topic: raw("topic"),
            words: raw("words"),
            exit_url: raw("exit_url"),
            theme: raw("theme"),
            neutral: params.has("neutral"),
        }
    }

    /// The parameters of the page that shows it.
    fn pairs(&self) -> Vec<(&'static str, &str)> {
        let pairs = [
            ("country", &*self.country),
            ("topic", &*self.topic),
            ("lang", &*self.words),
            ("exit_url", &*self.exit_url),
            ("theme", &*self.theme),
            ("neutral", if self.neutral { "true" } else { "" }),
        ];
        let pairs = pairs.into_iter();
        pairs.filter(|(_, value)| !value.is_empty()).collect()
    }
}

/// What the page shall hold.
struct Wanted {
    /// The form of the answer, and how many contacts; `None` where there is only the form.
    asked: Option<(Chosen, String)>,
    /// The form of the embed.
    chosen: Chosen,
}

#[derive(Template)]
#[template(path = "front.html")]
struct Front {
    page: Page,
    speech: Speech,
    star: String,
    /// Where the way out leads when nothing else is chosen.
    exit_to: &'static str,
    copies: String,
    languages: Vec<(&'static str, String)>,
    countries: &'static [Named],
    topics: Vec<(String, String)>,
    asked: Chosen,
    chosen: Chosen,
    answer: Option<Answer>,
    preview: String,
    codes: Vec<Code>,
    compiled: String,
}

/// The page before anything is asked.
pub async fn read(state: State, followed: Data<Followed>, request: HttpRequest) -> HttpResponse {
    let params = asked::params(&request);
    let asked = Asked::plain(&request, &params);
    let made = async {
        params?;
        let chosen = Chosen {
            country: SHOWN.to_owned(),
            words: asked.speech.0.to_owned(),
            ..Chosen::default()
        };
        let wanted = Wanted {
            asked: None,
            chosen,
        };
        page(&state, &followed, &request, &asked, wanted).await
    };
    settled(&asked, made.await, POLICY, true)
}

/// The page with an answer, or with what to paste, as its forms ask.
///
/// # Errors
/// When what was sent is no form; browsers send nothing else, so that this is told to programs.
pub async fn ask(
    state: State,
    followed: Data<Followed>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse> {
    let params = form(&request, payload).await;
    if let Err(Problem::UnsupportedMediaType) = params {
        return Err(Problem::UnsupportedMediaType);
    }
    let asked = Asked::plain(&request, &params);
    let made = async {
        let params = params?;
        let sent = Chosen::of(&params);
        if !sent.exit_url.is_empty() && links::way_out(&sent.exit_url).is_none() {
            let invalid = Invalid::new(
                "exit_url",
                "nothing on the web leads there",
                "give a whole address that begins with https://, or leave it empty",
            );
            return Err(Problem::Malformed(vec![ErrorDetail::parameter(
                "exit_url", invalid,
            )]));
        }
        let wanted = match params.has("build") {
            true => Wanted {
                asked: None,
                chosen: sent,
            },
            false => Wanted {
                chosen: Chosen {
                    words: asked.speech.0.to_owned(),
                    ..sent.clone()
                },
                asked: Some((sent, params.raw("limit").unwrap_or_default().to_owned())),
            },
        };
        page(&state, &followed, &request, &asked, wanted).await
    };
    Ok(settled(&asked, made.await, POLICY, true))
}

/// A question as its page would put it, and how that page is asked for.
fn inquiry(
    followed: &Followed,
    request: &HttpRequest,
    pairs: Vec<(&'static str, &str)>,
) -> Result<(Inquiry, Asked, String)> {
    let params = asked::read(request, &query(pairs));
    let asked = Asked::of(request, &params);
    let params = params?;
    let known = known(&params);
    let inquiry = asked::inquiry(followed, request, params)?;
    Ok((inquiry, asked, known))
}

async fn page(
    state: &State,
    followed: &Followed,
    request: &HttpRequest,
    asked: &Asked,
    wanted: Wanted,
) -> Result<HttpResponse> {
    let speech = asked.speech;
    let embed = inquiry(followed, request, wanted.chosen.pairs())?;
    let answer = match &wanted.asked {
        Some((sent, limit)) => {
            let mut pairs = sent.pairs();
            pairs.push(("lang", speech.0));
            pairs.push(("limit", limit));
            Some(inquiry(followed, request, pairs)?.0)
        }
        None => None,
    };
    Spoken::note(request, Some(speech.0.to_owned()));
    let key = answer.as_ref().map(Inquiry::key).unwrap_or_default();
    let key = format!("front|{}|{}|{}|{key}", speech.0, embed.2, embed.0.key());
    let caching = match answer {
        Some(_) => Caching::NoStore,
        None => Caching::Public,
    };
    let revision = embed.0.revision();
    let build = async || {
        let topics = topics(state, speech).await;
        built(&front(state, asked, wanted, (embed, answer), topics)?)
    };
    state
        .remembered(request, &key, revision, caching, build)
        .await
}

/// Topics to choose from; none while the database does not answer, since the page can do without.
async fn topics(state: &State, speech: Speech) -> Vec<(String, String)> {
    let view = state.view(Some(speech.0.to_owned()));
    let Ok(mut connection) = state.reader().await else {
        return Vec::new();
    };
    let found = vocabularies::queries::list(&mut connection, "topics", None, (0, 200)).await;
    let named = found.unwrap_or_default().into_iter().filter_map(|record| {
        let topic = Topic::of(&view, &record, record.read().ok()?);
        Some((topic.slug, topic.name))
    });
    let mut topics: Vec<(String, String)> = named.collect();
    topics.sort_by(|one, other| one.1.cmp(&other.1));
    topics
}

type Inquiries = ((Inquiry, Asked, String), Option<Inquiry>);

fn front(
    state: &State,
    asked: &Asked,
    wanted: Wanted,
    (embed, answer): Inquiries,
    topics: Vec<(String, String)>,
) -> Result<Front> {
    let (speech, public_url) = (asked.speech, &state.config().public_url);
    let lead = speech.say("front.lead");
    let help = answer.as_ref().map(|inquiry| (inquiry, inquiry.help()));
    let told = help.as_ref().map(|(inquiry, help)| (*inquiry, help));
    let linked = linked::front(public_url, &lead, told);
    let answer = help.map(|(inquiry, help)| Answer {
        title: title(&help, asked),
        sheet: Composer {
            inquiry,
            asked,
            known: "",
            stand: Stand::Front,
            level: 3,
            base: "",
            more: None,
        }
        .sheet(&help),
        as_of: as_of(inquiry, speech),
        machine: machine(&help, speech),
    });
    let (preview, codes) = codes(public_url, speech, &wanted.chosen, &embed)?;
    let named = |tag| names::language(tag, tag).unwrap_or_else(|| tag.to_owned());
    Ok(Front {
        page: Page {
            linked: Some(linked),
            ..Page::framed(asked, format!("Lodestar: {}", speech.say("front.title")))
        },
        speech,
        exit_to: EXIT_TO,
        star: assets::star(),
        copies: assets::front(),
        languages: LANGUAGES.map(|tag| (tag, named(tag))).into(),
        countries: countries::all(speech.0),
        topics,
        asked: wanted.asked.map(|(sent, _)| sent).unwrap_or_default(),
        chosen: wanted.chosen,
        answer,
        preview,
        codes,
        compiled: compiled(speech),
    })
}

/// The preview, and what to paste.
fn codes(
    public_url: &str,
    speech: Speech,
    chosen: &Chosen,
    (inquiry, asked, known): &(Inquiry, Asked, String),
) -> Result<(String, Vec<Code>)> {
    let help = inquiry.help();
    let frame = |base: &str| Frame {
        src: format!("{base}/embed/help?{known}"),
        width: "100%".to_owned(),
        height: HIGH.to_owned(),
        title: title(&help, asked),
    };
    let composer = Composer {
        inquiry,
        asked,
        known,
        stand: Stand::Fixed,
        level: 3,
        base: public_url,
        more: None,
    };
    // The attributes of the component have the names of the parameters, with other hyphens.
    let attributes = chosen.pairs().into_iter().map(|(name, value)| match name {
        "neutral" => (name, String::new()),
        "exit_url" => ("exit-url", value.to_owned()),
        _ => (name, value.to_owned()),
    });
    let component = Component {
        public_url: public_url.to_owned(),
        attributes: attributes.collect(),
        call: asked.speech.say("call"),
        numbers: composer.sheet(&help).first_numbers(),
    };
    let code = |id, rows, text| Code {
        id,
        title: speech.say(&format!("front.{id}")),
        note: speech.say(&format!("front.{id}_note")),
        text,
        rows,
    };
    let page = format!("{public_url}/embed/help?{known}");
    let codes = vec![
        code(
            "static",
            8,
            written(&copy(inquiry, asked, public_url, known))?,
        ),
        code("component", 8, written(&component)?),
        code(
            "frame",
            8,
            format!("{}\n{HEIGHT}", written(&frame(public_url))?),
        ),
        code("oembed", 2, page),
    ];
    Ok((written(&frame(""))?, codes))
}
