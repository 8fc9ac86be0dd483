//! Ways around the rules that somebody found, and that stay closed.

use super::*;
use crate::support::run;
use std::time::Duration;

#[actix_web::test]
async fn who_proposes_finds_nothing_by_what_is_hidden() {
    let desk = Desk::small().await;
    let id = desk.get("Ed", &format!("{LINE}/record")).await["document"]["contact_points"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let hide = format!("{LINE}/contact_points/{id}/hide");
    desk.done(200, "Ed", "POST", &hide, json!({})).await;
    desk.done(200, "Ed", "POST", "/v1/organizations/one/hide", json!({}))
        .await;
    desk.done(200, "Ed", "POST", "/v1/topics/online_abuse/hide", json!({}))
        .await;
    for who in ["Cleo", "Ed"] {
        // From editor up it is found when it is asked for.
        for (uri, found) in [
            ("/v1/hotlines?search=01632960001", 0),
            ("/v1/hotlines?organization=one", 0),
            ("/v1/hotlines", 1),
        ] {
            assert_eq!(
                desk.get(who, uri).await["total_items"],
                found,
                "{who} {uri}"
            );
        }
        let line = desk.get(who, LINE).await;
        assert_eq!(line["organization"], Value::Null, "{who}");
        assert_eq!(line["topics"], json!([]), "{who}");
    }
    let asked = "/v1/hotlines?search=01632960001&visibility=public&visibility=hidden";
    assert_eq!(desk.get("Ed", asked).await["total_items"], 1);
    let record = desk.get("Cleo", &format!("{LINE}/record")).await;
    let (document, whole) = (&record["document"], record.to_string());
    assert_eq!(
        (&document["organization"], &document["topics"]),
        (&Value::Null, &json!([]))
    );
    assert!(!whole.contains("960001") && !whole.contains(&id), "{whole}");
    // A hidden number is answered like any other new one; its id like one that never was.
    let known = number("01632 960002");
    for new in ["01632 960001", "01632 960008"] {
        let points = json!({"contact_points": [known, number(new)]});
        let proposal = desk.done(202, "Cleo", "PATCH", LINE, points).await;
        assert_eq!(proposal["patch"]["contact_points"][1]["value"], new);
    }
    for strange in [id.as_str(), "01a20c66-a15b-70af-94fc-c6340a5da4f8"] {
        let mut point = number("01632 960008");
        point["id"] = json!(strange);
        let answer = desk
            .act("Cleo", "PATCH", LINE, json!({"contact_points": [point]}))
            .await;
        assert_eq!(answer.status, 422, "{strange}");
    }
}

#[actix_web::test]
async fn offices_sources_and_the_sense_of_an_address_wait_too() {
    let desk = Desk::small().await;
    let office = json!({"slug": "office", "name": "Office", "role": "task_force", "lang": "en", "serves": ["GB"], "country": "GB",
        "address": "1 Example Street", "city": "Example", "sources": citation()});
    let mut acts = organization("acts", "Acts");
    acts["actions"] = json!([{"action": "report", "url": "https://report.example/"}]);
    let records = vec![
        ("regional_contacts", office, "published", "public"),
        ("organizations", acts, "published", "public"),
    ];
    desk.site.write("x", records).await;
    for (uri, patch) in [
        (
            "/v1/regional_contacts/office",
            json!({"address": "1 Trap Street"}),
        ),
        ("/v1/regional_contacts/office", json!({"city": "Trap"})),
        (
            "/v1/sources/source-one",
            json!({"url": "https://elsewhere.example/"}),
        ),
        // An address that stands already, for something else.
        (
            "/v1/organizations/acts",
            json!({"actions": [{"action": "report", "url": "https://one.example/"}]}),
        ),
        (
            "/v1/organizations/acts",
            json!({"actions": [{"action": "donate", "url": "https://report.example/"}]}),
        ),
    ] {
        desk.done(202, "Paul", "PATCH", uri, patch).await;
    }
}

#[actix_web::test]
async fn slugs_lead_in_no_circle_and_nowhere_for_what_is_hidden() {
    let desk = Desk::small().await;
    desk.done(200, "Paul", "PATCH", LINE, json!({"slug": "two-line"}))
        .await;
    desk.done(
        200,
        "Paul",
        "PATCH",
        "/v1/hotlines/two-line",
        json!({"slug": "one-line"}),
    )
    .await;
    assert_eq!(desk.site.get(LINE).await.status, 200);
    let back = desk.site.get("/v1/hotlines/two-line").await;
    assert!(back.status == 308 && back.header("location").ends_with(LINE));
    // Maintainers reach it by either.
    assert_eq!(
        desk.get("Ed", "/v1/hotlines/two-line/record").await["slug"],
        "one-line"
    );
    desk.done(200, "Paul", "POST", &format!("{LINE}/archive"), json!({}))
        .await;
    assert_eq!(desk.site.get(LINE).await.status, 410);
    // A merge that was undone leads nowhere any more.
    for name in ["aa", "bb"] {
        desk.done(
            201,
            "Ed",
            "POST",
            "/v1/organizations",
            organization(name, name),
        )
        .await;
        desk.done(
            200,
            "Paul",
            "POST",
            &format!("/v1/organizations/{name}/publish"),
            json!({}),
        )
        .await;
    }
    desk.done(
        200,
        "Paul",
        "POST",
        "/v1/organizations/aa/archive",
        json!({"into": "bb"}),
    )
    .await;
    assert_eq!(desk.site.get("/v1/organizations/aa").await.status, 308);
    let again = desk
        .done(
            202,
            "Paul",
            "POST",
            "/v1/organizations/aa/publish",
            json!({}),
        )
        .await;
    desk.accept(200, "Pia", &again).await;
    assert_eq!(desk.site.get("/v1/organizations/aa").await.status, 200);
    desk.done(200, "Ed", "POST", "/v1/organizations/aa/hide", json!({}))
        .await;
    assert_eq!(desk.site.get("/v1/organizations/aa").await.status, 404);
    // A slug reads as no id, or it would take the address of another record.
    let id = desk.site.json("/v1/organizations/bb").await["id"].clone();
    let answer = desk
        .act("Paul", "PATCH", "/v1/organizations/bb", json!({"slug": id}))
        .await;
    assert_eq!(faults(&answer), [("/slug".to_owned(), "slug".to_owned())]);
}

#[actix_web::test]
async fn who_agrees_that_something_is_shown_sees_all_of_it() {
    let desk = Desk::small().await;
    desk.done(200, "Ed", "POST", &format!("{LINE}/hide"), json!({}))
        .await;
    // Hidden, it is edited by one.
    desk.done(
        200,
        "Paul",
        "PATCH",
        LINE,
        json!({"contact_points": [number("01632 960066")]}),
    )
    .await;
    let proposal = desk
        .done(202, "Paul", "POST", &format!("{LINE}/unhide"), json!({}))
        .await;
    let shown = desk
        .get(
            "Pia",
            &format!("/v1/proposals/{}", proposal["id"].as_str().unwrap()),
        )
        .await;
    let changes = shown["changes"].as_array().unwrap();
    assert_eq!(
        (&changes[0]["pointer"], &changes[0]["proposed"]),
        (&json!("/visibility"), &json!("public"))
    );
    let number = changes
        .iter()
        .find(|change| change["proposed"]["value"] == "01632 960066");
    assert_eq!(number.unwrap()["base"], Value::Null);
    desk.accept(200, "Pia", &proposal).await;
    // Hidden again under the same key it is hidden, whatever was answered before.
    let keyed = [("Idempotency-Key", "h-1")];
    for _ in 0..2 {
        let hide = format!("{LINE}/hide");
        let hidden = desk.ask("Ed", "POST", &hide, &keyed, None).await;
        assert_eq!(hidden.status, 200, "{}", hidden.text());
        assert_eq!(desk.site.get(LINE).await.status, 404);
        let proposal = desk
            .done(202, "Paul", "POST", &format!("{LINE}/unhide"), json!({}))
            .await;
        desk.accept(200, "Pia", &proposal).await;
        assert_eq!(desk.site.get(LINE).await.status, 200);
    }
}

#[actix_web::test]
async fn keys_are_told_apart_by_names_that_can_be_told_apart() {
    let desk = Desk::small().await;
    for name in [
        "Paul\u{200d}",
        "Paul\u{34f}",
        "Paul\u{3164}",
        "\u{ff30}aul",
        "Paul  S",
        " Paul",
        "Jose\u{301}",
        "x",
    ] {
        let answer = desk
            .act(
                "Ada",
                "POST",
                "/v1/keys",
                json!({"name": name, "role": "editor"}),
            )
            .await;
        assert_ne!(answer.status, 201, "{name:?}");
    }
    for name in ["José", "Paul S", "मारिया", "Ops-2", "o'neill@desk.example"] {
        desk.done(
            201,
            "Ada",
            "POST",
            "/v1/keys",
            json!({"name": name, "role": "editor"}),
        )
        .await;
    }
    // A key of one country makes none that reaches farther, and ends none that does.
    let french = desk
        .site
        .database
        .limited_key("Fra", "admin", &["FR"], 90)
        .await;
    desk.site.know(&french).await;
    let ask = async |uri: &str, body: Value| {
        let request = TestRequest::post().uri(uri);
        let request = request.insert_header(("Authorization", format!("Bearer {french}")));
        desk.site.ask(request.set_json(body)).await.status
    };
    assert_eq!(
        ask("/v1/keys", json!({"name": "Fake", "role": "admin"})).await,
        403
    );
    assert_eq!(
        ask(
            "/v1/keys",
            json!({"name": "Fake", "role": "admin", "countries": ["FR", "GB"]})
        )
        .await,
        403
    );
    assert_eq!(
        ask(
            "/v1/keys",
            json!({"name": "Fine", "role": "editor", "countries": ["FR"]})
        )
        .await,
        201
    );
    let all = desk.get("Ada", "/v1/keys").await;
    let ada = all["contents"]
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["name"] == "Ada")
        .unwrap();
    let revoke = format!("/v1/keys/{}/revoke", ada["id"].as_str().unwrap());
    assert_eq!(ask(&revoke, json!({})).await, 403);
}

