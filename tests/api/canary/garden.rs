//! The directory that the words are planted in, and how it is spoken to.

use crate::{
    authorization::world::{digest, key, storing},
    support::{Answer, Database, Server, rows, run},
};
use serde_json::{Value, json};
use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
    time::Duration,
};

/// What every planted word starts with.
pub const WORD: &str = "zaunkoenig";

/// Who is there: the end of the name, which is a planted word itself, and the role.
pub const PEOPLE: [(&str, &str); 5] = [
    ("cleo", "contributor"),
    ("ed", "editor"),
    ("paul", "publisher"),
    ("pia", "publisher"),
    ("ada", "admin"),
];

fn name(who: &str) -> String {
    format!("{WORD}{who}")
}

/// The binary over a database, and what was planted there.
pub struct Garden {
    pub database: Database,
    pub server: Server,
    pub planted: RefCell<BTreeSet<String>>,
    /// What was answered to those with keys.
    pub told: RefCell<Vec<(String, Answer)>>,
    /// Keys that were made by a route.
    pub made: RefCell<Vec<String>>,
    written: Cell<usize>,
}

/// A source that everybody sees, and others beside it.
fn cited(others: &[&str]) -> Value {
    let all = ["open-source"].iter().chain(others);
    all.map(|source| json!({"source": source, "locator": null, "published_on": "2026", "retrieved_on": null}))
        .collect()
}

pub fn mail(address: &str) -> Value {
    json!({"channel": "email", "value": address, "note": address})
}

/// A document in which every text that may be any is `text`.
pub fn document(resource: &str, slug: &str, text: &str) -> Value {
    let address = format!("https://{text}.example/");
    let into = |fields: Value| {
        json!([merged(
            json!({"lang": "es", "translation": "machine", "name": text}),
            fields
        )])
    };
    let described = into(json!({"description": text}));
    let vocabulary =
        json!({"slug": slug, "name": text, "description": text, "translations": described});
    let fields = match resource {
        "sources" => {
            json!({"slug": slug, "title": text, "publisher": text, "url": address, "licence": text, "attribution": text})
        }
        "topics" => return merged(vocabulary, json!({"axis": "type"})),
        "populations" => return vocabulary,
        "synonyms" => {
            return json!({"slug": slug, "name": text, "terms": [format!("{text} other")], "notes": text});
        }
        "indicators" => {
            json!({"slug": slug, "title": text, "definition": text, "unit": "persons", "kind": "count",
            "translations": described})
        }
        "organizations" => {
            json!({"slug": slug, "name": text, "alternate_name": text, "kind": "ngo", "description": text,
            "website": address, "emails": [format!("{text}@mail.example")], "country": "GB", "scope": "national", "lang": "en",
            "actions": [{"action": "donate", "url": address}], "translations": described})
        }
        "hotlines" => {
            json!({"slug": slug, "name": text, "description": text, "notes": text, "lang": "en", "coverage": ["GB", "FR"],
            "passed_to_police": "unknown", "passed_to_immigration": "unknown", "show_together": text,
            "translations": into(json!({"description": text, "notes": text})),
            "contact_points": [mail(&format!("{text}@line.example"))]})
        }
        "regional_contacts" => {
            json!({"slug": slug, "name": text, "role": "task_force", "role_title": text, "notes": text, "lang": "en",
            "serves": ["GB"], "country": "GB", "city": text, "address": text, "website": address,
            "translations": into(json!({"role_title": text, "notes": text})),
            "latitude": "51.5", "longitude": "0.1", "coordinate_precision": "city", "contact_points": [mail(&format!("{text}@office.example"))]})
        }
        "statistics" => {
            json!({"slug": slug, "indicator": "open_indicator", "title": text, "claim": text, "lang": "en", "value": "1",
            "qualifier": "exactly", "unit": "persons", "population": text, "denominator": text, "exploitation": text, "geography": "GB",
            "publisher": text, "method_note": text, "caveat": text, "observation_status": "normal", "assessment": "not_assessed", "distribution": text})
        }
        other => panic!("{other} is new: say here what a document of it looks like"),
    };
    match resource {
        "sources" | "indicators" => fields,
        _ => merged(fields, json!({"sources": cited(&[])})),
    }
}

