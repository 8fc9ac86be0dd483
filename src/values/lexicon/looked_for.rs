//! Words that a list is searched for.

use super::Lexicon;
use std::{
    fmt,
    sync::{Arc, OnceLock},
};

/// Words that somebody looks for, understood when it is first asked what they come to: that takes its time, which is
/// only spent on who gets an answer.
#[derive(Clone)]
pub struct LookedFor {
    search: String,
    lexicon: Option<Arc<Lexicon>>,
    terms: OnceLock<String>,
}

impl LookedFor {
    /// As they were written.
    pub fn new(search: String) -> Self {
        Self {
            search,
            lexicon: None,
            terms: OnceLock::new(),
        }
    }

    /// To be understood by this lexicon.
    pub fn by(&mut self, lexicon: Arc<Lexicon>) {
        self.lexicon = Some(lexicon);
    }

    /// The `tsquery` text; empty where there is nothing to look for.
    pub fn terms(&self) -> &str {
        self.terms.get_or_init(|| {
            let understood = match &self.lexicon {
                Some(lexicon) => lexicon.understand(&self.search),
                None => Lexicon::default().understand(&self.search),
            };
            understood.all().unwrap_or_default()
        })
    }
}

/// What somebody looks for is written nowhere.
impl fmt::Debug for LookedFor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("LookedFor").finish_non_exhaustive()
    }
}
