//! The one integration test binary: the same application as in production, over a Postgres of its
//! own, spoken to by HTTP. One file a topic; `support` holds what they share.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod arithmetic;
mod authorization;
mod bad_input;
mod canary;
mod curation;
mod data;
mod decimals;
mod embed;
mod figures;
mod formats;
mod guide;
mod help;
mod house;
mod imports;
mod languages;
mod links;
mod lists;
mod migrations;
mod numbers;
mod openapi;
mod past;
mod privacy;
mod records;
mod review_queue;
mod search;
mod selections;
mod start;
mod support;
mod verification;
