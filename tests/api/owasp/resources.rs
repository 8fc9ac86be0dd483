//! How much anybody may take, and how often: API4 and API6.

use super::{filled, operations, request};
use crate::{
    authorization::world::{World, authorized, key},
    curation::{Desk, LINE, number},
    support::{Database, Site, rows},
};
use actix_web::test::TestRequest;
use serde_json::{Value, json};
use std::net::SocketAddr;

/// Bodies are read up to here, but for those of imports.
const LARGEST: usize = 256 * 1024;

#[actix_web::test]
async fn api4_every_request_is_bounded() {
    let world = World::new().await;
    let mut tried = [0, 0, 0];
    for (method, path, operation) in operations() {
        let uri = filled(path);
        let ask = async |uri: String, body: Option<(&str, Vec<u8>)>| {
            let mut request = request(&method, &uri).insert_header(("If-Match", "\"1\""));
            if let Some((kind, body)) = body {
                request = request
                    .insert_header(("Content-Type", kind))
                    .set_payload(body);
            }
            // The keys are read anew meanwhile.
            tokio::task::yield_now().await;
            let answer = world.site.ask(authorized(request, &key("admin"))).await;
            (answer.status, answer.text().len())
        };
        // Bodies: their size and their depth.
        let content = operation["requestBody"]["content"].as_object();
        for kind in content.into_iter().flat_map(|all| all.keys()) {
            let is_json = kind.contains("json") && !kind.contains("ndjson");
            let large = match is_json {
                true => format!("{{\"x\":\"{}\"}}", "x".repeat(LARGEST)).into_bytes(),
                false => vec![b'x'; 32 * 1024 * 1024 + 1],
            };
            let (status, _) = ask(uri.clone(), Some((kind, large))).await;
            assert_eq!(status, 413, "{method} {uri} {kind}");
            tried[0] += 1;
            if is_json {
                let deep = format!("{{\"x\":{}", "[".repeat(50_000));
                let (status, length) = ask(uri.clone(), Some((kind, deep.into_bytes()))).await;
                assert_eq!(status, 400, "{method} {uri} {kind}");
                assert!(length < 2000, "{method} {uri}: {length}");
            }
        }
        // Questions: their length, and how many parameters there are.
        if method == "GET" {
            for query in [
                format!("x={}", "x".repeat(8 * 1024)),
                (0..1000).map(|place| format!("p{place}=1&")).collect(),
            ] {
                let (status, length) = ask(format!("{uri}?{query}"), None).await;
                let is_open = uri.starts_with("/health/");
                assert!(
                    status == 400 || (is_open && status == 200),
                    "{uri}: {status}"
                );
                assert!(length < 50_000, "{uri}: {length}");
            }
            tried[1] += 1;
        }
        // Pages: their size, and how far down they reach.
        let parameters = operation["parameters"].as_array().unwrap();
        if parameters.iter().any(|one| one["name"] == "per_page") {
            let mark = match path.as_str() {
                "/v1/search" => "?search=x&",
                _ => "?",
            };
            for (page, wanted) in [
                ("per_page=201", 400),
                ("per_page=0", 400),
                ("per_page=99999999999999999999", 400),
                ("page=1000&per_page=200", 422),
                ("page=9223372036854775807", 422),
            ] {
                let (status, _) = ask(format!("{uri}{mark}{page}"), None).await;
                assert!(
                    status == wanted || (wanted == 422 && status == 400),
                    "{uri} {page}: {status}"
                );
            }
            tried[2] += 1;
        }
        for parameter in parameters.iter().filter(|one| one["in"] == "query") {
            let often = format!("{}=1&", parameter["name"].as_str().unwrap()).repeat(51);
            let (status, _) = ask(format!("{uri}?{often}"), None).await;
            assert_eq!(status, 400, "{method} {uri} {}", parameter["name"]);
        }
    }
    assert!(tried[0] > 40 && tried[1] > 50 && tried[2] > 10, "{tried:?}");
}

/// The backend that lists of statistics are read by, and no other.
async fn backend(database: &Database) -> Value {
    let query = "select pid from pg_stat_activity where datname = current_database() \
        and usename = 'lodestar_reader' and query like 'SELECT%\"statistics\"%LIMIT%' order by pid";
    let all = rows(&mut database.superuser().await, query).await;
    assert_eq!(all.len(), 1, "{all:?}");
    all[0].clone()
}

#[actix_web::test]
async fn api4_a_connection_keeps_few_statements() {
    let site = Site::full().await;
    let filters = [
        "geography=US",
        "from=2011",
        "to=2024",
        "sex=female",
        "age_band=0-17",
        "assessment=disputed",
        "unit=persons",
        "search=help",
    ];
    // Whoever asks in ever new forms.
    let forms = (0..1_u32 << filters.len()).map(|form| {
        let chosen = filters.iter().enumerate();
        let chosen = chosen.filter(|(place, _)| form >> place & 1 == 1);
        chosen.map(|(_, filter)| *filter).collect::<Vec<_>>()
    });
    let ask = async |query: String| {
        let answer = site.get(&format!("/v1/statistics?{query}")).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    };
    ask("per_page=1".into()).await;
    let before = backend(&site.database).await;
    for page in 1..=256 {
        ask(format!("per_page=1&page={page}")).await;
    }
    assert_eq!(backend(&site.database).await, before);
    for form in forms {
        ask(form.join("&")).await;
    }
    assert_ne!(backend(&site.database).await, before);
}

