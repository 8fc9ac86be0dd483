//! Whom to contact now: what is asked, what is answered, and that it follows the ledger.

use crate::support::{Database, Site};
use actix_web::test::TestRequest;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn slugs(answer: &Value) -> Vec<&str> {
    let contacts = answer["contacts"].as_array().unwrap().iter();
    contacts.map(|one| one["slug"].as_str().unwrap()).collect()
}

fn codes(sentences: &Value) -> Vec<&str> {
    let sentences = sentences.as_array().unwrap().iter();
    sentences.map(|one| one["code"].as_str().unwrap()).collect()
}

async fn asked(site: &Site, body: Value) -> (u16, Value) {
    let request = TestRequest::post().uri("/v1/help").set_json(body);
    let answer = site.ask(request).await;
    (answer.status, answer.value())
}

#[actix_web::test]
async fn a_place_is_answered_with_numbers_contacts_and_reasons() {
    let site = Site::full().await;
    let answer = site
        .get("/v1/help?country=PH&topic=labor_trafficking")
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    let help = answer.value();
    let numbers = &help["emergency_numbers"][0];
    assert_eq!(
        (&numbers["country"], &numbers["known"]),
        (&json!("PH"), &json!(true))
    );
    assert!(
        numbers["numbers"][0]["tel_uri"]
            .as_str()
            .unwrap()
            .starts_with("tel:")
    );
    assert!(!numbers["sources"].as_array().unwrap().is_empty());
    // Their age shows like that of every contact, and is that of their country.
    let country = site.json("/v1/countries/PH").await;
    assert!(numbers["freshness"]["grade"].is_string(), "{numbers}");
    assert_eq!(numbers["freshness"], country["freshness"]);
    let first = &help["contacts"][0];
    assert_eq!(first["slug"], "ph-1343");
    assert_eq!(first["open"]["state"], "open");
    assert_eq!(first["contact_points"][0]["tel_uri"], "tel:1343");
    let reasons = codes(&first["reasons"]);
    for code in [
        "covers_country",
        "not_confirmed",
        "always_open",
        "serves_topic",
    ] {
        assert!(reasons.contains(&code), "{reasons:?}");
    }
    assert_eq!(help["nothing_known"], false);
    assert_eq!(help["reach"], "country");
}

#[actix_web::test]
async fn the_body_asks_the_same_as_the_address() {
    let site = Site::full().await;
    let questions = [
        (
            "country=US&topic=sex_trafficking&language=es&limit=5",
            json!({"country": "US", "topic": ["sex_trafficking"], "language": ["es"], "limit": 5}),
        ),
        (
            "subdivision=US-CA&age=12&channel=sms&channel=chat",
            json!({"subdivision": "US-CA", "age": 12, "channel": ["sms", "chat"]}),
        ),
        (
            "near=34.05,-118.24&tz=America/Los_Angeles&lang=es",
            json!({"near": "34.05,-118.24", "tz": "America/Los_Angeles", "lang": "es"}),
        ),
        (
            "country=IN&dialable_from=GB",
            json!({"country": "IN", "dialable_from": "GB", "age": null}),
        ),
    ];
    for (query, body) in questions {
        let by_address = site.json(&format!("/v1/help?{query}")).await;
        let (status, by_body) = asked(&site, body).await;
        assert_eq!(status, 200, "{by_body}");
        assert_eq!(by_address["contacts"], by_body["contacts"], "{query}");
        assert_eq!(by_address["place"], by_body["place"], "{query}");
        let undialled = codes(&by_address["notices"]).contains(&"not_dialable");
        assert!(slugs(&by_address).is_empty() == undialled, "{query}");
    }
}

