//! Whether the database answers, and the last revision that it told.
//!
//! One task a process asks four times a second, so that no request has to: what is kept is answered without the
//! database. A database that hangs takes connections and never answers, and no timeout of its own or of the kernel
//! ends that; so when the question is not answered in time, whoever waits for the database is told so, and all
//! connections are made anew once it is back.

use super::{Problem, state::Revision};
use crate::db::{self, Pool};
use arc_swap::ArcSwapOption;
use std::{
    sync::Mutex,
    time::{Duration, Instant},
};
use tokio::sync::watch;

/// How often the database is asked.
const BEAT: Duration = Duration::from_millis(250);
/// How long its answer is waited for, twice. With [`BEAT`] this is the longest that anybody waits for nothing.
const PATIENCE: Duration = Duration::from_millis(500);
/// A wait that took so long was not the database's: this process had no turn.
const STARVED: Duration = Duration::from_millis(800);
/// How old what is known may be before answers tell their age.
pub const FRESH: Duration = Duration::from_secs(2);

/// What one process knows of its database.
pub struct Pulse {
    known: ArcSwapOption<(Instant, Revision)>,
    away: watch::Sender<bool>,
    pools: Mutex<Vec<Pool>>,
}

impl Default for Pulse {
    fn default() -> Self {
        Self {
            known: ArcSwapOption::empty(),
            away: watch::Sender::new(false),
            pools: Mutex::default(),
        }
    }
}

impl Pulse {
    /// A pool whose connections end with the database.
    pub fn watch_over(&self, pool: &Pool) {
        self.pools().push(pool.clone());
    }

    /// The last revision that was read, however long ago.
    pub fn revision(&self) -> Option<Revision> {
        self.known.load().as_deref().map(|(_, revision)| *revision)
    }

    /// How long what is known was not confirmed, where that is longer than it takes.
    pub fn age(&self) -> Option<Duration> {
        let known = self.known.load();
        let age = known.as_deref().map(|(asked, _)| asked.elapsed());
        age.filter(|age| *age >= FRESH)
    }

    /// Whether the database does not answer.
    pub fn is_away(&self) -> bool {
        *self.away.borrow()
    }

    /// Begins without a database, with what was known a while ago.
    pub fn begin_away(&self, revision: Revision, age: Duration) {
        let asked = Instant::now().checked_sub(age);
        self.told(asked.unwrap_or_else(Instant::now), revision);
        self.away.send_replace(true);
    }

    /// Notes a revision that was asked for at a moment. One that was asked for earlier than what is known says
    /// nothing new.
    pub fn told(&self, asked: Instant, revision: Revision) {
        self.known.rcu(|known| match known.as_deref() {
            Some((at, _)) if *at > asked => known.clone(),
            _ => Some((asked, revision).into()),
        });
    }

    /// Does some work, and gives it up when the database goes away meanwhile. While it is away already, no
    /// connection is lent, so that work which needs none goes on.
    ///
    /// # Errors
    /// 503.
    pub async fn unless_away<T>(&self, work: impl Future<Output = T>) -> Result<T, Problem> {
        let goes_away = async {
            let mut away = self.away.subscribe();
            // The sender lives as long as this.
            let _ = away.wait_for(|away| !away).await;
            let _ = away.wait_for(|away| *away).await;
        };
        tokio::select! {
            biased;
            done = work => Ok(done),
            () = goes_away => Err(gone()),
        }
    }

    /// The same for work that is nothing without the database: it is not begun while that is away.
    ///
    /// # Errors
    /// 503.
    pub async fn while_there<T>(&self, work: impl Future<Output = T>) -> Result<T, Problem> {
        match self.is_away() {
            true => Err(gone()),
            false => self.unless_away(work).await,
        }
    }

    /// Waits as long as a follower rests between two looks, or until the database is back.
    pub async fn rest(&self, long: Duration) {
        let mut away = self.away.subscribe();
        let back = async {
            // The sender lives as long as this.
            let _ = away.wait_for(|away| *away).await;
            let _ = away.wait_for(|away| !away).await;
        };
        let _ = tokio::time::timeout(long, back).await;
    }

    /// Asks as long as the process lives.
    pub async fn follow(&self, pool: Pool) {
        loop {
            self.beat(&pool).await;
            tokio::time::sleep(BEAT).await;
        }
    }

    /// Asks once, and once more on a new connection, since one may end by itself.
    pub async fn beat(&self, pool: &Pool) {
        let mut asked = Ok(());
        let mut failures = 0;
        while failures < 2 {
            let begun = Instant::now();
            asked = self.ask(pool).await;
            if asked.is_ok() {
                break;
            }
            pool.retain(|_, _| false);
            failures += i32::from(begun.elapsed() < STARVED);
        }
        let away = asked.is_err();
        db::trouble::note("asking for the revision", asked);
        if away != self.is_away() {
            // Those that hung go on hanging, or hold what was never ended.
            for pool in self.pools().iter() {
                pool.retain(|_, _| false);
            }
            self.away.send_replace(away);
        }
    }

    async fn ask(&self, pool: &Pool) -> Result<(), &'static str> {
        let asked = Instant::now();
        let answer = tokio::time::timeout(PATIENCE, async {
            let mut connection = db::checkout(pool)
                .await
                .map_err(|error| db::pool_error_kind(&error))?;
            let revision = db::revision(&mut connection).await;
            revision.map_err(|_| "the query failed")
        });
        let (number, at) = answer
            .await
            .unwrap_or(Err("the database does not answer"))?;
        self.told(asked, Revision { number, at });
        Ok(())
    }

    fn pools(&self) -> std::sync::MutexGuard<'_, Vec<Pool>> {
        self.pools.lock().unwrap_or_else(|lock| lock.into_inner())
    }
}

/// What is said while it is away.
pub fn gone() -> Problem {
    Problem::Unavailable("the database does not answer".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn who_rests_is_woken_when_the_database_is_back() {
        let pulse = Pulse::default();
        pulse.away.send_replace(true);
        let rested = Instant::now();
        let back = async {
            tokio::time::sleep(Duration::from_millis(10)).await;
            pulse.away.send_replace(false);
        };
        tokio::join!(pulse.rest(Duration::from_secs(60)), back);
        assert!(rested.elapsed() < Duration::from_secs(30));
        // While it is there, the time alone counts.
        pulse.rest(Duration::from_millis(1)).await;
    }
}
