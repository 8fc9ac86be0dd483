//! Bytes in a smaller encoding.

use actix_web::http::header::HeaderValue;
use brotli::enc::BrotliEncoderParams;
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use std::{io::Write, sync::OnceLock};

/// Bytes that are compressed when they are first asked for, and once.
#[derive(Debug)]
pub struct Compressed {
    /// `None` where it would not be smaller.
    bytes: OnceLock<Option<Bytes>>,
    how: How,
    /// The tag that they are sent under.
    pub etag: HeaderValue,
}

/// A way to compress.
pub type How = fn(&[u8]) -> Option<Vec<u8>>;

/// Brotli and gzip for what is made anew with each revision.
pub const QUICKLY: (How, How) = (|bytes| brotli(bytes, 5), |bytes| gzip(bytes, 6));
/// As small as can be, for what is made once a process.
pub const CLOSELY: (How, How) = (|bytes| brotli(bytes, 11), |bytes| gzip(bytes, 9));

impl Compressed {
    /// Nothing yet.
    pub fn new(how: How, etag: HeaderValue) -> Self {
        Self {
            bytes: OnceLock::new(),
            how,
            etag,
        }
    }

    /// What a body is compressed to, where that is smaller.
    pub fn of(&self, identity: &Bytes) -> Option<&Bytes> {
        let bytes = self.bytes.get_or_init(|| {
            let bytes = (self.how)(identity)?;
            (bytes.len() < identity.len()).then(|| Bytes::from(bytes))
        });
        bytes.as_ref()
    }
}

fn gzip(bytes: &[u8], level: u32) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

fn brotli(bytes: &[u8], quality: i32) -> Option<Vec<u8>> {
    // A window no wider than what there is, within the bounds of RFC 7932, 9.1: the encoder sets up its memory by it.
    let lgwin = (bytes.len().checked_ilog2()? + 1).clamp(10, 22);
    let params = BrotliEncoderParams {
        quality,
        lgwin: lgwin.try_into().ok()?,
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params).ok()?;
    Some(out)
}
