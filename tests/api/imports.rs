//! Imports: all or nothing, every fault with its place, and a second person for numbers.

use crate::support::{Database, Files, rows, small};
use lodestar::cli::import::shipped_files;
use serde_json::Value;

/// Files with one text exchanged for another.
fn changed(files: &Files, file: &str, from: &str, to: &str) -> Files {
    let mut files = files.clone();
    let text = String::from_utf8(files[file].clone()).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    files.insert(file.to_owned(), text.replacen(from, to, 1).into_bytes());
    files
}

/// Files with one row more.
fn with_row(files: &Files, file: &str, row: &str) -> Files {
    let mut files = files.clone();
    files
        .get_mut(file)
        .unwrap()
        .extend(format!("{row}\n").into_bytes());
    files
}

/// All that a directory holds, on both sides.
async fn standing(database: &Database) -> Vec<Value> {
    let counts = "select (select revision from ledger.head) as head, (select count(*) from ledger.entries) as entries,
        (select count(*) from ledger.records) as records, (select revision from published.directory) as directory,
        (select count(*) from published.organizations) + (select count(*) from published.hotlines)
          + (select count(*) from published.vocabularies) as published";
    rows(&mut database.writer().await, counts).await
}

/// Statistics beside the small directory, with two observations.
fn with_statistics() -> Files {
    let mut files = small();
    let file = |files: &mut Files, name: &str, text: String| {
        drop(files.insert(name.to_owned(), text.into_bytes()))
    };
    file(
        &mut files,
        "indicators.csv",
        "slug,title,definition,unit,kind\nlines,Lines,Lines counted.,persons,count\n".to_owned(),
    );
    let header = "slug,indicator,title,claim,lang,value,low,high,qualifier,unit,population,denominator,sex,age_band,exploitation,geography,period_start,period_end,publisher,published_on,method_note,caveat,observation_status,assessment,baseline,distribution,share,overlaps,superseded_by";
    let row = |slug: &str, year: u16| {
        format!(
            "{slug},lines,Title,Claim.,en,12,,,exactly,persons,,,,,,GB,{year}-01-01,{year}-12-31,One,{year},,,normal,not_assessed,,,,,"
        )
    };
    file(
        &mut files,
        "statistics.csv",
        format!(
            "{header}\n{}\n{}\n",
            row("lines-2020", 2020),
            row("lines-2021", 2021)
        ),
    );
    let sources = "statistic,source,locator,published_on,retrieved_on\nlines-2020,source-one,,,\nlines-2021,source-one,,,\n";
    file(&mut files, "statistic_sources.csv", sources.to_owned());
    file(
        &mut files,
        "regional_contacts.csv",
        "slug,organization,name,role,role_title,notes,lang,serves,country,subdivision,city,postal_code,address,latitude,longitude,coordinate_precision,website,hours,timezone\n\
         one-office,one,One Office,victim_support,,,en,GB,GB,,London,SW1A 1AA,1 Road,51.5,-0.1,city,,,\n"
            .to_owned(),
    );
    file(
        &mut files,
        "regional_contact_sources.csv",
        "regional_contact,source,locator,published_on,retrieved_on\none-office,source-one,,,\n"
            .to_owned(),
    );
    let header = String::from_utf8(files["hotline_contact_points.csv"].clone()).unwrap();
    let header = header
        .lines()
        .next()
        .unwrap()
        .replacen("hotline", "regional_contact", 1);
    file(
        &mut files,
        "regional_contact_contact_points.csv",
        header + "\n",
    );
    for (name, header) in [
        (
            "indicator_translations.csv",
            "indicator,lang,translation,name,description\n",
        ),
        (
            "regional_contact_translations.csv",
            "regional_contact,lang,translation,name,role_title,notes\n",
        ),
    ] {
        file(&mut files, name, header.to_owned());
    }
    file(
        &mut files,
        "critiques.csv",
        "statistic,source,verdict,summary\n".to_owned(),
    );
    files
}

