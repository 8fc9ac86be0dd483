//! Distributions: whether the shares of one total are of one total, do not exceed it, and say what they leave. No I/O.

use super::{arithmetic::Interval, input::StatisticInput, model::Assessment};
use crate::values::Invalid;
use bigdecimal::{BigDecimal, Zero};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use utoipa::ToSchema;

/// What an observation is in its distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    /// A named part.
    Part,
    /// What the named parts leave.
    Remainder,
}

/// What is wrong with a distribution: with which of its rows, or with all of them.
pub type Misfit = (Option<usize>, Invalid);

/// Checks all rows of one distribution together. Rows that were replaced or taken back do not count.
pub fn misfits(rows: &[&StatisticInput]) -> Vec<Misfit> {
    let rows: Vec<(usize, &StatisticInput)> = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| {
            !matches!(
                row.assessment,
                Assessment::Superseded | Assessment::Retracted
            )
        })
        .map(|(place, row)| (place, *row))
        .collect();
    let Some((_, first)) = rows.first() else {
        return Vec::new();
    };
    let mut found = of_one_total(first, &rows);
    found.extend(overlapping(&rows));
    if found.is_empty() && first.unit == "percent" {
        found.extend(sum(&rows));
    }
    found
}

/// A field, and what it holds in a row.
type Shared = (&'static str, fn(&StatisticInput) -> String);

/// What the rows of a distribution have in common.
const SHARED: [Shared; 4] = [
    ("unit", |row| row.unit.clone()),
    ("denominator", |row| {
        row.denominator.clone().unwrap_or_default()
    }),
    ("period_start", |row| format!("{:?}", row.period_start)),
    ("period_end", |row| format!("{:?}", row.period_end)),
];

fn of_one_total(first: &StatisticInput, rows: &[(usize, &StatisticInput)]) -> Vec<Misfit> {
    let mut found = Vec::new();
    for (field, of) in SHARED {
        let other = rows.iter().find(|(_, row)| of(row) != of(first));
        if let Some((place, row)) = other {
            let reason = format!("{field} of {} and of {} differ", first.slug, row.slug);
            let remedy = "shares of one total have one unit, denominator and period: correct it, or take the row out of the distribution";
            found.push((
                Some(*place),
                Invalid::new("distribution", reason, remedy).at(field),
            ));
        }
    }
    let parts = rows.iter().filter(|(_, row)| !is_remainder(row));
    let places: Vec<&str> = parts.map(|(_, row)| row.geography.as_str()).collect();
    let distinct: BTreeSet<&str> = places.iter().copied().collect();
    if distinct.len() > 1 && distinct.len() < places.len() {
        let reason = "some parts are of one place and some of others";
        let remedy = "let all parts be of one place, or each of another";
        found.push((
            None,
            Invalid::new("distribution", reason, remedy).at("geography"),
        ));
    }
    let mut remainders = rows.iter().filter(|(_, row)| is_remainder(row));
    if let (Some((_, one)), Some((place, other))) = (remainders.next(), remainders.next()) {
        let reason = format!("{} and {} are both the remainder", one.slug, other.slug);
        let remedy = "keep one of them, or make one a part";
        found.push((
            Some(*place),
            Invalid::new("distribution", reason, remedy).at("share"),
        ));
    }
    found
}

fn is_remainder(row: &StatisticInput) -> bool {
    row.share == Some(Share::Remainder)
}

/// The ages that a band holds, both ends included; all where there is none.
fn ages(band: Option<&str>) -> (u8, u8) {
    let Some(band) = band else {
        return (0, u8::MAX);
    };
    let age = |text: &str| text.parse().unwrap_or(0);
    match (band.strip_suffix('+'), band.split_once('-')) {
        (Some(from), _) => (age(from), u8::MAX),
        (None, Some((from, to))) => (age(from), age(to)),
        (None, None) => (0, u8::MAX),
    }
}

/// Parts alike in all but age, whose ages intersect, name each other; whom a part names names it.
fn overlapping(rows: &[(usize, &StatisticInput)]) -> Vec<Misfit> {
    let by_slug: HashMap<&str, &StatisticInput> = rows
        .iter()
        .map(|(_, row)| (row.slug.as_str(), *row))
        .collect();
    let mut alike: HashMap<_, Vec<(usize, &StatisticInput)>> = HashMap::new();
    let mut found = Vec::new();
    for (place, row) in rows.iter().filter(|(_, row)| !is_remainder(row)) {
        let key = (
            (&row.indicator, &row.geography, &row.population),
            (&row.sex, &row.exploitation),
        );
        alike.entry(key).or_default().push((*place, *row));
        for named in &row.overlaps {
            let invalid = match by_slug.get(named.as_str()) {
                Some(other) if is_remainder(other) => {
                    "it names a remainder, which no part overlaps"
                }
                Some(other) if other.overlaps.contains(&row.slug) => continue,
                Some(_) => "it names a part that does not name it",
                None => "it names no current part of its distribution",
            };
            let remedy = "let both parts name each other, written together, or none";
            found.push((
                Some(*place),
                Invalid::new("overlaps", invalid, remedy).at("overlaps"),
            ));
        }
    }
    for parts in alike.values() {
        for (index, (place, one)) in parts.iter().enumerate() {
            let (from, to) = ages(one.age_band.as_deref());
            let silent = parts[..index].iter().find(|(_, other)| {
                let (other_from, other_to) = ages(other.age_band.as_deref());
                from <= other_to && other_from <= to && !one.overlaps.contains(&other.slug)
            });
            if let Some((_, other)) = silent {
                let reason = format!("its ages and those of {} intersect", other.slug);
                let remedy = "let both parts name each other in overlaps, or correct an age band";
                found.push((
                    Some(*place),
                    Invalid::new("overlaps", reason, remedy).at("overlaps"),
                ));
            }
        }
    }
    found
}

/// What the parts may add up to, least and most: of those that overlap, together at least the largest.
fn total(rows: &[(usize, &StatisticInput)]) -> (BigDecimal, BigDecimal) {
    let hundred = BigDecimal::from(100);
    let ends = |row: &StatisticInput| {
        let Interval { low, high } = Interval::of(row);
        let low = low.unwrap_or_default().max(BigDecimal::zero());
        (
            low,
            high.unwrap_or_else(|| hundred.clone()).min(hundred.clone()),
        )
    };
    let by_slug: HashMap<&str, &StatisticInput> = rows
        .iter()
        .map(|(_, row)| (row.slug.as_str(), *row))
        .collect();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut sums = (BigDecimal::zero(), BigDecimal::zero());
    for (_, row) in rows.iter().filter(|(_, row)| !is_remainder(row)) {
        let mut near = vec![*row];
        let (mut least, mut most) = (BigDecimal::zero(), BigDecimal::zero());
        while let Some(one) = near.pop() {
            if seen.insert(&one.slug) {
                let (low, high) = ends(one);
                least = least.max(low);
                most += high;
                near.extend(
                    one.overlaps
                        .iter()
                        .filter_map(|slug| by_slug.get(slug.as_str())),
                );
            }
        }
        sums.0 += least;
        sums.1 += most.min(hundred.clone());
    }
    sums
}

/// What a figure leaves of a hundred, as printed: the value, or its ends.
fn left(rows: &[(usize, &StatisticInput)]) -> (BigDecimal, BigDecimal) {
    let sum = |ends: fn(&StatisticInput) -> [&Option<String>; 2]| -> BigDecimal {
        let parts = rows.iter().filter(|(_, row)| !is_remainder(row));
        let figures = parts.filter_map(|(_, row)| {
            let figures = ends(row).into_iter();
            figures.filter_map(StatisticInput::exact).next()
        });
        figures.sum()
    };
    let least = BigDecimal::from(100) - sum(|row| [&row.value, &row.high]);
    (
        least,
        BigDecimal::from(100) - sum(|row| [&row.value, &row.low]),
    )
}

/// Shares in percent: the parts do not exceed the whole, and what they leave has a row of its own.
fn sum(rows: &[(usize, &StatisticInput)]) -> Option<Misfit> {
    let hundred = BigDecimal::from(100);
    let (least, most) = total(rows);
    let (left_least, left_most) = left(rows);
    let printed = (&hundred - &left_most).to_plain_string();
    if least > hundred {
        let reason = format!("the parts add up to {printed} percent, more than rounding explains");
        let remedy =
            "correct a value, or let parts that count some of the same name each other in overlaps";
        return Some((
            None,
            Invalid::new("distribution", reason, remedy).at("value"),
        ));
    }
    let remedy = match left_least == left_most {
        true => format!("the value {}", left_most.to_plain_string()),
        false => format!(
            "low {} and high {}",
            left_least.max(BigDecimal::zero()).to_plain_string(),
            left_most.to_plain_string()
        ),
    };
    match rows.iter().find(|(_, row)| is_remainder(row)) {
        None if most < hundred => {
            let reason =
                format!("the parts add up to {printed} percent, and no row says what they leave");
            let remedy =
                format!("write them together with a row whose share is remainder, with {remedy}");
            Some((
                None,
                Invalid::new("distribution", reason, remedy).at("distribution"),
            ))
        }
        None => None,
        Some((place, remainder)) => {
            let Interval { low, high } = Interval::of(remainder);
            let fits = least + low.unwrap_or_default() <= hundred
                && high.is_none_or(|high| most + high >= hundred);
            (!fits).then(|| {
                let reason = format!(
                    "the parts add up to {printed} percent, and the remainder is not what they leave"
                );
                let remedy = format!("give the remainder {remedy}");
                (Some(*place), Invalid::new("distribution", reason, remedy).at("value"))
            })
        }
    }
}
