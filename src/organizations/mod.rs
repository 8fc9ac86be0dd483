//! Organizations: who helps, who prosecutes, who researches.

mod input;
mod model;
pub mod queries;
mod routes;

pub use input::OrganizationInput;
pub use model::{Action, ActionKind, Organization, Scope};
pub use routes::routes;
