//! When somebody answers: hours of a zone as moments in UTC.
//!
//! A span that passes midnight belongs to the day on which it begins, so a rule for the next day
//! does not cut it. Local times become moments by the rule of RFC 5545 (3.3.5): one that stands
//! twice is the first, one that is skipped is read with the offset before the gap.

use super::{Invalid, parse, zone};
use chrono::{DateTime, Days, Duration, MappedLocalTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use opening_hours::{Context, ContextHolidays, OpeningHours, localization::Country};
use opening_hours_syntax::{
    ExtendedTime, RuleKind,
    rules::{
        RuleOperator, RuleSequence,
        time::{Time, TimeSelector, TimeSpan},
    },
};
use serde::Serialize;
use std::{cell::RefCell, collections::HashMap, sync::Arc};
use utoipa::ToSchema;

/// How many days from today records say their hours for.
const UPCOMING: u64 = 14;
/// How far a next opening is looked for, in days.
const FARTHEST: u64 = 370;
/// What a span without an end says.
pub const OPEN_END: &str = "no closing time is given";

/// Whether somebody answers at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Somebody should answer.
    Open,
    /// The hours are not known, or say that it depends.
    Unknown,
    /// Nobody should answer.
    Closed,
}

impl State {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Unknown => "unknown",
            Self::Closed => "closed",
        }
    }
}

/// A time in which a line is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Interval {
    /// When it begins, in UTC.
    pub opens_at: DateTime<Utc>,
    /// When it ends, in UTC; that moment no longer belongs to it.
    pub closes_at: DateTime<Utc>,
    /// `open`, or `unknown` where the hours say that it depends. New states may be added.
    #[schema(value_type = String, example = "open")]
    pub state: State,
    /// What it depends on, such as `by appointment`.
    #[schema(value_type = Option<String>)]
    pub note: Option<Arc<str>>,
}

/// What holds at a moment, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Whether somebody answers.
    pub state: State,
    /// When it opens next; `None` when it is open, or never within a year.
    pub opens_at: Option<DateTime<Utc>>,
    /// When it closes; `None` when it is not open, or open beyond a week.
    pub closes_at: Option<DateTime<Utc>>,
    /// When `state` is another one.
    pub next_change_at: Option<DateTime<Utc>>,
    /// What it depends on.
    pub note: Option<Arc<str>>,
}

impl Window {
    /// Where hours are not known.
    pub const UNKNOWN: Self = Self {
        state: State::Unknown,
        opens_at: None,
        closes_at: None,
        next_change_at: None,
        note: None,
    };
    /// Where somebody answers at all hours.
    pub const ALWAYS: Self = Self {
        state: State::Open,
        ..Self::UNKNOWN
    };
}

/// Hours of a zone, ready to be asked.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// As they were given.
    written: String,
    /// With its times replaced by their ranks, so that no span passes midnight: the order of times
    /// is all that rules are applied by.
    ranked: OpeningHours,
    /// The minutes from midnight that the ranks stand for, to 2,880.
    minutes: Vec<u16>,
    zone: Tz,
}

impl Schedule {
    /// Reads hours, their zone, and whose public holidays count.
    ///
    /// # Errors
    /// When the hours do not parse, or the zone is none.
    pub fn new(hours: &str, zone_name: &str, country: Option<&str>) -> Result<Self, Invalid> {
        let mut expression = parse(hours)?;
        let rules = std::mem::take(&mut expression.rules);
        let mut rules: Vec<RuleSequence> = rules.into_iter().flat_map(without_open_ends).collect();
        let times = rules.iter().flat_map(|rule| &rule.time_selector.spans);
        let mut minutes: Vec<u16> = times.flat_map(minutes_of).chain([0, LAST]).collect();
        minutes.sort_unstable();
        minutes.dedup();
        for rule in &mut rules {
            let whole = rule.kind == RuleKind::Closed && is_whole_day(&rule.time_selector);
            let ranked = |span: &TimeSpan| {
                let [from, to] = match whole {
                    // A day off has no hours of its own, also none that pass midnight.
                    true => [0, LAST],
                    false => minutes_of(span),
                };
                TimeSpan::fixed_range(rank(&minutes, from), rank(&minutes, to))
            };
            rule.time_selector =
                TimeSelector::new(rule.time_selector.spans.iter().map(ranked).collect());
        }
        expression.rules = rules;
        let holidays = country.and_then(|code| code.parse::<Country>().ok());
        let holidays = holidays.map_or_else(ContextHolidays::default, Country::holidays);
        let ranked: OpeningHours = expression.to_string().parse().map_err(|_| {
            Invalid::new(
                "hours",
                "these opening hours cannot be evaluated",
                super::REMEDY,
            )
        })?;
        Ok(Self {
            written: hours.to_owned(),
            ranked: ranked.with_context(Context::default().with_holidays(holidays)),
            minutes,
            zone: zone(zone_name)?,
        })
    }

