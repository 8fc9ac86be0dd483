//! The walk of a write: who, against which revision, what it becomes; then through the one way
//! in, or into a proposal that waits for a second person. One transaction carries all of it,
//! the answer that is kept under an Idempotency-Key included.

use super::{
    changes::{Changes, changed},
    documents::refused,
    merging,
    model::CuratedRecord,
    once::{forget, once},
    proposing::propose,
    queries,
    rights::{
        author_of_draft, condition, conditioned, direct, is_hidden, locked, within_countries,
    },
};
use crate::{
    ledger::{self, Actor, ApplyError, Change, Fault, Passage, Resource, SECOND_PERSON, Standing},
    values::{Invalid, contact_point, outcome::Outcome, role::Role, verification::Method},
    web::{Problem, Result, conditional::Conditions, identity::Identity, problem::LOCKED},
};
use chrono::{DateTime, SubsecRound, Utc};
use diesel_async::{AsyncConnection, AsyncPgConnection};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// What somebody wants done with a record.
#[derive(Debug, Clone)]
pub enum Act {
    /// A new record.
    Create(Value),
    /// The whole document anew.
    Replace(Value),
    /// A merge patch (RFC 7396).
    Merge(Value),
    /// The same, which becomes a proposal whoever sends it.
    Propose(Value),
    /// Shows a draft, or an archived record again.
    Publish,
    /// Closes it, or makes it part of another record, named by id or slug.
    Archive(Option<String>),
    /// Makes another record part of it.
    Unite(merging::Wanted),
    /// Takes it out of every public answer.
    Hide,
    /// Shows it again.
    Unhide,
    /// The same for one contact point.
    HidePoint(Uuid),
    /// The same for one contact point.
    UnhidePoint(Uuid),
    /// The document as it stood at a revision.
    Restore(i64),
    /// What came of trying, and how, whether the record or one contact point is so.
    Verify(Outcome, Method, Option<Uuid>),
}

impl Act {
    /// Whether it takes something away from people that may harm them, so that it waits for nobody.
    fn is_urgent(&self) -> bool {
        match self {
            Self::Hide | Self::HidePoint(_) => true,
            Self::Verify(outcome, ..) => Outcome::is_out(Some(*outcome)),
            _ => false,
        }
    }
}

/// A write of somebody with a key.
#[derive(Debug, Clone)]
pub struct Write {
    /// Of which resource.
    pub resource: Resource,
    /// Which record, by id or slug; `None` for a new one.
    pub reference: Option<String>,
    /// What its headers say.
    pub conditions: Conditions,
    /// What shall be done.
    pub act: Act,
}

impl Write {
    /// Whether others show something else of the record after it. Taken from what is asked, since
    /// nothing is read before the gate; what is taken for more than it is only waits a little.
    fn passage(&self) -> Passage {
        let shown = |field: &str| match self.resource {
            Resource::Organizations => ["slug", "name"].contains(&field),
            Resource::Indicators => ["slug", "title", "kind", "unit"].contains(&field),
            // Changes and distributions are computed from figures.
            Resource::Statistics => true,
            _ => field == "slug",
        };
        let alone = match &self.act {
            Act::Create(_)
            | Act::HidePoint(_)
            | Act::UnhidePoint(_)
            | Act::Propose(_)
            | Act::Verify(..) => false,
            Act::Publish
            | Act::Archive(_)
            | Act::Unite(_)
            | Act::Hide
            | Act::Unhide
            | Act::Restore(_) => true,
            Act::Merge(patch) => patch
                .as_object()
                .is_some_and(|fields| fields.keys().any(|field| shown(field))),
            Act::Replace(_) => true,
        };
        match alone {
            true => Passage::Alone,
            false => Passage::Together,
        }
    }
}

/// What is answered to a write.
#[derive(Debug, Clone)]
pub struct Answer {
    /// 200, 201 or 202.
    pub status: u16,
    /// The revision as an ETag.
    pub etag: Option<String>,
    /// The path of what was made.
    pub location: Option<String>,
    /// The body, JSON.
    pub body: String,
}

impl Answer {
    /// A body with a status.
    ///
    /// # Errors
    /// 500 when it does not serialise.
    pub fn of(status: u16, body: &impl Serialize) -> Result<Self> {
        Ok(Self {
            status,
            etag: None,
            location: None,
            body: serde_json::to_string(body)
                .map_err(|error| Problem::Internal(error.to_string()))?,
        })
    }
}

/// Who writes, in which mode.
#[derive(Debug, Clone)]
pub struct Writer {
    /// Who.
    pub identity: Identity,
    /// Whether the operator said that nobody else is there.
    pub one_person: bool,
}

/// Does what is wanted, in one transaction.
///
/// # Errors
/// Whatever does not fit; nothing is changed then.
pub async fn write(
    connection: &mut AsyncPgConnection,
    writer: &Writer,
    write: &Write,
) -> Result<Answer> {
    conditioned(&write.conditions, &write.act)?;
    let urgent = write.act.is_urgent();
    for _ in 0..3 {
        match attempt(connection, writer, write).await {
            // Only long work holds a lock for so long; hiding goes first.
            Err(Problem::Unavailable(words)) if urgent && words == LOCKED => {
                ledger::interrupt(connection).await?;
            }
            done => return done,
        }
    }
    attempt(connection, writer, write).await
}

