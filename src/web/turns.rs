//! How much work is done at once.

use super::{Problem, connection::SLICE};
use crate::db::{self, Connection};
use bytes::Bytes;
use diesel_async::{AnsiTransactionManager, AsyncPgConnection, TransactionManager};
use std::{
    ops::{Deref, DerefMut},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

/// How many times as many may wait as are worked on.
const WAITING: usize = 8;

/// Selections that stream at once in this process: each holds a batch of records in memory, as
/// long as who reads it takes.
static STREAMS: Streams = Streams::new(32, 8);

/// Who reads a batch for longer than this gives way where others wait.
const SLOW: Duration = Duration::from_secs(30);

/// In so many seconds a network of which many stream asks again.
const AGAIN: u64 = 10;

/// Exports at once in this process: each has a connection of its own, and a snapshot as long as it takes.
static EXPORTS: Semaphore = Semaphore::const_new(4);

/// A turn of a network to stream, until it is dropped or taken by another.
///
/// # Errors
/// 503 when too many stream already, and none of them slowly; 429 when these are the network's own.
pub fn stream(network: Option<u64>) -> Result<Stream<'static>, Problem> {
    STREAMS.begin(network, Instant::now())
}

/// A turn to export, until it is dropped.
///
/// # Errors
/// 503 when too many export already.
pub fn export() -> Result<SemaphorePermit<'static>, Problem> {
    let turn = EXPORTS.try_acquire();
    turn.map_err(|_| Problem::Unavailable("too many exports at once".into()))
}

/// What streams, and what each of it has still to hand over. It is held here and not by the streams, which nobody
/// asks for more while their connections are full.
struct Streams {
    most: usize,
    /// Of one network.
    most_of_one: usize,
    running: Mutex<Vec<Running>>,
    begun: AtomicU64,
}

struct Running {
    number: u64,
    network: Option<u64>,
    since: Instant,
    batch: Bytes,
}

/// A turn to stream.
pub struct Stream<'a> {
    all: &'a Streams,
    number: u64,
}

impl Streams {
    const fn new(most: usize, most_of_one: usize) -> Self {
        Self {
            most,
            most_of_one,
            running: Mutex::new(Vec::new()),
            begun: AtomicU64::new(0),
        }
    }

    fn begin(&self, network: Option<u64>, now: Instant) -> Result<Stream<'_>, Problem> {
        let mut running = self.running();
        let own = |one: &&Running| network.is_some() && one.network == network;
        let is_own_fault = running.iter().filter(own).count() >= self.most_of_one;
        if is_own_fault || running.len() >= self.most {
            let waits = |one: &&Running| !is_own_fault || own(one);
            let slow = |one: &&Running| now.duration_since(one.since) > SLOW;
            let slowest = running.iter().filter(waits).filter(slow);
            let number = slowest.min_by_key(|one| one.since).map(|one| one.number);
            let number = number.ok_or_else(|| match is_own_fault {
                true => Problem::TooManyRequests(AGAIN),
                false => Problem::Unavailable("too many streams at once".into()),
            })?;
            running.retain(|one| one.number != number);
        }
        let number = self.begun.fetch_add(1, Ordering::Relaxed);
        running.push(Running {
            number,
            network,
            since: now,
            batch: Bytes::new(),
        });
        Ok(Stream { all: self, number })
    }

    fn running(&self) -> MutexGuard<'_, Vec<Running>> {
        // No change of it is left half done.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stream<'_> {
    /// Takes a batch to hand over, after the last one is.
    ///
    /// # Errors
    /// When another has the turn.
    pub fn hold(&self, batch: Bytes) -> Result<(), Problem> {
        self.with(|own| {
            own.since = Instant::now();
            own.batch = batch;
        })
    }

    /// The next piece of the batch; nothing when all of it is handed over.
    ///
    /// # Errors
    /// When another has the turn.
    pub fn piece(&self) -> Result<Option<Bytes>, Problem> {
        self.with(|own| {
            let next = own.batch.len().min(SLICE);
            (next > 0).then(|| own.batch.split_to(next))
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut Running) -> T) -> Result<T, Problem> {
        let mut running = self.all.running();
        let own = running.iter_mut().find(|one| one.number == self.number);
        own.map(work)
            .ok_or_else(|| Problem::Unavailable("read so slowly that others stream".into()))
    }
}

