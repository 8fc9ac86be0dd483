//! What is not public reaches no public answer; what readers ask reaches no log.

use crate::support::{
    Database, Server, Site, attempt, files_of, lodestar, new_path, rows, run, said,
};
use actix_web::test::TestRequest;
use serde_json::{Value, json};

#[actix_web::test]
async fn the_readers_login_has_no_right_beyond_reading_what_is_published() {
    let database = Database::full().await;
    let mut superuser = database.superuser().await;
    let beyond = "select 'schema' as what, nspname::text as name from pg_namespace
          where has_schema_privilege('lodestar_reader', oid, 'create')
             or (nspname not in ('published', 'past', 'pg_catalog', 'information_schema') and has_schema_privilege('lodestar_reader', oid, 'usage'))
        union all
        select 'column', c.oid::regclass || '.' || a.attname from pg_class c
          join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
          where c.relnamespace not in ('published'::regnamespace, 'pg_catalog'::regnamespace, 'information_schema'::regnamespace)
          and c.relkind in ('r', 'v', 'm', 'p', 'f') and c.oid <> 'past.statistics'::regclass
          and has_column_privilege('lodestar_reader', c.oid, a.attnum, 'select, insert, update, references')
        union all
        select 'change of', c.oid::regclass::text from pg_class c
          where c.relnamespace in ('ledger'::regnamespace, 'published'::regnamespace, 'past'::regnamespace) and c.relkind in ('r', 'v', 'm', 'p', 'f')
          and (has_table_privilege('lodestar_reader', c.oid, 'insert, update, delete, truncate, references, trigger')
            or has_any_column_privilege('lodestar_reader', c.oid, 'insert, update, references'))
        union all
        select 'sequence', oid::regclass::text from pg_class
          where case relkind when 'S' then has_sequence_privilege('lodestar_reader', oid, 'usage, update') else false end
union all
        select 'role', rolname::text from pg_roles where rolname <> 'lodestar_reader' and pg_has_role('lodestar_reader', oid, 'member')
        union all
        select 'power', rolname::text from pg_roles where rolname = 'lodestar_reader'
          and (rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication)
        union all
        select 'database', datname::text from pg_database where datname = current_database()
          and has_database_privilege('lodestar_reader', oid, 'create, temporary')
        union all
        select 'definer', oid::regprocedure::text from pg_proc where prosecdef
          and pronamespace in ('ledger'::regnamespace, 'published'::regnamespace, 'past'::regnamespace)";
    let beyond = rows(&mut superuser, beyond).await;
    assert!(beyond.is_empty(), "{beyond:?}");
    let read = "select 1 as one where has_table_privilege('lodestar_reader', 'published.hotlines', 'select')";
    assert_eq!(rows(&mut superuser, read).await.len(), 1);
}

/// What the reader's login may select, relation by relation; of views, which look at the other
/// side, the columns too. What is new here is new to the public.
const SHOWN: [(&str, &str); 10] = [
    ("archived", "view of id, merged, resource, slug, survivor"),
    (
        "changes",
        "view of at, countries, former_countries, id, resource, revision, slug",
    ),
    ("directory", "table"),
    ("earlier", "view of at, id, revision"),
    ("hotlines", "table"),
    (
        "moved",
        "view of countries, former_countries, former_slug, id, resource, revision, slug",
    ),
    ("organizations", "table"),
    ("regional_contacts", "table"),
    ("statistics", "table"),
    ("vocabularies", "table"),
];

