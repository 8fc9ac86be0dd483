//! The arithmetic between figures: what a printed figure may mean, what a change comes to, and whether the change that somebody
//! states is that one. Exact decimals throughout; no I/O.

use super::{
    input::StatisticInput,
    model::{Assessment, ObservationStatus, Qualifier},
};
use bigdecimal::{BigDecimal, RoundingMode, Signed, Zero, num_bigint::BigInt};

/// Units of what is measured or computed, and printed in rounded digits; all others are counted.
const MEASURED: [&str; 6] = [
    "percent",
    "years",
    "usd",
    "per_1000",
    "per_million",
    "ratio",
];

/// What a printed figure may mean; an end that it leaves open is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    /// The least.
    pub low: Option<BigDecimal>,
    /// The most.
    pub high: Option<BigDecimal>,
}

impl Interval {
    /// What an observation may mean. Printed digits are rounded by half a unit of the last one, except for things that are counted
    /// one by one; "approximately" is ten percent; "at least" and "at most" are open at one end.
    pub fn of(input: &StatisticInput) -> Self {
        let [value, low, high] = [&input.value, &input.low, &input.high].map(StatisticInput::exact);
        let counted = !MEASURED.contains(&input.unit.as_str());
        let slack = |figure: &BigDecimal| match input.qualifier {
            Qualifier::Approximately => half_unit(figure).max(tenth(figure)),
            _ if counted && figure.fractional_digit_count() <= 0 => BigDecimal::zero(),
            _ => half_unit(figure),
        };
        let least = [low.as_ref(), value.as_ref()];
        let least = least
            .into_iter()
            .flatten()
            .map(|one| one - slack(one))
            .min();
        let most = [high.as_ref(), value.as_ref()];
        let most = most.into_iter().flatten().map(|one| one + slack(one)).max();
        match input.qualifier {
            Qualifier::AtLeast => Self {
                low: least,
                high: high.as_ref().map(|one| one + slack(one)),
            },
            Qualifier::AtMost => Self {
                low: low.as_ref().map(|one| one - slack(one)),
                high: most,
            },
            _ => Self {
                low: least,
                high: most,
            },
        }
    }

    /// Whether there is a number that both may mean.
    pub fn meets(&self, other: &Self) -> bool {
        let below = |low: &Option<BigDecimal>, high: &Option<BigDecimal>| {
            low.as_ref()
                .zip(high.as_ref())
                .is_none_or(|(low, high)| low <= high)
        };
        below(&self.low, &other.high) && below(&other.low, &self.high)
    }
}

/// Half a unit of the last printed digit.
fn half_unit(figure: &BigDecimal) -> BigDecimal {
    BigDecimal::new(BigInt::from(5), figure.fractional_digit_count() + 1)
}

fn tenth(figure: &BigDecimal) -> BigDecimal {
    figure.abs() * BigDecimal::new(BigInt::from(1), 1)
}

fn hundred() -> BigDecimal {
    BigDecimal::from(100)
}

/// A change as the server computes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Computed {
    /// As text: percent with one decimal, rounded half to even, else the exact difference.
    pub text: String,
    /// Whether it is not the change that is stated.
    pub contradicts: bool,
}

/// The value that a figure may be computed with; what was replaced or taken back is none.
fn current(input: &StatisticInput) -> Option<BigDecimal> {
    let withdrawn = matches!(
        input.assessment,
        Assessment::Superseded | Assessment::Retracted
    );
    let withheld = matches!(
        input.observation_status,
        ObservationStatus::Suppressed | ObservationStatus::Missing
    );
    match withdrawn || withheld {
        true => None,
        false => StatisticInput::exact(&input.value),
    }
}

fn percent(from: &BigDecimal, to: &BigDecimal) -> Option<BigDecimal> {
    (!from.is_zero()).then(|| (to - from) * hundred() / from.abs())
}

fn shown(percent: &BigDecimal) -> String {
    percent
        .with_scale_round(1, RoundingMode::HalfEven)
        .to_plain_string()
}

/// By how many percent a level differs from the one that it is compared with.
pub fn compared(level: &StatisticInput, from: &StatisticInput) -> Option<String> {
    if level.unit != from.unit {
        return None;
    }
    // What a record says of itself stands whatever became of it.
    let value = StatisticInput::exact(&level.value)?;
    percent(&current(from)?, &value).map(|percent| shown(&percent))
}

/// What a change from its baseline comes to, led to one of these levels; `None` where it leads to none that is known.
pub fn change<'a>(
    change: &StatisticInput,
    from: &StatisticInput,
    levels: impl Iterator<Item = &'a StatisticInput>,
) -> Option<Computed> {
    computed(change, from, reached(change, from, levels)?)
}

/// The level that a change leads to: of the indicator and unit of its baseline, and compared with it as well; of the place and
/// dimensions of the change, ending when the change ends. `None` where there is none, or several that differ.
pub(super) fn reached<'a>(
    change: &StatisticInput,
    from: &StatisticInput,
    levels: impl Iterator<Item = &'a StatisticInput>,
) -> Option<&'a StatisticInput> {
    let ends = change.period_end?;
    let mut fitting = levels.filter(|level| {
        level.slug != change.slug
            && level.baseline == change.baseline
            && level.indicator == from.indicator
            && level.unit == from.unit
            && level.period_end == Some(ends)
            && level.geography == change.geography
            && (&level.sex, &level.age_band, &level.exploitation)
                == (&change.sex, &change.age_band, &change.exploitation)
            && current(level).is_some()
    });
    let first = fitting.next()?;
    let value = current(first);
    fitting
        .all(|other| current(other) == value)
        .then_some(first)
}

/// What a change comes to between two levels, and whether it is the stated one.
pub(super) fn computed(
    change: &StatisticInput,
    from: &StatisticInput,
    to: &StatisticInput,
) -> Option<Computed> {
    let (before, after) = (current(from)?, current(to)?);
    let in_percent = change.unit == "percent";
    let value = match in_percent {
        true => percent(&before, &after)?,
        false if change.unit == from.unit => &after - &before,
        false => return None,
    };
    let stated = Interval::of(change);
    let turned =
        StatisticInput::exact(&change.value).is_some_and(|stated| (&stated * &value).is_negative());
    let implied = between(&Interval::of(from), &Interval::of(to), in_percent);
    Some(Computed {
        contradicts: turned || !stated.meets(&implied),
        text: match in_percent {
            true => shown(&value),
            false => value.to_plain_string(),
        },
    })
}

/// All changes that two printed levels may mean.
fn between(from: &Interval, to: &Interval, in_percent: bool) -> Interval {
    let combine = |to: &Option<BigDecimal>, from: &Option<BigDecimal>| {
        let (to, from) = to.as_ref().zip(from.as_ref())?;
        match in_percent {
            false => Some(to - from),
            // Beside a level of nought or less a change has no bound.
            true => {
                (from.is_positive() && !to.is_negative()).then(|| (to - from) * hundred() / from)
            }
        }
    };
    Interval {
        low: combine(&to.low, &from.high),
        high: combine(&to.high, &from.low),
    }
}
