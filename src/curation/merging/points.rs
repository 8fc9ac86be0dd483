//! The contact points of two records as those of one.

use super::fields::Side;
use crate::values::{
    Invalid,
    access::Visibility,
    contact_point::{Channel, ContactPointInput},
    outcome::Outcome,
};

/// What comes of two lists.
pub struct Joined {
    /// Those of the record that goes on, then what the other has besides.
    pub points: Vec<ContactPointInput>,
    /// Whether the two say different things of one number.
    pub differs: bool,
    /// What keeps the two from being one.
    pub faults: Vec<Invalid>,
}

/// Whether two contact points are one: the channel is, and the number, or the address.
pub fn is_one(one: &ContactPointInput, other: &ContactPointInput) -> bool {
    let address = |point: &ContactPointInput| match (&point.e164, &point.short_code) {
        (Some(number), _) | (None, Some(number)) => number.clone(),
        _ if point.channel == Channel::Email => point.value.to_lowercase(),
        _ => point.value.clone(),
    };
    let beside = |point: &ContactPointInput| {
        let keyword = point.keyword.as_ref().map(|word| word.to_uppercase());
        (point.channel, keyword, point.extension.clone())
    };
    let printed = one.same_as(other);
    printed || (beside(one) == beside(other) && address(one) == address(other))
}

/// Whether the other says something of a number that this one does not say.
fn says_else(one: &ContactPointInput, other: &ContactPointInput) -> bool {
    let differs = |own: bool, others: bool| own && others;
    let dialled = |point: &ContactPointInput| {
        let number = (point.e164.clone(), point.short_code.clone());
        (number, point.extension.clone())
    };
    dialled(other) != dialled(one)
        || differs(other.note.is_some(), other.note != one.note)
        || differs(
            !other.dialable_from.is_empty(),
            other.dialable_from != one.dialable_from,
        )
        || differs(other.toll_free.is_some(), other.toll_free != one.toll_free)
        || differs(
            !other.languages.is_empty(),
            other.languages != one.languages,
        )
}

/// Joins the contact points of two records; those of the one that goes on stand as they are, unless the
/// other side is chosen.
pub fn join(
    into: &[ContactPointInput],
    from: &[ContactPointInput],
    chosen: Option<Side>,
) -> Joined {
    let mut joined = Joined {
        points: into.to_vec(),
        differs: false,
        faults: Vec::new(),
    };
    if chosen == Some(Side::Into) {
        return joined;
    }
    let mut taken = Vec::new();
    for other in from {
        let Some(own) = into.iter().find(|own| is_one(own, other)) else {
            joined.points.push(other.clone());
            taken.push(other.clone());
            continue;
        };
        if own.visibility != other.visibility {
            joined.faults.push(Invalid::new(
                "hidden",
                format!(
                    "{} is hidden in one of the two records and shown in the other",
                    own.value
                ),
                "hide it in both, or have it shown in both, first",
            ));
        } else if Outcome::is_out(own.outcome) != Outcome::is_out(other.outcome) {
            joined.faults.push(Invalid::new(
                "outcome",
                format!(
                    "{} is known to lead nowhere in one of the two records alone",
                    own.value
                ),
                "verify it in the other, first",
            ));
        }
        // A hidden one is not altered by anybody.
        joined.differs |= own.visibility == Visibility::Public && says_else(own, other);
        taken.push(ContactPointInput {
            id: own.id,
            ..other.clone()
        });
    }
    if chosen == Some(Side::From) {
        joined.points = taken;
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn point(fields: serde_json::Value) -> ContactPointInput {
        serde_json::from_value(fields).unwrap()
    }

    #[test]
    fn a_number_is_one_however_it_is_printed_and_another_with_another_keyword() {
        let plain = json!({"channel": "phone", "value": "01632 960001", "e164": "+441632960001"});
        let with = |name: &str, value: serde_json::Value| {
            let mut other = plain.clone();
            other[name] = value;
            point(other)
        };
        let plain = point(plain.clone());
        for (other, wanted) in [
            (with("value", json!("(01632) 960-001")), true),
            (with("note", json!("By day.")), true),
            (with("channel", json!("sms")), false),
            (with("keyword", json!("HELP")), false),
            (with("extension", json!("7")), true),
            (with("e164", json!("+441632960002")), true),
        ] {
            // Printed alike it stands once, since a record has no two that are printed alike.
            assert_eq!(is_one(&plain, &other), wanted, "{other:?}");
        }
        for (name, value) in [("extension", "7"), ("e164", "+441632960002")] {
            let other = [with(name, json!(value))];
            assert!(
                join(std::slice::from_ref(&plain), &other, None).differs,
                "{name}"
            );
        }
        let mut printed = with("extension", json!("7"));
        printed.value = "(01632) 960001".to_owned();
        assert!(!is_one(&plain, &printed));
        let noted = [with("note", json!("By day."))];
        let own = [plain];
        assert!(join(&own, &noted, None).differs);
        assert!(!join(&noted, &own, None).differs);
        assert_eq!(join(&own, &noted, None).points, own);
        let chosen = join(&own, &noted, Some(Side::From));
        assert_eq!(chosen.points, noted);
    }
}
