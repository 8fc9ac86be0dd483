//! How pages are sent: their frame of HTML, what they may load, and what is said where there is none.

use super::{
    asked::{Asked, query},
    assets,
};
use crate::web::{Problem, Result, built::Built, problem::ErrorDetail};
use actix_web::{
    HttpResponse, ResponseError,
    http::header::{self, HeaderValue},
};
use askama::Template;

/// The media type of pages.
pub const HTML: &str = "text/html; charset=utf-8";

/// What a page in a frame may load: the files of this service, and nothing from anybody.
pub const FRAME: &str = "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors *";
/// The same with a form that comes back here.
pub const FORM: &str = "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; \
    form-action 'self'; frame-ancestors *";
/// What HTML to copy may load where it is looked at: nothing; it may style itself.
pub const FIXED: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
    frame-ancestors *";

/// The way out.
pub struct Exit {
    /// Where it leads.
    pub href: String,
    /// What stands on it.
    pub word: String,
    /// That a key does the same.
    pub keys: String,
    /// What it cannot do.
    pub limit: String,
}

impl Exit {
    /// As it is asked for.
    pub fn of(asked: &Asked) -> Self {
        let speech = asked.speech;
        Self {
            href: asked.exit.clone(),
            word: speech.say("exit"),
            keys: speech.say("exit_keys"),
            limit: speech.say("exit_limit"),
        }
    }
}

/// What stands around the words of every page.
pub struct Page {
    pub lang: &'static str,
    pub dir: &'static str,
    pub theme: &'static str,
    pub title: String,
    /// The way out.
    pub exit: Exit,
    /// The address that tells other systems how to embed the page.
    pub oembed: Option<String>,
    /// What it says, for machines; made safe to stand in HTML.
    pub linked: Option<String>,
    pub style: String,
    /// What it does beside its words.
    pub script: String,
}

impl Page {
    /// A page in a frame.
    pub fn framed(asked: &Asked, title: String) -> Self {
        Self {
            lang: asked.speech.0,
            dir: asked.speech.dir(),
            theme: asked.theme.unwrap_or("auto"),
            title,
            exit: Exit::of(asked),
            oembed: None,
            linked: None,
            style: assets::style(),
            script: assets::frame(),
        }
    }

    /// The same with what machines read of it: how it is embedded, and what it says.
    pub fn told(self, public_url: &str, path: &str, linked: String) -> Self {
        let url = format!("{public_url}{path}");
        let query = query([("url", url.as_str()), ("format", "json")]);
        Self {
            oembed: Some(format!("{public_url}/oembed?{query}")),
            linked: Some(linked),
            ..self
        }
    }
}

/// A page as its bytes.
///
/// # Errors
/// 500 when its template fails, which no record makes it do.
pub fn built(template: &impl Template) -> Result<Built> {
    let text = template.render();
    let text = text.map_err(|error| Problem::Internal(error.to_string()))?;
    Ok(Built::of(HTML, text.into_bytes()))
}

/// An answer with what its page may load.
fn ruled(mut answer: HttpResponse, policy: &str) -> HttpResponse {
    if let Ok(policy) = HeaderValue::from_str(policy) {
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    answer
}

/// What could not be shown, why, and what to do.
#[derive(Template)]
#[template(path = "refused.html")]
struct Refused {
    page: Page,
    sentence: String,
    /// Where emergency numbers would stand.
    emergency: Option<String>,
    remedy: String,
    detail: String,
    errors: Vec<ErrorDetail>,
}

/// The answer under its policy, or a page that says why there is none; `emergency` where emergency
/// numbers would stand.
pub fn settled(
    asked: &Asked,
    answered: Result<HttpResponse>,
    policy: &str,
    emergency: bool,
) -> HttpResponse {
    let problem = match answered {
        Ok(answer) => return ruled(answer, policy),
        Err(problem) => problem,
    };
    let speech = asked.speech;
    let body = problem.body();
    // It writes to the log what is for the log, and knows the headers.
    let told = problem.error_response();
    let sentence = speech.say(match problem.status_code().as_u16() {
        404 => "page.missing",
        410 => "page.gone",
        429 | 500.. => "page.later",
        _ => "page.refused",
    });
    let refused = Refused {
        page: Page::framed(asked, sentence.clone()),
        sentence,
        emergency: emergency.then(|| speech.say("page.emergency_unknown")),
        remedy: speech.say("page.remedy"),
        detail: body.detail,
        errors: body.errors,
    };
    let mut answer = HttpResponse::build(told.status());
    answer.content_type(HTML);
    for name in [header::RETRY_AFTER, header::CACHE_CONTROL] {
        if let Some(value) = told.headers().get(&name) {
            answer.insert_header((name, value.clone()));
        }
    }
    ruled(answer.body(refused.render().unwrap_or_default()), FRAME)
}
