//! Statements whose text depends on what is asked. Texts are ours, values are bound.

use crate::values::lexicon::Condition;
use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::{Array, BigInt, Double, Text, Uuid as SqlUuid},
};
use std::marker::PhantomData;
use uuid::Uuid;

enum Part {
    Sql(String),
    Text(String),
    Whole(i64),
    Real(f64),
    Ids(Vec<Uuid>),
}

/// A statement whose rows are of a type.
pub struct Statement<Row> {
    parts: Vec<Part>,
    row: PhantomData<Row>,
}

impl<Row> Statement<Row> {
    /// An empty one.
    pub fn new() -> Self {
        Self {
            parts: Vec::new(),
            row: PhantomData,
        }
    }

    /// Adds text.
    pub fn sql(mut self, sql: impl Into<String>) -> Self {
        self.parts.push(Part::Sql(sql.into()));
        self
    }

    /// Binds text.
    pub fn text(mut self, value: impl Into<String>) -> Self {
        self.parts.push(Part::Text(value.into()));
        self
    }

    /// Adds that words hold one of these. Bitmaps of single lexemes are joined sooner than the index
    /// weighs a long alternative record by record.
    fn holding_one(mut self, condition: &Condition) -> Self {
        let mut before = "(";
        for text in &condition.0 {
            self = self
                .sql(format!("{before}words @@ query_of("))
                .text(text)
                .sql(")");
            before = " or ";
        }
        self.sql(")")
    }

    /// Adds the condition that words hold all of these. Several that meet in few records are left to the
    /// index, which passes over what only one of them has.
    pub fn holding(mut self, conditions: &[Condition]) -> Self {
        if let [condition] = conditions {
            return self.sql(" and ").holding_one(condition);
        }
        for condition in conditions {
            self = self
                .sql(" and words @@ query_of(")
                .text(condition.text())
                .sql(")");
        }
        self
    }

    /// The same, of rows at hand.
    pub fn holding_by_hand(mut self, conditions: &[Condition]) -> Self {
        for condition in conditions {
            self = self
                .sql(" and ts_match_vq(words, query_of(")
                .text(condition.text())
                .sql("))");
        }
        self
    }

    /// Binds a whole number.
    pub fn whole(mut self, value: i64) -> Self {
        self.parts.push(Part::Whole(value));
        self
    }

    /// Binds a number.
    pub fn real(mut self, value: f64) -> Self {
        self.parts.push(Part::Real(value));
        self
    }

    /// Binds ids.
    pub fn ids(mut self, value: Vec<Uuid>) -> Self {
        self.parts.push(Part::Ids(value));
        self
    }
}

impl<Row> QueryFragment<Pg> for Statement<Row> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        // There are too many texts for a connection to prepare and keep each.
        out.unsafe_to_cache_prepared();
        for part in &self.parts {
            match part {
                Part::Sql(sql) => out.push_sql(sql),
                Part::Text(value) => out.push_bind_param::<Text, _>(value)?,
                Part::Whole(value) => out.push_bind_param::<BigInt, _>(value)?,
                Part::Real(value) => out.push_bind_param::<Double, _>(value)?,
                Part::Ids(value) => out.push_bind_param::<Array<SqlUuid>, _>(value)?,
            }
        }
        Ok(())
    }
}

impl<Row> QueryId for Statement<Row> {
    type QueryId = ();
    // The text tells statements apart.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Row> Query for Statement<Row> {
    type SqlType = Row;
}