#[actix_web::test]
async fn a_write_that_is_given_up_lets_go_of_what_it_locked() {
    let desk = Desk::small().await;
    let mut other = desk.site.database.superuser().await;
    let held = "begin; select from ledger.records where slug = 'one-line' for update";
    run(&mut other, held).await;
    let patch = desk.act("Paul", "PATCH", LINE, json!({"notes": "Ring twice."}));
    let given_up = tokio::time::timeout(Duration::from_millis(300), patch).await;
    assert!(given_up.is_err(), "it should wait for the lock");
    run(&mut other, "rollback").await;
    // What it was about to do has come to its end by then, and nobody is lent its connection meanwhile.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let open = "select state, query from pg_stat_activity
        where datname = current_database() and usename = 'lodestar_writer' and state like 'idle in transaction%'";
    let open = rows(&mut other, open).await;
    assert!(open.is_empty(), "{open:?}");
    let patch = json!({"notes": "Ring once."});
    desk.done(200, "Paul", "PATCH", LINE, patch).await;
}

#[actix_web::test]
async fn hiding_what_is_archived_is_told_at_once() {
    let desk = Desk::small().await;
    desk.done(200, "Paul", "PATCH", LINE, json!({"slug": "first-line"}))
        .await;
    let line = "/v1/hotlines/first-line";
    desk.done(200, "Paul", "POST", &format!("{line}/archive"), json!({}))
        .await;
    let changes = "/v1/changes?since=0";
    let told = desk.site.json(changes).await;
    assert_eq!(told["moved"][0]["from"], "one-line", "{told}");
    desk.done(200, "Ed", "POST", &format!("{line}/hide"), json!({}))
        .await;
    let told = desk.site.json(changes).await;
    assert_eq!(told["moved"], json!([]), "{told}");
}

