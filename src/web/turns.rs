//! How much work is done at once.

use super::Problem;
use crate::db;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

/// How many times as many may wait as are worked on.
pub const WAITING: usize = 8;

/// Selections that stream at once in this process: each holds a batch of records in memory, as
/// long as who reads it takes.
static STREAMS: Semaphore = Semaphore::const_new(32);

/// A turn to stream, until it is dropped.
///
/// # Errors
/// 503 when too many stream already.
pub fn stream() -> Result<SemaphorePermit<'static>, Problem> {
    let turn = STREAMS.try_acquire();
    turn.map_err(|_| Problem::Unavailable("too many streams at once".into()))
}

/// Work of which only so much is done at once, and only so much may wait: who finds more waiting is
/// told so at once, instead of making all others wait longer.
pub struct Turns {
    working: Arc<Semaphore>,
    there: Arc<Semaphore>,
}

/// A turn to work, until it is dropped.
pub struct Turn {
    _working: OwnedSemaphorePermit,
    _there: OwnedSemaphorePermit,
}

impl Turns {
    /// So many at once, and so many times as many who wait.
    pub fn new(at_once: usize) -> Self {
        Self {
            working: Arc::new(Semaphore::new(at_once)),
            there: Arc::new(Semaphore::new(at_once * (1 + WAITING))),
        }
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// 503 at once when many wait already, or when no turn comes.
    pub async fn take(&self) -> Result<Turn, Problem> {
        let there = Arc::clone(&self.there).try_acquire_owned();
        let there = there.map_err(|_| Problem::Unavailable("many wait for a turn".into()))?;
        let working = Arc::clone(&self.working).acquire_owned();
        match tokio::time::timeout(db::WAIT, working).await {
            Ok(Ok(working)) => Ok(Turn {
                _working: working,
                _there: there,
            }),
            _ => Err(Problem::Unavailable("no turn within a second".into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::{FutureExt, future::join_all};

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
}
