//! The one error type of the API: variants by what the caller can do, one body (RFC 9457), two
//! messages. What the log says never leaves; what the caller is told never holds a value sent.

use super::{PROBLEM_JSON, kinds::KINDS};
use crate::values::Invalid;
use actix_web::{
    HttpResponse, ResponseError,
    http::{StatusCode, header},
};
use serde::Serialize;
use std::fmt;
use utoipa::ToSchema;

/// What handlers return.
pub type Result<T> = std::result::Result<T, Problem>;

/// Why a request was not answered, by who must act: 4xx the caller, 503 try again, 500 our bug.
#[derive(Debug)]
pub enum Problem {
    /// 400: a parameter is unknown, has a wrong form, or a value outside its list.
    Malformed(Vec<ErrorDetail>),
    /// 401: a key is needed, or the one that was sent is none.
    Unauthenticated(Vec<ErrorDetail>),
    /// 403: the key is one, and its role or its countries do not suffice.
    Forbidden(Invalid),
    /// 404: nothing public stands here.
    NotFound,
    /// 404: nothing is kept under this name, and what may have become of it.
    Unknown(Invalid),
    /// 405: the path exists, not with this method. Carries the methods that do.
    MethodNotAllowed(String),
    /// 406: none of the media types asked for is offered. Carries those that are.
    NotAcceptable(&'static str),
    /// 408: the body did not come in time.
    TooSlow,
    /// 409: it cannot be done as things stand; where two changed the same, both values.
    Conflict(Invalid, Vec<Conflict>),
    /// 410: it was public and is closed, or became part of the record at this address.
    Gone(Option<String>),
    /// 410: the revision asked from is too old to follow from.
    TooFarBehind,
    /// 410: the bundle is not current any more.
    Superseded,
    /// 412: the record has another revision; its ETag.
    PreconditionFailed(String),
    /// 413: the body is larger than what is read.
    TooLarge,
    /// 415: the body has another media type.
    UnsupportedMediaType,
    /// 428: a write names the revision that it was made against.
    PreconditionRequired,
    /// 429: too many came; seconds to wait.
    TooManyRequests(u64),
    /// 422: well-formed, but the values do not fit each other or a code table.
    Unprocessable(Vec<ErrorDetail>),
    /// 501: the format exists, and is not offered. Carries those that are.
    NotOffered(&'static str),
    /// 503: the database does not answer; the message is for the log.
    Unavailable(String),
    /// Another status that the framework chose.
    Other(StatusCode),
    /// 500: our bug; the message is for the log.
    Internal(String),
}

/// One thing that is wrong, where it is, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ErrorDetail {
    /// The query parameter that is wrong.
    #[schema(example = "country")]
    pub parameter: Option<String>,
    /// JSON Pointer (RFC 6901) to the field of the body that is wrong.
    pub pointer: Option<String>,
    /// The header that is wrong.
    pub header: Option<String>,
    /// A stable code for programs.
    #[schema(example = "country")]
    pub code: String,
    /// What is wrong.
    #[schema(example = "it is no country code")]
    pub reason: String,
    /// What to do.
    #[schema(example = "use an ISO 3166-1 alpha-2 code such as PH or GB")]
    pub remedy: String,
}

impl ErrorDetail {
    /// A refusal of a query parameter.
    pub fn parameter(name: &str, invalid: Invalid) -> Self {
        Self {
            parameter: Some(name.to_owned()),
            ..Self::of(invalid)
        }
    }

    /// A refusal of a field of the body.
    pub fn pointer(pointer: &str, invalid: Invalid) -> Self {
        Self {
            pointer: Some(pointer.to_owned()),
            ..Self::of(invalid)
        }
    }

    /// A refusal of a header.
    pub fn header(name: &str, invalid: Invalid) -> Self {
        Self {
            header: Some(name.to_owned()),
            ..Self::of(invalid)
        }
    }

    fn of(invalid: Invalid) -> Self {
        Self {
            parameter: None,
            pointer: None,
            header: None,
            code: invalid.code.to_owned(),
            reason: invalid.reason,
            remedy: invalid.remedy,
        }
    }
}

/// A field that two changed, each otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Conflict {
    /// JSON Pointer (RFC 6901) to the field.
    #[schema(example = "/name")]
    pub pointer: String,
    /// What stood there when the change was proposed.
    pub base: serde_json::Value,
    /// What stands there now.
    pub current: serde_json::Value,
    /// What was proposed.
    pub proposed: serde_json::Value,
}

