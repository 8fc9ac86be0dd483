//! The way out: which addresses are asked at all.

use crate::values::address::is_public;
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use ureq::{
    Agent,
    config::Config,
    http::Uri,
    tls::{RootCerts, TlsConfig},
    unversioned::{
        resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver},
        transport::{DefaultConnector, NextTimeout},
    },
};

/// Redirects that are followed.
pub const MOST_REDIRECTS: u32 = 5;

/// Which addresses and ports may be asked.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Addresses that a connection may go to.
    pub address: fn(IpAddr) -> bool,
    /// Ports, beside the one that the scheme has of its own.
    pub port: fn(u16, u16) -> bool,
    /// For one request with all its redirects.
    pub patience: Duration,
}

/// The rules that hold.
pub const RULES: Rules = Rules {
    address: is_public,
    port: |own, port| own == port,
    patience: Duration::from_secs(20),
};

/// Why an address is not asked.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Refused(&'static str);

fn refused(reason: &'static str) -> ureq::Error {
    ureq::Error::Other(Box::new(Refused(reason)))
}

/// Resolves names, and lets through what the rules allow.
#[derive(Debug)]
struct Guarded {
    rules: Rules,
}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let default = match uri.scheme_str() {
            Some("http") => 80,
            Some("https") => 443,
            _ => return Err(refused("it is neither http nor https")),
        };
        if uri
            .authority()
            .is_some_and(|one| one.as_str().contains('@'))
        {
            return Err(refused("it holds the name of a user"));
        }
        if !(self.rules.port)(default, uri.port_u16().unwrap_or(default)) {
            return Err(refused("its port is not that of http or https"));
        }
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        let mut allowed = self.empty();
        let public = |address: &&SocketAddr| (self.rules.address)(address.ip());
        found
            .iter()
            .filter(public)
            .for_each(|address| allowed.push(*address));
        match allowed.is_empty() {
            true => Err(refused("it leads to an address that is not public")),
            false => Ok(allowed),
        }
    }
}

/// What asks, by these rules.
pub fn agent(rules: Rules) -> Agent {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = TlsConfig::builder()
        .unversioned_rustls_crypto_provider(provider)
        .root_certs(RootCerts::PlatformVerifier)
        .build();
    let config = Agent::config_builder()
        .tls_config(tls)
        // One that the environment names would resolve and connect for itself.
        .proxy(None)
        .http_status_as_error(false)
        .max_redirects(MOST_REDIRECTS)
        .timeout_global(Some(rules.patience))
        // What is kept open was checked for another request.
        .max_idle_connections(0)
        .user_agent(concat!(
            "lodestar/",
            env!("CARGO_PKG_VERSION"),
            " (link check)"
        ))
        .build();
    Agent::with_parts(config, DefaultConnector::default(), Guarded { rules })
}

/// Why an address was not asked, if that is what went wrong.
pub fn refusal(error: &ureq::Error) -> Option<String> {
    match error {
        ureq::Error::Other(inner) if inner.is::<Refused>() => Some(inner.to_string()),
        _ => None,
    }
}
