//! The OWASP API Security Top 10 (2023), each tried against the running application. What is only
//! named here briefly is tried at length elsewhere: every role on every operation and record by
//! `authorization`, what is not public by `canary` and `privacy`, the way out by `src/curation/links/tests.rs`.

mod access;
mod resources;
mod surface;

use crate::{
    authorization::world::{World, authorized, key},
    support::Answer,
};
use actix_web::test::TestRequest;
use serde_json::Value;

/// An operation of the document: method, path, and itself.
fn operations() -> impl Iterator<Item = (String, &'static String, &'static Value)> {
    let paths = lodestar::app::DOCUMENT["paths"].as_object().unwrap();
    let items = paths.iter();
    items.flat_map(|(path, item)| {
        let all = item.as_object().unwrap().iter();
        all.map(move |(method, operation)| (method.to_uppercase(), path, operation))
    })
}

/// A path with something in each of its places, of which nothing stands in the directory.
fn filled(path: &str) -> String {
    let id = "01a20c66-a15b-70af-94fc-c6340a5da4f8";
    path.replace("{resource}", "hotlines")
        .replace("{reference}", "nobody")
        .replace("{country}", "GB")
        .replace("{code}", "GB")
        .replace("{month}", "2026-01")
        .replace("{revision}", "1")
        .replace("{id}", id)
        .replace("{sha256}", &"0".repeat(64))
        .replace("{digest}", &"0".repeat(64))
        .replace("{file}", "nobody")
        .replace("{name}", "nobody")
}

fn request(method: &str, uri: &str) -> TestRequest {
    TestRequest::default()
        .method(method.parse().unwrap())
        .uri(uri)
}

/// The codes of what is wrong.
fn codes(answer: &Answer) -> Vec<String> {
    let errors = answer.value()["errors"].as_array().cloned();
    let errors = errors.unwrap_or_default();
    errors
        .iter()
        .map(|one| one["code"].as_str().unwrap().to_owned())
        .collect()
}

impl World {
    /// What somebody is answered who sends JSON, on whatever stands.
    async fn sent(&self, who: &str, method: &str, uri: &str, body: &Value) -> Answer {
        let request = request(method, uri)
            .insert_header(("If-Match", "*"))
            .insert_header(("Content-Type", "application/json"))
            .set_payload(body.to_string());
        self.site.ask(authorized(request, &key(who))).await
    }

    /// What somebody reads.
    async fn read(&self, who: &str, uri: &str) -> Answer {
        self.site
            .ask(authorized(request("GET", uri), &key(who)))
            .await
    }
}
