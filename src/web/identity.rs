//! Who asks. A handler gets a name, a role and its limits; how they were proven stays here.
//!
//! Keys are looked up in memory: a ring of all keys, read anew every second by one task, so that
//! a flood of wrong keys costs no statement and a revoked key ends within two seconds.

use super::{
    Problem,
    problem::ErrorDetail,
    state::{Directory, Shared},
};
use crate::values::{Invalid, key::Key, role::Role};
use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web::Data};
use arc_swap::ArcSwapOption;
use chrono::{DateTime, Utc};
use std::{
    collections::{HashMap, HashSet},
    future::{Ready, ready},
    marker::PhantomData,
    ops::Deref,
    sync::Mutex,
    time::{Duration, Instant},
};
use uuid::Uuid;

/// Older than this the ring proves nothing: a key may be revoked since.
const RING_AGE: Duration = Duration::from_secs(5);

/// A maintainer, however proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The person or job; what the ledger says.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The countries it is limited to; empty for all.
    pub countries: Vec<String>,
    /// Until when.
    pub expires_at: DateTime<Utc>,
    /// How it was proven.
    pub proof: Proof,
}

impl Identity {
    /// Whether two names are one person.
    pub fn is(&self, name: &str) -> bool {
        self.name.to_lowercase() == name.to_lowercase()
    }

    /// Refuses whom the role does not suffice.
    ///
    /// # Errors
    /// 403.
    pub fn at_least(&self, role: Role) -> Result<(), Problem> {
        match self.role >= role {
            true => Ok(()),
            false => Err(Problem::Forbidden(Invalid::new(
                "role",
                format!("the role {} may not do this", self.role.name()),
                format!("let somebody with the role {} do it", role.name()),
            ))),
        }
    }
}

/// How somebody proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// By a key.
    Key(Uuid),
}

/// A key as the ring knows it.
#[derive(Debug, Clone)]
pub struct Known {
    /// Whom it stands for.
    pub identity: Identity,
    /// Whether somebody revoked it.
    pub revoked: bool,
}

/// All keys by their digests, and which were used lately.
#[derive(Debug, Default)]
pub struct Ring {
    keys: ArcSwapOption<(Instant, HashMap<[u8; 32], Known>)>,
    used: Mutex<HashSet<Uuid>>,
}

impl Ring {
    /// Replaces what is known.
    pub fn renew(&self, read: Instant, keys: HashMap<[u8; 32], Known>) {
        self.keys.store(Some((read, keys).into()));
    }

    /// The keys used since the last call.
    pub fn take_used(&self) -> Vec<Uuid> {
        match self.used.lock() {
            Ok(mut used) => used.drain().collect(),
            Err(_) => Vec::new(),
        }
    }

    fn find(&self, key: &Key) -> Result<Identity, Problem> {
        let ring = self.keys.load();
        let Some((_, keys)) = ring
            .as_deref()
            .filter(|(read, _)| read.elapsed() < RING_AGE)
        else {
            return Err(Problem::Unavailable("the keys are not known".into()));
        };
        let known = keys.get(&key.digest()).ok_or_else(|| {
            refused(
                "key_unknown",
                "there is no such key",
                "check that it belongs to this directory; a new key works within two seconds",
            )
        })?;
        if known.revoked {
            return Err(refused(
                "key_revoked",
                "the key was revoked",
                "ask an admin for a new one",
            ));
        }
        if known.identity.expires_at <= Utc::now() {
            return Err(refused(
                "key_expired",
                "the key has expired",
                "ask an admin for a new one",
            ));
        }
        let Proof::Key(id) = known.identity.proof;
        if let Ok(mut used) = self.used.lock() {
            used.insert(id);
        }
        Ok(known.identity.clone())
    }
}

fn refused(code: &'static str, reason: &str, remedy: &str) -> Problem {
    let invalid = Invalid::new(code, reason, remedy);
    Problem::Unauthenticated(vec![ErrorDetail::header("Authorization", invalid)])
}

/// Who asks, if a key was sent at all. Other schemes than Bearer are for those in between.
///
/// # Errors
/// 401 when the key is none, or no longer one.
pub fn identity(request: &HttpRequest) -> Result<Option<Identity>, Problem> {
    let mut bearers = request
        .headers()
        .get_all(header::AUTHORIZATION)
        .filter_map(|value| {
            let bytes = value.as_bytes();
            let scheme = bytes.get(..6)?;
            let rest = bytes.get(6..)?;
            let ends = rest.first().is_none_or(|byte| *byte == b' ');
            (scheme.eq_ignore_ascii_case(b"bearer") && ends).then_some(rest)
        });
    let Some(sent) = bearers.next() else {
        return Ok(None);
    };
    let malformed = || {
        refused(
            "key_malformed",
            "what was sent is no key",
            "send the whole key as it was shown: Authorization: Bearer lodestar_...",
        )
    };
    if bearers.next().is_some() {
        return Err(malformed());
    }
    let text = std::str::from_utf8(sent).map_err(|_| malformed())?;
    let key = Key::parse(text.trim()).ok_or_else(malformed)?;
    let directory = request
        .app_data::<Data<Directory>>()
        .ok_or_else(|| Problem::Internal("the directory is not mounted".into()))?;
    let shared: &Shared = &directory.shared;
    shared.ring.find(&key).map(Some)
}

/// The least role that a guard lets in.
pub trait Rank: 'static {
    /// That role.
    const ROLE: Role;
}

/// Who may pass: stands first among what a handler takes, and is asked before the body is read.
#[derive(Debug)]
pub struct Guard<R> {
    identity: Identity,
    rank: PhantomData<R>,
}

impl<R> Deref for Guard<R> {
    type Target = Identity;

    fn deref(&self) -> &Identity {
        &self.identity
    }
}

impl<R: Rank> FromRequest for Guard<R> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let guard = || {
            let identity = identity(request)?.ok_or_else(|| {
                refused(
                    "key_needed",
                    "it needs a key",
                    "send a key of your role: Authorization: Bearer lodestar_...",
                )
            })?;
            identity.at_least(R::ROLE)?;
            Ok(Self {
                identity,
                rank: PhantomData,
            })
        };
        ready(guard())
    }
}

/// Ranks of guards.
pub mod rank {
    use super::{Rank, Role};

    /// From contributor up.
    #[derive(Debug)]
    pub struct Contributor;
    /// From editor up.
    #[derive(Debug)]
    pub struct Editor;
    /// From publisher up.
    #[derive(Debug)]
    pub struct Publisher;
    /// Admin.
    #[derive(Debug)]
    pub struct Admin;

    impl Rank for Contributor {
        const ROLE: Role = Role::Contributor;
    }
    impl Rank for Editor {
        const ROLE: Role = Role::Editor;
    }
    impl Rank for Publisher {
        const ROLE: Role = Role::Publisher;
    }
    impl Rank for Admin {
        const ROLE: Role = Role::Admin;
    }
}

/// From contributor up.
pub type Contributor = Guard<rank::Contributor>;
/// From editor up.
pub type Editor = Guard<rank::Editor>;
/// From publisher up.
pub type Publisher = Guard<rank::Publisher>;
/// Admin.
pub type Admin = Guard<rank::Admin>;
