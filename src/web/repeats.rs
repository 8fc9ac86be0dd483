//! What was asked a moment ago is asked again, word for word, by every page that embeds it. Under which key its answer is
//! kept need not be found out each time: nothing is routed, negotiated or read from the address then.
//!
//! Only keys are held here. The answers, and what they weigh, are [`Kept`](super::cache::Kept)'s. Of the questions their
//! hashes are held, by a secret of this process: that two have the same happens once in 2⁶⁴, and nobody can bring it about.

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
    hash::{BuildHasher, Hash, Hasher, RandomState},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// So many questions are known to a thread; each has one place, which the last one takes.
const PLACES: usize = 1024;

/// Questions as they were sent, and the keys of their answers.
#[derive(Debug)]
pub struct Repeats {
    places: Mutex<Vec<Option<Known>>>,
    secret: RandomState,
}

/// A question that was answered from what is kept.
#[derive(Debug)]
struct Known {
    asked: u64,
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

    /// Everything that the key of a kept answer is made of, as it was sent: the address, and what is negotiated by. Nothing
    /// where more than that matters: to a key somebody else is answered.
    fn asked(&self, head: &RequestHead) -> Option<u64> {
        let (address, headers) = (head.uri.path_and_query()?.as_str(), head.headers());
        let reads = head.method == Method::GET && address.starts_with("/v1/");
        if !reads || headers.contains_key(AUTHORIZATION) {
            return None;
        }
        let mut asked = self.secret.build_hasher();
        address.hash(&mut asked);
        for name in [ACCEPT, ACCEPT_LANGUAGE] {
            for value in headers.get_all(&name) {
                value.as_bytes().hash(&mut asked);
            }
            // Where the next one begins.
            name.as_str().hash(&mut asked);
        }
        Some(asked.finish())
    }
}

/// Where a question stands.
fn place(asked: u64) -> usize {
    // The number of a place fits.
    (asked % PLACES as u64) as usize
}

impl Directory {
    /// Answers a question as the last one that was the same to the byte, if that was kept and nothing changed since.
    pub async fn repeated(&self, request: &ServiceRequest) -> Option<(Arc<Found>, HttpResponse)> {
        let asked = self.repeats.asked(request.head())?;
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
            let known = places[place(asked)].as_ref();
            Arc::clone(&known.filter(is_same)?.found)
        };
        let answer = self.answer(&found.key).await?;
        let response = answer.respond(request.request(), revision, Caching::Public, found.vary);
        Some((found, response))
    }

    /// Notes under which key the answer of a request is kept.
    pub(super) fn repeats(&self, request: &HttpRequest, key: String, revision: Revision, day: i32) {
        let asked = self.repeats.asked(request.head());
        let (Some(asked), Some(route)) = (asked, request.match_pattern()) else {
            return;
        };
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
        self.repeats.places()[place(asked)] = Some(known);
    }
}
