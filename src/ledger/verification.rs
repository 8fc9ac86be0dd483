//! What was verified stands, whatever is written, until somebody verifies again.

use super::{apply::Change, document::Document};
use crate::values::{
    Invalid, access::Visibility, contact_point::ContactPointInput, outcome::Outcome,
};

/// Keeps what stands of a record's verification, and takes down the attempt that a change brings. Contact
/// points are settled already.
///
/// # Errors
/// When the attempt is about a contact point, or about a record, that there is not.
pub fn settle(change: &mut Change, before: Option<&Document>) -> Result<(), Invalid> {
    let stands = before.and_then(|one| Some(one.clone().verified()?.stands()));
    if let (Some(stands), Some(fields)) = (stands, change.document.verified()) {
        fields.keep(stands);
    }
    let Some(attempt) = &change.verification else {
        return Ok(());
    };
    let fields = match attempt.contact_point {
        None => change.document.verified(),
        Some(id) => {
            let points = change.document.contact_points_mut().into_iter().flatten();
            let point = points.into_iter().find(|point| point.id == Some(id));
            point.map(ContactPointInput::verified)
        }
    };
    let fields = fields.ok_or_else(|| {
        Invalid::new(
            "reference",
            "the record has no such contact point",
            "name one of its contact points by its id, or leave it out for the record",
        )
    })?;
    fields.mark(attempt);
    Ok(())
}

/// Whether an attempt gives people a contact again that was known to lead nowhere.
pub fn brings_back(before: &Document, change: &Change) -> bool {
    if change.verification.is_none() {
        return false;
    }
    let given = |document: &Document| {
        if document.is_out() {
            return 0;
        }
        let points = document.contact_points().iter();
        let shown = points.filter(|point| point.visibility == Visibility::Public);
        let used = shown.filter(|point| !Outcome::is_out(point.outcome));
        // Of an organization people are given where to report.
        used.count() + usize::from(matches!(document, Document::Organization(_)))
    };
    given(&change.document) > given(before)
}
