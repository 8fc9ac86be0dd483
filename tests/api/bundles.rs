//! Bundles: a country as a file, its address, and what becomes of it when something is hidden.

use crate::{
    curation::{Desk, organization},
    support::Site,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::time::Duration;

fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn slugs(bundle: &Value, list: &str) -> Vec<String> {
    let records = bundle[list].as_array().unwrap().iter();
    let slugs = records.map(|one| one["slug"].as_str().unwrap().to_owned());
    slugs.collect()
}

/// The path of an address.
fn path(url: &str) -> String {
    format!("/v1/{}", url.split_once("/v1/").unwrap().1)
}

/// What another process wrote is known half a second later.
async fn settled() {
    actix_web::rt::time::sleep(Duration::from_millis(600)).await;
}

#[actix_web::test]
async fn a_bundle_stands_at_its_digest_and_holds_what_the_feed_holds() {
    let site = Site::full().await;
    let list = site.json("/v1/bundles?country=US&country=PH").await;
    let files = list["contents"].as_array().unwrap();
    let named: Vec<(&str, &str)> = files
        .iter()
        .map(|file| {
            (
                file["country"].as_str().unwrap(),
                file["content"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        named,
        [
            ("PH", "contacts"),
            ("PH", "statistics"),
            ("US", "contacts"),
            ("US", "statistics")
        ]
    );
    for file in files {
        let own = path(file["url"].as_str().unwrap());
        let answer = site.get(&own).await;
        assert_eq!(answer.status, 200, "{own}");
        let digest = sha256(&answer.body);
        assert_eq!(file["sha256"], digest.as_str());
        assert_eq!(file["size"], answer.body.len());
        let (current, _) = own.rsplit_once('/').unwrap();
        let current = site.get(current).await;
        assert_eq!(current.body, answer.body);
        assert_eq!(
            current.header("content-location"),
            file["url"].as_str().unwrap()
        );
        assert_eq!(current.header("etag"), answer.header("etag"));
    }
    // The records are those of the feed.
    let bundle = site.json("/v1/bundles/US/contacts").await;
    let feed = site
        .json("/v1/changes?since=0&country=US&per_page=1000")
        .await;
    let mut feed = feed;
    let mut fed: Vec<(String, Value)> = Vec::new();
    loop {
        for one in feed["upserted"].as_array().unwrap() {
            fed.push((
                one["resource"].as_str().unwrap().to_owned(),
                one["record"].clone(),
            ));
        }
        if feed["more"] == false {
            break;
        }
        let next = format!(
            "/v1/changes?since={}&country=US&per_page=1000",
            feed["until"]
        );
        feed = site.json(&next).await;
    }
    for resource in ["hotlines", "regional_contacts", "organizations"] {
        let of = fed.iter().filter(|(of, _)| of == resource);
        let mut wanted: Vec<String> = of
            .map(|(_, record)| record["slug"].as_str().unwrap().to_owned())
            .collect();
        wanted.sort();
        assert_eq!(slugs(&bundle, resource), wanted, "{resource}");
        assert!(!wanted.is_empty());
    }
    // Sources come with what names them, and no others.
    let mut cited: Vec<String> = ["hotlines", "regional_contacts", "organizations"]
        .iter()
        .flat_map(|list| bundle[*list].as_array().unwrap())
        .chain([&bundle["numbers"]])
        .flat_map(|record| record["sources"].as_array().unwrap())
        .map(|one| one["source"].as_str().unwrap().to_owned())
        .collect();
    cited.sort();
    cited.dedup();
    assert_eq!(slugs(&bundle, "sources"), cited);
}

#[actix_web::test]
async fn what_is_hidden_is_handed_out_no_more_under_any_address() {
    let desk = Desk::small().await;
    let before = desk.site.json("/v1/bundles?country=GB").await;
    let old = path(before["contents"][0]["url"].as_str().unwrap());
    let answer = desk.site.get(&old).await;
    assert!(answer.text().contains("01632 960001"));
    let point = desk.site.json("/v1/hotlines/one-line").await;
    let point = point["contact_points"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let hide = format!("/v1/hotlines/one-line/contact_points/{point}/hide");
    desk.done(
        200,
        "Ed",
        "POST",
        &hide,
        json!({"reason": "It was reported."}),
    )
    .await;
    let answer = desk.site.get(&old).await;
    assert_eq!(answer.status, 410);
    assert!(!answer.text().contains("960001"), "{}", answer.text());
    assert!(
        answer.value()["type"]
            .as_str()
            .unwrap()
            .ends_with("#superseded")
    );
    let after = desk.site.json("/v1/bundles?country=GB").await;
    let current = path(after["contents"][0]["url"].as_str().unwrap());
    assert_ne!(current, old);
    let answer = desk.site.get(&current).await;
    assert!(answer.status == 200 && !answer.text().contains("01632 960001"));
    // A change elsewhere leaves its bytes, and so its address, alone.
    let mut other = organization("elsewhere", "Elsewhere");
    other["country"] = json!("FR");
    let more = vec![("organizations", other, "published", "public")];
    desk.site.write("more", more).await;
    settled().await;
    let later = desk.site.json("/v1/bundles?country=GB").await;
    assert!(later["revision"].as_i64() > after["revision"].as_i64());
    assert_eq!(later["contents"][0], after["contents"][0]);
    // What works everywhere is met everywhere.
    let mut world = organization("everywhere", "Everywhere");
    world["country"] = json!("FR");
    world["scope"] = json!("global");
    let more = vec![("organizations", world, "published", "public")];
    desk.site.write("more", more).await;
    settled().await;
    let bundle = desk.site.json("/v1/bundles/GB/contacts").await;
    assert_eq!(slugs(&bundle, "organizations"), ["everywhere", "one"]);
}

#[actix_web::test]
async fn what_is_no_bundle_is_not_found() {
    let site = Site::full().await;
    for path in [
        "/v1/bundles/ZZ/contacts",
        "/v1/bundles/GB/everything",
        "/v1/bundles/GB/contacts/abc",
        "/v1/bundles/GB/contacts/GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGG",
    ] {
        assert_eq!(site.get(path).await.status, 404, "{path}");
    }
    let superseded = format!("/v1/bundles/GB/contacts/{}", "0".repeat(64));
    assert_eq!(site.get(&superseded).await.status, 410);
    let refused = site.get("/v1/bundles?country=ZZ").await;
    assert_eq!(refused.value()["errors"][0]["parameter"], "country");
}
