//! The walls of the house: what may import what (HOUSE.md).

use crate::support::manifest;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const ROOMS: [&str; 5] = [
    "organizations",
    "hotlines",
    "regional_contacts",
    "statistics",
    "vocabularies",
];
const SECOND_FLOOR: [&str; 7] = [
    "ledger",
    "curation",
    "directory",
    "embed",
    "help",
    "search",
    "bundles",
];

struct Source {
    /// Below src/.
    path: String,
    /// Without comments.
    code: String,
    lines: usize,
}

fn sources() -> Vec<Source> {
    let root = manifest("src");
    let mut folders = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        let paths = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        for path in paths.collect::<Vec<PathBuf>>() {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code =
                    |line: &str| line.split("//").next().unwrap_or_default().to_owned() + "\n";
                found.push(Source {
                    path: path
                        .strip_prefix(&root)
                        .unwrap()
                        .to_string_lossy()
                        .into_owned(),
                    code: text.lines().map(code).collect(),
                    lines: text.lines().count(),
                });
            }
        }
    }
    assert!(found.len() > 50);
    found
}

impl Source {
    /// The room, or the file at the top.
    fn part(&self) -> &str {
        let first = self.path.split('/').next().unwrap();
        first.trim_end_matches(".rs")
    }

    fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap()
    }

    /// The path of its module, `["hotlines", "queries"]`.
    fn module(&self) -> Vec<String> {
        let path = Path::new(&self.path).with_extension("");
        let mut parts: Vec<String> = path
            .iter()
            .map(|part| part.to_string_lossy().into_owned())
            .collect();
        if parts.last().is_some_and(|last| last == "mod") {
            parts.pop();
        }
        parts
    }

    /// Every path that it names in its own crate, from the crate's root: `["db", "schema"]`.
    fn imports(&self) -> Vec<Vec<String>> {
        let mut found = Vec::new();
        for start in ["crate::", "super::"] {
            for (place, _) in self.code.match_indices(start) {
                let before = self.code[..place].chars().next_back();
                if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                    continue;
                }
                let mut module = match start {
                    "crate::" => Vec::new(),
                    _ => self.module(),
                };
                let mut rest = &self.code[place..];
                while let Some(after) = rest.strip_prefix("super::") {
                    module.pop();
                    rest = after;
                }
                rest = rest.strip_prefix("crate::").unwrap_or(rest);
                for path in tree(&mut rest) {
                    found.push(module.iter().cloned().chain(path).collect());
                }
            }
        }
        found
    }
}

/// The paths of a tree as `use` writes it: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn tree(rest: &mut &str) -> Vec<Vec<String>> {
    if let Some(inside) = rest.strip_prefix('{') {
        *rest = inside;
        let mut paths = Vec::new();
        loop {
            *rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            match rest.strip_prefix('}') {
                Some(after) => {
                    *rest = after;
                    return paths;
                }
                None if rest.is_empty() => return paths,
                None => paths.extend(tree(rest)),
            }
        }
    }
    let end = rest
        .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '*'))
        .unwrap_or(rest.len());
    let name = rest[..end].to_owned();
    *rest = &rest[end..];
    if let Some(after) = rest.strip_prefix("::") {
        *rest = after;
        let mut paths = tree(rest);
        paths
            .iter_mut()
            .for_each(|path| path.insert(0, name.clone()));
        return paths;
    }
    if let Some(after) = rest.strip_prefix(" as ") {
        *rest = after.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
    }
    // Whatever it was, it is read.
    if end == 0 {
        let mut letters = rest.chars();
        letters.next();
        *rest = letters.as_str();
    }
    vec![vec![name]]
}

