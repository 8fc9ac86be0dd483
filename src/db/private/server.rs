//! The server as a child process: started, watched until it is ready, its log kept short, stopped.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::error::PrivateError;
use super::locate::Binaries;
use super::place::Place;
use super::{Options, cluster};

/// How long the log grows before it becomes `postgres.log.1`.
const LONGEST_LOG: u64 = 1024 * 1024;

/// A running server; it stops when this is dropped.
pub(super) struct Server {
    child: Child,
    keeper: JoinHandle<()>,
    /// Where in the log this server began to write.
    log_start: u64,
}

impl Server {
    /// Starts the server of this place and waits until it takes connections.
    pub fn start(
        place: &Place,
        binaries: &Binaries,
        options: &Options<'_>,
    ) -> Result<Server, PrivateError> {
        let program = binaries.directory.join("postgres");
        let mut command = place.account.command(&program);
        command
            .args(cluster::arguments(place, binaries.major, options.durable))
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        // A group of its own: Ctrl-C is for Lodestar, which then stops the server when its last answer is given.
        command.process_group(0);
        // To Postgres this is the fast shutdown.
        die_with_parent(&mut command, Signal::SIGINT);
        let log = Log::open(place.log()).map_err(PrivateError::io("write", &place.log()))?;
        let mut server = Server::spawn(command, log).map_err(PrivateError::io("run", &program))?;
        server.wait_until_ready(place, options.say)?;
        Ok(server)
    }

    /// Spawns the server from a thread that lives as long as the server does: Linux signals the death of the parent when
    /// the spawning *thread* ends. Meanwhile that thread keeps the log.
    fn spawn(mut command: Command, log: Log) -> std::io::Result<Server> {
        let log_start = log.length;
        let (tell, told) = mpsc::sync_channel(1);
        let keeper = thread::Builder::new()
            .name("private-postgres".to_owned())
            .spawn(move || {
                let spawned = command
                    .spawn()
                    .map(|mut child| (child.stderr.take(), child));
                let (stderr, result) = match spawned {
                    Ok((stderr, child)) => (stderr, Ok(child)),
                    Err(error) => (None, Err(error)),
                };
                if tell.send(result).is_ok()
                    && let Some(stderr) = stderr
                {
                    log.keep(stderr);
                }
            })?;
        let child = told.recv().map_err(std::io::Error::other)??;
        Ok(Server {
            child,
            keeper,
            log_start,
        })
    }

    /// Waits for the server's own word that it is ready. Recovery after a crash takes what it takes.
    fn wait_until_ready(
        &mut self,
        place: &Place,
        say: &(dyn Fn(&str) + Sync),
    ) -> Result<(), PrivateError> {
        let mut next_word = Instant::now() + Duration::from_secs(5);
        loop {
            let pid = i32::try_from(self.child.id()).unwrap_or_default();
            if cluster::postmaster(place).is_some_and(|it| it.ready && it.pid == pid) {
                return Ok(());
            }
            if let Some(status) = self
                .child
                .try_wait()
                .map_err(PrivateError::io("watch the server of", &place.root))?
            {
                return Err(self.ended(status, place));
            }
            if Instant::now() > next_word {
                say("PostgreSQL is still starting; after a crash it first replays its journal");
                next_word += Duration::from_secs(5);
            }
            sleep(Duration::from_millis(10));
        }
    }

    /// Tells whether the server has ended, and not because somebody asked it to.
    pub fn crashed(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(status)) if !status.success())
    }

    /// Tells why the server ended, in the last words of its log.
    fn ended(&self, status: ExitStatus, place: &Place) -> PrivateError {
        // The keeper may still be writing them.
        let deadline = Instant::now() + Duration::from_secs(1);
        while !self.keeper.is_finished() && Instant::now() < deadline {
            sleep(Duration::from_millis(10));
        }
        let log = fs::read(place.log()).unwrap_or_default();
        let start = usize::try_from(self.log_start).unwrap_or_default();
        // Not there if the log has just begun anew.
        let text = String::from_utf8_lossy(log.get(start..).unwrap_or(&log));
        let lines = text.lines().collect::<Vec<_>>();
        let tail = lines
            .get(lines.len().saturating_sub(8)..)
            .unwrap_or_default()
            .join("\n");
        PrivateError::Ended {
            status: status.to_string(),
            log: place.log(),
            tail,
        }
    }
}

