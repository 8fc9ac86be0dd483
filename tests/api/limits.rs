//! How much one network may ask, and that nobody waits for whom to contact.

use crate::support::{Answer, Database, Server, Site};
use actix_web::test::TestRequest;
use std::net::SocketAddr;

async fn site() -> Site {
    Site::configured(Database::empty().await, &[("LODESTAR_RATE", "1")]).await
}

async fn ask(site: &Site, uri: &str, from: &str, proxied: Option<&str>) -> Answer {
    let peer: SocketAddr = from.parse().unwrap();
    let mut request = TestRequest::get().uri(uri).peer_addr(peer);
    if let Some(client) = proxied {
        request = request.insert_header(("X-Forwarded-For", client));
    }
    site.ask(request).await
}

#[actix_web::test]
async fn a_network_that_asks_too_much_waits_and_no_other() {
    let site = site().await;
    let mut refused = None;
    // Ten at once; one may come back while they are asked.
    for number in 0..20 {
        let from = format!("203.0.113.{number}:1");
        let answer = ask(&site, "/v1/hotlines", &from, None).await;
        assert_eq!(
            answer.header("ratelimit-policy"),
            "\"network\";q=10;w=10",
            "{number}"
        );
        if answer.status == 429 {
            let left = answer.header("ratelimit");
            assert!(left.starts_with("\"network\";r=0;t=1"), "{left}");
            refused = Some((number, answer));
            break;
        }
        assert_eq!(answer.status, 200, "{}", answer.text());
        // It may be kept for others, who learn nothing of this network.
        assert!(answer.header("cache-control").starts_with("public"));
        assert!(!answer.headers.contains_key("ratelimit"));
    }
    let (number, answer) = refused.expect("nobody was refused");
    assert!(number >= 10, "{number}");
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(answer.value()["type"], "/problems#too_many_requests");
    let other = ask(&site, "/v1/hotlines", "198.51.100.1:1", None).await;
    assert_eq!(other.status, 200);
}

#[actix_web::test]
async fn whom_to_contact_is_never_counted() {
    let site = site().await;
    for uri in [
        "/v1/help?country=US",
        "/embed/help?country=US",
        "/embed/static?country=US",
        "/",
    ] {
        for _ in 0..30 {
            let answer = ask(&site, uri, "203.0.113.1:1", None).await;
            assert_eq!(answer.status, 200, "{uri}: {}", answer.text());
            assert!(!answer.headers.contains_key("ratelimit-policy"), "{uri}");
        }
    }
    // Nor did they use up anything. What no cache keeps says how many are left.
    let near = "/v1/regional_contacts?near=51.5,-0.1&radius_km=10";
    let answer = ask(&site, near, "203.0.113.1:1", None).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("ratelimit"), "\"network\";r=9;t=1");
}

#[actix_web::test]
async fn everybody_behind_a_proxy_that_is_not_named_is_not_one_network() {
    let proxies = [
        "127.0.0.1:1",
        "10.1.2.3:1",
        "172.17.0.1:1",
        "[::1]:1",
        "[fd00::1]:1",
        "[::ffff:192.168.1.1]:1",
    ];
    let site = site().await;
    for proxy in proxies {
        for _ in 0..20 {
            // What it says of others is not believed.
            let answer = ask(&site, "/v1/hotlines", proxy, Some("203.0.113.1")).await;
            assert_eq!(answer.status, 200, "{proxy}");
            assert!(!answer.headers.contains_key("ratelimit-policy"), "{proxy}");
        }
    }
}

#[actix_web::test]
async fn behind_a_named_proxy_each_network_is_counted() {
    let vars = [
        ("LODESTAR_RATE", "1"),
        ("LODESTAR_TRUSTED_PROXIES", "10.0.0.0/8"),
    ];
    let site = Site::configured(Database::empty().await, &vars).await;
    let proxy = "10.0.0.1:1";
    let mut last = 200;
    for number in 0..20 {
        // Who writes another address in front is still known by the one that the proxy saw.
        let named = format!("198.51.100.{number}, 203.0.113.7");
        last = ask(&site, "/v1/hotlines", proxy, Some(&named)).await.status;
        if last == 429 {
            break;
        }
    }
    assert_eq!(last, 429);
    let other = ask(&site, "/v1/hotlines", proxy, Some("198.51.100.7")).await;
    assert_eq!(other.status, 200);
}

#[actix_web::test]
async fn without_a_limit_nobody_is_counted() {
    let site = Site::configured(Database::empty().await, &[("LODESTAR_RATE", "0")]).await;
    for _ in 0..30 {
        let answer = ask(&site, "/v1/hotlines", "203.0.113.1:1", None).await;
        assert_eq!(answer.status, 200);
        assert!(!answer.headers.contains_key("ratelimit-policy"));
    }
}

#[actix_web::test]
async fn pages_that_ask_the_database_are_counted() {
    let site = site().await;
    for uri in [
        "/embed/statistic/none",
        "/embed/chart/none",
        "/embed/static/statistic/none",
        "/embed/static/chart/none",
    ] {
        let answer = ask(&site, uri, "203.0.113.1:1", None).await;
        assert_eq!(answer.status, 404, "{uri}");
        assert!(answer.headers.contains_key("ratelimit-policy"), "{uri}");
    }
}

#[actix_web::test]
async fn a_network_that_streams_much_leaves_turns_to_others() {
    let database = Database::full().await;
    let vars = database.vars();
    let proxies = [("LODESTAR_TRUSTED_PROXIES", "127.0.0.0/8")];
    let server = Server::start(&[&vars[..], &proxies[..]].concat()).await;
    let stream = async |client: &str| {
        let head =
            format!("GET /v1/statistics?format=ndjson HTTP/1.1\r\nX-Forwarded-For: {client}\r\n");
        server.slow(&head).await
    };
    let mut slow = Vec::new();
    for number in 0..8 {
        let (stream, status) = stream(&format!("203.0.113.{number}")).await;
        assert_eq!(status, "200", "{number}");
        slow.push(stream);
    }
    assert_eq!(stream("203.0.113.200").await.1, "429");
    assert_eq!(stream("198.51.100.1").await.1, "200");
    // A proxy that nobody names is not one network.
    assert_eq!(stream("10.0.0.1").await.1, "200");
}
