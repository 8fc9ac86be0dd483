//! HTTP as all rooms share it: what comes in is parsed and valid, what goes out is a page, a
//! record, a stream or a problem.

pub mod body;
pub mod built;
pub mod cache;
pub mod columns;
mod compressed;
pub mod conditional;
pub mod connection;
pub mod document;
pub mod editable;
mod elsewhere;
pub mod extract;
pub mod file;
pub mod formats;
pub mod front;
pub mod identity;
mod json;
pub mod kinds;
pub mod language;
pub mod limits;
pub mod metrics;
pub mod page;
pub mod params;
pub mod parse;
mod parts;
pub mod posed;
pub mod problem;
pub mod pulse;
mod repeats;
mod shapes;
pub mod state;
pub mod terms;
pub mod turns;

pub use extract::Query;
pub use params::{FromParams, Params};
pub use problem::{Problem, Result};
pub use state::State;

/// Media type of a problem, RFC 9457.
pub const PROBLEM_JSON: &str = "application/problem+json";
