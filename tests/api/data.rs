//! The directory as it ships: what the article names is found, and nothing is made up.

use crate::support::{Site, rows, texts};
use lodestar::cli::import::shipped_files;
use serde_json::Value;

fn points(record: &Value) -> &Vec<Value> {
    record["contact_points"].as_array().unwrap()
}

#[actix_web::test]
async fn the_us_hotline_of_the_article_can_be_called_and_texted() {
    let site = Site::full().await;
    let line = site
        .json("/v1/hotlines/us-national-human-trafficking-hotline")
        .await;
    let call = points(&line)
        .iter()
        .find(|point| point["channel"] == "phone")
        .unwrap();
    assert_eq!(call["e164"], "+18883737888");
    assert_eq!(call["tel_uri"], "tel:+18883737888");
    assert!(
        call["display"].as_str().unwrap().contains("888-373-7888"),
        "{call}"
    );
    let text = points(&line)
        .iter()
        .find(|point| point["channel"] == "sms")
        .unwrap();
    assert_eq!(text["short_code"], "233733");
    assert_eq!(text["e164"], Value::Null);
    assert_eq!(text["dialable_from"], serde_json::json!(["US"]));
    assert!(text["sms_uri"].as_str().unwrap().starts_with("sms:233733"));
    let found = site
        .slugs("/v1/hotlines?country=US&topic=sex_trafficking&channel=sms")
        .await;
    assert!(found.contains(&"us-national-human-trafficking-hotline".to_owned()));
    let operators = site
        .json("/v1/organizations/national-human-trafficking-hotline")
        .await["operators"]
        .clone();
    assert!(!operators.as_array().unwrap().is_empty());
}