/// What a part of the house may import; `None` for those at the top, which may import all.
fn may_import(part: &str) -> Option<Vec<&'static str>> {
    let below: &[&str] = match part {
        "config" => &[],
        "values" => &[],
        "db" => &["values"],
        "web" => &["values", "db", "config"],
        room if ROOMS.contains(&room) => &["values", "db", "web"],
        "ledger" => &["values", "db"],
        "curation" => &["values", "db", "web", "ledger"],
        "directory" => &["values", "db", "web", "ledger"],
        "help" | "search" | "bundles" => &["values", "db", "web"],
        "embed" => &["values", "web", "directory", "help", "curation"],
        "app" => &[
            "bundles",
            "embed",
            "help",
            "search",
            "values",
            "db",
            "web",
            "config",
            "directory",
            "curation",
            "ledger",
        ],
        "cli" | "main" | "lib" | "fuzzing" => return None,
        unknown => panic!("{unknown} is new: say here what it may import"),
    };
    let rooms = match SECOND_FLOOR.contains(&part) || part == "app" {
        true => &ROOMS[..],
        false => &[],
    };
    Some(below.iter().chain(rooms).copied().collect())
}

#[test]
fn arrows_point_down() {
    let parts: BTreeSet<String> = sources().iter().map(|one| one.part().to_owned()).collect();
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(allowed) = may_import(source.part()) else {
            continue;
        };
        for path in source.imports() {
            let Some(to) = path.first().filter(|to| parts.contains(*to)) else {
                continue;
            };
            if to != source.part() && !allowed.contains(&to.as_str()) {
                wrong.push(format!("{} imports {}", source.path, path.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rooms_of_the_second_floor_keep_out_of_each_others_insides() {
    let mut wrong = Vec::new();
    for source in sources() {
        if !SECOND_FLOOR.contains(&source.part()) {
            continue;
        }
        for path in source.imports() {
            let other = SECOND_FLOOR.contains(&path[0].as_str()) && path[0] != source.part();
            // A type's own names are part of the type.
            let inside = path
                .get(1)
                .is_some_and(|name| name.starts_with(|c: char| c.is_lowercase()));
            if other && inside && path.len() > 2 {
                wrong.push(format!("{} reaches into {}", source.path, path.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn models_and_queries_have_never_heard_of_http() {
    for source in sources() {
        if ["model.rs", "queries.rs"].contains(&source.name()) {
            assert!(
                !source.code.contains("actix"),
                "{} names actix",
                source.path
            );
            let web = source.imports().into_iter().find(|path| path[0] == "web");
            assert!(web.is_none(), "{} imports {web:?}", source.path);
        }
    }
}

#[test]
fn sql_stands_in_queries() {
    for source in sources() {
        let room = ROOMS.contains(&source.part()) || SECOND_FLOOR.contains(&source.part());
        if room && !source.path.contains("/queries") {
            for word in ["sql_query", "RunQueryDsl", "QueryDsl", "schema::"] {
                assert!(!source.code.contains(word), "{} names {word}", source.path);
            }
        }
    }
}

#[test]
fn the_library_exports_only_its_doors() {
    let lib = sources()
        .into_iter()
        .find(|one| one.path == "lib.rs")
        .unwrap();
    let lines: Vec<&str> = lib.code.lines().map(str::trim).collect();
    // With the condition that stands above it.
    let exported: Vec<String> = (0..lines.len())
        .filter(|place| lines[*place].starts_with("pub"))
        .map(|place| match lines[..place].last() {
            Some(above) if above.starts_with('#') => format!("{above} {}", lines[place]),
            _ => lines[place].to_owned(),
        })
        .collect();
    assert_eq!(
        exported,
        [
            "pub mod app;",
            "pub mod cli;",
            "pub mod config;",
            // No build that is used has it.
            "#[cfg(any(test, fuzzing))] pub mod fuzzing;",
        ]
    );
}

#[test]
fn files_stay_short() {
    for source in sources() {
        // The tables are generated.
        let exempt = source.path == "db/schema.rs";
        assert!(
            exempt || source.lines <= 400,
            "{} has {} lines: it wants a wall",
            source.path,
            source.lines
        );
    }
}

#[test]
fn trees_of_paths_are_read_whole() {
    let mut text = "a::{self, b::{c, d as e}, f::*}; rest";
    let paths: Vec<String> = tree(&mut text).iter().map(|path| path.join("::")).collect();
    assert_eq!(paths, ["a::self", "a::b::c", "a::b::d", "a::f::*"]);
}
