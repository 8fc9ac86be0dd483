//! Statistics: observations, each with its source, unit and what was said against it.

mod model;
pub mod queries;
mod routes;

pub use model::{Statistic, StatisticInput};
pub use routes::routes;
