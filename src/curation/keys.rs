//! Keys: made, revoked, and followed by every instance.

use super::{model::KeyInfo, queries, queries::StoredKey};
use crate::{
    db::{self, Pool},
    values::{Invalid, key::Key, place, role::Role},
    web::{
        identity::{Identity, Known, Proof},
        state::Shared,
    },
};
use chrono::{DateTime, Duration, Utc};
use diesel::QueryResult;
use diesel_async::AsyncPgConnection;
use std::{collections::HashMap, time::Instant};
use uuid::Uuid;

/// How often the keys are read anew: a revoked one ends, a new one works, within twice this.
const FOLLOW: std::time::Duration = std::time::Duration::from_secs(1);

/// How long a key lasts when nobody says otherwise, and the most that anybody may say.
pub const DAYS: (i64, i64) = (90, 365);

/// Whether a name can be told from every other by looking at it: composed, without what is not seen,
/// without a blank too many. Two spellings of one name would be two persons.
fn is_name(name: &str) -> bool {
    use unicode_normalization::UnicodeNormalization;
    // Letters by their class, and yet nothing to see.
    let unseen = |c: char| matches!(c, '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}');
    let plain = |c: char| (c.is_alphanumeric() && !unseen(c)) || " .-_'@".contains(c);
    name.chars().all(plain)
        && name.nfkc().eq(name.chars())
        && name.split(' ').all(|word| !word.is_empty())
}

/// A key that somebody wants.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Whom it stands for.
    pub name: String,
    /// What it opens.
    pub role: Role,
    /// The countries it is limited to.
    pub countries: Vec<String>,
    /// How many days it lasts.
    pub days: i64,
}

impl Wanted {
    /// Everything that is wrong, by field.
    pub fn faults(&self) -> Vec<(String, Invalid)> {
        let mut faults = Vec::new();
        let length = self.name.chars().count();
        if !is_name(&self.name) || !(2..=100).contains(&length) {
            let invalid = Invalid::new(
                "name",
                "it is no name",
                "write 2 to 100 letters, digits, single blanks and . - _ ' @, composed (NFKC)",
            );
            faults.push(("/name".to_owned(), invalid));
        }
        for (position, country) in self.countries.iter().enumerate() {
            if place::valid_country(country).is_err() {
                let invalid = Invalid::new(
                    "country",
                    "it is no country code",
                    "use ISO 3166-1 alpha-2 in capitals, such as PH",
                );
                faults.push((format!("/countries/{position}"), invalid));
            }
        }
        if !(1..=DAYS.1).contains(&self.days) {
            let invalid = Invalid::new(
                "range",
                "a key lasts no such time",
                format!("use 1 to {} days", DAYS.1),
            );
            faults.push(("/days".to_owned(), invalid));
        }
        faults
    }
}

/// Makes a key: what is kept of it, and the key itself, which is shown once.
///
/// # Errors
/// Those of the database, and of a system without randomness.
pub async fn create(
    connection: &mut AsyncPgConnection,
    wanted: Wanted,
    created_by: &str,
) -> Result<(KeyInfo, Key), Box<dyn std::error::Error + Send + Sync>> {
    let key = Key::new()?;
    let now = super::edits::now();
    let stored = StoredKey {
        id: Uuid::now_v7(),
        name: wanted.name,
        role: wanted.role.name().to_owned(),
        countries: wanted.countries,
        digest: key.digest().to_vec(),
        created_at: now,
        created_by: created_by.to_owned(),
        expires_at: now + Duration::days(wanted.days),
        revoked_at: None,
        last_used_at: None,
    };
    queries::add_key(connection, &stored).await?;
    Ok((KeyInfo::of(stored), key))
}

/// All keys, the newest first.
///
/// # Errors
/// Those of the database.
pub async fn all(connection: &mut AsyncPgConnection) -> QueryResult<Vec<KeyInfo>> {
    let stored = queries::all_keys(connection).await?;
    Ok(stored.into_iter().map(KeyInfo::of).collect())
}

/// Revokes a key.
///
/// # Errors
/// Those of the database; not found when there is no such key.
pub async fn revoke(connection: &mut AsyncPgConnection, id: Uuid) -> QueryResult<KeyInfo> {
    queries::revoke_key(connection, id, super::edits::now())
        .await
        .map(KeyInfo::of)
}

/// Follows the keys as long as the process lives: one statement a second, whatever is asked.
pub async fn follow(shared: Shared, pool: Pool) {
    loop {
        shared.pulse.rest(FOLLOW).await;
        let tried = try_renew(&shared, &pool);
        let _ = shared.pulse.while_there(tried).await;
        shared.tidy();
    }
}

/// Reads the keys anew; a failure is noted and tried again in a second.
pub async fn try_renew(shared: &Shared, pool: &Pool) {
    db::trouble::note("following the keys", renew(shared, pool).await);
}

/// Reads the keys anew, and notes which were used.
///
/// # Errors
/// The kind of what failed.
async fn renew(shared: &Shared, pool: &Pool) -> Result<(), &'static str> {
    let mut connection = db::checkout(pool)
        .await
        .map_err(|error| db::pool_error_kind(&error))?;
    let read = Instant::now();
    let stored = queries::all_keys(&mut connection)
        .await
        .map_err(|_| "the query failed")?;
    let keys: HashMap<[u8; 32], Known> = stored.into_iter().filter_map(known).collect();
    shared.ring.renew(read, keys);
    let used = shared.ring.take_used();
    if !used.is_empty() {
        let noted = queries::note_use(&mut connection, &used, Utc::now()).await;
        noted.map_err(|_| "the use of keys is not noted")?;
    }
    Ok(())
}

fn known(stored: StoredKey) -> Option<([u8; 32], Known)> {
    let identity = Identity {
        name: stored.name,
        role: Role::named(&stored.role)?,
        countries: stored.countries,
        expires_at: stored.expires_at,
        proof: Proof::Key(stored.id),
    };
    let revoked = stored.revoked_at.is_some();
    Some((stored.digest.try_into().ok()?, Known { identity, revoked }))
}

/// Whether a key opens anything at a moment; for lists.
pub fn state(key: &KeyInfo, now: DateTime<Utc>) -> &'static str {
    match (key.revoked_at, key.expires_at <= now) {
        (Some(_), _) => "revoked",
        (None, true) => "expired",
        (None, false) => "valid",
    }
}
