//! What pages say, in the language of the reader.

use crate::{
    embed::words::word,
    values::{
        labels::{self, LANGUAGES},
        language,
    },
};

/// The language of a page: one that there are words in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speech(pub &'static str);

impl Speech {
    /// The language asked for or a shorter form of it, else English.
    pub fn of(lang: &str) -> Self {
        let given = labels::given_in(lang);
        let known = LANGUAGES.into_iter().find(|known| *known == given);
        Self(known.unwrap_or(LANGUAGES[0]))
    }

    /// In which direction it is written.
    pub fn dir(self) -> &'static str {
        match language::right_to_left(self.0) {
            true => "rtl",
            false => "ltr",
        }
    }

    /// Whether a machine translated it, and nobody has checked that.
    pub fn is_machine(self) -> bool {
        word("translation", self.0) == Some("machine")
    }

    /// A sentence of the interface, or a label, as it stands.
    pub fn say(self, key: &str) -> String {
        self.pattern(key).to_owned()
    }

    fn pattern(self, key: &str) -> &str {
        word(key, self.0).unwrap_or_else(|| labels::label(key, self.0).0)
    }

    /// The same with its places filled in.
    pub fn with(self, key: &str, values: &[(&str, &str)]) -> String {
        let pattern = self.pattern(key);
        if self.dir() == "ltr" {
            return labels::fill(pattern, values);
        }
        // Kept apart, so that dates and brackets keep their order.
        let apart = values.iter();
        let apart = apart.map(|(name, value)| (*name, format!("\u{2068}{value}\u{2069}")));
        let apart: Vec<(&str, String)> = apart.collect();
        let apart: Vec<(&str, &str)> = apart
            .iter()
            .map(|(name, value)| (*name, &**value))
            .collect();
        labels::fill(pattern, &apart)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_speak_ten_languages_and_else_english() {
        assert_eq!(Speech::of("es-MX").say("exit"), "Salir de esta página");
        assert_eq!(Speech::of("tl").0, "fil");
        assert_eq!(
            (Speech::of("ar").dir(), Speech::of("zh").dir()),
            ("rtl", "ltr")
        );
        let other = Speech::of("tlh");
        assert_eq!(other.say("kind.hotlines"), "Hotlines");
        assert!(!other.is_machine() && Speech::of("de").is_machine());
        let place = [("place", "{time} <b>")];
        assert_eq!(other.with("help_in", &place), "Help: {time} <b>");
    }
}
