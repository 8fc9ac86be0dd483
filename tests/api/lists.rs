//! Lists: pages, filters, orders.

use crate::support::{Database, LISTS, Site, run, slug, texts};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A list with what a test of one of its filters expects of each record.
async fn exactly(site: &Site, list: &str, query: &str, wanted: impl Fn(&Value) -> bool) -> usize {
    let all = site.all(&format!("/v1/{list}")).await;
    let expected: BTreeSet<String> = all.iter().filter(|one| wanted(one)).map(slug).collect();
    let found: BTreeSet<String> = site
        .slugs(&format!("/v1/{list}?{query}"))
        .await
        .into_iter()
        .collect();
    assert_eq!(found, expected, "{list}?{query}");
    assert_eq!(
        site.total(&format!("/v1/{list}?{query}&per_page=1")).await,
        expected.len() as i64,
        "{query}"
    );
    assert!(
        !found.is_empty() && found.len() < all.len(),
        "{list}?{query} tests nothing"
    );
    found.len()
}

fn holds(list: &Value, one: &str) -> bool {
    texts(list).contains(&one)
}

#[actix_web::test]
async fn the_envelope_adds_up_and_the_links_lead_through_all_pages() {
    let site = Site::full().await;
    for (list, per_page) in [
        ("organizations", 100),
        ("hotlines", 50),
        ("topics", 3),
        ("regional_contacts", 200),
    ] {
        let total = site.total(&format!("/v1/{list}")).await;
        let pages = (total + per_page - 1) / per_page;
        let mut next = format!("/v1/{list}?per_page={per_page}");
        let mut seen = BTreeSet::new();
        for number in 1..=pages {
            let answer = site.get(&next).await;
            let page = answer.json();
            let contents = page["contents"].as_array().unwrap();
            assert_eq!(page["total_items"], total);
            assert_eq!(page["total_pages"], pages);
            assert_eq!(page["page_number"], number);
            assert_eq!(page["size"], contents.len());
            assert_eq!(page["first_page"], number == 1);
            assert_eq!(page["last_page"], number == pages);
            assert_eq!(page["empty"], false);
            assert_eq!(page["licence"], "CC-BY-4.0");
            assert_eq!(page["attribution"], "Lodestar contributors");
            seen.extend(contents.iter().map(slug));
            let link = answer.header("link");
            let to = |rel: &str| {
                let mut links = link
                    .split(", ")
                    .filter_map(|link| link.strip_suffix(&format!(">; rel=\"{rel}\"")));
                links.next().map(|link| {
                    link.strip_prefix("<http://127.0.0.1:8080")
                        .unwrap()
                        .to_owned()
                })
            };
            assert!(
                to("first").unwrap().ends_with("page=1")
                    && to("last").unwrap().ends_with(&format!("page={pages}"))
            );
            assert_eq!(to("prev").is_some(), number > 1, "{link}");
            assert_eq!(to("next").is_some(), number < pages, "{link}");
            next = to("next").unwrap_or_default();
        }
        assert_eq!(
            seen.len() as i64,
            total,
            "{list}: the pages do not join to the whole"
        );
        assert_eq!(
            seen,
            site.slugs(&format!("/v1/{list}"))
                .await
                .into_iter()
                .collect()
        );
    }
}

#[actix_web::test]
async fn a_page_past_the_end_is_empty_and_leads_back() {
    let site = Site::full().await;
    let answer = site.get("/v1/hotlines?page=1000&country=GB").await;
    let page = answer.json();
    assert_eq!(
        (
            &page["empty"],
            &page["size"],
            &page["last_page"],
            &page["first_page"]
        ),
        (&true.into(), &0.into(), &true.into(), &false.into())
    );
    assert!(page["total_items"].as_i64().unwrap() > 0);
    let link = answer.header("link");
    assert!(
        link.contains("rel=\"prev\"")
            && !link.contains("rel=\"next\"")
            && link.contains("country=GB"),
        "{link}"
    );
    let nothing = site.json("/v1/hotlines?search=zzzzqqqq").await;
    assert_eq!(
        (
            &nothing["total_items"],
            &nothing["total_pages"],
            &nothing["last_page"]
        ),
        (&0.into(), &0.into(), &true.into())
    );
}

