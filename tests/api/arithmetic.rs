//! The arithmetic between figures: what the article claims, what is refused, what the server computes.

use crate::support::{Answer, Database, Site, files_of, lodestar, new_path, rows, said};
use actix_web::test::TestRequest;
use lodestar::cli::import::write_documents;
use serde_json::{Value, json};

const LEVELS: &str = "domains_counted";
const CHANGES: &str = "domains_change";
const SHARES: &str = "images_by_age";

fn indicator(slug: &str, unit: &str, kind: &str) -> Value {
    json!({"slug": slug, "title": slug, "definition": slug, "unit": unit, "kind": kind})
}

fn merged(mut document: Value, fields: Value) -> Value {
    let own = document.as_object_mut().unwrap();
    own.extend(fields.as_object().unwrap().clone());
    document
}

fn figure(slug: &str, indicator: &str, unit: &str, value: &str, fields: Value) -> Value {
    let plain = json!({"slug": slug, "indicator": indicator, "title": slug, "claim": slug, "lang": "en", "value": value,
        "qualifier": "exactly", "unit": unit, "geography": "WLD", "publisher": "One", "published_on": "2008",
        "observation_status": "normal", "assessment": "not_assessed", "sources": [{"source": "source-one"}]});
    merged(plain, fields)
}

fn level(slug: &str, year: u16, value: &str, baseline: Option<&str>) -> Value {
    let period = json!({"period_start": format!("{year}-01-01"), "period_end": format!("{year}-12-31"), "baseline": baseline});
    figure(slug, LEVELS, "domains", value, period)
}

fn change(slug: &str, value: &str, fields: Value) -> Value {
    let measured = json!({"period_start": "2006-01-01", "period_end": "2007-12-31", "baseline": "domains-2006"});
    figure(slug, CHANGES, "percent", value, merged(measured, fields))
}

fn part(slug: &str, value: &str, fields: Value) -> Value {
    let shared =
        json!({"distribution": "ages", "denominator": "images", "period_end": "2007-12-31"});
    let fields = match fields.get("age_band") {
        Some(_) => fields,
        // What tells one part from another.
        None => merged(json!({"population": slug}), fields),
    };
    figure(slug, SHARES, "percent", value, merged(shared, fields))
}

fn critique(verdict: &str) -> Value {
    json!({"source": "source-one", "verdict": verdict, "summary": "It counted twice."})
}

fn remainder(slug: &str, value: &str) -> Value {
    part(slug, value, json!({"share": "remainder"}))
}

/// A directory in which figures may be written.
async fn desk() -> Database {
    let database = Database::empty().await;
    let source = json!({"slug": "source-one", "title": "One", "url": "https://one.example/"});
    let records = [
        ("sources", source),
        ("indicators", indicator(LEVELS, "domains", "count")),
        ("indicators", indicator(CHANGES, "percent", "change")),
        ("indicators", indicator(SHARES, "percent", "share")),
    ];
    let records = records.map(|(resource, document)| (resource, document, "published", "public"));
    database.write("first", records.to_vec()).await;
    database
}

/// Writes figures together, as an import does; the refusal in the words of the ledger.
async fn write(database: &Database, figures: Vec<Value>) -> Result<(), String> {
    let figures = figures
        .into_iter()
        .map(|one| ("statistics", one, "published", "public"));
    let mut writer = database.writer().await;
    write_documents(&mut writer, "figures", figures.collect())
        .await
        .map(drop)
}

async fn refuses(figures: Vec<Value>, words: &[&str]) {
    refuses_in(&desk().await, figures, words).await;
}

async fn refuses_in(database: &Database, figures: Vec<Value>, words: &[&str]) {
    let shown = format!("{figures:?}");
    let Err(said) = write(database, figures).await else {
        panic!("taken: {shown}");
    };
    for word in words {
        assert!(said.contains(word), "{word} is not in {said}");
    }
}

