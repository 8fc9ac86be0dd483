//! Single records, with what `include=` brings.

use super::including::{ContactInclude, Including, OrganizationInclude, texts};
use super::model::{Included, WithIncluded};
use crate::{
    db::record::Window,
    hotlines::{self, Hotline, HotlineFilter, HotlineSort},
    organizations::{self, Organization},
    regional_contacts::{self, RegionalContact, RegionalContactFilter, RegionalContactSort},
    values::{access::Asked, citation::Citation, reference::Reference, view::View},
    vocabularies::{self, Source},
    web::{
        Problem, Query, Result, State,
        built::Built,
        conditional::Caching,
        extract::Named,
        formats::{Format, JSON, Streamed},
    },
};
use actix_web::{HttpRequest, HttpResponse, get};
use diesel::{OptionalExtension, QueryResult};
use diesel_async::AsyncPgConnection;
use utoipa_actix_web::service_config::ServiceConfig;

/// At most this many records of one kind are brought.
const MOST: i64 = 200;

/// Mounts the reads of single records.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(read_organization)
        .service(read_hotline)
        .service(read_regional_contact);
}

/// Answers with one record and what was asked for with it.
///
/// # Errors
/// Those of the composition; what stood here before is told as where it went.
pub async fn answer<T: Streamed>(
    state: &State,
    request: &HttpRequest,
    canonical: &str,
    (access, lang): (&Option<Asked>, Option<String>),
    compose: impl AsyncFnOnce(&mut AsyncPgConnection, &View) -> QueryResult<(i64, WithIncluded<T>)>,
) -> Result<HttpResponse> {
    Format::negotiate(None, request, JSON)?;
    let caching = Caching::Public.keyed(access);
    let build = async |_| {
        let view = state.view(lang);
        let compose =
            async |connection: &mut AsyncPgConnection| Ok(compose(connection, &view).await?);
        let (revision, record) = state.read(caching, compose).await?;
        Ok::<_, Problem>(
            Built::json(&record)?
                .revision(revision)
                .languages(texts(&record)),
        )
    };
    let answered = state.kept(request, canonical, caching, build).await;
    state.or_elsewhere(request, answered).await
}

/// The public sources with these slugs.
///
/// # Errors
/// Those of the database.
pub async fn sources<'a>(
    connection: &mut AsyncPgConnection,
    access: Option<&Asked>,
    cited: impl Iterator<Item = &'a str>,
) -> QueryResult<Option<Vec<Source>>> {
    let slugs: Vec<String> = cited.map(str::to_owned).collect();
    let records = vocabularies::queries::named(connection, "sources", &slugs, access).await?;
    let sources = records
        .iter()
        .map(|record| Ok(Source::of(record, record.read()?)));
    sources.collect::<QueryResult<_>>().map(Some)
}

/// The sources of citations, by slug.
pub fn cited(citations: &[Citation]) -> impl Iterator<Item = &str> {
    citations.iter().map(|citation| citation.source.as_str())
}

async fn organization(
    connection: &mut AsyncPgConnection,
    reference: Option<&Reference>,
    access: Option<&Asked>,
    view: &View,
) -> QueryResult<Option<Organization>> {
    match reference {
        Some(reference) => organizations::queries::find(connection, &reference.slug, access, view)
            .await
            .optional(),
        None => Ok(None),
    }
}

