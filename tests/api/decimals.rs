//! Decimals stay exact from a file through the database to every answer and back into a file.

use crate::support::{Database, Files, Site, files_of, lodestar, new_path, rows, said};
use bigdecimal::BigDecimal;
use proptest::{
    strategy::{Strategy, ValueTree},
    string::string_regex,
    test_runner::TestRunner,
};
use serde_json::Value;
use std::{collections::BTreeMap, str::FromStr};

const COUNT: usize = 10_000;

/// Random decimals of up to 29 characters, the same in every run; among them the classics of floating point.
fn decimals() -> Vec<String> {
    let shape = string_regex("-?(0|[1-9][0-9]{0,15})(\\.[0-9]{1,11})?").unwrap();
    let mut runner = TestRunner::deterministic();
    let mut random = || shape.new_tree(&mut runner).unwrap().current();
    let classics = [
        "0.30",
        "0.1",
        "9007199254740993",
        "-0.000000000000000000001",
        "1.10",
        "99999999999999999999999999999",
    ];
    let mut all: Vec<String> = classics.map(ToOwned::to_owned).to_vec();
    while all.len() < COUNT {
        let one = random();
        // A minus before nought is refused.
        if !one.starts_with('-') || one.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
            all.push(one);
        }
    }
    all
}

/// A directory with an observation for each.
fn files(decimals: &[String]) -> Files {
    let mut statistics = "slug,indicator,title,claim,lang,value,low,high,qualifier,unit,population,denominator,sex,age_band,exploitation,geography,period_start,period_end,publisher,published_on,method_note,caveat,observation_status,assessment,baseline,distribution,share,overlaps,superseded_by\r\n".to_owned();
    let mut sources = "statistic,source,locator,published_on,retrieved_on\r\n".to_owned();
    for (place, value) in decimals.iter().enumerate() {
        let slug = format!("figure-{place:05}");
        // Ends carry every other one as well.
        let (figures, qualifier) = match place % 2 {
            0 => (format!("{value},,"), "exactly"),
            _ => (format!(",{value},{value}"), "range"),
        };
        statistics += &format!(
            "{slug},amounts,T,C,en,{figures},{qualifier},usd,{slug},,,,,WLD,,,One,,,,normal,not_assessed,,,,,\r\n"
        );
        sources += &format!("{slug},one,,,\r\n");
    }
    let file = |name: &str, text: String| (name.to_owned(), text.into_bytes());
    Files::from([
        file(
            "sources.csv",
            "slug,title,publisher,url,licence,attribution\r\none,One,,https://one.example/,,\r\n"
                .to_owned(),
        ),
        file(
            "indicators.csv",
            "slug,title,definition,unit,kind\r\namounts,Amounts,Amounts.,usd,change\r\n".to_owned(),
        ),
        file(
            "indicator_translations.csv",
            "indicator,lang,translation,name,description\r\n".to_owned(),
        ),
        file(
            "critiques.csv",
            "statistic,source,verdict,summary\r\n".to_owned(),
        ),
        file("statistics.csv", statistics),
        file("statistic_sources.csv", sources),
    ])
}

/// What each observation has: its value, else its ends, which are alike.
fn told(records: &[Value]) -> BTreeMap<String, String> {
    records
        .iter()
        .map(|one| {
            let figure = one["value"].as_str().or(one["low"].as_str()).unwrap();
            assert_eq!(one["low"], one["high"]);
            (one["slug"].as_str().unwrap().to_owned(), figure.to_owned())
        })
        .collect()
}

#[actix_web::test]
async fn ten_thousand_decimals_stay_exact_through_files_database_and_answers() {
    let decimals = decimals();
    let files = files(&decimals);
    let wanted: BTreeMap<String, String> = decimals
        .iter()
        .enumerate()
        .map(|(place, value)| (format!("figure-{place:05}"), value.clone()))
        .collect();
    let database = Database::empty().await;
    database.import(&files, &[]).await.unwrap();

    let stored = "select slug, value::text as value from ledger.statistics where value is not null";
    let stored = rows(&mut database.writer().await, stored).await;
    assert_eq!(stored.len(), COUNT / 2);
    for row in &stored {
        let number = |text: &str| BigDecimal::from_str(text).unwrap();
        let (slug, value) = (
            row["slug"].as_str().unwrap(),
            row["value"].as_str().unwrap(),
        );
        assert_eq!(number(value), number(&wanted[slug]), "{slug}");
    }

    let folder = new_path();
    let mut export = lodestar(&database.vars());
    export.arg("export").arg(&folder);
    let (done, _, words) = said(export);
    assert!(done, "{words}");
    let exported = files_of(&folder);
    for name in ["statistics.csv", "statistic_sources.csv"] {
        assert!(
            exported[name] == files[name],
            "{name} came out otherwise than it went in"
        );
    }

    let site = Site::over(database).await;
    assert_eq!(told(&site.all("/v1/statistics").await), wanted, "JSON");
    let lines = site.get("/v1/statistics?format=ndjson").await;
    let records: Vec<Value> = lines
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(told(&records), wanted, "NDJSON");
    let csv = site.get("/v1/statistics?format=csv").await;
    let mut reader = csv::Reader::from_reader(csv.body.as_slice());
    let names = reader.headers().unwrap().clone();
    let place = |name: &str| names.iter().position(|one| one == name).unwrap();
    let (slug, value, low) = (place("slug"), place("value"), place("low"));
    let cells: BTreeMap<String, String> = reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            let figure = if row[value].is_empty() {
                &row[low]
            } else {
                &row[value]
            };
            (row[slug].to_owned(), figure.to_owned())
        })
        .collect();
    assert_eq!(cells, wanted, "CSV");
}
