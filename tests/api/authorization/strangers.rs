//! What somebody may not see answers exactly like what never was: the same status, the same
//! headers, the same bytes.

use super::{
    table::{Case, PEOPLE, cases, nouns},
    world::{Subject, World, authorized, key},
};
use crate::support::{Answer, texts};
use actix_web::test::TestRequest;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// States in which nobody sees a record without a key, or with one that only proposes.
const CONCEALED: [&str; 5] = [
    "draft",
    "hidden",
    "hidden_draft",
    "hidden_archived",
    "closed_draft",
];

/// Everything that an answer says, but for what is new each time.
fn said(answer: &Answer) -> (u16, Vec<(String, String)>, Vec<u8>) {
    let headers = answer.headers.iter();
    let headers = headers.filter(|(name, _)| !["x-request-id", "date"].contains(&name.as_str()));
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let mut headers: Vec<(String, String)> = headers
        .map(|(name, value)| (name.to_string(), text(value.as_bytes())))
        .collect();
    headers.sort();
    (answer.status, headers, answer.body.clone())
}

fn said_whole(answer: &Answer) -> String {
    format!("{}\n{}", answer.status, answer.whole())
}

impl World {
    /// Asks about a record and about one that never was; both must answer alike.
    async fn compare(
        &self,
        words: &str,
        subject: &Subject,
        build: impl Fn(&Subject, &str) -> TestRequest,
    ) -> Answer {
        let missing = Subject::missing();
        let mut last = None;
        for by_slug in [true, false] {
            let reference = |one: &Subject| {
                if by_slug {
                    one.slug.clone()
                } else {
                    one.id.clone()
                }
            };
            let there = self.site.ask(build(subject, &reference(subject))).await;
            let nowhere = self.site.ask(build(&missing, &reference(&missing))).await;
            assert_eq!(
                said(&there),
                said(&nowhere),
                "{words}, by slug {by_slug}:\n{}\nwhere nothing is:\n{}",
                said_whole(&there),
                said_whole(&nowhere)
            );
            last = Some(there);
        }
        last.unwrap()
    }

    /// Does something as somebody, which must succeed.
    async fn done(&self, status: u16, who: &str, method: &str, path: &str, body: Value) -> Value {
        let request = TestRequest::default()
            .method(method.parse().unwrap())
            .uri(path);
        // Who publishes names what they read; for the rest whatever stands will do.
        let etag = match path.strip_suffix("/publish") {
            Some(path) => {
                let record = TestRequest::get().uri(&format!("{path}/record"));
                let record = self.site.ask(authorized(record, &key(who))).await;
                record.header("etag").to_owned()
            }
            None => "*".to_owned(),
        };
        let request = request.insert_header(("If-Match", etag)).set_json(body);
        let answer = self.site.ask(authorized(request, &key(who))).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text());
        answer.value()
    }

    async fn one(&mut self, resource: &str, state: &'static str, prefix: &str) -> Subject {
        let wanted = [(resource.to_owned(), state)];
        self.named_records(prefix, &wanted).await.remove(0)
    }
}

