//! Statistics: observations, each with its source, unit and what was said against it.

pub mod citations;
mod input;
mod model;
pub mod pictures;
pub mod queries;
mod routes;

pub use input::{StatisticInput, valid_age_band, valid_sex};
pub use model::{ASSESSMENTS, Assessment, Statistic, StatisticFilter};
pub use routes::routes;
