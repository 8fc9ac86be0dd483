//! Hotlines: numbers, chats and forms that answer a person in need.

mod model;
pub mod queries;
mod routes;

pub use model::{Hotline, HotlineFilter, HotlineInput, HotlineSort};
pub use routes::routes;
