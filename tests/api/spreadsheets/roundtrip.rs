//! Export then import is identity, in every form.

use super::{NDJSON, XLSX, ZIP, changed, counts, unzipped, workbook, zip_of};
use crate::{
    curation::{Desk, hotline, number, organization, source, topic},
    support::{Database, Files, folder_of, lodestar, said},
};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};

/// Text that spreadsheet programs, CSV and people trip over; valid in a record.
fn text() -> impl Strategy<Value = String> {
    let nasty = prop::sample::select(vec![
        "=1+1",
        "+441632960001",
        "-5",
        "@here",
        "'=1",
        "''",
        "'",
        "'90s",
        "24/7",
        "2026-11-23",
        "02/03/2025",
        "1.88837E+10",
        "#REF!",
        "#N/A",
        "TRUE",
        "false",
        "01-Feb",
        "MAR1",
        "0044",
        "12.50",
        "1234567890123456789",
        "a,b;c",
        "\"quoted\"",
        "\"",
        "مرحبا بكم",
        "שלום",
        "עזרה 24/7",
        "ไทย",
        "日本語",
        "e\u{301}",
        "𝒜",
        "a\u{200d}b",
        "=cmd|' /C calc'!A0",
        "\\",
        "|",
        "$5",
        "(555)",
        "9:00 AM",
        "#####",
        "sep=;",
        "null",
        "NULL",
        "-",
        "+",
        "=",
        "@",
    ]);
    let nasty = nasty.prop_map(str::to_owned);
    let free = "[ -~]{1,40}|\\PC{1,20}";
    prop_oneof![2 => nasty.clone(), 2 => free, 1 => (nasty, "[ -~]{0,10}").prop_map(|(one, other)| one + &other)]
        .prop_map(|text| text.trim().to_owned())
        .prop_filter("records hold no such text", |text| {
            let harmful = |c: char| c.is_control() || "\u{2028}\u{2029}\u{ad}\u{61c}\u{feff}\u{fffd}".contains(c)
                || ('\u{200b}'..='\u{200f}').contains(&c) && c != '\u{200c}' && c != '\u{200d}'
                || ('\u{202a}'..='\u{202e}').contains(&c) || ('\u{2060}'..='\u{206f}').contains(&c)
                || u32::from(c) & 0xfffe == 0xfffe || ('\u{fdd0}'..='\u{fdef}').contains(&c) || ('\u{e0000}'..='\u{e007f}').contains(&c);
            // UTF-8 that was read as Windows-1252 is taken for lost letters, whoever wrote it.
            let (bytes, _, failed) = encoding_rs::WINDOWS_1252.encode(text);
            let garbled = !text.is_ascii() && !failed && std::str::from_utf8(&bytes).is_ok();
            !text.is_empty() && text.chars().count() <= 200 && !text.contains(harmful) && !garbled
        })
}

fn documents(
    runner: &mut TestRunner,
    round: usize,
) -> Vec<(&'static str, Value, &'static str, &'static str)> {
    let mut next = || text().new_tree(runner).unwrap().current();
    let mut all = vec![
        ("sources", source("source-one"), "published", "public"),
        ("topics", topic("online_abuse"), "published", "public"),
    ];
    for place in 0..40 {
        let mut one = organization(&format!("o-{round}-{place}"), &next());
        one["description"] = json!(next());
        one["alternate_name"] = if place % 3 == 0 {
            Value::Null
        } else {
            json!(next())
        };
        one["sources"][0]["locator"] = json!(next());
        one["translations"] =
            json!([{"lang": "ar", "translation": "human", "name": next(), "description": null}]);
        all.push(("organizations", one, "published", "public"));
    }
    for place in 0..10 {
        let slug = format!("l-{round}-{place}");
        let mut line = hotline(&slug, json!([number(&format!("01632 9600{place:02}"))]));
        line["organization"] = Value::Null;
        (line["name"], line["notes"]) = (json!(next()), json!(next()));
        (line["hours"], line["always_open"]) = (json!("24/7"), json!(true));
        line["contact_points"][0]["note"] = json!(next());
        all.push(("hotlines", line, "published", "public"));
    }
    all
}

