//! Spreadsheets: read whatever they were saved as, checked without a write, applied by a second
//! person, exported so that they come back.

mod bad;
mod roundtrip;
mod told;
pub mod workbook;

use crate::{
    curation::Desk,
    support::{Answer, Database, Files, Server, folder_of, lodestar, new_path, rows, said, small},
};
use actix_web::test::TestRequest;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::{
    fs,
    io::{Cursor, Read, Write},
    time::{Duration, Instant},
};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

pub const IMPORTS: &str = "/v1/imports";
pub const ZIP: &str = "application/zip";
pub const NDJSON: &str = "application/x-ndjson";
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Files as one zip file.
pub fn zip_of(files: &Files) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        let options = SimpleFileOptions::default();
        zip.start_file(name.as_str(), options).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub fn unzipped(bytes: &[u8]) -> Files {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = Files::new();
    for place in 0..zip.len() {
        let mut entry = zip.by_index(place).unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        files.insert(entry.name().unwrap().into_owned(), content);
    }
    files
}

/// Files with one text exchanged for another.
pub fn changed(files: &Files, file: &str, from: &str, to: &str) -> Files {
    let mut files = files.clone();
    let text = String::from_utf8(files[file].clone()).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    files.insert(file.to_owned(), text.replacen(from, to, 1).into_bytes());
    files
}

pub fn counts(check: &Value) -> [i64; 5] {
    ["create", "update", "unchanged", "conflict", "error"]
        .map(|name| check["counts"][name].as_i64().unwrap())
}

impl Desk {
    /// A check, which must have come about.
    pub async fn check(&self, who: &str, kind: &str, bytes: Vec<u8>) -> Value {
        let answer = self.send(who, IMPORTS, kind, bytes).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.value()
    }

    pub async fn apply(&self, who: &str, check: &Value) -> Answer {
        let digest = check["digest"].as_str().unwrap();
        let uri = format!("{IMPORTS}/{digest}/apply");
        self.ask(who, "POST", &uri, &[], None).await
    }

    /// All that the directory holds, and what is no part of it.
    pub async fn all(&self) -> Vec<Value> {
        standing(&self.site.database).await
    }

    pub async fn export(&self, query: &str) -> Vec<u8> {
        let uri = format!("/v1/export{query}");
        let answer = self.ask("Cleo", "GET", &uri, &[], None).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.body
    }
}

pub async fn standing(database: &Database) -> Vec<Value> {
    let counts = "select (select revision from ledger.head) as head, (select count(*) from ledger.entries) as entries,
        (select count(*) from ledger.records) as records, (select revision from published.directory) as directory,
        (select count(*) from published.organizations) + (select count(*) from published.hotlines)
          + (select count(*) from published.vocabularies) as published, (select count(*) from ledger.proposals) as proposals";
    rows(&mut database.writer().await, counts).await
}

/// A desk over the small directory of files.
pub async fn desk() -> Desk {
    let database = Database::empty().await;
    database.import(&small(), &[]).await.unwrap();
    Desk::over(database).await
}

/// The small directory with another description, and one organization more.
fn edited() -> Files {
    let mut files = changed(&small(), "organizations.csv", "Helps.", "Helps well.");
    let mut add = |file: &str, row: &str| files.get_mut(file).unwrap().extend(row.as_bytes());
    add(
        "organizations.csv",
        "two,Two,,ngo,Grüße.,,,GB,national,online_abuse,,en\n",
    );
    add(
        "organization_sources.csv",
        "two,source-one,,2026,2026-11-23\n",
    );
    files
}