#[actix_web::test]
async fn the_articles_claims_have_the_status_that_they_deserve() {
    let site = Site::full().await;
    let read = async |slug: &str| site.json(&format!("/v1/statistics/{slug}")).await;
    let mut denominators = Vec::new();
    for (slug, value) in [
        ("children-in-prostitution-us-us-2010-0-17", json!("100000")),
        (
            "children-in-prostitution-us-us-2009-0-17-shared-hope",
            json!("100000"),
        ),
        ("street-girls-in-prostitution-us-female-0-17", json!("55")),
        ("exploited-children-with-pimp-us-0-17", json!("75")),
        ("entry-age-sex-trafficking-us-shared-hope", json!("12")),
        ("entry-age-sex-trafficking-us-female", Value::Null),
        ("entry-age-sex-trafficking-us-male", Value::Null),
    ] {
        let one = read(slug).await;
        assert_eq!(
            (&one["assessment"], &one["value"]),
            (&json!("disputed"), &value),
            "{slug}"
        );
        assert!(!one["critiques"].as_array().unwrap().is_empty(), "{slug}");
        if one["unit"] == "percent" {
            denominators.push(one["denominator"].as_str().unwrap().to_owned());
        }
    }
    denominators.dedup();
    assert_eq!(
        denominators,
        ["girls living on the street", "children in prostitution"]
    );

    let domains = read("iwf-domains-wld-2007").await;
    assert_eq!(
        (&domains["value"], &domains["period"]["end"]),
        (&json!("2755"), &json!("2007-12-31"))
    );
    assert_eq!(domains["baseline"], "iwf-domains-wld-2006");
    assert_eq!(domains["computed_change"], "-10.5");
    assert_eq!(read("iwf-domains-wld-2006").await["value"], "3077");
    let rise = read("iwf-commercial-domains-change-wld-2006-2007").await;
    assert_eq!(rise["baseline"], "iwf-commercial-domains-wld-2006");
    assert!(rise["population"].as_str().unwrap().contains("commercial"));
    assert_eq!(
        rise["computed_change"],
        Value::Null,
        "the level of 2007 was never published"
    );
}

#[actix_web::test]
async fn the_articles_ages_say_what_they_overlap_and_what_they_leave() {
    let site = Site::full().await;
    let group = site
        .all("/v1/statistics?publisher=Internet%20Watch%20Foundation")
        .await;
    let group: Vec<&Value> = group
        .iter()
        .filter(|one| one["distribution"] == "iwf-2007-images-by-age")
        .collect();
    let shown: Vec<Value> = group
        .iter()
        .map(|one| {
            json!([
                one["value"],
                one["share"],
                one["dimensions"]["age_band"],
                one["overlaps"]
            ])
        })
        .collect();
    for wanted in [
        json!(["10", "part", "0-1", []]),
        json!(["33", "part", "3-6", ["iwf-images-by-age-wld-2007-6-10"]]),
        json!(["37", "part", "6-10", ["iwf-images-by-age-wld-2007-3-6"]]),
        json!(["20", "remainder", null, []]),
    ] {
        assert!(shown.contains(&wanted), "{wanted} is not among {shown:?}");
    }
    assert_eq!(shown.len(), 4);
    let rest = group
        .iter()
        .find(|one| one["share"] == "remainder")
        .unwrap();
    assert!(
        rest["method_note"]
            .as_str()
            .unwrap()
            .contains("our own arithmetic")
    );
}

#[actix_web::test]
async fn what_is_computed_of_the_shipped_changes_agrees_with_them() {
    let site = Site::full().await;
    for (slug, computed) in [
        (
            "cybertipline-online-enticement-change-wld-2021-2023",
            "323.1",
        ),
        ("people-in-forced-marriage-change-wld-2016-2021", "6600000"),
        ("people-in-modern-slavery-change-wld-2016-2021", "9300000"),
        ("trafficking-victims-registered-change-eu-2022-2023", "6.9"),
    ] {
        let one = site.json(&format!("/v1/statistics/{slug}")).await;
        assert_eq!(one["computed_change"], computed, "{slug}");
        assert_eq!(
            (&one["assessment"], &one["flags"]),
            (&json!("not_assessed"), &json!([])),
            "{slug}"
        );
    }
    let unsaid = site
        .json("/v1/statistics/street-girls-in-prostitution-us-female-0-17")
        .await;
    assert_eq!(
        (&unsaid["period"], &unsaid["flags"]),
        (&Value::Null, &json!(["no_period"]))
    );
}

