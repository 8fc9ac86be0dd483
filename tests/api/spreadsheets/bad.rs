//! Bad input: each a clear answer, and nothing changed.

use super::{
    IMPORTS, NDJSON, XLSX, ZIP, changed, counts, desk, unzipped,
    workbook::{self, Cell},
    zip_of,
};
use crate::support::{Files, small};
use serde_json::{Value, json};
use std::{
    fmt::Write as _,
    io::{Cursor, Write},
    time::{Duration, Instant},
};
use zip::{ZipWriter, write::SimpleFileOptions};

/// What a fault says, without its words.
fn place(fault: &Value) -> [String; 5] {
    ["file", "line", "column", "value", "code"].map(|name| match &fault[name] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    })
}

#[actix_web::test]
async fn damage_is_told_by_class_and_place_with_its_remedy() {
    let desk = desk().await;
    let before = desk.all().await;
    let points = "hotline_contact_points.csv";
    let cited = "hotline_sources.csv";
    let number = |cell: &str| {
        changed(
            &small(),
            points,
            "116123,,116123",
            &format!("01632 960001,{cell},"),
        )
    };
    let dated = |cell: &str| changed(&small(), cited, ",2026,", &format!(",{cell},"));
    let hours = |cell: &str| changed(&small(), "hotlines.csv", "24/7", cell);
    for (files, fault) in [
        (
            number("1.88837E+10"),
            [
                points,
                "2",
                "e164",
                "scientific_number",
                "scientific_number",
            ],
        ),
        (
            number("441632960001"),
            [points, "2", "e164", "whole_number", "lost_digits"],
        ),
        (
            number("1632960001"),
            [points, "2", "e164", "whole_number", "lost_digits"],
        ),
        (
            number("#NAME?"),
            [
                points,
                "2",
                "e164",
                "spreadsheet_error",
                "spreadsheet_error",
            ],
        ),
        (
            number("########"),
            [
                points,
                "2",
                "e164",
                "spreadsheet_error",
                "spreadsheet_error",
            ],
        ),
        (
            dated("01-Feb"),
            [cited, "2", "published_on", "date", "spreadsheet_date"],
        ),
        (
            dated("45321"),
            [
                cited,
                "2",
                "published_on",
                "whole_number",
                "spreadsheet_date",
            ],
        ),
        (
            dated("02/03/2025"),
            [cited, "2", "published_on", "date", "spreadsheet_date"],
        ),
        (
            dated("#REF!"),
            [
                cited,
                "2",
                "published_on",
                "spreadsheet_error",
                "spreadsheet_error",
            ],
        ),
        (
            hours("24-Jul"),
            ["hotlines.csv", "2", "hours", "date", "spreadsheet_date"],
        ),
    ] {
        let check = desk.check("Ed", ZIP, zip_of(&files)).await;
        assert_eq!(counts(&check), [0, 0, 3, 0, 1], "{check}");
        let faults = check["faults"].as_array().unwrap();
        assert_eq!(faults.len(), 1, "{check}");
        assert_eq!(place(&faults[0]), fault.map(str::to_owned));
        let remedy = faults[0]["remedy"].as_str().unwrap();
        assert!(
            remedy.contains("text") || remedy.contains("apostrophe") || remedy.contains("formula"),
            "{remedy}"
        );
        // The value itself is nobody's business.
        assert!(!check.to_string().contains("1632960001"), "{check}");
        assert_eq!(desk.apply("Ada", &check).await.status, 409);
    }
    assert_eq!(desk.all().await, before);
}

