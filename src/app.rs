//! Mounts every room, and describes exactly what is mounted.

use crate::{
    bundles,
    config::{Config, Databases},
    curation, db, directory, embed, help, hotlines, ledger, organizations, regional_contacts,
    search, statistics, vocabularies,
    web::{
        Problem, State, body,
        built::Built,
        conditional::Caching,
        document,
        front::{self, Methods},
        metrics,
        state::Directory,
    },
};
use actix_web::{
    App, Error, HttpRequest, HttpResponse,
    body::BoxBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    middleware::from_fn,
    web::{self, Data, PayloadConfig},
};
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::{path::PathBuf, sync::LazyLock};
use utoipa::{OpenApi as _, openapi::OpenApi};
use utoipa_actix_web::{AppExt, service_config::ServiceConfig};

pub use crate::web::state::Shared;
pub use help::Followed;

fn rooms(config: &mut ServiceConfig<'_>) {
    // Routes are tried in this order: what is asked for most comes first.
    config
        .configure(help::routes)
        .configure(organizations::routes)
        .configure(hotlines::routes)
        .configure(regional_contacts::routes)
        .configure(directory::routes)
        .configure(statistics::routes)
        .configure(vocabularies::routes)
        .configure(search::routes)
        .configure(bundles::routes)
        .configure(curation::routes);
}

/// The whole application: the same for the server and for tests.
pub fn app(
    directory: Directory,
    followed: Followed,
    shelf: bundles::Shelf,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = Error,
        InitError = (),
    >,
> {
    let (app, document) = App::new()
        .into_utoipa_app()
        .configure(rooms)
        .split_for_parts();
    // Pages, files and numbers for people and machines that need no description.
    let mut aside = vec![
        "/",
        "/problems",
        "/metrics",
        "/v1/openapi.json",
        "/docs",
        "/docs/",
    ];
    aside.extend(directory::signposts::PATHS);
    aside.extend(embed::PATHS);
    aside.extend(embed::PAGES);
    let editable = curation::EDITABLE.map(ledger::Resource::name);
    app.app_data(Data::new(directory))
        .app_data(Data::new(followed))
        .app_data(Data::new(shelf))
        .app_data(PayloadConfig::new(body::LARGEST))
        .app_data(Data::new(Methods::of(
            &document,
            &aside,
            &embed::FORMS,
            &editable,
        )))
        .route("/problems", web::get().to(directory::problems))
        .route("/metrics", web::get().to(directory::metrics))
        .route("/v1/openapi.json", web::get().to(read_document))
        .configure(directory::signposts::routes)
        .configure(embed::routes)
        .configure(directory::reader::routes)
        .default_service(web::to(front::fallback))
        .wrap(from_fn(front::front))
}

/// What one thread answers with, on the logins of a database.
///
/// # Errors
/// When the pool cannot be built.
pub fn directory(shared: Shared, urls: &Databases) -> Result<Directory, String> {
    let pool = |url: &str, size| db::pool(url, size).map_err(|error| error.to_string());
    let reader = pool(&urls.reader, shared.config.readers)?;
    let writer = pool(&urls.writer, shared.config.writers)?;
    Ok(Directory::new(shared, reader, writer))
}

/// A connection for what follows the database as long as the process lives.
fn following(shared: &Shared, url: &str) -> Result<db::Pool, String> {
    let pool = db::pool(url, 1).map_err(|error| error.to_string())?;
    shared.pulse.watch_over(&pool);
    Ok(pool)
}

/// Asks for the revision of the directory, and goes on asking as long as this thread lives; once a process.
///
/// # Errors
/// When the pool cannot be built.
pub async fn follow_pulse(shared: &Shared, urls: &Databases) -> Result<(), String> {
    let pool = following(shared, &urls.reader)?;
    let pulse = shared.pulse.clone();
    pulse.beat(&pool).await;
    actix_web::rt::spawn(async move { pulse.follow(pool).await });
    Ok(())
}

/// Reads the keys of maintainers, and follows them as long as this thread lives; once a process.
///
/// # Errors
/// When the pool cannot be built.
pub async fn follow_keys(shared: &Shared, urls: &Databases) -> Result<(), String> {
    let pool = following(shared, &urls.writer)?;
    curation::keys::try_renew(shared, &pool).await;
    actix_web::rt::spawn(curation::keys::follow(shared.clone(), pool));
    Ok(())
}

/// Reads what searches are understood by, and follows it as long as this thread lives; once a process.
///
/// # Errors
/// When the pool cannot be built.
pub async fn follow_lexicon(shared: &Shared, urls: &Databases) -> Result<(), String> {
    let pool = following(shared, &urls.reader)?;
    let mut followed = Default::default();
    search::try_renew(shared, &pool, &mut followed).await;
    actix_web::rt::spawn(search::follow(shared.clone(), pool, followed));
    Ok(())
}

/// Reads what `/v1/help` is answered from, and follows it as long as this thread lives; once a
/// process. It is saved where `saved` says.
///
/// # Errors
/// When the pool cannot be built.
pub async fn follow_help(
    shared: &Shared,
    followed: &Followed,
    urls: &Databases,
    saved: Option<PathBuf>,
) -> Result<(), String> {
    let pool = following(shared, &urls.reader)?;
    help::try_follow(followed, &pool).await;
    actix_web::rt::spawn(help::follow(shared.clone(), followed.clone(), pool, saved));
    Ok(())
}

/// What `/v1/help` is answered from: nothing yet.
pub fn followed() -> Followed {
    Followed::default()
}

/// Where it is saved.
pub fn saved(config: &Config) -> PathBuf {
    config.data_dir.join(help::SAVED)
}

/// Begins with what was saved, as long as the database is away; says until when that was confirmed.
///
/// # Errors
/// What is wrong with the file.
pub fn recall(shared: &Shared, followed: &Followed) -> Result<DateTime<Utc>, String> {
    let (confirmed_at, revision) = help::recall(followed, &saved(&shared.config))?;
    let age = (Utc::now() - confirmed_at).to_std().unwrap_or_default();
    shared.pulse.begin_away(revision, age);
    Ok(confirmed_at)
}

/// What all threads of a process know of bundles: nothing yet.
pub fn shelf() -> bundles::Shelf {
    bundles::Shelf::default()
}

/// What all threads of a process share.
pub fn shared(config: Config) -> Shared {
    metrics::start();
    Shared::new(config)
}

async fn read_document(state: State, request: HttpRequest) -> Result<HttpResponse, Problem> {
    state
        .kept(&request, "", Caching::Public, async |_| {
            Built::json(&*DOCUMENT)
        })
        .await
}

/// What utoipa collects from the mounted handlers.
fn collected() -> OpenApi {
    App::new()
        .into_utoipa_app()
        .configure(rooms)
        .split_for_parts()
        .1
}

/// The OpenAPI document of this version.
pub static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let mut collected = collected();
    collected.merge(curation::Bodies::openapi());
    document::finished(&collected, &curation::EDITED, &curation::EXEMPLARS).unwrap_or_default()
});

/// The same as text, as it is committed.
pub fn document_text() -> String {
    serde_json::to_string_pretty(&*DOCUMENT).unwrap_or_default() + "\n"
}
