//! Curation: writes, the second person, hiding, history, proposals, as maintainers meet them.

mod findings;

use crate::support::{Answer, Database, Site, attempt, rows};
use actix_web::test::TestRequest;
use serde_json::{Value, json};

/// A directory with people who curate it.
pub struct Desk {
    pub site: Site,
    keys: Vec<(&'static str, String)>,
}

/// Who is there: name and role.
const PEOPLE: [(&str, &str); 7] = [
    ("Cleo", "contributor"),
    ("Ed", "editor"),
    ("Eve", "editor"),
    ("Paul", "publisher"),
    ("Pia", "publisher"),
    ("Amy", "admin"),
    ("Ada", "admin"),
];

impl Desk {
    pub async fn over(database: Database) -> Self {
        let mut keys = Vec::new();
        for (name, role) in PEOPLE {
            keys.push((name, database.key(name, role).await));
        }
        let site = Site::over(database).await;
        site.know(&keys[PEOPLE.len() - 1].1).await;
        Self { site, keys }
    }

    /// With a source, a hotline of two numbers, an organization, all public.
    pub async fn small() -> Self {
        let database = Database::empty().await;
        let records = vec![
            ("sources", source("source-one"), "published", "public"),
            ("topics", topic("online_abuse"), "published", "public"),
            (
                "organizations",
                organization("one", "One"),
                "published",
                "public",
            ),
            (
                "hotlines",
                hotline(
                    "one-line",
                    json!([number("01632 960001"), number("01632 960002")]),
                ),
                "published",
                "public",
            ),
        ];
        database.write("first", records).await;
        Self::over(database).await
    }