/// The body of every error, `application/problem+json` after RFC 9457.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Identifies the kind of problem; resolves to its explanation.
    #[schema(example = "/problems#malformed")]
    pub r#type: String,
    /// The kind of problem in words.
    #[schema(example = "The request is malformed")]
    pub title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599, example = 400)]
    pub status: u16,
    /// What happened this time and what to do.
    #[schema(example = "Correct what `errors` names and send the request again.")]
    pub detail: String,
    /// All that is wrong, each with its place; of very much the first hundred.
    #[schema(max_items = 100)]
    pub errors: Vec<ErrorDetail>,
    /// Where two changed the same field: both values.
    pub conflicts: Vec<Conflict>,
    /// Of a record that became part of another: the address of that one.
    pub survivor: Option<String>,
}

/// An answer tells of so many faults: a short question full of them is not answered at length.
const MOST_ERRORS: usize = 100;

impl Problem {
    fn kind(&self) -> (&'static str, &'static str, &'static str) {
        let code = match self {
            Self::Malformed(_) => "malformed",
            Self::Unauthenticated(_) => "unauthenticated",
            Self::Forbidden(_) => "forbidden",
            Self::NotFound | Self::Unknown(_) => "not_found",
            Self::MethodNotAllowed(_) => "method_not_allowed",
            Self::NotAcceptable(_) => "not_acceptable",
            Self::TooSlow => "too_slow",
            Self::Conflict(..) => "conflict",
            Self::Gone(_) => "gone",
            Self::TooFarBehind => "too_far_behind",
            Self::Superseded => "superseded",
            Self::PreconditionFailed(_) => "precondition_failed",
            Self::TooLarge => "too_large",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::PreconditionRequired => "precondition_required",
            Self::TooManyRequests(_) => "too_many_requests",
            Self::Unprocessable(_) => "unprocessable",
            Self::NotOffered(_) => "not_offered",
            Self::Unavailable(_) => "unavailable",
            Self::Other(_) => "refused",
            Self::Internal(_) => "internal",
        };
        let known = KINDS.iter().find(|(known, ..)| *known == code);
        known.copied().unwrap_or(KINDS[KINDS.len() - 1])
    }

