//! Which figures go into one chart, and which of them belong together.

use crate::statistics::model::{Assessment, Qualifier, SHOWN_UNASKED, Statistic};
use crate::values::figure::ObservationStatus;
use crate::values::said::Said;
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;

/// How many publishers one chart holds: as many as there are shapes and colours.
const MOST_LINES: usize = 4;

/// What figures are broken down by; what is not asked for is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Breakdown {
    /// `female`, `male` or `both`.
    pub sex: Option<String>,
    /// Ages in years.
    pub age_band: Option<String>,
    /// Form of exploitation.
    pub exploitation: Option<String>,
}

/// A figure in a chart.
#[derive(Debug, Clone)]
pub struct Point {
    /// The first day of its period.
    pub start: NaiveDate,
    /// The last.
    pub end: NaiveDate,
    /// Where it lies; `None` for a range, and for what is suppressed or missing.
    pub value: Option<f64>,
    /// The value as its exact decimal.
    pub exact: Option<String>,
    /// Lower and upper end, where both are known.
    pub ends: Option<(f64, f64)>,
    /// As people read it.
    pub display: String,
    /// What the directory says of it.
    pub assessment: Assessment,
    /// What is known of the observation.
    pub status: ObservationStatus,
    /// Whether it is as much as that, or at least, or about.
    pub qualifier: Qualifier,
    /// What must be shown with it.
    pub caveat: Option<Said>,
    /// The slug of the source that it was read in.
    pub source: Option<String>,
    /// Its own slug.
    pub slug: String,
}

/// The figures of one publisher, by time.
#[derive(Debug, Clone)]
pub struct Line {
    /// Who counted.
    pub publisher: String,
    /// At least one.
    pub points: Vec<Point>,
}

/// The figures of a chart.
#[derive(Debug, Clone)]
pub struct Series {
    /// One for each publisher, that with the most figures first.
    pub lines: Vec<Line>,
    /// Publishers for whom there is no room.
    pub others: usize,
    /// Figures of periods of another length, which no axis sets beside these.
    pub other_periods: usize,
    /// The unit of all.
    pub unit: String,
    /// Where.
    pub place: Said,
    /// What all are broken down by.
    pub breakdown: Breakdown,
    /// Who is counted, if it is said.
    pub population: Option<String>,
    /// What shares are taken of.
    pub denominator: Option<String>,
}

/// What figures of one chart have in common: what they are broken down by, population and denominator.
pub type Common = (
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
);

impl Breakdown {
    /// Which figures go into one chart, of those that can be drawn and how many there are of each: broken down as
    /// asked. What is left open is taken as most figures have it; of equals the one that is broken down by least.
    pub fn chosen(&self, counted: Vec<(Common, i64)>) -> Option<Common> {
        let fits = |asked: &Option<String>, has: &Option<String>| asked.is_none() || asked == has;
        let holds = |(sex, age_band, exploitation, ..): &Common| {
            fits(&self.sex, sex)
                && fits(&self.age_band, age_band)
                && fits(&self.exploitation, exploitation)
        };
        let least = |(sex, age, form, population, denominator): &Common| {
            let parts = [sex, age, form, population, denominator];
            parts.iter().filter(|part| part.is_none()).count()
        };
        let fitting = counted.into_iter().filter(|(common, _)| holds(common));
        let order = |(common, count): &(Common, i64)| (*count, least(common));
        fitting
            .max_by(|one, two| order(one).cmp(&order(two)).then(two.0.cmp(&one.0)))
            .map(|(common, _)| common)
    }
}

impl Point {
    fn of(one: &Statistic) -> Option<Self> {
        let period = one.period.as_ref()?;
        let number = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok());
        let caveat = one.caveat.as_ref();
        Some(Self {
            // With an open end it is not known what the figure is to be set beside.
            start: period.start?,
            end: period.end?,
            value: number(&one.value),
            exact: one.value.clone(),
            ends: number(&one.low).zip(number(&one.high)),
            display: one.display.clone(),
            assessment: one.assessment,
            status: one.observation_status,
            qualifier: one.qualifier,
            caveat: caveat.map(|text| Said::new(&**text, &*one.lang)),
            source: one.sources.first().map(|citation| citation.source.clone()),
            slug: one.slug.clone(),
        })
    }

    /// The sign of a figure that is not exactly its number.
    pub fn sign(&self) -> Option<&'static str> {
        sign(self.qualifier)
    }

    /// The middle of its period, in days.
    pub fn middle(&self) -> f64 {
        let days = |day: NaiveDate| f64::from(day.num_days_from_ce());
        (days(self.start) + days(self.end) + 1.0) / 2.0
    }

    fn days(&self) -> f64 {
        (self.end - self.start).num_days() as f64 + 1.0
    }

    /// Whether it is shown without being asked for; what is not is marked and stands alone.
    pub fn is_plain(&self) -> bool {
        SHOWN_UNASKED.contains(&self.assessment.name())
    }

    /// Whether a line may lead here: from the period before this one, counted alike. Where nothing
    /// was counted there is a gap.
    pub fn follows(&self, before: &Self) -> bool {
        let apart = (self.start - before.end).num_days();
        (0..=3).contains(&apart)
            && self.status != ObservationStatus::Break
            && self.is_plain()
            && before.is_plain()
    }
}

