//! The SQL of organizations.

use super::input::OrganizationInput;
use super::model::{Organization, OrganizationFilter, OrganizationSort};
use crate::values::view::View;
use crate::{
    db::{
        record::{CHUNK, Record, Saved, Window, has_any, matches, words},
        schema::organizations::{self, BoxedQuery, dsl},
    },
    values::{
        access::Asked,
        lexicon::found::{Found, population_mark, topic_mark},
    },
};
use diesel::{ExpressionMethods, QueryDsl, QueryResult, pg::Pg, upsert::excluded};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

const RECORD: (
    dsl::id,
    dsl::slug,
    dsl::status,
    dsl::visibility,
    dsl::revision,
    dsl::created_at,
    dsl::last_modified,
    dsl::document,
) = (
    dsl::id,
    dsl::slug,
    dsl::status,
    dsl::visibility,
    dsl::revision,
    dsl::created_at,
    dsl::last_modified,
    dsl::document,
);

/// Of one value alone the index gives records in the order of a list; of several they are sorted.
fn matching(filter: &OrganizationFilter, window: Option<Window>) -> BoxedQuery<'_, Pg> {
    let mut query = organizations::table.into_boxed();
    if let Some(asked) = &filter.access {
        query = query
            .filter(dsl::status.eq_any(asked.statuses()))
            .filter(dsl::visibility.eq_any(asked.visibilities()));
    }
    if let Some(search) = &filter.search {
        query = match search.terms() {
            // Nothing to search for finds nothing.
            "" => query.filter(dsl::id.eq(Uuid::nil())),
            terms => query.filter(matches(dsl::words, terms)),
        };
    }
    query = match filter.country.as_slice() {
        [] => query,
        [one] => query.filter(dsl::country.eq(one)),
        many => query.filter(dsl::country.eq_any(many)),
    };
    query = match filter.kind.as_slice() {
        [] => query,
        [one] => query.filter(dsl::kind.eq(one)),
        many => query.filter(dsl::kind.eq_any(many)),
    };
    query = match filter.scope.as_slice() {
        [] => query,
        [one] => query.filter(dsl::scope.eq(one)),
        many => query.filter(dsl::scope.eq_any(many)),
    };
    if !filter.topic.is_empty() {
        query = query.filter(has_any(dsl::topics, filter.topic.clone(), window));
    }
    if !filter.population.is_empty() {
        query = query.filter(has_any(dsl::populations, filter.population.clone(), window));
    }
    query
}

/// How many organizations a filter selects.
pub async fn count(
    connection: &mut AsyncPgConnection,
    filter: &OrganizationFilter,
) -> QueryResult<i64> {
    matching(filter, None).count().get_result(connection).await
}

/// One page of a selection.
pub async fn list(
    connection: &mut AsyncPgConnection,
    filter: &OrganizationFilter,
    sort: OrganizationSort,
    window: Window,
    view: &View,
) -> QueryResult<Vec<Organization>> {
    let query = matching(filter, Some(window))
        .select(RECORD)
        .offset(window.offset)
        .limit(window.limit);
    let query = match sort {
        OrganizationSort::Name => query.order((dsl::name.asc(), dsl::id.asc())),
        OrganizationSort::NameDescending => query.order((dsl::name.desc(), dsl::id.desc())),
        OrganizationSort::LastModified => query.order((dsl::last_modified.asc(), dsl::id.asc())),
        OrganizationSort::LastModifiedDescending => {
            query.order((dsl::last_modified.desc(), dsl::id.desc()))
        }
    };
    served(query.load(connection).await?, view)
}

/// The next records of a selection after a slug, for streams.
pub async fn batch(
    connection: &mut AsyncPgConnection,
    filter: &OrganizationFilter,
    after: Option<String>,
    limit: i64,
    view: &View,
) -> QueryResult<Vec<Organization>> {
    let mut query = matching(filter, None)
        .select(RECORD)
        .order(dsl::slug.asc())
        .limit(limit);
    if let Some(after) = after {
        query = query.filter(dsl::slug.gt(after));
    }
    served(query.load(connection).await?, view)
}

