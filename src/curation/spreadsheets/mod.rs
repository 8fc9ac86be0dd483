//! Spreadsheets in and out: read whatever they were made with, checked row by row, applied by a
//! second person, exported so that they come back.

mod annotating;
mod archives;
mod cells;
mod checking;
mod content;
mod damage;
mod differing;
mod encodings;
mod exporting;
mod faults;
mod grids;
mod importing;
mod kept;
mod lines;
mod losses;
mod origins;
mod reading;
mod reports;
mod sheets;
mod tables;
mod workbooks;

pub use annotating::annotated;
pub use archives::Packing;
pub use cells::Profile;
pub use checking::{Check, check};
pub use content::{Content, Files as Contents, Form, LARGEST};
pub use exporting::{ExportError, Exported, Files, Folder, Passing, Shape, Stream, Style, export};
pub use faults::ImportError;
pub use importing::{import, read};
pub use kept::{Applier, ImportCheck, ImportSummary, Refusal, apply, keep, unknown};
