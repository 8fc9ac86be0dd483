//! The SQL of duplicates, and of pairs that somebody said are two.

use crate::{
    db::schema::dismissals,
    values::access::{Status, Visibility},
};
use chrono::{DateTime, Utc};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, QueryDsl, QueryResult, Queryable,
    QueryableByName, Selectable, SelectableHelper, sql_query,
    sql_types::{Array, Int8, Jsonb, Nullable, Text, Uuid as SqlUuid},
    upsert::excluded,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::Value;
use uuid::Uuid;

/// What of a record it is recognised by.
#[derive(Debug, Clone, QueryableByName)]
pub struct Recorded {
    /// Which record.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The noun of its resource.
    #[diesel(sql_type = Text)]
    pub resource: String,
    /// Its slug.
    #[diesel(sql_type = Text)]
    pub slug: String,
    /// Draft or published.
    #[diesel(sql_type = Text)]
    pub status: String,
    /// The revision that stands.
    #[diesel(sql_type = Int8)]
    pub revision: i64,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Another name of an organization.
    #[diesel(sql_type = Nullable<Text>)]
    pub alternate_name: Option<String>,
    /// What an organization is.
    #[diesel(sql_type = Nullable<Text>)]
    pub kind: Option<String>,
    /// Its website.
    #[diesel(sql_type = Nullable<Text>)]
    pub website: Option<String>,
    /// The organization that it is of.
    #[diesel(sql_type = Nullable<Text>)]
    pub organization: Option<String>,
    /// The group that it is shown with.
    #[diesel(sql_type = Nullable<Text>)]
    pub show_together: Option<String>,
    /// Where its office is.
    #[diesel(sql_type = Nullable<Text>)]
    pub city: Option<String>,
    /// Codes of where it is met, a list.
    #[diesel(sql_type = Jsonb)]
    pub areas: Value,
    /// Its e-mail addresses, a list.
    #[diesel(sql_type = Jsonb)]
    pub emails: Value,
    /// Slugs of who runs it, a list.
    #[diesel(sql_type = Jsonb)]
    pub operators: Value,
    /// Its contact points, a list.
    #[diesel(sql_type = Jsonb)]
    pub contact_points: Value,
}

/// The records of these resources that stand and are not hidden, drafts among them.
pub async fn recorded(
    connection: &mut AsyncPgConnection,
    resources: &[&str],
) -> QueryResult<Vec<Recorded>> {
    sql_query(
        "select id, resource, slug, status, revision, document ->> 'name' as name, document ->> 'alternate_name' as alternate_name,
           document ->> 'kind' as kind, document ->> 'website' as website, document ->> 'organization' as organization,
           document ->> 'show_together' as show_together, document ->> 'city' as city,
           coalesce(document -> 'coverage', document -> 'serves', '[]')
             || jsonb_path_query_array(document, '$.country ? (@ != null)') as areas,
           coalesce(document -> 'emails', '[]') as emails,
           jsonb_path_query_array(document, '$.operators[*].operator') as operators,
           coalesce(document -> 'contact_points', '[]') as contact_points
         from ledger.records where resource = any($1) and status <> $2 and visibility = $3",
    )
    .bind::<Array<Text>, _>(resources)
    .bind::<Text, _>(Status::Archived.name())
    .bind::<Text, _>(Visibility::Public.name())
    .load(connection)
    .await
}

/// That somebody said that two records are two.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = dismissals, check_for_backend(diesel::pg::Pg))]
pub struct Dismissal {
    /// The record that came first.
    pub one_id: Uuid,
    /// The other.
    pub other_id: Uuid,
    /// What the evidence was.
    pub evidence: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub dismissed_by: String,
    /// When.
    pub dismissed_at: DateTime<Utc>,
}

/// All pairs that somebody said are two.
pub async fn dismissals(connection: &mut AsyncPgConnection) -> QueryResult<Vec<Dismissal>> {
    dismissals::table
        .select(Dismissal::as_select())
        .load(connection)
        .await
}

/// Keeps that two records are two; the last word about two counts.
pub async fn dismiss(
    connection: &mut AsyncPgConnection,
    dismissal: &Dismissal,
) -> QueryResult<usize> {
    diesel::insert_into(dismissals::table)
        .values(dismissal)
        .on_conflict((dismissals::one_id, dismissals::other_id))
        .do_update()
        .set((
            dismissals::evidence.eq(excluded(dismissals::evidence)),
            dismissals::reason.eq(excluded(dismissals::reason)),
            dismissals::dismissed_by.eq(excluded(dismissals::dismissed_by)),
            dismissals::dismissed_at.eq(excluded(dismissals::dismissed_at)),
        ))
        .execute(connection)
        .await
}

/// Takes back that two records are two; says whether anybody had said so.
pub async fn take_back(
    connection: &mut AsyncPgConnection,
    one: Uuid,
    other: Uuid,
) -> QueryResult<bool> {
    let said = dismissals::one_id
        .eq(one)
        .and(dismissals::other_id.eq(other));
    let gone = diesel::delete(dismissals::table.filter(said))
        .execute(connection)
        .await?;
    Ok(gone > 0)
}
