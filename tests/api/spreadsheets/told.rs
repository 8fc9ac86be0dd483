//! What a check tells of what changes, and of what a spreadsheet program did.

use super::{IMPORTS, NDJSON, XLSX, ZIP, changed, counts, desk, unzipped, workbook, zip_of};
use crate::{
    curation::Desk,
    support::{Files, folder_of, lodestar, rows, said, small},
};
use serde_json::{Value, json};

/// The files with what was found beside each row, as text.
async fn back(desk: &Desk, check: &Value) -> std::collections::BTreeMap<String, String> {
    let uri = format!("{IMPORTS}/{}/files", check["digest"].as_str().unwrap());
    let files = unzipped(&desk.ask("Ed", "GET", &uri, &[], None).await.body);
    let texts = files.into_iter();
    texts
        .map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap()))
        .collect()
}

/// What stands in the last column of a line.
fn note(text: &str, line: usize) -> String {
    let rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{FEFF}').as_bytes())
        .into_records();
    let row = rows.map(Result::unwrap).nth(line - 1).unwrap();
    row.iter().next_back().unwrap().to_owned()
}

fn added(files: &Files, rows: &[(&str, &str)]) -> Files {
    let mut files = files.clone();
    for (file, row) in rows {
        files.get_mut(*file).unwrap().extend(row.as_bytes());
    }
    files
}

/// A second number, a second source, and another text.
fn altered() -> Files {
    let files = changed(&small(), "organizations.csv", "Helps.", "Helps well.");
    let files = changed(
        &files,
        "hotline_contact_points.csv",
        "116123,,116123",
        "116124,,116124",
    );
    let files = changed(
        &files,
        "organization_sources.csv",
        "one,source-one,,2026,2026-11-23\n",
        "",
    );
    added(
        &files,
        &[
            (
                "organization_sources.csv",
                "one,source-two,page 3,2026,2026-11-23\n",
            ),
            (
                "sources.csv",
                "source-two,Source Two,Two,https://two.example/,,\n",
            ),
            (
                "hotline_contact_points.csv",
                "one-line,email,help@one.example,,,,,,,,\n",
            ),
        ],
    )
}

