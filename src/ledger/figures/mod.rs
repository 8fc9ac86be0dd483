//! The checks among figures: as they stand after the whole transaction, what is written and what stands beside it. What the rules
//! compute is pure and stands with the statistics; here is which figures they are asked about, and what follows.

mod changes;
mod gathering;
#[cfg(test)]
mod properties;

use super::{
    apply::{Access, ApplyError, Change, Fault},
    document::Document,
    queries::{Hold, Standing},
};
use crate::{
    statistics::{Assessment, StatisticInput, shares},
    values::{Invalid, access::Status},
};
use bigdecimal::{BigDecimal, Signed};
use diesel_async::AsyncPgConnection;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A figure as it stands after the transaction.
struct Figure {
    input: StatisticInput,
    access: Access,
    /// Which of the changes writes it.
    change: Option<usize>,
    /// Whether that change alters it, or brings it to the public.
    touched: bool,
    /// Whether the arithmetic alone disputed it before.
    was_computed: bool,
    /// As it stands, where no change writes it.
    standing: Option<Standing>,
}

impl Figure {
    fn is_public(&self) -> bool {
        self.access == Access::PUBLIC
    }
}

/// What becomes of a figure that is not altered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Passing {
    /// The public no longer sees it.
    Leaves,
    /// The public sees it again.
    Returns,
}

/// What an indicator says of its observations.
struct Kind {
    unit: String,
    is_change: bool,
    /// Whether its observations are counts, shares or rates, which are nought at least.
    is_counted: bool,
}

/// All figures that a transaction concerns, by slug.
#[derive(Default)]
struct Figures {
    all: BTreeMap<String, Figure>,
    /// Indicators by slug.
    kinds: HashMap<String, Kind>,
    /// Indicators that measure otherwise than before, with the change that makes it so.
    redefined: BTreeMap<String, usize>,
    /// Distributions that a public figure joins, leaves or alters, each with such a change.
    groups: BTreeMap<String, usize>,
    /// Baselines that changes are measured anew from, each with the change that makes it so.
    moved: HashMap<String, usize>,
    /// Changes by which a figure comes or goes as it is.
    passing: HashMap<usize, Passing>,
}

/// Checks what is written beside what stands. A change that contradicts its baseline becomes disputed, and one that did is no longer
/// when the figures agree or nothing can be computed of them.
///
/// # Errors
/// Those of the database.
pub async fn check(
    connection: &mut AsyncPgConnection,
    changes: &mut Vec<Change>,
    standing: &mut Vec<Option<Standing>>,
    hold: Hold,
) -> Result<Vec<Fault>, ApplyError> {
    let figures = gathering::gather(connection, changes, standing, hold).await?;
    let mut faults = figures.units();
    faults.extend(figures.distributions());
    faults.extend(figures.cycles());
    let (contradicted, assessed) = figures.stated_changes();
    faults.extend(contradicted);
    for (slug, assessment) in assessed {
        let Some(figure) = figures.all.get(&slug) else {
            continue;
        };
        match (figure.change, &figure.standing) {
            (Some(place), _) => assess(&mut changes[place].document, assessment),
            (None, Some(one)) => {
                let mut change = Change::to(one.read()?);
                change.record = Some(one.id);
                assess(&mut change.document, assessment);
                changes.push(change);
                standing.push(Some(one.clone()));
            }
            (None, None) => {}
        }
    }
    Ok(faults)
}

fn assess(document: &mut Document, assessment: Assessment) {
    if let Document::Statistic(input) = document {
        input.assessment = assessment;
    }
}

fn fault(change: usize, field: &str, invalid: Invalid) -> Fault {
    Fault {
        change,
        pointer: match field {
            "" => String::new(),
            field => format!("/{field}"),
        },
        invalid,
    }
}

impl Figures {
    fn kind(&self, input: &StatisticInput) -> Option<&Kind> {
        self.kinds.get(&input.indicator)
    }

    fn is_change(&self, input: &StatisticInput) -> bool {
        self.kind(input).is_some_and(|kind| kind.is_change)
    }

