//! Conditional requests and negotiated encodings.

use super::{Problem, problem::ErrorDetail};
use crate::values::{Invalid, access::Asked, contact_point, text};
use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header};
use std::future::{Ready, ready};

/// What a write says in its headers.
#[derive(Debug, Clone, Default)]
pub struct Conditions {
    /// The revision that it was made against, of `If-Match`.
    pub if_match: Option<Matching>,
    /// What makes it the same write when it is sent again, of `Idempotency-Key`.
    pub idempotency_key: Option<String>,
    /// Why, of `Change-Reason`: UTF-8, also percent-encoded, at most 500 characters.
    pub reason: Option<String>,
    /// Where it can be seen, of `Change-Evidence`: a web address.
    pub evidence_url: Option<String>,
}

/// What `If-Match` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matching {
    /// `*`: whatever stands.
    Any,
    /// A revision.
    Revision(i64),
}

impl Conditions {
    fn read(request: &HttpRequest) -> Result<Self, Problem> {
        let mut wrong = Vec::new();
        let mut one = |name: &'static str| {
            let mut values = request.headers().get_all(name);
            let value = values.next()?;
            let text = std::str::from_utf8(value.as_bytes())
                .ok()
                .filter(|text| values.next().is_none() && !text.is_empty());
            if text.is_none() {
                let invalid = Invalid::new(
                    "form",
                    "it is not one visible value",
                    "send it once, in UTF-8",
                );
                wrong.push(ErrorDetail::header(name, invalid));
            }
            text.map(str::to_owned)
        };
        let (if_match, key) = (one("If-Match"), one("Idempotency-Key"));
        let (reason, evidence_url) = (one("Change-Reason"), one("Change-Evidence"));
        let mut refuse = |name, invalid| wrong.push(ErrorDetail::header(name, invalid));
        let if_match = if_match.and_then(|text| {
            let matching = revision_of(&text);
            if matching.is_none() {
                refuse(
                    "If-Match",
                    Invalid::new(
                        "etag",
                        "it names no revision",
                        "send the ETag of the record as it was read",
                    ),
                );
            }
            matching
        });
        let key = key.filter(|key| {
            let fits = key.len() <= 255 && key.bytes().all(|byte| byte.is_ascii_graphic());
            if !fits {
                refuse(
                    "Idempotency-Key",
                    Invalid::new(
                        "form",
                        "it is no key",
                        "send 1 to 255 visible ASCII characters, such as a UUID",
                    ),
                );
            }
            fits
        });
        let reason = reason.and_then(|text| {
            // What is no encoding stands for itself, so that plain words are plain.
            let decoded = percent_encoding::percent_decode_str(&text).decode_utf8();
            let decoded = decoded.map_or_else(|_| text.clone(), |decoded| decoded.into_owned());
            let valid = Some(decoded)
                .filter(|text| text.chars().count() <= 500 && text::valid(text).is_ok());
            if valid.is_none() {
                refuse(
                    "Change-Reason",
                    Invalid::new(
                        "text",
                        "it is no plain text of at most 500 characters",
                        "write plain words, in UTF-8 or percent-encoded",
                    ),
                );
            }
            valid
        });
        let evidence_url = evidence_url.filter(|url| {
            let fits = contact_point::web_address(url).is_ok();
            if !fits {
                refuse(
                    "Change-Evidence",
                    Invalid::new(
                        "url",
                        "it is no web address",
                        "write it in full, starting with https://",
                    ),
                );
            }
            fits
        });
        // That an address has a host name is more than a form can say.
        if wrong.len() == 1 && wrong[0].header.as_deref() == Some("Change-Evidence") {
            return Err(Problem::Unprocessable(wrong));
        }
        match wrong.is_empty() {
            true => Ok(Self {
                if_match,
                idempotency_key: key,
                reason,
                evidence_url,
            }),
            false => Err(Problem::Malformed(wrong)),
        }
    }
}

impl FromRequest for Conditions {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::read(request))
    }
}

/// The revision of an ETag: `"12.4af0..."`, or `"12"`. The rest of it is about bytes.
fn revision_of(text: &str) -> Option<Matching> {
    if text == "*" {
        return Some(Matching::Any);
    }
    let tag = text.strip_prefix("W/").unwrap_or(text);
    let tag = tag.strip_prefix('"')?.strip_suffix('"')?;
    let digits = tag.split('.').next().unwrap_or_default();
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits
        .parse()
        .ok()
        .filter(|_| plain)
        .map(Matching::Revision)
}

/// Who may keep an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caching {
    /// This process while its revision and day last, others for a minute.
    Public,
    /// Nobody: it answers to a place or a moment.
    NoStore,
    /// Nobody: it answers to a key, from the writer's side.
    Private,
}

impl Caching {
    /// The same without a key, private with one.
    pub fn keyed(self, access: &Option<Asked>) -> Self {
        match access {
            Some(_) => Self::Private,
            None => self,
        }
    }

    /// The value of `Cache-Control`.
    pub fn header(self) -> &'static str {
        match self {
            Self::Public => "public, max-age=60",
            Self::NoStore => "no-store",
            Self::Private => "private, no-store",
        }
    }
}

/// Whether `If-None-Match` names one of these ETags, weak comparison (RFC 9110, 13.1.2).
pub fn matches(request: &HttpRequest, etags: impl Iterator<Item: AsRef<[u8]>> + Clone) -> bool {
    request
        .headers()
        .get_all(header::IF_NONE_MATCH)
        .any(|value| {
            value.to_str().is_ok_and(|value| {
                value.split(',').map(str::trim).any(|given| {
                    let given = given.strip_prefix("W/").unwrap_or(given);
                    given == "*" || etags.clone().any(|etag| etag.as_ref() == given.as_bytes())
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