#[actix_web::test]
async fn a_broken_row_is_named_by_file_line_column_and_reason_and_nothing_is_imported() {
    let good = with_statistics();
    let mut not_utf8 = good.clone();
    not_utf8
        .get_mut("organizations.csv")
        .unwrap()
        .extend(b"two,Tw\xc3\xa9\xff,,ngo,,,,GB,national,,,en\n");
    let mut not_utf8_header = good.clone();
    not_utf8_header.insert("topics.csv".to_owned(), b"slug,n\x81ame\n".to_vec());
    let mut unknown_file = good.clone();
    unknown_file.insert("hotline.csv".to_owned(), b"slug\n".to_vec());
    let mut missing_file = good.clone();
    missing_file.remove("hotline_contact_points.csv");
    let twice = |file: &str, index: usize| {
        let text = String::from_utf8(good[file].clone()).unwrap();
        with_row(&good, file, text.lines().nth(index).unwrap())
    };
    let cases: Vec<(&str, Files, Vec<&str>)> = vec![
        (
            "enum",
            changed(&good, "organizations.csv", ",ngo,", ",cult,"),
            vec![
                "organizations.csv, line 2, column kind",
                "not in the list",
                "law_enforcement",
            ],
        ),
        (
            "number",
            changed(
                &good,
                "statistics.csv",
                ",12,,,exactly",
                ",twelve,,,exactly",
            ),
            vec!["statistics.csv, line 2, column value", "number"],
        ),
        (
            "whole number",
            changed(
                &good,
                "hotlines.csv",
                ",online_abuse,,,,,,",
                ",online_abuse,,ten,,,,",
            ),
            vec!["hotlines.csv, line 2, column age_min", "whole number"],
        ),
        (
            "flag",
            changed(&good, "hotlines.csv", "24/7,,true", "24/7,,yes"),
            vec![
                "hotlines.csv, line 2, column always_open",
                "neither true nor false",
            ],
        ),
        (
            "date",
            changed(&good, "statistics.csv", "2020-12-31", "2020-02-31"),
            vec!["statistics.csv, line 2, column period_end"],
        ),
        (
            "country",
            changed(&good, "organizations.csv", ",GB,national", ",XX,national"),
            vec![
                "organizations.csv, line 2, column country",
                "country code",
                "ISO 3166",
            ],
        ),
        (
            "empty",
            changed(&good, "organizations.csv", "one,One,", "one,,"),
            vec!["organizations.csv, line 2, column name"],
        ),
        (
            "unknown organization",
            changed(&good, "hotlines.csv", "one-line,one,", "one-line,nobody,"),
            vec![
                "hotlines.csv, line 2, column organization",
                "no record nobody",
                "add that record",
            ],
        ),
        (
            "unknown source",
            changed(
                &good,
                "organization_sources.csv",
                "source-one",
                "source-two",
            ),
            vec![
                "organization_sources.csv, line 2, column source",
                "source-two",
            ],
        ),
        (
            "unknown topic",
            changed(&good, "organizations.csv", "online_abuse", "unknown_topic"),
            vec!["organizations.csv, line 2, column topics", "unknown_topic"],
        ),
        (
            "orphan",
            with_row(
                &good,
                "hotline_contact_points.csv",
                "no-line,phone,116123,,116123,,,GB,,,",
            ),
            vec![
                "hotline_contact_points.csv, line 3, column hotline",
                "no row of the main file",
            ],
        ),
        (
            "missing column",
            changed(&good, "topics.csv", "axis,", ""),
            vec!["topics.csv, line 1, column axis", "missing"],
        ),
        (
            "unknown column",
            changed(&good, "topics.csv", "description", "descripton"),
            vec![
                "topics.csv, line 1, column descripton",
                "did you mean description?",
            ],
        ),
        (
            "column twice",
            changed(&good, "topics.csv", "slug,name", "slug,slug"),
            vec!["topics.csv, line 1, column slug", "twice"],
        ),
        (
            "slug twice",
            twice("organizations.csv", 1),
            vec!["organizations.csv, line 3, column slug", "same slug"],
        ),
        (
            "observation twice",
            changed(
                &good,
                "statistics.csv",
                "2021-01-01,2021-12-31",
                "2020-01-01,2020-12-31",
            ),
            vec!["statistics.csv, line 3", "same observation"],
        ),
        (
            "row not UTF-8",
            not_utf8,
            vec!["organizations.csv, line 3", "not UTF-8", "CSV UTF-8"],
        ),
        (
            "header not UTF-8",
            not_utf8_header,
            vec!["topics.csv, line 1", "not UTF-8"],
        ),
        (
            "too few cells",
            with_row(&good, "topics.csv", "policy,Policy"),
            vec!["topics.csv, line 3", "2 cells, 4 wanted"],
        ),
        (
            "too many cells",
            with_row(&good, "topics.csv", "policy,Policy,service,Laws, and more"),
            vec!["topics.csv, line 3", "5 cells, 4 wanted"],
        ),
        (
            "unknown file",
            unknown_file,
            vec!["hotline.csv", "no such file", "did you mean hotlines?"],
        ),
        (
            "missing file",
            missing_file,
            vec![
                "hotline_contact_points.csv",
                "the file is missing",
                "add it",
            ],
        ),
        (
            "shelter",
            changed(
                &good,
                "regional_contacts.csv",
                "One Office",
                "One Women's Shelter",
            ),
            vec!["regional_contacts.csv, line 2", "shelter"],
        ),
        (
            "number that does not exist",
            changed(
                &good,
                "hotline_contact_points.csv",
                "116123,,116123",
                "+4412,+4412,",
            ),
            vec!["hotline_contact_points.csv, line 2"],
        ),
        (
            "vanity that spells another number",
            changed(
                &good,
                "hotline_contact_points.csv",
                "phone,116123,,116123",
                "phone,1-800-THE-LAST,+18008435678,",
            ),
            vec!["hotline_contact_points.csv, line 2", "does not spell"],
        ),
        (
            "script for an address",
            changed(
                &good,
                "organizations.csv",
                "https://one.example/",
                "javascript:alert(1)",
            ),
            vec!["organizations.csv, line 2, column website", "web address"],
        ),
        (
            "bidi",
            changed(&good, "organizations.csv", "Helps.", "Helps\u{202e}."),
            vec![
                "organizations.csv, line 2, column description",
                "direction control",
            ],
        ),
        (
            "hours without zone",
            changed(&good, "hotlines.csv", "24/7,,true", "Mo-Fr 09:00-17:00,,"),
            vec!["hotlines.csv, line 2", "zone"],
        ),
        (
            "disputed by nobody",
            changed(&good, "statistics.csv", "not_assessed", "disputed"),
            vec!["statistics.csv, line 2", "critique"],
        ),
        (
            "figure without source",
            changed(
                &good,
                "statistic_sources.csv",
                "lines-2020,source-one,,,\n",
                "",
            ),
            vec!["statistics.csv, line 2, column sources"],
        ),
    ];
    let empty = Database::empty().await;
    let filled = Database::empty().await;
    filled.import(&good, &[]).await.unwrap();
    for (name, files, parts) in cases {
        for database in [&empty, &filled] {
            let before = standing(database).await;
            let words = database
                .import(&files, &[("LODESTAR_ONE_PERSON", "true")])
                .await;
            let words = words.expect_err(name);
            assert!(
                words.starts_with("nothing was imported:\n"),
                "{name}: {words}"
            );
            for part in &parts {
                assert!(words.contains(part), "{name}: no {part:?} in {words}");
            }
            assert_eq!(standing(database).await, before, "{name}: something stayed");
        }
    }
}

