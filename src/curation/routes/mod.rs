//! HTTP of curation: same paths, other methods, and a role.

mod acts;
mod duplicates;
mod exports;
mod history;
mod imports;
mod keys;
mod merging;
mod progress;
mod proposals;
mod records;
mod review;
mod samples;
mod suggestions;
mod uploads;
mod verifications;

pub use suggestions::tell;

use super::edits::{Act, Answer, Write, Writer, write};
use crate::{
    ledger::Resource,
    web::{
        Problem, Result, State,
        conditional::{Caching, Conditions},
        editable::Edited,
        identity::Identity,
        parse,
    },
};
use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    guard::GuardContext,
    http::{
        StatusCode,
        header::{self, ContentType},
    },
};
use std::future::{Ready, ready};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the operations of curation.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .configure(suggestions::routes)
        .configure(review::routes)
        .configure(duplicates::routes)
        .configure(progress::routes)
        .configure(samples::routes)
        .configure(proposals::routes)
        .configure(keys::routes)
        .configure(imports::routes)
        .configure(exports::routes)
        .configure(history::routes)
        .configure(acts::routes)
        .configure(merging::routes)
        .configure(verifications::routes)
        .configure(records::routes);
}

/// The resources that people edit, by the nouns in paths. Countries are edited by imports.
pub const EDITABLE: [Resource; 9] = [
    Resource::Organizations,
    Resource::Hotlines,
    Resource::RegionalContacts,
    Resource::Statistics,
    Resource::Indicators,
    Resource::Sources,
    Resource::Topics,
    Resource::Populations,
    Resource::Synonyms,
];

/// How the document shows them.
pub const EDITED: [Edited; 9] = [
    edited("organizations", "organization", "Organization"),
    edited("hotlines", "hotline", "Hotline"),
    edited("regional_contacts", "regional_contact", "RegionalContact"),
    edited("statistics", "statistic", "Statistic"),
    edited("indicators", "indicator", "Indicator"),
    edited("sources", "source", "Source"),
    edited("topics", "topic", "Topic"),
    edited("populations", "population", "Population"),
    edited("synonyms", "synonym", "Synonym"),
];

const fn edited(resource: &'static str, one: &'static str, schema: &'static str) -> Edited {
    Edited {
        resource,
        one,
        schema,
    }
}

/// What is written, for the document.
#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(
    crate::organizations::OrganizationInput,
    crate::hotlines::HotlineInput,
    crate::regional_contacts::RegionalContactInput,
    crate::statistics::StatisticInput,
    crate::vocabularies::IndicatorInput,
    crate::vocabularies::SourceInput,
    crate::vocabularies::TopicInput,
    crate::vocabularies::PopulationInput,
    crate::vocabularies::SynonymInput,
)))]
pub struct Bodies;

/// The resource, and the record if there is one, that a path names.
#[derive(Debug)]
struct Target {
    resource: Resource,
    reference: Option<String>,
}

impl FromRequest for Target {
    type Error = Problem;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parts = request.match_info();
        let resource = parts.get("resource").and_then(Resource::named);
        let reference = parts.get("reference").map(str::to_owned);
        let plain = |text: &String| parse::reference(text).is_ok();
        let named = resource.filter(|_| reference.as_ref().is_none_or(plain));
        ready(
            named
                .map(|resource| Self {
                    resource,
                    reference,
                })
                .ok_or(Problem::NotFound),
        )
    }
}

/// Whether a path names a resource that people edit; others have no such route.
fn editable(context: &GuardContext<'_>) -> bool {
    let mut parts = context.head().uri.path().split('/').skip(2);
    let named = parts.next().and_then(Resource::named);
    named.is_some_and(|resource| EDITABLE.contains(&resource))
}

/// Writes, and answers.
async fn written(
    state: State,
    identity: &Identity,
    target: Target,
    conditions: Conditions,
    act: Act,
) -> Result<HttpResponse> {
    let writer = Writer {
        identity: identity.clone(),
        one_person: state.config().one_person,
    };
    let asked = Write {
        resource: target.resource,
        reference: target.reference,
        conditions,
        act,
    };
    let answer = write(&mut *state.writer().await?, &writer, &asked).await;
    state.wrote().await;
    answered(&state, answer?)
}

/// An answer to somebody with a key.
fn answered(state: &State, answer: Answer) -> Result<HttpResponse> {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CACHE_CONTROL, Caching::Private.header()));
    if let Some(etag) = answer.etag {
        response.insert_header((header::ETAG, etag));
    }
    if let Some(path) = answer.location {
        let url = format!("{}{path}", state.config().public_url);
        response.insert_header((header::LOCATION, url));
    }
    Ok(response.content_type(ContentType::json()).body(answer.body))
}

/// A plain answer to somebody with a key.
fn private(body: &impl serde::Serialize) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, Caching::Private.header()))
        .json(body)
}
