//! Who may reach what: API1, API2, API3 and API5.

use super::{codes, filled, operations, request};
use crate::{
    authorization::world::{World, authorized, key},
    curation::Desk,
    support::{rows, texts},
};
use actix_web::test::TestRequest;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use uuid::Uuid;

/// A published record of each resource that belongs to a country.
const PLACED: [&str; 3] = ["organizations", "hotlines", "regional_contacts"];

#[actix_web::test]
async fn api1_nobody_reaches_objects_of_others_by_naming_them() {
    let mut world = World::new().await;
    let wanted = PLACED.map(|resource| (resource.to_owned(), "published"));
    let subjects = world.records(&wanted).await;
    let before = world.moved().await;
    // A key of another country, by slug and by id, by every act.
    for (resource, subject) in PLACED.iter().zip(&subjects) {
        for reference in [&subject.slug, &subject.id] {
            let uri = format!("/v1/{resource}/{reference}");
            let mut attacks = vec![
                ("PATCH", uri.clone(), json!({"name": "Taken"})),
                // Into one's own country, and then it would be one's own.
                ("PATCH", uri.clone(), json!({"country": "FR"})),
                (
                    "POST",
                    format!("{uri}/verifications"),
                    json!({"outcome": "closed", "method": "called"}),
                ),
            ];
            for act in ["hide", "unhide", "archive"] {
                attacks.push(("POST", format!("{uri}/{act}"), json!({"reason": "x"})));
            }
            if *resource != "organizations" {
                let point = format!("{uri}/contact_points/{}/hide", subject.points[0]);
                attacks.push(("POST", point, json!({"reason": "x"})));
            }
            for (method, attacked, body) in attacks {
                let answer = world
                    .sent("publisher_elsewhere", method, &attacked, &body)
                    .await;
                // Of hotlines and contacts it is the coverage that says the country: no such field.
                let wanted = match (*resource, body.get("country")) {
                    ("hotlines", Some(_)) => 400,
                    _ => 403,
                };
                assert_eq!(
                    answer.status,
                    wanted,
                    "{method} {attacked}: {}",
                    answer.text()
                );
            }
        }
    }
    assert_eq!(world.moved().await, before, "something was changed");
    api1_others_answers(&world, &subjects[1].slug).await;
}

/// Proposals, kept answers and leases of somebody else.
async fn api1_others_answers(world: &World, slug: &str) {
    let patch = json!({"notes": "By the editor."});
    let uri = format!("/v1/hotlines/{slug}");
    let proposal = world.sent("editor", "PATCH", &uri, &patch).await;
    assert_eq!(proposal.status, 202, "{}", proposal.text());
    let id = proposal.value()["id"].as_str().unwrap().to_owned();
    // To who proposes, one of somebody else is as one that never was.
    let missing = Uuid::now_v7().to_string();
    for (act, wanted) in [
        ("", 404),
        ("/withdraw", 404),
        ("/accept", 403),
        ("/reject", 403),
    ] {
        let ask = async |id: &str| {
            let path = format!("/v1/proposals/{id}{act}");
            match act {
                "" => world.read("contributor", &path).await,
                _ => world.sent("contributor", "POST", &path, &json!({})).await,
            }
        };
        let (there, nowhere) = (ask(&id).await, ask(&missing).await);
        assert_eq!(there.status, wanted, "{act}: {}", there.text());
        assert_eq!(there.text(), nowhere.text(), "{act}");
    }
    let elsewhere = world
        .sent(
            "publisher_elsewhere",
            "POST",
            &format!("/v1/proposals/{id}/accept"),
            &json!({}),
        )
        .await;
    assert_eq!(elsewhere.status, 403, "{}", elsewhere.text());
    // An answer that is kept under a key of one is given to nobody else who names that key.
    let again = async |who: &str| {
        let request = request("PATCH", &uri)
            .insert_header(("If-Match", "*"))
            .insert_header(("Idempotency-Key", "guessed"))
            .set_json(json!({"notes": "By the publisher."}));
        world.site.ask(authorized(request, &key(who))).await
    };
    assert_eq!(again("publisher").await.status, 200);
    let other = json!({"notes": "By the publisher, later."});
    let later = world.sent("publisher", "PATCH", &uri, &other).await;
    assert_eq!(later.status, 200, "{}", later.text());
    let stranger = again("publisher_elsewhere").await;
    assert_eq!(stranger.status, 403, "{}", stranger.text());
    assert_eq!(again("contributor").await.status, 202);
    // What one has taken from the queue another does not give back.
    let leased = world
        .sent(
            "editor",
            "POST",
            "/v1/review_queue/leases",
            &json!({"count": 1}),
        )
        .await;
    assert_eq!(leased.status, 200, "{}", leased.text());
    let released = request("DELETE", "/v1/review_queue/leases");
    let released = world
        .site
        .ask(authorized(released, &key("publisher")))
        .await;
    assert_eq!(released.json()["released"], 0);
    let held = "select 1 as one from ledger.leases";
    let mut superuser = world.site.database.superuser().await;
    assert_eq!(rows(&mut superuser, held).await.len(), 1);
}

