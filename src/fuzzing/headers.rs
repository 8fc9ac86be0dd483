//! Headers of requests.

use crate::{
    values::text,
    web::{
        conditional::{Conditions, Matching, accepts_encoding, matches},
        formats::{Format, JSON, PLACED},
        identity::identity,
        language::{accepted, labelled},
        parse,
    },
};
use actix_web::{
    FromRequest,
    dev::Payload,
    http::header::{HeaderName, HeaderValue},
    test::TestRequest,
};

/// Headers, a line each, as whatever reads one reads it.
pub fn headers(bytes: &[u8]) -> bool {
    let mut request = TestRequest::default();
    for line in bytes.split(|byte| *byte == b'\n').take(20) {
        let colon = line.iter().position(|byte| *byte == b':');
        let (name, value) = line.split_at(colon.unwrap_or(line.len()));
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
        {
            request = request.append_header((name, value));
        }
    }
    let request = request.to_http_request();
    for tag in [accepted(&request), labelled(&request)]
        .into_iter()
        .flatten()
    {
        assert_eq!(parse::language(&tag).as_ref(), Ok(&tag));
    }
    if accepts_encoding(&request, "no-such-coding") {
        // By a star: then each is accepted that is not named.
        let named = ["br", "gzip"].map(|coding| accepts_encoding(&request, coding));
        let header = request.headers().get_all("accept-encoding");
        let mut words = header.flat_map(|value| value.as_bytes().to_ascii_lowercase());
        assert!(named == [true, true] || words.any(|letter| b"bg".contains(&letter)));
    }
    let any = matches(&request, std::iter::empty::<&str>());
    assert!(!any || matches(&request, ["\"1\""].into_iter()));
    let placed = Format::negotiate(None, &request, PLACED);
    if Format::negotiate(None, &request, JSON).is_ok() {
        assert!(placed.is_ok(), "JSON is one of them");
    }
    let conditions = Conditions::from_request(&request, &mut Payload::None).into_inner();
    let fits = conditions.is_ok();
    if let Ok(conditions) = conditions {
        conditioned(&conditions);
    }
    let who = identity(&request);
    assert!(!matches!(who, Ok(Some(_))), "nobody has a key here");
    fits && who.is_ok() && placed.is_ok()
}

/// What a write says is of the form that is promised, and is said again in the same words.
fn conditioned(conditions: &Conditions) {
    let mut again = TestRequest::default();
    if let Some(matching) = conditions.if_match {
        let tag = match matching {
            Matching::Any => "*".to_owned(),
            Matching::Revision(number) => format!("\"{number}\""),
        };
        again = again.insert_header(("If-Match", tag));
    }
    if let Some(key) = &conditions.idempotency_key {
        assert!((1..=255).contains(&key.len()));
        again = again.insert_header(("Idempotency-Key", key.as_str()));
    }
    if let Some(reason) = &conditions.reason {
        assert!(text::clean(reason).is_ok() && reason.chars().count() <= 500);
        let encoded: String = form_urlencoded::byte_serialize(reason.as_bytes()).collect();
        again = again.insert_header(("Change-Reason", encoded.replace('+', "%20")));
    }
    if let Some(url) = &conditions.evidence_url {
        assert!(url.starts_with("http"));
        let value = HeaderValue::from_bytes(url.as_bytes());
        again = value.into_iter().fold(again, |again, value| {
            again.insert_header(("Change-Evidence", value))
        });
    }
    let again = Conditions::from_request(&again.to_http_request(), &mut Payload::None).into_inner();
    assert!(again.is_ok_and(|again| {
        (again.if_match, again.idempotency_key)
            == (conditions.if_match, conditions.idempotency_key.clone())
            && (again.reason, again.evidence_url)
                == (conditions.reason.clone(), conditions.evidence_url.clone())
    }));
}
