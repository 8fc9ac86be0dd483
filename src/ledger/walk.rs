//! The walk that writing and checking share: beside what stands, with all that does not fit, up to
//! what is written.

use super::{
    apply::{Actor, ApplyError, Change, Fault},
    checks::misfits,
    company::Company,
    document::Resource,
    figures, numbers,
    plan::Plan,
    queries::{self, Hold, Standing},
    renames::follow_renames,
    settling::settled,
    unseen::keep_unseen,
    unsourced::hide_unsourced,
};
use chrono::Utc;
use diesel_async::AsyncPgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// Goes with changes of valid values as far as can be gone without writing.
///
/// # Errors
/// Those of the database.
pub async fn walk(
    connection: &mut AsyncPgConnection,
    actor: &Actor,
    mut changes: Vec<Change>,
    company: &Company,
) -> Result<(Plan, Vec<Fault>), ApplyError> {
    let hold = company.hold;
    let mut standing = stand(connection, &changes, hold).await?;
    keep_unseen(connection, &mut changes, &standing).await?;
    follow_renames(connection, &mut changes, &mut standing, hold).await?;
    hide_unsourced(connection, &mut changes, &mut standing, hold).await?;
    let mut faults = numbers::read(connection, &mut changes, company).await?;
    faults.extend(misfits(connection, &changes, &standing, company).await?);
    faults.extend(figures::check(connection, &mut changes, &mut standing, hold).await?);
    let mut plan = Plan {
        at: Utc::now(),
        ..Plan::default()
    };
    for (index, (change, before)) in changes.into_iter().zip(standing).enumerate() {
        let stands = before.as_ref().map(|one| one.id);
        match settled(index, change, before, actor) {
            Ok(Some(row)) => {
                plan.applied.records.push(row.id);
                plan.rows.push(row);
            }
            Ok(None) => {
                plan.applied.records.extend(stands);
                plan.applied.unchanged += 1;
            }
            Err(fault) => faults.push(fault),
        }
    }
    Ok((plan, faults))
}

/// The record that each change is about, where there is one; in one order.
async fn stand(
    connection: &mut AsyncPgConnection,
    changes: &[Change],
    hold: Hold,
) -> Result<Vec<Option<Standing>>, ApplyError> {
    let ids: Vec<Uuid> = changes.iter().filter_map(|change| change.record).collect();
    let mut found: HashMap<Uuid, Standing> = HashMap::new();
    let mut by_slug: HashMap<(Resource, String), Uuid> = HashMap::new();
    if !ids.is_empty() {
        for one in queries::with_ids(connection, &ids, hold).await? {
            found.insert(one.id, one);
        }
    }
    for resource in Resource::ALL {
        let slugs: Vec<&str> = changes
            .iter()
            .filter(|change| change.record.is_none() && change.document.resource() == resource)
            .map(|change| change.document.slug())
            .collect();
        if slugs.is_empty() {
            continue;
        }
        for one in queries::lock(connection, resource, &slugs, hold).await? {
            by_slug.insert((resource, one.slug.clone()), one.id);
            found.insert(one.id, one);
        }
    }
    Ok(changes
        .iter()
        .map(|change| {
            let key = (
                change.document.resource(),
                change.document.slug().to_owned(),
            );
            let id = change.record.or_else(|| by_slug.get(&key).copied())?;
            found.remove(&id)
        })
        .collect())
}
