//! Which observations are asked for, and in which order.

use super::model::{Assessment, ObservationStatus};
use crate::values::{
    access::Asked,
    as_of::AsOf,
    describe::{
        AgeBandOrNone, AsOfText, GeographyCode, PartialDate, SexOrNone, SlugOrId, SlugOrNone,
        UnitName, Words,
    },
    lexicon::LookedFor,
};
use chrono::NaiveDate;
use utoipa::{IntoParams, ToSchema};

/// The word for figures that are not broken down by a dimension.
pub const NONE: &str = "none";
/// The word for figures whatever they are broken down by.
pub const ANY: &str = "any";
/// What may be asked of the dimension sex.
pub const SEXES: [&str; 5] = ["female", "male", "both", NONE, ANY];

/// Which observations. Different parameters combine by AND, repeated ones by OR.
#[derive(Debug, Clone, Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StatisticFilter {
    /// Which of them a key may see; `None` without a key.
    #[param(ignore)]
    pub access: Option<Asked>,
    /// What else they are narrowed by.
    #[param(ignore)]
    pub by: Narrowing,
    /// Whether a period is wanted, as in a series.
    #[param(ignore)]
    pub dated: bool,
    /// Whether figures that are broken down are wanted where the indicator has no others.
    #[param(ignore)]
    pub or_broken_down: bool,
    /// Words of title, claim and publisher; each must occur, of the last a beginning suffices. Not of the past.
    #[param(value_type = Option<Words>)]
    pub search: Option<LookedFor>,
    /// Indicator, see `/v1/indicators`.
    #[param(value_type = Vec<SlugOrId>, required = false, style = Form, explode, max_items = 50)]
    pub indicator: Vec<String>,
}

/// What narrows lists and series alike.
#[derive(Debug, Clone, Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Narrowing {
    /// Geography, exactly this one.
    #[param(value_type = Vec<GeographyCode>, required = false, style = Form, explode, max_items = 50)]
    pub geography: Vec<String>,
    /// Geographies within this one, itself included: a country with its subdivisions; a region with
    /// its countries, their subdivisions and the regions that lie wholly in it; with `WLD` all. What
    /// a publisher counts to a region of its own is not known: 422.
    #[param(value_type = Vec<GeographyCode>, required = false, style = Form, explode, max_items = 50)]
    pub within: Vec<String>,
    /// Only periods that end on or after it. Figures without a period match no time.
    #[param(value_type = Option<PartialDate>)]
    pub from: Option<NaiveDate>,
    /// Only periods that start on or before it; a year or month counts to its last day.
    #[param(value_type = Option<PartialDate>)]
    pub to: Option<NaiveDate>,
    /// Sex that the figure is broken down by; `none` for figures that are not, `any` for all. In
    /// lists it is `any` when left out; in series and comparisons `none`, or `any` where no dimension
    /// was asked for and the indicator has no figures without a breakdown.
    #[param(value_type = Vec<SexOrNone>, required = false, style = Form, explode, max_items = 50)]
    pub sex: Vec<String>,
    /// Ages that it is broken down by, exactly this band; `none` and `any` as for `sex`.
    #[param(value_type = Vec<AgeBandOrNone>, required = false, style = Form, explode, max_items = 50)]
    pub age_band: Vec<String>,
    /// Form of exploitation that it is broken down by; `none` and `any` as for `sex`.
    #[param(value_type = Vec<SlugOrNone>, required = false, style = Form, explode, max_items = 50)]
    pub exploitation: Vec<String>,
    /// Who or what is counted, the whole text, A to Z in any case; `none` where the indicator says it.
    #[param(value_type = Vec<Words>, required = false, style = Form, explode, max_items = 50)]
    pub population: Vec<String>,
    /// What a share is taken of, the whole text, A to Z in any case; `none` for figures without.
    #[param(value_type = Vec<Words>, required = false, style = Form, explode, max_items = 50)]
    pub denominator: Vec<String>,
    /// Who counted, the whole name, A to Z in any case.
    #[param(value_type = Vec<Words>, required = false, style = Form, explode, max_items = 50)]
    pub publisher: Vec<String>,
    /// Source, see `/v1/sources`.
    #[param(value_type = Vec<SlugOrId>, required = false, style = Form, explode, max_items = 50)]
    pub source: Vec<String>,
    /// Unit of the figure, such as `persons` or `percent`.
    #[param(value_type = Vec<UnitName>, required = false, style = Form, explode, max_items = 50)]
    pub unit: Vec<String>,
    /// What is known of the observation as such.
    #[param(inline, value_type = Vec<ObservationStatus>, required = false, style = Form, explode, max_items = 50)]
    pub observation_status: Vec<String>,
    /// Assessment; without it `not_assessed` and `supported`. Disputed, superseded and retracted
    /// figures come only when asked for.
    #[param(inline, value_type = Vec<Assessment>, required = false, style = Form, explode, max_items = 50)]
    pub assessment: Vec<String>,
    /// Of each series that the other parameters leave only the figures of so many latest periods. A
    /// series is one indicator, geography, breakdown,
    /// population, denominator, publisher and unit. Figures without a period are in none.
    #[param(minimum = 1, maximum = 100)]
    pub latest: Option<i64>,
    /// What the directory said to the public at an earlier time: at the end of a day in UTC, at a
    /// moment (RFC 3339), or at a revision. What is hidden or archived by now is not shown of the
    /// past either; indicators are named as they are today.
    #[param(value_type = Option<AsOfText>)]
    pub as_of: Option<AsOf>,
}

impl Narrowing {
    /// Figures that are not broken down.
    pub fn without_breakdown() -> Self {
        let none = || vec![NONE.to_owned()];
        Self {
            sex: none(),
            age_band: none(),
            exploitation: none(),
            ..Self::default()
        }
    }
}

/// Orders of observations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
pub enum StatisticSort {
    /// By title.
    #[schema(rename = "title")]
    Title,
    /// By title, descending.
    #[schema(rename = "-title")]
    TitleDescending,
    /// Earliest period first, those without at the end.
    #[schema(rename = "period")]
    Period,
    /// Latest period first, those without at the end.
    #[schema(rename = "-period")]
    PeriodDescending,
    /// Smallest value first, ranges at the end.
    #[schema(rename = "value")]
    Value,
    /// Largest value first, ranges at the end.
    #[schema(rename = "-value")]
    ValueDescending,
    /// By the code of the geography.
    #[schema(rename = "geography")]
    Geography,
    /// By the code of the geography, descending.
    #[schema(rename = "-geography")]
    GeographyDescending,
    /// First published first, those without a date at the end.
    #[schema(rename = "published_on")]
    PublishedOn,
    /// Last published first, those without a date at the end.
    #[schema(rename = "-published_on")]
    PublishedOnDescending,
    /// Oldest change first.
    #[schema(rename = "last_modified")]
    LastModified,
    /// Newest change first.
    #[schema(rename = "-last_modified")]
    LastModifiedDescending,
}
