//! Formats, caching and the manners of HTTP.

use crate::support::{LISTS, Site, slug};
use actix_web::{http::Method, test::TestRequest};
use serde_json::Value;
use std::{collections::BTreeSet, io::Read};

#[actix_web::test]
async fn pages_csv_and_ndjson_hold_the_same_records() {
    let site = Site::full().await;
    for list in LISTS {
        let lines = site.all(&format!("/v1/{list}")).await;
        assert_eq!(
            lines.len() as i64,
            site.total(&format!("/v1/{list}")).await,
            "{list}"
        );
        let slugs: Vec<String> = lines.iter().map(slug).collect();
        assert!(
            slugs.is_sorted() && slugs.iter().collect::<BTreeSet<_>>().len() == slugs.len(),
            "{list}"
        );
        let page = site.json(&format!("/v1/{list}?per_page=5")).await;
        for record in page["contents"].as_array().unwrap() {
            let line = lines.iter().find(|line| slug(line) == slug(record));
            assert_eq!(
                line,
                Some(record),
                "{list}: a line is not the record of the page"
            );
        }
        let answer = site.get(&format!("/v1/{list}?format=csv")).await;
        let mut reader = csv::Reader::from_reader(answer.body.as_slice());
        let header = reader.headers().unwrap().clone();
        let column = |name: &str| header.iter().position(|one| one == name).unwrap();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let of_rows: Vec<&str> = rows
            .iter()
            .map(|row| &row[column(if list == "countries" { "code" } else { "slug" })])
            .collect();
        assert_eq!(of_rows, slugs, "{list}");
        for (row, line) in rows.iter().zip(&lines) {
            if list != "countries" {
                assert_eq!(row[column("id")], *line["id"].as_str().unwrap());
                assert_eq!(row[column("revision")], line["revision"].to_string());
            }

            assert_eq!(
                row[column("licence")],
                *line["licence"].as_str().unwrap_or_default()
            );
        }
        assert!(
            answer
                .header("content-disposition")
                .contains(&format!("{list}.csv"))
        );
        assert!(answer.header("link").contains("rel=\"license\""));
    }
}

#[actix_web::test]
async fn csv_cells_hold_what_a_reader_needs() {
    let site = Site::full().await;
    let answer = site.get("/v1/hotlines?format=csv&search=233733").await;
    let mut reader = csv::Reader::from_reader(answer.body.as_slice());
    let header = reader.headers().unwrap().clone();
    let rows = reader.records().map(Result::unwrap);
    let row = rows
        .into_iter()
        .find(|row| {
            row.iter()
                .any(|cell| cell == "us-national-human-trafficking-hotline")
        })
        .unwrap();
    let cell = |name: &str| row[header.iter().position(|one| one == name).unwrap()].to_owned();
    assert!(cell("tel_uris").contains("tel:+18883737888"));
    assert!(cell("sms_uris").contains("sms:233733?body=BEFREE"));
    assert_eq!(cell("coverage"), "US");
    assert_eq!(cell("verified_at"), "");
}

#[actix_web::test]
async fn geojson_is_a_feature_collection_with_longitude_first() {
    let site = Site::full().await;
    let answer = site.get("/v1/regional_contacts?format=geojson").await;
    let collection = answer.json();
    assert_eq!(answer.header("content-type"), "application/geo+json");
    assert_eq!(collection["type"], "FeatureCollection");
    let features = collection["features"].as_array().unwrap();
    assert_eq!(
        features.len() as i64,
        site.total("/v1/regional_contacts").await
    );
    let mut placed = 0;
    for feature in features {
        let properties = &feature["properties"];
        assert_eq!(feature["type"], "Feature");
        match properties["latitude"].is_null() {
            true => assert_eq!(feature["geometry"], Value::Null),
            false => {
                placed += 1;
                assert_eq!(
                    feature["geometry"]["coordinates"][0],
                    properties["longitude"]
                );
                assert_eq!(
                    feature["geometry"]["coordinates"][1],
                    properties["latitude"]
                );
            }
        }
    }
    assert!(placed > 50);
    let none = site
        .get("/v1/regional_contacts?format=geojson&search=zzzzqqqq")
        .await;
    assert_eq!(none.json()["features"].as_array().unwrap().len(), 0);
    assert_eq!(site.get("/v1/hotlines?format=geojson").await.status, 400);
}

