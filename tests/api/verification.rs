//! Verification: what somebody found who tried whether a record is so, and what becomes of it.

use crate::{
    curation::{Desk, LINE, faults, organization, source, topic},
    support::{Database, rows, small},
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Stands in notes and reasons, and never where the public reads.
const CANARY: &str = "kanarienvogel";
const VERIFICATIONS: &str = "/v1/hotlines/one-line/verifications";

impl Desk {
    /// Id of a contact point of the hotline, by its place.
    async fn point(&self, place: usize) -> String {
        let record = self.get("Ed", &format!("{LINE}/record")).await;
        let id = &record["document"]["contact_points"][place]["id"];
        id.as_str().unwrap().to_owned()
    }

    /// Says what came of trying something, against the revision that stands.
    async fn verify(&self, status: u16, who: &str, record: &str, found: Value) -> Value {
        let read = format!("{record}/record");
        let read = self.ask("Ed", "GET", &read, &[], None).await;
        let headers = [("If-Match", read.header("etag"))];
        let uri = format!("{record}/verifications");
        let answer = self.ask(who, "POST", &uri, &headers, Some(found)).await;
        assert_eq!(answer.status, status, "{}", answer.text());
        answer.value()
    }

    /// The numbers that help gives in a country, as soon as it knows what stands, and how long that took.
    async fn helped(&self) -> (Vec<String>, Duration) {
        let since = Instant::now();
        loop {
            let known = self.site.json("/v1/help?country=GB").await;
            if known["revision"] == self.site.json("/v1").await["revision"] {
                let contacts = known["contacts"].as_array().unwrap().iter();
                let points = contacts.flat_map(|one| one["contact_points"].as_array().unwrap());
                let values = points.map(|point| point["value"].as_str().unwrap().to_owned());
                return (values.collect(), since.elapsed());
            }
            assert!(since.elapsed() < Duration::from_secs(20), "help is behind");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn entry(&self) -> Value {
        self.get("Ed", &format!("{LINE}/history")).await["contents"][0].clone()
    }
}

#[actix_web::test]
async fn what_is_confirmed_says_when_and_how_and_nothing_of_who_and_why() {
    let desk = Desk::small().await;
    let (first, second) = (desk.point(0).await, desk.point(1).await);
    let note = format!("a worker called {CANARY} answered");
    let found =
        json!({"outcome": "confirmed", "method": "called", "note": note, "contact_point": first});
    let after = desk.verify(200, "Ed", LINE, found).await;
    assert_eq!(after["status"], "published");
    let shown = desk.site.json(LINE).await;
    let point = |id: &str| {
        let points = shown["contact_points"].as_array().unwrap().iter();
        points.clone().find(|one| one["id"] == *id).unwrap().clone()
    };
    assert!(point(&first)["verified_at"].is_string(), "{shown}");
    assert_eq!(
        (
            &point(&first)["verification_method"],
            &point(&first)["outcome"]
        ),
        (&json!("called"), &Value::Null)
    );
    assert_eq!(
        (
            &point(&first)["freshness"]["verified"],
            &point(&first)["freshness"]["age_days"]
        ),
        (&json!(true), &json!(0))
    );
    // Of the other number and of the record nothing is said by that.
    for other in [&point(&second), &shown] {
        assert_eq!(
            (&other["verified_at"], &other["verification_method"]),
            (&Value::Null, &Value::Null)
        );
    }
    let entry = desk.entry().await;
    assert_eq!(
        (&entry["action"], &entry["actor"]),
        (&json!("verified"), &json!("Ed"))
    );
    assert_eq!(
        (&entry["reason"], &entry["second_person"]),
        (&json!(note), &Value::Null)
    );
    let kept = &entry["verification"];
    assert_eq!(
        (&kept["outcome"], &kept["method"], &kept["contact_point"]),
        (&json!("confirmed"), &json!("called"), &json!(first))
    );
    assert_eq!(kept["at"], point(&first)["verified_at"]);
    // Records of all four resources; the method of the last confirmation stands.
    let found = json!({"outcome": "confirmed", "method": "official_page", "note": CANARY});
    desk.verify(200, "Paul", LINE, found.clone()).await;
    desk.verify(200, "Ed", "/v1/organizations/one", found).await;
    let failed = json!({"outcome": "unreachable", "method": "texted", "note": CANARY});
    desk.verify(200, "Ed", "/v1/organizations/one", failed)
        .await;
    let one = desk.site.json("/v1/organizations/one").await;
    assert!(one["verified_at"].is_string(), "{one}");
    assert_eq!(
        (&one["verification_method"], &one["outcome"]),
        (&json!("official_page"), &json!("unreachable"))
    );
    for uri in [
        LINE,
        "/v1/hotlines",
        "/v1/hotlines?format=csv",
        "/v1/hotlines?format=ndjson",
        "/v1/organizations",
        "/v1/organizations/one",
        "/v1/changes?since=0",
        "/v1/help?country=GB",
        "/v1/search?search=one",
        "/v1/search?search=kanarienvogel",
        "/v1",
    ] {
        let answer = desk.site.get(uri).await;
        assert_eq!(answer.status, 200, "{uri}");
        let whole = answer.whole().replace("search=kanarienvogel", "");
        let said = whole.replace("\"kanarienvogel\"", "");
        assert!(
            !said.contains(CANARY) && !said.contains("\"Ed\""),
            "{uri}: {said}"
        );
    }
    let mut reader = desk.site.database.superuser().await;
    let copied =
        "select count(*) as n from published.hotlines where document::text like '%kanarienvogel%'";
    assert_eq!(rows(&mut reader, copied).await[0]["n"], 0);
}

#[actix_web::test]
async fn what_leads_nowhere_is_taken_out_of_help_by_one_and_brought_back_by_two() {
    let desk = Desk::small().await;
    let first = desk.point(0).await;
    assert_eq!(desk.helped().await.0, ["01632 960001", "01632 960002"]);
    for outcome in ["unreachable", "closed"] {
        let found = json!({"outcome": outcome, "method": "called", "contact_point": first});
        // Whatever stands: it waits for nobody, as hiding does.
        desk.done(200, "Ed", "POST", VERIFICATIONS, found.clone())
            .await;
        let (values, took) = desk.helped().await;
        assert_eq!(values, ["01632 960002"], "{outcome}");
        assert!(took < Duration::from_secs(1), "{took:?}");
        // It is listed still, and says so.
        let shown = desk.site.json(LINE).await;
        assert_eq!(shown["contact_points"][0]["outcome"], outcome);
        // What stands so takes no revision.
        let before = desk.entry().await;
        desk.done(200, "Paul", "POST", VERIFICATIONS, found).await;
        assert_eq!(desk.entry().await["revision"], before["revision"]);
    }
    // By no outcome does one person give it to people again.
    let changed = json!({"outcome": "changed", "method": "called", "contact_point": first});
    let waits = desk.verify(202, "Ada", LINE, changed).await;
    assert_eq!(waits["verification"]["outcome"], "changed");
    let confirmed = json!({"outcome": "confirmed", "method": "called", "note": "They mended it.", "contact_point": first});
    let waits = desk.verify(202, "Paul", LINE, confirmed).await;
    assert_eq!(
        (&waits["reason"], &waits["patch"]),
        (&json!("They mended it."), &json!({}))
    );
    assert_eq!(desk.helped().await.0, ["01632 960002"]);
    let uri = format!("/v1/proposals/{}", waits["id"].as_str().unwrap());
    let read = desk.get("Pia", &uri).await;
    assert_eq!(
        read["changes"],
        json!([{"pointer": format!("/contact_points/{first}/outcome"), "base": "closed", "current": "closed", "proposed": null, "conflict": false}])
    );
    desk.accept(403, "Paul", &waits).await;
    desk.accept(200, "Pia", &waits).await;
    assert_eq!(desk.helped().await.0, ["01632 960001", "01632 960002"]);
    let entry = desk.entry().await;
    assert_eq!(
        (&entry["actor"], &entry["second_person"], &entry["action"]),
        (&json!("Paul"), &json!("Pia"), &json!("verified"))
    );
    // It was verified when somebody called, not when somebody agreed.
    let point = desk.site.json(LINE).await["contact_points"][0].clone();
    assert_eq!(point["verified_at"], waits["verification"]["at"]);
    // The same of the whole line.
    let hours = json!({"hours": "24/7", "always_open": true});
    desk.done(200, "Paul", "PATCH", LINE, hours).await;
    let open = async || desk.site.json("/v1/hotlines?open_at=now").await["total_items"].clone();
    assert_eq!(open().await, 1);
    desk.done(
        200,
        "Ed",
        "POST",
        VERIFICATIONS,
        json!({"outcome": "closed", "method": "official_page"}),
    )
    .await;
    assert!(desk.helped().await.0.is_empty());
    // It is open at no time, and a search says what became of it.
    assert_eq!(open().await, 0);
    let found = desk.site.json("/v1/search?search=one-line").await;
    assert_eq!(found["contents"][0]["outcome"], "closed", "{found}");
    let confirmed = json!({"outcome": "confirmed", "method": "called"});
    let waits = desk.verify(202, "Ed", LINE, confirmed).await;
    // Who agrees agrees to what was tried, not to what became of it.
    desk.done(200, "Paul", "PATCH", LINE, json!({"notes": "x"}))
        .await;
    desk.accept(409, "Pia", &waits).await;
    assert!(desk.helped().await.0.is_empty());
}

#[actix_web::test]
async fn an_organization_that_is_gone_is_no_place_to_report_to() {
    let database = Database::empty().await;
    let mut everywhere = organization("one", "One");
    everywhere["scope"] = json!("global");
    everywhere["actions"] = json!([{"action": "report", "url": "https://report.example/"}]);
    let records = vec![
        ("sources", source("source-one"), "published", "public"),
        ("topics", topic("online_abuse"), "published", "public"),
        ("organizations", everywhere, "published", "public"),
    ];
    database.write("first", records).await;
    let desk = Desk::over(database).await;
    let given = async || {
        desk.helped().await;
        let help = desk.site.json("/v1/help?country=GB").await;
        help["organizations"].as_array().unwrap().len()
    };
    assert_eq!(given().await, 1);
    let record = "/v1/organizations/one";
    let closed = json!({"outcome": "closed", "method": "official_page"});
    desk.verify(200, "Ed", record, closed).await;
    assert_eq!(given().await, 0);
    let confirmed = json!({"outcome": "confirmed", "method": "official_page"});
    let waits = desk.verify(202, "Paul", record, confirmed).await;
    assert_eq!(given().await, 0);
    desk.accept(200, "Pia", &waits).await;
    assert_eq!(given().await, 1);
}

#[actix_web::test]
async fn what_changed_stays_and_says_that_a_correction_is_awaited() {
    let desk = Desk::small().await;
    let first = desk.point(0).await;
    let found = json!({"outcome": "changed", "method": "official_page", "contact_point": first});
    desk.verify(200, "Ed", LINE, found).await;
    let point = desk.site.json(LINE).await["contact_points"][0].clone();
    assert_eq!(
        (&point["outcome"], &point["verified_at"]),
        (&json!("changed"), &Value::Null)
    );
    assert_eq!(desk.helped().await.0.len(), 2);
    let confirmed = json!({"outcome": "confirmed", "method": "called", "contact_point": first});
    let after = desk.verify(200, "Eve", LINE, confirmed).await;
    assert_eq!(
        after["document"]["contact_points"][0]["outcome"],
        Value::Null
    );
}

#[actix_web::test]
async fn what_was_verified_stands_whatever_else_is_written_and_ends_with_what_is_dialled() {
    let database = Database::empty().await;
    database.import(&small(), &[]).await.unwrap();
    let desk = Desk::over(database).await;
    let first = desk.point(0).await;
    for contact_point in [json!(first), Value::Null] {
        let found =
            json!({"outcome": "confirmed", "method": "texted", "contact_point": contact_point});
        desk.verify(200, "Ed", LINE, found).await;
    }
    let stated = async || {
        let shown = desk.site.json(LINE).await;
        let point = &shown["contact_points"][0];
        ["verified_at", "verification_method", "outcome"]
            .map(|name| (shown[name].clone(), point[name].clone()))
    };
    let verified = stated().await;
    assert!(verified[0].0.is_string() && verified[0].1.is_string());
    // An import of what stands changes nothing, and one of something else only that.
    let again = desk
        .site
        .database
        .import(&small(), &[("LODESTAR_ONE_PERSON", "true")])
        .await
        .unwrap();
    assert_eq!(again[..2], [0, 0], "{again:?}");
    desk.done(200, "Paul", "PATCH", LINE, json!({"notes": "Ring twice."}))
        .await;
    assert_eq!(stated().await, verified);
    // Restoring what stood before it was verified leaves it verified.
    let history = desk.get("Ed", &format!("{LINE}/history")).await;
    let oldest = history["contents"].as_array().unwrap().last().unwrap()["revision"].clone();
    desk.done(
        200,
        "Ada",
        "POST",
        &format!("{LINE}/restore"),
        json!({"revision": oldest}),
    )
    .await;
    assert_eq!(desk.site.json(LINE).await["notes"], Value::Null);
    assert_eq!(stated().await, verified);
    // So an outcome is not undone by restoring either.
    desk.done(
        200,
        "Ed",
        "POST",
        VERIFICATIONS,
        json!({"outcome": "closed", "method": "called"}),
    )
    .await;
    desk.done(
        200,
        "Ada",
        "POST",
        &format!("{LINE}/restore"),
        json!({"revision": oldest}),
    )
    .await;
    assert_eq!(desk.site.json(LINE).await["outcome"], "closed");
    // Another number was never verified, whatever it is sent with.
    let document = desk.get("Ed", &format!("{LINE}/record")).await["document"].clone();
    let mut points = document["contact_points"].clone();
    points[0]["note"] = json!("Ask for the desk.");
    let waits = desk
        .done(
            202,
            "Paul",
            "PATCH",
            LINE,
            json!({"contact_points": points}),
        )
        .await;
    desk.accept(200, "Pia", &waits).await;
    let after = stated().await;
    assert_eq!((&after[0].1, &after[1].1), (&Value::Null, &Value::Null));
    assert_eq!(after[0].0, verified[0].0);
}

#[actix_web::test]
async fn what_does_not_fit_is_refused_and_changes_nothing() {
    let desk = Desk::small().await;
    let good = json!({"outcome": "confirmed", "method": "called"});
    let head = desk.entry().await["revision"].clone();
    let with = |name: &str, value: Value| {
        let mut body = good.clone();
        body[name] = value;
        body
    };
    let nobody = "0197e5a0-0000-7000-8000-000000000000";
    for (status, body, wanted) in [
        (400, json!({}), "/outcome missing"),
        (400, json!({"outcome": "confirmed"}), "/method missing"),
        (400, with("outcome", json!("fine")), "/outcome not_in_list"),
        (400, with("method", json!("dreamt")), "/method not_in_list"),
        (
            400,
            with("verified_at", json!("2026-01-01T00:00:00Z")),
            "/verified_at unknown_field",
        ),
        (400, with("contact_point", json!(1)), "/contact_point type"),
        (
            422,
            with("contact_point", json!(nobody)),
            "/contact_point reference",
        ),
        (422, with("note", json!("x".repeat(501))), "/note text"),
    ] {
        let answer = desk
            .ask(
                "Ed",
                "POST",
                VERIFICATIONS,
                &[("If-Match", &format!("\"{head}\""))],
                Some(body.clone()),
            )
            .await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text());
        let named: Vec<String> = faults(&answer)
            .into_iter()
            .map(|(pointer, code)| format!("{pointer} {code}"))
            .collect();
        assert!(named.contains(&wanted.to_owned()), "{body}: {named:?}");
    }
    // What was read is named; a confirmation of whatever stands is none.
    for (status, if_match) in [(428, None), (428, Some("*")), (412, Some("\"1\""))] {
        let headers: Vec<_> = if_match
            .map(|value| ("If-Match", value))
            .into_iter()
            .collect();
        let answer = desk
            .ask("Ed", "POST", VERIFICATIONS, &headers, Some(good.clone()))
            .await;
        assert_eq!(answer.status, status, "{}", answer.text());
    }
    for (status, who, uri) in [
        (403, "Cleo", VERIFICATIONS),
        (401, "nobody", VERIFICATIONS),
        (404, "Ada", "/v1/topics/online_abuse/verifications"),
        (404, "Ada", "/v1/sources/source-one/verifications"),
        (404, "Ed", "/v1/hotlines/none/verifications"),
    ] {
        let answer = desk
            .ask(
                who,
                "POST",
                uri,
                &[("If-Match", "\"1\"")],
                Some(good.clone()),
            )
            .await;
        assert_eq!(answer.status, status, "{who} {uri}: {}", answer.text());
    }
    assert_eq!(desk.entry().await["revision"], head);
    // The same write twice is one, and another under its key is refused.
    let etag = format!("\"{head}\"");
    let headers = [("If-Match", etag.as_str()), ("Idempotency-Key", "once")];
    let first = desk
        .ask("Ed", "POST", VERIFICATIONS, &headers, Some(good.clone()))
        .await;
    let again = desk
        .ask("Ed", "POST", VERIFICATIONS, &headers, Some(good.clone()))
        .await;
    assert_eq!((first.status, first.body), (200, again.body));
    assert_eq!(
        desk.get("Ed", &format!("{LINE}/history")).await["total_items"],
        2
    );
    let other = with("method", json!("texted"));
    let other = desk
        .ask("Ed", "POST", VERIFICATIONS, &headers, Some(other))
        .await;
    assert_eq!(other.status, 422, "{}", other.text());
    desk.done(200, "Paul", "POST", &format!("{LINE}/archive"), json!({}))
        .await;
    desk.verify(409, "Ed", LINE, good.clone()).await;
}
