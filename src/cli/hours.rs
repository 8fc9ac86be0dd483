//! `lodestar hours`: when hours are open, as moments in UTC.

use crate::values::hours::{Interval, Schedule, State, moment};
use chrono::{DateTime, Days, NaiveDate, Utc};
use clap::Args;
use std::{fmt::Write, fs, path::PathBuf};

/// Shows when opening hours are open, as moments in UTC
#[derive(Debug, Args)]
pub struct Hours {
    /// Opening hours, such as "Mo-Fr 09:00-17:00"
    #[arg(required_unless_present = "cases")]
    hours: Option<String>,
    /// The IANA zone of those hours
    #[arg(long, default_value = "UTC")]
    timezone: String,
    /// Whose public holidays count, ISO 3166-1 alpha-2
    #[arg(long)]
    country: Option<String>,
    /// The first day; today without it
    #[arg(long)]
    from: Option<NaiveDate>,
    /// The last day; 13 days after the first without it
    #[arg(long)]
    to: Option<NaiveDate>,
    /// A file of many: zone, first day, last day and hours in each line, joined by tabs; prints
    /// one line of intervals for each
    #[arg(long, conflicts_with_all = ["hours", "country", "from", "to"])]
    cases: Option<PathBuf>,
}

/// Prints the intervals.
///
/// # Errors
/// When hours, a zone or a day cannot be read.
pub fn hours(asked: &Hours) -> super::Outcome {
    let text = match &asked.cases {
        Some(path) => {
            let cases = fs::read_to_string(path)
                .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            of_cases(&cases)?
        }
        None => of_one(asked)?,
    };
    super::print(&text)
}

fn of_one(asked: &Hours) -> Result<String, String> {
    let hours = asked.hours.as_deref().unwrap_or_default();
    let schedule = Schedule::new(hours, &asked.timezone, asked.country.as_deref())
        .map_err(|invalid| invalid.to_string())?;
    let today = Utc::now().with_timezone(&schedule.zone()).date_naive();
    let from = asked.from.unwrap_or(today);
    let to = asked.to.unwrap_or(from + Days::new(13));
    let lines = shown(&schedule, from, to);
    let lines = lines.iter().map(|one| one.text("%a %Y-%m-%d %H:%M"));
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

fn of_cases(cases: &str) -> Result<String, String> {
    let mut text = String::new();
    for (place, line) in cases.lines().enumerate() {
        let refused = |why: String| format!("line {}: {why}", place + 1);
        let fields: Vec<&str> = line.split('\t').collect();
        let [zone, from, to, hours] = fields[..] else {
            return Err(refused(
                "these are not four fields joined by tabs".to_owned(),
            ));
        };
        let day = |text: &str| {
            text.parse()
                .map_err(|_| refused(format!("{text} is no day")))
        };
        let schedule = Schedule::new(hours, zone, None);
        let schedule = schedule.map_err(|invalid| refused(invalid.to_string()))?;
        let shown = shown(&schedule, day(from)?, day(to)?);
        let shown = shown.iter().map(|one| one.text("%Y-%m-%dT%H:%MZ"));
        let _ = writeln!(text, "{}", shown.collect::<Vec<_>>().join(" "));
    }
    Ok(text)
}

/// An interval as it is printed.
struct Shown {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    note: String,
}

impl Shown {
    fn text(&self, format: &str) -> String {
        format!(
            "{}/{}{}",
            self.from.format(format),
            self.to.format(format),
            self.note
        )
    }
}

/// The intervals of local days, cut at the first and the last midnight.
fn shown(schedule: &Schedule, from: NaiveDate, to: NaiveDate) -> Vec<Shown> {
    let midnight = |day: NaiveDate| moment(schedule.zone(), day.into());
    let (first, last) = (midnight(from), midnight(to + Days::new(1)));
    let days = u64::try_from((to - from).num_days() + 4).unwrap_or_default();
    let intervals = schedule.intervals(from - Days::new(2), days);
    let cut = |one: Interval| Shown {
        from: one.opens_at.max(first),
        to: one.closes_at.min(last),
        note: match one.state {
            State::Open => String::new(),
            _ => format!(
                " (unknown: {})",
                one.note.as_deref().unwrap_or("it depends")
            ),
        },
    };
    let shown = intervals.into_iter().map(cut);
    shown.filter(|one| one.from < one.to).collect()
}