    /// The hours as they were given.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// The zone.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The intervals that begin on local days, merged, in order.
    pub fn intervals(&self, from: NaiveDate, days: u64) -> Vec<Interval> {
        let mut intervals: Vec<Interval> = from
            .iter_days()
            .take(usize::try_from(days).unwrap_or(usize::MAX))
            .flat_map(|day| self.day(day))
            .filter(|one| one.opens_at < one.closes_at)
            .collect();
        // What is known goes before what depends, where both say something of a moment.
        intervals.sort_by_key(|one| (one.opens_at, one.state, one.closes_at));
        merged(intervals)
    }

    fn day(&self, day: NaiveDate) -> Vec<Interval> {
        let midnight = NaiveDateTime::from(day);
        let moment = |time: ExtendedTime| {
            let minutes = self.minutes.get(usize::from(time.mins_from_midnight()));
            let minutes = minutes.copied().unwrap_or(LAST);
            moment(self.zone, midnight + Duration::minutes(i64::from(minutes)))
        };
        self.ranked
            .schedule_at(day)
            .into_iter()
            .filter(|range| range.kind != RuleKind::Closed)
            .map(|range| Interval {
                opens_at: moment(range.range.start),
                closes_at: moment(range.range.end),
                // What depends on something, such as an appointment, is not open to everybody.
                state: match range.kind {
                    RuleKind::Open if range.comment.is_empty() => State::Open,
                    _ => State::Unknown,
                },
                note: Some(range.comment).filter(|comment| !comment.is_empty()),
            })
            .collect()
    }

    /// What holds at a moment.
    pub fn at(&self, at: DateTime<Utc>) -> Window {
        let first = at.with_timezone(&self.zone).date_naive() - Days::new(2);
        let near = self.intervals(first, 10);
        let holds = |one: &&Interval| one.opens_at <= at && at < one.closes_at;
        if let Some(now) = near.iter().find(holds) {
            let week = at + Duration::days(7);
            let until = Some(now.closes_at).filter(|until| *until < week);
            return Window {
                state: now.state,
                opens_at: None,
                closes_at: until.filter(|_| now.state == State::Open),
                next_change_at: until,
                note: now.note.clone(),
            };
        }
        let later = |intervals: Vec<Interval>| intervals.into_iter().find(|one| one.opens_at > at);
        let next = later(near).or_else(|| later(self.intervals(first, FARTHEST)));
        let opens_at = next.as_ref().map(|one| one.opens_at);
        Window {
            state: State::Closed,
            opens_at,
            closes_at: None,
            next_change_at: opens_at,
            note: next.and_then(|one| one.note),
        }
    }

    /// The hours that may hold on a day in UTC.
    pub fn around(&self, day: NaiveDate) -> Vec<Interval> {
        self.intervals(day - Days::new(3), 12)
    }

    /// The hours of the days from `today`, as records carry them: what begins before its first
    /// or ends after its last moment in UTC is cut there.
    fn upcoming(&self, today: NaiveDate) -> Vec<Interval> {
        let [from, to] =
            [today, today + Days::new(UPCOMING)].map(|day| NaiveDateTime::from(day).and_utc());
        let mut intervals = self.intervals(today - Days::new(3), UPCOMING + 5);
        intervals.retain(|one| one.closes_at > from && one.opens_at < to);
        for one in &mut intervals {
            one.opens_at = one.opens_at.max(from);
            one.closes_at = one.closes_at.min(to);
        }
        intervals
    }
}

