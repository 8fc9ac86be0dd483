//! Figures as partners ask for them: within a place, by what they are broken down by, the latest of
//! each series, as a series, side by side; what cites a source; what columns mean.

use crate::support::{Database, LISTS, Site, manifest, slug};
use actix_web::test::TestRequest;
use serde_json::{Value, json};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    fs,
};

const ALL: &str = "assessment=not_assessed&assessment=supported&assessment=disputed&assessment=superseded&assessment=retracted";

/// Every public figure.
async fn everything(site: &Site) -> Vec<Value> {
    let all = site.all(&format!("/v1/statistics?{ALL}")).await;
    assert!(all.len() > 1000);
    all
}

fn text<'a>(record: &'a Value, pointer: &str) -> Option<&'a str> {
    record.pointer(pointer).and_then(Value::as_str)
}

/// The code of a figure's geography.
fn geography(record: &Value) -> &str {
    let own = &record["geography"];
    own.as_str().or(own["code"].as_str()).unwrap()
}

/// A selection is exactly these figures, as a page, as its total, as CSV.
async fn selects(site: &Site, query: &str, expected: &BTreeSet<String>) {
    let found: BTreeSet<String> = site
        .slugs(&format!("/v1/statistics?{query}"))
        .await
        .into_iter()
        .collect();
    assert_eq!(&found, expected, "{query}");
    let total = site
        .total(&format!("/v1/statistics?{query}&per_page=1"))
        .await;
    assert_eq!(total, expected.len() as i64, "{query}");
    let mut paged = BTreeSet::new();
    for page in 1..=(total + 199) / 200 {
        let uri = format!("/v1/statistics?{query}&per_page=200&page={page}");
        let page = site.json(&uri).await;
        paged.extend(page["contents"].as_array().unwrap().iter().map(slug));
    }
    assert_eq!(&paged, expected, "{query}, page by page");
    let csv = site
        .get(&format!("/v1/statistics?{query}&format=csv"))
        .await;
    let rows = csv::Reader::from_reader(csv.body.as_slice()).into_records();
    assert_eq!(rows.count(), expected.len(), "{query}, as CSV");
}

/// The shipped figures that hold.
fn those(all: &[Value], holds: impl Fn(&Value) -> bool) -> BTreeSet<String> {
    all.iter().filter(|one| holds(one)).map(slug).collect()
}

#[actix_web::test]
async fn within_a_place_is_what_lies_in_it() {
    let site = Site::full().await;
    let all = everything(&site).await;
    let table = fs::read_to_string(manifest("src/values/regions.csv")).unwrap();
    let regions: BTreeMap<&str, BTreeSet<&str>> = table
        .lines()
        .skip(1)
        .map(|line| line.split_once(',').unwrap())
        .map(|(region, countries)| (region, countries.split(';').collect()))
        .collect();
    let lies = |code: &str, place: &str| {
        let country = code.split('-').next().unwrap();
        let members = regions.get(place);
        code == place
            || place == "WLD"
            || country == place
            || members.is_some_and(|members| {
                let held = regions.get(code);
                members.contains(country) || held.is_some_and(|held| held.is_subset(members))
            })
    };
    let mut found = 0;
    for place in [
        "WLD", "150", "EU", "002", "019", "419", "003", "142", "039", "US", "GB", "MX", "US-CA",
        "GB-ENG", "AQ", "009",
    ] {
        let expected = those(&all, |one| lies(geography(one), place));
        selects(&site, &format!("within={place}&{ALL}"), &expected).await;
        found += usize::from(!expected.is_empty());
    }
    assert!(found > 10, "{found}");
    let both = those(&all, |one| {
        lies(geography(one), "MX") || lies(geography(one), "EU")
    });
    selects(&site, &format!("within=MX&within=EU&{ALL}"), &both).await;
    let regional = those(&all, |one| lies(geography(one), "150"));
    let members = site
        .slugs(&format!("/v1/statistics?within=150&{ALL}"))
        .await;
    let has = |code: &str| {
        let mut own = all.iter().filter(|one| regional.contains(&slug(one)));
        own.any(|one| geography(one) == code) && !members.is_empty()
    };
    assert!(has("GB") && has("DE") && !has("EU") && !has("US"));
    for (place, status) in [
        ("ZZ", 422),
        ("YU", 422),
        ("999", 422),
        ("XIA", 422),
        ("europe", 400),
    ] {
        for path in ["statistics", "indicators/cybertipline_reports/series"] {
            let answer = site.get(&format!("/v1/{path}?within={place}")).await;
            assert_eq!(answer.status, status, "{place}: {}", answer.text());
            assert_eq!(answer.value()["errors"][0]["parameter"], "within");
        }
    }
}

