//! Duplicates: which records may be the same, with what evidence, and which are not.

use crate::{
    curation::{Desk, citation, faults, hotline, number, organization},
    support::{Database, attempt},
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const DUPLICATES: &str = "/v1/duplicates";
const DISMISSALS: &str = "/v1/duplicates/dismissals";

impl Desk {
    async fn duplicates(&self, query: &str) -> Value {
        self.get("Ed", &format!("{DUPLICATES}{query}")).await
    }

    async fn told(&self, records: Vec<(&'static str, Value)>) {
        let public = |(resource, one)| (resource, one, "published", "public");
        let records = records.into_iter().map(public).collect();
        self.site.write("told", records).await;
    }
}

/// The slugs of each pair, with the codes of its evidence and its strength.
fn pairs(page: &Value) -> Vec<String> {
    let contents = page["contents"].as_array().unwrap().iter();
    contents
        .map(|pair| {
            let evidence = pair["evidence"].as_array().unwrap().iter();
            let codes: Vec<&str> = evidence.map(|one| one["code"].as_str().unwrap()).collect();
            let slug = |which: &str| pair[which]["slug"].as_str().unwrap().to_owned();
            format!(
                "{} {} {} {}",
                slug("one"),
                slug("other"),
                codes.join("+"),
                pair["strength"]
            )
        })
        .collect()
}

fn named(slug: &str, name: &str) -> Value {
    let mut one = organization(slug, name);
    one["website"] = Value::Null;
    one
}

/// A line of an organization, or of none, under numbers.
fn line(slug: &str, name: &str, of: Option<&str>, numbers: &[&str]) -> Value {
    let points: Vec<Value> = numbers.iter().map(|digits| number(digits)).collect();
    let mut one = hotline(slug, points.into());
    one["name"] = json!(name);
    one["organization"] = json!(of);
    one
}

#[actix_web::test]
async fn the_shipped_directory_holds_few_and_each_is_worth_a_look() {
    let desk = Desk::over(Database::full().await).await;
    let since = Instant::now();
    let page = desk.duplicates("").await;
    println!("the shipped directory: {:?}", since.elapsed());
    assert_eq!(
        pairs(&page),
        [
            "hotline-hr-cnzd missing-children-116000-hr similar_name+same_email 70",
            "us-ncmec-cybertipline us-ncmec-hotline same_number 50",
            "be-child-focus missing-children-116000-be similar_name 40",
        ]
    );
    let belgian = desk
        .duplicates("?country=BE&resource=regional_contacts")
        .await;
    assert_eq!(
        belgian["contents"][0]["evidence"],
        json!([{"code": "similar_name", "sentence": "In Belgium their names are alike: “Child Focus” and “Child Focus”.", "similarity": 1.0}])
    );
    assert_eq!(belgian["total_items"], 1);
    assert_eq!(
        desk.duplicates("?country=BE&resource=hotlines").await["total_items"],
        0
    );
}

#[actix_web::test]
async fn organizations_are_alike_by_domain_e_mail_and_name_in_one_country() {
    let desk = Desk::small().await;
    let with = |slug: &str, name: &str, fields: Value| {
        let mut one = named(slug, name);
        json_patch::merge(&mut one, &fields);
        ("organizations", one)
    };
    let portal = |slug: &str, name: &str, page: &str| {
        with(
            slug,
            name,
            json!({"kind": "government", "website": format!("https://state.example/{page}")}),
        )
    };
    let mut records = vec![
        // The domain of "one".
        with(
            "branch",
            "Quite another name",
            json!({"website": "https://help.one.example/x"}),
        ),
        with("mail-a", "Alpha", json!({"emails": ["Help@mail.example"]})),
        with(
            "mail-b",
            "Omega",
            json!({"emails": ["help@mail.example", "b@mail.example"]}),
        ),
        with("name-a", "Línea de Ayuda Esperanza", json!({})),
        with("name-b", "Linea de ayuda Esperanza", json!({})),
        with(
            "name-abroad",
            "Línea de Ayuda Esperanza",
            json!({"country": "FR"}),
        ),
        with(
            "name-also",
            "Something",
            json!({"alternate_name": "Ligne d'Écoute Bleue", "country": "FR"}),
        ),
        with(
            "name-other",
            "Ligne d'ecoute bleue",
            json!({"country": "FR"}),
        ),
        with("office-4", "Regional Office 4", json!({})),
        with("office-5", "Regional Office 5", json!({})),
        // Of the state, whose bodies share a portal, the page counts.
        portal("ministry-a", "Ministry of Health", "health"),
        portal("ministry-b", "Ministry of Labour", "labour"),
        portal("ministry-c", "Department for Work", "labour/"),
        // One runs the other.
        with(
            "run",
            "Rising Tide",
            json!({"operators": [{"operator": "runner"}], "website": "https://tide.example/"}),
        ),
        with(
            "runner",
            "Rising Tides",
            json!({"website": "https://tide.example/"}),
        ),
        with(
            "face-a",
            "Fa",
            json!({"website": "https://www.facebook.com/fa"}),
        ),
        with(
            "face-b",
            "Fb",
            json!({"website": "https://www.facebook.com/fb"}),
        ),
    ];
    // Under a domain with so many nobody is the same.
    let many = ["Oak", "Elm", "Ash", "Fir", "Yew", "Box"];
    records.extend(many.map(|name| {
        let slug = format!("many-{}", name.to_lowercase());
        with(
            &slug,
            name,
            json!({"website": format!("https://{name}.portal.example/")}),
        )
    }));
    desk.told(records).await;
    assert_eq!(
        pairs(&desk.duplicates("").await),
        [
            "name-a name-b similar_name 40",
            "name-also name-other similar_name 40",
            "mail-a mail-b same_email 30",
            "ministry-b ministry-c same_domain 20",
            "one branch same_domain 20",
        ]
    );
    let french = desk.duplicates("?country=FR").await;
    assert_eq!(pairs(&french), ["name-also name-other similar_name 40"]);
    let sentence =
        "In France their names are alike: “Ligne d'Écoute Bleue” and “Ligne d'ecoute bleue”.";
    assert_eq!(french["contents"][0]["evidence"][0]["sentence"], sentence);
    let page = desk.duplicates("?per_page=2&page=2").await;
    assert_eq!(
        (&page["total_items"], &page["size"]),
        (&json!(5), &json!(2))
    );
    // Drafts are looked at, hidden and archived records are not.
    desk.done(
        200,
        "Ed",
        "POST",
        "/v1/organizations/name-b/hide",
        json!({}),
    )
    .await;
    desk.done(
        200,
        "Paul",
        "POST",
        "/v1/organizations/mail-b/archive",
        json!({}),
    )
    .await;
    let mut draft = named("draft", "Omega");
    draft["emails"] = json!(["help@mail.example"]);
    desk.done(201, "Ed", "POST", "/v1/organizations", draft)
        .await;
    let page = desk.duplicates("").await;
    assert_eq!(
        pairs(&page)[..2],
        [
            "name-also name-other similar_name 40",
            "mail-a draft same_email 30"
        ]
    );
    assert_eq!(page["contents"][1]["other"]["status"], "draft");
}

#[actix_web::test]
async fn lines_and_offices_are_alike_by_number_and_those_of_one_organization_by_little_else() {
    let desk = Desk::small().await;
    let mut short = line("short-a", "Short A", None, &[]);
    short["contact_points"] = json!([{"channel": "phone", "value": "116 123", "short_code": "116123", "dialable_from": ["GB", "IE"]}]);
    let mut abroad = line("short-fr", "Short France", None, &[]);
    abroad["coverage"] = json!(["FR"]);
    abroad["contact_points"] = json!([{"channel": "phone", "value": "116123", "short_code": "116123", "dialable_from": ["FR"]}]);
    let mut irish = line("short-ie", "Irish", None, &[]);
    irish["coverage"] = json!(["IE"]);
    irish["contact_points"] = json!([{"channel": "phone", "value": "116123", "short_code": "116123", "dialable_from": ["IE"]}]);
    let mut chat = line("chat", "By chat", None, &[]);
    chat["contact_points"] =
        json!([{"channel": "whatsapp", "value": "+44 1632 960001", "e164": "+441632960001"}]);
    let mut keyword = line("keyword", "Keyword", None, &["01632 960020"]);
    keyword["contact_points"][0]["channel"] = json!("sms");
    keyword["contact_points"][0]["keyword"] = json!("HELP");
    let mut adults = line("adults", "Adults", None, &["01632 960030"]);
    let mut children = line("children", "Children", None, &["01632 960030"]);
    adults["show_together"] = json!("family");
    children["show_together"] = json!("family");
    let office = |slug: &str, name: &str, of: &str, city: &str, digits: &str| {
        let one = json!({"slug": slug, "name": name, "organization": of, "role": "task_force", "lang": "en", "serves": ["GB"],
            "country": "GB", "city": city, "website": format!("https://{of}.example/"), "contact_points": [number(digits)], "sources": citation()});
        ("regional_contacts", one)
    };
    let hotlines = [
        short,
        abroad,
        irish,
        chat,
        keyword,
        adults,
        children,
        line("plain", "Plain", None, &["01632 960020"]),
        // Of one organization, by night under another number.
        line("one-line-night", "one-line", Some("one"), &["01632 960003"]),
        line(
            "one-line-again",
            "Another name",
            Some("one"),
            &["01632 960003"],
        ),
        // Of another organization under nearly the same name.
        line("of-two", "one line", Some("two"), &["01632 960050"]),
    ];
    let two = ("organizations", named("two", "Entirely different"));
    desk.told(vec![two]).await;
    desk.told(hotlines.map(|one| ("hotlines", one)).into())
        .await;
    desk.told(vec![
        office("leeds", "Office Leeds", "one", "Leeds", "01632 960040"),
        // The same exchange of one organization in another city, and in the same.
        office("york", "Office York", "one", "York", "01632 960040"),
        office("leeds-desk", "The desk", "one", "Leeds", "01632 960040"),
        office("hull", "Office Hull", "one", "Hull", "01632 960041"),
        office("hull-also", "Office  Hull", "one", "Hull", "01632 960042"),
        // An organization and a line are no pair, whatever they have in common.
        office("one-of-lines", "one-line", "two", "Bath", "01632 960001"),
    ])
    .await;
    assert_eq!(
        pairs(&desk.duplicates("").await),
        [
            "leeds leeds-desk same_number+same_domain 60",
            "hull hull-also similar_name+same_domain 50",
            "one-line chat same_number 50",
            "one-line-night one-line-again same_number 50",
            "short-a short-ie same_number 50",
            "one-line of-two similar_name 40",
            "one-line-night of-two similar_name 40",
        ]
    );
}

#[actix_web::test]
async fn who_says_that_two_are_two_is_heard_until_the_evidence_is_another() {
    let desk = Desk::small().await;
    let mut records = vec![
        ("hotlines", line("again", "Again", None, &["01632 960001"])),
        ("hotlines", line("third", "Third", None, &["01632 960002"])),
    ];
    records[1].1["coverage"] = json!(["FR"]);
    desk.told(records).await;
    let page = desk.duplicates("").await;
    assert_eq!(
        pairs(&page),
        [
            "one-line again same_number 50",
            "one-line third same_number 50"
        ]
    );
    let pair = &page["contents"][0];
    assert_eq!(
        (&pair["evidence"][0]["sentence"], &pair["dismissed"]),
        (&json!("Both are reached at +441632960001."), &Value::Null)
    );
    let (one, other) = (&pair["one"]["id"], &pair["other"]["id"]);
    let third = &page["contents"][1]["other"]["id"];
    let head = desk.site.json("/v1").await["revision"].clone();
    for (body, wanted) in [
        (json!({"one": one, "other": other}), ("/reason", "missing")),
        (
            json!({"one": one, "other": other, "reason": " "}),
            ("/reason", "text"),
        ),
        (
            json!({"one": other, "other": third, "reason": "Two."}),
            ("/other", "reference"),
        ),
        (
            json!({"one": one, "other": one, "reason": "Two."}),
            ("/other", "reference"),
        ),
    ] {
        let refused = desk.ask("Ed", "POST", DISMISSALS, &[], Some(body)).await;
        assert_eq!(
            faults(&refused),
            [(wanted.0.to_owned(), wanted.1.to_owned())],
            "{}",
            refused.text()
        );
    }
    // In either order, and whoever spoke last.
    let said = json!({"one": other, "other": one, "reason": "By day and by night."});
    for who in ["Ed", "Eve"] {
        let answer = desk.done(200, who, "POST", DISMISSALS, said.clone()).await;
        assert_eq!(answer["dismissed"]["by"], who);
    }
    assert_eq!(
        pairs(&desk.duplicates("").await),
        ["one-line third same_number 50"]
    );
    let dismissed = desk.duplicates("?dismissed=true").await;
    assert_eq!(pairs(&dismissed), ["one-line again same_number 50"]);
    let told = &dismissed["contents"][0]["dismissed"];
    assert_eq!(
        (&told["by"], &told["reason"]),
        (&json!("Eve"), &json!("By day and by night."))
    );
    // It is no change of the directory.
    assert_eq!(desk.site.json("/v1").await["revision"], head);
    // Prose is no evidence; another name is, where it makes them alike.
    desk.done(
        200,
        "Paul",
        "PATCH",
        "/v1/hotlines/again",
        json!({"notes": "x"}),
    )
    .await;
    assert_eq!(desk.duplicates("").await["total_items"], 1);
    desk.done(
        200,
        "Paul",
        "PATCH",
        "/v1/hotlines/again",
        json!({"name": "one-line"}),
    )
    .await;
    assert_eq!(
        pairs(&desk.duplicates("").await),
        [
            "one-line again same_number+similar_name 90",
            "one-line third same_number 50"
        ]
    );
    desk.done(
        200,
        "Paul",
        "PATCH",
        "/v1/hotlines/again",
        json!({"name": "Again"}),
    )
    .await;
    assert_eq!(desk.duplicates("").await["total_items"], 1);
    // A key of one country sees and decides on what lies there.
    let (near, far) = (
        desk.site
            .database
            .limited_key("Gus", "editor", &["GB"], 9)
            .await,
        ["FR"],
    );
    let far = desk
        .site
        .database
        .limited_key("Fae", "editor", &far, 9)
        .await;
    desk.site.know(&far).await;
    let ask = async |key: &str, query: &str| {
        let keyed = format!("Bearer {key}");
        let uri = format!("{DUPLICATES}{query}");
        pairs(
            &desk
                .site
                .get_with(&uri, "Authorization", &keyed)
                .await
                .value(),
        )
    };
    assert_eq!(
        ask(&near, "?dismissed=true").await,
        ["one-line again same_number 50"]
    );
    assert!(ask(&near, "").await.is_empty());
    assert!(ask(&far, "?dismissed=true").await.is_empty());
    // Taken back, it is a candidate again.
    let text = |id: &Value| id.as_str().unwrap().to_owned();
    let uri = format!("{DISMISSALS}?one={}&other={}", text(other), text(one));
    for taken_back in [true, false] {
        let answer = desk.ask("Ed", "DELETE", &uri, &[], None).await;
        assert_eq!(answer.value(), json!({"taken_back": taken_back}));
    }
    assert_eq!(desk.duplicates("").await["total_items"], 2);
    let uri = format!("{DISMISSALS}?one={}", text(one));
    let refused = desk.ask("Ed", "DELETE", &uri, &[], None).await;
    assert_eq!(
        (refused.status, &refused.value()["errors"][0]["parameter"]),
        (400, &json!("other"))
    );
    assert_eq!(
        desk.ask("Cleo", "GET", DUPLICATES, &[], None).await.status,
        403
    );
    let mut reader = desk.site.database.reader().await;
    let refused = attempt(&mut reader, "select * from ledger.dismissals").await;
    assert!(refused.is_err_and(|words| words.contains("permission denied")));
}

/// Thousands are looked through in seconds, without a release build, and what was planted is found.
#[actix_web::test]
async fn thousands_of_records_are_no_reason_to_wait() {
    const MANY: usize = 3000;
    let database = Database::empty().await;
    let source = json!({"slug": "source-one", "title": "S", "url": "https://source.example/"});
    let topic =
        json!({"slug": "online_abuse", "name": "T", "axis": "type", "description": "Text."});
    let mut records = vec![
        ("sources", source, "published", "public"),
        ("topics", topic, "published", "public"),
        ("organizations", named("one", "One"), "published", "public"),
    ];
    let words = [
        "hope", "north", "child", "river", "trust", "light", "stone", "open", "safe", "hand",
        "voice", "rise", "home",
    ];
    let mut state: usize = 7;
    let mut draw = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        words[(state >> 40) % words.len()]
    };
    for place in 0..MANY {
        // A word of its own, written in letters.
        let own: String = place
            .to_string()
            .bytes()
            .map(|digit| char::from(digit - b'0' + b'k'))
            .collect();
        let name = format!("{} {own}{own} {} {}", draw(), draw(), draw());
        let mut one = named(&format!("o-{place}"), &name);
        one["website"] = json!(format!("https://o{place}.example/"));
        records.push(("organizations", one, "published", "public"));
        let digits = format!("+4416329{place:05}");
        let mut other = line(&format!("h-{place}"), &name, None, &[]);
        other["contact_points"] = json!([{"channel": "web_form", "value": format!("https://h{place}.example/"), "note": digits}]);
        records.push(("hotlines", other, "published", "public"));
    }
    let mut planted = records[11].1.clone();
    (planted["slug"], planted["website"]) = (json!("planted"), json!("https://elsewhere.example/"));
    records.push((records[11].0, planted, "published", "public"));
    database.write("many", records).await;
    let desk = Desk::over(database).await;
    let since = Instant::now();
    let page = desk.duplicates("?per_page=100").await;
    let took = since.elapsed();
    println!("{} records: {took:?}", 2 * MANY);
    let found = pairs(&page);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].contains("planted") && found[0].ends_with("similar_name 40"),
        "{found:?}"
    );
    assert!(took < Duration::from_secs(20), "{took:?}");
}