impl Drop for Stream<'_> {
    fn drop(&mut self) {
        let mut running = self.all.running();
        running.retain(|one| one.number != self.number);
    }
}

/// Work of which only so much is done at once. Who would wait too long is told so at once, instead of
/// waiting in vain and making all others wait longer.
pub struct Turns {
    at_once: usize,
    free: Arc<Semaphore>,
    waiting: AtomicUsize,
    took: Arc<AtomicU64>,
}

/// A turn to work, until it is dropped.
pub struct Turn {
    _free: OwnedSemaphorePermit,
    begun: Instant,
    took: Arc<AtomicU64>,
}

/// Counts one who waits, until it is dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl Turns {
    /// So many at once.
    pub fn new(at_once: usize) -> Self {
        Self {
            at_once,
            free: Arc::new(Semaphore::new(at_once)),
            waiting: AtomicUsize::new(0),
            took: Arc::default(),
        }
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// 503 at once when many wait already or it would take long, or when no turn comes.
    pub async fn take(&self) -> Result<Turn, Problem> {
        let many = || Problem::Unavailable("many wait for a turn".into());
        let free = Arc::clone(&self.free);
        let free = match Arc::clone(&free).try_acquire_owned() {
            Ok(free) => free,
            Err(_) => {
                let before = self.waiting.fetch_add(1, Ordering::Relaxed);
                let _waiting = Waiting(&self.waiting);
                if self.is_vain(before) {
                    return Err(many());
                }
                match tokio::time::timeout(db::WAIT, free.acquire_owned()).await {
                    Ok(Ok(free)) => free,
                    _ => return Err(many()),
                }
            }
        };
        Ok(Turn {
            _free: free,
            begun: Instant::now(),
            took: Arc::clone(&self.took),
        })
    }

    /// Whether nobody should wait behind so many others. Those who are next wait in any case.
    fn is_vain(&self, before: usize) -> bool {
        let rounds = before / self.at_once;
        let took = Duration::from_micros(self.took.load(Ordering::Relaxed));
        let long =
            took.saturating_mul(u32::try_from(rounds + 1).unwrap_or(u32::MAX)) > db::WAIT / 4;
        rounds > 0 && (rounds >= WAITING || long)
    }
}