#[actix_web::test]
async fn errors_of_a_workbook_name_the_cell() {
    let desk = desk().await;
    let before = desk.all().await;
    let with = |sheet: &str, column: usize, cell: Cell| {
        let sheets = small()
            .iter()
            .map(|(name, bytes)| {
                let name = name.strip_suffix(".csv").unwrap().to_owned();
                let mut rows = workbook::rows(bytes);
                if name == sheet {
                    rows[1][column] = cell.clone();
                }
                (name, rows)
            })
            .collect::<Vec<_>>();
        workbook::of_sheets(&sheets)
    };
    for (sheet, column, cell, wanted, code, class) in [
        (
            "hotlines",
            2,
            Cell::Formula("A1&\"x\"", "One Line"),
            "C2",
            "formula",
            "formula",
        ),
        (
            "hotlines",
            9,
            Cell::Date(45497.0),
            "J2",
            "spreadsheet_date",
            "date",
        ),
        (
            "hotline_sources",
            3,
            Cell::Date(45497.0),
            "D2",
            "spreadsheet_date",
            "date",
        ),
        (
            "hotline_sources",
            3,
            Cell::Number(45321.0),
            "D2",
            "spreadsheet_date",
            "whole_number",
        ),
        (
            "hotline_contact_points",
            3,
            Cell::Number(441_632_960_001.0),
            "D2",
            "lost_digits",
            "whole_number",
        ),
        (
            "hotline_contact_points",
            2,
            Cell::Number(1.88837e20),
            "C2",
            "scientific_number",
            "scientific_number",
        ),
        (
            "organizations",
            4,
            Cell::Error("#REF!"),
            "E2",
            "spreadsheet_error",
            "spreadsheet_error",
        ),
        (
            "organizations",
            3,
            Cell::Text("cult".to_owned()),
            "D2",
            "not_in_list",
            "text",
        ),
    ] {
        let check = desk.check("Ed", XLSX, with(sheet, column, cell)).await;
        let fault = &check["faults"][0];
        assert_eq!(
            [
                &fault["file"],
                &fault["cell"],
                &fault["code"],
                &fault["value"]
            ],
            [&json!(sheet), &json!(wanted), &json!(code), &json!(class)],
            "{check}"
        );
        assert_eq!(counts(&check)[4], 1, "{check}");
    }
    // A lone cell far away costs nothing.
    let mut far = small()
        .iter()
        .map(|(name, bytes)| {
            (
                name.strip_suffix(".csv").unwrap().to_owned(),
                workbook::rows(bytes),
            )
        })
        .collect::<Vec<_>>();
    far[0].1.push(vec![]);
    let book = workbook::of_sheets(&far);
    let check = desk.check("Ed", XLSX, book).await;
    assert_eq!(counts(&check)[4], 0, "{check}");
    for (kind, bytes) in [
        (XLSX, b"no workbook".to_vec()),
        (XLSX, zip_of(&small())),
        (ZIP, b"no zip".to_vec()),
    ] {
        let answer = desk.send("Ed", IMPORTS, kind, bytes).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
    }
    assert_eq!(desk.all().await, before);
}

#[actix_web::test]
async fn headers_are_told_with_what_was_meant() {
    let desk = desk().await;
    for (from, to, column, code, remedy) in [
        (
            "slug,name,alt",
            "slug,nmae,alt",
            "nmae",
            "unknown_column",
            "did you mean name?",
        ),
        (
            "slug,name,alt",
            "slug,slug,alt",
            "slug",
            "twice",
            "keep one of the two",
        ),
        (
            "slug,name,alternate_name",
            "slug,name",
            "alternate_name",
            "missing_column",
            "add it",
        ),
    ] {
        let files = changed(&small(), "organizations.csv", from, to);
        let check = desk.check("Ed", ZIP, zip_of(&files)).await;
        let faults = check["faults"].as_array().unwrap();
        let named = faults.iter().any(|fault| {
            fault["column"] == column
                && fault["code"] == code
                && fault["remedy"].as_str().unwrap().contains(remedy)
        });
        assert!(named, "{check}");
        // What is misspelt is not missing besides.
        assert!(code != "unknown_column" || faults.len() == 1, "{check}");
        assert!(counts(&check)[4] > 0);
    }
    let mut strange = small();
    strange.insert("hotline.csv".to_owned(), b"slug\n".to_vec());
    strange.insert("\u{202e}vsc.csv".to_owned(), b"slug\n".to_vec());
    let check = desk.check("Ed", ZIP, zip_of(&strange)).await;
    assert!(
        check.to_string().contains("did you mean hotlines?"),
        "{check}"
    );
    assert!(!check.to_string().contains('\u{202e}'));
}

