//! Citations: the document that a figure was read in, in the forms that reference managers take.
//!
//! What is cited is the source, not this directory: its title, its publisher as author, its date
//! with the precision that it gives, its address. The day of access is the one on which somebody
//! read the source for the directory; where none is noted, none is made up.

mod apa;
mod bibtex;
mod csl;

pub use apa::apa;
pub use bibtex::bibtex;
pub use csl::{CslItem, csl};

use super::model::{Assessment, Statistic};
use crate::values::{citation::Citation, labels};
use chrono::{Datelike, NaiveDate};

/// A source as the directory has it.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its title.
    pub title: String,
    /// Who published it.
    pub publisher: Option<String>,
    /// Where it stands.
    pub url: String,
}

/// A figure and the document that it is cited from.
#[derive(Debug)]
pub struct Cited<'a> {
    /// The figure.
    pub statistic: &'a Statistic,
    /// Where in which document, and when it was read.
    pub citation: &'a Citation,
    /// The document.
    pub document: Document,
    /// The documents of its critiques by slug.
    pub critics: Vec<(String, Document)>,
    /// Where the figure stands in the directory.
    pub url: String,
}

/// A date that may lack its day and month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Partial {
    year: i32,
    month: Option<u32>,
    day: Option<u32>,
}

impl Partial {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let year = parts.next()?.parse().ok()?;
        let mut next = || parts.next()?.parse().ok();
        let (month, day) = (next(), next());
        Some(Self { year, month, day })
    }
}

impl From<NaiveDate> for Partial {
    fn from(day: NaiveDate) -> Self {
        Self {
            year: day.year(),
            month: Some(day.month()),
            day: Some(day.day()),
        }
    }
}

/// The English names of the months.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn month(number: u32) -> Option<&'static str> {
    let place = usize::try_from(number).ok()?.checked_sub(1)?;
    MONTHS.get(place).copied()
}

/// A text as a sentence: with an end, unless it has one.
fn sentence(text: &str) -> String {
    let text = text.trim();
    let bare = text.trim_end_matches(['"', '”', '»', '’', ')']);
    match bare.ends_with(['.', '!', '?', '…', '。', '؟', '।']) {
        true => text.to_owned(),
        false => format!("{text}."),
    }
}

impl Cited<'_> {
    fn issued(&self) -> Option<Partial> {
        Partial::parse(self.citation.published_on.as_deref()?)
    }

    fn accessed(&self) -> Option<Partial> {
        self.citation.retrieved_on.map(Partial::from)
    }

    /// The page, where the locator is nothing else: `p. 12`, `pp. 12-14`, `page 7`.
    fn page(&self) -> Option<&str> {
        let locator = self.citation.locator.as_deref()?.trim();
        let marks = ["pages ", "page ", "pp. ", "p. "];
        let page = marks.iter().find_map(|mark| locator.strip_prefix(mark))?;
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let whole = page.split(['-', '–']).all(digits);
        (whole && page.split(['-', '–']).count() <= 2).then_some(page)
    }

    /// What a reader of the reference must know: that the figure is not in the source, what became
    /// of it, where it stands.
    fn note(&self) -> Option<String> {
        let one = self.statistic;
        let label = |key, values: &[_]| sentence(&labels::filled(key, "en", values).text);
        let mut sentences = Vec::new();
        if one.is_remainder() {
            sentences.push(label("picture.computed", &[]));
            sentences.extend(one.method_note.as_deref().map(sentence));
        }
        sentences.extend(self.standing());
        if let Some(figure) = one.contradiction("en") {
            sentences.push(label("picture.contradicted", &[("figure", &figure)]));
        }
        sentences.extend(one.against().map(|critique| sentence(&critique.summary)));
        if let (Some(locator), None) = (&self.citation.locator, self.page()) {
            sentences.push(sentence(&format!("In the source: {locator}")));
        }
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }

    /// That a figure is not to be quoted as it stands, and who says so.
    fn standing(&self) -> Option<String> {
        let words = match self.statistic.assessment {
            Assessment::Disputed => "This figure is disputed",
            Assessment::Retracted => "This figure was taken back",
            Assessment::Superseded => return Some(self.superseded()),
            Assessment::NotAssessed | Assessment::Supported => return None,
        };
        let critics = self.statistic.against().filter_map(|critique| {
            let mut known = self.critics.iter();
            let (_, document) = known.find(|(slug, _)| *slug == critique.source)?;
            Some(match &document.publisher {
                Some(publisher) => format!("{publisher}, {}", document.title),
                None => document.title.clone(),
            })
        });
        let critics: Vec<String> = critics.collect();
        Some(match critics.is_empty() {
            true => format!("{words}."),
            false => sentence(&format!("{words}, see: {}", critics.join("; "))),
        })
    }

    fn superseded(&self) -> String {
        let newer = self.statistic.superseded_by.as_ref();
        // It stands beside this one.
        let newer = newer.zip(self.url.rsplit_once('/'));
        match newer {
            Some((slug, (list, _))) => format!("A newer figure replaced this one: {list}/{slug}"),
            None => "A newer figure replaced this one.".to_owned(),
        }
    }

    /// What it is cited for.
    fn cited_for(&self) -> String {
        let one = self.statistic;
        let mut sentences = vec![
            sentence(&format!("{}: {}", one.title, one.display)),
            sentence(&one.claim),
        ];
        if !one.is_remainder() {
            sentences.push(sentence(&format!("Counted by {}", one.publisher)));
        }
        sentences.push(format!("Record of the figure: {}", self.url));
        sentences.join(" ")
    }
}
