//! Contact points as they are written, and the rules that they keep.

use super::{
    super::{
        Invalid,
        access::{Asked, Visibility},
        language,
        outcome::Outcome,
        phone,
        phone::Phone,
        place, slug, text,
        verification::{Method, Verified},
    },
    Channel,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// A contact point as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "ContactPointInput::fits"))]
pub struct ContactPointInput {
    /// Of a contact point that the record has; `null` for a new one.
    #[serde(default)]
    pub id: Option<Uuid>,
    // Described by its type: utoipa makes nonsense of both together.
    #[schema(inline)]
    pub channel: Channel,
    /// The number as printed or dialled, vanity letters included; an address for the rest.
    #[validate(length(min = 2, max = 2000), custom(function = text::valid))]
    #[schema(min_length = 2, max_length = 2000)]
    pub value: String,
    /// The international form, where there is one.
    #[serde(default)]
    pub e164: Option<String>,
    /// The digits of a national short code.
    #[serde(default)]
    pub short_code: Option<String>,
    /// The word to send by text message.
    #[serde(default)]
    #[validate(custom(function = valid_keyword))]
    pub keyword: Option<String>,
    /// Digits to dial once connected.
    #[serde(default)]
    #[validate(custom(function = valid_extension))]
    pub extension: Option<String>,
    /// Countries it can be reached from; `WLD` for everywhere; empty when unknown.
    #[serde(default)]
    #[validate(custom(function = place::valid_areas))]
    pub dialable_from: Vec<String>,
    /// Whether the call costs nothing; `null` when unknown.
    #[serde(default)]
    pub toll_free: Option<bool>,
    /// Languages of this contact point alone; empty when those of the record hold.
    #[serde(default)]
    #[validate(custom(function = language::valid_list))]
    pub languages: Vec<String>,
    /// What to know before using it.
    #[serde(default)]
    #[validate(length(max = 500), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 500)]
    pub note: Option<String>,
    /// When somebody verified it with the operator.
    #[serde(default)]
    #[schema(ignore)]
    pub verified_at: Option<DateTime<Utc>>,
    /// How they did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(ignore)]
    pub verification_method: Option<Method>,
    /// What came of the last attempt to verify it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(ignore)]
    pub outcome: Option<Outcome>,
    /// Hidden contact points never reach the public side.
    #[serde(default)]
    #[schema(ignore)]
    pub visibility: Visibility,
}

fn valid_keyword(keyword: &str) -> Result<(), ValidationError> {
    if (1..=20).contains(&keyword.len()) && keyword.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Ok(());
    }
    Err(Invalid::new(
        "keyword",
        "it is no keyword",
        "use 1 to 20 letters and digits",
    )
    .into())
}

fn valid_extension(extension: &str) -> Result<(), ValidationError> {
    if (1..=10).contains(&extension.len()) && extension.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(());
    }
    Err(Invalid::new("extension", "it is no extension", "use 1 to 10 digits").into())
}

impl ContactPointInput {
    /// The number to dial, for channels that are dialled.
    ///
    /// # Errors
    /// When e164 and short code do not name exactly one number, or a wrong one.
    pub fn phone(&self) -> Result<Phone, Invalid> {
        match (self.e164.as_deref(), self.short_code.as_deref()) {
            (Some(number), None) => Phone::e164(number),
            (None, Some(code)) => Phone::short_code(code),
            _ => Err(Invalid::new(
                "number",
                "a contact point that is dialled has either e164 or short_code",
                "give exactly one of the two",
            )),
        }
    }

