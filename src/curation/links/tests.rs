//! Servers on this machine, of which none may be reached that is not let through.

use super::{guard::MOST_REDIRECTS, *};
use crate::values::address::is_public;
use std::{
    io::Write,
    net::{IpAddr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Answers every connection alike, and counts them.
fn server(host: &str, answer: String) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind((host, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    thread::spawn(move || {
        for stream in listener.incoming() {
            counted.fetch_add(1, Ordering::SeqCst);
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (port, count)
}

fn answer(status: &str, header: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{header}Content-Length: 0\r\nConnection: close\r\n\r\n")
}

/// The rules as they hold, but for the port, since a test cannot have that of http.
const ANY_PORT: Rules = Rules {
    port: |_, _| true,
    ..RULES
};
/// The same, and one address of this machine that stands for a public one.
const WITH_ONE: Rules = Rules {
    address: |address| is_public(address) || address == IpAddr::from([127, 0, 0, 2]),
    ..ANY_PORT
};

fn found(rules: Rules, url: &str) -> (Outcome, String) {
    ask(&agent(rules), url)
}

#[test]
fn no_connection_reaches_an_address_that_is_not_public() {
    let (port, connections) = server("127.0.0.1", answer("200 OK", ""));
    for host in [
        "localhost",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0.0.0.0",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::1]",
        "[64:ff9b::7f00:1]",
        "user:password@127.0.0.1",
        "1.1.1.1@127.0.0.1",
    ] {
        let (outcome, detail) = found(ANY_PORT, &format!("http://{host}:{port}/"));
        let kept = matches!(outcome, Outcome::Refused | Outcome::Unreachable);
        assert!(kept, "{host}: {outcome:?} {detail}");
    }
    for named in ["localhost", "127.0.0.1", "[::ffff:127.0.0.1]"] {
        let (outcome, _) = found(ANY_PORT, &format!("http://{named}:{port}/"));
        assert_eq!(outcome, Outcome::Refused, "{named}");
    }
    // Nor after a redirect, by whatever name.
    for target in [
        "127.0.0.1",
        "localhost",
        "[::ffff:127.0.0.1]",
        "user@127.0.0.1",
    ] {
        for status in ["301 Moved", "302 Found", "307 Moved", "308 Moved"] {
            let to = format!("Location: http://{target}:{port}/\r\n");
            let (first, hops) = server("127.0.0.2", answer(status, &to));
            let (outcome, detail) = found(WITH_ONE, &format!("http://127.0.0.2:{first}/"));
            assert_eq!(outcome, Outcome::Refused, "{target}, {status}: {detail}");
            assert!(hops.load(Ordering::SeqCst) > 0);
        }
    }
    assert_eq!(connections.load(Ordering::SeqCst), 0);
    // The listener would have counted one.
    drop(std::net::TcpStream::connect(("127.0.0.1", port)).unwrap());
    while connections.load(Ordering::SeqCst) == 0 {
        thread::yield_now();
    }
}

#[test]
fn only_http_and_https_on_their_own_ports_are_asked() {
    for url in [
        "http://127.0.0.2:8080/",
        "https://127.0.0.2:22/",
        "https://127.0.0.2:80/",
        "http://127.0.0.2:443/",
        "ftp://127.0.0.2/",
        "file:///etc/passwd",
        "gopher://127.0.0.2/",
        "",
        "/",
        "http://",
    ] {
        let rules = Rules {
            port: RULES.port,
            ..WITH_ONE
        };
        let (outcome, detail) = found(rules, url);
        assert!(
            matches!(outcome, Outcome::Refused | Outcome::Unreachable),
            "{url}: {outcome:?}"
        );
        assert!(!detail.is_empty());
    }
}

#[test]
fn what_is_found_is_told_apart() {
    let url = |port| format!("http://127.0.0.2:{port}/");
    let (fine, _) = server("127.0.0.2", answer("200 OK", ""));
    assert_eq!(found(WITH_ONE, &url(fine)), (Outcome::Ok, String::new()));
    let (moved, _) = server(
        "127.0.0.2",
        answer("301 Moved", &format!("Location: {}\r\n", url(fine))),
    );
    assert_eq!(found(WITH_ONE, &url(moved)), (Outcome::Moved, url(fine)));
    let (gone, asked) = server("127.0.0.2", answer("404 Not Found", ""));
    assert_eq!(
        found(WITH_ONE, &url(gone)),
        (Outcome::Unreachable, "it answers 404".to_owned())
    );
    assert_eq!(asked.load(Ordering::SeqCst), 2, "its head, then itself");
    let (away, _) = server("127.0.0.2", "no answer at all".to_owned());
    assert_eq!(found(WITH_ONE, &url(away)).0, Outcome::Unreachable);
    // A circle ends.
    let listener = TcpListener::bind("127.0.0.2:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let hops = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&hops);
    thread::spawn(move || {
        for stream in listener.incoming() {
            counted.fetch_add(1, Ordering::SeqCst);
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let to = format!("Location: http://127.0.0.2:{port}/\r\n");
            let _ = stream.write_all(answer("302 Found", &to).as_bytes());
        }
    });
    assert_eq!(found(WITH_ONE, &url(port)).0, Outcome::Unreachable);
    let hops = hops.load(Ordering::SeqCst);
    assert!(hops <= 2 * (MOST_REDIRECTS as usize + 1), "{hops}");
}

#[test]
fn every_link_is_checked_once() {
    let (port, connections) = server("127.0.0.2", answer("200 OK", ""));
    let links = (0..20).rev().map(|place| Link {
        id: Uuid::now_v7(),
        slug: format!("source-{place:02}"),
        url: format!("http://127.0.0.2:{port}/{place}"),
    });
    let steps = AtomicUsize::new(0);
    let step = || {
        steps.fetch_add(1, Ordering::SeqCst);
    };
    let checked = check_by(WITH_ONE, links.collect(), step);
    assert!(checked.iter().all(|one| one.outcome == Outcome::Ok));
    assert!(checked.is_sorted_by_key(|one| one.link.slug.clone()));
    let counts = [
        checked.len(),
        steps.into_inner(),
        connections.load(Ordering::SeqCst),
    ];
    assert_eq!(counts, [20, 20, 20]);
}
