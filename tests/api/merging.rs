//! Merging: two records become one field by field, what names the one follows, and restoring undoes it.

use crate::{
    curation::{Desk, citation, faults, hotline, number, organization},
    support::{Answer, rows},
};
use serde_json::{Value, json};

const INTO: &str = "/v1/organizations/one";
const FROM: &str = "/v1/organizations/uno";

/// A second organization with what is of it, all public.
async fn twins() -> Desk {
    let desk = Desk::small().await;
    let mut uno = organization("uno", "One");
    uno["website"] = json!("https://one.example/");
    uno["alternate_name"] = json!("Uno");
    uno["description"] = json!("Helps everybody.");
    uno["actions"] = json!([{"action": "report", "url": "https://one.example/report"}]);
    uno["operators"] = json!([{"operator": "one", "since": "2020"}]);
    uno["sources"] = json!([{"source": "source-one", "published_on": "2026"}, {"source": "source-one", "locator": "2"}]);
    let mut run = organization("run", "Run");
    run["operators"] = json!([{"operator": "uno", "since": "2019"}]);
    let mut line = hotline("uno-line", json!([number("01632 960010")]));
    line["organization"] = json!("uno");
    let office = json!({"slug": "uno-office", "name": "Office", "organization": "uno", "role": "task_force", "lang": "en",
        "serves": ["GB"], "country": "GB", "sources": citation()});
    let records = [
        ("organizations", uno),
        ("organizations", run),
        ("hotlines", line),
        ("regional_contacts", office),
    ];
    let records = records.map(|(resource, one)| (resource, one, "published", "public"));
    desk.site.write("twins", records.into()).await;
    desk
}

impl Desk {
    async fn merge(&self, who: &str, into: &str, body: Value) -> Answer {
        self.act(who, "POST", &format!("{into}/merge"), body).await
    }

    /// Does something that takes two where it does, and says whether it did.
    async fn both(&self, answer: Answer) -> bool {
        match answer.status {
            200 => false,
            202 => {
                self.accept(200, "Pia", &answer.value()).await;
                true
            }
            other => panic!("{other}: {}", answer.text()),
        }
    }

    async fn record(&self, uri: &str) -> Value {
        self.get("Ed", &format!("{uri}/record")).await
    }

    /// The revision of a record before it became part of another.
    async fn before(&self, uri: &str) -> i64 {
        let history = self.get("Ed", &format!("{uri}/history")).await;
        history["contents"][1]["revision"].as_i64().unwrap()
    }

    async fn restore(&self, uri: &str, revision: i64) -> Answer {
        let uri = format!("{uri}/restore");
        self.act("Ada", "POST", &uri, json!({"revision": revision}))
            .await
    }

    /// Everything that stands, but for when it was written and what moves with that.
    async fn everything(&self) -> Vec<Value> {
        let mut superuser = self.site.database.superuser().await;
        let query = "select id, resource, slug, status, visibility, merged_into, document, names from ledger.records order by id";
        let mut all = rows(&mut superuser, query).await;
        let slugs = "select resource, slug from ledger.records union select resource, slug from ledger.entries order by 1, 2";
        for one in rows(&mut superuser, slugs).await {
            let text = |name: &str| one[name].as_str().unwrap().to_owned();
            let uri = format!("/v1/{}/{}", text("resource"), text("slug"));
            let answer = self.site.get(&uri).await;
            let mut body = match answer.status {
                308 => json!({}),
                _ => answer.value(),
            };
            for passing in ["revision", "last_modified"] {
                body.as_object_mut().unwrap().remove(passing);
            }
            all.push(json!([uri, answer.status, body, answer.header("location")]));
        }
        all
    }
}

