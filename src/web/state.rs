//! What every handler can reach: the reader's pool, what is kept, the revision, the day.

use super::{
    Problem,
    cache::Kept,
    conditional::Caching,
    identity::Ring,
    limits::Limits,
    metrics,
    pulse::{self, Pulse},
    repeats::Repeats,
    turns::{Lent, Turn, Turns},
};
use crate::values::view::View;
use crate::{
    config::Config,
    db::{self, Connection, Pool},
    values::lexicon::{Lexicon, LookedFor},
};
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, web::Data};
use arc_swap::ArcSwap;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use diesel_async::{
    AnsiTransactionManager, AsyncPgConnection, SimpleAsyncConnection, TransactionManager,
};
use std::{
    borrow::Cow,
    fmt,
    future::{Ready, ready},
    sync::Arc,
    time::Instant,
};

/// What all threads of a process share.
#[derive(Clone)]
pub struct Shared {
    /// The configuration.
    pub config: Arc<Config>,
    /// Finished answers and totals.
    pub kept: Kept,
    /// The keys of maintainers.
    pub ring: Arc<Ring>,
    /// Who sent how much lately.
    pub limits: Arc<Limits>,
    /// What searches are understood by.
    pub lexicon: Arc<ArcSwap<Lexicon>>,
    /// Whether the database answers, and its last revision.
    pub pulse: Arc<Pulse>,
    searches: Arc<Turns>,
}

/// The last change of public data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revision {
    /// Its number in the ledger.
    pub number: i64,
    /// When it was made.
    pub at: DateTime<Utc>,
}

/// As what is kept is named by: the moment too, since a database that was put back to an earlier state gives numbers out again.
impl fmt::Display for Revision {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.number, self.at.timestamp_micros())
    }
}

/// What one thread answers with.
#[derive(Clone)]
pub struct Directory {
    /// What all threads share.
    pub shared: Shared,
    reader: Logins,
    writer: Logins,
    pub(super) repeats: Arc<Repeats>,
}

/// The connections of a login, and turns at them.
type Logins = (Pool, Arc<Turns>);

impl Shared {
    /// Starts with nothing kept.
    pub fn new(config: Config) -> Self {
        Self {
            kept: Kept::new(config.cache_mb * 1024 * 1024),
            searches: Arc::new(Turns::new(config.workers)),
            limits: Arc::new(Limits::new(&config)),
            config: Arc::new(config),
            ring: Arc::default(),
            lexicon: Arc::default(),
            pulse: Arc::default(),
        }
    }

    /// Forgets networks that have been quiet, and sums up what was counted: both grow with every request.
    pub fn tidy(&self) {
        self.limits.forget();
        metrics::sum_up();
    }
}

impl Directory {
    /// Joins what is shared with a thread's own pools.
    pub fn new(shared: Shared, reader: Pool, writer: Pool) -> Self {
        shared.pulse.watch_over(&reader);
        shared.pulse.watch_over(&writer);
        let turns = |pool: &Pool| Arc::new(Turns::new(pool.status().max_size));
        Self {
            shared,
            reader: (reader.clone(), turns(&reader)),
            writer: (writer.clone(), turns(&writer)),
            repeats: Arc::default(),
        }
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.shared.config
    }