#[actix_web::test]
async fn what_does_not_fit_is_refused_with_its_place() {
    let site = Site::full().await;
    let wrong = [
        ("", 422, "country", "missing"),
        ("topic=sex_trafficking", 422, "country", "missing"),
        ("country=XX", 400, "country", "country"),
        (
            "country=US&subdivision=CA-ON",
            422,
            "subdivision",
            "disagrees",
        ),
        ("subdivision=US-ZZ", 422, "subdivision", "subdivision"),
        ("country=US&near=1,1", 422, "near", "disagrees"),
        ("near=91,0", 422, "near", "coordinate"),
        ("country=PH&at=1900-01-01T00:00:00Z", 422, "at", "moment"),
        ("country=PH&at=2200-01-01T00:00:00Z", 422, "at", "moment"),
        ("country=PH&at=tomorrow", 400, "at", "form"),
        ("country=PH&tz=Mars/Olympus", 422, "tz", "timezone"),
        ("country=PH&channel=smoke", 400, "channel", "not_in_list"),
        ("country=PH&age=121", 400, "age", "range"),
        ("country=PH&limit=0", 400, "limit", "range"),
        ("country=PH&contry=PH", 400, "contry", "unknown_parameter"),
    ];
    for (query, status, name, code) in wrong {
        let answer = site.get(&format!("/v1/help?{query}")).await;
        assert_eq!(answer.status, status, "{query}: {}", answer.text());
        assert_eq!(answer.header("cache-control"), "no-store", "{query}");
        let problem = answer.value();
        let errors = problem["errors"].as_array().unwrap();
        let named = errors.iter().find(|error| error["parameter"] == name);
        assert_eq!(named.unwrap()["code"], code, "{query}: {problem}");
    }
    let bodies = [
        (json!({}), 422, "/country", "missing"),
        (
            json!({"country": "PH", "topics": ["x"]}),
            400,
            "/topics",
            "unknown_field",
        ),
        (json!({"country": "PH", "age": "12"}), 400, "/age", "type"),
        (
            json!({"country": "PH", "tz": "Mars/Olympus"}),
            422,
            "/tz",
            "timezone",
        ),
        (
            json!({"country": "US", "subdivision": "CA-ON"}),
            422,
            "/subdivision",
            "disagrees",
        ),
    ];
    for (body, status, pointer, code) in bodies {
        let (answered, problem) = asked(&site, body.clone()).await;
        assert_eq!(answered, status, "{body}: {problem}");
        assert_eq!(problem["errors"][0]["code"], code, "{body}: {problem}");
        assert!(
            [pointer, ""].contains(&problem["errors"][0]["pointer"].as_str().unwrap()),
            "{body}: {problem}"
        );
    }
}

#[actix_web::test]
async fn a_point_becomes_an_area_and_is_forgotten() {
    let site = Site::full().await;
    let answer = site.get("/v1/help?near=34.0522,-118.2437").await;
    let help = answer.value();
    assert_eq!(help["place"]["subdivision"], "US-CA");
    assert_eq!(help["place"]["subdivision_name"], "California");
    assert!(!answer.whole().contains("118.2437") && !answer.whole().contains("34.0522"));
    let sea = site.json("/v1/help?near=-45,-120").await;
    assert_eq!(sea["place"]["country"], Value::Null);
    assert!(
        codes(&sea["notices"]).contains(&"point_in_the_sea"),
        "{sea}"
    );
    assert_eq!(sea["emergency_numbers"], json!([]));
    assert!(!sea["organizations"].as_array().unwrap().is_empty());
}

#[actix_web::test]
async fn from_abroad_only_what_can_be_dialled_is_shown() {
    let site = Site::full().await;
    let home = site.json("/v1/help?country=PH").await;
    let abroad = site.json("/v1/help?country=PH&dialable_from=US").await;
    assert_eq!(abroad["emergency_numbers"][0]["country"], "US");
    let of_the_place = &abroad["emergency_numbers"][1];
    assert_eq!(of_the_place["country"], "PH");
    assert_eq!(of_the_place["numbers"][0]["tel_uri"], Value::Null);
    let dialled = |answer: &Value| -> Vec<String> {
        let contacts = answer["contacts"].as_array().unwrap().iter();
        let points = contacts.flat_map(|one| one["contact_points"].as_array().unwrap());
        let uris = points.filter_map(|point| point["tel_uri"].as_str());
        uris.map(str::to_owned).collect()
    };
    assert!(dialled(&home).contains(&"tel:1343".to_owned()));
    assert!(!dialled(&abroad).contains(&"tel:1343".to_owned()));
}

#[actix_web::test]
async fn sentences_come_in_ten_languages_and_say_so() {
    let site = Site::full().await;
    for lang in ["en", "es", "fr", "pt", "ru", "ar", "zh", "hi", "de", "tl"] {
        let help = site.json(&format!("/v1/help?country=PH&lang={lang}")).await;
        let reason = &help["contacts"][0]["reasons"][0];
        let wanted = if lang == "tl" { "fil" } else { lang };
        assert_eq!(reason["lang"], wanted, "{reason}");
        let translation = if lang == "en" { "none" } else { "machine" };
        assert_eq!(reason["translation"], translation, "{reason}");
    }
    // Nobody has translated into Swahili: what comes is English and says so.
    let help = site.json("/v1/help?country=KE&lang=sw").await;
    assert_eq!(help["contacts"][0]["reasons"][0]["lang"], "en");
    assert_eq!(help["place"]["country_name"], "Kenya");
}

