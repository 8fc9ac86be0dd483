//! Stated changes beside the one that the server computes.

use super::{Figure, Figures, Passing, fault};
use crate::{
    ledger::apply::Fault,
    statistics::{
        Assessment, StatisticInput,
        arithmetic::{self, Computed},
        undisputed,
    },
    values::{Invalid, access::Status},
};
use std::collections::HashMap;

/// Figures whose assessment the server sets.
type Assessed = Vec<(String, Assessment)>;

impl Figures {
    /// What is refused, and which figures are assessed otherwise than written: a contradicted change that nobody assessed is disputed, and
    /// one that the arithmetic alone disputed no longer is when the figures agree, or when nothing can be computed of them any more.
    pub fn stated_changes(&self) -> (Vec<Fault>, Assessed) {
        let mut levels: HashMap<&str, Vec<&StatisticInput>> = HashMap::new();
        for figure in self.all.values() {
            if let Some(baseline) = &figure.input.baseline
                && figure.is_public()
                && !self.is_change(&figure.input)
            {
                levels.entry(baseline).or_default().push(&figure.input);
            }
        }
        let (mut faults, mut assessed) = (Vec::new(), Vec::new());
        for figure in self.all.values() {
            let input = &figure.input;
            let moved = input.baseline.as_ref().and_then(|one| self.moved.get(one));
            let own = figure.change.filter(|_| figure.touched);
            let Some(cause) = own.or(figure.change.and(moved.copied())).or(moved.copied()) else {
                continue;
            };
            if figure.access.status == Status::Archived {
                continue;
            }
            let computed = self.computed(input, &levels);
            match figure.change {
                Some(place) => {
                    let (refused, becomes) = written(figure, place, computed);
                    let leaves = self.passing.get(&place) == Some(&Passing::Leaves);
                    faults.extend(refused.filter(|_| !leaves));
                    assessed.extend(becomes.map(|one| (input.slug.clone(), one)));
                }
                None if figure.is_public() => {
                    let passing = self.passing.get(&cause).copied();
                    let (refused, becomes) = beside(figure, cause, passing, computed);
                    faults.extend(refused);
                    assessed.extend(becomes.map(|one| (input.slug.clone(), one)));
                }
                None => {}
            }
        }
        (faults, assessed)
    }

    /// The change as the public figures give it.
    fn computed(
        &self,
        change: &StatisticInput,
        levels: &HashMap<&str, Vec<&StatisticInput>>,
    ) -> Option<Computed> {
        if !self.is_change(change) {
            return None;
        }
        let baseline = change.baseline.as_ref()?;
        let from = self.all.get(baseline).filter(|one| one.is_public())?;
        let levels = levels.get(baseline.as_str())?.iter().copied();
        arithmetic::change(change, &from.input, levels)
    }
}

/// A figure that one of the changes writes.
fn written(
    figure: &Figure,
    place: usize,
    computed: Option<Computed>,
) -> (Option<Fault>, Option<Assessment>) {
    let input = &figure.input;
    match computed {
        Some(Computed { text, contradicts }) if contradicts => match input.assessment {
            Assessment::Supported => {
                let unit = &input.unit;
                let reason =
                    format!("it contradicts its baseline: the server computes {text} {unit}");
                let remedy = "correct value or baseline, or set assessment to not_assessed, which becomes disputed with the computed value";
                let invalid = Invalid::new("contradicts_baseline", reason, remedy);
                (Some(fault(place, "assessment", invalid)), None)
            }
            Assessment::NotAssessed => (None, Some(Assessment::Disputed)),
            _ => (None, None),
        },
        // What the arithmetic disputed has no other reason; somebody who writes it so gives one.
        _ if input.is_disputed_by_nobody() => match figure.touched && !figure.was_computed {
            true => (Some(fault(place, "critiques", undisputed())), None),
            false => (None, Some(Assessment::NotAssessed)),
        },
        _ => (None, None),
    }
}

/// A figure that stands beside what is written, or beside one that only comes or goes: that is not refused for one that nobody
/// assessed, which is disputed again.
fn beside(
    figure: &Figure,
    cause: usize,
    passing: Option<Passing>,
    computed: Option<Computed>,
) -> (Option<Fault>, Option<Assessment>) {
    let input = &figure.input;
    let unassessed = [Assessment::Supported, Assessment::NotAssessed].contains(&input.assessment);
    match computed {
        Some(Computed { contradicts, .. })
            if contradicts && passing.is_some() && input.assessment == Assessment::NotAssessed =>
        {
            (None, Some(Assessment::Disputed))
        }
        Some(_) if unassessed && passing == Some(Passing::Leaves) => (None, None),
        Some(Computed { text, contradicts }) if contradicts && unassessed => {
            let (slug, unit) = (&input.slug, &input.unit);
            let reason = format!(
                "beside it the change {slug} would contradict its baseline: the server computes {text} {unit}"
            );
            let remedy = format!(
                "assess {slug} first, as disputed with a critique, superseded or retracted, or write both in one import"
            );
            let invalid = Invalid::new("contradicts_baseline", reason, remedy);
            (Some(fault(cause, "value", invalid)), None)
        }
        Some(Computed { contradicts, .. }) if contradicts => (None, None),
        _ if input.is_disputed_by_nobody() => (None, Some(Assessment::NotAssessed)),
        _ => (None, None),
    }
}
