//! What an observation is: the payload written, the row served, the filter.

use super::{
    critique::{Critique, Verdict},
    flags,
    input::StatisticInput,
    shares::Share,
};
use crate::values::{
    translation::{TextLanguage, Texts},
    view::View,
};
use crate::{
    db::record::Record,
    values::{
        access::{Status, Visibility},
        citation::{self, Citation},
        figure,
        freshness::Freshness,
        geography::Geography,
        labels, licence, moment,
        outcome::Outcome,
        reference::Reference,
        verification::Method,
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use crate::values::figure::{ObservationStatus, Qualifier, UNITS};

/// The observation statuses by name.
pub const OBSERVATION_STATUSES: [&str; 6] = [
    "normal",
    "estimated",
    "provisional",
    "break",
    "suppressed",
    "missing",
];

impl ObservationStatus {
    /// The name in JSON and in the database.
    pub fn name(self) -> &'static str {
        OBSERVATION_STATUSES[self as usize]
    }
}

/// What the directory says about a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Assessment {
    /// Nobody looked into it.
    NotAssessed,
    /// The evidence bears it.
    Supported,
    /// Named sources contradict it.
    Disputed,
    /// A newer figure replaced it.
    Superseded,
    /// Its publisher took it back.
    Retracted,
}

/// The assessments by name.
pub const ASSESSMENTS: [&str; 5] = [
    "not_assessed",
    "supported",
    "disputed",
    "superseded",
    "retracted",
];
/// Those that a list shows unasked.
pub const SHOWN_UNASKED: [&str; 2] = ["not_assessed", "supported"];

impl Assessment {
    /// The name in JSON and in the database.
    pub fn name(self) -> &'static str {
        ASSESSMENTS[self as usize]
    }
}

/// The time a figure is about; an end that the source leaves open is `null`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Period {
    /// First day.
    #[schema(example = "2007-01-01")]
    pub start: Option<NaiveDate>,
    /// Last day.
    #[schema(example = "2007-12-31")]
    pub end: Option<NaiveDate>,
}

/// What a figure is broken down by; `null` means all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Dimensions {
    /// `female`, `male` or `both` (pictures that show both). New values may be added.
    pub sex: Option<String>,
    /// Ages in years, such as `0-17` or `18+`.
    pub age_band: Option<String>,
    /// Form of exploitation.
    pub exploitation: Option<String>,
}

/// An observation as the public sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Statistic {
    /// UUIDv7, stable.
    pub id: Uuid,
    /// Stable and human; the address takes it too.
    #[schema(example = "iwf-domains-wld-2007")]
    pub slug: String,
    /// `published`: without a key nothing else is seen. New values may be added.
    #[schema(value_type = String, example = "published")]
    pub status: Status,
    /// `public`: without a key nothing else is seen. New values may be added.
    #[schema(value_type = String, example = "public")]
    pub visibility: Visibility,
    /// The ledger's revision of its last change.
    pub revision: i64,
    /// When it came into the directory.
    #[serde(serialize_with = "moment::written")]
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    #[serde(serialize_with = "moment::written")]
    pub last_modified: DateTime<Utc>,
    /// When somebody verified it against its source; imported rows are not verified.
    pub verified_at: Option<DateTime<Utc>>,
    /// How that was done: `called`, `texted`, `official_page` or `email_from_domain`. New methods may
    /// be added.
    #[schema(value_type = Option<String>, example = "called")]
    pub verification_method: Option<Method>,
    /// What else came of the last attempt to verify it: `changed` (a correction is awaited), `unreachable` or `closed`;
    /// `null` where it was confirmed, or nobody tried. New values may be added.
    #[schema(value_type = Option<String>)]
    pub outcome: Option<Outcome>,
    /// How old that knowledge is.
    pub freshness: Freshness,
    /// What is measured; its definition stands at `/v1/indicators/{slug}`.
    #[schema(nullable)]
    pub indicator: Option<Reference>,
    /// A title with place and time.
    pub title: String,
    /// The figure in a sentence, as the source claims it.
    pub claim: String,
    /// The language of the prose, BCP 47.
    pub lang: String,
    /// In which language each text stands here, by field, and whether it is a translation.
    #[schema(value_type = BTreeMap<String, TextLanguage>, example = json!({"title": {"lang": "en", "translation": "none"}}))]
    pub text: Texts,
    /// The figure as people read it, with qualifier and unit, in the language asked for; for
    /// counting take `value`, `low` and `high`.
    #[schema(example = "2,755 domains")]
    pub display: String,
    /// Exact decimal, as text so that no reader rounds it; `null` for ranges and suppressed
    /// values (which are not zero).
    #[schema(pattern = r"^-?\d+(\.\d+)?$", example = "2755")]
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
    /// The unit of value, low and high, such as `persons`, `percent`, `reports`. New units may
    /// be added.
    #[schema(example = "domains")]
    pub unit: String,
    /// Who or what is counted, where the indicator does not say it.
    pub population: Option<String>,
    /// What a share is taken of.
    pub denominator: Option<String>,
    /// What the figure is broken down by.
    pub dimensions: Dimensions,
    /// Where.
    pub geography: Geography,
    /// When; `null` where the source gives no period.
    #[schema(nullable)]
    pub period: Option<Period>,
    /// Who counted.
    #[schema(example = "Internet Watch Foundation")]
    pub publisher: String,
    /// When the figure was published, as the source gives it: year, month or day.
    #[schema(example = "2008")]
    pub published_on: Option<String>,
    /// How it was counted.
    pub method_note: Option<String>,
    /// What must be shown with the figure.
    pub caveat: Option<String>,
    /// `normal`, `estimated`, `provisional`, `break`, `suppressed` or `missing`. New values may
    /// be added.
    #[schema(value_type = String, example = "normal")]
    pub observation_status: ObservationStatus,
    /// `not_assessed`, `supported`, `disputed`, `superseded` or `retracted`; show it with the
    /// figure. New values may be added.
    #[schema(value_type = String, example = "not_assessed")]
    pub assessment: Assessment,
    /// What other sources say about the figure.
    pub critiques: Vec<Critique>,
    /// Slug of the observation that a change is measured from, or that a level is compared with.
    pub baseline: Option<String>,
    /// Change from the baseline as the server computes it, exact decimal as text: for a change in its own unit (percent with one
    /// decimal), for a level in percent; `null` where a figure that it takes is not known.
    #[schema(pattern = r"^-?\d+(\.\d+)?$", example = "-10.5")]
    pub computed_change: Option<String>,
    /// Group of the shares of one total.
    pub distribution: Option<String>,
    /// `part`, or `remainder` for what the parts of the group leave. New values may be added.
    #[schema(value_type = Option<String>, example = json!(null))]
    pub share: Option<Share>,
    /// Slugs of parts of the same group that count some of the same.
    pub overlaps: Vec<String>,
    /// Slug of the newer observation that replaced this one.
    pub superseded_by: Option<String>,
    /// What to know before using it: `no_period` (the source gives no period), `published_before_period_end`, `contradicts_baseline` (the
    /// stated change is not the one between the two observations). New values may be added.
    #[schema(value_type = Vec<String>)]
    pub flags: Vec<&'static str>,
    /// Where this was read, the source of the figure first.
    pub sources: Vec<Citation>,
    /// The licence of this compilation; sources name their own.
    #[schema(example = "CC-BY-4.0")]
    pub licence: &'static str,
    /// How to credit it.
    #[schema(example = "Lodestar contributors")]
    pub attribution: &'static str,
}

