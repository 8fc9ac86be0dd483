//! Bodies: JSON of bounded size and depth, in which nothing is said twice and no text hides
//! anything. Every fault is named by its place.

use super::{Problem, connection::PATIENCE, problem::ErrorDetail};
use crate::values::{Invalid, text};
use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web::Bytes};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};
use std::{fmt, future::Future, pin::Pin};

/// The largest body that is read, in bytes.
pub const LARGEST: usize = 256 * 1024;

/// A JSON body, as it was sent.
#[derive(Debug)]
pub struct Json(pub Value);

/// A JSON body of one form.
#[derive(Debug)]
pub struct Body<T>(pub T);

/// A JSON body of one form that may be left out.
#[derive(Debug)]
pub struct Maybe<T>(pub T);

type Reading<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

/// What a body is said to be, without its parameters.
fn media_type(request: &HttpRequest) -> Option<String> {
    let kind = request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    let kind = kind.split(';').next().unwrap_or_default();
    Some(kind.trim().to_ascii_lowercase())
}

/// The bytes of a body, and whether they are said to be JSON.
fn bytes(request: &HttpRequest, payload: &mut Payload) -> Reading<(Bytes, bool)> {
    let known = matches!(
        media_type(request).as_deref(),
        Some("application/json" | "application/merge-patch+json")
    );
    let bytes = Bytes::from_request(request, payload);
    Box::pin(async move {
        let bytes = match tokio::time::timeout(PATIENCE, bytes).await {
            Ok(Ok(bytes)) => bytes,
            Ok(Err(error)) => {
                return Err(match error.as_response_error().status_code().as_u16() {
                    413 => Problem::TooLarge,
                    _ => malformed("", "body", "the body was cut off", "send it whole"),
                });
            }
            Err(_) => return Err(Problem::TooSlow),
        };
        Ok((bytes, known))
    })
}

impl FromRequest for Json {
    type Error = Problem;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = bytes(request, payload);
        Box::pin(async move {
            match bytes.await? {
                (bytes, true) => parse(&bytes).map(Self),
                (_, false) => Err(Problem::UnsupportedMediaType),
            }
        })
    }
}

/// The JSON of a question, also as plain text: browsers send that to other sites at once, and anything else only after they
/// asked whether they may, which takes as long again as the answer.
pub fn question<T: DeserializeOwned + 'static>(
    request: &HttpRequest,
    payload: &mut Payload,
) -> Reading<T> {
    let plain = media_type(request).as_deref() == Some("text/plain");
    let bytes = bytes(request, payload);
    Box::pin(async move {
        match bytes.await? {
            (bytes, known) if known || plain => typed(parse(&bytes)?),
            _ => Err(Problem::UnsupportedMediaType),
        }
    })
}

impl<T: DeserializeOwned + Default + 'static> FromRequest for Maybe<T> {
    type Error = Problem;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = bytes(request, payload);
        Box::pin(async move {
            match bytes.await? {
                (bytes, _) if bytes.is_empty() => Ok(Self(T::default())),
                (bytes, true) => typed(parse(&bytes)?).map(Self),
                (_, false) => Err(Problem::UnsupportedMediaType),
            }
        })
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let json = Json::from_request(request, payload);
        Box::pin(async move { typed(json.await?.0).map(Self) })
    }
}

fn malformed(pointer: &str, code: &'static str, reason: &str, remedy: &str) -> Problem {
    let invalid = Invalid::new(code, reason, remedy);
    Problem::Malformed(vec![ErrorDetail::pointer(pointer, invalid)])
}

/// Reads JSON in which no key stands twice and no text holds what hides or reorders.
pub fn parse(bytes: &[u8]) -> Result<Value, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value: Result<Once, _> = serde_path_to_error::deserialize(&mut reader);
    let value = match value {
        Ok(Once(value)) => value,
        Err(error) => {
            let twice = error.inner().to_string().starts_with(TWICE);
            let (code, reason, remedy) = match twice {
                true => ("twice", "a key stands twice here", "keep one of the two"),
                false => (
                    "json",
                    "the body is no JSON, or nested too deep",
                    "send one JSON object in UTF-8",
                ),
            };
            let place = if twice {
                pointer(error.path())
            } else {
                String::new()
            };
            return Err(malformed(&place, code, reason, remedy));
        }
    };
    reader.end().map_err(|_| {
        malformed(
            "",
            "json",
            "something follows the JSON",
            "send one JSON object",
        )
    })?;
    let mut unclean = Vec::new();
    clean(&value, "", &mut unclean);
    match unclean.is_empty() {
        true => Ok(value),
        false => Err(Problem::Unprocessable(unclean)),
    }
}

fn clean(value: &Value, place: &str, unclean: &mut Vec<ErrorDetail>) {
    match value {
        Value::String(words) => {
            if let Err(invalid) = text::clean(words) {
                unclean.push(ErrorDetail::pointer(place, invalid));
            }
        }
        Value::Array(entries) => entries
            .iter()
            .enumerate()
            .for_each(|(index, entry)| clean(entry, &format!("{place}/{index}"), unclean)),
        Value::Object(fields) => fields.iter().for_each(|(name, field)| {
            clean(field, &format!("{place}/{}", escaped(name)), unclean);
        }),
        _ => {}
    }
}

/// A name as a JSON Pointer holds it; one that cannot be shown is left out.
pub fn escaped(name: &str) -> String {
    match text::clean(name).is_ok() && name.len() <= 60 {
        true => name.replace('~', "~0").replace('/', "~1"),
        false => "-".to_owned(),
    }
}

/// Where serde found fault, as a JSON Pointer.
pub fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", escaped(key)),
            Segment::Enum { .. } | Segment::Unknown => String::new(),
        })
        .collect()
}

