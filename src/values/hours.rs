//! Opening hours in OpenStreetMap's `opening_hours` notation, and the zone they are kept in.

use super::Invalid;
use opening_hours::OpeningHours;
use validator::ValidationError;

/// Hours that the parser reads.
///
/// # Errors
/// When the notation does not parse.
pub fn valid(hours: &str) -> Result<(), ValidationError> {
    if hours.len() <= 500 && hours.parse::<OpeningHours>().is_ok() {
        return Ok(());
    }
    Err(Invalid::new(
        "hours",
        "these opening hours do not parse",
        "use the opening_hours notation of OpenStreetMap, such as Mo-Fr 09:00-17:00 or 24/7; put 'by appointment' into the notes",
    )
    .into())
}

/// A zone of the IANA database.
///
/// # Errors
/// When the database has no such zone.
pub fn valid_zone(zone: &str) -> Result<(), ValidationError> {
    if zone.parse::<chrono_tz::Tz>().is_ok() {
        return Ok(());
    }
    Err(Invalid::new(
        "timezone",
        "it is no time zone",
        "use a name of the IANA database such as Europe/Prague",
    )
    .into())
}

#[cfg(test)]
mod tests {
    #[test]
    fn reads_the_notation_of_the_field() {
        for good in [
            "24/7",
            "Mo-Fr 07:00-02:00; Sa-Su 11:00-24:00",
            "Mo-Su 08:00+",
            "Sa-Su,PH 09:00-15:00",
        ] {
            assert!(super::valid(good).is_ok(), "{good}");
        }
        for bad in ["9am-5pm", "Mo-Fr 25:00-26:00", "weekdays"] {
            assert!(super::valid(bad).is_err(), "{bad}");
        }
    }
}
