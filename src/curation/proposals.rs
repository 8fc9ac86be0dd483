//! Proposals: what waits for a second person, and how that person decides. Public suggestions
//! wait here too; they carry no change, so that accepting one only says that it was dealt with.

use super::{
    beside::beside,
    differences,
    documents::refused,
    edits::{self, Answer},
    merging,
    model::Proposal,
    once::once,
    proposing::MERGED_INTO,
    queries::{self, StoredProposal},
    rights::within_countries,
};
use crate::{
    ledger::{self, Access, Actor, Change, Document, Passage, Resource, Standing},
    values::{
        Invalid,
        access::{Status, Visibility},
        role::Role,
    },
    web::{Problem, Result, identity::Identity, problem::Conflict},
};
use diesel_async::{AsyncConnection, AsyncPgConnection};
use uuid::Uuid;

/// What becomes of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is carried out.
    Accepted,
    /// It is not.
    Rejected,
    /// Its author takes it back.
    Withdrawn,
}

impl Verdict {
    fn state(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }
}

fn conflict(code: &'static str, reason: &str, remedy: &str) -> Problem {
    Problem::Conflict(Invalid::new(code, reason, remedy), vec![])
}

/// Decides on a proposal, in one transaction.
///
/// # Errors
/// 403 for one's own, 404, 409 when it is decided or what stands has changed otherwise, 422 when
/// the document no longer fits.
pub async fn decide(
    connection: &mut AsyncPgConnection,
    identity: &Identity,
    key: Option<&str>,
    id: Uuid,
    verdict: Verdict,
    decision: Option<String>,
) -> Result<Answer> {
    connection
        .transaction(async |connection| {
            queries::be_brief(connection).await?;
            ledger::pass(connection, Passage::Alone).await?;
            let asked = format!("{id} {verdict:?} {decision:?}");
            once(
                connection,
                &identity.name,
                key,
                &asked,
                async |connection| {
                    let mut proposal = queries::lock_proposal(connection, id).await?;
                    may_decide(&proposal, identity, verdict)?;
                    if verdict != Verdict::Withdrawn {
                        within_reach(connection, &proposal, identity).await?;
                    }
                    proposal.state = verdict.state().to_owned();
                    proposal.decided_by = Some(identity.name.clone());
                    proposal.decided_at = Some(edits::now());
                    proposal.decision = decision;
                    if verdict == Verdict::Accepted && proposal.kind == "change" {
                        proposal.revision = carry_out(connection, &proposal, identity).await?;
                    }
                    queries::decide(connection, &proposal).await?;
                    Answer::of(
                        200,
                        &shown(connection, identity, vec![proposal]).await?.remove(0),
                    )
                },
            )
            .await
        })
        .await
}

fn may_decide(proposal: &StoredProposal, identity: &Identity, verdict: Verdict) -> Result<()> {
    let own = proposal
        .proposed_by
        .as_ref()
        .is_some_and(|name| identity.is(name));
    // What somebody may not see is not there.
    if !own && identity.role < Role::Editor {
        return Err(Problem::NotFound);
    }
    match (verdict, own) {
        (Verdict::Withdrawn, false) => {
            return Err(Problem::Forbidden(Invalid::new(
                "not_own",
                "only its author takes a proposal back",
                "reject it, with a reason",
            )));
        }
        (Verdict::Accepted | Verdict::Rejected, true) => {
            return Err(Problem::Forbidden(Invalid::new(
                "own_proposal",
                "nobody decides on their own proposal",
                "let a second person decide, or withdraw it",
            )));
        }
        _ => {}
    }
    let resource = Resource::named(&proposal.resource);
    let taxonomy = resource.is_some_and(Resource::is_taxonomy);
    match (verdict, taxonomy) {
        (Verdict::Withdrawn, _) => {}
        (_, true) => identity.at_least(Role::Admin)?,
        (_, false) => identity.at_least(Role::Publisher)?,
    }
    match proposal.state.as_str() {
        "open" => Ok(()),
        _ => Err(conflict(
            "decided",
            "the proposal is decided",
            "make a new one if it is still needed",
        )),
    }
}

