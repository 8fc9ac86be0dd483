//! Opening hours.

use crate::values::hours::{self, Schedule, State};
use chrono::{Days, Duration, NaiveDate, NaiveTime};

/// Zones whose clocks are put forward and back in ways of their own, and whose holidays count there.
const ZONES: [(&str, Option<&str>); 16] = [
    ("UTC", None),
    ("Europe/London", Some("GB")),
    ("America/New_York", Some("US")),
    ("Australia/Lord_Howe", Some("AU")),
    ("Africa/Casablanca", Some("MA")),
    ("America/St_Johns", Some("CA")),
    ("Pacific/Chatham", Some("NZ")),
    ("Antarctica/Troll", None),
    ("Asia/Kathmandu", Some("NP")),
    ("Pacific/Apia", Some("WS")),
    ("Pacific/Kiritimati", Some("KI")),
    ("America/Santiago", Some("CL")),
    ("Africa/Cairo", Some("EG")),
    ("Asia/Gaza", Some("PS")),
    ("America/Nuuk", Some("GL")),
    ("Europe/Dublin", Some("IE")),
];

/// Opening hours: the first byte says in which zone, the second from which day on.
pub fn hours(bytes: &[u8]) -> bool {
    let [zone, day, notation @ ..] = bytes else {
        return false;
    };
    let (zone, country) = ZONES[usize::from(*zone) % ZONES.len()];
    let first = NaiveDate::default() + Days::new(56 * 365 + 3 * u64::from(*day));
    let Ok(notation) = str::from_utf8(notation) else {
        return false;
    };
    if hours::valid(notation).is_err() {
        return false;
    }
    let schedule = Schedule::new(notation, zone, country);
    let Ok(schedule) = schedule else {
        panic!("hours that are taken can be evaluated: {schedule:?}");
    };
    let intervals = schedule.intervals(first, 14);
    for one in &intervals {
        assert!(one.opens_at < one.closes_at, "{one:?}");
        assert!(one.state != State::Closed, "{one:?}");
    }
    for pair in intervals.windows(2) {
        assert!(pair[0].closes_at <= pair[1].opens_at, "{pair:?}");
    }
    let key = hours::key(Some(notation), Some(zone), country);
    for one in intervals.iter().take(3) {
        for at in [
            one.opens_at,
            one.closes_at - Duration::seconds(1),
            one.closes_at,
        ] {
            let window = schedule.at(at);
            let later = [window.opens_at, window.closes_at, window.next_change_at];
            assert!(
                later.into_iter().flatten().all(|then| then > at),
                "{window:?}"
            );
            let open = window.state == State::Open;
            assert!(!open || window.opens_at.is_none(), "{window:?}");
            assert_eq!(key.as_ref().map(|key| hours::is_open(key, at)), Some(open));
        }
    }
    let upcoming = hours::upcoming(first, Some(notation), Some(zone), country);
    let [from, to] =
        [first, first + Days::new(14)].map(|day| day.and_time(NaiveTime::MIN).and_utc());
    for one in upcoming.iter().flatten() {
        assert!(from <= one.opens_at && one.opens_at < one.closes_at && one.closes_at <= to);
    }
    upcoming.is_some()
}
