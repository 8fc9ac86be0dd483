//! A change beside what stands: what of it needs a second person, and what is written.

use super::{
    apply::{Access, Actor, Change, Fault, MOVED, SECOND_PERSON},
    checks::taken,
    document::Document,
    queries::Standing,
    row::Row,
    verification,
};
use crate::values::{Invalid, access::Visibility, contact_point};
use std::collections::HashSet;
use uuid::Uuid;

/// The change beside what stands: settled and to be written, or `None` when it stands so.
pub fn settled(
    index: usize,
    mut change: Change,
    before: Option<Standing>,
    actor: &Actor,
) -> Result<Option<Row>, Fault> {
    let fault = |pointer: String, code, reason: &str, remedy: &str| Fault {
        change: index,
        pointer,
        invalid: Invalid::new(code, reason, remedy),
    };
    let revision = before.as_ref().map_or(0, |one| one.revision);
    if change.expected == Some(0) && before.is_some() {
        return Err(taken(index));
    }
    let moved = change.expected.is_some_and(|known| known != revision)
        || change.unmoved_since.is_some_and(|since| revision > since);
    let known = before.as_ref().and_then(|one| one.read().ok());
    let elsewhere = change.known_points.take();
    let points = known.as_ref().map_or(&[][..], Document::contact_points);
    let points = elsewhere.as_deref().unwrap_or(points);
    if let Some(new) = change.document.contact_points_mut() {
        contact_point::settle(new, points, change.unhide);
    }
    verification::settle(&mut change, known.as_ref()).map_err(|invalid| Fault {
        change: index,
        pointer: "/contact_point".to_owned(),
        invalid,
    })?;
    let stood = before.as_ref().and_then(Standing::access);
    let access = change.access.or(stood).unwrap_or(Access::PUBLIC);
    let same = stood == Some(access) && known.as_ref() == Some(&change.document);
    // Whoever wants it as it stands by now overwrites nothing.
    if moved && !same {
        if before.is_none() {
            return Err(fault(
                String::new(),
                "absent",
                "no record has this slug, yet a revision of it is named",
                "leave the revision of a new record empty, or correct the slug",
            ));
        }
        if change.expected.is_some_and(|known| known > revision) {
            return Err(fault(
                String::new(),
                "ahead",
                "the record never had this revision, which is another record's",
                "read it again; in a spreadsheet, see that no column was sorted alone",
            ));
        }
        return Err(fault(
            String::new(),
            MOVED,
            "the record changed meanwhile",
            "read it again and repeat the change",
        ));
    }
    let was_public = stood == Some(Access::PUBLIC);
    if !actor.one_person && actor.second_person.is_none() {
        let shown_again = change.unhide.is_some()
            || (access.visibility == Visibility::Public
                && stood.is_some_and(|stood| stood.visibility == Visibility::Hidden));
        let shown_before = known.as_ref().filter(|_| was_public);
        if shown_again {
            return Err(fault(
                String::new(),
                SECOND_PERSON,
                "what was hidden is shown again, which waits for a second person",
                "let somebody else accept the proposal",
            ));
        }
        if was_public
            && access == Access::PUBLIC
            && let Some(known) = &known
            && verification::brings_back(known, &change)
        {
            return Err(fault(
                String::new(),
                SECOND_PERSON,
                "what was known to lead nowhere is given to people again, which waits for a second person",
                "let somebody else accept the proposal",
            ));
        }
        if access == Access::PUBLIC
            && let Some(pointer) = leads_elsewhere(shown_before, &change.document)
        {
            return Err(fault(
                pointer,
                SECOND_PERSON,
                "a contact point of a published record is added or altered, which waits for a second person",
                "leave it as it was; where nobody else is there, the operator may set LODESTAR_ONE_PERSON=true",
            ));
        }
    }
    Ok((!same).then(|| Row {
        change: index,
        id: before.as_ref().map_or_else(Uuid::now_v7, |one| one.id),
        before: before.zip(known),
        document: change.document,
        access,
        verification: change.verification,
    }))
}

/// The first contact point or address that `after` adds or alters beside what the public saw.
fn leads_elsewhere(before: Option<&Document>, after: &Document) -> Option<String> {
    let points = before.map_or(&[][..], Document::contact_points);
    let place = contact_point::adds_or_alters(points, after.contact_points());
    if let Some(place) = place {
        return Some(format!("/contact_points/{place}"));
    }
    let known = before.map(Document::addresses).unwrap_or_default();
    let known: HashSet<String> = known.into_iter().map(|(_, address)| address).collect();
    let mut addresses = after.addresses().into_iter();
    addresses
        .find(|(_, address)| !known.contains(address))
        .map(|(pointer, _)| pointer)
}
