//! The directory measures itself: a sample is drawn by chance, called, counted and published.

use crate::{
    curation::{Desk, citation, faults, hotline, number},
    support::{Answer, attempt, rows, run},
};
use chrono::{Datelike, Days, Months, NaiveDate, Utc};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Stands in what is hidden, and never where the public reads.
const CANARY: &str = "kanarienvogel";

fn today() -> NaiveDate {
    Utc::now().date_naive()
}

fn first() -> NaiveDate {
    today().with_day(1).unwrap()
}

fn month() -> String {
    today().format("%Y-%m").to_string()
}

fn address() -> String {
    format!("/v1/samples/{}", month())
}

fn figure() -> String {
    format!("/v1/statistics/directory-contact-accuracy-{}", month())
}

impl Desk {
    async fn draw(&self, who: &str, wanted: Value) -> Answer {
        self.ask(who, "POST", &address(), &[], Some(wanted)).await
    }

    async fn sample(&self) -> Value {
        self.get("Ed", &address()).await
    }

    async fn announce(&self) -> Answer {
        let uri = format!("{}/publish", address());
        self.ask("Paul", "POST", &uri, &[], None).await
    }

    /// What came of trying a contact point of the sample.
    async fn tried(&self, status: u16, point: &Value, outcome: &str, method: &str) -> Value {
        let record = format!("/v1/hotlines/{}", point["record"].as_str().unwrap());
        let id = &point["contact_point"]["id"];
        let found = json!({"outcome": outcome, "method": method, "contact_point": id});
        self.verified(status, &record, found).await
    }

    async fn verified(&self, status: u16, record: &str, found: Value) -> Value {
        let read = format!("{record}/record");
        let read = self.ask("Ed", "GET", &read, &[], None).await;
        let headers = [("If-Match", read.header("etag"))];
        let uri = format!("{record}/verifications");
        let answer = self.ask("Ed", "POST", &uri, &headers, Some(found)).await;
        assert_eq!(answer.status, status, "{}", answer.text());
        answer.value()
    }

    /// With this many lines of one number each, and what a figure of the sample names.
    async fn measuring(lines: usize) -> Self {
        let desk = Self::small().await;
        let source = json!({"slug": "lodestar-sample", "title": "Sample", "url": "https://directory.example/"});
        let indicator = json!({"slug": "directory_contact_accuracy", "title": "Accuracy", "definition": "Text.", "unit": "percent", "kind": "share"});
        let mut records = vec![
            ("sources", source, "published", "public"),
            ("indicators", indicator, "published", "public"),
        ];
        for place in 0..lines {
            let points = json!([number(&format!("01632 960{:03}", 100 + place))]);
            let line = hotline(&format!("line-{place:02}"), points);
            records.push(("hotlines", line, "published", "public"));
        }
        desk.site.write("measuring", records).await;
        desk
    }
}

fn values(sample: &Value) -> Vec<&str> {
    let contents = sample["contents"].as_array().unwrap().iter();
    let values = contents.map(|one| one["contact_point"]["value"].as_str().unwrap());
    values.collect()
}

fn counts(sample: &Value) -> [i64; 7] {
    let names = [
        "size",
        "checked",
        "confirmed",
        "changed",
        "unreachable",
        "closed",
        "unchecked",
    ];
    names.map(|name| sample[name].as_i64().unwrap())
}

