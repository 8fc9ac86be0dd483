//! The SQL of hotlines.

use super::input::HotlineInput;
use super::model::{Hotline, HotlineFilter, HotlineSort};
use crate::values::view::View;
use crate::{
    db::{
        record::{
            CHUNK, Fixed, Operator, Record, Saved, Window, has_any, matches, operator, words,
        },
        schema::{hotlines::dsl, organizations},
    },
    values::{access::Asked, contact_point, hours, language, place, reference::Reference},
};
use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, NullableExpressionMethods, PgArrayExpressionMethods, QueryDsl, QueryResult,
    dsl::IntoBoxed, pg::Pg, sql_types::Bool, upsert::excluded,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

type Selection = (
    (
        dsl::id,
        dsl::slug,
        dsl::status,
        dsl::visibility,
        dsl::revision,
        dsl::created_at,
        dsl::last_modified,
        dsl::document,
    ),
    (dsl::organization_id, Operator),
);
type Loaded = (Record, (Option<Uuid>, Option<Vec<String>>));
type Boxed<'a> = IntoBoxed<'a, dsl::hotlines, Pg>;

fn selection() -> Selection {
    (
        (
            dsl::id,
            dsl::slug,
            dsl::status,
            dsl::visibility,
            dsl::revision,
            dsl::created_at,
            dsl::last_modified,
            dsl::document,
        ),
        (dsl::organization_id, operator("hotlines")),
    )
}

fn matching<'a>(
    filter: &'a HotlineFilter,
    open: Option<&'a [String]>,
    window: Option<Window>,
) -> Boxed<'a> {
    let mut query = dsl::hotlines.into_boxed();
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
    if !filter.country.is_empty() {
        let reach: Vec<String> = filter
            .country
            .iter()
            .flat_map(|c| place::reached_by(c))
            .collect();
        query = query.filter(has_any(dsl::countries, reach, window));
    }
    if !filter.subdivision.is_empty() {
        let reach: Vec<String> = filter
            .subdivision
            .iter()
            .flat_map(|s| place::reached_by(s))
            .collect();
        query = query.filter(has_any(dsl::coverage, reach, window));
    }
    if let Some(worldwide) = filter.worldwide {
        query = match worldwide {
            true => query.filter(dsl::coverage.contains(vec![place::WORLD])),
            // In the words of the index of those that are not, since plans do not look at values.
            false => query.filter(Fixed::<Bool>::new(
                "not (hotlines.coverage @> array['WLD'])",
            )),
        };
    }
    if !filter.topic.is_empty() {
        query = query.filter(has_any(dsl::topics, filter.topic.clone(), window));
    }
    if !filter.population.is_empty() {
        query = query.filter(has_any(dsl::populations, filter.population.clone(), window));
    }
    if !filter.language.is_empty() {
        query = query.filter(has_any(dsl::languages, filter.language.clone(), window));
    }
    if !filter.channel.is_empty() {
        query = query.filter(has_any(dsl::channels, filter.channel.clone(), window));
    }
    if let Some(always_open) = filter.always_open {
        query = query.filter(dsl::always_open.eq(always_open));
    }
    if let Some(open) = open {
        query = query.filter(dsl::schedule.eq_any(open));
    }
    if !filter.organization.is_empty() {
        let ids: Vec<Uuid> = filter
            .organization
            .iter()
            .filter_map(|one| Uuid::parse_str(one).ok())
            .collect();
        let named = organizations::table
            .filter(organizations::slug.eq_any(&filter.organization))
            .or_filter(organizations::id.eq_any(ids))
            .select(organizations::id.nullable());
        query = query.filter(dsl::organization_id.eq_any(named));
    }
    query
}

/// Of the schedules that lines keep those that are open at a moment: few records differ in theirs.
async fn open(
    connection: &mut AsyncPgConnection,
    at: Option<DateTime<Utc>>,
) -> QueryResult<Option<Vec<String>>> {
    let Some(at) = at else { return Ok(None) };
    let mut schedules: Vec<String> = dsl::hotlines
        .filter(dsl::schedule.is_not_null())
        .select(dsl::schedule.assume_not_null())
        .distinct()
        .load(connection)
        .await?;
    schedules.retain(|schedule| hours::is_open(schedule, at));
    Ok(Some(schedules))
}

