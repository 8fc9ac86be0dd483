//! The lexicon, followed by every instance: synonyms and labels at once, the words of the directory as often
//! as their number allows.

use super::{model::groups, queries};
use crate::{
    db::{self, Pool},
    values::lexicon::{Lexicon, Words},
    web::state::Shared,
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// How often the revision is asked for.
const FOLLOW: Duration = Duration::from_secs(1);
/// The least time between two readings of all words.
const PAUSE: Duration = Duration::from_secs(5);
/// A reading of all words takes at most this part of the time.
const SHARE: u32 = 20;

/// What is known, and when it was read.
#[derive(Default)]
pub struct Followed {
    revision: Option<i64>,
    words_of: Option<i64>,
    next_words: Option<Instant>,
}

/// Follows the directory as long as the process lives.
pub async fn follow(shared: Shared, pool: Pool, mut followed: Followed) {
    loop {
        tokio::time::sleep(FOLLOW).await;
        let tried = try_renew(&shared, &pool, &mut followed);
        let _ = shared.pulse.while_there(tried).await;
    }
}

/// Reads the lexicon anew where the directory has changed; a failure is noted and tried again in a second.
pub async fn try_renew(shared: &Shared, pool: &Pool, followed: &mut Followed) {
    let renewed = renew(shared, pool, followed).await;
    db::trouble::note("following the words of the directory", renewed);
}

async fn renew(shared: &Shared, pool: &Pool, followed: &mut Followed) -> Result<(), &'static str> {
    let mut connection = db::checkout(pool)
        .await
        .map_err(|error| db::pool_error_kind(&error))?;
    let failed = |_| "the query failed";
    let (revision, _) = db::revision(&mut connection).await.map_err(failed)?;
    let rested = followed.next_words.is_none_or(|at| at <= Instant::now());
    let wants_words = followed.words_of != Some(revision) && rested;
    if followed.revision == Some(revision) && !wants_words {
        return Ok(());
    }
    let terms = queries::terms(&mut connection).await.map_err(failed)?;
    let (words, records) = match wants_words {
        true => {
            let begun = Instant::now();
            let counted = queries::words(&mut connection).await.map_err(failed)?;
            followed.words_of = Some(revision);
            followed.next_words = Some(Instant::now() + PAUSE.max(begun.elapsed() * SHARE));
            (Some(counted.0), counted.1)
        }
        false => (None, shared.lexicon.load().records()),
    };
    let before = shared.lexicon.load_full();
    // Sorting many words takes a while, in which others are answered.
    let made = tokio::task::spawn_blocking(move || {
        let words = words.map_or_else(|| before.words(), |words| Arc::new(Words::new(words)));
        Lexicon::new(before.generation + 1, groups(terms), words, records)
    });
    let made = made.await.map_err(|_| "it was cut off")?;
    shared.lexicon.store(Arc::new(made));
    followed.revision = Some(revision);
    Ok(())
}
