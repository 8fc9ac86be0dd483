//! Contact points: one way to reach somebody, as it can be dialled, texted or opened.

mod input;

pub use input::{
    ContactPointInput, adds_or_alters, alters_hidden, distinct, keep_admitted, settle, web_address,
};

use super::{
    access::Visibility, freshness::Freshness, outcome::Outcome, phone::Phone, place,
    verification::Method,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

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

    /// Whether it is dialled or texted.
    pub fn is_dialled(self) -> bool {
        matches!(self, Self::Phone | Self::Sms | Self::Whatsapp | Self::Tty)
    }
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
    /// How that was done: `called`, `texted`, `official_page` or `email_from_domain`. New methods may
    /// be added.
    #[schema(value_type = Option<String>, example = "called")]
    pub verification_method: Option<Method>,
    /// What else came of the last attempt to verify it: `changed` (a correction is awaited), `unreachable` or `closed`, which
    /// `/v1/help` leaves out; `null` where it was confirmed, or nobody tried. New values may be added.
    #[schema(value_type = Option<String>)]
    pub outcome: Option<Outcome>,
    /// The age of that knowledge, with the sources of its record.
    pub freshness: Freshness,
    /// `public`: without a key nothing else is seen. New values may be added.
    #[schema(value_type = String, example = "public")]
    pub visibility: Visibility,
}

impl ContactPoint {
    /// What the public sees of a contact point on a day, its record sourced on `source_date`.
    pub fn on(today: NaiveDate, input: ContactPointInput, source_date: Option<NaiveDate>) -> Self {
        // Where everybody may call from, everybody reads the number.
        let everywhere = input.dialable_from.iter().any(|area| area == place::WORLD);
        Self::read(today, input, source_date, everywhere)
    }

    /// What a caller in a country sees of it: abroad the number as it is dialled from there.
    pub fn called_from(
        country: Option<&str>,
        today: NaiveDate,
        input: ContactPointInput,
        source_date: Option<NaiveDate>,
    ) -> Self {
        let own = input.phone().ok().and_then(|phone| phone.country());
        let abroad = own.is_some() && own.as_deref() != country;
        Self::read(today, input, source_date, abroad)
    }

    fn read(
        today: NaiveDate,
        input: ContactPointInput,
        source_date: Option<NaiveDate>,
        international: bool,
    ) -> Self {
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
            display: display(&input, dialled.as_ref(), international),
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
            verification_method: input.verification_method,
            outcome: input.outcome,
            visibility: input.visibility,
        }
    }
}

fn display(input: &ContactPointInput, dialled: Option<&Phone>, international: bool) -> String {
    let Some(phone) = dialled else {
        return input.value.clone();
    };
    let number = phone.display(international);
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

#[cfg(test)]
mod tests {
    use super::*;
    use validator::Validate;

    fn point(channel: &str, value: &str, number: (&str, &str)) -> ContactPointInput {
        serde_json::from_value(serde_json::json!({
            "channel": channel, "value": value, number.0: number.1, "dialable_from": ["US"],
        }))
        .expect("a contact point")
    }

    #[test]
    fn keeps_vanity_and_keyword() {
        let today = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
        let vanity = point("phone", "1-800-JKL-0199", ("e164", "+18005550199"));
        assert!(vanity.validate().is_ok());
        assert_eq!(
            ContactPoint::on(today, vanity, None).display,
            "1-800-JKL-0199 (1-800-555-0199)"
        );
        let mut text = point("sms", "55501", ("short_code", "55501"));
        text.keyword = Some("HELP".into());
        let text = ContactPoint::on(today, text, None);
        assert_eq!(text.sms_uri.as_deref(), Some("sms:55501?body=HELP"));
        assert_eq!(text.display, "HELP to 55501");
    }

    #[test]
    fn refuses_letters_that_do_not_spell_the_number() {
        assert!(
            point("phone", "1-800-JKM-0199", ("e164", "+18005550199"))
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
    fn a_short_code_names_where_it_is_dialled() {
        let mut code = point("phone", "116123", ("short_code", "116123"));
        assert!(code.validate().is_ok());
        for areas in [&[][..], &["WLD"], &["US", "WLD"]] {
            code.dialable_from = areas.iter().map(|&area| area.to_owned()).collect();
            assert!(code.validate().is_err(), "{areas:?}");
        }
    }

    #[test]
    fn only_adding_and_altering_waits_for_a_second_person() {
        let one = point("phone", "116123", ("short_code", "116123"));
        let other = point("phone", "116124", ("short_code", "116124"));
        let both = [one.clone(), other.clone()];
        assert_eq!(adds_or_alters(&both[..1], &both), Some(1));
        assert_eq!(adds_or_alters(&both, &both[..1]), None);
        let mut hidden = both.clone();
        hidden[1].visibility = Visibility::Hidden;
        assert_eq!(adds_or_alters(&both, &hidden), None);
        assert_eq!(adds_or_alters(&hidden, &both), Some(1));
    }
}
