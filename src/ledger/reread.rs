//! Records that an earlier version wrote, which found them by other columns or did not know what a record
//! names. Each is written anew to its sides, once; no revision is taken, since nothing changes.

use super::{
    document::Resource,
    plan::concealed,
    projection::{self, Projection},
    queries::{self, Side},
    references,
};
use crate::db::record::CHUNK;
use diesel::QueryResult;
use diesel_async::{AsyncConnection, AsyncPgConnection};

/// Reads them, a chunk a transaction, those first that others name; says how many there were.
///
/// # Errors
/// Those of the database.
pub async fn reread(connection: &mut AsyncPgConnection) -> QueryResult<usize> {
    let mut read = 0;
    for resource in Resource::ALL {
        loop {
            let chunk = connection
                .transaction(async |connection| chunk(connection, resource).await)
                .await?;
            if chunk == 0 {
                break;
            }
            read += chunk;
        }
    }
    Ok(read)
}

async fn chunk(connection: &mut AsyncPgConnection, resource: Resource) -> QueryResult<usize> {
    let standings = queries::unread(connection, resource, CHUNK as i64).await?;
    let mut whole = Vec::new();
    let mut shown = Vec::new();
    for one in &standings {
        let (document, access) = (one.read()?, one.access());
        let Some(access) = access else { continue };
        let names: Vec<String> = document
            .references()
            .iter()
            .map(|(_, resource, slug)| references::name(*resource, slug))
            .collect();
        let countries = match one.public_revision {
            Some(_) => document.countries(),
            None => vec![],
        };
        queries::note_reading(connection, one.id, &names, &countries).await?;
        let projection = |document| Projection {
            id: one.id,
            status: access.status.name(),
            visibility: access.visibility.name(),
            revision: one.revision,
            created_at: one.created_at,
            last_modified: one.last_modified,
            document,
        };
        if one.is_public() {
            let hidden = concealed(connection, std::iter::once(&document)).await?;
            shown.push(projection(document.clone().public_part(&hidden)));
        }
        whole.push(projection(document));
    }
    queries::turn_to(connection, Side::Ledger).await?;
    projection::save(connection, resource, &whole).await?;
    queries::turn_to(connection, Side::Published).await?;
    projection::save(connection, resource, &shown).await?;
    Ok(standings.len())
}
