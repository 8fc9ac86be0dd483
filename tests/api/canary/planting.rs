//! Planting: what those with keys write, through the routes.

use super::garden::{Garden, WORD, document, mail, merged};
use serde_json::json;

const RESOURCES: [&str; 9] = [
    "topics",
    "populations",
    "synonyms",
    "sources",
    "indicators",
    "organizations",
    "hotlines",
    "regional_contacts",
    "statistics",
];

impl Garden {
    /// Hides what public records name, drafts everything anew, proposes, decides, tells.
    pub async fn plant(&self) {
        self.hide_what_is_named().await;
        self.draft().await;
        self.propose().await;
        self.tell().await;
        self.manage_keys().await;
        self.fail().await;
        self.read_with_keys().await;
    }

    async fn hide_what_is_named(&self) {
        let reason = |place: &str| json!({"reason": self.word(place)});
        let edited = json!({"description": "Open"});
        self.done(
            200,
            "paul",
            "PATCH",
            "/v1/organizations/open-edited",
            edited,
        )
        .await;
        let into = json!({"into": format!("{WORD}survivor"), "reason": self.word("merging")});
        self.done(
            200,
            "paul",
            "POST",
            "/v1/organizations/open-merged/archive",
            into,
        )
        .await;
        self.done(
            200,
            "paul",
            "POST",
            "/v1/organizations/open-closed/archive",
            reason("closing"),
        )
        .await;
        let moved = json!({"slug": "open-moved"});
        self.done(200, "paul", "PATCH", "/v1/statistics/open-figure", moved)
            .await;
        let renamed = json!({"slug": self.word("renamed")});
        let path = format!("/v1/organizations/{WORD}waspublic");
        self.done(200, "paul", "PATCH", &path, renamed).await;
        for (resource, hidden) in [
            ("sources", "source"),
            ("topics", "topic"),
            ("populations", "population"),
            ("indicators", "indicator"),
            ("organizations", "operator"),
            ("organizations", "survivor"),
            ("organizations", "renamed"),
            ("hotlines", "waspublicline"),
            ("regional_contacts", "waspublicoffice"),
            ("statistics", "figure"),
        ] {
            let path = format!("/v1/{resource}/{WORD}{hidden}/hide");
            self.done(200, "ed", "POST", &path, reason(&format!("hiding{hidden}")))
                .await;
        }
        for path in [
            "/v1/hotlines/open-line",
            "/v1/regional_contacts/open-office",
        ] {
            let record = self.read("ed", &format!("{path}/record")).await;
            let points = record["document"]["contact_points"].as_array().unwrap();
            let point = points
                .iter()
                .find(|point| point["value"].as_str().unwrap().starts_with(WORD));
            let id = point.unwrap()["id"].as_str().unwrap();
            let (hide, unhide) = (
                format!("{path}/contact_points/{id}/hide"),
                format!("{path}/contact_points/{id}/unhide"),
            );
            self.done(200, "ed", "POST", &hide, reason("hidingpoint"))
                .await;
            self.done(202, "ed", "POST", &unhide, reason("showingpoint"))
                .await;
        }
        // What is hidden is written on.
        let path = format!("/v1/hotlines/{WORD}waspublicline");
        let since = json!({"notes": self.word("since")});
        self.done(200, "ed", "PATCH", &path, since).await;
        self.done(
            202,
            "ed",
            "POST",
            &format!("{path}/unhide"),
            reason("showing"),
        )
        .await;
    }

    async fn draft(&self) {
        for resource in RESOURCES {
            for (place, hides) in [("draft", false), ("hiddendraft", true)] {
                let word = self.word(&format!("{place}{}", resource.replace('_', "")));
                let own = document(resource, &word, &word);
                let path = format!("/v1/{resource}/{word}");
                self.done(201, "ada", "POST", &format!("/v1/{resource}"), own)
                    .await;
                let label = if document(resource, "x", "x").get("name").is_some() {
                    "name"
                } else {
                    "title"
                };
                let patch = json!({label: self.word(&format!("again{}{place}", resource.replace('_', "")))});
                self.done(200, "ada", "PATCH", &path, patch).await;
                if hides {
                    let reason = json!({"reason": self.word("draftreason")});
                    self.done(200, "ed", "POST", &format!("{path}/hide"), reason)
                        .await;
                }
            }
        }
        // A draft that is published under another slug than it was written under.
        let title = self.word("workingtitle");
        let own = document("organizations", &title, "Open");
        let path = format!("/v1/organizations/{title}");
        self.done(201, "ed", "POST", "/v1/organizations", own).await;
        let titled = json!({"slug": "open-titled"});
        self.done(200, "ed", "PATCH", &path, titled).await;
        let publish = "/v1/organizations/open-titled/publish";
        self.done(200, "paul", "POST", publish, json!({})).await;
        // A public record that names what is hidden, made by way of a draft.
        let word = self.word("publishing");
        let fields = json!({"organization": format!("{WORD}operator"), "topics": [format!("{WORD}topic")], "show_together": null,
            "contact_points": [mail("late@open.example")]});
        let late = merged(document("hotlines", "open-late", "Open"), fields);
        self.done(201, "ed", "POST", "/v1/hotlines", late).await;
        self.done(
            200,
            "paul",
            "POST",
            "/v1/hotlines/open-late/publish",
            json!({"reason": word}),
        )
        .await;
        let path = "/v1/organizations/open-organization";
        let history = self.read("ada", &format!("{path}/history")).await;
        let since = json!({"alternate_name": "Open since"});
        self.done(200, "paul", "PATCH", path, since).await;
        let revision = &history["contents"][0]["revision"];
        let restore = json!({"revision": revision, "reason": self.word("restoring")});
        self.done(200, "ada", "POST", &format!("{path}/restore"), restore)
            .await;
    }

