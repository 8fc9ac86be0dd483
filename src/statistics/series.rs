//! Figures of one indicator as a chart and a comparison take them.

use super::{
    arithmetic::Computed,
    flags,
    input::StatisticInput,
    model::{Assessment, Dimensions, ObservationStatus, Period, Qualifier},
    shares::Share,
};
use crate::{db::record::Record, values::licence};
use crate::{values::number, web::formats::Streamed};
use serde::Serialize;
use utoipa::ToSchema;

/// A figure of one geography, period and breakdown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SeriesRow {
    /// Where: ISO 3166-1, ISO 3166-2, UN M49, `EU`, `WLD`, or a publisher's region (data/README.md).
    #[schema(example = "WLD")]
    pub geography: String,
    /// When.
    pub period: Period,
    /// What the figure is broken down by.
    pub dimensions: Dimensions,
    /// Who or what is counted, where the indicator does not say it.
    pub population: Option<String>,
    /// What a share is taken of.
    pub denominator: Option<String>,
    /// `remainder` for what the named parts of a total leave, which somebody computed; `part` for
    /// such a part. New values may be added.
    #[schema(value_type = Option<String>, example = json!(null))]
    pub share: Option<Share>,
    /// Exact decimal, as text so that no reader rounds it; `null` for ranges and suppressed
    /// values (which are not zero).
    #[schema(pattern = r"^-?\d+(\.\d+)?$", example = "36210368")]
    pub value: Option<String>,
    /// Lower end, exact decimal as text.
    #[schema(pattern = r"^-?\d+(\.\d+)?$")]
    pub low: Option<String>,
    /// Upper end, exact decimal as text.
    #[schema(pattern = r"^-?\d+(\.\d+)?$")]
    pub high: Option<String>,
    /// `exactly`, `at_least`, `at_most`, `approximately` or `range`. New values may be added.
    #[schema(value_type = String, example = "exactly")]
    pub qualifier: Qualifier,
    /// The unit of value, low and high. New units may be added.
    #[schema(example = "reports")]
    pub unit: String,
    /// Who counted.
    pub publisher: String,
    /// When the figure was published, as the source gives it: year, month or day.
    pub published_on: Option<String>,
    /// The source of the figure, by slug; `null` where it is not public.
    pub source: Option<String>,
    /// The observation, by slug: `/v1/statistics/{slug}` has its caveat, its method, its critiques.
    #[schema(example = "cybertipline-reports-wld-2023")]
    pub statistic: String,
    /// `not_assessed`, `supported`, `disputed`, `superseded` or `retracted`; show it with the
    /// figure. New values may be added.
    #[schema(value_type = String, example = "not_assessed")]
    pub assessment: Assessment,
    /// Whether it is disputed: named sources contradict it, which its record names, or the
    /// arithmetic does, which `flags` says. Mark it.
    pub disputed: bool,
    /// What to know before using it: `no_period`, `published_before_period_end`, `contradicts_baseline` (the
    /// stated change is not `computed_change`). New values may be added.
    #[schema(value_type = Vec<String>)]
    pub flags: Vec<&'static str>,
    /// Change from the baseline as the server computes it, as in the observation.
    #[schema(pattern = r"^-?\d+(\.\d+)?$", example = json!(null))]
    pub computed_change: Option<String>,
    /// `normal`, `estimated`, `provisional`, `break`, `suppressed` or `missing`. New values may
    /// be added.
    #[schema(value_type = String, example = "normal")]
    pub observation_status: ObservationStatus,
    /// The licence of this compilation; sources name their own.
    #[schema(example = "CC-BY-4.0")]
    pub licence: &'static str,
    /// After which row of a stream the next batch goes on.
    #[serde(skip)]
    #[schema(ignore)]
    pub place: Place,
}

/// Where a row stands in a series: geography, first and last day, slug.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(pub String);