#[actix_web::test]
async fn a_change_that_contradicts_its_baseline_is_disputed_by_the_arithmetic() {
    let database = desk().await;
    let levels = || {
        vec![
            level("domains-2006", 2006, "3077", None),
            level("domains-2007", 2007, "2755", Some("domains-2006")),
        ]
    };
    let mut supported = levels();
    supported.push(change("rise", "33", json!({"assessment": "supported"})));
    refuses_in(
        &database,
        supported,
        &[
            "contradicts_baseline",
            "computes -10.5 percent",
            "/assessment",
        ],
    )
    .await;
    let mut all = levels();
    all.push(change("rise", "33", json!({})));
    all.push(change(
        "fall",
        "-10.5",
        json!({"assessment": "supported", "publisher": "Two"}),
    ));
    write(&database, all).await.unwrap();

    let site = Site::over(database).await;
    let rise = site.json("/v1/statistics/rise").await;
    assert_eq!(
        (&rise["assessment"], &rise["computed_change"]),
        (&json!("disputed"), &json!("-10.5"))
    );
    assert_eq!(
        (&rise["flags"], &rise["critiques"]),
        (&json!(["contradicts_baseline"]), &json!([]))
    );
    let listed = site.slugs("/v1/statistics").await;
    assert!(!listed.contains(&"rise".to_owned()) && listed.contains(&"fall".to_owned()));
    // No other source contradicts it, and nothing says so.
    let words = "The arithmetic contradicts it: −10.5\u{a0}%";
    let card = site.get("/v1/statistics/rise/card.svg").await;
    assert!(card.text().contains(words), "{}", card.text());
    assert!(card.text().contains(">Disputed<") && !card.text().contains("other sources"));
    for form in ["csl", "text"] {
        let uri = format!("/v1/statistics/rise/citation?format={form}");
        let cited = site.get(&uri).await;
        assert!(cited.text().contains("This figure is disputed."));
        assert!(cited.text().contains(words), "{}", cited.text());
    }
    let series =
        format!("/v1/indicators/{CHANGES}/series?assessment=disputed&assessment=supported");
    let rows = site.json(&series).await["contents"].clone();
    let shown = |slug: &str| {
        let row = rows.as_array().unwrap().iter();
        let row = row.clone().find(|row| row["statistic"] == slug).unwrap();
        (
            row["disputed"].clone(),
            row["flags"].clone(),
            row["computed_change"].clone(),
        )
    };
    assert_eq!(
        shown("rise"),
        (json!(true), json!(["contradicts_baseline"]), json!("-10.5"))
    );
    assert_eq!(shown("fall"), (json!(false), json!([]), json!("-10.5")));
    let fall = site.json("/v1/statistics/fall").await;
    assert_eq!(
        (&fall["assessment"], &fall["flags"]),
        (&json!("supported"), &json!([]))
    );
    assert_eq!(
        site.json("/v1/statistics/domains-2007").await["computed_change"],
        "-10.5"
    );
    let csv = site
        .get("/v1/statistics?assessment=disputed&format=csv")
        .await;
    assert!(
        csv.text().contains("-10.5") && csv.text().contains("contradicts_baseline"),
        "{}",
        csv.text()
    );
}

#[actix_web::test]
async fn a_level_does_not_make_another_figure_wrong_in_silence() {
    let database = desk().await;
    let first = vec![
        level("domains-2006", 2006, "3077", None),
        level("domains-2007", 2007, "2755", Some("domains-2006")),
        change("fall", "-10.5", json!({"assessment": "supported"})),
        change("rise", "33", json!({"publisher": "Two"})),
    ];
    write(&database, first).await.unwrap();
    let corrected = || level("domains-2007", 2007, "4092", Some("domains-2006"));
    refuses_in(
        &database,
        vec![corrected()],
        &["fall", "computes 33.0 percent", "assess fall first"],
    )
    .await;
    refuses_in(
        &database,
        vec![level("domains-2006", 2006, "2000", None)],
        &["fall", "computes 37.8"],
    )
    .await;
    // Together it goes, and what the arithmetic alone disputed is disputed no longer.
    let both = vec![corrected(), change("fall", "-10.5", json!({}))];
    write(&database, both).await.unwrap();
    let actions = "select slug, document->>'assessment' as assessment from ledger.entries where slug in ('rise', 'fall') order by revision";
    let entries = rows(&mut database.writer().await, actions).await;
    let last =
        |slug: &str| entries.iter().rfind(|one| one["slug"] == slug).unwrap()["assessment"].clone();
    assert_eq!(
        (last("rise"), last("fall")),
        (json!("not_assessed"), json!("disputed")),
        "{entries:?}"
    );
    let site = Site::over(database).await;
    let rise = site.json("/v1/statistics/rise").await;
    assert_eq!(
        (
            &rise["assessment"],
            &rise["computed_change"],
            &rise["flags"]
        ),
        (&json!("not_assessed"), &json!("33.0"), &json!([]))
    );
}