#[actix_web::test]
async fn what_is_exported_imports_again_in_every_form() {
    let mut runner = TestRunner::new(Config::default());
    for round in 0..3 {
        let database = Database::empty().await;
        let documents = documents(&mut runner, round);
        database.write("random", documents.clone()).await;
        let desk = Desk::over(database).await;
        let raw = desk.export("?profile=raw").await;
        let total = i64::try_from(documents.len()).unwrap();
        for (query, kind) in [
            ("?profile=raw", ZIP),
            ("", ZIP),
            ("?profile=spreadsheet&revision=false", ZIP),
            ("?format=ndjson", NDJSON),
            ("?format=ndjson&profile=raw", NDJSON),
        ] {
            let exported = desk.export(query).await;
            let check = desk.check("Ed", kind, exported.clone()).await;
            assert_eq!(
                counts(&check),
                [0, 0, total, 0, 0],
                "{query}: {}",
                check["faults"]
            );
            if query.is_empty() {
                safe(&unzipped(&exported));
                let book = workbook::of_files(&unzipped(&exported));
                let check = desk.check("Ed", XLSX, book).await;
                assert_eq!(
                    counts(&check),
                    [0, 0, total, 0, 0],
                    "workbook: {}",
                    check["faults"]
                );
            }
            if query.contains("revision=false") || query == "?profile=raw" {
                // Into an empty directory, and out again.
                let empty = Database::empty().await;
                let files = unzipped(&exported);
                let done = empty.import(&files, &[]).await.unwrap();
                assert_eq!(done[0], total);
                let again = Desk::over(empty).await.export("?profile=raw").await;
                assert_eq!(unzipped(&again), unzipped(&raw), "{query}");
            }
        }
    }
}

/// No cell begins as a formula does.
fn safe(files: &Files) {
    for (name, bytes) in files {
        let mut reader = csv::Reader::from_reader(&bytes[..]);
        for record in reader.records() {
            for cell in &record.unwrap() {
                assert!(
                    !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                    "{name}: {cell}"
                );
            }
        }
    }
}

#[actix_web::test]
async fn what_is_hidden_stays_where_an_export_comes_back() {
    let database = Database::empty().await;
    let point = number("01632 960001");
    let mut line = hotline("one-line", json!([point, number("01632 960002")]));
    line["topics"] = json!(["zebra", "hidden", "apple"]);
    line["organization"] = json!("one");
    let mut two = organization("two", "Two");
    two["topics"] = json!(["hidden"]);
    let records = vec![
        ("sources", source("source-one"), "published", "public"),
        ("sources", source("source-two"), "published", "public"),
        ("topics", topic("online_abuse"), "published", "public"),
        ("topics", topic("zebra"), "published", "public"),
        ("topics", topic("hidden"), "published", "hidden"),
        ("topics", topic("apple"), "published", "public"),
        (
            "organizations",
            organization("one", "One"),
            "published",
            "hidden",
        ),
        ("organizations", two, "published", "public"),
        ("hotlines", line, "published", "public"),
    ];
    database.write("first", records).await;
    let desk = Desk::over(database).await;
    let stands = async || {
        let read = desk.get("Ed", "/v1/hotlines/one-line/record").await;
        read["document"].clone()
    };
    let before = stands().await;
    for (form, query) in [
        (ZIP, ""),
        (ZIP, "?revision=true"),
        (NDJSON, "?format=ndjson"),
    ] {
        let check = desk.check("Ed", form, desk.export(query).await).await;
        assert_eq!(counts(&check)[..2], [0, 0], "{query}: {check}");
    }
    // Whoever changes a list takes nothing out of it that they did not see.
    let mut files = unzipped(&desk.export("").await);
    files = changed(&files, "hotlines.csv", "zebra;apple", "apple");
    let check = desk.check("Ed", ZIP, zip_of(&files)).await;
    assert_eq!(counts(&check)[..2], [0, 1], "{check}");
    assert!(!check.to_string().contains("hidden"), "{check}");
    assert_eq!(desk.apply("Ada", &check).await.status, 200);
    let mut after = stands().await;
    assert_eq!(after["topics"], json!(["apple", "hidden"]));
    after["topics"] = before["topics"].clone();
    assert_eq!(after, before);
}

#[actix_web::test]
async fn commands_export_the_same_as_the_route() {
    let database = Database::full().await;
    let records = crate::support::rows(
        &mut database.superuser().await,
        "select count(*) as n from ledger.records",
    )
    .await;
    let total = records[0]["n"].as_i64().unwrap();
    let vars = database.vars();
    let run = |arguments: &[&str]| {
        let mut command = lodestar(&vars);
        command.args(arguments);
        said(command)
    };
    let unchanged =
        format!("0 to create, 0 to change, {total} unchanged, 0 in conflict, 0 with errors");
    for arguments in [
        &["--profile", "spreadsheet"][..],
        &["--profile", "raw", "--revision", "true"],
        &["--format", "zip", "--profile", "spreadsheet"],
        &["--format", "ndjson"],
    ] {
        let folder = folder_of(&Files::new());
        let ending = arguments.iter().find(|one| ["zip", "ndjson"].contains(one));
        let path = ending.map_or(folder.clone(), |ending| {
            folder.join(format!("out.{ending}"))
        });
        let path = path.to_str().unwrap();
        let (done, out, words) = run(&[&["export", path][..], arguments].concat());
        assert!(done, "{out}{words}");
        let (done, out, words) = run(&["import", path, "--check"]);
        assert!(
            done && out.contains(&unchanged),
            "{arguments:?}: {out}{words}"
        );
    }
}