/// How many hotlines a filter selects.
pub async fn count(connection: &mut AsyncPgConnection, filter: &HotlineFilter) -> QueryResult<i64> {
    let open = open(connection, filter.open_at).await?;
    matching(filter, open.as_deref(), None)
        .count()
        .get_result(connection)
        .await
}

/// One page of a selection.
pub async fn list(
    connection: &mut AsyncPgConnection,
    filter: &HotlineFilter,
    sort: HotlineSort,
    window: Window,
    view: &View,
) -> QueryResult<Vec<Hotline>> {
    let open = open(connection, filter.open_at).await?;
    let query = matching(filter, open.as_deref(), Some(window))
        .select(selection())
        .offset(window.offset)
        .limit(window.limit);
    let query = match sort {
        HotlineSort::Name => query.order((dsl::name.asc(), dsl::id.asc())),
        HotlineSort::NameDescending => query.order((dsl::name.desc(), dsl::id.desc())),
        HotlineSort::LastModified => query.order((dsl::last_modified.asc(), dsl::id.asc())),
        HotlineSort::LastModifiedDescending => {
            query.order((dsl::last_modified.desc(), dsl::id.desc()))
        }
    };
    served(query.load(connection).await?, filter.access.as_ref(), view)
}

/// The next records of a selection after a slug, for streams.
pub async fn batch(
    connection: &mut AsyncPgConnection,
    filter: &HotlineFilter,
    after: Option<String>,
    limit: i64,
    view: &View,
) -> QueryResult<Vec<Hotline>> {
    let open = open(connection, filter.open_at).await?;
    let mut query = matching(filter, open.as_deref(), None)
        .select(selection())
        .order(dsl::slug.asc())
        .limit(limit);
    if let Some(after) = after {
        query = query.filter(dsl::slug.gt(after));
    }
    served(query.load(connection).await?, filter.access.as_ref(), view)
}

/// The hotline with an id or a slug.
pub async fn find(
    connection: &mut AsyncPgConnection,
    reference: &str,
    access: Option<&Asked>,
    view: &View,
) -> QueryResult<Hotline> {
    let query = dsl::hotlines.select(selection());
    let loaded: Loaded = match Uuid::parse_str(reference) {
        Ok(id) => query.filter(dsl::id.eq(id)).first(connection).await?,
        Err(_) => {
            query
                .filter(dsl::slug.eq(reference))
                .first(connection)
                .await?
        }
    };
    Asked::admits(access, loaded.0.status, loaded.0.visibility)
        .then_some(())
        .ok_or(diesel::NotFound)?;
    one(loaded, access, view)
}

/// The hotlines with these ids.
pub async fn with_ids(
    connection: &mut AsyncPgConnection,
    ids: &[Uuid],
    view: &View,
) -> QueryResult<Vec<Hotline>> {
    let query = dsl::hotlines
        .filter(dsl::id.eq_any(ids))
        .select(selection());
    served(query.load(connection).await?, None, view)
}

/// Public hotlines as they are held in memory: those with some ids, or the next after a slug.
pub async fn held(
    connection: &mut AsyncPgConnection,
    ids: Option<&[Uuid]>,
    after: Option<String>,
    limit: i64,
) -> QueryResult<Vec<(Record, Option<Reference>, HotlineInput)>> {
    let query = dsl::hotlines
        .select(selection())
        .order(dsl::slug.asc())
        .limit(limit)
        .into_boxed();
    let query = match ids {
        Some(ids) => query.filter(dsl::id.eq_any(ids)),
        None => query.filter(dsl::slug.gt(after.unwrap_or_default())),
    };
    let loaded: Vec<Loaded> = query.load(connection).await?;
    let read = |(record, organization): Loaded| {
        let input = record.read::<HotlineInput>()?;
        Ok((record, Reference::found(organization), input))
    };
    loaded.into_iter().map(read).collect()
}

