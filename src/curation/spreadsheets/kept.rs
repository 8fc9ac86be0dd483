//! Checks that are kept for a week, and applied by a second person: exactly what was checked, by its
//! digest, all of it or nothing.

use super::{
    annotated, archives,
    checking::{Check, ImportCounts},
    content::{Content, Form},
    faults::{ImportError, Wrong},
    importing::{import, read},
    reports::{ImportChange, ImportFault, ImportFile, ImportReport},
};
use crate::{
    curation::{
        edits::now,
        queries::{self, KeptCheck, NewCheck},
    },
    ledger::{self, Actor, Applied, ApplyError},
    values::{Invalid, digest::hex},
};
use chrono::{DateTime, Duration, Utc};
use diesel::result::Error as DatabaseError;
use diesel_async::{AsyncConnection, AsyncPgConnection};
use serde::Serialize;
use utoipa::ToSchema;

/// How long a check can be applied.
const DAYS: i64 = 7;
/// Keeps a check in place of an earlier one of the same.
///
/// # Errors
/// Those of the database.
pub async fn keep(
    connection: &mut AsyncPgConnection,
    content: &Content,
    check: &Check,
    who: &str,
) -> Result<KeptCheck, ImportError> {
    let failed = |error| ImportError::File("the files".to_owned(), error);
    let files = annotated(content, check).map_err(failed)?;
    let report = serde_json::to_value(ImportReport::of(check));
    let checked_at = now();
    let kept = NewCheck {
        digest: &content.digest(),
        form: content.form.name(),
        content: &content.kept().map_err(failed)?,
        annotated: &archives::pack(&files).map_err(failed)?,
        report: report.map_err(|error| DatabaseError::SerializationError(Box::new(error)))?,
        revision: check.revision,
        checked_by: who,
        checked_at,
        expires_at: checked_at + Duration::days(DAYS),
    };
    Ok(queries::keep_check(connection, &kept).await?)
}

/// Why a check was not applied; nothing is changed then.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is none, or none any more.
    #[error("{reason}; {remedy}", reason = unknown().reason, remedy = unknown().remedy)]
    Unknown,
    /// Whoever checked it does not apply it.
    #[error("it takes two: whoever checked the files does not apply them; let somebody else do it")]
    Own,
    /// As things stand it cannot be.
    #[error("{0}")]
    Conflict(Invalid),
    /// Somebody hid a record meanwhile, which goes first.
    #[error("a record was hidden meanwhile, which goes first; apply it again")]
    Interrupted,
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(DatabaseError),
}

impl From<DatabaseError> for Refusal {
    fn from(error: DatabaseError) -> Self {
        match ApplyError::from(error) {
            ApplyError::Database(error) => Self::Database(error),
            ApplyError::Interrupted => Self::Interrupted,
            ApplyError::Refused(_) => Self::Conflict(moved(&[])),
        }
    }
}

impl From<ImportError> for Refusal {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Wrong(wrong) => Self::Conflict(moved(&wrong)),
            ImportError::File(..) => Self::Conflict(moved(&[])),
            ImportError::Interrupted => Self::Interrupted,
            ImportError::Database(error) => error.into(),
        }
    }
}

/// The refusal of a digest under which nothing is kept.
pub fn unknown() -> Invalid {
    Invalid::new(
        "unknown_check",
        "no check is kept under this digest: it is older than 7 days, or the file was packed or saved anew since, which makes other bytes",
        "check the file again, and go on with the digest of that answer",
    )
}

/// The refusal of what does not fit any more.
fn moved(wrong: &[Wrong]) -> Invalid {
    let first: Vec<String> = wrong.iter().take(3).map(Wrong::to_string).collect();
    let places = match first.is_empty() {
        true => String::new(),
        false => format!(": {}", first.join("; ")),
    };
    Invalid::new(
        "changed_since",
        format!("the directory changed since the check{places}"),
        "check the files again",
    )
}

/// Who applies a check.
#[derive(Debug, Clone)]
pub struct Applier {
    /// Their name.
    pub name: String,
    /// Whether the operator said that nobody else is there.
    pub one_person: bool,
}

/// Applies exactly what was checked under a digest. `step` is called once a record.
///
/// # Errors
/// When it may not be, or anything changed since; nothing is written then.
pub async fn apply(
    connection: &mut AsyncPgConnection,
    digest: &[u8],
    applier: &Applier,
    step: &(dyn Fn() + Sync),
) -> Result<(ImportCounts, Applied), Refusal> {
    connection
        .transaction(async |connection| {
            let at = now();
            let Some((kept, bytes)) = queries::claim_check(connection, digest, at).await? else {
                return Err(match queries::kept_check(connection, digest, at).await? {
                    None => Refusal::Unknown,
                    Some(_) => Refusal::Conflict(Invalid::new(
                        "in_flight",
                        "somebody is applying it at this moment",
                        "wait for the end of that, and read the check again",
                    )),
                });
            };
            let empty = ledger::is_empty(connection).await?;
            let own = kept.checked_by.to_lowercase() == applier.name.to_lowercase();
            let counts = may_be(&kept, applier, own, empty)?;
            let actor = Actor {
                name: kept.checked_by.clone(),
                one_person: empty || applier.one_person,
                second_person: (!own).then(|| applier.name.clone()),
                proposal: None,
            };
            let reason = format!("import {}", &hex(digest)[..12]);
            let reading = read(&content(&kept, bytes, digest)?)?.unmoved_since(kept.revision);
            let applied = import(connection, &actor, &reason, reading, step).await?;
            let revision = applied.revision;
            queries::note_applied(connection, digest, &applier.name, now(), revision).await?;
            Ok((counts, applied))
        })
        .await
}

