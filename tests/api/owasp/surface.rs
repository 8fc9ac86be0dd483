//! What the service shows, registers and asks of others: API7, API8, API9 and API10.

use super::{filled, operations, request};
use crate::{
    curation::Desk,
    support::{Answer, Database, Server, Site, lodestar, manifest, new_path, run, said},
};
use serde_json::json;
use std::{
    collections::BTreeSet,
    fs,
    net::TcpListener,
    path::Path,
    time::{Duration, Instant},
};

/// Hosts that are none of the public internet, in every spelling that some library understands.
const INWARD: [&str; 30] = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "0.0.0.0",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::1]",
    "169.254.169.254",
    "2852039166",
    "[::ffff:169.254.169.254]",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "100.100.100.200",
];

#[actix_web::test]
async fn api7_neither_a_request_nor_a_record_makes_the_server_ask_this_network() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let own = format!(
        "http://127.0.0.1:{}/",
        listener.local_addr().unwrap().port()
    );
    let desk = Desk::small().await;
    // No request makes it ask anything: not what evidence, websites, embeds or forms name.
    let patch = json!({"website": own, "description": own});
    let evidence = [("If-Match", "*"), ("Change-Evidence", own.as_str())];
    let organization = "/v1/organizations/one";
    desk.ask("Paul", "PATCH", organization, &evidence, Some(patch))
        .await;
    let encoded: String = form_urlencoded::byte_serialize(own.as_bytes()).collect();
    for uri in [
        format!("/oembed?url={encoded}"),
        format!("/embed/help?country=GB&style={encoded}&leave={encoded}"),
        format!("/v1/search?search={encoded}"),
    ] {
        assert!(desk.site.get(&uri).await.status < 500, "{uri}");
    }
    let told = json!({"resource": "hotlines", "record": "one-line", "text": own});
    desk.ask("", "POST", "/v1/suggestions", &[], Some(told))
        .await;
    // The operator's command asks what records name, and of this network nothing. What the way in refuses
    // already stands nowhere.
    let mut kept = 0;
    for (place, host) in INWARD.iter().enumerate() {
        let slug = format!("inward-{place}");
        let source = json!({"slug": slug, "title": "x", "url": format!("http://{host}/")});
        let made = desk
            .ask("Amy", "POST", "/v1/sources", &[], Some(source))
            .await;
        assert!([201, 422].contains(&made.status), "{}", made.text());
        if made.status == 201 {
            let publish = format!("/v1/sources/{slug}/publish");
            let shown = desk.act("Pia", "POST", &publish, json!({})).await;
            assert_eq!(shown.status, 200, "{}", shown.text());
            kept += 1;
        }
    }
    assert!(kept > 3, "{kept}");
    let table = new_path();
    let mut command = lodestar(&desk.site.database.vars());
    command.arg("links").arg("--csv").arg(&table);
    let (_, out, words) = said(command);
    let table = fs::read_to_string(&table).unwrap_or_else(|_| panic!("{out}{words}"));
    let inward = table.lines().filter(|line| line.starts_with("inward-"));
    let inward: Vec<&str> = inward.collect();
    assert_eq!(inward.len(), kept, "{table}");
    for line in inward {
        let outcome = line.split(',').nth(2).unwrap();
        assert!(["refused", "unreachable"].contains(&outcome), "{line}");
    }
    assert!(listener.accept().is_err(), "this machine was asked");
}

/// Paths that stand in no document: pages, files, numbers for machines.
const ASIDE: [&str; 27] = [
    "/",
    "/problems",
    "/metrics",
    "/v1/openapi.json",
    "/docs",
    "/docs/",
    "/robots.txt",
    "/llms.txt",
    "/sitemap.xml",
    "/.well-known/security.txt",
    "/.well-known/api-catalog",
    "/embed",
    "/embed/exit.js",
    "/embed/words/{file}",
    "/embed/lodestar.js",
    "/embed/figure.js",
    "/embed/{digest}/lodestar.js",
    "/embed/{digest}/figure.js",
    "/embed/help",
    "/embed/report",
    "/embed/statistic/{reference}",
    "/embed/chart/{reference}",
    "/embed/static",
    "/embed/static/statistic/{reference}",
    "/embed/static/chart/{reference}",
    "/embed/pages/{file}",
    "/oembed",
];