fn one(
    (record, organization): Loaded,
    access: Option<&Asked>,
    view: &View,
) -> QueryResult<Hotline> {
    let mut input = record.read::<HotlineInput>()?;
    contact_point::keep_admitted(&mut input.contact_points, access);
    Ok(Hotline::on(
        view,
        &record,
        Reference::found(organization),
        input,
    ))
}

fn served(loaded: Vec<Loaded>, access: Option<&Asked>, view: &View) -> QueryResult<Vec<Hotline>> {
    loaded
        .into_iter()
        .map(|loaded| one(loaded, access, view))
        .collect()
}

/// Writes records into the table of one side.
pub async fn save(
    connection: &mut AsyncPgConnection,
    saved: &[Saved<'_, HotlineInput>],
) -> QueryResult<()> {
    for chunk in saved.chunks(CHUNK) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|saved| {
                let input = saved.input;
                let spoken = input.languages.iter().chain(&input.interpreter_languages);
                let mut languages: Vec<String> =
                    spoken.flat_map(|tag| language::found_by(tag)).collect();
                languages.sort();
                languages.dedup();
                let mut channels: Vec<&str> = input
                    .contact_points
                    .iter()
                    .map(|point| point.channel.name())
                    .collect();
                channels.sort_unstable();
                channels.dedup();
                let organization = organizations::table
                    .filter(
                        organizations::slug
                            .nullable()
                            .eq(input.organization.clone()),
                    )
                    .select(organizations::id)
                    .single_value();
                (
                    dsl::id.eq(saved.id),
                    dsl::created_at.eq(saved.created_at),
                    (
                        dsl::slug.eq(&input.slug),
                        dsl::status.eq(saved.status),
                        dsl::visibility.eq(saved.visibility),
                        dsl::revision.eq(saved.revision),
                        dsl::last_modified.eq(saved.last_modified),
                        dsl::organization_id.eq(organization),
                        dsl::name.eq(&input.name),
                        dsl::coverage.eq(&input.coverage),
                        dsl::countries.eq(place::countries_of(&input.coverage)),
                        dsl::languages.eq(languages),
                        dsl::channels.eq(channels),
                        dsl::topics.eq(&input.topics),
                        dsl::populations.eq(&input.populations),
                        dsl::always_open.eq(input.always_open),
                        dsl::schedule.eq(input.schedule()),
                        dsl::words.eq(words(&input.found())),
                        dsl::document.eq(&saved.document),
                    ),
                )
            })
            .collect();
        diesel::insert_into(dsl::hotlines)
            .values(rows)
            .on_conflict(dsl::id)
            .do_update()
            .set((
                dsl::slug.eq(excluded(dsl::slug)),
                dsl::status.eq(excluded(dsl::status)),
                dsl::visibility.eq(excluded(dsl::visibility)),
                dsl::revision.eq(excluded(dsl::revision)),
                dsl::last_modified.eq(excluded(dsl::last_modified)),
                dsl::organization_id.eq(excluded(dsl::organization_id)),
                dsl::name.eq(excluded(dsl::name)),
                dsl::coverage.eq(excluded(dsl::coverage)),
                dsl::countries.eq(excluded(dsl::countries)),
                dsl::languages.eq(excluded(dsl::languages)),
                dsl::channels.eq(excluded(dsl::channels)),
                dsl::topics.eq(excluded(dsl::topics)),
                dsl::populations.eq(excluded(dsl::populations)),
                dsl::always_open.eq(excluded(dsl::always_open)),
                dsl::schedule.eq(excluded(dsl::schedule)),
                dsl::words.eq(excluded(dsl::words)),
                dsl::document.eq(excluded(dsl::document)),
            ))
            .execute(connection)
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use diesel::query_builder::QueryFragment;

    #[test]
    fn a_page_is_planned_once() {
        let filter = HotlineFilter {
            worldwide: Some(false),
            ..Default::default()
        };
        let query = matching(&filter, None, None).select(selection());
        let once = QueryFragment::<Pg>::is_safe_to_cache_prepared(&query, &Pg);
        assert_eq!(once.ok(), Some(true));
    }
}
