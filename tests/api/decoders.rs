//! Whatever is sent to what reads it: queries, headers, JSON, hours, numbers, rows of tables. Chance writes it, near to what is
//! right and far from it. Nothing fails inside, nothing hangs, what is wrong is told as a problem, and what is taken
//! is read again as it was taken.

use crate::{
    curation::{Desk, LINE, hotline, number},
    support::Answer,
};
use actix_web::test::TestRequest;
use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any, prop_oneof},
    sample::select,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use serde_json::{Map, Value, json};
use std::time::{Duration, Instant};

/// So many of each kind.
const CASES: usize = 300;
/// Nothing small takes longer, even on a busy machine.
const LONGEST: Duration = Duration::from_secs(60);

/// Values that chance makes from a strategy, the same in every run.
fn drawn<T: std::fmt::Debug>(strategy: impl Strategy<Value = T>) -> impl Iterator<Item = T> {
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    (0..CASES).map(move |_| strategy.new_tree(&mut runner).unwrap().current())
}

/// Texts: anything at all, and what others stumble over.
fn text() -> impl Strategy<Value = String> {
    let odd = select(vec![
        "",
        " ",
        "\u{0}",
        "\u{202e}",
        "\u{feff}x",
        "%",
        "%00",
        "%ff",
        "'",
        "\"",
        "\\",
        "null",
        "-0",
        "1e999",
        "NaN",
        "9223372036854775808",
        "0x10",
        "../..",
        "{{7*7}}",
        "<b>",
        "=1+1",
        "\u{1F1E6}\u{1F1E7}",
        "ﬀ",
        "İ",
        "ß",
        "٣",
        "０",
        "e\u{301}\u{301}\u{301}",
    ]);
    prop_oneof![
        3 => odd.prop_map(str::to_owned),
        3 => any::<String>(),
        2 => "[a-z0-9_,.:;+ -]{0,40}",
        1 => vec(any::<char>(), 200..400).prop_map(String::from_iter),
    ]
}

/// A text with something of it changed: a part doubled, dropped, replaced.
fn mutated(valid: &'static [&'static str]) -> impl Strategy<Value = String> {
    (
        select(valid),
        0..4_u8,
        any::<usize>(),
        any::<usize>(),
        text(),
    )
        .prop_map(|(valid, how, from, length, other)| {
            let all: Vec<char> = valid.chars().collect();
            let from = from % (all.len() + 1);
            let to = (from + length % 5).min(all.len());
            let part = |range: std::ops::Range<usize>| all[range].iter().collect::<String>();
            let middle = match how {
                0 => String::new(),
                1 => part(from..to).repeat(2),
                2 => other,
                _ => part(from..to),
            };
            part(0..from) + &middle + &part(to..all.len())
        })
}

