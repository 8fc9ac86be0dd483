//! Limits on what anybody may send without a key. Kept in memory alone: an address is hashed with
//! a secret of the process, cut to its network, and forgotten when it has been quiet.

use super::{Problem, state::Directory};
use actix_web::HttpRequest;
use governor::{
    DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock,
};
use std::{
    hash::{BuildHasher, RandomState},
    net::IpAddr,
    num::NonZeroU32,
};
use tokio::sync::{Semaphore, SemaphorePermit};

const fn times(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}

/// Suggestions that one network may send a minute, five at once.
const EACH: Quota = Quota::per_minute(times(10)).allow_burst(times(5));
/// Suggestions that all together may send a minute.
const ALL: Quota = Quota::per_minute(times(120)).allow_burst(times(60));

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

/// Who sent how much lately.
pub struct Limits {
    each: DefaultKeyedRateLimiter<u64>,
    all: DefaultDirectRateLimiter,
    secret: RandomState,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            each: RateLimiter::keyed(EACH),
            all: RateLimiter::direct(ALL),
            secret: RandomState::new(),
        }
    }
}

impl Limits {
    /// Forgets those who have been quiet.
    pub fn forget(&self) {
        self.each.retain_recent();
    }

    fn check(&self, network: Option<IpAddr>) -> Result<(), Problem> {
        let waits = |until: governor::NotUntil<_>| {
            let wait = until.wait_time_from(governor::clock::DefaultClock::default().now());
            Problem::TooManyRequests(wait.as_secs() + 1)
        };
        self.each
            .check_key(&self.secret.hash_one(network))
            .map_err(waits)?;
        self.all.check().map_err(waits)
    }
}

impl Directory {
    /// Counts a suggestion, and refuses it when too many came.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub fn limit(&self, request: &HttpRequest) -> Result<(), Problem> {
        let network = self.client(request).map(network);
        self.shared.limits.check(network)
    }

    /// The address of who asks: the peer's, or the last one that a trusted proxy names and that
    /// is none itself. It is used here and goes no further.
    fn client(&self, request: &HttpRequest) -> Option<IpAddr> {
        let trusted = |ip: &IpAddr| {
            let networks = &self.config().trusted_proxies;
            networks.iter().any(|network| network.holds(*ip))
        };
        let peer = request.peer_addr()?.ip();
        if !trusted(&peer) {
            return Some(peer);
        }
        let named = request.headers().get_all("x-forwarded-for");
        let named: Vec<IpAddr> = named
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(|ip| ip.trim().parse().ok())
            .collect();
        named
            .into_iter()
            .rev()
            .find(|ip| !trusted(ip))
            .or(Some(peer))
    }
}

/// The network of an address: /24, or /56.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(ip) => IpAddr::V4((u32::from(ip) & 0xffff_ff00).into()),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(ip) => network(IpAddr::V4(ip)),
            None => IpAddr::V6((u128::from(ip) & (u128::MAX << 72)).into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_waits_while_others_go_on() {
        let limits = Limits::default();
        let of = |text: &str| text.parse().ok().map(network);
        let sent = |ip: &str| {
            (0..6)
                .map(|_| limits.check(of(ip)).is_ok())
                .collect::<Vec<_>>()
        };
        assert_eq!(sent("192.0.2.1"), [true, true, true, true, true, false]);
        assert!(limits.check(of("192.0.2.200")).is_err());
        assert!(limits.check(of("198.51.100.1")).is_ok());
        assert_eq!(of("2001:db8:0:1::1"), of("2001:db8:0:2::9"));
        assert_ne!(of("2001:db8:0:100::1"), of("2001:db8:0:200::1"));
    }
}