/// A token as others' services take them, signed by nobody or by a guess.
fn token(header: &str, signature: &str) -> String {
    let claims = r#"{"sub":"admin","name":"admin","role":"admin","exp":9999999999}"#;
    let part = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.{signature}", part(header), part(claims))
}

#[actix_web::test]
async fn api2_nothing_but_a_whole_valid_key_says_who_somebody_is() {
    let mut world = World::new().await;
    let before = world.moved().await;
    let valid = key("admin");
    let mut forged = vec![
        token(r#"{"alg":"none","typ":"JWT"}"#, ""),
        token(r#"{"alg":"HS256","typ":"JWT"}"#, &"A".repeat(43)),
        token(
            r#"{"alg":"RS256","jku":"https://evil.example/jwks"}"#,
            &"A".repeat(43),
        ),
        token(r#"{"alg":"HS256","kid":"../../dev/null"}"#, ""),
        key("expired"),
        key("revoked"),
        // As it may stand in the database, or be printed.
        crate::authorization::world::digest(&valid),
        valid[..valid.len() - 1].to_owned(),
        format!("{valid}0"),
        format!("{valid} {valid}"),
        valid.to_lowercase(),
        "' or '1'='1".to_owned(),
        "*".to_owned(),
        String::new(),
    ];
    // Guesses of the right form, with a right checksum.
    forged.extend((0..300).map(|guess| key(&format!("guess {guess}"))));
    for sent in &forged {
        // The keys are read anew meanwhile.
        tokio::task::yield_now().await;
        for uri in ["/v1/me", "/v1/hotlines?status=draft", "/v1/keys"] {
            let answer = world.site.ask(authorized(request("GET", uri), sent)).await;
            assert_eq!(answer.status, 401, "{sent} {uri}: {}", answer.text());
            assert_eq!(answer.header("www-authenticate"), "Bearer");
            assert!(sent.len() < 8 || !answer.whole().contains(sent.as_str()));
        }
    }
    // Nor a valid one that stands where addresses are written down, or twice.
    for uri in ["/v1/me", "/v1/hotlines"] {
        for name in ["key", "api_key", "access_token", "token", "authorization"] {
            let answer = world.site.get(&format!("{uri}?{name}={valid}")).await;
            let wanted = if uri == "/v1/me" { 401 } else { 400 };
            assert_eq!(answer.status, wanted, "{uri}?{name}");
            assert!(!answer.whole().contains(&valid));
        }
    }
    let asked = async |headers: &[(&'static str, String)]| {
        let mut request = TestRequest::get().uri("/v1/me");
        for (name, value) in headers {
            request = request.append_header((*name, value.as_str()));
        }
        world.site.ask(request).await.status
    };
    let bearer = ("Authorization", format!("Bearer {valid}"));
    for name in [
        "Cookie",
        "X-Api-Key",
        "X-Authorization",
        "Proxy-Authorization",
    ] {
        assert_eq!(asked(&[(name, bearer.1.clone())]).await, 401, "{name}");
    }
    assert_eq!(asked(&[("Cookie", format!("key={valid}"))]).await, 401);
    assert_eq!(
        asked(&[("X-Forwarded-User", "admin".to_owned())]).await,
        401
    );
    let other = ("Authorization", format!("Bearer {}", key("guess 1")));
    assert_eq!(asked(&[bearer.clone(), bearer.clone()]).await, 401);
    assert_eq!(asked(&[bearer.clone(), other.clone()]).await, 401);
    assert_eq!(asked(&[other, bearer.clone()]).await, 401);
    assert_eq!(asked(&[bearer]).await, 200, "the key itself is good");
    assert_eq!(world.moved().await, before);
}

/// What the server alone says of a record, and what others would like to say.
const OURS: [&str; 16] = [
    "id",
    "status",
    "visibility",
    "revision",
    "verified_at",
    "verification_method",
    "verification",
    "outcome",
    "freshness",
    "created_at",
    "last_modified",
    "actor",
    "second_person",
    "proposed_by",
    "merged_into",
    "role",
];

/// A value that such a field could have.
fn likely(field: &str) -> Value {
    match field {
        "id" | "merged_into" => json!(Uuid::now_v7()),
        "status" => json!("published"),
        "visibility" => json!("public"),
        "revision" => json!(1),
        "freshness" | "verification" => json!({"grade": "current", "verified": true}),
        "verification_method" => json!("called"),
        "outcome" => json!("confirmed"),
        "actor" | "second_person" | "proposed_by" => json!("admin"),
        "role" => json!("admin"),
        _ => json!("2026-11-01T00:00:00Z"),
    }
}

#[actix_web::test]
async fn api3_properties_are_neither_assigned_nor_shown_beyond_what_is_documented() {
    let mut world = World::new().await;
    let resources: Vec<String> = operations()
        .filter(|(method, path, _)| method == "PATCH" && path.ends_with("/{reference}"))
        .map(|(_, path, _)| path.split('/').nth(2).unwrap().to_owned())
        .collect();
    assert_eq!(resources.len(), 9, "{resources:?}");
    let wanted: Vec<(String, &str)> = resources
        .iter()
        .map(|resource| (resource.clone(), "published"))
        .collect();
    let subjects = world.records(&wanted).await;
    let before = world.moved().await;
    let refused = async |method: &str, uri: &str, field: &str, body: &Value| {
        let answer = world.sent("admin", method, uri, body).await;
        assert_eq!(
            answer.status,
            400,
            "{method} {uri} {field}: {}",
            answer.text()
        );
        let named = codes(&answer);
        assert!(
            named
                .iter()
                .any(|code| ["unknown_field", "read_only"].contains(&code.as_str())),
            "{method} {uri} {field}: {named:?}"
        );
    };
    for (resource, subject) in resources.iter().zip(&subjects) {
        let example = &lodestar::app::DOCUMENT["paths"][format!("/v1/{resource}")]["post"]["requestBody"]
            ["content"]["application/json"]["example"];
        let known = example.as_object().unwrap();
        for field in OURS.iter().filter(|field| !known.contains_key(**field)) {
            let uri = format!("/v1/{resource}/{}", subject.slug);
            let patch = json!({*field: likely(field)});
            refused("PATCH", &uri, field, &patch).await;
            let mut whole = example.clone();
            whole["slug"] = json!(subject.slug);
            whole[*field] = likely(field);
            refused("PUT", &uri, field, &whole).await;
            whole["slug"] = json!("assigned");
            refused("POST", &format!("/v1/{resource}"), field, &whole).await;
            let proposal = json!({"resource": resource, "record": subject.slug, "revision": subject.revision, "patch": patch,
                "reason": "x", "evidence_url": "https://operator.example/"});
            refused("POST", "/v1/proposals", field, &proposal).await;
        }
    }
    // In contact points, in keys, in what the public tells, in questions.
    let hotline = resources.iter().position(|one| one == "hotlines").unwrap();
    let uri = format!("/v1/hotlines/{}", subjects[hotline].slug);
    for field in ["verified_at", "outcome", "verification_method", "freshness"] {
        let point = json!({"channel": "phone", "value": "01632 960001", "e164": "+441632960001", "dialable_from": ["GB"],
            field: likely(field)});
        refused("PATCH", &uri, field, &json!({"contact_points": [point]})).await;
    }
    for (path, body) in [
        ("/v1/keys", json!({"name": "x", "role": "contributor"})),
        (
            "/v1/suggestions",
            json!({"resource": "hotlines", "record": "x", "text": "x"}),
        ),
    ] {
        for field in ["id", "state", "created_by", "proposed_by", "kind"] {
            let mut body = body.clone();
            body[field] = json!("x");
            refused("POST", path, field, &body).await;
        }
    }
    for path in ["/v1/help", "/v1/search"] {
        let asked = json!({"country": "GB", "search": "x", "visibility": "hidden"});
        let answer = world.sent("admin", "POST", path, &asked).await;
        assert_eq!(answer.status, 400, "{path}: {}", answer.text());
    }
    assert_eq!(world.moved().await, before, "something was assigned");
    // The hidden contact point that each of these records has, by whichever way of reading, and where what readers
    // ask is answered from.
    let mut reader = world.site.database.reader().await;
    for relation in ["hotlines", "regional_contacts"] {
        let stored = format!("select document from published.{relation}");
        let stored = rows(&mut reader, &stored).await;
        assert!(!stored.is_empty());
        assert!(
            !format!("{stored:?}").contains("hidden@contact"),
            "{relation}"
        );
    }
    for resource in ["hotlines", "regional_contacts"] {
        let place = resources.iter().position(|one| one == resource).unwrap();
        let slug = &subjects[place].slug;
        for uri in [
            format!("/v1/{resource}"),
            format!("/v1/{resource}/{slug}"),
            format!("/v1/{resource}/{slug}?include=organization"),
            format!("/v1/{resource}?format=csv"),
            format!("/v1/{resource}?format=ndjson"),
            format!("/v1/{resource}?search=hidden"),
            "/v1/search?search=hidden".to_owned(),
            "/v1/help?country=GB".to_owned(),
            "/v1/changes?since=0".to_owned(),
        ] {
            for who in [None, Some("contributor"), Some("admin")] {
                let answer = match who {
                    Some(who) => world.read(who, &uri).await,
                    None => world.site.get(&uri).await,
                };
                assert_eq!(answer.status, 200, "{uri}: {}", answer.text());
                assert!(!answer.whole().contains("hidden@contact"), "{uri} {who:?}");
            }
        }
    }
}

/// Operations by the least role that may use them.
const ADMINS: [&str; 6] = [
    "list_keys",
    "create_key",
    "revoke_key",
    "create_sample",
    "restore_record",
    "apply_import",
];
const PUBLISHERS: [&str; 6] = [
    "publish_record",
    "archive_record",
    "merge_record",
    "publish_sample",
    "accept_proposal",
    "reject_proposal",
];
const EDITORS: [&str; 21] = [
    "list_duplicates",
    "create_dismissal",
    "revoke_dismissal",
    "read_merge",
    "read_sample",
    "list_history",
    "read_history",
    "read_diff",
    "read_review_progress",
    "create_verification",
    "hide_record",
    "unhide_record",
    "hide_contact_point",
    "unhide_contact_point",
    "create_import",
    "list_imports",
    "read_import",
    "read_import_files",
    "list_review_queue",
    "create_leases",
    "release_leases",
];
/// What anybody with a key may ask for; what becomes of it depends on the role, as `curation` tells.
const OF_ALL: [&str; 9] = [
    "create_",
    "replace_",
    "update_",
    "read_me",
    "read_record",
    "read_export",
    "list_proposals",
    "read_proposal",
    "withdraw_proposal",
];

#[actix_web::test]
async fn api5_no_way_of_asking_reaches_a_function_of_another_role() {
    let desk = Desk::small().await;
    // Whoever stands below the least role of an operation is refused before anything is looked at,
    // whatever the body and whether or not what is named is there.
    let mut tried = 0;
    for (method, path, operation) in operations() {
        let keyed = operation["security"].as_array().unwrap();
        if keyed.is_empty() {
            continue;
        }
        let id = operation["operationId"].as_str().unwrap();
        let below = match () {
            () if ADMINS.contains(&id) => Some("Paul"),
            () if PUBLISHERS.contains(&id) => Some("Ed"),
            () if EDITORS.contains(&id) => Some("Cleo"),
            () if OF_ALL.iter().any(|one| id.starts_with(one)) => None,
            () => panic!("{id} is new: say here whose function it is"),
        };
        for (who, wanted) in [(Some(""), 401), (below, 403)] {
            let Some(who) = who else { continue };
            let uri = filled(path);
            let answer = desk.ask(who, &method, &uri, &[], Some(json!([]))).await;
            assert_eq!(
                answer.status,
                wanted,
                "{method} {uri} {who}: {}",
                answer.text()
            );
            tried += 1;
        }
    }
    assert!(tried > 80, "{tried}");
    // Names of methods and roles in headers, and other spellings of the path.
    let revision = desk.site.json("/v1").await["revision"].clone();
    let uri = "/v1/organizations/one";
    for name in [
        "X-HTTP-Method-Override",
        "X-HTTP-Method",
        "X-Method-Override",
    ] {
        for (method, over) in [("GET", "PATCH"), ("POST", "PATCH"), ("GET", "DELETE")] {
            let answer = desk
                .ask("", method, uri, &[(name, over)], Some(json!({"name": "x"})))
                .await;
            let wanted = if method == "GET" { 200 } else { 405 };
            assert_eq!(answer.status, wanted, "{name}: {over}");
        }
    }
    for (name, value) in [
        ("X-Original-URL", "/v1/keys"),
        ("X-Rewrite-URL", "/v1/keys"),
        ("X-Role", "admin"),
    ] {
        let answer = desk
            .ask("Cleo", "GET", "/v1/me", &[(name, value)], None)
            .await;
        assert_eq!(answer.json()["role"], "contributor", "{name}");
    }
    for path in [
        "/v1/keys/",
        "//v1/keys",
        "/v1//keys",
        "/v1/./keys",
        "/v1/x/../keys",
        "/V1/keys",
        "/v1/KEYS",
        "/v1/keys;x",
        "/v1/keys%2f",
        "/v1/%2e%2e/v1/keys",
        "/v1/keys.json",
    ] {
        for who in ["", "Paul", "Amy"] {
            let answer = desk.ask(who, "GET", path, &[], None).await;
            assert!(
                [401, 404].contains(&answer.status),
                "{path}: {}",
                answer.status
            );
        }
    }
    for path in ["/v1/ke%79s", "/v1/%6beys"] {
        for (who, wanted) in [("", 401), ("Paul", 403)] {
            let answer = desk.ask(who, "GET", path, &[], None).await;
            assert!(
                [wanted, 404].contains(&answer.status),
                "{path}: {}",
                answer.status
            );
        }
    }
    assert_eq!(desk.site.json("/v1").await["revision"], revision);
    let me = desk.get("Paul", "/v1/me").await;
    assert_eq!(texts(&me["countries"]).len(), 0);
}
