//! The door: every request comes in and every answer goes out through here, whoever made it.
//!
//! It gives the request an id, turns HEAD into GET, answers OPTIONS and what was asked before, makes a problem of every
//! error, sets the headers that all answers carry, counts, and writes the access log. The log
//! has time, route template, method, status, duration, bytes and request id; never an address,
//! a query, a referrer or a user agent.

use super::{
    PROBLEM_JSON, Problem,
    conditional::Caching,
    connection::{self, Requests, Slices},
    limits::Allowance,
    metrics,
    pulse::Pulse,
    state::Directory,
};
use actix_web::{
    HttpResponse, ResponseError,
    body::{BodySize, BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{
        ConnectionType, Method, StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use futures_util::FutureExt;
use std::{panic::AssertUnwindSafe, sync::Arc, time::Instant};
use uuid::Uuid;

/// The header that names a request, in answers and in the log.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The header that tells the public revision.
pub const REVISION: HeaderName = HeaderName::from_static("directory-revision");

/// What an answer may do that is no page: nothing, wherever somebody opens it.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// Which methods each documented path has: what OPTIONS and 405 answer from.
#[derive(Debug, Clone, Default)]
pub struct Methods(Arc<Vec<(Vec<String>, Vec<&'static str>)>>);

impl Methods {
    /// Reads them from the document, which describes what is mounted, and adds the paths beside
    /// it, which are read, and of which some take forms.
    /// Of `{resource}` in a path there are those that are `editable`.
    pub fn of(
        document: &utoipa::openapi::OpenApi,
        aside: &[&str],
        forms: &[&str],
        editable: &[&str],
    ) -> Self {
        let split = |path: &str| -> Vec<String> { path.split('/').map(str::to_owned).collect() };
        let mut all: Vec<(Vec<String>, Vec<&'static str>)> = Vec::new();
        for (path, item) in &document.paths.paths {
            let methods = [
                ("GET", item.get.is_some()),
                ("HEAD", item.get.is_some()),
                ("POST", item.post.is_some()),
                ("PUT", item.put.is_some()),
                ("PATCH", item.patch.is_some()),
                ("DELETE", item.delete.is_some()),
            ];
            let methods = methods.iter().filter(|(_, has)| *has);
            let methods: Vec<&str> = methods.map(|(name, _)| *name).collect();
            match path.contains("{resource}") {
                true => all.extend(
                    editable
                        .iter()
                        .map(|name| (split(&path.replace("{resource}", name)), methods.clone())),
                ),
                false => all.push((split(path), methods)),
            }
        }
        all.extend(aside.iter().map(|path| (split(path), vec!["GET", "HEAD"])));
        all.extend(forms.iter().map(|path| (split(path), vec!["POST"])));
        Self(Arc::new(all))
    }

    /// The methods of the path that a request names, if there is such a path.
    pub fn allowed(&self, path: &str) -> Option<String> {
        let parts: Vec<&str> = path.split('/').collect();
        let fits = |template: &[String]| {
            template.len() == parts.len()
                && template.iter().zip(&parts).all(|(wanted, part)| {
                    wanted == part || (wanted.starts_with('{') && !part.is_empty())
                })
        };
        let fitting = self.0.iter().filter(|(template, _)| fits(template));
        let methods: Vec<&str> = fitting.flat_map(|(_, methods)| methods.clone()).collect();
        let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
        let mut allow: Vec<&str> = known
            .into_iter()
            .filter(|one| methods.contains(one))
            .collect();
        allow.push("OPTIONS");
        (!methods.is_empty()).then(|| allow.join(", "))
    }
}

/// What no route answers: 405 with the methods that the path has, else 404.
pub async fn fallback(request: actix_web::HttpRequest) -> Result<HttpResponse, Problem> {
    let methods = request.app_data::<Data<Methods>>();
    match methods.and_then(|methods| methods.allowed(request.path())) {
        Some(allow) => Err(Problem::MethodNotAllowed(allow)),
        None => Err(Problem::NotFound),
    }
}

/// The middleware; see the module.
///
/// # Errors
/// None: whatever fails inside becomes an answer.
pub async fn front(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Instant::now();
    let keyed = is_keyed(&request);
    // The connection waits for us meanwhile, not for who asked.
    let answering = request.conn_data().map(Requests::answering);
    let (id, mut digits) = (Uuid::now_v7(), Uuid::encode_buffer());
    let id = &*id.as_hyphenated().encode_lower(&mut digits);
    let asked = known(request.method());
    let directory = request.app_data::<Data<Directory>>().cloned();
    let is_api = request.path().starts_with("/v1");
    let pulse = directory
        .as_deref()
        .map(|directory| &*directory.shared.pulse);
    if request.method() == Method::HEAD {
        // Route macros know GET only; actix leaves the body out because HEAD came in.
        request.head_mut().method = Method::GET;
    }
    let allowance = directory
        .as_deref()
        .filter(|_| is_counted(request.path()))
        .and_then(|directory| directory.count(request.request()));
    let refused = allowance.as_ref().and_then(Allowance::refused);
    let again = match (directory.as_deref(), &refused) {
        (Some(directory), None) => directory.answer_again(&request).await,
        _ => None,
    };
    let (found, again) = again.unzip();
    let answered = match (asked, refused, again) {
        ("OPTIONS", ..) => Ok(options(request)),
        (_, Some(problem), _) => Ok(request.into_response(problem.error_response())),
        (_, _, Some(again)) => Ok(request.into_response(again)),
        _ => routed(request, next, pulse).await,
    };
    let note = |route: &str, response: &HttpResponse| {
        let took = started.elapsed();
        metrics::count(asked, route, response.status().as_u16(), took);
        log::info!(
            target: "lodestar::access",
            route = route, method = asked, status = response.status().as_u16(),
            microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            bytes = sent(response), id = id;
            "answered"
        );
    };
    match answered {
        Ok(mut response) => {
            if response.status().is_client_error() || response.status().is_server_error() {
                response = as_problem(response);
            }
            headers(response.headers_mut(), id);
            if response.status() == StatusCode::REQUEST_TIMEOUT
                && let Some(answering) = &answering
            {
                answering.spent();
            }
            if connection::leaving() {
                let head = response.response_mut().head_mut();
                head.set_connection_type(ConnectionType::Close);
            }
            if keyed {
                private(response.headers_mut());
            }
            if is_api {
                revision(response.headers_mut(), pulse);
                age(&mut response, pulse);
            }
            if let Some(allowance) = allowance {
                allowance.tell(response.headers_mut());
            }
            let route = match found {
                Some(found) => Some(found.route.clone()),
                None => response.request().match_pattern(),
            };
            note(route.as_deref().unwrap_or("unmatched"), response.response());
            Ok(response.map_body(|_, body| Slices::of(body)))
        }
        Err(mut response) => {
            headers(response.headers_mut(), id);
            if is_api {
                revision(response.headers_mut(), pulse);
            }
            note("unmatched", &response);
            Err(InternalError::from_response("no answer was made", response).into())
        }
    }
}

/// Whether requests for a path are counted: those that may ask the database. Whoever asks whom to
/// contact now is never told to wait.
fn is_counted(path: &str) -> bool {
    let asks = [
        "/v1/",
        "/embed/statistic/",
        "/embed/chart/",
        "/embed/static/",
        "/oembed",
    ];
    path != "/v1/help" && asks.iter().any(|start| path.starts_with(start))
}

/// Whether a request comes with a key; others' schemes are for those in between.
fn is_keyed(request: &ServiceRequest) -> bool {
    let sent = request.headers().get(header::AUTHORIZATION);
    let scheme = sent.and_then(|sent| sent.as_bytes().get(..6));
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"bearer"))
}

/// Bytes of a body; -1 for a stream, whose length nobody knows yet.
fn sent(response: &HttpResponse) -> i64 {
    match response.body().size() {
        BodySize::Sized(bytes) => i64::try_from(bytes).unwrap_or(i64::MAX),
        BodySize::None => 0,
        BodySize::Stream => -1,
    }
}

/// The methods that are logged and counted by name.
fn known(method: &Method) -> &'static str {
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        .into_iter()
        .find(|name| method == name)
        .unwrap_or("other")
}

/// The answer of the routes. The request must not be held on to: routing needs it alone. So a
/// panic leaves a response without its request.
async fn routed(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    pulse: Option<&Pulse>,
) -> Result<ServiceResponse<BoxBody>, HttpResponse> {
    // Answered from memory, whatever becomes of the database meanwhile.
    let pulse = pulse.filter(|_| request.path() != "/v1/help");
    let answer = AssertUnwindSafe(next.call(request)).catch_unwind();
    let answer = match pulse {
        Some(pulse) => pulse.unless_away(answer).await,
        None => Ok(answer.await),
    };
    match answer {
        Ok(Ok(Ok(response))) => Ok(response.map_into_boxed_body()),
        Ok(Ok(Err(error))) => {
            Err(Problem::from_status(error.as_response_error().status_code()).error_response())
        }
        Ok(Err(_)) => Err(Problem::Internal("a handler panicked".into()).error_response()),
        Err(away) => Err(away.error_response()),
    }
}

fn options(request: ServiceRequest) -> ServiceResponse<BoxBody> {
    let methods = request.app_data::<Data<Methods>>().cloned();
    let allow = methods
        .as_deref()
        .and_then(|methods| methods.allowed(request.path()));
    let response = match allow {
        Some(allow) => HttpResponse::NoContent()
            .insert_header((header::ALLOW, allow.as_str()))
            .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, allow.as_str()))
            .insert_header((
                header::ACCESS_CONTROL_ALLOW_HEADERS,
                "Accept, Authorization, Change-Evidence, Change-Reason, Content-Type, Idempotency-Key, If-Match, If-None-Match",
            ))
            .insert_header((header::ACCESS_CONTROL_MAX_AGE, "86400"))
            .finish(),
        None => Problem::NotFound.error_response(),
    };
    request.into_response(response)
}

/// Errors that the framework made itself get the body that all errors have. Pages tell people of
/// theirs.
fn as_problem(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let told = [PROBLEM_JSON, "text/html"];
    let is_told = kind.is_some_and(|kind| {
        told.iter()
            .any(|told| kind.as_bytes().starts_with(told.as_bytes()))
    });
    if is_told {
        return response;
    }
    let problem = Problem::from_status(response.status());
    let (request, _) = response.into_parts();
    ServiceResponse::new(request, problem.error_response())
}

/// What stands in every answer. Constant, never echoed: so that caches hold one copy for all sites.
const ALWAYS: [(HeaderName, HeaderValue); 5] = [
    (
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    ),
    (
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static(
            "ETag, Link, Directory-Revision, Retry-After, RateLimit, RateLimit-Policy, Location, Content-Location, X-Request-Id",
        ),
    ),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    ),
    (
        header::CROSS_ORIGIN_RESOURCE_POLICY,
        HeaderValue::from_static("cross-origin"),
    ),
];

