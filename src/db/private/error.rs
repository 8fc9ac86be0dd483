//! What can go wrong with the private Postgres, each with its remedy.

use std::io;
use std::path::{Path, PathBuf};

/// Why the private Postgres did not start. Each message says what happened and what to do.
#[derive(Debug, thiserror::Error)]
pub enum PrivateError {
    #[error("cannot {action} {}: {source}; correct that, or set LODESTAR_DATA_DIR to another directory", path.display())]
    Io {
        action: &'static str,
        path: PathBuf,
        source: io::Error,
    },

    #[error("another lodestar (process {holder}) is using {}; stop it, or set LODESTAR_DATA_DIR to another directory", dir.display())]
    Held { dir: PathBuf, holder: String },

    #[error("the database of the lodestar that is running (process {holder}) in {} is not ready after 30 seconds; try again, or stop that process", dir.display())]
    NotReady { dir: PathBuf, holder: String },

    #[error("{} belongs to {owner}, but this is {me}; start lodestar as {owner}, or set LODESTAR_DATA_DIR to a directory of your own", dir.display())]
    Foreign {
        dir: PathBuf,
        owner: String,
        me: String,
    },

    #[error("other accounts may write in {}, and could put their own database in the place of yours; set LODESTAR_DATA_DIR to a directory that only you can write to (`chmod go-w` on a directory that serves nothing else)", dir.display())]
    Exposed { dir: PathBuf },

    #[error("PostgreSQL does not run as root, so it runs as `{account}`, and that account may not enter {}; set LODESTAR_DATA_DIR=/var/lib/lodestar, or start lodestar as an ordinary user", component.display())]
    Unreachable { account: String, component: PathBuf },

    #[error("the directory {} for the database's socket {what}, so it is not safe to use; remove it, or set LODESTAR_DATA_DIR to another directory", dir.display())]
    Socket { dir: PathBuf, what: &'static str },

    #[error(
        "user id {uid} has no entry in the user database (/etc/passwd), and PostgreSQL needs one; add the entry, or set DATABASE_URL and DATABASE_READ_URL to a PostgreSQL of your own"
    )]
    NoAccount { uid: u32 },

    #[error(
        "lodestar runs as root, PostgreSQL does not, and this system has neither an account `postgres` nor `nobody` for it; start lodestar as an ordinary user, or `useradd --system postgres`"
    )]
    NoUnprivileged,

    #[error(
        "PostgreSQL 14 or newer is not on this machine, and {reason}. Install it, then start again. Debian, Ubuntu: `sudo apt-get install postgresql`. Fedora: `sudo dnf install postgresql-server`. macOS: `brew install postgresql@17`"
    )]
    NoPostgres { reason: String },

    #[error("the database in {} was made by PostgreSQL {needed}, and this machine has {found}; install PostgreSQL {needed}, or, where that version still runs, `lodestar export` the data, then point LODESTAR_DATA_DIR at an empty directory and `lodestar import` them there", dir.display())]
    OtherVersion {
        dir: PathBuf,
        needed: u32,
        found: String,
    },

    #[error("{} is there, but holds no PostgreSQL cluster (PG_VERSION is missing or unreadable); move it away, or set LODESTAR_DATA_DIR to another directory", dir.display())]
    NoCluster { dir: PathBuf },

    #[error("PostgreSQL could not create its cluster in {}: {output}\nCorrect that, or set LODESTAR_DATA_DIR to another directory", dir.display())]
    Initdb { dir: PathBuf, output: String },

    #[error("PostgreSQL ended while it was starting ({status}); the end of {} says:\n{tail}\nCorrect that and start again, or set LODESTAR_DATA_DIR to an empty directory", log.display())]
    Ended {
        status: String,
        log: PathBuf,
        tail: String,
    },

    #[error("a PostgreSQL left behind by an earlier lodestar (process {pid}) still runs in {} and does not stop; `kill -QUIT {pid}`, then start again", dir.display())]
    Leftover { dir: PathBuf, pid: i32 },
}

impl PrivateError {
    /// Names what was being done to which path, for `map_err`.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> PrivateError {
        let path = path.to_path_buf();
        move |source| PrivateError::Io {
            action,
            path,
            source,
        }
    }
}
