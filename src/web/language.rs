//! The language of an answer: `lang=`, else what the reader's browser prefers.

use super::{conditional::weighted, parse};
use crate::values::{labels, language};
use actix_web::{HttpMessage, HttpRequest, http::header};

/// The language that a request was found to ask for. It is kept with the request, since answers
/// are kept by it.
#[derive(Debug, Clone)]
pub struct Spoken(Option<String>);

impl Spoken {
    /// Notes the language of a request whose answer has one.
    pub fn note(request: &HttpRequest, lang: Option<String>) {
        request.extensions_mut().insert(Self(lang));
    }

    /// What tells apart answers that differ by language.
    pub fn key(request: &HttpRequest) -> String {
        let extensions = request.extensions();
        let spoken = extensions.get::<Self>().and_then(|spoken| spoken.0.clone());
        spoken.unwrap_or_default()
    }

    /// The value of `Vary`.
    pub fn vary(request: &HttpRequest) -> &'static str {
        match request.extensions().get::<Self>() {
            Some(_) => "Accept, Accept-Encoding, Accept-Language, Authorization",
            None => "Accept, Accept-Encoding, Authorization",
        }
    }
}

/// The language that weighs most in `Accept-Language` of those that sentences are worded in.
pub fn labelled(request: &HttpRequest) -> Option<String> {
    let worded = |tag: &str| {
        let forms = language::found_by(tag);
        let known = |form: &String| labels::LANGUAGES.contains(&form.as_str());
        parse::language(tag).is_ok() && forms.iter().any(known)
    };
    heaviest(request, worded).and_then(|tag| parse::language(tag).ok())
}

/// The language that weighs most in `Accept-Language`, the first of equals, without its region, so
/// that browsers of one language share what is kept; `None` for `*`, or without any.
pub fn accepted(request: &HttpRequest) -> Option<String> {
    let tag = heaviest(request, |tag| tag == "*" || parse::language(tag).is_ok())?;
    language::written(tag).filter(|_| tag != "*")
}

/// Of the tags of `Accept-Language` that fit the one that weighs most, the first of equals.
fn heaviest(request: &HttpRequest, fits: impl Fn(&str) -> bool) -> Option<&str> {
    let headers = request.headers().get_all(header::ACCEPT_LANGUAGE);
    let parts = headers.flat_map(|value| value.to_str().unwrap_or_default().split(','));
    let mut best: Option<(&str, f32)> = None;
    for (tag, weight) in parts.map(weighted) {
        if fits(tag) && weight > best.map_or(0.0, |(_, weight)| weight) {
            best = Some((tag, weight));
        }
    }
    best.map(|(tag, _)| tag)
}
