//! The SQL of progress.

use chrono::{DateTime, Utc};
use diesel::{
    QueryResult, QueryableByName, sql_query,
    sql_types::{Array, Int8, Text, Timestamptz},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// Verifications by one person of records of the same countries, with one outcome.
#[derive(Debug, QueryableByName)]
pub struct Attempts {
    /// Who.
    #[diesel(sql_type = Text)]
    pub actor: String,
    /// Where followers of a country meet the records.
    #[diesel(sql_type = Array<Text>)]
    pub countries: Vec<String>,
    /// What came of them.
    #[diesel(sql_type = Text)]
    pub outcome: String,
    /// How many since the first moment.
    #[diesel(sql_type = Int8)]
    pub since: i64,
    /// Since the second.
    #[diesel(sql_type = Int8)]
    pub last_30_days: i64,
    /// Since the third.
    #[diesel(sql_type = Int8)]
    pub last_90_days: i64,
}

/// The verifications of these resources since three moments, each counted from when somebody tried.
pub async fn attempts(
    connection: &mut AsyncPgConnection,
    resources: &[&str],
    [since, month, quarter]: [DateTime<Utc>; 3],
) -> QueryResult<Vec<Attempts>> {
    // An entry is never older than the attempt that it takes down.
    sql_query(
        "with tried as (select actor, record_id, verification ->> 'outcome' as outcome, (verification ->> 'at')::timestamptz as at
           from ledger.entries where verification is not null and at >= least($2, $4) and resource = any($1))
         select t.actor, r.countries, t.outcome, count(*) filter (where t.at >= $2) as since,
           count(*) filter (where t.at >= $3) as last_30_days, count(*) filter (where t.at >= $4) as last_90_days
         from tried t join ledger.records r on r.id = t.record_id where t.at >= least($2, $4)
         group by t.actor, r.countries, t.outcome order by t.actor, r.countries, t.outcome",
    )
    .bind::<Array<Text>, _>(resources)
    .bind::<Timestamptz, _>(since)
    .bind::<Timestamptz, _>(month)
    .bind::<Timestamptz, _>(quarter)
    .load(connection)
    .await
}
