//! What the directory said before: `as_of` answers what was answered then, and shows nothing that is
//! not public now.

use crate::support::{Answer, Database, Site, rows, run, slug};
use actix_web::test::TestRequest;
use chrono::{Days, Utc};
use serde_json::{Value, json};

/// Planted where nothing public is now.
const CANARY: &str = "kanarienvogel";

fn source(slug: &str) -> Value {
    json!({"slug": slug, "title": slug, "url": "https://source.example/"})
}

fn indicator(slug: &str) -> Value {
    json!({"slug": slug, "title": slug, "definition": slug, "unit": "reports", "kind": "count"})
}

fn cited(sources: &[&str]) -> Value {
    let all = sources.iter();
    all.map(|source| json!({"source": source, "published_on": "2026"}))
        .collect()
}

/// A figure of one year.
fn figure(slug: &str, year: i32, value: &str, more: Value) -> Value {
    let mut figure = json!({"slug": slug, "indicator": "calls", "title": slug, "claim": slug, "lang": "en", "value": value,
        "qualifier": "exactly", "unit": "reports", "geography": "GB", "period_start": format!("{year}-01-01"),
        "period_end": format!("{year}-12-31"), "publisher": "A publisher", "observation_status": "normal",
        "assessment": "not_assessed", "sources": cited(&["open-source"])});
    let own = figure.as_object_mut().unwrap();
    own.extend(more.as_object().unwrap().clone());
    figure
}

/// A directory, and somebody who may change what it says.
struct Desk {
    site: Site,
    key: String,
}

impl Desk {
    async fn over(database: Database) -> Self {
        let key = database.key("Paul", "publisher").await;
        let site = Site::over(database).await;
        site.know(&key).await;
        Self { site, key }
    }

    async fn act(&self, method: &str, uri: &str, body: Value) -> Answer {
        let request = TestRequest::default()
            .method(method.parse().unwrap())
            .uri(uri)
            .insert_header(("Authorization", format!("Bearer {}", self.key)))
            .insert_header(("If-Match", "*"))
            .insert_header(("Content-Type", "application/json"))
            .set_payload(body.to_string());
        let answer = self.site.ask(request).await;
        assert!(answer.status < 300, "{method} {uri}: {}", answer.text());
        answer
    }

    async fn revise(&self, slug: &str, patch: Value) {
        self.act("PATCH", &format!("/v1/statistics/{slug}"), patch)
            .await;
    }

    async fn revision(&self) -> i64 {
        self.site.json("/v1").await["revision"].as_i64().unwrap()
    }
}

