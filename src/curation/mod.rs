//! Curation: how the directory is changed by people. Keys and roles, writes, proposals, history,
//! suggestions of the public, spreadsheets in and out.

mod beside;
mod changes;
mod differences;
mod documents;
mod duplicates;
mod edits;
pub mod keys;
pub mod links;
mod mending;
mod merging;
mod model;
mod once;
mod proposals;
mod proposing;
mod queries;
mod related;
mod review;
mod rights;
mod routes;
mod samples;
pub mod shipped;
pub mod spreadsheets;
mod suggestions;

pub use documents::EXEMPLARS;
#[cfg(any(test, fuzzing))]
pub use documents::{patched, whole};
pub use model::KeyInfo;
pub use routes::{Bodies, EDITABLE, EDITED, routes, tell};
pub use suggestions::{Suggested, SuggestionInput};