#[actix_web::test]
async fn the_accept_header_chooses_and_format_overrules_it() {
    let site = Site::full().await;
    let chosen = async |uri: &str, accept: &str| {
        let answer = site.get_with(uri, "Accept", accept).await;
        (answer.status, answer.header("content-type").to_owned())
    };
    let ok = |kind: &str| (200, kind.to_owned());
    let list = "/v1/topics";
    for (accept, kind) in [
        ("*/*", "application/json"),
        ("", "application/json"),
        ("text/csv", "text/csv"),
        ("application/x-ndjson", "application/x-ndjson"),
        ("text/*", "text/csv"),
        ("application/*", "application/json"),
        ("text/csv;q=0.5, application/json", "application/json"),
        ("text/html, text/csv;q=0.9, */*;q=0.1", "text/csv"),
        ("application/json;q=0, */*", "text/csv"),
        ("TEXT/CSV", "text/csv"),
    ] {
        assert_eq!(chosen(list, accept).await, ok(kind), "{accept}");
    }
    assert_eq!(
        chosen("/v1/topics?format=ndjson", "text/csv").await,
        ok("application/x-ndjson")
    );
    assert_eq!(
        chosen("/v1/regional_contacts", "application/geo+json").await,
        ok("application/geo+json")
    );
    for (uri, accept) in [
        (list, "text/html"),
        (list, "image/png, application/json;q=0"),
        (list, "application/geo+json"),
        ("/v1/topics/policy", "text/csv"),
        ("/v1", "text/html"),
        ("/v1/organizations/iwf", "application/x-ndjson"),
    ] {
        let answer = site.get_with(uri, "Accept", accept).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (406, "application/problem+json"),
            "{uri} {accept}"
        );
        assert!(
            answer.value()["detail"]
                .as_str()
                .unwrap()
                .contains("application/json"),
            "{}",
            answer.text()
        );
    }
    assert!(site.get(list).await.header("vary").contains("Accept"));
}

fn unpacked(encoding: &str, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    match encoding {
        "gzip" => drop(
            flate2::read::GzDecoder::new(bytes)
                .read_to_end(&mut out)
                .unwrap(),
        ),
        "br" => drop(
            brotli::Decompressor::new(bytes, 4096)
                .read_to_end(&mut out)
                .unwrap(),
        ),
        _ => out.extend(bytes),
    }
    out
}

#[actix_web::test]
async fn each_encoding_has_its_own_etag_and_the_same_content() {
    let site = Site::full().await;
    for uri in [
        "/v1/hotlines",
        "/v1/organizations/ncmec?include=hotlines",
        "/v1/openapi.json",
        "/v1",
    ] {
        let plain = site.get(uri).await;
        let mut etags = BTreeSet::from([plain.header("etag").to_owned()]);
        for (accepted, encoding) in [
            ("gzip", "gzip"),
            ("br", "br"),
            ("gzip, br", "br"),
            ("br;q=0, gzip", "gzip"),
            ("*", "br"),
            ("identity", ""),
            ("zstd", ""),
        ] {
            let answer = site.get_with(uri, "Accept-Encoding", accepted).await;
            assert_eq!(
                answer.header("content-encoding"),
                encoding,
                "{uri} {accepted}"
            );
            assert_eq!(
                unpacked(encoding, &answer.body),
                plain.body,
                "{uri} {accepted}"
            );
            assert!(answer.header("vary").contains("Accept-Encoding"));
            if !encoding.is_empty() {
                assert!(answer.body.len() < plain.body.len());
            }
            etags.insert(answer.header("etag").to_owned());
            // And it is known again in whatever encoding it is asked for.
            let again = site
                .get_with(uri, "If-None-Match", answer.header("etag"))
                .await;
            assert_eq!(again.status, 304, "{uri} {accepted}");
        }
        assert_eq!(etags.len(), 3, "{uri}: {etags:?}");
    }
}