/// A document with other fields in place of its own.
pub fn merged(mut document: Value, fields: Value) -> Value {
    let own = document.as_object_mut().unwrap();
    own.extend(fields.as_object().unwrap().clone());
    document
}

impl Garden {
    /// A directory in which all is public so far, with the words that will be hidden in it.
    pub async fn laid_out() -> Self {
        let database = Database::empty().await;
        let mut superuser = database.superuser().await;
        let planted = RefCell::new(BTreeSet::new());
        for (who, role) in PEOPLE {
            planted.borrow_mut().insert(name(who));
            run(&mut superuser, &storing(&name(who), role, "", 1, false)).await;
        }
        let word = |place: &str| {
            let word = format!("{WORD}{place}");
            planted.borrow_mut().insert(word.clone());
            word
        };
        let (source, topic, population) = (word("source"), word("topic"), word("population"));
        let (indicator, operator) = (word("indicator"), word("operator"));
        let (survivor, figure, edited) = (word("survivor"), word("figure"), word("edited"));
        let record = |resource, slug: &str, text: &str, fields: Value| {
            let document = merged(document(resource, slug, text), fields);
            (resource, document, "published", "public")
        };
        let plain = |resource, slug: &str| record(resource, slug, slug, json!({}));
        let open = |resource, slug| record(resource, slug, "Open", json!({}));
        let terms =
            json!({"topics": [&topic], "populations": [&population], "sources": cited(&[&source])});
        let citing = json!({"sources": cited(&[&source])});
        let owned = merged(citing.clone(), json!({"organization": &operator}));
        let shown = [
            mail("open@open.example"),
            mail(&format!("{}@shown.example", word("point"))),
        ];
        let points = json!({"contact_points": shown});
        let operators =
            json!({"operators": [{"operator": &operator, "since": "2020", "until": null}]});
        let shares = |overlaps: &str| json!({"distribution": "open-shares", "share": "part", "denominator": "all", "overlaps": [overlaps]});
        let replaced = json!({"assessment": "superseded", "superseded_by": &figure});
        let figures = json!({"indicator": &indicator, "baseline": &figure,
            "critiques": [{"source": &source, "verdict": "disputes", "summary": "It counts otherwise."}]});
        let former = json!({"description": &edited});
        let country =
            json!({"slug": "GB", "emergency_numbers": ["999"], "sources": cited(&[&source])});
        let records = vec![
            open("sources", "open-source"),
            plain("sources", &source),
            plain("topics", &topic),
            plain("populations", &population),
            open("indicators", "open_indicator"),
            plain("indicators", &indicator),
            plain("organizations", &operator),
            plain("organizations", &survivor),
            plain("organizations", &word("waspublic")),
            record(
                "organizations",
                "open-organization",
                "Open",
                merged(operators, terms.clone()),
            ),
            record("organizations", "open-edited", "Open", former),
            open("organizations", "open-merged"),
            open("organizations", "open-closed"),
            record(
                "hotlines",
                "open-line",
                "Open",
                merged(merged(owned.clone(), terms), points.clone()),
            ),
            plain("hotlines", &word("waspublicline")),
            record(
                "regional_contacts",
                "open-office",
                "Open",
                merged(owned, points),
            ),
            plain("regional_contacts", &word("waspublicoffice")),
            record("statistics", &figure, &figure, shares("open-figure")),
            record("statistics", "open-former", "Open", replaced),
            record(
                "statistics",
                "open-figure",
                "Open",
                merged(merged(citing, figures), shares(&figure)),
            ),
            ("countries", country, "published", "public"),
        ];
        database.write(&word("firstreason"), records).await;
        let logged = [("RUST_LOG", "trace")];
        let vars = [database.vars().as_slice(), logged.as_slice()].concat();
        let server = Server::start(&vars).await;
        let garden = Self {
            database,
            server,
            planted,
            told: RefCell::default(),
            made: RefCell::default(),
            written: Cell::new(0),
        };
        let bearer = format!("Bearer {}", key(&name("ada")));
        let own = [("Authorization", bearer.as_str())];
        while garden.send("GET", "/v1/me", &own, None).await.status == 503 {
            // The keys are read a moment after the rest is ready.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        garden
    }

    /// A word that stands in this place alone.
    pub fn word(&self, place: &str) -> String {
        let word = format!("{WORD}{place}");
        self.planted.borrow_mut().insert(word.clone());
        word
    }

    /// Sends a request as it is written, and reads the answer whole.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nHost: lodestar.example\r\nConnection: close\r\n");
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        let body = body.map_or(String::new(), Value::to_string);
        if !body.is_empty() {
            request += &format!(
                "Content-Type: application/json\r\nContent-Length: {}\r\n",
                body.len()
            );
        }
        request += &format!("\r\n{body}");
        let answer = self.server.whole(request.as_bytes()).await;
        let mut answer = answer.unwrap_or_else(|error| panic!("{error}: {method} {path}"));
        if answer.header("transfer-encoding") == "chunked" {
            answer.body = joined(&answer.body);
        }
        answer
    }

