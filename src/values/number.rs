//! Exact decimals: figures are never floating point.

use super::Invalid;
use bigdecimal::BigDecimal;
use std::str::FromStr;
use validator::ValidationError;

/// A plain decimal: an optional minus, digits without leading zeros, optional decimals; at most
/// 30 digits. No exponent, no thousands separator.
///
/// # Errors
/// When the text has another form.
pub fn decimal(text: &str) -> Result<BigDecimal, Invalid> {
    let refused = || {
        Invalid::new(
            "decimal",
            "it is no plain decimal number",
            "write digits with a point before decimals, such as 1234.5",
        )
    };
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, decimals) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    if !digits(whole) || !digits(decimals) || leading_zero || unsigned.len() > 30 {
        return Err(refused());
    }
    BigDecimal::from_str(text).map_err(|_| refused())
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
    fn takes_plain_decimals_only() {
        for good in ["0", "-10.5", "12500000", "0.30"] {
            assert_eq!(
                decimal(good).map(|d| d.to_plain_string()).as_deref(),
                Ok(good)
            );
        }
        for bad in [
            "1,234", "12%", "1e400", "NaN", "", "007", ".5", "5.", "+1", "--1",
        ] {
            assert!(decimal(bad).is_err(), "{bad}");
        }
    }
}
