//! `lodestar links`: what an operator sees of it, and what it keeps.

use crate::support::{Database, Site, lodestar, new_path, rows, said};
use serde_json::{Value, json};
use std::{fs, net::TcpListener};

#[actix_web::test]
async fn an_operator_asks_the_addresses_of_public_sources_and_nothing_of_this_network() {
    // Were anything of this machine asked, it would hear of it.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let own = format!(
        "http://127.0.0.1:{}/",
        listener.local_addr().unwrap().port()
    );
    let source = |slug: &str, url: &str| json!({"slug": slug, "title": slug, "url": url});
    let database = Database::empty().await;
    let records = [
        ("a-listener", &*own, "public"),
        ("b-own-port", "http://127.0.0.1/", "public"),
        (
            "c-metadata",
            "http://169.254.169.254/latest/meta-data/",
            "public",
        ),
        ("d-private", "https://10.0.0.1/", "public"),
        ("e-hidden", "https://hidden.example/", "hidden"),
    ];
    let records = records
        .map(|(slug, url, visibility)| ("sources", source(slug, url), "published", visibility));
    database.write("first", records.into()).await;
    let before = Site::over(database).await;
    let revision = before.json("/v1").await["revision"].clone();

    let file = new_path();
    let mut command = lodestar(&before.database.vars());
    command.arg("links").arg("--csv").arg(&file);
    let (succeeded, out, words) = said(command);
    assert!(
        !succeeded && words.contains("4 of 4 sources do not answer"),
        "{out}{words}"
    );
    assert!(out.ends_with("4 sources: 4 refused\n"), "{out}");
    let table = fs::read_to_string(&file).unwrap();
    assert_eq!(table.lines().next(), Some("source,url,outcome,detail"));
    assert!(table.contains(&format!(
        "a-listener,{own},refused,its port is not that of http or https"
    )));
    assert!(table.contains("c-metadata,http://169.254.169.254/latest/meta-data/,refused,it leads to an address that is not public"));
    assert!(!table.contains("hidden"), "{table}");
    assert!(listener.accept().is_err(), "this machine was asked");

    // Kept beside the directory: no revision, nothing for readers.
    let kept = "select outcome from ledger.link_checks join ledger.records on id = source_id order by slug";
    let kept = rows(&mut before.database.writer().await, kept).await;
    let outcomes: Vec<&Value> = kept.iter().map(|row| &row["outcome"]).collect();
    assert_eq!(outcomes, ["refused"; 4]);
    assert_eq!(before.json("/v1").await["revision"], revision);
}