impl Statistic {
    /// Whether the directory computed it from what the source says of other parts.
    pub fn is_remainder(&self) -> bool {
        self.share == Some(Share::Remainder)
    }

    /// What the arithmetic makes of a stated change that it contradicts, as people read it.
    pub fn contradiction(&self, lang: &str) -> Option<String> {
        let stands = self.flags.contains(&flags::CONTRADICTS_BASELINE);
        let computed = self.computed_change.as_deref().filter(|_| stands)?;
        let figure = figure::Figure {
            value: Some(computed),
            low: None,
            high: None,
            qualifier: Qualifier::Exactly,
            unit: &self.unit,
            status: ObservationStatus::Normal,
        };
        Some(figure::display(&figure, lang))
    }

    /// The critiques that its assessment goes back to: those that dispute what is disputed, those
    /// that take back what was taken back.
    pub fn against(&self) -> impl Iterator<Item = &Critique> {
        let verdict = match self.assessment {
            Assessment::Disputed => Some(Verdict::Disputes),
            Assessment::Retracted => Some(Verdict::Retracts),
            _ => None,
        };
        let all = self.critiques.iter();
        all.filter(move |critique| Some(critique.verdict) == verdict)
    }

    /// What the public sees of a record on a day.
    pub fn on(
        view: &View,
        record: &Record,
        indicator: Option<Reference>,
        input: StatisticInput,
    ) -> Self {
        let (start, end) = (input.period_start, input.period_end);
        let flags = flags::of(&input);
        let mut prose = view.shown(&input.lang, &[]);
        for (field, text) in [
            ("title", Some(&input.title)),
            ("claim", Some(&input.claim)),
            ("population", input.population.as_ref()),
            ("denominator", input.denominator.as_ref()),
            ("method_note", input.method_note.as_ref()),
            ("caveat", input.caveat.as_ref()),
        ] {
            prose.untranslated(field, text);
        }
        let lang = view.lang.as_deref().unwrap_or(&input.lang);
        let (geography, said) = Geography::of(&input.geography, lang);
        prose.said("geography", said);
        let display = figure::display(&input.figure(), lang);
        prose.said("display", Some(labels::said(lang)));
        Self {
            id: record.id,
            revision: record.revision,
            created_at: record.created_at,
            last_modified: record.last_modified,
            status: record.status,
            visibility: record.visibility,
            freshness: Freshness::on(
                view.today,
                input.verified_at,
                citation::newest(&input.sources),
            ),
            period: start.or(end).map(|_| Period { start, end }),
            dimensions: Dimensions {
                sex: input.sex,
                age_band: input.age_band,
                exploitation: input.exploitation,
            },
            indicator,
            slug: input.slug,
            verified_at: input.verified_at,
            verification_method: input.verification_method,
            outcome: input.outcome,
            title: input.title,
            claim: input.claim,
            text: prose.texts(),
            lang: input.lang.clone(),
            display,
            value: input.value,
            low: input.low,
            high: input.high,
            qualifier: input.qualifier,
            unit: input.unit,
            population: input.population,
            denominator: input.denominator,
            geography,
            publisher: input.publisher,
            published_on: input.published_on,
            method_note: input.method_note,
            caveat: input.caveat,
            observation_status: input.observation_status,
            assessment: input.assessment,
            critiques: input.critiques,
            baseline: input.baseline,
            computed_change: None,
            distribution: input.distribution,
            share: input.share,
            overlaps: input.overlaps,
            superseded_by: input.superseded_by,
            flags,
            sources: input.sources,
            licence: licence::LICENCE,
            attribution: licence::ATTRIBUTION,
        }
    }
}