impl Drop for Server {
    /// Stops the server fast, and after 10 seconds at once; both leave a cluster that starts again.
    fn drop(&mut self) {
        for signal in [Signal::SIGINT, Signal::SIGQUIT] {
            // The child is not waited for yet, so its number cannot be another's.
            if let Ok(None) = self.child.try_wait()
                && let Ok(pid) = i32::try_from(self.child.id())
                && let Err(error) = kill(Pid::from_raw(pid), signal)
            {
                log::warn!("cannot stop the private Postgres (process {pid}): {error}");
            }
            let deadline = Instant::now() + Duration::from_secs(10);
            while Instant::now() < deadline {
                if !matches!(self.child.try_wait(), Ok(None)) {
                    return;
                }
                sleep(Duration::from_millis(10));
            }
        }
        log::warn!(
            "the private Postgres (process {}) does not stop",
            self.child.id()
        );
    }
}

/// Has the system signal a child when this process, or only the thread that spawns the child, ends. Only Linux can.
#[cfg(target_os = "linux")]
pub(super) fn die_with_parent(command: &mut Command, signal: Signal) {
    let parent = nix::unistd::getpid();
    let arrange = move || {
        nix::sys::prctl::set_pdeathsig(signal)?;
        // The parent may have died before the signal was arranged.
        if nix::unistd::getppid() == parent {
            Ok(())
        } else {
            Err(ErrorKind::BrokenPipe.into())
        }
    };
    // SAFETY: between fork and exec only calls that are safe in a signal handler are allowed; `arrange` makes two system
    // calls and neither allocates nor takes a lock.
    #[allow(
        unsafe_code,
        reason = "the standard library has no safe way to set the signal of the parent's death"
    )]
    unsafe {
        command.pre_exec(arrange);
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn die_with_parent(_: &mut Command, _: Signal) {}

/// The server's log: one file that grows to a limit, and the one before it.
struct Log {
    path: PathBuf,
    file: File,
    length: u64,
}

impl Log {
    fn open(path: PathBuf) -> std::io::Result<Log> {
        let file = open_log(&path)?;
        let length = file.metadata()?.len();
        Ok(Log { path, file, length })
    }

    /// Copies what the server says until it ends. A log that cannot be written must not stop the server.
    fn keep(mut self, mut stderr: ChildStderr) {
        let mut buffer = [0; 8192];
        loop {
            match stderr.read(&mut buffer) {
                Ok(0) => return,
                Ok(count) => {
                    let _ = self.append(buffer.get(..count).unwrap_or_default());
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return,
            }
        }
    }

    fn append(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        if self.length > LONGEST_LOG {
            fs::rename(&self.path, self.path.with_extension("log.1"))?;
            self.file = open_log(&self.path)?;
            self.length = 0;
        }
        self.file.write_all(bytes)?;
        self.length += bytes.len() as u64;
        Ok(())
    }
}

fn open_log(path: &Path) -> std::io::Result<File> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_stays_short_and_keeps_what_came_last() -> std::io::Result<()> {
        let directory = tempfile::tempdir()?;
        let path = directory.path().join("postgres.log");
        let mut log = Log::open(path.clone())?;
        for _ in 0..400 {
            log.append(&[b'x'; 8192])?;
        }
        log.append(b"the last word\n")?;
        assert!(fs::read(&path)?.ends_with(b"the last word\n"));
        let total: u64 = fs::read_dir(directory.path())?
            .flatten()
            .filter_map(|entry| Some(entry.metadata().ok()?.len()))
            .sum();
        assert!(total < 3 * LONGEST_LOG);
        Ok(())
    }
}