#[actix_web::test]
async fn pages_have_fifty_records_unless_asked_and_two_hundred_at_most() {
    let site = Site::full().await;
    assert_eq!(site.json("/v1/organizations").await["size"], 50);
    assert_eq!(
        site.json("/v1/organizations?per_page=200").await["size"],
        200
    );
    assert_eq!(site.get("/v1/organizations?per_page=201").await.status, 400);
    assert_eq!(
        site.get("/v1/organizations?per_page=200&page=502")
            .await
            .status,
        422
    );
    assert_eq!(
        site.json("/v1/statistics?per_page=200&page=500").await["empty"],
        true
    );
}

#[actix_web::test]
async fn orders_are_what_they_say_and_descending_is_the_reverse() {
    let site = Site::full().await;
    let names = async |uri: &str, field: &str| -> Vec<(Value, Value)> {
        let page = site.json(uri).await;
        let contents = page["contents"].as_array().unwrap().clone();
        contents
            .into_iter()
            .map(|one| {
                (
                    one.pointer(field).unwrap().clone(),
                    one["id"].as_str().unwrap_or_default().into(),
                )
            })
            .collect()
    };
    for (list, sort, field) in [
        ("organizations", "name", "/name"),
        ("hotlines", "name", "/name"),
        ("hotlines", "last_modified", "/last_modified"),
        ("regional_contacts", "name", "/name"),
        ("statistics", "title", "/title"),
        ("topics", "name", "/name"),
        ("countries", "name", "/code"),
    ] {
        let up = names(&format!("/v1/{list}?sort={sort}&per_page=200"), field).await;
        let texts: Vec<(&str, &str)> = up
            .iter()
            .map(|(one, id)| (one.as_str().unwrap(), id.as_str().unwrap()))
            .collect();
        assert!(
            texts.is_sorted() && texts.len() > 5,
            "{list} by {sort}: {texts:?}"
        );
        if ["topics", "countries"].contains(&list) {
            continue;
        }
        let total = site.total(&format!("/v1/{list}")).await;
        let last = (total + 199) / 200;
        let mut down = names(
            &format!("/v1/{list}?sort=-{sort}&per_page=200&page={last}"),
            field,
        )
        .await;
        down.reverse();
        assert!(
            !down.is_empty() && up.starts_with(&down),
            "{list} by -{sort}"
        );
    }
    for (sort, ascending) in [("value", true), ("-value", false)] {
        let all = names(
            &format!("/v1/statistics?sort={sort}&per_page=100&geography=US"),
            "/value",
        )
        .await;
        let numbers: Vec<f64> = all
            .iter()
            .filter_map(|(one, _)| one.as_str())
            .map(|one| one.parse().unwrap())
            .collect();
        let sorted = if ascending {
            numbers.is_sorted()
        } else {
            numbers.iter().rev().is_sorted()
        };
        assert!(sorted && numbers.len() > 50, "{sort}: {numbers:?}");
    }
    let newest = names("/v1/statistics?sort=-period&per_page=20", "/period/end").await;
    assert!(
        newest.iter().all(|(end, _)| end.as_str() > Some("2020")),
        "{newest:?}"
    );
}