#[actix_web::test]
async fn texts_are_found_as_they_are_written() {
    let text = "Équipe mobile ÇA";
    let one = json!({"slug": "one", "indicator": "calls", "title": "One", "claim": "One.", "lang": "fr", "value": "1",
        "qualifier": "exactly", "unit": "calls", "geography": "FR", "publisher": text, "population": text,
        "denominator": text, "observation_status": "normal", "assessment": "not_assessed",
        "sources": [{"source": "source-one", "published_on": "2026"}]});
    let records = vec![
        (
            "sources",
            json!({"slug": "source-one", "title": "One", "url": "https://one.example/"}),
        ),
        (
            "indicators",
            json!({"slug": "calls", "title": "Calls", "definition": "Calls.", "unit": "calls", "kind": "count"}),
        ),
        ("statistics", one),
    ];
    let database = Database::empty().await;
    let records = records.into_iter();
    let records = records.map(|(resource, one)| (resource, one, "published", "public"));
    database.write("first", records.collect()).await;
    let site = Site::over(database).await;
    for name in ["publisher", "population", "denominator"] {
        for value in ["%C3%89quipe+mobile+%C3%87A", "%C3%89QUIPE+Mobile+%C3%87a"] {
            for other in ["", "&NAME=none", "&NAME=another"] {
                let query = format!("{name}={value}{}", other.replace("NAME", name));
                let found = site.total(&format!("/v1/statistics?{query}")).await;
                assert_eq!(found, 1, "{query}");
            }
        }
        let query = format!("/v1/statistics?{name}=%C3%89quipe");
        assert_eq!(site.total(&query).await, 0, "{query}");
    }
}

#[actix_web::test]
async fn what_few_figures_are_is_found_by_its_index() {
    let site = Site::full().await;
    let cases = [
        (
            "observation_status=estimated&observation_status=break",
            "observation_status",
        ),
        ("publisher=internet+watch+foundation", "publisher"),
        ("population=albanian+nationals", "population"),
        ("denominator=detected+victims", "denominator"),
    ];
    let cases = cases.map(|(query, index)| (query, format!("published.statistics_{index}")));
    let mut before = Vec::new();
    for (query, index) in &cases {
        before.push(site.database.looks(index).await);
        assert!(site.total(&format!("/v1/statistics?{query}")).await > 0);
    }
    // All are asked for before any is waited for: what a connection counted is known ten seconds later.
    for ((query, index), before) in cases.iter().zip(before) {
        let looks = site.database.looks_more(index, before).await;
        assert!(looks, "{query} is not found by {index}");
    }
}

#[actix_web::test]
async fn figures_are_found_by_what_they_are_broken_down_by() {
    let site = Site::full().await;
    let all = everything(&site).await;
    let cases: [(&str, &str, Vec<&str>); 14] = [
        ("sex=female", "/dimensions/sex", vec!["female"]),
        (
            "sex=female&sex=male",
            "/dimensions/sex",
            vec!["female", "male"],
        ),
        ("sex=none", "/dimensions/sex", vec![""]),
        ("sex=none&sex=both", "/dimensions/sex", vec!["", "both"]),
        ("age_band=0-17", "/dimensions/age_band", vec!["0-17"]),
        (
            "age_band=18%2B&age_band=none",
            "/dimensions/age_band",
            vec!["18+", ""],
        ),
        (
            "exploitation=forced_labour",
            "/dimensions/exploitation",
            vec!["forced_labour"],
        ),
        ("exploitation=none", "/dimensions/exploitation", vec![""]),
        (
            "population=Albanian+NATIONALS",
            "/population",
            vec!["Albanian nationals"],
        ),
        ("population=none", "/population", vec![""]),
        (
            "denominator=DETECTED+victims&denominator=pages",
            "/denominator",
            vec!["detected victims", "pages"],
        ),
        (
            "observation_status=estimated",
            "/observation_status",
            vec!["estimated"],
        ),
        ("unit=percent&unit=years", "/unit", vec!["percent", "years"]),
        ("sex=any", "/slug", vec![]),
    ];
    for (query, pointer, values) in cases {
        let expected = those(&all, |one| {
            values.is_empty() || values.contains(&text(one, pointer).unwrap_or_default())
        });
        assert!(!expected.is_empty(), "{query} tests nothing");
        selects(&site, &format!("{query}&{ALL}"), &expected).await;
    }
    for bad in [
        "sex=women",
        "age_band=young",
        "age_band=0-",
        "age_band=1000%2B",
        "exploitation=a+b",
        "unit=euros",
        "observation_status=guessed",
        "latest=0",
        "latest=101",
        "latest=1.5",
        "latest=",
        "from=2020&to=2019",
        "age_band=17-0",
        "age_band=999-1000",
        "include=everything",
        "include=revisions",
    ] {
        let answer = site.get(&format!("/v1/statistics?{bad}")).await;
        let wanted = match bad {
            "from=2020&to=2019" | "age_band=17-0" => 422,
            _ => 400,
        };
        assert_eq!(answer.status, wanted, "{bad}: {}", answer.text());
    }
}

