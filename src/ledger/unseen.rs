//! What the public may not see stays where a copy of the public directory is brought back, which lacks it.

use super::{
    apply::{ApplyError, Change},
    document::Document,
    plan::concealed,
    queries::Standing,
    references::Names,
};
use diesel::result::Error as DatabaseError;
use diesel_async::AsyncPgConnection;
use serde_json::Value;

/// Gives to copies the names of records that are not public back, as they stand.
///
/// # Errors
/// Those of the database.
pub async fn keep_unseen(
    connection: &mut AsyncPgConnection,
    changes: &mut [Change],
    standing: &[Option<Standing>],
) -> Result<(), ApplyError> {
    let mut known = Vec::new();
    for (change, before) in changes.iter_mut().zip(standing) {
        if let (true, Some(before)) = (change.copied, before) {
            known.push((change, before.read()?));
        }
    }
    let concealed = concealed(connection, known.iter().map(|(_, document)| document)).await?;
    let unseen = |document: &Document| {
        let mut named = document.references().into_iter();
        named.any(|(_, resource, slug)| concealed.contains(&(resource, slug)))
    };
    for (change, stands) in known.into_iter().filter(|(_, stands)| unseen(stands)) {
        let kept = keeping(&change.document, stands, &concealed);
        change.document =
            kept.map_err(|error| DatabaseError::DeserializationError(Box::new(error)))?;
    }
    Ok(())
}

/// A copy with what it cannot show: a field that is as the public sees it stands as it does, and a list that was
/// changed keeps what nobody saw at its end.
fn keeping(copy: &Document, stands: Document, concealed: &Names) -> serde_json::Result<Document> {
    let (mut kept, whole) = (copy.to_json()?, stands.to_json()?);
    let shown = stands.public_part(concealed).to_json()?;
    for (field, whole) in whole.as_object().into_iter().flatten() {
        // Hidden contact points are kept in every write.
        let (shown, kept) = (&shown[field], &mut kept[field]);
        if whole == shown || field == "contact_points" {
            continue;
        }
        if kept == shown {
            *kept = whole.clone();
        } else if let (Some(whole), Value::Array(kept)) = (whole.as_array(), kept) {
            let seen = |one: &Value| shown.as_array().is_some_and(|shown| shown.contains(one));
            for one in whole.iter().filter(|one| !seen(one)) {
                if !kept.contains(one) {
                    kept.push(one.clone());
                }
            }
        }
    }
    Document::read(copy.resource(), kept).map_err(serde_path_to_error::Error::into_inner)
}