    /// The problem for a status that the framework chose itself.
    pub fn from_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::SERVICE_UNAVAILABLE => Self::Unavailable("framework".into()),
            status if status.is_server_error() => Self::Internal("framework".into()),
            status => Self::Other(status),
        }
    }

    /// What the caller is told.
    pub fn body(&self) -> ProblemBody {
        let (code, title, remedy) = self.kind();
        let (detail, errors) = match self {
            Self::Malformed(errors)
            | Self::Unauthenticated(errors)
            | Self::Unprocessable(errors) => (remedy.to_owned(), errors.clone()),
            Self::Forbidden(invalid) | Self::Unknown(invalid) | Self::Conflict(invalid, _) => {
                (remedy.to_owned(), vec![ErrorDetail::of(invalid.clone())])
            }
            Self::Gone(survivor) => {
                let became = match survivor {
                    Some(_) => {
                        "merged: it became part of the record that `survivor` names; drop your copy."
                    }
                    None => "closed: it is not kept any more; drop your copy.",
                };
                (became.to_owned(), vec![])
            }
            Self::NotAcceptable(offered) => {
                // Where there is a choice, there is a parameter for it.
                let by_name = match offered.contains(',') {
                    true => " Or ask by format=.",
                    false => "",
                };
                let detail = format!("{remedy}{by_name} Offered: {offered}.");
                (detail, vec![])
            }
            Self::MethodNotAllowed(allow) => (format!("{remedy} Allowed: {allow}."), vec![]),
            Self::NotOffered(offered) => (format!("{remedy} Offered: {offered}."), vec![]),
            _ => (remedy.to_owned(), vec![]),
        };
        let detail = match errors.len().saturating_sub(MOST_ERRORS) {
            0 => detail,
            more => format!("{detail} {more} more are not shown: correct these first."),
        };
        ProblemBody {
            r#type: format!("/problems#{code}"),
            title,
            status: self.status_code().as_u16(),
            detail,
            errors: errors.into_iter().take(MOST_ERRORS).collect(),
            conflicts: match self {
                Self::Conflict(_, conflicts) => conflicts.clone(),
                _ => vec![],
            },
            survivor: match self {
                Self::Gone(survivor) => survivor.clone(),
                _ => None,
            },
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind().1)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound | Self::Unknown(_) => StatusCode::NOT_FOUND,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Conflict(..) => StatusCode::CONFLICT,
            Self::Gone(_) | Self::TooFarBehind | Self::Superseded => StatusCode::GONE,
            Self::PreconditionFailed(_) => StatusCode::PRECONDITION_FAILED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
            Self::TooManyRequests(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable(_) => StatusCode::NOT_ACCEPTABLE,
            Self::Unprocessable(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NotOffered(_) => StatusCode::NOT_IMPLEMENTED,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Other(status) => *status,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        match self {
            Self::Internal(message) => log::error!(target: "lodestar::web", "internal: {message}"),
            Self::Unavailable(message) => {
                log::warn!(target: "lodestar::web", "unavailable: {message}")
            }
            _ => {}
        }
        let mut response = HttpResponse::build(self.status_code());
        response.content_type(PROBLEM_JSON);
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        let extra = match self {
            Self::MethodNotAllowed(allow) => Some((header::ALLOW, allow.clone())),
            Self::Unavailable(_) => Some((header::RETRY_AFTER, "2".to_owned())),
            Self::TooManyRequests(seconds) => Some((header::RETRY_AFTER, seconds.to_string())),
            Self::Unauthenticated(_) => Some((header::WWW_AUTHENTICATE, "Bearer".to_owned())),
            Self::PreconditionFailed(etag) => Some((header::ETAG, etag.clone())),
            _ => None,
        };
        if let Some(extra) = extra {
            response.insert_header(extra);
        }
        response.body(serde_json::to_vec(&self.body()).unwrap_or_default())
    }
}

/// What an English server says when a lock does not come free in time; also for the log.
pub const LOCKED: &str = "canceling statement due to lock timeout";

/// Whether the database says that its disk is full: in the system's words, or in its own where there was room for half a page.
fn is_full(message: &str) -> bool {
    message.ends_with("No space left on device") || message.starts_with("could not extend file")
}

/// Not found is the caller's to mend; a lost connection passes; the rest is our bug. The text of
/// a database error may quote values, so that only its kind reaches the log.
impl From<diesel::result::Error> for Problem {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind, Error};
        match error {
            Error::NotFound => Self::NotFound,
            Error::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
                _,
            )
            | Error::BrokenTransactionManager => Self::Unavailable("connection lost".into()),
            // The database stops, restarts, or finds the statement too long. Diesel keeps no
            // SQLSTATE; these are the words of an English server, as the private one is.
            // What it names went away in the same moment.
            Error::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => {
                Self::Unavailable("a record that it names changed meanwhile".into())
            }
            Error::DatabaseError(_, info) if info.message() == LOCKED => {
                Self::Unavailable(LOCKED.into())
            }
            Error::DatabaseError(DatabaseErrorKind::Unknown, info)
                if info.message().starts_with("terminating connection")
                    || info.message().starts_with("canceling statement")
                    || info.message() == "deadlock detected" =>
            {
                Self::Unavailable("the database ended the statement".into())
            }
            // Its disk is full; reads go on, and writes again when there is space.
            Error::DatabaseError(_, info) if is_full(info.message()) => {
                Self::Unavailable("the disk of the database is full".into())
            }
            Error::DatabaseError(kind, info) => Self::Internal(format!(
                "database: {kind:?}, constraint {}",
                info.constraint_name().unwrap_or("none")
            )),
            Error::DeserializationError(_) => {
                Self::Internal("database: a row does not deserialise".into())
            }
            _ => Self::Internal("database: query not built".into()),
        }
    }
}

impl From<crate::db::PoolError> for Problem {
    fn from(error: crate::db::PoolError) -> Self {
        Self::Unavailable(crate::db::pool_error_kind(&error).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use diesel::result::{DatabaseErrorKind, Error};

    #[test]
    fn a_full_disk_is_nobodys_bug() {
        for (words, status) in [
            (
                "could not extend file \"base/5/1\": No space left on device",
                503,
            ),
            (
                "could not extend file \"base/5/1\": wrote only 4096 of 8192 bytes at block 0",
                503,
            ),
            ("division by zero", 500),
        ] {
            let error =
                Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(words.to_owned()));
            assert_eq!(Problem::from(error).status_code(), status, "{words}");
        }
    }
}
