//! Records that somebody takes to look after: nobody else is given them, for a time.

use super::{ReviewPlace, Selection, queue};
use crate::{
    curation::{edits::now, queries},
    web::{Result, identity::Identity},
};
use chrono::{DateTime, Duration, Utc};
use diesel_async::{AsyncConnection, AsyncPgConnection};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// How long a record is leased.
const HOURS: i64 = 2;

/// What somebody looks after now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Leased {
    /// Until when nobody else is given these.
    pub until: DateTime<Utc>,
    /// The records, in the order of the queue.
    pub contents: Vec<ReviewPlace>,
}

/// Gives the first places of a selection that nobody else holds, those that the caller holds already
/// among them, so that asking again gives the same for longer. A key that is limited to countries gets
/// what it may verify.
///
/// # Errors
/// Those of the database.
pub async fn lease(
    connection: &mut AsyncPgConnection,
    identity: &Identity,
    selection: &Selection,
    count: usize,
) -> Result<Leased> {
    let now = now();
    let until = now + Duration::hours(HOURS);
    let places = queue(connection, selection, now).await?;
    let contents = connection
        .transaction(async |connection| {
            queries::be_brief(connection).await?;
            // One after the other, so that each sees what the one before took.
            queries::take_turn(connection).await?;
            let held = queries::leases(connection, now).await?;
            let held: HashMap<Uuid, String> = held
                .into_iter()
                .map(|lease| (lease.record_id, lease.holder))
                .collect();
            let free = |place: &ReviewPlace| {
                let holder = held.get(&place.id);
                holder.is_none_or(|holder| identity.is(holder))
            };
            let may = |place: &ReviewPlace| {
                let mut countries = place.countries.iter();
                identity.countries.is_empty()
                    || countries.all(|country| identity.countries.contains(country))
            };
            let given = places.into_iter().filter(|place| free(place) && may(place));
            let mut given: Vec<ReviewPlace> = given.take(count).collect();
            let ids: Vec<Uuid> = given.iter().map(|place| place.id).collect();
            queries::hold(connection, &ids, &identity.name, until, now).await?;
            for place in &mut given {
                place.leased_to = Some(identity.name.clone());
                place.leased_until = Some(until);
            }
            Ok::<_, crate::web::Problem>(given)
        })
        .await?;
    Ok(Leased { until, contents })
}
