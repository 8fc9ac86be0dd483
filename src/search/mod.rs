//! Search: one question over organizations, hotlines, regional contacts and statistics.

mod follow;
mod highlights;
mod model;
mod queries;
mod results;
mod routes;

pub use follow::{follow, try_renew};
#[cfg(any(test, fuzzing))]
pub use model::{Question, SearchInput};
pub use routes::routes;