#[actix_web::test]
async fn where_no_line_is_known_it_says_so() {
    let site = Site::full().await;
    for country in ["RU", "CN", "KP", "AQ"] {
        let help = site.json(&format!("/v1/help?country={country}")).await;
        assert_eq!(slugs(&help), Vec::<&str>::new(), "{country}");
        assert_eq!(codes(&help["notices"]), ["no_line"], "{country}");
    }
}

#[actix_web::test]
async fn a_slip_is_no_need_that_nobody_serves() {
    let site = Site::full().await;
    let answer = site.get("/v1/help?country=PH&topic=sex_traficking").await;
    assert_eq!(answer.status, 422);
    let error = &answer.value()["errors"][0];
    assert_eq!(
        (&error["parameter"], &error["code"]),
        (&json!("topic"), &json!("unknown_term"))
    );
    assert_eq!(error["remedy"], "did you mean sex_trafficking?");
    let (status, problem) = asked(&site, json!({"country": "PH", "population": ["childs"]})).await;
    assert_eq!(status, 422);
    assert_eq!(problem["errors"][0]["pointer"], "/population", "{problem}");
    let (status, _) = asked(&site, json!(["PH"])).await;
    assert_eq!(status, 400);
}

#[actix_web::test]
async fn browsers_are_answered_in_the_first_language_that_sentences_have() {
    let site = Site::full().await;
    for (accepted, lang) in [
        ("ckb,ar;q=0.9", "ar"),
        ("uk,ru;q=0.8", "ru"),
        ("tl-PH,en;q=0.5", "fil"),
        ("sw", "en"),
    ] {
        let answer = site
            .get_with("/v1/help?country=IQ", "Accept-Language", accepted)
            .await;
        let label = &answer.value()["emergency_numbers"][0]["label"];
        assert_eq!(label["lang"], lang, "{accepted}");
        assert!(
            answer.header("content-language").contains(lang),
            "{accepted}"
        );
        assert!(answer.header("vary").contains("Accept-Language"));
    }
    // Names of places come in the language of the sentence, not in one that it is not written in.
    let help = site.json("/v1/help?country=RU&lang=he").await;
    assert_eq!(help["notices"][0]["text"], "No line is known for Russia");
}

