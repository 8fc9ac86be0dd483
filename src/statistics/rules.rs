//! The rules between the fields of one observation. Those among several stand in `shares` and `arithmetic`.

use super::{
    critique::Verdict,
    input::StatisticInput,
    model::{Assessment, ObservationStatus, Qualifier},
    shares::Share,
};
use crate::values::Invalid;

/// Checks one observation by itself.
///
/// # Errors
/// The first rule that it breaks, at the field that mends it.
pub fn fit(input: &StatisticInput) -> Result<(), Invalid> {
    figure(input)?;
    let ends_early = input
        .period_start
        .zip(input.period_end)
        .is_some_and(|(start, end)| start > end);
    if ends_early {
        let reason = "the period ends before it starts";
        return Err(Invalid::new("period", reason, "exchange the two days").at("period_end"));
    }
    assessment(input)?;
    links(input)
}

/// The figure is there, unless its publisher withheld it, and its ends are in order.
fn figure(input: &StatisticInput) -> Result<(), Invalid> {
    let refused =
        |reason: &str, remedy: &str| Err(Invalid::new("value", reason, remedy).at("value"));
    let [value, low, high] = [&input.value, &input.low, &input.high].map(StatisticInput::exact);
    let withheld = matches!(
        input.observation_status,
        ObservationStatus::Suppressed | ObservationStatus::Missing
    );
    if withheld && value.is_some() {
        return refused(
            "a suppressed or missing figure has a value",
            "leave value empty, or correct observation_status",
        );
    }
    let complete = match input.qualifier {
        Qualifier::Range => low.is_some() && high.is_some(),
        Qualifier::AtMost => value.is_some() || high.is_some(),
        _ => value.is_some(),
    };
    if !complete && !withheld {
        return refused(
            "the figure is missing",
            "give value, or low and high for a range; only an observation_status of suppressed or missing goes without",
        );
    }
    let order: Vec<_> = [low, value, high].into_iter().flatten().collect();
    if !order.is_sorted() {
        return refused("low, value and high are not in order", "low ≤ value ≤ high");
    }
    Ok(())
}

/// What is said about the figure has what it rests on.
fn assessment(input: &StatisticInput) -> Result<(), Invalid> {
    // Whether the arithmetic disputes it shows only beside the baseline.
    let may_be_computed = input.baseline.is_some();
    if input.is_disputed_by_nobody() && !may_be_computed {
        return Err(undisputed());
    }
    if input.assessment == Assessment::Retracted && !input.is_told(Verdict::Retracts) {
        return Err(Invalid::new(
            "critiques",
            "a retracted figure says who took it back, and why",
            "add a critique of verdict retracts with its source, or choose another assessment",
        )
        .at("critiques"));
    }
    let superseded = input.assessment == Assessment::Superseded;
    match &input.superseded_by {
        None if superseded => Err(Invalid::new(
            "superseded",
            "a superseded figure names the one that replaced it",
            "give the slug of the newer observation",
        )
        .at("superseded_by")),
        Some(_) if !superseded => Err(Invalid::new(
            "superseded",
            "another figure replaced it, and it is not assessed as superseded",
            "set assessment to superseded, or leave superseded_by empty",
        )
        .at("assessment")),
        Some(newer) if *newer == input.slug => Err(itself("superseded_by")),
        _ => Ok(()),
    }
}

/// A disputed figure that nobody disputes.
pub fn undisputed() -> Invalid {
    Invalid::new(
        "critiques",
        "a disputed figure names who disputes it",
        "add a critique of verdict disputes with its source, or set assessment to not_assessed",
    )
    .at("critiques")
}

/// What it names of others fits its place in a distribution.
fn links(input: &StatisticInput) -> Result<(), Invalid> {
    if input.baseline.as_ref() == Some(&input.slug) {
        return Err(itself("baseline"));
    }
    if input.overlaps.contains(&input.slug) {
        return Err(itself("overlaps"));
    }
    let alone = input.distribution.is_none();
    if alone && input.share.is_some() {
        let reason = "it is a share of no distribution";
        let remedy = "name the distribution, or leave share empty";
        return Err(Invalid::new("distribution", reason, remedy).at("share"));
    }
    if alone && !input.overlaps.is_empty() {
        let reason = "it overlaps with parts of no distribution";
        let remedy = "name the distribution, or leave overlaps empty";
        return Err(Invalid::new("distribution", reason, remedy).at("overlaps"));
    }
    if input.share == Some(Share::Remainder) && !input.overlaps.is_empty() {
        let reason = "a remainder is what no part counts";
        return Err(Invalid::new("distribution", reason, "leave overlaps empty").at("overlaps"));
    }
    Ok(())
}

fn itself(field: &'static str) -> Invalid {
    Invalid::new(
        "itself",
        "the observation names itself",
        "name another observation",
    )
    .at(field)
}