    /// The rules between fields: the number exists, the printed form spells it, addresses are
    /// addresses.
    fn fits(&self) -> Result<(), ValidationError> {
        let refused = |reason: &str, remedy: &str| {
            Err(Invalid::new("value", reason, remedy).at("value").into())
        };
        if self.channel.is_dialled() {
            if self.is_unread() {
                // What the number is, the table of short codes says when it is written.
                return Ok(());
            }
            let somewhere = |area: &String| area != place::WORLD;
            if self.short_code.is_some()
                && (self.dialable_from.is_empty() || !self.dialable_from.iter().all(somewhere))
            {
                let (code, reason) = (
                    "country",
                    "a short code rings somewhere else in each country",
                );
                let remedy = "name the countries that it can be dialled from; WLD is none";
                return Err(Invalid::new(code, reason, remedy)
                    .at("dialable_from")
                    .into());
            }
            let field = match (&self.e164, &self.short_code) {
                (Some(_), None) => "e164",
                (None, Some(_)) => "short_code",
                _ => "value",
            };
            let dialled = self
                .phone()
                .map_err(|invalid| invalid.at(field))?
                .dial_string();
            if !phone::spells(&self.value, &dialled) {
                return refused(
                    "the printed value does not spell the digits that are dialled",
                    "correct value, e164 or short_code so that they agree",
                );
            }
            return Ok(());
        }
        if self.e164.is_some() || self.short_code.is_some() || self.keyword.is_some() {
            return refused(
                "this channel is not dialled",
                "leave e164, short_code and keyword empty",
            );
        }
        let fits = match self.channel {
            Channel::Email => validator::ValidateEmail::validate_email(&self.value),
            _ => web_address(&self.value).is_ok(),
        };
        match fits {
            true => Ok(()),
            false => refused(
                "the value does not fit the channel",
                "give an e-mail address or a https address",
            ),
        }
    }

    /// Whether only the printed number stands, with the one country that it is dialled in: what it
    /// is can be read from that.
    pub fn is_unread(&self) -> bool {
        let digits = phone::digits_of(&self.value);
        self.channel.is_dialled()
            && self.e164.is_none()
            && self.short_code.is_none()
            && (2..=15).contains(&digits.len())
            && self.read_in().is_some()
    }

    /// The one country that it is dialled in.
    pub fn read_in(&self) -> Option<&str> {
        match &self.dialable_from[..] {
            [country] if place::Country::parse(country).is_ok() => Some(country),
            _ => None,
        }
    }

    /// Whether it is given to those who seek help: public, and not known to lead nowhere.
    pub fn may_be_used(&self) -> bool {
        self.visibility == Visibility::Public && !Outcome::is_out(self.outcome)
    }

    /// Whether somebody who calls from one area, and seeks help in another, can use it; at sea
    /// there is no area. What is not dialled works everywhere, as does an international number of
    /// which nobody says otherwise; a short code of which nobody says where it works is taken for
    /// one of the country in which help is sought, since it may ring somewhere else abroad.
    pub fn dials_from(&self, caller: Option<&str>, sought: Option<&str>) -> bool {
        if !self.channel.is_dialled() || self.channel == Channel::Whatsapp {
            return true;
        }
        let country = caller.map(place::country_of);
        if self.dialable_from.is_empty() {
            let own = country.is_some() && country == sought.map(place::country_of);
            return self.e164.is_some() || own;
        }
        let reaches = |area: &String| {
            let held = country.is_some_and(|country| place::holds(area, country));
            // Of a caller whose country alone is known, every part of it may be the one.
            let own = [country, caller].contains(&Some(area.as_str()));
            area == place::WORLD || held || own || caller == Some(place::country_of(area))
        };
        self.dialable_from.iter().any(reaches)
    }

    /// What it is found by: as printed, its keyword, and the forms of its number.
    pub fn looked_up_by(&self) -> Vec<String> {
        let forms = self
            .phone()
            .map(|phone| phone.looked_up_by())
            .unwrap_or_default();
        let printed = [Some(self.value.clone()), self.keyword.clone()];
        printed.into_iter().flatten().chain(forms).collect()
    }

    /// What a caller meets: everything but its id, its verification and its visibility.
    fn as_dialled(&self) -> Self {
        Self {
            id: None,
            verified_at: None,
            verification_method: None,
            outcome: None,
            visibility: Visibility::Public,
            ..self.clone()
        }
    }

    /// Whether it leads to the same place as another, however either is printed.
    pub fn leads_like(&self, other: &Self) -> bool {
        let number = |point: &Self| (point.e164.clone(), point.short_code.clone());
        let beside = |point: &Self| (point.keyword.clone(), point.extension.clone());
        let printed = self.channel.is_dialled() || self.value == other.value;
        self.channel == other.channel
            && printed
            && number(self) == number(other)
            && beside(self) == beside(other)
    }