#[actix_web::test]
async fn all_faults_are_named_at_once() {
    let mut files = changed(&small(), "organizations.csv", ",ngo,", ",cult,");
    files = changed(&files, "topics.csv", ",type,", ",kind,");
    files = with_row(&files, "sources.csv", "two,Two,,nowhere,,");
    let words = Database::empty()
        .await
        .import(&files, &[])
        .await
        .unwrap_err();
    for part in [
        "organizations.csv, line 2, column kind",
        "topics.csv, line 2, column axis",
    ] {
        assert!(words.contains(part), "{words}");
    }
}

#[actix_web::test]
async fn the_same_folder_again_changes_nothing() {
    let database = Database::full().await;
    let before = standing(&database).await;
    let records: i64 = before[0]["records"].as_i64().unwrap();
    let done = database
        .import(&shipped_files().unwrap(), &[])
        .await
        .unwrap();
    assert_eq!(done[..3], [0, 0, records]);
    assert_eq!(standing(&database).await, before);
}

#[actix_web::test]
async fn a_change_takes_one_revision_and_keeps_id_and_creation() {
    let database = Database::empty().await;
    database.import(&small(), &[]).await.unwrap();
    let record = "select id, created_at, revision, document ->> 'name' as name from ledger.records where slug = 'one'";
    let before = rows(&mut database.writer().await, record).await.remove(0);
    let files = changed(&small(), "organizations.csv", "one,One,", "one,Uno,");
    assert_eq!(database.import(&files, &[]).await.unwrap(), [0, 1, 3, 5]);
    let after = rows(&mut database.writer().await, record).await.remove(0);
    assert_eq!(
        (&after["id"], &after["created_at"]),
        (&before["id"], &before["created_at"])
    );
    assert_eq!(
        (&after["revision"], &after["name"]),
        (&5.into(), &"Uno".into())
    );
    let entries = "select action, document ->> 'name' as name, one_person from ledger.entries where slug = 'one' order by revision";
    let entries = rows(&mut database.writer().await, entries).await;
    assert_eq!(
        Value::from(entries),
        serde_json::json!([{"action": "created", "name": "One", "one_person": true}, {"action": "updated", "name": "Uno", "one_person": false}])
    );
}

