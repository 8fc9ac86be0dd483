//! Where programs begin: every link is of the configured address, leads somewhere, and says nothing that is not public.

use crate::support::{Database, Site};
use actix_web::test::TestRequest;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

const URL: &str = "https://directory.example";

async fn site() -> Site {
    let contact = "mailto:security@directory.example, https://directory.example/tell";
    let vars = [
        ("LODESTAR_PUBLIC_URL", URL),
        ("LODESTAR_SECURITY_CONTACT", contact),
    ];
    Site::configured(Database::full().await, &vars).await
}

/// The paths of a text's addresses, which all have to be of this service.
fn paths(text: &str) -> Vec<String> {
    let ends = |c: char| c.is_whitespace() || "<>)\"".contains(c);
    let addresses = text.match_indices("http").map(|(place, _)| {
        let address = &text[place..];
        &address[..address.find(ends).unwrap_or(address.len())]
    });
    let own = addresses.filter(|address| !address.starts_with("http://www.sitemaps.org/"));
    own.map(|address| address.strip_prefix(URL).expect(address).to_owned())
        .collect()
}

#[actix_web::test]
async fn crawlers_find_the_pages() {
    let site = site().await;
    // A host that somebody else names is in no link.
    let asked = TestRequest::get().uri("/robots.txt");
    let robots = site
        .ask(asked.insert_header(("Host", "evil.example")))
        .await;
    assert_eq!(robots.header("content-type"), "text/plain; charset=utf-8");
    let text = robots.text();
    assert_eq!(paths(text), ["/sitemap.xml"]);
    assert!(text.contains("Disallow: /metrics\n") && !text.contains("Disallow: /\n"));

    let answer = site.get("/sitemap.xml").await;
    assert_eq!(answer.header("content-type"), "application/xml");
    let listed = paths(answer.text());
    assert_eq!(answer.text().matches("<url><loc>").count(), listed.len());
    assert_eq!(&listed[..3], ["/", "/docs/", "/problems"]);
    for page in &listed {
        let answer = site.get(page).await;
        // An indicator in two units is drawn in one of them, which its page says.
        let asks = page.starts_with("/embed/chart/") && answer.status == 422;
        assert!(answer.status == 200 || asks, "{page}: {}", answer.status);
    }
    let helped = |code: &str| listed.contains(&format!("/embed/help?country={code}"));
    for country in site.all("/v1/countries").await {
        let coverage = &country["coverage"];
        let held = ["hotlines", "regional_contacts"].map(|one| coverage[one].as_i64().unwrap());
        let something = held != [0, 0] || country["emergency_numbers_known"] == true;
        let code = country["code"].as_str().unwrap();
        assert_eq!(helped(code), something, "{code}");
    }
    let indicators = site.json("/v1/indicators?per_page=1").await;
    let charts = listed.iter().filter(|one| one.starts_with("/embed/chart/"));
    assert_eq!(indicators["total_items"], charts.count());
}

#[actix_web::test]
async fn language_models_are_told_what_matters() {
    let site = site().await;
    let answer = site.get("/llms.txt").await;
    let text = answer.text();
    assert!(text.starts_with("# Lodestar\n\n> "));
    let links = paths(text);
    assert!(links.len() >= 8, "{links:?}");
    for link in links {
        assert_eq!(site.get(&link).await.status, 200, "{link}");
    }
}

#[actix_web::test]
async fn who_found_a_hole_knows_whom_to_tell() {
    let site = site().await;
    let answer = site.get("/.well-known/security.txt").await;
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    let text = answer.text();
    let lines: Vec<&str> = text.lines().collect();
    let [one, other, expires, canonical] = lines[..] else {
        panic!("{text}");
    };
    assert_eq!(one, "Contact: mailto:security@directory.example");
    assert_eq!(other, "Contact: https://directory.example/tell");
    let expires = expires.strip_prefix("Expires: ").unwrap();
    let expires = DateTime::parse_from_rfc3339(expires).unwrap();
    let left = expires.with_timezone(&Utc) - Utc::now();
    assert!(left > TimeDelta::days(178) && left < TimeDelta::days(365));
    assert_eq!(
        canonical,
        format!("Canonical: {URL}/.well-known/security.txt")
    );
    // Nobody is named who was not.
    let silent = Site::full().await;
    let answer = silent.get("/.well-known/security.txt").await;
    assert_eq!(answer.status, 404);
}

#[actix_web::test]
async fn the_catalogue_leads_to_the_api() {
    let site = site().await;
    let path = "/.well-known/api-catalog";
    let answer = site.get(path).await;
    let kind = "application/linkset+json; profile=\"https://www.rfc-editor.org/info/rfc9727\"";
    assert_eq!(answer.header("content-type"), kind);
    let head = TestRequest::default()
        .method(actix_web::http::Method::HEAD)
        .uri(path);
    let head = site.ask(head).await;
    let this = format!("<{URL}{path}>; rel=\"api-catalog\"");
    assert_eq!((head.status, head.header("link")), (200, &*this));
    let set = answer.value();
    let [catalogue, api] = set["linkset"].as_array().unwrap().as_slice() else {
        panic!("{set}");
    };
    assert_eq!(catalogue["anchor"], format!("{URL}{path}"));
    assert_eq!(catalogue["item"][0]["href"], api["anchor"]);
    for relation in ["service-desc", "service-doc", "service-meta", "status"] {
        let link: &Value = &api[relation][0];
        let path = link["href"].as_str().unwrap().strip_prefix(URL).unwrap();
        let answer = site.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        let kind = answer.header("content-type").to_owned();
        assert!(
            kind.starts_with(link["type"].as_str().unwrap()),
            "{path}: {kind}"
        );
    }
}
