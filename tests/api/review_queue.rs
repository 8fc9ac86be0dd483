//! The review queue: what is due, in which order and why, and who looks after what.

use crate::{
    curation::{Desk, LINE, citation, hotline, number, organization},
    support::{Answer, Database, attempt, rows, run},
};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const QUEUE: &str = "/v1/review_queue";
const LEASES: &str = "/v1/review_queue/leases";

impl Desk {
    async fn queue(&self, query: &str) -> Value {
        self.get("Ed", &format!("{QUEUE}{query}")).await
    }

    async fn slugs(&self, query: &str) -> Vec<String> {
        names(&self.queue(query).await)
    }

    async fn lease(&self, who: &str, wanted: Value) -> Answer {
        self.ask(who, "POST", LEASES, &[], Some(wanted)).await
    }
}

fn names(page: &Value) -> Vec<String> {
    let contents = page["contents"].as_array().unwrap().iter();
    contents
        .map(|one| one["slug"].as_str().unwrap().to_owned())
        .collect()
}

fn codes(place: &Value) -> Vec<&str> {
    let reasons = place["reasons"].as_array().unwrap().iter();
    reasons.map(|one| one["code"].as_str().unwrap()).collect()
}

/// More hotlines, and an organization of another country.
async fn wide(lines: usize) -> Desk {
    let desk = Desk::small().await;
    let mut more = vec![{
        let mut other = organization("two", "Two");
        other["country"] = json!("FR");
        other["website"] = Value::Null;
        ("organizations", other, "published", "public")
    }];
    for place in 0..lines {
        let points = json!([number(&format!("01632 960{:03}", 100 + place))]);
        let line = hotline(&format!("line-{place:02}"), points);
        more.push(("hotlines", line, "published", "public"));
    }
    desk.site.write("more", more).await;
    desk
}

