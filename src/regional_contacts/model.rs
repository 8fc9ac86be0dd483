//! What a regional contact is: the payload written, the row served, the filter.

use super::input::RegionalContactInput;
use crate::values::{
    translation::{TextLanguage, Texts},
    view::View,
};
use crate::{
    db::record::Record,
    values::{
        access::{Asked, Status, Visibility},
        citation::{self, Citation},
        contact_point::ContactPoint,
        describe::{AreaCode, BoundingBox, CountryCode, Moment, Point, SlugOrId, Words},
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

/// What an office does for those who write or call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Investigates: a police unit, a field office.
    LawEnforcement,
    /// Joins agencies for one crime.
    TaskForce,
    /// Collects and passes on reports of missing children for a state.
    Clearinghouse,
    /// The national centre, or the operator of 116 000.
    MissingChildrenCentre,
    /// Takes reports of illegal content.
    InternetHotline,
    /// Coordinates a country's policy.
    NationalCoordination,
    /// Watches and reports on it independently.
    NationalRapporteur,
    /// Leads victims to services.
    ReferralPoint,
    /// Counsels and supports victims.
    VictimSupport,
    /// An office of an organization of states.
    IntergovernmentalOffice,
    /// Inspects work places.
    LabourAuthority,
}

/// The roles by name.
pub const ROLES: [&str; 11] = [
    "law_enforcement",
    "task_force",
    "clearinghouse",
    "missing_children_centre",
    "internet_hotline",
    "national_coordination",
    "national_rapporteur",
    "referral_point",
    "victim_support",
    "intergovernmental_office",
    "labour_authority",
];

impl Role {
    /// The name in JSON and in the database.
    pub fn name(self) -> &'static str {
        ROLES[self as usize]
    }
}

/// How exact coordinates are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CoordinatePrecision {
    /// The public office itself.
    Exact,
    /// The centre of its city.
    City,
}

/// A regional contact as the public sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RegionalContact {
    /// UUIDv7, stable.
    pub id: Uuid,
    /// Stable and human; the address takes it too.
    #[schema(example = "unodc-headquarters")]
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
    /// `law_enforcement`, `task_force`, `clearinghouse`, `missing_children_centre`,
    /// `internet_hotline`, `national_coordination`, `national_rapporteur`, `referral_point`,
    /// `victim_support`, `intergovernmental_office` or `labour_authority`. New roles may be added.
    #[schema(value_type = String, example = "law_enforcement")]
    pub role: Role,
    /// The role in the words of the source.
    pub role_title: Option<String>,
    /// The organization it belongs to.
    #[schema(nullable)]
    pub organization: Option<Reference>,
    /// What to know.
    pub notes: Option<String>,
    /// The language of the prose, BCP 47.
    pub lang: String,
    /// In which language each text stands here, by field, and whether it is a translation.
    #[schema(value_type = BTreeMap<String, TextLanguage>, example = json!({"name": {"lang": "en", "translation": "none"}}))]
    pub text: Texts,
    /// Areas it serves: ISO 3166-1, ISO 3166-2, UN M49 or `WLD`.
    pub serves: Vec<String>,
    /// Country of the office, ISO 3166-1 alpha-2.
    #[schema(example = "AT")]
    pub country: String,
    /// Subdivision of the office, ISO 3166-2.
    pub subdivision: Option<String>,
    /// City of the office.
    pub city: Option<String>,
    /// Postal code of the office.
    pub postal_code: Option<String>,
    /// Address of the public office. Shelters have none here, ever.
    pub address: Option<String>,
    /// Degrees north, WGS 84.
    #[schema(minimum = -90, maximum = 90)]
    pub latitude: Option<f64>,
    /// Degrees east, WGS 84.
    #[schema(minimum = -180, maximum = 180)]
    pub longitude: Option<f64>,
    /// `exact` for the office, `city` for the centre of its city: distances then mean the city.
    /// New values may be added.
    #[schema(value_type = Option<String>, example = "city")]
    pub coordinate_precision: Option<CoordinatePrecision>,
    /// Great-circle distance in kilometres, when `near` was asked; from the city where
    /// `coordinate_precision` says so.
    #[schema(minimum = 0)]
    pub distance_km: Option<f64>,
    /// Its website.
    #[schema(format = "uri")]
    pub website: Option<String>,
    /// Opening hours in the `opening_hours` notation of OpenStreetMap; `null` when unknown.
    pub hours: Option<String>,
    /// The same for the 14 days from the beginning of today in UTC; public holidays of the country
    /// are counted where they are known. `null` when the hours are unknown, which does not mean
    /// closed.
    pub open_intervals: Option<Vec<Interval>>,
    /// The IANA zone of those hours.
    pub timezone: Option<String>,
    /// Every way to reach it.
    pub contact_points: Vec<ContactPoint>,
    /// Where this was read.
    pub sources: Vec<Citation>,
    /// The licence of this compilation; sources name their own.
    #[schema(example = "CC-BY-4.0")]
    pub licence: &'static str,
    /// How to credit it.
    #[schema(example = "Lodestar contributors")]
    pub attribution: &'static str,
}

