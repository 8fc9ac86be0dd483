//! A merge undone: what it changed is changed back, and nothing else.

use super::{RESTORE, conflict};
use crate::{
    curation::{
        changes::Changes,
        documents::refused,
        queries::{self, Undoing},
    },
    ledger::{self, Access, Change, Document, Entry, Standing},
    values::{Invalid, access::Status, contact_point::ContactPointInput},
    web::{Problem, Result, body::fault, problem::Conflict},
};
use diesel_async::AsyncPgConnection;
use serde_json::{Map, Value, json};

/// Fields that only verifying changes, and that stay as they are.
const VERIFIED: [&str; 3] = ["verified_at", "verification_method", "outcome"];

/// The record that became part of another as it stood before, and all that changed with it changed back,
/// field by field; whatever else was changed since stays.
///
/// # Errors
/// 409 where something that the merge changed was changed otherwise since, 422 for another revision.
pub async fn parted(
    connection: &mut AsyncPgConnection,
    standing: &Standing,
    revision: i64,
) -> Result<Changes> {
    let Undoing { before, merge } = queries::merge_of(connection, standing.id).await?;
    if revision != before.revision {
        let invalid = Invalid::new(
            "merged",
            format!(
                "the record became part of another with revision {}",
                merge.revision
            ),
            format!(
                "restore revision {}, the one before, which undoes that; or publish it again, which leaves the other as it is",
                before.revision
            ),
        );
        return Err(refused(vec![("/revision".to_owned(), invalid)]));
    }
    let stood = (Status::named(&before.status), standing.access());
    let (Some(status), Some(access)) = stood else {
        return Err(Problem::Internal("an entry without a status".into()));
    };
    let own = Change {
        record: Some(standing.id),
        expected: Some(standing.revision),
        access: Some(Access {
            status,
            merged_into: None,
            // Who was hidden since stays so.
            ..access
        }),
        ..Change::to(standing.read()?)
    };
    let (mut others, mut conflicts) = (Vec::new(), Vec::new());
    for (before, after) in queries::changed_with(connection, &merge).await? {
        let locked = ledger::lock_ids(connection, &[after.record_id]).await?;
        let current = locked.into_iter().next().ok_or(Problem::NotFound)?;
        if Some(current.id) == merge.merged_into && !current.is_public() {
            return Err(conflict(
                "archived",
                "the record that it became part of is not public any more",
                "publish that one or show it again first; or publish this one again, which leaves the other as it is",
            ));
        }
        others.extend(back(&before, &after, &current, &mut conflicts)?);
    }
    match conflicts.is_empty() {
        true => Ok(Changes {
            own,
            others,
            mark: Some((RESTORE, json!(revision))),
        }),
        false => {
            let places: Vec<&str> = conflicts.iter().map(|one| one.pointer.as_str()).collect();
            let invalid = Invalid::new(
                "changed_meanwhile",
                format!(
                    "what the merge changed was changed otherwise since: {}",
                    places.join(", ")
                ),
                "set these back to `base` and restore again; or publish the record again, which leaves the others as they are",
            );
            Err(Problem::Conflict(invalid, conflicts))
        }
    }
}

