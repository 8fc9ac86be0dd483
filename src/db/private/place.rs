//! Where the cluster lives: the data directory, its lock, the socket directory, and whom they belong to.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{ErrorKind, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, lchown};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use nix::unistd::geteuid;
use sha2::{Digest, Sha256};

use super::PORT;
use super::account::{Account, my_name, name_of};
use super::error::PrivateError;

/// The longest path of a Unix socket that every system takes: macOS ends it at 104 bytes, the closing NUL included.
const LONGEST_SOCKET: usize = 103;

/// The data directory, the account of its cluster, and the socket directory that belongs to both.
pub(super) struct Place {
    pub root: PathBuf,
    pub account: Account,
    pub me: String,
    pub socket: PathBuf,
}

impl Place {
    /// Creates the data directory if it is missing, and checks that it is fit to hold the cluster.
    pub fn prepare(data_dir: &Path) -> Result<Place, PrivateError> {
        if let Some(parent) = data_dir.parent() {
            fs::create_dir_all(parent).map_err(PrivateError::io("create", parent))?;
        }
        let made = make_data_directory(data_dir)?;
        let place = Place::existing(data_dir)?.ok_or_else(|| PrivateError::NoCluster {
            dir: data_dir.to_path_buf(),
        })?;
        // What root writes into another account's directory, that account could lead elsewhere.
        check_owner(&place.root, geteuid().as_raw(), &place.me)?;
        if let Err(unreachable) = place.check_reachable() {
            if made {
                // Best effort: what was refused should leave nothing behind.
                let _ = fs::remove_dir(&place.root);
            }
            return Err(unreachable);
        }
        Ok(place)
    }

    /// Reads a data directory that exists, `None` if it does not. Root may read those of other accounts.
    pub fn existing(data_dir: &Path) -> Result<Option<Place>, PrivateError> {
        let root = match data_dir.canonicalize() {
            Ok(root) => root,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(PrivateError::io("read", data_dir)(error)),
        };
        let me = my_name()?;
        if !geteuid().is_root() {
            check_owner(&root, geteuid().as_raw(), &me)?;
        }
        let mode = fs::metadata(&root)
            .map_err(PrivateError::io("read", &root))?
            .mode();
        if mode & 0o022 != 0 {
            return Err(PrivateError::Exposed { dir: root });
        }
        let cluster = root.join("postgres");
        let owner = match fs::metadata(&cluster) {
            Ok(metadata) => Some(metadata.uid()),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(PrivateError::io("read", &cluster)(error)),
        };
        let account = Account::choose(owner)?;
        if owner.is_some() {
            check_owner(&cluster, account.uid, &me)?;
        }
        let socket = socket_directory(&root);
        Ok(Some(Place {
            root,
            account,
            me,
            socket,
        }))
    }

    /// PGDATA.
    pub fn cluster(&self) -> PathBuf {
        self.root.join("postgres")
    }

    /// Where a new cluster is built, so that one cut short is never taken for a whole one.
    pub fn unfinished(&self) -> PathBuf {
        self.root.join("postgres.new")
    }

    pub fn log(&self) -> PathBuf {
        self.root.join("postgres.log")
    }

    pub fn hba(&self) -> PathBuf {
        self.root.join("pg_hba.conf")
    }

    pub fn ident(&self) -> PathBuf {
        self.root.join("pg_ident.conf")
    }

    pub fn socket_file(&self) -> PathBuf {
        self.socket.join(socket_name())
    }

    /// Returns the major version that made the cluster, `None` if there is no cluster yet.
    pub fn version(&self) -> Result<Option<u32>, PrivateError> {
        let cluster = self.cluster();
        if fs::symlink_metadata(&cluster).is_err() {
            return Ok(None);
        }
        let version = fs::read_to_string(cluster.join("PG_VERSION"))
            .ok()
            .and_then(|text| text.trim().parse().ok());
        version
            .map(Some)
            .ok_or(PrivateError::NoCluster { dir: cluster })
    }

    /// Takes the data directory for this process, until the returned file is closed.
    pub fn lock(&self) -> Result<File, PrivateError> {
        let path = self.lock_file();
        let failed = |error| PrivateError::io("lock", &path)(error);
        let mut options = OpenOptions::new();
        let mut file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(failed)?;
        // `attach` tries the lock for an instant; only a lock that lasts is another owner's.
        let mut patience = 6;
        while let Err(error) = file.try_lock() {
            patience -= 1;
            match error {
                TryLockError::WouldBlock if patience > 0 => sleep(Duration::from_millis(50)),
                TryLockError::WouldBlock => {
                    return Err(PrivateError::Held {
                        dir: self.root.clone(),
                        holder: self.holder(),
                    });
                }
                TryLockError::Error(error) => return Err(failed(error)),
            }
        }
        file.set_len(0)
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .map_err(failed)?;
        Ok(file)
    }