/// Reads a small body of one form; of several faults the first is named.
fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    if !value.is_object() {
        return Err(malformed(
            "",
            "type",
            "the body is no JSON object",
            "send one JSON object",
        ));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let (place, invalid) = fault(&error);
        Problem::Malformed(vec![ErrorDetail::pointer(&place, invalid)])
    })
}

/// The place and the fault of an error of serde.
pub fn fault(error: &serde_path_to_error::Error<serde_json::Error>) -> (String, Invalid) {
    let (place, words) = (pointer(error.path()), error.inner().to_string());
    let quoted = || words.split('`').nth(1).unwrap_or_default().to_owned();
    let expected = words
        .split_once(", expected ")
        .map(|(_, expected)| expected.replace('`', ""));
    if words.starts_with("missing field") {
        let name = quoted();
        let invalid = Invalid::new("missing", "the field is missing", "add it");
        return (format!("{place}/{name}"), invalid);
    }
    let invalid = match expected {
        Some(expected) if words.starts_with("unknown field") => Invalid::new(
            "unknown_field",
            "there is no such field",
            format!(
                "remove it; there are: {}",
                expected.trim_start_matches("one of ")
            ),
        ),
        Some(expected) if words.starts_with("unknown variant") => Invalid::new(
            "not_in_list",
            "the value is not in the list",
            format!("use {expected}"),
        ),
        Some(expected) if words.starts_with("invalid") => Invalid::new(
            "type",
            "the value has another type",
            format!("send {}", in_words(&expected)),
        ),
        _ => Invalid::new(
            "type",
            "the value has another form",
            "see the document at /docs",
        ),
    };
    (place, invalid)
}

/// A type as people call it who write no Rust.
fn in_words(expected: &str) -> &str {
    match expected {
        "u8" | "u16" | "u32" | "u64" => "a whole number from 0",
        "i8" | "i16" | "i32" | "i64" => "a whole number",
        "f32" | "f64" => "a number",
        "a sequence" => "a list",
        "a map" => "an object",
        "a boolean" => "true or false",
        other if other.starts_with("struct ") => "an object",
        other => other,
    }
}

/// What the error of a repeated key starts with.
const TWICE: &str = "a key stands twice";

/// Below it a float holds every whole number exactly.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// A JSON value whose objects have each key once.
struct Once(Value);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Once;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("JSON")
            }
            fn visit_bool<E>(self, value: bool) -> Result<Once, E> {
                Ok(Once(value.into()))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Once, E> {
                Ok(Once(value.into()))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Once, E> {
                Ok(Once(value.into()))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Once, E> {
                // A number without a fraction is whole, however it is written (JSON Schema, 6.3).
                let whole = value.fract() == 0.0 && value.abs() < WHOLE;
                Ok(Once(match whole {
                    true => (value as i64).into(),
                    false => value.into(),
                }))
            }
            fn visit_str<E>(self, value: &str) -> Result<Once, E> {
                Ok(Once(value.into()))
            }
            fn visit_unit<E>(self) -> Result<Once, E> {
                Ok(Once(Value::Null))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Once, A::Error> {
                let mut entries = Vec::new();
                while let Some(Once(entry)) = list.next_element()? {
                    entries.push(entry);
                }
                Ok(Once(entries.into()))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Once, A::Error> {
                let mut fields = Map::new();
                while let Some(name) = map.next_key::<String>()? {
                    if fields.contains_key(&name) {
                        return Err(A::Error::custom(TWICE));
                    }
                    let Once(field) = map.next_value()?;
                    fields.insert(name, field);
                }
                Ok(Once(fields.into()))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(body: &str) -> Vec<(String, String)> {
        match parse(body.as_bytes()) {
            Ok(_) => vec![],
            Err(Problem::Malformed(errors) | Problem::Unprocessable(errors)) => errors
                .into_iter()
                .map(|error| (error.pointer.unwrap_or_default(), error.code))
                .collect(),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn whole_numbers_may_be_written_with_a_point() {
        let read = |body: &str| parse(body.as_bytes()).ok();
        assert_eq!(
            read(r#"{"a": [30.0, 3e1, -1.0]}"#),
            read(r#"{"a": [30, 30, -1]}"#)
        );
        assert_ne!(read(r#"{"a": 30.5}"#), read(r#"{"a": 30}"#));
        assert!(read(r#"{"a": 1e300}"#).is_some_and(|body| body["a"].is_f64()));
    }

    #[test]
    fn types_are_told_in_words() {
        #[derive(Debug, Deserialize)]
        #[expect(dead_code)]
        struct Asked {
            age: Option<u8>,
            topic: Option<Vec<String>>,
        }
        for (body, remedy) in [
            (
                serde_json::json!({"age": "12"}),
                "send a whole number from 0",
            ),
            (serde_json::json!({"topic": "x"}), "send a list"),
        ] {
            match typed::<Asked>(body) {
                Err(Problem::Malformed(errors)) => assert_eq!(errors[0].remedy, remedy),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn nothing_is_said_twice_or_hidden() {
        let one = |place: &str, code: &str| vec![(place.to_owned(), code.to_owned())];
        assert!(codes(r#"{"a": [1, {"b": null}], "c": "x"}"#).is_empty());
        assert_eq!(codes(r#"{"a": {"b": 1, "b": 2}}"#)[0].1, "twice");
        assert_eq!(
            codes("{\"a\": {\"b\": \"x\u{202e}\"}}"),
            one("/a/b", "character")
        );
        assert_eq!(codes(r#"{"a": 1} {}"#), one("", "json"));
        assert_eq!(codes(&"[".repeat(100_000)), one("", "json"));
        assert_eq!(codes(""), one("", "json"));
        assert_eq!(codes("{\"a\": \"\u{0}\"}").len(), 1);
    }
}