#[actix_web::test]
async fn as_of_returns_what_was_answered_before_a_revision() {
    let desk = Desk::over(Database::full().await).await;
    let site = &desk.site;
    let revised = "cybertipline-reports-mx-2019";
    let uris = [
        format!("/v1/statistics/{revised}"),
        format!("/v1/statistics/{revised}?include=indicator&include=sources"),
        "/v1/statistics?geography=MX".to_owned(),
        "/v1/statistics?geography=MX&sort=-value&per_page=2&page=2".to_owned(),
        "/v1/statistics?within=419&latest=1".to_owned(),
        "/v1/statistics?source=apparebit-diaphanous-ocse-reports-per-country-csv&geography=MX".to_owned(),
        // Every figure of the shipped directory, whatever its assessment.
        "/v1/statistics?format=csv&assessment=not_assessed&assessment=supported&assessment=disputed"
            .to_owned(),
        "/v1/statistics?format=ndjson&latest=1".to_owned(),
        "/v1/indicators/cybertipline_reports/series?within=MX".to_owned(),
        "/v1/indicators/cybertipline_reports/series?format=csv&latest=2".to_owned(),
        "/v1/indicators/countries_covered_glotip/comparison".to_owned(),
    ];
    let mut before = Vec::new();
    for uri in &uris {
        before.push(site.get(uri).await);
    }
    let (then, moment) = (desk.revision().await, Utc::now());

    desk.revise(revised, json!({"value": "827989", "caveat": "Corrected."}))
        .await;
    let renamed = json!({"slug": "cybertipline-reports-mexico-2020", "value": "1"});
    desk.revise("cybertipline-reports-mx-2020", renamed).await;
    assert!(desk.revision().await > then);

    let moment = moment.to_rfc3339().replace('+', "%2B");
    for (uri, before) in uris.iter().zip(&before) {
        assert_eq!(before.status, 200, "{uri}: {}", before.text());
        let mark = if uri.contains('?') { '&' } else { '?' };
        for time in [format!("revision:{then}"), moment.clone()] {
            let past = site.get(&format!("{uri}{mark}as_of={time}")).await;
            assert_eq!(past.status, 200, "{uri} {time}: {}", past.text());
            assert!(
                past.body == before.body,
                "{uri} as of {time} says\n{}\nand said\n{}",
                past.text(),
                before.text()
            );
        }
        let now = site.get(uri).await;
        let touched = !uri.contains("comparison") && !uri.contains("latest");
        assert_eq!(now.body != before.body, touched, "{uri}");
        // Today is not over: it is what stands.
        let today = Utc::now().date_naive();
        let past = site.get(&format!("{uri}{mark}as_of={today}")).await;
        assert!(past.body == now.body, "{uri} as of {today}");
    }
    // A record is found by the slug that it had, and by the one that it has.
    for reference in [
        "cybertipline-reports-mx-2020",
        "cybertipline-reports-mexico-2020",
    ] {
        let past = site
            .json(&format!("/v1/statistics/{reference}?as_of=revision:{then}"))
            .await;
        assert_eq!(
            (&past["slug"], &past["value"]),
            (&json!("cybertipline-reports-mx-2020"), &json!("793721"))
        );
    }
    let with = site
        .json(&format!("/v1/statistics/{revised}?include=revisions"))
        .await;
    let earlier = &with["included"]["revisions"]["earlier"];
    assert_eq!(earlier.as_array().unwrap().len(), 1);
    let mut alone: Value = before[0].json();
    alone.as_object_mut().unwrap().remove("included");
    assert_eq!(earlier[0], alone);
}

#[actix_web::test]
async fn as_of_a_day_is_what_stood_at_its_end() {
    let database = Database::empty().await;
    let public = |resource, document| (resource, document, "published", "public");
    let records = vec![
        public("sources", source("open-source")),
        public("indicators", indicator("calls")),
        public(
            "statistics",
            figure("calls-2020", 2020, "100.50", json!({})),
        ),
    ];
    database.write("first", records).await;
    let desk = Desk::over(database).await;
    for value in ["200", "300"] {
        desk.revise("calls-2020", json!({"value": value})).await;
    }
    // The first stands three days ago, the second yesterday.
    let mut superuser = desk.site.database.superuser().await;
    let aged = "update ledger.entries set at = at - case when revision <= 3 then interval '3 days' else interval '1 day' end
        where revision <= 4";
    run(&mut superuser, aged).await;
    let today = Utc::now().date_naive();
    let value = async |days: u64| {
        let day = today.checked_sub_days(Days::new(days)).unwrap();
        let uri = format!("/v1/statistics?as_of={day}");
        let page = desk.site.json(&uri).await;
        let series = format!("/v1/indicators/calls/series?as_of={day}");
        let series = desk.site.json(&series).await;
        assert_eq!(
            series["contents"][0]["value"], page["contents"][0]["value"],
            "{day}"
        );
        page["contents"][0]["value"].clone()
    };
    assert_eq!(value(4).await, Value::Null);
    assert_eq!(value(3).await, "100.50");
    assert_eq!(value(2).await, "100.50");
    assert_eq!(value(1).await, "200");
    assert_eq!(value(0).await, "300");
    // What was before there was anything.
    for nothing in ["revision:0", "1999-01-01", "0000-01-01T00:00:00Z"] {
        let uri = format!("/v1/statistics?as_of={nothing}");
        assert_eq!(desk.site.json(&uri).await["total_items"], 0);
        let uri = format!("/v1/statistics/calls-2020?as_of={nothing}");
        assert_eq!(desk.site.get(&uri).await.status, 404);
    }
}