#[actix_web::test]
async fn what_differs_is_refused_with_both_values_until_somebody_chose() {
    let desk = twins().await;
    let before = desk.everything().await;
    let preview = desk.get("Ed", &format!("{INTO}/merge?from=uno")).await;
    assert_eq!(
        preview["differing"],
        json!([{"field": "description", "into": "Helps.", "from": "Helps everybody."}])
    );
    assert_eq!(preview["document"]["alternate_name"], "Uno");
    assert_eq!(
        preview["following"],
        json!([{"resource": "hotlines", "slug": "uno-line"}, {"resource": "organizations", "slug": "run"},
            {"resource": "regional_contacts", "slug": "uno-office"}])
    );
    assert_eq!(preview["into"]["slug"], "one");
    let refused = desk.merge("Paul", INTO, json!({"from": "uno"})).await;
    assert_eq!(refused.status, 409);
    let problem = refused.value();
    assert_eq!(
        problem["conflicts"],
        json!([{"pointer": "/description", "base": null, "current": "Helps.", "proposed": "Helps everybody."}])
    );
    assert_eq!(problem["errors"][0]["code"], "differs");
    assert!(
        problem["errors"][0]["reason"]
            .as_str()
            .unwrap()
            .contains("description")
    );
    for (body, wanted) in [
        (json!({"from": "one"}), ("/from", "reference")),
        (json!({"from": "nobody"}), ("/from", "reference")),
        (
            json!({"from": "uno", "fields": {"description": "both"}}),
            ("/fields/description", "not_in_list"),
        ),
        (
            json!({"from": "uno", "fields": {"colour": "into"}}),
            ("/fields/colour", "unknown_field"),
        ),
        (
            json!({"from": "uno", "fields": {"slug": "from"}}),
            ("/fields/slug", "kept"),
        ),
        (json!({"fields": {}}), ("/from", "missing")),
        (
            json!({"from": "uno", "into": "one"}),
            ("/into", "unknown_field"),
        ),
    ] {
        let refused = desk.merge("Paul", INTO, body).await;
        let wanted = [(wanted.0.to_owned(), wanted.1.to_owned())];
        assert_eq!(faults(&refused), wanted, "{}", refused.text());
    }
    // Against the revision that was read.
    let stale = [("If-Match", "\"1\"")];
    let uri = format!("{INTO}/merge");
    let body = json!({"from": "uno", "fields": {"description": "from"}});
    let refused = desk
        .ask("Paul", "POST", &uri, &stale, Some(body.clone()))
        .await;
    assert_eq!(refused.status, 412);
    let refused = desk
        .ask("Paul", "POST", &uri, &[], Some(body.clone()))
        .await;
    assert_eq!(refused.status, 428);
    let refused = desk.merge("Ed", INTO, body).await;
    assert_eq!(refused.status, 403);
    // What is hidden comes out by nobody's merge, and nobody loses what people read.
    desk.done(200, "Ed", "POST", &format!("{FROM}/hide"), json!({}))
        .await;
    let refused = desk.merge("Paul", INTO, json!({"from": "uno"})).await;
    assert_eq!(
        faults(&refused),
        [("/from".to_owned(), "hidden".to_owned())]
    );
    let refused = desk.merge("Paul", FROM, json!({"from": "one"})).await;
    assert_eq!(
        (refused.status, faults(&refused)[0].1.as_str()),
        (409, "unpublished")
    );
    let shown = desk
        .act("Paul", "POST", &format!("{FROM}/unhide"), json!({}))
        .await;
    assert!(desk.both(shown).await);
    assert_eq!(desk.everything().await, before);
    let figures = desk
        .merge("Paul", "/v1/statistics/one", json!({"from": "two"}))
        .await;
    assert_eq!(figures.status, 404);
}

