//! Organizations: who helps, who prosecutes, who researches.

mod input;
mod model;
pub mod queries;
mod routes;

pub use input::OrganizationInput;
pub use model::{Action, ActionKind, Organization, Scope};
#[cfg(any(test, fuzzing))]
pub use model::{OrganizationFilter, OrganizationSort};
pub use routes::routes;