    /// Tells whether some process holds the data directory.
    pub fn is_held(&self) -> Result<bool, PrivateError> {
        let path = self.lock_file();
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(PrivateError::io("read", &path)(error)),
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(error)) => Err(PrivateError::io("lock", &path)(error)),
        }
    }

    /// Returns the id of the process that holds the data directory, as that process wrote it.
    pub fn holder(&self) -> String {
        let written = fs::read_to_string(self.lock_file()).unwrap_or_default();
        let id = written.trim();
        if id.is_empty() {
            "of unknown id".to_owned()
        } else {
            id.to_owned()
        }
    }

    /// Makes the socket directory, and refuses one that another account could have laid there.
    pub fn make_socket_directory(&self) -> Result<(), PrivateError> {
        let failed = |error| PrivateError::io("create", &self.socket)(error);
        match DirBuilder::new().mode(0o700).create(&self.socket) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed(error)),
        }
        let metadata = fs::symlink_metadata(&self.socket).map_err(failed)?;
        // Root's own directory, just made here or by a start that was cut short at this line.
        if self.account.switch && metadata.is_dir() && metadata.uid() == geteuid().as_raw() {
            lchown(&self.socket, Some(self.account.uid), Some(self.account.gid)).map_err(failed)?;
        }
        self.check_socket_directory()
    }

    /// Refuses a socket directory that is not the cluster account's alone.
    pub fn check_socket_directory(&self) -> Result<(), PrivateError> {
        let metadata =
            fs::symlink_metadata(&self.socket).map_err(PrivateError::io("read", &self.socket))?;
        let what = if !metadata.is_dir() {
            "is a link or a file"
        } else if metadata.uid() != self.account.uid {
            "belongs to another account"
        } else if metadata.mode() & 0o7777 != 0o700 {
            "is open to other accounts (its mode is not 0700)"
        } else {
            return Ok(());
        };
        Err(PrivateError::Socket {
            dir: self.socket.clone(),
            what,
        })
    }

    /// Checks that the cluster's account may walk to the data directory. Access lists are not read: modes alone must allow it.
    fn check_reachable(&self) -> Result<(), PrivateError> {
        if !self.account.switch {
            return Ok(());
        }
        let ancestors = self.root.ancestors().collect::<Vec<_>>();
        for component in ancestors.into_iter().rev() {
            let metadata = fs::metadata(component).map_err(PrivateError::io("read", component))?;
            let execute = if metadata.uid() == self.account.uid {
                0o100
            } else if metadata.gid() == self.account.gid {
                0o010
            } else {
                0o001
            };
            if metadata.mode() & execute == 0 {
                return Err(PrivateError::Unreachable {
                    account: self.account.name.clone(),
                    component: component.to_path_buf(),
                });
            }
        }
        Ok(())
    }

    fn lock_file(&self) -> PathBuf {
        self.root.join("lodestar.lock")
    }
}

/// Creates the data directory, and tells whether it did. One that exists is left as it is: it may serve others too.
fn make_data_directory(path: &Path) -> Result<bool, PrivateError> {
    // Root's cluster runs as another account, which must walk through, yet not look around.
    let mode = if geteuid().is_root() { 0o711 } else { 0o700 };
    match DirBuilder::new().mode(mode).create(path) {
        // Once more, since the umask may have taken away what is needed.
        Ok(()) => fs::set_permissions(path, Permissions::from_mode(mode))
            .map_err(PrivateError::io("create", path))
            .map(|()| true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(PrivateError::io("create", path)(error)),
    }
}

fn check_owner(dir: &Path, expected: u32, me: &str) -> Result<(), PrivateError> {
    let owner = fs::metadata(dir)
        .map_err(PrivateError::io("read", dir))?
        .uid();
    if owner == expected {
        return Ok(());
    }
    Err(PrivateError::Foreign {
        dir: dir.to_path_buf(),
        owner: name_of(owner),
        me: me.to_owned(),
    })
}

/// The socket directory: inside the data directory if the path of the socket is short enough, else named after it under /tmp.
fn socket_directory(root: &Path) -> PathBuf {
    let inside = root.join("socket");
    if inside.join(socket_name()).as_os_str().len() <= LONGEST_SOCKET {
        return inside;
    }
    let digest = Sha256::digest(root.as_os_str().as_bytes());
    let name = digest
        .iter()
        .take(8)
        .fold("lodestar-".to_owned(), |name, byte| {
            name + &format!("{byte:02x}")
        });
    Path::new("/tmp").join(name)
}

fn socket_name() -> String {
    format!(".s.PGSQL.{PORT}")
}