#[actix_web::test]
async fn what_is_computed_of_the_past_is_computed_from_the_past() {
    let database = Database::empty().await;
    let compared = json!({"baseline": "calls-2020"});
    let growth = json!({"indicator": "growth", "unit": "percent", "baseline": "calls-2020"});
    let mut change = indicator("growth");
    change["unit"] = "percent".into();
    change["kind"] = "change".into();
    let records = [
        ("sources", source("open-source")),
        ("indicators", indicator("calls")),
        ("indicators", change),
        ("statistics", figure("calls-2020", 2020, "100", json!({}))),
        ("statistics", figure("calls-2021", 2021, "110", compared)),
        ("statistics", figure("growth-2021", 2021, "50", growth)),
    ];
    let records = records.map(|(resource, document)| (resource, document, "published", "public"));
    database.write("first", records.into()).await;
    let desk = Desk::over(database).await;
    let uris = [
        "/v1/statistics?assessment=disputed&assessment=not_assessed",
        "/v1/statistics/growth-2021?include=sources",
        "/v1/statistics/calls-2021?include=sources",
        "/v1/statistics?assessment=disputed&format=csv",
    ];
    let mut before = Vec::new();
    for uri in uris {
        before.push(desk.site.get(uri).await);
    }
    let then = desk.revision().await;
    let disputed: Value = before[1].json();
    let said = |one: &Value| {
        let fields = ["assessment", "computed_change", "flags"];
        fields.map(|field| one[field].clone())
    };
    assert_eq!(
        said(&disputed),
        [
            json!("disputed"),
            json!("10.0"),
            json!(["contradicts_baseline"])
        ]
    );

    desk.revise("calls-2021", json!({"value": "150"})).await;
    let now = desk.site.json("/v1/statistics/growth-2021").await;
    assert_eq!(
        said(&now),
        [json!("not_assessed"), json!("50.0"), json!([])]
    );
    for (uri, before) in uris.iter().zip(&before) {
        assert!(desk.site.get(uri).await.body != before.body, "{uri}");
        let past = desk.site.get(&format!("{uri}&as_of=revision:{then}")).await;
        assert!(
            past.body == before.body,
            "{uri} says\n{}\nand said\n{}",
            past.text(),
            before.text()
        );
    }
    let uri = "/v1/statistics/growth-2021?include=revisions";
    let with = desk.site.json(uri).await;
    let earlier = &with["included"]["revisions"]["earlier"][0];
    assert_eq!(said(earlier), said(&disputed));
}