/// The sign of a qualifier that no number tells.
pub fn sign(qualifier: Qualifier) -> Option<&'static str> {
    match qualifier {
        Qualifier::AtLeast => Some("≥"),
        Qualifier::AtMost => Some("≤"),
        Qualifier::Approximately => Some("≈"),
        Qualifier::Exactly | Qualifier::Range => None,
    }
}

/// Whether two periods are of about the same length: months are, a quarter and a year are not.
fn alike(days: f64, others: f64) -> bool {
    (days / others - 1.0).abs() < 0.15
}

/// The length of period that most figures have, of equals the longest.
fn usual(lengths: impl Iterator<Item = f64> + Clone) -> Option<f64> {
    let count = |length: f64| lengths.clone().filter(|one| alike(*one, length)).count();
    let all = lengths.clone().map(|length| (count(length), length));
    all.max_by(|one, two| one.partial_cmp(two).unwrap_or(std::cmp::Ordering::Equal))
        .map(|(_, length)| length)
}

impl Series {
    /// Sets figures that have this in common beside each other.
    pub fn of(figures: &[Statistic], common: Common) -> Option<Self> {
        let (sex, age_band, exploitation, population, denominator) = common;
        let mut drawn: Vec<(&str, Point)> = figures
            .iter()
            .filter_map(|one| Some((&*one.publisher, Point::of(one)?)))
            .collect();
        let many = drawn.len();
        let usual = usual(drawn.iter().map(|(_, point)| point.days()))?;
        drawn.retain(|(_, point)| alike(point.days(), usual));
        let other_periods = many - drawn.len();
        let mut publishers: BTreeMap<&str, Vec<Point>> = BTreeMap::new();
        for (publisher, point) in drawn {
            publishers.entry(publisher).or_default().push(point);
        }
        let mut lines: Vec<Line> = publishers
            .into_iter()
            .map(|(publisher, mut points)| {
                points.sort_by_key(|point| (point.start, point.end));
                Line {
                    publisher: publisher.to_owned(),
                    points,
                }
            })
            .collect();
        lines.sort_by_key(|line| std::cmp::Reverse(line.points.len()));
        let others = lines.len().saturating_sub(MOST_LINES);
        lines.truncate(MOST_LINES);
        let first = figures.first()?;
        let said = first.text.get("geography");
        Some(Self {
            lines,
            others,
            other_periods,
            unit: first.unit.clone(),
            place: Said::new(
                &*first.geography.name,
                said.map_or("und", |said| &*said.lang),
            ),
            breakdown: Breakdown {
                sex,
                age_band,
                exploitation,
            },
            population,
            denominator,
        })
    }

    /// All its figures.
    pub fn points(&self) -> impl Iterator<Item = &Point> {
        self.lines.iter().flat_map(|line| &line.points)
    }

    /// The slugs of the sources of its figures, that of the most figures first.
    pub fn sources(&self) -> Vec<&str> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for source in self.points().filter_map(|point| point.source.as_deref()) {
            *counts.entry(source).or_default() += 1;
        }
        let mut all: Vec<(&str, usize)> = counts.into_iter().collect();
        all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        all.into_iter().map(|(source, _)| source).collect()
    }

    /// The years between the first and the last that no figure touches.
    pub fn gaps(&self) -> Vec<i32> {
        let touched = |year: i32| {
            self.points().any(|point| {
                point.value.or(point.ends.map(|(low, _)| low)).is_some()
                    && (point.start.year()..=point.end.year()).contains(&year)
            })
        };
        let first = self.points().map(|point| point.start.year()).min();
        let last = self.points().map(|point| point.end.year()).max();
        let years = first.zip(last).map(|(first, last)| first..=last);
        years
            .into_iter()
            .flatten()
            .filter(|year| !touched(*year))
            .collect()
    }
}
