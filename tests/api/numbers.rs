//! How numbers are dialled: short codes before numbering plans, and from where.

use crate::support::{Database, Site};
use actix_web::test::TestRequest;
use serde_json::{Value, json};

async fn written(site: &Site, key: &str, slug: &str, point: Value) -> (u16, Value) {
    let body = json!({
        "slug": slug, "name": "A line", "lang": "en", "coverage": ["GB"],
        "passed_to_police": "unknown", "passed_to_immigration": "unknown",
        "contact_points": [point], "sources": [{"source": "iwf-org-uk"}],
    });
    let mut body = body;
    let source = site.json("/v1/sources?per_page=1").await;
    body["sources"][0]["source"] = source["contents"][0]["slug"].clone();
    let request = TestRequest::post()
        .uri("/v1/hotlines")
        .insert_header(("Authorization", format!("Bearer {key}")))
        .set_json(body);
    let answer = site.ask(request).await;
    (answer.status, answer.value())
}

#[actix_web::test]
async fn a_printed_number_is_read_by_the_short_codes_first() {
    let database = Database::full().await;
    let key = database.key("Ada", "editor").await;
    let site = Site::over(database).await;
    site.know(&key).await;
    let point = |value: &str| json!({"channel": "phone", "value": value, "dialable_from": ["GB"]});
    let (status, line) = written(&site, &key, "one", point("116 000")).await;
    assert_eq!(status, 201, "{line}");
    let written_point = &line["document"]["contact_points"][0];
    assert_eq!(written_point["short_code"], "116000", "{line}");
    assert_eq!(written_point["e164"], Value::Null);
    let (status, line) = written(&site, &key, "two", point("01632 960001")).await;
    assert_eq!(status, 201, "{line}");
    let written_point = &line["document"]["contact_points"][0];
    assert_eq!(written_point["e164"], "+441632960001", "{line}");
    // Nobody can tell whether a 0 behind the country code is dialled.
    for printed in ["+44 (0)1632 960777", "+44 01632 960777", "+4401632960777"] {
        let (status, problem) = written(&site, &key, "zero", point(printed)).await;
        assert_eq!(status, 422, "{printed}: {problem}");
        let error = &problem["errors"][0];
        assert_eq!(error["pointer"], "/contact_points/0/value", "{problem}");
        assert!(error["remedy"].as_str().unwrap().contains("without the 0"));
    }
    let (status, problem) = written(&site, &key, "three", point("123 456")).await;
    assert_eq!(status, 422, "{problem}");
    let error = &problem["errors"][0];
    assert_eq!(error["pointer"], "/contact_points/0/value", "{problem}");
    assert!(error["remedy"].as_str().unwrap().contains("short_code"));
}

#[actix_web::test]
async fn a_short_code_gains_no_country_code() {
    let database = Database::full().await;
    let key = database.key("Ada", "editor").await;
    let site = Site::over(database).await;
    site.know(&key).await;
    let point = json!({
        "channel": "phone", "value": "800111", "e164": "+971800111", "dialable_from": ["AE"],
    });
    let (status, problem) = written(&site, &key, "one", point).await;
    assert_eq!(status, 422, "{problem}");
    let error = &problem["errors"][0];
    assert_eq!(error["pointer"], "/contact_points/0/e164", "{problem}");
}

/// A hidden number may stand in the table, which is for reading numbers and not for calling them.
#[actix_web::test]
async fn the_table_of_short_codes_is_shown_in_no_answer() {
    let site = Site::full().await;
    for uri in [
        "/v1/countries/GB",
        "/v1/countries",
        "/v1/changes?since=0&country=GB",
    ] {
        let answer = site.get(uri).await;
        assert_eq!(answer.status, 200, "{uri}");
        assert!(!answer.text().contains("short_codes"), "{uri}");
    }
}
