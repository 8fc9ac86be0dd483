//! The latest figures of each series.

use super::Joined;
use crate::{
    db::schema::statistics::dsl, statistics::input::StatisticInput, values::digest::digest,
};
use diesel::{
    AppearsOnTable, Expression, ExpressionMethods, QueryDsl, QueryResult, SelectableExpression,
    expression::{ValidGrouping, is_aggregate},
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{BigInt, Bool},
};
use serde_json::{Value, json};

/// What figures that follow each other have in common, as a digest; nothing without a period.
/// `past.statistics` has the same parts.
pub fn key(input: &StatisticInput, document: &Value) -> Option<String> {
    input.period_start.or(input.period_end)?;
    let parts = [
        "geography",
        "sex",
        "age_band",
        "exploitation",
        "population",
        "denominator",
        "publisher",
        "unit",
        "share",
    ];
    let parts: Vec<Option<&Value>> = parts.iter().map(|part| document.get(part)).collect();
    let parts = json!([input.indicator, parts]).to_string();
    Some(digest(parts.as_bytes()))
}

/// The condition that an observation is among the latest of its series in a selection. Diesel
/// selects from no subquery, so its text stands here; what is asked is bound.
#[derive(Debug)]
pub struct Latest<Selection> {
    selection: Selection,
    most: i64,
}

impl Latest<()> {
    /// Those of the latest periods of a selection, so many periods of each series; two figures of one period are
    /// both among them.
    pub fn of(selection: Joined<'_>, most: i64) -> Latest<impl QueryFragment<Pg> + Send + use<'_>> {
        Latest {
            selection: selection.filter(dsl::series.is_not_null()).select((
                dsl::id,
                dsl::series,
                dsl::period_start,
                dsl::period_end,
            )),
            most,
        }
    }
}

impl<Selection: QueryFragment<Pg>> QueryFragment<Pg> for Latest<Selection> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "statistics.id = any(array(select id from (select id, dense_rank() over (partition by series \
             order by period_end desc, period_start desc) as place from (",
        );
        self.selection.walk_ast(out.reborrow())?;
        out.push_sql(") selection) ranked where place <= ");
        out.push_bind_param::<BigInt, _>(&self.most)?;
        out.push_sql("))");
        Ok(())
    }
}

impl<Selection> Expression for Latest<Selection> {
    type SqlType = Bool;
}

impl<Selection, Source> AppearsOnTable<Source> for Latest<Selection> {}

impl<Selection, Source> SelectableExpression<Source> for Latest<Selection> {}

impl<Selection, Grouping> ValidGrouping<Grouping> for Latest<Selection> {
    type IsAggregate = is_aggregate::No;
}

impl<Selection> QueryId for Latest<Selection> {
    type QueryId = ();
    // What is narrowed by differs.
    const HAS_STATIC_QUERY_ID: bool = false;
}
