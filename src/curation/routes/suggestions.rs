//! HTTP of what the public tells us.

use crate::{
    curation::{
        queries,
        suggestions::{self, Received, SuggestionInput},
    },
    web::{Problem, Query, Result, State, body::Body, extract::NoParams},
};
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, post};
use diesel_async::AsyncConnection;
use std::future::{Ready, ready};
use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(create_suggestion);
}

/// Whoever has not sent too many lately.
struct Patient;

impl FromRequest for Patient {
    type Error = Problem;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let limited = State::from_request(request, payload)
            .into_inner()
            .and_then(|state| state.limit(request));
        ready(limited.map(|()| Self))
    }
}

/// Tells us that something is wrong
///
/// A wrong number, a line that nobody answers: no key, no account, and nothing about you is asked or
/// kept. A maintainer looks at it; nothing of it is published by itself. At most five at once and ten a
/// minute from one network.
#[utoipa::path(
    tag = "directory",
    request_body(content = SuggestionInput, description = "What is wrong, about which record."),
    responses((status = 202, description = "It was taken down.", body = Received)),
)]
#[post("/v1/suggestions")]
async fn create_suggestion(
    _: Patient,
    state: State,
    _: Query<NoParams>,
    body: Body<SuggestionInput>,
) -> Result<HttpResponse> {
    tell(&state, body.0).await?;
    Ok(HttpResponse::Accepted().json(Received::THANKS))
}

/// Takes down what the public tells, from whichever form it comes. Who calls it has asked
/// [`State::limit`](crate::web::state::Directory::limit) before.
///
/// # Errors
/// 422 when there is no such public record or contact point, or the text is none; 503 when the
/// database does not answer.
pub async fn tell(state: &State, told: SuggestionInput) -> Result<()> {
    let mut connection = state.writer().await?;
    let connection = &mut *connection;
    connection
        .transaction(async |connection| {
            queries::be_brief(connection).await?;
            suggestions::receive(connection, told).await
        })
        .await
}
