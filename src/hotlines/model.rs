//! What a hotline is: the payload written, the row served, the filter.

use super::input::HotlineInput;
use crate::values::{
    translation::{TextLanguage, Texts},
    view::View,
};
use crate::{
    db::record::Record,
    values::{
        access::{Asked, Status, Visibility},
        citation::{self, Citation},
        contact_point::{Channel, ContactPoint},
        describe::{CountryCode, LanguageTag, Moment, SlugOrId, SubdivisionCode, Words},
        freshness::Freshness,
        hours::{self, Interval},
        lexicon::LookedFor,
        licence, moment,
        outcome::Outcome,
        reference::Reference,
        verification::Method,
    },
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// What a line passes on to an authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Disclosure {
    /// Nothing.
    Never,
    /// What the caller agrees to.
    WithConsent,
    /// What the law orders.
    WhenRequiredByLaw,
    /// Not known.
    Unknown,
}

/// A hotline as the public sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Hotline {
    /// UUIDv7, stable.
    pub id: Uuid,
    /// Stable and human; the address takes it too.
    #[schema(example = "us-national-human-trafficking-hotline")]
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
    /// When somebody verified it; imported rows are not verified.
    pub verified_at: Option<DateTime<Utc>>,
    /// How that was done: `called`, `texted`, `official_page` or `email_from_domain`. New methods may
    /// be added.
    #[schema(value_type = Option<String>, example = "called")]
    pub verification_method: Option<Method>,
    /// What else came of the last attempt to verify it: `changed` (a correction is awaited), `unreachable` or `closed`, which
    /// `/v1/help` leaves out; `null` where it was confirmed, or nobody tried. New values may be added.
    #[schema(value_type = Option<String>)]
    pub outcome: Option<Outcome>,
    /// How old that knowledge is.
    pub freshness: Freshness,
    /// Its name.
    pub name: String,
    /// Who runs it; `null` when unknown or disputed.
    #[schema(nullable)]
    pub organization: Option<Reference>,
    /// What it does.
    pub description: Option<String>,
    /// What to know: where sources disagree, what was derived.
    pub notes: Option<String>,
    /// The language of the prose, BCP 47.
    pub lang: String,
    /// In which language each text stands here, by field, and whether it is a translation.
    #[schema(value_type = BTreeMap<String, TextLanguage>, example = json!({"name": {"lang": "en", "translation": "none"}}))]
    pub text: Texts,
    /// Every way to reach it, in the order in which the operator prefers them.
    pub contact_points: Vec<ContactPoint>,
    /// Where it serves: ISO 3166-1, ISO 3166-2, UN M49 or `WLD` for everywhere.
    #[schema(example = json!(["US"]))]
    pub coverage: Vec<String>,
    /// Languages that its people speak, BCP 47; empty when unknown.
    pub languages: Vec<String>,
    /// Languages it offers through interpreters, BCP 47.
    pub interpreter_languages: Vec<String>,
    /// Opening hours in the `opening_hours` notation of OpenStreetMap; `null` when unknown,
    /// which does not mean closed.
    #[schema(example = "Mo-Fr 09:00-17:00")]
    pub hours: Option<String>,
    /// The IANA zone of those hours.
    #[schema(example = "Europe/Prague")]
    pub timezone: Option<String>,
    /// Whether it answers at all hours of all days; `null` when unknown.
    pub always_open: Option<bool>,
    /// The same for the 14 days from the beginning of today in UTC, for clients that do not read
    /// the notation; public holidays of the country are counted where they are known. `null` when
    /// the hours are unknown, which does not mean closed.
    pub open_intervals: Option<Vec<Interval>>,
    /// Slugs of topics.
    pub topics: Vec<String>,
    /// Slugs of populations.
    pub populations: Vec<String>,
    /// The youngest it serves, in years.
    #[schema(minimum = 0, maximum = 120)]
    pub age_min: Option<i32>,
    /// The oldest it serves, in years.
    #[schema(minimum = 0, maximum = 120)]
    pub age_max: Option<i32>,
    /// Whether one can call without a name; `null` when unknown.
    pub anonymous: Option<bool>,
    /// Whether it promises confidence; `null` when unknown.
    pub confidential: Option<bool>,
    /// What is passed on to police: `never`, `with_consent`, `when_required_by_law` or
    /// `unknown`. New values may be added.
    #[schema(value_type = String, example = "unknown")]
    pub passed_to_police: Disclosure,
    /// What is passed on to immigration authorities, in the same words.
    #[schema(value_type = String, example = "unknown")]
    pub passed_to_immigration: Disclosure,
    /// Where editors put it among lines of equal reach, 1 first; `null` for no preference.
    #[schema(minimum = 1, maximum = 100)]
    pub priority: Option<i32>,
    /// The group that is shown whole or not at all.
    pub show_together: Option<String>,
    /// Where this was read.
    pub sources: Vec<Citation>,
    /// The licence of this compilation; sources name their own.
    #[schema(example = "CC-BY-4.0")]
    pub licence: &'static str,
    /// How to credit it.
    #[schema(example = "Lodestar contributors")]
    pub attribution: &'static str,
}

