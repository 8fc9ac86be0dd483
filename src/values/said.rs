//! A text with its language, so that whoever shows it can say both.

/// A text and the language that it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What to show.
    pub text: String,
    /// BCP 47.
    pub lang: String,
}

impl Said {
    /// A text in a language.
    pub fn new(text: impl Into<String>, lang: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            lang: lang.into(),
        }
    }
}
