//! Earlier times of the directory, as they are asked for.

use super::{Invalid, period};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc};

/// An earlier time of the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// When this revision was the last.
    Revision(i64),
    /// At this moment.
    Moment(DateTime<Utc>),
}

impl AsOf {
    /// Reads a day, month or year (its end in UTC), an RFC 3339 moment, or `revision:` with a number.
    ///
    /// # Errors
    /// When it is none of them, or lies in the future; a revision is only compared by who knows the
    /// last one.
    pub fn parse(text: &str, now: DateTime<Utc>) -> Result<Self, Invalid> {
        let refused = || {
            Invalid::new(
                "form",
                "it is no date, moment or revision",
                "use a date such as 2026-11-24, a moment such as 2026-11-24T20:00:00Z, or a revision such as revision:4019",
            )
        };
        if let Some(number) = text.strip_prefix("revision:") {
            let digits = number.bytes().all(|byte| byte.is_ascii_digit());
            let number = (digits && number.len() <= 18).then(|| number.parse().ok());
            return number.flatten().map(Self::Revision).ok_or_else(refused);
        }
        // A day is over when the next one begins.
        let (moment, begins) = match text.len() {
            ..=10 => {
                let (first, last) = period::days(text).map_err(|_| refused())?;
                let next = last.checked_add_days(Days::new(1)).ok_or_else(refused)?;
                let start = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
                (start(next) - TimeDelta::microseconds(1), start(first))
            }
            // A plus that nobody encoded has become a blank.
            _ => {
                let moment = DateTime::parse_from_rfc3339(&text.replace(' ', "+"));
                let moment = moment.map_err(|_| refused())?.to_utc();
                (moment, moment)
            }
        };
        match begins > now {
            true => Err(Invalid::new(
                "ahead",
                "it lies in the future",
                "ask for today or earlier, or leave it out for what the directory says now",
            )),
            // Nothing was said before there was a directory, nor do databases know every year.
            false if moment.year() < 2000 => Ok(Self::Revision(0)),
            false => Ok(Self::Moment(moment)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_days_moments_and_revisions() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).map(|at| at.to_utc());
        let now = at("2026-11-24T12:00:00Z").unwrap_or_default();
        let parse = |text| AsOf::parse(text, now);
        let moment = |text| Ok(AsOf::Moment(at(text).unwrap_or_default()));
        assert_eq!(parse("revision:17"), Ok(AsOf::Revision(17)));
        assert_eq!(parse("2024"), moment("2024-12-31T23:59:59.999999Z"));
        assert_eq!(parse("2026-11"), moment("2026-11-30T23:59:59.999999Z"));
        assert_eq!(parse("2026-11-24"), moment("2026-11-24T23:59:59.999999Z"));
        assert_eq!(
            parse("2024-02-29T01:00:00 01:00"),
            moment("2024-02-29T00:00:00Z")
        );
        assert_eq!(parse("1999-12-31"), Ok(AsOf::Revision(0)));
        for ahead in ["2026-11-25", "2027", "2026-12", "2026-11-24T12:00:01Z"] {
            assert_eq!(parse(ahead).map_err(|invalid| invalid.code), Err("ahead"));
        }
        for bad in [
            "",
            "-1",
            "1e3",
            "17",
            "revision:",
            "revision:-1",
            "revision:x",
            "2023-02-29",
            "yesterday",
            "٢٠",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        assert!(parse("revision:9999999999999999999").is_err());
    }
}