#[actix_web::test]
async fn whatever_it_is_saved_as_it_is_recognised() {
    let desk = desk().await;
    let before = desk.all().await;
    let files = edited();
    type Saved = fn(&str) -> Vec<u8>;
    let wide = |text: &str, order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    };
    let delimited = |text: &str, sign: u8| -> Vec<u8> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(text.as_bytes());
        let mut writer = csv::WriterBuilder::new()
            .delimiter(sign)
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::new());
        for record in reader.records() {
            writer.write_record(&record.unwrap()).unwrap();
        }
        writer.into_inner().unwrap()
    };
    let plain: Saved = |text| text.as_bytes().to_vec();
    let marked: Saved = |text| [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    let latin: Saved = |text| text.chars().map(|one| u32::from(one) as u8).collect();
    let all = |save: &dyn Fn(&str) -> Vec<u8>| -> Files {
        let saved = files.iter().map(|(name, bytes)| {
            let text = std::str::from_utf8(bytes).unwrap();
            (name.clone(), save(text))
        });
        saved.collect()
    };
    for (name, saved, encoding, delimiter) in [
        ("plain", all(&plain), "UTF-8", "comma"),
        ("marked", all(&marked), "UTF-8 with BOM", "comma"),
        ("latin", all(&latin), "Windows-1252", "comma"),
        (
            "semicolons",
            all(&|text| delimited(text, b';')),
            "UTF-8",
            "semicolon",
        ),
        ("tabs", all(&|text| delimited(text, b'\t')), "UTF-8", "tab"),
        (
            "UTF-16 of Excel",
            all(&|text| {
                [
                    b"\xFF\xFE".to_vec(),
                    wide(
                        std::str::from_utf8(&delimited(text, b'\t')).unwrap(),
                        u16::to_le_bytes,
                    ),
                ]
                .concat()
            }),
            "UTF-16LE",
            "tab",
        ),
        (
            "UTF-16, big",
            all(&|text| wide(text, u16::to_be_bytes)),
            "UTF-16BE",
            "comma",
        ),
    ] {
        let check = desk.check("Ed", ZIP, zip_of(&saved)).await;
        assert_eq!(counts(&check), [1, 1, 3, 0, 0], "{name}: {check}");
        let file = check["files"].as_array().unwrap().iter();
        let file = file.clone().find(|one| one["file"] == "organizations.csv");
        let wanted = json!({"file": "organizations.csv", "encoding": encoding, "delimiter": delimiter, "rows": 2});
        assert_eq!(file, Some(&wanted), "{name}");
    }
    // A workbook, and lines.
    let book = workbook::of_files(&files);
    let check = desk.check("Ed", XLSX, book).await;
    assert_eq!(counts(&check), [1, 1, 3, 0, 0], "{check}");
    let lines = String::from_utf8(desk.export("?format=ndjson").await).unwrap();
    let lines = lines.replacen("Helps.", "Helps well.", 1);
    let check = desk.check("Ed", NDJSON, lines.into_bytes()).await;
    assert_eq!(counts(&check), [0, 1, 3, 0, 0], "{check}");
    assert_eq!(desk.all().await, before, "a check writes nothing");
}