#[actix_web::test]
async fn what_is_known_is_not_sent_again() {
    let site = Site::full().await;
    for uri in [
        "/v1/hotlines?country=GB",
        "/v1/hotlines/iwf-report",
        "/v1/hotlines?format=csv",
        "/v1/regional_contacts?near=48.2,16.4&radius_km=50",
        "/v1/topics",
        "/v1/countries/GB",
    ] {
        let first = site.get(uri).await;
        let etag = first.header("etag").to_owned();
        assert!(
            etag.starts_with('"') && etag.ends_with('"'),
            "{uri}: {etag}"
        );
        assert_eq!(
            site.get(uri).await.header("etag"),
            etag,
            "{uri}: asked twice"
        );
        for list in [
            etag.clone(),
            format!("W/{etag}"),
            format!("\"x\", {etag}"),
            format!("\"x\",W/{etag} , \"y\""),
            "*".to_owned(),
        ] {
            let again = site.get_with(uri, "If-None-Match", &list).await;
            assert_eq!(again.status, 304, "{uri} {list}");
            assert!(again.body.is_empty());
            for header in [
                "etag",
                "cache-control",
                "vary",
                "directory-revision",
                "access-control-allow-origin",
            ] {
                assert_eq!(
                    again.header(header),
                    first.header(header),
                    "{uri}: {header}"
                );
            }
        }
        for other in ["\"x\"", "x", "", etag.trim_matches('"')] {
            assert_eq!(
                site.get_with(uri, "If-None-Match", other).await.status,
                200,
                "{uri} {other}"
            );
        }
    }
}

#[actix_web::test]
async fn etags_of_lists_and_streams_differ_by_what_was_asked() {
    let site = Site::full().await;
    let mut seen = BTreeSet::new();
    for uri in [
        "/v1/hotlines",
        "/v1/hotlines?page=2",
        "/v1/hotlines?country=GB",
        "/v1/hotlines?format=csv",
        "/v1/hotlines?format=ndjson",
        "/v1/hotlines?format=csv&country=GB",
        "/v1/organizations?format=csv",
    ] {
        let etag = site.get(uri).await.header("etag").to_owned();
        assert!(seen.insert(etag), "{uri} has the ETag of another");
    }
    // One order, one spelling.
    let one = site.get("/v1/hotlines?country=GB&topic=online_abuse").await;
    let other = site
        .get("/v1/hotlines?topic=online%5Fabuse&country=GB")
        .await;
    assert_eq!(one.header("etag"), other.header("etag"));
}

#[actix_web::test]
async fn a_change_reaches_kept_answers_within_a_second() {
    let site = Site::full().await;
    let before = site.get("/v1/topics/policy").await;
    let topic = serde_json::json!({"slug": "policy", "name": "Policy, renamed", "axis": "service", "description": "Changed."});
    site.database
        .write("x", vec![("topics", topic, "published", "public")])
        .await;
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    let after = site
        .get_with("/v1/topics/policy", "If-None-Match", before.header("etag"))
        .await;
    assert_eq!(after.json()["name"], "Policy, renamed");
    assert_ne!(
        before.header("directory-revision"),
        after.header("directory-revision")
    );
    let (old, new) = (
        before.json()["revision"].as_i64(),
        after.json()["revision"].as_i64(),
    );
    assert!(new > old);
}

#[actix_web::test]
async fn answers_say_how_long_they_hold() {
    let site = Site::full().await;
    for (uri, held) in [
        ("/v1/hotlines", "public, max-age=60"),
        ("/v1/hotlines?format=ndjson", "public, max-age=60"),
        ("/v1/hotlines/iwf-report", "public, max-age=60"),
        (
            "/v1/regional_contacts?near=48.2,16.4&radius_km=50",
            "no-store",
        ),
        (
            "/v1/regional_contacts?near=48.2,16.4&radius_km=50&format=csv",
            "no-store",
        ),
        ("/v1/regional_contacts?bbox=1,2,3,4", "no-store"),
        ("/v1/hotlines?x=1", "no-store"),
        ("/v1/hotlines/nobody", "no-store"),
        ("/nowhere", "no-store"),
        ("/health/ready", "no-store"),
        ("/metrics", "no-store"),
    ] {
        assert_eq!(site.get(uri).await.header("cache-control"), held, "{uri}");
    }
}

#[actix_web::test]
async fn every_answer_may_be_read_by_every_site() {
    let site = Site::full().await;
    let origin = "https://partner.example";
    for uri in [
        "/v1",
        "/v1/hotlines",
        "/v1/hotlines?format=csv",
        "/v1/hotlines?x=1",
        "/v1/hotlines?near=1",
        "/v1/hotlines/nobody",
        "/v1/hotlines?status=draft",
        "/nowhere",
        "/",
        "/health/live",
        "/v1/openapi.json",
    ] {
        for method in [Method::GET, Method::POST, Method::OPTIONS, Method::DELETE] {
            let request = TestRequest::default().method(method.clone()).uri(uri);
            let answer = site.ask(request.insert_header(("Origin", origin))).await;
            assert_eq!(
                answer.header("access-control-allow-origin"),
                "*",
                "{method} {uri}"
            );
            let exposed = answer.header("access-control-expose-headers");
            for header in [
                "ETag",
                "Link",
                "Directory-Revision",
                "Retry-After",
                "Location",
            ] {
                assert!(exposed.contains(header), "{method} {uri}: {exposed}");
            }
            assert!(
                !answer.whole().contains("partner.example"),
                "the origin is echoed"
            );
            assert!(
                answer.header("set-cookie").is_empty()
                    && answer.header("x-content-type-options") == "nosniff"
            );
            assert_eq!(answer.header("x-request-id").len(), 36);
        }
    }
}

