//! The directory as a whole: what it is, and records together with what belongs to them.

mod changes;
mod figures;
mod including;
mod model;
mod queries;
mod records;
mod routes;

pub use routes::{index, metrics, problems, routes};
