//! Lodestar: an open resource directory against human trafficking and child exploitation.
//!
//! ARCHITECTURE.md shows the rooms and the arrows between them.

pub mod app;
pub mod cli;
pub mod config;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;

mod bundles;
mod curation;
mod db;
mod directory;
mod embed;
mod help;
mod hotlines;
mod ledger;
mod organizations;
mod regional_contacts;
mod search;
mod statistics;
mod values;
mod vocabularies;
mod web;
