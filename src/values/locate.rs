//! Where a point lies, from boundaries that come with the program: no service is asked.
//!
//! The boundaries are those of OpenStreetMap contributors (Open Database License), simplified by
//! the crate `country-boundaries`. They know the states of some countries, and reach some way out to sea.

use super::place::{Country, country_of, subdivision};
use country_boundaries::{BOUNDARIES_ODBL_60X30, CountryBoundaries, LatLon};
use std::sync::LazyLock;

static BOUNDARIES: LazyLock<Option<CountryBoundaries>> =
    LazyLock::new(|| CountryBoundaries::from_reader(BOUNDARIES_ODBL_60X30).ok());

/// The narrowest area of the code tables that holds a point (latitude, longitude): a subdivision
/// where its boundaries are known, else a country; `None` at sea.
pub fn area(latitude: f64, longitude: f64) -> Option<String> {
    let point = LatLon::new(latitude, longitude).ok()?;
    let areas = BOUNDARIES.as_ref()?.ids(point);
    let known =
        |area: &&&str| subdivision(area).is_ok() && Country::parse(country_of(area)).is_ok();
    let narrow = areas.iter().find(|area| area.contains('-') && known(area));
    let wide = areas.iter().find(|area| Country::parse(area).is_ok());
    narrow.or(wide).map(|area| (*area).to_owned())
}

#[cfg(test)]
mod tests {
    use super::area;

    #[test]
    fn finds_states_countries_and_the_sea() {
        assert_eq!(area(34.05, -118.24).as_deref(), Some("US-CA"));
        assert_eq!(area(14.6, 120.98).as_deref(), Some("PH"));
        assert_eq!(area(48.21, 16.37).as_deref(), Some("AT"));
        assert_eq!(area(-45.0, -120.0), None);
        assert_eq!(area(-91.0, 0.0), None);
    }
}
