//! Mounts every room, and describes exactly what is mounted.

use crate::{
    hotlines, organizations, regional_contacts, statistics, vocabularies,
    web::{
        front::{self, Methods},
        state::Directory,
    },
};
use actix_web::{
    App, Error,
    body::BoxBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    middleware::from_fn,
    web::{self, Data},
};
use utoipa::openapi::OpenApi;
use utoipa_actix_web::{AppExt, service_config::ServiceConfig};

fn rooms(config: &mut ServiceConfig<'_>) {
    config
        .configure(organizations::routes)
        .configure(hotlines::routes)
        .configure(regional_contacts::routes)
        .configure(statistics::routes)
        .configure(vocabularies::routes);
}

/// The whole application: the same for the server and for tests.
pub fn app(
    directory: Directory,
) -> App<impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<BoxBody>, Error = Error, InitError = ()>> {
    let (app, document) = App::new().into_utoipa_app().configure(rooms).split_for_parts();
    app.app_data(Data::new(directory))
        .app_data(Data::new(Methods::of(&document)))
        .default_service(web::to(front::fallback))
        .wrap(from_fn(front::front))
}

/// The OpenAPI document of this version.
pub fn document() -> OpenApi {
    App::new().into_utoipa_app().configure(rooms).split_for_parts().1
}

/// The same as text, as it is committed.
pub fn document_text() -> String {
    document().to_pretty_json().unwrap_or_default()
}
