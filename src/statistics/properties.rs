//! What holds for all figures: of each rule the two sides, as far as they can be said otherwise than the rule says them.

use super::{
    StatisticInput,
    arithmetic::{compared, computed, reached},
    flags, rules,
    shares::misfits,
};
use crate::values::number;
use bigdecimal::BigDecimal;
use proptest::{
    collection::vec,
    prelude::{
        Just, ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, prop_assume, proptest,
    },
    sample::select,
};
use serde_json::{Value, json};

fn figure(slug: &str, fields: Value) -> StatisticInput {
    let mut plain = json!({"slug": slug, "indicator": "levels", "title": slug, "claim": slug, "lang": "en", "qualifier": "exactly",
        "unit": "reports", "geography": "WLD", "publisher": "One", "observation_status": "normal", "assessment": "not_assessed",
        "sources": [{"source": "one"}]});
    let own = plain.as_object_mut().unwrap();
    own.extend(fields.as_object().unwrap().clone());
    serde_json::from_value(plain).unwrap()
}

fn level(slug: &str, value: u64) -> StatisticInput {
    figure(
        slug,
        json!({"value": value.to_string(), "period_end": "2007-12-31", "baseline": "from"}),
    )
}

fn change(value: &str, qualifier: &str) -> StatisticInput {
    let measured = json!({"value": value, "qualifier": qualifier, "unit": "percent", "indicator": "changes",
        "period_end": "2007-12-31", "baseline": "from"});
    figure("change", measured)
}

/// A part of a whole in percent with so many digits, by whole numbers alone, half to even.
fn rounded(numerator: i128, denominator: i128, digits: u32) -> String {
    let scale = 10_i128.pow(digits);
    let (sign, numerator) = (numerator.signum(), numerator.abs() * 100 * scale);
    let (whole, rest) = (numerator / denominator, numerator % denominator);
    let up = match (rest * 2).cmp(&denominator) {
        std::cmp::Ordering::Less => 0,
        std::cmp::Ordering::Equal => whole % 2,
        std::cmp::Ordering::Greater => 1,
    };
    let whole = whole + up;
    let minus = if sign < 0 && whole != 0 { "-" } else { "" };
    match digits {
        0 => format!("{minus}{whole}"),
        _ => format!(
            "{minus}{}.{:0width$}",
            whole / scale,
            whole % scale,
            width = digits as usize
        ),
    }
}

fn levels() -> impl Strategy<Value = (u64, u64)> {
    let size = select(vec![10_u64, 1000, 1_000_000, 1_000_000_000_000]);
    size.prop_flat_map(|size| (1..size, 0..size))
}

/// Shares of a total as a publisher prints them, with so many digits.
fn printed(counts: &[u32], digits: u32) -> Vec<String> {
    let total: i128 = counts.iter().map(|one| i128::from(*one)).sum();
    let share = |count: &u32| rounded(i128::from(*count), total, digits);
    counts.iter().map(share).collect()
}

fn part(place: usize, value: &str) -> StatisticInput {
    let fields = json!({"value": value, "unit": "percent", "distribution": "group", "population": place.to_string()});
    figure(&format!("part-{place}"), fields)
}

fn parts(values: &[String]) -> Vec<StatisticInput> {
    let numbered = values.iter().enumerate();
    numbered.map(|(place, value)| part(place, value)).collect()
}

fn fit(rows: &[StatisticInput]) -> bool {
    misfits(&rows.iter().collect::<Vec<_>>()).is_empty()
}

fn sum(values: &[String]) -> BigDecimal {
    values.iter().map(|one| number::decimal(one).unwrap()).sum()
}

