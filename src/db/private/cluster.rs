//! The cluster's files: made by initdb, settings and access given at each start, leftovers of an earlier life cleared.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, File, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt, lchown};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::error::PrivateError;
use super::locate::Binaries;
use super::place::Place;
use super::{Options, PORT, server};

/// The roles that the known accounts may take: the superuser, and Lodestar's own.
const ROLES: [&str; 4] = [
    "postgres",
    "lodestar_owner",
    "lodestar_writer",
    "lodestar_reader",
];

/// Settings of every private cluster.
///
/// The log must hold nothing that a person typed: no statement, no parameter, no address. An error in a statement goes to
/// the client, which is Lodestar itself; `log_min_messages=log` keeps it out of this log, `terse` leaves out every DETAIL.
const SETTINGS: [&str; 20] = [
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "max_connections=200",
    "shared_buffers=64MB",
    "timezone=UTC",
    "log_timezone=UTC",
    "cluster_name=lodestar",
    "logging_collector=off",
    "log_destination=stderr",
    "log_line_prefix=%m [%p] ",
    "log_min_messages=log",
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
    "log_statement=none",
    "log_min_duration_statement=-1",
    "log_connections=off",
    "log_checkpoints=off",
    "log_autovacuum_min_duration=-1",
    "log_parameter_max_length=0",
    "log_parameter_max_length_on_error=0",
];

/// By which it keeps no origins of replication, of which there are none: else each checkpoint writes a new file for them, and where
/// the disk is full that ends the server. Before 18 their number is that of slots.
fn origins(major: u32) -> &'static str {
    match major {
        18.. => "max_active_replication_origins=0",
        _ => "max_replication_slots=0",
    }
}

/// Settings of a cluster that need not outlive a power cut.
const VOLATILE: [&str; 3] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
];

/// Creates the cluster: built aside, put in its place when it is complete.
pub(super) fn create(
    place: &Place,
    binaries: &Binaries,
    options: &Options<'_>,
) -> Result<(), PrivateError> {
    (options.say)(&format!(
        "creating a private PostgreSQL {} cluster in {}",
        binaries.major,
        place.root.display()
    ));
    let unfinished = place.unfinished();
    let failed = |error| PrivateError::io("create", &unfinished)(error);
    if fs::symlink_metadata(&unfinished).is_ok() {
        fs::remove_dir_all(&unfinished).map_err(PrivateError::io("remove", &unfinished))?;
    }
    DirBuilder::new()
        .mode(0o700)
        .create(&unfinished)
        .map_err(failed)?;
    if place.account.switch {
        lchown(
            &unfinished,
            Some(place.account.uid),
            Some(place.account.gid),
        )
        .map_err(failed)?;
    }
    initdb(place, binaries, options.durable)?;
    fs::rename(&unfinished, place.cluster()).map_err(failed)?;
    if options.durable {
        // initdb has written its files through; the new name must be on the disk as well.
        File::open(&place.root)
            .and_then(|root| root.sync_all())
            .map_err(PrivateError::io("write", &place.root))?;
    }
    Ok(())
}

fn initdb(place: &Place, binaries: &Binaries, durable: bool) -> Result<(), PrivateError> {
    let mut command = place.account.command(&binaries.directory.join("initdb"));
    command.arg("--pgdata").arg(place.unfinished());
    command.args([
        "--username=postgres",
        "--auth=peer",
        "--encoding=UTF8",
        "--locale=C",
        "--no-instructions",
    ]);
    if !durable {
        command.arg("--no-sync");
    }
    // An initdb without its parent would go on writing where the next start builds.
    server::die_with_parent(&mut command, Signal::SIGKILL);
    let output = command
        .output()
        .map_err(PrivateError::io("run initdb for", &place.unfinished()))?;
    if !output.status.success() {
        let output = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(PrivateError::Initdb {
            dir: place.root.clone(),
            output,
        });
    }
    Ok(())
}

/// Writes who may connect: over the socket only, known accounts of the system as the four roles only.
///
/// The files lie beside PGDATA, not in it: there the cluster's account could lay a link for root to write through.
pub(super) fn write_access(place: &Place) -> Result<(), PrivateError> {
    let accounts = BTreeSet::from([place.account.name.as_str(), place.me.as_str(), "root"]);
    let lines = accounts
        .iter()
        .flat_map(|account| ROLES.map(|role| format!("lodestar \"{account}\" {role}\n")));
    let files = [
        (place.hba(), "local all all peer map=lodestar\n".to_owned()),
        (place.ident(), lines.collect()),
    ];
    for (path, text) in files {
        fs::write(&path, text).map_err(PrivateError::io("write", &path))?;
        fs::set_permissions(&path, Permissions::from_mode(0o644))
            .map_err(PrivateError::io("write", &path))?;
    }
    Ok(())
}

/// Returns the arguments that `postgres` is started with.
pub(super) fn arguments(place: &Place, major: u32, durable: bool) -> Vec<OsString> {
    let mut settings = SETTINGS.map(OsString::from).to_vec();
    settings.push(origins(major).into());
    settings.push(format!("port={PORT}").into());
    settings.push(joined("hba_file=", place.hba().as_os_str()));
    settings.push(joined("ident_file=", place.ident().as_os_str()));
    settings.push(joined(
        "unix_socket_directories=",
        &quoted(place.socket.as_os_str()),
    ));
    if !durable {
        settings.extend(VOLATILE.map(OsString::from));
    }
    let mut arguments = vec![OsString::from("-D"), place.cluster().into_os_string()];
    for setting in settings {
        arguments.extend([OsString::from("-c"), setting]);
    }
    arguments
}