/// Rows that came apart by sorting, copying or cutting are told as what they are.
#[actix_web::test]
async fn rows_that_came_apart_are_told_as_such() {
    let desk = desk().await;
    let exported = unzipped(&desk.export("").await);
    let text = |name: &str| String::from_utf8(exported[name].clone()).unwrap();
    let with = |name: &str, text: String| {
        let mut files = exported.clone();
        files.insert(name.to_owned(), text.into_bytes());
        files
    };
    let topics = text("topics.csv");
    let row = topics.lines().nth(1).unwrap();
    let (rest, revision) = row.rsplit_once(',').unwrap();
    let copied = format!(
        "{topics}{}\r\n",
        row.replacen("online_abuse", "another_one", 1)
    );
    let other = revision.parse::<i64>().unwrap() + 1000;
    let sorted = topics.replace(
        row,
        &format!("{},{other}", rest.replacen("Online", "On", 1)),
    );
    let points = text("hotline_contact_points.csv");
    let alone = format!("{}\r\n", points.lines().next().unwrap());
    for (file, files, line, column, reason, remedy) in [
        (
            "topics.csv",
            with("topics.csv", copied),
            3,
            "",
            "no record has this slug",
            "empty",
        ),
        (
            "topics.csv",
            with("topics.csv", sorted),
            2,
            "",
            "another record's",
            "sorted alone",
        ),
        (
            "hotlines.csv",
            with("hotline_contact_points.csv", alone),
            2,
            "contact_points",
            "hotline_contact_points.csv has no row of this record",
            "mark all columns",
        ),
    ] {
        let check = desk.check("Ed", ZIP, zip_of(&files)).await;
        let fault = &check["faults"][0];
        assert_eq!(
            (&fault["file"], &fault["line"]),
            (&json!(file), &json!(line)),
            "{check}"
        );
        assert_eq!(
            fault["column"].as_str().unwrap_or_default(),
            column,
            "{check}"
        );
        assert!(
            fault["reason"].as_str().unwrap().contains(reason),
            "{check}"
        );
        assert!(
            fault["remedy"].as_str().unwrap().contains(remedy),
            "{check}"
        );
        assert!(counts(&check)[4] > 0, "{check}");
    }
}