/// A record of every resource in every concealed state.
async fn concealed(world: &mut World) -> Vec<(String, &'static str, Subject)> {
    let resources: Vec<String> = nouns().into_keys().collect();
    let wanted: Vec<(String, &'static str)> = resources
        .iter()
        .flat_map(|resource| CONCEALED.map(|state| (resource.clone(), state)))
        .collect();
    let subjects = world.records(&wanted).await;
    // Answers name the revision that the app has seen: until it sees the last one, they differ.
    world.site.settle().await;
    let both = wanted.into_iter().zip(subjects);
    both.map(|((resource, state), subject)| (resource, state, subject))
        .collect()
}

#[actix_web::test]
async fn what_is_not_public_answers_like_what_never_was() {
    let mut world = World::new().await;
    let concealed = concealed(&mut world).await;
    let cases = cases();
    let (mut compared, mut statuses) = (0, BTreeSet::new());
    for (resource, state, subject) in &concealed {
        let about = |case: &&Case| case.resource == *resource && case.path.contains("{reference}");
        for case in cases.iter().filter(about) {
            let methods = match case.reads() {
                true => vec!["GET", "HEAD", "OPTIONS"],
                false => vec![case.method.as_str()],
            };
            for method in methods {
                for who in ["anonymous", "contributor"] {
                    let words = format!("{method} {} as {who}", case.named(state));
                    let build = |one: &Subject, reference: &str| {
                        let point = &one.points[usize::from(case.id.contains("unhide"))];
                        let request = world.about(case, state, one, reference, point);
                        let request = request.method(method.parse().unwrap());
                        match who {
                            "anonymous" => request,
                            who => authorized(request, &key(who)),
                        }
                    };
                    let answer = world.compare(&words, subject, build).await;
                    statuses.insert((who, answer.status));
                    compared += 1;
                }
            }
        }
    }
    println!("{compared} pairs by slug and by id are alike");
    assert!(compared > 2000, "{compared}");
    // Strangers and those who only propose are told nothing else.
    let expected = [
        ("anonymous", 204),
        ("anonymous", 401),
        ("anonymous", 404),
        ("contributor", 204),
        ("contributor", 403),
        ("contributor", 404),
    ];
    assert_eq!(statuses, BTreeSet::from(expected));
}

#[actix_web::test]
async fn no_way_of_asking_tells_what_is_not_public_from_what_never_was() {
    let mut world = World::new().await;
    let concealed = concealed(&mut world).await;
    let headers = [
        ("Accept", "text/csv"),
        ("Accept", "application/json"),
        ("Accept-Encoding", "br, gzip"),
        ("If-None-Match", "*"),
        ("If-Match", "\"1\""),
        ("If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ("Range", "bytes=0-0"),
    ];
    for (resource, state, subject) in &concealed {
        let queries = [
            "",
            "?include=sources",
            "?include=organization&include=sources",
            "?include=hotlines&include=regional_contacts",
            "?include=indicator",
            "?status=draft",
            "?visibility=hidden",
            "?nothing=1",
            "?",
        ];
        for query in queries {
            let words = format!("{resource} {state}{query}");
            let build = |_: &Subject, reference: &str| {
                TestRequest::get().uri(&format!("/v1/{resource}/{reference}{query}"))
            };
            world.compare(&words, subject, build).await;
        }
        for header in headers {
            for method in ["GET", "PATCH", "DELETE"] {
                let words = format!("{method} {resource} {state} {header:?}");
                let build = |_: &Subject, reference: &str| {
                    let request = TestRequest::default().method(method.parse().unwrap());
                    let uri = format!("/v1/{resource}/{reference}");
                    request.uri(&uri).insert_header(header)
                };
                world.compare(&words, subject, build).await;
            }
        }
        let below = |_: &Subject, reference: &str| {
            TestRequest::get().uri(&format!("/v1/{resource}/{reference}/below"))
        };
        world.compare("a path below", subject, below).await;
    }
}

#[actix_web::test]
async fn lists_answer_like_lists_without_what_is_not_public() {
    let mut world = World::new().await;
    let concealed = concealed(&mut world).await;
    let paths = lodestar::app::DOCUMENT["paths"].as_object().unwrap();
    let mut asked = 0;
    let open = world.site.json("/v1/indicators?per_page=1").await;
    let open = crate::support::slug(&open["contents"][0]);
    for (path, item) in paths {
        let path = &path.replace("{reference}", &open);
        let parameters = item["get"]["parameters"].as_array().into_iter().flatten();
        let named = parameters.filter(|one| {
            one["schema"]["items"]["$ref"] == "#/components/schemas/SlugOrId"
                && one["in"] == "query"
        });
        for parameter in named.filter_map(|one| one["name"].as_str()) {
            let help = path == "/v1/help";
            let search = path == "/v1/search";
            let formats = if help || search || path.ends_with("/comparison") {
                &["json"][..]
            } else {
                &["json", "csv", "ndjson"]
            };
            for format in formats {
                for (resource, state, subject) in &concealed {
                    let words = format!("{path}?{parameter}= a {state} of {resource}");
                    let missing = Subject::missing();
                    let mut both = Vec::new();
                    for reference in [&subject.slug, &missing.slug, &subject.id, &missing.id] {
                        let rest = match path.as_str() {
                            "/v1/help" => "country=US".to_owned(),
                            "/v1/search" => "search=line".to_owned(),
                            path if path.ends_with("/comparison") => "per_page=50".to_owned(),
                            _ => format!("format={format}"),
                        };
                        let uri = format!("{path}?{parameter}={reference}&{rest}");
                        let mut answer = world.site.get(&uri).await;
                        // A topic that nobody sees is a slip.
                        let slip = ["topic", "population"].contains(&parameter);
                        let wanted = if slip { 422 } else { 200 };
                        assert_eq!(answer.status, wanted, "{words}");
                        // The links of a page hold what was asked.
                        let own = answer.whole().replace(reference, "it");
                        answer.headers.remove("link");
                        answer.headers.remove("etag");
                        assert!(!own.contains("Present name"), "{words}: {own}");
                        if slip {
                            // What was perhaps meant depends on what was written alone.
                            answer.body.clear();
                        }
                        both.push(said(&answer));
                        asked += 1;
                    }
                    assert_eq!(both[0], both[1], "{words}, by slug");
                    assert_eq!(both[2], both[3], "{words}, by id");
                }
            }
        }
    }
    assert!(asked > 1000, "{asked}");
}

#[actix_web::test]
async fn suggestions_about_what_is_not_public_answer_like_those_about_nothing() {
    let mut world = World::new().await;
    let mut subjects = Vec::new();
    let resources = texts(&lodestar::app::DOCUMENT["components"]["schemas"]["Suggested"]["enum"]);
    let shown = world.one("hotlines", "published", "shown").await;
    for resource in resources {
        for state in CONCEALED {
            let prefix = format!("{resource}-{state}").replace('_', "-");
            subjects.push((resource, world.one(resource, state, &prefix).await));
        }
    }
    world.site.settle().await;
    let mut network = 0;
    let mut tell = |body: Value| {
        network += 1;
        let from = std::net::SocketAddr::from(([10, 0, network, 1], 1));
        let request = TestRequest::post().uri("/v1/suggestions").set_json(body);
        world.site.ask(request.peer_addr(from))
    };
    let nobody = Subject::missing();
    let told = |resource: &str, record: &str, point: Option<&str>| json!({"resource": resource, "record": record, "contact_point": point, "text": "nobody answers"});
    let nothing = tell(told("hotlines", &nobody.slug, None)).await;
    assert_eq!(nothing.status, 422, "{}", nothing.text());
    for (resource, subject) in &subjects {
        for reference in [&subject.slug, &subject.id] {
            let answer = tell(told(resource, reference, None)).await;
            assert_eq!(said(&answer), said(&nothing), "{resource} {subject:?}");
        }
    }
    // So do contact points that are hidden, or another record's.
    let nothing = tell(told("hotlines", &shown.slug, Some(&nobody.points[0]))).await;
    assert_eq!(nothing.status, 422, "{}", nothing.text());
    let hotline = subjects
        .iter()
        .find(|(resource, _)| *resource == "hotlines");
    for point in [&shown.points[1], &hotline.unwrap().1.points[0]] {
        let answer = tell(told("hotlines", &shown.slug, Some(point))).await;
        assert_eq!(said(&answer), said(&nothing));
    }
    let taken = tell(told("hotlines", &shown.slug, Some(&shown.points[0]))).await;
    assert_eq!(taken.status, 202, "{}", taken.text());
}

/// Asks for a slug that must be like none, also in the feed of changes.
async fn is_nowhere(world: &World, resource: &str, slug: &str) {
    world.site.settle().await;
    let nobody = Uuid::now_v7();
    for method in ["GET", "HEAD"] {
        let ask = |slug: &str| {
            let uri = format!("/v1/{resource}/{slug}");
            let request = TestRequest::default().method(method.parse().unwrap());
            world.site.ask(request.uri(&uri))
        };
        let there = ask(slug).await;
        let nowhere = ask(&format!("m{}", nobody.simple())).await;
        assert_eq!(
            said(&there),
            said(&nowhere),
            "{method} {slug}: {}",
            said_whole(&there)
        );
    }
    let changes = world.site.get("/v1/changes?since=0").await;
    assert!(
        !changes.text().contains(slug),
        "{slug} in {}",
        changes.text()
    );
}

#[actix_web::test]
async fn former_slugs_of_what_was_hidden_lead_nowhere() {
    let mut world = World::new().await;
    let one = world.one("organizations", "published", "renamed").await;
    let path = format!("/v1/organizations/{}", one.id);
    world
        .done(
            200,
            "admin",
            "PATCH",
            &path,
            json!({"slug": "renamed-since"}),
        )
        .await;
    let before = world
        .site
        .get(&format!("/v1/organizations/{}", one.slug))
        .await;
    assert_eq!(before.status, 308, "{}", before.text());
    world
        .done(200, "editor", "POST", &format!("{path}/hide"), json!({}))
        .await;
    is_nowhere(&world, "organizations", &one.slug).await;
    is_nowhere(&world, "organizations", "renamed-since").await;
    let tell = |record: &str| {
        let told = json!({"resource": "organizations", "record": record, "text": "it is closed"});
        let request = TestRequest::post().uri("/v1/suggestions").set_json(told);
        world.site.ask(request)
    };
    world.site.settle().await;
    let nobody = Subject::missing();
    assert_eq!(
        said(&tell(&one.slug).await),
        said(&tell(&nobody.slug).await)
    );
}

#[actix_web::test]
async fn what_became_part_of_a_hidden_record_names_nobody() {
    let mut world = World::new().await;
    let closed = world.one("organizations", "archived", "closed").await;
    let merged = world.one("organizations", "published", "merged").await;
    let survivor = world.one("organizations", "published", "survivor").await;
    let path = |one: &Subject| format!("/v1/organizations/{}", one.id);
    let into = json!({"into": survivor.slug});
    world
        .done(
            200,
            "publisher",
            "POST",
            &format!("{}/archive", path(&merged)),
            into,
        )
        .await;
    let before = world.site.get(&path(&merged)).await;
    assert!(
        before.status == 410 && before.text().contains(&survivor.slug),
        "{}",
        before.text()
    );
    world
        .done(
            200,
            "editor",
            "POST",
            &format!("{}/hide", path(&survivor)),
            json!({}),
        )
        .await;
    world.site.settle().await;
    for (gone, other) in [(&merged.id, &closed.id), (&merged.slug, &closed.slug)] {
        let gone = world.site.get(&format!("/v1/organizations/{gone}")).await;
        let other = world.site.get(&format!("/v1/organizations/{other}")).await;
        assert_eq!(said(&gone), said(&other));
        assert_eq!(gone.status, 410);
    }
    is_nowhere(&world, "organizations", &survivor.slug).await;
}

#[actix_web::test]
async fn a_slug_that_only_a_draft_had_leads_nowhere_when_it_is_published() {
    let mut world = World::new().await;
    let draft = world.one("organizations", "draft", "working-title").await;
    let path = format!("/v1/organizations/{}", draft.id);
    let title = json!({"slug": "title"});
    world.done(200, "editor", "PATCH", &path, title).await;
    let publish = format!("{path}/publish");
    world
        .done(200, "publisher", "POST", &publish, json!({}))
        .await;
    let shown = world.site.get("/v1/organizations/title").await;
    assert_eq!(shown.status, 200);
    is_nowhere(&world, "organizations", &draft.slug).await;
}

/// A record that is hidden, renamed twice meanwhile, and shown again under its third slug.
async fn renamed_while_hidden(world: &mut World) -> Subject {
    let hidden = world.one("organizations", "hidden", "known").await;
    let path = format!("/v1/organizations/{}", hidden.id);
    for slug in ["between", "known-since"] {
        let renamed = json!({"slug": slug});
        world.done(200, "editor", "PATCH", &path, renamed).await;
    }
    let unhide = format!("{path}/unhide");
    let proposal = world.done(202, "editor", "POST", &unhide, json!({})).await;
    let accept = format!("/v1/proposals/{}/accept", proposal["id"].as_str().unwrap());
    world
        .done(200, "publisher", "POST", &accept, json!({}))
        .await;
    let shown = world.site.get("/v1/organizations/known-since").await;
    assert_eq!(shown.status, 200);
    hidden
}

#[actix_web::test]
async fn a_slug_that_was_only_had_while_hidden_leads_nowhere_when_it_is_shown_again() {
    let mut world = World::new().await;
    renamed_while_hidden(&mut world).await;
    is_nowhere(&world, "organizations", "between").await;
}

#[actix_web::test]
async fn a_slug_that_was_public_leads_on_when_it_changed_while_hidden() {
    let mut world = World::new().await;
    let known = renamed_while_hidden(&mut world).await;
    // Nor does anybody else get it.
    let other = json!({"slug": &known.slug, "name": "Other", "kind": "ngo", "description": "Other.", "country": "GB",
        "scope": "national", "lang": "en", "sources": [{"source": "example-report-2026", "locator": null, "published_on": "2026", "retrieved_on": null}]});
    let uri = "/v1/organizations";
    world.done(422, "editor", "POST", uri, other).await;
    let answer = world.site.get(&format!("{uri}/{}", known.slug)).await;
    assert_eq!(answer.status, 308, "{}", answer.text());
}

/// Who proved who they are.
fn keyed() -> impl Iterator<Item = &'static str> {
    PEOPLE.iter().skip(5).map(|(name, _)| *name)
}

#[actix_web::test]
async fn lists_hold_drafts_and_hidden_records_for_whom_asks_with_a_key_and_nobody_else() {
    let mut world = World::new().await;
    let wanted: Vec<(String, &'static str)> = nouns()
        .into_keys()
        .flat_map(|resource| CONCEALED.map(|state| (resource.clone(), state)))
        .collect();
    world.records(&wanted).await;
    let every =
        "&status=draft&status=published&status=archived&visibility=public&visibility=hidden";
    let mut wrong = Vec::new();
    for resource in nouns().into_keys() {
        for format in ["json", "csv", "ndjson"] {
            let uri = format!("/v1/{resource}?format={format}");
            let own = world.site.get(&uri).await;
            assert!(
                !own.text().contains("Present name"),
                "{uri}: {}",
                own.text()
            );
            for who in keyed() {
                let ask = |uri: String| {
                    let request = TestRequest::get().uri(&uri);
                    world.site.ask(authorized(request, &key(who)))
                };
                let plain = ask(uri.clone()).await;
                let all = ask(uri.clone() + every).await;
                let shown = all.text().matches("Present name").count();
                let fits = match who {
                    "contributor" => all.status == 403,
                    _ => all.status == 200 && shown >= CONCEALED.len(),
                };
                if !fits {
                    wrong.push(format!(
                        "{uri} of every state as {who}: {}, {shown} shown",
                        all.status
                    ));
                }
                if plain.status != 200 || plain.text().contains("Present name") {
                    wrong.push(format!("{uri} as {who}: {}", said_whole(&plain)));
                }
                for answer in [&plain, &all].into_iter().filter(|one| one.status == 200) {
                    let caching = answer.header("cache-control");
                    if caching != "private, no-store" {
                        wrong.push(format!("{uri} as {who} may be kept: {caching}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[actix_web::test]
async fn lists_of_one_state_hold_nothing_of_another() {
    let mut world = World::new().await;
    let states = ["draft", "published", "hidden", "hidden_draft", "archived"];
    let wanted: Vec<(String, &'static str)> = nouns()
        .into_keys()
        .flat_map(|resource| states.map(|state| (resource.clone(), state)))
        .collect();
    world.records(&wanted).await;
    for resource in nouns().into_keys() {
        for status in ["draft", "published", "archived"] {
            for visibility in ["public", "hidden"] {
                let uri = format!("/v1/{resource}?status={status}&visibility={visibility}");
                let request = authorized(TestRequest::get().uri(&uri), &key("editor"));
                let list = world.site.ask(request).await.json();
                let records = list["contents"].as_array().unwrap();
                let other = records.iter().find(|record| {
                    record["status"] != status || record["visibility"] != visibility
                });
                assert!(other.is_none(), "{uri}: {other:?}");
                assert_eq!(list["total_items"], records.len(), "{uri}");
                let none = (status, visibility) == ("archived", "hidden");
                assert_eq!(records.is_empty(), none, "{uri}");
            }
        }
    }
}

#[actix_web::test]
async fn hidden_contact_points_are_shown_to_whom_asks_for_them_with_a_key_and_nobody_else() {
    let mut world = World::new().await;
    for resource in ["hotlines", "regional_contacts"] {
        let one = world
            .one(
                resource,
                "published",
                &format!("with-points-{}", resource.len()),
            )
            .await;
        let path = format!("/v1/{resource}/{}", one.slug);
        // What contributors propose shows them no more.
        let patch =
            json!({"contact_points": [{"channel": "email", "value": "other@contact.example"}]});
        let proposal = world.done(202, "contributor", "PATCH", &path, patch).await;
        let proposal = format!("/v1/proposals/{}", proposal["id"].as_str().unwrap());
        let record = format!("{path}/record");
        let asked = format!("{path}?visibility=public&visibility=hidden");
        let stranger = world.site.get(&path).await;
        assert!(stranger.status == 200 && !stranger.text().contains("hidden@contact"));
        for who in keyed() {
            for uri in [&path, &record, &asked, &proposal] {
                let request = TestRequest::get().uri(uri);
                let answer = world.site.ask(authorized(request, &key(who))).await;
                let curates = who != "contributor";
                let wanted = if !curates && uri == &asked { 403 } else { 200 };
                assert_eq!(answer.status, wanted, "{uri} as {who}: {}", answer.text());
                let shown = answer.text().contains("hidden@contact");
                let may = curates && uri != &path;
                let must = may && uri != &proposal;
                assert!(
                    (may || !shown) && (shown || !must),
                    "{uri} as {who}: {}",
                    answer.text()
                );
            }
        }
    }
}

#[actix_web::test]
async fn who_proposes_sees_no_more_of_a_record_once_it_is_hidden() {
    let mut world = World::new().await;
    let one = world.one("organizations", "published", "proposed").await;
    let path = format!("/v1/organizations/{}", one.slug);
    let proposal = world
        .done(
            202,
            "contributor",
            "PATCH",
            &path,
            json!({"name": "Proposed"}),
        )
        .await;
    let id = proposal["id"].as_str().unwrap();
    world
        .done(200, "editor", "POST", &format!("{path}/hide"), json!({}))
        .await;
    let secret = json!({"name": "Secret since"});
    world
        .done(200, "editor", "PATCH", &path, secret.clone())
        .await;
    world
        .done(
            200,
            "editor",
            "PATCH",
            &path,
            json!({"slug": "secret-since"}),
        )
        .await;
    for uri in [format!("/v1/proposals/{id}"), "/v1/proposals".to_owned()] {
        let request = TestRequest::get().uri(&uri);
        let answer = world
            .site
            .ask(authorized(request, &key("contributor")))
            .await;
        assert_eq!(answer.status, 200, "{uri}");
        let text = answer.text().to_lowercase();
        assert!(!text.contains("secret"), "{uri}: {text}");
    }
}