fn joined(name: &str, value: &OsStr) -> OsString {
    let mut setting = OsString::from(name);
    setting.push(value);
    setting
}

/// Quotes a directory for a setting that takes a list of them, in which commas and spaces have a meaning.
fn quoted(directory: &OsStr) -> OsString {
    use std::os::unix::ffi::{OsStrExt, OsStringExt};
    let mut bytes = vec![b'"'];
    for byte in directory.as_bytes() {
        bytes.extend(std::iter::repeat_n(
            *byte,
            if *byte == b'"' { 2 } else { 1 },
        ));
    }
    bytes.push(b'"');
    OsString::from_vec(bytes)
}

/// What `postmaster.pid` says of the server that wrote it.
pub(super) struct Postmaster {
    pub pid: i32,
    pub ready: bool,
}

/// Reads `postmaster.pid`, `None` if there is none or it says nothing.
pub(super) fn postmaster(place: &Place) -> Option<Postmaster> {
    let text = fs::read_to_string(place.cluster().join("postmaster.pid")).ok()?;
    let mut lines = text.lines();
    let pid = lines.next()?.trim().parse().ok()?;
    // The eighth line is the state, padded with blanks.
    let ready = lines.nth(6).is_some_and(|state| state.trim() == "ready");
    Some(Postmaster { pid, ready })
}

/// Ends the server that an earlier Lodestar left behind in this cluster. The caller holds the lock, so it has no owner.
pub(super) fn stop_leftover(
    place: &Place,
    say: &(dyn Fn(&str) + Sync),
) -> Result<(), PrivateError> {
    let Some(Postmaster { pid, .. }) = postmaster(place) else {
        return Ok(());
    };
    // The id 0 and below would mean whole groups of processes.
    if pid > 0 && serves(pid, place) {
        say(&format!(
            "stopping the PostgreSQL (process {pid}) that an earlier lodestar left behind"
        ));
        for (signal, patience) in [(Signal::SIGINT, 10), (Signal::SIGQUIT, 10)] {
            // It may end by itself in this very moment, so a signal that finds nobody is no error.
            let _ = kill(Pid::from_raw(pid), signal);
            let deadline = Instant::now() + Duration::from_secs(patience);
            while Instant::now() < deadline {
                if !serves(pid, place) {
                    return Ok(());
                }
                sleep(Duration::from_millis(20));
            }
        }
        return Err(PrivateError::Leftover {
            dir: place.root.clone(),
            pid,
        });
    }
    // A dead process is for Postgres to judge, which also looks for shared memory still in use. A living one that is not
    // this cluster's server has got the number by chance, and Postgres would take it for a server.
    if pid > 0 && kill(Pid::from_raw(pid), None).is_ok() {
        remove(&place.cluster().join("postmaster.pid"))?;
    }
    Ok(())
}

/// Removes the socket of an earlier life: its lock file, too, may name a number that another process now has.
pub(super) fn sweep_socket(place: &Place) -> Result<(), PrivateError> {
    let socket = place.socket_file();
    remove(&socket.with_file_name(format!(".s.PGSQL.{PORT}.lock")))?;
    remove(&socket)
}

fn remove(path: &Path) -> Result<(), PrivateError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(PrivateError::io("remove", path)(error))
        }
        _ => Ok(()),
    }
}

/// Tells whether a process is a living server of this cluster, run by the cluster's account.
#[cfg(target_os = "linux")]
fn serves(pid: i32, place: &Place) -> bool {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::MetadataExt;
    let process = Path::new("/proc").join(pid.to_string());
    let owner = fs::metadata(&process).map(|metadata| metadata.uid()).ok();
    // A process that has ended and waits for its parent has an empty command line.
    let command = fs::read(process.join("cmdline")).unwrap_or_default();
    let cluster = place.cluster();
    let mut words = command.split(|byte| *byte == 0);
    let program = words.next().unwrap_or_default();
    owner == Some(place.account.uid)
        && program.ends_with(b"postgres")
        && words.any(|word| word == cluster.as_os_str().as_bytes())
}

/// Tells whether a process is a living server of this cluster, run by the cluster's account.
#[cfg(not(target_os = "linux"))]
fn serves(pid: i32, place: &Place) -> bool {
    let mut ps = std::process::Command::new("ps");
    let output = ps
        .args([
            "-ww",
            "-o",
            "uid=",
            "-o",
            "command=",
            "-p",
            &pid.to_string(),
        ])
        .output();
    let text = output
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .unwrap_or_default();
    let (owner, command) = text.split_once(' ').unwrap_or_default();
    let served = format!("postgres -D {} ", place.cluster().display());
    owner.parse() == Ok(place.account.uid) && format!("{command} ").contains(&served)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_in_a_list_is_quoted() {
        assert_eq!(
            quoted(OsStr::new("/a b,\"c\"")),
            OsString::from("\"/a b,\"\"c\"\"\"")
        );
    }
}
