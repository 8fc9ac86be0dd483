//! The private Postgres: a cluster that Lodestar creates in its data directory, starts as its child and stops with itself.
//!
//! The cluster listens on a Unix socket only. Three walls keep another local account out of it: the socket directory is
//! 0700 and belongs to the cluster's account, so is the socket, and `peer` authentication maps only known accounts to roles.

mod account;
mod cluster;
mod error;
mod locate;
mod place;
mod server;

use std::fmt::Write as _;
use std::fs::File;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

pub use error::PrivateError;
use locate::Binaries;
use place::Place;
use server::Server;

/// How often is looked whether the server runs.
const LOOK: Duration = Duration::from_millis(200);

/// The port that names the socket file; nothing listens on it.
const PORT: u16 = 5432;

/// What the private cluster is started with.
pub struct Options<'a> {
    /// The directory of everything that Lodestar keeps; created if it is missing.
    pub data_dir: &'a Path,
    /// Whether data outlives a power cut. `false` is for tests: it turns fsync off.
    pub durable: bool,
    /// Receives lines of progress for a person.
    pub say: &'a (dyn Fn(&str) + Sync),
}

/// A running private cluster: owned by this process, or attached to beside the process that owns it.
pub struct PrivatePostgres {
    socket: PathBuf,
    owned: Option<Owned>,
}

/// What the owner holds. The fields drop in this order: the server stops before the lock is free.
struct Owned {
    _keeper: Keeper,
    _lock: File,
}

/// A thread that starts the server again when it ends by itself. Dropping it stops the server.
struct Keeper {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    fn keep(
        server: Server,
        place: Place,
        binaries: Binaries,
        durable: bool,
    ) -> std::io::Result<Keeper> {
        let (stop, stopped) = mpsc::channel();
        let keep = move || watch(server, &place, &binaries, durable, &stopped);
        let thread = thread::Builder::new().name("private-keeper".to_owned());
        Ok(Keeper {
            thread: Some(thread.spawn(keep)?),
            stop: Some(stop),
        })
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // It has nothing to tell; the server stops with it.
            let _ = thread.join();
        }
    }
}

/// Looks after the server until it shall stop. One that crashed, as for want of space for its journal, is started
/// again until it stays; one that somebody stopped stays so.
fn watch(
    server: Server,
    place: &Place,
    binaries: &Binaries,
    durable: bool,
    stopped: &Receiver<()>,
) {
    let options = Options {
        data_dir: &place.root,
        durable,
        say: &|line| log::warn!("{line}"),
    };
    let (mut kept, mut pause) = (Some(server), LOOK);
    while stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        pause = LOOK;
        if kept.as_mut().is_some_and(|server| !server.crashed()) {
            continue;
        }
        if kept.take().is_some() {
            log::warn!("the private Postgres ended; it is started again");
        }
        let started = cluster::sweep_socket(place);
        match started.and_then(|()| Server::start(place, binaries, &options)) {
            Ok(server) => kept = Some(server),
            Err(error) => {
                log::warn!("the private Postgres does not start: {error}");
                pause = 5 * LOOK;
            }
        }
    }
}

impl PrivatePostgres {
    /// Starts the private cluster, creating it if needed, and owns it: it stops when the value is dropped, and with the process.
    pub fn start(options: &Options<'_>) -> Result<PrivatePostgres, PrivateError> {
        let place = Place::prepare(options.data_dir)?;
        let lock = place.lock()?;
        let binaries = locate::find(&place, options.say)?;
        cluster::stop_leftover(&place, options.say)?;
        if place.version()?.is_none() {
            cluster::create(&place, &binaries, options)?;
        }
        place.make_socket_directory()?;
        cluster::sweep_socket(&place)?;
        cluster::write_access(&place)?;
        let server = Server::start(&place, &binaries, options)?;
        let (socket, root) = (place.socket.clone(), place.root.clone());
        let keeper = Keeper::keep(server, place, binaries, options.durable)
            .map_err(PrivateError::io("keep the server of", &root))?;
        Ok(PrivatePostgres {
            socket,
            owned: Some(Owned {
                _keeper: keeper,
                _lock: lock,
            }),
        })
    }

    /// Finds the cluster that another running process holds on this data directory, `None` if no process holds it.
    /// Waits for a cluster that is just starting. Dropping the value does not stop the cluster.
    pub fn attach(data_dir: &Path) -> Result<Option<PrivatePostgres>, PrivateError> {
        let Some(place) = Place::existing(data_dir)? else {
            return Ok(None);
        };
        let deadline = Instant::now() + Duration::from_secs(30);
        while place.is_held()? {
            if cluster::postmaster(&place).is_some_and(|it| it.ready)
                && UnixStream::connect(place.socket_file()).is_ok()
            {
                place.check_socket_directory()?;
                return Ok(Some(PrivatePostgres {
                    socket: place.socket,
                    owned: None,
                }));
            }
            if Instant::now() > deadline {
                return Err(PrivateError::NotReady {
                    holder: place.holder(),
                    dir: place.root,
                });
            }
            sleep(Duration::from_millis(50));
        }
        Ok(None)
    }

    /// Returns the connection URL of a role and a database over the private socket.
    #[must_use]
    pub fn url(&self, role: &str, database: &str) -> String {
        let host = escape(self.socket.as_os_str().as_bytes());
        let (role, database) = (escape(role.as_bytes()), escape(database.as_bytes()));
        format!("postgresql://{role}@/{database}?host={host}&port={PORT}")
    }

    /// Stops the cluster if this process owns it, and waits for its end: fast, after 10 seconds at once.
    pub fn stop(mut self) {
        self.owned = None;
    }
}

/// Percent-encodes everything but what RFC 3986 calls unreserved.
fn escape(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) {
            text.push(char::from(*byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_escapes_what_a_path_may_hold() {
        let postgres = PrivatePostgres {
            socket: PathBuf::from("/tmp/my data/ü@?"),
            owned: None,
        };
        assert_eq!(
            postgres.url("lodestar_reader", "lodestar"),
            "postgresql://lodestar_reader@/lodestar?host=%2Ftmp%2Fmy%20data%2F%C3%BC%40%3F&port=5432"
        );
    }

    #[test]
    fn nobody_to_attach_to_without_a_data_directory() {
        assert!(matches!(
            PrivatePostgres::attach(Path::new("/nonexistent/lodestar")),
            Ok(None)
        ));
    }
}
