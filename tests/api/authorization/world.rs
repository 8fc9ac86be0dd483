//! A small directory with a record in every state, and requests about it.

use super::table::{Case, PEOPLE, Sent, nouns};
use crate::support::{Database, Site, rows, run};
use actix_web::test::TestRequest;
use diesel_async::AsyncPgConnection;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{collections::HashMap, net::SocketAddr};
use uuid::Uuid;

/// The key of a name, in the form of all keys: 43 characters, and 6 that follow from them.
pub fn key(name: &str) -> String {
    const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let letters = |bytes: &[u8]| -> String {
        let letters = bytes.iter().map(|byte| ALPHABET[usize::from(*byte) % 62]);
        letters.map(char::from).collect()
    };
    let halves = [name.to_owned(), format!("{name} again")].map(Sha256::digest);
    let key = format!("lodestar_{}", letters(&halves.concat()[..43]));
    let check = letters(&Sha256::digest(&key)[..6]);
    key + &check
}

/// What is kept of a key, in hexadecimal.
pub fn digest(key: &str) -> String {
    let digest = Sha256::digest(key);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The statement that stores the key of a name.
pub fn storing(name: &str, role: &str, countries: &str, days: i32, revoked: bool) -> String {
    let digest = digest(&key(name));
    let revoked_at = if revoked { "now()" } else { "null" };
    format!(
        "insert into ledger.keys (id, name, role, countries, digest, created_at, created_by, expires_at, revoked_at)
         values (gen_random_uuid(), '{name}', '{role}', '{{{countries}}}', decode('{digest}', 'hex'),
           now() - interval '1 year', '{name}', now() + interval '{days} days', {revoked_at})"
    )
}

/// A record to ask about.
#[derive(Debug, Clone)]
pub struct Subject {
    pub slug: String,
    pub id: String,
    first: i64,
    pub revision: i64,
    /// Ids of a contact point that is shown, and of one that is hidden.
    pub points: [String; 2],
}

impl Subject {
    /// One that nobody ever wrote.
    pub fn missing() -> Self {
        let id = || Uuid::now_v7().to_string();
        Self {
            slug: format!("m{}", Uuid::now_v7().simple()),
            id: id(),
            first: 1,
            revision: 2,
            points: [id(), id()],
        }
    }

    fn read(row: &Value) -> Self {
        let text = |name: &str| row[name].as_str().unwrap().to_owned();
        let number = |name: &str| row[name].as_i64().unwrap();
        let points = row["document"]["contact_points"].as_array();
        let point = |visibility: &str| {
            let mut points = points.into_iter().flatten();
            let one = points.find(|point| point["visibility"] == visibility);
            let id = one.and_then(|point| point["id"].as_str());
            id.map_or_else(|| Uuid::now_v7().to_string(), str::to_owned)
        };
        Self {
            slug: text("slug"),
            id: text("id"),
            first: number("first"),
            revision: number("revision"),
            points: ["public", "hidden"].map(point),
        }
    }
}

fn example(resource: &str) -> Value {
    let paths = &lodestar::app::DOCUMENT["paths"];
    let body = &paths[format!("/v1/{resource}")]["post"]["requestBody"];
    body["content"]["application/json"]["example"].clone()
}

/// The field that names a record to people.
fn label(resource: &str) -> &'static str {
    match resource {
        "sources" | "indicators" | "statistics" => "title",
        _ => "name",
    }
}

/// A document as somebody with a key may write it.
fn written(resource: &str, slug: &str, name: &str) -> Value {
    let mut document = example(resource);
    document["slug"] = json!(slug);
    document[label(resource)] = json!(name);
    if resource == "statistics" {
        // No two observations are the same.
        document["publisher"] = json!(slug);
    }
    document
}

/// The slug of the record that becomes part of another.
fn part(slug: &str) -> String {
    format!("part-of-{slug}")
}

fn points_of(document: &mut Value) -> Option<&mut Vec<Value>> {
    document.get_mut("contact_points")?.as_array_mut()
}

/// The document of a record at its first and at its last revision. The first one leads a person
/// elsewhere; both have a hidden contact point.
fn revisions(resource: &str, slug: &str) -> [Value; 2] {
    let mail = |address: &str, visibility: &str| json!({"channel": "email", "value": address, "visibility": visibility});
    let mut both = ["Former name", "Present name"].map(|name| written(resource, slug, name));
    for document in &mut both {
        if let Some(points) = points_of(document) {
            points.push(mail("hidden@contact.example", "hidden"));
        }
    }
    if let Some(points) = points_of(&mut both[0]) {
        points.push(mail("before@contact.example", "public"));
    } else if resource == "organizations" {
        both[0]["website"] = json!("https://before.example/");
    }
    both
}

