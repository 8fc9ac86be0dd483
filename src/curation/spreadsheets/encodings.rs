//! Encodings of text files: recognised, reported, decoded.

use crate::values::Invalid;
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// Bytes that stand for nothing in Windows-1252.
const UNDEFINED: [u8; 5] = [0x81, 0x8D, 0x8F, 0x90, 0x9D];

/// The text of bytes, and the name of their encoding.
///
/// # Errors
/// When they are in none that is read, with the line where that shows.
pub fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, &'static str), (u64, Invalid)> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest).map(|text| (text, "UTF-8 with BOM")),
        [0xFF, 0xFE, rest @ ..] => wide(rest, UTF_16LE).map(|text| (text, "UTF-16LE")),
        [0xFE, 0xFF, rest @ ..] => wide(rest, UTF_16BE).map(|text| (text, "UTF-16BE")),
        _ => match unmarked(bytes) {
            Some(encoding) => wide(bytes, encoding).map(|text| (text, encoding.name())),
            None => plain(bytes),
        },
    }
}

fn refused(line: u64, reason: &str) -> (u64, Invalid) {
    let invalid = Invalid::new("encoding", reason, "save the file as CSV UTF-8");
    (line, invalid)
}

fn line_of(bytes: &[u8], place: usize) -> u64 {
    let before = bytes.iter().take(place);
    1 + before.filter(|byte| **byte == b'\n').count() as u64
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, (u64, Invalid)> {
    std::str::from_utf8(bytes)
        .map(Cow::Borrowed)
        .map_err(|error| {
            let line = line_of(bytes, error.valid_up_to());
            refused(line, "the file is not UTF-8, though it says so")
        })
}

/// UTF-16 without a mark: every other byte of what is mostly ASCII is nought.
fn unmarked(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = bytes.get(..200.min(bytes.len() & !1))?;
    let noughts = |from: usize| {
        start
            .iter()
            .skip(from)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let (high, low) = (noughts(0), noughts(1));
    let most = start.len() / 4;
    match () {
        () if low > most && high == 0 => Some(UTF_16LE),
        () if high > most && low == 0 => Some(UTF_16BE),
        () => None,
    }
}

fn wide<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Result<Cow<'a, str>, (u64, Invalid)> {
    match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok(text),
        None => Err(refused(0, "the file is broken UTF-16")),
    }
}

fn plain(bytes: &[u8]) -> Result<(Cow<'_, str>, &'static str), (u64, Invalid)> {
    let Err(error) = std::str::from_utf8(bytes) else {
        return utf8(bytes).map(|text| (text, "UTF-8"));
    };
    let place = error.valid_up_to();
    // Whoever wrote letters in UTF-8 did not write Windows-1252 beside them.
    let mixed = bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii());
    let undefined = bytes.iter().position(|byte| UNDEFINED.contains(byte));
    match (mixed, undefined) {
        (false, None) => {
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
            Ok((text, "Windows-1252"))
        }
        (mixed, undefined) => Err(refused(
            line_of(bytes, undefined.filter(|_| !mixed).unwrap_or(place)),
            "the row is not UTF-8, and the file is in no other encoding that is read",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_recognised() {
        let text = "slug,name\r\none,Grüße\r\n";
        let wide = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect();
        let (little, big): (Vec<u8>, Vec<u8>) = (wide(u16::to_le_bytes), wide(u16::to_be_bytes));
        let latin: Vec<u8> = text.chars().map(|one| u32::from(one) as u8).collect();
        for (bytes, name) in [
            (text.as_bytes().to_vec(), "UTF-8"),
            (
                [&b"\xEF\xBB\xBF"[..], text.as_bytes()].concat(),
                "UTF-8 with BOM",
            ),
            ([&b"\xFF\xFE"[..], &little].concat(), "UTF-16LE"),
            ([&b"\xFE\xFF"[..], &big].concat(), "UTF-16BE"),
            (little, "UTF-16LE"),
            (big, "UTF-16BE"),
            (latin, "Windows-1252"),
        ] {
            let (read, encoding) = decode(&bytes).unwrap();
            assert_eq!((read.as_ref(), encoding), (text, name));
        }
        for (bytes, line) in [
            (&b"slug\none,\xC3\xBC\ntwo,\xFC\n"[..], 3),
            (b"slug\none\ntwo,\x81\n", 3),
            (b"\xEF\xBB\xBFslug\none\xFF", 2),
        ] {
            assert_eq!(decode(bytes).unwrap_err().0, line);
        }
    }
}