impl Drop for Turn {
    /// Notes how long it took: an eighth of the mean is the last one.
    fn drop(&mut self) {
        let took = u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        let mean = self.took.load(Ordering::Relaxed);
        let mean = mean - mean / 8 + took / 8;
        // Another that is dropped at the same time may be lost: it is a mean.
        self.took.store(mean, Ordering::Relaxed);
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A connection on loan, in its turn. One whose work was given up in the middle of a transaction, as when who asked hangs up,
/// is closed, which ends that; in the pool it would hold its locks until somebody is lent it.
pub struct Lent {
    /// Taken when it is dropped.
    connection: Option<Connection>,
    _turn: Turn,
}

impl Lent {
    /// Keeps the turn as long as the connection.
    pub fn new(connection: Connection, turn: Turn) -> Self {
        Self {
            connection: Some(connection),
            _turn: turn,
        }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(mut connection) = self.connection.take()
            && AnsiTransactionManager::is_broken_transaction_manager(&mut *connection)
        {
            drop(Connection::take(connection));
        }
    }
}

impl Deref for Lent {
    type Target = AsyncPgConnection;

    fn deref(&self) -> &AsyncPgConnection {
        match &self.connection {
            Some(connection) => connection,
            None => unreachable!("it was dropped"),
        }
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut AsyncPgConnection {
        match &mut self.connection {
            Some(connection) => connection,
            None => unreachable!("it was dropped"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::{FutureExt, future::join_all};

    #[test]
    fn who_reads_slowly_gives_way_where_others_wait() {
        let streams = Streams::new(2, 2);
        let now = Instant::now();
        let slow = streams.begin(None, now).ok();
        let later = now + SLOW;
        let other = streams.begin(None, later).ok();
        let (Some(slow), Some(other)) = (slow, other) else {
            panic!("two may stream");
        };
        assert!(streams.begin(None, later).is_err(), "nobody is slow yet");
        let third = streams.begin(None, later + Duration::from_millis(1));
        assert!(third.is_ok());
        assert!(slow.piece().is_err() && slow.hold(Bytes::new()).is_err());
        // Whose turn was taken gives none back.
        drop(slow);
        assert!(streams.begin(None, later + SLOW).is_err());
        let batch = Bytes::from(vec![1; SLICE + 1]);
        assert!(other.hold(batch).is_ok());
        let piece = || other.piece().ok().flatten().map(|piece| piece.len());
        assert_eq!([piece(), piece(), piece()], [Some(SLICE), Some(1), None]);
        drop(other);
        assert!(streams.begin(None, later).is_ok());
    }

    #[test]
    fn a_network_leaves_turns_to_others() {
        let streams = Streams::new(4, 2);
        let now = Instant::now();
        let of = |network, now| streams.begin(network, now);
        let first = of(Some(1), now).ok();
        let second = of(Some(1), now + SLOW);
        let refused = of(Some(1), now + SLOW);
        assert!(matches!(refused, Err(Problem::TooManyRequests(_))));
        let other = of(Some(2), now + SLOW);
        // Of those of its own, the slow one goes; others of theirs stay.
        assert!(of(Some(1), now + SLOW + Duration::from_millis(1)).is_ok());
        assert!(first.is_some_and(|first| first.piece().is_err()));
        // Who nobody can tell apart is not counted.
        let unknown = [of(None, now + SLOW), of(None, now + SLOW)];
        assert!(second.is_ok() && other.is_ok() && unknown.iter().all(Result::is_ok));
    }

    #[actix_web::test]
    async fn who_finds_many_waiting_is_told_at_once() {
        let turns = Turns::new(1);
        let first = turns.take().await.ok();
        let mut waiting: Vec<_> = (0..WAITING).map(|_| Box::pin(turns.take())).collect();
        for one in &mut waiting {
            assert!(one.now_or_never().is_none(), "it should wait");
        }
        let refused = turns.take().now_or_never();
        assert!(matches!(refused, Some(Err(Problem::Unavailable(_)))));
        drop(first);
        // One after the other.
        let done = join_all(waiting.into_iter().map(async |one| one.await.is_ok())).await;
        assert_eq!(done, [true; WAITING]);
        assert!(turns.take().await.is_ok());
    }

    #[actix_web::test]
    async fn who_would_wait_too_long_is_told_at_once() {
        let turns = Turns::new(2);
        turns.took.store(200_000, Ordering::Relaxed);
        let working = [turns.take().await.ok(), turns.take().await.ok()];
        // Two follow in 0.2 s, a third in 0.4 s.
        let mut waiting = [Box::pin(turns.take()), Box::pin(turns.take())];
        for one in &mut waiting {
            assert!(one.now_or_never().is_none(), "it should wait");
        }
        assert!(matches!(turns.take().now_or_never(), Some(Err(_))));
        // These took less.
        drop(working);
        assert!(turns.took.load(Ordering::Relaxed) < 200_000);
        drop(waiting);
        assert!(turns.take().await.is_ok());
        assert_eq!(turns.waiting.load(Ordering::Relaxed), 0);
    }
}
