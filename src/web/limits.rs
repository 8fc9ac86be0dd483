//! How much one network may send, and how much anybody without a key. Kept in memory alone: an
//! address is cut to its network, hashed with a secret of the process, and forgotten when it has
//! been quiet.

use super::{Problem, state::Directory};
use crate::config::{Config, Network};
use actix_web::{
    HttpRequest,
    http::header::{self, HeaderMap, HeaderName, HeaderValue},
};
use governor::{
    DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::{StateInformationMiddleware, StateSnapshot},
    state::keyed::DefaultKeyedStateStore,
};
use std::{
    hash::{BuildHasher, RandomState},
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
};

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

/// What a network has left.
#[derive(Debug, PartialEq, Eq)]
pub struct Allowance {
    /// How many it may send at once when it has been quiet.
    whole: u32,
    /// How many of them it may still send now.
    left: u32,
    /// Seconds until it may send all of them again.
    restored: u32,
    /// Whether this one was too many.
    refused: bool,
}

/// Seconds in which what may come at once comes back.
const WINDOW: u32 = 10;

impl Allowance {
    /// Why a request is not answered, if it is not: one more is allowed within a second.
    pub fn refused(&self) -> Option<Problem> {
        self.refused.then_some(Problem::TooManyRequests(1))
    }

    /// Says so, as the draft of the IETF on RateLimit fields has it. Answers that caches share do not say what
    /// is left: it would be told to others.
    pub fn tell(&self, headers: &mut HeaderMap) {
        let policy = format!("\"network\";q={};w={WINDOW}", self.whole);
        let caching = headers.get(header::CACHE_CONTROL);
        let is_shared = caching.is_some_and(|caching| caching.as_bytes().starts_with(b"public"));
        let mut set = |name, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        };
        set("ratelimit-policy", &policy);
        if !is_shared {
            let left = format!("\"network\";r={};t={}", self.left, self.restored);
            set("ratelimit", &left);
        }
    }
}

/// Requests of each network, by its hash.
type Requests =
    RateLimiter<u64, DefaultKeyedStateStore<u64>, DefaultClock, StateInformationMiddleware>;

/// Who sent how much lately.
pub struct Limits {
    requests: Option<(u32, Requests)>,
    each: DefaultKeyedRateLimiter<u64>,
    all: DefaultDirectRateLimiter,
    secret: RandomState,
}

impl Limits {
    /// Starts with nobody known.
    pub fn new(config: &Config) -> Self {
        let rate = NonZeroU32::new(config.rate);
        let requests = rate.map(|rate| {
            let whole = rate.saturating_mul(times(WINDOW));
            let quota = Quota::per_second(rate).allow_burst(whole);
            let counted = RateLimiter::keyed(quota).with_middleware();
            (rate.get(), counted)
        });
        Self {
            requests,
            each: RateLimiter::keyed(EACH),
            all: RateLimiter::direct(ALL),
            secret: RandomState::new(),
        }
    }

    /// Forgets those who have been quiet.
    pub fn forget(&self) {
        self.each.retain_recent();
        if let Some((_, requests)) = &self.requests {
            requests.retain_recent();
        }
    }

    fn count(&self, client: IpAddr) -> Option<Allowance> {
        let (rate, requests) = self.requests.as_ref()?;
        let network = (!is_private(client)).then(|| network(client))?;
        let counted = requests.check_key(&self.secret.hash_one(network));
        let whole = rate.saturating_mul(WINDOW);
        let left = counted
            .as_ref()
            .map(StateSnapshot::remaining_burst_capacity);
        let left = left.unwrap_or(0);
        Some(Allowance {
            whole,
            left,
            restored: whole.saturating_sub(left).div_ceil(*rate),
            refused: counted.is_err(),
        })
    }

    fn check(&self, network: Option<IpAddr>) -> Result<(), Problem> {
        let waits = |until: governor::NotUntil<_>| {
            let wait = until.wait_time_from(DefaultClock::default().now());
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

    /// Counts a request. Who asks from this machine or a private network is not counted: there stands a
    /// proxy that nobody named, and behind it everybody at once.
    pub fn count(&self, request: &HttpRequest) -> Option<Allowance> {
        self.shared.limits.count(self.client(request)?)
    }

    /// The network of who asks, by its hash. Nothing where everybody may stand at once, as for `count`.
    pub fn network(&self, request: &HttpRequest) -> Option<u64> {
        let client = self.client(request).filter(|client| !is_private(*client))?;
        Some(self.shared.limits.secret.hash_one(network(client)))
    }

    /// The address of who asks: the peer's, or the last one that a trusted proxy names and that
    /// is none itself. It is used here and goes no further.
    fn client(&self, request: &HttpRequest) -> Option<IpAddr> {
        let networks = &self.config().trusted_proxies;
        let peer = request.peer_addr()?.ip().to_canonical();
        let named = request.headers().get_all("x-forwarded-for");
        let named: Vec<&str> = named
            .flat_map(|value| value.to_str().unwrap_or_default().split(','))
            .collect();
        Some(outermost(networks, peer, &named))
    }
}

/// The first address, from the nearest on, that is no trusted proxy's. What stands before one that cannot be read was
/// written by who knows whom.
fn outermost(networks: &[Network], peer: IpAddr, named: &[&str]) -> IpAddr {
    let trusted = |ip: &IpAddr| networks.iter().any(|network| network.holds(*ip));
    let mut last = peer;
    let mut before = named.iter().rev();
    while trusted(&last)
        && let Some(ip) = before.next().and_then(|text| address(text))
    {
        last = ip;
    }
    last
}

/// An address as proxies write it: some put the port behind it.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let with_port = || text.parse().map(|one: SocketAddr| one.ip());
    let ip: IpAddr = text.parse().or_else(|_| with_port()).ok()?;
    Some(ip.to_canonical())
}

/// Whether an address is one of this machine or of a network that is nobody else's.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(ip) => is_private(IpAddr::V4(ip)),
            None => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
        },
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
        let config = Config::from_vars(Default::default()).unwrap();
        let limits = Limits::new(&config);
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

    #[test]
    fn who_asks_is_the_last_that_a_trusted_proxy_names() {
        let vars = [("LODESTAR_TRUSTED_PROXIES", "10.0.0.0/8")];
        let vars = vars.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let config = Config::from_vars(vars.into_iter().collect()).unwrap();
        let of = |peer: &str, named: &[&str]| {
            let peer: IpAddr = peer.parse().unwrap();
            outermost(&config.trusted_proxies, peer.to_canonical(), named).to_string()
        };
        assert_eq!(of("10.0.0.1", &["192.0.2.1"]), "192.0.2.1");
        assert_eq!(of("192.0.2.9", &["192.0.2.1"]), "192.0.2.9");
        assert_eq!(
            of("10.0.0.1", &["203.0.113.7", " 192.0.2.1", "10.1.1.1"]),
            "192.0.2.1"
        );
        // A service that listens on both families sees a proxy of the older as one of the newer.
        assert_eq!(of("::ffff:10.0.0.1", &["::ffff:192.0.2.1"]), "192.0.2.1");
        assert_eq!(
            of("10.0.0.1", &["203.0.113.7", "192.0.2.1:4711"]),
            "192.0.2.1"
        );
        assert_eq!(of("10.0.0.1", &["[2001:db8::1]:80"]), "2001:db8::1");
        // Nobody is taken for whom they say that they are.
        assert_eq!(of("10.0.0.1", &["203.0.113.7", "unknown"]), "10.0.0.1");
        assert_eq!(of("10.0.0.1", &[]), "10.0.0.1");
    }
}
