//! What holds for all figures beside each other: percentages, and figures that replace one another.

use super::{Access, Figure, Figures, Kind, beyond_the_whole};
use crate::statistics::StatisticInput;
use bigdecimal::BigDecimal;
use proptest::{
    collection::vec,
    option,
    prelude::{ProptestConfig, any, prop_assert_eq, proptest},
};
use serde_json::{Value, json};

fn figure(slug: &str, fields: Value) -> StatisticInput {
    let mut plain = json!({"slug": slug, "indicator": "i", "title": slug, "claim": slug, "lang": "en", "qualifier": "exactly",
        "unit": "percent", "geography": "WLD", "publisher": "One", "observation_status": "normal", "assessment": "not_assessed",
        "sources": [{"source": "one"}]});
    let own = plain.as_object_mut().unwrap();
    own.extend(fields.as_object().unwrap().clone());
    serde_json::from_value(plain).unwrap()
}

fn standing(inputs: Vec<StatisticInput>, is_change: bool) -> Figures {
    let mut figures = Figures::default();
    let unit = "percent".to_owned();
    figures.kinds.insert(
        "i".to_owned(),
        Kind {
            unit,
            is_change,
            is_counted: !is_change,
        },
    );
    for (place, input) in inputs.into_iter().enumerate() {
        let figure = Figure {
            input,
            access: Access::PUBLIC,
            change: Some(place),
            touched: true,
            was_computed: false,
            standing: None,
        };
        figures.all.insert(figure.input.slug.clone(), figure);
    }
    figures
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_percentage_of_a_whole_lies_between_nought_and_a_hundred(digits in -200_000..200_000_i64, scale in 0..5_i64, is_change in any::<bool>()) {
        let value = BigDecimal::new(digits.into(), scale);
        let inside = (0..=10_i64.pow(scale as u32) * 100).contains(&digits);
        let input = figure("a", json!({"value": value.to_plain_string()}));
        prop_assert_eq!(beyond_the_whole(&input).is_none(), inside);
        let faults = standing(vec![input.clone()], is_change).units();
        prop_assert_eq!(faults.is_empty(), inside || is_change);
        let counted = StatisticInput { unit: "persons".to_owned(), ..input };
        prop_assert_eq!(beyond_the_whole(&counted), None);
        let faults = standing(vec![counted], is_change).units();
        prop_assert_eq!(faults.len(), if digits < 0 && !is_change { 2 } else { 1 });
    }

    #[test]
    fn what_replaces_a_figure_never_leads_back_to_it(newer in vec(option::weighted(0.8, 0..8_usize), 8)) {
        let name = |place: usize| format!("f{place}");
        let inputs = newer.iter().enumerate().map(|(place, newer)| {
            figure(&name(place), json!({"value": "1", "superseded_by": newer.map(name)}))
        });
        let figures = standing(inputs.collect(), false);
        let mut found: Vec<usize> = figures.cycles().iter().map(|fault| fault.change).collect();
        found.sort_unstable();
        let returns = |start: &usize| {
            let mut at = newer[*start];
            (0..8).any(|_| {
                let here = at;
                at = at.and_then(|place| newer[place]);
                here == Some(*start)
            })
        };
        let wanted: Vec<usize> = (0..8).filter(returns).collect();
        prop_assert_eq!(found, wanted);
    }
}