async fn attempt(
    connection: &mut AsyncPgConnection,
    writer: &Writer,
    write: &Write,
) -> Result<Answer> {
    connection
        .transaction(async |connection| {
            queries::be_brief(connection).await?;
            ledger::pass(connection, write.passage()).await?;
            let key = write.conditions.idempotency_key.as_deref();
            let asked = format!("{:?}", (write.resource, &write.reference, &write.act));
            if let Some(key) = key
                && matches!(write.act, Act::Hide | Act::HidePoint(_))
                && !is_hidden(connection, write).await?
            {
                // It was shown again since: hiding it is another write, whatever was answered.
                forget(connection, &writer.identity.name, key, &asked).await?;
            }
            once(
                connection,
                &writer.identity.name,
                key,
                &asked,
                async |connection| carry_out(connection, writer, write).await,
            )
            .await
        })
        .await
}

async fn carry_out(
    connection: &mut AsyncPgConnection,
    writer: &Writer,
    write: &Write,
) -> Result<Answer> {
    let identity = &writer.identity;
    let standing = match &write.reference {
        Some(reference) => Some(locked(connection, write.resource, reference, identity).await?),
        None => None,
    };
    if let Some(standing) = &standing {
        condition(standing, &write.conditions)?;
    }
    let Changes {
        own: change,
        others,
        mark,
    } = changed(connection, identity, write, standing.as_ref()).await?;
    let stood = standing.as_ref().map(Standing::read).transpose()?;
    let after = others.iter().map(|other| &other.document);
    let all = stood.iter().chain([&change.document]).chain(after);
    within_countries(identity, all)?;
    let restores = match &write.act {
        Act::Restore(revision) => format!("revision {revision} restored"),
        _ => String::new(),
    };
    let reason = write.conditions.reason.clone().unwrap_or(restores);
    if let Some(standing) = standing
        .as_ref()
        .filter(|one| others.is_empty() && stands(identity, one, &change))
    {
        if matches!(write.act, Act::Propose(_)) {
            let invalid = Invalid::new(
                "nothing",
                "it stands so already",
                "propose what shall be otherwise",
            );
            return Err(refused(vec![("/patch".to_owned(), invalid)]));
        }
        return Ok(Answer {
            etag: Some(etag(standing.revision)),
            ..Answer::of(
                200,
                &shown_to(connection, identity, standing.clone()).await?,
            )?
        });
    }
    if !direct(identity, write, standing.as_ref(), &change) {
        let proposed = (&change, mark);
        return propose(connection, identity, write, standing.as_ref(), proposed).await;
    }
    let actor = Actor {
        name: identity.name.clone(),
        one_person: writer.one_person,
        second_person: author_of_draft(connection, identity, &write.act, standing.as_ref()).await?,
        proposal: None,
    };
    let changes = [vec![change.clone()], others].concat();
    let applied = ledger::apply(connection, &actor, &reason, changes, &|| ()).await;
    let applied = match applied {
        Ok(applied) => applied,
        Err(ApplyError::Refused(faults))
            if faults
                .iter()
                .all(|fault| fault.invalid.code == SECOND_PERSON) =>
        {
            let proposed = (&change, mark);
            return propose(connection, identity, write, standing.as_ref(), proposed).await;
        }
        Err(error) => return Err(problem(error)),
    };
    let id = applied.records.first().copied().unwrap_or_default();
    let after = ledger::find(connection, write.resource, &id.to_string()).await?;
    let created = applied.created > 0;
    Ok(Answer {
        etag: Some(etag(after.revision)),
        location: created.then(|| format!("/v1/{}/{}", after.resource, after.slug)),
        ..Answer::of(
            if created { 201 } else { 200 },
            &shown_to(connection, identity, after).await?,
        )?
    })
}

/// A record as far as somebody may see it: from editor up the whole, else what everybody may.
///
/// # Errors
/// Those of the database.
pub async fn shown_to(
    connection: &mut AsyncPgConnection,
    identity: &Identity,
    standing: Standing,
) -> Result<CuratedRecord> {
    let document = match identity.role >= Role::Editor {
        true => standing.read()?,
        false => ledger::public_part(connection, &standing)
            .await
            .map_err(problem)?,
    };
    Ok(CuratedRecord::of(standing, &document)?)
}

/// Whether everything stands so already, so that nobody need decide on it. Who may not see hidden
/// contact points does not learn of them by this.
fn stands(identity: &Identity, standing: &Standing, change: &Change) -> bool {
    let (Ok(before), mut after) = (standing.read(), change.document.clone()) else {
        return false;
    };
    if change.verification.is_some() {
        return false;
    }
    if identity.role >= Role::Editor
        && let Some(points) = after.contact_points_mut()
    {
        contact_point::settle(points, before.contact_points(), change.unhide);
    }
    after == before && change.access == standing.access()
}

/// The moment, as exact as the database keeps it.
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}

/// The revision as an ETag; what follows the dot elsewhere is about bytes.
pub fn etag(revision: i64) -> String {
    format!("\"{revision}\"")
}

/// What the caller is told when the one way in refuses.
pub fn problem(error: ApplyError) -> Problem {
    match error {
        ApplyError::Refused(faults) => {
            let faults = faults.into_iter();
            refused(
                faults
                    .map(
                        |Fault {
                             pointer, invalid, ..
                         }| (pointer, invalid),
                    )
                    .collect(),
            )
        }
        ApplyError::Interrupted => Problem::Unavailable("interrupted by a hide".into()),
        ApplyError::Database(error) => error.into(),
    }
}