/// What stands in an answer that says nothing else.
const OTHERWISE: [(HeaderName, HeaderValue); 2] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(POLICY),
    ),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

fn headers(headers: &mut HeaderMap, id: &str) {
    for (name, value) in ALWAYS {
        headers.insert(name, value);
    }
    for (name, value) in OTHERWISE {
        if !headers.contains_key(&name) {
            headers.insert(name, value);
        }
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
}

/// What is answered to a key nobody keeps, also where it is what all may read.
fn private(headers: &mut HeaderMap) {
    let private = HeaderValue::from_static(Caching::Private.header());
    headers.insert(header::CACHE_CONTROL, private);
}

/// Every answer of the API carries the revision, errors too where it is known.
fn revision(headers: &mut HeaderMap, pulse: Option<&Pulse>) {
    if let Some(known) = pulse.and_then(Pulse::revision)
        && !headers.contains_key(&REVISION)
    {
        headers.insert(REVISION, HeaderValue::from(known.number));
    }
}

/// While the database is away, what is answered all the same says since when nobody could confirm it.
fn age(response: &mut ServiceResponse<BoxBody>, pulse: Option<&Pulse>) {
    let good = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    if let Some(age) = pulse.and_then(Pulse::age)
        && good
        && !response.headers().contains_key(header::AGE)
    {
        response
            .headers_mut()
            .insert(header::AGE, HeaderValue::from(age.as_secs()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_match_whole_paths() {
        let path = |path: &str| path.split('/').map(str::to_owned).collect();
        let methods = Methods(Arc::new(vec![(
            path("/v1/hotlines/{reference}"),
            vec!["GET", "HEAD"],
        )]));
        assert!(methods.allowed("/v1/hotlines/x").is_some());
        assert!(methods.allowed("/v1/hotlines/").is_none());
        assert!(methods.allowed("/v1/hotlines/x/y").is_none());
    }
}
