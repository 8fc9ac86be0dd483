//! The ledger: the one way in for every write of the directory, and the record of all of them.

mod apply;
mod check;
mod checks;
mod company;
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
mod unseen;
mod unsourced;
mod verification;
mod walk;

pub use apply::{Access, Actor, Applied, ApplyError, Change, Fault, MOVED, SECOND_PERSON, apply};
pub use check::{Prospect, Update, check, unknown};
pub use checks::invalid_values;
pub use company::Company;
pub use document::{Document, Resource};
pub use plan::public_part;
pub use queries::{Entry, Passage, Standing, find, interrupt, is_empty, last, lock_ids, pass};
pub use references::Names;
pub use reread::reread;
