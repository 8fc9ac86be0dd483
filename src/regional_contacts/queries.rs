//! The SQL of regional_contacts.

use super::input::RegionalContactInput;
use super::model::{Axis, RegionalContact, RegionalContactFilter, RegionalContactSort, around};
use crate::values::view::View;
use crate::{
    db::{
        record::{CHUNK, Operator, Record, Saved, distance_km, matches, operator, words},
        schema::{organizations, regional_contacts::dsl},
    },
    values::{access::Asked, contact_point, hours, place, reference::Reference},
};
use chrono::{DateTime, Utc};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, PgArrayExpressionMethods,
    QueryDsl, QueryResult, dsl::IntoBoxed, pg::Pg, upsert::excluded,
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

/// Kilometres from a point; null where a record has no coordinates.
fn distance(latitude: f64, longitude: f64) -> distance_km<f64, f64, dsl::latitude, dsl::longitude> {
    distance_km(latitude, longitude, dsl::latitude, dsl::longitude)
}

type Boxed<'a> = IntoBoxed<'a, dsl::regional_contacts, Pg>;

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
        (dsl::organization_id, operator("regional_contacts")),
    )
}

fn matching<'a>(filter: &'a RegionalContactFilter, open: Option<&'a [String]>) -> Boxed<'a> {
    let mut query = dsl::regional_contacts.into_boxed();
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
    if !filter.serves.is_empty() {
        // An office for a country serves its parts; one for a part is found by the country too.
        let reach: Vec<String> = filter
            .serves
            .iter()
            .flat_map(|area| place::reached_by(area))
            .collect();
        let wanted: Vec<&String> = filter.serves.iter().collect();
        query = query.filter(
            dsl::serves
                .overlaps_with(reach)
                .or(dsl::serves_countries.overlaps_with(wanted)),
        );
    }
    query = match filter.role.as_slice() {
        [] => query,
        [one] => query.filter(dsl::role.eq(one)),
        many => query.filter(dsl::role.eq_any(many)),
    };
    if let (Some([latitude, longitude]), Some(radius)) = (filter.near, filter.radius_km) {
        let radius = radius as f64;
        for (axis, [low, high]) in around(latitude, longitude, radius) {
            query = match axis {
                Axis::Latitude => query.filter(dsl::latitude.between(low, high)),
                Axis::Longitude => query.filter(dsl::longitude.between(low, high)),
            };
        }
        query = query.filter(distance(latitude, longitude).le(radius));
    }
    if let Some([west, south, east, north]) = filter.bbox {
        query = query.filter(dsl::latitude.between(south, north));
        query = match west <= east {
            true => query.filter(dsl::longitude.between(west, east)),
            // Across the antimeridian.
            false => query.filter(dsl::longitude.ge(west).or(dsl::longitude.le(east))),
        };
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

/// Of the schedules that offices keep those that are open at a moment: few records differ in theirs.
async fn open(
    connection: &mut AsyncPgConnection,
    at: Option<DateTime<Utc>>,
) -> QueryResult<Option<Vec<String>>> {
    let Some(at) = at else { return Ok(None) };
    let mut schedules: Vec<String> = dsl::regional_contacts
        .filter(dsl::schedule.is_not_null())
        .select(dsl::schedule.assume_not_null())
        .distinct()
        .load(connection)
        .await?;
    schedules.retain(|schedule| hours::is_open(schedule, at));
    Ok(Some(schedules))
}

/// How many regional_contacts a filter selects.
pub async fn count(
    connection: &mut AsyncPgConnection,
    filter: &RegionalContactFilter,
) -> QueryResult<i64> {
    let open = open(connection, filter.open_at).await?;
    matching(filter, open.as_deref())
        .count()
        .get_result(connection)
        .await
}

/// One page of a selection.
pub async fn list(
    connection: &mut AsyncPgConnection,
    filter: &RegionalContactFilter,
    sort: RegionalContactSort,
    (offset, limit): (i64, i64),
    view: &View,
) -> QueryResult<Vec<RegionalContact>> {
    let open = open(connection, filter.open_at).await?;
    let query = matching(filter, open.as_deref())
        .select(selection())
        .offset(offset)
        .limit(limit);
    let from = filter.near.unwrap_or_default();
    let query = match sort {
        RegionalContactSort::Distance => {
            query.order((distance(from[0], from[1]).asc(), dsl::id.asc()))
        }
        RegionalContactSort::Name => query.order((dsl::name.asc(), dsl::id.asc())),
        RegionalContactSort::NameDescending => query.order((dsl::name.desc(), dsl::id.desc())),
        RegionalContactSort::LastModified => query.order((dsl::last_modified.asc(), dsl::id.asc())),
        RegionalContactSort::LastModifiedDescending => {
            query.order((dsl::last_modified.desc(), dsl::id.desc()))
        }
    };
    served(query.load(connection).await?, filter, view)
}

/// The next records of a selection after a slug, for streams.
pub async fn batch(
    connection: &mut AsyncPgConnection,
    filter: &RegionalContactFilter,
    after: Option<String>,
    limit: i64,
    view: &View,
) -> QueryResult<Vec<RegionalContact>> {
    let open = open(connection, filter.open_at).await?;
    let mut query = matching(filter, open.as_deref())
        .select(selection())
        .order(dsl::slug.asc())
        .limit(limit);
    if let Some(after) = after {
        query = query.filter(dsl::slug.gt(after));
    }
    served(query.load(connection).await?, filter, view)
}

/// The regional contact with an id or a slug.
pub async fn find(
    connection: &mut AsyncPgConnection,
    reference: &str,
    access: Option<&Asked>,
    view: &View,
) -> QueryResult<RegionalContact> {
    let query = dsl::regional_contacts.select(selection());
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
    one(loaded, access, None, view)
}

/// The regional contacts with these ids.
pub async fn with_ids(
    connection: &mut AsyncPgConnection,
    ids: &[Uuid],
    view: &View,
) -> QueryResult<Vec<RegionalContact>> {
    let query = dsl::regional_contacts
        .filter(dsl::id.eq_any(ids))
        .select(selection());
    served(
        query.load(connection).await?,
        &RegionalContactFilter::default(),
        view,
    )
}

/// Public regional contacts as they are held in memory: those with some ids, or the next after a slug.
pub async fn held(
    connection: &mut AsyncPgConnection,
    ids: Option<&[Uuid]>,
    after: Option<String>,
    limit: i64,
) -> QueryResult<Vec<(Record, Option<Reference>, RegionalContactInput)>> {
    let query = dsl::regional_contacts
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
        let input = record.read::<RegionalContactInput>()?;
        Ok((record, Reference::found(organization), input))
    };
    loaded.into_iter().map(read).collect()
}

fn one(
    (record, organization): Loaded,
    access: Option<&Asked>,
    near: Option<[f64; 2]>,
    view: &View,
) -> QueryResult<RegionalContact> {
    let mut input = record.read::<RegionalContactInput>()?;
    contact_point::keep_admitted(&mut input.contact_points, access);
    let distance = near
        .zip(input.point())
        .map(|(near, point)| place::kilometres(near.into(), point));
    Ok(RegionalContact::on(
        view,
        &record,
        Reference::found(organization),
        distance,
        input,
    ))
}

fn served(
    loaded: Vec<Loaded>,
    filter: &RegionalContactFilter,
    view: &View,
) -> QueryResult<Vec<RegionalContact>> {
    loaded
        .into_iter()
        .map(|loaded| one(loaded, filter.access.as_ref(), filter.near, view))
        .collect()
}

/// Writes records into the table of one side.
pub async fn save(
    connection: &mut AsyncPgConnection,
    saved: &[Saved<'_, RegionalContactInput>],
) -> QueryResult<()> {
    for chunk in saved.chunks(CHUNK) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|saved| {
                let input = saved.input;
                let point = input.point();
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
                        dsl::role.eq(input.role.name()),
                        dsl::country.eq(&input.country),
                        dsl::serves.eq(&input.serves),
                        dsl::serves_countries.eq(place::countries_of(&input.serves)),
                        dsl::latitude.eq(point.map(|(latitude, _)| latitude)),
                        dsl::longitude.eq(point.map(|(_, longitude)| longitude)),
                        dsl::schedule.eq(input.schedule()),
                        dsl::words.eq(words(&input.found())),
                        dsl::document.eq(&saved.document),
                    ),
                )
            })
            .collect();
        diesel::insert_into(dsl::regional_contacts)
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
                dsl::role.eq(excluded(dsl::role)),
                dsl::country.eq(excluded(dsl::country)),
                dsl::serves.eq(excluded(dsl::serves)),
                dsl::serves_countries.eq(excluded(dsl::serves_countries)),
                dsl::latitude.eq(excluded(dsl::latitude)),
                dsl::longitude.eq(excluded(dsl::longitude)),
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
        let filter = RegionalContactFilter::default();
        let query = matching(&filter, None).select(selection());
        let once = QueryFragment::<Pg>::is_safe_to_cache_prepared(&query, &Pg);
        assert_eq!(once.ok(), Some(true));
    }
}
