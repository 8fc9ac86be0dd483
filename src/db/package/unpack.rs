//! The package's tarball, unpacked: only PostgreSQL's own files, and nothing outside of the directory they are meant for.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Component, Path, PathBuf};

use flate2::read::GzDecoder;
use serde::Deserialize;

use super::{PackageError, failed, make_directory};

/// The folder of the package that holds PostgreSQL.
const INSIDE: &str = "package/native";

#[derive(Deserialize)]
struct Link {
    source: PathBuf,
    target: PathBuf,
}

/// Unpacks PostgreSQL into a new directory, readable by all, and makes the links that a package cannot hold.
pub(super) fn unpack(tarball: &Path, fresh: &Path) -> Result<(), PackageError> {
    make_directory(fresh)?;
    let file = File::open(tarball).map_err(failed(tarball))?;
    let mut archive = tar::Archive::new(GzDecoder::new(file));
    let mut made = BTreeSet::new();
    for entry in archive.entries().map_err(failed(tarball))? {
        let mut entry = entry.map_err(failed(tarball))?;
        let named = entry.path().map_err(failed(tarball))?.into_owned();
        let Ok(relative) = named.strip_prefix(INSIDE) else {
            continue;
        };
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let relative = inner(relative)?;
        make_parents(fresh, relative, &mut made)?;
        let mode = if relative.starts_with("bin") {
            0o755
        } else {
            0o644
        };
        write(&fresh.join(relative), &mut entry, mode)?;
    }
    link(fresh)
}

/// Makes the links that `pg-symlinks.json` lists; each points at a file beside it.
fn link(fresh: &Path) -> Result<(), PackageError> {
    let list = fresh.join("pg-symlinks.json");
    let bytes = match fs::read(&list) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(&list)(error)),
    };
    let links: Vec<Link> =
        serde_json::from_slice(&bytes).map_err(|error| failed(&list)(error.into()))?;
    for Link { source, target } in links {
        let escapes = || PackageError::Path(source.display().to_string());
        let (from, to) = (
            source.strip_prefix("native").map_err(|_| escapes())?,
            target.strip_prefix("native").map_err(|_| escapes())?,
        );
        if inner(from)?.parent() != inner(to)?.parent() {
            return Err(escapes());
        }
        let path = fresh.join(to);
        symlink(from.file_name().ok_or_else(escapes)?, &path).map_err(failed(&path))?;
    }
    Ok(())
}

/// Lets a path pass that cannot lead out of the directory it is joined to.
fn inner(path: &Path) -> Result<&Path, PackageError> {
    let plain = path
        .components()
        .all(|component| matches!(component, Component::Normal(_)));
    if plain {
        Ok(path)
    } else {
        Err(PackageError::Path(path.display().to_string()))
    }
}

fn make_parents(
    root: &Path,
    relative: &Path,
    made: &mut BTreeSet<PathBuf>,
) -> Result<(), PackageError> {
    let parents = relative
        .ancestors()
        .skip(1)
        .filter(|parent| !parent.as_os_str().is_empty())
        .collect::<Vec<_>>();
    for parent in parents.into_iter().rev() {
        if made.insert(parent.to_path_buf()) {
            make_directory(&root.join(parent))?;
        }
    }
    Ok(())
}

fn write(path: &Path, content: &mut impl Read, mode: u32) -> Result<(), PackageError> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .map_err(failed(path))?;
    io::copy(content, &mut file).map_err(failed(path))?;
    file.set_permissions(Permissions::from_mode(mode))
        .map_err(failed(path))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;

    fn tarball(path: &str, content: &[u8]) -> io::Result<tempfile::NamedTempFile> {
        let file = tempfile::NamedTempFile::new()?;
        let mut builder = tar::Builder::new(flate2::write::GzEncoder::new(
            &file,
            flate2::Compression::fast(),
        ));
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        // Written raw: the builder itself would refuse a path that leads out.
        if let Some(name) = header.as_old_mut().name.get_mut(..path.len()) {
            name.copy_from_slice(path.as_bytes());
        }
        header.set_cksum();
        builder.append(&header, content)?;
        builder.into_inner()?.finish()?;
        Ok(file)
    }

    #[test]
    fn a_package_cannot_reach_out_of_its_directory() -> io::Result<()> {
        let links = br#"[{"source":"native/lib/../../../etc/passwd","target":"native/lib/a"}]"#;
        let cases: [(&str, &[u8]); 3] = [
            ("package/native/../../evil", b"x"),
            ("package/native/bin/../../../evil", b"x"),
            ("package/native/pg-symlinks.json", links),
        ];
        for (path, content) in cases {
            let directory = tempfile::tempdir()?;
            let result = unpack(
                tarball(path, content)?.path(),
                &directory.path().join("fresh"),
            );
            assert!(
                matches!(result, Err(PackageError::Path(_))),
                "{path}: {result:?}"
            );
        }
        Ok(())
    }

    #[test]
    fn programs_can_be_run_and_nothing_else() -> io::Result<()> {
        let directory = tempfile::tempdir()?;
        let fresh = directory.path().join("fresh");
        for (path, mode) in [("bin/postgres", 0o755), ("share/x", 0o644)] {
            if fresh.exists() {
                fs::remove_dir_all(&fresh)?;
            }
            let file = tarball(&format!("package/native/{path}"), b"x")?;
            unpack(file.path(), &fresh).map_err(io::Error::other)?;
            assert_eq!(fs::metadata(fresh.join(path))?.mode() & 0o777, mode);
        }
        Ok(())
    }
}