/// What every answer must carry, and must not.
fn is_hardened(answer: &Answer, what: &str) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("access-control-allow-origin", "*"),
    ] {
        assert_eq!(answer.header(name), value, "{what}: {name}");
    }
    assert_eq!(answer.header("x-request-id").len(), 36, "{what}");
    assert!(!answer.header("cache-control").is_empty(), "{what}");
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'"), "{what}: {policy}");
    assert!(policy.contains("frame-ancestors"), "{what}: {policy}");
    // With a star browsers send no credentials, whatever else is said.
    for never in [
        "access-control-allow-credentials",
        "set-cookie",
        "server",
        "x-powered-by",
    ] {
        assert!(!answer.headers.contains_key(never), "{what}: {never}");
    }
    if answer.status >= 400 {
        assert_eq!(answer.header("cache-control"), told_to_keep(what), "{what}");
        let text = String::from_utf8_lossy(&answer.body).to_lowercase();
        for ours in [
            "panicked",
            "backtrace",
            "src/",
            ".rs:",
            "diesel",
            "postgres",
            "select ",
            "/root",
            "/home",
            "evil.example",
        ] {
            assert!(!text.contains(ours), "{what}: {text}");
        }
    }
}

/// Errors are kept by nobody.
fn told_to_keep(what: &str) -> &'static str {
    match what.contains("keyed") {
        true => "private, no-store",
        false => "no-store",
    }
}

#[actix_web::test]
async fn api8_every_route_and_every_error_carries_the_same_headers() {
    let site = Site::full().await;
    let key = site.database.key("Amy", "admin").await;
    site.know(&key).await;
    let paths: BTreeSet<&str> = operations()
        .map(|(_, path, _)| path.as_str())
        .chain(ASIDE)
        .chain(["/nowhere", "/v1/nowhere", "/%ff", "/docs/nothing.js"])
        .collect();
    let mut tried = BTreeSet::new();
    for path in paths {
        for uri in [filled(path), format!("{}?%ff=evil.example", filled(path))] {
            for method in [
                "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW",
            ] {
                for keyed in [false, true] {
                    let mut sent = request(method, &uri)
                        .insert_header(("Origin", "https://evil.example"))
                        .insert_header(("Access-Control-Request-Method", "DELETE"))
                        .insert_header(("Access-Control-Request-Headers", "x-evil.example"))
                        .insert_header(("Cookie", "session=evil.example"))
                        .insert_header(("Host", "evil.example"));
                    if keyed {
                        sent = sent.insert_header(("Authorization", format!("Bearer {key}")));
                    }
                    let answer = site.ask(sent).await;
                    let who = if keyed { "keyed " } else { "" };
                    is_hardened(&answer, &format!("{who}{method} {uri}: {}", answer.status));
                    let headers = format!("{:?}", answer.headers);
                    assert!(!headers.contains("evil.example"), "{method} {uri}");
                    tried.insert(answer.status);
                }
            }
        }
    }
    // The other statuses, by what brings them about.
    for (sent, status) in [
        (request("POST", "/v1/help").set_payload("{}"), 415),
        (
            request("POST", "/v1/help")
                .insert_header(("Content-Type", "application/json"))
                .set_payload(vec![b' '; 300_000]),
            413,
        ),
        (
            request("GET", "/v1/hotlines").insert_header(("Accept", "text/html")),
            406,
        ),
        (request("GET", "/v1/hotlines?near=91,0"), 400),
        (request("GET", "/v1/hotlines?subdivision=US-ZZ"), 422),
    ] {
        let answer = site.ask(sent).await;
        assert_eq!(answer.status, status, "{}", answer.text());
        is_hardened(&answer, &status.to_string());
        tried.insert(status);
    }
    // The database is gone: 503 on whatever is not kept.
    let name = &site.database.name;
    let gone = format!(
        "alter database {name} allow_connections false;
         select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}' and pid <> pg_backend_pid()"
    );
    run(&mut Database::bare().await.superuser().await, &gone).await;
    let since = Instant::now();
    loop {
        let page = since.elapsed().as_millis();
        let answer = site.get(&format!("/v1/hotlines?search=x{page}")).await;
        is_hardened(&answer, &answer.status.to_string());
        if answer.status == 503 {
            assert!(!answer.header("retry-after").is_empty());
            break;
        }
        assert!(since.elapsed() < Duration::from_secs(10), "never 503");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    for status in [200, 204, 400, 401, 404, 405] {
        assert!(tried.contains(&status), "{tried:?}");
    }
}

#[actix_web::test]
async fn api8_what_is_no_request_is_answered_in_a_word() {
    let server = Server::start(&Database::full().await.vars()).await;
    for bytes in [
        "GET / HTTP/9.9\r\n\r\n",
        "BREW\r\n\r\n",
        "GET /v1 HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "GET /v1 HTTP/1.1\r\nevil.example\r\n\r\n",
        "\u{0}\u{1}\u{2}\r\n\r\n",
    ] {
        let answer = server.raw(bytes.as_bytes(), None).await.unwrap();
        let answer = String::from_utf8_lossy(&answer).to_lowercase();
        assert!(answer.starts_with("http/1.1 400"), "{bytes}: {answer}");
        assert!(answer.len() < 200, "{bytes}: {answer}");
        for never in ["server:", "actix", "rust", "evil.example"] {
            assert!(!answer.contains(never), "{bytes}: {answer}");
        }
    }
}