#[actix_web::test]
async fn different_filters_combine_by_and_and_repeated_values_by_or() {
    let site = Site::full().await;
    exactly(&site, "organizations", "country=GB", |one| {
        one["country"] == "GB"
    })
    .await;
    exactly(&site, "organizations", "country=GB&country=PH", |one| {
        one["country"] == "GB" || one["country"] == "PH"
    })
    .await;
    exactly(
        &site,
        "organizations",
        "kind=government&scope=national",
        |one| one["kind"] == "government" && one["scope"] == "national",
    )
    .await;
    exactly(
        &site,
        "organizations",
        "kind=network&kind=intergovernmental",
        |one| one["kind"] == "network" || one["kind"] == "intergovernmental",
    )
    .await;
    exactly(
        &site,
        "organizations",
        "topic=online_abuse&country=US",
        |one| holds(&one["topics"], "online_abuse") && one["country"] == "US",
    )
    .await;
    exactly(
        &site,
        "hotlines",
        "population=children&topic=missing_children",
        |one| holds(&one["populations"], "children") && holds(&one["topics"], "missing_children"),
    )
    .await;
    exactly(
        &site,
        "hotlines",
        "topic=labor_trafficking&topic=legal_aid",
        |one| holds(&one["topics"], "labor_trafficking") || holds(&one["topics"], "legal_aid"),
    )
    .await;
    exactly(&site, "hotlines", "population=survivors", |one| {
        holds(&one["populations"], "survivors")
    })
    .await;
    exactly(
        &site,
        "regional_contacts",
        "role=task_force&country=US",
        |one| one["role"] == "task_force" && one["country"] == "US",
    )
    .await;
}

#[actix_web::test]
async fn hotlines_are_found_by_channel_and_hours() {
    let site = Site::full().await;
    let offers = |one: &Value, channel: &str| {
        let points = one["contact_points"].as_array().unwrap();
        points.iter().any(|point| point["channel"] == channel)
    };
    for channel in [
        "sms", "chat", "whatsapp", "web_form", "email", "phone", "tty",
    ] {
        exactly(&site, "hotlines", &format!("channel={channel}"), |one| {
            offers(one, channel)
        })
        .await;
    }
    exactly(
        &site,
        "hotlines",
        "channel=sms&channel=chat&country=US",
        |one| {
            (offers(one, "sms") || offers(one, "chat"))
                && ["US", "WLD"]
                    .iter()
                    .any(|area| holds(&one["coverage"], area))
        },
    )
    .await;
    exactly(&site, "hotlines", "always_open=true", |one| {
        one["always_open"] == true
    })
    .await;
    let known_not = site.all("/v1/hotlines?always_open=false").await;
    assert!(
        known_not.iter().all(|one| one["always_open"] == false),
        "unknown is not closed"
    );
}

#[actix_web::test]
async fn a_country_is_covered_by_its_parts_its_regions_and_the_world() {
    let database = Database::full().await;
    let line = |slug: &str, coverage: &str| {
        let point = json!({"channel": "phone", "value": "116123", "short_code": "116123", "dialable_from": ["GB"]});
        json!({"slug": slug, "name": slug, "lang": "en", "coverage": [coverage], "passed_to_police": "unknown",
            "passed_to_immigration": "unknown", "contact_points": [point], "sources": [{"source": "ncmec-testimony-2013-10-23"}]})
    };
    let lines = [
        ("world-line", "WLD"),
        ("texan-line", "US-TX"),
        ("americas-line", "019"),
    ];
    let records =
        lines.map(|(slug, coverage)| ("hotlines", line(slug, coverage), "published", "public"));
    database.write("x", records.into()).await;
    let site = Site::over(database).await;

    let touches = |one: &Value, country: &str| {
        texts(&one["coverage"]).iter().any(|area| {
            *area == country
                || area.starts_with(&format!("{country}-"))
                || *area == "WLD"
                || (*area == "019" && ["US", "BR"].contains(&country))
        })
    };
    exactly(&site, "hotlines", "country=US", |one| touches(one, "US")).await;
    exactly(&site, "hotlines", "country=JP&country=BR", |one| {
        touches(one, "JP") || touches(one, "BR")
    })
    .await;
    exactly(&site, "hotlines", "worldwide=true", |one| {
        holds(&one["coverage"], "WLD")
    })
    .await;
    exactly(&site, "hotlines", "worldwide=false", |one| {
        !holds(&one["coverage"], "WLD")
    })
    .await;
    // A line for the country covers California; one for California is no line for Texas.
    exactly(&site, "hotlines", "subdivision=US-CA", |one| {
        ["US", "US-CA", "019", "WLD"]
            .iter()
            .any(|area| holds(&one["coverage"], area))
    })
    .await;
    assert_eq!(site.slugs("/v1/hotlines?country=AQ").await, ["world-line"]);

    let serves = site.slugs("/v1/regional_contacts?serves=US-CA").await;
    assert!(
        serves.contains(&"us-icac-ca-fresno".to_owned()),
        "{serves:?}"
    );
    for contact in site.all("/v1/regional_contacts").await {
        let areas = texts(&contact["serves"]);
        let covers = ["US-CA", "US", "WLD"]
            .iter()
            .any(|area| areas.contains(area));
        let elsewhere = areas
            .iter()
            .all(|area| area.starts_with("US-") && *area != "US-CA");
        let found = serves.contains(&slug(&contact));
        assert!(found || !covers, "{contact} is not found");
        assert!(!found || !elsewhere, "{contact} is found");
    }
    let country = site.slugs("/v1/regional_contacts?serves=US").await;
    assert!(serves.iter().all(|contact| country.contains(contact)) && country.len() > serves.len());
}

