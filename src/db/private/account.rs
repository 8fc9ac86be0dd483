//! The operating system's account that the cluster runs as.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use nix::unistd::{Uid, User, geteuid};

use super::error::PrivateError;

/// The accounts that take the cluster when Lodestar runs as root, the better first.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

/// The account of the cluster: that of this process, or an unprivileged one when this process is root, which Postgres refuses.
pub(super) struct Account {
    pub name: String,
    pub uid: u32,
    pub gid: u32,
    /// Whether this process is root, and its children change to the account.
    pub switch: bool,
}

impl Account {
    /// Chooses the account. As root, a cluster that exists stays with the account that owns it.
    pub fn choose(owner_of_cluster: Option<u32>) -> Result<Account, PrivateError> {
        let me = geteuid();
        if !me.is_root() {
            return Ok(Account::of(lookup(me)?, false));
        }
        let owner = owner_of_cluster
            .map(Uid::from_raw)
            .filter(|uid| !uid.is_root());
        let user = match owner {
            Some(uid) => lookup(uid)?,
            None => UNPRIVILEGED
                .into_iter()
                .find_map(|name| User::from_name(name).ok().flatten())
                .ok_or(PrivateError::NoUnprivileged)?,
        };
        Ok(Account::of(user, true))
    }

    fn of(user: User, switch: bool) -> Account {
        Account {
            name: user.name,
            uid: user.uid.as_raw(),
            gid: user.gid.as_raw(),
            switch,
        }
    }

    /// Prepares a command that runs as this account.
    ///
    /// The environment stays behind: it may hold secrets of Lodestar's, and PGDATA and its like would change what is meant.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("LC_ALL", "C")
            .current_dir("/")
            .stdin(Stdio::null());
        for name in ["PATH", "LD_LIBRARY_PATH"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        if self.switch {
            // With `uid` set, the standard library also clears root's supplementary groups.
            command.gid(self.gid).uid(self.uid);
        }
        command
    }
}

/// Returns the name of the account that runs this process.
pub(super) fn my_name() -> Result<String, PrivateError> {
    lookup(geteuid()).map(|user| user.name)
}

/// Returns the name of an account, or its number if it has none.
pub(super) fn name_of(uid: u32) -> String {
    lookup(Uid::from_raw(uid)).map_or_else(|_| format!("user id {uid}"), |user| user.name)
}

fn lookup(uid: Uid) -> Result<User, PrivateError> {
    User::from_uid(uid)
        .ok()
        .flatten()
        .ok_or(PrivateError::NoAccount { uid: uid.as_raw() })
}
