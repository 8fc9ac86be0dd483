//! Exact decimals: figures are never floating point.

use super::Invalid;
use bigdecimal::BigDecimal;
use std::str::FromStr;
use validator::ValidationError;

/// A plain decimal: an optional minus, digits without leading zeros, optional decimals; at most
/// 30 digits. No exponent, no thousands separator, no minus before nought.
///
/// # Errors
/// When the text has another form.
pub fn decimal(text: &str) -> Result<BigDecimal, Invalid> {
    let refused = || Invalid::new("decimal", reason(text), remedy(text));
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, decimals) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    let plain = digits(whole) && digits(decimals) && !leading_zero;
    if !plain || count(text) > MOST || minus_nought(text) {
        return Err(refused());
    }
    BigDecimal::from_str(text).map_err(|_| refused())
}

/// How many digits a number may have.
const MOST: usize = 30;

fn count(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

fn minus_nought(text: &str) -> bool {
    let mut digits = text.bytes().filter(|b| *b != b'.').skip(1).peekable();
    text.starts_with('-') && digits.peek().is_some() && digits.all(|b| b == b'0')
}

/// What people write instead of a plain decimal, and what they meant by it.
fn reason(text: &str) -> &'static str {
    match text {
        _ if text.contains('%') => "it has a percent sign",
        _ if text.contains([',', '\'', ' ', '\u{a0}', '\u{202f}']) => {
            "it has a separator between digits"
        }
        _ if count(text) > MOST => "it is longer than 30 digits",
        _ if minus_nought(text) => "there is a minus before nought",
        _ if exponent(text) => "it has an exponent",
        _ if is_no_number(text) => "it is not a number",
        _ => "it is no plain decimal number",
    }
}

fn remedy(text: &str) -> &'static str {
    match text {
        _ if text.contains('%') => "write the digits alone; the unit stands in unit",
        _ if minus_nought(text) => "write 0",
        _ if exponent(text) => "write all digits out, at most 30",
        _ if is_no_number(text) => {
            "leave it empty, with an observation_status of missing or suppressed"
        }
        _ => "write at most 30 digits with a point before decimals, such as 1234.5",
    }
}

fn exponent(text: &str) -> bool {
    let parts = text.split_once(['e', 'E']);
    let digits = |part: &str| {
        part.trim_start_matches(['+', '-'])
            .bytes()
            .all(|b| b.is_ascii_digit() || b == b'.')
    };
    parts.is_some_and(|(before, after)| digits(before) && digits(after) && !before.is_empty())
}

fn is_no_number(text: &str) -> bool {
    let word = text.trim_start_matches(['+', '-']);
    ["nan", "inf", "infinity", "n/a", "null"].contains(&word.to_ascii_lowercase().as_str())
}

/// The validator's form of [`decimal`].
///
/// # Errors
/// As [`decimal`].
pub fn valid(text: &str) -> Result<(), ValidationError> {
    decimal(text).map(drop).map_err(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_in_the_way() {
        for (text, reason, remedy) in [
            ("1,234", "separator", "1234.5"),
            ("12%", "percent sign", "unit"),
            ("1e400", "exponent", "all digits"),
            ("NaN", "not a number", "missing"),
            ("-Infinity", "not a number", "suppressed"),
            ("twelve", "plain decimal", "1234.5"),
            ("1234567890123456789012345678901", "longer", "30"),
            ("1.234567890123456789012345678901", "longer", "30"),
            ("-0", "minus before nought", "write 0"),
            ("-0.0", "minus before nought", "write 0"),
        ] {
            let invalid = decimal(text).expect_err(text);
            assert!(invalid.reason.contains(reason), "{text}: {invalid}");
            assert!(invalid.remedy.contains(remedy), "{text}: {invalid}");
        }
    }

    #[test]
    fn takes_plain_decimals_only() {
        for good in [
            "0",
            "0.0",
            "-0.1",
            "-10.5",
            "12500000",
            "0.30",
            "123456789012345678901234567890",
            "-12345678901234567890.1234567890",
        ] {
            assert_eq!(
                decimal(good).map(|d| d.to_plain_string()).as_deref(),
                Ok(good)
            );
        }
        for bad in [
            "1,234", "12%", "1e400", "NaN", "", "007", ".5", "5.", "+1", "--1", "-", "-.", "-.0",
        ] {
            assert!(decimal(bad).is_err(), "{bad}");
        }
    }
}