    /// A connection of the reader's login: published, visible data and nothing else.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub async fn reader(&self) -> Result<Lent, Problem> {
        self.connection(&self.reader).await
    }

    /// A connection of the reader's login that is none of this thread's any more: for work that takes as long as
    /// somebody reads, which holds neither the place nor the turn of a reader.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub async fn own_reader(&self) -> Result<AsyncPgConnection, Problem> {
        let (pool, turns) = &self.reader;
        if self.shared.pulse.is_away() {
            return Err(pulse::gone());
        }
        let _turn = turns.take().await?;
        Ok(Connection::take(db::checkout(pool).await?))
    }

    /// While the database is away nobody waits for it.
    async fn connection(&self, (pool, turns): &Logins) -> Result<Lent, Problem> {
        if self.shared.pulse.is_away() {
            return Err(pulse::gone());
        }
        let turn = turns.take().await?;
        Ok(Lent::new(db::checkout(pool).await?, turn))
    }

    /// The same for a search, which waits for its turn: work for a processor is done soonest one after the
    /// other, and other reads find connections meanwhile.
    ///
    /// # Errors
    /// 503 when its turn does not come, or the database does not answer.
    pub async fn searcher(&self) -> Result<(Turn, Lent), Problem> {
        let turn = self.shared.searches.take().await?;
        Ok((turn, self.reader().await?))
    }

    /// A connection of the writer's login, for those with a key.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub async fn writer(&self) -> Result<Lent, Problem> {
        self.connection(&self.writer).await
    }

    /// Reads from the side that an answer is made of: the public one, or the ledger's for those
    /// with a key, where the same tables hold every record in full.
    ///
    /// # Errors
    /// Those of the query; 503 when the database does not answer.
    pub async fn read<T>(
        &self,
        caching: Caching,
        query: impl AsyncFnOnce(&mut AsyncPgConnection) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        if caching != Caching::Private {
            return query(&mut *self.reader().await?).await;
        }
        let mut connection = self.writer().await?;
        let connection = &mut *connection;
        AnsiTransactionManager::begin_transaction(connection).await?;
        let path = "set transaction read only; set local search_path = ledger, published";
        let asked = match connection.batch_execute(path).await {
            Ok(()) => query(connection).await,
            Err(error) => Err(error.into()),
        };
        // Nothing was written; a connection that cannot even say so is not used again.
        AnsiTransactionManager::rollback_transaction(connection).await?;
        asked
    }

    /// Reads the revision anew, after a write of this process: it sees its own writes at once.
    pub async fn wrote(&self) {
        let asked = Instant::now();
        if let Ok(mut connection) = self.reader().await
            && let Ok((number, at)) = db::revision(&mut connection).await
        {
            self.shared.pulse.told(asked, Revision { number, at });
        }
    }

    /// The day that freshness is counted on.
    pub fn today(&self) -> NaiveDate {
        Utc::now().date_naive()
    }

    /// The same as a number, which is written sooner than a date.
    pub(super) fn day(&self) -> i32 {
        self.today().num_days_from_ce()
    }

    /// For whom records are shown: today, in a language.
    pub fn view(&self, lang: Option<String>) -> View {
        View::on(self.today()).speaking(lang)
    }

    /// The last revision that changed public data; while the database answers, at most half a second old.
    ///
    /// # Errors
    /// 503 when the database has not answered yet.
    pub fn revision(&self) -> Result<Revision, Problem> {
        self.shared.pulse.revision().ok_or_else(pulse::gone)
    }
}

/// The lexicon that a request is understood by.
#[derive(Clone, Copy)]
struct Understanding(u64);

impl Directory {
    /// What searches are understood by; what is kept for the request is kept with it.
    pub fn lexicon(&self, request: &HttpRequest) -> Arc<Lexicon> {
        let lexicon = self.shared.lexicon.load_full();
        let understanding = Understanding(lexicon.generation);
        request.extensions_mut().insert(understanding);
        lexicon
    }

    /// What a list's search is to be understood by.
    pub fn understand_later(&self, request: &HttpRequest, search: &mut Option<LookedFor>) {
        // Lists that search for nothing are kept whatever searches are understood by.
        if let Some(search) = search {
            search.by(self.lexicon(request));
        }
    }
}

/// What was asked, and by which lexicon it was understood, if it was a search.
pub fn understood<'a>(request: &HttpRequest, canonical: &'a str) -> Cow<'a, str> {
    match generation(request) {
        Some(generation) => Cow::Owned(format!("{canonical}|{generation}")),
        None => Cow::Borrowed(canonical),
    }
}

/// By which lexicon a search was understood.
pub(super) fn generation(request: &HttpRequest) -> Option<u64> {
    let extensions = request.extensions();
    extensions
        .get::<Understanding>()
        .map(|Understanding(generation)| *generation)
}

/// The extractor of [`Directory`].
pub struct State(Data<Directory>);

impl State {
    /// The same for work that outlives the request.
    pub fn directory(&self) -> Directory {
        Directory::clone(&self.0)
    }
}

impl std::ops::Deref for State {
    type Target = Directory;

    fn deref(&self) -> &Directory {
        &self.0
    }
}

impl FromRequest for State {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(
            request
                .app_data::<Data<Directory>>()
                .map(|directory| Self(directory.clone()))
                .ok_or_else(|| Problem::Internal("the directory is not mounted".into())),
        )
    }
}
