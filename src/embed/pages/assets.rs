//! The files of pages: each under an address of its bytes, kept for good.

use crate::{
    embed::compose::bare,
    values::digest::digest,
    web::{Problem, Result, file::File},
};
use actix_web::{HttpRequest, HttpResponse, web::Path};
use std::sync::LazyLock;

const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// A file and its name.
struct Asset {
    name: String,
    file: File,
}

impl Asset {
    fn of(ending: &str, content_type: &'static str, text: String) -> Self {
        Self {
            name: format!("{}.{ending}", digest(text.as_bytes())),
            file: File::new(content_type, text.into_bytes()),
        }
    }
}

const SCRIPT: &str = "text/javascript; charset=utf-8";

static ASSETS: LazyLock<[Asset; 4]> = LazyLock::new(|| {
    [
        Asset::of(
            "css",
            "text/css; charset=utf-8",
            bare(include_str!("style.css")),
        ),
        Asset::of("js", SCRIPT, bare(include_str!("frame.js"))),
        Asset::of("js", SCRIPT, bare(include_str!("front.js"))),
        Asset::of("svg", "image/svg+xml", bare(include_str!("star.svg"))),
    ]
});

fn address(place: usize) -> String {
    format!("/embed/pages/{}", ASSETS[place].name)
}

/// The address of the style sheet.
pub fn style() -> String {
    address(0)
}

/// The address of what a page in a frame does beside its words: its height, the reader's time.
pub fn frame() -> String {
    address(1)
}

/// The address of what the front page does beside its words: copying.
pub fn front() -> String {
    address(2)
}

/// The address of the sign of the directory.
pub fn star() -> String {
    address(3)
}

/// Sends one.
///
/// # Errors
/// 404 for any other name.
pub async fn read(request: HttpRequest, file: Path<String>) -> Result<HttpResponse> {
    let asset = ASSETS.iter().find(|asset| asset.name == *file);
    let asset = asset.ok_or(Problem::NotFound)?;
    Ok(asset.file.respond(&request, IMMUTABLE))
}