#[actix_web::test]
async fn what_names_the_one_names_the_other_from_then_on_and_back_again() {
    let desk = twins().await;
    // It had another slug, and still another became part of it.
    desk.done(200, "Paul", "PATCH", FROM, json!({"slug": "uno-new"}))
        .await;
    desk.done(
        200,
        "Paul",
        "PATCH",
        "/v1/organizations/uno-new",
        json!({"slug": "uno"}),
    )
    .await;
    let third = vec![(
        "organizations",
        organization("drei", "Drei"),
        "published",
        "public",
    )];
    desk.site.write("third", third).await;
    desk.done(
        200,
        "Paul",
        "POST",
        "/v1/organizations/drei/archive",
        json!({"into": "uno"}),
    )
    .await;
    let id = desk.site.json(FROM).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let before = desk.everything().await;
    let head = desk.record(INTO).await["revision"].as_i64().unwrap();

    let key = [("If-Match", "*"), ("Idempotency-Key", "once")];
    let body =
        json!({"from": "uno", "fields": {"description": "from"}, "reason": "One, entered twice."});
    let uri = format!("{INTO}/merge");
    let proposal = desk
        .ask("Paul", "POST", &uri, &key, Some(body.clone()))
        .await;
    // A page to report at comes to what is published.
    assert_eq!(proposal.status, 202, "{}", proposal.text());
    let again = desk.ask("Paul", "POST", &uri, &key, Some(body)).await;
    assert_eq!(again.text(), proposal.text());
    let proposal = proposal.value();
    assert_eq!(desk.everything().await, before);
    let read = desk
        .get(
            "Pia",
            &format!("/v1/proposals/{}", proposal["id"].as_str().unwrap()),
        )
        .await;
    let changes = read["changes"].as_array().unwrap().iter();
    let named: Vec<&str> = changes
        .map(|one| one["pointer"].as_str().unwrap())
        .collect();
    for pointer in ["/actions", "/alternate_name", "/description", "/merge"] {
        assert!(named.contains(&pointer), "{pointer}: {named:?}");
    }
    desk.accept(403, "Paul", &proposal).await;
    desk.accept(200, "Pia", &proposal).await;

    let one = desk.site.json(INTO).await;
    assert_eq!(
        (&one["description"], &one["alternate_name"]),
        (&json!("Helps everybody."), &json!("Uno"))
    );
    assert_eq!(
        (&one["operators"], one["sources"].as_array().unwrap().len()),
        (&json!([]), 2)
    );
    for (uri, field) in [
        ("/v1/hotlines/uno-line", "organization"),
        ("/v1/regional_contacts/uno-office", "organization"),
    ] {
        assert_eq!(desk.site.json(uri).await[field]["slug"], "one", "{uri}");
    }
    let run = desk.record("/v1/organizations/run").await;
    assert_eq!(run["document"]["operators"][0]["operator"], "one");
    for slug in ["uno", "uno-new", "drei"] {
        let answer = desk.site.get(&format!("/v1/organizations/{slug}")).await;
        assert_eq!(
            (answer.status, answer.header("location").ends_with(INTO)),
            (308, true),
            "{slug}"
        );
    }
    let gone = desk.site.get(&format!("/v1/organizations/{id}")).await;
    assert_eq!(gone.status, 410);
    assert!(gone.value()["survivor"].as_str().unwrap().ends_with(INTO));
    // All of it is one transaction of two people.
    let mut superuser = desk.site.database.superuser().await;
    let query = format!(
        "select distinct actor, second_person, reason, at from ledger.entries where revision > {head} and reason = 'One, entered twice.'"
    );
    assert_eq!(rows(&mut superuser, &query).await.len(), 1);
    let query = "select count(*) as n from ledger.entries where reason = 'One, entered twice.'";
    assert_eq!(rows(&mut superuser, query).await[0]["n"], 5);

    // Other revisions say what to do; the one before undoes all of it.
    let revision = desk.before(FROM).await;
    let refused = desk.restore(FROM, revision - 1).await;
    assert_eq!(
        faults(&refused),
        [("/revision".to_owned(), "merged".to_owned())]
    );
    let refused = desk.restore(FROM, revision - 1).await.value();
    let remedy = refused["errors"][0]["remedy"].as_str().unwrap();
    assert!(
        remedy.contains(&format!("restore revision {revision},")),
        "{remedy}"
    );
    let restored = desk.restore(FROM, revision).await;
    // It has addresses of its own, which come to the public again.
    assert!(desk.both(restored).await);
    assert_eq!(desk.site.get(FROM).await.status, 200);
    assert_eq!(desk.everything().await, before);
}

