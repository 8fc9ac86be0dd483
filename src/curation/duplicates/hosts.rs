//! Domains: whose a website is.

use std::{collections::HashSet, sync::LazyLock};

/// Hosts and domains under which many have pages that have nothing to do with each other: social networks,
/// forms, and portals of states and of unions of states.
static SHARED: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("shared_hosts.txt").lines().collect());

/// The host of a web address, in small letters, without `www.`, which says nothing.
fn host(address: &str) -> Option<String> {
    let rest = address.split_once("://")?.1;
    let host = rest.split(['/', '?', '#', ':']).next()?.to_lowercase();
    Some(host.trim_end_matches('.').to_owned()).filter(|host| !host.is_empty())
}

/// The domain that somebody registered, by the Public Suffix List; `None` where many share it.
pub fn domain(address: &str) -> Option<String> {
    let host = host(address)?;
    let domain = psl::domain_str(&host)?.to_owned();
    let shared = SHARED.contains(domain.as_str()) || SHARED.contains(host.as_str());
    (!shared).then_some(domain)
}

/// The page itself: the same however it is written.
pub fn page(address: &str) -> Option<String> {
    let host = host(address)?;
    let rest = address.split_once("://")?.1;
    let path = rest.find('/').map_or("", |start| &rest[start..]);
    let path = path.split('#').next().unwrap_or_default();
    Some(format!(
        "{}{}",
        host.trim_start_matches("www."),
        path.trim_end_matches('/')
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_what_somebody_registered() {
        for (address, wanted) in [
            ("https://www.one.example/contact?x=1", Some("one.example")),
            ("https://help.one.co.uk:8443/", Some("one.co.uk")),
            ("https://One.Example", Some("one.example")),
            ("https://a.github.io/x", Some("a.github.io")),
            ("https://www.facebook.com/one", None),
            ("https://de-de.facebook.com/one", None),
            ("https://home-affairs.ec.europa.eu/x", None),
            ("https://www.gov.uk/slavery", None),
            ("https://www.police.gov.uk/", Some("police.gov.uk")),
            ("nothing", None),
        ] {
            assert_eq!(domain(address).as_deref(), wanted, "{address}");
        }
    }

    #[test]
    fn a_page_is_the_same_however_it_is_written() {
        let wanted = Some("one.example/Help".to_owned());
        for address in [
            "https://www.one.example/Help/",
            "http://ONE.example/Help#top",
            "https://one.example/Help",
        ] {
            assert_eq!(page(address), wanted, "{address}");
        }
        assert_ne!(page("https://one.example/help"), wanted);
        assert_ne!(page("https://one.example/Help?id=2"), wanted);
    }
}
