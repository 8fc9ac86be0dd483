//! Migrations: true in both directions, and the same as the tables that the code knows.

use crate::support::{Database, manifest, rows};
use diesel_async::AsyncPgConnection;
use futures_util::future;
use lodestar::cli::database::{Direction, migrate};
use serde_json::Value;
use std::{collections::BTreeMap, fs};

/// Everything that migrations make, as the catalogue describes it.
const CATALOGUE: [(&str, &str); 6] = [
    (
        "columns",
        "select c.oid::regclass::text as relation, c.relkind::text as relkind, a.attname, format_type(a.atttypid, a.atttypmod) as type,
                a.attnotnull, pg_get_expr(d.adbin, d.adrelid) as value, col_description(c.oid, a.attnum) as comment
         from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
         where c.relnamespace::regnamespace::text in ('published', 'ledger', 'past') order by 1, a.attnum",
    ),
    (
        "constraints",
        "select conrelid::regclass::text as relation, conname, pg_get_constraintdef(oid) as definition
         from pg_constraint where connamespace::regnamespace::text in ('published', 'ledger', 'past') order by 1, 2",
    ),
    (
        "indexes",
        "select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
         from pg_index join pg_class c on c.oid = indexrelid where c.relnamespace::regnamespace::text in ('published', 'ledger', 'past') order by 1",
    ),
    (
        "relations",
        "select oid::regclass::text as relation, relkind::text as relkind, relacl::text as grants, obj_description(oid) as comment,
                pg_get_userbyid(relowner) as owner
         from pg_class where relnamespace::regnamespace::text in ('published', 'ledger', 'past') and relkind <> 'i' order by 1",
    ),
    (
        "functions",
        "select oid::regprocedure::text as name, pg_get_functiondef(oid) as definition, proacl::text as grants
         from pg_proc where pronamespace::regnamespace::text in ('published', 'ledger', 'past') order by 1",
    ),
    (
        "others",
        "select 'trigger' as kind, tgname::text as name from pg_trigger where not tgisinternal
         union all select 'type', typname from pg_type where typnamespace::regnamespace::text in ('published', 'ledger', 'past')
           and typelem = 0 and typrelid = 0
         union all select 'schema ' || nspacl::text, nspname from pg_namespace where nspname in ('published', 'ledger', 'past', 'public')
         order by 1, 2",
    ),
];

async fn catalogue(connection: &mut AsyncPgConnection) -> BTreeMap<&'static str, Vec<Value>> {
    let mut all = BTreeMap::new();
    for (name, query) in CATALOGUE {
        all.insert(name, rows(connection, query).await);
    }
    all
}

#[actix_web::test]
async fn up_down_and_up_again_make_the_same_tables() {
    let database = Database::bare().await;
    let mut superuser = database.superuser().await;
    let before = catalogue(&mut superuser).await;
    let done = migrate(&database.urls, Direction::Up).await.unwrap();
    assert_eq!(
        done.len(),
        fs::read_dir(manifest("migrations")).unwrap().count()
    );
    let first = catalogue(&mut superuser).await;
    assert!(first["columns"].len() > 80 && first["functions"].len() >= 3);
    assert!(
        migrate(&database.urls, Direction::Up)
            .await
            .unwrap()
            .is_empty()
    );

    migrate(&database.urls, Direction::Down).await.unwrap();
    let mut down = catalogue(&mut superuser).await;
    for (name, rows) in &mut down {
        // The list of migrations is not made by one.
        rows.retain(|row| !row.to_string().contains("__diesel_schema_migrations"));
        assert_eq!(*rows, before[name], "left behind: {name}");
    }

    migrate(&database.urls, Direction::Up).await.unwrap();
    let second = catalogue(&mut superuser).await;
    for (name, _) in CATALOGUE {
        assert_eq!(first[name], second[name], "{name}");
    }
}