#[actix_web::test]
async fn what_is_due_stands_in_order_with_its_reasons() {
    let desk = wide(1).await;
    // Sourced this year alone, nobody confirmed anything.
    let page = desk.queue("").await;
    assert_eq!(names(&page), ["line-00", "one-line", "one", "two"]);
    assert_eq!(
        (&page["total_items"], &page["size"], &page["first_page"]),
        (&json!(4), &json!(4), &json!(true))
    );
    assert_eq!(
        page["counts"],
        json!([{"country": "GB", "total": 3}, {"country": "FR", "total": 1}])
    );
    let first = &page["contents"][0];
    assert_eq!(
        (&first["part"], &first["resource"]),
        (&json!("phone"), &json!("hotlines"))
    );
    assert_eq!(
        (&first["leased_to"], &first["countries"]),
        (&Value::Null, &json!(["GB"]))
    );
    // What the public tells raises it, and so does a change that somebody saw.
    let told = json!({"resource": "organizations", "record": "two", "text": "It moved."});
    desk.done(202, "nobody", "POST", "/v1/suggestions", told)
        .await;
    assert_eq!(desk.slugs("").await, ["line-00", "one-line", "two", "one"]);
    let changed = json!({"outcome": "changed", "method": "official_page"});
    desk.done(
        200,
        "Ed",
        "POST",
        "/v1/organizations/two/verifications",
        changed,
    )
    .await;
    let page = desk.queue("").await;
    assert_eq!(names(&page), ["line-00", "one-line", "two", "one"]);
    let two = &page["contents"][2];
    assert_eq!(codes(two)[..2], ["suggested", "changed"]);
    assert_eq!(
        (&two["reasons"][0]["times"], &two["part"]),
        (&json!(1), &json!("prose"))
    );
    let told = json!({"resource": "hotlines", "record": "one-line", "text": "A shop answers."});
    desk.done(202, "nobody", "POST", "/v1/suggestions", told)
        .await;
    assert_eq!(desk.slugs("").await, ["one-line", "line-00", "two", "one"]);
    // Until somebody dealt with it.
    let open = desk
        .get("Ed", "/v1/proposals?kind=suggestion&resource=hotlines")
        .await;
    let open = open["contents"][0]["id"].as_str().unwrap();
    let reject = format!("/v1/proposals/{open}/reject");
    desk.done(200, "Paul", "POST", &reject, json!({})).await;
    assert_eq!(desk.slugs("").await, ["line-00", "one-line", "two", "one"]);
    // A source that does not answer goes before the age alone; what the last check found counts.
    let mut writer = desk.site.database.superuser().await;
    let extra = json!({"slug": "source-two", "title": "Two", "url": "https://two.example/"});
    let mut line = hotline(
        "one-line",
        json!([number("01632 960001"), number("01632 960002")]),
    );
    line["sources"] =
        json!([citation()[0].clone(), {"source": "source-two", "published_on": "2026"}]);
    let records = vec![
        ("sources", extra, "published", "public"),
        ("hotlines", line, "published", "public"),
    ];
    desk.site.write("sources", records).await;
    let check = |outcome: &str, day: &str| {
        format!(
            "insert into ledger.link_checks select id, '{day}', '{outcome}', '' from ledger.records where slug = 'source-two'"
        )
    };
    run(&mut writer, &check("unreachable", "2026-11-02")).await;
    let page = desk.queue("?reason=source_unreachable").await;
    assert_eq!(names(&page), ["one-line"]);
    assert_eq!(desk.slugs("").await, ["one-line", "line-00", "two", "one"]);
    run(&mut writer, &check("ok", "2026-11-03")).await;
    assert_eq!(
        desk.queue("?reason=source_unreachable").await["total_items"],
        0
    );
    // Filters.
    for (query, found) in [
        ("?country=FR", vec!["two"]),
        ("?country=FR&resource=hotlines", vec![]),
        (
            "?resource=hotlines&resource=organizations&country=GB",
            vec!["line-00", "one-line", "one"],
        ),
        ("?reason=suggested", vec!["two"]),
        ("?grade=current", vec![]),
        ("?per_page=1&page=2", vec!["one-line"]),
    ] {
        assert_eq!(desk.slugs(query).await, found, "{query}");
    }
    // What is confirmed, number by number, is no longer due.
    for place in 0..2 {
        let record = desk.get("Ed", &format!("{LINE}/record")).await;
        let point = record["document"]["contact_points"][place]["id"].clone();
        for contact_point in [point, Value::Null] {
            let read = desk
                .ask("Ed", "GET", &format!("{LINE}/record"), &[], None)
                .await;
            let found =
                json!({"outcome": "confirmed", "method": "called", "contact_point": contact_point});
            let uri = format!("{LINE}/verifications");
            let headers = [("If-Match", read.header("etag"))];
            let answer = desk.ask("Ed", "POST", &uri, &headers, Some(found)).await;
            assert_eq!(answer.status, 200, "{}", answer.text());
        }
    }
    assert_eq!(desk.slugs("?resource=hotlines").await, ["line-00"]);
    // Nor is what nobody sees.
    desk.done(200, "Ed", "POST", "/v1/hotlines/line-00/hide", json!({}))
        .await;
    assert_eq!(desk.slugs("?resource=hotlines").await, Vec::<String>::new());
    // It is nobody's but theirs.
    let answer = desk.ask("Ed", "GET", QUEUE, &[], None).await;
    assert_eq!(answer.header("cache-control"), "private, no-store");
    assert!(answer.header("link").contains("rel=\"first\""));
    for (who, status) in [("nobody", 401), ("Cleo", 403)] {
        assert_eq!(desk.ask(who, "GET", QUEUE, &[], None).await.status, status);
        assert_eq!(desk.lease(who, json!({"count": 1})).await.status, status);
    }
}

#[actix_web::test]
async fn eight_people_at_once_are_given_no_record_twice() {
    let desk = wide(30).await;
    let mut people = Vec::new();
    for place in 0..8 {
        let name = format!("Person {place}");
        people.push(desk.site.database.key(&name, "editor").await);
    }
    desk.site.know(people.last().unwrap()).await;
    let head = "select revision from ledger.head";
    let mut writer = desk.site.database.superuser().await;
    let before = rows(&mut writer, head).await;
    for round in 0..3 {
        let asked = people.iter().map(|key| {
            let request = actix_web::test::TestRequest::post()
                .uri(LEASES)
                .insert_header(("Authorization", format!("Bearer {key}")))
                .set_json(json!({"count": 4, "resource": ["hotlines"]}));
            desk.site.ask(request)
        });
        let mut given = BTreeSet::new();
        let mut total = 0;
        for answer in join_all(asked).await {
            assert_eq!(answer.status, 200, "{}", answer.text());
            for slug in names(&answer.value()) {
                total += 1;
                assert!(
                    given.insert(slug.clone()),
                    "{slug} is given twice in round {round}"
                );
            }
        }
        // 31 lines for 32 places: somebody gets one less, and nothing is left.
        assert_eq!(total, 31, "round {round}");
    }
    let held = "select count(*) as n, count(distinct record_id) as of from ledger.leases where until > now()";
    assert_eq!(rows(&mut writer, held).await, [json!({"n": 31, "of": 31})]);
    // No revision, and nobody is stopped from writing.
    assert_eq!(rows(&mut writer, head).await, before);
    desk.done(
        200,
        "Paul",
        "PATCH",
        "/v1/hotlines/line-00",
        json!({"notes": "x"}),
    )
    .await;
}

