//! The language of answers: translated where there is a translation, and said where not.

use crate::support::{Database, Site};
use actix_web::test::TestRequest;
use serde_json::{Value, json};

const TEN: [&str; 10] = ["ar", "de", "en", "es", "fil", "fr", "hi", "pt", "ru", "zh"];

fn line(slug: &str) -> Value {
    json!({
        "slug": slug, "name": "One Line", "description": "It listens.", "notes": "Free.", "lang": "en",
        "coverage": ["GB"], "passed_to_police": "unknown", "passed_to_immigration": "unknown",
        "contact_points": [{"channel": "phone", "value": "01632 960001", "e164": "+441632960001", "dialable_from": ["GB"]}],
        "translations": [
            {"lang": "es", "translation": "human", "name": "Línea Uno", "description": "Escucha."},
            {"lang": "fil", "translation": "machine", "name": "Linya Isa"},
        ],
        "sources": [{"source": "source-one", "retrieved_on": "2026-11-01"}],
    })
}

/// A directory with one translated hotline.
async fn small() -> Database {
    let database = Database::empty().await;
    let source =
        json!({"slug": "source-one", "title": "A source", "url": "https://source.example/"});
    let records = vec![
        ("sources", source, "published", "public"),
        ("hotlines", line("one-line"), "published", "public"),
    ];
    database.write("first", records).await;
    database
}

#[actix_web::test]
async fn a_record_comes_in_the_language_asked_and_says_of_each_text_which_it_is() {
    let site = Site::over(small().await).await;
    let es = json!({"lang": "es", "translation": "human"});
    let en = json!({"lang": "en", "translation": "none"});
    for (asked, name, said, languages) in [
        ("", "One Line", &en, "en"),
        ("?lang=es", "Línea Uno", &es, "en, es"),
        ("?lang=es-MX", "Línea Uno", &es, "en, es"),
        ("?lang=en", "One Line", &en, "en"),
        // Nothing is in that language: the originals, and it says so.
        ("?lang=sw", "One Line", &en, "en"),
    ] {
        let answer = site.get(&format!("/v1/hotlines/one-line{asked}")).await;
        let record = answer.json();
        assert_eq!(record["name"], name, "{asked}");
        assert_eq!(record["text"]["name"], *said, "{asked}");
        // It has no translation of its notes.
        assert_eq!(record["notes"], "Free.");
        assert_eq!(record["text"]["notes"], en, "{asked}");
        assert_eq!(record["lang"], "en", "the language of the original");
        assert_eq!(answer.header("content-language"), languages, "{asked}");
        assert!(answer.header("vary").contains("Accept-Language"));
        let page = site.json(&format!("/v1/hotlines{asked}")).await;
        let mut alone = record.clone();
        alone.as_object_mut().unwrap().remove("included");
        assert_eq!(page["contents"][0], alone, "{asked}");
    }
    for asked in ["tl", "fil"] {
        let record = site
            .json(&format!("/v1/hotlines/one-line?lang={asked}"))
            .await;
        assert_eq!(record["name"], "Linya Isa");
        assert_eq!(
            record["text"]["name"],
            json!({"lang": "fil", "translation": "machine"})
        );
    }
    // Who cannot search in English finds it too.
    assert_eq!(site.slugs("/v1/hotlines?search=linea").await, ["one-line"]);
    assert_eq!(
        site.get("/v1/hotlines/one-line?lang=klingonish")
            .await
            .status,
        422
    );
    assert_eq!(site.get("/v1/hotlines?lang=e").await.status, 400);
}

#[actix_web::test]
async fn a_browsers_language_is_taken_where_none_is_asked() {
    let site = Site::over(small().await).await;
    for (accepted, name) in [
        ("es-AR,es;q=0.9,en;q=0.8", "Línea Uno"),
        ("en;q=0.5, tl;q=0.7", "Linya Isa"),
        ("en-GB, es;q=0.9", "One Line"),
        ("*", "One Line"),
        ("es;q=0", "One Line"),
        ("?!, ;q=, es;q=x", "Línea Uno"),
        ("", "One Line"),
    ] {
        let uri = "/v1/hotlines/one-line";
        let answer = site.get_with(uri, "Accept-Language", accepted).await;
        assert_eq!(answer.json()["name"], name, "{accepted}");
        let uri = "/v1/hotlines/one-line?lang=en";
        let answer = site.get_with(uri, "Accept-Language", accepted).await;
        assert_eq!(answer.json()["name"], "One Line", "lang= goes first");
    }
    // What is not in a language does not depend on it.
    let answer = site.get_with("/v1", "Accept-Language", "es").await;
    assert_eq!(answer.header("content-language"), "");
    assert!(!answer.header("vary").contains("Accept-Language"));
}