#[actix_web::test]
async fn numbers_that_people_are_sent_to_are_drawn_once_and_anybody_can_draw_them_again() {
    let desk = Desk::measuring(6).await;
    let hidden = json!({"channel": "phone", "value": "01632 960201", "e164": "+441632960201", "visibility": "hidden"});
    let web = json!({"channel": "web_form", "value": "https://line.example/form"});
    let text = json!({"channel": "sms", "value": "01632 960202", "e164": "+441632960202", "dialable_from": ["GB"], "keyword": "HELP"});
    let regional = json!({"slug": "office", "name": "Office", "role": "victim_support", "country": "GB", "serves": ["GB"], "lang": "en",
        "contact_points": [number("01632 960203")], "sources": citation()});
    let french = {
        let mut line = hotline("ligne", json!([number("01632 960204")]));
        line["coverage"] = json!(["FR"]);
        line
    };
    let records = vec![
        (
            "hotlines",
            hotline("mixed", json!([hidden, web, text])),
            "published",
            "public",
        ),
        (
            "hotlines",
            hotline("draft", json!([number("01632 960205")])),
            "draft",
            "public",
        ),
        (
            "hotlines",
            hotline("hidden", json!([number("01632 960206")])),
            "published",
            "hidden",
        ),
        ("regional_contacts", regional, "published", "public"),
        ("hotlines", french, "published", "public"),
        (
            "hotlines",
            hotline(
                "gone",
                json!([number("01632 960207"), number("01632 960208")]),
            ),
            "published",
            "public",
        ),
    ];
    desk.site.write("all kinds", records).await;
    // One number is known to lead nowhere, and one line.
    let gone = desk.get("Ed", "/v1/hotlines/gone/record").await;
    let id = &gone["document"]["contact_points"][0]["id"];
    let closed = json!({"outcome": "closed", "method": "called", "contact_point": id});
    desk.verified(200, "/v1/hotlines/gone", closed).await;
    let closed = json!({"outcome": "unreachable", "method": "called"});
    desk.verified(200, "/v1/hotlines/line-05", closed).await;

    let mut writer = desk.site.database.superuser().await;
    let head = "select revision from ledger.head";
    let before = rows(&mut writer, head).await;
    let drawn = desk.draw("Ada", json!({"size": 1000})).await;
    assert_eq!(drawn.status, 201, "{}", drawn.text());
    assert!(drawn.header("location").ends_with(&address()));
    assert_eq!(drawn.header("cache-control"), "private, no-store");
    let drawn = drawn.value();
    let all: BTreeSet<&str> = values(&drawn).into_iter().collect();
    let given = [
        "01632 960001",
        "01632 960002",
        "01632 960100",
        "01632 960101",
        "01632 960102",
        "01632 960103",
        "01632 960104",
        "01632 960202",
        "01632 960204",
        "01632 960208",
    ];
    assert_eq!(all, BTreeSet::from(given));
    assert_eq!(
        (&drawn["frame"], counts(&drawn)),
        (&json!(10), [10, 0, 0, 0, 0, 0, 10])
    );
    assert_eq!(drawn["accuracy"], Value::Null);
    assert_eq!(drawn["drawn_by"], "Ada");
    let last = first() + Months::new(1) - Days::new(1);
    assert_eq!(drawn["until"], last.to_string());
    // Drawing is no change of the directory.
    assert_eq!(rows(&mut writer, head).await, before);
    assert_eq!(drawn["revision"], before[0]["revision"]);
    // A fixed order, and once.
    assert_eq!(desk.sample().await["contents"], drawn["contents"]);
    let again = desk.draw("Ada", json!({})).await;
    assert_eq!((again.status, faults(&again)[0].1.as_str()), (409, "drawn"));
    // Whoever has the ledger draws the same.
    let again = format!(
        "select point ->> 'value' as value from (select distinct on (record_id) * from ledger.entries
           where revision <= {} order by record_id, revision desc) record, jsonb_array_elements(document -> 'contact_points') point
         where resource = 'hotlines' and status = 'published' and visibility = 'public' and point ->> 'visibility' = 'public'
           and point ->> 'channel' in ('phone', 'sms', 'whatsapp', 'tty')
           and coalesce(document ->> 'outcome', '') not in ('unreachable', 'closed')
           and coalesce(point ->> 'outcome', '') not in ('unreachable', 'closed')
         order by sha256(convert_to({} || ':' || (point ->> 'id'), 'UTF8'))",
        drawn["revision"],
        drawn["seed"].to_string().replace('"', "'"),
    );
    let again = rows(&mut writer, &again).await;
    let again: Vec<&str> = again
        .iter()
        .map(|row| row["value"].as_str().unwrap())
        .collect();
    assert_eq!(again, values(&drawn));
    // What changes meanwhile leaves it as it was.
    let other = json!({"contact_points": [number("01632 960199")]});
    let proposal = desk
        .done(202, "Paul", "PATCH", "/v1/hotlines/line-00", other)
        .await;
    desk.accept(200, "Pia", &proposal).await;
    desk.done(200, "Ed", "POST", "/v1/hotlines/line-01/hide", json!({}))
        .await;
    desk.done(
        200,
        "Paul",
        "PATCH",
        "/v1/hotlines/line-02",
        json!({"slug": "renamed", "name": "Renamed"}),
    )
    .await;
    let after = desk.sample().await;
    assert_eq!(values(&after), values(&drawn));
    let of = |slug: &str| {
        let mut contents = after["contents"].as_array().unwrap().iter();
        contents.find(|one| one["slug"] == slug).unwrap().clone()
    };
    let altered =
        ["line-00", "line-01", "line-02", "line-03"].map(|slug| of(slug)["altered"].clone());
    assert_eq!(altered, [true, true, false, false].map(Value::from));
    assert_eq!(
        (&after["altered"], &of("line-02")["name"]),
        (&json!(2), &json!("line-02"))
    );
    // The sheet.
    let sheet = desk
        .ask("Ed", "GET", &format!("{}?format=csv", address()), &[], None)
        .await;
    assert_eq!(
        (sheet.status, sheet.header("content-type")),
        (200, "text/csv")
    );
    assert!(sheet.header("content-disposition").contains("sample-"));
    let mut lines = csv::Reader::from_reader(sheet.body.as_slice());
    let header = lines.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|one| one == name).unwrap();
    let lines: Vec<csv::StringRecord> = lines.records().map(Result::unwrap).collect();
    assert_eq!(lines.len(), 10);
    for (line, point) in lines.iter().zip(after["contents"].as_array().unwrap()) {
        assert_eq!(line[column("hotline")], point["slug"]);
        assert_eq!(line[column("contact_point")], point["contact_point"]["id"]);
        assert_eq!(line[column("display")], point["contact_point"]["display"]);
        assert_eq!(&line[column("place")], point["place"].to_string());
    }
    // A key of one country gets its own to call, and draws nothing.
    let key = desk
        .site
        .database
        .limited_key("Fee", "admin", &["FR"], 90)
        .await;
    desk.site.know(&key).await;
    let own = desk
        .site
        .get_with(&address(), "Authorization", &format!("Bearer {key}"))
        .await;
    assert_eq!(values(&own.json()), ["01632 960204"]);
    assert_eq!(own.json()["size"], 10);
}

