//! What stands on a page for one answer of help. It says what the web component says, by the same
//! rules: emergency numbers, then hotlines in their order, offices, organizations.

mod composer;

pub use composer::Composer;

use super::speech::Speech;
use crate::values::said::Said;
use crate::{
    help::Help,
    values::{labels::Translated, translation::Texts},
};
use askama::Template;
use chrono::{DateTime, Utc};

/// Where the sheet stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// On a page in a frame: what leads elsewhere opens apart, since frames may not show others.
    Frame,
    /// On the front page.
    Front,
    /// In HTML that was copied: nothing in it changes with the hour.
    Fixed,
}

struct Emergency {
    label: Said,
    numbers: Vec<Number>,
}

struct Number {
    text: String,
    href: Option<String>,
}

struct Section {
    title: String,
    cards: Vec<Card>,
    more: Option<More>,
}

struct More {
    word: String,
    /// Where it leads; without it the form of the page asks for more.
    href: Option<String>,
    limit: u8,
}

struct Card {
    /// Whether it is shown together with the one before.
    joined: bool,
    name: Said,
    runner: Option<String>,
    role: Option<Said>,
    ways: Vec<Way>,
    state: Option<Opening>,
    age: Option<Age>,
    texts: Vec<Said>,
    facts: Vec<Said>,
    sources: Vec<Source>,
    report: String,
}

struct Way {
    word: String,
    href: Option<String>,
    web: bool,
    shown: String,
    dialled: bool,
    more: Vec<String>,
    expired: Option<String>,
}

struct Opening {
    name: &'static str,
    said: Said,
    moment: Option<String>,
}

struct Age {
    grade: &'static str,
    said: Said,
    date: Option<String>,
}

struct Source {
    title: String,
    href: Option<String>,
    date: Option<String>,
}

/// An answer as HTML.
#[derive(Template)]
#[template(path = "sheet.html")]
pub struct Sheet {
    level: u8,
    apart: bool,
    emergencies: Vec<Emergency>,
    notices: Vec<Said>,
    sections: Vec<Section>,
    call: String,
    your_time: String,
    sources: String,
    report: String,
}

/// A day as it is written everywhere here.
pub fn day(at: DateTime<Utc>) -> String {
    at.date_naive().to_string()
}

/// Whether something in an answer was translated by a machine.
pub fn is_machine(help: &Help, speech: Speech) -> bool {
    let mut texts = help.texts().flat_map(Texts::values);
    speech.is_machine() || texts.any(|text| text.translation == Translated::Machine)
}

impl Card {
    /// Without a name below the same name.
    fn without_echo(self) -> Self {
        let runner = self.runner.filter(|runner| *runner != self.name.text);
        Self { runner, ..self }
    }
}

impl Sheet {
    /// Something to call when nothing else works, as plain HTML: emergency numbers, and of the first
    /// hotline the first number.
    pub fn first_numbers(&self) -> Vec<(String, String)> {
        let emergency = self.emergencies.iter().flat_map(|one| &one.numbers);
        let emergency = emergency.filter_map(|one| Some((one.text.clone(), one.href.clone()?)));
        let cards = self.sections.iter().flat_map(|section| &section.cards);
        let ways = cards.flat_map(|card| &card.ways).filter(|way| way.dialled);
        let first = ways.filter_map(|way| Some((way.shown.clone(), way.href.clone()?)));
        emergency.take(3).chain(first.take(1)).collect()
    }
}