#[actix_web::test]
async fn numbers_keep_what_was_found_of_them_and_hidden_ones_stay_hidden() {
    let desk = Desk::small().await;
    let mut two = hotline(
        "two-line",
        json!([
            number("01632 960002"),
            number("01632 960003"),
            number("01632 960004")
        ]),
    );
    two["name"] = json!("one-line");
    two["notes"] = json!("Rings long.");
    let records = vec![("hotlines", two, "published", "public")];
    desk.site.write("two", records).await;
    let (into, from) = ("/v1/hotlines/one-line", "/v1/hotlines/two-line");
    let points = desk.record(from).await["document"]["contact_points"].clone();
    let id = |place: usize| points[place]["id"].as_str().unwrap().to_owned();
    let found = json!({"outcome": "closed", "method": "called", "contact_point": id(1)});
    desk.done(200, "Ed", "POST", &format!("{from}/verifications"), found)
        .await;
    desk.done(
        200,
        "Ed",
        "POST",
        &format!("{from}/contact_points/{}/hide", id(2)),
        json!({}),
    )
    .await;
    let before = desk.everything().await;
    let merged = desk.merge("Paul", into, json!({"from": "two-line"})).await;
    assert!(desk.both(merged).await);
    // The one number stands once, the closed one stays closed, the hidden one hidden.
    assert_eq!(
        desk.numbers(into).await,
        ["01632 960001", "01632 960002", "01632 960003"]
    );
    let shown = desk.site.json(into).await;
    assert_eq!(
        (
            &shown["contact_points"][2]["outcome"],
            &shown["contact_points"][2]["id"]
        ),
        (&json!("closed"), &json!(id(1)))
    );
    assert_eq!(shown["notes"], "Rings long.");
    let kept = desk.record(into).await["document"]["contact_points"].clone();
    assert_eq!(
        (kept.as_array().unwrap().len(), &kept[3]["visibility"]),
        (4, &json!("hidden"))
    );
    let revision = desk.before(from).await;
    assert!(desk.both(desk.restore(from, revision).await).await);
    assert_eq!(desk.everything().await, before);

    // What one hid, or found closed, stands in the way until both say the same.
    let own = desk.record(into).await["document"]["contact_points"][1]["id"].clone();
    let own = own.as_str().unwrap();
    desk.done(
        200,
        "Ed",
        "POST",
        &format!("{into}/contact_points/{own}/hide"),
        json!({}),
    )
    .await;
    let refused = desk.merge("Paul", into, json!({"from": "two-line"})).await;
    assert_eq!(
        faults(&refused),
        [("/from".to_owned(), "hidden".to_owned())]
    );
    let shown = desk
        .act(
            "Paul",
            "POST",
            &format!("{into}/contact_points/{own}/unhide"),
            json!({}),
        )
        .await;
    assert!(desk.both(shown).await);
    let found = json!({"outcome": "unreachable", "method": "called", "contact_point": own});
    desk.done(200, "Ed", "POST", &format!("{into}/verifications"), found)
        .await;
    let refused = desk.merge("Paul", into, json!({"from": "two-line"})).await;
    assert_eq!(
        faults(&refused),
        [("/from".to_owned(), "outcome".to_owned())]
    );
    // A line that is closed as a whole brings no number back.
    let found = json!({"outcome": "closed", "method": "called"});
    desk.done(200, "Ed", "POST", &format!("{from}/verifications"), found)
        .await;
    let refused = desk.merge("Paul", into, json!({"from": "two-line"})).await;
    assert!(faults(&refused).contains(&("/from".to_owned(), "outcome".to_owned())));
}