#[actix_web::test]
async fn what_is_not_public_now_is_not_shown_of_the_past() {
    let database = Database::empty().await;
    let word = |rest: &str| format!("{CANARY}-{rest}");
    let public = |resource, document| (resource, document, "published", "public");
    let naming = json!({"indicator": word("indicator").replace('-', "_"), "baseline": word("base"), "assessment": "disputed",
        "sources": cited(&["open-source", &word("source")]),
        "critiques": [{"source": word("source"), "verdict": "disputes", "summary": "It counts otherwise."},
            {"source": "open-source", "verdict": "disputes", "summary": "So does this."}]});
    let records = vec![
        public("sources", source("open-source")),
        public("sources", source(&word("source"))),
        public("indicators", indicator("calls")),
        public(
            "indicators",
            indicator(&word("indicator").replace('-', "_")),
        ),
        public("statistics", figure(&word("base"), 2001, "1", json!({}))),
        public("statistics", figure("open-naming", 2002, "2", naming)),
        public("statistics", figure(&word("closed"), 2003, "3", json!({}))),
        (
            "statistics",
            figure("late", 2004, "4", json!({"title": word("unfinished")})),
            "draft",
            "public",
        ),
        (
            "statistics",
            figure(&word("never"), 2005, "5", json!({})),
            "draft",
            "public",
        ),
        (
            "statistics",
            figure(&word("hidden"), 2006, "6", json!({})),
            "published",
            "hidden",
        ),
        // What was hidden once stays gone, though the record shows again.
        public(
            "statistics",
            figure(
                "between",
                2007,
                "7",
                json!({"title": word("between-first")}),
            ),
        ),
    ];
    database.write("first", records).await;
    let desk = Desk::over(database).await;
    let first = desk.revision().await;
    let all = "?assessment=disputed&assessment=not_assessed&per_page=200";
    // While all is public, all is said.
    let said = desk.site.get(&format!("/v1/statistics{all}")).await;
    assert!(said.text().matches(CANARY).count() >= 5, "{}", said.text());

    let reason = json!({"reason": "x"});
    let hide = async |resource: &str, slug: &str| {
        let uri = format!("/v1/{resource}/{slug}/hide");
        desk.act("POST", &uri, reason.clone()).await;
    };
    hide("sources", &word("source")).await;
    hide("indicators", &word("indicator").replace('-', "_")).await;
    hide("statistics", &word("base")).await;
    desk.act(
        "POST",
        &format!("/v1/statistics/{}/archive", word("closed")),
        reason.clone(),
    )
    .await;
    desk.revise("late", json!({"title": "Late"})).await;
    // Publishing wants the revision that was seen.
    let key = format!("Bearer {}", desk.key);
    let read = desk
        .site
        .get_with("/v1/statistics/late/record", "Authorization", &key)
        .await;
    let publish = TestRequest::post()
        .uri("/v1/statistics/late/publish")
        .insert_header(("Authorization", key.as_str()))
        .insert_header(("If-Match", read.header("etag")))
        .insert_header(("Content-Type", "application/json"))
        .set_payload(reason.to_string());
    let published = desk.site.ask(publish).await;
    assert_eq!(published.status, 200, "{}", published.text());
    let late = desk.revision().await;
    hide("statistics", "between").await;
    desk.revise("between", json!({"title": word("between")}))
        .await;
    desk.revise("between", json!({"title": "Between"})).await;
    let hidden = {
        let head = "select revision from ledger.head";
        let mut superuser = desk.site.database.superuser().await;
        rows(&mut superuser, head).await[0]["revision"]
            .as_i64()
            .unwrap()
    };
    // It is shown again by two.
    let between = figure("between", 2007, "7", json!({"title": "Between"}));
    let shown = vec![public("statistics", between)];
    desk.site.write("shown", shown).await;
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    let last = desk.revision().await;
    let order = [first, late, hidden, last];
    assert!(order.is_sorted_by(|one, next| one < next), "{order:?}");

    let records = rows(
        &mut desk.site.database.superuser().await,
        "select slug, id from ledger.records where resource = 'statistics'",
    )
    .await;
    for revision in 0..=last {
        let mut uris = vec![
            format!("/v1/statistics{all}&as_of=revision:{revision}"),
            format!(
                "/v1/statistics{all}&as_of=revision:{revision}&include=sources&include=indicator&include=critiques"
            ),
            format!("/v1/statistics?assessment=disputed&format=csv&as_of=revision:{revision}"),
            format!(
                "/v1/statistics?assessment=not_assessed&format=ndjson&as_of=revision:{revision}"
            ),
            format!(
                "/v1/statistics?source={}&assessment=disputed&as_of=revision:{revision}",
                word("source")
            ),
            format!(
                "/v1/statistics?indicator={}&assessment=disputed&as_of=revision:{revision}",
                word("indicator").replace('-', "_")
            ),
            format!(
                "/v1/indicators/calls/series?assessment=disputed&assessment=not_assessed&as_of=revision:{revision}"
            ),
        ];
        for record in &records {
            for reference in [slug(record), record["id"].as_str().unwrap().to_owned()] {
                uris.push(format!(
                    "/v1/statistics/{reference}?as_of=revision:{revision}&include=revisions"
                ));
            }
        }
        for uri in uris {
            let mut answer = desk.site.get(&uri).await;
            // Links and places of problems name what was asked.
            answer.headers.remove("link");
            let whole = match answer.status {
                200 => answer.whole(),
                404 | 410 => continue,
                other => panic!("{uri}: {other} {}", answer.text()),
            };
            assert!(!whole.contains(CANARY), "{uri}: {whole}");
        }
    }
    let slugs = async |revision: i64| {
        let uri = format!("/v1/statistics{all}&as_of=revision:{revision}");
        let page = desk.site.json(&uri).await;
        let mut slugs: Vec<String> = page["contents"]
            .as_array()
            .unwrap()
            .iter()
            .map(slug)
            .collect();
        slugs.sort();
        slugs
    };
    assert_eq!(slugs(first).await, ["open-naming"]);
    assert_eq!(slugs(late).await, ["late", "open-naming"]);
    assert_eq!(slugs(hidden).await, ["late", "open-naming"]);
    assert_eq!(slugs(last).await, ["between", "late", "open-naming"]);
    let naming = desk
        .site
        .json(&format!(
            "/v1/statistics/open-naming?as_of=revision:{first}"
        ))
        .await;
    assert_eq!(naming["sources"].as_array().unwrap().len(), 1);
    assert_eq!(naming["critiques"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&naming["baseline"], &naming["indicator"]),
        (&Value::Null, &Value::Null)
    );
    let closed = format!("/v1/statistics/{}?as_of=revision:{first}", word("closed"));
    assert_eq!(desk.site.get(&closed).await.status, 410);
}