#[actix_web::test]
async fn a_changed_contact_point_of_a_published_record_waits_for_a_second_person() {
    let database = Database::empty().await;
    database.import(&small(), &[]).await.unwrap();
    let points = "hotline_contact_points.csv";
    let new_line = with_row(
        &small(),
        "hotlines.csv",
        "two-line,one,Two Line,,,en,GB,en,,24/7,,true,online_abuse,,,,,,unknown,unknown,,",
    );
    let new_line = with_row(
        &new_line,
        "hotline_sources.csv",
        "two-line,source-one,,2026,2026-11-23",
    );
    let new_line = with_row(&new_line, points, "two-line,phone,116000,,116000,,,GB,,,");
    for (name, files, applied) in [
        (
            "another number",
            changed(&small(), points, "116123,,116123", "116124,,116124"),
            [0, 1, 3],
        ),
        (
            "one number more",
            with_row(&small(), points, "one-line,phone,116000,,116000,,,GB,,,"),
            [0, 1, 3],
        ),
        (
            "dialled from elsewhere",
            changed(&small(), points, ",GB,true", ",IE,true"),
            [0, 1, 3],
        ),
        (
            "another note",
            changed(&small(), points, "GB,true,,", "GB,true,,Ask for Bob."),
            [0, 1, 3],
        ),
        ("a new line", new_line, [1, 0, 4]),
    ] {
        let before = standing(&database).await;
        let words = database.import(&files, &[]).await.expect_err(name);
        assert!(
            words.contains("hotline_contact_points.csv, line ")
                && words.contains("second person")
                && words.contains("LODESTAR_ONE_PERSON"),
            "{name}: {words}"
        );
        assert_eq!(standing(&database).await, before, "{name}");
        let fresh = Database::empty().await;
        fresh.import(&small(), &[]).await.unwrap();
        let done = fresh
            .import(&files, &[("LODESTAR_ONE_PERSON", "true")])
            .await
            .unwrap();
        assert_eq!(done[..3], applied, "{name}");
        let stamped = rows(
            &mut fresh.writer().await,
            "select one_person from ledger.entries order by revision desc limit 1",
        )
        .await;
        assert_eq!(
            stamped[0]["one_person"], true,
            "the mode is stamped on the revision"
        );
    }
}
