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

/// Rules that let one of the two addresses of `localhost` through.
const ONE_OF_TWO: Rules = Rules {
    address: |address| address == IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]),
    ..ANY_PORT
};

/// How often the rules of [`REBOUND`] were asked.
static ASKED: AtomicUsize = AtomicUsize::new(0);

/// Rules for a name that leads to a public address the first time, and to this machine ever after.
const REBOUND: Rules = Rules {
    address: |address| {
        let known = ["127.0.0.2"]
            .map(|ip| ip.parse().ok())
            .contains(&Some(address));
        known && ASKED.fetch_add(1, Ordering::SeqCst) == 0
    },
    ..ANY_PORT
};

#[test]
fn a_name_with_other_addresses_the_next_time_reaches_none_of_them() {
    // Of several addresses only those that may be asked are, also where nobody listens there.
    let (port, connections) = server("127.0.0.1", answer("200 OK", ""));
    let (outcome, detail) = found(ONE_OF_TWO, &format!("http://localhost:{port}/"));
    assert_ne!(outcome, Outcome::Ok, "{detail}");
    assert_eq!(connections.load(Ordering::SeqCst), 0);
    // What was found for its head is not remembered for its body.
    let (port, connections) = server("127.0.0.2", answer("405 No", ""));
    let (outcome, _) = found(REBOUND, &format!("http://127.0.0.2:{port}/"));
    assert_eq!(outcome, Outcome::Refused);
    assert_eq!(connections.load(Ordering::SeqCst), 1, "its head alone");
}

/// Answers every connection by what it is given to write on.
fn garbage(write: impl Fn(&mut dyn Write) -> std::io::Result<()> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.2:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = write(&mut stream);
        }
    });
    format!("http://127.0.0.2:{port}/")
}

#[test]
fn garbage_is_bounded_and_believed_in_nothing() {
    let impatient = Rules {
        patience: std::time::Duration::from_millis(700),
        ..WITH_ONE
    };
    let fixed = |text: &'static str| garbage(move |out| out.write_all(text.as_bytes()));
    let ends = "Content-Length: 0\r\n\r\n";
    let endless = |head: &'static str, body: &'static str| {
        garbage(move |out| {
            out.write_all(head.as_bytes())?;
            loop {
                out.write_all(body.as_bytes())?;
            }
        })
    };
    let slow = garbage(|out| {
        for byte in b"HTTP/1.1 200 OK\r\nX: ".iter().chain([b'x'; 1000].iter()) {
            out.write_all(&[*byte])?;
            thread::sleep(std::time::Duration::from_millis(50));
        }
        Ok(())
    });
    let to = |place: &str| {
        let text = format!("HTTP/1.1 302 Found\r\nLocation: {place}\r\n{ends}");
        garbage(move |out| out.write_all(text.as_bytes()))
    };
    let unanswered = [
        fixed(""),
        fixed("\0\u{1}\u{2}\u{3}"),
        fixed("SSH-2.0-OpenSSH\r\n"),
        fixed("HTTP/1.1 two hundred\r\n\r\n"),
        fixed("HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n"),
        fixed("HTTP/1.1 200 OK\r\nno colon here\r\n\r\n"),
        fixed("HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        endless(
            "HTTP/1.1 200 OK\r\n",
            "X-Endless: xxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n",
        ),
        endless(
            "HTTP/1.1 200 OK\r\nX-Long: ",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ),
        endless("", "HTTP/1.1 100 Continue\r\n\r\n"),
        slow,
        to(""),
        to("http://[::ffff:127.0.0.1]/"),
        to("//169.254.169.254/latest/meta-data/"),
        to("file:///etc/passwd"),
        to("javascript:alert(1)"),
        to("http://user:password@127.0.0.1/"),
        to(&format!("http://one.example/{}", "x".repeat(100_000))),
    ];
    for (place, url) in unanswered.iter().enumerate() {
        let since = std::time::Instant::now();
        let (outcome, detail) = found(impatient, url);
        let kept = matches!(outcome, Outcome::Refused | Outcome::Unreachable);
        assert!(kept, "{place}: {outcome:?} {detail}");
        assert!(detail.len() < 500, "{place}: {detail}");
        let took = since.elapsed();
        // Its head, then itself.
        assert!(took.as_millis() < 3000, "{place}: {took:?}");
    }
    // A body without an end is read so far and no further, packed or not.
    for head in [
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
    ] {
        let body = match head.contains("chunked") {
            true => "10\r\n0123456789abcdef\r\n",
            false => "0123456789abcdef",
        };
        let since = std::time::Instant::now();
        let (_, detail) = found(impatient, &endless(head, body));
        assert!(since.elapsed().as_millis() < 3000, "{head}");
        assert!(detail.len() < 500, "{detail}");
    }
}
