//! The SQL of searches. Everything that narrows one stands in the words of the records, marks included, so that
//! one index answers.

mod reading;
mod statement;

pub use reading::*;

use super::model::{Facet, Hit, Kind, Sought};
use diesel::{
    QueryResult,
    sql_types::{BigInt, Double, Jsonb, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::Value;
use statement::Statement;
use std::collections::HashMap;
use uuid::Uuid;

/// Of more records than this that a search finds in one resource, this many are ranked.
pub const RANKED: i64 = 1000;

/// From so many records on a search is for what is common.
const COMMON: i64 = 10_000;

/// What a table is called, and what shows of it.
struct Table {
    name: &'static str,
    /// The rank among equals.
    order: i32,
    /// What its rows are worth before anything is known of them: a person looks for help before figures.
    prior: f64,
    /// Which of its rows are not shown unasked.
    only: &'static str,
    /// Which of its rows come after all others.
    doubtful: &'static str,
    /// The countries of a row, as an array.
    countries: &'static str,
    /// Its topics, as an array.
    topics: &'static str,
}

const fn table(kind: Kind) -> Table {
    match kind {
        Kind::Organizations => Table {
            name: "organizations",
            order: 2,
            prior: 0.3,
            only: "",
            doubtful: "false",
            countries: "array_remove(array[country], null)",
            topics: "topics",
        },
        Kind::Hotlines => Table {
            name: "hotlines",
            order: 1,
            prior: 0.4,
            only: "",
            doubtful: "false",
            countries: "countries",
            topics: "topics",
        },
        Kind::RegionalContacts => Table {
            name: "regional_contacts",
            order: 3,
            prior: 0.2,
            only: "",
            doubtful: "false",
            countries: "array(select distinct unnest(serves_countries || country))",
            topics: "'{}'::text[]",
        },
        Kind::Statistics => Table {
            name: "statistics",
            order: 4,
            prior: 0.0,
            // Superseded and retracted figures are listed when asked for by assessment.
            only: " and assessment in ('not_assessed', 'supported', 'disputed')",
            doubtful: "assessment = 'disputed'",
            countries: "array[split_part(geography, '-', 1)]",
            topics: "'{}'::text[]",
        },
    }
}

/// How many records of each resource hold what is looked for.
pub async fn counts(
    connection: &mut AsyncPgConnection,
    terms: &[String],
    kinds: &[Kind],
) -> QueryResult<Vec<i64>> {
    let mut statement: Statement<(Text, BigInt)> = Statement::new();
    for (place, kind) in kinds.iter().enumerate() {
        let Table { name, only, .. } = table(*kind);
        let union = if place > 0 { " union all " } else { "" };
        statement = statement
            .sql(format!(
                "{union}select '{name}', count(*) from {name} where true"
            ))
            .holding(terms)
            .sql(only);
    }
    let rows: Vec<(String, i64)> = statement.load(connection).await?;
    let of = |kind: &Kind| rows.iter().find(|(name, _)| name == kind.name());
    Ok(kinds
        .iter()
        .map(|kind| of(kind).map_or(0, |(_, count)| *count))
        .collect())
}

/// The records that hold what is looked for, the best first. Of a resource with more than [`RANKED`] those
/// whose name starts as was asked, and that many others.
pub async fn ranked(
    connection: &mut AsyncPgConnection,
    sought: &Sought,
    counts: &[(Kind, i64)],
    (offset, limit): (i64, i64),
) -> QueryResult<Vec<Hit>> {
    let found: Vec<&(Kind, i64)> = counts.iter().filter(|(_, count)| *count > 0).collect();
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement: Statement<(Text, SqlUuid, Text, Double)> = Statement::new()
        .sql("with q as materialized (select query_of(")
        .text(&sought.named)
        .sql(") as named, query_of(")
        .text(&sought.named_wide)
        .sql(") as named_wide, query_of(")
        .text(&sought.named_like)
        .sql(") as named_like, query_of(")
        .text(&sought.placed)
        .sql(") as placed, query_of(")
        .text(&sought.any)
        .sql(") as any_term");
    for (place, term) in sought.terms.iter().enumerate() {
        statement = statement
            .sql(", query_of(")
            .text(term)
            .sql(format!(") as term{place}"));
    }
    let held = |test: fn(usize) -> String| -> String {
        let tests: Vec<String> = (0..sought.terms.len()).map(test).collect();
        tests.join(" and ")
    };
    let by_index = held(|place| format!("words @@ (select term{place} from q)"));
    let by_hand = held(|place| format!("ts_match_vq(words, (select term{place} from q))"));
    for (place, test) in sought.tests.iter().enumerate() {
        let texts = [
            ("name", Some(&test.in_names)),
            ("wide", test.wide.as_ref()),
            ("itself", Some(&test.itself)),
            ("whole", Some(&test.whole)),
        ];
        for (column, text) in texts {
            if let Some(text) = text {
                statement = statement
                    .sql(", query_of(")
                    .text(text)
                    .sql(format!(") as {column}{place}"));
            }
        }
    }
    statement = statement.sql(") select kind, id, slug, score from (");
    for (place, (kind, count)) in found.into_iter().enumerate() {
        let Table {
            name,
            order,
            prior,
            only,
            doubtful,
            ..
        } = table(*kind);
        let union = if place > 0 { " union all " } else { "" };
        let asked = prior + if sought.kind == Some(*kind) { 0.3 } else { 0.0 };
        statement = statement.sql(format!(
            "{union}select '{name}' as kind, id, slug, doubtful, {order} as place, \
             case when words @@ q.named then 6.0 when words @@ q.named_wide then 3.0 \
             when words @@ q.named_like then 1.5 else 0.0 end \
             + case when words @@ q.placed then 0.4 else 0.0 end \
             + ts_rank('{{0.1,0.2,0.4,1.0}}', words, q.any_term, 1) + {asked:.1}"
        ));
        for (place, test) in sought.tests.iter().enumerate() {
            let held = |column: &str, worth: &str| {
                format!(" when words @@ q.{column}{place} then {worth}")
            };
            let mut cases = String::new();
            match (test.anywhere, sought.every) {
                // Every record holds it, none better than another.
                (true, true) => continue,
                (true, false) => cases += &held("whole", "1.0"),
                (false, every) => {
                    cases += &held("name", "1.0");
                    cases += &test
                        .wide
                        .as_ref()
                        .map_or(String::new(), |_| held("wide", "0.7"));
                    cases += &held("itself", "0.45");
                    cases += &if every {
                        String::new()
                    } else {
                        held("whole", "0.3")
                    };
                }
            }
            let rest = if sought.every { "0.3" } else { "0.0" };
            statement = statement
                .sql(" + ")
                .real(test.weight)
                .sql(format!(" * case{cases} else {rest} end"));
        }
        // Long values are stored compressed: the words are taken out once for all tests.
        statement = statement.sql(format!(
            " as score from q, (select id, slug, {doubtful} as doubtful, words || '' as words from {name} where "
        ));
        statement = match *count > RANKED {
            false => statement.sql(format!("{by_index}{only}")),
            true => {
                let others = match *count > COMMON {
                    // So many hold it that the first by slug are found sooner without the index.
                    true => {
                        format!("{by_hand}{only} order by slug")
                    }
                    // The index alone finds these; whichever the table holds first.
                    false => format!("{by_index}{only}"),
                };
                statement
                    .sql(format!(
                        "id in ((select id from {name} where words @@ (select named_like from q) \
                         and {by_index}{only} limit 200) union all \
                         (select id from {name} where {others} limit "
                    ))
                    .whole(RANKED)
                    .sql("))")
            }
        };
        statement = statement.sql(" offset 0) found");
    }
    let rows: Vec<(String, Uuid, String, f64)> = statement
        .sql(") every order by doubtful, score desc, place, slug offset ")
        .whole(offset)
        .sql(" limit ")
        .whole(limit)
        .load(connection)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(name, id, slug, score)| {
            Some(Hit {
                kind: Kind::named(&name)?,
                id,
                slug,
                score,
            })
        })
        .collect())
}

