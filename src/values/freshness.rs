//! Freshness: how old a confirmation is, graded by the rule of the directory.

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// The last day, in days of age, of the grades `current`, `due` and `overdue`.
const LIMITS: [(i64, &str); 3] = [(90, "current"), (180, "due"), (365, "overdue")];

/// How old the knowledge of a record or a contact point is. Age counts from the later of the
/// verification and the date of the newest source, in whole UTC days; without any date, or with one
/// that has not come yet, the grade is `expired`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Freshness {
    /// `current` (to 90 days), `due` (to 180), `overdue` (to 365) or `expired` (beyond, or no
    /// date). New grades may be added.
    #[schema(value_type = String, example = "expired")]
    pub grade: &'static str,
    /// Age in days; `null` when neither a verification nor a dated source is known.
    #[schema(minimum = 0, example = 400)]
    pub age_days: Option<i64>,
    /// Whether a person has verified it with the operator; imported rows say `false`.
    #[schema(example = false)]
    pub verified: bool,
    /// The day from which it should be reviewed; `null` when it should be reviewed at once.
    #[schema(example = json!(null))]
    pub next_review_on: Option<NaiveDate>,
}

/// So many days a source may be ahead, since bundles are dated back to a Monday. What is said to be published later than that
/// is a slip of the pen, and makes nothing fresh.
const AHEAD: u64 = 7;

impl Freshness {
    /// Grades a record verified at one time and sourced on another, as seen on the day `today`.
    pub fn on(
        today: NaiveDate,
        verified_at: Option<DateTime<Utc>>,
        source_date: Option<NaiveDate>,
    ) -> Self {
        let source_date = source_date.filter(|date| *date <= today + Days::new(AHEAD));
        let since = verified_at.map(|at| at.date_naive()).max(source_date);
        let age_days = since.map(|since| (today - since).num_days().max(0));
        let grade = age_days.and_then(|age| LIMITS.iter().find(|(limit, _)| age <= *limit));
        Self {
            grade: grade.map_or("expired", |(_, grade)| grade),
            age_days,
            verified: verified_at.is_some(),
            next_review_on: since
                .and_then(|since| since.checked_add_days(Days::new(LIMITS[0].0 as u64)))
                .filter(|next| *next > today),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_change_on_the_day() {
        let since = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
        let grade = |days| Freshness::on(since + Days::new(days), None, Some(since)).grade;
        assert_eq!(
            [0, 90, 91, 180, 181, 365, 366].map(grade),
            [
                "current", "current", "due", "due", "overdue", "overdue", "expired"
            ]
        );
        assert_eq!(Freshness::on(since, None, None).grade, "expired");
        // A year that was mistyped.
        let ahead = |days| Freshness::on(since, None, Some(since + Days::new(days))).grade;
        assert_eq!([ahead(7), ahead(365)], ["current", "expired"]);
    }
}
