//! The directory as it ships, compiled in, so that the binary alone suffices.

/// The tables of `data/`, as `build.rs` packs them.
pub const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/shipped.zip"));
