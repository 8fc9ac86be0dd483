//! Telephone numbers.

use crate::values::phone::{Phone, spells};

/// Whose numbers are read.
const COUNTRIES: [&str; 16] = [
    "US", "GB", "MX", "PH", "IN", "AU", "DE", "BR", "ZA", "FR", "JP", "CN", "IT", "AR", "NG", "KZ",
];

/// A number as it is printed: the first byte says in which country.
pub fn phone(bytes: &[u8]) -> bool {
    let Some((country, printed)) = bytes.split_first() else {
        return false;
    };
    let country = COUNTRIES[usize::from(*country) % COUNTRIES.len()];
    let Ok(printed) = str::from_utf8(printed) else {
        return false;
    };
    let read = [
        Phone::printed(printed, country),
        Phone::e164(printed),
        Phone::short_code(printed),
    ];
    let mut taken = false;
    for phone in read.into_iter().flatten() {
        taken = true;
        let dialled = phone.dial_string();
        let digits = dialled.strip_prefix('+').unwrap_or(&dialled);
        assert!((2..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()));
        for form in phone.looked_up_by() {
            assert!(!form.is_empty(), "{phone:?}");
        }
        let uri = phone.rfc3966(Some(country), Some("12"));
        assert!(uri.is_some_and(|uri| uri.starts_with(&format!("tel:{dialled};ext=12"))));
        if let Phone::E164(_) = phone {
            assert_eq!(Phone::e164(&dialled).as_ref(), Ok(&phone));
            let abroad = phone.display(true);
            assert_eq!(Phone::printed(&abroad, country).as_ref(), Ok(&phone));
            assert!(spells(&abroad, &dialled), "{abroad} for {dialled}");
        } else {
            assert_eq!(Phone::short_code(&dialled).as_ref(), Ok(&phone));
        }
    }
    taken
}
