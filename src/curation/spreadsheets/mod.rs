//! Spreadsheets in and out: read whatever they were made with, checked row by row, applied by a
//! second person, exported so that they come back.

mod annotating;
mod archives;
mod cells;
mod checking;
mod content;
mod damage;
mod encodings;
mod exporting;
mod faults;
mod grids;
mod importing;
mod kept;
mod lines;
mod origins;
mod reading;
mod sheets;
mod tables;
mod workbooks;

pub use annotating::annotated;
pub use archives::{Packing, pack};
pub use cells::Profile;
pub use checking::{Check, ImportCounts, check};
pub use content::{Content, Files, Form, LARGEST, hex, of_hex, too_large};
pub use exporting::{ExportError, Exported, Folder, Shape, Stream, Style, export};
pub use faults::{ImportError, Wrong};
pub use importing::{Reading, import, read};
pub use kept::{Applier, ImportCheck, ImportSummary, Refusal, apply, keep};