/// JSON of any shape.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((text(), inner), 0..6)
                .prop_map(|fields| Value::from(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Nothing failed inside; what is wrong is told as a problem.
fn is_told(answer: &Answer, since: Instant, what: &str) {
    assert!(since.elapsed() < LONGEST, "{what}: {:?}", since.elapsed());
    assert!(
        answer.status < 500,
        "{what}: {} {}",
        answer.status,
        answer.text()
    );
    if answer.status >= 400 {
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{what}"
        );
        let problem = answer.value();
        assert_eq!(problem["status"], answer.status, "{what}");
        assert!(answer.body.len() < 100_000, "{what}");
    }
}

#[actix_web::test]
async fn queries_of_any_kind_are_read_or_refused() {
    let desk = Desk::small().await;
    let paths = lodestar::app::DOCUMENT["paths"].as_object().unwrap();
    let mut reads: Vec<(String, Vec<String>)> = Vec::new();
    for (path, item) in paths {
        let parameters = item["get"]["parameters"].as_array().into_iter().flatten();
        let of_query = parameters.filter(|one| one["in"] == "query");
        let names = of_query.map(|one| one["name"].as_str().unwrap().to_owned());
        let names: Vec<String> = names.collect();
        if !names.is_empty() && !path.contains('{') {
            reads.push((path.clone(), names));
        }
    }
    assert!(reads.len() > 10, "{}", reads.len());
    let query = vec(
        (
            any::<usize>(),
            prop_oneof![
                text(),
                mutated(&[
                    "PH",
                    "US-CA",
                    "48.2,16.4",
                    "-10,35,30,60",
                    "2020-01",
                    "now",
                    "revision:3",
                    "2026-11-01T00:00:00Z",
                    "0-17",
                    "one-line",
                    "en-GB",
                    "-name",
                    "Asia/Manila",
                    "200",
                ]),
            ],
        ),
        0..5,
    );
    for (place, parts) in drawn(query).enumerate() {
        let (path, names) = &reads[place % reads.len()];
        let mut uri = format!("{path}?");
        for (name, value) in &parts {
            let name = &names[name % names.len()];
            let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            uri += &format!("{name}={value}&");
        }
        for who in ["", "Amy"] {
            let since = Instant::now();
            let answer = desk.ask(who, "GET", &uri, &[], None).await;
            is_told(&answer, since, &uri);
        }
    }
    // Bytes that are no text at all, and no encoding.
    for bytes in drawn(vec(any::<u8>(), 0..60)) {
        let encoded: String = bytes.iter().map(|byte| format!("%{byte:02x}")).collect();
        let raw: String = bytes
            .iter()
            .filter(|byte| byte.is_ascii_graphic() && !b"#\"<>\\^`{|} ".contains(byte))
            .map(|byte| char::from(*byte))
            .collect();
        for uri in [
            format!("/v1/hotlines?search={encoded}"),
            format!("/v1/hotlines?{encoded}"),
            format!("/v1/hotlines/{encoded}"),
            format!("/v1/hotlines?{raw}"),
            format!("/embed/help?country={encoded}"),
        ] {
            if uri.parse::<actix_web::http::Uri>().is_err() {
                continue;
            }
            let since = Instant::now();
            let answer = desk.site.get(&uri).await;
            assert!(answer.status < 500, "{uri}: {}", answer.status);
            assert!(since.elapsed() < LONGEST, "{uri}");
        }
    }
}

#[actix_web::test]
async fn headers_of_any_kind_are_read_or_refused() {
    let desk = Desk::small().await;
    let names = [
        "Accept",
        "Accept-Language",
        "Accept-Encoding",
        "If-None-Match",
        "If-Match",
        "Idempotency-Key",
        "Change-Reason",
        "Change-Evidence",
        "Authorization",
        "Content-Type",
        "X-Forwarded-For",
        "Range",
        "Origin",
        "Prefer",
    ];
    let header = vec(
        (
            select(names.to_vec()),
            prop_oneof![
                vec(any::<u8>(), 0..60),
                mutated(&[
                    "text/csv;q=0.5, */*;q=0.1",
                    "es-MX, es;q=0.9, *;q=0",
                    "gzip, br;q=0",
                    "\"3.abc\", W/\"x\"",
                    "\"3\"",
                    "*",
                    "Bearer lodestar_x",
                    "application/json; charset=utf-8",
                    "https://one.example/x",
                    "192.0.2.1, 10.0.0.1",
                    "%E2%80%AE",
                ])
                .prop_map(String::into_bytes),
            ],
        ),
        1..5,
    );
    for headers in drawn(header) {
        for (method, uri) in [
            ("GET", "/v1/hotlines?country=GB"),
            ("PATCH", LINE),
            ("POST", "/v1/help"),
        ] {
            let mut request = TestRequest::default()
                .method(method.parse().unwrap())
                .uri(uri)
                .set_payload("{\"country\": \"GB\"}");
            for (name, value) in &headers {
                if let Ok(value) = actix_web::http::header::HeaderValue::from_bytes(value) {
                    request = request.append_header((*name, value));
                }
            }
            let since = Instant::now();
            let answer = desk.site.ask(request).await;
            is_told(&answer, since, &format!("{method} {uri} {headers:?}"));
        }
    }
}

#[actix_web::test]
async fn bodies_of_any_kind_are_read_or_refused() {
    let desk = Desk::small().await;
    let whole = hotline(
        "one-line",
        json!([number("01632 960001"), number("01632 960002")]),
    );
    let fields: Vec<String> = whole.as_object().unwrap().keys().cloned().collect();
    // One field is something else: of a record, of a contact point, of a question.
    for (place, value) in drawn(value()).enumerate() {
        let mut record = whole.clone();
        record[&fields[place % fields.len()]] = value.clone();
        let mut point = number("01632 960001");
        let inner = [
            "value",
            "e164",
            "channel",
            "dialable_from",
            "languages",
            "keyword",
            "extension",
        ];
        point[inner[place % inner.len()]] = value.clone();
        let named = [
            "country", "search", "open_at", "point", "topic", "age", "language",
        ];
        for (who, method, uri, body) in [
            ("Paul", "PUT", LINE, record),
            ("Paul", "PATCH", LINE, json!({"contact_points": [point]})),
            ("Paul", "PATCH", LINE, value.clone()),
            ("Cleo", "POST", "/v1/proposals", value.clone()),
            (
                "",
                "POST",
                "/v1/help",
                json!({named[place % named.len()]: value}),
            ),
            (
                "",
                "POST",
                "/v1/search",
                json!({named[place % named.len()]: value}),
            ),
        ] {
            let since = Instant::now();
            let headers = [("If-Match", "*")];
            let answer = desk
                .ask(who, method, uri, &headers, Some(body.clone()))
                .await;
            is_told(&answer, since, &format!("{method} {uri} {body}"));
        }
    }
    // No JSON at all.
    for bytes in drawn(prop_oneof![
        vec(any::<u8>(), 0..80),
        mutated(&[
            "{\"country\": \"GB\", \"language\": [\"en\", \"fr\"]}",
            "[[[{}]]]",
            "{\"a\": 1.5e3}"
        ])
        .prop_map(String::into_bytes),
    ]) {
        let since = Instant::now();
        let request = TestRequest::post()
            .uri("/v1/help")
            .insert_header(("Content-Type", "application/json"))
            .set_payload(bytes.clone());
        is_told(&desk.site.ask(request).await, since, &format!("{bytes:?}"));
    }
}

#[actix_web::test]
async fn hours_and_numbers_of_any_kind_are_read_or_refused() {
    let desk = Desk::small().await;
    let hours = prop_oneof![
        text(),
        mutated(&[
            "24/7",
            "Mo-Fr 09:00-17:00; Sa,Su 10:00-14:00; PH off",
            "Mo-Su 22:00-06:00",
            "Dec 24-26 off",
            "week 1-53/2 Mo 08:00-12:00",
            "sunrise-sunset",
            "Mar Su[-1] 02:00-03:00",
            "2026-2030 Mo-Fr 00:00-24:00",
            "Mo-Fr 09:00-12:30,13:30-17:00 \"by phone\"",
            "easter -2 days off",
        ]),
    ];
    let mut taken = 0;
    for hours in drawn(hours) {
        let since = Instant::now();
        let body = json!({"hours": hours, "timezone": "Europe/London", "always_open": null});
        let headers = [("If-Match", "*")];
        let answer = desk.ask("Paul", "PATCH", LINE, &headers, Some(body)).await;
        is_told(&answer, since, &format!("{hours:?}"));
        if answer.status == 200 {
            taken += 1;
            // What was taken can be shown, and computed.
            let shown = desk.site.json(LINE).await;
            assert!(
                shown["hours"].is_string() || shown["hours"].is_null(),
                "{shown}"
            );
            let asked = desk.site.get("/v1/hotlines?open_at=now").await;
            assert_eq!(asked.status, 200, "{hours:?}: {}", asked.text());
        }
    }
    assert!(taken > 10, "{taken} hours were taken");
    let numbers = prop_oneof![
        text(),
        mutated(&[
            "01632 960001",
            "+44 1632 960001",
            "1-800-555-0142",
            "116 123",
            "1-800-THE-LOST",
            "*21#",
            "711 ext. 5"
        ]),
        "[0-9+*#() x-]{1,20}",
    ];
    for value in drawn(numbers) {
        for channel in ["phone", "sms", "whatsapp", "tty"] {
            let point = json!({"channel": channel, "value": value, "dialable_from": ["GB", "US"]});
            let since = Instant::now();
            let line = hotline("new-line", json!([point]));
            let answer = desk
                .ask("Ed", "POST", "/v1/hotlines", &[], Some(line))
                .await;
            is_told(&answer, since, &format!("{channel} {value:?}"));
        }
    }
}

#[actix_web::test]
async fn rows_of_any_kind_are_read_or_refused() {
    let desk = Desk::small().await;
    let columns =
        "slug,organization,name,lang,coverage,languages,hours,timezone,always_open,priority";
    let row = vec(
        prop_oneof![
            text(),
            mutated(&[
                "one-line",
                "en;fr",
                "GB",
                "24/7",
                "true",
                "2026-11-01",
                "01632 960001",
                "\"a\"\"b\"",
                "1,2",
                "1.88837E+10"
            ]),
        ],
        0..12,
    );
    for (place, cells) in drawn(row).enumerate() {
        // Quoted as it should be, and as it comes.
        let line = match place % 2 {
            0 => cells
                .iter()
                .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")))
                .collect::<Vec<_>>()
                .join(","),
            _ => cells.join(","),
        };
        let mut packed = std::io::Cursor::new(Vec::new());
        let mut archive = zip::ZipWriter::new(&mut packed);
        archive
            .start_file("hotlines.csv", zip::write::SimpleFileOptions::default())
            .unwrap();
        std::io::Write::write_all(&mut archive, format!("{columns}\n{line}\n").as_bytes()).unwrap();
        archive.finish().unwrap();
        let since = Instant::now();
        let answer = desk
            .send("Ed", "/v1/imports", "application/zip", packed.into_inner())
            .await;
        is_told(&answer, since, &line);
        let since = Instant::now();
        let bytes = line.into_bytes();
        let kind = ["application/x-ndjson", "application/zip"][place % 2];
        let answer = desk.send("Ed", "/v1/imports", kind, bytes.clone()).await;
        is_told(&answer, since, &format!("{bytes:?}"));
    }
}