    /// Asks as somebody with a key.
    pub async fn ask(
        &self,
        who: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        let bearer = format!("Bearer {}", key(&name(who)));
        let own = [("Authorization", bearer.as_str())];
        let all = [own.as_slice(), headers].concat();
        let answer = self.send(method, path, &all, body).await;
        assert!(answer.status < 500, "{method} {path}: {}", answer.text());
        self.told
            .borrow_mut()
            .push((format!("{who}: {method} {path}"), answer.clone()));
        answer
    }

    /// Reads as somebody with a key.
    pub async fn read(&self, who: &str, path: &str) -> Value {
        self.ask(who, "GET", path, &[], None).await.json()
    }

    /// Writes with words in every header, which must be answered so.
    pub async fn done(
        &self,
        status: u16,
        who: &str,
        method: &str,
        path: &str,
        body: Value,
    ) -> Value {
        self.written.set(self.written.get() + 1);
        let number = self.written.get();
        let (reason, kept) = (
            format!("{WORD}reason{number}"),
            format!("{WORD}kept{number}"),
        );
        let evidence = format!("https://{WORD}evidence{number}.example/");
        // Who publishes names what they read; for the rest whatever stands will do.
        let etag = match path.strip_suffix("/publish") {
            Some(path) => {
                let record = self.read(who, &format!("{path}/record")).await;
                format!("\"{}\"", record["revision"])
            }
            None => "*".to_owned(),
        };
        let headers = [
            ("If-Match", etag.as_str()),
            ("Change-Reason", reason.as_str()),
            ("Change-Evidence", evidence.as_str()),
            ("Idempotency-Key", kept.as_str()),
        ];
        let answer = self.ask(who, method, path, &headers, Some(&body)).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text());
        // What a key says is kept nowhere.
        let kept_nowhere = ["/v1/keys", "/revoke"];
        if !kept_nowhere.iter().any(|end| path.ends_with(end)) {
            self.planted.borrow_mut().insert(kept);
        }
        answer.value()
    }
}

/// The bytes of a chunked body.
fn joined(mut chunked: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = chunked.windows(2).position(|two| two == b"\r\n") {
        let size = std::str::from_utf8(&chunked[..end]).unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        whole.extend_from_slice(&chunked[end + 2..end + 2 + size]);
        chunked = &chunked[end + size + 4..];
    }
    whole
}

impl Garden {
    pub async fn stored(&self, table: &str) -> Vec<Value> {
        let query = format!("select * from ledger.{table}");
        rows(&mut self.database.superuser().await, &query).await
    }

    /// What no answer may hold but the one that made a key: keys, and what is kept of them.
    pub fn secrets(&self) -> Vec<String> {
        let own = PEOPLE.iter().map(|(who, _)| key(&name(who)));
        let keys: Vec<String> = own.chain(self.made.borrow().clone()).collect();
        assert_eq!(keys.len(), PEOPLE.len() + 1);
        let bare = keys
            .iter()
            .map(|key| key.trim_start_matches("lodestar_").to_lowercase());
        bare.chain(keys.iter().map(|key| digest(key))).collect()
    }

    /// Refuses words and keys wherever they must not be.
    pub fn keep_silent(&self, place: &str, text: &str) {
        let text = text.to_lowercase();
        let secrets = self.secrets();
        let mut unspoken = secrets.iter().map(String::as_str).chain([WORD]);
        if let Some(found) = unspoken.find(|word| text.contains(word)) {
            let at = text.find(found).unwrap();
            let around = &text[text.floor_char_boundary(at.saturating_sub(200))..];
            let around: String = around.chars().take(500).collect();
            panic!("{found} in {place}: ...{around}");
        }
    }
}
