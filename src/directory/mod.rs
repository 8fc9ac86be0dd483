//! The directory as a whole: what it is, and records together with what belongs to them.

mod changes;
mod citations;
mod columns;
mod drawing;
mod figures;
mod including;
mod model;
mod pictures;
mod queries;
pub mod reader;
mod records;
mod routes;
pub mod signposts;
mod statistics;

pub use drawing::Charting;
pub use figures::{Quoted, quoted};
pub use pictures::{Drawn, drawn};
pub use routes::{metrics, problems, routes};
