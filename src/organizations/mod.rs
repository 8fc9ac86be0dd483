//! Organizations: who helps, who prosecutes, who researches.

mod input;
mod model;
pub mod queries;
mod routes;

pub use input::OrganizationInput;
pub use model::{Action, ActionKind, Organization, OrganizationFilter, OrganizationSort, Scope};
pub use routes::routes;