#[actix_web::test]
async fn the_first_call_in_time_counts_and_the_share_is_published_as_a_figure() {
    let desk = Desk::measuring(8).await;
    let mut writer = desk.site.database.superuser().await;
    // What was verified before the drawing does not count.
    let found = json!({"outcome": "confirmed", "method": "called", "contact_point":
        desk.get("Ed", "/v1/hotlines/line-00/record").await["document"]["contact_points"][0]["id"]});
    desk.verified(200, "/v1/hotlines/line-00", found).await;
    assert_eq!(desk.announce().await.status, 404);
    let drawn = desk.draw("Ada", json!({})).await.value();
    let points = drawn["contents"].as_array().unwrap();
    assert_eq!(points.len(), 10);
    let refused = desk.announce().await;
    assert_eq!(
        (refused.status, faults(&refused)[0].1.as_str()),
        (409, "unchecked")
    );
    assert_eq!(desk.site.get(&figure()).await.status, 404);
    // Nor what a page says, nor what is said of the record.
    desk.tried(200, &points[0], "confirmed", "official_page")
        .await;
    let record = format!("/v1/hotlines/{}", points[0]["record"].as_str().unwrap());
    desk.verified(
        200,
        &record,
        json!({"outcome": "confirmed", "method": "called"}),
    )
    .await;
    assert_eq!(counts(&desk.sample().await)[1], 0);
    assert_eq!(desk.announce().await.status, 409);

    for point in &points[..3] {
        desk.tried(200, point, "confirmed", "called").await;
    }
    desk.tried(200, &points[3], "changed", "texted").await;
    desk.tried(200, &points[4], "closed", "called").await;
    // The first attempt counts, also where a second comes to something else.
    desk.tried(200, &points[3], "confirmed", "called").await;
    desk.tried(200, &points[0], "unreachable", "called").await;
    let proposal = desk.tried(202, &points[4], "confirmed", "called").await;
    desk.accept(200, "Pia", &proposal).await;
    let sample = desk.sample().await;
    assert_eq!(counts(&sample), [10, 5, 3, 1, 0, 1, 5]);
    assert_eq!(
        sample["accuracy"],
        json!({"value": "60.0", "low": "23.1", "high": "88.2"})
    );
    assert_eq!(sample["contents"][3]["outcome"], "changed");

    let published = desk.announce().await;
    assert_eq!(published.status, 201, "{}", published.text());
    assert!(published.header("location").ends_with(&figure()));
    let shown = desk.site.json(&figure()).await;
    assert_eq!(
        [
            &shown["value"],
            &shown["low"],
            &shown["high"],
            &shown["unit"],
            &shown["qualifier"]
        ],
        ["60.0", "23.1", "88.2", "percent", "approximately"]
    );
    let last = first() + Months::new(1) - Days::new(1);
    assert_eq!(shown["period"], json!({"start": first(), "end": last}));
    assert_eq!(
        (&shown["geography"]["code"], &shown["indicator"]["slug"]),
        (&json!("WLD"), &json!("directory_contact_accuracy"))
    );
    assert_eq!(
        (&shown["observation_status"], &shown["assessment"]),
        (&json!("provisional"), &json!("not_assessed"))
    );
    assert_eq!(shown["sources"][0]["source"], "lodestar-sample");
    let locator = shown["sources"][0]["locator"].as_str().unwrap();
    assert!(
        locator.contains(drawn["seed"].as_str().unwrap()),
        "{locator}"
    );
    let note = shown["method_note"].as_str().unwrap();
    assert!(note.contains("Sample size 10; checked 5: confirmed 3, changed 1, unreachable 0, closed 1. Not checked in time 5"), "{note}");

    // Nothing new, no revision; more calls, a revision of the same figure.
    let same = desk.announce().await;
    assert_eq!(
        (same.status, same.header("etag")),
        (200, published.header("etag"))
    );
    // What its curators wrote of it stays.
    desk.done(
        200,
        "Paul",
        "PATCH",
        &figure(),
        json!({"title": "How right we are"}),
    )
    .await;
    desk.tried(200, &points[5], "confirmed", "called").await;
    let revised = desk.announce().await;
    assert_eq!(revised.status, 200, "{}", revised.text());
    assert_eq!(revised.value()["id"], published.value()["id"]);
    let shown = desk.site.json(&figure()).await;
    assert_eq!(
        (&shown["value"], &shown["title"]),
        (&json!("66.7"), &json!("How right we are"))
    );
    assert_eq!(
        desk.site
            .total("/v1/statistics?indicator=directory_contact_accuracy")
            .await,
        1
    );
    let history = desk.get("Ed", &format!("{}/history", figure())).await;
    let reasons: Vec<&str> = history["contents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["reason"].as_str().unwrap())
        .collect();
    let counted = format!("the sample of {} counted", month());
    assert_eq!(reasons, [counted.as_str(), "", counted.as_str()]);

    // A number that leads elsewhere since is another one; one that was hidden may be called still.
    let altered = format!("/v1/hotlines/{}", points[6]["record"].as_str().unwrap());
    let points_now =
        desk.get("Ed", &format!("{altered}/record")).await["document"]["contact_points"].clone();
    let mut points_then = points_now.clone();
    for point in points_then.as_array_mut().unwrap() {
        for field in [
            "visibility",
            "verified_at",
            "verification_method",
            "outcome",
        ] {
            point.as_object_mut().unwrap().remove(field);
        }
        if point["id"] == points[6]["contact_point"]["id"] {
            (point["value"], point["e164"]) = (json!("01632 960190"), json!("+441632960190"));
        }
    }
    let proposal = desk
        .done(
            202,
            "Paul",
            "PATCH",
            &altered,
            json!({"contact_points": points_then}),
        )
        .await;
    desk.accept(200, "Pia", &proposal).await;
    desk.tried(200, &points[6], "confirmed", "called").await;
    let sample = desk.sample().await;
    assert_eq!((counts(&sample)[1], &sample["altered"]), (6, &json!(1)));
    let hidden = format!(
        "/v1/hotlines/{}/contact_points/{}/hide",
        points[7]["record"].as_str().unwrap(),
        points[7]["contact_point"]["id"].as_str().unwrap()
    );
    desk.done(200, "Ed", "POST", &hidden, json!({"reason": CANARY}))
        .await;
    assert_eq!(desk.sample().await["altered"], 2);
    desk.tried(200, &points[7], "closed", "called").await;
    let sample = desk.sample().await;
    assert_eq!((counts(&sample)[1], &sample["altered"]), (7, &json!(1)));
    assert_eq!(desk.announce().await.status, 200);
    let shown = desk.site.get(&figure()).await;
    assert!(
        !shown.text().contains(CANARY) && !shown.text().contains("01632"),
        "{}",
        shown.text()
    );

    // After its last day nothing more counts, and the figure is final.
    let past = (first() - Months::new(1)).format("%Y-%m").to_string();
    run(
        &mut writer,
        "update ledger.samples set month = (month - interval '1 month')::date, until = month - 1",
    )
    .await;
    let late = desk.get("Ed", &format!("/v1/samples/{past}")).await;
    assert_eq!(counts(&late)[1], 0, "{late}");
    // A figure that was taken from the public does not come back by itself.
    run(&mut writer, "update ledger.samples set month = (month + interval '1 month')::date, until = (month + interval '2 months')::date - 1").await;
    desk.done(200, "Ed", "POST", &format!("{}/hide", figure()), json!({}))
        .await;
    let refused = desk.announce().await;
    assert_eq!(
        (refused.status, faults(&refused)[0].1.as_str()),
        (409, "concealed")
    );
    assert_eq!(desk.site.get(&figure()).await.status, 404);
}

#[actix_web::test]
async fn a_figure_that_is_over_is_final() {
    let desk = Desk::measuring(1).await;
    let drawn = desk.draw("Ada", json!({})).await.value();
    desk.tried(200, &drawn["contents"][0], "confirmed", "called")
        .await;
    let mut writer = desk.site.database.superuser().await;
    // As if all of it had been a month ago.
    run(&mut writer, "update ledger.samples set month = (month - interval '1 month')::date, until = month - 1, drawn_at = drawn_at - interval '40 days'").await;
    run(&mut writer, "update ledger.entries set at = at - interval '40 days',
        verification = jsonb_set(verification, '{at}', to_jsonb(((date_trunc('month', now()) - interval '2 days')))) where verification is not null").await;
    run(&mut writer, "update ledger.entries set at = date_trunc('month', now()) - interval '2 days' where verification is not null").await;
    let past = (first() - Months::new(1)).format("%Y-%m").to_string();
    let published = desk
        .ask(
            "Paul",
            "POST",
            &format!("/v1/samples/{past}/publish"),
            &[],
            None,
        )
        .await;
    assert_eq!(published.status, 201, "{}", published.text());
    let shown = desk
        .site
        .json(&format!("/v1/statistics/directory-contact-accuracy-{past}"))
        .await;
    assert_eq!(
        (&shown["observation_status"], &shown["value"], &shown["low"]),
        (&json!("normal"), &json!("100.0"), &json!("20.7"))
    );
    // The two months are one series.
    desk.draw("Ada", json!({})).await;
    let now = desk.sample().await;
    desk.tried(200, &now["contents"][0], "confirmed", "called")
        .await;
    assert_eq!(desk.announce().await.status, 201);
    let all = "/v1/statistics?indicator=directory_contact_accuracy";
    assert_eq!(desk.site.total(all).await, 2);
    assert_eq!(desk.site.total(&format!("{all}&latest=1")).await, 1);
}

#[actix_web::test]
async fn what_does_not_fit_draws_nothing() {
    let desk = Desk::small().await;
    for path in [
        "2026-13",
        "2026-00",
        "2026-1",
        "1999-01",
        "nov",
        "2026-11-01",
        "2026-1%31x",
    ] {
        for (who, method) in [("Ed", "GET"), ("Ada", "POST")] {
            let answer = desk
                .ask(who, method, &format!("/v1/samples/{path}"), &[], None)
                .await;
            assert_eq!(answer.status, 404, "{method} {path}: {}", answer.text());
        }
    }
    for (body, status, pointer) in [
        (json!({"size": 0}), 400, "/size"),
        (json!({"size": 1001}), 400, "/size"),
        (json!({"size": "many"}), 400, "/size"),
        (json!({"until": "tomorrow"}), 400, "/until"),
        (json!({"until": today() - Days::new(1)}), 422, "/until"),
        (json!({"until": first() + Months::new(2)}), 422, "/until"),
        (json!({"seed": "00"}), 400, "/seed"),
    ] {
        let answer = desk.draw("Ada", body.clone()).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text());
        assert_eq!(faults(&answer)[0].0, pointer, "{body}");
    }
    let other = (first() + Months::new(1)).format("%Y-%m").to_string();
    let answer = desk
        .ask("Ada", "POST", &format!("/v1/samples/{other}"), &[], None)
        .await;
    assert_eq!(
        (answer.status, &answer.value()["errors"][0]["parameter"]),
        (422, &json!("month"))
    );
    let answer = desk
        .ask("Ed", "GET", &format!("{}?format=pdf", address()), &[], None)
        .await;
    assert_eq!(answer.status, 400);
    for who in ["Paul", "Ed", "Cleo"] {
        assert_eq!(desk.draw(who, json!({})).await.status, 403, "{who}");
    }
    let mut writer = desk.site.database.superuser().await;
    let drawn = "select * from ledger.samples";
    assert!(rows(&mut writer, drawn).await.is_empty());
    // Where nothing is given to people there is nothing to draw from.
    let line = "/v1/hotlines/one-line";
    desk.done(200, "Ed", "POST", &format!("{line}/hide"), json!({}))
        .await;
    let answer = desk.draw("Ada", json!({})).await;
    assert_eq!(
        (answer.status, faults(&answer)[0].1.as_str()),
        (409, "nothing")
    );
    // One that is drawn stays, for whoever writes too; and what it needs is named.
    let proposal = desk
        .done(202, "Ed", "POST", &format!("{line}/unhide"), json!({}))
        .await;
    desk.accept(200, "Pia", &proposal).await;
    let sample = desk
        .draw("Ada", json!({"size": 1, "until": first() + Months::new(1)}))
        .await
        .value();
    assert_eq!((&sample["size"], &sample["frame"]), (&json!(1), &json!(2)));
    let mut plain = desk.site.database.writer().await;
    for sql in [
        "update ledger.samples set seed = seed",
        "delete from ledger.samples",
    ] {
        assert!(attempt(&mut plain, sql).await.is_err(), "{sql}");
    }
    desk.tried(200, &sample["contents"][0], "confirmed", "called")
        .await;
    let refused = desk.announce().await;
    assert_eq!(
        (refused.status, faults(&refused)[0].1.as_str()),
        (409, "reference")
    );
    assert!(
        refused.text().contains("directory_contact_accuracy"),
        "{}",
        refused.text()
    );
}

#[actix_web::test]
async fn one_sample_is_drawn_when_many_draw_at_once() {
    let desk = Desk::measuring(8).await;
    let drawn = (0..8).map(|_| desk.draw("Ada", json!({"size": 3})));
    let answers = futures_util::future::join_all(drawn).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
    let made = answers
        .iter()
        .find(|answer| answer.status == 201)
        .unwrap()
        .value();
    assert_eq!(desk.sample().await["contents"], made["contents"]);
}