/// What figures of one series have in common.
fn series(record: &Value) -> Vec<Option<&str>> {
    let pointers = [
        "/indicator/slug",
        "/dimensions/sex",
        "/dimensions/age_band",
        "/dimensions/exploitation",
        "/population",
        "/denominator",
        "/publisher",
        "/unit",
        "/share",
    ];
    let mut series: Vec<Option<&str>> = pointers.map(|at| text(record, at)).into();
    series.push(Some(geography(record)));
    series
}

/// The latest so many of each series.
fn latest(records: &[&Value], most: usize) -> BTreeSet<String> {
    let day = |one: &Value, first: &str, other: &str| {
        let period = &one["period"];
        period[first]
            .as_str()
            .or(period[other].as_str())
            .map(str::to_owned)
    };
    let mut by_series: BTreeMap<_, Vec<&Value>> = BTreeMap::new();
    for one in records.iter().filter(|one| !one["period"].is_null()) {
        by_series.entry(series(one)).or_default().push(one);
    }
    let mut found = BTreeSet::new();
    for mut all in by_series.into_values() {
        let period = |one: &Value| Reverse((day(one, "end", "start"), day(one, "start", "end")));
        all.sort_by_key(|one| period(one));
        let periods: BTreeSet<_> = all.iter().map(|one| period(one)).collect();
        let latest: Vec<_> = periods.into_iter().take(most).collect();
        let among = all.into_iter().filter(|one| latest.contains(&period(one)));
        found.extend(among.map(slug));
    }
    found
}

#[actix_web::test]
async fn the_latest_are_those_of_each_series_of_the_selection() {
    let site = Site::full().await;
    let all = everything(&site).await;
    let revision = site.json("/v1").await["revision"].as_i64().unwrap();
    let (mut asked, mut longest) = (0, 0);
    for query in [
        String::new(),
        ALL.to_owned(),
        "indicator=cybertipline_reports".to_owned(),
        "indicator=cybertipline_reports&to=2021".to_owned(),
        format!("within=419&from=2015&{ALL}"),
        "sex=none&age_band=none".to_owned(),
        format!("source=iwf-annual-report-2007&{ALL}"),
        "publisher=internet+watch+foundation".to_owned(),
        "geography=WLD&search=reports".to_owned(),
        "unit=percent&assessment=disputed".to_owned(),
    ] {
        let narrowed: BTreeSet<String> = site
            .slugs(&format!("/v1/statistics?{query}"))
            .await
            .into_iter()
            .collect();
        let narrowed: Vec<&Value> = all
            .iter()
            .filter(|one| narrowed.contains(&slug(one)))
            .collect();
        for most in [1, 3, 100] {
            let expected = latest(&narrowed, most);
            selects(&site, &format!("{query}&latest={most}"), &expected).await;
            if most == 1 && !query.contains("search") {
                let past = format!("{query}&latest={most}&as_of=revision:{revision}");
                selects(&site, &past, &expected).await;
            }
            asked += 1;
            longest = longest.max(expected.len());
        }
    }
    assert!(asked == 30 && longest > 1000, "{asked} {longest}");
    // The order of a page is the one asked for.
    let uri = "/v1/statistics?indicator=cybertipline_reports&latest=1&sort=-value&per_page=3";
    let page = site.json(uri).await;
    let values: Vec<f64> = page["contents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| text(one, "/value").unwrap().parse().unwrap())
        .collect();
    assert!(
        values.len() == 3 && values.is_sorted_by(|a, b| a >= b),
        "{values:?}"
    );
}

#[actix_web::test]
async fn pages_are_ordered_by_geography_and_by_publication() {
    let site = Site::full().await;
    for (sort, pointer) in [
        ("geography", "/geography"),
        ("published_on", "/published_on"),
    ] {
        for down in [false, true] {
            let sign = if down { "-" } else { "" };
            let uri = format!(
                "/v1/statistics?sort={sign}{sort}&indicator=cybertipline_reports&per_page=200"
            );
            let page = site.json(&uri).await;
            let own = |one: &Value| match pointer {
                "/geography" => geography(one).to_owned(),
                at => text(one, at).unwrap_or_default().to_owned(),
            };
            let contents = page["contents"].as_array().unwrap();
            let values: Vec<String> = contents.iter().map(own).collect();
            let distinct: BTreeSet<&String> = values.iter().collect();
            let sorted = match down {
                true => values.is_sorted_by(|a, b| a >= b),
                false => values.is_sorted(),
            };
            assert!(sorted && values.len() == 200, "{sign}{sort}: {distinct:?}");
        }
    }
}

#[actix_web::test]
async fn a_page_brings_what_it_names_once() {
    let site = Site::full().await;
    let uri = "/v1/statistics?indicator=children_in_prostitution_us&indicator=cybertipline_reports&assessment=disputed&assessment=not_assessed&sort=-value";
    assert_eq!(site.json(uri).await["included"], Value::Null);
    let with = format!("{uri}&include=indicator&include=sources&include=critiques");
    let page = site.json(&with).await;
    let contents = page["contents"].as_array().unwrap();
    let slugs = |list: &str| -> BTreeSet<String> {
        let all = page["included"][list].as_array().unwrap();
        let distinct: BTreeSet<String> = all.iter().map(slug).collect();
        assert_eq!(distinct.len(), all.len(), "{list}");
        distinct
    };
    let each = |pointer: &'static str| {
        let all = contents
            .iter()
            .flat_map(move |one| one[pointer].as_array().unwrap().clone());
        all.map(|one| one["source"].as_str().unwrap().to_owned())
    };
    let indicators = contents
        .iter()
        .map(|one| text(one, "/indicator/slug").unwrap().to_owned());
    assert_eq!(slugs("indicators"), indicators.collect::<BTreeSet<_>>());
    assert_eq!(
        slugs("sources"),
        each("sources").chain(each("critiques")).collect()
    );
    assert_eq!(slugs("critiques"), each("critiques").collect());
    let only = site.json(&format!("{uri}&include=indicator")).await;
    assert_eq!(only["included"]["sources"], Value::Null);
    assert_eq!(only["total_items"], page["total_items"]);
    for format in ["csv", "ndjson"] {
        let answer = site
            .get(&format!("{uri}&include=sources&format={format}"))
            .await;
        assert_eq!(answer.status, 422, "{}", answer.text());
    }
    let streamed = "/v1/statistics?include=sources";
    let answer = site.get_with(streamed, "Accept", "text/csv").await;
    assert_eq!(answer.status, 422, "{}", answer.text());
}

