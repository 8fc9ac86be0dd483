//! The directory as a whole: what it is, and records together with what belongs to them.

mod changes;
mod citations;
mod columns;
mod including;
mod model;
mod queries;
mod records;
mod routes;
mod statistics;

pub use routes::{index, metrics, problems, routes};