/// Whether a check may be applied by somebody.
fn may_be(
    kept: &KeptCheck,
    applier: &Applier,
    own: bool,
    empty: bool,
) -> Result<ImportCounts, Refusal> {
    let conflict = |code, reason: String, remedy: &str| {
        Err(Refusal::Conflict(Invalid::new(code, reason, remedy)))
    };
    if let (Some(by), Some(revision)) = (&kept.applied_by, kept.applied_revision)
        && kept.applied_at.is_some_and(|at| at >= kept.checked_at)
    {
        let reason = format!("{by} applied it already, up to revision {revision}");
        return conflict("applied", reason, "nothing is left to do");
    }
    if own && !(empty || applier.one_person) {
        return Err(Refusal::Own);
    }
    let report: ImportReport = serde_json::from_value(kept.report.clone())
        .map_err(|error| DatabaseError::DeserializationError(Box::new(error)))?;
    let ImportCounts {
        error,
        conflict: conflicts,
        ..
    } = report.counts;
    match error + conflicts {
        0 => Ok(report.counts),
        _ => conflict(
            "faulty",
            format!("the check found {error} errors and {conflicts} conflicts"),
            "correct the files; where somebody changed a record, export again and repeat the change there; then check them again",
        ),
    }
}

/// What was checked, to the byte.
fn content(kept: &KeptCheck, bytes: Vec<u8>, digest: &[u8]) -> Result<Content, Refusal> {
    let form = Form::named(&kept.form);
    let content = form.and_then(|form| Content::of_bytes(form, bytes).ok());
    let same = content.filter(|content| content.digest() == digest);
    same.ok_or_else(|| {
        Refusal::Conflict(Invalid::new(
            "damaged",
            "what is kept is not what was checked",
            "check the files again",
        ))
    })
}

/// A check as it is told.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportSummary {
    /// SHA-256 of what was checked, in hexadecimal: of the bytes that were sent.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub digest: String,
    /// In which form it was brought: `folder`, `zip`, `ndjson` or `xlsx`.
    #[schema(example = "zip")]
    pub form: String,
    /// Who checked it.
    pub checked_by: String,
    /// When.
    pub checked_at: DateTime<Utc>,
    /// Until when it can be applied.
    pub expires_at: DateTime<Utc>,
    /// The last revision of the directory that it was held against.
    #[schema(minimum = 0)]
    pub revision: i64,
    /// How many records come to what.
    pub counts: ImportCounts,
    /// Who applied it last, if somebody did; where that was before `checked_at`, it was checked again since.
    pub applied_by: Option<String>,
    /// When.
    pub applied_at: Option<DateTime<Utc>>,
    /// The last revision of the directory after.
    #[schema(minimum = 0)]
    pub applied_revision: Option<i64>,
}

/// A check with all that was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportCheck {
    /// The check.
    #[serde(flatten)]
    pub summary: ImportSummary,
    /// How many rows were looked at.
    #[schema(minimum = 0)]
    pub rows: u64,
    /// How each file was recognised.
    pub files: Vec<ImportFile>,
    /// How many faults there are.
    #[schema(minimum = 0)]
    pub faults_total: u64,
    /// The first thousand of them.
    pub faults: Vec<ImportFault>,
    /// How many cells and rows of records that stand would change.
    #[schema(minimum = 0)]
    pub changes_total: u64,
    /// The first thousand of them.
    pub changes: Vec<ImportChange>,
}

impl ImportCheck {
    /// A check as it is told.
    ///
    /// # Errors
    /// When its report has another form.
    pub fn of(kept: KeptCheck) -> serde_json::Result<Self> {
        let report: ImportReport = serde_json::from_value(kept.report)?;
        Ok(Self {
            summary: ImportSummary {
                digest: hex(&kept.digest),
                form: kept.form,
                checked_by: kept.checked_by,
                checked_at: kept.checked_at,
                expires_at: kept.expires_at,
                revision: kept.revision,
                counts: report.counts,
                applied_by: kept.applied_by,
                applied_at: kept.applied_at,
                applied_revision: kept.applied_revision,
            },
            rows: report.rows,
            files: report.files,
            faults_total: report.faults_total,
            faults: report.faults,
            changes_total: report.changes_total,
            changes: report.changes,
        })
    }
}