#[actix_web::test]
async fn languages_are_found_by_old_tags_shorter_tags_and_through_interpreters() {
    let site = Site::full().await;
    let fil = site.slugs("/v1/hotlines?language=fil").await;
    assert!(!fil.is_empty());
    for tag in ["tl", "TL", "Fil"] {
        assert_eq!(
            site.slugs(&format!("/v1/hotlines?language={tag}")).await,
            fil,
            "{tag}"
        );
    }
    exactly(&site, "hotlines", "language=es", |one| {
        let spoken = texts(&one["languages"])
            .into_iter()
            .chain(texts(&one["interpreter_languages"]));
        spoken
            .clone()
            .any(|tag| tag == "es" || tag.starts_with("es-"))
    })
    .await;
    let philippines = site.slugs("/v1/hotlines?country=PH&language=tl").await;
    assert!(!philippines.is_empty() && philippines.iter().all(|line| fil.contains(line)));
}

#[actix_web::test]
async fn organizations_are_named_by_slug_or_id() {
    let site = Site::full().await;
    let ncmec = site.json("/v1/organizations/ncmec").await;
    let id = ncmec["id"].as_str().unwrap();
    for list in ["hotlines", "regional_contacts"] {
        let owner = if list == "hotlines" { "ncmec" } else { "fbi" };
        let all = site.all(&format!("/v1/{list}")).await;
        let with = all
            .iter()
            .find_map(|one| one["organization"]["slug"].as_str());
        let owner = all
            .iter()
            .find(|one| one["organization"]["slug"] == owner)
            .map_or(with.unwrap(), |_| owner);
        let id = site.json(&format!("/v1/organizations/{owner}")).await["id"].clone();
        let by_slug = site
            .slugs(&format!("/v1/{list}?organization={owner}"))
            .await;
        assert_eq!(
            site.slugs(&format!("/v1/{list}?organization={}", id.as_str().unwrap()))
                .await,
            by_slug
        );
        exactly(&site, list, &format!("organization={owner}"), |one| {
            one["organization"]["slug"] == owner
        })
        .await;
    }
    assert_eq!(site.json(&format!("/v1/organizations/{id}")).await, ncmec);
    assert_eq!(
        site.total("/v1/hotlines?organization=nobody-at-all").await,
        0
    );
}

