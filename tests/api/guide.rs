//! The guides are true: every command of docs/curation.md, docs/spreadsheets.md, docs/statistics.md and docs/embeds.md, and those of the
//! README about curating, runs in the order of the page, in one shell, beside a started server, and prints what stands
//! under it.

use crate::support::{Database, Server, manifest, new_path};
use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

/// Stands between what two steps print; no command prints it.
const SEPARATOR: char = '\u{1e}';
/// Stands for anything: within a line for a part of it, alone for any number of lines.
const ANYTHING: &str = "...";
/// Where the guides say that the server answers.
const ADDRESS: &str = "127.0.0.1:8080";

/// Commands (```` ```sh ````), and what they print on both streams (```` ```text ````); without
/// that they print nothing.
struct Step {
    /// Of the page.
    line: usize,
    commands: String,
    printed: String,
}

/// The steps of a page, or of one section of it. What has no language is for reading alone.
fn steps(page: &str, section: Option<&str>) -> Vec<Step> {
    let text = fs::read_to_string(manifest(page)).unwrap();
    let mut steps: Vec<Step> = Vec::new();
    let (mut within, mut language) = (section.is_none(), None);
    for (place, line) in text.lines().enumerate() {
        match (language, line.strip_prefix("```")) {
            (None, None) => {
                if let (Some(section), Some(title)) = (section, line.strip_prefix("## ")) {
                    within = title == section;
                }
            }
            (None, Some(opened)) => {
                language = Some(opened);
                match opened {
                    "sh" if within => steps.push(Step {
                        line: place + 2,
                        commands: String::new(),
                        printed: String::new(),
                    }),
                    "" | "sh" | "text" => {}
                    other => panic!("{page}: code in {other} is neither run nor compared"),
                }
            }
            (Some(_), Some("")) => language = None,
            (Some(known), _) if within => {
                let step = steps.last_mut();
                match known {
                    "sh" => step.unwrap().commands += &format!("{line}\n"),
                    "text" => step.unwrap().printed += &format!("{line}\n"),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    assert!(language.is_none(), "{page}: a block does not end");
    steps
}

/// Whether a line is what was expected.
fn is_line(expected: &str, printed: &str) -> bool {
    let parts: Vec<&str> = expected.split(ANYTHING).collect();
    let [first, middle @ .., last] = parts.as_slice() else {
        return expected == printed;
    };
    let Some(mut rest) = printed.strip_prefix(first) else {
        return false;
    };
    for part in middle {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// Whether lines are what was expected.
fn are_lines(expected: &[&str], printed: &[&str]) -> bool {
    match (expected, printed) {
        ([], _) => printed.is_empty(),
        ([ANYTHING, after @ ..], _) => {
            (0..=printed.len()).any(|passed| are_lines(after, &printed[passed..]))
        }
        ([line, after @ ..], [first, others @ ..]) => {
            is_line(line, first) && are_lines(after, others)
        }
        (_, []) => false,
    }
}

fn lines(text: &str) -> Vec<&str> {
    text.trim_end().lines().map(str::trim_end).collect()
}

/// Runs the steps beside a server over the shipped directory, and compares.
async fn walk(page: &str, section: Option<&str>, least: usize) {
    let steps = steps(page, section);
    assert!(steps.len() >= least, "{page} has {} steps", steps.len());
    let database = Database::full().await;
    let server = Server::start(&database.vars()).await;
    let here = |text: &str| text.replace(ADDRESS, &server.address);

    let folder = new_path();
    fs::create_dir(&folder).unwrap();
    let script = folder.with_extension("sh");
    let separated = steps
        .iter()
        .map(|step| format!("printf '{SEPARATOR}'\n{}", here(&step.commands)));
    fs::write(&script, separated.collect::<String>()).unwrap();
    let binaries = Path::new(env!("CARGO_BIN_EXE_lodestar")).parent().unwrap();
    let path = std::env::var("PATH").unwrap();
    let ran = Command::new("bash")
        .args(["-euo", "pipefail", "-c", "exec 2>&1; . \"$0\""])
        .arg(&script)
        .current_dir(&folder)
        .env_clear()
        .env("HOME", &folder)
        .env("PATH", format!("{}:{path}", binaries.display()))
        .envs(database.vars())
        .stdin(Stdio::null())
        .output()
        .expect("the guides run in bash");

    let printed = String::from_utf8(ran.stdout).unwrap();
    let printed: Vec<&str> = printed.split(SEPARATOR).skip(1).collect();
    for (step, printed) in steps.iter().zip(&printed) {
        let expected = here(&step.printed);
        assert!(
            are_lines(&lines(&expected), &lines(printed)),
            "{page}, line {}:\n{}\nshall print\n\n{expected}\nand prints\n\n{printed}",
            step.line,
            step.commands,
        );
    }
    // A command that fails ends the walk after it.
    assert!(
        ran.status.success() && printed.len() == steps.len(),
        "{page}, line {}: it ends with {}",
        steps[printed.len().saturating_sub(1)].line,
        ran.status,
    );
}

#[actix_web::test]
async fn the_guide_to_curating_does_what_it_says() {
    walk("docs/curation.md", None, 25).await;
}

#[actix_web::test]
async fn the_guide_to_spreadsheets_does_what_it_says() {
    walk("docs/spreadsheets.md", None, 9).await;
}

#[actix_web::test]
async fn the_readme_makes_the_first_key() {
    walk("README.md", Some("Curate"), 1).await;
}

#[actix_web::test]
async fn the_page_on_figures_answers_what_partners_ask() {
    walk("docs/statistics.md", None, 8).await;
}

#[actix_web::test]
async fn the_page_on_embeds_does_what_it_says() {
    walk("docs/embeds.md", None, 5).await;
}

/// The requests that pages show beside their guides: each is answered, whatever it holds.
#[actix_web::test]
async fn every_request_that_a_page_shows_is_answered() {
    let database = Database::full().await;
    let server = Server::start(&database.vars()).await;
    let mut asked = 0;
    for page in [
        "README.md",
        "docs/search.md",
        "docs/citing.md",
        "docs/offline.md",
    ] {
        let text = fs::read_to_string(manifest(page)).unwrap();
        let (before, after) = text.split_once("\n## Curate\n").unwrap_or((&text, ""));
        let after = after.split_once("\n## ").map_or("", |(_, after)| after);
        for line in before.lines().chain(after.lines()) {
            if !line.starts_with("curl ") {
                continue;
            }
            let request = line.replacen("curl", "curl --fail -sS -o /dev/null", 1);
            let request = request.replace(ADDRESS, &server.address);
            let ran = Command::new("bash")
                .args(["-c", &request])
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&ran.stderr).into_owned();
            assert!(ran.status.success(), "{page}: {line}: {said}");
            asked += 1;
        }
    }
    assert!(asked >= 16, "{asked}");
}

#[test]
fn another_answer_is_seen() {
    let fits = |expected: &str, printed: &str| are_lines(&lines(expected), &lines(printed));
    assert!(fits("200", "200 \n") && fits("", "") && fits("...", "") && fits("...", "a\nb"));
    assert!(fits(
        "202 http://x/...\n...\nend",
        "202 http://x/1\na\nb\nend"
    ));
    assert!(fits("{\"a\":...,\"b\":[...]}", "{\"a\":1,\"b\":[2]}"));
    for (expected, printed) in [
        ("200", "201"),
        ("200", ""),
        ("", "200"),
        ("200", "200\n200"),
        ("200\n...", "201\n200"),
        ("202 http://x/...", "202 http://y/1"),
        ("{\"a\":...,\"b\":1}", "{\"a\":1,\"b\":12}"),
        ("{\"a\":...,\"b\":1}", "{\"b\":1,\"a\":1}"),
        ("\"b\":...\"a\"", "\"a\"\"b\""),
    ] {
        assert!(!fits(expected, printed), "{expected} is not {printed}");
    }
}