#[actix_web::test]
async fn one_checks_and_another_applies_exactly_that() {
    let desk = desk().await;
    let bytes = zip_of(&edited());
    let check = desk.check("Ada", ZIP, bytes.clone()).await;
    let digest = check["digest"].as_str().unwrap();
    let before = desk.all().await;
    // It takes two, and an admin.
    for (who, status, code) in [
        ("Ed", 403, "role"),
        ("Pia", 403, "role"),
        ("Ada", 403, "own"),
    ] {
        let answer = desk.apply(who, &check).await;
        assert_eq!(answer.status, status, "{who}: {}", answer.text());
        assert_eq!(answer.value()["errors"][0]["code"], code);
    }
    let never = json!({"digest": "0".repeat(64)});
    assert_eq!(desk.apply("Amy", &never).await.status, 404);
    assert_eq!(desk.all().await, before);
    let applied = desk.apply("Amy", &check).await;
    assert_eq!(applied.status, 200, "{}", applied.text());
    let applied = applied.value();
    assert_eq!(
        (
            &applied["created"],
            &applied["updated"],
            &applied["unchanged"]
        ),
        (&json!(1), &json!(1), &json!(3))
    );
    let history = desk.get("Ed", "/v1/organizations/two/history").await;
    let entry = &history["contents"][0];
    assert_eq!(
        (&entry["actor"], &entry["second_person"], &entry["reason"]),
        (
            &json!("Ada"),
            &json!("Amy"),
            &json!(format!("import {}", &digest[..12]))
        )
    );
    // Once.
    let after = desk.all().await;
    let again = desk.apply("Amy", &check).await;
    assert_eq!(
        (again.status, &again.value()["errors"][0]["code"]),
        (409, &json!("applied"))
    );
    let read = desk.get("Ed", &format!("{IMPORTS}/{digest}")).await;
    assert_eq!(
        (
            &read["applied_by"],
            &read["applied_revision"],
            &read["checked_by"]
        ),
        (&json!("Amy"), &applied["revision"], &json!("Ada"))
    );
    let listed = desk.get("Ed", IMPORTS).await;
    assert_eq!(
        (&listed["total_items"], &listed["contents"][0]["digest"]),
        (&json!(1), &json!(digest))
    );
    // The same files again come to nothing.
    let check = desk.check("Ada", ZIP, bytes).await;
    assert_eq!(counts(&check), [0, 0, 5, 0, 0]);
    let applied = desk.apply("Amy", &check).await.json();
    assert_eq!(
        (&applied["updated"], &applied["unchanged"]),
        (&json!(0), &json!(5))
    );
    assert_eq!(desk.all().await, after);
    // A new number goes the same way, since two have seen it.
    let points = "hotline_contact_points.csv";
    let other = changed(&edited(), points, "116123,,116123", "116124,,116124");
    let check = desk.check("Ed", ZIP, zip_of(&other)).await;
    assert_eq!(counts(&check), [0, 1, 4, 0, 0]);
    assert_eq!(desk.apply("Ada", &check).await.status, 200);
    assert_eq!(desk.numbers("/v1/hotlines/one-line").await, ["116124"]);
}

#[actix_web::test]
async fn what_changed_since_the_check_is_not_overwritten() {
    let desk = desk().await;
    let check = desk.check("Ed", ZIP, zip_of(&edited())).await;
    let patch = json!({"description": "Changed meanwhile."});
    desk.done(200, "Pia", "PATCH", "/v1/organizations/one", patch)
        .await;
    let before = desk.all().await;
    let answer = desk.apply("Ada", &check).await;
    let error = answer.value()["errors"][0].clone();
    assert_eq!(
        (answer.status, &error["code"]),
        (409, &json!("changed_since")),
        "{error}"
    );
    let reason = error["reason"].as_str().unwrap();
    assert!(reason.contains("organizations.csv, line 2"), "{reason}");
    assert_eq!(error["remedy"], "check the files again");
    assert_eq!(desk.all().await, before);
    // Also where the files leave it as it was.
    let same = changed(
        &edited(),
        "organizations.csv",
        "Helps well.",
        "Changed meanwhile.",
    );
    let check = desk.check("Ed", ZIP, zip_of(&same)).await;
    assert_eq!(counts(&check), [1, 0, 4, 0, 0]);
    let patch = json!({"description": "Once more."});
    desk.done(200, "Pia", "PATCH", "/v1/organizations/one", patch)
        .await;
    assert_eq!(desk.apply("Ada", &check).await.status, 409);
    // Or makes what would be new.
    let check = desk
        .check(
            "Ed",
            ZIP,
            zip_of(&changed(
                &same,
                "organizations.csv",
                "Changed meanwhile.",
                "Once more.",
            )),
        )
        .await;
    let made = crate::curation::organization("two", "Another Two");
    desk.done(201, "Eve", "POST", "/v1/organizations", made)
        .await;
    let before = desk.all().await;
    assert_eq!(desk.apply("Ada", &check).await.status, 409);
    assert_eq!(desk.all().await, before);
}