/// A key that is limited to countries decides about these alone.
async fn within_reach(
    connection: &mut AsyncPgConnection,
    proposal: &StoredProposal,
    identity: &Identity,
) -> Result<()> {
    if identity.countries.is_empty() {
        return Ok(());
    }
    let beside = beside(connection, proposal, true).await?;
    let mut document = beside.current();
    if beside.standing.is_none() {
        json_patch::merge(&mut document, &proposal.patch);
    }
    let document = Document::read(beside.resource, document)
        .map_err(|_| Problem::Internal("a proposal does not deserialise".into()))?;
    within_countries(identity, std::iter::once(&document))
}

/// Carries a proposal out with its author as the one and who accepts it as the other person;
/// says the revision that it became.
async fn carry_out(
    connection: &mut AsyncPgConnection,
    proposal: &StoredProposal,
    identity: &Identity,
) -> Result<Option<i64>> {
    let beside = beside(connection, proposal, true).await?;
    let conflicts: Vec<Conflict> = beside
        .changes(proposal)
        .into_iter()
        .filter(|change| change.conflict)
        .map(|change| Conflict {
            pointer: change.pointer,
            base: change.base,
            current: change.current,
            proposed: change.proposed,
        })
        .collect();
    if !conflicts.is_empty() {
        let invalid = Invalid::new(
            "changed_meanwhile",
            "what it changes was changed otherwise meanwhile",
            "reject it, and propose what should stand now",
        );
        return Err(Problem::Conflict(invalid, conflicts));
    }
    let mut patch = proposal.patch.clone();
    let merged_into = patch
        .as_object_mut()
        .and_then(|fields| fields.remove(MERGED_INTO))
        .and_then(|id| Uuid::parse_str(id.as_str()?).ok());
    let mut told = |name: &str| patch.as_object_mut().and_then(|fields| fields.remove(name));
    let (merges, parts) = (told(merging::MERGE), told(merging::RESTORE));
    let mut document = beside.current();
    json_patch::merge(&mut document, &patch);
    let document = Document::read(beside.resource, document).map_err(|error| {
        let (pointer, invalid) = crate::web::body::fault(&error);
        refused(vec![(pointer, invalid)])
    })?;
    let standing = beside.standing.as_ref();
    let attempt = proposal.verification.clone();
    let attempt = attempt.map(serde_json::from_value).transpose();
    let attempt = attempt.map_err(|error| Problem::Internal(error.to_string()))?;
    let mut change = Change {
        record: standing.map(|one| one.id),
        expected: Some(standing.map_or(0, |one| one.revision)),
        access: access(proposal, standing, merged_into)?,
        unhide: proposal.contact_point.filter(|_| attempt.is_none()),
        verification: attempt,
        ..Change::to(document)
    };
    let mut others = Vec::new();
    if let (Some(standing), Some(merge)) = (standing, merges) {
        others = merging::carried_out(connection, standing, merge, &mut change).await?;
    }
    if let (Some(standing), Some(revision)) = (standing, parts.and_then(|one| one.as_i64())) {
        let parted = merging::parted(connection, standing, revision).await?;
        (change, others) = (parted.own, parted.others);
    }
    let stood = standing.map(Standing::read).transpose()?;
    let after = others.iter().map(|other| &other.document);
    let all = stood.iter().chain([&change.document]).chain(after);
    within_countries(identity, all)?;
    let actor = Actor {
        name: proposal.proposed_by.clone().unwrap_or_default(),
        one_person: false,
        second_person: Some(identity.name.clone()),
        proposal: Some(proposal.id),
    };
    let changes = [vec![change], others].concat();
    let applied = ledger::apply(connection, &actor, &proposal.reason, changes, &|| ()).await;
    let applied = applied.map_err(edits::problem)?;
    let wrote = applied.created + applied.updated > 0;
    Ok(wrote.then_some(applied.revision))
}

