//! What curation shows: records as the ledger holds them, history, proposals, keys.

use super::{
    differences::FieldChange,
    queries::{StoredKey, StoredProposal},
};
use crate::{
    ledger::{Document, Entry, Standing},
    values::{role::Role, verification::Verification},
};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryResult;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A record as the ledger holds it: the document as it is written, in any state.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CuratedRecord {
    /// UUIDv7, stable.
    pub id: Uuid,
    /// The noun of its resource.
    #[schema(example = "hotlines")]
    pub resource: String,
    /// Stable and human.
    pub slug: String,
    /// `draft`, `published` or `archived`. New values may be added.
    #[schema(example = "draft")]
    pub status: String,
    /// `public` or `hidden`. New values may be added.
    #[schema(example = "public")]
    pub visibility: String,
    /// Of its last change; what If-Match names.
    #[schema(minimum = 1)]
    pub revision: i64,
    /// When it came into the directory.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub last_modified: DateTime<Utc>,
    /// The record that an archived one became part of.
    pub merged_into: Option<Uuid>,
    /// The whole document, as PUT takes it; beside that the ids, verification and visibility of
    /// contact points, and what was verified of it, which are not written.
    #[schema(value_type = Object)]
    pub document: Value,
}

impl CuratedRecord {
    /// A record with its document, or with the part of it that is shown.
    ///
    /// # Errors
    /// When the document does not serialise, which its types do not let happen.
    pub fn of(standing: Standing, document: &Document) -> QueryResult<Self> {
        // In the order in which the fields are declared, which the database does not keep.
        let document = document
            .to_json()
            .map_err(|error| diesel::result::Error::SerializationError(Box::new(error)))?;
        Ok(Self {
            id: standing.id,
            resource: standing.resource,
            slug: standing.slug,
            status: standing.status,
            visibility: standing.visibility,
            revision: standing.revision,
            created_at: standing.created_at,
            last_modified: standing.last_modified,
            merged_into: standing.merged_into,
            document,
        })
    }
}

/// One entry of the ledger.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HistoryEntry {
    /// Its revision.
    #[schema(minimum = 1)]
    pub revision: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// `created`, `updated`, `published`, `archived`, `hidden`, `shown` or `verified`. New values may be
    /// added.
    #[schema(example = "updated")]
    pub action: String,
    /// The slug after.
    pub slug: String,
    /// The status after. New values may be added.
    #[schema(example = "published")]
    pub status: String,
    /// The visibility after. New values may be added.
    #[schema(example = "public")]
    pub visibility: String,
    /// Who.
    pub actor: String,
    /// Who else answered for it: who accepted the proposal, or wrote the draft.
    pub second_person: Option<String>,
    /// Whether no second person was asked: an empty directory, or one-person mode.
    pub one_person: bool,
    /// Why; empty when nobody said it.
    pub reason: String,
    /// The proposal that was carried out.
    pub proposal: Option<Uuid>,
    /// Of `verified` what came of it, and how; its note is the reason.
    #[schema(nullable)]
    pub verification: Option<Verification>,
    /// The whole document after; `null` in lists.
    #[schema(value_type = Object, nullable)]
    pub document: Option<Value>,
}

impl HistoryEntry {
    /// An entry of a list.
    pub fn listed(entry: Entry) -> Self {
        Self {
            document: None,
            ..Self::whole(entry)
        }
    }

    /// An entry with its document.
    pub fn whole(entry: Entry) -> Self {
        Self {
            revision: entry.revision,
            at: entry.at,
            action: entry.action,
            slug: entry.slug,
            status: entry.status,
            visibility: entry.visibility,
            actor: entry.actor,
            second_person: entry.second_person,
            one_person: entry.one_person,
            reason: entry.reason,
            proposal: entry.proposal_id,
            verification: attempt(entry.verification),
            document: Some(entry.document),
        }
    }
}

/// An attempt to verify, as the ledger keeps it.
fn attempt(kept: Option<Value>) -> Option<Verification> {
    serde_json::from_value(kept?).ok()
}

/// What differs between two revisions of a record.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Diff {
    /// The revision compared from.
    #[schema(minimum = 1)]
    pub from: i64,
    /// The revision compared to.
    #[schema(minimum = 1)]
    pub to: i64,
    /// Field by field; status and visibility are fields too.
    pub changes: Vec<FieldChange>,
}