/// A record with what the merge changed of it changed back; `None` where it stands so.
fn back(
    before: &Entry,
    after: &Entry,
    current: &Standing,
    conflicts: &mut Vec<Conflict>,
) -> Result<Option<Change>> {
    let none = Map::new();
    let fields = |document: &'_ Value| {
        document
            .as_object()
            .cloned()
            .unwrap_or_else(|| none.clone())
    };
    let (stood, made, stands) = (
        fields(&before.document),
        fields(&after.document),
        fields(&current.document),
    );
    let mut out = stands.clone();
    let added = made.keys().filter(|name| !stood.contains_key(*name));
    for name in stood.keys().chain(added) {
        let at = |side: &Map<String, Value>| side.get(name).cloned().unwrap_or_default();
        let (was, became, is) = (at(&stood), at(&made), at(&stands));
        if VERIFIED.contains(&name.as_str())
            || was == became
            || is == was
            || name == "contact_points"
        {
            continue;
        }
        match is == became {
            true => drop(out.insert(name.clone(), was)),
            false => conflicts.push(Conflict {
                pointer: format!("/{}/{}/{name}", current.resource, current.slug),
                base: became,
                current: is,
                proposed: was,
            }),
        }
    }
    let resource = current.resource().ok_or(Problem::NotFound)?;
    let read = |document: Map<String, Value>| {
        Document::read(resource, Value::Object(document)).map_err(|error| {
            let (pointer, invalid) = fault(&error);
            refused(vec![(pointer, invalid)])
        })
    };
    let mut document = read(out)?;
    let lists = [before.read()?, after.read()?, current.read()?];
    let [was, became, is] = lists.each_ref().map(Document::contact_points);
    let mut known = None;
    if without_verification(was) != without_verification(became) {
        match points(was, became, is) {
            Ok((list, recognized)) => {
                if let Some(points) = document.contact_points_mut() {
                    *points = list;
                }
                known = Some(recognized);
            }
            Err((place, proposed)) => conflicts.push(Conflict {
                pointer: format!(
                    "/{}/{}/contact_points/{}",
                    current.resource,
                    current.slug,
                    id(place)
                ),
                base: json(find(became, place)),
                current: json(find(is, place)),
                proposed: json(proposed),
            }),
        }
    }
    let change = Change {
        record: Some(current.id),
        expected: Some(current.revision),
        known_points: known,
        ..Change::to(document)
    };
    Ok(Some(change).filter(|change| lists[2] != change.document))
}

type Point = ContactPointInput;

fn id(point: &Point) -> String {
    point.id.unwrap_or_default().to_string()
}

fn find<'a>(list: &'a [Point], point: &Point) -> Option<&'a Point> {
    list.iter().find(|one| one.id == point.id)
}

fn json(point: Option<&Point>) -> Value {
    serde_json::to_value(point).unwrap_or_default()
}

/// What somebody wrote of contact points, without what verifying says.
fn without_verification(points: &[Point]) -> Vec<Point> {
    let mut points = points.to_vec();
    for point in &mut points {
        point.verified().keep(Default::default());
    }
    points
}

/// A list after, and what is known of its entries.
type Back = (Vec<Point>, Vec<Point>);

/// The list with those that came taken out, those that went put back, and those that were altered as they
/// were; or the first that somebody changed otherwise since, with how it was.
fn points<'a>(
    was: &'a [Point],
    became: &'a [Point],
    is: &'a [Point],
) -> std::result::Result<Back, (&'a Point, Option<&'a Point>)> {
    let written =
        |point: Option<&Point>| point.map(|one| without_verification(std::slice::from_ref(one)));
    let mut list = Vec::new();
    for point in is {
        let (old, new) = (find(was, point), find(became, point));
        match (old, new) {
            // It came with the other record: what was found of it since would be lost with it.
            (None, Some(new)) if new == point => {}
            (None, Some(_)) => return Err((point, None)),
            (Some(old), Some(_)) if written(old.into()) == written(new) => list.push(point.clone()),
            (Some(old), _) if written(Some(point)) == written(new) => list.push(old.clone()),
            (Some(old), _) if written(Some(point)) != written(Some(old)) => {
                return Err((point, Some(old)));
            }
            _ => list.push(point.clone()),
        }
    }
    let gone = was.iter().filter(|old| find(became, old).is_none());
    list.extend(gone.filter(|old| find(is, old).is_none()).cloned());
    let order = |point: &Point| was.iter().position(|old| old.id == point.id);
    let later = was.len();
    list.sort_by_key(|point| order(point).unwrap_or(later));
    Ok((list.clone(), list))
}