#[actix_web::test]
async fn what_is_hidden_is_in_no_arithmetic_and_the_change_feed_tells_of_it() {
    let database = desk().await;
    let all = vec![
        level("domains-2006", 2006, "3077", None),
        level("domains-2007", 2007, "2755", Some("domains-2006")),
        change("rise", "33", json!({})),
    ];
    write(&database, all).await.unwrap();
    let key = database.key("Paul", "publisher").await;
    let second = database.key("Pia", "publisher").await;
    let site = Site::over(database).await;
    site.know(&key).await;
    site.know(&second).await;
    let act = async |method: &str, uri: &str, body: Value| {
        let request = TestRequest::default()
            .method(method.parse().unwrap())
            .uri(uri)
            .insert_header(("Authorization", format!("Bearer {key}")))
            .insert_header(("If-Match", "*"))
            .set_json(body);
        site.ask(request).await
    };
    let since = async || site.json("/v1").await["revision"].as_i64().unwrap();
    let before = since().await;
    let done: Answer = act(
        "POST",
        "/v1/statistics/domains-2007/hide",
        json!({"reason": "wrong"}),
    )
    .await;
    assert_eq!(done.status, 200, "{}", done.text());
    let said = async || {
        let rise = site.json("/v1/statistics/rise").await;
        ["assessment", "computed_change", "flags"].map(|field| rise[field].clone())
    };
    let unsaid = [json!("not_assessed"), Value::Null, json!([])];
    assert_eq!(said().await, unsaid);
    let feed = site.json(&format!("/v1/changes?since={before}")).await;
    assert!(feed.to_string().contains("\"rise\""), "{feed}");

    // Shown again it disputes again, as long as it stands.
    let shown = act("POST", "/v1/statistics/domains-2007/unhide", json!({})).await;
    assert_eq!(shown.status, 202, "{}", shown.text());
    let at = format!(
        "/v1/proposals/{}/accept",
        shown.value()["id"].as_str().unwrap()
    );
    let request = TestRequest::post()
        .uri(&at)
        .insert_header(("Authorization", format!("Bearer {second}")))
        .set_json(json!({"reason": "right after all"}));
    let accepted = site.ask(request).await;
    assert_eq!(accepted.status, 200, "{}", accepted.text());
    let disputed = [
        json!("disputed"),
        json!("-10.5"),
        json!(["contradicts_baseline"]),
    ];
    assert_eq!(said().await, disputed);
    // A field that has nothing to do with it may be altered either way.
    let note = act("PATCH", "/v1/statistics/rise", json!({"caveat": "One."})).await;
    assert_eq!(note.status, 200, "{}", note.text());
    assert_eq!(said().await, disputed);
    let newer = json!({"assessment": "superseded", "superseded_by": "domains-2006"});
    let done = act("PATCH", "/v1/statistics/domains-2007", newer).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(said().await, unsaid);
    let note = act("PATCH", "/v1/statistics/rise", json!({"caveat": "Two."})).await;
    assert_eq!(note.status, 200, "{}", note.text());

    let done = act(
        "POST",
        "/v1/statistics/domains-2006/hide",
        json!({"reason": "wrong"}),
    )
    .await;
    assert_eq!(done.status, 200, "{}", done.text());
    let rise = site.json("/v1/statistics/rise").await;
    assert_eq!(rise["baseline"], Value::Null);
    let (text, written) = (
        site.get("/v1/statistics/rise").await,
        json!({"value": "1,234"}),
    );
    assert!(!text.whole().contains("domains-200"), "{}", text.text());
    let refused = act("PATCH", "/v1/statistics/rise", written).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert_eq!(refused.value()["errors"][0]["pointer"], "/value");
}

