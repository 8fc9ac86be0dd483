//! Starts and stops of the built binary, on its own private Postgres where not said otherwise.

use crate::support::{
    Database, Files, Server, files_of, folder_of, free_address, lodestar, manifest, new_path, said,
    small,
};
use actix_web::http::header::HeaderMap;
use lodestar::cli::import::shipped_files;
use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, geteuid},
};
use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

/// The process of the Postgres in a data directory.
fn postgres_of(data: &Path) -> i32 {
    let text = fs::read_to_string(data.join("postgres/postmaster.pid")).unwrap();
    text.lines().next().unwrap().parse().unwrap()
}

fn lives(process: i32) -> bool {
    // One that ended and waits for its parent is dead.
    let status = fs::read_to_string(format!("/proc/{process}/stat"));
    match status {
        Ok(status) => !status.contains(") Z "),
        Err(_) if Path::new("/proc/self").exists() => false,
        Err(_) => kill(Pid::from_raw(process), None).is_ok(),
    }
}

fn gone_within(process: i32, patience: Duration) -> bool {
    let deadline = Instant::now() + patience;
    while Instant::now() < deadline {
        if !lives(process) {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

/// A data directory with a few records, so that a start need not import the shipped ones.
fn prepared() -> String {
    let data = new_path().to_string_lossy().into_owned();
    let mut import = lodestar(&[("LODESTAR_DATA_DIR", &data)]);
    import.arg("import").arg(folder_of(&small()));
    let (done, out, words) = said(import);
    assert!(
        done && out.contains("4 created, 0 changed, 0 unchanged; revision 4"),
        "{out}{words}"
    );
    data
}

fn tried(vars: &[(&str, &str)]) -> String {
    let mut serve = lodestar(vars);
    if !vars.iter().any(|(name, _)| *name == "LODESTAR_LISTEN") {
        serve.env("LODESTAR_LISTEN", free_address());
    }
    let (done, _, words) = said(serve);
    assert!(!done, "it started: {words}");
    words
}

#[actix_web::test]
async fn the_first_start_imports_the_directory_and_the_second_imports_nothing_twice() {
    let data = new_path();
    let vars = [("LODESTAR_DATA_DIR", data.to_str().unwrap())];
    let server = Server::start(&vars).await;
    let first = server.json("/v1").await;
    assert_eq!(first["counts"]["hotlines"], 311);
    let line = server
        .json("/v1/hotlines/us-national-human-trafficking-hotline")
        .await;
    assert_eq!(line["contact_points"][0]["tel_uri"], "tel:+18883737888");
    let log = server.log();
    assert!(
        log.contains("import: ") && log.contains("Three things to try") && !log.contains('\u{1b}'),
        "{log}"
    );

    let postgres = postgres_of(&data);
    let (status, took) = server.end(Signal::SIGTERM);
    assert!(
        status.success() && took < Duration::from_secs(10),
        "{status} after {took:?}"
    );
    assert!(
        gone_within(postgres, Duration::from_secs(10) - took),
        "Postgres outlived it"
    );

    let since = Instant::now();
    let server = Server::start(&vars).await;
    assert!(since.elapsed() < Duration::from_secs(10));
    let second = server.json("/v1").await;
    assert_eq!(
        (&first["revision"], &first["counts"]),
        (&second["revision"], &second["counts"])
    );
    assert!(!server.log().contains("import"), "{}", server.log());
}

#[actix_web::test]
async fn it_starts_again_after_a_kill() {
    let data = prepared();
    let vars = [("LODESTAR_DATA_DIR", data.as_str())];
    for _ in 0..2 {
        let server = Server::start(&vars).await;
        let postgres = postgres_of(Path::new(&data));
        server.end(Signal::SIGKILL);
        drop(server);
        let again = Server::start(&vars).await;
        assert_eq!(again.json("/v1").await["revision"], 4);
        assert_ne!(postgres_of(Path::new(&data)), postgres);
        assert!(!lives(postgres));
        // And Postgres alone dies: the next start mends it.
        let postgres = postgres_of(Path::new(&data));
        kill(Pid::from_raw(postgres), Signal::SIGKILL).unwrap();
        assert!(gone_within(postgres, Duration::from_secs(5)));
        let answer = again.get("/v1/hotlines?per_page=3").await;
        assert_eq!(answer.status, 503, "{}", answer.text());
        assert_eq!(answer.header("retry-after"), "2");
    }
}

#[actix_web::test]
async fn what_is_taken_is_said_with_the_remedy() {
    let data = prepared();
    let vars = [("LODESTAR_DATA_DIR", data.as_str())];
    let server = Server::start(&vars).await;
    let words = tried(&vars);
    let holder = format!("process {}", server.process());
    assert!(
        words.contains("another lodestar")
            && words.contains(&holder)
            && words.contains("LODESTAR_DATA_DIR"),
        "{words}"
    );
    let words = tried(&[vars[0], ("LODESTAR_LISTEN", &server.address)]);
    assert!(
        words.contains("is in use") && words.contains("LODESTAR_LISTEN"),
        "{words}"
    );
    // Neither troubled the one that runs.
    assert_eq!(server.json("/v1").await["revision"], 4);

    let health = |address: &str| {
        let mut command = lodestar(&[("LODESTAR_LISTEN", address)]);
        command.arg("health");
        said(command)
    };
    assert!(health(&server.address).0);
    let (healthy, _, words) = health(&free_address());
    assert!(!healthy && words.contains("no answer on"), "{words}");
}

#[actix_web::test]
async fn another_local_account_cannot_connect_to_the_database() {
    let data = prepared();
    let server = Server::start(&[("LODESTAR_DATA_DIR", &data)]).await;
    let socket = fs::canonicalize(Path::new(&data).join("socket")).unwrap();
    let mode = fs::metadata(&socket)
        .map(|metadata| std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()));
    assert_eq!(mode.unwrap() & 0o777, 0o700);
    if geteuid().is_root() {
        // Our own account gets in, so that the refusal below means something.
        let try_as = |account: &str| {
            let psql = format!(
                "psql -h {} -U lodestar_writer -d lodestar -c 'select reason from ledger.entries'",
                socket.display()
            );
            Command::new("setpriv")
                .args([
                    "--reuid",
                    account,
                    "--regid",
                    account,
                    "--clear-groups",
                    "sh",
                    "-c",
                    &psql,
                ])
                .output()
                .unwrap()
        };
        let root = try_as("0");
        if root.status.code() != Some(127) {
            assert!(root.status.success(), "{root:?}");
            let other = try_as("65534");
            assert!(
                !other.status.success() && other.stdout.is_empty(),
                "{other:?}"
            );
            let words = String::from_utf8_lossy(&other.stderr).into_owned();
            assert!(words.contains("ermission denied"), "{words}");
            // Were the directory open, the accounts would still be unknown to Postgres.
            fs::set_permissions(&socket, std::os::unix::fs::PermissionsExt::from_mode(0o755))
                .unwrap();
            fs::set_permissions(
                socket.join(".s.PGSQL.5432"),
                std::os::unix::fs::PermissionsExt::from_mode(0o777),
            )
            .unwrap();
            let other = try_as("65534");
            let words = String::from_utf8_lossy(&other.stderr).into_owned();
            assert!(
                !other.status.success() && words.contains("eer authentication"),
                "{words}"
            );
            fs::set_permissions(&socket, std::os::unix::fs::PermissionsExt::from_mode(0o700))
                .unwrap();
        }
    }
    assert_eq!(server.get("/health/ready").await.status, 200);
}

#[actix_web::test]
async fn a_cluster_of_another_major_version_is_refused_with_the_way_out() {
    let data = prepared();
    fs::write(Path::new(&data).join("postgres/PG_VERSION"), "9\n").unwrap();
    let words = tried(&[("LODESTAR_DATA_DIR", &data)]);
    for part in [
        "PostgreSQL 9",
        "this machine has",
        "lodestar export",
        "LODESTAR_DATA_DIR",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    fs::remove_file(Path::new(&data).join("postgres/PG_VERSION")).unwrap();
    let words = tried(&[("LODESTAR_DATA_DIR", &data)]);
    assert!(words.contains("holds no PostgreSQL cluster"), "{words}");
}

#[test]
fn a_wrong_configuration_names_every_wrong_variable_at_once() {
    let wrong = [
        ("LODESTAR_LISTEN", "everywhere"),
        ("LODESTAR_PUBLIC_URL", "ftp://geheimnis.example"),
        ("LODESTAR_TRUSTED_PROXIES", "10.0.0.0/99"),
        ("LODESTAR_LOG_FORMAT", "xml"),
        ("LODESTAR_WORKERS", "0"),
        ("LODESTAR_READERS", "many"),
        ("LODESTAR_CACHE_MB", "-1"),
        ("LODESTAR_ONE_PERSON", "perhaps"),
        ("DATABASE_URL", "mysql://login:geheimnis@host/x"),
        ("DATABASE_OWNER_URL", "geheimnis"),
    ];
    let (done, out, words) = said(lodestar(&wrong));
    assert!(!done && out.is_empty());
    for (name, _) in wrong {
        assert!(
            words.contains(&format!("\n  {name}: wanted ")),
            "{name}: {words}"
        );
    }
    assert!(!words.contains("geheimnis"), "it repeats values: {words}");
    let (done, _, words) = said(lodestar(&[(
        "DATABASE_READ_URL",
        "postgresql://r@db.example/x",
    )]));
    assert!(!done && words.contains("DATABASE_URL: needed"), "{words}");
}

#[test]
fn grants_and_the_document_are_printed_without_any_configuration() {
    let print = |command: &str| {
        let mut printing = lodestar(&[("LODESTAR_LISTEN", "wrong")]);
        printing.arg(command);
        said(printing)
    };
    let (done, grants, _) = print("grants");
    assert!(done && grants.contains("create role %I login") && grants.contains("lodestar_reader"));
    let (done, document, _) = print("openapi");
    assert!(done && document == lodestar::app::document_text());
}

/// Exports a database through the binary.
fn export(database: &Database) -> Files {
    let folder = new_path();
    let mut export = lodestar(&database.vars());
    export.arg("export").arg(&folder);
    let (done, _, words) = said(export);
    assert!(done, "{words}");
    files_of(&folder)
}

#[actix_web::test]
async fn an_export_imports_again_and_exports_the_same_bytes() {
    let first = export(&Database::full().await);
    let shipped = shipped_files().unwrap();
    if std::env::var("UPDATE_DATA").is_ok_and(|value| value == "1") {
        for (name, bytes) in &first {
            fs::write(manifest("data").join(name), bytes).unwrap();
        }
        return;
    }
    let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(
        names(&first),
        names(&shipped),
        "data/ lacks a file of an export, or has one more"
    );
    for (name, bytes) in &first {
        assert!(
            *bytes == shipped[name],
            "data/{name} is not as an export writes it: run `UPDATE_DATA=1 cargo test --test api exports_the_same` and read the difference"
        );
    }
    let empty = Database::empty().await;
    let mut import = lodestar(&empty.vars());
    import.arg("import").arg(folder_of(&first));
    let (done, out, words) = said(import);
    assert!(
        done && out.contains(" created, 0 changed, 0 unchanged; "),
        "{out}{words}"
    );
    assert_eq!(first, export(&empty));
}

#[actix_web::test]
async fn two_servers_on_one_empty_database_fill_it_once() {
    let database = Database::empty().await;
    let vars = database.vars();
    let (one, other) = futures_util::future::join(Server::start(&vars), Server::start(&vars)).await;
    let revisions = [
        one.json("/v1").await["revision"].clone(),
        other.json("/v1").await["revision"].clone(),
    ];
    assert_eq!(revisions[0], revisions[1]);
    let imports = [&one, &other].map(|server| usize::from(server.log().contains("import: ")));
    assert_eq!(imports.iter().sum::<usize>(), 1);
}

#[actix_web::test]
async fn head_answers_like_get_without_a_body() {
    let database = Database::empty().await;
    database.import(&small(), &[]).await.unwrap();
    let server = Server::start(&database.vars()).await;
    let ask = async |method: &str, target: &str| {
        let request = format!("{method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let bytes = server.raw(request.as_bytes(), None).await.unwrap();
        crate::support::parsed(&bytes).unwrap()
    };
    let kept = |headers: &HeaderMap| {
        let passing = ["date", "x-request-id"];
        let mut all: Vec<String> = headers
            .iter()
            .filter(|(name, _)| !passing.contains(&name.as_str()))
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect();
        all.sort();
        all
    };
    for target in [
        "/",
        "/v1",
        "/v1/hotlines",
        "/v1/hotlines/one-line",
        "/v1/hotlines?format=csv",
        "/v1/nowhere",
        "/v1/hotlines?x=1",
        "/health/ready",
        "/docs/",
    ] {
        let (get, head) = (ask("GET", target).await, ask("HEAD", target).await);
        assert_eq!(get.status, head.status, "{target}");
        assert!(head.body.is_empty() && !get.body.is_empty(), "{target}");
        assert_eq!(kept(&get.headers), kept(&head.headers), "{target}");
    }
}