#[actix_web::test]
async fn what_was_kept_of_another_past_is_not_sent() {
    let desk = Desk::small().await;
    let name = async || desk.site.json("/v1/hotlines").await["contents"][0]["name"].clone();
    assert_eq!(name().await, "one-line");
    // As a database that was put back to an earlier state, and written to again.
    let mut other = desk.site.database.superuser().await;
    let elsewhere = "update published.directory set changed_at = now();
        update published.hotlines set name = 'Another',
            document = jsonb_set(document::jsonb, '{name}', '\"Another\"')";
    run(&mut other, elsewhere).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(name().await, "Another");
}

#[actix_web::test]
async fn who_writes_what_many_records_name_gives_way() {
    let database = Database::empty().await;
    let mut records = vec![
        ("sources", source("source-one"), "published", "public"),
        ("topics", topic("online_abuse"), "published", "public"),
    ];
    let one = organization("one", "One");
    records.push(("organizations", one, "published", "public"));
    for place in 0..250 {
        let point = number(&format!("01632 960{place:03}"));
        let line = hotline(&format!("line-{place}"), json!([point]));
        records.push(("hotlines", line, "published", "public"));
    }
    database.write("first", records).await;
    let desk = Desk::over(database).await;
    let mut other = desk.site.database.superuser().await;
    let held = "begin; select from ledger.records where slug = 'line-249' for update";
    run(&mut other, held).await;
    let rename = json!({"slug": "uno"});
    let renamed = desk.act("Paul", "PATCH", "/v1/organizations/one", rename);
    let looked = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let bulk = "select pid from pg_locks where locktype = 'advisory' and objid = 1651862635
            and database = (select oid from pg_database where datname = current_database())";
        let found = rows(&mut other, bulk).await;
        run(&mut other, "rollback").await;
        found
    };
    let (renamed, found) = futures_util::join!(renamed, looked);
    assert_eq!(renamed.status, 200, "{}", renamed.text());
    assert_eq!(found.len(), 1, "{found:?}");
}