/// What is hidden is out as soon as the ledger was asked again.
#[actix_web::test]
async fn it_follows_the_ledger() {
    let database = Database::full().await;
    let key = database.key("Ada", "publisher").await;
    let site = Site::over(database).await;
    site.know(&key).await;
    let before = site.json("/v1/help?country=PH").await;
    assert!(slugs(&before).contains(&"ph-1343"));
    let hide = TestRequest::post()
        .uri("/v1/hotlines/ph-1343/hide")
        .insert_header(("Authorization", format!("Bearer {key}")));
    let answer = site.ask(hide).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let hidden = Instant::now();
    loop {
        let help = site.json("/v1/help?country=PH").await;
        if !slugs(&help).contains(&"ph-1343") {
            assert!(help["revision"].as_i64() > before["revision"].as_i64());
            break;
        }
        // tests/faults/away measures the second; here other tests make everything wait.
        assert!(hidden.elapsed() < Duration::from_secs(10), "still shown");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Pages show where a number was read: by the title of the source, which may change.
#[actix_web::test]
async fn sources_are_named() {
    let database = Database::full().await;
    let key = database.key("Ada", "publisher").await;
    let site = Site::over(database).await;
    site.know(&key).await;
    let shown = async |title: Option<&str>| {
        let help = site.json("/v1/help?country=US").await;
        let parts = ["emergency_numbers", "contacts", "offices", "organizations"];
        let records = parts.map(|part| help[part].as_array().unwrap().clone());
        let sources = records.concat().into_iter().flat_map(|record| {
            let sources = record["sources"].as_array().unwrap().clone();
            assert!(!sources.is_empty(), "{record}");
            sources
        });
        let sources: Vec<Value> = sources.collect();
        let found = sources
            .iter()
            .any(|one| Some(one["title"].as_str().unwrap()) == title);
        (sources, found)
    };
    let (sources, _) = shown(None).await;
    assert!(sources.len() > 5);
    for one in &sources {
        let slug = one["source"].as_str().unwrap();
        let source = site.json(&format!("/v1/sources/{slug}")).await;
        assert_eq!(
            (&one["title"], &one["url"]),
            (&source["title"], &source["url"])
        );
    }
    let address = format!("/v1/sources/{}", sources[0]["source"].as_str().unwrap());
    let etag = site.get(&address).await.header("etag").to_owned();
    let patch = TestRequest::patch()
        .uri(&address)
        .insert_header(("Authorization", format!("Bearer {key}")))
        .insert_header(("If-Match", etag))
        .insert_header(("Content-Type", "application/merge-patch+json"))
        .set_payload(r#"{"title": "Another title"}"#);
    let answer = site.ask(patch).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let changed = Instant::now();
    while !shown(Some("Another title")).await.1 {
        assert!(changed.elapsed() < Duration::from_secs(10), "not shown");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[actix_web::test]
async fn open_at_finds_lines_that_are_open_then() {
    let site = Site::full().await;
    let sunday_night = {
        let mut day = chrono::Utc::now().date_naive();
        while chrono::Datelike::weekday(&day) != chrono::Weekday::Sun {
            day = day.succ_opt().unwrap();
        }
        format!("{day}T03:00:00Z")
    };
    let answer = site
        .get(&format!("/v1/hotlines?open_at={sunday_night}&per_page=200"))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    let page = answer.value();
    let all = site.json("/v1/hotlines?per_page=200").await;
    let (open, total) = (page["total_items"].as_i64(), all["total_items"].as_i64());
    assert!(open > Some(100) && open < total, "{open:?} of {total:?}");
    for line in page["contents"].as_array().unwrap() {
        if line["always_open"] == true {
            continue;
        }
        let intervals = line["open_intervals"].as_array().unwrap().iter();
        let holds = |one: &&Value| {
            let [from, to] = ["opens_at", "closes_at"].map(|name| one[name].as_str().unwrap());
            from <= sunday_night.as_str() && sunday_night.as_str() < to
        };
        assert!(
            intervals
                .filter(|one| one["state"] == "open")
                .any(|one| holds(&one)),
            "{line}"
        );
    }
    let streamed = site
        .all(&format!("/v1/hotlines?open_at={sunday_night}"))
        .await;
    assert_eq!(Some(streamed.len() as i64), open);
    let offices = site.get("/v1/regional_contacts?open_at=now").await;
    assert_eq!(offices.status, 200);
}

#[actix_web::test]
async fn records_carry_two_weeks_of_hours() {
    let site = Site::full().await;
    let mut known = 0;
    for line in site.all("/v1/hotlines").await {
        let Some(intervals) = line["open_intervals"].as_array() else {
            assert!(
                line["hours"].is_null() || line["timezone"].is_null(),
                "{line}"
            );
            continue;
        };
        known += 1;
        let mut last = String::new();
        for one in intervals {
            let [from, to] = ["opens_at", "closes_at"].map(|name| one[name].as_str().unwrap());
            assert!(last.as_str() <= from && from < to, "{line}");
            last = to.to_owned();
        }
        if line["always_open"] == true {
            assert_eq!(intervals.len(), 1, "{line}");
        }
    }
    assert!(known > 150, "{known}");
}

#[actix_web::test]
async fn hours_that_do_not_parse_are_refused_with_their_place() {
    let database = Database::full().await;
    let key = database.key("Ada", "editor").await;
    let site = Site::over(database).await;
    site.know(&key).await;
    let patch = TestRequest::patch()
        .uri("/v1/hotlines/ph-1343")
        .insert_header(("Authorization", format!("Bearer {key}")))
        .insert_header(("If-Match", "*"))
        .set_json(json!({"hours": "Mo-Fr 09:00-17:00; Xy 10:00", "always_open": null, "timezone": "Asia/Manila"}));
    let answer = site.ask(patch).await;
    assert_eq!(answer.status, 422, "{}", answer.text());
    let problem = answer.value();
    let error = &problem["errors"][0];
    assert_eq!(error["pointer"], "/hours", "{problem}");
    assert!(
        error["reason"].as_str().unwrap().contains("character 20"),
        "{problem}"
    );
}
