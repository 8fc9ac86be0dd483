//! Parts of the document that many operations share: headers, parameters, problems.

use serde_json::{Value, json};

/// What goes wrong, by status: the name of the shared response, and what it says.
pub const PROBLEMS: [(&str, &str, &str); 15] = [
    (
        "400",
        "Malformed",
        "A parameter is unknown, has a wrong form, or a value outside its list.",
    ),
    (
        "401",
        "KeyNeeded",
        "A key is needed, or the one that was sent is none.",
    ),
    (
        "403",
        "Forbidden",
        "The key is one, but its role or its countries do not suffice.",
    ),
    (
        "404",
        "NotFound",
        "Nothing stands here, or nothing that the caller may see.",
    ),
    ("409", "Conflict", "It cannot be done as things stand."),
    (
        "410",
        "Gone",
        "It was public and is archived; or the revision is too old to follow from.",
    ),
    (
        "412",
        "PreconditionFailed",
        "The record has another revision than If-Match names.",
    ),
    (
        "413",
        "TooLarge",
        "The body is larger than 256 KiB, or to be imported than 32 MiB.",
    ),
    (
        "415",
        "UnsupportedMediaType",
        "The body has another media type.",
    ),
    (
        "428",
        "PreconditionRequired",
        "A write names the revision that it was made against.",
    ),
    (
        "429",
        "TooManyRequests",
        "Too many came from this network; wait as long as Retry-After says. Whom to contact, `/v1/help`, is never refused so.",
    ),
    (
        "406",
        "NotAcceptable",
        "None of the media types in Accept is offered.",
    ),
    (
        "422",
        "Unprocessable",
        "Well-formed, but the values do not fit each other or a code table.",
    ),
    (
        "503",
        "Unavailable",
        "The directory cannot answer now; try again.",
    ),
    (
        "default",
        "Problem",
        "What went wrong, where, and what to do about it.",
    ),
];

/// A shared response that is a problem.
pub fn problem(status: &str, description: &str) -> Value {
    let mut headers = json!({"X-Request-Id": text("Names this request in the operator's log.")});
    match status {
        "401" => headers["WWW-Authenticate"] = text("How to send the key."),
        "412" => headers["ETag"] = text("The revision that stands."),
        "429" | "503" => headers["Retry-After"] = text("Seconds to wait before trying again."),
        _ => {}
    }
    if status == "429" {
        headers["RateLimit-Policy"] = perhaps(
            "How many requests one network may send at once (q), and in how many seconds they come back (w).",
        );
        headers["RateLimit"] =
            perhaps("How many it may still send (r), and seconds until it may send all again (t).");
    }
    json!({
        "description": description,
        "headers": headers,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    })
}

/// A header that is text.
pub fn text(description: &str) -> Value {
    json!({"description": description, "required": true, "schema": {"type": "string"}})
}

/// A header that is not always there.
fn perhaps(description: &str) -> Value {
    json!({"description": description, "schema": {"type": "string"}})
}

/// The headers of an answer that anybody may have.
pub fn headers(listed: bool) -> Value {
    let mut headers = json!({
        "ETag": text("Identifies these bytes; send it as If-None-Match."),
        "Cache-Control": text("How long the answer may be kept."),
        "Directory-Revision": {
            "description": "The last revision that changed public data.",
            "required": true,
            "schema": {"type": "integer", "minimum": 0},
        },
        "X-Request-Id": text("Names this request in the operator's log."),
    });
    if listed {
        headers["Link"] =
            text("The first, previous, next and last page (RFC 8288); of streams the licence.");
    }
    headers
}

/// The headers of an answer to somebody with a key.
pub fn written_headers(status: &str, named: bool, reads: bool) -> Value {
    let mut headers = json!({
        "Cache-Control": text("How long the answer may be kept: not at all."),
        "X-Request-Id": text("Names this request in the operator's log."),
    });
    if status != "200" {
        headers["Location"] =
            json!({"description": "Where it stands.", "schema": {"type": "string"}});
    }
    if status != "202" && named && !reads {
        headers["ETag"] =
            json!({"description": "The revision, for If-Match.", "schema": {"type": "string"}});
    }
    headers
}

