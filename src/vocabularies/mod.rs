//! Vocabularies: what the other records name by slug. Topics, populations, synonyms, sources,
//! indicators and countries differ in their documents, not in how they are found.

mod columns;
mod countries;
mod country;
mod input;
mod model;
pub mod queries;
mod routes;
mod synonyms;

pub use country::{Country, CountryNumbers};
pub use input::{
    CountryInput, IndicatorInput, PopulationInput, SourceInput, SynonymInput, TopicInput,
};
pub use model::{Indicator, IndicatorKind, Population, Source, Topic};
pub use routes::routes;
pub use synonyms::Synonym;