#[actix_web::test]
async fn the_readers_login_selects_what_is_named_here_and_views_that_keep_their_rows() {
    let database = Database::empty().await;
    let mut superuser = database.superuser().await;
    let shown = "select c.relname::text as name, case c.relkind when 'r' then 'table' when 'v' then
            'view of ' || string_agg(a.attname, ', ' order by a.attname) else c.relkind::text end as what
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relkind in ('r', 'v', 'm', 'p', 'f') and c.relnamespace = 'published'::regnamespace
          and has_column_privilege('lodestar_reader', c.oid, a.attnum, 'select')
        group by c.oid order by 1";
    let shown = rows(&mut superuser, shown).await;
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    let shown: Vec<(String, String)> = shown
        .iter()
        .map(|row| (text(row, "name"), text(row, "what")))
        .collect();
    let named = SHOWN.map(|(name, what)| (name.to_owned(), what.to_owned()));
    assert_eq!(shown, named);
    // Of the past figures alone; their columns are those of the table.
    let past =
        "select relname::text as name from pg_class where relnamespace = 'past'::regnamespace
        and has_any_column_privilege('lodestar_reader', oid, 'select')";
    let past = rows(&mut superuser, past).await;
    assert_eq!(past, [json!({"name": "statistics"})]);
    // Without the barrier a function in a condition sees the rows that the view leaves out.
    let open = "select relname::text as name from pg_class where relkind = 'v' and relnamespace in ('published'::regnamespace, 'past'::regnamespace)
        and has_any_column_privilege('lodestar_reader', oid, 'select') and not coalesce(reloptions @> array['security_barrier=true'] or reloptions @> array['security_barrier'], false)";
    let open = rows(&mut superuser, open).await;
    assert!(open.is_empty(), "{open:?}");
    // What holds secrets is among what the other tests here find closed.
    let closed = "select relname::text as name from pg_class where relkind = 'r' and relnamespace = 'ledger'::regnamespace";
    let closed = rows(&mut superuser, closed).await;
    for table in [
        "records",
        "entries",
        "keys",
        "proposals",
        "idempotency",
        "imports",
        "leases",
        "dismissals",
        "samples",
        "link_checks",
        "slugs",
        "hotlines",
    ] {
        assert!(
            closed.iter().any(|row| row["name"] == table),
            "ledger.{table} is gone: {closed:?}"
        );
    }
}

