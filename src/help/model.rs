//! What `/v1/help` answers.

use crate::values::{
    contact_point::ContactPoint,
    freshness::Freshness,
    hours::State,
    labels::{Label, Translated},
    reference::Reference,
    translation::Texts,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Whom to contact, in which order, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct Help {
    /// Where help is sought, as it was understood.
    pub place: HelpPlace,
    /// The minute that the answer is for.
    pub at: DateTime<Utc>,
    /// The zone of the times in the answer; `null` where each line's own zone is used and named.
    #[schema(example = "Asia/Manila")]
    pub tz: Option<String>,
    /// The country that is called from.
    #[schema(example = "PH")]
    pub dialable_from: Option<String>,
    /// Emergency numbers: first of the country that is called from, then of the place.
    pub emergency_numbers: Vec<EmergencyNumbers>,
    /// How near the nearest contact is: `subdivision`, `country`, `part`, `region`, `world`, or
    /// `null` without contacts. New values may be added.
    #[schema(example = "country")]
    pub reach: Option<&'static str>,
    /// What to say beside the contacts: that they are of a wider place than asked, or for another
    /// need, or that nothing is known.
    pub notices: Vec<Sentence>,
    /// Whether neither emergency numbers, contacts, offices nor organizations are known.
    pub nothing_known: bool,
    /// Hotlines, the best first.
    pub contacts: Vec<HelpContact>,
    /// How many more there are than `limit` lets through.
    #[schema(minimum = 0)]
    pub more_contacts: usize,
    /// Offices that take victims or reports, the nearest first.
    pub offices: Vec<HelpOffice>,
    /// Organizations that take reports from everywhere.
    pub organizations: Vec<HelpOrganization>,
    /// The public revision of the directory that this was answered from.
    pub revision: i64,
    /// The minute in which this was last known to be the directory's state. It stays behind `at`
    /// when the database does not answer; the `Age` header then says by how many seconds.
    pub confirmed_at: DateTime<Utc>,
    /// The licence of this compilation; sources name their own.
    #[schema(example = "CC-BY-4.0")]
    pub licence: &'static str,
    /// How to credit it.
    #[schema(example = "Lodestar contributors")]
    pub attribution: &'static str,
}

impl Help {
    /// The languages of its texts.
    pub fn texts(&self) -> impl Iterator<Item = &Texts> {
        let contacts = self.contacts.iter().map(|one| &one.text);
        let offices = self.offices.iter().map(|one| &one.text);
        let organizations = self.organizations.iter().map(|one| &one.text);
        contacts.chain(offices).chain(organizations)
    }
}

/// A place as it was understood. A point stands here only as the area that holds it.
#[derive(Debug, Serialize, ToSchema)]
pub struct HelpPlace {
    /// ISO 3166-1 alpha-2; `null` at sea.
    #[schema(example = "PH")]
    pub country: Option<String>,
    /// Its name in the language of the answer.
    pub country_name: Option<String>,
    /// ISO 3166-2, where it was asked for or found.
    #[schema(example = "US-CA")]
    pub subdivision: Option<String>,
    /// Its name as ISO 3166-2 writes it.
    pub subdivision_name: Option<String>,
}

/// The emergency numbers of a country.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmergencyNumbers {
    /// ISO 3166-1 alpha-2.
    #[schema(example = "PH")]
    pub country: String,
    /// Whether a source gives them. If not they are unknown, not absent.
    pub known: bool,
    /// What to write above them.
    pub label: Label,
    /// How old the knowledge of them is, by the newest of their sources; `null` where they are unknown.
    pub freshness: Option<Freshness>,
    /// All alike where no source says which is the usual one.
    pub numbers: Vec<HelpNumber>,
    /// Where they were read.
    pub sources: Vec<HelpSource>,
}

/// A source of what stands in an answer, named so that a page can show it.
#[derive(Debug, Serialize, ToSchema)]
pub struct HelpSource {
    /// Its slug, see `/v1/sources/{slug}`.
    #[schema(example = "unodc-glotip-2024")]
    pub source: String,
    /// Its title, in the source's own words.
    #[schema(example = "Global Report on Trafficking in Persons 2024")]
    pub title: String,
    /// Where it stands.
    #[schema(format = "uri")]
    pub url: Option<String>,
    /// Where in the source: page, table, title of the entry.
    pub locator: Option<String>,
    /// The date of the source document as it gives it: year, month or day.
    #[schema(example = "2022-05", pattern = r"^\d{4}(-\d{2}(-\d{2})?)?$")]
    pub published_on: Option<String>,
    /// The day on which somebody read the source for this directory. This is no verification.
    pub retrieved_on: Option<NaiveDate>,
}

/// A number of an emergency service.
#[derive(Debug, Serialize, ToSchema)]
pub struct HelpNumber {
    /// As dialled inside the country.
    #[schema(example = "911")]
    pub number: String,
    /// For a link that calls; `null` where the caller is in another country.
    #[schema(example = "tel:911")]
    pub tel_uri: Option<String>,
    /// Which service answers: `unknown` where no source says it. New values may be added.
    #[schema(example = "unknown")]
    pub service: &'static str,
}

/// A sentence for people, with its code for programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Sentence {
    /// Stable; docs/ranking.md lists them. New codes may be added.
    #[schema(example = "always_open")]
    pub code: &'static str,
    /// The sentence.
    #[schema(example = "Open at all hours")]
    pub text: String,
    /// Its language.
    #[schema(example = "en")]
    pub lang: &'static str,
    /// `none` for the original, `machine` or `human` for a translation. New values may be added.
    #[schema(value_type = String, example = "none")]
    pub translation: Translated,
}

