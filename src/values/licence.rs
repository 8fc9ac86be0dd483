//! The terms under which the compilation is given away.

/// The licence of our compilation, as SPDX names it.
pub const LICENCE: &str = "CC-BY-4.0";
/// Where its text stands.
pub const LICENCE_URL: &str = "https://creativecommons.org/licenses/by/4.0/";
/// The credit that licence asks for.
pub const ATTRIBUTION: &str = "Lodestar contributors";