#[actix_web::test]
async fn a_check_says_what_changes_from_what_to_what() {
    let desk = desk().await;
    let check = desk.check("Ed", ZIP, zip_of(&altered())).await;
    assert_eq!(counts(&check), [1, 2, 2, 0, 0], "{check}");
    let change = |slug: &str,
                  file: &str,
                  line: Option<u64>,
                  column: Option<&str>,
                  before: Option<&str>,
                  after: Option<&str>| {
        json!({"slug": slug, "file": file, "line": line, "column": column, "before": before, "after": after})
    };
    let points = "hotline_contact_points.csv";
    assert_eq!(
        check["changes"],
        json!([
            change(
                "one",
                "organizations.csv",
                Some(2),
                Some("description"),
                Some("Helps."),
                Some("Helps well.")
            ),
            change(
                "one",
                "organization_sources.csv",
                Some(2),
                None,
                None,
                Some("source-two, page 3, 2026, 2026-11-23")
            ),
            change(
                "one",
                "organization_sources.csv",
                None,
                None,
                Some("source-one, 2026, 2026-11-23"),
                None
            ),
            change(
                "one-line",
                points,
                Some(2),
                Some("value"),
                Some("116123"),
                Some("116124")
            ),
            change(
                "one-line",
                points,
                Some(2),
                Some("short_code"),
                Some("116123"),
                Some("116124")
            ),
            change(
                "one-line",
                points,
                Some(3),
                None,
                None,
                Some("email, help@one.example")
            ),
        ]),
        "{check}"
    );
    assert_eq!(check["changes_total"], 6);
    let uri = format!("{IMPORTS}/{}", check["digest"].as_str().unwrap());
    assert_eq!(desk.get("Ada", &uri).await["changes"], check["changes"]);
    // Beside each row, and all of a record beside its own.
    let files = back(&desk, &check).await;
    assert_eq!(
        note(&files["organizations.csv"], 2),
        "description: Helps. → Helps well. | organization_sources.csv, line 2: new row: source-two, page 3, 2026, 2026-11-23 | \
         organization_sources.csv: row removed: source-one, 2026, 2026-11-23"
    );
    assert_eq!(
        note(&files["hotlines.csv"], 2),
        "hotline_contact_points.csv, line 2: value: 116123 → 116124 | hotline_contact_points.csv, line 2: short_code: 116123 → 116124 | \
         hotline_contact_points.csv, line 3: new row: email, help@one.example"
    );
    assert_eq!(
        note(&files[points], 2),
        "value: 116123 → 116124 | short_code: 116123 → 116124"
    );
    assert_eq!(note(&files[points], 3), "new row: email, help@one.example");
    assert_eq!(note(&files["sources.csv"], 2), "");
    // Of a workbook and of lines it is the same.
    let book = desk.check("Ed", XLSX, workbook::of_files(&altered())).await;
    assert_eq!(book["changes_total"], 6, "{book}");
    assert_eq!(book["changes"][3]["file"], "hotline_contact_points");
    let lines = String::from_utf8(desk.export("?format=ndjson").await).unwrap();
    let lines = lines
        .replacen("116123", "116124", 2)
        .replacen("Helps.", "Helps well.", 1);
    let check = desk.check("Ed", NDJSON, lines.into_bytes()).await;
    let wanted = change(
        "one-line",
        "the lines",
        Some(4),
        Some("contact_points/0/value"),
        Some("116123"),
        Some("116124"),
    );
    assert_eq!(check["changes"][1], wanted, "{check}");
    let files = back(&desk, &check).await;
    assert!(
        files["import.ndjson"]
            .contains("\"check_note\":\"contact_points: value: 116123 → 116124 | "),
        "{files:?}"
    );
    // Another order is said as such, and long texts are cut to what differs.
    let two = added(&altered(), &[]);
    let check = desk.check("Ed", ZIP, zip_of(&two)).await;
    assert_eq!(desk.apply("Ada", &check).await.status, 200);
    let points_of = |first: &str, second: &str| {
        let mut files = altered();
        let head = String::from_utf8(files[points].clone()).unwrap();
        let head = head.lines().next().unwrap();
        files.insert(
            points.to_owned(),
            format!("{head}\n{first}\n{second}\n").into_bytes(),
        );
        files
    };
    let turned = points_of(
        "one-line,email,help@one.example,,,,,,,,",
        "one-line,phone,116124,,116124,,,GB,true,,",
    );
    let check = desk.check("Ed", ZIP, zip_of(&turned)).await;
    assert_eq!(counts(&check)[1], 1, "{check}");
    assert_eq!(
        note(&back(&desk, &check).await[points], 2),
        "its rows stand in another order"
    );
    let long = format!("Helps {} and goes on.", "very ".repeat(100));
    let files = changed(&altered(), "organizations.csv", "Helps well.", &long);
    let check = desk.check("Ed", ZIP, zip_of(&files)).await;
    assert_eq!(desk.apply("Ada", &check).await.status, 200);
    let files = changed(&files, "organizations.csv", "and goes on", "and STOPS");
    let check = desk.check("Ed", ZIP, zip_of(&files)).await;
    let after = check["changes"][0]["after"].as_str().unwrap();
    assert!(
        after.starts_with('…') && after.ends_with("and STOPS."),
        "{check}"
    );
    assert!(after.chars().count() <= 61, "{check}");
}