/// The hours of the next 14 days, from the beginning of `today` in UTC; `None` where they are not
/// known. Records of a list share their schedules, so each thread keeps those of the day.
pub fn upcoming(
    today: NaiveDate,
    hours: Option<&str>,
    zone: Option<&str>,
    country: Option<&str>,
) -> Option<Vec<Interval>> {
    thread_local! {
        static KEPT: RefCell<(NaiveDate, HashMap<String, Vec<Interval>>)> = RefCell::default();
    }
    let key = super::key(hours, zone, country)?;
    KEPT.with_borrow_mut(|(day, kept)| {
        if *day != today || kept.len() > 10_000 {
            (*day, *kept) = (today, HashMap::new());
        }
        if let Some(known) = kept.get(&key) {
            return Some(known.clone());
        }
        let schedule = Schedule::new(hours?, zone.unwrap_or("UTC"), country).ok()?;
        let intervals = schedule.upcoming(today);
        kept.insert(key, intervals.clone());
        Some(intervals)
    })
}

/// The last minute that a span reaches: the end of the day after.
const LAST: u16 = 2 * 24 * 60;

fn is_whole_day(selector: &TimeSelector) -> bool {
    selector
        .spans
        .iter()
        .all(|span| minutes_of(span) == [0, 24 * 60])
}

/// A span in minutes from midnight; one that ends before it begins ends on the next day.
fn minutes_of(span: &TimeSpan) -> [u16; 2] {
    let minutes = |time: Time| match time {
        Time::Fixed(time) => time.mins_from_midnight(),
        // Refused when the hours were parsed.
        Time::Variable(_) => 0,
    };
    let [from, to] = [minutes(span.range.start), minutes(span.range.end)];
    match from < to {
        true => [from, to],
        false => [from, (to + 24 * 60).min(LAST)],
    }
}

/// The rank of a time among those of its hours, as if it were minutes.
fn rank(minutes: &[u16], time: u16) -> ExtendedTime {
    let rank = minutes.binary_search(&time).unwrap_or_default();
    let rank = u16::try_from(rank).unwrap_or_default();
    ExtendedTime::from_mins_from_midnight(rank).unwrap_or(ExtendedTime::MIDNIGHT_24)
}

/// A rule, and beside it one for what its spans leave open: `08:00+` begins at eight and does not
/// say when it ends, so that it is unknown whether somebody answers.
fn without_open_ends(mut rule: RuleSequence) -> Vec<RuleSequence> {
    let (open, closed): (Vec<TimeSpan>, Vec<TimeSpan>) = rule
        .time_selector
        .spans
        .iter()
        .cloned()
        .partition(|span| span.open_end);
    if open.is_empty() {
        return vec![rule];
    }
    let midnight = Time::Fixed(ExtendedTime::MIDNIGHT_24);
    let mut known = closed;
    let mut unknown = Vec::new();
    for mut span in open {
        span.open_end = false;
        let end = span.range.end;
        if end == midnight {
            unknown.push(span);
        } else {
            unknown.push(TimeSpan {
                range: end..midnight,
                ..span.clone()
            });
            known.push(span);
        }
    }
    let mut depends = rule.clone();
    depends.kind = RuleKind::Unknown;
    depends.comment = OPEN_END.into();
    depends.time_selector = TimeSelector::new(unknown);
    if known.is_empty() {
        return vec![depends];
    }
    depends.operator = RuleOperator::Additional;
    rule.time_selector = TimeSelector::new(known);
    vec![rule, depends]
}

/// Joins intervals that touch or overlap and say the same; of two that say different things of
/// a moment the earlier goes on, and the later begins where it ends.
fn merged(intervals: Vec<Interval>) -> Vec<Interval> {
    let mut merged: Vec<Interval> = Vec::with_capacity(intervals.len());
    for mut next in intervals {
        match merged.last_mut() {
            Some(last) if next.opens_at <= last.closes_at => {
                if (last.state, &last.note) == (next.state, &next.note) {
                    last.closes_at = last.closes_at.max(next.closes_at);
                } else if next.closes_at > last.closes_at {
                    next.opens_at = last.closes_at;
                    merged.push(next);
                }
            }
            _ => merged.push(next),
        }
    }
    merged
}

/// The moment of a local time, by the rule of RFC 5545.
pub fn moment(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(moment) | MappedLocalTime::Ambiguous(moment, _) => moment.to_utc(),
        // In a gap: no zone skips more than a day, and none twice in two.
        MappedLocalTime::None => match zone.from_local_datetime(&(local - Duration::days(1))) {
            MappedLocalTime::Single(before) | MappedLocalTime::Ambiguous(before, _) => {
                before.to_utc() + Duration::days(1)
            }
            MappedLocalTime::None => local.and_utc(),
        },
    }
}
