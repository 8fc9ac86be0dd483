//! The scale of an axis: round numbers, written exactly.

use bigdecimal::{BigDecimal, num_bigint::BigInt};

/// An axis from its lowest to its highest mark.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// The lowest mark.
    pub low: f64,
    /// The highest mark.
    pub high: f64,
    /// Where each mark stands, and its number as an exact decimal, divided as `by` says.
    pub marks: Vec<(f64, String)>,
    /// The key of the words for what the numbers of the marks are counted in.
    pub by: Option<&'static str>,
}

/// From which number on marks are counted in something larger, and its power of ten.
const LARGE: [(f64, i64, &str); 3] = [
    (1e10, 9, "picture.billions"),
    (1e7, 6, "picture.millions"),
    (1e6, 3, "picture.thousands"),
];

impl Scale {
    /// A scale that holds all numbers, with nought: bars grow from it, and a line without it
    /// makes much of little. It has at most `most` steps.
    pub fn holding(numbers: impl Iterator<Item = f64>, most: u32) -> Self {
        let (low, high) = numbers
            .filter(|number| number.is_finite())
            .fold((0.0_f64, 0.0_f64), |(low, high), one| {
                (low.min(one), high.max(one))
            });
        let high = if low == high { 1.0 } else { high };
        let (factor, power) = step((high - low) / f64::from(most.max(1)));
        let step = factor as f64 * 10_f64.powi(power);
        let (from, to) = ((low / step).floor() as i64, (high / step).ceil() as i64);
        let large = LARGE.iter().find(|(least, ..)| high.max(-low) >= *least);
        let less = large.map_or(0, |(_, power, _)| *power);
        let marks = (from..=to).map(|place| {
            let whole = BigInt::from(place * factor);
            let text = match place {
                0 => "0".to_owned(),
                _ => BigDecimal::new(whole, less - i64::from(power)).to_plain_string(),
            };
            (place as f64 * step, text)
        });
        Self {
            low: from as f64 * step,
            high: to as f64 * step,
            marks: marks.collect(),
            by: large.map(|(.., key)| *key),
        }
    }

    /// Where a number lies, 0 at the lowest mark and 1 at the highest.
    pub fn part(&self, number: f64) -> f64 {
        (number - self.low) / (self.high - self.low)
    }
}

/// The smallest of 1, 2 and 5 times a power of ten that is no smaller: the factor and the power.
fn step(least: f64) -> (i64, i32) {
    let power = least.log10().floor() as i32;
    let rest = least / 10_f64.powi(power);
    // What is a round number but for the last bits is one.
    match rest {
        rest if rest <= 1.000_001 => (1, power),
        rest if rest <= 2.000_001 => (2, power),
        rest if rest <= 5.000_001 => (5, power),
        _ => (1, power + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_round_and_exact() {
        let marks = |numbers: &[f64]| {
            let scale = Scale::holding(numbers.iter().copied(), 4);
            let texts: Vec<String> = scale.marks.into_iter().map(|(_, text)| text).collect();
            (texts.join(" "), scale.by)
        };
        assert_eq!(marks(&[0.3, 0.1]), ("0 0.1 0.2 0.3".to_owned(), None));
        assert_eq!(marks(&[100.0]), ("0 50 100".to_owned(), None));
        assert_eq!(marks(&[-10.5, 4.0]), ("-15 -10 -5 0 5".to_owned(), None));
        assert_eq!(marks(&[]), ("0 0.5 1.0".to_owned(), None));
        let millions = marks(&[36_210_368.0]);
        assert_eq!(
            millions,
            ("0 10 20 30 40".to_owned(), Some("picture.millions"))
        );
        let large = marks(&[9e29]);
        assert!(large.0.ends_with("000000"), "{}", large.0);
    }

    #[test]
    fn every_number_lies_within() {
        for high in [1e-9, 0.07, 1.0, 3.0, 7.7, 1e3, 123_456.0, 1e30] {
            for low in [0.0, -high / 3.0, -high * 9.0] {
                let scale = Scale::holding([low, high].into_iter(), 5);
                assert!(
                    (-1e-9..=1.000_000_001).contains(&scale.part(high)),
                    "{low} {high}"
                );
                assert!(
                    (-1e-9..=1.000_000_001).contains(&scale.part(low)),
                    "{low} {high}"
                );
                assert!((2..=8).contains(&scale.marks.len()), "{scale:?}");
            }
        }
    }
}