#[actix_web::test]
async fn the_readers_login_tries_and_fails() {
    let database = Database::full().await;
    let mut superuser = database.superuser().await;
    let columns = "select c.oid::regclass::text as relation, quote_ident(a.attname) as name
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relkind in ('r', 'v', 'm', 'p', 'f') and c.relnamespace not in
          ('published'::regnamespace, 'pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'pg_toast'::regnamespace)
          and c.oid <> 'past.statistics'::regclass";
    let mut attempts = Vec::new();
    let columns = rows(&mut superuser, columns).await;
    assert!(columns.len() > 100, "{}", columns.len());
    for column in &columns {
        let (relation, name) = (
            column["relation"].as_str().unwrap(),
            column["name"].as_str().unwrap(),
        );
        attempts.push(format!("select {name} from {relation} limit 1"));
        attempts.push(format!("select * from {relation} limit 1"));
        attempts.push(format!("select count(*) from {relation}"));
    }
    let tables = "select oid::regclass::text as name from pg_class where relkind in ('r', 'p') and relnamespace = 'published'::regnamespace";
    for table in rows(&mut superuser, tables).await {
        let table = table["name"].as_str().unwrap();
        attempts.push(format!("insert into {table} select * from {table}"));
        attempts.push(format!("delete from {table}"));
        attempts.push(format!("truncate {table}"));
    }
    // Nor through a view that looks at the other side; the others join, so that nobody writes them.
    attempts.push("delete from published.changes".to_owned());
    attempts.push("update published.changes set id = id".to_owned());
    attempts.push("create or replace view past.statistics as select 1".to_owned());
    for view in ["changes", "moved", "archived"] {
        attempts.push(format!(
            "create or replace view published.{view} as select 1"
        ));
    }
    for other in [
        "update published.directory set revision = 0",
        "update published.hotlines set name = name",
        "create table published.mine (x int)",
        "create table public.mine (x int)",
        "create temporary table mine (x int)",
        "create schema mine",
        "create view published.mine as select 1",
        "create view past.mine as select 1",
        "create function published.mine() returns int language sql return 1",
        "set role lodestar_writer",
        "set session authorization lodestar_owner",
        "alter role lodestar_reader superuser",
        "copy published.topics to program 'true'",
        "copy published.directory to '/tmp/x'",
        "select pg_read_file('PG_VERSION')",
        "select * from published.__diesel_schema_migrations",
    ] {
        attempts.push(other.to_owned());
    }
    let mut reader = database.reader().await;
    // The role's default is no wall: whoever speaks SQL can change it.
    run(&mut reader, "set default_transaction_read_only = off").await;
    for sql in attempts {
        let refused = attempt(&mut reader, &sql).await.expect_err(&sql);
        let by_right = [
            "permission denied",
            "must be superuser",
            "must be owner",
            "does not exist",
        ];
        assert!(
            by_right.iter().any(|words| refused.contains(words)),
            "{sql}: {refused}"
        );
        assert!(
            !refused.contains("does not exist") || sql.contains("topics"),
            "{sql}: {refused}"
        );
    }
}

/// Planted where nothing public is; each form in which it may surface holds this word.
const CANARY: &str = "kanarienvogel";
/// A figure that only a draft holds.
const FIGURE: &str = "31415926535";

fn citation() -> Value {
    json!([{"source": "open-source", "locator": null, "published_on": "2026", "retrieved_on": null}])
}

fn organization(slug: &str, name: &str) -> Value {
    json!({"slug": slug, "name": name, "kind": "ngo", "description": name, "website": format!("https://{slug}.example/"),
        "country": "GB", "scope": "national", "lang": "en", "sources": citation()})
}

fn hotline(slug: &str, name: &str, organization: &str, points: Value) -> Value {
    json!({"slug": slug, "name": name, "organization": organization, "notes": name, "lang": "en", "coverage": ["GB"],
        "passed_to_police": "unknown", "passed_to_immigration": "unknown", "contact_points": points, "sources": citation()})
}

fn mail(address: &str, visibility: &str) -> Value {
    json!({"channel": "email", "value": address, "note": address, "dialable_from": ["WLD"], "visibility": visibility})
}

/// A directory in which everything that is not public sings.
async fn planted() -> Database {
    let database = Database::empty().await;
    let word = |rest: &str| format!("{CANARY}-{rest}");
    let open = |slug: &str| json!({"slug": slug, "title": slug, "url": "https://open.example/"});
    let contact = json!({"slug": word("contact"), "name": word("contact"), "role": "task_force", "lang": "en", "serves": ["GB"],
        "country": "GB", "city": word("city"), "latitude": "51.5", "longitude": "0.1", "coordinate_precision": "city", "sources": citation()});
    let statistic = |slug: &str, indicator: &str, value: &str| {
        json!({"slug": slug, "indicator": indicator, "title": slug, "claim": slug, "lang": "en", "value": value, "qualifier": "exactly",
            "unit": "persons", "geography": "GB", "publisher": slug, "observation_status": "normal", "assessment": "not_assessed", "sources": citation()})
    };
    let indicator = |slug: &str| json!({"slug": slug, "title": slug, "definition": slug, "unit": "persons", "kind": "count"});
    let points = json!([
        mail("open@open.example", "public"),
        mail(&format!("{CANARY}@hidden.example"), "hidden")
    ]);
    let hidden = [mail(&format!("{CANARY}@line.example"), "public")];
    let records = vec![
        ("sources", open("open-source"), "published", "public"),
        ("sources", open(&word("source")), "published", "hidden"),
        (
            "topics",
            json!({"slug": word("topic"), "name": word("topic"), "axis": "type", "description": word("x")}),
            "draft",
            "public",
        ),
        (
            "populations",
            json!({"slug": word("population"), "name": word("p"), "description": word("x")}),
            "archived",
            "public",
        ),
        (
            "indicators",
            indicator("open_indicator"),
            "published",
            "public",
        ),
        (
            "indicators",
            indicator(&word("indicator")),
            "draft",
            "public",
        ),
        (
            "organizations",
            organization("open-organization", "Open"),
            "published",
            "public",
        ),
        (
            "organizations",
            organization(&word("draft"), &word("draft")),
            "draft",
            "public",
        ),
        (
            "organizations",
            organization(&word("hidden"), &word("hidden")),
            "published",
            "hidden",
        ),
        (
            "organizations",
            organization(&word("archived"), &word("archived")),
            "archived",
            "public",
        ),
        (
            "hotlines",
            hotline("open-line", "Open line", "open-organization", points),
            "published",
            "public",
        ),
        (
            "hotlines",
            hotline(
                &word("line"),
                &word("line"),
                "open-organization",
                json!(hidden),
            ),
            "published",
            "hidden",
        ),
        ("regional_contacts", contact, "draft", "hidden"),
        (
            "statistics",
            statistic("open-statistic", "open_indicator", "1"),
            "published",
            "public",
        ),
        (
            "statistics",
            statistic(&word("statistic"), "open_indicator", FIGURE),
            "draft",
            "public",
        ),
    ];
    database.write(&word("reason"), records).await;
    database
}

/// Every public address that a reader can think of, with the canary wherever it can be asked for.
async fn addresses(database: &Database) -> Vec<String> {
    let mut all: Vec<String> = [
        "/",
        "/problems",
        "/docs",
        "/docs/",
        "/metrics",
        "/health/live",
        "/health/ready",
        "/v1/openapi.json",
        "/nowhere",
    ]
    .map(str::to_owned)
    .into();
    for (path, item) in lodestar::app::DOCUMENT["paths"].as_object().unwrap() {
        if path.contains('{') {
            continue;
        }
        all.push(path.clone());
        let parameters = item["get"]["parameters"].as_array().into_iter().flatten();
        for parameter in parameters {
            let name = parameter["name"].as_str().unwrap();
            let values = match name {
                "format" => vec!["csv", "ndjson", "geojson", "json", CANARY],
                "sort" => vec!["-name", "last_modified", "-last_modified", CANARY],
                "assessment" => vec!["disputed", "retracted", CANARY],
                "near" => vec!["51.5,0.1&radius_km=20"],
                "bbox" => vec!["-1,50,1,52"],
                "country" | "serves" | "geography" => vec!["GB", CANARY],
                _ => vec![CANARY, "kanarienvogel-hidden", FIGURE],
            };
            all.extend(values.iter().map(|value| format!("{path}?{name}={value}")));
        }
    }
    let records = "select resource, id, slug from ledger.records";
    for record in rows(&mut database.superuser().await, records).await {
        let (resource, slug) = (
            record["resource"].as_str().unwrap(),
            record["slug"].as_str().unwrap(),
        );
        let includes = [
            "",
            "?include=hotlines&include=regional_contacts&include=sources",
            "?include=organization&include=sources",
            "?include=indicator&include=sources",
        ];
        for include in includes {
            all.push(format!("/v1/{resource}/{slug}{include}"));
            all.push(format!(
                "/v1/{resource}/{}{include}",
                record["id"].as_str().unwrap()
            ));
        }
    }
    all
}

#[actix_web::test]
async fn drafts_hidden_records_hidden_numbers_and_reasons_reach_no_public_answer() {
    let site = Site::over(planted().await).await;
    let mut answered = 0;
    for address in addresses(&site.database).await {
        for accept in ["*/*", "text/csv", "application/x-ndjson"] {
            for method in [TestRequest::get(), TestRequest::post()] {
                let request = method.uri(&address).insert_header(("Accept", accept));
                let answer = site.ask(request).await;
                // An address names itself in its pages' links, and nowhere else.
                let asked = address.split_once('?').map_or("", |(_, query)| query);
                let said = answer.whole().replace(asked, "");
                // So does a search, in the words that it looked for.
                let said = match said.split_once("\"terms\":[") {
                    Some((before, rest)) if address.starts_with("/v1/search?") => {
                        let (_, after) = rest.split_once(']').unwrap();
                        format!("{before}{after}")
                    }
                    _ => said,
                };
                assert!(asked.is_empty() || asked.contains('=')); // or the replacing would hide too much
                assert!(!said.contains(CANARY), "{accept} {address}: {said}");
                assert!(!said.contains(FIGURE), "{address}: {said}");
                assert!(answer.status < 500, "{address}: {said}");
                answered += usize::from(answer.status == 200);
            }
        }
    }
    assert!(answered > 100, "{answered}");
    for record in rows(&mut site.database.superuser().await, "select resource, id, slug from ledger.records where status <> 'published' or visibility = 'hidden'").await {
        for reference in ["id", "slug"] {
            let address = format!("/v1/{}/{}", record["resource"].as_str().unwrap(), record[reference].as_str().unwrap());
            assert_eq!(site.get(&address).await.status, 404, "{address}");
        }
    }
    assert_eq!(site.total("/v1/hotlines").await, 1);
    assert_eq!(
        site.total(&format!("/v1/hotlines?search={CANARY}")).await,
        0
    );
    assert_eq!(
        site.total(&format!("/v1/organizations?search={CANARY}"))
            .await,
        0
    );
    // Not even among the bytes of the public side.
    let tables = "select relname::text as name from pg_class where relkind = 'r' and relnamespace = 'published'::regnamespace and relname not like '\\_\\_%'";
    for table in rows(&mut site.database.superuser().await, tables).await {
        let table = table["name"].as_str().unwrap();
        let text = rows(
            &mut site.database.reader().await,
            &format!("select * from {table}"),
        )
        .await;
        assert!(!format!("{text:?}").contains(CANARY), "{table}: {text:?}");
    }
}

#[actix_web::test]
async fn exports_hold_what_is_public_and_nothing_else() {
    let database = planted().await;
    let folder = new_path();
    let mut export = lodestar(&database.vars());
    export.arg("export").arg(&folder);
    let (done, _, words) = said(export);
    assert!(done, "{words}");
    let files = files_of(&folder);
    assert!(String::from_utf8_lossy(&files["hotlines.csv"]).contains("open-line"));
    for (name, bytes) in files {
        let text = String::from_utf8(bytes).unwrap();
        assert!(
            !text.contains(CANARY) && !text.contains("hidden"),
            "{name}: {text}"
        );
    }
}

/// A public line of a hidden organization.
async fn naming() -> Site {
    let database = planted().await;
    let line = hotline(
        "naming-line",
        "Naming",
        "kanarienvogel-hidden",
        json!([mail("a@open.example", "public")]),
    );
    database
        .write("x", vec![("hotlines", line, "published", "public")])
        .await;
    Site::over(database).await
}

#[actix_web::test]
async fn naming_a_hidden_record_does_not_show_it() {
    let site = naming().await;
    let record = site
        .json("/v1/hotlines/naming-line?include=organization")
        .await;
    assert_eq!(record["organization"], Value::Null);
    assert!(!record.to_string().contains(CANARY));
    assert_eq!(
        site.total("/v1/hotlines?organization=kanarienvogel-hidden")
            .await,
        0
    );
    let streams = site.get("/v1/hotlines?format=csv").await;
    assert!(!streams.text().contains(CANARY));
}

#[actix_web::test]
async fn the_slug_of_a_hidden_organization_is_in_no_search_export_or_public_byte() {
    let site = naming().await;
    assert_eq!(
        site.total(&format!("/v1/hotlines?search={CANARY}")).await,
        0
    );
    let public = rows(&mut site.database.reader().await, "select * from hotlines").await;
    assert!(!format!("{public:?}").contains(CANARY));
}

#[actix_web::test]
async fn hiding_takes_a_record_off_the_public_side() {
    let database = planted().await;
    let site = Site::over(database).await;
    assert_eq!(
        site.get("/v1/organizations/open-organization").await.status,
        200
    );
    assert_eq!(
        site.json("/v1/hotlines/open-line").await["organization"]["slug"],
        "open-organization"
    );
    let hidden = organization("open-organization", "Open");
    site.database
        .write("x", vec![("organizations", hidden, "published", "hidden")])
        .await;
    // The revision is known at most half a second late.
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    assert_eq!(
        site.get("/v1/organizations/open-organization").await.status,
        404
    );
    assert_eq!(
        site.json("/v1/hotlines/open-line").await["organization"],
        Value::Null
    );
    let shown = organization("open-organization", "Open");
    site.database
        .write("x", vec![("organizations", shown, "published", "public")])
        .await;
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    assert_eq!(
        site.json("/v1/hotlines/open-line").await["organization"]["slug"],
        "open-organization"
    );
}

/// Asks in every way that could leave a trace, from an address that no server has.
async fn leave_traces(server: &Server) {
    // Only Linux gives every process the whole of 127.0.0.0/8.
    let from = cfg!(target_os = "linux").then(|| "127.77.77.77:0".parse().unwrap());
    let headers = "Host: kanarienvogel-host.example\r\nReferer: https://kanarienvogel-referer.example/\r\nUser-Agent: kanarienvogel-agent\r\n\
        X-Forwarded-For: 203.0.113.77\r\nForwarded: for=203.0.113.77\r\nCookie: kanarienvogel=1\r\nAuthorization: Bearer kanarienvogel\r\n\
        Accept-Language: kanarienvogel\r\nIf-None-Match: \"kanarienvogel\"\r\nX-Request-Id: kanarienvogel\r\nConnection: close\r\n";
    for target in [
        "/v1/hotlines?search=kanarienvogel",
        "/v1/hotlines?kanarienvogel=1",
        "/v1/hotlines?country=kanarienvogel",
        "/v1/hotlines?search=kanarienvogel%00",
        "/v1/hotlines?search=kanarienvogel%ff",
        "/v1/hotlines?format=csv&search=kanarienvogel",
        "/v1/statistics?publisher=kanarienvogel",
        "/v1/organizations/kanarienvogel",
        "/v1/regional_contacts?near=48.277777,16.4&radius_km=5",
        "/kanarienvogel",
        "/docs/kanarienvogel",
        "/v1/../kanarienvogel",
        "http://kanarienvogel.example/v1",
    ] {
        for method in ["GET", "HEAD", "POST", "OPTIONS", "KANARIENVOGEL"] {
            let request = format!("{method} {target} HTTP/1.1\r\n{headers}\r\n");
            server.raw(request.as_bytes(), from).await.unwrap();
        }
    }
    for broken in [
        "GET /kanarienvogel HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\r\nkanarienvogel\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: kanarienvogel\r\n\r\n",
        "POST /v1/hotlines HTTP/1.1\r\nHost: x\r\nContent-Length: 13\r\nConnection: close\r\n\r\nkanarienvogel",
        "\u{16}\u{3}kanarienvogel\r\n\r\n",
    ] {
        let _ = server.raw(broken.as_bytes(), from).await;
    }
}

#[actix_web::test]
async fn what_readers_ask_and_who_they_are_reaches_no_log_at_any_level() {
    for format in ["logfmt", "json"] {
        let database = Database::empty().await;
        database
            .import(&crate::support::small(), &[])
            .await
            .unwrap();
        let logged = [
            ("RUST_LOG", "trace"),
            ("LODESTAR_LOG_FORMAT", format),
            ("LODESTAR_TRUSTED_PROXIES", "127.0.0.0/8"),
        ];
        let vars = [database.vars().as_slice(), logged.as_slice()].concat();
        let server = Server::start(&vars).await;
        leave_traces(&server).await;
        // The database's own words quote values; a statement that fails must not bring them out.
        run(
            &mut database.superuser().await,
            "revoke select on published.hotlines, published.organizations from lodestar_reader",
        )
        .await;
        let failed = server.get("/v1/hotlines?search=kanarienvogelkaputt").await;
        assert_eq!(failed.status, 500, "{}", failed.text());
        assert!(!failed.whole().contains("kaputt"));
        server.end(nix::sys::signal::Signal::SIGTERM);
        let log = server.log();
        assert!(
            log.contains("/v1/hotlines") && log.contains("unmatched"),
            "{log}"
        );
        assert!(
            log.to_lowercase().contains("internal"),
            "the failure is not logged"
        );
        for trace in [
            "kanarienvogel",
            "KANARIENVOGEL",
            "203.0.113.77",
            "48.277777",
            "127.77.77.77",
        ] {
            let line = log.lines().find(|line| line.contains(trace));
            assert!(line.is_none(), "{trace} in the log: {line:?}");
        }
    }
}

#[actix_web::test]
async fn metrics_are_labelled_by_route_and_never_by_what_was_asked() {
    let site = Site::over(planted().await).await;
    for uri in [
        "/v1/hotlines?search=mauersegler",
        "/mauersegler",
        "/v1/hotlines/mauersegler",
    ] {
        site.get(uri).await;
    }
    let strange = TestRequest::default().method("MAUERSEGLER".parse().unwrap());
    site.ask(strange.uri("/v1/hotlines")).await;
    let metrics = site.get("/metrics").await;
    assert!(
        metrics
            .text()
            .contains("route=\"/v1/hotlines/{reference}\""),
        "{}",
        metrics.text()
    );
    assert!(!metrics.text().to_lowercase().contains("mauersegler"));
}

#[actix_web::test]
async fn serve_refuses_a_reader_that_can_select_a_private_column() {
    for (granted, named) in [
        (
            "grant select (reason) on ledger.entries to lodestar_reader",
            "select on ledger.entries",
        ),
        (
            "grant update on published.hotlines to lodestar_reader",
            "change of published.hotlines",
        ),
    ] {
        let database = Database::empty().await;
        run(&mut database.superuser().await, granted).await;
        let (done, _, words) = said({
            let mut serve = lodestar(&database.vars());
            serve.env("LODESTAR_LISTEN", crate::support::free_address());
            serve
        });
        assert!(!done, "it started");
        assert!(
            words.contains("DATABASE_READ_URL")
                && words.contains(named)
                && words.contains("lodestar grants"),
            "{words}"
        );
    }
    // The writer's login in the reader's place.
    let database = Database::empty().await;
    let (writer, listen) = (
        database.urls.writer.as_str(),
        crate::support::free_address(),
    );
    let vars = [
        ("DATABASE_URL", writer),
        ("DATABASE_READ_URL", writer),
        ("LODESTAR_LISTEN", &listen),
    ];
    let (done, _, words) = said(lodestar(&vars));
    assert!(
        !done && words.contains("select on ledger.records"),
        "{words}"
    );
}