#[actix_web::test]
async fn two_processes_may_migrate_at_once() {
    let database = Database::bare().await;
    let both = future::join(
        migrate(&database.urls, Direction::Up),
        migrate(&database.urls, Direction::Up),
    );
    let (one, other) = both.await;
    let ran = [one.unwrap().len(), other.unwrap().len()];
    let all = fs::read_dir(manifest("migrations")).unwrap().count();
    assert!(ran.contains(&0) && ran.contains(&all), "{ran:?}");
}

#[actix_web::test]
async fn every_foreign_key_has_an_index() {
    let database = Database::empty().await;
    let keys = "select conrelid::regclass::text as relation, conname, exists (
            select from pg_index i where i.indrelid = conrelid and i.indpred is null
            and (string_to_array(i.indkey::text, ' ')::int2[])[1:cardinality(conkey)] = conkey
        ) as indexed from pg_constraint where contype = 'f'";
    let keys = rows(&mut database.superuser().await, keys).await;
    assert!(keys.len() >= 4, "{keys:?}");
    let bare: Vec<&Value> = keys.iter().filter(|key| key["indexed"] == false).collect();
    assert!(bare.is_empty(), "{bare:?}");
}

/// The name that the catalogue gives to a type of diesel's.
fn catalogue_type(diesel: &str) -> String {
    if let Some(inner) = diesel
        .strip_prefix("Array<")
        .and_then(|t| t.strip_suffix('>'))
    {
        return catalogue_type(inner) + "[]";
    }
    match diesel {
        "Uuid" => "uuid",
        "Text" => "text",
        "Int8" => "bigint",
        "Bool" => "boolean",
        "Json" => "json",
        "Jsonb" => "jsonb",
        "Bytea" => "bytea",
        "Int4" => "integer",
        "Timestamptz" => "timestamp with time zone",
        "Date" => "date",
        "Numeric" => "numeric",
        "Double" => "double precision",
        "Tsvector" => "tsvector",
        other => panic!("{other} is new: say here what the catalogue calls it"),
    }
    .to_owned()
}

#[actix_web::test]
async fn the_tables_that_the_code_knows_are_those_of_the_migrations() {
    let mut known = Vec::new();
    let mut table = String::new();
    for line in fs::read_to_string(manifest("src/db/schema.rs"))
        .unwrap()
        .lines()
    {
        let line = line.trim();
        if let Some((column, kind)) = line
            .split_once(" -> ")
            .filter(|_| !line.starts_with("diesel::"))
        {
            let kind = kind.trim_end_matches(',');
            let inner = kind
                .strip_prefix("Nullable<")
                .and_then(|kind| kind.strip_suffix('>'));
            let kind = catalogue_type(inner.unwrap_or(kind));
            known.push(format!(
                "{table}.{column} {kind} {}",
                if inner.is_some() { "null" } else { "not null" }
            ));
        } else if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with(") {")) {
            table = name.to_owned();
        }
    }
    let database = Database::empty().await;
    let columns = "select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
            || case when a.attnotnull then ' not null' else ' null' end as said
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace::regnamespace::text in ('published', 'ledger') and c.relkind in ('r', 'p', 'v', 'm')
          and c.relname <> '__diesel_schema_migrations'";
    let columns = rows(&mut database.superuser().await, columns).await;
    let mut made: Vec<&str> = columns
        .iter()
        .map(|row| row["said"].as_str().unwrap())
        .collect();
    made.sort_unstable();
    // The two sides have the same tables.
    made.dedup();
    known.sort_unstable();
    assert!(known.len() > 80);
    assert_eq!(made, known);
}

#[actix_web::test]
async fn the_past_has_the_columns_of_what_is_published() {
    let columns = async |relation: &str| {
        let query = format!(
            "select attname::text as name, format_type(atttypid, atttypmod) as type from pg_attribute
             where attrelid = '{relation}'::regclass and attnum > 0 and not attisdropped order by 1"
        );
        let database = Database::empty().await;
        rows(&mut database.superuser().await, &query).await
    };
    let published = columns("published.statistics").await;
    assert!(published.len() > 20, "{published:?}");
    assert_eq!(columns("past.statistics").await, published);
}