/// A change that waits for a second person, or what the public told.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Proposal {
    /// UUIDv7.
    pub id: Uuid,
    /// `change`, or `suggestion` of the public. New kinds may be added.
    #[schema(example = "change")]
    pub kind: String,
    /// `open`, `accepted`, `rejected` or `withdrawn`. New states may be added.
    #[schema(example = "open")]
    pub state: String,
    /// The noun of the resource.
    #[schema(example = "hotlines")]
    pub resource: String,
    /// The record; `null` for one that shall be.
    pub record_id: Option<Uuid>,
    /// Its slug now.
    pub slug: Option<String>,
    /// The revision that it was made against; 0 for a record that shall be.
    #[schema(minimum = 0)]
    pub base_revision: i64,
    /// The merge patch (RFC 7396) on the document.
    #[schema(value_type = Object)]
    pub patch: Value,
    /// The status that it asks for.
    pub status: Option<String>,
    /// The visibility that it asks for, of `contact_point` if one is named, else of the record.
    pub visibility: Option<String>,
    /// The contact point that it is about.
    pub contact_point: Option<Uuid>,
    /// Why.
    pub reason: String,
    /// Where it can be seen.
    #[schema(format = "uri")]
    pub evidence_url: Option<String>,
    /// Who; `null` for the public.
    pub proposed_by: Option<String>,
    /// When.
    pub proposed_at: DateTime<Utc>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When that was.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why so.
    pub decision: Option<String>,
    /// The revision that it became.
    pub revision: Option<i64>,
    /// Of a suggestion the UTC day.
    pub day: Option<NaiveDate>,
    /// Of a suggestion how often it was told that day.
    #[schema(minimum = 1)]
    pub times: i32,
    /// Of a suggestion what was told, the first twenty.
    pub texts: Vec<String>,
    /// The verification that it takes down, which brings a contact back.
    #[schema(nullable)]
    pub verification: Option<Verification>,
    /// What stood, stands and is proposed, field by field; `null` in lists and once decided.
    pub changes: Option<Vec<ProposedChange>>,
}

impl Proposal {
    /// What is kept of it.
    pub fn of(stored: StoredProposal, slug: Option<String>) -> Self {
        Self {
            id: stored.id,
            kind: stored.kind,
            state: stored.state,
            resource: stored.resource,
            record_id: stored.record_id,
            slug,
            base_revision: stored.base_revision,
            patch: stored.patch,
            status: stored.status,
            visibility: stored.visibility,
            contact_point: stored.contact_point,
            reason: stored.reason,
            evidence_url: stored.evidence_url,
            proposed_by: stored.proposed_by,
            proposed_at: stored.proposed_at,
            decided_by: stored.decided_by,
            decided_at: stored.decided_at,
            decision: stored.decision,
            revision: stored.revision,
            day: stored.day,
            times: stored.times,
            texts: stored.texts,
            verification: attempt(stored.verification),
            changes: None,
        }
    }
}

/// A field that a proposal changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProposedChange {
    /// JSON Pointer (RFC 6901) to the field.
    #[schema(example = "/name")]
    pub pointer: String,
    /// What stood there when it was proposed.
    pub base: Value,
    /// What stands there now.
    pub current: Value,
    /// What is proposed.
    pub proposed: Value,
    /// Whether it was changed otherwise meanwhile, so that it cannot be accepted.
    pub conflict: bool,
}

/// A key, without the key itself.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KeyInfo {
    /// UUIDv7; what revoking names.
    pub id: Uuid,
    /// The person or job; all keys of one name are one person.
    #[schema(example = "Maria")]
    pub name: String,
    /// What it opens. New roles may be added.
    #[schema(example = "editor")]
    pub role: String,
    /// The countries it is limited to; empty for all.
    pub countries: Vec<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Who made it.
    pub created_by: String,
    /// Until when it opens anything.
    pub expires_at: DateTime<Utc>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it was last used, to the hour.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl KeyInfo {
    /// What may be shown of a key.
    pub fn of(key: StoredKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            role: key.role,
            countries: key.countries,
            created_at: key.created_at,
            created_by: key.created_by,
            expires_at: key.expires_at,
            revoked_at: key.revoked_at,
            last_used_at: key.last_used_at,
        }
    }
}

/// A new key, shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewKey {
    /// The key. It stands nowhere else: copy it now.
    #[schema(example = "lodestar_")]
    pub key: String,
    /// What is kept of it.
    pub info: KeyInfo,
}

/// Who asks, and what they may do.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// The name that the ledger writes down.
    #[schema(example = "Maria")]
    pub name: String,
    /// The role.
    pub role: Role,
    /// The countries it is limited to; empty for all.
    pub countries: Vec<String>,
    /// Until when the key opens anything.
    pub expires_at: DateTime<Utc>,
    /// What the role may do: `propose`, `withdraw`, `read_drafts`, `write_drafts`, `read_history`,
    /// `hide`, `verify`, `publish`, `archive`, `decide`, `keys`, `taxonomies`, `restore`. More may be added.
    #[schema(example = json!(["propose", "withdraw"]))]
    pub may: Vec<&'static str>,
    /// Whether the operator said that nobody else is there, so that no second person is asked.
    pub one_person: bool,
}
