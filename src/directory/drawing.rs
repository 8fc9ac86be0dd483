//! How pictures of figures are asked for.

use crate::{
    statistics::{
        ASSESSMENTS, Assessment, age_band,
        pictures::{Frame, Kind, THEMES, Theme},
        valid_sex,
    },
    values::{
        Invalid,
        access::Asked,
        describe::{AgeBand, GeographyCode, PartialDate, SexName, SlugOrId, UnitName, Words},
        explain,
        figure::UNITS,
    },
    web::{
        FromParams, Params,
        page::number,
        parse::{self, one_of},
    },
};
use chrono::NaiveDate;
use utoipa::IntoParams;
use validator::ValidationError;

const LEAST: i64 = 160;
const MOST: i64 = 1600;

/// How large a picture is, and in which colours.
#[derive(Debug, Clone, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Framing {
    /// Width in CSS pixels. Texts keep their size and break into more lines.
    #[param(value_type = Option<i64>, minimum = 160, maximum = 1600)]
    pub width: Option<i64>,
    /// Height in CSS pixels; the picture is higher where its texts need more. Without it the content
    /// decides.
    #[param(value_type = Option<i64>, minimum = 160, maximum = 1600)]
    pub height: Option<i64>,
    /// Colours: `auto` follows the reader's system.
    #[param(inline, value_type = Option<Theme>)]
    pub theme: Option<Theme>,
}

impl FromParams for Framing {
    fn from_params(params: &mut Params) -> Self {
        Self {
            width: params.one("width", number(LEAST, MOST)),
            height: params.one("height", number(LEAST, MOST)),
            theme: params.one("theme", one_of(&THEMES)),
        }
    }
}

impl Framing {
    /// With a usual width, in a language.
    pub fn frame(&self, usual: u32, lang: Option<&str>) -> Frame {
        let pixels = |asked: Option<i64>| asked.and_then(|asked| u32::try_from(asked).ok());
        Frame {
            width: pixels(self.width).unwrap_or(usual),
            height: pixels(self.height),
            theme: self.theme.unwrap_or_default(),
            lang: lang.unwrap_or("en").to_owned(),
        }
    }
}

/// How a card is asked for.
pub struct Showing {
    pub framing: Framing,
    pub access: Option<Asked>,
    pub lang: Option<String>,
}

impl FromParams for Showing {
    fn from_params(params: &mut Params) -> Self {
        Self {
            framing: Framing::from_params(params),
            access: params.access(),
            lang: params.lang(),
        }
    }
}

/// Which figures of an indicator are drawn, and how.
#[derive(Debug, Clone, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Charting {
    #[param(ignore)]
    pub framing: Framing,
    /// `bar` or `line`; without it up to six figures of one publisher are bars.
    #[param(inline, value_type = Option<Kind>)]
    pub kind: Option<Kind>,
    /// Geography, exactly this one; without it the world where there are figures for it, else the
    /// geography with the most figures.
    #[param(value_type = Option<GeographyCode>)]
    pub geography: Option<String>,
    /// Who counted, the whole name, A to Z in any case; without it the four with the most
    /// figures.
    #[param(value_type = Vec<Words>, required = false, style = Form, explode, max_items = 50)]
    pub publisher: Vec<String>,
    /// Only periods that end on or after it.
    #[param(value_type = Option<PartialDate>)]
    pub from: Option<NaiveDate>,
    /// Only periods that start on or before it; a year or month counts to its last day.
    #[param(value_type = Option<PartialDate>)]
    pub to: Option<NaiveDate>,
    /// Unit; needed where figures of the indicator have two.
    #[param(value_type = Option<UnitName>)]
    pub unit: Option<String>,
    /// Only figures of this sex; without it and the next two the
    /// breakdown with the most figures, of equals the one broken down by least.
    #[param(value_type = Option<SexName>)]
    pub sex: Option<String>,
    /// Only figures of this age band, such as `0-17` or `18+`.
    #[param(value_type = Option<AgeBand>)]
    pub age_band: Option<String>,
    /// Only figures of this form of exploitation.
    #[param(value_type = Option<SlugOrId>)]
    pub exploitation: Option<String>,
    /// Assessment; without it `not_assessed` and `supported`. Others come only when asked for, marked
    /// by shape, and no line leads to them.
    #[param(inline, value_type = Vec<Assessment>, required = false, style = Form, explode, max_items = 50)]
    pub assessment: Vec<String>,
    #[param(ignore)]
    pub access: Option<Asked>,
    #[param(ignore)]
    pub lang: Option<String>,
}

fn valid(
    check: impl Fn(&str) -> Result<(), ValidationError>,
) -> impl Fn(&str) -> Result<String, Invalid> {
    move |value| {
        check(value)
            .map(|()| value.to_owned())
            .map_err(|error| explain(&error))
    }
}

impl FromParams for Charting {
    fn from_params(params: &mut Params) -> Self {
        const KINDS: [(&str, Kind); 2] = [("line", Kind::Line), ("bar", Kind::Bar)];
        let charting = Self {
            framing: Framing::from_params(params),
            kind: params.one("kind", one_of(&KINDS)),
            geography: params.one("geography", parse::geography),
            publisher: params.list("publisher", parse::search),
            from: params.one("from", parse::days).map(|(first, _)| first),
            to: params.one("to", parse::days).map(|(_, last)| last),
            unit: params.one("unit", parse::name_of(&UNITS)),
            sex: params.one("sex", valid(valid_sex)),
            age_band: params.one("age_band", age_band),
            exploitation: params.one("exploitation", parse::reference),
            assessment: params.list("assessment", parse::name_of(&ASSESSMENTS)),
            access: params.access(),
            lang: params.lang(),
        };
        let ends = charting.from.zip(charting.to);
        if ends.is_some_and(|(from, to)| from > to) {
            params.misfit("from", "order", "from lies after to", "exchange the two");
        }
        charting
    }
}