#[actix_web::test]
async fn of_two_who_apply_at_once_one_does() {
    let desk = desk().await;
    for round in 0..5 {
        let files = changed(
            &small(),
            "organizations.csv",
            "Helps.",
            &format!("Round {round}."),
        );
        let check = desk.check("Ed", ZIP, zip_of(&files)).await;
        let before = desk.all().await[0]["entries"].as_i64().unwrap();
        let both = ["Ada", "Amy", "Ada", "Amy"].map(|who| desk.apply(who, &check));
        let answers = join_all(both).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409, 409, 409]);
        let refused = answers.iter().filter(|answer| answer.status == 409);
        for answer in refused {
            let code = answer.value()["errors"][0]["code"].clone();
            assert!(code == "in_flight" || code == "applied", "{code}");
        }
        let after = desk.all().await[0]["entries"].as_i64().unwrap();
        assert_eq!(after, before + 1);
    }
}

#[actix_web::test]
async fn a_revision_locks_its_row() {
    let desk = desk().await;
    let exported = unzipped(&desk.export("").await);
    assert!(exported["organizations.csv"].starts_with(b"slug,name,"));
    let check = desk.check("Ed", ZIP, zip_of(&exported)).await;
    assert_eq!(counts(&check), [0, 0, 4, 0, 0]);
    let patch = json!({"description": "Changed meanwhile."});
    desk.done(200, "Pia", "PATCH", "/v1/organizations/one", patch)
        .await;
    let check = desk.check("Ed", ZIP, zip_of(&exported)).await;
    assert_eq!(counts(&check), [0, 0, 3, 1, 0], "{check}");
    let fault = &check["faults"][0];
    assert_eq!(
        (&fault["file"], &fault["line"], &fault["code"]),
        (&json!("organizations.csv"), &json!(2), &json!("revision"))
    );
    let answer = desk.apply("Ada", &check).await;
    assert_eq!(
        (answer.status, &answer.value()["errors"][0]["code"]),
        (409, &json!("faulty"))
    );
    // Without revisions the files say what shall stand, whatever stood.
    let plain = unzipped(&desk.export("?profile=raw").await);
    assert_eq!(
        desk.check("Ed", ZIP, zip_of(&plain)).await["counts"]["unchanged"],
        4
    );
    let again = unzipped(&desk.export("?profile=raw&revision=true").await);
    let header = String::from_utf8(again["organizations.csv"].clone()).unwrap();
    assert!(header.lines().next().unwrap().ends_with(",revision"));
    // What comes to the same as what somebody else did meanwhile is no conflict.
    let same = changed(
        &exported,
        "organizations.csv",
        "Helps.",
        "Changed meanwhile.",
    );
    let check = desk.check("Ed", ZIP, zip_of(&same)).await;
    assert_eq!(counts(&check), [0, 0, 4, 0, 0]);
    // A new row comes in once. Later it is what stands, or a conflict: its copy is older than what somebody did.
    let mut with_new = unzipped(&desk.export("").await);
    let new = [
        with_new["topics.csv"].clone(),
        b"new_topic,New,service,Said.,\r\n".to_vec(),
    ];
    with_new.insert("topics.csv".to_owned(), new.concat());
    let check = desk.check("Ed", ZIP, zip_of(&with_new)).await;
    assert_eq!(counts(&check)[0], 1, "{check}");
    assert_eq!(desk.apply("Ada", &check).await.status, 200);
    let check = desk.check("Ed", ZIP, zip_of(&with_new)).await;
    assert_eq!(counts(&check), [0, 0, 5, 0, 0], "{check}");
    let patch = json!({"description": "Said since."});
    desk.done(200, "Ada", "PATCH", "/v1/topics/new_topic", patch)
        .await;
    let check = desk.check("Ed", ZIP, zip_of(&with_new)).await;
    assert_eq!(counts(&check), [0, 0, 4, 1, 0], "{check}");
    assert_eq!(check["faults"][0]["code"], "revision");
    let wrong = changed(&exported, "organizations.csv", ",en,", ",en,x");
    let check = desk.check("Ed", ZIP, zip_of(&wrong)).await;
    assert_eq!(check["faults"][0]["column"], "revision");
}

