//! What was asked a moment ago is asked again, word for word, by everybody who opens the same page. Under which key its
//! answer is kept need not be found out each time: nothing is routed, negotiated or read from the address then.
//!
//! Only keys are held here. The answers, and what they weigh, are [`Kept`](super::cache::Kept)'s. Of a question its hash is
//! held, by a secret of this process: that two have the same happens once in 2⁶⁴, and nobody can bring it about.

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
    panic::{AssertUnwindSafe, catch_unwind},
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
    /// The digest of what the answer is kept under.
    key: String,
    /// The value of `Vary`.
    vary: &'static str,
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
    pub async fn answer_again(
        &self,
        request: &ServiceRequest,
    ) -> Option<(Arc<Found>, HttpResponse)> {
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
        let respond = || answer.respond(request.request(), revision, Caching::Public, found.vary);
        // Where that panics, the way through the routes ends in a problem.
        let response = catch_unwind(AssertUnwindSafe(respond)).ok()?;
        Some((found, response))
    }

    /// Notes under which key the answer of a request is kept.
    pub(super) fn note_repeat(
        &self,
        request: &HttpRequest,
        key: String,
        revision: Revision,
        day: i32,
    ) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::Config,
        db,
        values::lexicon::Lexicon,
        web::{State, built::Built, front::front, state::Shared},
    };
    use actix_web::{
        App,
        middleware::from_fn,
        test,
        web::{self, Data},
    };
    use chrono::{DateTime, TimeDelta};
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        time::Instant,
    };

    static ROUTED: AtomicUsize = AtomicUsize::new(0);

    async fn routed(state: State, request: HttpRequest) -> crate::web::Result<HttpResponse> {
        ROUTED.fetch_add(1, Ordering::Relaxed);
        if request.path() == "/v1/searched" {
            state.lexicon(&request);
        }
        let build = async |_| Built::json(&request.path());
        state.kept(&request, "", Caching::Public, build).await
    }

    #[actix_web::test]
    async fn what_is_asked_again_is_routed_only_when_something_changed() {
        let shared = Shared::new(Config::from_vars(Default::default()).unwrap());
        let pool = db::pool("postgresql://127.0.0.1:1/nobody", 1).unwrap();
        let directory = Directory::new(shared.clone(), pool.clone(), pool);
        let app = App::new()
            .app_data(Data::new(directory))
            .route("/v1/listed", web::get().to(routed))
            .route("/v1/searched", web::get().to(routed))
            .route("/embed/listed", web::get().to(routed))
            .wrap(from_fn(front));
        let app = test::init_service(app).await;
        // How often it is routed of three times that a path is asked for.
        let times = async |path: &str| {
            let before = ROUTED.load(Ordering::Relaxed);
            for _ in 0..3 {
                let asked = test::TestRequest::get().uri(path).to_request();
                let body = test::call_and_read_body(&app, asked).await;
                assert_eq!(body, format!("\"{path}\""));
            }
            ROUTED.load(Ordering::Relaxed) - before
        };
        let told = |number, seconds| {
            let at = DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
            let revision = Revision { number, at };
            shared.pulse.told(Instant::now(), revision);
        };
        told(1, 0);
        assert_eq!(times("/v1/listed").await, 1);
        assert_eq!(times("/v1/listed").await, 0);
        assert_eq!(times("/v1/searched").await, 1);
        // Pages say more in their headers than what is kept.
        assert_eq!(times("/embed/listed").await, 3);
        told(2, 1);
        assert_eq!(times("/v1/listed").await, 1);
        // A database that was put back gives numbers out again.
        told(2, 2);
        assert_eq!(times("/v1/listed").await, 1);
        assert_eq!(times("/v1/searched").await, 1);
        let mut lexicon = Lexicon::default();
        lexicon.generation = 7;
        shared.lexicon.store(Arc::new(lexicon));
        assert_eq!(times("/v1/searched").await, 1);
        assert_eq!(times("/v1/listed").await, 0);
    }
}