fn packed(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[actix_web::test]
async fn what_is_too_much_is_refused_early() {
    let bomb = packed(&[("topics.csv", &vec![b'0'; 300 * 1024 * 1024])]);
    assert!(bomb.len() < 512 * 1024);
    // It says that it is small.
    let honest = packed(&[("topics.csv", &vec![b'0'; 100 * 1024 * 1024])]);
    let size = 100u32 * 1024 * 1024;
    let mut lying = honest.clone();
    let mut exchanged = 0;
    for at in 0..lying.len() - 4 {
        if lying[at..at + 4] == size.to_le_bytes() {
            lying[at..at + 4].copy_from_slice(&1000u32.to_le_bytes());
            exchanged += 1;
        }
    }
    assert!(exchanged >= 1);
    let many: Vec<(String, &[u8])> = (0..150)
        .map(|place| (format!("{place}.csv"), &b""[..]))
        .collect();
    let many: Vec<(&str, &[u8])> = many
        .iter()
        .map(|(name, bytes)| (name.as_str(), *bytes))
        .collect();
    let mut rows = String::from("slug,name,axis,description\n");
    for place in 0..200_000 {
        writeln!(rows, "topic_{place},Topic {place},type,Text.").unwrap();
    }
    let topics = Files::from([
        ("topics.csv".to_owned(), rows.into_bytes()),
        (
            "topic_translations.csv".to_owned(),
            b"topic,lang,translation,name,description\n".to_vec(),
        ),
    ]);
    let line = json!({"resource": "topics", "document": {"slug": "t"}}).to_string() + "\n";
    let (topics, line) = (zip_of(&topics), line.repeat(200_000).into_bytes());
    // Only now, since packing held up everything else.
    let desk = desk().await;
    let before = desk.all().await;
    for (name, kind, bytes, code) in [
        ("bomb", ZIP, bomb.clone(), "too_large"),
        ("bomb as a workbook", XLSX, bomb, "too_large"),
        ("liar", ZIP, lying.clone(), "too_large"),
        ("liar as a workbook", XLSX, lying, "too_large"),
        ("many", ZIP, packed(&many), "too_many_files"),
        (
            "nested",
            ZIP,
            packed(&[("more.zip", &zip_of(&small()))]),
            "nested",
        ),
        (
            "outside",
            ZIP,
            packed(&[("../../topics.csv", b"slug\n")]),
            "path",
        ),
        ("200,000 rows", ZIP, topics, "too_many_rows"),
        ("200,000 lines", NDJSON, line, "too_many_rows"),
        ("Latin lines", NDJSON, b"\xff\n".to_vec(), "encoding"),
    ] {
        let since = Instant::now();
        let answer = desk.send("Ed", IMPORTS, kind, bytes).await;
        assert_eq!(answer.status, 422, "{name}: {}", answer.text());
        let error = answer.value()["errors"][0].clone();
        // Some libraries find a lie before its length tells.
        assert!(
            error["code"] == code || (name.starts_with("liar") && error["code"] == "archive"),
            "{name}: {error}"
        );
        assert!(error["remedy"].as_str().unwrap().len() > 10);
        assert!(
            since.elapsed() < Duration::from_secs(20),
            "{name}: {:?}",
            since.elapsed()
        );
    }
    let large = vec![b'\n'; 33 * 1024 * 1024];
    let answer = desk.send("Ed", IMPORTS, NDJSON, large).await;
    assert_eq!(answer.status, 413);
    assert!(
        answer.text().contains("at most 32 MiB"),
        "{}",
        answer.text()
    );
    let answer = desk.send("Ed", IMPORTS, NDJSON, vec![]).await;
    assert_eq!(answer.status, 400, "{}", answer.text());
    assert_eq!(answer.value()["errors"][0]["reason"], "the body is empty");
    for kind in ["text/csv", "application/json", ""] {
        let answer = desk.send("Ed", IMPORTS, kind, b"{}".to_vec()).await;
        assert_eq!(answer.status, 415, "{kind}");
    }
    assert_eq!(desk.all().await, before);
}

#[actix_web::test]
async fn lines_are_told_by_number_and_field() {
    let desk = desk().await;
    let text = String::from_utf8(desk.export("?format=ndjson").await).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4);
    let with = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1).into_bytes()
    };
    for (bytes, column, code) in [
        (
            with("\"kind\":\"ngo\"", "\"kind\":\"cult\""),
            "kind",
            "not_in_list",
        ),
        (
            with("\"kind\":\"ngo\"", "\"knid\":\"ngo\""),
            "knid",
            "unknown_field",
        ),
        (with("\"kind\":\"ngo\",", ""), "kind", "missing"),
        (
            with("\"kind\":\"ngo\"", "\"kind\":\"ngo\",\"kind\":\"ngo\""),
            "document",
            "twice",
        ),
        (
            with("\"resource\":\"hotlines\"", "\"resource\":\"hotlnes\""),
            "resource",
            "not_in_list",
        ),
        (with("\"revision\":", "\"revision\":-"), "revision", "cell"),
        (
            with("\"short_code\":\"116123\"", "\"short_code\":116123"),
            "contact_points/0/short_code",
            "type",
        ),
        ([text.as_bytes(), b"{\n"].concat(), "null", "json"),
        (
            [lines[3], "\n", lines[3]].concat().into_bytes(),
            "slug",
            "twice",
        ),
    ] {
        let check = desk.check("Ed", NDJSON, bytes).await;
        let fault = &check["faults"][0];
        let found = fault["column"].as_str().map_or("null", |column| column);
        assert!(found.starts_with(column), "{check}");
        assert_eq!(fault["code"], code, "{check}");
        assert!(counts(&check)[4] >= 1, "{check}");
    }
    // They come back with what was found.
    let check = desk
        .check("Ed", NDJSON, with("\"kind\":\"ngo\"", "\"kind\":\"cult\""))
        .await;
    let uri = format!("{IMPORTS}/{}/files", check["digest"].as_str().unwrap());
    let back = unzipped(&desk.ask("Ed", "GET", &uri, &[], None).await.body);
    let back = String::from_utf8(back["import.ndjson"].clone()).unwrap();
    assert!(
        back.contains("\"check\":\"error\",\"check_note\":\"kind: the value is not in the list"),
        "{back}"
    );
    let again = desk
        .check("Ed", NDJSON, back.replace("cult", "ngo").into_bytes())
        .await;
    assert_eq!(counts(&again), [0, 0, 4, 0, 0], "{again}");
}