    pub async fn ask(
        &self,
        who: &str,
        method: &str,
        uri: &str,
        headers: &[(&'static str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let mut request = TestRequest::default()
            .method(method.parse().unwrap())
            .uri(uri);
        if let Some((_, key)) = self.keys.iter().find(|(name, _)| *name == who) {
            request = request.insert_header(("Authorization", format!("Bearer {key}")));
        }
        for header in headers {
            request = request.insert_header(*header);
        }
        if let Some(body) = body {
            request = request
                .insert_header(("Content-Type", "application/json"))
                .set_payload(body.to_string());
        }
        self.site.ask(request).await
    }

    /// Sends bytes of some media type.
    pub async fn send(&self, who: &str, uri: &str, kind: &str, bytes: Vec<u8>) -> Answer {
        let key = self.keys.iter().find(|(name, _)| *name == who).unwrap();
        let request = TestRequest::post()
            .uri(uri)
            .insert_header(("Authorization", format!("Bearer {}", key.1)))
            .insert_header(("Content-Type", kind))
            .set_payload(bytes);
        self.site.ask(request).await
    }

    pub async fn get(&self, who: &str, uri: &str) -> Value {
        let answer = self.ask(who, "GET", uri, &[], None).await;
        assert_eq!(answer.status, 200, "{uri}: {}", answer.text());
        answer.value()
    }

    /// POST or PATCH on whatever stands.
    pub async fn act(&self, who: &str, method: &str, uri: &str, body: Value) -> Answer {
        if let Some(record) = uri.strip_suffix("/publish") {
            let read = self
                .ask(who, "GET", &format!("{record}/record"), &[], None)
                .await;
            let etag = [("If-Match", read.header("etag"))];
            return self.ask(who, method, uri, &etag, Some(body)).await;
        }
        self.ask(who, method, uri, &[("If-Match", "*")], Some(body))
            .await
    }

    /// The same, which must be answered so.
    pub async fn done(
        &self,
        status: u16,
        who: &str,
        method: &str,
        uri: &str,
        body: Value,
    ) -> Value {
        let answer = self.act(who, method, uri, body).await;
        assert_eq!(answer.status, status, "{method} {uri}: {}", answer.text());
        answer.value()
    }

    pub async fn accept(&self, status: u16, who: &str, proposal: &Value) -> Value {
        let uri = format!("/v1/proposals/{}/accept", proposal["id"].as_str().unwrap());
        self.done(status, who, "POST", &uri, json!({"reason": "called"}))
            .await
    }

    /// The numbers of the hotline, as a stranger reads them.
    pub async fn numbers(&self, uri: &str) -> Vec<String> {
        let record = self.site.json(uri).await;
        let points = record["contact_points"].as_array().unwrap();
        points
            .iter()
            .map(|point| point["value"].as_str().unwrap().to_owned())
            .collect()
    }
}

pub fn citation() -> Value {
    json!([{"source": "source-one", "published_on": "2026"}])
}

pub fn source(slug: &str) -> Value {
    json!({"slug": slug, "title": slug, "url": "https://source.example/"})
}

pub fn topic(slug: &str) -> Value {
    json!({"slug": slug, "name": slug, "axis": "type", "description": "Text."})
}

pub fn organization(slug: &str, name: &str) -> Value {
    json!({"slug": slug, "name": name, "kind": "ngo", "description": "Helps.", "country": "GB", "scope": "national",
        "lang": "en", "topics": ["online_abuse"], "website": "https://one.example/", "sources": citation()})
}

pub fn number(value: &str) -> Value {
    let digits: String = value.chars().filter(char::is_ascii_digit).skip(1).collect();
    json!({"channel": "phone", "value": value, "e164": format!("+44{digits}"), "dialable_from": ["GB"]})
}

pub fn hotline(slug: &str, points: Value) -> Value {
    json!({"slug": slug, "name": slug, "organization": "one", "lang": "en", "coverage": ["GB"], "topics": ["online_abuse"],
        "passed_to_police": "unknown", "passed_to_immigration": "unknown", "contact_points": points, "sources": citation()})
}

/// Pointer and code of each error.
pub fn faults(answer: &Answer) -> Vec<(String, String)> {
    let problem = answer.value();
    let errors = problem["errors"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut named: Vec<(String, String)> = errors
        .map(|error| {
            assert!(error["reason"].is_string() && error["remedy"].is_string());
            (text(&error["pointer"]), text(&error["code"]))
        })
        .collect();
    named.sort();
    named
}

pub const LINE: &str = "/v1/hotlines/one-line";

#[actix_web::test]
async fn a_changed_number_waits_for_a_second_person_whatever_the_path() {
    let desk = Desk::small().await;
    let other = json!([number("01632 960009")]);
    let document = desk.get("Paul", &format!("{LINE}/record")).await["document"].clone();
    let mut whole = hotline("one-line", other.clone());
    whole["notes"] = json!("x");
    let by_patch = desk
        .done(202, "Paul", "PATCH", LINE, json!({"contact_points": other}))
        .await;
    let by_put = desk.done(202, "Ada", "PUT", LINE, whole).await;
    let by_proposal = json!({"resource": "hotlines", "record": "one-line", "revision": 4, "reason": "Their page says so.",
        "evidence_url": "https://one.example/contact", "patch": {"contact_points": other}});
    let by_proposal = desk
        .done(202, "Cleo", "POST", "/v1/proposals", by_proposal)
        .await;
    // Also where the number stays and something of it is altered.
    let mut altered = document["contact_points"].clone();
    for point in altered.as_array_mut().unwrap() {
        for field in ["visibility", "verified_at"] {
            point.as_object_mut().unwrap().remove(field);
        }
    }
    altered[0]["dialable_from"] = json!(["GB", "IE"]);
    let by_detail = desk
        .done(
            202,
            "Paul",
            "PATCH",
            LINE,
            json!({"contact_points": altered}),
        )
        .await;
    // Nothing of it is public, and nobody decides on their own.
    assert_eq!(desk.numbers(LINE).await, ["01632 960001", "01632 960002"]);
    for (proposal, author) in [(&by_patch, "Paul"), (&by_put, "Ada"), (&by_detail, "Paul")] {
        assert_eq!(proposal["state"], "open");
        assert_eq!(proposal["proposed_by"], author);
        desk.accept(403, author, proposal).await;
    }
    desk.accept(403, "Cleo", &by_patch).await;
    desk.accept(403, "Ed", &by_patch).await;
    desk.accept(403, "Cleo", &by_proposal).await;
    let accepted = desk.accept(200, "Pia", &by_patch).await;
    assert_eq!(
        (&accepted["decided_by"], &accepted["decision"]),
        (&json!("Pia"), &json!("called"))
    );
    assert_eq!(desk.numbers(LINE).await, ["01632 960009"]);
    desk.accept(409, "Ada", &by_patch).await;
    // The ledger names both.
    let history = desk.get("Ed", &format!("{LINE}/history")).await;
    let entry = &history["contents"][0];
    assert_eq!(
        (&entry["actor"], &entry["second_person"]),
        (&json!("Paul"), &json!("Pia"))
    );
    assert_eq!(entry["proposal"], by_patch["id"]);
    assert_eq!(entry["revision"], accepted["revision"]);
    // What was proposed against what stood before conflicts now, and both values show.
    let uri = format!("/v1/proposals/{}/accept", by_detail["id"].as_str().unwrap());
    let refused = desk.act("Pia", "POST", &uri, json!({})).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    let conflict = &refused.value()["conflicts"][0];
    let pointer = conflict["pointer"].as_str().unwrap();
    assert!(pointer.ends_with("/dialable_from"), "{pointer}");
    // The number is not there any more.
    assert_eq!(
        (
            &conflict["base"],
            &conflict["current"],
            &conflict["proposed"]
        ),
        (&json!(["GB"]), &Value::Null, &json!(["GB", "IE"]))
    );
    let shown = desk
        .get(
            "Pia",
            &format!("/v1/proposals/{}", by_detail["id"].as_str().unwrap()),
        )
        .await;
    assert_eq!(shown["changes"][0]["conflict"], true);
    desk.accept(409, "Pia", &by_proposal).await;
}

#[actix_web::test]
async fn addresses_that_lead_people_somewhere_wait_too() {
    let desk = Desk::small().await;
    let uri = "/v1/organizations/one";
    for patch in [
        json!({"website": "https://elsewhere.example/"}),
        json!({"emails": ["help@elsewhere.example"]}),
        json!({"actions": [{"action": "report", "url": "https://elsewhere.example/report"}]}),
    ] {
        desk.done(202, "Paul", "PATCH", uri, patch).await;
    }
    assert_eq!(desk.site.json(uri).await["website"], "https://one.example/");
    // What stands so already is no change.
    desk.done(
        200,
        "Cleo",
        "PATCH",
        uri,
        json!({"website": "https://one.example/"}),
    )
    .await;
    assert_eq!(desk.get("Cleo", "/v1/proposals").await["total_items"], 0);
    // Taking one away, and prose, need nobody else.
    desk.done(
        200,
        "Paul",
        "PATCH",
        uri,
        json!({"website": null, "description": "Helps more."}),
    )
    .await;
    assert_eq!(desk.site.json(uri).await["website"], Value::Null);
}

#[actix_web::test]
async fn roles_decide_what_a_write_becomes() {
    let desk = Desk::small().await;
    let uri = "/v1/organizations/one";
    desk.done(
        202,
        "Cleo",
        "PATCH",
        uri,
        json!({"description": "By Cleo."}),
    )
    .await;
    let proposal = desk
        .done(202, "Ed", "PATCH", uri, json!({"description": "By Ed."}))
        .await;
    desk.done(200, "Paul", "PATCH", uri, json!({"alternate_name": "Uno"}))
        .await;
    // What Ed proposed is another field: it fits still.
    desk.accept(200, "Paul", &proposal).await;
    let record = desk.site.json(uri).await;
    assert_eq!(
        (&record["description"], &record["alternate_name"]),
        (&json!("By Ed."), &json!("Uno"))
    );
    // Taxonomies are for admins.
    let term = "/v1/topics/online_abuse";
    let proposal = desk
        .done(202, "Paul", "PATCH", term, json!({"name": "Abuse"}))
        .await;
    desk.accept(403, "Pia", &proposal).await;
    desk.accept(200, "Ada", &proposal).await;
    assert_eq!(desk.site.json(term).await["name"], "Abuse");
    // A contributor reads what is their own.
    let own = desk.get("Cleo", "/v1/proposals").await;
    assert_eq!(own["total_items"], 1);
    let mine = own["contents"][0]["id"].as_str().unwrap().to_owned();
    desk.done(
        403,
        "Paul",
        "POST",
        &format!("/v1/proposals/{mine}/withdraw"),
        json!({}),
    )
    .await;
    let withdrawn = desk
        .done(
            200,
            "Cleo",
            "POST",
            &format!("/v1/proposals/{mine}/withdraw"),
            json!({}),
        )
        .await;
    assert_eq!(withdrawn["state"], "withdrawn");
    desk.done(
        409,
        "Pia",
        "POST",
        &format!("/v1/proposals/{mine}/reject"),
        json!({}),
    )
    .await;
    assert_eq!(
        desk.get("Pia", "/v1/proposals?state=accepted").await["total_items"],
        2
    );
}

#[actix_web::test]
async fn a_draft_is_published_by_somebody_else_than_its_author() {
    let desk = Desk::small().await;
    let draft = hotline("new-line", json!([number("01632 960003")]));
    let made = desk
        .done(201, "Ed", "POST", "/v1/hotlines", draft.clone())
        .await;
    assert_eq!(
        (&made["status"], &made["visibility"]),
        (&json!("draft"), &json!("public"))
    );
    let uri = "/v1/hotlines/new-line";
    assert_eq!(desk.site.get(uri).await.status, 404);
    assert_eq!(desk.ask("Paul", "GET", uri, &[], None).await.status, 404);
    let shown = desk.get("Paul", &format!("{uri}?status=draft")).await;
    assert_eq!(shown["status"], "draft");
    assert_eq!(
        desk.get("Ed", "/v1/hotlines?status=draft").await["total_items"],
        1
    );
    assert_eq!(
        desk.get("Ed", "/v1/hotlines?status=draft&country=FR").await["total_items"],
        0
    );
    assert_eq!(desk.get("Ed", "/v1/hotlines").await["total_items"], 1);
    desk.done(403, "Ed", "POST", &format!("{uri}/publish"), json!({}))
        .await;
    // Who publishes answers for what they read.
    let blindly = desk
        .ask(
            "Paul",
            "POST",
            &format!("{uri}/publish"),
            &[("If-Match", "*")],
            Some(json!({})),
        )
        .await;
    assert_eq!(blindly.status, 428);
    let public = desk
        .done(
            200,
            "Paul",
            "POST",
            &format!("{uri}/publish"),
            json!({"reason": "checked"}),
        )
        .await;
    assert_eq!(public["status"], "published");
    assert_eq!(desk.numbers(uri).await, ["01632 960003"]);
    let history = desk.get("Ed", &format!("{uri}/history")).await;
    assert_eq!(history["contents"][0]["action"], "published");
    assert_eq!(history["contents"][0]["second_person"], "Ed");
    // A publisher's own draft needs another publisher.
    let mut own = draft;
    own["slug"] = json!("own-line");
    desk.done(201, "Paul", "POST", "/v1/hotlines", own).await;
    let uri = "/v1/hotlines/own-line";
    let waits = desk
        .done(202, "Paul", "POST", &format!("{uri}/publish"), json!({}))
        .await;
    assert_eq!(desk.site.get(uri).await.status, 404);
    // What was seen is what is shown: a draft that changed meanwhile is proposed anew.
    desk.done(
        200,
        "Ed",
        "PATCH",
        uri,
        json!({"contact_points": [number("01632 960004")]}),
    )
    .await;
    desk.accept(409, "Pia", &waits).await;
    assert_eq!(desk.site.get(uri).await.status, 404);
    let waits = desk
        .done(202, "Paul", "POST", &format!("{uri}/publish"), json!({}))
        .await;
    desk.accept(200, "Pia", &waits).await;
    assert_eq!(desk.numbers(uri).await, ["01632 960004"]);
    // What a contributor makes becomes a draft when it is accepted.
    let by_cleo = desk
        .done(
            202,
            "Cleo",
            "POST",
            "/v1/organizations",
            organization("two", "Two"),
        )
        .await;
    assert_eq!(by_cleo["record_id"], Value::Null);
    desk.accept(200, "Paul", &by_cleo).await;
    assert_eq!(
        desk.get("Ed", "/v1/organizations/two?status=draft").await["name"],
        "Two"
    );
    desk.accept(409, "Paul", &by_cleo).await;
}

#[actix_web::test]
async fn hiding_takes_one_and_showing_again_takes_two() {
    let desk = Desk::small().await;
    let before = desk.get("Ed", &format!("{LINE}/record")).await;
    let id = before["document"]["contact_points"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    // One call, without the revision.
    let hidden = desk
        .ask(
            "Ed",
            "POST",
            &format!("{LINE}/contact_points/{id}/hide"),
            &[],
            Some(json!({})),
        )
        .await;
    assert_eq!(hidden.status, 200, "{}", hidden.text());
    assert_eq!(desk.numbers(LINE).await, ["01632 960002"]);
    assert_eq!(desk.site.total("/v1/hotlines?search=01632960001").await, 0);
    let seen = desk
        .get("Ed", &format!("{LINE}?visibility=public&visibility=hidden"))
        .await;
    assert_eq!(seen["contact_points"].as_array().unwrap().len(), 2);
    assert_eq!(
        desk.get("Ed", LINE).await["contact_points"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    // Who proposes alone does not see it, not even by changing nothing.
    let nothing = desk
        .done(200, "Cleo", "PATCH", LINE, json!({"name": "one-line"}))
        .await;
    let read = desk.get("Cleo", &format!("{LINE}/record")).await;
    for seen in [nothing, read] {
        assert!(!seen.to_string().contains("960001"), "{seen}");
    }
    // No edit brings it back, not even one that a second person accepts.
    let both = json!({"contact_points": [number("01632 960001"), number("01632 960002")]});
    desk.done(200, "Paul", "PATCH", LINE, both).await;
    assert_eq!(desk.numbers(LINE).await, ["01632 960002"]);
    let other = json!({"contact_points": [number("01632 960001"), number("01632 960005")]});
    let proposal = desk.done(202, "Paul", "PATCH", LINE, other).await;
    desk.accept(200, "Pia", &proposal).await;
    assert_eq!(desk.numbers(LINE).await, ["01632 960005"]);
    let first = before["revision"].as_i64().unwrap();
    let restore = desk
        .done(
            202,
            "Ada",
            "POST",
            &format!("{LINE}/restore"),
            json!({"revision": first}),
        )
        .await;
    desk.accept(200, "Pia", &restore).await;
    assert_eq!(desk.numbers(LINE).await, ["01632 960002"]);
    // Two show it again.
    let unhide = format!("{LINE}/contact_points/{id}/unhide");
    let proposal = desk.done(202, "Ed", "POST", &unhide, json!({})).await;
    assert_eq!(proposal["contact_point"], json!(id));
    assert_eq!(desk.numbers(LINE).await, ["01632 960002"]);
    let shown = desk
        .get(
            "Paul",
            &format!("/v1/proposals/{}", proposal["id"].as_str().unwrap()),
        )
        .await;
    assert_eq!(shown["changes"][0]["current"]["value"], "01632 960001");
    assert_eq!(shown["changes"][0]["proposed"]["visibility"], "public");
    desk.accept(200, "Paul", &proposal).await;
    assert_eq!(desk.numbers(LINE).await, ["01632 960002", "01632 960001"]);
    // The record as a whole.
    desk.done(
        200,
        "Eve",
        "POST",
        &format!("{LINE}/hide"),
        json!({"reason": "wrong"}),
    )
    .await;
    assert_eq!(desk.site.get(LINE).await.status, 404);
    let proposal = desk
        .done(202, "Ada", "POST", &format!("{LINE}/unhide"), json!({}))
        .await;
    desk.accept(403, "Ada", &proposal).await;
    desk.accept(200, "Pia", &proposal).await;
    assert_eq!(desk.site.get(LINE).await.status, 200);
    // One that was never shown, too.
    desk.done(
        201,
        "Ed",
        "POST",
        "/v1/organizations",
        organization("two", "Two"),
    )
    .await;
    desk.done(200, "Ed", "POST", "/v1/organizations/two/hide", json!({}))
        .await;
    desk.done(
        202,
        "Paul",
        "POST",
        "/v1/organizations/two/unhide",
        json!({}),
    )
    .await;
    desk.done(
        404,
        "Ed",
        "POST",
        &format!(
            "{LINE}/contact_points/{}/hide",
            before["id"].as_str().unwrap()
        ),
        json!({}),
    )
    .await;
}

#[actix_web::test]
async fn revisions_are_compared_and_repeated_writes_are_one() {
    let desk = Desk::small().await;
    let uri = "/v1/organizations/one";
    let patch = |text: &str| Some(json!({"description": text}));
    let missing = desk.ask("Paul", "PATCH", uri, &[], patch("a")).await;
    assert_eq!(missing.status, 428);
    let read = desk.ask("Paul", "GET", uri, &[], None).await;
    let etag = read.header("etag").to_owned();
    assert_eq!(read.header("cache-control"), "private, no-store");
    let keyed = [("If-Match", etag.as_str()), ("Idempotency-Key", "k-1")];
    let first = desk.ask("Paul", "PATCH", uri, &keyed, patch("a")).await;
    assert_eq!(first.status, 200, "{}", first.text());
    let again = desk.ask("Paul", "PATCH", uri, &keyed, patch("a")).await;
    assert_eq!(
        (again.status, &again.body, again.header("etag")),
        (200, &first.body, first.header("etag"))
    );
    let other = desk.ask("Paul", "PATCH", uri, &keyed, patch("b")).await;
    assert_eq!(other.status, 422);
    assert_eq!(other.value()["errors"][0]["header"], "Idempotency-Key");
    // Of another person the same key is another.
    let stale = desk.ask("Pia", "PATCH", uri, &keyed, patch("c")).await;
    assert_eq!(stale.status, 412);
    assert_eq!(stale.header("etag"), first.header("etag"));
    assert_eq!(desk.site.json(uri).await["description"], "a");
    let made = [("Idempotency-Key", "k-2")];
    let body = Some(organization("two", "Two"));
    let one = desk
        .ask("Ed", "POST", "/v1/organizations", &made, body.clone())
        .await;
    let two = desk
        .ask("Ed", "POST", "/v1/organizations", &made, body)
        .await;
    assert_eq!((one.status, two.status, &one.body), (201, 201, &two.body));
    assert_eq!(one.header("location"), two.header("location"));
    let count = "select count(*) from ledger.entries where slug = 'two'";
    assert_eq!(
        rows(&mut desk.site.database.superuser().await, count).await[0]["count"],
        1
    );
    // A day later it is a new write.
    let yesterday = "update ledger.idempotency set created_at = now() - interval '25 hours'";
    crate::support::run(&mut desk.site.database.superuser().await, yesterday).await;
    let late = desk
        .ask(
            "Ed",
            "POST",
            "/v1/organizations",
            &made,
            Some(organization("two", "Two")),
        )
        .await;
    assert_eq!(faults(&late), [("/slug".to_owned(), "twice".to_owned())]);
    // While one is under way the other is told so.
    let mut held = desk.site.database.writer().await;
    crate::support::run(
        &mut held,
        "begin; select pg_advisory_xact_lock(hashtextextended('Ed' || chr(10) || 'k-3', 0))",
    )
    .await;
    let busy = desk
        .ask(
            "Ed",
            "POST",
            "/v1/organizations",
            &[("Idempotency-Key", "k-3")],
            Some(organization("three", "Three")),
        )
        .await;
    assert_eq!(
        (busy.status, &busy.value()["errors"][0]["code"]),
        (409, &json!("in_flight"))
    );
}

#[actix_web::test]
async fn history_diff_and_restore() {
    let desk = Desk::small().await;
    let uri = "/v1/organizations/one";
    let revision = |record: &Value| record["revision"].as_i64().unwrap();
    let one = revision(&desk.get("Ed", &format!("{uri}/record")).await);
    desk.ask(
        "Paul",
        "PATCH",
        uri,
        &[("If-Match", "*"), ("Change-Reason", "a%20slip%20%C3%BC")],
        Some(json!({"name": "Wrong"})),
    )
    .await;
    let two = revision(&desk.get("Ed", &format!("{uri}/record")).await);
    let history = desk.get("Ed", &format!("{uri}/history")).await;
    assert_eq!(
        (
            &history["contents"][0]["actor"],
            &history["contents"][0]["reason"]
        ),
        (&json!("Paul"), &json!("a slip ü"))
    );
    let diff = desk
        .get("Ed", &format!("{uri}/diff?from={one}&to={two}"))
        .await;
    assert_eq!(
        diff["changes"],
        json!([{"pointer": "/name", "before": "One", "after": "Wrong"}])
    );
    let old = desk.get("Ed", &format!("{uri}/history/{one}")).await;
    assert_eq!(old["document"]["name"], "One");
    desk.done(
        403,
        "Paul",
        "POST",
        &format!("{uri}/restore"),
        json!({"revision": one}),
    )
    .await;
    let restored = desk
        .done(
            200,
            "Ada",
            "POST",
            &format!("{uri}/restore"),
            json!({"revision": one}),
        )
        .await;
    assert_eq!(
        (&restored["document"]["name"], revision(&restored)),
        (&json!("One"), two + 1)
    );
    let missing = desk
        .act(
            "Ada",
            "POST",
            &format!("{uri}/restore"),
            json!({"revision": 9999}),
        )
        .await;
    assert_eq!(
        (missing.status, faults(&missing)),
        (422, vec![("/revision".to_owned(), "reference".to_owned())])
    );
    for wrong in ["/history/9999", "/history/x", "/diff?from=1&to=9999"] {
        assert_eq!(
            desk.ask("Ed", "GET", &format!("{uri}{wrong}"), &[], None)
                .await
                .status,
            404,
            "{wrong}"
        );
    }
    assert_eq!(
        desk.ask("Ed", "GET", &format!("{uri}/diff"), &[], None)
            .await
            .status,
        400
    );
}

#[actix_web::test]
async fn slugs_lead_on_and_what_is_archived_is_gone() {
    let desk = Desk::small().await;
    let since = desk
        .site
        .get("/v1")
        .await
        .header("directory-revision")
        .to_owned();
    desk.done(
        200,
        "Paul",
        "PATCH",
        "/v1/organizations/one",
        json!({"slug": "uno"}),
    )
    .await;
    let moved = desk
        .site
        .get("/v1/organizations/one?include=hotlines")
        .await;
    assert_eq!(moved.status, 308);
    assert!(
        moved
            .header("location")
            .ends_with("/v1/organizations/uno?include=hotlines"),
        "{}",
        moved.header("location")
    );
    // Who names it names the new slug, as an entry of its own.
    assert_eq!(desk.site.json(LINE).await["organization"]["slug"], "uno");
    assert_eq!(
        desk.get("Ed", &format!("{LINE}/record")).await["document"]["organization"],
        "uno"
    );
    let changes = desk.site.json(&format!("/v1/changes?since={since}")).await;
    assert_eq!(changes["upserted"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&changes["moved"][0]["from"], &changes["moved"][0]["slug"]),
        (&json!("one"), &json!("uno"))
    );
    // The old slug is nobody else's; codes stay.
    let taken = desk
        .act(
            "Ed",
            "POST",
            "/v1/organizations",
            organization("one", "Other"),
        )
        .await;
    assert_eq!(faults(&taken), [("/slug".to_owned(), "twice".to_owned())]);
    let code = desk
        .act(
            "Ada",
            "PATCH",
            "/v1/topics/online_abuse",
            json!({"slug": "abuse"}),
        )
        .await;
    assert_eq!(faults(&code), [("/slug".to_owned(), "code".to_owned())]);
    // The schema says only that it is a text.
    let mut none = topic("");
    none["name"] = json!("None");
    let none = desk.act("Amy", "POST", "/v1/topics", none).await;
    assert_eq!(none.status, 422, "{}", none.text());
    assert_eq!(faults(&none), [("/slug".to_owned(), "slug".to_owned())]);
    // Merged: the slug leads to the survivor, the id is gone and names it.
    desk.done(
        201,
        "Ed",
        "POST",
        "/v1/organizations",
        organization("two", "Two"),
    )
    .await;
    desk.done(
        200,
        "Paul",
        "POST",
        "/v1/organizations/two/publish",
        json!({}),
    )
    .await;
    let id = desk.site.json("/v1/organizations/two").await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let nowhere = desk
        .act(
            "Paul",
            "POST",
            "/v1/organizations/two/archive",
            json!({"into": "nobody"}),
        )
        .await;
    assert_eq!(
        faults(&nowhere),
        [("/into".to_owned(), "reference".to_owned())]
    );
    desk.done(
        200,
        "Paul",
        "POST",
        "/v1/organizations/two/archive",
        json!({"into": "uno"}),
    )
    .await;
    let merged = desk.site.get("/v1/organizations/two").await;
    assert_eq!(merged.status, 308);
    assert!(merged.header("location").ends_with("/v1/organizations/uno"));
    let gone = desk.site.get(&format!("/v1/organizations/{id}")).await;
    assert_eq!(gone.status, 410);
    assert!(
        gone.value()["survivor"]
            .as_str()
            .unwrap()
            .ends_with("/v1/organizations/uno")
    );
    // Closed: gone by both, and not edited any more.
    desk.done(
        200,
        "Paul",
        "POST",
        &format!("{LINE}/archive"),
        json!({"reason": "closed"}),
    )
    .await;
    let gone = desk.site.get(LINE).await;
    assert_eq!(
        (gone.status, &gone.value()["survivor"]),
        (410, &Value::Null)
    );
    desk.done(409, "Paul", "PATCH", LINE, json!({"notes": "x"}))
        .await;
    desk.done(409, "Cleo", "PATCH", LINE, json!({"notes": "x"}))
        .await
        .to_string();
    let proposal = desk
        .done(202, "Paul", "POST", &format!("{LINE}/publish"), json!({}))
        .await;
    desk.accept(200, "Pia", &proposal).await;
    assert_eq!(desk.numbers(LINE).await.len(), 2);
    // Hidden, it is like one that never was.
    desk.done(200, "Ed", "POST", "/v1/organizations/uno/hide", json!({}))
        .await;
    for uri in [
        "/v1/organizations/uno",
        "/v1/organizations/one",
        &format!("/v1/organizations/{id}"),
    ] {
        let wanted = if uri.contains(&id) { 410 } else { 404 };
        let answer = desk.site.get(uri).await;
        assert_eq!(answer.status, wanted, "{uri}");
        assert!(!answer.text().contains("uno"), "{uri}: {}", answer.text());
    }
}

#[actix_web::test]
async fn every_wrong_field_is_named_and_nothing_changes() {
    let desk = Desk::small().await;
    let revision = desk
        .site
        .get("/v1")
        .await
        .header("directory-revision")
        .to_owned();
    let mut wrong = hotline(
        "Wrong Slug",
        json!([{"channel": "phone", "value": "12", "e164": "+1"}, number("01632 960001")]),
    );
    for (field, value) in [
        ("status", json!("published")),
        ("visibility", json!("public")),
        ("verified_at", json!("2026-01-01T00:00:00Z")),
        ("revision", json!(7)),
        ("id", json!("x")),
        ("colour", json!("red")),
        ("age_min", json!("old")),
        ("coverage", json!(["XX"])),
    ] {
        wrong[field] = value;
    }
    wrong["contact_points"][1]["verified_at"] = json!("2026-01-01T00:00:00Z");
    wrong["contact_points"][1]["visibility"] = json!("public");
    wrong.as_object_mut().unwrap().remove("name");
    let answer = desk.act("Ed", "POST", "/v1/hotlines", wrong).await;
    assert_eq!(answer.status, 400);
    let named = faults(&answer);
    let pointers: Vec<&str> = named.iter().map(|(pointer, _)| pointer.as_str()).collect();
    for pointer in [
        "/age_min",
        "/colour",
        "/contact_points/0/e164",
        "/contact_points/1/verified_at",
        "/contact_points/1/visibility",
        "/coverage",
        "/id",
        "/name",
        "/revision",
        "/slug",
        "/status",
        "/verified_at",
        "/visibility",
    ] {
        assert!(pointers.contains(&pointer), "{pointer}: {pointers:?}");
    }
    // Through a patch, a proposal and PUT alike.
    let reserved = json!({"status": "draft", "visibility": "hidden", "verified_at": "2026-01-01T00:00:00Z", "revision": 1});
    let wanted = ["/revision", "/status", "/verified_at", "/visibility"];
    let patched = desk.act("Paul", "PATCH", LINE, reserved.clone()).await;
    let proposed = json!({"resource": "hotlines", "record": "one-line", "revision": 4, "reason": "x", "patch": reserved});
    let proposed = desk.act("Cleo", "POST", "/v1/proposals", proposed).await;
    let mut put = hotline("one-line", json!([number("01632 960001")]));
    put.as_object_mut()
        .unwrap()
        .extend(reserved.as_object().unwrap().clone());
    let put = desk.act("Paul", "PUT", LINE, put).await;
    for answer in [patched, proposed, put] {
        assert_eq!(answer.status, 400, "{}", answer.text());
        let named = faults(&answer);
        assert_eq!(
            named
                .iter()
                .map(|(pointer, _)| pointer.as_str())
                .collect::<Vec<_>>(),
            wanted
        );
        assert!(named.iter().all(|(_, code)| code == "read_only"));
    }
    // A shelter has no place, whoever writes it.
    let shelter = json!({"slug": "house", "name": "A safe house", "role": "victim_support", "lang": "en", "serves": ["GB"], "country": "GB",
        "address": "1 Example Street", "sources": citation()});
    let answer = desk
        .act("Ada", "POST", "/v1/regional_contacts", shelter)
        .await;
    assert_eq!(
        faults(&answer),
        [("/address".to_owned(), "confidential".to_owned())]
    );
    // A contact point of another record, or twice.
    let id = desk.get("Ed", &format!("{LINE}/record")).await["document"]["contact_points"][0]["id"]
        .clone();
    let mut mine = number("01632 960007");
    mine["id"] = id;
    let answer = desk
        .act(
            "Paul",
            "PATCH",
            LINE,
            json!({"contact_points": [mine, mine]}),
        )
        .await;
    assert!(faults(&answer).contains(&(
        "/contact_points/1/id".to_owned(),
        "contact_point".to_owned()
    )));
    // Records that do not exist.
    let answer = desk
        .act(
            "Paul",
            "PATCH",
            LINE,
            json!({"organization": "nobody", "topics": ["nothing"]}),
        )
        .await;
    assert_eq!(
        faults(&answer),
        [
            ("/organization".to_owned(), "reference".to_owned()),
            ("/topics".to_owned(), "reference".to_owned())
        ]
    );
    assert_eq!(
        desk.site.get("/v1").await.header("directory-revision"),
        revision
    );
}

#[actix_web::test]
async fn bodies_that_are_none_are_refused() {
    let desk = Desk::small().await;
    let sent = async |kind: &'static str, body: Vec<u8>| {
        let (_, key) = &desk.keys[3];
        let request = TestRequest::patch()
            .uri(LINE)
            .insert_header(("Authorization", format!("Bearer {key}")));
        let request = request
            .insert_header(("If-Match", "*"))
            .insert_header(("Content-Type", kind))
            .set_payload(body);
        desk.site.ask(request).await
    };
    let deep = "{\"notes\":".repeat(100_000) + &"}".repeat(100_000);
    let large = format!("{{\"notes\": \"{}\"}}", "x".repeat(1 << 20));
    for (body, status, code) in [
        (
            b"{\"notes\": \"a\", \"notes\": \"b\"}".to_vec(),
            400,
            "twice",
        ),
        (b"{\"notes\": \"a\"".to_vec(), 400, "json"),
        (b"[1]".to_vec(), 400, "type"),
        (b"".to_vec(), 400, "json"),
        (b"{\"notes\": \"\xff\"}".to_vec(), 400, "json"),
        (
            "{\"notes\": \"a\u{202e}b\"}".as_bytes().to_vec(),
            422,
            "character",
        ),
        (b"{\"notes\": \"a\\u0000b\"}".to_vec(), 422, "character"),
        (b"{\"age_min\": 1e999}".to_vec(), 400, "json"),
        (b"{\"age_min\": 99999999999}".to_vec(), 400, "type"),
        (deep.into_bytes(), 413, ""),
        ("[".repeat(100_000).into_bytes(), 400, "json"),
        (large.into_bytes(), 413, ""),
    ] {
        let answer = sent("application/json", body).await;
        assert_eq!(answer.status, status, "{code}: {}", answer.text());
        if !code.is_empty() {
            assert_eq!(
                answer.value()["errors"][0]["code"],
                code,
                "{}",
                answer.text()
            );
        }
    }
    assert_eq!(sent("text/plain", b"{}".to_vec()).await.status, 415);
    assert_eq!(
        sent(
            "application/merge-patch+json; charset=utf-8",
            b"{\"notes\": \"b\"}".to_vec()
        )
        .await
        .status,
        200
    );
    for (name, value) in [
        ("If-Match", "12"),
        ("If-Match", "\"x\""),
        ("Idempotency-Key", "a b"),
        ("Change-Reason", "%E2%80%AE"),
    ] {
        let answer = desk
            .ask("Paul", "PATCH", LINE, &[(name, value)], Some(json!({})))
            .await;
        assert_eq!(
            (answer.status, &answer.value()["errors"][0]["header"]),
            (400, &json!(name)),
            "{}",
            answer.text()
        );
    }
}

#[actix_web::test]
async fn keys_that_are_none_open_nothing() {
    let database = Database::empty().await;
    database
        .write(
            "first",
            vec![("sources", source("source-one"), "published", "public")],
        )
        .await;
    let good = database.key("Ada", "admin").await;
    let expired = database.limited_key("Ed", "editor", &[], -1).await;
    let site = Site::over(database).await;
    site.know(&good).await;
    let ask = async |header: &str| site.get_with("/v1/me", "Authorization", header).await;
    let code = |answer: &Answer| {
        answer.value()["errors"][0]["code"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let foreign = {
        let other = Database::empty().await;
        other.key("Ada", "admin").await
    };
    for (sent, wanted) in [
        (format!("Bearer {expired}"), "key_expired"),
        (format!("Bearer {foreign}"), "key_unknown"),
        (format!("Bearer {}", &good[..50]), "key_malformed"),
        (format!("Bearer {good}x"), "key_malformed"),
        (format!("Bearer {}", good.to_uppercase()), "key_malformed"),
        (format!("Bearer {}", "x".repeat(8000)), "key_malformed"),
        ("Bearer".to_owned(), "key_malformed"),
        (format!("Basic {good}"), "key_needed"),
    ] {
        let answer = ask(&sent).await;
        assert_eq!(
            (answer.status, code(&answer)),
            (401, wanted.to_owned()),
            "{sent}"
        );
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        assert!(!answer.text().contains(&good[20..]));
        // A wrong key is told so everywhere; what is meant for somebody in between is not.
        let read = site.get_with("/v1/sources", "Authorization", &sent).await;
        assert_eq!(
            read.status,
            if wanted == "key_needed" { 200 } else { 401 },
            "{sent}"
        );
    }
    // Made by an admin, shown once, kept as a digest; revoked, it ends within 5 seconds.
    let bearer = format!("Bearer {good}");
    let wanted = json!({"name": "Pia", "role": "publisher", "countries": ["GB"]});
    let request = TestRequest::post()
        .uri("/v1/keys")
        .insert_header(("Authorization", bearer.clone()))
        .set_json(wanted);
    let made = site.ask(request).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let new = made.value();
    let key = new["key"].as_str().unwrap();
    site.know(key).await;
    let me = site
        .get_with("/v1/me", "Authorization", &format!("Bearer {key}"))
        .await
        .json();
    assert_eq!(
        (&me["name"], &me["role"], &me["countries"]),
        (&json!("Pia"), &json!("publisher"), &json!(["GB"]))
    );
    let kept = rows(
        &mut site.database.superuser().await,
        "select * from ledger.keys",
    )
    .await;
    assert!(!format!("{kept:?}").contains(&key[9..]));
    let days = "select extract(day from expires_at - created_at)::int as days from ledger.keys where name = 'Pia'";
    assert_eq!(
        rows(&mut site.database.superuser().await, days).await[0]["days"],
        90
    );
    let wrong = json!({"name": " ", "role": "publisher", "countries": ["XX"], "days": 9999});
    let request = TestRequest::post()
        .uri("/v1/keys")
        .insert_header(("Authorization", bearer.clone()))
        .set_json(wrong);
    let named = faults(&site.ask(request).await);
    assert_eq!(
        named
            .iter()
            .map(|(pointer, _)| pointer.as_str())
            .collect::<Vec<_>>(),
        ["/countries/0", "/days", "/name"]
    );
    let revoke = format!("/v1/keys/{}/revoke", new["info"]["id"].as_str().unwrap());
    let request = TestRequest::post()
        .uri(&revoke)
        .insert_header(("Authorization", bearer.clone()));
    assert_eq!(site.ask(request).await.status, 200);
    let since = std::time::Instant::now();
    while site
        .get_with("/v1/me", "Authorization", &format!("Bearer {key}"))
        .await
        .status
        == 200
    {
        assert!(since.elapsed().as_secs() < 5);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(code(&ask(&format!("Bearer {key}")).await), "key_revoked");
    let listed = site
        .get_with("/v1/keys", "Authorization", &bearer)
        .await
        .json();
    assert_eq!(listed["contents"].as_array().unwrap().len(), 3);
    assert!(!listed.to_string().contains("digest"));
}

#[actix_web::test]
async fn a_key_of_one_country_writes_of_that_country() {
    let database = Database::empty().await;
    let records = vec![
        ("sources", source("source-one"), "published", "public"),
        ("topics", topic("online_abuse"), "published", "public"),
        (
            "organizations",
            organization("one", "One"),
            "published",
            "public",
        ),
    ];
    database.write("first", records).await;
    let (british, french) = (
        database.limited_key("Brit", "publisher", &["GB"], 90).await,
        database.limited_key("Fran", "publisher", &["FR"], 90).await,
    );
    let site = Site::over(database).await;
    site.know(&french).await;
    let patch = async |key: &str, uri: &str, body: Value| {
        let request = TestRequest::patch()
            .uri(uri)
            .insert_header(("Authorization", format!("Bearer {key}")));
        site.ask(request.insert_header(("If-Match", "*")).set_json(body))
            .await
    };
    let uri = "/v1/organizations/one";
    assert_eq!(
        patch(&french, uri, json!({"description": "x"}))
            .await
            .status,
        403
    );
    assert_eq!(
        patch(&british, uri, json!({"country": "FR"})).await.status,
        403
    );
    assert_eq!(
        patch(&british, "/v1/sources/source-one", json!({"title": "x"}))
            .await
            .status,
        403
    );
    assert_eq!(
        patch(&british, uri, json!({"description": "x"}))
            .await
            .status,
        200
    );
    let hide = TestRequest::post()
        .uri("/v1/organizations/one/hide")
        .insert_header(("Authorization", format!("Bearer {french}")));
    assert_eq!(site.ask(hide.set_json(json!({}))).await.status, 403);
}

#[actix_web::test]
async fn the_database_itself_keeps_two_persons_apart_and_the_ledger_whole() {
    let desk = Desk::small().await;
    let proposal = desk
        .done(
            202,
            "Ed",
            "PATCH",
            "/v1/organizations/one",
            json!({"name": "Uno"}),
        )
        .await;
    let id = proposal["id"].as_str().unwrap();
    let mut writer = desk.site.database.writer().await;
    let decide = |by: &str| {
        format!(
            "update ledger.proposals set state = 'accepted', decided_by = '{by}', decided_at = now() where id = '{id}'"
        )
    };
    for (sql, words) in [
        (decide("Ed"), "proposals_two_persons"),
        (decide("ED"), "proposals_two_persons"),
        (format!("update ledger.proposals set proposed_by = 'Eve' where id = '{id}'"), "permission denied"),
        (format!("update ledger.proposals set patch = '{{}}' where id = '{id}'"), "permission denied"),
        ("delete from ledger.proposals".to_owned(), "permission denied"),
        ("update ledger.entries set reason = 'x'".to_owned(), "permission denied"),
        ("delete from ledger.entries".to_owned(), "permission denied"),
        ("truncate ledger.entries".to_owned(), "permission denied"),
        ("delete from ledger.records".to_owned(), "permission denied"),
        ("update ledger.keys set role = 'admin'".to_owned(), "permission denied"),
        ("delete from ledger.keys".to_owned(), "permission denied"),
        ("insert into ledger.entries select 99, at, resource, record_id, slug, action, status, visibility, 'a', '', false, document, 'A' from ledger.entries limit 1".to_owned(), "entries_two_persons"),
        ("update published.hotlines set status = 'draft'".to_owned(), "hotlines_public"),
        ("update published.hotlines set visibility = 'hidden'".to_owned(), "hotlines_public"),
    ] {
        let refused = attempt(&mut writer, &sql).await.expect_err(&sql);
        assert!(refused.contains(words), "{sql}: {refused}");
    }
    desk.accept(200, "Pia", &proposal).await;
    let again = attempt(&mut writer, &decide("Paul")).await.unwrap_err();
    assert!(again.contains("is decided"), "{again}");
}

#[actix_web::test]
async fn the_public_tells_what_is_wrong_and_leaves_nothing_else() {
    let desk = Desk::small().await;
    let point = desk.site.json(LINE).await["contact_points"][0]["id"].clone();
    let told = |text: &str| json!({"resource": "hotlines", "record": "one-line", "contact_point": point, "text": text});
    let tell = async |body: Value| {
        desk.ask("", "POST", "/v1/suggestions", &[], Some(body))
            .await
    };
    assert_eq!(
        tell(told("It leads to a shop, see https://evil.example/x"))
            .await
            .status,
        202
    );
    assert_eq!(tell(told("Nobody answers.")).await.status, 202);
    let listed = desk.get("Ed", "/v1/proposals?kind=suggestion").await;
    assert_eq!(listed["total_items"], 1);
    let one = &listed["contents"][0];
    assert_eq!(
        (&one["times"], &one["proposed_by"], &one["contact_point"]),
        (&json!(2), &Value::Null, &point)
    );
    assert_eq!(
        one["texts"],
        json!(["It leads to a shop, see [link]", "Nobody answers."])
    );
    assert_eq!(desk.get("Cleo", "/v1/proposals").await["total_items"], 0);
    // Nothing of it is a change, also when it was dealt with.
    let before = desk.site.get(LINE).await.body;
    desk.accept(200, "Paul", one).await;
    assert_eq!(desk.site.get(LINE).await.body, before);
    for (body, pointer) in [
        (
            json!({"resource": "hotlines", "record": "nobody", "text": "x"}),
            "/record",
        ),
        (
            json!({"resource": "hotlines", "record": "one-line", "contact_point": "01a20c66-a15b-70af-94fc-c6340a5da4f8", "text": "x"}),
            "/contact_point",
        ),
    ] {
        let answer = tell(body).await;
        assert_eq!(
            (answer.status, faults(&answer)),
            (422, vec![(pointer.to_owned(), "reference".to_owned())])
        );
    }
    let long = tell(told(&"x".repeat(501))).await;
    assert_eq!(long.status, 422, "{}", long.text());
    let many = tell(told("x")).await;
    assert_eq!(many.status, 429);
    assert!(many.header("retry-after").parse::<u64>().unwrap() >= 1);
}

#[actix_web::test]
async fn records_of_an_earlier_version_are_read_once() {
    let database = Database::full().await;
    let before = rows(
        &mut database.superuser().await,
        "select * from ledger.hotlines order by id",
    )
    .await;
    let counts = "select (select count(*) from ledger.organizations) as organizations, (select count(*) from ledger.statistics) as statistics,
        (select count(*) from ledger.vocabularies) as terms, (select count(*) from ledger.records where names is null) as unread";
    let counted = rows(&mut database.superuser().await, counts).await;
    let forget = "delete from ledger.hotlines; delete from ledger.regional_contacts; delete from ledger.statistics; delete from ledger.organizations;
        delete from ledger.vocabularies; update ledger.records set names = null, countries = '{}'";
    crate::support::run(&mut database.superuser().await, forget).await;
    let mut writer = database.writer().await;
    lodestar::cli::import::import_first(&mut writer, &crate::support::config(&[]))
        .await
        .unwrap();
    assert_eq!(
        rows(
            &mut database.superuser().await,
            "select * from ledger.hotlines order by id"
        )
        .await,
        before
    );
    assert_eq!(rows(&mut database.superuser().await, counts).await, counted);
    let places = "select count(*) from ledger.records where countries = '{}'";
    assert_eq!(
        rows(&mut database.superuser().await, places).await[0]["count"],
        0
    );
}
