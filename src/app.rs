//! Mounts every room, and describes exactly what is mounted.
use crate::web::{front, state::Directory};
use actix_web::{App, dev::{ServiceFactory, ServiceRequest}, web::Data};
use utoipa_actix_web::{AppExt, service_config::ServiceConfig};

fn rooms(config: &mut ServiceConfig<'_>) {
    config.configure(crate::organizations::routes);
    config.configure(crate::hotlines::routes);
    config.configure(crate::regional_contacts::routes);
    config.configure(crate::statistics::routes);
    config.configure(crate::vocabularies::routes);
}

pub fn document() -> utoipa::openapi::OpenApi {
    App::new().into_utoipa_app().configure(rooms).split_for_parts().1
}
