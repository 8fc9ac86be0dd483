//! Files that are part of the program: compressed once, when they are first asked for, sent under a tag of their bytes.

use super::{built::Built, cache::Answer};
use actix_web::{HttpRequest, HttpResponse};
use sha2::{Digest as _, Sha384};

/// A file in every encoding.
#[derive(Debug)]
pub struct File(Answer);

impl File {
    /// A file of some media type.
    pub fn new(content_type: &'static str, bytes: Vec<u8>) -> Self {
        Self(Answer::smallest(Built::of(content_type, bytes)))
    }

    /// Sends it, or 304 to those who have it; `caching` is what others may do with it.
    pub fn respond(&self, request: &HttpRequest, caching: &'static str) -> HttpResponse {
        self.0.send(request, caching, "Accept-Encoding")
    }

    /// Its size, and its size with gzip.
    pub fn sizes(&self) -> (usize, usize) {
        self.0.sizes()
    }

    /// Its hash as browsers compare it (Subresource Integrity).
    pub fn integrity(&self) -> String {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        let hash = Sha384::digest(self.0.bytes());
        format!("sha384-{}", STANDARD.encode(hash))
    }
}
