//! HTTP of keys, and of who asks.

use super::private;
use crate::{
    curation::{
        documents::refused,
        keys::{self, DAYS, Wanted},
        model::{KeyInfo, Me, NewKey},
    },
    values::{Invalid, role::Role},
    web::{
        Problem, Query, Result, State,
        body::Body,
        extract::NoParams,
        identity::{Admin, Contributor, Identity},
    },
};
use actix_web::{HttpRequest, HttpResponse, get, http::header, post};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(read_me)
        .service(list_keys)
        .service(create_key)
        .service(revoke_key);
}

/// Says who asks
///
/// The name that the ledger writes down, the role, its limits, and what it may do.
#[utoipa::path(
    tag = "curation",
    responses((status = 200, description = "Who asks.", body = Me)),
    security(("key" = ["contributor"])),
)]
#[get("/v1/me")]
async fn read_me(who: Contributor, state: State, _: Query<NoParams>) -> HttpResponse {
    private(&Me {
        name: who.name.clone(),
        role: who.role,
        countries: who.countries.clone(),
        expires_at: who.expires_at,
        may: who.role.may(),
        one_person: state.config().one_person,
    })
}

/// All keys.
#[derive(Debug, serde::Serialize, ToSchema)]
pub struct Keys {
    /// The keys, the newest first; never the keys themselves.
    contents: Vec<KeyInfo>,
}

/// Lists all keys
///
/// Whom each stands for, what it opens, until when, and when it was last used. Admin.
#[utoipa::path(
    tag = "curation",
    responses((status = 200, description = "All keys, revoked and expired ones too.", body = Keys)),
    security(("key" = ["admin"])),
)]
#[get("/v1/keys")]
async fn list_keys(_: Admin, state: State, _: Query<NoParams>) -> Result<HttpResponse> {
    let contents = keys::all(&mut *state.writer().await?).await?;
    Ok(private(&Keys { contents }))
}

/// A key that somebody wants.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyInput {
    /// The person or job that it stands for; all keys of one name are one person.
    #[schema(min_length = 2, max_length = 100, example = "Maria")]
    name: String,
    /// What it opens.
    role: Role,
    /// The countries it is limited to, ISO 3166-1 alpha-2; empty for all.
    #[serde(default)]
    #[schema(max_items = 250)]
    countries: Vec<String>,
    /// How many days it lasts, 90 when left out.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 365)]
    days: Option<i64>,
}

/// Makes a key
///
/// Shown this once; it works on every instance within two seconds. An Idempotency-Key is of no use
/// here, since the key is kept nowhere. Admin.
#[utoipa::path(
    tag = "curation",
    request_body(content = KeyInput, description = "Whom it stands for, and what it opens."),
    responses((status = 201, description = "The key.", body = NewKey)),
    security(("key" = ["admin"])),
)]
#[post("/v1/keys")]
async fn create_key(
    who: Admin,
    state: State,
    _: Query<NoParams>,
    body: Body<KeyInput>,
) -> Result<HttpResponse> {
    let wanted = Wanted {
        name: body.0.name,
        role: body.0.role,
        countries: body.0.countries,
        days: body.0.days.unwrap_or(DAYS.0),
    };
    let faults = wanted.faults();
    if !faults.is_empty() {
        return Err(refused(faults));
    }
    within(&who, &wanted.countries)?;
    let made = keys::create(&mut *state.writer().await?, wanted, &who.name).await;
    let (info, key) = made.map_err(|error| match error.downcast::<diesel::result::Error>() {
        Ok(error) => Problem::from(*error),
        Err(_) => Problem::Internal("no randomness".into()),
    })?;
    let new = NewKey {
        key: key.reveal().to_owned(),
        info,
    };
    Ok(HttpResponse::Created()
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .json(new))
}

/// Revokes a key
///
/// It opens nothing on any instance within two seconds. Admin.
#[utoipa::path(
    tag = "curation",
    params(("id" = Uuid, Path, description = "Id of the key.")),
    responses((status = 200, description = "The key, revoked.", body = KeyInfo)),
    security(("key" = ["admin"])),
)]
#[post("/v1/keys/{id}/revoke")]
async fn revoke_key(
    who: Admin,
    state: State,
    request: HttpRequest,
    _: Query<NoParams>,
) -> Result<HttpResponse> {
    let id = request.match_info().get("id").unwrap_or_default();
    let id = Uuid::parse_str(id).map_err(|_| Problem::NotFound)?;
    let mut connection = state.writer().await?;
    let all = keys::all(&mut connection).await?;
    let key = all.iter().find(|key| key.id == id);
    within(&who, &key.ok_or(Problem::NotFound)?.countries)?;
    Ok(private(&keys::revoke(&mut connection, id).await?))
}

/// A key that is limited to countries makes and revokes keys of these alone.
fn within(who: &Identity, countries: &[String]) -> Result<()> {
    let wider = countries.is_empty() || countries.iter().any(|one| !who.countries.contains(one));
    match wider && !who.countries.is_empty() {
        false => Ok(()),
        true => Err(Problem::Forbidden(Invalid::new(
            "country",
            "your key is limited to some countries, and this one is not within them",
            "name countries of your own, or let somebody do it whose key holds them",
        ))),
    }
}