#[actix_web::test]
async fn the_same_files_come_back_with_two_more_columns_and_go_in_again() {
    let desk = desk().await;
    let mut files = changed(
        &edited(),
        "organizations.csv",
        "two,Two,,ngo",
        "two,Two,,cult",
    );
    files.get_mut("topics.csv").unwrap().extend(b"short,row\n");
    let check = desk.check("Ed", ZIP, zip_of(&files)).await;
    assert_eq!(counts(&check), [0, 1, 3, 0, 2], "{check}");
    let digest = check["digest"].as_str().unwrap();
    let uri = format!("{IMPORTS}/{digest}/files");
    let answer = desk.ask("Ed", "GET", &uri, &[], None).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, ZIP));
    let back = unzipped(&answer.body);
    let text = String::from_utf8(back["organizations.csv"].clone()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].ends_with(",lang,check,check_note"), "{text}");
    assert!(
        lines[1].ends_with(",en,update,description: Helps. → Helps well."),
        "{text}"
    );
    assert!(
        lines[2].contains(",en,error,") && lines[2].contains("kind: the value is not in the list"),
        "{text}"
    );
    let text = String::from_utf8(back["organization_sources.csv"].clone()).unwrap();
    assert!(
        text.lines()
            .nth(2)
            .unwrap()
            .contains("something is wrong with this record: see organizations.csv, line 3"),
        "{text}"
    );
    let text = String::from_utf8(back["topics.csv"].clone()).unwrap();
    assert!(
        text.lines().nth(2).unwrap().contains("2 cells, 4 wanted"),
        "{text}"
    );
    // Corrected they go in as they came back.
    let back = changed(&back, "organizations.csv", "cult", "ngo");
    let topics = String::from_utf8(back["topics.csv"].clone()).unwrap();
    let topics: Vec<&str> = topics
        .lines()
        .filter(|line| !line.starts_with("short"))
        .collect();
    let mut back = back.clone();
    back.insert("topics.csv".to_owned(), topics.join("\n").into_bytes());
    let check = desk.check("Ed", ZIP, zip_of(&back)).await;
    assert_eq!(counts(&check), [1, 1, 3, 0, 0], "{check}");
}

#[actix_web::test]
async fn checks_are_kept_for_a_week() {
    let desk = desk().await;
    let check = desk.check("Ed", ZIP, zip_of(&edited())).await;
    let mut superuser = desk.site.database.superuser().await;
    crate::support::run(
        &mut superuser,
        "update ledger.imports set expires_at = now() - interval '1 second'",
    )
    .await;
    let digest = check["digest"].as_str().unwrap();
    for path in ["", "/files"] {
        let uri = format!("{IMPORTS}/{digest}{path}");
        assert_eq!(desk.ask("Ed", "GET", &uri, &[], None).await.status, 404);
    }
    assert_eq!(desk.apply("Ada", &check).await.status, 404);
    assert_eq!(desk.get("Ed", IMPORTS).await["total_items"], 0);
    // The next check drops it.
    desk.check("Ed", ZIP, zip_of(&small())).await;
    let kept = rows(&mut superuser, "select 1 from ledger.imports").await;
    assert_eq!(kept.len(), 1);
}

