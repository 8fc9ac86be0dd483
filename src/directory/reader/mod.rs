//! The reader of the document, at `/docs/`: Swagger UI on a page of this service, with names for what had none, and colours
//! that can be told apart.

use crate::web::{conditional::Caching, file::File};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    middleware::DefaultHeaders,
    web::{self, ServiceConfig},
};
use std::sync::LazyLock;
use utoipa_swagger_ui::SwaggerUi;

/// What it may load: its own files, and nothing from anybody.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

static PAGE: LazyLock<File> = LazyLock::new(|| {
    let text = include_str!("index.html");
    File::new("text/html; charset=utf-8", text.into())
});
static STYLE: LazyLock<File> = LazyLock::new(|| {
    let text = include_str!("reader.css");
    File::new("text/css; charset=utf-8", text.into())
});
static SCRIPT: LazyLock<File> = LazyLock::new(|| {
    let text = include_str!("reader.js");
    File::new("text/javascript; charset=utf-8", text.into())
});

async fn page(request: HttpRequest) -> HttpResponse {
    PAGE.respond(&request, Caching::Public.header())
}

async fn style(request: HttpRequest) -> HttpResponse {
    STYLE.respond(&request, Caching::Public.header())
}

async fn script(request: HttpRequest) -> HttpResponse {
    SCRIPT.respond(&request, Caching::Public.header())
}

async fn home() -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header((header::LOCATION, "/docs/"))
        .finish()
}

/// Mounts it, with the files of Swagger UI beside it.
pub fn routes(config: &mut ServiceConfig) {
    let policy = DefaultHeaders::new().add((header::CONTENT_SECURITY_POLICY, POLICY));
    config.route("/docs", web::get().to(home)).service(
        web::scope("/docs")
            .wrap(policy)
            .route("/", web::get().to(page))
            .route("/index.html", web::get().to(home))
            .route("/reader.css", web::get().to(style))
            .route("/reader.js", web::get().to(script))
            .service(SwaggerUi::new("/{_:.*}")),
    );
}