#[actix_web::test]
async fn a_series_has_a_row_for_each_figure_by_geography_and_period() {
    let site = Site::full().await;
    let all = everything(&site).await;
    let path = "/v1/indicators/cybertipline_reports/series";
    let expected = those(&all, |one| {
        text(one, "/indicator/slug") == Some("cybertipline_reports") && !one["period"].is_null()
    });
    let rows = site.all(path).await;
    assert!(rows.len() > 1000, "several batches");
    let found: BTreeSet<String> = rows
        .iter()
        .map(|row| text(row, "/statistic").unwrap().to_owned())
        .collect();
    assert_eq!((found, rows.len()), (expected.clone(), expected.len()));
    let order: Vec<_> = rows
        .iter()
        .map(|row| {
            [
                geography(row).to_owned(),
                row["period"]["start"].to_string(),
                row["period"]["end"].to_string(),
            ]
        })
        .collect();
    assert!(order.is_sorted());
    // Pages join to the same, and each row is its observation.
    let mut paged = Vec::new();
    for page in 1..=7 {
        let page = site.json(&format!("{path}?per_page=200&page={page}")).await;
        assert_eq!(page["total_items"], rows.len());
        paged.extend(page["contents"].as_array().unwrap().clone());
    }
    assert_eq!(paged, rows);
    let by_slug: BTreeMap<String, &Value> = all.iter().map(|one| (slug(one), one)).collect();
    for row in &rows {
        let own = by_slug[text(row, "/statistic").unwrap()];
        for field in [
            "value",
            "low",
            "high",
            "qualifier",
            "unit",
            "publisher",
            "period",
            "dimensions",
            "assessment",
            "observation_status",
            "population",
        ] {
            assert_eq!(row[field], own[field], "{field}");
        }
        assert_eq!(row["source"], own["sources"][0]["source"]);
        assert_eq!(row["disputed"], false);
    }
    let id = site.json("/v1/indicators/cybertipline_reports").await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let by_id = site
        .json(&format!("/v1/indicators/{id}/series?geography=MX"))
        .await;
    let by_code = site.json(&format!("{path}?within=MX")).await;
    assert_eq!(
        (&by_id["contents"], by_id["total_items"].as_i64()),
        (&by_code["contents"], Some(5))
    );
    let csv = site.get(&format!("{path}?geography=MX&format=csv")).await;
    assert_eq!(csv.text().lines().count(), 6);
    assert!(
        csv.text().contains("MX,2019-01-01,2019-12-31"),
        "{}",
        csv.text()
    );
    let narrowed = site.all(&format!("{path}?geography=WLD&from=2020&to=2021&latest=1&publisher=national+center+for+missing+%26+exploited+children")).await;
    assert_eq!(narrowed.len(), 1);
    assert_eq!(narrowed[0]["value"], "29397681");
    for (uri, status) in [
        ("/v1/indicators/nothing/series", 404),
        ("/v1/indicators/nothing/comparison", 404),
        ("/v1/indicators/cybertipline_reports/series?search=x", 400),
        ("/v1/indicators/cybertipline_reports/series?sort=value", 400),
        (
            "/v1/indicators/cybertipline_reports/series?format=csv&page=2",
            422,
        ),
        (
            "/v1/indicators/cybertipline_reports/series?format=geojson",
            400,
        ),
        (
            "/v1/indicators/cybertipline_reports/series?from=2020&to=2019",
            422,
        ),
        (
            "/v1/indicators/cybertipline_reports/comparison?format=csv",
            400,
        ),
    ] {
        let answer = site.get(uri).await;
        assert_eq!(answer.status, status, "{uri}: {}", answer.text());
    }
}