#[actix_web::test]
async fn what_is_written_over_a_hidden_number_is_not_lost_in_silence() {
    let desk = Desk::small().await;
    let record = format!("{LINE}/record");
    let points = desk.get("Ed", &record).await["document"]["contact_points"].clone();
    let id = points[0]["id"].as_str().unwrap();
    let hide = format!("{LINE}/contact_points/{id}/hide");
    desk.done(200, "Ed", "POST", &hide, json!({})).await;
    let mut points = desk.get("Ed", &record).await["document"]["contact_points"].clone();
    points[0]["note"] = json!("Ask for the desk.");
    let patch = json!({"contact_points": points});
    let refused = desk.act("Paul", "PATCH", LINE, patch).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert_eq!(
        faults(&refused),
        [("/contact_points/0".to_owned(), "hidden".to_owned())]
    );
    // As it stands it comes along, whatever else changes.
    points[0]["note"] = Value::Null;
    let patch = json!({"contact_points": points, "notes": "Ring twice."});
    desk.done(200, "Paul", "PATCH", LINE, patch).await;
}

#[actix_web::test]
async fn no_figure_stays_public_without_a_source() {
    let desk = Desk::small().await;
    let cites = |slug: &str, sources: &[&str]| {
        let sources: Vec<Value> = sources.iter().map(|one| json!({"source": one})).collect();
        json!({"slug": slug, "indicator": "cases", "title": slug, "claim": slug, "lang": "en", "value": "12",
            "qualifier": "exactly", "unit": "cases", "geography": "WLD", "publisher": slug, "published_on": "2008",
            "observation_status": "normal", "assessment": "not_assessed", "sources": sources})
    };
    let indicator = json!({"slug": "cases", "title": "Cases", "definition": "Cases.", "unit": "cases", "kind": "count"});
    let public = [
        ("sources", source("source-two")),
        ("sources", source("source-three")),
        ("indicators", indicator),
        ("statistics", cites("by-one", &["source-one"])),
        (
            "statistics",
            cites("by-both", &["source-one", "source-two"]),
        ),
        ("statistics", cites("by-two", &["source-two"])),
        ("statistics", cites("by-three", &["source-three"])),
    ];
    let public = public.map(|(resource, document)| (resource, document, "published", "public"));
    desk.site.database.write("figures", public.to_vec()).await;
    let since = desk.site.json("/v1").await["revision"].as_i64().unwrap();
    let hide = |slug: &str| format!("/v1/sources/{slug}/hide");
    let shown = async || {
        let all = desk.site.json("/v1/statistics?sort=title").await;
        let all = all["contents"].as_array().unwrap().iter();
        all.map(|one| {
            (
                one["slug"].clone(),
                one["sources"].as_array().unwrap().len(),
            )
        })
        .collect::<Vec<_>>()
    };
    let body = json!({"reason": "It is a forgery."});
    desk.done(200, "Ed", "POST", &hide("source-one"), body)
        .await;
    let left = [("by-both", 1), ("by-three", 1), ("by-two", 1)];
    assert_eq!(
        shown().await,
        left.map(|(slug, count)| (json!(slug), count))
    );
    // Whoever follows is told, and the ledger says by whom and why.
    let changes = desk.site.json(&format!("/v1/changes?since={since}")).await;
    let gone = changes["gone"].as_array().unwrap().iter();
    let gone: Vec<&str> = gone.filter_map(|one| one["resource"].as_str()).collect();
    assert_eq!(gone.len(), 2, "{changes}");
    assert!(
        gone.contains(&"statistics") && gone.contains(&"sources"),
        "{changes}"
    );
    let history = desk.get("Ed", "/v1/statistics/by-one/history").await;
    let last = &history["contents"][0];
    assert_eq!(
        (&last["action"], &last["actor"], &last["reason"]),
        (&json!("hidden"), &json!("Ed"), &json!("It is a forgery."))
    );
    // A line that has a number stays; what it says of its sources is as before.
    assert_eq!(desk.site.json(LINE).await["sources"], json!([]));
    // No figure loses its last source by an edit either.
    let bare = json!({"sources": [{"source": "source-one"}]});
    let refused = desk
        .act("Paul", "PATCH", "/v1/statistics/by-two", bare)
        .await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert_eq!(
        faults(&refused),
        [("/sources".to_owned(), "unpublished".to_owned())]
    );
    // Archiving a source does the same; the last of both takes the figure of both.
    let (archive, body) = (
        "/v1/sources/source-two/archive",
        json!({"reason": "Withdrawn."}),
    );
    desk.done(200, "Paul", "POST", archive, body).await;
    assert_eq!(shown().await, [(json!("by-three"), 1)]);
    // A source that is shown again brings no figure back by itself; then each comes by two people.
    let unhide = async |uri: &str| desk.done(202, "Ed", "POST", uri, json!({})).await;
    let figure = unhide("/v1/statistics/by-one/unhide").await;
    desk.accept(422, "Paul", &figure).await;
    let source = unhide("/v1/sources/source-one/unhide").await;
    desk.accept(200, "Paul", &source).await;
    assert_eq!(shown().await.len(), 1);
    desk.accept(200, "Paul", &figure).await;
    assert_eq!(shown().await.len(), 2);
    // What an earlier version left bare stands in nobody's way.
    let bare = "update ledger.records set visibility = 'hidden' where resource = 'sources' and slug = 'source-three'";
    run(&mut desk.site.database.writer().await, bare).await;
    let body = json!({"claim": "Twelve."});
    desk.done(200, "Paul", "PATCH", "/v1/statistics/by-three", body)
        .await;
}