#[actix_web::test]
async fn searches_find_words_beginnings_accents_and_digits() {
    let site = Site::full().await;
    for (query, slug) in [
        ("/v1/organizations?search=internet+watch", "iwf"),
        ("/v1/organizations?search=INTERN+wat", "iwf"),
        (
            "/v1/hotlines?search=888+373+7888",
            "us-national-human-trafficking-hotline",
        ),
        (
            "/v1/hotlines?search=8883737888",
            "us-national-human-trafficking-hotline",
        ),
        (
            "/v1/hotlines?search=233733",
            "us-national-human-trafficking-hotline",
        ),
        ("/v1/hotlines?search=the-lost", "us-ncmec-hotline"),
        (
            "/v1/hotlines?search=befree",
            "us-national-human-trafficking-hotline",
        ),
    ] {
        let found = site.slugs(query).await;
        assert!(found.iter().any(|one| one == slug), "{query}: {found:?}");
        assert!(found.len() < 40, "{query}: {}", found.len());
    }
    for nothing in ["%21%26%7C()", "%27%3B+drop+table", "internet+zzzz", ":*"] {
        assert_eq!(
            site.total(&format!("/v1/organizations?search={nothing}"))
                .await,
            0,
            "{nothing}"
        );
    }
    let accented = site.slugs("/v1/organizations?search=l%C3%ADnea").await;
    assert_eq!(accented, site.slugs("/v1/organizations?search=linea").await);
}

fn radians(degrees: &Value) -> Option<f64> {
    degrees.as_f64().map(f64::to_radians)
}

/// By the angle between two unit vectors: another formula than the one that is tested.
fn kilometres(one: &Value, latitude: f64, longitude: f64) -> Option<f64> {
    let vector = |latitude: f64, longitude: f64| {
        [
            latitude.cos() * longitude.cos(),
            latitude.cos() * longitude.sin(),
            latitude.sin(),
        ]
    };
    let a = vector(radians(&one["latitude"])?, radians(&one["longitude"])?);
    let b = vector(latitude.to_radians(), longitude.to_radians());
    let cosine: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
    Some(6371.0088 * cosine.clamp(-1.0, 1.0).acos())
}

#[actix_web::test]
async fn near_finds_what_lies_in_the_circle_even_over_poles_and_the_antimeridian() {
    let database = Database::full().await;
    let office = |slug: &str, latitude: &str, longitude: &str| {
        json!({"slug": slug, "name": slug, "role": "task_force", "lang": "en", "serves": ["FJ"], "country": "FJ", "latitude": latitude,
            "longitude": longitude, "coordinate_precision": "city", "sources": [{"source": "ncmec-testimony-2013-10-23"}]})
    };
    let places = [
        ("west-of-the-line", "-17", "179.99"),
        ("east-of-the-line", "-17", "-179.99"),
        ("at-the-pole", "-89.99", "10"),
    ];
    let records = places.map(|(slug, latitude, longitude)| {
        (
            "regional_contacts",
            office(slug, latitude, longitude),
            "published",
            "public",
        )
    });
    database.write("x", records.into()).await;
    let site = Site::over(database).await;

    let all = site.all("/v1/regional_contacts").await;
    for (latitude, longitude, radius) in [
        (48.2, 16.4, 100),
        (40.0, -75.0, 500),
        (0.0, 180.0, 6000),
        (0.0, -180.0, 6000),
        (-17.0, 179.9, 50),
        (-17.0, -179.9, 50),
        (-89.9, -170.0, 60),
        (90.0, 0.0, 5000),
        (-90.0, 0.0, 10),
        (89.0, 100.0, 4500),
        (60.0, 0.0, 20038),
    ] {
        let uri = format!("/v1/regional_contacts?near={latitude},{longitude}&radius_km={radius}");
        let expected: BTreeSet<String> = all
            .iter()
            .filter(|one| {
                kilometres(one, latitude, longitude).is_some_and(|km| km <= f64::from(radius))
            })
            .map(slug)
            .collect();
        let found: BTreeSet<String> = site.slugs(&uri).await.into_iter().collect();
        assert_eq!(found, expected, "{uri}");
        assert!(!found.is_empty(), "{uri} tests nothing");
        let page = site
            .json(&format!("{uri}&sort=distance&per_page=200"))
            .await;
        let contents = page["contents"].as_array().unwrap();
        let distances: Vec<f64> = contents
            .iter()
            .map(|one| one["distance_km"].as_f64().unwrap())
            .collect();
        assert!(distances.is_sorted(), "{distances:?}");
        for one in contents {
            let km = kilometres(one, latitude, longitude).unwrap();
            assert!(
                (one["distance_km"].as_f64().unwrap() - km).abs() < 1.0,
                "{}: {km}",
                one["slug"]
            );
            assert!(one["coordinate_precision"].is_string());
        }
    }
    assert_eq!(
        site.json("/v1/regional_contacts?per_page=1").await["contents"][0]["distance_km"],
        Value::Null
    );
}

