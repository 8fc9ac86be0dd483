//! Telephone numbers as they can be dialled: E.164 where the number has an international form,
//! short codes, vanity forms, extensions. Short codes never gain a country code.

use super::Invalid;
use rlibphonenumber::{PhoneNumber, PhoneNumberFormat, Region};
use std::{
    str::FromStr,
    sync::{Arc, LazyLock, OnceLock},
};

/// A number in its dialling plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phone {
    /// A number with an international form, such as `+18883737888`.
    E164(Arc<Number>),
    /// Digits that exist only in a national plan, such as 116123.
    ShortCode(String),
}

/// A number with an international form, and what its plan says of it, found once.
#[derive(Debug)]
pub struct Number {
    e164: String,
    parsed: PhoneNumber,
    international: OnceLock<String>,
    national: OnceLock<String>,
    country: OnceLock<Option<String>>,
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.e164 == other.e164
    }
}

impl Eq for Number {}

/// Numbers of records that were looked at lately, at most 10,000: to take one apart takes longer than all else that a line
/// is shown with.
static LATELY: LazyLock<moka::sync::Cache<String, Arc<Number>>> =
    LazyLock::new(|| moka::sync::Cache::new(10_000));

impl Phone {
    /// A number in E.164 form.
    ///
    /// # Errors
    /// When it is not E.164, or no number that any numbering plan could have assigned.
    pub fn e164(text: &str) -> Result<Self, Invalid> {
        if let Some(number) = LATELY.get(text) {
            return Ok(Self::E164(number));
        }
        let refused = |reason: &str| {
            Invalid::new(
                "phone",
                reason,
                "write the number as +, country code and number, without blanks, hyphens or brackets, such as +18883737888; put a short code into short_code",
            )
        };
        let digits = text.strip_prefix('+').unwrap_or_default();
        if !(7..=15).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(refused("it is no E.164 number"));
        }
        let parsed = PhoneNumber::from_str(text).map_err(|_| refused("it is no E.164 number"))?;
        if !(parsed.is_valid() || is_fictional(text))
            || parsed.format_as(PhoneNumberFormat::E164) != text
        {
            return Err(refused("no numbering plan has such a number"));
        }
        let number = Arc::new(Number {
            e164: text.to_owned(),
            parsed,
            international: OnceLock::new(),
            national: OnceLock::new(),
            country: OnceLock::new(),
        });
        LATELY.insert(text.to_owned(), Arc::clone(&number));
        Ok(Self::E164(number))
    }

    /// A number as it is printed in a country, vanity letters included.
    ///
    /// # Errors
    /// When its numbering plan has no such number.
    pub fn printed(text: &str, country: &str) -> Result<Self, Invalid> {
        let refused = || {
            Invalid::new(
                "number",
                format!("the numbering plan of {country} has no such number"),
                "correct it, or give e164 or short_code beside it",
            )
        };
        let region = Region::from_str(country).map_err(|_| refused())?;
        // Parameters of a tel: address are not printed, and two contexts make the library panic.
        if text.contains(';') {
            return Err(refused());
        }
        let number = rlibphonenumber::PHONE_NUMBER_UTIL
            .parse(text, Some(region))
            .map_err(|_| refused())?;
        Self::e164(&number.format_as(PhoneNumberFormat::E164)).map_err(|_| refused())
    }

    /// A short code: 2 to 10 digits of a national plan.
    ///
    /// # Errors
    /// When it has another form.
    pub fn short_code(text: &str) -> Result<Self, Invalid> {
        if (2..=10).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(Self::ShortCode(text.to_owned()));
        }
        Err(Invalid::new(
            "short_code",
            "it is no short code",
            "write its 2 to 10 digits without blanks or country code, such as 116123",
        ))
    }

    /// The digits as they are dialled, `+` first where there is an international form.
    pub fn dial_string(&self) -> String {
        match self {
            Self::E164(number) => number.e164.clone(),
            Self::ShortCode(digits) => digits.clone(),
        }
    }

    /// The number as people write it: in the form of its country, or the international one when
    /// it is `international`.
    pub fn display(&self, international: bool) -> String {
        match self {
            Self::ShortCode(digits) => digits.clone(),
            Self::E164(number) if international => number.international().to_owned(),
            Self::E164(number) => number.national().to_owned(),
        }
    }

    /// The country of an international number, where its plan says one.
    pub fn country(&self) -> Option<String> {
        match self {
            Self::E164(number) => {
                let region = || number.parsed.get_region_code().map(|one| one.to_string());
                number.country.get_or_init(region).clone()
            }
            Self::ShortCode(_) => None,
        }
    }

    /// The forms that people look a number up by: with and without the country, grouped or not.
    pub fn looked_up_by(&self) -> Vec<String> {
        let mut forms = vec![self.dial_string(), self.display(true), self.display(false)];
        if let Self::E164(number) = self {
            forms.push(number.parsed.get_national_significant_number());
        }
        let digits: Vec<String> = forms.iter().map(|form| digits_of(form)).collect();
        forms.into_iter().chain(digits).collect()
    }

    /// The form of RFC 3966: global, or local with the calling code of its country as context.
    /// `None` for a short code of a country without a calling code of its own.
    pub fn rfc3966(&self, country: Option<&str>, extension: Option<&str>) -> Option<String> {
        let ext = extension.map_or_else(String::new, |e| format!(";ext={e}"));
        match self {
            Self::E164(_) => Some(format!("tel:{}{ext}", self.dial_string())),
            Self::ShortCode(digits) => country
                .and_then(calling_code)
                .map(|code| format!("tel:{digits}{ext};phone-context=+{code}")),
        }
    }
}