#[actix_web::test]
async fn ncmec_has_its_tipline_and_its_vanity_number() {
    let site = Site::full().await;
    let ncmec = site.json("/v1/organizations/ncmec?include=hotlines").await;
    assert!(ncmec["name"].as_str().unwrap().contains("Missing"));
    let all: Vec<&Value> = ncmec["included"]["hotlines"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(points)
        .collect();
    let lost = all
        .iter()
        .find(|point| point["value"] == "1-800-THE-LOST")
        .unwrap();
    assert_eq!(lost["e164"], "+18008435678");
    assert_eq!(lost["tel_uri"], "tel:+18008435678");
    assert!(lost["display"].as_str().unwrap().contains("1-800-THE-LOST"));
    assert!(
        all.iter()
            .any(|point| point["url"] == "https://report.cybertip.org/"),
        "CyberTipline"
    );
    assert!(site.total("/v1/hotlines?search=cybertipline").await > 0);
}

#[actix_web::test]
async fn the_other_organizations_of_the_article_are_found_by_their_names() {
    let site = Site::full().await;
    for (search, slug) in [
        ("internet+watch+foundation", "iwf"),
        ("shared+hope+international", "shared-hope-international"),
        ("stop+child+trafficking+now", "stop-child-trafficking-now"),
        ("HHS", "hhs-otip"),
        ("health+and+human+services", "hhs-otip"),
        ("missing+exploited+children", "ncmec"),
    ] {
        let found = site
            .slugs(&format!("/v1/organizations?search={search}"))
            .await;
        assert!(found.contains(&slug.to_owned()), "{search}: {found:?}");
    }
    assert!(!site.slugs("/v1/hotlines?organization=iwf").await.is_empty());
}

#[actix_web::test]
async fn the_articles_figures_are_there_with_what_was_said_against_them() {
    let site = Site::full().await;
    let disputed = site.all("/v1/statistics?assessment=disputed").await;
    for (slug, value) in [
        ("children-in-prostitution-us-us-2010-0-17", "100000"),
        (
            "children-in-prostitution-us-us-2009-0-17-shared-hope",
            "100000",
        ),
        ("entry-age-sex-trafficking-us-shared-hope", "12"),
        ("exploited-children-with-pimp-us-0-17", "75"),
        ("street-girls-in-prostitution-us-female-0-17", "55"),
    ] {
        let figure = disputed
            .iter()
            .find(|one| one["slug"] == slug)
            .unwrap_or_else(|| panic!("{slug} is not disputed"));
        assert_eq!(figure["value"], value, "{slug}");
        for critique in figure["critiques"].as_array().unwrap() {
            let source = critique["source"].as_str().unwrap();
            assert_eq!(site.get(&format!("/v1/sources/{source}")).await.status, 200);
            assert!(critique["summary"].as_str().unwrap().len() > 20);
        }
        assert!(
            !site
                .slugs("/v1/statistics")
                .await
                .contains(&slug.to_owned())
        );
    }
    let girls = disputed
        .iter()
        .find(|one| one["slug"] == "entry-age-sex-trafficking-us-female")
        .unwrap();
    assert_eq!(
        (&girls["low"], &girls["high"], &girls["qualifier"]),
        (&"12".into(), &"14".into(), &"range".into())
    );
}

#[actix_web::test]
async fn the_rise_by_a_third_is_that_of_commercial_domains() {
    let site = Site::full().await;
    let change = site
        .json("/v1/statistics/iwf-commercial-domains-change-wld-2006-2007")
        .await;
    assert_eq!(change["indicator"]["slug"], "iwf_commercial_domains_change");
    assert_eq!(
        (&change["value"], &change["unit"]),
        (&"33".into(), &"percent".into())
    );
    assert!(
        change["population"]
            .as_str()
            .unwrap()
            .contains("commercial")
    );
    let all = site
        .all("/v1/statistics?publisher=Internet%20Watch%20Foundation")
        .await;
    let wrong = all.iter().find(|one| {
        one["value"] == "33"
            && one["indicator"]["slug"]
                .as_str()
                .unwrap()
                .contains("domains")
            && one["indicator"]["slug"] != "iwf_commercial_domains_change"
    });
    assert!(wrong.is_none(), "{wrong:?}");
}

#[actix_web::test]
async fn every_shipped_row_is_served() {
    let site = Site::full().await;
    let counts = site.json("/v1").await["counts"].clone();
    for (list, count) in [
        ("organizations", 339),
        ("hotlines", 311),
        ("regional_contacts", 229),
        ("statistics", 2035),
    ] {
        assert_eq!(counts[list], count, "{list}");
    }
    let everything = "assessment=not_assessed&assessment=supported&assessment=disputed&assessment=superseded&assessment=retracted";
    assert_eq!(
        site.total(&format!("/v1/statistics?{everything}")).await,
        2035
    );
    let countries = site.all("/v1/countries").await;
    let with_numbers = countries
        .iter()
        .filter(|one| !one["emergency_numbers"].as_array().unwrap().is_empty());
    assert_eq!(with_numbers.count(), 238);
    for (file, bytes) in shipped_files().unwrap() {
        let list = file.trim_end_matches(".csv");
        let shipped = csv::Reader::from_reader(bytes.as_slice()).records().count();
        if crate::support::LISTS.contains(&list) && list != "statistics" && list != "countries" {
            assert_eq!(
                site.total(&format!("/v1/{list}")).await,
                shipped as i64,
                "{file}"
            );
        }
    }
}

#[actix_web::test]
async fn every_contact_point_can_be_used_by_its_uri() {
    let site = Site::full().await;
    let mut counted = 0;
    for list in ["hotlines", "regional_contacts"] {
        for record in site.all(&format!("/v1/{list}")).await {
            for point in points(&record) {
                counted += 1;
                let text = |field: &str| point[field].as_str();
                let (tel, sms, url) = (text("tel_uri"), text("sms_uri"), text("url"));
                let dialled = text("e164").or(text("short_code"));
                let fits = match text("channel").unwrap() {
                    "phone" | "tty" => tel.is_some_and(|tel| {
                        let number = tel.strip_prefix("tel:").unwrap();
                        let number = number.split(';').next();
                        number == dialled && sms.is_none() && url.is_none()
                    }),
                    "sms" => sms.is_some_and(|sms| {
                        let rest = sms.strip_prefix("sms:").unwrap();
                        rest.split('?').next() == dialled && tel.is_none() && url.is_none()
                    }),
                    "whatsapp" => url.is_some_and(|url| {
                        url.strip_prefix("https://wa.me/")
                            == text("e164").map(|number| &number[1..])
                    }),
                    "email" => {
                        url.is_some_and(|url| url.starts_with("mailto:") && url.contains('@'))
                    }
                    "chat" | "web_form" | "video_relay" => {
                        url.is_some_and(|url| url.starts_with("http") && tel.is_none())
                    }
                    other => panic!("{other} is new: say here how it is used"),
                };
                assert!(fits, "{list}/{}: {point}", record["slug"]);
                if let Some(number) = text("e164") {
                    assert!(
                        number.starts_with('+')
                            && number.len() > 6
                            && number[1..].bytes().all(|b| b.is_ascii_digit())
                    );
                }
                if let Some(body) = text("keyword") {
                    assert!(sms.unwrap().ends_with(&format!("?body={body}")));
                }
                assert!(!text("display").unwrap().is_empty());
                assert!(point["id"].is_string());
            }
        }
    }
    let shipped: usize = [
        "hotline_contact_points.csv",
        "regional_contact_contact_points.csv",
    ]
    .map(|file| {
        csv::Reader::from_reader(shipped_files().unwrap()[file].as_slice())
            .records()
            .count()
    })
    .iter()
    .sum();
    assert_eq!(counted, shipped);
}

#[actix_web::test]
async fn short_codes_never_gain_a_country_code() {
    let site = Site::full().await;
    let mut codes = 0;
    for list in ["hotlines", "regional_contacts"] {
        for record in site.all(&format!("/v1/{list}")).await {
            for point in points(&record)
                .iter()
                .filter(|point| point["short_code"].is_string())
            {
                codes += 1;
                assert_eq!(point["e164"], Value::Null, "{point}");
                for field in ["tel_uri", "sms_uri", "url", "display", "value"] {
                    let text = point[field].as_str().unwrap_or_default();
                    assert!(!text.contains('+'), "{}: {point}", record["slug"]);
                }
                let context = point["tel_uri_rfc3966"].as_str();
                if let Some(context) = context {
                    assert!(context.contains(";phone-context=+"), "{context}");
                }
                assert!(
                    !texts(&point["dialable_from"]).is_empty(),
                    "{}: from where?",
                    record["slug"]
                );
            }
        }
    }
    assert!(codes > 50, "{codes}");
    let samaritans = site.all("/v1/hotlines?search=116123&country=GB").await;
    for line in &samaritans {
        let point = points(line)
            .iter()
            .find(|point| point["short_code"] == "116123")
            .unwrap();
        assert_eq!(point["tel_uri"], "tel:116123");
        assert_eq!(point["tel_uri_rfc3966"], "tel:116123;phone-context=+44");
    }
}

#[actix_web::test]
async fn nothing_imported_claims_a_verification() {
    let site = Site::full().await;
    for list in [
        "organizations",
        "hotlines",
        "regional_contacts",
        "statistics",
    ] {
        for record in site.all(&format!("/v1/{list}")).await {
            assert_eq!(
                record["verified_at"],
                Value::Null,
                "{list}/{}",
                record["slug"]
            );
            assert_eq!(record["freshness"]["verified"], false);
            for point in record["contact_points"].as_array().into_iter().flatten() {
                assert_eq!(
                    (&point["verified_at"], &point["freshness"]["verified"]),
                    (&Value::Null, &false.into())
                );
            }
        }
    }
}

#[actix_web::test]
async fn no_shelter_has_a_place() {
    let site = Site::full().await;
    for record in site.all("/v1/regional_contacts").await {
        let said = format!("{} {}", record["name"], record["role_title"]).to_lowercase();
        if said.contains("shelter") || said.contains("refuge") || said.contains("safe house") {
            for field in ["address", "postal_code", "latitude", "longitude"] {
                assert_eq!(record[field], Value::Null, "{}", record["slug"]);
            }
        }
    }
}

#[actix_web::test]
async fn every_imported_row_is_an_entry_of_the_ledger() {
    let site = Site::full().await;
    let mut writer = site.database.writer().await;
    let sums = "select count(*) as entries, count(distinct record_id) as records, min(revision) as first, max(revision) as last,
        bool_and(action = 'created') as created, count(distinct actor) as actors, bool_and(reason <> '') as reasons from ledger.entries";
    let sums = rows(&mut writer, sums).await.remove(0);
    let shipped: usize = shipped_files()
        .unwrap()
        .iter()
        .filter(|(file, _)| crate::support::LISTS.contains(&file.trim_end_matches(".csv")))
        .map(|(_, bytes)| csv::Reader::from_reader(bytes.as_slice()).records().count())
        .sum();
    assert_eq!(sums["entries"], shipped);
    assert_eq!(sums["records"], shipped);
    assert_eq!(
        (&sums["first"], &sums["last"]),
        (&1.into(), &shipped.into()),
        "revisions have gaps"
    );
    assert_eq!(
        (&sums["created"], &sums["actors"], &sums["reasons"]),
        (&true.into(), &1.into(), &true.into())
    );
    let torn = "select r.slug from ledger.records r left join ledger.entries e on e.record_id = r.id and e.revision = r.revision
        where e.document is distinct from r.document or r.revision <= 0";
    assert!(rows(&mut writer, torn).await.is_empty());
    for list in [
        "organizations",
        "hotlines",
        "regional_contacts",
        "statistics",
    ] {
        let unlike = format!(
            "select p.slug from published.{list} p left join ledger.records r using (id) where p.revision is distinct from r.revision"
        );
        assert!(rows(&mut writer, &unlike).await.is_empty(), "{list}");
    }
}
