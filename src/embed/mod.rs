//! What other sites put into their pages: a web component with its quick exit and its words, and pages
//! that the server writes, the front page among them. None
//! of it is under `/v1`: what asks with parameters that nobody knows is answered all the same.

mod compose;
mod pages;
mod routes;
mod words;

pub use pages::{FORMS, PAGES};
pub use routes::{PATHS, routes};
