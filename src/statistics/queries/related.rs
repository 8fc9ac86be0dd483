//! What is computed from several observations when they are read, on the side that they are read from.

use crate::{
    db::schema::{statistics::dsl, vocabularies},
    statistics::{
        Statistic,
        arithmetic::{self, Computed},
        flags::CONTRADICTS_BASELINE,
        input::StatisticInput,
    },
};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, QueryDsl, QueryResult,
    result::Error,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// An observation beside its indicator.
struct Beside {
    id: Uuid,
    input: StatisticInput,
    /// `None` where the indicator may not be seen.
    is_change: Option<bool>,
}

/// Adds to each observation with a baseline what its change comes to.
pub async fn relate(
    connection: &mut AsyncPgConnection,
    mut served: Vec<Statistic>,
) -> QueryResult<Vec<Statistic>> {
    let named = served
        .iter()
        .filter_map(|one| Some((one.id, one.baseline.as_deref()?)));
    let mut changes = changes(connection, &named.collect::<Vec<_>>()).await?;
    for one in &mut served {
        let Some(computed) = changes.remove(&one.id) else {
            continue;
        };
        if computed.contradicts {
            one.flags.push(CONTRADICTS_BASELINE);
        }
        one.computed_change = Some(computed.text);
    }
    Ok(served)
}

/// What the changes of observations from their baselines come to, by id.
pub async fn changes(
    connection: &mut AsyncPgConnection,
    named: &[(Uuid, &str)],
) -> QueryResult<HashMap<Uuid, Computed>> {
    let baselines: BTreeSet<&str> = named.iter().map(|(_, baseline)| *baseline).collect();
    if baselines.is_empty() {
        return Ok(HashMap::new());
    }
    let baselines: Vec<&str> = baselines.into_iter().collect();
    let beside = beside(connection, &baselines).await?;
    let by_slug: HashMap<&str, &StatisticInput> = beside
        .iter()
        .map(|one| (one.input.slug.as_str(), &one.input))
        .collect();
    let by_id: HashMap<Uuid, &Beside> = beside.iter().map(|one| (one.id, one)).collect();
    let computed = named.iter().filter_map(|(id, baseline)| {
        let (own, from) = (by_id.get(id)?, by_slug.get(baseline)?);
        let computed = match own.is_change? {
            true => change(&own.input, from, &beside)?,
            false => Computed {
                text: arithmetic::compared(&own.input, from)?,
                contradicts: false,
            },
        };
        Some((*id, computed))
    });
    Ok(computed.collect())
}

/// The observations that are these baselines, or name one.
async fn beside(
    connection: &mut AsyncPgConnection,
    baselines: &[&str],
) -> QueryResult<Vec<Beside>> {
    type Loaded = (Uuid, Value, Option<String>, Option<Value>);
    let loaded: Vec<Loaded> = dsl::statistics
        .left_join(vocabularies::table)
        .filter(dsl::status.ne("archived"))
        .filter(
            dsl::slug
                .eq_any(baselines)
                .or(dsl::baseline.assume_not_null().eq_any(baselines)),
        )
        .order(dsl::slug.asc())
        .select((
            dsl::id,
            dsl::document,
            vocabularies::slug.nullable(),
            vocabularies::document.nullable(),
        ))
        .load(connection)
        .await?;
    loaded
        .into_iter()
        .map(|(id, document, indicator, definition)| {
            let mut input = StatisticInput::deserialize(document)
                .map_err(|error| Error::DeserializationError(Box::new(error)))?;
            input.indicator = indicator.unwrap_or_default();
            Ok(Beside {
                id,
                input,
                is_change: definition.map(|one| one["kind"] == "change"),
            })
        })
        .collect()
}

fn change(own: &StatisticInput, from: &StatisticInput, beside: &[Beside]) -> Option<Computed> {
    let levels = beside.iter().filter(|one| one.is_change == Some(false));
    arithmetic::change(own, from, levels.map(|one| &one.input))
}
