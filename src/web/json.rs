//! JSON as it is written.

use serde::Serialize;
use std::io::{self, Write};

/// Writes a value at the end of a text.
///
/// # Errors
/// When the value does not serialise.
pub fn append(text: &mut Vec<u8>, value: &impl Serialize) -> serde_json::Result<()> {
    serde_json::to_writer(Pieces(text), value)
}

/// A text that comes in pieces, of which most are one sign: to push that takes a fraction of what a call that copies takes.
struct Pieces<'a>(&'a mut Vec<u8>);

impl Write for Pieces<'_> {
    #[inline(always)]
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.write_all(piece)?;
        Ok(piece.len())
    }

    #[inline(always)]
    fn write_all(&mut self, piece: &[u8]) -> io::Result<()> {
        match piece {
            [sign] => self.0.push(*sign),
            piece => self.0.extend_from_slice(piece),
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