    /// The fields that say when and how it was verified.
    pub fn verified(&mut self) -> Verified<'_> {
        Verified {
            at: &mut self.verified_at,
            method: &mut self.verification_method,
            outcome: &mut self.outcome,
        }
    }

    /// What makes it the same contact point across edits and imports.
    pub fn same_as(&self, other: &Self) -> bool {
        (self.channel, &self.value, &self.keyword) == (other.channel, &other.value, &other.keyword)
    }
}

/// An http or https address with a host name and without user data.
///
/// # Errors
/// When it is none.
pub fn web_address(address: &str) -> Result<(), ValidationError> {
    let refused = || -> ValidationError {
        Invalid::new(
            "url",
            "it is no web address",
            "write it in full, starting with https://",
        )
        .into()
    };
    let rest = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"))
        .ok_or_else(refused)?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    let harmful = |c: char| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c);
    let named = host.contains('.')
        && host
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
    if !named || address.len() > 2000 || address.contains(harmful) {
        return Err(refused());
    }
    text::valid(address)
}

/// Gives each contact point its id: the one it had before, or a new one. What was verified of it
/// stands while it dials the same, whatever was written, and no longer; what is hidden stays there and hidden, whatever was
/// written, until `unhide` names it.
pub fn settle(
    points: &mut Vec<ContactPointInput>,
    before: &[ContactPointInput],
    unhide: Option<Uuid>,
) {
    let mut taken: HashSet<Uuid> = points.iter().filter_map(|point| point.id).collect();
    for point in points.iter_mut() {
        let by_id = before
            .iter()
            .find(|known| known.id.is_some() && known.id == point.id);
        let known = by_id.or_else(|| {
            before
                .iter()
                .find(|known| known.same_as(point) && known.id.is_none_or(|id| taken.insert(id)))
        });
        if let Some(known) = known {
            point.id = known.id;
            let same = known.as_dialled() == point.as_dialled();
            let stood = same.then(|| known.clone().verified().stands());
            point.verified().keep(stood.unwrap_or_default());
            if known.visibility == Visibility::Hidden {
                *point = known.clone();
            }
        } else if !before.is_empty() {
            point.verified().keep(Default::default());
        }
        point.id.get_or_insert_with(Uuid::now_v7);
    }
    let hidden = before
        .iter()
        .filter(|known| known.visibility == Visibility::Hidden)
        .filter(|known| points.iter().all(|point| point.id != known.id))
        .cloned()
        .collect::<Vec<_>>();
    points.extend(hidden);
    for point in points {
        if unhide.is_some() && point.id == unhide {
            point.visibility = Visibility::Public;
        }
    }
}

/// The first hidden contact point that would be another, by its place.
pub fn alters_hidden(before: &[ContactPointInput], after: &[ContactPointInput]) -> Option<usize> {
    let mut hidden = before
        .iter()
        .filter(|known| known.id.is_some() && known.visibility == Visibility::Hidden);
    hidden.find_map(|known| {
        let place = after.iter().position(|point| point.id == known.id)?;
        (after[place].as_dialled() != known.as_dialled()).then_some(place)
    })
}

/// Leaves the contact points that a reader may see: hidden ones only to whom asked for them with
/// a key.
pub fn keep_admitted(points: &mut Vec<ContactPointInput>, access: Option<&Asked>) {
    let hidden = access.is_some_and(|asked| asked.visibility.contains(&Visibility::Hidden));
    points.retain(|point| hidden || point.visibility == Visibility::Public);
}

/// The first contact point that `after` adds or alters, by its place: what waits for a second
/// person. Removing and hiding do not.
pub fn adds_or_alters(before: &[ContactPointInput], after: &[ContactPointInput]) -> Option<usize> {
    let public = |point: &ContactPointInput| point.visibility == Visibility::Public;
    let stood = |point: &ContactPointInput| {
        before
            .iter()
            .any(|old| public(old) && old.as_dialled() == point.as_dialled())
    };
    after
        .iter()
        .position(|point| public(point) && !stood(point))
}

/// No contact point stands twice.
///
/// # Errors
/// When one does.
pub fn distinct(points: &[ContactPointInput]) -> Result<(), ValidationError> {
    let keys: Vec<String> = points
        .iter()
        .map(|p| {
            format!(
                "{}\n{}\n{}",
                p.channel.name(),
                p.value,
                p.keyword.as_deref().unwrap_or("")
            )
        })
        .collect();
    slug::distinct(&keys)
}