#[actix_web::test]
async fn kept_answers_of_languages_do_not_mix() {
    let site = Site::full().await;
    for uri in [
        "/v1/topics",
        "/v1/topics/policy",
        "/v1/topics?format=csv",
        "/v1/countries/DE",
    ] {
        let mut etags = Vec::new();
        for _ in 0..2 {
            for lang in ["en", "es", "de"] {
                let answer = site.get_with(uri, "Accept-Language", lang).await;
                let etag = answer.header("etag").to_owned();
                let marked = match lang {
                    "en" => "Policy Germany",
                    "es" => "Políticas Alemania",
                    _ => "Politik Deutschland",
                };
                let marked = marked.split(' ');
                assert!(
                    marked.clone().any(|word| answer.text().contains(word)),
                    "{uri} {lang}"
                );
                let again = TestRequest::get()
                    .uri(uri)
                    .insert_header(("Accept-Language", lang))
                    .insert_header(("If-None-Match", etag.clone()));
                assert_eq!(site.ask(again).await.status, 304, "{uri} {lang}");
                let other = TestRequest::get()
                    .uri(uri)
                    .insert_header(("Accept-Language", "pt"))
                    .insert_header(("If-None-Match", etag.clone()));
                assert_eq!(site.ask(other).await.status, 200, "{uri} {lang}");
                etags.push(etag);
            }
        }
        assert_eq!(etags[..3], etags[3..], "{uri}");
        assert!(etags[0] != etags[1] && etags[1] != etags[2], "{uri}");
    }
}

#[actix_web::test]
async fn vocabularies_are_labelled_in_ten_languages() {
    let site = Site::full().await;
    for list in ["topics", "populations"] {
        for lang in TEN {
            let answer = site.get(&format!("/v1/{list}?lang={lang}")).await;
            assert_eq!(answer.header("content-language"), lang);
            for term in answer.json()["contents"].as_array().unwrap() {
                let translation = if lang == "en" { "none" } else { "machine" };
                let said = json!({"lang": lang, "translation": translation});
                assert_eq!(term["text"], json!({"name": said, "description": said}));
            }
        }
    }
    let answer = site.get("/v1/topics?lang=ru&format=csv").await;
    let mut reader = csv::Reader::from_reader(answer.body.as_slice());
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|one| one == name).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let row = rows
        .iter()
        .find(|row| &row[column("slug")] == "research")
        .unwrap();
    assert_eq!(&row[column("name")], "Исследования");
    assert_eq!(&row[column("name_lang")], "ru");
    assert_eq!(&row[column("name_translation")], "machine");
}

