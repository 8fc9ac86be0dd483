//! `check`: the walk of `apply` without a write and without a lock, a part at a time.

use super::{
    apply::{Actor, ApplyError, Change, Fault},
    checks::invalid_values,
    company::Company,
    plan::concealed,
    walk::walk,
};
use diesel_async::AsyncPgConnection;
use std::collections::HashSet;

/// What applying a change would come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prospect {
    /// A new record.
    Created,
    /// Another document.
    Updated,
    /// It stands so.
    Unchanged,
    /// It does not fit; its faults say why.
    Refused,
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
    for (place, change) in changes.into_iter().enumerate() {
        company.remember(&change.document);
        let found = invalid_values(place, &change.document);
        if found.is_empty() {
            places.push(place);
            valid.push(change);
        }
        faults.extend(found);
    }
    let (mut plan, found) = walk(connection, actor, valid, company).await?;
    // What follows in other records is a fault of none of these in particular.
    let placed = |mut fault: Fault| {
        fault.change = places.get(fault.change).or(places.last()).copied()?;
        Some(fault)
    };
    faults.extend(found.into_iter().filter_map(placed));
    let shown = plan.rows.iter().filter(|row| row.is_public());
    let mut hidden = concealed(connection, shown.map(|row| &row.document)).await?;
    hidden.retain(|name| !company.new.contains(name));
    faults.extend(plan.unsourced(&hidden).into_iter().filter_map(placed));
    let refused: HashSet<usize> = faults.iter().map(|fault| fault.change).collect();
    for row in plan.rows.drain(..) {
        let Some(place) = places.get(row.change) else {
            continue;
        };
        prospects[*place] = match row.before {
            Some(_) => Prospect::Updated,
            None => Prospect::Created,
        };
        if row.is_public() && !refused.contains(place) {
            let document = &row.document;
            let name = (document.resource(), document.slug().to_owned());
            company.new.insert(name);
        }
    }
    for place in refused {
        prospects[place] = Prospect::Refused;
    }
    Ok((prospects, faults))
}
