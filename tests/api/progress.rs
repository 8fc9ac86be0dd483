//! Progress: how well each country is known, and who verified how much.

use crate::{
    curation::{Desk, LINE, hotline, number, organization},
    support::run,
};
use chrono::{Duration, Utc};
use serde_json::{Value, json};

const PROGRESS: &str = "/v1/review_queue/progress";

impl Desk {
    async fn finds(&self, who: &str, record: &str, found: Value) {
        let read = self
            .ask("Ed", "GET", &format!("{record}/record"), &[], None)
            .await;
        let headers = [("If-Match", read.header("etag"))];
        let uri = format!("{record}/verifications");
        let answer = self.ask(who, "POST", &uri, &headers, Some(found)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    async fn point_of(&self, record: &str, place: usize) -> Value {
        let record = self.get("Ed", &format!("{record}/record")).await;
        record["document"]["contact_points"][place]["id"].clone()
    }
}

/// Those of the numbers that are not nought.
fn told(counts: &Value) -> Value {
    let fields = counts.as_object().unwrap().iter();
    let some = fields.filter(|(_, count)| count.as_i64() != Some(0));
    some.map(|(name, count)| (name.clone(), count.clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn row<'a>(rows: &'a Value, name: &str, value: &str) -> &'a Value {
    let mut all = rows.as_array().unwrap().iter();
    all.find(|one| one[name] == value)
        .unwrap_or_else(|| panic!("no {value} in {rows}"))
}

/// Three lines and an organization in GB, one in FR, of which this was found: the first number of `one-line` is confirmed, its
/// second closed; `line-a` changed; of `one` a confirmation 60 days ago, of `deux` one 100 days ago.
async fn known() -> Desk {
    let desk = Desk::small().await;
    let mut deux = organization("deux", "Deux");
    (deux["country"], deux["website"]) = (json!("FR"), Value::Null);
    let mut both = hotline("both", json!([number("01632 960110")]));
    both["coverage"] = json!(["FR", "GB"]);
    let records = vec![
        ("organizations", deux, "published", "public"),
        (
            "hotlines",
            hotline("line-a", json!([number("01632 960111")])),
            "published",
            "public",
        ),
        ("hotlines", both, "published", "public"),
        (
            "hotlines",
            hotline("hidden", json!([number("01632 960112")])),
            "published",
            "hidden",
        ),
    ];
    desk.site.write("more", records).await;
    let found = |outcome: &str, point: Value| json!({"outcome": outcome, "method": "called", "contact_point": point});
    for (record, days) in [("one", 60), ("deux", 100)] {
        let path = format!("/v1/organizations/{record}");
        desk.finds("Eve", &path, found("confirmed", Value::Null))
            .await;
        let ago = format!(
            "update ledger.entries set at = at - interval '{days} days',
               verification = jsonb_set(verification, '{{at}}', to_jsonb(now() - interval '{days} days'))
             where slug = '{record}' and verification is not null"
        );
        run(&mut desk.site.database.superuser().await, &ago).await;
    }
    let (first, second) = (desk.point_of(LINE, 0).await, desk.point_of(LINE, 1).await);
    desk.finds("Ed", LINE, found("confirmed", first)).await;
    desk.finds("Ed", LINE, found("closed", second)).await;
    desk.finds("Paul", "/v1/hotlines/line-a", found("changed", Value::Null))
        .await;
    desk
}

#[actix_web::test]
async fn progress_is_counted_by_country_and_by_person() {
    let desk = known().await;
    let lease = json!({"count": 2, "resource": ["hotlines"]});
    desk.done(200, "Eve", "POST", "/v1/review_queue/leases", lease)
        .await;
    let progress = desk.get("Ed", PROGRESS).await;
    let since = (Utc::now() - Duration::days(30)).date_naive();
    assert_eq!(progress["since"], since.to_string());
    let countries: Vec<&Value> = progress["countries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["country"])
        .collect();
    assert_eq!(countries, ["FR", "GB"]);
    let britain = row(&progress["countries"], "country", "GB");
    let grade = |known: &Value| {
        ["current", "due", "overdue", "expired"]
            .iter()
            .map(|name| known[*name].as_i64().unwrap())
            .sum::<i64>()
    };
    // One organization and three lines; the sources are of this year's first day.
    assert_eq!(
        (&britain["records"]["total"], grade(&britain["records"])),
        (&json!(4), 4)
    );
    let outcomes = |known: &Value| {
        [
            "confirmed",
            "changed",
            "unreachable",
            "closed",
            "untried",
            "never_verified",
        ]
        .map(|name| known[name].as_i64().unwrap())
    };
    assert_eq!(outcomes(&britain["records"]), [1, 1, 0, 0, 2, 3]);
    assert_eq!(
        (
            &britain["contact_points"]["total"],
            grade(&britain["contact_points"])
        ),
        (&json!(4), 4)
    );
    assert_eq!(outcomes(&britain["contact_points"]), [1, 0, 0, 1, 2, 3]);
    assert_eq!(britain["contact_points"]["current"], 1, "{britain}");
    assert_eq!(
        told(&britain["verifications"]),
        json!({"total": 3, "confirmed": 1, "changed": 1, "closed": 1})
    );
    let france = row(&progress["countries"], "country", "FR");
    assert_eq!(
        (
            &france["records"]["total"],
            &france["contact_points"]["total"]
        ),
        (&json!(2), &json!(1))
    );
    assert_eq!(told(&france["verifications"]), json!({}));
    // Eve did nothing of late, and looks after two.
    let eve = row(&progress["people"], "name", "Eve");
    assert_eq!(
        (told(&eve["verifications"]), told(&eve["last_30_days"])),
        (json!({}), json!({}))
    );
    assert_eq!(
        told(&eve["last_90_days"]),
        json!({"total": 1, "confirmed": 1})
    );
    assert_eq!(eve["leases"], 2);
    let ed = row(&progress["people"], "name", "Ed");
    assert_eq!(
        told(&ed["last_30_days"]),
        json!({"total": 2, "confirmed": 1, "closed": 1})
    );
    assert_eq!(
        (&ed["last_30_days"], &ed["leases"]),
        (&ed["last_90_days"], &json!(0))
    );
    let names: Vec<&Value> = progress["people"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["name"])
        .collect();
    assert_eq!(names, ["Ed", "Eve", "Paul"]);
    let answer = desk.ask("Ed", "GET", PROGRESS, &[], None).await;
    assert_eq!(answer.header("cache-control"), "private, no-store");
}

#[actix_web::test]
async fn progress_is_narrowed_by_country_resource_and_day() {
    let desk = known().await;
    let france = desk.get("Ed", &format!("{PROGRESS}?country=FR")).await;
    assert_eq!(france["countries"].as_array().unwrap().len(), 1);
    assert_eq!(france["people"], json!([]));
    // Longer ago more was done; of a month the first day counts.
    let ago = (Utc::now() - Duration::days(120)).date_naive();
    let more = desk
        .get("Ed", &format!("{PROGRESS}?country=FR&since={ago}"))
        .await;
    assert_eq!(more["since"], ago.to_string());
    assert_eq!(
        told(&more["countries"][0]["verifications"]),
        json!({"total": 1, "confirmed": 1})
    );
    let eve = row(&more["people"], "name", "Eve");
    assert_eq!(
        (told(&eve["verifications"]), told(&eve["last_90_days"])),
        (json!({"total": 1, "confirmed": 1}), json!({}))
    );
    assert_eq!(
        desk.get("Ed", &format!("{PROGRESS}?since=2020-02")).await["since"],
        "2020-02-01"
    );
    let lines = desk
        .get("Ed", &format!("{PROGRESS}?resource=hotlines&country=GB"))
        .await;
    assert_eq!(lines["countries"][0]["records"]["total"], 3);
    let organizations = desk
        .get(
            "Ed",
            &format!("{PROGRESS}?resource=organizations&country=GB"),
        )
        .await;
    let britain = &organizations["countries"][0];
    assert_eq!(
        (
            &britain["records"]["total"],
            &britain["contact_points"]["total"]
        ),
        (&json!(1), &json!(0))
    );
    assert_eq!(told(&britain["verifications"]), json!({}));
    // A key of one country learns of that alone, whatever it asks for.
    let key = desk
        .site
        .database
        .limited_key("Fee", "editor", &["FR"], 90)
        .await;
    desk.site.know(&key).await;
    let keyed = format!("Bearer {key}");
    for (query, found) in [
        ("", vec!["FR"]),
        ("?country=FR&country=GB", vec!["FR"]),
        ("?country=GB", vec![]),
    ] {
        let answer = desk
            .site
            .get_with(&format!("{PROGRESS}{query}"), "Authorization", &keyed)
            .await
            .json();
        let countries = answer["countries"].as_array().unwrap().iter();
        let countries: Vec<&str> = countries
            .map(|one| one["country"].as_str().unwrap())
            .collect();
        assert_eq!(countries, found, "{query}");
        // Whatever was done in Britain is nobody's of theirs.
        assert!(
            answer["people"]
                .as_array()
                .unwrap()
                .iter()
                .all(|one| one["name"] != "Ed"),
            "{answer}"
        );
    }
    for (query, status) in [
        ("?country=XX", 400),
        ("?resource=topics", 400),
        ("?since=yesterday", 400),
        ("?since=2026-02-30", 422),
        ("?person=Ed", 400),
    ] {
        let answer = desk
            .ask("Ed", "GET", &format!("{PROGRESS}{query}"), &[], None)
            .await;
        assert_eq!(answer.status, status, "{query}: {}", answer.text());
    }
}