fn left(values: &[String]) -> StatisticInput {
    let rest = (BigDecimal::from(100) - sum(values)).to_plain_string();
    figure(
        "rest",
        json!({"value": rest, "unit": "percent", "distribution": "group", "share": "remainder"}),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_computed_change_is_the_exact_one_rounded_once((from, to) in levels()) {
        let (before, after) = (level("from", from), level("to", to));
        let wanted = rounded(i128::from(to) - i128::from(from), i128::from(from), 1);
        let found = computed(&change("1", "exactly"), &before, &after).unwrap();
        prop_assert_eq!(&found.text, &wanted);
        prop_assert_eq!(compared(&after, &before), Some(wanted));
        let difference = figure("change", json!({"value": "1"}));
        let found = computed(&difference, &before, &after).unwrap();
        prop_assert_eq!(found.text, (i128::from(to) - i128::from(from)).to_string());
    }

    #[test]
    fn rounding_never_contradicts_and_a_wrong_digit_does((from, to) in levels(), digits in 0..4_u32, off in 1..9_i64, up in any::<bool>()) {
        let (before, after) = (level("from", from), level("to", to));
        let exact = rounded(i128::from(to) - i128::from(from), i128::from(from), digits);
        prop_assert!(!computed(&change(&exact, "exactly"), &before, &after).unwrap().contradicts);
        // More than one unit of the last digit is no rounding.
        let off = BigDecimal::new((1 + off).into(), i64::from(digits));
        let wrong = number::decimal(&exact).unwrap() + if up { off } else { -off };
        prop_assert!(computed(&change(&wrong.to_plain_string(), "exactly"), &before, &after).unwrap().contradicts);
    }

    #[test]
    fn a_change_in_the_other_direction_contradicts((from, to) in levels(), qualifier in select(vec!["exactly", "approximately", "at_least", "at_most"])) {
        prop_assume!(from != to);
        let (before, after) = (level("from", from), level("to", to));
        let turned = if to > from { "-0.1" } else { "0.1" };
        prop_assert!(computed(&change(turned, qualifier), &before, &after).unwrap().contradicts);
    }

    #[test]
    fn qualifiers_leave_their_room((from, to) in (1..1_000_000_u64, 1..9_000_000_u64), room in 1..90_i64) {
        prop_assume!(to > from + from / 50);
        let (before, after) = (level("from", from), level("to", to));
        let exact = BigDecimal::from(to as i64 - from as i64) * BigDecimal::from(100) / BigDecimal::from(from);
        let of = |percent: i64| (&exact * BigDecimal::from(percent) / BigDecimal::from(100)).with_scale(12).to_plain_string();
        let contradicts = |value: &str, qualifier: &str| computed(&change(value, qualifier), &before, &after).unwrap().contradicts;
        prop_assert!(!contradicts(&of(95), "approximately") && !contradicts(&of(108), "approximately"));
        prop_assert!(contradicts(&of(85), "approximately") && contradicts(&of(115), "approximately"));
        prop_assert!(!contradicts(&of(100 - room), "at_least") && contradicts(&of(101 + room), "at_least"));
        prop_assert!(!contradicts(&of(100 + room), "at_most") && contradicts(&of(99 - room), "at_most"));
    }

    #[test]
    fn only_the_level_of_the_same_place_dimensions_and_end_is_reached(differs in 0..7_usize) {
        let from = figure("from", json!({"value": "2"}));
        let other = [
            json!({"geography": "GB"}), json!({"sex": "female"}), json!({"age_band": "0-17"}), json!({"period_end": "2008-12-31"}),
            json!({"baseline": "other"}), json!({"assessment": "retracted"}), json!({"unit": "calls"}),
        ];
        let change = change("1", "exactly");
        let fields = json!({"value": "3", "period_end": "2007-12-31", "baseline": "from"});
        let right = figure("right", fields.clone());
        let mut fields = fields;
        fields.as_object_mut().unwrap().extend(other[differs].as_object().unwrap().clone());
        let wrong = figure("wrong", fields);
        prop_assert!(reached(&change, &from, [&wrong].into_iter()).is_none());
        prop_assert_eq!(reached(&change, &from, [&wrong, &right].into_iter()).map(|one| one.slug.as_str()), Some("right"));
        let rival = level("rival", 4);
        prop_assert!(reached(&change, &from, [&right, &rival].into_iter()).is_none());
    }

    #[test]
    fn printed_shares_of_a_whole_always_fit(counts in vec(1..10_000_u32, 1..30), digits in 0..3_u32) {
        let rows = parts(&printed(&counts, digits));
        prop_assert!(fit(&rows), "{rows:?}");
    }

    #[test]
    fn a_part_that_is_left_out_needs_a_remainder(counts in vec(1..10_000_u32, 2..12), digits in 0..3_u32, twice in any::<bool>()) {
        let mut values = printed(&counts, digits);
        let missing = number::decimal(&values.pop().unwrap()).unwrap();
        // Twice what rounding may explain.
        let room = BigDecimal::new((values.len() as i64 + 1).into(), i64::from(digits));
        prop_assume!(missing > room);
        let mut rows = parts(&values);
        prop_assert!(!fit(&rows));
        rows.push(left(&values));
        prop_assert!(fit(&rows));
        let wrong = sum(&values) + if twice { missing } else { -missing };
        prop_assume!((&wrong - sum(&values)).abs() > room && wrong >= 0);
        rows.pop();
        rows.push(left(&[wrong.to_plain_string()]));
        prop_assert!(!fit(&rows));
    }

    #[test]
    fn parts_beyond_the_whole_are_refused_unless_they_overlap(counts in vec(1..10_000_u32, 2..12), digits in 0..3_u32) {
        let values = printed(&counts, digits);
        let room = BigDecimal::new((values.len() as i64 + 1).into(), i64::from(digits));
        let again = values.iter().max_by_key(|one| number::decimal(one).unwrap()).unwrap().clone();
        prop_assume!(number::decimal(&again).unwrap() > room);
        let mut rows = parts(&values);
        rows.push(part(rows.len(), &again));
        prop_assert!(!fit(&rows));
        // Named as overlapping it counts nobody twice.
        let last = rows.len() - 1;
        let other = rows.iter().position(|one| one.value.as_ref() == Some(&again)).unwrap();
        let (one, two) = (rows[last].slug.clone(), rows[other].slug.clone());
        rows[last].overlaps.push(two);
        prop_assert!(!fit(&rows), "one side alone names the other");
        rows[other].overlaps.push(one);
        prop_assert!(fit(&rows));
    }

    #[test]
    fn ages_that_intersect_are_named((from, to, other_from, other_to) in (0..60_u8, 0..60_u8, 0..60_u8, 0..60_u8), open in any::<bool>(), named in any::<bool>()) {
        let ordered = |a: u8, b: u8| (a.min(b), a.max(b));
        let ((from, to), (other_from, other_to)) = (ordered(from, to), ordered(other_from, other_to));
        let band = if open { format!("{from}+") } else { format!("{from}-{to}") };
        let of = |slug: &str, band: String, other: &str| {
            let overlaps = if named { vec![other] } else { vec![] };
            figure(slug, json!({"value": "50", "unit": "percent", "distribution": "group", "age_band": band, "overlaps": overlaps}))
        };
        let rows = [of("a", band, "b"), of("b", format!("{other_from}-{other_to}"), "a")];
        let shared = (other_from..=other_to).any(|age| age >= from && (open || age <= to));
        let found = misfits(&rows.iter().collect::<Vec<_>>());
        let spoken = found.iter().any(|(_, invalid)| invalid.code == "overlaps");
        prop_assert_eq!(spoken, shared && !named, "{:?}", found);
    }

    #[test]
    fn the_order_of_the_rows_does_not_matter(counts in vec(1..50_u32, 2..6), shuffled in Just((0..6).collect::<Vec<usize>>()).prop_shuffle()) {
        let values: Vec<String> = counts.iter().map(ToString::to_string).collect();
        let rows = parts(&values);
        let other: Vec<StatisticInput> = shuffled.iter().filter_map(|place| rows.get(*place).cloned()).collect();
        prop_assert_eq!(fit(&rows), fit(&other));
    }

    #[test]
    fn low_value_and_high_are_in_order_or_refused(low in -9..9_i32, value in -9..9_i32, high in -9..9_i32) {
        let of = |fields: Value| rules::fit(&figure("a", fields)).is_ok();
        let (low_text, value_text, high_text) = (low.to_string(), value.to_string(), high.to_string());
        prop_assert_eq!(of(json!({"low": low_text, "value": value_text, "high": high_text})), low <= value && value <= high);
        prop_assert_eq!(of(json!({"low": low_text, "high": high_text, "qualifier": "range"})), low <= high);
    }

    #[test]
    fn what_is_said_of_a_figure_has_what_it_rests_on(
        assessment in select(vec!["not_assessed", "supported", "disputed", "superseded", "retracted"]),
        newer in any::<bool>(), verdict in select(vec![None, Some("disputes"), Some("supports"), Some("retracts")]), baseline in any::<bool>(),
        status in select(vec!["normal", "estimated", "suppressed", "missing"]), value in any::<bool>(),
    ) {
        let critiques: Vec<Value> = verdict.iter().map(|verdict| json!({"source": "one", "verdict": verdict, "summary": "It counts otherwise."})).collect();
        let input = figure("a", json!({"assessment": assessment, "superseded_by": newer.then_some("b"), "baseline": baseline.then_some("c"),
            "critiques": critiques, "observation_status": status, "value": value.then_some("1")}));
        let withheld = ["suppressed", "missing"].contains(&status);
        let fits = value != withheld
            && newer == (assessment == "superseded")
            && (assessment != "disputed" || verdict == Some("disputes") || baseline)
            && (assessment != "retracted" || verdict == Some("retracts"));
        prop_assert_eq!(rules::fit(&input).is_ok(), fits);
    }

    #[test]
    fn shares_belong_to_a_distribution(group in any::<bool>(), share in select(vec![None, Some("part"), Some("remainder")]), overlaps in any::<bool>()) {
        let input = figure("a", json!({"value": "1", "distribution": group.then_some("g"), "share": share,
            "overlaps": if overlaps { vec!["b"] } else { vec![] }}));
        let fits = (group || (share.is_none() && !overlaps)) && !(overlaps && share == Some("remainder"));
        prop_assert_eq!(rules::fit(&input).is_ok(), fits);
    }

    #[test]
    fn periods_and_publications_are_in_order(start in 1..28_u32, end in 1..28_u32, published in 1..28_u32) {
        let day = |day: u32| format!("2008-02-{day:02}");
        let input = figure("a", json!({"value": "1", "period_start": day(start), "period_end": day(end), "published_on": day(published)}));
        prop_assert_eq!(rules::fit(&input).is_ok(), start <= end);
        prop_assert_eq!(flags::of(&input).contains(&"published_before_period_end"), published < end);
        let by_month = figure("a", json!({"value": "1", "period_end": day(end), "published_on": "2008-02"}));
        prop_assert!(flags::of(&by_month).is_empty());
    }

    #[test]
    fn a_remainder_is_another_observation_than_its_parts(share in select(vec![None, Some("part"), Some("remainder")])) {
        let of = |share: Option<&str>| figure("a", json!({"value": "1", "distribution": "g", "share": share})).natural_key();
        prop_assert_eq!(of(share) == of(None), share != Some("remainder"));
    }

    #[test]
    fn plain_decimals_are_taken_as_they_stand_and_nothing_else(text in "-?(0|[1-9][0-9]{0,14})(\\.[0-9]{1,12})?", junk in "[0-9,.%eE+' -]{0,12}") {
        let digits = |text: &str| text.trim_start_matches('-').to_owned();
        let read = number::decimal(&text);
        let minus_nought = text.starts_with('-') && text.bytes().all(|b| b"-0.".contains(&b));
        prop_assert_eq!(read.is_err(), minus_nought);
        if let Ok(read) = read {
            prop_assert_eq!(digits(&read.to_plain_string()), digits(&text));
        }
        if let Ok(read) = number::decimal(&junk) {
            prop_assert_eq!(digits(&read.to_plain_string()), digits(&junk));
        }
    }
}
