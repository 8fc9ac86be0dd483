//! Curation: how the directory is changed by people. Keys and roles, writes, proposals, history,
//! suggestions of the public, spreadsheets in and out.

mod documents;
mod edits;
pub mod exports;
pub mod imports;
pub mod keys;
mod model;
mod proposals;
mod queries;
mod routes;
mod rows;
pub mod sheets;
pub mod shipped;
mod suggestions;

pub use documents::EXEMPLARS;
pub use queries::{all_keys, revoke_key};
pub use routes::{EDITABLE, routes};
