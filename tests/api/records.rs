//! Single records, and what `include=` brings.

use crate::support::{LISTS, Site, slug};
use serde_json::Value;

#[actix_web::test]
async fn a_record_is_read_by_slug_and_by_id_and_is_the_one_of_its_list() {
    let site = Site::full().await;
    for list in LISTS {
        let listed =
            site.json(&format!("/v1/{list}?per_page=1&page=3")).await["contents"][0].clone();
        let (slug, id) = (slug(&listed), listed["id"].as_str().unwrap_or_default());
        let answer = site.get(&format!("/v1/{list}/{slug}")).await;
        let by_slug = answer.json();
        for (name, value) in listed.as_object().unwrap() {
            assert_eq!(by_slug[name], *value, "{list}: {name}");
        }
        assert!(
            by_slug["licence"].is_string() || list == "sources",
            "{list}"
        );
        let revision = by_slug["revision"].as_i64().unwrap();
        let etag = answer.header("etag");
        // A country's answer counts other records too, so that no revision of its own stands for it.
        let prefix = match list {
            "countries" => "\"".to_owned(),
            _ => format!("\"{revision}."),
        };
        let hash = etag
            .strip_prefix(&prefix)
            .and_then(|rest| rest.strip_suffix('"'));
        assert!(hash.is_some_and(|hash| hash.len() == 32), "{list}: {etag}");
        // Countries are named by their codes alone.
        if list != "countries" {
            assert_eq!(
                site.json(&format!("/v1/{list}/{id}")).await,
                by_slug,
                "{list}"
            );
        }
    }
}

#[actix_web::test]
async fn a_record_that_is_not_there_is_a_problem() {
    let site = Site::full().await;
    for list in LISTS {
        for reference in [
            "nobody-at-all",
            "01a20a8e-efff-7065-9a12-d41389cb4886",
            "..%2f..",
            "%00",
            "a%20b",
            "%E2%80%AE",
            &"a".repeat(3000),
        ] {
            let answer = site.get(&format!("/v1/{list}/{reference}")).await;
            assert_eq!(answer.status, 404, "{list}/{reference}: {}", answer.text());
            assert_eq!(answer.value()["status"], 404);
            assert_eq!(answer.header("cache-control"), "no-store");
        }
    }
    // A country without emergency numbers is a country all the same, or says that it is unknown.
    assert_eq!(site.get("/v1/countries/XX").await.status, 404);
}