#[actix_web::test]
async fn figures_that_name_a_merged_one_name_the_survivor() {
    let database = desk().await;
    let other = json!({"publisher": "Two", "baseline": "domains-2006"});
    let replaced =
        json!({"publisher": "Three", "assessment": "superseded", "superseded_by": "domains-2006"});
    let all = vec![
        level("domains-2006", 2006, "3077", None),
        merged(level("domains-2006-again", 2006, "3000", None), other),
        merged(level("domains-2006-early", 2006, "3100", None), replaced),
        level("domains-2007", 2007, "2755", Some("domains-2006")),
        change("fall", "-8.2", json!({})),
    ];
    write(&database, all).await.unwrap();
    let key = database.key("Paul", "publisher").await;
    let site = Site::over(database).await;
    site.know(&key).await;
    assert_eq!(
        site.json("/v1/statistics/fall").await["assessment"],
        "disputed"
    );
    let request = TestRequest::post()
        .uri("/v1/statistics/domains-2006/archive")
        .insert_header(("Authorization", format!("Bearer {key}")))
        .insert_header(("If-Match", "*"))
        .set_json(json!({"into": "domains-2006-again"}));
    let done = site.ask(request).await;
    assert_eq!(done.status, 200, "{}", done.text());
    let fall = site.json("/v1/statistics/fall").await;
    assert_eq!(
        ["baseline", "assessment", "computed_change", "flags"].map(|field| fall[field].clone()),
        [
            json!("domains-2006-again"),
            json!("not_assessed"),
            json!("-8.2"),
            json!([])
        ]
    );
    let level = site.json("/v1/statistics/domains-2007").await;
    assert_eq!(
        (&level["baseline"], &level["computed_change"]),
        (&json!("domains-2006-again"), &json!("-8.2"))
    );
    let early = site.json("/v1/statistics/domains-2006-early").await;
    assert_eq!(early["superseded_by"], "domains-2006-again");
    // It is measured from nothing rather than from itself.
    let survivor = site.json("/v1/statistics/domains-2006-again").await;
    assert_eq!(survivor["baseline"], Value::Null);
}

#[actix_web::test]
async fn parts_keep_within_the_whole_and_say_what_they_leave() {
    let full = || vec![part("a", "60", json!({})), part("b", "30", json!({}))];
    refuses(
        full(),
        &["add up to 90 percent", "remainder", "the value 10"],
    )
    .await;
    let more = |others: Vec<Value>| full().into_iter().chain(others).collect::<Vec<_>>();
    refuses(
        more(vec![remainder("c", "20")]),
        &["add up to 90", "/value", "the value 10"],
    )
    .await;
    refuses(
        more(vec![part("c", "20", json!({}))]),
        &["add up to 110 percent"],
    )
    .await;
    let two = vec![
        remainder("c", "10"),
        merged(remainder("d", "10"), json!({"publisher": "Two"})),
    ];
    refuses(more(two), &["both the remainder"]).await;
    let other = merged(part("c", "10", json!({})), json!({"denominator": "pages"}));
    refuses(
        more(vec![other]),
        &["denominator of a and of c differ", "/denominator"],
    )
    .await;
    let year = merged(
        part("c", "10", json!({})),
        json!({"period_end": "2008-12-31"}),
    );
    refuses(more(vec![year]), &["period_end of a and of c differ"]).await;
    let place = merged(part("c", "10", json!({})), json!({"geography": "GB"}));
    refuses(more(vec![place]), &["some parts are of one place"]).await;

    let database = desk().await;
    write(&database, more(vec![remainder("c", "10")]))
        .await
        .unwrap();
    // What stands is counted with what is written.
    refuses_in(
        &database,
        vec![part("d", "30", json!({}))],
        &["add up to 120 percent"],
    )
    .await;
    refuses_in(
        &database,
        vec![part("a", "70", json!({}))],
        &["remainder is not what they leave", "the value 0"],
    )
    .await;
    let both = vec![part("a", "65", json!({})), remainder("c", "5")];
    write(&database, both).await.unwrap();
    let range = json!({"value": null, "low": "12", "high": "14", "qualifier": "range"});
    refuses_in(
        &database,
        vec![merged(remainder("c", "5"), range)],
        &["remainder is not"],
    )
    .await;
}

