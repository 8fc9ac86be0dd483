//! Bad input: each a problem of the caller's that names parameter, reason and remedy, and never
//! repeats what was sent.

use crate::support::{Answer, Database, LISTS, Site};
use actix_web::test::TestRequest;

/// What is sent, the status, and the parameter that is named.
const CASES: [(&str, u16, &str); 59] = [
    ("/v1/hotlines?contry=GB", 400, "contry"),
    ("/v1/hotlines?search=", 400, "search"),
    ("/v1/hotlines?country=XX", 400, "country"),
    ("/v1/hotlines?country=gb", 400, "country"),
    ("/v1/hotlines?country=GBR", 400, "country"),
    ("/v1/hotlines?country=GB,PH", 400, "country"),
    ("/v1/hotlines?country=GB&country=XX", 400, "country"),
    ("/v1/hotlines?subdivision=US-ZZ", 422, "subdivision"),
    ("/v1/hotlines?subdivision=California", 400, "subdivision"),
    ("/v1/hotlines?language=english", 422, "language"),
    ("/v1/hotlines?language=%2A", 400, "language"),
    ("/v1/hotlines?channel=fax", 400, "channel"),
    ("/v1/hotlines?always_open=yes", 400, "always_open"),
    (
        "/v1/hotlines?always_open=true&always_open=false",
        400,
        "always_open",
    ),
    ("/v1/hotlines?worldwide=1", 400, "worldwide"),
    ("/v1/hotlines?topic=two%20words", 400, "topic"),
    (
        "/v1/hotlines?organization=01a20a8e-efff-7065-9a12-d41389cb488%7A--",
        400,
        "organization",
    ),
    ("/v1/hotlines?per_page=0", 400, "per_page"),
    ("/v1/hotlines?per_page=-1", 400, "per_page"),
    ("/v1/hotlines?per_page=1e9", 400, "per_page"),
    ("/v1/hotlines?per_page=1000000000", 400, "per_page"),
    ("/v1/hotlines?per_page=%2B5", 400, "per_page"),
    (
        "/v1/hotlines?per_page=99999999999999999999",
        400,
        "per_page",
    ),
    ("/v1/hotlines?page=0", 400, "page"),
    ("/v1/hotlines?page=1.5", 400, "page"),
    ("/v1/hotlines?page=100000&per_page=200", 422, "page"),
    ("/v1/hotlines?sort=age", 400, "sort"),
    ("/v1/hotlines?sort=name&sort=-name", 400, "sort"),
    ("/v1/hotlines?format=xml", 400, "format"),
    ("/v1/hotlines?format=geojson", 400, "format"),
    ("/v1/hotlines?format=csv&page=2", 422, "page"),
    ("/v1/hotlines?search=a%00b", 422, "search"),
    ("/v1/hotlines?search=%ff", 400, "search"),
    ("/v1/hotlines?search=%C0%80", 400, "search"),
    ("/v1/hotlines?search=%E2%80%AEevil", 422, "search"),
    ("/v1/hotlines?search=%EF%BB%BFx", 422, "search"),
    ("/v1/hotlines?%00=1", 400, "query"),
    ("/v1/hotlines?%ff=1", 400, "query"),
    ("/v1/hotlines?status=draft", 401, "status"),
    ("/v1/organizations?visibility=hidden", 401, "visibility"),
    ("/v1/organizations?kind=cult", 400, "kind"),
    ("/v1/organizations?scope=galactic", 400, "scope"),
    ("/v1/regional_contacts?near=48.2&radius_km=5", 400, "near"),
    (
        "/v1/regional_contacts?near=48.2,16.4,3&radius_km=5",
        400,
        "near",
    ),
    (
        "/v1/regional_contacts?near=north,south&radius_km=5",
        400,
        "near",
    ),
    (
        "/v1/regional_contacts?near=NaN,inf&radius_km=5",
        400,
        "near",
    ),
    ("/v1/regional_contacts?near=91,0&radius_km=5", 422, "near"),
    ("/v1/regional_contacts?near=0,181&radius_km=5", 422, "near"),
    ("/v1/regional_contacts?near=48.2,16.4", 422, "radius_km"),
    ("/v1/regional_contacts?radius_km=5", 422, "near"),
    (
        "/v1/regional_contacts?near=48.2,16.4&radius_km=0",
        400,
        "radius_km",
    ),
    (
        "/v1/regional_contacts?near=48.2,16.4&radius_km=20039",
        400,
        "radius_km",
    ),
    ("/v1/regional_contacts?bbox=0,50,10,40", 422, "bbox"),
    ("/v1/regional_contacts?sort=distance", 422, "sort"),
    ("/v1/statistics?from=2020&to=2019", 422, "from"),
    ("/v1/statistics?from=2020-13", 422, "from"),
    ("/v1/statistics?assessment=wrong", 400, "assessment"),
    ("/v1/statistics?geography=SU", 422, "geography"),
    ("/v1/statistics?geography=AT&geography=yu", 400, "geography"),
];

