//! Statistics: observations, each with its source, unit and what was said against it.

pub mod arithmetic;
pub mod citations;
mod critique;
mod flags;
mod input;
mod model;
pub mod pictures;
#[cfg(test)]
mod properties;
pub mod queries;
mod routes;
mod rules;
pub mod shares;

pub use input::{StatisticInput, valid_age_band, valid_sex};
pub use model::{ASSESSMENTS, Assessment, Statistic, StatisticFilter};
pub use routes::routes;
pub use rules::undisputed;
