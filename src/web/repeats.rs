//! What was asked a moment ago is asked again, word for word, by every page that embeds it. Under which key its answer is
//! kept need not be found out each time: nothing is routed, negotiated or read from the address then.
//!
//! Only keys are held here. The answers, and what they weigh, are [`Kept`](super::cache::Kept)'s.

use super::{
    conditional::Caching,
    language::Spoken,
    state::{self, Directory, Revision},
};
use actix_web::{
    HttpRequest, HttpResponse,
    dev::{RequestHead, ServiceRequest},
    http::{
        Method,
        header::{ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION},
    },
};
use std::{
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// So many questions are known to a thread; each has one place, which the last one takes.
const PLACES: usize = 1024;

/// What is longer in bytes is read each time.
const LONGEST: usize = 1024;

/// Questions as they were sent, and the keys of their answers.
#[derive(Debug)]
pub struct Repeats {
    places: Mutex<Vec<Option<Known>>>,
    /// So that nobody chooses who takes whose place.
    secret: RandomState,
}

/// A question that was answered from what is kept.
#[derive(Debug)]
struct Known {
    asked: String,
    revision: Revision,
    day: i32,
    /// By which lexicon, where it is a search.
    understood: Option<u64>,
    found: Arc<Found>,
}

/// What all who ask the same get.
#[derive(Debug)]
pub struct Found {
    /// What the answer is kept under.
    pub key: String,
    /// The value of `Vary`.
    pub vary: &'static str,
    /// The template of the route.
    pub route: String,
}

impl Default for Repeats {
    fn default() -> Self {
        Self {
            places: Mutex::new((0..PLACES).map(|_| None).collect()),
            secret: RandomState::new(),
        }
    }
}

impl Repeats {
    fn places(&self) -> MutexGuard<'_, Vec<Option<Known>>> {
        // No change of it is left half done.
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn place(&self, asked: &str) -> usize {
        // Of 1,024 places the number fits.
        (self.secret.hash_one(asked) % PLACES as u64) as usize
    }
}

/// Everything that the key of a kept answer is made of, as it was sent: the address, and what is negotiated by. Nothing
/// where more than that matters: to a key somebody else is answered.
fn asked(head: &RequestHead) -> Option<String> {
    let (address, headers) = (head.uri.path_and_query()?.as_str(), head.headers());
    let reads = head.method == Method::GET && address.starts_with("/v1/");
    if !reads || headers.contains_key(AUTHORIZATION) {
        return None;
    }
    let mut asked = String::with_capacity(256);
    asked.push_str(address);
    for name in [ACCEPT, ACCEPT_LANGUAGE] {
        // Neither stands in an address or in a value.
        asked.push('\n');
        for value in headers.get_all(name) {
            asked.push_str(value.to_str().ok()?);
            asked.push('\r');
        }
    }
    (asked.len() <= LONGEST).then_some(asked)
}

impl Directory {
    /// Answers a question as the last one that was the same to the byte, if that was kept and nothing changed since.
    pub async fn repeated(&self, request: &ServiceRequest) -> Option<(Arc<Found>, HttpResponse)> {
        let asked = asked(request.head())?;
        let revision = self.revision().ok()?;
        let day = self.day();
        let is_same = |known: &&Known| {
            let by = known.understood;
            known.asked == asked
                && (known.revision, known.day) == (revision, day)
                && by.is_none_or(|by| by == self.shared.lexicon.load().generation)
        };
        let found = {
            let places = self.repeats.places();
            let known = places[self.repeats.place(&asked)].as_ref();
            Arc::clone(&known.filter(is_same)?.found)
        };
        let answer = self.answer(&found.key).await?;
        let response = answer.respond(request.request(), revision, Caching::Public, found.vary);
        Some((found, response))
    }

    /// Notes under which key the answer of a request is kept.
    pub(super) fn repeats(&self, request: &HttpRequest, key: String, revision: Revision, day: i32) {
        let (Some(asked), Some(route)) = (asked(request.head()), request.match_pattern()) else {
            return;
        };
        let place = self.repeats.place(&asked);
        let known = Known {
            asked,
            revision,
            day,
            understood: state::generation(request),
            found: Arc::new(Found {
                key,
                vary: Spoken::vary(request),
                route,
            }),
        };
        self.repeats.places()[place] = Some(known);
    }
}
