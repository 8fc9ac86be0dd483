//! What stands around figures: on a page in a frame, and in HTML to copy.

use super::{
    answering::{Exit, Page, built},
    asked::Asked,
    help::compiled,
    sheet::day,
};
use crate::{
    values::said::Said,
    web::{Result, built::Built},
};
use askama::Template;
use chrono::Utc;
use std::fmt::Display;

#[derive(Template)]
#[template(path = "quoted.html")]
struct Framed<B: Display> {
    page: Page,
    title: Said,
    body: B,
    machine: Option<String>,
    compiled: String,
}

#[derive(Template)]
#[template(path = "static_quoted.html")]
struct Fixed<B: Display> {
    lang: &'static str,
    dir: &'static str,
    exit: Exit,
    title: Said,
    body: B,
    as_of: String,
    machine: Option<String>,
    home: String,
    compiled: String,
}

fn machine(asked: &Asked) -> Option<String> {
    let speech = asked.speech;
    speech.is_machine().then(|| speech.say("machine"))
}

/// A page for a frame; `body` is what a template made.
///
/// # Errors
/// 500 when a template fails, which no record makes it do.
pub fn framed(asked: &Asked, page: Page, title: Said, body: impl Display) -> Result<Built> {
    built(&Framed {
        page,
        title,
        body,
        machine: machine(asked),
        compiled: compiled(asked.speech),
    })
}

/// The same as HTML to copy.
///
/// # Errors
/// As [`framed`].
pub fn fixed(asked: &Asked, public_url: &str, title: Said, body: impl Display) -> Result<Built> {
    let speech = asked.speech;
    built(&Fixed {
        lang: speech.0,
        dir: speech.dir(),
        exit: Exit::of(asked),
        title,
        body,
        as_of: speech.with("as_of", &[("date", &day(Utc::now()))]),
        machine: machine(asked),
        home: format!("{public_url}/"),
        compiled: compiled(speech),
    })
}
