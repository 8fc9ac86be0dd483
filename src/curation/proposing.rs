//! How a write becomes a proposal, which waits for a second person.

use super::{
    differences,
    edits::{Answer, Write, now},
    model::Proposal,
    queries::{self, StoredProposal},
};
use crate::{
    ledger::{Change, Document, Standing},
    values::{access::Visibility, contact_point, role::Role},
    web::{Problem, Result, identity::Identity},
};
use diesel_async::AsyncPgConnection;
use serde_json::{Value, json};
use uuid::Uuid;

/// The document before and after as a proposal shows them: contact points with their ids, so that
/// they are compared one by one, and without hidden ones, which no edit touches.
fn shown(identity: &Identity, before: Option<&Document>, after: &Document) -> (Value, Value) {
    let known = before.map_or(&[][..], Document::contact_points);
    let mut known = known.to_vec();
    if identity.role < Role::Editor {
        contact_point::keep_admitted(&mut known, None);
    }
    let json = |document: &Document| {
        let mut document = document.clone();
        if let Some(points) = document.contact_points_mut() {
            contact_point::settle(points, &known, None);
            contact_point::keep_admitted(points, None);
        }
        document.to_json().unwrap_or_default()
    };
    (before.map_or_else(|| json!({}), json), json(after))
}

/// Makes a proposal of a change.
pub async fn propose(
    connection: &mut AsyncPgConnection,
    identity: &Identity,
    write: &Write,
    standing: Option<&Standing>,
    (change, mark): (&Change, Option<(&'static str, Value)>),
) -> Result<Answer> {
    let attempt = change.verification.as_ref();
    let stood = standing.map(Standing::read).transpose()?;
    let (before, after) = shown(identity, stood.as_ref(), &change.document);
    let stood = standing.and_then(Standing::access);
    let wanted = change.access.filter(|access| Some(*access) != stood);
    let merged_into = wanted.and_then(|access| access.merged_into);
    let mut patch = differences::difference(&before, &after);
    if let (Some(id), Some(fields)) = (merged_into, patch.as_object_mut()) {
        fields.insert(MERGED_INTO.to_owned(), json!(id));
    }
    if let (Some((name, said)), Some(fields)) = (mark, patch.as_object_mut()) {
        fields.insert(name.to_owned(), said);
    }
    let visibility = wanted
        .filter(|access| stood.is_some_and(|stood| stood.visibility != access.visibility))
        .map(|access| access.visibility);
    let proposal = StoredProposal {
        id: Uuid::now_v7(),
        kind: "change".to_owned(),
        state: "open".to_owned(),
        resource: write.resource.name().to_owned(),
        record_id: standing.map(|one| one.id),
        base_revision: standing.map_or(0, |one| one.revision),
        patch,
        status: wanted
            .filter(|access| stood.is_none_or(|stood| stood.status != access.status))
            .map(|access| access.status.name().to_owned()),
        visibility: visibility
            .or(change.unhide.map(|_| Visibility::Public))
            .map(|one| one.name().to_owned()),
        reason: write.conditions.reason.clone().unwrap_or_default(),
        evidence_url: write.conditions.evidence_url.clone(),
        proposed_by: Some(identity.name.clone()),
        proposed_at: attempt.map_or_else(now, |attempt| attempt.at),
        decided_by: None,
        decided_at: None,
        decision: None,
        revision: None,
        contact_point: attempt.map_or(change.unhide, |attempt| attempt.contact_point),
        day: None,
        times: 1,
        texts: vec![],
        verification: attempt
            .map(serde_json::to_value)
            .transpose()
            .map_err(|error| Problem::Internal(error.to_string()))?,
    };
    queries::propose(connection, &proposal).await?;
    let slug = standing.map(|one| one.slug.clone());
    Ok(Answer {
        location: Some(format!("/v1/proposals/{}", proposal.id)),
        ..Answer::of(202, &Proposal::of(proposal, slug))?
    })
}

/// Where the patch of a proposal to merge names the record that goes on.
pub const MERGED_INTO: &str = "merged_into";
