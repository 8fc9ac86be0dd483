//! Places by their codes: ISO 3166-1 countries, ISO 3166-2 subdivisions, UN M49 regions.

use super::{Invalid, dissolved};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};
use validator::ValidationError;

/// The code for "everywhere", in coverage, areas served and geographies.
pub const WORLD: &str = "WLD";

/// Regions as their publishers define them, under user-assigned alpha-3 codes (data/README.md).
pub const PUBLISHER_REGIONS: [(&str, &str); 9] = [
    ("XIA", "ILO: Arab States"),
    ("XIE", "ILO: Europe and Central Asia"),
    ("XIP", "ILO: Asia and the Pacific"),
    ("XSA", "US State Department: Africa"),
    ("XSE", "US State Department: East Asia and Pacific"),
    ("XSN", "US State Department: Near East"),
    (
        "XSS",
        "US State Department: South (later South and Central) Asia",
    ),
    (
        "XSU",
        "US State Department: Europe (until 2005 with Eurasia)",
    ),
    ("XSW", "US State Department: Western Hemisphere"),
];

/// Which countries a UN M49 region, or the EU, holds. From the territory containment of the
/// Unicode CLDR 48.2 (Unicode License v3), deprecated groupings left out.
static REGIONS: LazyLock<BTreeMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    include_str!("regions.csv")
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(','))
        .map(|(region, countries)| (region, countries.split(';').collect()))
        .collect()
});

/// A country of the closed list: ISO 3166-1 alpha-2, and XK for Kosovo, in use with publishers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country {
    /// ISO 3166-1 alpha-2.
    pub code: &'static str,
    /// The English short name.
    pub name: &'static str,
}

static COUNTRIES: LazyLock<BTreeMap<&'static str, Country>> = LazyLock::new(|| {
    rust_iso3166::ALL
        .iter()
        .map(|c| (c.alpha2, c.name))
        .chain([("XK", "Kosovo")])
        .map(|(code, name)| (code, Country { code, name }))
        .collect()
});

impl Country {
    /// The country of an alpha-2 code, in capitals or not.
    ///
    /// # Errors
    /// When the code is not in the list.
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        COUNTRIES
            .get(code.to_ascii_uppercase().as_str())
            .copied()
            .ok_or_else(|| {
                Invalid::new(
                    "country",
                    "it is no country code",
                    "use an ISO 3166-1 alpha-2 code such as PH or GB",
                )
            })
    }

    /// All countries, by code.
    pub fn all() -> impl Iterator<Item = Country> {
        COUNTRIES.values().copied()
    }

    /// The country's calling code, if it has one of its own in the numbering plans.
    pub fn calling_code(self) -> Option<u16> {
        super::phone::calling_code(self.code)
    }
}

/// A subdivision by its ISO 3166-2 code, in capitals.
///
/// # Errors
/// When the code is not in ISO 3166-2.
pub fn subdivision(code: &str) -> Result<String, Invalid> {
    let code = code.to_ascii_uppercase();
    if rust_iso3166::iso3166_2::from_code(&code).is_some() {
        return Ok(code);
    }
    Err(Invalid::new(
        "subdivision",
        "it is no subdivision code",
        "use an ISO 3166-2 code such as US-CA",
    ))
}

/// The country in which an area lies: itself, or the one before the hyphen.
pub fn country_of(area: &str) -> &str {
    area.split_once('-').map_or(area, |(country, _)| country)
}

/// Where something is listed that serves these areas: each area's country, or the wider area.
pub fn countries_of(areas: &[String]) -> Vec<String> {
    let mut countries: Vec<String> = areas.iter().map(|a| country_of(a).to_owned()).collect();
    countries.sort();
    countries.dedup();
    countries
}

/// The areas whose coverage reaches a place: the place itself, its country, the regions that
/// hold the country, the world.
pub fn reached_by(place: &str) -> Vec<String> {
    let country = country_of(place);
    let mut areas = vec![place.to_owned(), country.to_owned(), WORLD.to_owned()];
    areas.extend(
        REGIONS
            .iter()
            .filter(|(_, countries)| countries.binary_search(&country).is_ok())
            .map(|(region, _)| (*region).to_owned()),
    );
    areas.sort();
    areas.dedup();
    areas
}

/// Whether a region holds a country.
pub fn holds(region: &str, country: &str) -> bool {
    REGIONS
        .get(region)
        .is_some_and(|countries| countries.binary_search(&country).is_ok())
}

/// The geographies that lie within others, those included: subdivisions of a country; countries of
/// a region with theirs, and regions that lie wholly in it. Nothing for the world, in which all lie.
pub fn within(codes: &[String]) -> Option<Vec<String>> {
    let mut inside: BTreeSet<&str> = BTreeSet::new();
    let mut countries: BTreeSet<&str> = BTreeSet::new();
    for code in codes {
        if code == WORLD {
            return None;
        }
        inside.insert(code);
        if let Some(members) = REGIONS.get(code.as_str()) {
            countries.extend(members);
            let held = |of: &[&str]| of.iter().all(|one| members.binary_search(one).is_ok());
            let regions = REGIONS.iter().filter(|(_, of)| held(of));
            inside.extend(regions.map(|(region, _)| *region));
        } else if COUNTRIES.contains_key(code.as_str()) {
            countries.insert(code);
        }
    }
    let parts = |country: &&str| rust_iso3166::iso3166_2::SUBDIVISION_COUNTRY_MAP.get(country);
    let parts = countries.iter().filter_map(parts);
    inside.extend(parts.flat_map(|parts| parts.iter().map(|part| part.code)));
    inside.extend(countries);
    Some(inside.into_iter().map(str::to_owned).collect())
}

