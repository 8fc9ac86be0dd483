//! Statistics: observations, each with its source, unit and what was said against it.

pub mod arithmetic;
mod critique;
mod flags;
mod input;
mod model;
#[cfg(test)]
mod properties;
pub mod queries;
mod routes;
mod rules;
pub mod shares;

pub use input::StatisticInput;
pub use model::{Assessment, Statistic};
pub use routes::routes;
pub use rules::undisputed;