/// The public documents of these records.
pub async fn documents(
    connection: &mut AsyncPgConnection,
    hits: &[Hit],
) -> QueryResult<HashMap<Uuid, Value>> {
    let mut statement: Statement<(SqlUuid, Jsonb)> = Statement::new();
    let mut any = false;
    for kind in Kind::ALL {
        let ids: Vec<Uuid> = hits
            .iter()
            .filter(|hit| hit.kind == kind)
            .map(|hit| hit.id)
            .collect();
        if ids.is_empty() {
            continue;
        }
        let union = if any { " union all " } else { "" };
        any = true;
        let name = table(kind).name;
        statement = statement
            .sql(format!(
                "{union}select id, document from {name} where id = any("
            ))
            .ids(ids)
            .sql(")");
    }
    if !any {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, Value)> = statement.load(connection).await?;
    Ok(rows.into_iter().collect())
}

/// How many of the records found belong to each country or topic.
pub async fn facet(
    connection: &mut AsyncPgConnection,
    terms: &[String],
    kinds: &[Kind],
    facet: Facet,
) -> QueryResult<Vec<(String, i64)>> {
    let mut statement: Statement<(Text, BigInt)> =
        Statement::new().sql("select value, count(*) from (");
    for (place, kind) in kinds.iter().enumerate() {
        let Table {
            name,
            only,
            countries,
            topics,
            ..
        } = table(*kind);
        let union = if place > 0 { " union all " } else { "" };
        let values = if facet == Facet::Country {
            countries
        } else {
            topics
        };
        statement = statement
            .sql(format!(
                "{union}select unnest({values}) as value from {name} where true"
            ))
            .holding(terms)
            .sql(only);
    }
    statement
        .sql(") every group by value order by 2 desc, 1")
        .load(connection)
        .await
}