#[actix_web::test]
async fn a_distribution_is_prepared_in_drafts_and_published_one_by_one() {
    let database = desk().await;
    let draft = |one: Value| ("statistics", one, "draft", "public");
    for one in [part("a", "60", json!({})), remainder("b", "40")] {
        database.write("preparing", vec![draft(one)]).await;
    }
    for one in [part("a", "60", json!({})), remainder("b", "40")] {
        write(&database, vec![one]).await.unwrap();
    }
    let hidden = ("statistics", remainder("b", "40"), "published", "hidden");
    database
        .write("hiding is never refused", vec![hidden])
        .await;
}

#[actix_web::test]
async fn ages_that_intersect_name_each_other() {
    let young = |overlaps: Value| part("a", "33", json!({"age_band": "3-6", "overlaps": overlaps}));
    let old = |overlaps: Value| part("b", "67", json!({"age_band": "6-10", "overlaps": overlaps}));
    refuses(
        vec![young(json!([])), old(json!([]))],
        &["ages and those of", "intersect", "/overlaps"],
    )
    .await;
    refuses(
        vec![young(json!(["b"])), old(json!([]))],
        &["does not name it"],
    )
    .await;
    let apart = part("c", "67", json!({"age_band": "7-10"}));
    let lone = merged(
        part("d", "67", json!({"age_band": "6-10"})),
        json!({"distribution": "others"}),
    );
    refuses(
        vec![young(json!(["d"])), apart.clone(), lone],
        &["no current part of its distribution"],
    )
    .await;
    write(&desk().await, vec![young(json!(["b"])), old(json!(["a"]))])
        .await
        .unwrap();
    write(&desk().await, vec![young(json!([])), apart])
        .await
        .unwrap();
}

#[actix_web::test]
async fn one_figure_by_itself_keeps_its_rules() {
    let plain = |fields: Value| vec![figure("a", LEVELS, "domains", "12", fields)];
    for (fields, words) in [
        (json!({"value": null}), ["/value", "missing"]),
        (json!({"low": "13"}), ["/value", "order"]),
        (json!({"low": "1", "high": "11"}), ["/value", "order"]),
        (
            json!({"observation_status": "suppressed"}),
            ["/value", "suppressed"],
        ),
        (
            json!({"assessment": "disputed"}),
            ["/critiques", "disputes"],
        ),
        (
            json!({"assessment": "disputed", "critiques": [critique("supports")]}),
            ["/critiques", "verdict disputes"],
        ),
        (json!({"assessment": "retracted"}), ["/critiques", "why"]),
        (
            json!({"assessment": "retracted", "critiques": [critique("disputes")]}),
            ["/critiques", "verdict retracts"],
        ),
        (
            json!({"assessment": "superseded"}),
            ["/superseded_by", "replaced"],
        ),
        (json!({"superseded_by": "b"}), ["/assessment", "superseded"]),
        (
            json!({"assessment": "superseded", "superseded_by": "a"}),
            ["/superseded_by", "itself"],
        ),
        (
            json!({"assessment": "superseded", "superseded_by": "b"}),
            ["/superseded_by", "no record b"],
        ),
        (json!({"baseline": "a"}), ["/baseline", "itself"]),
        (json!({"baseline": "b"}), ["/baseline", "no record b"]),
        (json!({"share": "part"}), ["/share", "no distribution"]),
        (json!({"overlaps": ["b"]}), ["/overlaps", "no distribution"]),
        (
            json!({"distribution": "g", "overlaps": ["b"]}),
            ["/overlaps", "no record b"],
        ),
        (
            json!({"distribution": "g", "overlaps": ["a"]}),
            ["/overlaps", "itself"],
        ),
        (
            json!({"distribution": "g", "share": "remainder", "overlaps": ["b"]}),
            ["/overlaps", "no part"],
        ),
        (
            json!({"period_start": "2008-01-01", "period_end": "2007-12-31"}),
            ["/period_end", "before it starts"],
        ),
        (
            json!({"unit": "persons"}),
            ["/unit", "another unit than its indicator"],
        ),
        (json!({"sources": []}), ["/sources", "limits"]),
        (
            json!({"indicator": CHANGES, "unit": "domains"}),
            ["/unit", "use percent"],
        ),
        (
            json!({"indicator": SHARES, "unit": "percent", "value": "100.5"}),
            ["/value", "outside 0 to 100"],
        ),
        (
            json!({"indicator": SHARES, "unit": "percent", "value": "-1"}),
            ["/value", "outside 0 to 100"],
        ),
        (json!({"value": "-5"}), ["/value", "below nought"]),
        (
            json!({"value": "5", "low": "-1", "high": "9"}),
            ["/low", "below nought"],
        ),
        (json!({"value": "-0"}), ["/value", "write 0"]),
        (json!({"geography": "SU"}), ["/geography", "USSR"]),
        (json!({"geography": "AN"}), ["/geography", "BQ, CW, SX"]),
        (json!({"value": "1,234"}), ["/value", "separator"]),
        (json!({"value": "12%"}), ["/value", "percent sign"]),
        (json!({"value": "1e400"}), ["/value", "exponent"]),
        (json!({"value": "NaN"}), ["/value", "not a number"]),
    ] {
        refuses(plain(fields), &words).await;
    }
    for fields in [
        json!({"assessment": "disputed", "critiques": [critique("disputes"), critique("supports")]}),
        json!({"assessment": "retracted", "critiques": [critique("retracts")]}),
        json!({"value": null, "observation_status": "suppressed"}),
        json!({"indicator": CHANGES, "unit": "percent", "value": "259"}),
        json!({"indicator": CHANGES, "unit": "percent", "value": "-5"}),
        json!({"period_end": "2009-12-31", "published_on": "2009"}),
    ] {
        write(&desk().await, plain(fields)).await.unwrap();
    }
}

