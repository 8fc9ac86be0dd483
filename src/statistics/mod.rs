//! Statistics: observations, each with its source, unit and what was said against it.
pub mod arithmetic;
pub mod citations;
mod critique;
mod filter;
mod flags;
mod input;
mod model;
mod params;
pub mod pictures;
#[cfg(test)]
mod properties;
pub mod queries;
mod routes;
mod rules;
mod series;
pub mod shares;

pub use filter::{Narrowing, StatisticFilter, StatisticSort};
pub use input::{StatisticInput, valid_sex};
pub use model::{ASSESSMENTS, Assessment, Statistic};
pub use params::age_band;
pub use routes::routes;
pub use rules::undisputed;
pub use series::SeriesRow;
