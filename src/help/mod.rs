//! Who do I contact now: emergency numbers, lines, offices and organizations for a place, a need,
//! a language and a moment, in an order that says its reasons. Answered from memory that follows
//! the ledger, so that it goes on when the database does not answer.

mod answer;
mod fits;
mod follow;
mod input;
mod inquiry;
mod lines;
mod memory;
mod model;
mod queries;
mod question;
mod ranking;
mod reasons;
mod routes;
mod saved;
#[cfg(test)]
mod situations;
mod wording;

pub use follow::{Followed, follow, recall, try_follow};
#[cfg(any(test, fuzzing))]
pub use input::HelpInput;
pub use inquiry::{Hours, Inquiry};
pub use model::{Help, HelpContact, HelpOffice, HelpOrganization, HelpSource, Open, Sentence};
pub use question::Question;
pub use routes::routes;
pub use saved::FILE as SAVED;
