//! HTTP of the embeds.

use super::compose::{self, SOURCES, Source};
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
pub const PATHS: [&str; 7] = [
    "/embed",
    "/embed/lodestar.js",
    "/embed/figure.js",
    "/embed/exit.js",
    "/embed/words/{file}",
    "/embed/{digest}/lodestar.js",
    "/embed/{digest}/figure.js",
];

/// Mounts them.
pub fn routes(config: &mut ServiceConfig) {
    config
        .configure(super::pages::routes)
        .route("/embed", web::get().to(about))
        .route("/embed/exit.js", web::get().to(exit))
        .route("/embed/words/{file}", web::get().to(words));
    for Source { name, .. } in SOURCES {
        config
            .route(&format!("/embed/{name}.js"), web::get().to(floating))
            .route(
                &format!("/embed/{{digest}}/{name}.js"),
                web::get().to(pinned),
            );
    }
    config.route("/embed/{missing:.*}", web::get().to(super::pages::missing));
}

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// A mended fault reaches everybody within minutes; while this service is away what is kept goes on.
const FLOATING: &str = "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800";
/// What is under a digest never changes.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// Modules of earlier releases, so that who holds on to one still gets it: its name and the answer of
/// `/embed/{name}.js` of its release, kept in `src/embed/released/` and included here.
const RELEASED: [(&str, &str); 0] = [];

/// A module and the digest that it is found by.
struct Module {
    name: &'static str,
    digest: String,
    file: File,
}

impl Module {
    fn of(name: &'static str, text: String) -> Self {
        Self {
            name,
            digest: digest(text.as_bytes()),
            file: File::new(SCRIPT, text.into_bytes()),
        }
    }
}

/// Those of this release, then those of earlier ones.
static MODULES: LazyLock<Vec<Module>> = LazyLock::new(|| {
    let newest = SOURCES.map(|source| Module::of(source.name, source.module()));
    let earlier = RELEASED.map(|(name, text)| Module::of(name, text.to_owned()));
    newest.into_iter().chain(earlier).collect()
});
static EXIT: LazyLock<File> = LazyLock::new(|| File::new(SCRIPT, compose::exit().into_bytes()));
static WORDS: LazyLock<HashMap<String, File>> = LazyLock::new(|| {
    let all = SOURCES.iter().flat_map(Source::words);
    all.map(|(name, words)| {
        let bytes = serde_json::Value::Object(words).to_string().into_bytes();
        (name, File::new("application/json", bytes))
    })
    .collect()
});

/// What there is to embed.
#[derive(Debug, Serialize)]
struct Embeds {
    version: &'static str,
    /// Whom to contact now.
    module: Option<ModuleLinks>,
    /// Figures.
    figure: Option<ModuleLinks>,
    exit: String,
    languages: [&'static str; LANGUAGES.len()],
}

/// A module of web components, twice.
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
    let links = |wanted: &str| {
        let Module { name, digest, file } = MODULES.iter().find(|one| one.name == wanted)?;
        let (bytes, bytes_gzip) = file.sizes();
        Some(ModuleLinks {
            floating: format!("{url}/embed/{name}.js"),
            pinned: format!("{url}/embed/{digest}/{name}.js"),
            integrity: file.integrity(),
            bytes,
            bytes_gzip,
        })
    };
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, Caching::Public.header()))
        .json(Embeds {
            version: env!("CARGO_PKG_VERSION"),
            module: links("lodestar"),
            figure: links("figure"),
            exit: format!("{url}/embed/exit.js"),
            languages: LANGUAGES,
        })
}

/// The module that the end of a path names, with a digest or the newest.
fn named(request: &HttpRequest, digest: Option<&str>) -> Result<&'static Module> {
    let file = request.path().rsplit('/').next().unwrap_or_default();
    let mut fitting = MODULES.iter().filter(|one| {
        file.strip_suffix(".js") == Some(one.name)
            && digest.is_none_or(|digest| digest == one.digest)
    });
    fitting.next().ok_or(Problem::NotFound)
}

async fn floating(request: HttpRequest) -> Result<HttpResponse> {
    Ok(named(&request, None)?.file.respond(&request, FLOATING))
}

async fn pinned(request: HttpRequest, digest: Path<String>) -> Result<HttpResponse> {
    let module = named(&request, Some(&digest))?;
    Ok(module.file.respond(&request, IMMUTABLE))
}

async fn exit(request: HttpRequest) -> HttpResponse {
    EXIT.respond(&request, FLOATING)
}

async fn words(request: HttpRequest, file: Path<String>) -> Result<HttpResponse> {
    let words = WORDS.get(&*file).ok_or(Problem::NotFound)?;
    Ok(words.respond(&request, FLOATING))
}
