//! What to know of an observation before using it, as far as it shows in itself.

use super::input::StatisticInput;
use crate::values::period;

/// The stated change is not the one between the two observations.
pub const CONTRADICTS_BASELINE: &str = "contradicts_baseline";
/// The source gives no period.
const NO_PERIOD: &str = "no_period";
/// It was published before the period had ended.
const PUBLISHED_BEFORE_PERIOD_END: &str = "published_before_period_end";

/// The flags of an observation. A date of publication that lacks its day counts to its last day.
pub fn of(input: &StatisticInput) -> Vec<&'static str> {
    let mut flags = Vec::new();
    if input.period_start.or(input.period_end).is_none() {
        flags.push(NO_PERIOD);
    }
    let published = input.published_on.as_deref().map(period::days);
    if let Some((Ok((_, last)), end)) = published.zip(input.period_end)
        && last < end
    {
        flags.push(PUBLISHED_BEFORE_PERIOD_END);
    }
    flags
}
