//! A word planted in everything that is not public, by those with keys, through the routes, while
//! strangers read. A crawl of all that a stranger may ask, of the logs, the metrics, the exports
//! and every byte that the reader's login can select finds no such word and no key.

mod crawl;
mod garden;
mod planting;

use crate::support::{attempt, files_of, lodestar, new_path, rows, run, said};
use crawl::{crawl, warm};
use garden::{Garden, PEOPLE};
use nix::sys::signal::Signal;
use std::{collections::BTreeSet, fs, path::Path};

/// Every byte that the reader's login can select: all of the public side, and whatever of the
/// catalogue it is shown.
async fn selected(garden: &Garden) -> usize {
    run(&mut garden.database.superuser().await, "analyze").await;
    let relations = "select c.oid::regclass::text as name, n.nspname::text as schema
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'v', 'm', 'p', 'f') and has_table_privilege('lodestar_reader', c.oid, 'select')
          and has_schema_privilege('lodestar_reader', n.oid, 'usage') order by 1";
    let relations = rows(&mut garden.database.superuser().await, relations).await;
    let mut reader = garden.database.reader().await;
    // The past is shown up to a revision.
    run(&mut reader, "set lodestar.revision = '1000000'").await;
    let (mut read, mut shown) = (0, BTreeSet::new());
    for relation in &relations {
        let (name, schema) = (
            relation["name"].as_str().unwrap(),
            relation["schema"].as_str().unwrap(),
        );
        // Some of the catalogue's own need more than a grant.
        if !["published", "past"].contains(&schema)
            && attempt(&mut reader, &format!("select * from {name}"))
                .await
                .is_err()
        {
            continue;
        }
        let all = rows(
            &mut reader,
            &format!("select t::text as line from {name} t"),
        )
        .await;
        for row in &all {
            garden.keep_silent(
                &format!("what the reader selects from {name}"),
                row["line"].as_str().unwrap(),
            );
        }
        if ["published", "past"].contains(&schema) {
            assert!(!all.is_empty(), "{name} is empty: nothing is proven of it");
            shown.insert(name.to_owned());
        }
        read += 1;
    }
    for name in [
        "published.changes",
        "published.moved",
        "published.archived",
        "published.hotlines",
        "past.statistics",
    ] {
        let name = name.to_owned();
        assert!(shown.contains(&name), "{name} is not read: {shown:?}");
    }
    read
}

#[actix_web::test]
async fn nothing_that_is_not_public_reaches_an_answer_a_log_or_the_readers_login() {
    let garden = Garden::laid_out().await;
    // Answers are kept while all is public; what they hold must be gone at once.
    let spoken = warm(&garden).await;
    assert!(spoken > 50, "{spoken} answers held what will be hidden");
    garden.plant().await;
    // Whatever is looked for below stands on the other side.
    let mut ledger = String::new();
    for table in [
        "records",
        "entries",
        "keys",
        "proposals",
        "idempotency",
        "slugs",
        "hotlines",
        "vocabularies",
    ] {
        ledger += &format!("{:?}", garden.stored(table).await);
    }
    for word in garden.planted.borrow().iter() {
        assert!(ledger.contains(word.as_str()), "{word} was not planted");
    }
    let (answers, found, bytes) = crawl(&garden).await;
    assert!(found > 300, "{found} of {answers}");
    let read = selected(&garden).await;
    let folder = new_path();
    let mut export = lodestar(&garden.database.vars());
    export.arg("export").arg(&folder);
    let (done, out, words) = said(export);
    assert!(done, "{words}");
    garden.keep_silent("what the export says", &(out + &words));
    let files = files_of(&folder);
    assert!(String::from_utf8_lossy(&files["hotlines.csv"]).contains("open-line"));
    for (name, content) in &files {
        garden.keep_silent(
            &format!("the export's {name}"),
            &String::from_utf8_lossy(content),
        );
    }
    let metrics = garden.send("GET", "/metrics", &[], None).await;
    assert!(
        metrics.text().contains("/v1/{resource}/{reference}/hide"),
        "{}",
        metrics.text()
    );
    garden.keep_silent("the metrics", &metrics.whole());
    // Keys are told to nobody, not even to those who have one.
    let secrets = garden.secrets();
    for (asked, answer) in garden.told.borrow().iter() {
        let said = answer.whole().to_lowercase();
        let shown = secrets.iter().find(|secret| said.contains(secret.as_str()));
        assert!(shown.is_none(), "{asked}: {said}");
    }
    for secret in &secrets[..PEOPLE.len() + 1] {
        assert!(
            !ledger.to_lowercase().contains(secret.as_str()),
            "a key stands in the ledger"
        );
    }
    garden.server.end(Signal::SIGTERM);
    let log = garden.server.log();
    assert!(
        log.contains("/v1/{resource}/{reference}/hide") && log.contains("PATCH"),
        "{log}"
    );
    garden.keep_silent("the log", &log);
    let place = rows(
        &mut garden.database.superuser().await,
        "select current_setting('data_directory') as place",
    )
    .await;
    let place = Path::new(place[0]["place"].as_str().unwrap()).with_file_name("postgres.log");
    garden.keep_silent(
        "the log of Postgres",
        &fs::read_to_string(&place).unwrap_or_else(|error| panic!("{place:?}: {error}")),
    );
    println!(
        "{} words planted; 0 in {answers} answers of {bytes} bytes ({spoken} held some before), {read} relations, {} files, {} lines of log",
        garden.planted.borrow().len(),
        files.len(),
        log.lines().count()
    );
}

#[actix_web::test]
async fn answers_to_keys_are_kept_by_nobody() {
    let garden = Garden::laid_out().await;
    garden.plant().await;
    let mut kept = Vec::new();
    for (asked, answer) in garden.told.borrow().iter() {
        let caching = answer.header("cache-control");
        if !["private, no-store", "no-store"].contains(&caching) {
            kept.push(format!("{asked}: {caching}"));
        }
    }
    assert!(kept.is_empty(), "{}", kept.join("\n"));
}