#[actix_web::test]
async fn a_series_marks_what_is_disputed_and_shows_breakdowns_where_there_is_nothing_else() {
    let site = Site::full().await;
    let disputed = site
        .all("/v1/indicators/children_in_prostitution_us/series?assessment=disputed")
        .await;
    assert!(!disputed.is_empty());
    assert!(
        disputed
            .iter()
            .all(|row| row["disputed"] == true && row["assessment"] == "disputed")
    );
    let unasked = site
        .json("/v1/indicators/children_in_prostitution_us/series")
        .await;
    assert_eq!(unasked["total_items"], 0);
    // Nothing but breakdowns: they are shown.
    let ages = site
        .all("/v1/indicators/detected_victims_share/series")
        .await;
    assert!(ages.len() > 5 && ages.iter().any(|row| !row["dimensions"]["sex"].is_null()));
    let women = site
        .all("/v1/indicators/detected_victims_share/series?sex=female&age_band=any")
        .await;
    assert!(!women.is_empty() && women.len() < ages.len());
    assert!(women.iter().all(|row| row["dimensions"]["sex"] == "female"));
    let none = site
        .json("/v1/indicators/detected_victims_share/series?sex=none")
        .await;
    assert_eq!(none["total_items"], 0);
}

fn counted(slug: &str, more: Value) -> (&'static str, Value, &'static str, &'static str) {
    let mut figure = json!({"slug": slug, "indicator": "calls", "title": slug, "claim": slug, "lang": "en", "value": "10.5",
        "qualifier": "exactly", "unit": "calls", "geography": "GB", "period_start": "2020-01-01", "period_end": "2020-12-31",
        "publisher": "One", "observation_status": "normal", "assessment": "not_assessed",
        "sources": [{"source": "one", "published_on": "2021"}]});
    figure
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    ("statistics", figure, "published", "public")
}

/// Figures of one indicator that two publishers count, in two units, with a total and breakdowns.
async fn compared() -> Site {
    let database = Database::empty().await;
    let source = |slug: &str| {
        (
            "sources",
            json!({"slug": slug, "title": slug, "url": "https://one.example/"}),
            "published",
            "public",
        )
    };
    let records = vec![
        source("one"),
        source("two"),
        (
            "indicators",
            json!({"slug": "calls", "title": "Calls", "definition": "Calls.", "unit": "calls", "kind": "count"}),
            "published",
            "public",
        ),
        counted("a-one", json!({})),
        counted(
            "a-two",
            json!({"publisher": "Two", "value": "9", "low": "8.25", "high": "20"}),
        ),
        counted("a-women", json!({"sex": "female", "value": "4"})),
        counted(
            "a-women-two",
            json!({"sex": "female", "value": "3", "publisher": "Two"}),
        ),
        counted(
            "a-disputed",
            json!({"publisher": "Three", "value": "1000", "assessment": "disputed",
            "critiques": [{"source": "two", "verdict": "disputes", "summary": "No."}]}),
        ),
        counted(
            "b-one",
            json!({"period_start": "2021-01-01", "period_end": "2021-12-31"}),
        ),
        counted(
            "b-one-elsewhere",
            json!({"period_start": "2021-01-01", "period_end": "2021-12-31", "value": "11",
            "sources": [{"source": "two", "published_on": "2022"}]}),
        ),
        counted("c-one", json!({"geography": "FR"})),
        counted(
            "c-women",
            json!({"geography": "FR", "sex": "female", "publisher": "Two"}),
        ),
        counted(
            "d-one",
            json!({"period_start": null, "period_end": null, "geography": "DE"}),
        ),
        counted(
            "d-two",
            json!({"period_start": null, "period_end": null, "geography": "DE", "publisher": "Two"}),
        ),
    ];
    database.write("first", records).await;
    Site::over(database).await
}

