//! `check`: the walk of `apply` without a write and without a lock, a part at a time.

use super::{
    apply::{Actor, ApplyError, Change, Fault},
    checks::{invalid_values, unknown_names},
    company::Company,
    document::Document,
    plan::concealed,
    walk::walk,
};
use diesel_async::AsyncPgConnection;
use std::collections::{HashMap, HashSet};

/// What applying a change would come to.
#[derive(Debug, Clone)]
pub enum Prospect {
    /// A new record, as it would stand.
    Created(Box<Document>),
    /// Another document.
    Updated(Box<Update>),
    /// It stands so.
    Unchanged,
    /// It does not fit; its faults say why.
    Refused,
}

/// A document in place of another.
#[derive(Debug, Clone)]
pub struct Update {
    /// As it stands.
    pub before: Document,
    /// As it would.
    pub after: Document,
    /// Whether everybody sees what stands.
    pub was_public: bool,
    /// The slugs of records that what stands names and not everybody sees.
    pub concealed: Vec<String>,
}

/// What applying a part of some changes would come to, each by its place, and all that does not fit.
/// Nothing is written and nobody waits; what the other parts bring is taken as given. Countries come
/// before what is dialled in them, sources before what cites them, indicators with their figures.
///
/// # Errors
/// Those of the database.
pub async fn check(
    connection: &mut AsyncPgConnection,
    actor: &Actor,
    changes: Vec<Change>,
    company: &mut Company,
) -> Result<(Vec<Prospect>, Vec<Fault>), ApplyError> {
    let mut prospects = vec![Prospect::Unchanged; changes.len()];
    let (mut faults, mut places, mut valid) = (Vec::new(), Vec::new(), Vec::new());
    let (mut others, mut wrong) = (Vec::new(), Vec::new());
    for (place, change) in changes.into_iter().enumerate() {
        company.remember(&change.document);
        let found = invalid_values(place, &change.document);
        if found.is_empty() {
            places.push(place);
            valid.push(change);
        } else {
            others.push(place);
            wrong.push(change.document);
        }
        faults.extend(found);
    }
    // Whoever corrects their values hears at once of what they name.
    for mut fault in unknown(connection, &wrong, company).await? {
        fault.change = others[fault.change];
        faults.push(fault);
    }
    let (mut plan, found) = walk(connection, actor, valid, company).await?;
    // What follows in other records is a fault of none of these in particular.
    let placed = |mut fault: Fault| {
        fault.change = places.get(fault.change).or(places.last()).copied()?;
        Some(fault)
    };
    faults.extend(found.into_iter().filter_map(placed));
    let shown = plan.rows.iter().filter(|row| row.is_public());
    let mut both: Vec<&Document> = Vec::new();
    for row in shown {
        both.extend(row.before.as_ref().map(|(_, before)| before));
        both.push(&row.document);
    }
    let mut hidden = concealed(connection, both.into_iter()).await?;
    hidden.retain(|name| !company.new.contains(name));
    faults.extend(plan.unsourced(&hidden).into_iter().filter_map(placed));
    let refused: HashSet<usize> = faults.iter().map(|fault| fault.change).collect();
    for row in plan.rows.drain(..) {
        let Some(place) = places.get(row.change) else {
            continue;
        };
        if row.is_public() && !refused.contains(place) {
            let document = &row.document;
            let name = (document.resource(), document.slug().to_owned());
            company.new.insert(name);
        }
        let was_public = row.was_public();
        prospects[*place] = match row.before {
            Some((_, before)) => {
                let named = before.references().into_iter();
                let named = named.filter(|(_, of, slug)| hidden.contains(&(*of, slug.clone())));
                let concealed = named.map(|(_, _, slug)| slug).collect();
                Prospect::Updated(Box::new(Update {
                    before,
                    after: row.document,
                    was_public,
                    concealed,
                }))
            }
            None => Prospect::Created(Box::new(row.document)),
        };
    }
    for place in refused {
        prospects[place] = Prospect::Refused;
    }
    Ok((prospects, faults))
}

/// What documents name that neither stands nor comes with them, each by its place: all that can be
/// said of those whose values are wrong.
///
/// # Errors
/// Those of the database.
pub async fn unknown(
    connection: &mut AsyncPgConnection,
    documents: &[Document],
    company: &Company,
) -> Result<Vec<Fault>, ApplyError> {
    let documents: Vec<&Document> = documents.iter().collect();
    unknown_names(connection, &documents, &HashMap::new(), company).await
}
