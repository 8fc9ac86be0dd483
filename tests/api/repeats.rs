//! What is asked again, word for word: the same answer for the same question, and for no other.

use crate::support::{Answer, Database, Server, Site, small};
use actix_web::{http::header::HeaderMap, test::TestRequest};
use serde_json::json;
use std::collections::BTreeMap;

/// Headers that are the same for all who ask the same.
fn lasting(headers: &HeaderMap) -> BTreeMap<String, String> {
    let of = |name: &str| ["date", "x-request-id", "connection"].contains(&name);
    headers
        .iter()
        .filter(|(name, _)| !of(name.as_str()))
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.to_string(), value)
        })
        .collect()
}

fn same(one: &Answer, other: &Answer) -> bool {
    let of = |answer: &Answer| (answer.status, lasting(&answer.headers), answer.body.clone());
    of(one) == of(other)
}

/// Questions that differ in one thing that an answer is chosen by.
fn questions() -> Vec<(&'static str, Vec<(&'static str, &'static str)>)> {
    let (accept, lang) = ("Accept", "Accept-Language");
    vec![
        ("/v1/topics", vec![]),
        ("/v1/topics", vec![(accept, "application/json")]),
        ("/v1/topics", vec![(lang, "es")]),
        ("/v1/topics", vec![(lang, "de")]),
        ("/v1/topics", vec![(lang, "de"), (lang, "es;q=0.5")]),
        ("/v1/topics?lang=es", vec![]),
        ("/v1/topics?lang=es", vec![("Accept-Encoding", "gzip")]),
        ("/v1/topics?lang=es", vec![("Accept-Encoding", "br")]),
        ("/v1/topics/policy", vec![]),
        ("/v1/topics/policy?", vec![]),
        ("/v1/hotlines?country=PH&per_page=1", vec![]),
        ("/v1/hotlines?per_page=1&country=PH", vec![]),
        ("/v1/hotlines?per_page=1&country=PH&page=2", vec![]),
        ("/v1/search?search=philippines", vec![]),
        ("/v1/organizations?search=philippines", vec![]),
        ("/v1/statistics", vec![]),
        (
            "/v1/statistics/afp-reports-debt-bondage-au-2022-2023/card.svg",
            vec![],
        ),
        ("/v1/openapi.json", vec![]),
        // These are no answers that are kept.
        ("/v1/topics?format=csv", vec![]),
        ("/v1/statistics", vec![(accept, "text/csv")]),
        ("/v1/topics/none", vec![]),
        ("/v1/topics", vec![(accept, "text/html")]),
        ("/v1/topics?q=x", vec![]),
        ("/v1/regional_contacts?near=52.5,13.4&radius_km=50", vec![]),
    ]
}

fn asking(path: &str, sent: &[(&'static str, &'static str)]) -> TestRequest {
    let one = |request: TestRequest, header: &(&'static str, &'static str)| {
        request.append_header(*header)
    };
    sent.iter().fold(TestRequest::get().uri(path), one)
}

#[actix_web::test]
async fn the_same_question_has_the_same_answer_whatever_was_asked_in_between() {
    let site = Site::full().await;
    let mut first = Vec::new();
    for (path, sent) in questions() {
        // Others' schemes are none of ours, and nothing is remembered of who sends one.
        let apart = asking(path, &sent).insert_header(("Authorization", "Basic eA=="));
        first.push(site.ask(apart).await);
    }
    for _ in 0..3 {
        for ((path, sent), first) in questions().into_iter().zip(&first) {
            let again = site.ask(asking(path, &sent)).await;
            assert!(same(first, &again), "{path} {sent:?}: {}", again.whole());
            let etag = first.header("etag").to_owned();
            if !etag.is_empty() {
                let known = asking(path, &sent).insert_header(("If-None-Match", etag.clone()));
                let known = site.ask(known).await;
                assert_eq!(
                    (known.status, known.header("etag")),
                    (304, &*etag),
                    "{path}"
                );
                assert_eq!(known.header("vary"), first.header("vary"), "{path}");
            }
        }
    }
}

