//! A question, parsed: a place without the point it came from, a need, a minute.

use crate::{
    values::{
        contact_point::{CHANNELS, Channel, ContactPointInput},
        hours, locate, place,
    },
    web::{FromParams, Params, page::number, parse},
};
use chrono::{DateTime, DurationRound, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

/// How many contacts an answer holds without `limit`.
const USUAL: i64 = 6;

/// Where help is sought.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// An ISO 3166-2 subdivision, with its country.
    Subdivision(String, String),
    /// An ISO 3166-1 country.
    Country(String),
    /// A point that lies in no country.
    Sea,
}

impl Place {
    /// The place of an area code.
    fn of(area: &str) -> Self {
        match area.contains('-') {
            true => Self::Subdivision(area.to_owned(), place::country_of(area).to_owned()),
            false => Self::Country(area.to_owned()),
        }
    }

    /// Its country.
    pub fn country(&self) -> Option<&str> {
        match self {
            Self::Subdivision(_, country) | Self::Country(country) => Some(country),
            Self::Sea => None,
        }
    }

    /// Its area code, the narrowest that is known.
    pub fn area(&self) -> Option<&str> {
        self.subdivision().or(self.country())
    }

    /// Its subdivision.
    pub fn subdivision(&self) -> Option<&str> {
        match self {
            Self::Subdivision(code, _) => Some(code),
            Self::Country(_) | Self::Sea => None,
        }
    }
}

/// What is asked. Two that are equal have the same answer while the directory stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Question {
    /// Where.
    pub place: Place,
    /// Topics, by slug.
    pub topics: Vec<String>,
    /// Populations, by slug.
    pub populations: Vec<String>,
    /// Age in years.
    pub age: Option<i32>,
    /// Languages spoken, canonical tags.
    pub languages: Vec<String>,
    /// Ways to make contact.
    pub channels: Vec<String>,
    /// When, to the minute: hours know nothing finer.
    pub at: DateTime<Utc>,
    /// The day that freshness is counted on, whenever the answer is for.
    pub today: NaiveDate,
    /// The zone of the times in the answer.
    pub zone: Option<Tz>,
    /// The country that is called from; the place's own without it.
    pub from: Option<String>,
    /// The language of the answer that `lang` names.
    pub lang: Option<String>,
    /// How many contacts at most.
    pub limit: usize,
}

impl Question {
    /// The area that is called from: the place, unless another country is named.
    pub fn caller(&self) -> Option<&str> {
        let own = self.place.country();
        let other = self.from.as_deref().filter(|from| own != Some(*from));
        other.or(self.place.area())
    }

    /// The country that is called from.
    pub fn called_from(&self) -> Option<&str> {
        self.caller().map(place::country_of)
    }

    /// Whether a contact point is given to who asks this.
    pub fn can_use(&self, point: &ContactPointInput) -> bool {
        point.may_be_used() && point.dials_from(self.caller(), self.place.area())
    }
}

impl FromParams for Question {
    fn from_params(params: &mut Params) -> Self {
        let country = params.one("country", parse::country);
        let subdivision = params.one("subdivision", parse::subdivision);
        let near = params.one("near", parse::degrees::<2>);
        let channel = params.list("channel", parse::name_of(&CHANNELS));
        let age = params.one("age", number(0, 120));
        let limit = params.one("limit", number(1, 100)).unwrap_or(USUAL);
        let at = params.one("at", parse::moment).unwrap_or_else(Utc::now);
        Self {
            place: place(params, country, subdivision, near),
            topics: sorted(params.list("topic", parse::reference)),
            populations: sorted(params.list("population", parse::reference)),
            age: age.and_then(|age| i32::try_from(age).ok()),
            languages: params.list("language", parse::language),
            channels: sorted(channel),
            today: Utc::now().date_naive(),
            at: at.duration_trunc(TimeDelta::minutes(1)).unwrap_or(at),
            zone: params.one("tz", hours::zone),
            from: params.one("dialable_from", parse::country),
            lang: params.one("lang", parse::language),
            limit: usize::try_from(limit).unwrap_or_default(),
        }
    }
}

fn sorted(mut values: Vec<String>) -> Vec<String> {
    values.sort();
    values.dedup();
    values
}

/// The place that the three ways name. The point goes no further than here.
fn place(
    params: &mut Params,
    country: Option<String>,
    subdivision: Option<String>,
    near: Option<[f64; 2]>,
) -> Place {
    if let (Some(country), Some(subdivision)) = (&country, &subdivision)
        && place::country_of(subdivision) != country
    {
        params.misfit(
            "subdivision",
            "disagrees",
            "the subdivision lies in another country",
            "correct one of the two, or leave the country out",
        );
    }
    if near.is_some() && (country.is_some() || subdivision.is_some()) {
        params.misfit(
            "near",
            "disagrees",
            "the place is given twice",
            "give a point, or a country or subdivision",
        );
    }
    if let Some([latitude, longitude]) = near {
        if latitude.abs() > 90.0 || longitude.abs() > 180.0 {
            params.misfit(
                "near",
                "coordinate",
                "the point is not on the earth",
                "latitude to ±90, then longitude to ±180",
            );
        }
        let area = locate::area(latitude, longitude);
        return area.map_or(Place::Sea, |area| Place::of(&area));
    }
    let given = ["country", "subdivision", "near"];
    if !given.iter().any(|name| params.has(name)) {
        params.misfit(
            "country",
            "missing",
            "no place is given",
            "add country, subdivision or near",
        );
    }
    Place::of(&subdivision.or(country).unwrap_or_default())
}

/// Whether a contact point's channel is one of those asked for.
pub fn asks_for(question: &Question, channel: Channel) -> bool {
    question.channels.iter().any(|one| one == channel.name())
}
