//! Curation: how the directory is changed by people. So far its spreadsheets, in and out.

pub mod exports;
pub mod imports;
pub mod queries;
mod rows;
pub mod sheets;
pub mod shipped;