#[actix_web::test]
async fn an_organization_comes_with_its_hotlines_contacts_and_sources() {
    let site = Site::full().await;
    let plain = site.json("/v1/organizations/ncmec").await;
    assert_eq!(plain["included"], Value::Null);
    let with = site
        .json("/v1/organizations/ncmec?include=hotlines&include=regional_contacts&include=sources")
        .await;
    let included = &with["included"];
    let names = |list: &str| -> Vec<String> {
        included[list]
            .as_array()
            .unwrap()
            .iter()
            .map(slug)
            .collect()
    };
    let mut hotlines = names("hotlines");
    hotlines.sort();
    assert_eq!(
        hotlines,
        site.slugs("/v1/hotlines?organization=ncmec").await
    );
    assert!(hotlines.len() >= 2);
    assert_eq!(
        names("regional_contacts").len() as i64,
        site.total("/v1/regional_contacts?organization=ncmec").await
    );
    let cited: Vec<&Value> = with["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|citation| &citation["source"])
        .collect();
    for source in names("sources") {
        assert!(cited.iter().any(|one| **one == source.as_str()));
    }
    assert!(!names("sources").is_empty());
    let only = site.json("/v1/organizations/ncmec?include=hotlines").await;
    assert_eq!(only["included"]["sources"], Value::Null);
    assert_ne!(
        site.get("/v1/organizations/ncmec").await.header("etag"),
        site.get("/v1/organizations/ncmec?include=hotlines")
            .await
            .header("etag")
    );
}

#[actix_web::test]
async fn hotlines_contacts_and_figures_come_with_what_they_name() {
    let site = Site::full().await;
    let line = site
        .json("/v1/hotlines/us-ncmec-hotline?include=organization&include=sources")
        .await;
    assert_eq!(line["organization"]["slug"], "ncmec");
    assert_eq!(
        line["included"]["organization"]["id"],
        line["organization"]["id"]
    );
    assert_eq!(
        line["included"]["organization"]["name"],
        line["organization"]["name"]
    );
    let contacts = site.all("/v1/regional_contacts").await;
    let owned = contacts
        .iter()
        .find(|one| one["organization"].is_object())
        .unwrap();
    let contact = site
        .json(&format!(
            "/v1/regional_contacts/{}?include=organization",
            slug(owned)
        ))
        .await;
    assert_eq!(
        contact["included"]["organization"]["slug"],
        owned["organization"]["slug"]
    );
    let figure = site.json("/v1/statistics/children-in-prostitution-us-us-2010-0-17?include=indicator&include=sources").await;
    assert_eq!(
        figure["included"]["indicator"]["slug"],
        figure["indicator"]["slug"]
    );
    let sources: Vec<String> = figure["included"]["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(slug)
        .collect();
    for critique in figure["critiques"].as_array().unwrap() {
        assert!(
            sources.contains(&critique["source"].as_str().unwrap().to_owned()),
            "the critics' sources come too"
        );
    }
    for (path, wrong) in [
        ("hotlines/us-ncmec-hotline", "hotlines"),
        ("organizations/ncmec", "indicator"),
        ("statistics/x", "organization"),
    ] {
        let answer = site.get(&format!("/v1/{path}?include={wrong}")).await;
        assert_eq!(answer.status, 400, "{path}");
        assert_eq!(answer.value()["errors"][0]["parameter"], "include");
    }
}

#[actix_web::test]
async fn every_reference_between_records_leads_somewhere() {
    let site = Site::full().await;
    let organizations = site.slugs("/v1/organizations").await;
    let sources = site.slugs("/v1/sources").await;
    let topics = site.slugs("/v1/topics").await;
    let populations = site.slugs("/v1/populations").await;
    for list in [
        "organizations",
        "hotlines",
        "regional_contacts",
        "statistics",
        "countries",
    ] {
        for record in site.all(&format!("/v1/{list}")).await {
            let says = |field: &str| record[field].as_array().cloned().unwrap_or_default();
            let unknown = record["emergency_numbers_known"] == false;
            if list == "countries" {
                let verified = &record["freshness"]["verified"];
                assert_eq!(verified.is_null(), unknown, "{}", record["code"]);
                assert_ne!(verified.as_bool(), Some(true), "{}", record["code"]);
            }
            assert!(
                unknown || !says("sources").is_empty(),
                "{list}/{}: no source",
                record["slug"]
            );
            let cited = says("sources").into_iter().chain(says("critiques"));
            assert!(
                cited
                    .into_iter()
                    .all(|one| sources.contains(&one["source"].as_str().unwrap().to_owned())),
                "{}",
                record["slug"]
            );
            if let Some(owner) = record["organization"]["slug"].as_str() {
                assert!(organizations.contains(&owner.to_owned()));
            }
            for (field, known) in [("topics", &topics), ("populations", &populations)] {
                assert!(
                    says(field)
                        .iter()
                        .all(|one| known.contains(&one.as_str().unwrap().to_owned())),
                    "{}",
                    record["slug"]
                );
            }
        }
    }
}

#[actix_web::test]
async fn the_directory_says_what_it_is() {
    let site = Site::full().await;
    let answer = site.get("/v1").await;
    let about = answer.json();
    assert_eq!(about["name"], "Lodestar");
    assert_eq!(about["licence"], "CC-BY-4.0");
    assert_eq!(
        about["revision"].to_string(),
        answer.header("directory-revision")
    );
    assert!(about["notice"].as_str().unwrap().contains("verified"));
    for list in [
        "organizations",
        "hotlines",
        "regional_contacts",
        "indicators",
        "sources",
    ] {
        assert_eq!(
            about["counts"][list],
            site.total(&format!("/v1/{list}")).await,
            "{list}"
        );
    }
    for link in about["links"].as_array().unwrap() {
        let path = link["href"]
            .as_str()
            .unwrap()
            .strip_prefix("http://127.0.0.1:8080")
            .unwrap();
        let status = site.get(path).await.status;
        assert!(status == 200 || status == 308, "{path}: {status}");
    }
}
