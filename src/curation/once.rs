//! Writes that are sent again: the answer of the first is kept with what it wrote.

use super::{
    edits::Answer,
    queries::{self, KeptAnswer},
};
use crate::{
    values::Invalid,
    web::{Problem, Result, problem::ErrorDetail},
};
use chrono::{Duration, Utc};
use diesel_async::AsyncPgConnection;
use sha2::{Digest, Sha256};

/// Answers the same to the same write for 24 hours.
///
/// # Errors
/// 409 while the first one is under way, 422 for another write under the same key.
pub async fn once(
    connection: &mut AsyncPgConnection,
    actor: &str,
    key: Option<&str>,
    asked: &str,
    write: impl AsyncFnOnce(&mut AsyncPgConnection) -> Result<Answer>,
) -> Result<Answer> {
    let Some(key) = key else {
        return write(connection).await;
    };
    if !queries::claim(connection, actor, key).await? {
        return Err(Problem::Conflict(
            Invalid::new(
                "in_flight",
                "the same write is under way",
                "wait for its answer, or ask again in a second",
            ),
            vec![],
        ));
    }
    let (now, fingerprint) = (Utc::now(), Sha256::digest(asked).to_vec());
    let since = now - Duration::hours(24);
    if let Some(kept) = queries::kept_answer(connection, actor, key, since).await? {
        if kept.fingerprint != fingerprint {
            let invalid = Invalid::new(
                "idempotency_key",
                "another write was sent under this key",
                "send a new key with each new write",
            );
            return Err(Problem::Unprocessable(vec![ErrorDetail::header(
                "Idempotency-Key",
                invalid,
            )]));
        }
        return Ok(Answer {
            status: u16::try_from(kept.status).unwrap_or(200),
            etag: kept.etag,
            location: kept.location,
            body: kept.body,
        });
    }
    let answer = write(connection).await?;
    let kept = KeptAnswer {
        actor: actor.to_owned(),
        key: key.to_owned(),
        fingerprint,
        created_at: now,
        status: i32::from(answer.status),
        etag: answer.etag.clone(),
        location: answer.location.clone(),
        body: answer.body.clone(),
    };
    queries::keep_answer(connection, &kept, since).await?;
    Ok(answer)
}

/// Forgets the answer to a write that is not true any more.
///
/// # Errors
/// Those of the database.
pub async fn forget(
    connection: &mut AsyncPgConnection,
    actor: &str,
    key: &str,
    asked: &str,
) -> Result<()> {
    let fingerprint = Sha256::digest(asked).to_vec();
    queries::forget_answer(connection, actor, key, &fingerprint).await?;
    Ok(())
}