/// The routes that the sources register: method and path.
fn registered(folder: &Path, routes: &mut BTreeSet<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            registered(&path, routes);
            continue;
        }
        if path.extension().is_none_or(|kind| kind != "rs") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for method in ["get", "post", "put", "patch", "delete"] {
            for attribute in text.split(&format!("\n#[{method}(")).skip(1) {
                let path = attribute.split('"').nth(1).unwrap();
                routes.insert((method.to_uppercase(), path.to_owned()));
            }
        }
    }
}

#[actix_web::test]
async fn api9_what_is_mounted_is_documented_and_nothing_else_answers() {
    let mut mounted = BTreeSet::new();
    registered(&manifest("src"), &mut mounted);
    assert!(mounted.len() > 70, "{}", mounted.len());
    let documented: BTreeSet<(String, String)> = operations()
        .map(|(method, path, _)| (method, path.clone()))
        .collect();
    // One handler for all resources is shown once for each.
    let generic = |method: &str, path: &str| {
        let parts: Vec<&str> = path.splitn(4, '/').collect();
        let rest = parts
            .get(3)
            .map_or(String::new(), |rest| format!("/{rest}"));
        mounted.contains(&(method.to_owned(), format!("/v1/{{resource}}{rest}")))
    };
    for (method, path) in &documented {
        assert!(
            mounted.contains(&(method.clone(), path.clone())) || generic(method, path),
            "{method} {path} is documented and registered nowhere"
        );
    }
    for (method, path) in &mounted {
        let shown = |resource: &str| {
            documented.contains(&(method.clone(), path.replace("{resource}", resource)))
        };
        assert!(
            shown("{resource}") || shown("hotlines"),
            "{method} {path} is registered and stands in no document"
        );
    }
    // The running application says the same: each route counts under its own name, and has no more methods.
    let site = Site::full().await;
    for (method, path) in &documented {
        site.ask(request(method, &filled(path))).await;
    }
    let metrics = site.get("/metrics").await;
    let paths: BTreeSet<&String> = documented.iter().map(|(_, path)| path).collect();
    for (method, path) in &documented {
        let count = |route: &str| {
            let labels = [format!("method=\"{method}\""), format!("route=\"{route}\"")];
            let mut lines = metrics.text().lines();
            lines.any(|line| labels.iter().all(|label| line.contains(label)))
        };
        let parts: Vec<&str> = path.splitn(4, '/').collect();
        let rest = parts
            .get(3)
            .map_or(String::new(), |rest| format!("/{rest}"));
        assert!(
            count(path) || count(&format!("/v1/{{resource}}{rest}")),
            "{method} {path} was counted nowhere"
        );
    }
    for path in paths {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            if documented.contains(&(method.to_owned(), path.clone())) {
                continue;
            }
            let answer = site.ask(request(method, &filled(path))).await;
            assert_eq!(answer.status, 405, "{method} {path}");
        }
    }
    // No older version, no door of somebody else's.
    for path in [
        "/v0",
        "/v2",
        "/v1beta",
        "/api",
        "/api/v1/hotlines",
        "/v1/hotlines.json",
        "/internal",
        "/admin",
        "/debug",
        "/debug/pprof",
        "/actuator",
        "/actuator/health",
        "/server-status",
        "/graphql",
        "/console",
        "/.env",
        "/.git/config",
        "/swagger.json",
        "/openapi.json",
        "/v1/swagger.json",
        "/v1/users",
        "/v1/admin",
        "/v1/countries/GB/history",
        "/phpinfo.php",
        "/hsds/v3",
    ] {
        for method in ["GET", "POST", "OPTIONS"] {
            let answer = site.ask(request(method, path)).await;
            assert_eq!(answer.status, 404, "{method} {path}");
        }
    }
}

#[test]
fn api10_what_others_answer_is_bounded_and_believed_in_nothing() {
    // The addresses of sources are the only thing that is ever asked of others, by one command; what it makes of
    // garbage is tried beside it, where it may ask this machine (src/curation/links/tests.rs). Here: that no other
    // part of the program could ask anything.
    let mut asking = BTreeSet::new();
    let mut folders = vec![manifest("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read(&path).unwrap();
            let text = String::from_utf8_lossy(&text);
            let is_code = path.extension().is_some_and(|kind| kind == "rs");
            let asks = ["ureq", "TcpStream::connect", "ToSocketAddrs", "reqwest"];
            if is_code && asks.iter().any(|one| text.contains(one)) {
                let source = manifest("src");
                let name = path.strip_prefix(&source).unwrap();
                asking.insert(name.to_string_lossy().into_owned());
            }
        }
    }
    let wanted = [
        // Whether its own address answers already, at start.
        "cli/serve.rs",
        "curation/links/guard.rs",
        "curation/links/mod.rs",
        "curation/links/tests.rs",
    ];
    assert_eq!(Vec::from_iter(asking), wanted);
}