/// Status and visibility of a record in a state, at its first and at its last revision.
fn standing(state: &str) -> [(&'static str, &'static str); 2] {
    let (draft, published) = (("draft", "public"), ("published", "public"));
    match state {
        "draft" => [draft, draft],
        "published" => [published, published],
        "hidden" => [published, ("published", "hidden")],
        "hidden_draft" => [draft, ("draft", "hidden")],
        "archived" => [published, ("archived", "public")],
        "hidden_archived" => [published, ("archived", "hidden")],
        "closed_draft" => [draft, ("archived", "public")],
        other => panic!("{other} is new: say here how a record comes to stand so"),
    }
}

/// A small directory, and everybody's keys.
pub struct World {
    pub site: Site,
    pub superuser: AsyncPgConnection,
    asked: u16,
}

/// The application over a database of which another may be speaking too.
async fn over(database: &Database) -> Site {
    let site = Site::over(database.clone()).await;
    let keyed = format!("Bearer {}", key("admin"));
    for _ in 0..100 {
        if site
            .get_with("/v1/me", "Authorization", &keyed)
            .await
            .status
            == 200
        {
            return site;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the keys are not known");
}

impl World {
    /// With the records that the examples name, published.
    pub async fn new() -> Self {
        let database = Database::empty().await;
        let named = ["sources", "indicators", "organizations"];
        let named = named.map(|resource| (resource, example(resource), "published", "public"));
        database.write("named by others", named.into()).await;
        let mut superuser = database.superuser().await;
        for (name, sent) in PEOPLE {
            if let Sent::Key(role, countries, days, revoked) = sent {
                let stored = storing(name, role, countries, days, revoked);
                run(&mut superuser, &stored).await;
            }
        }
        Self {
            site: over(&database).await,
            superuser,
            asked: 0,
        }
    }

    /// New records, each of a resource in a state.
    pub async fn records(&mut self, wanted: &[(String, &str)]) -> Vec<Subject> {
        self.named_records("r", wanted).await
    }

    /// The same, with slugs that start so.
    pub async fn named_records(&mut self, start: &str, wanted: &[(String, &str)]) -> Vec<Subject> {
        let slugs = (0..wanted.len()).map(|place| format!("{start}{place}"));
        let slugs: Vec<String> = slugs.collect();
        for step in [0, 1] {
            let each = wanted.iter().zip(&slugs).map(|((resource, state), slug)| {
                let document = revisions(resource, slug)[step].clone();
                let (status, visibility) = standing(state)[step];
                (resource.as_str(), document, status, visibility)
            });
            let database = &self.site.database;
            database
                .write("made to be asked about", each.collect())
                .await;
        }
        let query = "select r.slug, r.id, r.revision, r.document,
            (select min(revision) from ledger.entries where record_id = r.id) as first from ledger.records r";
        let stored = rows(&mut self.superuser, query).await;
        let subjects = stored.iter().map(Subject::read);
        let mut subjects: HashMap<String, Subject> =
            subjects.map(|one| (one.slug.clone(), one)).collect();
        let made = slugs.iter().map(|slug| subjects.remove(slug).unwrap());
        made.collect()
    }

    /// Numbers of which one moves with whatever a request may change: the last revision,
    /// proposals, decisions, what the public told, keys.
    pub async fn moved(&mut self) -> Vec<i64> {
        let query = "select (select revision from ledger.head) as head,
            (select count(*) from ledger.proposals where kind = 'change') as proposed,
            (select count(*) from ledger.proposals where state <> 'open') as decided,
            (select coalesce(sum(times), 0) from ledger.proposals where kind = 'suggestion') as told,
            (select count(*) + count(revoked_at) from ledger.keys) as keys";
        let row = rows(&mut self.superuser, query).await.remove(0);
        let names = ["head", "proposed", "decided", "told", "keys"];
        let numbers = names.iter().map(|name| row[name].as_i64().unwrap());
        numbers.collect()
    }

    /// The request of a cell; makes the proposal, the key or the authorship that it is about.
    pub async fn request(
        &mut self,
        case: &Case,
        state: &str,
        person: usize,
        subject: &Subject,
    ) -> TestRequest {
        self.asked += 1;
        let (name, sent) = &PEOPLE[person];
        let id = match case.path.as_str() {
            path if path.starts_with("/v1/proposals/{id}") => {
                self.proposal(case, state, name, subject).await
            }
            path if path.starts_with("/v1/keys/{id}") => self.stored_key(state).await,
            path if path.contains("/{id}/") => {
                subject.points[usize::from(case.id.contains("unhide"))].clone()
            }
            _ => String::new(),
        };
        if case.id.ends_with("_merge") || case.id == "merge_record" {
            self.twin(case, state, &subject.slug).await;
        }
        if case.path.starts_with("/v1/samples") {
            self.sample(state).await;
        }
        if state == "own_draft" {
            let own = format!(
                "update ledger.entries set actor = '{name}' where record_id = '{}'",
                subject.id
            );
            run(&mut self.superuser, &own).await;
        }
        if case.id == "create_suggestion" && self.asked.is_multiple_of(50) {
            // So many are taken in a minute from all together.
            self.site = over(&self.site.database).await;
        }
        let reference = match self.asked % 2 {
            0 => &subject.slug,
            _ => &subject.id,
        };
        let request = self.about(case, state, subject, reference, &id);
        match sent {
            Sent::Nothing => request,
            Sent::Text(text) => authorized(request, &text()),
            Sent::Key(..) => authorized(request, &key(name)),
        }
    }

    /// A request about a record by slug or id, by nobody.
    pub fn about(
        &self,
        case: &Case,
        state: &str,
        subject: &Subject,
        reference: &str,
        id: &str,
    ) -> TestRequest {
        let path = case
            .path
            .replace("{reference}", reference)
            .replace("{revision}", &subject.revision.to_string())
            .replace("{code}", if state == "known" { "GB" } else { "ZZ" })
            .replace("{month}", &chrono::Utc::now().format("%Y-%m").to_string())
            .replace("{country}", if state == "missing" { "ZZ" } else { "GB" })
            .replace("{sha256}", &"0".repeat(64))
            .replace("{id}", id)
            .replace("{digest}", &digest("never brought"));
        let query = match (case.asked, case.id.as_str()) {
            ("every_state", _) => {
                "?status=draft&status=published&status=archived&visibility=public&visibility=hidden"
                    .to_owned()
            }
            (_, "list_changes") => "?since=0".to_owned(),
            (_, "read_help") => "?country=PH".to_owned(),
            (_, "read_search") => "?search=hotline".to_owned(),
            (_, "read_merge") => format!("?from={}", part(&subject.slug)),
            (_, "revoke_dismissal") => format!("?one={}&other={}", Uuid::now_v7(), Uuid::now_v7()),
            (_, "read_diff") => format!("?from={}&to={}", subject.first, subject.revision),
            _ => String::new(),
        };
        let method: actix_web::http::Method = case.method.parse().unwrap();
        let [high, low] = self.asked.to_be_bytes();
        let mut request = TestRequest::default()
            .method(method)
            .uri(&(path + &query))
            // Each network may tell us something five times.
            .peer_addr(SocketAddr::from(([10, high, low, 1], 1)));
        if case.conditional {
            let revision = format!("\"{}\"", subject.revision);
            request = request.insert_header(("If-Match", revision));
        }
        match &case.content_type {
            Some(kind) => request
                .insert_header(("Content-Type", kind.as_str()))
                .set_payload(self.body(case, subject, reference).to_string()),
            None => request,
        }
    }

    /// A valid body.
    fn body(&self, case: &Case, subject: &Subject, reference: &str) -> Value {
        let resource = case.resource.as_str();
        let mut changed = match case.method.as_str() {
            "PATCH" => json!({label(resource): "Updated"}),
            "PUT" => written(resource, &subject.slug, "Replaced"),
            _ => Value::Null,
        };
        if case.asked == "contact" {
            match resource {
                "organizations" => changed["website"] = json!("https://other.example/"),
                _ => {
                    changed["contact_points"] = example(resource)["contact_points"].clone();
                    let other = json!({"channel": "email", "value": "other@contact.example"});
                    changed["contact_points"]
                        .as_array_mut()
                        .unwrap()
                        .push(other);
                }
            }
        }
        let verb = case.id.split('_').next().unwrap();
        match (case.id.as_str(), verb) {
            (_, "update" | "replace") => changed,
            ("create_key", _) => json!({"name": "Somebody new", "role": "contributor"}),
            ("create_proposal", _) => {
                json!({"resource": resource, "record": reference, "revision": subject.revision,
                "patch": {label(resource): "Proposed"}, "reason": "it says so", "evidence_url": "https://operator.example/"})
            }
            ("ask_help", _) => json!({"country": "PH"}),
            ("ask_search", _) => json!({"search": "hotline"}),
            ("create_suggestion", _) => {
                json!({"resource": resource, "record": reference, "text": "nobody answers"})
            }
            ("create_verification", _) => json!({"outcome": "changed", "method": "called"}),
            ("create_sample", _) => json!({"size": 1}),
            ("create_leases", _) => json!({"count": 1}),
            ("merge_record", _) => json!({"from": part(&subject.slug)}),
            // No pair: what is asked is who may say so.
            ("create_dismissal", _) => {
                json!({"one": Uuid::now_v7(), "other": Uuid::now_v7(), "reason": "They are two."})
            }
            // What is brought may be wrong; the check says so.
            ("create_import", _) => json!({"resource": "topics", "document": {"slug": "brought"}}),
            (_, "create") => {
                assert!(
                    nouns().contains_key(resource),
                    "{} is new: say here what it takes",
                    case.id
                );
                written(resource, &format!("n{}", self.asked), "New")
            }
            (_, "restore") => json!({"revision": subject.first, "reason": "it was right"}),
            (_, "publish" | "archive" | "hide" | "unhide" | "accept" | "reject" | "withdraw") => {
                json!({"reason": "it is so"})
            }
            (other, _) => panic!("{other} is new: say here what it takes"),
        }
    }

    /// A proposal about a record in a state that the table names.
    async fn proposal(
        &mut self,
        case: &Case,
        state: &str,
        name: &str,
        subject: &Subject,
    ) -> String {
        let id = Uuid::now_v7().to_string();
        let (kind, stands, by, decided_by) = match state {
            "missing" => return id,
            "own" => ("change", "open", Some(name), None),
            "own_decided" => ("change", "rejected", Some(name), Some("somebody else")),
            "others" => ("change", "open", Some("somebody else"), None),
            "others_decided" => (
                "change",
                "rejected",
                Some("somebody else"),
                Some("a third person"),
            ),
            "suggestion" => ("suggestion", "open", None, None),
            other => panic!("{other} is new: say here how a proposal comes to stand so"),
        };
        let quoted =
            |text: Option<&str>| text.map_or("null".to_owned(), |text| format!("'{text}'"));
        let (patch, day) = match kind {
            "change" => (
                json!({label(&case.resource): "Proposed"}),
                "null".to_owned(),
            ),
            _ => (json!({}), format!("date '2000-01-01' + {}", self.asked)),
        };
        let sql = format!(
            "insert into ledger.proposals (id, kind, state, resource, record_id, base_revision, patch, reason, proposed_by, proposed_at, decided_by, decided_at, day)
             values ('{id}', '{kind}', '{stands}', '{}', '{}', {}, '{patch}', 'it says so', {}, now(), {}, {}, {day})",
            case.resource, subject.id, subject.revision, quoted(by), quoted(decided_by),
            if decided_by.is_some() { "now()" } else { "null" },
        );
        run(&mut self.superuser, &sql).await;
        id
    }

    /// A public record that says the same as one in a state that the table names, once.
    async fn twin(&mut self, case: &Case, state: &str, slug: &str) {
        let twin = part(slug);
        let query = format!("select 1 as one from ledger.records where slug = '{twin}'");
        let known = !rows(&mut self.superuser, &query).await.is_empty();
        if known || state == "missing" || case.resource == "statistics" {
            return;
        }
        let document = written(&case.resource, &twin, "Present name");
        let record = vec![(case.resource.as_str(), document, "published", "public")];
        self.site.write("the same", record).await;
    }

    /// A number to draw, and the sample of this month if it is drawn.
    async fn sample(&mut self, state: &str) {
        run(&mut self.superuser, "delete from ledger.samples").await;
        let lines = "select id from ledger.records where slug = 'sampled0'";
        if rows(&mut self.superuser, lines).await.is_empty() {
            let line = ("hotlines".to_owned(), "published");
            self.named_records("sampled", &[line]).await;
        }
        if state == "drawn" {
            let drawn = "insert into ledger.samples select date_trunc('month', now()), now(), 'somebody', h.revision, repeat('0', 32), 1,
                (now() at time zone 'UTC')::date, array[r.id], array[(r.document #>> '{contact_points,0,id}')::uuid]
                from ledger.records r, ledger.head h where r.slug = 'sampled0'";
            run(&mut self.superuser, drawn).await;
        }
    }

    /// A key of somebody, to be revoked.
    async fn stored_key(&mut self, state: &str) -> String {
        let name = format!("somebody {}", self.asked);
        if state == "missing" {
            return Uuid::now_v7().to_string();
        }
        let stored = storing(&name, "editor", "", 1, state == "revoked");
        run(&mut self.superuser, &stored).await;
        let id = format!("select id from ledger.keys where name = '{name}'");
        let row = rows(&mut self.superuser, &id).await.remove(0);
        row["id"].as_str().unwrap().to_owned()
    }
}

/// The same request with a key.
pub fn authorized(request: TestRequest, key: &str) -> TestRequest {
    request.insert_header(("Authorization", format!("Bearer {key}")))
}
