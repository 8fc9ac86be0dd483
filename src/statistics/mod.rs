//! Statistics: observations, each with its source, unit and what was said against it.

pub mod citations;
mod input;
mod model;
pub mod queries;
mod routes;

pub use input::StatisticInput;
pub use model::Statistic;
pub use routes::routes;