/// What somebody tells from an address, by whichever route names it.
async fn told(site: &Site, address: [u8; 4], forwarded: &str) -> u16 {
    let body = json!({"resource": "hotlines", "record": "one-line", "text": "Nobody answers."});
    let request = TestRequest::post()
        .uri("/v1/suggestions")
        .peer_addr(SocketAddr::from((address, 1)))
        .insert_header(("X-Forwarded-For", forwarded))
        .insert_header(("X-Real-Ip", forwarded))
        .insert_header(("Forwarded", format!("for={forwarded}")))
        .insert_header(("CF-Connecting-IP", forwarded))
        .set_json(body);
    site.ask(request).await.status
}

#[actix_web::test]
async fn api6_nobody_floods_the_moderators() {
    let desk = Desk::small().await;
    // Whoever names other addresses is the same network all the same.
    let mut statuses = Vec::new();
    for place in 0..20_u8 {
        statuses.push(
            told(
                &desk.site,
                [198, 51, 100, place],
                &format!("192.0.2.{place}"),
            )
            .await,
        );
    }
    assert_eq!(statuses[..5], [202; 5]);
    assert_eq!(statuses[5..], [429; 15]);
    // Also through the form for people.
    let form = TestRequest::post()
        .uri("/embed/report")
        .peer_addr(SocketAddr::from(([198, 51, 100, 1], 1)))
        .insert_header(("Content-Type", "application/x-www-form-urlencoded"))
        .set_payload("resource=hotlines&record=one-line&text=x");
    assert_eq!(desk.site.ask(form).await.status, 429);
    // From a thousand networks at once there is an end, too.
    let mut taken = 0;
    for place in 0..200_u8 {
        taken += usize::from(told(&desk.site, [10, 0, place, 1], "192.0.2.1").await == 202);
    }
    assert!((50..=62).contains(&taken), "{taken} were taken");
    // All of it is one thing to look at.
    let listed = desk.get("Ed", "/v1/proposals?kind=suggestion").await;
    assert_eq!(listed["total_items"], 1, "{listed}");
}

#[actix_web::test]
async fn api6_behind_a_proxy_the_last_untrusted_address_counts() {
    let database = Database::empty().await;
    let trusting = [("LODESTAR_TRUSTED_PROXIES", "10.0.0.0/8")];
    let site = Site::configured(database, &trusting).await;
    let ask = async |forwarded: String| told(&site, [10, 1, 1, 1], &forwarded).await;
    // The first address of the header is what the client wrote itself.
    let mut statuses = Vec::new();
    for place in 0..8 {
        statuses.push(ask(format!("203.0.{place}.1, 198.51.100.7, 10.2.2.2")).await);
    }
    // There is no such record: what counts is whether it was let so far.
    assert_eq!(statuses[..5], [422; 5]);
    assert_eq!(statuses[5..], [429; 3]);
    assert_eq!(ask("198.51.100.7, 192.0.2.9".to_owned()).await, 422);
}

#[actix_web::test]
async fn api6_one_person_is_never_two() {
    let desk = Desk::small().await;
    // The same person with another key, another role, another spelling.
    let proposal = desk
        .done(
            202,
            "Paul",
            "PATCH",
            LINE,
            json!({"contact_points": [number("01632 960009")]}),
        )
        .await;
    let uri = format!("/v1/proposals/{}/accept", proposal["id"].as_str().unwrap());
    let second = [
        desk.site.database.key("PAUL", "admin").await,
        desk.site.database.key("paul", "publisher").await,
    ];
    for key in &second {
        desk.site.know(key).await;
        let accept = || {
            let request = TestRequest::post().uri(&uri).set_json(json!({}));
            desk.site.ask(authorized(request, key))
        };
        // Also many times at once.
        let all = futures_util::future::join_all((0..10).map(|_| accept())).await;
        for answer in all {
            assert_eq!(answer.status, 403, "{}", answer.text());
        }
    }
    // Two at once of those who may: one of them decides.
    let accept = |who: &'static str| desk.act(who, "POST", &uri, json!({}));
    let both = futures_util::future::join_all([accept("Pia"), accept("Ada")]).await;
    let mut statuses: Vec<u16> = both.iter().map(|one| one.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(desk.numbers(LINE).await, ["01632 960009"]);
    let history = desk.get("Ed", &format!("{LINE}/history")).await;
    let entry = &history["contents"][0];
    assert_eq!(entry["actor"], "Paul");
    assert!(entry["second_person"] == "Pia" || entry["second_person"] == "Ada");
    // What one has checked one does not apply.
    let line = json!({"resource": "topics", "document": {"slug": "brought", "name": "Brought", "axis": "type", "lang": "en"}});
    let lines = format!("{line}\n").into_bytes();
    let checked = desk
        .send("Amy", "/v1/imports", "application/x-ndjson", lines)
        .await;
    assert_eq!(checked.status, 201, "{}", checked.text());
    let digest = checked.value()["digest"].as_str().unwrap().to_owned();
    let uri = format!("/v1/imports/{digest}/apply");
    let other = desk.site.database.key("aMY", "admin").await;
    desk.site.know(&other).await;
    let request = TestRequest::post().uri(&uri);
    let answers = [
        desk.ask("Amy", "POST", &uri, &[], None).await,
        desk.site.ask(authorized(request, &other)).await,
    ];
    for answer in answers {
        assert_eq!(answer.status, 403, "{}", answer.text());
    }
}