    /// Figures in the unit of their indicator, percentages of a whole between nought and a hundred, nothing counted below nought.
    fn units(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for figure in self.all.values() {
            let input = &figure.input;
            let own = figure.change.filter(|_| figure.touched);
            let redefined = self.redefined.get(&input.indicator).copied();
            let (Some(kind), Some(change)) = (self.kind(input), own.or(redefined)) else {
                continue;
            };
            if kind.unit != input.unit {
                let reason = format!("{} is in another unit than its indicator", input.slug);
                let remedy = format!("use {}, or another indicator", kind.unit);
                faults.push(fault(change, "unit", Invalid::new("unit", reason, remedy)));
            }
            if let Some(field) = beyond_the_whole(input).filter(|_| !kind.is_change) {
                let field = own.map_or("kind", |_| field);
                let reason = format!("{} is percent of a whole, and outside 0 to 100", input.slug);
                let remedy = "correct it; a change over time has an indicator of kind change";
                faults.push(fault(
                    change,
                    field,
                    Invalid::new("percent", reason, remedy),
                ));
            } else if let Some(field) = below_nought(input).filter(|_| kind.is_counted) {
                let field = own.map_or("kind", |_| field);
                let reason = format!("{} is a count, share or rate, and below nought", input.slug);
                let remedy = "correct it; a change over time has an indicator of kind change";
                faults.push(fault(
                    change,
                    field,
                    Invalid::new("negative", reason, remedy),
                ));
            }
        }
        faults
    }

    /// Distributions, whole: drafts of their rows count too, so that a group can be prepared and then published one by one.
    fn distributions(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (group, change) in &self.groups {
            let rows: Vec<&Figure> = self
                .all
                .values()
                .filter(|one| one.input.distribution.as_ref() == Some(group))
                .filter(|one| one.access.status != Status::Archived)
                .collect();
            let inputs: Vec<&StatisticInput> = rows.iter().map(|row| &row.input).collect();
            for (place, invalid) in shares::misfits(&inputs) {
                let own = place.and_then(|place| rows[place].change);
                let field = invalid.field.unwrap_or_default();
                faults.push(fault(own.unwrap_or(*change), field, invalid));
            }
        }
        faults
    }

    /// Figures that are replaced by one another.
    fn cycles(&self) -> Vec<Fault> {
        let newer = |slug: &String| self.all.get(slug)?.input.superseded_by.as_ref();
        let mut faults = Vec::new();
        for (slug, figure) in &self.all {
            let Some(change) = figure.change.filter(|_| figure.touched) else {
                continue;
            };
            let mut seen = BTreeSet::new();
            let mut next = newer(slug);
            while let Some(one) = next.filter(|one| seen.insert(*one)) {
                next = newer(one);
            }
            if seen.contains(slug) {
                let reason = "the figures that replace it lead back to it";
                let remedy = "name an observation that is not replaced by this one";
                let invalid = Invalid::new("cycle", reason, remedy);
                faults.push(fault(change, "superseded_by", invalid));
            }
        }
        faults
    }
}

/// The first field of a percentage that lies outside 0 to 100.
fn beyond_the_whole(input: &StatisticInput) -> Option<&'static str> {
    if input.unit != "percent" {
        return None;
    }
    let whole = BigDecimal::from(0)..=BigDecimal::from(100);
    first(input, |figure| !whole.contains(figure))
}

fn below_nought(input: &StatisticInput) -> Option<&'static str> {
    first(input, BigDecimal::is_negative)
}

/// The first field of which this is so.
fn first(input: &StatisticInput, is_so: impl Fn(&BigDecimal) -> bool) -> Option<&'static str> {
    let fields = [
        ("value", &input.value),
        ("low", &input.low),
        ("high", &input.high),
    ];
    let mut found = fields
        .into_iter()
        .filter(|(_, figure)| StatisticInput::exact(figure).is_some_and(|figure| is_so(&figure)));
    found.next().map(|(field, _)| field)
}
