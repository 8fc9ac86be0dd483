//! Dates as sources give them: a day, a month or only a year.

use super::Invalid;
use chrono::{Days, Months, NaiveDate};
use validator::ValidationError;

/// The first and the last day of a date that may lack its day or month.
///
/// # Errors
/// When the text is not `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, or names no day of the calendar.
pub fn days(text: &str) -> Result<(NaiveDate, NaiveDate), Invalid> {
    let refused = || {
        Invalid::new(
            "date",
            "it is no date",
            "use YYYY, YYYY-MM or YYYY-MM-DD, between the years 1500 and 2200",
        )
    };
    let digits =
        |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str| part.parse::<u32>().ok();
    let first = match parts[..] {
        [y] if digits(y, 4) => number(y).and_then(|y| NaiveDate::from_ymd_opt(y as i32, 1, 1)),
        [y, m] if digits(y, 4) && digits(m, 2) => number(y)
            .zip(number(m))
            .and_then(|(y, m)| NaiveDate::from_ymd_opt(y as i32, m, 1)),
        [y, m, d] if digits(y, 4) && digits(m, 2) && digits(d, 2) => {
            NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
        }
        _ => None,
    };
    let first = first.ok_or_else(refused)?;
    if !(1500..=2200).contains(&chrono::Datelike::year(&first)) {
        return Err(refused());
    }
    let last = match parts.len() {
        1 => first
            .checked_add_months(Months::new(12))
            .map(|d| d - Days::new(1)),
        2 => first
            .checked_add_months(Months::new(1))
            .map(|d| d - Days::new(1)),
        _ => Some(first),
    };
    Ok((first, last.unwrap_or(first)))
}

/// The validator's form of [`days`].
///
/// # Errors
/// As [`days`].
pub fn valid(text: &str) -> Result<(), ValidationError> {
    days(text).map(drop).map_err(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_partial_dates() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).expect("a day");
        assert_eq!(days("2015"), Ok((day(2015, 1, 1), day(2015, 12, 31))));
        assert_eq!(days("2024-02"), Ok((day(2024, 2, 1), day(2024, 2, 29))));
        for bad in ["2023-02-29", "15", "2015-1", "", "٢٠١٥", "9999"] {
            assert!(days(bad).is_err(), "{bad}");
        }
    }
}
