//! Hotlines: numbers, chats and forms that answer a person in need.

mod input;
mod model;
pub mod queries;
mod routes;

pub use input::HotlineInput;
pub use model::{Disclosure, Hotline, HotlineFilter, HotlineSort};
pub use routes::routes;
