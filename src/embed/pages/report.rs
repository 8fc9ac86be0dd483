//! A page on which somebody tells that a number is wrong. It asks nothing about who tells it.

use super::{
    answering::{self, Page, settled},
    asked::{self, Asked, query},
    help::QUESTION,
    speech::Speech,
};
use crate::{
    curation::{self, Suggested, SuggestionInput},
    hotlines, organizations, regional_contacts, statistics,
    values::{said::Said, translation::Texts},
    web::{
        FromParams, Params, Problem, Result, State, conditional::Caching, connection::PATIENCE,
        parse,
    },
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::Payload,
};
use askama::Template;

/// The longest form that is read, in bytes.
const LARGEST: usize = 8 * 1024;

const RESOURCES: [(&str, Suggested); 4] = [
    ("organizations", Suggested::Organizations),
    ("hotlines", Suggested::Hotlines),
    ("regional_contacts", Suggested::RegionalContacts),
    ("statistics", Suggested::Statistics),
];

/// Which record it is about.
struct About {
    resource: &'static str,
    suggested: Suggested,
    record: String,
}

impl About {
    /// What the page is called: what is wrong there is a number to call, or a figure.
    fn title(&self) -> &'static str {
        match self.suggested {
            Suggested::Statistics => "report_figure",
            _ => "report",
        }
    }
}

impl FromParams for About {
    fn from_params(params: &mut Params) -> Self {
        let named = RESOURCES.map(|(name, resource)| (name, (name, resource)));
        let resource = params.one("resource", parse::one_of(&named));
        let record = params.one("record", parse::reference);
        for name in ["resource", "record"] {
            if !params.has(name) {
                params.missing(name, "follow the link beside the number that is wrong");
            }
        }
        let (resource, suggested) = resource.unwrap_or(RESOURCES[1]);
        Self {
            resource,
            suggested,
            record: record.unwrap_or_default(),
        }
    }
}

#[derive(Template)]
#[template(path = "report.html")]
struct Report {
    page: Page,
    /// What was told is thanked for; without it there is a form.
    thanks: Option<String>,
    resource: &'static str,
    record: String,
    name: Said,
    /// What the page before was asked.
    given: Vec<(String, String)>,
    back: String,
    back_word: String,
    what: String,
    note: String,
    send: String,
}

/// The name of the record; its slug while the database is away, and where there is no such record.
async fn name(state: &State, about: &About, speech: Speech) -> Said {
    let said = |text: &str, lang: &str, texts: &Texts, field| {
        let own = texts.get(field).map_or(lang, |one| &*one.lang);
        Said::new(text, own)
    };
    let (record, view) = (&*about.record, &state.view(Some(speech.0.to_owned())));
    let found = async {
        let connection = &mut *state.reader().await.ok()?;
        let name = match about.suggested {
            Suggested::Organizations => {
                organizations::queries::find(connection, record, None, view)
                    .await
                    .map(|one| said(&one.name, &one.lang, &one.text, "name"))
            }
            Suggested::Hotlines => hotlines::queries::find(connection, record, None, view)
                .await
                .map(|one| said(&one.name, &one.lang, &one.text, "name")),
            Suggested::RegionalContacts => {
                regional_contacts::queries::find(connection, record, None, view)
                    .await
                    .map(|one| said(&one.name, &one.lang, &one.text, "name"))
            }
            Suggested::Statistics => statistics::queries::find(connection, record, None, view)
                .await
                .map(|one| said(&one.title, &one.lang, &one.text, "title")),
        };
        name.ok()
    };
    found.await.unwrap_or_else(|| Said::new(record, "und"))
}

/// Where it was come from, as far as its address says: the figure, the answer to the question, else the front page.
fn back(asked: &Asked, about: &About, known: &[(String, String)]) -> String {
    let pairs = known.iter().map(|(name, value)| (&**name, &**value));
    let looks = asked.given.iter().map(|(name, value)| (*name, &**value));
    let place = known.iter().any(|(name, _)| name == "country");
    match about.resource {
        "statistics" => format!("/embed/statistic/{}?{}", about.record, query(looks)),
        _ if place => format!("/embed/help?{}", query(pairs)),
        _ => format!("/?lang={}", asked.speech.0),
    }
}

async fn page(
    state: &State,
    asked: &Asked,
    known: Vec<(String, String)>,
    about: &About,
    thanks: bool,
) -> Result<Vec<u8>> {
    let speech = asked.speech;
    let built = answering::built(&Report {
        page: Page::framed(asked, speech.say(about.title())),
        thanks: thanks.then(|| speech.say("sent")),
        resource: about.resource,
        record: about.record.clone(),
        name: name(state, about, speech).await,
        back: back(asked, about, &known),
        back_word: speech.say("back"),
        given: known,
        what: speech.say("report_what"),
        note: speech.say("report_note"),
        send: speech.say("send"),
    })?;
    Ok(built.bytes)
}

fn sent(status: StatusCode, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::build(status)
        .content_type(answering::HTML)
        .insert_header((header::CACHE_CONTROL, Caching::NoStore.header()))
        .body(bytes)
}

/// The form.
pub async fn read(state: State, request: HttpRequest) -> HttpResponse {
    let params = asked::params(&request);
    let asked = Asked::of(&request, &params);
    let answer = async {
        let mut params = params?;
        let about = About::from_params(&mut params);
        let known = params.known(&QUESTION);
        params.finish_page()?;
        let bytes = page(&state, &asked, known, &about, false).await?;
        Ok(sent(StatusCode::OK, bytes))
    };
    settled(&asked, answer.await, answering::FORM, false)
}

/// A form as it was sent.
///
/// # Errors
/// When it is none, too large, too slow, or does not decode.
pub async fn form(request: &HttpRequest, payload: Payload) -> Result<Params> {
    let kind = request.headers().get(header::CONTENT_TYPE);
    let form = "application/x-www-form-urlencoded";
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(form.as_bytes())) {
        return Err(Problem::UnsupportedMediaType);
    }
    let bytes = tokio::time::timeout(PATIENCE, payload.to_bytes_limited(LARGEST)).await;
    let bytes = bytes.map_err(|_| Problem::TooSlow)?;
    let bytes = bytes.map_err(|_| Problem::TooLarge)?;
    let bytes = bytes.map_err(|_| Problem::from_status(StatusCode::BAD_REQUEST))?;
    let text = String::from_utf8(bytes.to_vec());
    let text = text.map_err(|_| Problem::from_status(StatusCode::BAD_REQUEST))?;
    asked::read(request, &text)
}

/// Takes it down, by the same way as the API.
pub async fn send(state: State, request: HttpRequest, payload: Payload) -> HttpResponse {
    // Before anything is read, as for the API.
    let form = match state.limit(&request) {
        Ok(()) => form(&request, payload).await,
        Err(problem) => Err(problem),
    };
    let asked = Asked::of(&request, &form);
    let answer = async {
        let mut params = form?;
        let about = About::from_params(&mut params);
        let text = params.raw("text").unwrap_or_default().to_owned();
        let known = params.known(&QUESTION);
        params.finish_page()?;
        let told = SuggestionInput {
            resource: about.suggested,
            record: about.record.clone(),
            contact_point: None,
            text,
        };
        curation::tell(&state, told).await?;
        let bytes = page(&state, &asked, known, &about, true).await?;
        Ok(sent(StatusCode::ACCEPTED, bytes))
    };
    settled(&asked, answer.await, answering::FORM, false)
}