impl SeriesRow {
    /// The row of a record, and what its change comes to.
    ///
    /// # Errors
    /// When its document has another shape, which the one way in does not let happen.
    pub fn of(record: &Record, computed: Option<Computed>) -> diesel::QueryResult<Self> {
        let input = record.read::<StatisticInput>()?;
        let mut flags = flags::of(&input);
        if computed.as_ref().is_some_and(|one| one.contradicts) {
            flags.push(flags::CONTRADICTS_BASELINE);
        }
        let (start, end) = (input.period_start, input.period_end);
        let day = |one: Option<chrono::NaiveDate>, other: Option<chrono::NaiveDate>| {
            one.or(other).map(|day| day.to_string()).unwrap_or_default()
        };
        let place = [
            input.geography.as_str(),
            &day(start, end),
            &day(end, start),
            &input.slug,
        ];
        Ok(Self {
            place: Place(place.join("|")),
            geography: input.geography,
            period: Period { start, end },
            dimensions: Dimensions {
                sex: input.sex,
                age_band: input.age_band,
                exploitation: input.exploitation,
            },
            population: input.population,
            denominator: input.denominator,
            share: input.share,
            value: input.value,
            low: input.low,
            high: input.high,
            qualifier: input.qualifier,
            unit: input.unit,
            publisher: input.publisher,
            published_on: input.published_on,
            source: input.sources.into_iter().next().map(|one| one.source),
            statistic: input.slug,
            assessment: input.assessment,
            disputed: input.assessment == Assessment::Disputed,
            flags,
            computed_change: computed.map(|one| one.text),
            observation_status: input.observation_status,
            licence: licence::LICENCE,
        })
    }
}

impl Streamed for SeriesRow {
    const FILE: &'static str = "series";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("geography", "geography"),
        ("period_start", "period.start"),
        ("period_end", "period.end"),
        ("sex", "dimensions.sex"),
        ("age_band", "dimensions.age_band"),
        ("exploitation", "dimensions.exploitation"),
        ("population", "population"),
        ("denominator", "denominator"),
        ("value", "value"),
        ("low", "low"),
        ("high", "high"),
        ("qualifier", "qualifier"),
        ("unit", "unit"),
        ("publisher", "publisher"),
        ("published_on", "published_on"),
        ("source", "source"),
        ("statistic", "statistic"),
        ("assessment", "assessment"),
        ("disputed", "disputed"),
        ("observation_status", "observation_status"),
        ("share", "share"),
        ("flags", "flags"),
        ("computed_change", "computed_change"),
        ("licence", "licence"),
    ];

    fn slug(&self) -> &str {
        &self.place.0
    }
}

/// Figures that different publishers or sources give for the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct Comparison {
    /// Where, as in a series.
    #[schema(example = "WLD")]
    pub geography: String,
    /// When: exactly the same for all.
    pub period: Period,
    /// What the figures are broken down by.
    pub dimensions: Dimensions,
    /// The unit of all of them.
    pub unit: String,
    /// The smallest of their values and lower ends, exact decimal as text; `null` where none has
    /// a number.
    #[schema(pattern = r"^-?\d+(\.\d+)?$")]
    pub lowest: Option<String>,
    /// The largest of their values and upper ends.
    #[schema(pattern = r"^-?\d+(\.\d+)?$")]
    pub highest: Option<String>,
    /// The figures, by publisher. Look at what each counts: population, denominator, and the caveat
    /// of the observation.
    pub figures: Vec<SeriesRow>,
}

impl Comparison {
    /// The figures of one geography, period and breakdown, side by side.
    pub fn of(mut figures: Vec<SeriesRow>) -> Option<Self> {
        figures.sort_by(|one, other| {
            (&one.publisher, &one.statistic).cmp(&(&other.publisher, &other.statistic))
        });
        let first = figures.first()?;
        let numbers = || {
            let all = figures
                .iter()
                .flat_map(|one| [&one.low, &one.value, &one.high]);
            let texts = all.flatten();
            texts.filter_map(|text| Some((number::decimal(text).ok()?, text)))
        };
        Some(Self {
            geography: first.geography.clone(),
            period: first.period.clone(),
            dimensions: first.dimensions.clone(),
            unit: first.unit.clone(),
            lowest: numbers().min().map(|(_, text)| text.clone()),
            highest: numbers().max().map(|(_, text)| text.clone()),
            figures,
        })
    }
}