#[actix_web::test]
async fn names_that_were_not_public_then_are_not_said_to_have_been() {
    let database = Database::empty().await;
    let public = |resource, document| (resource, document, "published", "public");
    let records = vec![
        public("sources", source("open-source")),
        ("sources", source("late-source"), "published", "hidden"),
        public("indicators", indicator("calls")),
        public(
            "statistics",
            figure(
                "calls-2020",
                2020,
                "1",
                json!({"sources": cited(&["open-source", "late-source"])}),
            ),
        ),
    ];
    database.write("first", records).await;
    let desk = Desk::over(database).await;
    let then = desk.revision().await;
    let before = desk.site.json("/v1/statistics/calls-2020").await;
    assert_eq!(before["sources"].as_array().unwrap().len(), 1);
    // A source leads a person somewhere: it is shown by two.
    let shown = vec![("sources", source("late-source"), "published", "public")];
    desk.site.write("shown", shown).await;
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    let now = desk.site.json("/v1/statistics/calls-2020").await;
    assert_eq!(now["sources"].as_array().unwrap().len(), 2);
    let past = format!("/v1/statistics/calls-2020?as_of=revision:{then}");
    assert_eq!(desk.site.json(&past).await, before);
}

#[actix_web::test]
async fn no_figure_of_the_past_is_shown_without_a_source() {
    let database = Database::empty().await;
    let cites = |source| json!({"sources": cited(&[source])});
    let records = vec![
        ("sources", source("open-source")),
        ("sources", source("forged-source")),
        ("indicators", indicator("calls")),
        (
            "statistics",
            figure("calls-2020", 2020, "1", cites("forged-source")),
        ),
        (
            "statistics",
            figure("calls-2021", 2021, "2", cites("open-source")),
        ),
    ];
    let public = records
        .into_iter()
        .map(|(resource, document)| (resource, document, "published", "public"));
    database.write("first", public.collect()).await;
    let desk = Desk::over(database).await;
    let then = desk.revision().await;
    let corrected = json!({"value": "3", "sources": cited(&["open-source"])});
    desk.revise("calls-2020", corrected).await;
    let past = format!("as_of=revision:{then}");
    let figure = format!("/v1/statistics/calls-2020?{past}");
    assert_eq!(desk.site.json(&figure).await["value"], "1");
    let body = json!({"reason": "It is a forgery."});
    desk.act("POST", "/v1/sources/forged-source/hide", body)
        .await;
    // Today it cites another; of then nothing is told.
    let now = "/v1/statistics/calls-2020?include=revisions";
    let now = desk.site.json(now).await;
    assert_eq!(now["value"], "3");
    assert_eq!(now["included"]["revisions"]["earlier"], json!([]));
    assert_eq!(desk.site.get(&figure).await.status, 404);
    for uri in ["/v1/statistics", "/v1/indicators/calls/series"] {
        let all = desk.site.json(&format!("{uri}?{past}")).await;
        assert_eq!(all["total_items"], 1, "{uri}: {all}");
        assert!(!all.to_string().contains("calls-2020"), "{uri}: {all}");
    }
}

