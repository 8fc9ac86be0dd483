//! Digests as texts; none of them guards a secret.

use sha2::{Digest, Sha256};

/// The first 128 bits of SHA-256, in hexadecimal: enough to tell texts apart. The database keeps some of them.
pub fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)[..16])
}

/// The same of BLAKE3, which takes a fraction of the time, for what every answer needs: ETags, and keys of what is kept.
pub fn tag(bytes: &[u8]) -> String {
    hex(&blake3::hash(bytes).as_bytes()[..16])
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or('0');
    let digits = |byte: &u8| [digit(byte >> 4), digit(byte & 15)];
    bytes.iter().flat_map(digits).collect()
}

/// A SHA-256 from hexadecimal, in small letters.
pub fn of_hex(text: &str) -> Option<Vec<u8>> {
    let plain = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if text.len() != 64 || !text.bytes().all(plain) {
        return None;
    }
    let pairs = (0..32).map(|place| u8::from_str_radix(&text[2 * place..2 * place + 2], 16).ok());
    pairs.collect()
}
