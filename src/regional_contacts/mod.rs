//! Regional contacts: offices, task forces, clearinghouses, referral points and whom they serve.

mod input;
mod model;
pub mod queries;
mod routes;
mod shelters;

pub use input::RegionalContactInput;
pub use model::{RegionalContact, RegionalContactFilter, RegionalContactSort, Role};
pub use routes::routes;
