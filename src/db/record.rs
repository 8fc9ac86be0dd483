//! What all published tables have: the columns of every record, full-text search.

use chrono::{DateTime, Utc};
use diesel::{
    AppearsOnTable, BoxableExpression, Column, Expression, ExpressionMethods,
    PgArrayExpressionMethods, QueryDsl, QueryResult, Queryable, SelectableExpression,
    define_sql_function,
    deserialize::{FromSql, FromSqlRow},
    expression::{TypedExpressionType, ValidGrouping, is_aggregate},
    pg::{Pg, PgValue},
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{Array, Bool, Double, Json, Nullable, SqlType, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::de::DeserializeOwned;
use std::{borrow::Cow, marker::PhantomData};
use uuid::Uuid;

use super::schema::{sql_types::Tsvector, vocabularies};
use crate::values::{
    access::{Status, Visibility},
    lexicon::found::Found,
};

/// How many rows one statement writes: Postgres takes at most 65,535 parameters.
pub const CHUNK: usize = 1000;

/// The columns that every record has, and its document.
#[derive(Debug, Clone, Queryable)]
pub struct Record {
    /// UUIDv7.
    pub id: Uuid,
    /// Stable, human.
    pub slug: String,
    /// Where it stands in its life; `published` on the public side.
    pub status: Status,
    /// Whether the public may see it; `public` on the public side.
    pub visibility: Visibility,
    /// The ledger's revision of its last change.
    pub revision: i64,
    /// When it came into the directory.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub last_modified: DateTime<Utc>,
    /// The document; on the public side its public part.
    pub document: Stored,
}

/// A document as the database sends it: its text, which is read once, as what it is.
#[derive(Debug, Clone, FromSqlRow)]
pub struct Stored(Box<str>);

impl FromSql<Json, Pg> for Stored {
    fn from_sql(value: PgValue<'_>) -> diesel::deserialize::Result<Self> {
        Ok(Self(std::str::from_utf8(value.as_bytes())?.into()))
    }
}

impl Record {
    /// The document as its type.
    ///
    /// # Errors
    /// When it has another shape, which the one way in does not let happen.
    pub fn read<T: DeserializeOwned>(&self) -> QueryResult<T> {
        serde_json::from_str(&self.document.0)
            .map_err(|error| diesel::result::Error::DeserializationError(Box::new(error)))
    }
}

impl FromSql<Text, Pg> for Status {
    fn from_sql(value: PgValue<'_>) -> diesel::deserialize::Result<Self> {
        named(&value, Self::named)
    }
}

impl FromSql<Text, Pg> for Visibility {
    fn from_sql(value: PgValue<'_>) -> diesel::deserialize::Result<Self> {
        named(&value, Self::named)
    }
}

/// What a column of names names.
fn named<T>(
    value: &PgValue<'_>,
    find: impl Fn(&str) -> Option<T>,
) -> diesel::deserialize::Result<T> {
    let name = std::str::from_utf8(value.as_bytes())?;
    find(name).ok_or_else(|| format!("there is no {name} here").into())
}

impl Queryable<Text, Pg> for Status {
    type Row = Self;

    fn build(row: Self) -> diesel::deserialize::Result<Self> {
        Ok(row)
    }
}

impl Queryable<Text, Pg> for Visibility {
    type Row = Self;

    fn build(row: Self) -> diesel::deserialize::Result<Self> {
        Ok(row)
    }
}

/// A document on its way into a table of either side.
#[derive(Debug)]
pub struct Saved<'a, T> {
    /// UUIDv7.
    pub id: Uuid,
    /// Where it stands in its life.
    pub status: &'static str,
    /// Whether the public may see it.
    pub visibility: &'static str,
    /// Provisional and negative until the ledger orders it.
    pub revision: i64,
    /// When the record came into the directory.
    pub created_at: DateTime<Utc>,
    /// When it changed, that is now.
    pub last_modified: DateTime<Utc>,
    /// The document, or its public part.
    pub input: &'a T,
    /// The same as JSON.
    pub document: serde_json::Value,
}

define_sql_function! {
    /// Words as `values::lexicon` writes them.
    fn vector_of(words: Text) -> Tsvector;
}
define_sql_function! {
    /// The great-circle distance in kilometres.
    fn distance_km(
        lat1: Nullable<Double>, lon1: Nullable<Double>,
        lat2: Nullable<Double>, lon2: Nullable<Double>,
    ) -> Nullable<Double>;
}
define_sql_function! {
    /// Lower case.
    fn lower(text: Text) -> Text;
}
/// A full-text query.
#[derive(diesel::sql_types::SqlType, diesel::query_builder::QueryId)]
#[diesel(postgres_type(oid = 3615, array_oid = 3645))]
pub struct Tsquery;

define_sql_function! {
    /// What is looked for, as `values::lexicon` writes it.
    fn query_of(terms: Text) -> Tsquery;
}

diesel::infix_operator!(Matches, " @@ ", backend: Pg);

/// Whether words hold what is looked for; uses the index on words.
pub fn matches<T>(words: T, terms: &str) -> Matches<T, query_of<String>>
where
    T: Expression<SqlType = Tsvector>,
{
    Matches::new(words, query_of(terms.to_owned()))
}

diesel::infix_operator!(IsAny, " = any", backend: Pg);

/// Whether a text in lower case is one of some in any case; uses the index on the one. The database lowers both, so
/// that they are the same where its locale knows other capitals than Rust.
pub fn is_any<T>(lowered: T, texts: &[String]) -> IsAny<T, Lowered>
where
    T: Expression<SqlType = Text>,
{
    IsAny::new(lowered, Lowered(texts.to_vec()))
}

/// Texts in lower case. No join: planned once, a list is a condition of an index.
#[derive(Debug, Clone, QueryId)]
pub struct Lowered(Vec<String>);

impl Expression for Lowered {
    type SqlType = Array<Text>;
}

impl QueryFragment<Pg> for Lowered {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("(array(select lower(one) from unnest(");
        out.push_bind_param::<Array<Text>, _>(&self.0)?;
        out.push_sql(") one))");
        Ok(())
    }
}

