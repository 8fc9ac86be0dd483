//! Sentences of an answer, in its language.

use super::model::Sentence;
use crate::values::{
    labels, names, place,
    translation::{Shown, TextLanguage, Texts, TranslationInput},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// What an answer is worded in.
#[derive(Debug, Clone)]
pub struct Wording {
    /// The language of sentences, BCP 47.
    pub lang: String,
    /// The language that texts of records are asked in; `None` for the originals.
    pub prose: Option<String>,
    /// The minute that the answer is for.
    pub at: DateTime<Utc>,
    /// The zone asked for.
    pub zone: Option<Tz>,
}

impl Wording {
    /// The sentence of a code, its places filled in.
    pub fn say(&self, key: &'static str, values: &[(&str, &str)]) -> Sentence {
        let label = labels::filled(key, &self.lang, values);
        Sentence {
            code: key.split_once('.').map_or(key, |(_, code)| code),
            text: label.text,
            lang: label.lang,
            translation: label.translation,
        }
    }

    /// The language of the sentences, as texts say theirs.
    pub fn texts(&self) -> Texts {
        let label = labels::filled("open_state.open", &self.lang, &[]);
        let lang = label.lang.to_owned();
        let translation = label.translation;
        Texts::from([("sentences", TextLanguage { lang, translation })])
    }

    /// A record's texts as the reader is shown them.
    pub fn shown<'a>(&self, original: &'a str, translations: &'a [TranslationInput]) -> Shown<'a> {
        Shown::new(self.prose.as_deref(), original, translations)
    }

    /// The name of an area.
    pub fn area(&self, code: &str) -> String {
        let name = match code.contains('-') {
            true => place::subdivision_name(code).map(str::to_owned),
            false => names::country(code, &self.lang)
                .or_else(|| names::region(code, &self.lang))
                .or_else(|| names::country(code, "en")),
        };
        name.unwrap_or_else(|| code.to_owned())
    }

    /// The name of a language.
    pub fn language(&self, tag: &str) -> String {
        let name = names::language(tag, &self.lang).or_else(|| names::language(tag, "en"));
        name.unwrap_or_else(|| tag.to_owned())
    }

    /// The name of a channel.
    pub fn channel(&self, name: &str) -> String {
        labels::label(&format!("channel.{name}"), &self.lang)
            .0
            .to_owned()
    }

    /// The zone of a line's times: the one asked for, else its own.
    pub fn zone(&self, own: Option<Tz>) -> Option<Tz> {
        self.zone.or(own)
    }

    /// A time of day; with its date where that is another than today's.
    pub fn time(&self, moment: DateTime<Utc>, zone: Tz) -> String {
        let [now, then] = [self.at, moment].map(|one| one.with_timezone(&zone));
        let same = now.date_naive() == then.date_naive();
        let format = if same { "%H:%M" } else { "%Y-%m-%d %H:%M" };
        then.format(format).to_string()
    }
}
