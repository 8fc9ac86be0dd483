//! The database is away, and the service starts all the same: with what it saved.

use crate::support::{Database, Site, new_path};
use serde_json::Value;
use std::{fs, path::Path, time::Duration};

/// All countries that an answer could differ for.
async fn countries(site: &Site) -> Vec<String> {
    let all = site.all("/v1/countries").await;
    let code = |one: &Value| one["code"].as_str().unwrap().to_owned();
    all.iter().map(code).collect()
}

/// An answer without the minutes that it is for.
async fn help(site: &Site, country: &str) -> Value {
    let path = format!("/v1/help?country={country}&at=2026-06-01T12:00:00Z&lang=fr");
    let mut help = site.json(&path).await;
    help["confirmed_at"].take();
    help
}

/// A folder in which a site of the shipped directory saved what it knows.
async fn saved(path: &Path) -> Site {
    let file = path.join("help.saved");
    let site = Site::saving(Database::full().await, file.clone()).await;
    for _ in 0..200 {
        if file.exists() {
            return site;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("nothing was saved");
}

#[actix_web::test]
async fn what_was_saved_answers_as_what_was_read() {
    let folder = new_path();
    let site = saved(&folder).await;
    let away = Site::recalled(Database::bare().await, &folder)
        .await
        .unwrap();
    let countries = countries(&site).await;
    assert!(countries.len() > 200);
    for country in countries {
        let (there, then) = (help(&site, &country).await, help(&away, &country).await);
        assert_eq!(there, then, "{country}");
    }
    assert_eq!(
        away.get("/health/ready").await.text(),
        r#"{"status":"degraded"}"#
    );
    let list = away.get("/v1/hotlines").await;
    assert_eq!(list.status, 503, "{}", list.text());
    assert!(list.headers.contains_key("retry-after"));
}

#[actix_web::test]
async fn damage_is_seen() {
    let folder = new_path();
    drop(saved(&folder).await);
    let file = folder.join("help.saved");
    let text = fs::read(&file).unwrap();
    let place = text.windows(2).position(|two| two == b"+1").unwrap();
    let mut other = text.clone();
    other[place + 1] = b'2';
    for damaged in [&other[..], &text[..text.len() - 1], b"", b"\n{}"] {
        fs::write(&file, damaged).unwrap();
        let started = Site::recalled(Database::bare().await, &folder).await;
        assert!(started.is_err(), "{} bytes were taken", damaged.len());
    }
}