    /// Proposals that stay open, are accepted, rejected and withdrawn.
    async fn propose(&self) {
        let path = "/v1/organizations/open-organization";
        for fate in ["open", "accept", "reject", "withdraw"] {
            let word = |place: &str| self.word(&format!("{place}{fate}"));
            let record = self.read("cleo", &format!("{path}/record")).await;
            // What is accepted is public; all that stands around it is not.
            let patch = match fate {
                "accept" => json!({"alternate_name": "Open anew"}),
                _ => {
                    json!({"alternate_name": word("patch"), "website": format!("https://{}.example/", word("address"))})
                }
            };
            let proposal = json!({"resource": "organizations", "record": "open-organization", "revision": record["revision"],
                "patch": patch, "reason": word("proposing"), "evidence_url": format!("https://{}.example/", word("seen"))});
            let made = self
                .done(202, "cleo", "POST", "/v1/proposals", proposal)
                .await;
            let who = match fate {
                "open" => continue,
                "withdraw" => "cleo",
                _ => "pia",
            };
            let decide = format!("/v1/proposals/{}/{fate}", made["id"].as_str().unwrap());
            self.done(
                200,
                who,
                "POST",
                &decide,
                json!({"reason": word("deciding")}),
            )
            .await;
        }
        let new = self.word("proposed");
        self.done(
            202,
            "cleo",
            "POST",
            "/v1/hotlines",
            document("hotlines", &new, &new),
        )
        .await;
        let patch =
            json!({"contact_points": [mail(&format!("{}@line.example", self.word("number")))]});
        self.done(202, "paul", "PATCH", "/v1/hotlines/open-line", patch)
            .await;
    }

    async fn tell(&self) {
        for (record, text) in [("open-line", "told"), ("open-line", "toldagain")] {
            let body = json!({"resource": "hotlines", "record": record, "text": format!("it is {}", self.word(text))});
            let answer = self.send("POST", "/v1/suggestions", &[], Some(&body)).await;
            assert_eq!(answer.status, 202, "{}", answer.text());
            assert!(!answer.whole().contains(WORD));
        }
    }

    async fn manage_keys(&self) {
        let body = json!({"name": self.word("newcomer"), "role": "editor"});
        let made = self.done(201, "ada", "POST", "/v1/keys", body).await;
        let text = made["key"].as_str().unwrap().to_owned();
        // It is shown this once.
        self.told.borrow_mut().pop();
        self.made.borrow_mut().push(text);
        let revoke = format!("/v1/keys/{}/revoke", made["info"]["id"].as_str().unwrap());
        self.done(200, "ada", "POST", &revoke, json!({})).await;
    }

    /// What is wrong, with words wherever something can be wrong.
    async fn fail(&self) {
        let word = format!("{WORD}wrong");
        let (quoted, bearer) = (format!("\"{word}\""), format!("Bearer {word}"));
        let wrong = json!({&word: &word, "slug": &word, "name": [&word], "kind": &word});
        let paths = [
            "/v1/organizations".to_owned(),
            "/v1/organizations/open-organization".to_owned(),
            format!("/v1/organizations/{word}"),
            format!("/v1/organizations/{WORD}operator"),
            format!("/v1/{word}/{word}/hide"),
            format!("/v1/organizations/open-organization/publish?{word}={word}"),
            format!("/v1/proposals/{word}/accept"),
            "/v1/proposals".to_owned(),
            "/v1/keys".to_owned(),
        ];
        for path in &paths {
            for method in ["POST", "PUT", "PATCH", "DELETE"] {
                for headers in [
                    vec![("If-Match", "*")],
                    vec![("If-Match", quoted.as_str())],
                    vec![("Idempotency-Key", word.as_str()), ("Change-Reason", "%00")],
                    vec![
                        ("Change-Evidence", word.as_str()),
                        ("X-Request-Id", word.as_str()),
                    ],
                ] {
                    let answer = self.ask("ada", method, path, &headers, Some(&wrong)).await;
                    assert!(answer.status >= 400, "{method} {path}: {}", answer.text());
                    let strange = [("Authorization", bearer.as_str())];
                    let answer = self.send(method, path, &strange, Some(&wrong)).await;
                    let said = answer.whole();
                    assert!(
                        answer.status >= 400 && !said.contains(WORD),
                        "{method} {path}: {said}"
                    );
                }
            }
        }
    }

    /// All that keys open is read; none of it is kept for anybody else.
    async fn read_with_keys(&self) {
        let every =
            "status=draft&status=published&status=archived&visibility=public&visibility=hidden";
        let mut paths = vec![
            "/v1/me".to_owned(),
            "/v1/keys".to_owned(),
            "/v1/proposals?per_page=200".to_owned(),
        ];
        for resource in RESOURCES {
            paths.push(format!("/v1/{resource}?per_page=200"));
            for format in ["json", "csv", "ndjson"] {
                paths.push(format!("/v1/{resource}?format={format}&{every}"));
            }
        }
        for record in self.stored("records").await {
            let path = format!(
                "/v1/{}/{}",
                record["resource"].as_str().unwrap(),
                record["slug"].as_str().unwrap()
            );
            if record["resource"] == "countries" {
                continue;
            }
            for below in ["", "/record", "/history"] {
                paths.push(format!("{path}{below}"));
            }
            paths.push(format!("{path}?{every}"));
        }
        let mut shown = 0;
        for path in paths {
            let answer = self.ask("ada", "GET", &path, &[], None).await;
            shown += usize::from(answer.text().contains(WORD));
        }
        assert!(shown > 50, "{shown} answers held what only keys open");
    }
}
