//! Conditional requests and negotiated encodings.

use actix_web::{HttpRequest, http::header};

/// Who may keep an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caching {
    /// This process while its revision and day last, others for a minute.
    Public,
    /// Nobody: it answers to a place or a moment.
    NoStore,
}

impl Caching {
    /// The value of `Cache-Control`.
    pub fn header(self) -> &'static str {
        match self {
            Self::Public => "public, max-age=60",
            Self::NoStore => "no-store",
        }
    }
}

/// Whether `If-None-Match` names one of these ETags, weak comparison (RFC 9110, 13.1.2).
pub fn matches<'a>(request: &HttpRequest, etags: impl Iterator<Item = &'a str> + Clone) -> bool {
    request
        .headers()
        .get_all(header::IF_NONE_MATCH)
        .any(|value| {
            value.to_str().is_ok_and(|value| {
                value.split(',').map(str::trim).any(|given| {
                    let given = given.strip_prefix("W/").unwrap_or(given);
                    given == "*" || etags.clone().any(|etag| etag == given)
                })
            })
        })
}

/// Whether a content coding is accepted: named or by `*`, and not with q=0.
pub fn accepts_encoding(request: &HttpRequest, coding: &str) -> bool {
    let mut by_star = false;
    for value in request.headers().get_all(header::ACCEPT_ENCODING) {
        for part in value.to_str().unwrap_or_default().split(',') {
            let (name, weight) = weighted(part);
            if name.eq_ignore_ascii_case(coding) {
                return weight > 0.0;
            }
            by_star |= name == "*" && weight > 0.0;
        }
    }
    by_star
}

/// A media range or coding and its weight; without `q` it is 1.
pub fn weighted(part: &str) -> (&str, f32) {
    let mut pieces = part.split(';').map(str::trim);
    let name = pieces.next().unwrap_or_default();
    let weight = pieces
        .filter_map(|piece| {
            piece
                .strip_prefix("q=")
                .or_else(|| piece.strip_prefix("Q="))
        })
        .find_map(|q| q.parse::<f32>().ok())
        .unwrap_or(1.0);
    (name, weight)
}
