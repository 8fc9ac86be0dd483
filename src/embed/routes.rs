//! HTTP of the embeds.

use super::compose;
use crate::{
    values::{digest::digest, labels::LANGUAGES},
    web::{Problem, Result, State, conditional::Caching, file::File},
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{self, Path, ServiceConfig},
};
use serde::Serialize;
use std::{collections::HashMap, sync::LazyLock};

/// The addresses, which stand in no document: they are files.
pub const PATHS: [&str; 5] = [
    "/embed",
    "/embed/lodestar.js",
    "/embed/exit.js",
    "/embed/words/{file}",
    "/embed/{digest}/lodestar.js",
];

/// Mounts them.
pub fn routes(config: &mut ServiceConfig) {
    config
        .configure(super::pages::routes)
        .route("/embed", web::get().to(about))
        .route("/embed/lodestar.js", web::get().to(module))
        .route("/embed/exit.js", web::get().to(exit))
        .route("/embed/words/{file}", web::get().to(words))
        .route("/embed/{digest}/lodestar.js", web::get().to(pinned));
}

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// A mended fault reaches everybody within minutes; while this service is away what is kept goes on.
const FLOATING: &str = "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800";
/// What is under a digest never changes.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// Modules of earlier releases, so that who holds on to one still gets it: each the answer of
/// `/embed/lodestar.js` of its release, kept in `src/embed/released/` and included here.
const RELEASED: [&str; 0] = [];

/// A module and the digest that it is found by.
struct Module {
    digest: String,
    file: File,
}

impl Module {
    fn of(text: String) -> Self {
        Self {
            digest: digest(text.as_bytes()),
            file: File::new(SCRIPT, text.into_bytes()),
        }
    }
}

static MODULE: LazyLock<Module> = LazyLock::new(|| Module::of(compose::module()));
static EARLIER: LazyLock<Vec<Module>> =
    LazyLock::new(|| RELEASED.map(|text| Module::of(text.to_owned())).into());
static EXIT: LazyLock<File> = LazyLock::new(|| File::new(SCRIPT, compose::exit().into_bytes()));
static WORDS: LazyLock<HashMap<String, File>> = LazyLock::new(|| {
    let named = |lang: &str| {
        let words = serde_json::Value::Object(compose::words_of(lang)?);
        let file = File::new("application/json", words.to_string().into_bytes());
        Some((format!("{lang}.json"), file))
    };
    LANGUAGES.iter().filter_map(|lang| named(lang)).collect()
});

/// What there is to embed.
#[derive(Debug, Serialize)]
struct Embeds {
    version: &'static str,
    module: ModuleLinks,
    exit: String,
    languages: [&'static str; LANGUAGES.len()],
}

/// The module of the web component, twice.
#[derive(Debug, Serialize)]
struct ModuleLinks {
    /// Always the newest.
    floating: String,
    /// Always these bytes.
    pinned: String,
    /// Their hash, for the attribute `integrity`.
    integrity: String,
    bytes: usize,
    bytes_gzip: usize,
}

async fn about(state: State) -> HttpResponse {
    let url = &state.config().public_url;
    let (bytes, bytes_gzip) = MODULE.file.sizes();
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, Caching::Public.header()))
        .json(Embeds {
            version: env!("CARGO_PKG_VERSION"),
            module: ModuleLinks {
                floating: format!("{url}/embed/lodestar.js"),
                pinned: format!("{url}/embed/{}/lodestar.js", MODULE.digest),
                integrity: MODULE.file.integrity(),
                bytes,
                bytes_gzip,
            },
            exit: format!("{url}/embed/exit.js"),
            languages: LANGUAGES,
        })
}

async fn module(request: HttpRequest) -> HttpResponse {
    MODULE.file.respond(&request, FLOATING)
}

async fn pinned(request: HttpRequest, digest: Path<String>) -> Result<HttpResponse> {
    let mut all = std::iter::once(&*MODULE).chain(EARLIER.iter());
    let module = all.find(|one| one.digest == *digest);
    let module = module.ok_or(Problem::NotFound)?;
    Ok(module.file.respond(&request, IMMUTABLE))
}

async fn exit(request: HttpRequest) -> HttpResponse {
    EXIT.respond(&request, FLOATING)
}

async fn words(request: HttpRequest, file: Path<String>) -> Result<HttpResponse> {
    let words = WORDS.get(&*file).ok_or(Problem::NotFound)?;
    Ok(words.respond(&request, FLOATING))
}
