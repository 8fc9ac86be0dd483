//! No figure is shown without a source: one whose last public source is hidden or archived is hidden with it.

use super::{
    apply::{Access, ApplyError, Change},
    document::{Document, Resource},
    plan::concealed,
    queries::{self, Hold, Standing},
    references::{Names, name},
};
use crate::values::access::Visibility;
use diesel_async::AsyncPgConnection;
use std::collections::HashSet;
use uuid::Uuid;

/// Whether a document cites sources, of which the public may see none.
pub fn is_bare(document: &Document, concealed: &Names) -> bool {
    let sources = document.references().into_iter();
    let mut sources = sources.filter(|(field, ..)| *field == "sources").peekable();
    sources.peek().is_some()
        && sources.all(|(_, resource, slug)| concealed.contains(&(resource, slug)))
}

/// Figures that the changes leave without a public source are hidden with them, each with an entry of its own.
///
/// # Errors
/// Those of the database.
pub async fn hide_unsourced(
    connection: &mut AsyncPgConnection,
    changes: &mut Vec<Change>,
    standing: &mut Vec<Option<Standing>>,
    hold: Hold,
) -> Result<(), ApplyError> {
    let (mut leaving, mut shown) = (Names::new(), Names::new());
    for (change, before) in changes.iter().zip(&*standing) {
        let named = (Resource::Sources, change.document.slug().to_owned());
        if change.document.resource() != Resource::Sources {
            continue;
        }
        let stood = before.as_ref().and_then(Standing::access);
        if change.access.or(stood).unwrap_or(Access::PUBLIC) == Access::PUBLIC {
            shown.insert(named);
        } else if stood == Some(Access::PUBLIC) {
            leaving.insert(named);
        }
    }
    if leaving.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = leaving.iter().map(|(of, slug)| name(*of, slug)).collect();
    let hides = |change: &Change| {
        change
            .access
            .is_some_and(|access| access.visibility == Visibility::Hidden)
    };
    if hold == Hold::Locked && !changes.first().is_some_and(hides) {
        queries::give_way_if_many_name(connection, &names).await?;
    }
    let known: HashSet<Uuid> = standing.iter().flatten().map(|one| one.id).collect();
    let mut figures = Vec::new();
    for one in queries::naming(connection, &names, hold).await? {
        let is_figure = one.resource() == Some(Resource::Statistics);
        if is_figure && one.is_public() && !known.contains(&one.id) {
            let document = one.read()?;
            figures.push((one, document));
        }
    }
    let documents = figures.iter().map(|(_, document)| document);
    let mut concealed = concealed(connection, documents).await?;
    concealed.retain(|one| !shown.contains(one));
    concealed.extend(leaving);
    for (before, document) in figures {
        if is_bare(&document, &concealed) {
            let mut change = Change::to(document);
            change.record = Some(before.id);
            change.access = before.access().map(|access| Access {
                visibility: Visibility::Hidden,
                ..access
            });
            changes.push(change);
            standing.push(Some(before));
        }
    }
    Ok(())
}