/// What only a key opens.
pub fn access_parameters() -> [Value; 2] {
    let listed = |name: &str, what: &str, values: &[&str]| {
        json!({
            "name": name, "in": "query", "required": false, "style": "form", "explode": true,
            "description": format!("{what} Needs a key from editor up; may be repeated."),
            "schema": {"type": "array", "maxItems": 50, "items": {"type": "string", "enum": values}},
        })
    };
    [
        listed(
            "status",
            "Records of this status, `published` when left out.",
            &["draft", "published", "archived"],
        ),
        listed(
            "visibility",
            "Records of this visibility, `public` when left out; `hidden` brings hidden contact points too.",
            &["public", "hidden"],
        ),
    ]
}

/// The header that names the languages of an answer.
pub fn content_language() -> Value {
    json!({
        "description": "The languages that the texts of the answer are in, each once; not sent with streams.",
        "required": false,
        "schema": {"type": "string"},
    })
}

/// The language of an answer.
pub fn language_parameter() -> Value {
    json!({
        "name": "lang", "in": "query", "required": false,
        "description": "Language of names, descriptions, notes and labels, instead of what `Accept-Language` prefers. \
            Texts that are not translated come in the original: `text` says it of each. `es-MX` finds `es`, `tl` is `fil`.",
        "schema": {"$ref": "#/components/schemas/LanguageTag"},
    })
}

/// Below these a write says nothing in its headers: it is none of a record, or one that is the same when it is sent again.
const PLAIN: [&str; 5] = [
    "/v1/imports",
    "/v1/keys",
    "/v1/review_queue",
    "/v1/samples",
    "/v1/duplicates",
];

/// What a write says in its headers.
pub fn write_headers(path: &str, method: &str) -> Vec<Value> {
    let header = |name: &str, needed: bool, form: Value, description: &str, example: &str| {
        let mut schema = json!({"type": "string"});
        for (key, value) in form.as_object().into_iter().flatten() {
            schema[key] = value.clone();
        }
        json!({
            "name": name, "in": "header", "required": needed, "description": description,
            "schema": schema, "example": example,
        })
    };
    let mut headers = Vec::new();
    if PLAIN.iter().any(|below| path.starts_with(below)) {
        return headers;
    }
    // Hiding is one call and does without.
    if path.contains("{reference}") && !path.ends_with("/hide") {
        let tag = r#"(W/)?"[0-9]{1,18}(\.[0-9a-f]{1,64})?""#;
        // Who publishes answers for what they read.
        let (form, whatever) = match path.ends_with("/publish") {
            true => (format!("^{tag}$"), ""),
            false => (format!(r"^(\*|{tag})$"), " `*` takes whatever stands."),
        };
        headers.push(header(
            "If-Match",
            true,
            json!({"pattern": form}),
            &format!("The ETag of the record as it was read; its revision counts.{whatever}"),
            "\"12\"",
        ));
    }
    headers.push(header(
        "Idempotency-Key",
        false,
        json!({"pattern": "^[!-~]{1,255}$"}),
        "Answers the same to the same write for 24 hours.",
        "01a20c66-a15b-70af-94fc-c6340a5da4f8",
    ));
    let documents = matches!(method, "put" | "patch")
        || (method == "post" && !path.contains('{') && path != "/v1/proposals");
    if documents {
        headers.push(header(
            "Change-Reason",
            false,
            json!({"pattern": "^[!-~]([ -~]{0,498}[!-~])?$"}),
            "Why, for the ledger alone: at most 500 characters, what is not ASCII percent-encoded.",
            "The operator confirmed it.",
        ));
        headers.push(header(
            "Change-Evidence",
            false,
            json!({"format": "uri"}),
            "Where it can be seen, for the proposal that it may become; a web address with a host name.",
            "https://operator.example/contact",
        ));
    }
    headers
}