#[actix_web::test]
async fn many_questions_do_not_take_each_others_answers() {
    let site = Site::full().await;
    for _ in 0..2 {
        for page in 1..=1500 {
            let uri = format!("/v1/topics?per_page=1&page={page}");
            assert_eq!(site.json(&uri).await["page_number"], page);
        }
    }
}

#[actix_web::test]
async fn what_changes_is_answered_at_once_to_those_who_ask_again() {
    let site = Site::full().await;
    let key = site.database.key("Ed", "editor").await;
    site.know(&key).await;
    let bearer = format!("Bearer {key}");
    let (list, record) = (
        "/v1/organizations?country=US&per_page=200",
        "/v1/organizations/ncmec",
    );
    for _ in 0..2 {
        assert!(site.get(list).await.text().contains("\"slug\":\"ncmec\""));
        assert_eq!(site.get(record).await.status, 200);
    }
    let hide = TestRequest::post()
        .uri(&format!("{record}/hide"))
        .insert_header(("Authorization", bearer.as_str()))
        .set_json(json!({"reason": "A test."}));
    let hidden = site.ask(hide).await;
    assert_eq!(hidden.status, 200, "{}", hidden.text());
    for _ in 0..3 {
        assert_eq!(site.get(record).await.status, 404);
        assert!(!site.get(list).await.text().contains("\"slug\":\"ncmec\""));
    }
}

#[actix_web::test]
async fn to_a_key_nobody_answers_what_all_are_told() {
    let site = Site::full().await;
    let key = site.database.key("Ed", "editor").await;
    site.know(&key).await;
    for path in ["/v1/organizations/ncmec", "/v1/hotlines?country=PH"] {
        for _ in 0..2 {
            let public = site.get(path).await;
            assert_eq!(public.header("cache-control"), "public, max-age=60");
            let other = site.get_with(path, "Authorization", "Basic eA==").await;
            assert!(same(&public, &other), "{path}");
            let none = site.get_with(path, "Authorization", "Bearer x").await;
            assert_eq!(none.status, 401, "{path}");
            let bearer = format!("Bearer {key}");
            let own = site.get_with(path, "Authorization", &bearer).await;
            assert_eq!(own.header("cache-control"), "private, no-store");
            assert_eq!(own.status, 200);
        }
    }
    let drafts = "/v1/organizations?status=draft";
    for _ in 0..2 {
        let bearer = format!("Bearer {key}");
        let own = site.get_with(drafts, "Authorization", &bearer).await;
        assert_eq!(own.status, 200);
        assert_eq!(site.get(drafts).await.status, 401);
    }
}

#[actix_web::test]
async fn the_log_says_the_route_of_what_is_asked_again() {
    let database = Database::empty().await;
    database.import(&small(), &[]).await.unwrap();
    let one = [("LODESTAR_WORKERS", "1")];
    let server = Server::start(&[database.vars().as_slice(), one.as_slice()].concat()).await;
    for _ in 0..4 {
        assert_eq!(server.get("/v1/populations").await.status, 200);
    }
    let head = b"HEAD /v1/populations HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let told = server.raw(head, None).await.unwrap();
    let told = String::from_utf8_lossy(&told).into_owned();
    let (head, body) = told.split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with("HTTP/1.1 200") && body.is_empty(),
        "{told}"
    );
    let metrics = server.get("/metrics").await;
    server.end(nix::sys::signal::Signal::SIGTERM);
    let log = server.log();
    let of = |method: &str| {
        let line = format!("route=/v1/populations method={method} status=200");
        log.matches(&line).count()
    };
    assert_eq!((of("GET"), of("HEAD")), (4, 1), "{log}");
    assert!(
        !log.contains("route=unmatched method=GET status=200"),
        "{log}"
    );
    let counted = "http_requests_total{method=\"GET\",route=\"/v1/populations\",status=\"200\"} 4";
    assert!(metrics.text().contains(counted), "{}", metrics.text());
}