/// The organization with an id or a slug.
pub async fn find(
    connection: &mut AsyncPgConnection,
    reference: &str,
    access: Option<&Asked>,
    view: &View,
) -> QueryResult<Organization> {
    let query = organizations::table.select(RECORD);
    let record: Record = match Uuid::parse_str(reference) {
        Ok(id) => query.filter(dsl::id.eq(id)).first(connection).await?,
        Err(_) => {
            query
                .filter(dsl::slug.eq(reference))
                .first(connection)
                .await?
        }
    };
    Asked::admits(access, record.status, record.visibility)
        .then_some(())
        .ok_or(diesel::NotFound)?;
    let input = record.read::<OrganizationInput>()?;
    Ok(Organization::on(view, &record, input))
}

/// The organizations with these ids.
pub async fn with_ids(
    connection: &mut AsyncPgConnection,
    ids: &[Uuid],
    view: &View,
) -> QueryResult<Vec<Organization>> {
    let query = organizations::table
        .filter(dsl::id.eq_any(ids))
        .select(RECORD);
    served(query.load(connection).await?, view)
}

/// Public organizations as they are held in memory: those with some ids, or the next after a
/// slug.
pub async fn held(
    connection: &mut AsyncPgConnection,
    ids: Option<&[Uuid]>,
    after: Option<String>,
    limit: i64,
) -> QueryResult<Vec<Record>> {
    let query = organizations::table
        .select(RECORD)
        .order(dsl::slug.asc())
        .limit(limit)
        .into_boxed();
    let query = match ids {
        Some(ids) => query.filter(dsl::id.eq_any(ids)),
        None => query.filter(dsl::slug.gt(after.unwrap_or_default())),
    };
    query.load(connection).await
}

fn served(records: Vec<Record>, view: &View) -> QueryResult<Vec<Organization>> {
    records
        .into_iter()
        .map(|record| Ok(Organization::on(view, &record, record.read()?)))
        .collect()
}

/// Writes records into the table of one side.
pub async fn save(
    connection: &mut AsyncPgConnection,
    saved: &[Saved<'_, OrganizationInput>],
) -> QueryResult<()> {
    for chunk in saved.chunks(CHUNK) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|saved| {
                let input = saved.input;
                (
                    dsl::id.eq(saved.id),
                    dsl::created_at.eq(saved.created_at),
                    (
                        dsl::slug.eq(&input.slug),
                        dsl::status.eq(saved.status),
                        dsl::visibility.eq(saved.visibility),
                        dsl::revision.eq(saved.revision),
                        dsl::last_modified.eq(saved.last_modified),
                        dsl::name.eq(&input.name),
                        dsl::kind.eq(input.kind.name()),
                        dsl::country.eq(&input.country),
                        dsl::scope.eq(input.scope.name()),
                        dsl::topics.eq(&input.topics),
                        dsl::populations.eq(&input.populations),
                        dsl::words.eq(words(&found(input))),
                        dsl::document.eq(&saved.document),
                    ),
                )
            })
            .collect();
        diesel::insert_into(organizations::table)
            .values(rows)
            .on_conflict(dsl::id)
            .do_update()
            .set((
                dsl::slug.eq(excluded(dsl::slug)),
                dsl::status.eq(excluded(dsl::status)),
                dsl::visibility.eq(excluded(dsl::visibility)),
                dsl::revision.eq(excluded(dsl::revision)),
                dsl::last_modified.eq(excluded(dsl::last_modified)),
                dsl::name.eq(excluded(dsl::name)),
                dsl::kind.eq(excluded(dsl::kind)),
                dsl::country.eq(excluded(dsl::country)),
                dsl::scope.eq(excluded(dsl::scope)),
                dsl::topics.eq(excluded(dsl::topics)),
                dsl::populations.eq(excluded(dsl::populations)),
                dsl::words.eq(excluded(dsl::words)),
                dsl::document.eq(excluded(dsl::document)),
            ))
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// What an organization is found by.
fn found(input: &OrganizationInput) -> Found {
    Found::new("organizations", &input.lang)
        .named(&input.name)
        .named(input.alternate_name.as_deref().unwrap_or_default())
        .named(&input.slug)
        .described(Some(&input.description))
        .placed(input.country.as_slice())
        .marked(input.topics.iter().map(|slug| topic_mark(slug)))
        .marked(input.populations.iter().map(|slug| population_mark(slug)))
        .translated(&input.translations)
}