/// Whether something is open, and until when.
#[derive(Debug, Serialize, ToSchema)]
pub struct Open {
    /// `open`, `closed`, or `unknown`, which does not mean closed. New states may be added.
    #[schema(value_type = String, example = "open")]
    pub state: State,
    /// The state in the language of the answer.
    pub label: Label,
    /// When it opens next, in `zone`; `null` when it is open, or not within a year.
    #[schema(format = "date-time")]
    pub opens_at: Option<String>,
    /// When it closes, in `zone`; `null` when it is not open, or open beyond a week.
    #[schema(format = "date-time")]
    pub closes_at: Option<String>,
    /// When the state is another one.
    pub next_change_at: Option<DateTime<Utc>>,
    /// The zone of these times.
    #[schema(example = "Asia/Manila")]
    pub zone: Option<String>,
    /// What it depends on, such as `by appointment`.
    pub note: Option<String>,
}

/// A hotline that can be contacted from where the caller is.
#[derive(Debug, Serialize, ToSchema)]
pub struct HelpContact {
    /// UUIDv7, stable.
    pub id: Uuid,
    /// Its record is at `/v1/hotlines/{slug}`.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: Option<String>,
    /// What to know.
    pub notes: Option<String>,
    /// The language of the original, BCP 47.
    pub lang: String,
    /// The language of each text as it stands here, and how it came into it.
    pub text: Texts,
    /// Who runs it.
    #[schema(nullable)]
    pub organization: Option<Reference>,
    /// Why it stands here, the weightiest first.
    pub reasons: Vec<Sentence>,
    /// How near its coverage is: `subdivision`, `country`, `part`, `region` or `world`. New values
    /// may be added.
    #[schema(example = "country")]
    pub reach: &'static str,
    /// Whether it is open.
    pub open: Open,
    /// The ways to reach it that work from where the caller is, those asked for first.
    pub contact_points: Vec<ContactPoint>,
    /// Where it serves.
    pub coverage: Vec<String>,
    /// Languages that its people speak, BCP 47; empty when unknown.
    pub languages: Vec<String>,
    /// Their names in the language of the answer, in the same order.
    pub language_names: Vec<String>,
    /// Languages it offers through interpreters, BCP 47.
    pub interpreter_languages: Vec<String>,
    /// Their names in the language of the answer, in the same order.
    pub interpreter_language_names: Vec<String>,
    /// Slugs of topics.
    pub topics: Vec<String>,
    /// Slugs of populations.
    pub populations: Vec<String>,
    /// Whether one can call without a name; `null` when unknown.
    pub anonymous: Option<bool>,
    /// Whether it promises confidence; `null` when unknown.
    pub confidential: Option<bool>,
    /// What is passed on to police: `never`, `with_consent`, `when_required_by_law` or `unknown`.
    /// New values may be added.
    #[schema(value_type = String, example = "unknown")]
    pub passed_to_police: crate::hotlines::Disclosure,
    /// What is passed on to immigration authorities, in the same words.
    #[schema(value_type = String, example = "unknown")]
    pub passed_to_immigration: crate::hotlines::Disclosure,
    /// The group that is shown whole or not at all.
    pub show_together: Option<String>,
    /// When somebody verified it; imported rows are not verified.
    pub verified_at: Option<DateTime<Utc>>,
    /// How old the knowledge of its contact points is.
    pub freshness: Freshness,
    /// Where this was read.
    pub sources: Vec<HelpSource>,
}

/// An office that takes victims or reports.
#[derive(Debug, Serialize, ToSchema)]
pub struct HelpOffice {
    /// UUIDv7, stable.
    pub id: Uuid,
    /// Its record is at `/v1/regional_contacts/{slug}`.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The language of the original, BCP 47.
    pub lang: String,
    /// The language of each text as it stands here, and how it came into it.
    pub text: Texts,
    /// What it does. New roles may be added.
    #[schema(value_type = String, example = "victim_support")]
    pub role: crate::regional_contacts::Role,
    /// The role in the language of the answer.
    pub role_label: Label,
    /// To whom it belongs.
    #[schema(nullable)]
    pub organization: Option<Reference>,
    /// Why it stands here.
    pub reasons: Vec<Sentence>,
    /// How near the areas it serves are, as for contacts.
    #[schema(example = "country")]
    pub reach: &'static str,
    /// Whether it is open.
    pub open: Open,
    /// The ways to reach it that work from where the caller is.
    pub contact_points: Vec<ContactPoint>,
    /// Its website.
    #[schema(format = "uri")]
    pub website: Option<String>,
    /// The city of its public office.
    pub city: Option<String>,
    /// Whom it serves.
    pub serves: Vec<String>,
    /// How old the knowledge of it is.
    pub freshness: Freshness,
    /// Where this was read.
    pub sources: Vec<HelpSource>,
}

/// An organization that takes reports from everywhere.
#[derive(Debug, Serialize, ToSchema)]
pub struct HelpOrganization {
    /// UUIDv7, stable.
    pub id: Uuid,
    /// Its record is at `/v1/organizations/{slug}`.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// The language of the original, BCP 47.
    pub lang: String,
    /// The language of each text as it stands here, and how it came into it.
    pub text: Texts,
    /// Where to report to it.
    #[schema(format = "uri")]
    pub report_url: String,
    /// Its website.
    #[schema(format = "uri")]
    pub website: Option<String>,
    /// Slugs of topics.
    pub topics: Vec<String>,
    /// How old the knowledge of it is.
    pub freshness: Freshness,
    /// Where this was read.
    pub sources: Vec<HelpSource>,
}