#[actix_web::test]
async fn boxes_may_cross_the_antimeridian() {
    let site = Site::full().await;
    let inside = |one: &Value, [west, south, east, north]: [f64; 4]| {
        let Some((lat, lon)) = one["latitude"].as_f64().zip(one["longitude"].as_f64()) else {
            return false;
        };
        let between = if west <= east {
            lon >= west && lon <= east
        } else {
            lon >= west || lon <= east
        };
        lat >= south && lat <= north && between
    };
    for corners in [
        [-10.0, 35.0, 30.0, 60.0],
        [100.0, -50.0, -60.0, 50.0],
        [-180.0, -90.0, 0.0, 90.0],
        [170.0, -90.0, -70.0, 90.0],
    ] {
        let text = corners.map(|degree: f64| degree.to_string()).join(",");
        exactly(&site, "regional_contacts", &format!("bbox={text}"), |one| {
            inside(one, corners)
        })
        .await;
    }
}

#[actix_web::test]
async fn disputed_superseded_and_retracted_figures_come_only_when_asked_for() {
    let site = Site::full().await;
    let unasked = site.all("/v1/statistics").await;
    let shown =
        |one: &Value| one["assessment"] == "not_assessed" || one["assessment"] == "supported";
    assert!(unasked.iter().all(shown));
    let disputed = site.all("/v1/statistics?assessment=disputed").await;
    assert!(!disputed.is_empty() && disputed.iter().all(|one| one["assessment"] == "disputed"));
    for one in &disputed {
        assert!(
            !one["critiques"].as_array().unwrap().is_empty(),
            "{}",
            one["slug"]
        );
    }
    let all: Vec<String> = [
        "not_assessed",
        "supported",
        "disputed",
        "superseded",
        "retracted",
    ]
    .map(|a| format!("assessment={a}"))
    .into();
    assert_eq!(
        site.total(&format!("/v1/statistics?{}", all.join("&")))
            .await,
        (unasked.len() + disputed.len()) as i64
    );
    assert_eq!(
        site.json("/v1").await["counts"]["statistics"],
        (unasked.len() + disputed.len()) as i64
    );
}

