//! Contact points: one way to reach somebody, as it can be dialled, texted or opened.

use super::{
    Invalid, access::Visibility, freshness::Freshness, language, phone, phone::Phone, place, slug,
    text,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// How a contact point is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A voice call.
    Phone,
    /// A text message.
    Sms,
    /// A WhatsApp chat.
    Whatsapp,
    /// A chat on a web page.
    Chat,
    /// A form on a web page.
    WebForm,
    /// An e-mail.
    Email,
    /// A text telephone, or the relay code that leads to one.
    Tty,
    /// A video relay service for sign languages.
    VideoRelay,
}

/// The channels by name, in the order in which they are documented.
pub const CHANNELS: [&str; 8] = [
    "phone",
    "sms",
    "whatsapp",
    "chat",
    "web_form",
    "email",
    "tty",
    "video_relay",
];

impl Channel {
    /// The name in JSON and in the database.
    pub fn name(self) -> &'static str {
        CHANNELS[self as usize]
    }

    fn is_dialled(self) -> bool {
        matches!(self, Self::Phone | Self::Sms | Self::Whatsapp | Self::Tty)
    }
}

/// A contact point as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "ContactPointInput::fits"))]
pub struct ContactPointInput {
    /// Given by the directory; kept through edits.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// How it is used.
    pub channel: Channel,
    /// The number as printed or dialled, vanity letters included; an address for the rest.
    #[validate(length(min = 2, max = 2000), custom(function = text::valid))]
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
    pub note: Option<String>,
    /// When somebody verified it with the operator.
    #[serde(default)]
    pub verified_at: Option<DateTime<Utc>>,
    /// Hidden contact points never reach the public side.
    #[serde(default)]
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
        let refused =
            |reason: &str, remedy: &str| Err(Invalid::new("value", reason, remedy).into());
        if self.channel.is_dialled() {
            let dialled = self.phone()?.dial_string();
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

    /// What it is found by: as printed, its keyword, and the forms of its number.
    pub fn looked_up_by(&self) -> Vec<String> {
        let forms = self
            .phone()
            .map(|phone| phone.looked_up_by())
            .unwrap_or_default();
        let printed = [Some(self.value.clone()), self.keyword.clone()];
        printed.into_iter().flatten().chain(forms).collect()
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

/// Gives each contact point its id: the one it had before, or a new one; what was verified
/// before stays so while the contact point is the same.
pub fn settle(points: &mut [ContactPointInput], before: &[ContactPointInput]) {
    for point in points {
        if let Some(known) = before.iter().find(|known| known.same_as(point)) {
            point.id = point.id.or(known.id);
            point.verified_at = point.verified_at.or(known.verified_at);
            // What one person hid, no import shows again.
            if known.visibility == Visibility::Hidden {
                point.visibility = Visibility::Hidden;
            }
        }
        point.id.get_or_insert_with(Uuid::now_v7);
    }
}

/// Whether `after` adds or alters a contact point: what waits for a second person. Removing and
/// hiding do not.
pub fn adds_or_alters(before: &[ContactPointInput], after: &[ContactPointInput]) -> bool {
    let shown = |point: &ContactPointInput| ContactPointInput {
        id: None,
        verified_at: None,
        visibility: Visibility::Public,
        ..point.clone()
    };
    after
        .iter()
        .filter(|point| point.visibility == Visibility::Public)
        .any(|point| {
            !before
                .iter()
                .any(|old| old.visibility == Visibility::Public && shown(old) == shown(point))
        })
}

/// One way to reach somebody. All channels have this one shape; what a channel lacks is `null`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContactPoint {
    /// Stable across edits.
    pub id: Option<Uuid>,
    /// `phone`, `sms`, `whatsapp`, `chat`, `web_form`, `email`, `tty` or `video_relay`. New
    /// channels may be added.
    #[schema(value_type = String, example = "phone")]
    pub channel: Channel,
    /// The number as printed, vanity letters included, or the address.
    #[schema(example = "1-800-THE-LOST")]
    pub value: String,
    /// What to show a reader.
    #[schema(example = "1-800-THE-LOST (1-800-843-5678)")]
    pub display: String,
    /// The international form in E.164; `null` where the number has none.
    #[schema(example = "+18008435678")]
    pub e164: Option<String>,
    /// The digits of a national short code.
    pub short_code: Option<String>,
    /// The word to send by text message.
    pub keyword: Option<String>,
    /// Digits to dial once connected.
    pub extension: Option<String>,
    /// Countries (ISO 3166-1 alpha-2) it can be reached from, `WLD` for everywhere; empty when
    /// unknown.
    pub dialable_from: Vec<String>,
    /// Whether the call costs nothing; `null` when unknown.
    pub toll_free: Option<bool>,
    /// Languages of this contact point alone; empty when those of the record hold.
    pub languages: Vec<String>,
    /// What to know before using it.
    pub note: Option<String>,
    /// The plain dial string, for a link that calls: `tel:116123`.
    #[schema(example = "tel:+18008435678")]
    pub tel_uri: Option<String>,
    /// The same after RFC 3966: a short code with its country as `phone-context`.
    #[schema(example = "tel:+18008435678")]
    pub tel_uri_rfc3966: Option<String>,
    /// For a link that writes a text message, the keyword as its body.
    pub sms_uri: Option<String>,
    /// For a link that opens a chat, a form or an e-mail.
    pub url: Option<String>,
    /// When somebody verified it with the operator; imported rows are not verified.
    pub verified_at: Option<DateTime<Utc>>,
    /// The age of that knowledge, with the sources of its record.
    pub freshness: Freshness,
}

impl ContactPoint {
    /// What the public sees of a contact point on a day, its record sourced on `source_date`.
    pub fn on(today: NaiveDate, input: ContactPointInput, source_date: Option<NaiveDate>) -> Self {
        let dialled = input
            .channel
            .is_dialled()
            .then(|| input.phone().ok())
            .flatten();
        let calls = matches!(input.channel, Channel::Phone | Channel::Tty);
        let extension = input.extension.as_deref();
        let country = input.dialable_from.first().map(String::as_str);
        let tel_uri = dialled.as_ref().filter(|_| calls).map(|phone| {
            let ext = extension.map_or_else(String::new, |e| format!(";ext={e}"));
            format!("tel:{}{ext}", phone.dial_string())
        });
        let tel_uri_rfc3966 = dialled
            .as_ref()
            .filter(|_| calls)
            .and_then(|phone| phone.rfc3966(country, extension));
        let sms_uri = dialled
            .as_ref()
            .filter(|_| input.channel == Channel::Sms)
            .map(|phone| {
                let body = input
                    .keyword
                    .as_ref()
                    .map_or_else(String::new, |k| format!("?body={k}"));
                format!("sms:{}{body}", phone.dial_string())
            });
        Self {
            display: display(&input, dialled.as_ref()),
            url: url(&input, dialled.as_ref()),
            tel_uri,
            tel_uri_rfc3966,
            sms_uri,
            freshness: Freshness::on(today, input.verified_at, source_date),
            id: input.id,
            channel: input.channel,
            value: input.value,
            e164: input.e164,
            short_code: input.short_code,
            keyword: input.keyword,
            extension: input.extension,
            dialable_from: input.dialable_from,
            toll_free: input.toll_free,
            languages: input.languages,
            note: input.note,
            verified_at: input.verified_at,
        }
    }
}

fn display(input: &ContactPointInput, dialled: Option<&Phone>) -> String {
    let Some(phone) = dialled else {
        return input.value.clone();
    };
    let number = phone.display(input.dialable_from.iter().any(|area| area == place::WORLD));
    let letters = input.value.chars().any(|c| c.is_ascii_alphabetic());
    let number = match (letters, &input.keyword) {
        (true, _) => format!("{} ({number})", input.value),
        (false, Some(keyword)) => format!("{keyword} to {number}"),
        (false, None) => number,
    };
    match &input.extension {
        Some(extension) => format!("{number} ext. {extension}"),
        None => number,
    }
}

fn url(input: &ContactPointInput, dialled: Option<&Phone>) -> Option<String> {
    match input.channel {
        Channel::Chat | Channel::WebForm | Channel::VideoRelay => Some(input.value.clone()),
        Channel::Email => Some(format!("mailto:{}", input.value)),
        Channel::Whatsapp => dialled.map(|phone| {
            format!(
                "https://wa.me/{}",
                phone.dial_string().trim_start_matches('+')
            )
        }),
        Channel::Phone | Channel::Sms | Channel::Tty => None,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn point(channel: &str, value: &str, number: (&str, &str)) -> ContactPointInput {
        serde_json::from_value(serde_json::json!({
            "channel": channel, "value": value, number.0: number.1, "dialable_from": ["US"],
        }))
        .expect("a contact point")
    }

    #[test]
    fn keeps_vanity_and_keyword() {
        let today = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
        let lost = point("phone", "1-800-THE-LOST", ("e164", "+18008435678"));
        assert!(lost.validate().is_ok());
        assert_eq!(
            ContactPoint::on(today, lost, None).display,
            "1-800-THE-LOST (1-800-843-5678)"
        );
        let mut text = point("sms", "233733", ("short_code", "233733"));
        text.keyword = Some("BEFREE".into());
        let text = ContactPoint::on(today, text, None);
        assert_eq!(text.sms_uri.as_deref(), Some("sms:233733?body=BEFREE"));
        assert_eq!(text.display, "BEFREE to 233733");
    }

    #[test]
    fn refuses_letters_that_do_not_spell_the_number() {
        assert!(
            point("phone", "1-800-THE-LAST", ("e164", "+18008435678"))
                .validate()
                .is_err()
        );
        assert!(
            point("chat", "javascript:alert(1)", ("note", "x"))
                .validate()
                .is_err()
        );
    }

    #[test]
    fn only_adding_and_altering_waits_for_a_second_person() {
        let one = point("phone", "116123", ("short_code", "116123"));
        let other = point("phone", "116124", ("short_code", "116124"));
        let both = [one.clone(), other.clone()];
        assert!(adds_or_alters(&both[..1], &both));
        assert!(!adds_or_alters(&both, &both[..1]));
        let mut hidden = both.clone();
        hidden[1].visibility = Visibility::Hidden;
        assert!(!adds_or_alters(&both, &hidden));
        assert!(adds_or_alters(&hidden, &both));
    }
}