impl Hotline {
    /// What the public sees of a record on a day.
    pub fn on(
        view: &View,
        record: &Record,
        organization: Option<Reference>,
        input: HotlineInput,
    ) -> Self {
        let source_date = citation::newest(&input.sources);
        let open_intervals = hours::upcoming(
            view.today,
            input.hours.as_deref(),
            input.timezone.as_deref(),
            hours::holidays_of(&input.coverage),
        );
        let shown = input.contact_points.into_iter();
        let mut prose = view.shown(&input.lang, &input.translations);
        Self {
            id: record.id,
            revision: record.revision,
            created_at: record.created_at,
            last_modified: record.last_modified,
            status: record.status,
            visibility: record.visibility,
            freshness: Freshness::on(view.today, input.verified_at, source_date),
            contact_points: shown
                .map(|point| ContactPoint::on(view.today, point, source_date))
                .collect(),
            organization,
            slug: input.slug,
            verified_at: input.verified_at,
            verification_method: input.verification_method,
            outcome: input.outcome,
            name: prose.text("name", input.name, |one| &one.name),
            description: prose.optional("description", input.description, |one| &one.description),
            notes: prose.optional("notes", input.notes, |one| &one.notes),
            text: prose.texts(),
            lang: input.lang.clone(),
            coverage: input.coverage,
            languages: input.languages,
            interpreter_languages: input.interpreter_languages,
            hours: input.hours,
            timezone: input.timezone,
            always_open: input.always_open,
            open_intervals,
            topics: input.topics,
            populations: input.populations,
            age_min: input.age_min,
            age_max: input.age_max,
            anonymous: input.anonymous,
            confidential: input.confidential,
            passed_to_police: input.passed_to_police,
            passed_to_immigration: input.passed_to_immigration,
            priority: input.priority,
            show_together: input.show_together,
            sources: input.sources,
            licence: licence::LICENCE,
            attribution: licence::ATTRIBUTION,
        }
    }
}

/// Which hotlines. Different parameters combine by AND, repeated ones by OR.
#[derive(Debug, Clone, Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HotlineFilter {
    /// Which of them a key may see; `None` without a key.
    #[param(ignore)]
    pub access: Option<Asked>,
    /// Words of the name, description and notes; each must occur, of the last a beginning suffices. Numbers are
    /// found in every form that people write them.
    #[param(value_type = Option<Words>)]
    pub search: Option<LookedFor>,
    /// Country that the coverage touches: the whole of it, a part of it, or the world.
    #[param(value_type = Vec<CountryCode>, required = false, style = Form, explode, max_items = 50)]
    pub country: Vec<String>,
    /// Subdivision that the coverage holds: a line for the country covers its subdivisions.
    #[param(value_type = Vec<SubdivisionCode>, required = false, style = Form, explode, max_items = 50)]
    pub subdivision: Vec<String>,
    /// Only lines that cover the whole world, or only those that do not.
    pub worldwide: Option<bool>,
    /// Topic, see `/v1/topics`.
    #[param(value_type = Vec<SlugOrId>, required = false, style = Form, explode, max_items = 50)]
    pub topic: Vec<String>,
    /// Population, see `/v1/populations`.
    #[param(value_type = Vec<SlugOrId>, required = false, style = Form, explode, max_items = 50)]
    pub population: Vec<String>,
    /// Language spoken or interpreted; `zh` finds `zh-Hant` too, `tl` is `fil`.
    #[param(value_type = Vec<LanguageTag>, required = false, style = Form, explode, max_items = 50)]
    pub language: Vec<String>,
    /// Way to reach it.
    #[param(inline, value_type = Vec<Channel>, required = false, style = Form, explode, max_items = 50)]
    pub channel: Vec<String>,
    /// Only lines that answer at all hours, or only those known not to.
    pub always_open: Option<bool>,
    /// Only lines that are open at a moment: `now`, or RFC 3339 within a year of it. Lines of
    /// unknown hours are left out, and those found unreachable or closed. Answers about a moment are `no-store`.
    #[param(value_type = Option<Moment>)]
    pub open_at: Option<DateTime<Utc>>,
    /// Organization that runs it.
    #[param(value_type = Vec<SlugOrId>, required = false, style = Form, explode, max_items = 50)]
    pub organization: Vec<String>,
}

/// Orders of hotlines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
pub enum HotlineSort {
    /// By name.
    #[schema(rename = "name")]
    Name,
    /// By name, descending.
    #[schema(rename = "-name")]
    NameDescending,
    /// Oldest change first.
    #[schema(rename = "last_modified")]
    LastModified,
    /// Newest change first.
    #[schema(rename = "-last_modified")]
    LastModifiedDescending,
}