impl Number {
    fn international(&self) -> &str {
        let written = || self.parsed.format_as(PhoneNumberFormat::International);
        self.international.get_or_init(|| written().into_owned())
    }

    fn national(&self) -> &str {
        self.national.get_or_init(|| {
            match self.international().strip_prefix("+1 ") {
                // In the North American plan people write the trunk prefix 1 with hyphens.
                Some(rest) => format!("1-{rest}"),
                None => {
                    let written = self.parsed.format_as(PhoneNumberFormat::National);
                    written.into_owned()
                }
            }
        })
    }
}

/// Numbers that Ofcom keeps for drama, which belong to no area: tests and documents use them.
/// Those of North America (555-0100 to 0199) count as numbers like any other.
fn is_fictional(e164: &str) -> bool {
    e164.strip_prefix("+441632960")
        .is_some_and(|rest| rest.len() == 3)
}

/// The calling code of a country.
pub fn calling_code(country: &str) -> Option<u16> {
    let region = Region::from_str(country).ok()?;
    rlibphonenumber::PHONE_NUMBER_UTIL
        .get_country_code_for_region(region)
        .and_then(|code| u16::try_from(code).ok())
}

/// The digits of a number as printed, letters turned into the digits of their keys.
pub fn digits_of(printed: &str) -> String {
    printed
        .chars()
        .filter_map(|c| match c.to_ascii_uppercase() {
            d @ '0'..='9' => Some(d),
            'A'..='C' => Some('2'),
            'D'..='F' => Some('3'),
            'G'..='I' => Some('4'),
            'J'..='L' => Some('5'),
            'M'..='O' => Some('6'),
            'P'..='S' => Some('7'),
            'T'..='V' => Some('8'),
            'W'..='Z' => Some('9'),
            _ => None,
        })
        .collect()
}

/// Whether a printed form, vanity letters included, spells the digits that are dialled.
pub fn spells(printed: &str, dialled: &str) -> bool {
    let printed = digits_of(printed);
    let national = printed.trim_start_matches('0');
    let dialled = dialled.trim_start_matches('+');
    national.len() >= 2 && (dialled.ends_with(&printed) || dialled.ends_with(national))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_codes_stay_dialable() {
        let samaritans = Phone::short_code("116123").expect("a short code");
        assert_eq!(samaritans.dial_string(), "116123");
        assert_eq!(
            samaritans.rfc3966(Some("GB"), None).as_deref(),
            Some("tel:116123;phone-context=+44")
        );
        assert!(Phone::e164("+44116123").is_err());
    }

    #[test]
    fn what_is_printed_has_no_parameters() {
        assert!(Phone::printed("01632 960001", "GB").is_ok());
        let twice = "1625;phone-context=+441625;phone-context=+440tel:0111";
        assert!(Phone::printed(twice, "GB").is_err());
    }

    #[test]
    fn vanity_letters_must_spell_the_digits() {
        assert!(spells("1-800-JKL-0199", "+18005550199"));
        assert!(spells("800JKL0199", "+18005550199"));
        assert!(!spells("1-800-JKM-0199", "+18005550199"));
    }

    #[test]
    fn writes_numbers_as_their_country_does() {
        let toll_free = Phone::e164("+18005550199").expect("a number");
        assert_eq!(toll_free.display(false), "1-800-555-0199");
        let fiction = Phone::e164("+441632960001").expect("a number");
        assert_eq!(fiction.display(true), "+44 1632 960001");
        assert_eq!(fiction.display(false), "01632 960001");
    }
}
