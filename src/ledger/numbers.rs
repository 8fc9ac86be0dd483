//! What a printed number is: the table of national short codes is asked first, the numbering plan
//! after it, so that a short code never gains a country code.

use super::{
    apply::{ApplyError, Change, Fault},
    company::Company,
    document::{Document, Resource},
    queries,
};
use crate::{
    values::{
        Invalid,
        contact_point::ContactPointInput,
        phone::{Phone, digits_of, spells},
    },
    vocabularies::CountryInput,
};
use diesel_async::AsyncPgConnection;
use std::collections::{HashMap, HashSet};

/// The short codes of each country.
type Codes = HashMap<String, HashSet<String>>;

/// Reads the numbers of contact points that only print them, and refuses those that give a short
/// code the form of an international number.
///
/// # Errors
/// Those of the database.
pub async fn read(
    connection: &mut AsyncPgConnection,
    changes: &mut [Change],
    company: &Company,
) -> Result<Vec<Fault>, ApplyError> {
    let codes = codes(connection, changes, company).await?;
    let mut faults = Vec::new();
    for (change, one) in changes.iter_mut().enumerate() {
        let Some(points) = one.document.contact_points_mut() else {
            continue;
        };
        for (place, point) in points.iter_mut().enumerate() {
            if let Err((field, invalid)) = settle(point, &codes) {
                faults.push(Fault {
                    change,
                    pointer: format!("/contact_points/{place}/{field}"),
                    invalid,
                });
            }
        }
    }
    Ok(faults)
}

/// The short codes of the countries in which numbers of the changes are dialled: those that
/// stand, and those that come with them.
async fn codes(
    connection: &mut AsyncPgConnection,
    changes: &[Change],
    company: &Company,
) -> Result<Codes, ApplyError> {
    let points = changes.iter().flat_map(|one| one.document.contact_points());
    let countries: HashSet<&str> = points.filter_map(ContactPointInput::read_in).collect();
    let countries: Vec<&str> = countries.into_iter().collect();
    let mut codes = Codes::new();
    if countries.is_empty() {
        return Ok(codes);
    }
    let mut note = |country: &CountryInput| {
        let numbers = country.short_codes.iter().map(|code| &code.number);
        let numbers = numbers.chain(&country.emergency_numbers).cloned();
        codes
            .entry(country.slug.clone())
            .or_default()
            .extend(numbers);
    };
    for standing in queries::named(connection, Resource::Countries, &countries).await? {
        if let Document::Country(country) = standing.read()? {
            note(&country);
        }
    }
    let changed = changes.iter().filter_map(|one| match &one.document {
        Document::Country(country) => Some(country),
        _ => None,
    });
    changed.chain(company.countries()).for_each(&mut note);
    Ok(codes)
}

fn settle(point: &mut ContactPointInput, codes: &Codes) -> Result<(), (&'static str, Invalid)> {
    let Some(country) = point.read_in().map(str::to_owned) else {
        return Ok(());
    };
    let printed = digits_of(&point.value);
    let is_code = codes
        .get(&country)
        .is_some_and(|codes| codes.contains(&printed));
    if !point.is_unread() {
        return match is_code && point.e164.is_some() {
            true => Err((
                "e164",
                Invalid::new(
                    "short_code",
                    format!(
                        "{printed} is a short code of {country}, which has no international form"
                    ),
                    "leave e164 out and write the digits into short_code",
                ),
            )),
            false => Ok(()),
        };
    }
    if is_code {
        point.short_code = Some(printed);
        return Ok(());
    }
    let phone = Phone::printed(&point.value, &country).map_err(|invalid| ("value", invalid))?;
    let dialled = phone.dial_string();
    // Nobody who reads `+44 (0)1632` can tell whether the 0 is dialled.
    if !spells(&point.value, &dialled) {
        return Err((
            "value",
            Invalid::new(
                "value",
                format!("the printed value does not spell {dialled}, which is dialled"),
                "write it as it is dialled in its country, or with its country code and without the 0 behind that",
            ),
        ));
    }
    point.e164 = Some(dialled);
    Ok(())
}