#[actix_web::test]
async fn commands_check_and_apply_what_was_checked() {
    let desk = desk().await;
    let database = &desk.site.database;
    let vars = database.vars();
    let run = |arguments: &[&str]| {
        let mut command = lodestar(&vars);
        command.arg("import").args(arguments);
        said(command)
    };
    let before = desk.all().await;
    let folder = folder_of(&edited());
    let path = folder.to_str().unwrap();
    let report = new_path();
    let told = report.to_str().unwrap();
    let (done, out, words) = run(&[path, "--check", "--verbose", "--report", told]);
    assert!(done, "{out}{words}");
    assert!(
        out.contains("organizations.csv: UTF-8, comma, 2 rows\n"),
        "{out}"
    );
    assert!(
        out.contains("1 to create, 1 to change, 3 unchanged, 0 in conflict, 0 with errors"),
        "{out}"
    );
    assert!(words.contains("check: 9 rows"), "{words}");
    let noted = fs::read_to_string(report.join("organizations.csv")).unwrap();
    assert!(noted.contains(",check,check_note\r\n"), "{noted}");
    let kept = "select 1 from ledger.imports";
    assert!(rows(&mut database.superuser().await, kept).await.is_empty());
    // Kept for somebody else.
    let (done, out, words) = run(&[path, "--check", "--as", "Carla"]);
    assert!(done, "{out}{words}");
    let digest = out.trim().rsplit(' ').next().unwrap().to_owned();
    assert_eq!(digest.len(), 64, "{out}");
    assert_eq!(desk.all().await, before);
    for (arguments, part) in [
        (
            vec![path, "--apply", &digest, "--as", "carla"],
            "it takes two",
        ),
        (vec![path, "--apply", "00", "--as", "Dora"], "64 digits"),
        (vec![path, "--apply", &digest], "--as"),
        (vec![path, "--as", "Dora"], "--check or --apply"),
    ] {
        let (done, _, words) = run(&arguments);
        assert!(!done && words.contains(part), "{words}");
    }
    // A file that changed since is not what was checked.
    fs::write(folder.join("topics.csv"), "slug,name,axis,description\n").unwrap();
    let (done, _, words) = run(&[path, "--apply", &digest, "--as", "Dora"]);
    assert!(
        !done && words.contains("not those that were checked"),
        "{words}"
    );
    assert_eq!(desk.all().await, before);
    fs::write(folder.join("topics.csv"), &edited()["topics.csv"]).unwrap();
    let (done, out, words) = run(&[path, "--apply", &digest, "--as", "Dora"]);
    assert!(
        done && out.contains("1 created, 1 changed, 3 unchanged; revision "),
        "{out}{words}"
    );
    let entry = "select actor, second_person from ledger.entries order by revision desc limit 1";
    assert_eq!(
        rows(&mut database.superuser().await, entry).await,
        [json!({"actor": "Carla", "second_person": "Dora"})]
    );
    // What is wrong ends with a failure, and names its place.
    let wrong = changed(&edited(), "organizations.csv", ",ngo,", ",cult,");
    let (done, out, words) = run(&[folder_of(&wrong).to_str().unwrap(), "--check"]);
    assert!(
        !done
            && out.contains(
                "organizations.csv, line 2, column kind (text): the value is not in the list; use "
            ),
        "{out}{words}"
    );
    assert!(words.contains("correct what is named above"), "{words}");
    // Other forms by their names.
    for (name, bytes) in [
        ("brought.zip", zip_of(&edited())),
        ("brought.xlsx", workbook::of_files(&edited())),
        ("brought.ndjson", desk.export("?format=ndjson").await),
    ] {
        let file = new_path();
        fs::create_dir_all(&file).unwrap();
        let file = file.join(name);
        fs::write(&file, bytes).unwrap();
        let (done, out, words) = run(&[file.to_str().unwrap(), "--check"]);
        assert!(
            done && out.contains("0 to create, 0 to change, 5 unchanged"),
            "{name}: {out}{words}"
        );
    }
    let (done, _, words) = run(&["Cargo.toml", "--check"]);
    assert!(!done && words.contains("it has another form"), "{words}");
}