#[actix_web::test]
async fn countries_are_named_in_many_languages() {
    let site = Site::full().await;
    let answer = site.get("/v1/countries/PH?lang=ar").await;
    let country = answer.json();
    assert_eq!(country["name"], "الفلبين");
    assert_eq!(
        country["text"]["name"],
        json!({"lang": "ar", "translation": "human"})
    );
    assert_eq!(answer.header("content-language"), "ar");
    let names: Vec<&str> = country["names"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(names, TEN);
    assert_eq!(country["names"]["en"], "Philippines");
    assert_eq!(country["names"]["fil"], "Pilipinas");
    let page = site.json("/v1/countries?lang=ja&per_page=200").await;
    let japan = page["contents"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["code"] == "JP");
    assert_eq!(japan.unwrap()["name"], "日本");
    // No names are known in Aramaic: the original, and it says so.
    let country = site.json("/v1/countries/PH?lang=arc").await;
    assert_eq!(country["name"], "Philippines");
    assert_eq!(
        country["text"]["name"],
        json!({"lang": "en", "translation": "none"})
    );
}

#[actix_web::test]
async fn what_an_answer_brings_along_comes_in_the_same_language() {
    let database = small().await;
    let organization = json!({
        "slug": "one", "name": "One", "kind": "ngo", "description": "Helps.", "scope": "national", "lang": "en",
        "translations": [{"lang": "de", "translation": "human", "name": "Eins", "description": "Hilft."}],
        "sources": [{"source": "source-one"}],
    });
    let mut own = line("own-line");
    own["organization"] = json!("one");
    let records = vec![
        ("organizations", organization, "published", "public"),
        ("hotlines", own, "published", "public"),
    ];
    database.write("more", records).await;
    let site = Site::over(database).await;
    let answer = site
        .get("/v1/hotlines/own-line?include=organization&lang=de")
        .await;
    assert_eq!(answer.json()["included"]["organization"]["name"], "Eins");
    assert_eq!(answer.header("content-language"), "de, en");
    let changes = site.json("/v1/changes?since=0").await;
    let all = changes["upserted"].as_array().unwrap();
    let line = all
        .iter()
        .find(|one| one["record"]["slug"] == "own-line")
        .unwrap();
    assert_eq!(
        line["record"]["name"], "One Line",
        "a copy holds the originals"
    );
}

#[actix_web::test]
async fn translations_are_written_checked_and_hidden_with_their_record() {
    let database = small().await;
    let key = database.key("Ed", "publisher").await;
    let site = Site::over(database).await;
    site.know(&key).await;
    let put = |body: Value| {
        TestRequest::put()
            .uri("/v1/hotlines/one-line")
            .insert_header(("Authorization", format!("Bearer {key}")))
            .insert_header(("If-Match", "*"))
            .insert_header(("Accept-Language", "es"))
            .set_json(body)
    };
    let stands = site
        .get_with(
            "/v1/hotlines/one-line/record",
            "Authorization",
            &format!("Bearer {key}"),
        )
        .await;
    let mut body = stands.json()["document"].clone();
    body["translations"][0]["notes"] = json!("Gratis.");
    let written = site.ask(put(body.clone())).await;
    assert_eq!(written.status, 200, "{}", written.text());
    assert_eq!(
        written.json()["document"]["name"],
        "One Line",
        "a write is answered whole"
    );
    let record = site.json("/v1/hotlines/one-line?lang=es").await;
    assert_eq!(record["notes"], "Gratis.");
    for (wrong, code) in [
        (
            json!([{"lang": "en", "translation": "human", "name": "A"}]),
            "original",
        ),
        (
            json!([{"lang": "tl", "translation": "human", "name": "A"}]),
            "language",
        ),
        (json!([{"lang": "es", "translation": "human"}]), "empty"),
        (
            json!([{"lang": "es", "translation": "human", "role_title": "A"}]),
            "field",
        ),
        (
            json!([{"lang": "es", "translation": "human", "name": "A"}, {"lang": "es", "translation": "machine", "name": "B"}]),
            "twice",
        ),
        (
            json!([{"lang": "es", "translation": "none", "name": "A"}]),
            "",
        ),
        (
            json!([{"lang": "es", "translation": "human", "name": "A\u{202E}"}]),
            "",
        ),
    ] {
        let mut body = body.clone();
        body["translations"] = wrong;
        let answer = site.ask(put(body)).await;
        // A schema can say neither.
        let as_expected = answer.status == 422 || (code.is_empty() && answer.status == 400);
        assert!(as_expected, "{code}: {}", answer.status);
        assert!(answer.text().contains(code), "{code}: {}", answer.text());
    }
    let hide = TestRequest::post()
        .uri("/v1/hotlines/one-line/hide")
        .insert_header(("Authorization", format!("Bearer {key}")))
        .set_json(json!({"reason": "wrong"}));
    assert_eq!(site.ask(hide).await.status, 200);
    for uri in [
        "/v1/hotlines/one-line?lang=es",
        "/v1/hotlines?lang=es",
        "/v1/hotlines?lang=es&format=ndjson",
        "/v1/hotlines?search=linea",
        "/v1/changes?since=0",
    ] {
        assert!(!site.get(uri).await.whole().contains("Uno"), "{uri}");
    }
}