#[actix_web::test]
async fn restoring_undoes_nothing_that_somebody_did_since() {
    let desk = twins().await;
    let merged = desk
        .merge(
            "Paul",
            INTO,
            json!({"from": "uno", "fields": {"description": "from"}}),
        )
        .await;
    assert!(desk.both(merged).await);
    let revision = desk.before(FROM).await;
    // Where it is another field it stays.
    desk.done(200, "Paul", "PATCH", INTO, json!({"scope": "global"}))
        .await;
    desk.done(
        200,
        "Paul",
        "PATCH",
        "/v1/hotlines/uno-line",
        json!({"notes": "Later."}),
    )
    .await;
    desk.done(
        200,
        "Paul",
        "PATCH",
        INTO,
        json!({"description": "Helps in time."}),
    )
    .await;
    let refused = desk.restore(FROM, revision).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert_eq!(
        refused.value()["conflicts"],
        json!([{"pointer": "/organizations/one/description", "base": "Helps everybody.", "current": "Helps in time.", "proposed": "Helps."}])
    );
    desk.done(
        200,
        "Paul",
        "PATCH",
        INTO,
        json!({"description": "Helps everybody."}),
    )
    .await;
    // What the accepted proposal undoes is what stands then.
    let restored = desk.restore(FROM, revision).await;
    assert_eq!(restored.status, 202, "{}", restored.text());
    desk.done(
        200,
        "Paul",
        "PATCH",
        INTO,
        json!({"description": "Helps again."}),
    )
    .await;
    let refused = desk.accept(409, "Pia", &restored.value()).await;
    assert_eq!(refused["errors"][0]["code"], "changed_meanwhile");
    desk.done(
        200,
        "Paul",
        "PATCH",
        INTO,
        json!({"description": "Helps everybody."}),
    )
    .await;
    desk.accept(200, "Pia", &restored.value()).await;
    let one = desk.site.json(INTO).await;
    assert_eq!(
        (&one["description"], &one["scope"]),
        (&json!("Helps."), &json!("global"))
    );
    let line = desk.site.json("/v1/hotlines/uno-line").await;
    assert_eq!(
        (&line["notes"], &line["organization"]["slug"]),
        (&json!("Later."), &json!("uno"))
    );
    // A proposal to merge waits for both records as they were read.
    let body = json!({"from": "uno", "fields": {"description": "from", "scope": "into"}});
    let merged = desk.merge("Paul", INTO, body.clone()).await;
    desk.done(200, "Paul", "PATCH", FROM, json!({"scope": "local"}))
        .await;
    let refused = desk.accept(409, "Pia", &merged.value()).await;
    assert_eq!(refused["errors"][0]["code"], "changed_meanwhile");
    // Nor is a record that was hidden since one to go on.
    let body = json!({"from": "uno", "fields": {"description": "from", "scope": "into"}});
    let merged = desk.merge("Paul", INTO, body.clone()).await;
    desk.done(200, "Ed", "POST", &format!("{INTO}/hide"), json!({}))
        .await;
    let refused = desk.accept(409, "Pia", &merged.value()).await;
    assert_eq!(refused["errors"][0]["code"], "unpublished");
    let shown = desk
        .act("Paul", "POST", &format!("{INTO}/unhide"), json!({}))
        .await;
    desk.both(shown).await;
    // Published again without restoring, the other keeps what came to it.
    let merged = desk.merge("Paul", INTO, body).await;
    desk.both(merged).await;
    let shown = desk
        .act("Paul", "POST", &format!("{FROM}/publish"), json!({}))
        .await;
    desk.both(shown).await;
    assert_eq!(desk.site.get(FROM).await.status, 200);
    assert_eq!(
        desk.site.json(INTO).await["description"],
        "Helps everybody."
    );
}

/// Draws: the same seed draws the same.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn one(&mut self, of: &[Value]) -> Value {
        of[self.below(of.len())].clone()
    }

    /// Some of them, in any order.
    fn some(&mut self, of: &[Value]) -> Value {
        let mut taken: Vec<Value> = of.iter().filter(|_| self.below(2) == 0).cloned().collect();
        let turn = self.below(taken.len().max(1));
        taken.rotate_left(turn);
        taken.into()
    }
}