#[actix_web::test]
async fn leases_run_out_are_renewed_and_given_back() {
    let desk = wide(4).await;
    let wanted = json!({"count": 2, "resource": ["hotlines"], "country": ["GB"]});
    let mine = desk.lease("Ed", wanted.clone()).await.json();
    assert_eq!(names(&mine), ["line-00", "line-01"]);
    assert_eq!(mine["contents"][0]["leased_to"], "Ed");
    // Asked again it is the same, for longer.
    let again = desk.lease("Ed", wanted.clone()).await.json();
    assert_eq!(names(&again), names(&mine));
    assert!(again["until"].as_str() > mine["until"].as_str());
    let hers = desk.lease("Eve", wanted.clone()).await.json();
    assert_eq!(names(&hers), ["line-02", "line-03"]);
    // Everybody sees who looks after what.
    let page = desk.get("Paul", QUEUE).await;
    let holders: Vec<&Value> = page["contents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["leased_to"])
        .collect();
    assert_eq!(
        holders[..5],
        [
            &json!("Ed"),
            &json!("Ed"),
            &json!("Eve"),
            &json!("Eve"),
            &Value::Null
        ]
    );
    // Nobody gives back what another holds.
    let id = hers["contents"][0]["id"].as_str().unwrap();
    let released = desk
        .ask("Ed", "DELETE", &format!("{LEASES}?record={id}"), &[], None)
        .await;
    assert_eq!(released.json(), json!({"released": 0}));
    let released = desk
        .ask("Eve", "DELETE", &format!("{LEASES}?record={id}"), &[], None)
        .await;
    assert_eq!(released.json(), json!({"released": 1}));
    let one = desk
        .lease("Paul", json!({"count": 1, "resource": ["hotlines"]}))
        .await
        .json();
    assert_eq!(names(&one), ["line-02"]);
    let released = desk.ask("Ed", "DELETE", LEASES, &[], None).await;
    assert_eq!(released.json(), json!({"released": 2}));
    // What ran out is free.
    let mut writer = desk.site.database.superuser().await;
    run(
        &mut writer,
        "update ledger.leases set until = now() - interval '1 second'",
    )
    .await;
    assert_eq!(
        desk.queue("").await["contents"][2]["leased_to"],
        Value::Null
    );
    let all = desk.lease("Paul", json!({"count": 50})).await.json();
    assert_eq!(all["contents"].as_array().unwrap().len(), 7);
    // A key of one country gets what it may verify.
    let key = desk
        .site
        .database
        .limited_key("Fee", "editor", &["FR"], 90)
        .await;
    desk.site.know(&key).await;
    desk.ask("Paul", "DELETE", LEASES, &[], None).await;
    let request = actix_web::test::TestRequest::post()
        .uri(LEASES)
        .insert_header(("Authorization", format!("Bearer {key}")))
        .set_json(json!({"count": 50}));
    assert_eq!(names(&desk.site.ask(request).await.json()), ["two"]);
}

#[actix_web::test]
async fn what_does_not_fit_leases_nothing() {
    let desk = Desk::small().await;
    for (body, pointer) in [
        (json!({}), "/count"),
        (json!({"count": 0}), "/count"),
        (json!({"count": 51}), "/count"),
        (json!({"count": "5"}), "/count"),
        (json!({"count": 1, "country": ["ZZ"]}), "/country/0"),
        (json!({"count": 1, "resource": ["topics"]}), "/resource/0"),
        (json!({"count": 1, "grade": ["old"]}), "/grade/0"),
        (json!({"count": 1, "reason": ["boredom"]}), "/reason/0"),
        (json!({"count": 1, "hours": 5}), "/hours"),
    ] {
        let answer = desk.lease("Ed", body.clone()).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.text());
        let named = answer.value()["errors"][0]["pointer"].clone();
        let named = named.as_str().unwrap_or_default();
        assert!(
            pointer.starts_with(named) && !named.is_empty(),
            "{body}: {named}"
        );
    }
    for query in ["?record=x", "?records=x"] {
        let answer = desk
            .ask("Ed", "DELETE", &format!("{LEASES}{query}"), &[], None)
            .await;
        assert_eq!(answer.status, 400, "{}", answer.text());
    }
    let mut writer = desk.site.database.superuser().await;
    let held = rows(&mut writer, "select * from ledger.leases").await;
    assert!(held.is_empty(), "{held:?}");
    // The public side knows nothing of it.
    let mut reader = Database::empty().await.reader().await;
    assert!(
        attempt(&mut reader, "select * from ledger.leases")
            .await
            .is_err()
    );
}
