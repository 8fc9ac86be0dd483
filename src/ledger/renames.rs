//! What becomes of those who name a record that takes another name, or becomes part of another.

use super::{
    apply::{ApplyError, Change},
    document::Resource,
    queries::{self, Hold, Standing},
    references::name,
};
use diesel_async::AsyncPgConnection;
use std::collections::{HashMap, HashSet, hash_map::Entry};
use uuid::Uuid;

/// Records that name one by a slug that it gives up, or that becomes part of another, are changed with it, each with an entry of its
/// own.
///
/// # Errors
/// Those of the database.
pub async fn follow_renames(
    connection: &mut AsyncPgConnection,
    changes: &mut Vec<Change>,
    standing: &mut Vec<Option<Standing>>,
    hold: Hold,
) -> Result<(), ApplyError> {
    let renamed = renamed(connection, changes, standing).await?;
    let known: HashSet<Uuid> = standing.iter().flatten().map(|one| one.id).collect();
    let mut more: HashMap<Uuid, (Change, Standing)> = HashMap::new();
    for (resource, former, slug) in renamed {
        let names = [name(resource, &former)];
        if hold == Hold::Locked {
            queries::give_way_if_many_name(connection, &names).await?;
        }
        for one in queries::naming(connection, &names, hold).await? {
            if known.contains(&one.id) {
                continue;
            }
            let (change, _) = match more.entry(one.id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    let mut change = Change::to(one.read()?);
                    change.record = Some(one.id);
                    new.insert((change, one))
                }
            };
            change.document.rename(resource, &former, &slug);
        }
    }
    for (change, before) in more.into_values() {
        // Some show it without naming it.
        if before.read()? != change.document {
            changes.push(change);
            standing.push(Some(before));
        }
    }
    Ok(())
}

/// Of which resource, by which slug it was named, and by which it is named now.
async fn renamed(
    connection: &mut AsyncPgConnection,
    changes: &[Change],
    standing: &[Option<Standing>],
) -> Result<Vec<(Resource, String, String)>, ApplyError> {
    let mut renamed = Vec::new();
    for (change, before) in changes.iter().zip(standing) {
        let (Some(before), document) = (before, &change.document) else {
            continue;
        };
        let resource = document.resource();
        if before.slug != document.slug() {
            renamed.push((resource, before.slug.clone(), document.slug().to_owned()));
        }
        let into = change.access.and_then(|access| access.merged_into);
        if let Some(into) = into
            && before.merged_into.is_none()
        {
            let survivor = queries::find(connection, resource, &into.to_string()).await?;
            renamed.push((resource, before.slug.clone(), survivor.slug));
        }
    }
    Ok(renamed)
}
