//! Statistics: observations, each with its source, unit and what was said against it.

mod filter;
mod input;
mod model;
mod params;
pub mod queries;
mod routes;
mod series;

pub use filter::{Narrowing, StatisticFilter, StatisticSort};
pub use input::StatisticInput;
pub use model::Statistic;
pub use routes::routes;
pub use series::SeriesRow;