/// Reads an organization
///
/// One organization by id or slug, with `include=` together with its hotlines, its regional
/// contacts and the sources it cites.
#[utoipa::path(
    tag = "organizations",
    params(
        ("reference" = crate::values::describe::SlugOrId, Path, description = "Slug or id of the organization."),
        ("include" = inline(Option<Vec<OrganizationInclude>>), Query, style = Form, explode, max_items = 50, description = "What to bring along; may be repeated."),
    ),
    responses(
        (status = 200, description = "The organization.", body = WithIncluded<Organization>),
    ),
)]
#[get("/v1/organizations/{reference}")]
async fn read_organization(
    state: State,
    request: HttpRequest,
    named: Named,
    query: Query<Including<OrganizationInclude>>,
) -> Result<HttpResponse> {
    let Including {
        asked,
        access,
        lang,
    } = query.value;
    answer(
        &state,
        &request,
        &query.canonical,
        (&access, lang),
        async |connection, view| {
            let record =
                organizations::queries::find(connection, &named.0, access.as_ref(), view).await?;
            let mut included = Included::default();
            let of = vec![record.id.to_string()];
            for include in &asked {
                match include {
                    OrganizationInclude::Hotlines => {
                        let filter = HotlineFilter {
                            organization: of.clone(),
                            access: access.clone(),
                            ..HotlineFilter::default()
                        };
                        let list = hotlines::queries::list(
                            connection,
                            &filter,
                            HotlineSort::Name,
                            Window::first(MOST),
                            view,
                        );
                        included.hotlines = Some(list.await?);
                    }
                    OrganizationInclude::RegionalContacts => {
                        let filter = RegionalContactFilter {
                            organization: of.clone(),
                            access: access.clone(),
                            ..RegionalContactFilter::default()
                        };
                        let by_name = RegionalContactSort::Name;
                        let list = regional_contacts::queries::list(
                            connection,
                            &filter,
                            by_name,
                            (0, MOST),
                            view,
                        );
                        included.regional_contacts = Some(list.await?);
                    }
                    OrganizationInclude::Sources => {
                        included.sources =
                            sources(connection, access.as_ref(), cited(&record.sources)).await?
                    }
                }
            }
            Ok((
                record.revision,
                WithIncluded {
                    record,
                    included: (!asked.is_empty()).then_some(included),
                },
            ))
        },
    )
    .await
}

/// Reads a hotline
///
/// One hotline by id or slug, with `include=` together with its organization and the sources it
/// cites.
#[utoipa::path(
    tag = "hotlines",
    params(
        ("reference" = crate::values::describe::SlugOrId, Path, description = "Slug or id of the hotline."),
        ("include" = inline(Option<Vec<ContactInclude>>), Query, style = Form, explode, max_items = 50, description = "What to bring along; may be repeated."),
    ),
    responses(
        (status = 200, description = "The hotline.", body = WithIncluded<Hotline>),
    ),
)]
#[get("/v1/hotlines/{reference}")]
async fn read_hotline(
    state: State,
    request: HttpRequest,
    named: Named,
    query: Query<Including<ContactInclude>>,
) -> Result<HttpResponse> {
    let Including {
        asked,
        access,
        lang,
    } = query.value;
    answer(
        &state,
        &request,
        &query.canonical,
        (&access, lang),
        async |connection, view| {
            let record =
                hotlines::queries::find(connection, &named.0, access.as_ref(), view).await?;
            let owner = record.organization.as_ref();
            let included = beside(
                connection,
                &asked,
                owner,
                access.as_ref(),
                &record.sources,
                view,
            )
            .await?;
            Ok((record.revision, WithIncluded { record, included }))
        },
    )
    .await
}

/// Reads a regional contact
///
/// One regional contact by id or slug, with `include=` together with its organization and the
/// sources it cites.
#[utoipa::path(
    tag = "regional_contacts",
    params(
        ("reference" = crate::values::describe::SlugOrId, Path, description = "Slug or id of the regional contact."),
        ("include" = inline(Option<Vec<ContactInclude>>), Query, style = Form, explode, max_items = 50, description = "What to bring along; may be repeated."),
    ),
    responses(
        (status = 200, description = "The regional contact.", body = WithIncluded<RegionalContact>),
    ),
)]
#[get("/v1/regional_contacts/{reference}")]
async fn read_regional_contact(
    state: State,
    request: HttpRequest,
    named: Named,
    query: Query<Including<ContactInclude>>,
) -> Result<HttpResponse> {
    let Including {
        asked,
        access,
        lang,
    } = query.value;
    answer(
        &state,
        &request,
        &query.canonical,
        (&access, lang),
        async |connection, view| {
            let record =
                regional_contacts::queries::find(connection, &named.0, access.as_ref(), view)
                    .await?;
            let owner = record.organization.as_ref();
            let included = beside(
                connection,
                &asked,
                owner,
                access.as_ref(),
                &record.sources,
                view,
            )
            .await?;
            Ok((record.revision, WithIncluded { record, included }))
        },
    )
    .await
}

async fn beside(
    connection: &mut AsyncPgConnection,
    asked: &[ContactInclude],
    owner: Option<&Reference>,
    access: Option<&Asked>,
    citations: &[Citation],
    view: &View,
) -> QueryResult<Option<Included>> {
    let mut included = Included::default();
    for include in asked {
        match include {
            ContactInclude::Organization => {
                included.organization = organization(connection, owner, access, view).await?
            }
            ContactInclude::Sources => {
                included.sources = sources(connection, access, cited(citations)).await?
            }
        }
    }
    Ok((!asked.is_empty()).then_some(included))
}
