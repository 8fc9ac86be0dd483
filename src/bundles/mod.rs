//! Bundles: what a device keeps of one country to be of use without a network, and the list of them.
//! The bytes of a bundle follow from the public records and the week alone, so that every instance
//! makes the same under the same digest.

mod model;
mod queries;
mod routes;
mod shelf;

pub use routes::routes;
pub use shelf::Shelf;