impl ValidGrouping<()> for Lowered {
    type IsAggregate = is_aggregate::Never;
}

impl<Table> AppearsOnTable<Table> for Lowered {}
impl<Table> SelectableExpression<Table> for Lowered {}

/// SQL as the code has it. A statement with one of Diesel's own literals is planned anew each time that it is asked; one
/// with this is prepared once, like any other.
#[derive(Debug, Clone)]
pub struct Fixed<ST> {
    text: Cow<'static, str>,
    of: PhantomData<ST>,
}

impl<ST> Fixed<ST> {
    /// Takes a text that stands in the code, so that nothing that somebody asks for is written into it.
    pub const fn new(text: &'static str) -> Self {
        Self {
            text: Cow::Borrowed(text),
            of: PhantomData,
        }
    }
}

impl<ST: SqlType + TypedExpressionType> Expression for Fixed<ST> {
    type SqlType = ST;
}

impl<ST> QueryFragment<Pg> for Fixed<ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(&self.text);
        Ok(())
    }
}

impl<ST> QueryId for Fixed<ST> {
    // Its type does not tell one text from another.
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> ValidGrouping<()> for Fixed<ST> {
    type IsAggregate = is_aggregate::Never;
}

impl<ST, Table> AppearsOnTable<Table> for Fixed<ST> where Self: Expression {}
impl<ST, Table> SelectableExpression<Table> for Fixed<ST> where Self: AppearsOnTable<Table> {}

/// Slug and name of the organization that runs a record.
pub type Operator = Fixed<Nullable<Array<Text>>>;

/// Looks them up for a record of a table. No join: that would be for all that a page was chosen from.
pub fn operator(table: &'static str) -> Operator {
    let text = format!(
        "(select array[organizations.slug, organizations.name] from organizations \
        where organizations.id = {table}.organization_id)"
    );
    Fixed {
        text: Cow::Owned(text),
        of: PhantomData,
    }
}

/// What a record is found by, as its table stores it.
pub fn words(found: &Found) -> vector_of<String> {
    vector_of(found.vector())
}

/// The id and the slug of each term of a vocabulary.
///
/// # Errors
/// Those of the database.
pub async fn terms(
    connection: &mut AsyncPgConnection,
    vocabulary: &str,
) -> QueryResult<Vec<(String, String)>> {
    let terms: Vec<(Uuid, String)> = vocabularies::table
        .filter(vocabularies::vocabulary.eq(vocabulary))
        .select((vocabularies::id, vocabularies::slug))
        .load(connection)
        .await?;
    let terms = terms.into_iter();
    Ok(terms.map(|(id, slug)| (id.to_string(), slug)).collect())
}

/// Which part of a selection a page shows, in the order of the list.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// How many records come before it.
    pub offset: i64,
    /// How many it shows at most.
    pub limit: i64,
    /// How many the selection has, 0 where nobody counted.
    pub total: i64,
}

/// From so many on a selection is common: the first of them are found sooner by going through the records in their
/// order than by sorting all.
const COMMON: i64 = 5_000;

impl Window {
    /// The first so many.
    pub fn first(limit: i64) -> Self {
        Self {
            offset: 0,
            limit,
            total: 0,
        }
    }

    /// The offset and the limit.
    pub fn cut(&self) -> (i64, i64) {
        (self.offset, self.limit)
    }

    /// Whether the page is found by going through the records in their order. Plans are made without looking at
    /// values, so the statement itself has to say it.
    pub fn is_walked(&self) -> bool {
        self.total >= COMMON && self.offset + self.limit <= self.total / 50
    }
}

/// Whether a list of a record has any of some values: by the index of lists, or, for one that is walked, looked
/// up in each record.
pub fn has_any<Table, Any>(
    list: Any,
    wanted: Vec<String>,
    window: Option<Window>,
) -> Box<dyn BoxableExpression<Table, Pg, SqlType = Bool>>
where
    Any: Column<SqlType = Array<Text>>
        + SelectableExpression<Table>
        + QueryFragment<Pg>
        + ValidGrouping<(), IsAggregate = is_aggregate::No>
        + Send
        + 'static,
{
    match window.is_some_and(|window| window.is_walked()) {
        // With nothing appended it is no longer what the index holds.
        true => Box::new(list.concat(Vec::<String>::new()).overlaps_with(wanted)),
        false => Box::new(list.overlaps_with(wanted)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_pages_of_what_many_have_are_walked() {
        let walked = |offset, limit, total| {
            let window = Window {
                offset,
                limit,
                total,
            };
            window.is_walked()
        };
        assert!(walked(0, 50, COMMON) && walked(50, 50, COMMON));
        assert!(!walked(0, 50, COMMON - 1));
        // So far behind, more would be gone through than sorted.
        assert!(!walked(51, 50, COMMON));
        assert!(!Window::first(50).is_walked());
    }
}
