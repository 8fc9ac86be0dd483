//! Vocabularies: what the other records name by slug. Topics, populations, sources, indicators
//! and countries differ in their documents, not in how they are found.

mod model;
pub mod queries;
mod routes;

pub use model::{
    CountryInput, Indicator, IndicatorInput, PopulationInput, Source, SourceInput, TopicInput,
};
pub use routes::routes;