#[actix_web::test]
async fn a_comparison_sets_different_sources_side_by_side() {
    let site = compared().await;
    let rows = async |query: &str| {
        let page = site
            .json(&format!("/v1/indicators/calls/comparison?{query}"))
            .await;
        let contents = page["contents"].as_array().unwrap().clone();
        assert_eq!(page["total_items"], contents.len());
        let own = contents.iter().map(|row| {
            let figures = row["figures"].as_array().unwrap().iter();
            let slugs: Vec<&str> = figures
                .map(|one| text(one, "/statistic").unwrap())
                .collect();
            json!([
                geography(row),
                row["period"]["start"],
                row["dimensions"]["sex"],
                row["lowest"],
                row["highest"],
                slugs
            ])
        });
        own.collect::<Value>()
    };
    assert_eq!(
        rows("").await,
        json!([
            ["GB", "2020-01-01", null, "8.25", "20", ["a-one", "a-two"]],
            [
                "GB",
                "2021-01-01",
                null,
                "10.5",
                "11",
                ["b-one", "b-one-elsewhere"]
            ],
        ])
    );
    assert_eq!(
        rows("sex=any").await,
        json!([
            ["GB", "2020-01-01", null, "8.25", "20", ["a-one", "a-two"]],
            [
                "GB",
                "2020-01-01",
                "female",
                "3",
                "4",
                ["a-women", "a-women-two"]
            ],
            [
                "GB",
                "2021-01-01",
                null,
                "10.5",
                "11",
                ["b-one", "b-one-elsewhere"]
            ],
        ])
    );
    assert_eq!(
        rows("assessment=not_assessed&assessment=disputed&to=2020").await,
        json!([[
            "GB",
            "2020-01-01",
            null,
            "8.25",
            "1000",
            ["a-one", "a-disputed", "a-two"]
        ],])
    );
    assert_eq!(
        rows("publisher=one").await,
        json!([[
            "GB",
            "2021-01-01",
            null,
            "10.5",
            "11",
            ["b-one", "b-one-elsewhere"]
        ]])
    );
    assert_eq!(rows("geography=FR").await, json!([]));
    let second = site
        .json("/v1/indicators/calls/comparison?per_page=1&page=2")
        .await;
    assert_eq!(
        (
            &second["total_items"],
            &second["contents"][0]["period"]["start"]
        ),
        (&json!(2), &json!("2021-01-01"))
    );
    // Both publishers are rows of the series, unless one is named; what has no period is in none.
    let rows = site.slugs_of_series("/v1/indicators/calls/series").await;
    assert_eq!(
        rows,
        ["c-one", "a-one", "a-two", "b-one", "b-one-elsewhere"]
    );
    let rows = site
        .slugs_of_series("/v1/indicators/calls/series?publisher=Two")
        .await;
    assert_eq!(rows, ["a-two"]);
}

impl Site {
    async fn slugs_of_series(&self, uri: &str) -> Vec<String> {
        let rows = self.all(uri).await;
        rows.iter()
            .map(|row| text(row, "/statistic").unwrap().to_owned())
            .collect()
    }
}

#[actix_web::test]
async fn an_indicator_with_two_units_is_drawn_in_one_of_them() {
    let database = Database::empty().await;
    let records = vec![
        (
            "sources",
            json!({"slug": "one", "title": "one", "url": "https://one.example/"}),
            "published",
            "public",
        ),
        (
            "indicators",
            json!({"slug": "calls", "title": "Calls", "definition": "Calls.", "unit": "calls", "kind": "count"}),
            "published",
            "public",
        ),
        counted("in-calls", json!({})),
        counted("in-contacts", json!({"geography": "FR"})),
    ];
    database.write("first", records).await;
    database.in_another_unit("in-contacts", "contacts").await;
    let site = Site::over(database).await;
    for format in ["json", "csv", "ndjson"] {
        let uri = format!("/v1/indicators/calls/series?format={format}");
        let answer = site.get(&uri).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        let error = &answer.value()["errors"][0];
        assert_eq!(
            (&error["parameter"], &error["code"]),
            (&json!("unit"), &json!("units"))
        );
        assert!(
            error["remedy"]
                .as_str()
                .unwrap()
                .contains("calls, contacts"),
            "{error}"
        );
    }
    assert_eq!(
        site.slugs_of_series("/v1/indicators/calls/series?unit=contacts")
            .await,
        ["in-contacts"]
    );
    assert_eq!(
        site.slugs_of_series("/v1/indicators/calls/series?geography=GB")
            .await,
        ["in-calls"]
    );
}

