//! Vocabularies: what the other records name by slug. Topics, populations, sources, indicators
//! and countries differ in their documents, not in how they are found.

mod model;
pub mod queries;
mod routes;

pub use model::{
    Country, CountryInput, Indicator, IndicatorInput, Population, PopulationInput, Source, SourceInput, Topic,
    TopicInput,
};
pub use routes::routes;