#[actix_web::test]
async fn one_person_and_an_empty_directory_are_the_exceptions() {
    let vars = [("LODESTAR_ONE_PERSON", "true")];
    let alone = Database::empty().await;
    let folder = folder_of(&small());
    let path = folder.to_str().unwrap();
    let run = |more: &[(&str, &str)], arguments: &[&str]| {
        let mut command = lodestar(&alone.vars());
        command.envs(more.iter().copied());
        command.arg("import").arg(path).args(arguments);
        said(command)
    };
    let (done, out, _) = run(&[], &["--check", "--as", "Carla"]);
    assert!(done, "{out}");
    let digest = out.trim().rsplit(' ').next().unwrap().to_owned();
    let (done, out, words) = run(&[], &["--apply", &digest, "--as", "Carla"]);
    assert!(done && out.contains("4 created"), "{out}{words}");
    fs::write(
        folder.join("hotline_contact_points.csv"),
        &changed(
            &small(),
            "hotline_contact_points.csv",
            "116123,,116123",
            "116124,,116124",
        )["hotline_contact_points.csv"],
    )
    .unwrap();
    let (_, out, _) = run(&[], &["--check", "--as", "Carla"]);
    let digest = out.trim().rsplit(' ').next().unwrap().to_owned();
    let (done, _, words) = run(&[], &["--apply", &digest, "--as", "Carla"]);
    assert!(!done && words.contains("it takes two"), "{words}");
    let (done, out, words) = run(&vars, &["--apply", &digest, "--as", "Carla"]);
    assert!(done && out.contains("1 changed"), "{out}{words}");
    let entry = "select actor, second_person, one_person from ledger.entries order by revision desc limit 1";
    assert_eq!(
        rows(&mut alone.superuser().await, entry).await,
        [json!({"actor": "Carla", "second_person": null, "one_person": true})]
    );
}

#[actix_web::test]
async fn nobody_without_a_role_learns_what_was_checked() {
    let desk = desk().await;
    let check = desk.check("Ed", ZIP, zip_of(&edited())).await;
    let digest = check["digest"].as_str().unwrap();
    for path in [
        String::new(),
        format!("/{digest}"),
        format!("/{digest}/files"),
    ] {
        let uri = format!("{IMPORTS}{path}");
        assert_eq!(desk.ask("Cleo", "GET", &uri, &[], None).await.status, 403);
        assert_eq!(
            desk.site.ask(TestRequest::get().uri(&uri)).await.status,
            401
        );
    }
    let limited = desk
        .site
        .database
        .limited_key("Abroad", "admin", &["FR"], 9)
        .await;
    desk.site.know(&limited).await;
    let request = TestRequest::post()
        .uri(&format!("{IMPORTS}/{digest}/apply"))
        .insert_header(("Authorization", format!("Bearer {limited}")));
    let answer = desk.site.ask(request).await;
    assert_eq!(
        (answer.status, &answer.value()["errors"][0]["code"]),
        (403, &json!("country"))
    );
}

#[actix_web::test]
async fn exports_that_are_read_slowly_keep_no_reader_waiting() {
    let database = Database::full().await;
    let key = database.key("Emil", "contributor").await;
    let server = Server::start(&database.vars()).await;
    let export =
        format!("GET /v1/export?format=ndjson HTTP/1.1\r\nAuthorization: Bearer {key}\r\n");
    // As many as there are readers, and as many as there may be.
    let mut slow = Vec::new();
    for _ in 0..4 {
        let (stream, status) = server.slow(&export).await;
        assert_eq!(status, "200");
        slow.push(stream);
    }
    let begun = Instant::now();
    for country in ["GB", "FR", "DE", "ES"] {
        let answer = server.get(&format!("/v1/hotlines?country={country}")).await;
        assert_eq!(answer.status, 200, "{country}: {}", answer.text());
    }
    assert!(begun.elapsed().as_secs() < 5);
    let (_, status) = server.slow(&export).await;
    assert_eq!(status, "503");
    // Who hangs up makes room.
    slow.clear();
    for _ in 0..100 {
        let (_, status) = server.slow(&export).await;
        if status == "200" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("nobody may export any more");
}