#[actix_web::test]
async fn statistics_are_found_by_time_place_publisher_and_source() {
    let site = Site::full().await;
    let start = |one: &Value| {
        one["period"]["start"]
            .as_str()
            .or(one["period"]["end"].as_str())
            .map(str::to_owned)
    };
    let end = |one: &Value| {
        one["period"]["end"]
            .as_str()
            .or(one["period"]["start"].as_str())
            .map(str::to_owned)
    };
    exactly(&site, "statistics", "from=2020", |one| {
        end(one).is_some_and(|day| day.as_str() >= "2020-01-01")
    })
    .await;
    exactly(&site, "statistics", "to=2010", |one| {
        start(one).is_some_and(|day| day.as_str() <= "2010-12-31")
    })
    .await;
    exactly(&site, "statistics", "from=2015-06&to=2016-02-29", |one| {
        start(one).is_some_and(|day| day.as_str() <= "2016-02-29")
            && end(one).is_some_and(|day| day.as_str() >= "2015-06-01")
    })
    .await;
    exactly(&site, "statistics", "geography=US&geography=WLD", |one| {
        ["US", "WLD"]
            .map(Value::from)
            .contains(&one["geography"]["code"])
    })
    .await;
    let by_iwf = exactly(
        &site,
        "statistics",
        "publisher=internet+WATCH+foundation",
        |one| one["publisher"] == "Internet Watch Foundation",
    )
    .await;
    assert!(by_iwf > 10);
    let one = site
        .json("/v1/statistics/iwf-commercial-domains-change-wld-2006-2007")
        .await;
    let source = one["sources"][0]["source"].as_str().unwrap();
    exactly(&site, "statistics", &format!("source={source}"), |one| {
        one["sources"]
            .as_array()
            .unwrap()
            .iter()
            .any(|citation| citation["source"] == source)
    })
    .await;
    let indicator = one["indicator"]["id"].as_str().unwrap();
    let by_id = site
        .slugs(&format!("/v1/statistics?indicator={indicator}"))
        .await;
    assert_eq!(
        by_id,
        site.slugs("/v1/statistics?indicator=iwf_commercial_domains_change")
            .await
    );
    assert!(!by_id.is_empty());
}

#[actix_web::test]
async fn every_list_has_the_same_envelope() {
    let site = Site::full().await;
    for list in LISTS {
        let mut page = site.json(&format!("/v1/{list}?per_page=1")).await;
        let total = page["total_items"].take();
        assert!(
            total.as_i64().unwrap() > 4 && page["total_pages"].take() == total,
            "{list}"
        );
        page["contents"] = "...".into();
        if list == "statistics" {
            // What include= brings stands beside.
            assert_eq!(
                page.as_object_mut().unwrap().remove("included"),
                Some(Value::Null)
            );
        }
        insta::allow_duplicates! {
            insta::assert_json_snapshot!(page, @r#"
            {
              "total_items": null,
              "total_pages": null,
              "page_number": 1,
              "size": 1,
              "first_page": true,
              "last_page": false,
              "empty": false,
              "licence": "CC-BY-4.0",
              "attribution": "Lodestar contributors",
              "contents": "..."
            }
            "#);
        }
    }
}

#[actix_web::test]
async fn what_many_records_have_is_paged_as_what_few_have() {
    let database = Database::full().await;
    let mut superuser = database.superuser().await;
    for (list, has) in [
        ("organizations", "'legal_aid' = any(topics)"),
        ("hotlines", "'en' = any(languages)"),
    ] {
        let copies = format!(
            "insert into published.{list}
             select (jsonb_populate_record(one, jsonb_build_object(
                 'id', gen_random_uuid(), 'slug', one.slug || '-' || n, 'name', md5(n::text)))).*
             from published.{list} one, generate_series(1, 5200) n
             where one.id = (select id from published.{list} where {has} order by slug limit 1)"
        );
        run(&mut superuser, &copies).await;
    }
    let site = Site::over(database).await;
    for query in [
        "organizations?topic=legal_aid",
        "organizations?topic=legal_aid&sort=-last_modified",
        "hotlines?language=en",
        "hotlines?language=en&topic=research&topic=sex_trafficking&sort=-name",
    ] {
        let listed = async |page: &str| {
            let page = site.json(&format!("/v1/{query}&{page}")).await;
            let contents = page["contents"].as_array().unwrap();
            contents.iter().map(slug).collect::<Vec<_>>()
        };
        // So large a page is sorted; small ones are found by going through the records in their order.
        let sorted = listed("per_page=200").await;
        let mut walked = Vec::new();
        for page in 1..=5 {
            walked.extend(listed(&format!("per_page=20&page={page}")).await);
        }
        assert_eq!(walked, sorted[..100], "{query}");
    }
}