/// Status and visibility after.
fn access(
    proposal: &StoredProposal,
    standing: Option<&Standing>,
    merged_into: Option<Uuid>,
) -> Result<Option<Access>> {
    let status = proposal.status.as_deref().and_then(Status::named);
    let visibility = proposal.visibility.as_deref().and_then(Visibility::named);
    let Some((standing, access)) = standing.zip(standing.and_then(Standing::access)) else {
        return Ok(Some(Access::DRAFT));
    };
    let shows = status.is_some() || visibility.is_some();
    if access.status == Status::Archived && !shows {
        return Err(conflict(
            "archived",
            "the record is archived",
            "publish it again first, or reject the proposal",
        ));
    }
    // Who agrees that something is shown agrees to what they saw, not to what became of it.
    if (shows || proposal.verification.is_some()) && standing.revision != proposal.base_revision {
        return Err(conflict(
            "changed_meanwhile",
            "the record changed since it was proposed to show it",
            "reject it, read the record, and propose it anew",
        ));
    }
    Ok(Some(Access {
        status: status.unwrap_or(access.status),
        visibility: match proposal.contact_point {
            Some(_) => access.visibility,
            None => visibility.unwrap_or(access.visibility),
        },
        merged_into: match status {
            Some(_) => merged_into,
            None => access.merged_into,
        },
    }))
}

/// Proposals as they are shown in lists.
///
/// # Errors
/// Those of the database.
pub async fn shown(
    connection: &mut AsyncPgConnection,
    identity: &Identity,
    stored: Vec<StoredProposal>,
) -> Result<Vec<Proposal>> {
    let ids: Vec<Uuid> = stored.iter().filter_map(|one| one.record_id).collect();
    let slugs = queries::slugs_of(connection, &ids, identity.role >= Role::Editor).await?;
    let slug = |id: Option<Uuid>| {
        let found = slugs.iter().find(|(known, _)| Some(*known) == id);
        found.map(|(_, slug)| slug.clone())
    };
    Ok(stored
        .into_iter()
        .map(|one| {
            let slug = slug(one.record_id);
            Proposal::of(one, slug)
        })
        .collect())
}

/// One proposal, with what stood, stands and is proposed.
///
/// # Errors
/// 404, also for those of others when the reader only proposes.
pub async fn read(
    connection: &mut AsyncPgConnection,
    identity: &Identity,
    id: Uuid,
) -> Result<Proposal> {
    connection
        .transaction(async |connection| {
            let stored = queries::find_proposal(connection, id).await?;
            let own = stored
                .proposed_by
                .as_ref()
                .is_some_and(|name| identity.is(name));
            if !own && identity.role < Role::Editor {
                return Err(Problem::NotFound);
            }
            let changes = match stored.state.as_str() {
                "open" => {
                    let mut beside = beside(connection, &stored, false).await?;
                    beside.show_to(identity);
                    Some(beside.changes(&stored))
                }
                _ => None,
            };
            let mut proposal = shown(connection, identity, vec![stored]).await?.remove(0);
            proposal.changes = changes;
            Ok(proposal)
        })
        .await
}

/// What differs between two revisions of a record, access included.
///
/// # Errors
/// 404 when the record has no such revision.
pub async fn diff(
    connection: &mut AsyncPgConnection,
    record: Uuid,
    (from, to): (i64, i64),
) -> Result<super::model::Diff> {
    let mut sides = Vec::new();
    for revision in [from, to] {
        let entry = queries::entry(connection, record, revision).await?;
        let mut document = entry.document;
        if let Some(fields) = document.as_object_mut() {
            fields.insert("status".to_owned(), entry.status.into());
            fields.insert("visibility".to_owned(), entry.visibility.into());
        }
        sides.push(document);
    }
    Ok(super::model::Diff {
        from,
        to,
        changes: differences::differences(&sides[0], &sides[1]),
    })
}
