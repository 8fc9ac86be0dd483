//! The SQL of searches. Everything that narrows one stands in the words of the records, marks included, so that
//! one index answers.

mod statement;

use super::model::{Facet, Hit, Kind, Sought, Term};
use crate::{
    db::schema::{directory, vocabularies},
    values::lexicon::quoted,
};
use diesel::{
    ExpressionMethods, QueryDsl, QueryResult, QueryableByName, sql_query,
    sql_types::{BigInt, Double, Jsonb, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use serde_json::Value;
use statement::Statement;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Of more records than this that a search finds in one resource, this many are ranked.
pub const RANKED: i64 = 2000;

/// The last public revision.
pub async fn revision(connection: &mut AsyncPgConnection) -> QueryResult<i64> {
    directory::table
        .select(directory::revision)
        .first(connection)
        .await
}

/// The terms that a lexicon is made of: synonyms, topics, populations.
pub async fn terms(connection: &mut AsyncPgConnection) -> QueryResult<Vec<Term>> {
    let rows: Vec<(String, String, Value)> = vocabularies::table
        .filter(vocabularies::vocabulary.eq_any(["synonyms", "topics", "populations"]))
        .order((vocabularies::vocabulary, vocabularies::slug))
        .select((
            vocabularies::vocabulary,
            vocabularies::slug,
            vocabularies::document,
        ))
        .load(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(vocabulary, slug, document)| Term {
            vocabulary,
            slug,
            document,
        })
        .collect())
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = Text)]
    word: String,
    #[diesel(sql_type = BigInt)]
    records: i64,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

const WORDS: &str = "select word, sum(ndoc)::bigint as records from (
    select word, ndoc from ts_stat('select words from organizations')
    union all select word, ndoc from ts_stat('select words from hotlines')
    union all select word, ndoc from ts_stat('select words from regional_contacts')
    union all select word, ndoc from ts_stat('select words from statistics')
  ) every where position(':' in word) = 0 group by word";

const RECORDS: &str =
    "select (select count(*) from organizations) + (select count(*) from hotlines)
  + (select count(*) from regional_contacts) + (select count(*) from statistics) as number";

/// Every word of the four resources with the number of its records, and the number of all records.
pub async fn words(
    connection: &mut AsyncPgConnection,
) -> QueryResult<(BTreeMap<String, u64>, u64)> {
    connection
        .transaction(async |connection| {
            // A large directory takes longer than a reader may.
            connection
                .batch_execute("set local statement_timeout = '120s'")
                .await?;
            let words: Vec<Counted> = sql_query(WORDS).load(connection).await?;
            let records: Number = sql_query(RECORDS).get_result(connection).await?;
            let words = words.into_iter();
            let words = words.map(|one| (one.word, one.records.unsigned_abs()));
            Ok((words.collect(), records.number.unsigned_abs()))
        })
        .await
}

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
    terms: &str,
    kinds: &[Kind],
) -> QueryResult<Vec<i64>> {
    let mut statement: Statement<(Text, BigInt)> = Statement::new();
    for (place, kind) in kinds.iter().enumerate() {
        let Table { name, only, .. } = table(*kind);
        let union = if place > 0 { " union all " } else { "" };
        statement = statement
            .sql(format!(
                "{union}select '{name}', count(*) from {name} where words @@ query_of("
            ))
            .text(terms)
            .sql(format!("){only}"));
    }
    let rows: Vec<(String, i64)> = statement.load(connection).await?;
    let of = |kind: &Kind| rows.iter().find(|(name, _)| name == kind.name());
    Ok(kinds
        .iter()
        .map(|kind| of(kind).map_or(0, |(_, count)| *count))
        .collect())
}

/// Which of these words public records hold now.
pub async fn known(
    connection: &mut AsyncPgConnection,
    words: &[String],
) -> QueryResult<Vec<String>> {
    let mut statement: Statement<(Text,)> = Statement::new().sql("select word from (");
    for (place, word) in words.iter().enumerate() {
        let union = if place > 0 { " union all " } else { "" };
        statement = statement
            .sql(format!("{union}select "))
            .text(word)
            .sql(" as word, query_of(")
            .text(quoted(word, ""))
            .sql(") as term");
    }
    statement = statement.sql(") asked where false");
    for kind in Kind::ALL {
        let name = table(kind).name;
        statement = statement.sql(format!(
            " or exists (select from {name} where words @@ term)"
        ));
    }
    let rows: Vec<(String,)> = statement.load(connection).await?;
    Ok(rows.into_iter().map(|(word,)| word).collect())
}

/// The records that hold what is looked for, the best first. Of a resource with more than [`RANKED`] those
/// whose name starts as was asked, and the first by slug.
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
        .text(&sought.terms)
        .sql(") as terms, query_of(")
        .text(&sought.named)
        .sql(") as named, query_of(")
        .text(&sought.named_like)
        .sql(") as named_wide, query_of(")
        .text(&sought.named_wide)
        .sql(") as named_like, query_of(")
        .text(&sought.placed)
        .sql(") as placed, query_of(")
        .text(&sought.any)
        .sql(") as any_term");
    for (place, (_, texts)) in sought.weights.iter().enumerate() {
        for (column, text) in ["wide", "plain", "whole", "name"].iter().zip(texts) {
            statement = statement
                .sql(", query_of(")
                .text(text)
                .sql(format!(") as {column}{place}"));
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
            "{union}select '{name}' as kind, id, slug, {doubtful} as doubtful, {order} as place, \
             case when words @@ q.named then 6.0 when words @@ q.named_wide then 3.0 \
             when words @@ q.named_like then 1.5 else 0.0 end \
             + case when words @@ q.placed then 0.4 else 0.0 end \
             + ts_rank('{{0.1,0.2,0.4,1.0}}', words, q.any_term, 1) + {asked:.1}"
        ));
        for (place, (weight, _)) in sought.weights.iter().enumerate() {
            statement = statement.sql(" + ").real(*weight).sql(format!(
                " * case when words @@ q.name{place} then 1.0 when words @@ q.wide{place} then 0.7 \
                 when words @@ q.plain{place} then 0.45 when words @@ q.whole{place} then 0.3 else 0.0 end"
            ));
        }
        statement = match *count > RANKED {
            false => statement.sql(format!(
                " as score from q, {name} where words @@ (select terms from q){only}"
            )),
            // Most records hold a common word, so that the first by slug are soon found without the index.
            true => statement
                .sql(format!(
                    " as score from q, {name} where id in ((select id from {name} \
                     where words @@ (select named_like from q) and words @@ (select terms from q){only} \
                     order by slug limit 200) union all \
                     (select id from {name} where ts_match_vq(words, (select terms from q)){only} \
                     order by slug limit "
                ))
                .whole(RANKED)
                .sql("))"),
        };
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
    terms: &str,
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
                "{union}select unnest({values}) as value from {name} where words @@ query_of("
            ))
            .text(terms)
            .sql(format!("){only}"));
    }
    statement
        .sql(") every group by value order by 2 desc, 1")
        .load(connection)
        .await
}
