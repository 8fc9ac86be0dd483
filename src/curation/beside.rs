//! A proposal beside what stood when it was made and what stands now: the three-way comparison.

use super::{
    differences,
    model::ProposedChange,
    queries::{self, StoredProposal},
};
use crate::{
    ledger::{self, Resource, Standing},
    values::{access::Visibility, role::Role},
    web::{Problem, Result, body::escaped, identity::Identity},
};
use diesel_async::AsyncPgConnection;
use serde_json::{Map, Value};

/// A proposal beside what stood and what stands.
pub struct Beside {
    /// The resource of the record.
    pub resource: Resource,
    /// The record as it stands, locked where it is decided on; `None` for one that shall be.
    pub standing: Option<Standing>,
    base: Value,
    /// The document as the public last saw it; `{}` if it never did.
    last_public: Value,
}

/// A proposal beside what stood and what stands.
///
/// # Errors
/// Those of the database.
pub async fn beside(
    connection: &mut AsyncPgConnection,
    proposal: &StoredProposal,
    decides: bool,
) -> Result<Beside> {
    let resource = Resource::named(&proposal.resource)
        .ok_or_else(|| Problem::Internal("a proposal about no resource".into()))?;
    let Some(id) = proposal.record_id else {
        return Ok(Beside {
            resource,
            standing: None,
            base: Value::Object(Map::new()),
            last_public: Value::Object(Map::new()),
        });
    };
    let standing = match decides {
        true => ledger::lock_ids(connection, &[id]).await?.pop(),
        // Who reads waits for nobody.
        false => Some(ledger::find(connection, resource, &id.to_string()).await?),
    };
    let base = queries::entry(connection, id, proposal.base_revision).await?;
    let last_public = queries::last_public(connection, id).await?;
    Ok(Beside {
        resource,
        standing,
        base: base.document,
        last_public: last_public.unwrap_or_else(|| Value::Object(Map::new())),
    })
}

impl Beside {
    /// Leaves nothing of a record that is not public to whom proposes alone.
    pub fn show_to(&mut self, identity: &Identity) {
        let hidden = self.standing.as_ref().is_some_and(|one| !one.is_public());
        if hidden && identity.role < Role::Editor {
            self.standing
                .iter_mut()
                .for_each(|one| one.document = Value::Object(Map::new()));
            self.base = Value::Object(Map::new());
            self.last_public = Value::Object(Map::new());
        }
    }

    /// The document as it stands.
    pub fn current(&self) -> Value {
        match &self.standing {
            Some(standing) => standing.document.clone(),
            None => self.base.clone(),
        }
    }

    /// What the proposal changes, field by field, with what was changed otherwise meanwhile. A
    /// list is taken whole, so that it conflicts whole.
    pub fn changes(&self, proposal: &StoredProposal) -> Vec<ProposedChange> {
        let (base, current) = (admitted(self.base.clone()), admitted(self.current()));
        let mut proposed = base.clone();
        json_patch::merge(&mut proposed, &proposal.patch);
        let fields = proposal.patch.as_object().into_iter().flatten();
        let conflicts = |name: &str| {
            base.get(name) != current.get(name) && current.get(name) != proposed.get(name)
        };
        let mut changes: Vec<ProposedChange> = fields
            .flat_map(|(name, _)| {
                let of = |document: &Value| document.get(name).cloned().unwrap_or_default();
                let conflict = conflicts(name);
                let (current, place) = (of(&current), format!("/{}", escaped(name)));
                differences::differences(&of(&base), &of(&proposed))
                    .into_iter()
                    .map(move |one| ProposedChange {
                        current: differences::at(&current, &one.pointer),
                        pointer: place.clone() + &one.pointer,
                        base: one.before,
                        proposed: one.after,
                        conflict,
                    })
            })
            .collect();
        changes.extend(self.shows(proposal));
        changes
    }

    /// Status and visibility that it asks for: of the contact point that it names, or of the record.
    fn shows(&self, proposal: &StoredProposal) -> Vec<ProposedChange> {
        let (mut changes, current) = (Vec::new(), self.current());
        if let Some(attempt) = &proposal.verification {
            let place = proposal.contact_point;
            let of = place.map_or_else(String::new, |id| format!("/contact_points/{id}"));
            let stands = differences::at(&current, &of)["outcome"].clone();
            let found = attempt["outcome"].clone();
            changes.push(ProposedChange {
                pointer: of + "/outcome",
                base: stands.clone(),
                current: stands,
                proposed: if found == "confirmed" {
                    Value::Null
                } else {
                    found
                },
                conflict: false,
            });
            return changes;
        }
        if let Some(id) = proposal.contact_point {
            let pointer = format!("/contact_points/{id}");
            let point = differences::at(&current, &pointer);
            let mut shown = point.clone();
            if let Some(fields) = shown.as_object_mut() {
                fields.insert("visibility".to_owned(), Visibility::Public.name().into());
            }
            changes.push(ProposedChange {
                pointer,
                base: point.clone(),
                current: point,
                proposed: shown,
                conflict: false,
            });
            return changes;
        }
        let stands = self.standing.as_ref();
        for (field, wanted, stands) in [
            ("/status", &proposal.status, stands.map(|one| &one.status)),
            (
                "/visibility",
                &proposal.visibility,
                stands.map(|one| &one.visibility),
            ),
        ] {
            if let Some(wanted) = wanted {
                let stands: Value = stands.map_or(Value::Null, |stands| stands.clone().into());
                changes.push(ProposedChange {
                    pointer: field.to_owned(),
                    base: stands.clone(),
                    current: stands,
                    proposed: wanted.clone().into(),
                    conflict: false,
                });
            }
        }
        if !changes.is_empty() {
            changes.extend(self.comes_out());
        }
        changes
    }

    /// What the public will see that it did not see when it last saw the record: who agrees that it
    /// is shown agrees to all of this.
    fn comes_out(&self) -> impl Iterator<Item = ProposedChange> {
        let (before, current) = (admitted(self.last_public.clone()), admitted(self.current()));
        let differences = differences::differences(&before, &current).into_iter();
        differences.map(|one| ProposedChange {
            pointer: one.pointer,
            base: one.before,
            current: one.after.clone(),
            proposed: one.after,
            conflict: false,
        })
    }
}

/// A document without its hidden contact points, which no edit touches.
fn admitted(mut document: Value) -> Value {
    let points = document
        .get_mut("contact_points")
        .and_then(Value::as_array_mut);
    if let Some(points) = points {
        points.retain(|point| point["visibility"] != Visibility::Hidden.name());
    }
    document
}