#[actix_web::test]
async fn a_time_that_cannot_be_answered_is_refused_with_the_remedy() {
    let desk = Desk::over(Database::full().await).await;
    let site = &desk.site;
    let tomorrow = Utc::now()
        .date_naive()
        .checked_add_days(Days::new(1))
        .unwrap();
    let ahead = desk.revision().await + 1;
    let lists = [
        "/v1/statistics?".to_owned(),
        "/v1/statistics?format=csv&".to_owned(),
        "/v1/statistics/cybertipline-reports-mx-2019?".to_owned(),
        "/v1/indicators/cybertipline_reports/series?".to_owned(),
        "/v1/indicators/cybertipline_reports/series?format=ndjson&".to_owned(),
        "/v1/indicators/cybertipline_reports/comparison?".to_owned(),
    ];
    for list in &lists {
        for (time, status) in [
            (tomorrow.to_string(), 422),
            (format!("{tomorrow}T00:00:00Z"), 422),
            ("2199-12-31".to_owned(), 422),
            ("9999-12-31".to_owned(), 400),
            (format!("revision:{ahead}"), 422),
            ("revision:999999999999999999".to_owned(), 422),
            ("revision:9999999999999999999".to_owned(), 400),
            ("-1".to_owned(), 400),
            ("17".to_owned(), 400),
            ("revision:2026".to_owned(), 200),
            (Utc::now().format("%Y").to_string(), 200),
            ("2023-02-30".to_owned(), 400),
            (Utc::now().format("%Y-%m").to_string(), 200),
            ("yesterday".to_owned(), 400),
            (String::new(), 400),
            ("1&as_of=2".to_owned(), 400),
        ] {
            let uri = format!("{list}as_of={time}");
            let answer = site.get(&uri).await;
            // Of revision 2026 of the first import not every record stands.
            let wanted = if status == 200 && answer.status == 404 {
                404
            } else {
                status
            };
            assert_eq!(answer.status, wanted, "{uri}: {}", answer.text());
            if status > 200 {
                let error = &answer.value()["errors"][0];
                assert_eq!(error["parameter"], "as_of", "{uri}: {error}");
                assert!(error["remedy"].as_str().unwrap().len() > 10, "{error}");
            }
        }
    }
    let answer = site
        .get("/v1/statistics?as_of=revision:1&search=mexico")
        .await;
    assert_eq!(answer.status, 422, "{}", answer.text());
    assert_eq!(answer.value()["errors"][0]["parameter"], "search");
    let key = format!("Bearer {}", desk.site.database.key("Ed", "editor").await);
    site.know(key.trim_start_matches("Bearer ")).await;
    for uri in [
        "/v1/statistics?as_of=revision:1&status=draft",
        "/v1/statistics/cybertipline-reports-mx-2019?as_of=revision:1&visibility=hidden",
    ] {
        let answer = site.get_with(uri, "Authorization", &key).await;
        assert_eq!(answer.status, 422, "{uri}: {}", answer.text());
    }
    // Without asking for more, a key reads the past as everybody does.
    let answer = site
        .get_with("/v1/statistics?as_of=revision:1", "Authorization", &key)
        .await;
    assert_eq!(answer.status, 200);
}

#[actix_web::test]
async fn what_a_figure_of_the_past_is_compared_with_is_found_by_an_index() {
    let desk = Desk::over(Database::full().await).await;
    let slug = "cybertipline-online-enticement-change-wld-2021-2023";
    let uri = format!("/v1/statistics/{slug}");
    let change = desk.site.json(&uri).await["computed_change"].clone();
    assert!(change.is_string(), "{change}");
    // Before the first of these there was no other figure to compare it with.
    for note in ["Compared by hand.", "Compared by hand, twice."] {
        desk.revise(slug, json!({"method_note": note})).await;
    }
    let before = desk.site.database.looks("ledger.entries_baseline").await;
    let now = desk.site.json(&format!("{uri}?include=revisions")).await;
    let earlier = now["included"]["revisions"]["earlier"].as_array().unwrap();
    assert_eq!(earlier.len(), 2);
    assert_eq!(earlier[0]["computed_change"], change);
    let looks = desk
        .site
        .database
        .looks_more("ledger.entries_baseline", before);
    assert!(looks.await);
}
