//! Codes of states that are no more, from ISO 3166-3 as the crate `rust_iso3166` holds it: what each was, until when, and which codes
//! to use instead.

use super::{Invalid, place::Country};
use rust_iso3166::iso3166_3::{self, CountryCode3};
use std::collections::BTreeSet;

/// Republics that left a state before its code was withdrawn, which ISO 3166-3 does not count as its successors.
const LEFT_EARLIER: [(&str, &[&str]); 1] = [("YU", &["BA", "HR", "MK", "SI"])];

/// The entries of a code, in the order in which they ended; two states had the code CS.
fn entries(code: &str) -> Vec<&'static CountryCode3> {
    let mut entries: Vec<&CountryCode3> = iso3166_3::ALL
        .iter()
        .filter(|one| one.former.alpha2 == code)
        .collect();
    entries.sort_by_key(|one| until(one));
    entries
}

fn until(one: &CountryCode3) -> i32 {
    one.validity.last().copied().unwrap_or_default()
}

/// The codes in use today that cover what an entry covered. A successor that is withdrawn itself stands for its own successors.
fn instead(one: &CountryCode3, found: &mut BTreeSet<&'static str>) {
    let earlier = LEFT_EARLIER
        .iter()
        .filter(|(code, _)| *code == one.former.alpha2);
    found.extend(earlier.flat_map(|(_, codes)| codes.iter().copied()));
    for successor in one.new_countries {
        match Country::parse(successor.alpha2) {
            Ok(country) => drop(found.insert(country.code)),
            Err(_) => {
                // Of two states with one code the later one succeeded.
                let last = entries(successor.alpha2).pop();
                if let Some(later) = last.filter(|later| until(later) > until(one)) {
                    instead(later, found);
                }
            }
        }
    }
}

/// Why the code of a state that is no more names no place of today; `None` for every other code.
pub fn refused(code: &str) -> Option<Invalid> {
    if Country::parse(code).is_ok() {
        return None;
    }
    let entries = entries(code);
    let was: Vec<String> = entries
        .iter()
        .map(|one| format!("{} until {}", one.name, until(one)))
        .collect();
    let use_instead: Vec<String> = entries
        .iter()
        .map(|one| {
            let mut codes = BTreeSet::new();
            instead(one, &mut codes);
            codes.into_iter().collect::<Vec<_>>().join(", ")
        })
        .collect();
    (!entries.is_empty()).then(|| {
        Invalid::new(
            "dissolved",
            format!(
                "it was the code of {}, and of no place today",
                was.join(", and of ")
            ),
            match use_instead.as_slice() {
                [one] if !one.contains(',') => format!("use {one}"),
                codes => format!(
                    "use that of the place which it is about: {}",
                    codes.join("; or ")
                ),
            },
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_a_code_was_until_when_and_what_to_use() {
        for (code, was, until, instead) in [
            ("SU", "USSR", "1992", "RU"),
            ("SU", "USSR", "1992", "EE"),
            ("YU", "Yugoslavia", "2003", "BA, HR, ME, MK, RS, SI"),
            ("CS", "Czechoslovakia", "1993", "CZ, SK; or ME, RS"),
            ("CS", "Serbia and Montenegro", "2006", "ME, RS"),
            ("AN", "Netherlands Antilles", "2010", "BQ, CW, SX"),
            ("DD", "German Democratic Republic", "1990", "DE"),
            ("ZR", "Zaire", "1997", "CD"),
        ] {
            let invalid = refused(code).unwrap_or_else(|| panic!("{code}"));
            assert!(invalid.reason.contains(was), "{invalid}");
            assert!(invalid.reason.contains(until), "{invalid}");
            assert!(invalid.remedy.contains(instead), "{invalid}");
        }
    }

    #[test]
    fn codes_that_are_in_use_again_are_no_former_ones() {
        for code in ["BY", "GE", "SK", "AI", "BQ", "US", "XX", "", "EU", "WLD"] {
            assert_eq!(refused(code), None, "{code}");
        }
    }

    #[test]
    fn every_withdrawn_code_leads_to_codes_in_use() {
        for one in iso3166_3::ALL {
            let mut codes = BTreeSet::new();
            instead(one, &mut codes);
            assert!(!codes.is_empty(), "{}", one.code);
            assert!(
                codes.iter().all(|code| Country::parse(code).is_ok()),
                "{}",
                one.code
            );
        }
    }
}