/// A geography of which it is known what lies within it.
///
/// # Errors
/// When the code names none, or a region as its publisher defines it.
pub fn holder(code: &str) -> Result<String, Invalid> {
    let code = geography(code)?;
    match PUBLISHER_REGIONS.iter().any(|(own, _)| *own == code) {
        true => Err(Invalid::new(
            "geography",
            "what its publisher counts to this region is not known",
            "ask for the region itself by geography=, or for a UN M49 region",
        )),
        false => Ok(code),
    }
}

/// The name of a subdivision as ISO 3166-2 writes it, in a language of its country.
pub fn subdivision_name(code: &str) -> Option<&'static str> {
    rust_iso3166::iso3166_2::from_code(code).map(|one| one.name)
}

/// Whether the code names an area: a country, a subdivision, an M49 region, the EU, the world.
pub fn is_area(code: &str) -> bool {
    code == WORLD
        || REGIONS.contains_key(code)
        || COUNTRIES.contains_key(code)
        || rust_iso3166::iso3166_2::from_code(code).is_some()
}

/// Whether the code names a geography of statistics: an area or a region of a publisher.
pub fn is_geography(code: &str) -> bool {
    is_area(code) || PUBLISHER_REGIONS.iter().any(|(own, _)| *own == code)
}

/// The validator's form of [`Country::parse`], for codes in capitals.
///
/// # Errors
/// When the code is not in the list.
pub fn valid_country(code: &str) -> Result<(), ValidationError> {
    match Country::parse(code) {
        Ok(country) if country.code == code => Ok(()),
        Ok(_) => Err(Invalid::new("country", "it is not in capitals", "use capitals").into()),
        Err(invalid) => Err(invalid.into()),
    }
}

/// The validator's form of [`subdivision`].
///
/// # Errors
/// When the code is not in ISO 3166-2.
pub fn valid_subdivision(code: &str) -> Result<(), ValidationError> {
    subdivision(code).map(drop).map_err(Into::into)
}

/// Each entry an area, none twice.
///
/// # Errors
/// When an entry names no area or stands twice.
pub fn valid_areas(areas: &[String]) -> Result<(), ValidationError> {
    if areas.iter().all(|area| is_area(area)) {
        return super::slug::distinct(areas);
    }
    Err(Invalid::new(
        "area",
        "an entry is no area code",
        "use ISO 3166-1 alpha-2, ISO 3166-2, UN M49 or WLD",
    )
    .into())
}

/// A geography of statistics.
///
/// # Errors
/// When the code names none.
pub fn geography(code: &str) -> Result<String, Invalid> {
    let code = code.to_ascii_uppercase();
    if is_geography(&code) {
        return Ok(code);
    }
    Err(dissolved::refused(country_of(&code)).unwrap_or_else(|| {
        Invalid::new(
            "geography",
            "it is no geography",
            "use ISO 3166-1 alpha-2, ISO 3166-2, UN M49, EU, WLD or a code of data/README.md",
        )
    }))
}

/// The validator's form of [`geography`].
///
/// # Errors
/// When the code names none.
pub fn valid_geography(code: &str) -> Result<(), ValidationError> {
    geography(code).map(drop).map_err(Into::into)
}

/// An area by its code, in capitals.
///
/// # Errors
/// When the code names none.
pub fn area(code: &str) -> Result<String, Invalid> {
    let code = code.to_ascii_uppercase();
    if is_area(&code) {
        return Ok(code);
    }
    Err(Invalid::new(
        "area",
        "it is no area code",
        "use ISO 3166-1 alpha-2, ISO 3166-2, UN M49 or WLD",
    ))
}

/// The great-circle distance between two points (latitude, longitude) in kilometres, on a sphere
/// with the mean radius of the earth.
pub fn kilometres(from: (f64, f64), to: (f64, f64)) -> f64 {
    let (lat1, lat2) = (from.0.to_radians(), to.0.to_radians());
    let half = |a: f64, b: f64| ((b - a) / 2.0).sin().powi(2);
    let chord =
        half(lat1, lat2) + lat1.cos() * lat2.cos() * half(from.1.to_radians(), to.1.to_radians());
    2.0 * 6371.0088 * chord.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_closed_list() {
        assert_eq!(Country::parse("ph").map(|c| c.code), Ok("PH"));
        assert!(Country::parse("XX").is_err());
        assert!(Country::all().count() >= 250);
    }

    #[test]
    fn coverage_of_a_country_reaches_its_subdivisions() {
        let reach = reached_by("KE");
        assert!(reach.contains(&"014".to_owned()) && reach.contains(&WORLD.to_owned()));
        assert!(reached_by("US-CA").contains(&"US".to_owned()));
    }

    #[test]
    fn measures_great_circles() {
        let vienna_brussels = kilometres((48.2085, 16.3721), (50.8505, 4.3488));
        assert!((vienna_brussels - 915.0).abs() < 5.0, "{vienna_brussels}");
        assert!(kilometres((0.0, 179.9), (0.0, -179.9)) < 23.0);
    }
}
