//! The ledger: the one way in for every write of the directory, and the record of all of them.

mod apply;
mod checks;
mod document;
pub mod queries;

pub use apply::{Actor, Applied, ApplyError, Change, Fault, apply};
pub use document::{Document, Resource};
