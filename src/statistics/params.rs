//! How observations are asked for in addresses.

use super::{
    filter::{ANY, NONE, Narrowing, SEXES, StatisticFilter, StatisticSort},
    input,
    model::{ASSESSMENTS, OBSERVATION_STATUSES, UNITS},
};
use crate::values::{Invalid, explain, lexicon::LookedFor};
use crate::web::{
    FromParams, Params,
    formats::Format,
    page::{Paging, Sort, number},
    parse,
};

/// The most figures that `latest` takes of each series.
const LATEST: i64 = 100;

impl FromParams for StatisticFilter {
    fn from_params(params: &mut Params) -> Self {
        let filter = Self {
            access: params.access(),
            dated: false,
            or_broken_down: false,
            search: params.one("search", parse::search).map(LookedFor::new),
            indicator: params.list("indicator", parse::reference),
            by: Narrowing::among(params, ANY),
        };
        if filter.by.as_of.is_some() {
            if filter.search.is_some() {
                params.misfit(
                    "search",
                    "not_of_the_past",
                    "the past is not searched by words",
                    "leave search or as_of out; narrow by indicator, geography, publisher or source",
                );
            }
            if filter.access.is_some() {
                params.misfit(
                    "as_of",
                    "public",
                    "the past is what the public saw",
                    "leave out status and visibility; a record's history is at its own address",
                );
            }
        }
        filter
    }
}

impl Narrowing {
    /// Takes its parameters; a dimension that is left out counts as `otherwise`.
    fn among(params: &mut Params, otherwise: &str) -> Self {
        let by = Self {
            geography: params.list("geography", parse::geography),
            within: params.list("within", parse::holder),
            from: params.one("from", parse::days).map(|(first, _)| first),
            to: params.one("to", parse::days).map(|(_, last)| last),
            sex: chosen(params.list("sex", parse::name_of(&SEXES)), otherwise),
            age_band: chosen(params.list("age_band", age_band_or_none), otherwise),
            exploitation: chosen(params.list("exploitation", parse::reference), otherwise),
            population: params.list("population", parse::search),
            denominator: params.list("denominator", parse::search),
            publisher: params.list("publisher", parse::search),
            source: params.list("source", parse::reference),
            unit: params.list("unit", parse::name_of(&UNITS)),
            observation_status: params
                .list("observation_status", parse::name_of(&OBSERVATION_STATUSES)),
            assessment: params.list("assessment", parse::name_of(&ASSESSMENTS)),
            latest: params.one("latest", number(1, LATEST)),
            as_of: params.one("as_of", parse::as_of),
        };
        if by.from.zip(by.to).is_some_and(|(from, to)| from > to) {
            params.misfit("from", "order", "from lies after to", "exchange the two");
        }
        by
    }
}

/// The values asked for of a dimension; none of them where all are wanted.
fn chosen(asked: Vec<String>, otherwise: &str) -> Vec<String> {
    let asked = match asked.is_empty() {
        true => vec![otherwise.to_owned()],
        false => asked,
    };
    match asked.iter().any(|one| one == ANY) {
        true => Vec::new(),
        false => asked,
    }
}

fn age_band_or_none(value: &str) -> Result<String, Invalid> {
    match [NONE, ANY].contains(&value) {
        true => Ok(value.to_owned()),
        false => age_band(value),
    }
}

/// Reads a band of ages.
///
/// # Errors
/// When it is none; with another code where it has the form of one.
pub fn age_band(value: &str) -> Result<String, Invalid> {
    let digits = |part: &str| {
        (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let shaped = match (value.strip_suffix('+'), value.split_once('-')) {
        (Some(from), _) => digits(from),
        (None, Some((from, to))) => digits(from) && digits(to),
        _ => false,
    };
    if !shaped {
        return Err(Invalid::new(
            "form",
            "it is no age band",
            "write 0-17 or 18+",
        ));
    }
    input::valid_age_band(value)
        .map(|()| value.to_owned())
        .map_err(|error| explain(&error))
}

impl Sort for StatisticSort {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("title", Self::Title),
        ("-title", Self::TitleDescending),
        ("period", Self::Period),
        ("-period", Self::PeriodDescending),
        ("value", Self::Value),
        ("-value", Self::ValueDescending),
        ("geography", Self::Geography),
        ("-geography", Self::GeographyDescending),
        ("published_on", Self::PublishedOn),
        ("-published_on", Self::PublishedOnDescending),
        ("last_modified", Self::LastModified),
        ("-last_modified", Self::LastModifiedDescending),
    ];
}

/// Which figures of an indicator, and which page of them; the indicator stands in the path.
#[derive(Debug)]
pub struct ComparisonAsked {
    /// Which figures.
    pub filter: StatisticFilter,
    /// Which page of them.
    pub paging: Paging,
}

impl FromParams for ComparisonAsked {
    fn from_params(params: &mut Params) -> Self {
        let dimensions = ["sex", "age_band", "exploitation"];
        Self {
            filter: StatisticFilter {
                dated: true,
                or_broken_down: !dimensions.iter().any(|name| params.has(name)),
                by: Narrowing::among(params, NONE),
                ..StatisticFilter::default()
            },
            paging: Paging::from_params(params),
        }
    }
}

/// What a series is asked.
#[derive(Debug)]
pub struct SeriesAsked {
    /// Which figures.
    pub figures: ComparisonAsked,
    /// In which format; `None` leaves it to the Accept header.
    pub format: Option<Format>,
}

impl FromParams for SeriesAsked {
    fn from_params(params: &mut Params) -> Self {
        let format = params.one("format", Format::parse);
        let streams = format.is_some_and(|format| format != Format::Json);
        for name in ["page", "per_page"] {
            if streams && params.has(name) {
                params.misfit(
                    name,
                    "not_in_streams",
                    "csv and ndjson carry the whole series",
                    "leave it out, or ask for format=json",
                );
            }
        }
        Self {
            figures: ComparisonAsked::from_params(params),
            format,
        }
    }
}