#[actix_web::test]
async fn a_figure_published_before_its_period_ended_is_taken_and_flagged() {
    let database = desk().await;
    let early = json!({"period_start": "2008-01-01", "period_end": "2009-06-30"});
    write(&database, vec![figure("a", LEVELS, "domains", "12", early)])
        .await
        .unwrap();
    let site = Site::over(database).await;
    assert_eq!(
        site.json("/v1/statistics/a").await["flags"],
        json!(["published_before_period_end"])
    );
}

#[actix_web::test]
async fn replacements_lead_to_an_end() {
    let replaced = |slug: &str, year: u16, by: &str| {
        let fields = json!({"assessment": "superseded", "superseded_by": by});
        merged(level(slug, year, "1", None), fields)
    };
    let circle = vec![
        replaced("a", 2001, "b"),
        replaced("b", 2002, "c"),
        replaced("c", 2003, "a"),
    ];
    refuses(circle, &["cycle", "/superseded_by"]).await;
    let database = desk().await;
    let chain = vec![
        replaced("a", 2001, "b"),
        replaced("b", 2002, "c"),
        level("c", 2003, "1", None),
    ];
    write(&database, chain).await.unwrap();
    refuses_in(&database, vec![replaced("c", 2003, "a")], &["cycle"]).await;
    let site = Site::over(database).await;
    assert_eq!(site.json("/v1/statistics/a").await["superseded_by"], "b");
}

#[actix_web::test]
async fn the_same_observation_again_is_a_revision_of_the_one_that_stands() {
    let database = desk().await;
    write(&database, vec![level("a", 2007, "2755", None)])
        .await
        .unwrap();
    refuses_in(
        &database,
        vec![level("b", 2007, "2756", None)],
        &["a is the same observation", "a change of a"],
    )
    .await;
    write(&database, vec![level("a", 2007, "2756", None)])
        .await
        .unwrap();
    // Hidden it stands as well, and whoever writes figures may see it.
    let hidden = level("hidden-one", 2008, "1", None);
    let hidden = vec![("statistics", hidden, "published", "hidden")];
    database.write("hidden", hidden).await;
    refuses_in(
        &database,
        vec![level("b", 2008, "2", None)],
        &[
            "hidden-one is the same observation",
            "a change of hidden-one",
        ],
    )
    .await;
}

