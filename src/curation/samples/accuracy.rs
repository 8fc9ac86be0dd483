//! A share that was found in a sample, and between which shares that of the whole lies: exact decimals, since figures are never
//! floating point.

use bigdecimal::{BigDecimal, RoundingMode};
use serde::Serialize;
use std::str::FromStr;
use utoipa::ToSchema;

/// The 97.5th percentile of the standard normal distribution: what an interval of 95 percent takes.
const Z: &str = "1.959963984540054";

/// A share of those that were checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Accuracy {
    /// Percent that were confirmed, to one decimal.
    #[schema(pattern = r"^\d+\.\d$", example = "91.3")]
    pub value: String,
    /// The lower end of the interval of 95 percent (Wilson 1927).
    #[schema(pattern = r"^\d+\.\d$", example = "83.8")]
    pub low: String,
    /// Its upper end.
    #[schema(pattern = r"^\d+\.\d$", example = "95.5")]
    pub high: String,
}

impl Accuracy {
    /// The share, with the score interval of Wilson without continuity correction; `None` of nothing.
    pub fn of(confirmed: usize, checked: usize) -> Option<Self> {
        let number = |count: usize| u64::try_from(count).ok().map(BigDecimal::from);
        let (found, all) = (number(confirmed)?, number(checked)?);
        if checked == 0 || confirmed > checked {
            return None;
        }
        let z = BigDecimal::from_str(Z).ok()?;
        let square = &z * &z;
        let (half, whole) = (&square / 2, &all + &square);
        let spread: BigDecimal = &found * (&all - &found) / &all + &half / 2;
        let reach = &z * spread.sqrt()? / &whole;
        let middle = (&found + &half) / &whole;
        Some(Self {
            value: percent(&found / &all),
            low: percent(&middle - &reach),
            high: percent(&middle + &reach),
        })
    }
}

fn percent(share: BigDecimal) -> String {
    let hundredfold: BigDecimal = share * BigDecimal::from(100);
    let rounded = hundredfold.with_scale_round(1, RoundingMode::HalfUp);
    rounded.to_plain_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(confirmed: usize, checked: usize) -> (String, String, String) {
        let found = Accuracy::of(confirmed, checked).unwrap();
        (found.value, found.low, found.high)
    }

    #[test]
    fn intervals_are_those_of_the_literature() {
        // Newcombe, Statistics in Medicine 17 (1998), table I, method 3: .2553 to .3662, .0624 to .1605, 0 to .1611, .0061 to .1718.
        for (confirmed, checked, value, low, high) in [
            (81, 263, "30.8", "25.5", "36.6"),
            (15, 148, "10.1", "6.2", "16.0"),
            (0, 20, "0.0", "0.0", "16.1"),
            (1, 29, "3.4", "0.6", "17.2"),
            (20, 20, "100.0", "83.9", "100.0"),
            (1, 1, "100.0", "20.7", "100.0"),
        ] {
            let wanted = (value.to_owned(), low.to_owned(), high.to_owned());
            assert_eq!(of(confirmed, checked), wanted, "{confirmed} of {checked}");
        }
    }

    #[test]
    fn ends_hold_the_share_and_lie_within_the_whole() {
        let exact = |text: &str| BigDecimal::from_str(text).unwrap();
        for checked in 1..=60 {
            for confirmed in 0..=checked {
                let (value, low, high) = of(confirmed, checked);
                let all = ["0", &low, &value, &high, "100"].map(exact);
                assert!(all.is_sorted(), "{confirmed} of {checked}: {all:?}");
                assert!(crate::values::number::decimal(&low).is_ok(), "{low}");
            }
        }
        assert_eq!((Accuracy::of(0, 0), Accuracy::of(2, 1)), (None, None));
    }
}
