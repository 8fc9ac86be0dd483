//! What got lost on the way through a spreadsheet program, where the text itself could be one: letters that its
//! encoding did not have, zeros that a number began with.

use crate::{
    ledger::Document,
    values::{
        Invalid,
        contact_point::ContactPointInput,
        phone::{Phone, digits_of},
    },
};
use encoding_rs::WINDOWS_1252;

fn letters() -> Invalid {
    Invalid::new(
        "lost_letters",
        "letters of it were lost when the file was saved or opened in another encoding",
        "take the text from an export again, and save the file as UTF-8 (in Excel: CSV UTF-8; in LibreOffice: character set Unicode (UTF-8))",
    )
}

fn zeros() -> Invalid {
    Invalid::new(
        "lost_zeros",
        "the spreadsheet program took it for a number, and the zero that it begins with is lost",
        "format the column as text, and write it anew with its zero, after an apostrophe, such as '01632960999",
    )
}

/// What is wrong with a text that cannot be what somebody wrote: it holds the sign for letters that could not be
/// read, or is UTF-8 that was read as something else (`Ã©`).
pub fn garbled(text: &str) -> Option<Invalid> {
    let sign = |one: char| one == '\u{FFFD}' || ('\u{80}'..='\u{9F}').contains(&one);
    let found = !text.is_ascii() && (text.contains(sign) || reread(text));
    found.then(letters)
}

/// Whether a text is UTF-8 that was read as Windows-1252.
fn reread(text: &str) -> bool {
    let (bytes, _, failed) = WINDOWS_1252.encode(text);
    !failed && std::str::from_utf8(&bytes).is_ok()
}

/// What is wrong with a text that is what stood there but for what got lost.
pub fn lost(before: &str, after: &str) -> Option<Invalid> {
    if asked(before, after) {
        return Some(letters());
    }
    let digits = !after.is_empty() && after.bytes().all(|byte| byte.is_ascii_digit());
    let fewer = before.len() > after.len() && before.trim_start_matches('0') == after;
    (digits && fewer).then(zeros)
}

/// Whether question marks stand in place of letters beyond ASCII, and all else is the same.
fn asked(before: &str, after: &str) -> bool {
    let mut lost = false;
    let mut left = after.chars();
    for one in before.chars() {
        match left.next() {
            Some(other) if other == one => {}
            Some('?') if !one.is_ascii() => lost |= one.is_alphabetic(),
            _ => return false,
        }
    }
    lost && left.next().is_none()
}

/// The contact points of a document, by their place, whose printed number lacks the zero that its numbering plan wants.
pub fn without_zero(document: &Document) -> impl Iterator<Item = (usize, Invalid)> {
    let points = document.contact_points().iter().enumerate();
    let short = points.filter(|(_, point)| lacks_zero(point) == Some(true));
    short.map(|(place, _)| (place, zeros()))
}

fn lacks_zero(point: &ContactPointInput) -> Option<bool> {
    let number = Phone::e164(point.e164.as_deref()?).ok()?;
    // Who writes blanks wrote a text.
    let digits = point.value.bytes().all(|byte| byte.is_ascii_digit());
    Some(digits && digits_of(&number.display(false)) == format!("0{}", point.value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_got_lost_are_told_from_letters_that_somebody_wrote() {
        for (before, after) in [
            ("Línea Azul", "L?nea Azul"),
            ("Łódź", "?ód?"),
            ("Помощь 24/7", "?????? 24/7"),
            ("Help – für dich", "Help ? f?r dich"),
        ] {
            assert_eq!(
                lost(before, after).map(|one| one.code),
                Some("lost_letters"),
                "{after}"
            );
        }
        for (before, after) in [
            ("Línea Azul", "Linea Azul"),
            ("Need help…", "Need help?"),
            ("Línea", "L?nea Azul"),
            ("Linea", "L?nea"),
            ("", "?"),
            ("One", "One?"),
        ] {
            assert_eq!(lost(before, after), None, "{after}");
        }
        for text in [
            "LÃ\u{AD}nea",
            "Ã\u{81}frica",
            "L\u{FFFD}nea",
            "helpâ€™s",
            "Ð¢ÐµÐ»ÐµÑ„Ð¾Ð½",
        ] {
            assert!(garbled(text).is_some(), "{text}");
        }
        for text in [
            "Línea",
            "IRMÃ",
            "NÃO",
            "Où?",
            "Grüße",
            "Телефон",
            "naïve café",
            "«Â»",
            "Linea",
        ] {
            assert!(garbled(text).is_none(), "{text}");
        }
    }

    #[test]
    fn zeros_that_got_lost_are_missed() {
        for (before, after, wanted) in [
            ("01632960123", "1632960123", true),
            ("007", "7", true),
            ("01632 960123", "1632 960123", false),
            ("116123", "116124", false),
            ("0", "", false),
        ] {
            assert_eq!(lost(before, after).is_some(), wanted, "{before}");
        }
        let lacks = |value: &str, e164: &str| {
            let point = serde_json::json!({"channel": "phone", "value": value, "e164": e164});
            lacks_zero(&serde_json::from_value(point).unwrap()).unwrap()
        };
        assert!(lacks("1632960123", "+441632960123"));
        for (value, e164) in [
            ("01632960123", "+441632960123"),
            ("1632 960123", "+441632960123"),
            ("8005550199", "+18005550199"),
            ("18005550199", "+18005550199"),
            // In Australia such numbers are dialled without one.
            ("1800737732", "+611800737732"),
        ] {
            assert!(!lacks(value, e164), "{value}");
        }
    }
}
