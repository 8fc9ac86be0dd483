//! For whom a record is shown: on which day, and in which language.

use super::translation::{Shown, TranslationInput};
use chrono::NaiveDate;

/// The day that freshness is counted on, and the language that texts are asked in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// The UTC day.
    pub today: NaiveDate,
    /// A canonical tag; `None` for the original.
    pub lang: Option<String>,
}

impl View {
    /// The originals on a day.
    pub fn on(today: NaiveDate) -> Self {
        Self { today, lang: None }
    }

    /// The same in a language.
    pub fn speaking(self, lang: Option<String>) -> Self {
        Self { lang, ..self }
    }

    /// A record's texts as this reader is shown them.
    pub fn shown<'a>(&self, original: &'a str, translations: &'a [TranslationInput]) -> Shown<'a> {
        Shown::new(self.lang.as_deref(), original, translations)
    }
}
