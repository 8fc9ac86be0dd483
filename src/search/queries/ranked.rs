//! Which of the records found are the best.

use super::{Statement, Table, table};
use crate::{
    search::model::{DEEPEST, Hit, Kind, Sought},
    values::lexicon::{Condition, Tests},
};
use diesel::{
    QueryResult,
    sql_types::{Double, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Of more records than this that a search finds in one resource, this many are ranked.
const RANKED: i64 = DEEPEST;

/// Of those that are called as was asked, so many come before all others.
const CALLED: i64 = 100;

type Hits = Statement<(Text, SqlUuid, Text, Double)>;

/// The records that hold what is looked for, the best first. Of a resource with more than [`RANKED`] those
/// that are called so, and that many others: those that hold it itself before those that hold what means the same.
pub async fn ranked(
    connection: &mut AsyncPgConnection,
    sought: &Sought,
    counts: &[(Kind, i64)],
    (offset, limit): (i64, i64),
) -> QueryResult<Vec<Hit>> {
    if counts.is_empty() {
        return Ok(Vec::new());
    }
    let crowded = |kind: Kind| counts.iter().any(|one| one.0 == kind && one.1 > RANKED);
    let tables: Vec<Table> = counts
        .iter()
        .map(|one| one.0)
        .filter(|kind| crowded(*kind))
        .map(table)
        .collect();
    let mut statement = candidates(asked(sought), sought, &tables, offset + limit)
        .sql(" select kind, id, slug, score from (");
    for (place, (kind, _)) in counts.iter().enumerate() {
        let union = if place > 0 { " union all " } else { "" };
        let first = match (tables.is_empty(), crowded(*kind)) {
            (true, _) => First::Nobody,
            (false, true) => First::Candidates,
            (false, false) => First::Called,
        };
        statement = weighed(statement.sql(union), sought, *kind, first);
    }
    let rows: Vec<(String, Uuid, String, f64)> = statement
        .sql(") every order by doubtful, first desc, score desc, place, slug offset ")
        .whole(offset)
        .sql(" limit ")
        .whole(limit)
        .load(connection)
        .await?;
    let hit = |(name, id, slug, score): (String, Uuid, String, f64)| {
        let kind = Kind::named(&name)?;
        Some(Hit {
            kind,
            id,
            slug,
            score,
        })
    };
    Ok(rows.into_iter().filter_map(hit).collect())
}

/// Starts with all that records are tested for, read once.
fn asked(sought: &Sought) -> Hits {
    let mut statement = Hits::new()
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
    statement.sql(")")
}

/// Adds which records of these tables are ranked, where more hold what is looked for than can be.
fn candidates(mut statement: Hits, sought: &Sought, tables: &[Table], deep: i64) -> Hits {
    let tiers = |[called, literal]: &[Vec<Condition>; 2]| (called.clone(), literal.clone());
    let tiers = sought.narrowly.as_ref().map(tiers);
    for Table { name, only, .. } in tables {
        // Few are called so; whether they hold the rest is seen record by record.
        statement = statement
            .sql(format!(
                ", {name}_alike as materialized (select id, words from {name} \
                 where words @@ (select named_like from q)"
            ))
            .holding(&sought.within)
            .sql(format!("{only} limit {CALLED}), "))
            .sql(format!(
                "{name}_first as materialized (select id from {name}_alike where true"
            ))
            .holding_by_hand(&sought.terms);
        if let Some((called, _)) = &tiers {
            statement = statement
                .sql(format!(" union (select id from {name} where true"))
                .holding(called)
                .sql(format!("{only} limit {CALLED})"));
        }
        statement = statement.sql(")");
    }
    let counted = tables
        .iter()
        .map(|table| format!("(select count(*) from {}_first)", table.name));
    let counted = counted.collect::<Vec<_>>().join(" + ");
    if tables.is_empty() {
        return statement;
    }
    // A page of those that are called so needs no others.
    statement = statement
        .sql(format!(", enough as materialized (select {counted} >= "))
        .whole(deep)
        .sql(" as enough)");
    for Table { name, only, .. } in tables {
        let mut before = "(select enough from enough)".to_owned();
        if let Some((_, literal)) = &tiers {
            statement = statement.sql(format!(
                ", {name}_literal as materialized (select id from {name} where true"
            ));
            statement = match sought.common {
                true => statement
                    .holding_by_hand(literal)
                    .sql(format!("{only} order by slug")),
                false => statement.holding(literal).sql(*only),
            };
            statement = statement.sql(format!(
                " limit case when {before} then 0 else {RANKED} end)"
            ));
            // Those that mean the same are looked for only where too few hold it itself.
            before += &format!(" or (select count(*) from {name}_literal) >= {RANKED}");
        }
        statement = statement.sql(format!(
            ", {name}_candidates as materialized (select id from {name}_first"
        ));
        if tiers.is_some() {
            statement = statement.sql(format!(" union select id from {name}_literal"));
        }
        statement = statement
            .sql(format!(" union (select id from {name} where true"))
            .holding(&sought.terms)
            .sql(format!(
                "{only} limit case when {before} then 0 else {RANKED} end))"
            ));
    }
    statement
}

/// Which records of a table come before all others.
enum First {
    /// None: all that were found are ranked.
    Nobody,
    /// Those that are among the first candidates.
    Candidates,
    /// Those that are called as was asked.
    Called,
}

/// Adds the records of a table with what each is worth.
fn weighed(mut statement: Hits, sought: &Sought, kind: Kind, first: First) -> Hits {
    let Table {
        name,
        order,
        prior,
        only,
        doubtful,
        ..
    } = table(kind);
    let asked = prior + if sought.kind == Some(kind) { 0.3 } else { 0.0 };
    statement = statement.sql(format!(
        "select '{name}' as kind, id, slug, doubtful, {order} as place, first, \
         case when words @@ q.named then 6.0 when words @@ q.named_wide then 3.0 \
         when words @@ q.named_like then 1.5 else 0.0 end \
         + case when words @@ q.placed then 0.4 else 0.0 end \
         + ts_rank('{{0.1,0.2,0.4,1.0}}', words, q.any_term, 1) + {asked:.1}"
    ));
    for (place, test) in sought.tests.iter().enumerate() {
        // Every record holds it, none better than another.
        if test.anywhere && sought.every {
            continue;
        }
        let rest = if sought.every { "0.3" } else { "0.0" };
        statement = statement.sql(" + ").real(test.weight).sql(format!(
            " * case{} else {rest} end",
            worth(test, sought.every, place)
        ));
    }
    // Words stand outside of their row: they are taken in once for all tests.
    statement = statement.sql(" as score from q, (select id, slug, words, doubtful");
    statement = match (&first, &sought.narrowly) {
        (First::Candidates, _) => {
            statement.sql(format!(", id in (select id from {name}_first) as first"))
        }
        (First::Called, Some([called, _])) => statement
            .sql(", true")
            .holding_by_hand(called)
            .sql(" as first"),
        _ => statement.sql(", false as first"),
    };
    statement = statement.sql(format!(
        " from (select id, slug, {doubtful} as doubtful, words || '' as words from {name} where "
    ));
    statement = match first {
        First::Candidates => statement.sql(format!("id in (select id from {name}_candidates)")),
        _ => statement.sql("true").holding(&sought.terms).sql(only),
    };
    statement.sql(" offset 0) taken) found")
}

/// What a term is worth where it stands, the best first.
fn worth(test: &Tests, every: bool, place: usize) -> String {
    let held = |column: &str, worth: &str| format!(" when words @@ q.{column}{place} then {worth}");
    if test.anywhere {
        return held("whole", "1.0");
    }
    let mut cases = held("name", "1.0");
    if test.wide.is_some() {
        cases += &held("wide", "0.7");
    }
    cases += &held("itself", "0.45");
    if !every {
        cases += &held("whole", "0.3");
    }
    cases
}