/// A problem as all are: type, title, status, detail, errors; nothing of ours shows.
fn is_problem(answer: &Answer, status: u16, uri: &str) {
    assert_eq!(answer.status, status, "{uri}: {}", answer.text());
    assert_eq!(
        answer.header("content-type"),
        "application/problem+json",
        "{uri}"
    );
    assert_eq!(answer.header("cache-control"), "no-store", "{uri}");
    let problem = answer.value();
    assert_eq!(problem["status"], status, "{uri}");
    for field in ["type", "title", "detail"] {
        assert!(
            !problem[field].as_str().unwrap().is_empty(),
            "{uri}: {field}"
        );
    }
    assert!(
        problem["type"].as_str().unwrap().starts_with("/problems#"),
        "{uri}"
    );
    let text = answer.text().to_lowercase();
    for ours in [
        "panicked", "src/", ".rs:", "diesel", "postgres", "select ", "actix",
    ] {
        assert!(!text.contains(ours), "{uri}: {text}");
    }
}

#[actix_web::test]
async fn every_bad_parameter_is_named_with_reason_and_remedy() {
    let site = Site::full().await;
    for (uri, status, parameter) in CASES {
        let answer = site.get(uri).await;
        is_problem(&answer, status, uri);
        let problem = answer.value();
        let errors = problem["errors"].as_array().unwrap();
        let error = errors.iter().find(|error| error["parameter"] == parameter);
        let error = error.unwrap_or_else(|| panic!("{uri}: {errors:?}"));
        for field in ["code", "reason", "remedy"] {
            assert!(
                error[field].as_str().unwrap().len() > 2,
                "{uri}: {field} of {error}"
            );
        }
    }
}

#[actix_web::test]
async fn a_value_is_never_repeated() {
    let site = Site::full().await;
    let parameters = [
        "search",
        "country",
        "subdivision",
        "worldwide",
        "topic",
        "population",
        "language",
        "channel",
        "always_open",
        "organization",
        "page",
        "per_page",
        "sort",
        "format",
        "status",
        "kind",
        "scope",
        "serves",
        "role",
        "near",
        "radius_km",
        "bbox",
        "indicator",
        "geography",
        "from",
        "to",
        "publisher",
        "source",
        "assessment",
        "unknown",
    ];
    for list in LISTS {
        for parameter in parameters {
            for value in ["uhu4711", "uhu4711%00", "uhu4711%ff", "%3Cuhu4711%3E"] {
                let answer = site.get(&format!("/v1/{list}?{parameter}={value}")).await;
                assert!(answer.status < 500);
                if answer.status >= 400 {
                    assert!(
                        !answer.whole().contains("uhu4711"),
                        "{list} {parameter}: {}",
                        answer.whole()
                    );
                }
            }
        }
    }
}