#[actix_web::test]
async fn a_source_says_what_cites_it() {
    let site = Site::full().await;
    let mut expected: BTreeMap<String, BTreeSet<(String, String, String)>> = BTreeMap::new();
    for resource in [
        "organizations",
        "hotlines",
        "regional_contacts",
        "statistics",
        "countries",
    ] {
        let uri = match resource {
            "statistics" => format!("/v1/statistics?{ALL}"),
            own => format!("/v1/{own}"),
        };
        for record in site.all(&uri).await {
            let mut cites = |list: &str, way: &str| {
                for one in record[list].as_array().into_iter().flatten() {
                    let source = one["source"].as_str().unwrap().to_owned();
                    let own = (resource.to_owned(), slug(&record), way.to_owned());
                    expected.entry(source).or_default().insert(own);
                }
            };
            cites("sources", "source");
            cites("critiques", "critique");
        }
    }
    // Short codes of countries stand in the changes alone, with their sources in the shipped rows.
    let codes = fs::read(manifest("data/country_short_codes.csv")).unwrap();
    for row in csv::Reader::from_reader(codes.as_slice()).deserialize() {
        let row: BTreeMap<String, String> = row.unwrap();
        let own = (
            "countries".to_owned(),
            row["country"].clone(),
            "source".to_owned(),
        );
        expected
            .entry(row["source"].clone())
            .or_default()
            .insert(own);
    }
    let mut sources: Vec<&String> = expected.keys().collect();
    sources.sort_by_key(|source| Reverse(expected[*source].len()));
    let critics = expected
        .iter()
        .filter(|(_, all)| all.iter().any(|(_, _, way)| way == "critique"));
    let critics: Vec<&String> = critics.map(|(source, _)| source).collect();
    assert!(critics.len() > 3, "{critics:?}");
    let some = sources
        .iter()
        .take(12)
        .chain(sources.iter().rev().take(10))
        .copied();
    for source in some.chain(critics) {
        let (mut found, mut page, mut order) = (BTreeSet::new(), 1, Vec::new());
        loop {
            let answer = site
                .json(&format!(
                    "/v1/sources/{source}/citations?per_page=150&page={page}"
                ))
                .await;
            assert_eq!(answer["total_items"], expected[source].len(), "{source}");
            for one in answer["contents"].as_array().unwrap() {
                let own =
                    ["resource", "slug", "as"].map(|field| one[field].as_str().unwrap().to_owned());
                let url = format!("http://127.0.0.1:8080/v1/{}/{}", own[0], own[1]);
                assert_eq!(one["url"], url);
                assert!(!one["name"].as_str().unwrap().is_empty());
                order.push(own.clone());
                let [resource, slug, way] = own;
                found.insert((resource, slug, way));
            }
            page += 1;
            if answer["last_page"] == true {
                break;
            }
        }
        assert_eq!(
            (&found, order.len()),
            (&expected[source], found.len()),
            "{source}"
        );
    }
    assert_eq!(site.get("/v1/sources/nothing/citations").await.status, 404);
    let id = site.json("/v1/sources/ncmec-testimony-2013-10-23").await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        site.json(&format!("/v1/sources/{id}/citations")).await["contents"],
        site.json("/v1/sources/ncmec-testimony-2013-10-23/citations")
            .await["contents"]
    );
}