#[actix_web::test]
async fn an_indicator_does_not_change_under_its_figures() {
    let database = desk().await;
    let plain = figure("a", SHARES, "percent", "12", json!({}));
    let large = figure("b", CHANGES, "percent", "259", json!({}));
    write(&database, vec![plain, large]).await.unwrap();
    for (slug, unit, kind, words) in [
        (
            SHARES,
            "persons",
            "count",
            ["a is in another unit", "/unit"],
        ),
        (
            CHANGES,
            "percent",
            "share",
            ["b is percent of a whole", "/kind"],
        ),
    ] {
        let record = (
            "indicators",
            indicator(slug, unit, kind),
            "published",
            "public",
        );
        let done = write_documents(&mut database.writer().await, "otherwise", vec![record]).await;
        let said = done.unwrap_err();
        assert!(words.iter().all(|word| said.contains(word)), "{said}");
    }
}

#[actix_web::test]
async fn forty_dimensions_are_forty_faults() {
    let database = desk().await;
    let key = database.key("Ed", "editor").await;
    let site = Site::over(database).await;
    site.know(&key).await;
    let mut body = level("a", 2007, "12", None);
    for number in 0..40 {
        body[format!("dimension_{number}")] = json!("x");
    }
    let request = TestRequest::post()
        .uri("/v1/statistics")
        .insert_header(("Authorization", format!("Bearer {key}")))
        .set_json(body);
    let answer = site.ask(request).await;
    assert_eq!(answer.status, 400, "{}", answer.text());
    let errors = answer.value()["errors"].as_array().unwrap().clone();
    let unknown = errors.iter().filter(|one| one["code"] == "unknown_field");
    assert_eq!(unknown.count(), 40, "{errors:?}");
}

#[actix_web::test]
async fn what_rests_on_a_hidden_figure_is_left_out_of_an_export_which_imports_again() {
    let database = desk().await;
    let figures = vec![
        level("domains-2006", 2006, "3077", None),
        level("domains-2007", 2007, "2755", Some("domains-2006")),
        change("rise", "33", json!({})),
        part("a", "60", json!({})),
        part("b", "30", json!({})),
        remainder("c", "10"),
    ];
    write(&database, figures).await.unwrap();
    let hidden = |one: Value| ("statistics", one, "published", "hidden");
    let hide = vec![
        hidden(level("domains-2007", 2007, "2755", Some("domains-2006"))),
        hidden(part("b", "30", json!({}))),
    ];
    database.write("hiding", hide).await;
    let folder = new_path();
    let mut export = lodestar(&database.vars());
    export.arg("export").arg(&folder);
    let (done, _, words) = said(export);
    assert!(done, "{words}");
    for slug in ["statistics/a", "statistics/c"] {
        assert!(words.contains(slug), "{words}");
    }
    // Nothing disputes the change any more.
    assert!(
        !words.contains("domains-2006") && !words.contains("rise"),
        "{words}"
    );
    let empty = Database::empty().await;
    empty.import(&files_of(&folder), &[]).await.unwrap();
}

#[actix_web::test]
async fn no_figure_is_published_without_source_and_unit() {
    let database = desk().await;
    let hidden = json!({"slug": "source-two", "title": "Two", "url": "https://two.example/"});
    let hidden = vec![("sources", hidden, "published", "hidden")];
    database.write("hidden", hidden).await;
    let mut bare = level("a", 2007, "12", None);
    bare["sources"] = json!([{"source": "source-two"}]);
    refuses_in(
        &database,
        vec![bare.clone()],
        &["/sources", "none of its sources is published"],
    )
    .await;
    bare["sources"] = json!([{"source": "source-three"}]);
    refuses_in(&database, vec![bare.clone()], &["no record source-three"]).await;
    bare["sources"] = json!([{"source": "source-two"}, {"source": "source-one"}]);
    for unit in [json!("furlongs"), json!(null)] {
        let mut one = bare.clone();
        one["unit"] = unit;
        refuses_in(&database, vec![one], &["unit"]).await;
    }
    bare.as_object_mut().unwrap().remove("unit");
    refuses_in(&database, vec![bare], &["missing field `unit`"]).await;
}
