//! What an organization is: the payload written, the row served, the filter.

use super::input::OrganizationInput;
use crate::values::{
    translation::{TextLanguage, Texts},
    view::View,
};
use crate::{
    db::record::Record,
    values::{
        access::{Asked, Status, Visibility},
        citation::{self, Citation},
        contact_point,
        describe::{CountryCode, SlugOrId, Words},
        freshness::Freshness,
        lexicon::LookedFor,
        licence, moment,
        outcome::Outcome,
        slug,
        verification::Method,
    },
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

/// Kinds of organizations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Not run by a state.
    Ngo,
    /// A ministry, an office, a public service.
    Government,
    /// Police or a prosecutor.
    LawEnforcement,
    /// Made by states together.
    Intergovernmental,
    /// Joins organizations.
    Network,
}

/// How far an organization reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// A part of a country.
    Local,
    /// A country.
    National,
    /// Several countries.
    Regional,
    /// Everywhere.
    Global,
}

/// The kinds by name.
pub const KINDS: [&str; 5] = [
    "ngo",
    "government",
    "law_enforcement",
    "intergovernmental",
    "network",
];
/// The scopes by name.
pub const SCOPES: [&str; 4] = ["local", "national", "regional", "global"];

impl Kind {
    /// The name in JSON and in the database.
    pub fn name(self) -> &'static str {
        KINDS[self as usize]
    }
}

impl Scope {
    /// The name in JSON and in the database.
    pub fn name(self) -> &'static str {
        SCOPES[self as usize]
    }
}

/// What a reader can do with an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// `report`, `donate`, `volunteer`, `learn` or `event`. New actions may be added.
    #[schema(value_type = String, example = "report")]
    pub action: ActionKind,
    /// Where to do it.
    #[validate(custom(function = contact_point::web_address))]
    #[schema(format = "uri", example = "https://report.example/")]
    pub url: String,
}

/// Kinds of actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// Tell them what was seen.
    Report,
    /// Give money.
    Donate,
    /// Give time.
    Volunteer,
    /// Read and understand.
    Learn,
    /// Take part: a walk, a meeting.
    Event,
}

/// Who ran an organization or its hotline, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// The slug of the organization that runs it.
    #[validate(custom(function = slug::valid))]
    pub operator: String,
    /// Since when, as the source gives it.
    #[serde(default)]
    #[validate(custom(function = crate::values::period::valid))]
    pub since: Option<String>,
    /// Until when; `null` while it lasts, or when unknown.
    #[serde(default)]
    #[validate(custom(function = crate::values::period::valid))]
    pub until: Option<String>,
}

/// An organization as the public sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Organization {
    /// UUIDv7, stable.
    pub id: Uuid,
    /// Stable and human; the address takes it too.
    #[schema(example = "ncmec")]
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
    /// What else came of the last attempt to verify it: `changed` (a correction is awaited), `unreachable` or `closed`;
    /// `null` where it was confirmed, or nobody tried. New values may be added.
    #[schema(value_type = Option<String>)]
    pub outcome: Option<Outcome>,
    /// How old that knowledge is.
    pub freshness: Freshness,
    /// Its name.
    #[schema(example = "National Center for Missing & Exploited Children")]
    pub name: String,
    /// Other names and acronyms, joined by `;`.
    pub alternate_name: Option<String>,
    /// `ngo`, `government`, `law_enforcement`, `intergovernmental` or `network`. New kinds may
    /// be added.
    #[schema(value_type = String, example = "ngo")]
    pub kind: Kind,
    /// What it does.
    pub description: String,
    /// Its website.
    #[schema(format = "uri")]
    pub website: Option<String>,
    /// Its public e-mail addresses.
    pub emails: Vec<String>,
    /// Its seat, ISO 3166-1 alpha-2.
    #[schema(example = "US")]
    pub country: Option<String>,
    /// `local`, `national`, `regional` or `global`. New values may be added.
    #[schema(value_type = String, example = "national")]
    pub scope: Scope,
    /// Slugs of topics.
    pub topics: Vec<String>,
    /// Slugs of populations.
    pub populations: Vec<String>,
    /// The language of the prose, BCP 47.
    #[schema(example = "en")]
    pub lang: String,
    /// In which language each text stands here, by field, and whether it is a translation.
    #[schema(value_type = BTreeMap<String, TextLanguage>, example = json!({"name": {"lang": "en", "translation": "none"}}))]
    pub text: Texts,
    /// What a reader can do.
    pub actions: Vec<Action>,
    /// Who runs it and who did, by slug, with dates as sourced.
    pub operators: Vec<Operator>,
    /// Where this was read.
    pub sources: Vec<Citation>,
    /// The licence of this compilation; sources name their own.
    #[schema(example = "CC-BY-4.0")]
    pub licence: &'static str,
    /// How to credit it.
    #[schema(example = "Lodestar contributors")]
    pub attribution: &'static str,
}

impl Organization {
    /// What the public sees of a record on a day.
    pub fn on(view: &View, record: &Record, input: OrganizationInput) -> Self {
        let mut prose = view.shown(&input.lang, &input.translations);
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
            slug: input.slug,
            verified_at: input.verified_at,
            verification_method: input.verification_method,
            outcome: input.outcome,
            name: prose.text("name", input.name, |one| &one.name),
            alternate_name: input.alternate_name,
            kind: input.kind,
            description: prose.text("description", input.description, |one| &one.description),
            website: input.website,
            emails: input.emails,
            country: input.country,
            scope: input.scope,
            topics: input.topics,
            populations: input.populations,
            text: prose.texts(),
            lang: input.lang.clone(),
            actions: input.actions,
            operators: input.operators,
            sources: input.sources,
            licence: licence::LICENCE,
            attribution: licence::ATTRIBUTION,
        }
    }
}

/// Which organizations. Different parameters combine by AND, repeated ones by OR.
#[derive(Debug, Clone, Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OrganizationFilter {
    /// Which of them a key may see; `None` without a key.
    #[param(ignore)]
    pub access: Option<Asked>,
    /// Words of the name, other names and description; each must occur, of the last a beginning suffices.
    #[param(value_type = Option<Words>)]
    pub search: Option<LookedFor>,
    /// Seat.
    #[param(value_type = Vec<CountryCode>, required = false, style = Form, explode, max_items = 50)]
    pub country: Vec<String>,
    /// Kind of organization.
    #[param(inline, value_type = Vec<Kind>, required = false, style = Form, explode, max_items = 50)]
    pub kind: Vec<String>,
    /// How far it reaches.
    #[param(inline, value_type = Vec<Scope>, required = false, style = Form, explode, max_items = 50)]
    pub scope: Vec<String>,
    /// Topic, see `/v1/topics`.
    #[param(value_type = Vec<SlugOrId>, required = false, style = Form, explode, max_items = 50)]
    pub topic: Vec<String>,
    /// Population, see `/v1/populations`.
    #[param(value_type = Vec<SlugOrId>, required = false, style = Form, explode, max_items = 50)]
    pub population: Vec<String>,
}

/// Orders of organizations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
pub enum OrganizationSort {
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