#[actix_web::test]
async fn every_column_of_every_csv_is_described() {
    let site = Site::full().await;
    let answer = site.get("/v1/csv-metadata.json").await;
    assert_eq!(answer.header("content-type"), "application/csvm+json");
    let metadata = answer.json();
    assert_eq!(metadata["@context"][0], "http://www.w3.org/ns/csvw");
    let tables = metadata["tables"].as_array().unwrap();
    let mut described = 0;
    for table in tables {
        let url = table["url"].as_str().unwrap();
        let path = url.strip_prefix("http://127.0.0.1:8080").unwrap();
        let csv = site.get(path).await;
        assert_eq!(csv.status, 200, "{path}");
        let link = "<http://127.0.0.1:8080/v1/csv-metadata.json>; rel=\"describedby\"; type=\"application/csvm+json\"";
        assert!(
            csv.header("link").contains(link),
            "{path}: {}",
            csv.header("link")
        );
        let mut reader = csv::Reader::from_reader(csv.body.as_slice());
        let header: Vec<String> = reader
            .headers()
            .unwrap()
            .iter()
            .map(str::to_owned)
            .collect();
        let columns = table["tableSchema"]["columns"].as_array().unwrap();
        let names: Vec<&str> = columns
            .iter()
            .map(|one| one["name"].as_str().unwrap())
            .collect();
        assert_eq!(names, header, "{path}");
        for column in columns {
            let said = column["dc:description"].as_str().unwrap();
            assert!(said.len() > 5, "{path}: {column}");
            described += 1;
        }
        // Cells are of the datatype that the column has.
        for row in reader.records().take(300) {
            for (cell, column) in row.unwrap().iter().zip(columns) {
                let cells: Vec<&str> = match column["separator"].as_str() {
                    Some(separator) => cell.split(separator).collect(),
                    None => vec![cell],
                };
                for cell in cells.into_iter().filter(|cell| !cell.is_empty()) {
                    let fits = match column["datatype"].as_str().unwrap() {
                        "integer" => cell.parse::<i64>().is_ok(),
                        "decimal" | "number" => cell.parse::<f64>().is_ok() && !cell.contains('e'),
                        "boolean" => ["true", "false"].contains(&cell),
                        "date" => cell.parse::<chrono::NaiveDate>().is_ok(),
                        "dateTime" => chrono::DateTime::parse_from_rfc3339(cell).is_ok(),
                        "anyURI" => cell.starts_with("http"),
                        "string" => true,
                        other => panic!("{other}"),
                    };
                    assert!(fits, "{path}: {column}: {cell}");
                }
            }
        }
    }
    let paths: Vec<&str> = tables
        .iter()
        .filter_map(|table| table["url"].as_str())
        .collect();
    for list in LISTS {
        assert!(
            paths
                .iter()
                .any(|path| path.ends_with(&format!("/v1/{list}?format=csv"))),
            "{list}"
        );
    }
    assert!(described > 100, "{described}");
    let datatype = |list: &str, name: &str| {
        let table = tables.iter().find(|table| {
            table["url"]
                .as_str()
                .unwrap()
                .ends_with(&format!("/{list}?format=csv"))
        });
        let columns = table.unwrap()["tableSchema"]["columns"].as_array().unwrap();
        columns.iter().find(|one| one["name"] == name).unwrap()["datatype"].clone()
    };
    assert_eq!(datatype("statistics", "value"), "decimal");
    assert_eq!(datatype("statistics", "period_start"), "date");
    assert_eq!(datatype("sources", "url"), "anyURI");
    let ndjson = site.get("/v1/statistics?format=ndjson&geography=MX").await;
    assert!(!ndjson.header("link").contains("describedby"));
}

#[actix_web::test]
async fn a_topic_that_there_is_not_is_told_and_one_is_found_by_its_id() {
    let site = Site::full().await;
    for list in ["organizations", "hotlines", "search"] {
        let ask = async |topic: &str| {
            let also = if list == "search" {
                "&search=police"
            } else {
                ""
            };
            site.get(&format!("/v1/{list}?topic={topic}{also}")).await
        };
        let refused = ask("labour_trafficking").await;
        let error = &refused.value()["errors"][0];
        assert_eq!(
            (refused.status, &error["parameter"], &error["remedy"]),
            (
                422,
                &json!("topic"),
                &json!("did you mean labor_trafficking?")
            ),
            "{list}"
        );
        let topic = site.json("/v1/topics/labor_trafficking").await;
        let total = async |topic: &str| ask(topic).await.value()["total_items"].clone();
        let by_slug = total("labor_trafficking").await;
        assert!(by_slug.as_i64() > Some(0), "{list}: {by_slug}");
        assert_eq!(
            total(topic["id"].as_str().unwrap()).await,
            by_slug,
            "{list}"
        );
    }
    // A selection that is streamed is no other.
    let streamed = site
        .get("/v1/hotlines?population=wemen&format=ndjson")
        .await;
    assert_eq!(streamed.status, 422, "{}", streamed.text());
    let asked = json!({"search": "police", "topic": ["labour_trafficking"]});
    let request = TestRequest::post().uri("/v1/search").set_json(asked);
    let refused = site.ask(request).await;
    assert_eq!(
        (refused.status, &refused.value()["errors"][0]["pointer"]),
        (422, &json!("/topic"))
    );
}
