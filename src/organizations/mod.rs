//! Organizations: who helps, who prosecutes, who researches.

mod model;
pub mod queries;
mod routes;

pub use model::{Organization, OrganizationInput};
pub use routes::routes;