/// Texts, and nothing.
fn texts() -> [Value; 3] {
    [Value::Null, json!("This."), json!("That.")]
}

fn sources(chance: &mut Chance) -> Value {
    let all = [
        json!({"source": "source-one", "published_on": "2026"}),
        json!({"source": "source-one", "locator": "p. 1", "retrieved_on": "2026-01-01"}),
        json!({"source": "source-one", "locator": "p. 1", "retrieved_on": "2026-02-01"}),
    ];
    let mut some = chance.some(&all);
    if some == json!([]) {
        some = json!([all[0]]);
    }
    some
}

fn points(chance: &mut Chance) -> Value {
    let mut all = Vec::new();
    for place in 0..6 {
        let mut point = number(&format!("01632 96000{place}"));
        point["note"] = chance.one(&texts());
        point["languages"] = chance.some(&[json!("en"), json!("cy")]);
        all.push(point);
    }
    all.push(json!({"channel": "email", "value": "help@one.example"}));
    let some = chance.some(&all);
    if some == json!([]) {
        json!([all[0]])
    } else {
        some
    }
}

/// A document of a resource, drawn.
fn drawn(chance: &mut Chance, resource: &str, slug: &str) -> Value {
    let lang = chance.one(&[json!("en"), json!("en"), json!("cy")]);
    let mut document = match resource {
        "organizations" => organization(slug, "Twin"),
        "hotlines" => hotline(slug, points(chance)),
        _ => {
            json!({"slug": slug, "name": "Twin", "role": "task_force", "serves": ["GB"], "country": "GB",
            "contact_points": points(chance)})
        }
    };
    document["lang"] = lang;
    document["sources"] = sources(chance);
    document["name"] = chance.one(&[json!("Twin"), json!("Twins")]);
    match resource {
        "organizations" => {
            document["alternate_name"] = chance.one(&texts());
            document["website"] = chance.one(&[
                Value::Null,
                json!("https://one.example/"),
                json!("https://two.example/"),
            ]);
            document["emails"] = chance.some(&[
                json!("a@one.example"),
                json!("B@one.example"),
                json!("b@one.example"),
            ]);
            if document["emails"].as_array().unwrap().len() == 3 {
                document["emails"] = json!([]);
            }
            document["operators"] = chance.some(&[
                json!({"operator": "one", "since": "2020"}),
                json!({"operator": "loser", "since": "2021"}),
            ]);
        }
        _ => {
            document["notes"] = chance.one(&texts());
            document["organization"] = chance.one(&[Value::Null, json!("one"), json!("one")]);
            let timed = chance.below(3);
            document["hours"] = [
                Value::Null,
                json!("Mo-Fr 09:00-17:00"),
                json!("Mo-Su 09:00-17:00"),
            ][timed]
                .clone();
            document["timezone"] = if timed == 0 {
                Value::Null
            } else {
                json!("Europe/London")
            };
        }
    }
    document
}

