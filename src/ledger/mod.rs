//! The ledger: the one way in for every write of the directory, and the record of all of them.

mod apply;
mod checks;
mod document;
mod figures;
mod numbers;
mod plan;
mod projection;
pub mod queries;
mod references;
mod renames;
mod reread;
mod row;
mod settling;
mod verification;

pub use apply::{Access, Actor, Applied, ApplyError, Change, Fault, SECOND_PERSON, apply};
pub use checks::invalid_values;
pub use document::{Document, Resource};
pub use plan::public_part;
pub use queries::{Entry, Passage, Standing, find, interrupt, lock_ids, pass};
pub use reread::reread;
