//! What a lexicon is made of.

use super::{Statement, table};
use crate::{
    db::schema::vocabularies,
    search::model::{Kind, Term},
    values::lexicon::quoted,
};
use diesel::{
    ExpressionMethods, QueryDsl, QueryResult, QueryableByName, sql_query,
    sql_types::{BigInt, Text},
};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use serde_json::Value;
use std::collections::BTreeMap;

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