#[actix_web::test]
async fn several_faults_are_named_together() {
    let site = Site::full().await;
    let problem = site
        .get("/v1/hotlines?country=XX&per_page=0&sort=age&contry=GB")
        .await
        .value();
    let errors = problem["errors"].as_array().unwrap();
    let named: Vec<&str> = errors
        .iter()
        .map(|error| error["parameter"].as_str().unwrap())
        .collect();
    assert_eq!(named, ["per_page", "sort", "country", "contry"]);
    insta::assert_json_snapshot!(problem, {".errors[].remedy" => "...", ".errors[].reason" => "..."}, @r##"
    {
      "type": "/problems#malformed",
      "title": "The request is malformed",
      "status": 400,
      "detail": "Correct what `errors` names and send the request again.",
      "errors": [
        {
          "parameter": "per_page",
          "pointer": null,
          "header": null,
          "code": "range",
          "reason": "...",
          "remedy": "..."
        },
        {
          "parameter": "sort",
          "pointer": null,
          "header": null,
          "code": "not_in_list",
          "reason": "...",
          "remedy": "..."
        },
        {
          "parameter": "country",
          "pointer": null,
          "header": null,
          "code": "country",
          "reason": "...",
          "remedy": "..."
        },
        {
          "parameter": "contry",
          "pointer": null,
          "header": null,
          "code": "unknown_parameter",
          "reason": "...",
          "remedy": "..."
        }
      ],
      "conflicts": [],
      "survivor": null
    }
    "##);
}

#[actix_web::test]
async fn what_is_too_long_or_too_often_is_refused() {
    let site = Site::full().await;
    let long = format!("/v1/hotlines?search={}", "a".repeat(8200));
    is_problem(&site.get(&long).await, 400, "8 KB");
    let words = format!("/v1/hotlines?search={}", "a".repeat(201));
    is_problem(&site.get(&words).await, 400, "201 characters");
    assert_eq!(
        site.get(&format!("/v1/hotlines?search={}", "a".repeat(200)))
            .await
            .status,
        200
    );
    let often = format!("/v1/hotlines?{}", "country=GB&".repeat(51));
    is_problem(&site.get(&often).await, 400, "51 times");
    assert_eq!(
        site.get(&format!("/v1/hotlines?{}", "country=GB&".repeat(50)))
            .await
            .status,
        200
    );
    let name = format!("/v1/hotlines?{}=1", "n".repeat(5000));
    let answer = site.get(&name).await;
    is_problem(&answer, 400, "long name");
    assert!(answer.body.len() < 2000, "{}", answer.text());
}

#[actix_web::test]
async fn unknown_paths_wrong_methods_and_unacceptable_types_are_problems() {
    let site = Site::full().await;
    for uri in [
        "/nowhere",
        "/v1/",
        "/v2/hotlines",
        "/v1/hotlines/",
        "/v1/hotlines/a/b",
        "/v1//hotlines",
        "/v1/hotlines%00",
        "/%ff",
        "/v1/hotlines/..%2f",
        "/docs/nothing.js",
    ] {
        is_problem(&site.get(uri).await, 404, uri);
    }
    is_problem(
        &site.ask(TestRequest::delete().uri("/v1/hotlines")).await,
        405,
        "DELETE",
    );
    is_problem(
        &site.get_with("/v1/hotlines", "Accept", "text/html").await,
        406,
        "text/html",
    );
    let body = TestRequest::post().uri("/v1/hotlines").set_payload("{");
    is_problem(
        &site
            .ask(body.insert_header(("Content-Type", "application/json")))
            .await,
        // Before the body is read: nobody without a key learns what is wrong with it.
        401,
        "POST",
    );
    for parameter in ["?x=1", "?include=hotlines"] {
        for uri in ["/v1", "/v1/topics/policy", "/v1/countries/GB"] {
            let uri = format!("{uri}{parameter}");
            is_problem(&site.get(&uri).await, 400, &uri);
        }
    }
}

#[actix_web::test]
async fn of_very_many_faults_the_first_hundred_are_told_and_how_many_more_there_are() {
    let site = Site::over(Database::empty().await).await;
    let query: String = (0..130).map(|place| format!("p{place}=1&")).collect();
    let answer = site.get(&format!("/v1/topics?{query}")).await;
    assert_eq!(answer.status, 400);
    let problem = answer.value();
    assert_eq!(problem["errors"].as_array().unwrap().len(), 100);
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("30 more are not shown"), "{detail}");
}