#[actix_web::test]
async fn what_is_not_public_is_not_repeated() {
    let desk = desk().await;
    // A hidden contact point stays, and is not told to have gone.
    let record = desk.get("Ed", "/v1/hotlines/one-line/record").await;
    let files = added(
        &small(),
        &[(
            "hotline_contact_points.csv",
            "one-line,email,secret@one.example,,,,,,,,\n",
        )],
    );
    let check = desk.check("Ed", ZIP, zip_of(&files)).await;
    assert_eq!(desk.apply("Ada", &check).await.status, 200);
    let document = &desk.get("Ed", "/v1/hotlines/one-line/record").await["document"];
    let point = document["contact_points"].as_array().unwrap().iter();
    let point = point.clone().find(|one| one["channel"] == "email").unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        record["document"]["contact_points"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    desk.done(
        200,
        "Ed",
        "POST",
        &format!("/v1/hotlines/one-line/contact_points/{point}/hide"),
        json!({"reason": "Found out."}),
    )
    .await;
    let files = changed(&small(), "hotlines.csv", "One Line", "One Line Too");
    let check = desk.check("Ed", ZIP, zip_of(&files)).await;
    assert_eq!(check["changes_total"], 1, "{check}");
    assert!(!check.to_string().contains("secret"), "{check}");
    // Of a hidden record the fields are named, without what stands in them.
    let hidden = json!({"reason": "Asked for it."});
    desk.done(200, "Ed", "POST", "/v1/hotlines/one-line/hide", hidden)
        .await;
    let check = desk.check("Ed", ZIP, zip_of(&files)).await;
    let told = &check["changes"][0];
    assert_eq!(
        (&told["column"], &told["before"], &told["after"]),
        (
            &json!("name"),
            &json!("(not public)"),
            &json!("One Line Too")
        )
    );
    let files = back(&desk, &check).await;
    assert_eq!(
        note(&files["hotlines.csv"], 2),
        "name: (not public) → One Line Too"
    );
    assert!(!files.values().any(|text| text.contains("secret")));
    // Nor is what names a record that is hidden, where another takes its place.
    let desk = self::desk().await;
    let reason = json!({"reason": "Asked for it."});
    desk.done(200, "Ed", "POST", "/v1/organizations/one/hide", reason)
        .await;
    let exported = unzipped(&desk.export("").await);
    let files = changed(&exported, "hotlines.csv", "one-line,", "one-line,two");
    let files = added(
        &files,
        &[
            (
                "organizations.csv",
                "two,Two,,ngo,Helps.,,,GB,national,online_abuse,,en,,\n",
            ),
            (
                "organization_sources.csv",
                "two,source-one,,2026,2026-11-23\n",
            ),
        ],
    );
    let check = desk.check("Ed", ZIP, zip_of(&files)).await;
    assert_eq!(counts(&check)[..2], [1, 1], "{check}");
    let told = check["changes"].as_array().unwrap().iter();
    let told: Vec<[&Value; 3]> = told
        .map(|one| ["column", "before", "after"].map(|name| &one[name]))
        .collect();
    assert_eq!(
        told,
        [[
            &json!("organization"),
            &json!("(not public)"),
            &json!("two")
        ],],
        "{check}"
    );
}

#[actix_web::test]
async fn letters_and_zeros_that_got_lost_are_missed() {
    let desk = desk().await;
    let files = changed(
        &small(),
        "organizations.csv",
        "Helps.",
        "Grüße aus Łódź – rund um die Uhr.",
    );
    let files = changed(
        &files,
        "hotline_contact_points.csv",
        "116123,,116123,,,GB",
        "01632960123,+441632960123,,,,GB",
    );
    let check = desk.check("Ed", ZIP, zip_of(&files)).await;
    assert_eq!(counts(&check), [0, 2, 2, 0, 0], "{check}");
    assert_eq!(desk.apply("Ada", &check).await.status, 200);
    let before = desk.all().await;
    let saved = |text: &str| changed(&files, "organizations.csv", "Grüße aus Łódź – rund", text);
    let number = |text: &str| {
        changed(
            &files,
            "hotline_contact_points.csv",
            "01632960123,+441632960123",
            text,
        )
    };
    let (own, points) = ("organizations.csv", "hotline_contact_points.csv");
    for (files, file, column, code) in [
        // As Windows-1252, as ASCII, as UTF-8 read as Windows-1252, and what a decoder wrote.
        (
            saved("Grüße aus ?ód? – rund"),
            own,
            "description",
            "lost_letters",
        ),
        (
            saved("Gr??e aus ??d? ? rund"),
            own,
            "description",
            "lost_letters",
        ),
        (
            saved("GrÃ¼ÃŸe aus Å\u{81}Ã³dÅº â€“ rund"),
            own,
            "description",
            "lost_letters",
        ),
        (
            saved("Gr\u{FFFD}\u{FFFD}e aus Łódź – rund"),
            own,
            "description",
            "lost_letters",
        ),
        (
            number("1632960123,+441632960123"),
            points,
            "value",
            "lost_zeros",
        ),
        (number("1632960123,"), points, "value", "lost_zeros"),
        // Also of another number, by the plan alone.
        (
            number("1632960124,+441632960124"),
            points,
            "value",
            "lost_zeros",
        ),
        (
            added(&files, &[(points, "one-line,sms,1632960125,,,,,GB,,,\n")]),
            points,
            "value",
            "lost_zeros",
        ),
    ] {
        let check = desk.check("Ed", ZIP, zip_of(&files)).await;
        assert_eq!(counts(&check)[4], 1, "{check}");
        let fault = &check["faults"][0];
        assert_eq!(
            (&fault["file"], &fault["column"], &fault["code"]),
            (&json!(file), &json!(column), &json!(code)),
            "{check}"
        );
        assert!(fault["remedy"].as_str().unwrap().len() > 30);
        assert_eq!(check["faults_total"], 1, "{check}");
        assert_eq!(desk.apply("Ada", &check).await.status, 409);
    }
    // In a workbook the cell is named.
    let check = desk
        .check(
            "Ed",
            XLSX,
            workbook::of_files(&saved("Gr??e aus ??d? ? rund")),
        )
        .await;
    assert_eq!(
        (&check["faults"][0]["cell"], &check["faults"][0]["code"]),
        (&json!("E2"), &json!("lost_letters"))
    );
    // What somebody wrote is taken, in blanks too.
    for files in [
        saved("Gruesse aus Lodz - rund"),
        saved("Grüße aus Łódź? Rund"),
        number("1632 960123,+441632960123"),
        number("01632960124,+441632960124"),
    ] {
        let check = desk.check("Ed", ZIP, zip_of(&files)).await;
        assert_eq!((counts(&check)[1], counts(&check)[4]), (1, 0), "{check}");
    }
    assert_eq!(desk.all().await, before);
    // A new record as well.
    let new = added(
        &small(),
        &[
            (
                "hotlines.csv",
                "two-line,one,LÃ\u{AD}nea,,,en,GB,en,,,,,online_abuse,,,,,,unknown,unknown,,\n",
            ),
            (
                "hotline_sources.csv",
                "two-line,source-one,,2026,2026-11-23\n",
            ),
            (points, "two-line,phone,1632960125,,,,,GB,,,\n"),
        ],
    );
    let check = desk.check("Ed", ZIP, zip_of(&new)).await;
    assert_eq!(
        (&check["faults"][0]["code"], &check["faults"][0]["column"]),
        (&json!("lost_letters"), &json!("name")),
        "{check}"
    );
    let check = desk
        .check(
            "Ed",
            ZIP,
            zip_of(&changed(&new, "hotlines.csv", "LÃ\u{AD}nea", "Línea")),
        )
        .await;
    assert_eq!(
        (&check["faults"][0]["code"], &check["faults"][0]["line"]),
        (&json!("lost_zeros"), &json!(3)),
        "{check}"
    );
}

#[actix_web::test]
async fn all_faults_of_a_row_are_told_at_once() {
    let desk = desk().await;
    let points = "hotline_contact_points.csv";
    let files = added(
        &small(),
        &[
            (
                "hotlines.csv",
                "two-line,nobody,,,,en,Britain,en,,24.Jul,,sometimes,no_topic,,,,,,,perhaps,,\n",
            ),
            (
                "hotline_sources.csv",
                "two-line,source-nine,,02/03/2026,2026-11-23\n",
            ),
            (points, "two-line,pigeon,01632 960002,,,,,GB,,,\n"),
            (
                points,
                "two-line,phone,01632 960003,+44 1632 960003,,,,GB,,,\n",
            ),
        ],
    );
    let check = desk.check("Ed", ZIP, zip_of(&files)).await;
    assert_eq!(counts(&check), [0, 0, 4, 0, 1], "{check}");
    let faults = check["faults"].as_array().unwrap();
    let mut told: Vec<String> = faults
        .iter()
        .map(|one| {
            format!(
                "{} {} {} {}",
                one["file"].as_str().unwrap(),
                one["line"],
                one["column"].as_str().unwrap_or("-"),
                one["code"].as_str().unwrap()
            )
        })
        .collect();
    told.sort();
    assert_eq!(
        told,
        [
            "hotline_contact_points.csv 3 channel not_in_list",
            "hotline_contact_points.csv 4 e164 phone",
            "hotline_sources.csv 3 published_on spreadsheet_date",
            "hotline_sources.csv 3 source reference",
            "hotlines.csv 3 always_open cell",
            "hotlines.csv 3 coverage area",
            "hotlines.csv 3 hours spreadsheet_date",
            "hotlines.csv 3 name missing",
            "hotlines.csv 3 organization reference",
            "hotlines.csv 3 passed_to_immigration not_in_list",
            "hotlines.csv 3 passed_to_police missing",
            "hotlines.csv 3 topics reference",
        ],
        "{check}"
    );
    let remedy = |column: &str| {
        faults.iter().find(|one| one["column"] == column).unwrap()["remedy"]
            .as_str()
            .unwrap()
    };
    let list = remedy("passed_to_police");
    assert!(
        list.starts_with("use ") && list.contains("unknown"),
        "{list}"
    );
    assert!(
        remedy("e164").contains("without blanks"),
        "{}",
        remedy("e164")
    );
    // The rows beside it say where.
    let files = back(&desk, &check).await;
    assert!(
        note(&files["hotlines.csv"], 3).contains("passed_to_police: it must not be empty; use "),
        "{files:?}"
    );
    let other = changed(
        &small(),
        "hotline_contact_points.csv",
        ",phone,",
        ",pigeon,",
    );
    let check = desk.check("Ed", ZIP, zip_of(&other)).await;
    let files = back(&desk, &check).await;
    for (file, line) in [("hotlines.csv", 2), ("hotline_sources.csv", 2)] {
        assert_eq!(
            note(&files[file], line),
            "something is wrong with this record: see hotline_contact_points.csv, line 2"
        );
    }
    // Lines of JSON too.
    let lines = String::from_utf8(desk.export("?format=ndjson").await).unwrap();
    let lines = lines
        .replace(
            "\"passed_to_police\":\"unknown\"",
            "\"passed_to_police\":null",
        )
        .replace("\"channel\":\"phone\"", "\"channel\":\"pigeon\"");
    let check = desk.check("Ed", NDJSON, lines.into_bytes()).await;
    assert_eq!(check["faults_total"], 2, "{check}");
}

#[actix_web::test]
async fn who_applied_it_stays_when_it_is_checked_again() {
    let desk = desk().await;
    let bytes = zip_of(&altered());
    let check = desk.check("Ed", ZIP, bytes.clone()).await;
    assert_eq!(check["applied_by"], Value::Null);
    let applied = desk.apply("Ada", &check).await.json();
    let uri = format!("{IMPORTS}/{}", check["digest"].as_str().unwrap());
    let before = desk.get("Ed", &uri).await;
    let again = desk.check("Ed", ZIP, bytes).await;
    assert_eq!(counts(&again), [0, 0, 5, 0, 0]);
    for name in ["applied_by", "applied_at", "applied_revision"] {
        assert_eq!(again[name], before[name], "{name}");
    }
    assert_eq!(
        (&again["applied_by"], &again["applied_revision"]),
        (&json!("Ada"), &applied["revision"])
    );
    // Checked anew it may be applied anew, once.
    assert_eq!(desk.apply("Amy", &again).await.status, 200);
    assert_eq!(desk.apply("Amy", &again).await.status, 409);
    assert_eq!(desk.get("Ed", &uri).await["applied_by"], "Amy");
}

#[actix_web::test]
async fn what_is_no_zip_of_csv_files_is_told_once() {
    let desk = desk().await;
    let packed = |names: &[&str]| {
        zip_of(
            &names
                .iter()
                .map(|name| {
                    (
                        (*name).to_owned(),
                        b"application/vnd.oasis.opendocument.spreadsheet".to_vec(),
                    )
                })
                .collect(),
        )
    };
    let document = packed(&[
        "mimetype",
        "content.xml",
        "styles.xml",
        "META-INF/manifest.xml",
    ]);
    for (kind, bytes, code, remedy) in [
        (
            ZIP,
            document.clone(),
            "open_document",
            "save it as .xlsx, or each sheet as CSV",
        ),
        (
            XLSX,
            document.clone(),
            "open_document",
            "save it as .xlsx, or each sheet as CSV",
        ),
        (
            ZIP,
            workbook::of_files(&small()),
            "workbook",
            "send it as a workbook",
        ),
        (XLSX, zip_of(&small()), "workbook", "send it as a zip"),
        (
            ZIP,
            packed(&["all.ods"]),
            "nested",
            "pack the CSV files themselves",
        ),
    ] {
        let answer = desk.send("Ed", IMPORTS, kind, bytes).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        let errors = answer.value()["errors"].clone();
        assert_eq!(errors.as_array().unwrap().len(), 1, "{errors}");
        assert_eq!(errors[0]["code"], code);
        assert!(
            errors[0]["remedy"].as_str().unwrap().starts_with(remedy),
            "{errors}"
        );
    }
    let folder = folder_of(&Files::from([("all.ods".to_owned(), document)]));
    let mut command = lodestar(&desk.site.database.vars());
    command.args([
        "import",
        folder.join("all.ods").to_str().unwrap(),
        "--check",
    ]);
    let (done, _, words) = said(command);
    assert!(!done && words.contains("save it as .xlsx"), "{words}");
}

#[actix_web::test]
async fn an_unknown_digest_is_told_what_became_of_it() {
    let desk = desk().await;
    for (method, path) in [("GET", ""), ("GET", "/files"), ("POST", "/apply")] {
        for digest in ["0".repeat(64), "abc".to_owned()] {
            let uri = format!("{IMPORTS}/{digest}{path}");
            let answer = desk.ask("Ada", method, &uri, &[], None).await;
            assert_eq!(answer.status, 404, "{uri}");
            let error = answer.value()["errors"][0].clone();
            assert!(
                error["reason"].as_str().unwrap().contains("7 days"),
                "{error}"
            );
            assert!(
                error["remedy"]
                    .as_str()
                    .unwrap()
                    .contains("check the file again"),
                "{error}"
            );
        }
    }
    let kept = "select 1 from ledger.imports";
    assert!(
        rows(&mut desk.site.database.superuser().await, kept)
            .await
            .is_empty()
    );
}

#[actix_web::test]
async fn the_command_says_what_matters_and_the_rest_when_asked() {
    let desk = desk().await;
    let vars = desk.site.database.vars();
    let folder = folder_of(&altered());
    let run = |arguments: &[&str]| {
        let mut command = lodestar(&vars);
        command
            .args(["import", folder.to_str().unwrap(), "--check"])
            .args(arguments);
        said(command)
    };
    let (done, out, _) = run(&[]);
    let result = "1 to create, 2 to change, 2 unchanged, 0 in conflict, 0 with errors; nothing was written to the directory\n";
    assert!(done && out == result, "{out}");
    let (_, out, _) = run(&["--verbose"]);
    assert!(
        out.ends_with(result) && out.contains("organizations.csv: UTF-8, comma, 1 rows\n"),
        "{out}"
    );
    assert!(
        out.contains("  one-line: hotline_contact_points.csv, line 2: value: 116123 → 116124\n"),
        "{out}"
    );
    // A file in another encoding has something to say.
    let latin: Vec<u8> = "slug,name,axis,description\nonline_abuse,Online abuse,type,Imágenes.\n"
        .chars()
        .map(|one| u32::from(one) as u8)
        .collect();
    std::fs::write(folder.join("topics.csv"), latin).unwrap();
    let (_, out, _) = run(&[]);
    assert_eq!(out.lines().count(), 2, "{out}");
    assert!(
        out.starts_with("topics.csv: Windows-1252, comma, 1 rows\n"),
        "{out}"
    );
}