/// Whatever two records say, hide and know: merged and restored they are as they were, and so is everything
/// that names them.
#[actix_web::test]
async fn merging_and_restoring_is_the_identity() {
    let (mut merges, mut chosen, mut second) = (0, 0, 0);
    let desk = Desk::small().await;
    for seed in 0..36 {
        let mut chance = Chance(seed);
        let resource =
            ["organizations", "hotlines", "regional_contacts"][usize::try_from(seed % 3).unwrap()];
        let slug = |which: &str| format!("{which}-{seed}");
        let mut records = Vec::new();
        for which in ["loser", "survivor"] {
            let mut document = drawn(&mut chance, resource, &slug(which));
            if let Some(operators) = document.get_mut("operators").and_then(Value::as_array_mut) {
                let loser = slug("loser");
                operators
                    .iter_mut()
                    .filter(|one| one["operator"] == "loser")
                    .for_each(|one| one["operator"] = json!(loser));
            }
            if which == "loser"
                && let Some(operators) = document.get_mut("operators").and_then(Value::as_array_mut)
            {
                operators.retain(|one| one["operator"] != slug("loser"));
            }
            records.push((resource, document, "published", "public"));
        }
        if resource == "organizations" {
            for place in 0..3 {
                let mut line = hotline(&format!("follower-{seed}-{place}"), points(&mut chance));
                line["organization"] = json!(slug(["loser", "survivor"][chance.below(2)]));
                records.push(("hotlines", line, "published", "public"));
            }
            let mut run = organization(&slug("run"), "Run");
            run["operators"] = json!([{"operator": slug("loser")}, {"operator": slug("survivor")}]);
            records.push(("organizations", run, "published", "public"));
        }
        desk.site.write("drawn", records).await;
        let uri = |which: &str| format!("/v1/{resource}/{}", slug(which));
        let (into, from) = (uri("survivor"), uri("loser"));
        // Somebody tried some numbers, hid others, and the slug was another once.
        for record in [&into, &from] {
            let points = desk.record(record).await["document"]["contact_points"].clone();
            for point in points.as_array().into_iter().flatten() {
                let id = point["id"].as_str().unwrap();
                match chance.below(5) {
                    0 => {
                        let read = desk
                            .ask("Ed", "GET", &format!("{record}/record"), &[], None)
                            .await;
                        let etag = [("If-Match", read.header("etag"))];
                        let found = json!({"outcome": "confirmed", "method": "called", "contact_point": id});
                        let done = desk
                            .ask(
                                "Ed",
                                "POST",
                                &format!("{record}/verifications"),
                                &etag,
                                Some(found),
                            )
                            .await;
                        assert_eq!(done.status, 200, "{}", done.text());
                    }
                    1 => drop(
                        desk.done(
                            200,
                            "Ed",
                            "POST",
                            &format!("{record}/contact_points/{id}/hide"),
                            json!({}),
                        )
                        .await,
                    ),
                    _ => {}
                }
            }
        }
        if chance.below(2) == 0 {
            let other = uri("renamed");
            desk.done(
                200,
                "Paul",
                "PATCH",
                &from,
                json!({"slug": slug("renamed")}),
            )
            .await;
            desk.done(200, "Paul", "PATCH", &other, json!({"slug": slug("loser")}))
                .await;
        }
        let before = desk.everything().await;
        let mut body = json!({"from": slug("loser")});
        let mut answer = desk.merge("Paul", &into, body.clone()).await;
        if answer.status == 409 {
            let side = chance.one(&[json!("from"), json!("into")]);
            for conflict in answer.value()["conflicts"].as_array().unwrap() {
                let field = conflict["pointer"].as_str().unwrap()[1..].to_owned();
                body["fields"][field] = side.clone();
            }
            answer = desk.merge("Paul", &into, body.clone()).await;
            chosen += 1;
        }
        if answer.status == 422 {
            // One of them hid a number that the other shows.
            assert!(
                faults(&answer).iter().all(|(_, code)| code == "hidden"),
                "{}",
                answer.text()
            );
            assert_eq!(desk.everything().await, before, "seed {seed}");
            continue;
        }
        second += usize::from(desk.both(answer).await);
        assert_ne!(desk.everything().await, before, "seed {seed}");
        assert_eq!(desk.site.get(&from).await.status, 308);
        let revision = desk.before(&from).await;
        let restored = desk.restore(&from, revision).await;
        desk.both(restored).await;
        let after = desk.everything().await;
        for (one, other) in before.iter().zip(&after) {
            assert_eq!(one, other, "seed {seed}: {body}");
        }
        assert_eq!(before.len(), after.len());
        merges += 1;
    }
    assert!(
        merges >= 20 && chosen >= 10 && second >= 10,
        "{merges} {chosen} {second}"
    );
}
