//! Regional contacts: offices, task forces, clearinghouses, referral points and whom they serve.

mod model;
pub mod queries;
mod routes;

pub use model::{
    RegionalContact, RegionalContactFilter, RegionalContactInput, RegionalContactSort,
};
pub use routes::routes;
