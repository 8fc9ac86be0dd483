//! Parsers of single parameters: what the schema says is refused as 400, what a table behind it
//! says as 422.

use crate::values::{Invalid, as_of::AsOf};
use chrono::{DateTime, Timelike, Utc};
use std::borrow::Cow;

/// Parses a value of a closed list, by name.
pub fn one_of<'a, T: Copy>(
    names: &'a [(&'static str, T)],
) -> impl Fn(&str) -> Result<T, Invalid> + 'a {
    move |value| {
        names
            .iter()
            .find(|(name, _)| *name == value)
            .map(|(_, one)| *one)
            .ok_or_else(|| {
                let list: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
                Invalid::new(
                    "not_in_list",
                    "the value is not in the list",
                    format!("use one of {}", list.join(", ")),
                )
            })
    }
}

/// Parses a name of a closed list.
pub fn name_of(names: &'static [&'static str]) -> impl Fn(&str) -> Result<String, Invalid> {
    move |value| match names.contains(&value) {
        true => Ok(value.to_owned()),
        false => Err(Invalid::new(
            "not_in_list",
            "the value is not in the list",
            format!("use one of {}", names.join(", ")),
        )),
    }
}

/// Parses `true` or `false`.
///
/// # Errors
/// When it is neither.
pub fn boolean(value: &str) -> Result<bool, Invalid> {
    one_of(&[("true", true), ("false", false)])(value)
}

/// Parses a slug or an id, as filters name records.
///
/// # Errors
/// When it can be neither.
pub fn reference(value: &str) -> Result<String, Invalid> {
    crate::values::slug::valid(value)
        .map(|()| value.to_owned())
        .map_err(|error| crate::values::explain(&error))
}

/// Parses a country of the closed list, in capitals.
///
/// # Errors
/// When the list has no such code.
pub fn country(value: &str) -> Result<String, Invalid> {
    crate::values::place::valid_country(value)
        .map(|()| value.to_owned())
        .map_err(|error| crate::values::explain(&error))
}

/// Parses an ISO 3166-2 code, in capitals.
///
/// # Errors
/// When it is none.
pub fn subdivision(value: &str) -> Result<String, Invalid> {
    shaped(value, "subdivision", 6)?;
    crate::values::place::subdivision(value)
}

/// Parses an area code, in capitals.
///
/// # Errors
/// When it is none.
pub fn area(value: &str) -> Result<String, Invalid> {
    shaped(value, "area", 6)?;
    crate::values::place::area(value)
}

/// Parses a geography of statistics, in capitals.
///
/// # Errors
/// When it is none.
pub fn geography(value: &str) -> Result<String, Invalid> {
    shaped(value, "geography", 6)?;
    crate::values::place::geography(value)
}

/// Parses a geography of which it is known what lies within it.
///
/// # Errors
/// When it is none.
pub fn holder(value: &str) -> Result<String, Invalid> {
    shaped(value, "geography", 6)?;
    crate::values::place::holder(value)
}

/// Parses an earlier time of the directory.
///
/// # Errors
/// When it is none, or lies in the future.
pub fn as_of(value: &str) -> Result<AsOf, Invalid> {
    AsOf::parse(value, Utc::now())
}

/// Parses a language tag into its canonical form.
///
/// # Errors
/// When it is none.
pub fn language(value: &str) -> Result<String, Invalid> {
    let shaped = (2..=35).contains(&value.len())
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-');
    match shaped {
        true => crate::values::language::canonical(value),
        false => Err(Invalid::new(
            "tag",
            "it is no language tag",
            "use a BCP 47 tag such as en, es or zh-Hant",
        )),
    }
}

/// Parses a date that may lack its day and month, into its first and last day.
///
/// # Errors
/// When it is none.
pub fn days(value: &str) -> Result<(chrono::NaiveDate, chrono::NaiveDate), Invalid> {
    let shaped =
        matches!(value.len(), 4 | 7 | 10) && value.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    match shaped {
        true => crate::values::period::days(value),
        false => Err(Invalid::new(
            "form",
            "it is no date",
            "use YYYY, YYYY-MM or YYYY-MM-DD",
        )),
    }
}

/// Parses a moment: `now`, or RFC 3339 within a year of it, since hours known today say nothing of
/// other times.
///
/// # Errors
/// When it is none, or too far away.
pub fn moment(value: &str) -> Result<DateTime<Utc>, Invalid> {
    let now = Utc::now();
    if value == "now" {
        return Ok(now);
    }
    // A plus that nobody encoded has become a blank.
    let moment = DateTime::parse_from_rfc3339(&value.replace(' ', "+")).map_err(|_| {
        Invalid::new(
            "form",
            "it is no moment",
            "use now, or RFC 3339 such as 2026-11-24T20:00:00Z",
        )
    })?;
    // A leap second is taken for the one before it: few programs can read one.
    let moment = moment.to_utc();
    let moment = moment.with_nanosecond(0).unwrap_or(moment);
    match (moment - now).num_days().abs() <= 366 {
        true => Ok(moment),
        false => Err(Invalid::new(
            "moment",
            "it is more than a year away, for which today's hours say nothing",
            "ask for a moment within a year of now, or leave it out",
        )),
    }
}

/// Parses `count` decimal degrees joined by commas.
///
/// # Errors
/// When it is something else.
pub fn degrees<const COUNT: usize>(value: &str) -> Result<[f64; COUNT], Invalid> {
    // The form that the document's patterns give; the limits answer 422.
    let number = |part: &str| {
        let digits = |text: &str, most| {
            (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
        };
        let plain = part.strip_prefix('-').unwrap_or(part);
        let plain = match plain.split_once('.') {
            Some((whole, fraction)) => digits(whole, 3) && digits(fraction, 12),
            None => digits(plain, 3),
        };
        part.parse::<f64>().ok().filter(|_| plain)
    };
    let numbers: Option<Vec<f64>> = value.split(',').map(number).collect();
    numbers
        .and_then(|numbers| numbers.try_into().ok())
        .ok_or_else(|| {
            Invalid::new(
                "form",
                "these are no decimal degrees",
                format!("give {COUNT} decimal numbers joined by commas"),
            )
        })
}

/// What the pattern of a code can say answers 400; the table behind it answers 422.
fn shaped(value: &str, what: &str, longest: usize) -> Result<(), Invalid> {
    let plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-';
    match (2..=longest).contains(&value.len()) && value.bytes().all(plain) {
        true => Ok(()),
        false => Err(Invalid::new(
            "code",
            format!("it is no {what} code"),
            "write the code in capitals, such as PH or US-CA",
        )),
    }
}

/// Parses text to search for: at most 200 characters.
///
/// # Errors
/// When it is longer.
pub fn search(value: &str) -> Result<String, Invalid> {
    match value.chars().count() <= 200 {
        true => Ok(value.to_owned()),
        false => Err(Invalid::new(
            "too_long",
            "it is longer than 200 characters",
            "search for fewer words",
        )),
    }
}
/// A part of a query: percent-encoded, with `+` for a space; `None` where it is no UTF-8.
pub fn percent_decoded(part: &str) -> Option<String> {
    let spaced = match part.contains('+') {
        true => Cow::Owned(part.replace('+', " ")),
        false => Cow::Borrowed(part),
    };
    percent_encoding::percent_decode_str(&spaced)
        .decode_utf8()
        .ok()
        .map(|text| text.into_owned())
}
