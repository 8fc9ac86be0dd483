//! The directory as a whole: what it is, and records together with what belongs to them.

mod changes;
mod drawing;
mod figures;
mod including;
mod model;
mod pictures;
mod queries;
mod records;
mod routes;

pub use routes::{index, metrics, problems, routes};