impl RegionalContact {
    /// What the public sees of a record on a day.
    pub fn on(
        view: &View,
        record: &Record,
        organization: Option<Reference>,
        distance_km: Option<f64>,
        input: RegionalContactInput,
    ) -> Self {
        let source_date = citation::newest(&input.sources);
        let point = input.point();
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
            latitude: point.map(|(latitude, _)| latitude),
            longitude: point.map(|(_, longitude)| longitude),
            distance_km: distance_km.map(|km| (km * 10.0).round() / 10.0),
            organization,
            slug: input.slug,
            verified_at: input.verified_at,
            verification_method: input.verification_method,
            outcome: input.outcome,
            name: prose.text("name", input.name, |one| &one.name),
            role: input.role,
            role_title: prose.optional("role_title", input.role_title, |one| &one.role_title),
            notes: prose.optional("notes", input.notes, |one| &one.notes),
            text: prose.texts(),
            lang: input.lang.clone(),
            serves: input.serves,
            country: input.country.clone(),
            subdivision: input.subdivision,
            city: input.city,
            postal_code: input.postal_code,
            address: input.address,
            coordinate_precision: input.coordinate_precision,
            website: input.website,
            open_intervals: hours::upcoming(
                view.today,
                input.hours.as_deref(),
                input.timezone.as_deref(),
                Some(&input.country),
            ),
            hours: input.hours,
            timezone: input.timezone,
            sources: input.sources,
            licence: licence::LICENCE,
            attribution: licence::ATTRIBUTION,
        }
    }
}

/// Regional contacts as a GeoJSON FeatureCollection (RFC 7946).
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "a description; streams write it batch by batch")]
pub struct RegionalContactFeatures {
    /// `FeatureCollection`.
    #[schema(example = "FeatureCollection")]
    r#type: String,
    /// The whole selection.
    features: Vec<RegionalContactFeature>,
}

/// A regional contact as a GeoJSON Feature.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "a description, as above")]
pub struct RegionalContactFeature {
    /// `Feature`.
    #[schema(example = "Feature")]
    r#type: String,
    /// The slug.
    id: String,
    /// Where it is; `null` when its coordinates are not known.
    #[schema(nullable)]
    geometry: Option<PointGeometry>,
    /// The record.
    properties: RegionalContact,
}

/// A GeoJSON Point.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "a description, as above")]
pub struct PointGeometry {
    /// `Point`.
    #[schema(example = "Point")]
    r#type: String,
    /// Longitude, then latitude, WGS 84.
    #[schema(min_items = 2, max_items = 2)]
    coordinates: Vec<f64>,
}

/// Which regional contacts. Different parameters combine by AND, repeated ones by OR.
#[derive(Debug, Clone, Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RegionalContactFilter {
    /// Which of them a key may see; `None` without a key.
    #[param(ignore)]
    pub access: Option<Asked>,
    /// Words of the name, role, city and notes; each must occur, of the last a beginning suffices.
    #[param(value_type = Option<Words>)]
    pub search: Option<LookedFor>,
    /// Country of the office.
    #[param(value_type = Vec<CountryCode>, required = false, style = Form, explode, max_items = 50)]
    pub country: Vec<String>,
    /// Place that is served: by the place itself, its country, a region that holds it, the world.
    #[param(value_type = Vec<AreaCode>, required = false, style = Form, explode, max_items = 50)]
    pub serves: Vec<String>,
    /// Role of the office.
    #[param(inline, value_type = Vec<Role>, required = false, style = Form, explode, max_items = 50)]
    pub role: Vec<String>,
    /// Organization it belongs to.
    #[param(value_type = Vec<SlugOrId>, required = false, style = Form, explode, max_items = 50)]
    pub organization: Vec<String>,
    /// Only offices that are open at a moment: `now`, or RFC 3339 within a year of it. Offices of
    /// unknown hours are left out, and those found unreachable or closed. Answers about a moment are `no-store`.
    #[param(value_type = Option<Moment>)]
    pub open_at: Option<DateTime<Utc>>,
    /// Only within `radius_km` of this point, which goes with it. A place asked for in a URL
    /// stays in histories; answers to it are `no-store`.
    #[param(value_type = Option<Point>)]
    pub near: Option<[f64; 2]>,
    /// Radius around `near` in kilometres.
    #[param(minimum = 1, maximum = 20038)]
    pub radius_km: Option<i64>,
    /// Only within this box.
    #[param(value_type = Option<BoundingBox>)]
    pub bbox: Option<[f64; 4]>,
}

impl RegionalContactFilter {
    /// Whether the question tells where somebody is.
    pub fn is_located(&self) -> bool {
        self.near.is_some() || self.bbox.is_some()
    }
}

/// Orders of regional contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
pub enum RegionalContactSort {
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
    /// Nearest first; needs `near`.
    #[schema(rename = "distance")]
    Distance,
}

/// One of the two coordinates.
pub enum Axis {
    Latitude,
    Longitude,
}

/// The box around a circle, so that an index finds the candidates. Where the circle holds a pole
/// or crosses the antimeridian every longitude is a candidate: the distance decides.
pub fn around(latitude: f64, longitude: f64, radius_km: f64) -> Vec<(Axis, [f64; 2])> {
    const KM_PER_DEGREE: f64 = 111.19;
    let height = radius_km / KM_PER_DEGREE * 1.001;
    let mut sides = vec![(Axis::Latitude, [latitude - height, latitude + height])];
    let farthest = (latitude.abs() + height).to_radians();
    if farthest < std::f64::consts::FRAC_PI_2 {
        let width = (height.to_radians().sin() / latitude.to_radians().cos())
            .min(1.0)
            .asin()
            .to_degrees()
            * 1.001;
        if longitude - width > -180.0 && longitude + width < 180.0 {
            sides.push((Axis::Longitude, [longitude - width, longitude + width]));
        }
    }
    sides
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::labels::label;

    #[test]
    fn every_role_has_a_label() {
        for role in ROLES {
            assert_eq!(label(&format!("role.{role}"), "es").1, "es", "{role}");
        }
    }
}