#[actix_web::test]
async fn options_and_wrong_methods_name_the_right_ones() {
    let site = Site::full().await;
    let read = "GET, HEAD, OPTIONS";
    for (uri, allow) in [
        ("/v1", read),
        ("/v1/hotlines", "GET, HEAD, POST, OPTIONS"),
        ("/v1/hotlines/iwf-report", "GET, HEAD, PUT, PATCH, OPTIONS"),
        ("/v1/hotlines/iwf-report/hide", "POST, OPTIONS"),
        ("/v1/countries", read),
        ("/v1/countries/GB", read),
        ("/v1/suggestions", "POST, OPTIONS"),
        ("/v1/review_queue/leases", "POST, DELETE, OPTIONS"),
        ("/health/live", read),
        ("/", "GET, HEAD, POST, OPTIONS"),
        ("/embed/help", read),
        ("/embed/report", "GET, HEAD, POST, OPTIONS"),
        ("/oembed", read),
        ("/metrics", read),
        ("/v1/openapi.json", read),
    ] {
        let options = site
            .ask(TestRequest::default().method(Method::OPTIONS).uri(uri))
            .await;
        assert_eq!(
            (options.status, options.header("allow")),
            (204, allow),
            "{uri}"
        );
        assert_eq!(options.header("access-control-allow-methods"), allow);
        for method in ["POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"] {
            let request = TestRequest::default()
                .method(method.parse().unwrap())
                .uri(uri);
            let answer = site.ask(request).await;
            if allow.contains(method) {
                // What is written needs a key, or a body.
                let open = ["/v1/suggestions", "/", "/embed/report"].contains(&uri);
                let wanted = if open { 415 } else { 401 };
                assert_eq!(answer.status, wanted, "{method} {uri}");
                continue;
            }
            assert_eq!(answer.header("content-type"), "application/problem+json");
            assert_eq!(
                (answer.status, answer.header("allow")),
                (405, allow),
                "{method} {uri}"
            );
            assert!(answer.value()["detail"].as_str().unwrap().contains(allow));
        }
    }
    let nowhere = TestRequest::default()
        .method(Method::OPTIONS)
        .uri("/nowhere");
    assert_eq!(site.ask(nowhere).await.status, 404);
}

#[actix_web::test]
async fn pages_for_people_load_nothing_from_anybody() {
    let site = Site::full().await;
    let docs = site.get("/docs").await;
    assert_eq!((docs.status, docs.header("location")), (308, "/docs/"));
    for uri in ["/", "/problems", "/docs/"] {
        let answer = site.get(uri).await;
        assert_eq!(answer.status, 200, "{uri}");
        assert!(
            answer.header("content-type").starts_with("text/html"),
            "{uri}"
        );
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("http"),
            "{uri}: {policy}"
        );
        for loading in [
            "src=\"http",
            "src=\"//",
            "<link rel=\"stylesheet\" href=\"http",
            "@import",
            "url(http",
        ] {
            assert!(!answer.text().contains(loading), "{uri}: {loading}");
        }
    }
    for file in [
        "swagger-ui.css",
        "swagger-ui-bundle.js",
        "reader.css",
        "reader.js",
    ] {
        let answer = site.get(&format!("/docs/{file}")).await;
        assert_eq!(answer.status, 200, "{file}");
    }
    let problems = site.get("/problems").await;
    assert!(!problems.text().contains('`') && problems.text().contains("<code>"));
    let start = site.get("/docs/reader.js").await;
    assert!(start.text().contains("/v1/openapi.json"));
    let unmended = site.get("/docs/index.html").await;
    assert_eq!(
        (unmended.status, unmended.header("location")),
        (308, "/docs/")
    );
    let document = site.get("/v1/openapi.json").await;
    assert_eq!(document.json(), *lodestar::app::DOCUMENT);
}
