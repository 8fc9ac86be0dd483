//! Figures as people read them: number, qualifier and unit in a language. Numbers are written as
//! the Unicode CLDR writes them (Unicode-3.0), from exact decimals and never through floats.

use super::labels;
use icu_decimal::{
    DecimalFormatter,
    input::Decimal,
    options::{DecimalFormatterOptions, GroupingStrategy},
};
use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralOperands, PluralRules};
use serde::{Deserialize, Serialize};
use std::{cell::RefCell, collections::HashMap};
use utoipa::ToSchema;

/// How a value is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Qualifier {
    /// As counted.
    Exactly,
    /// Or more.
    AtLeast,
    /// Or less.
    AtMost,
    /// About.
    Approximately,
    /// Between low and high.
    Range,
}

/// What is known of the observation as such, after SDMX.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ObservationStatus {
    /// Nothing special.
    Normal,
    /// Modelled or estimated.
    Estimated,
    /// To be revised.
    Provisional,
    /// Not comparable with what came before.
    Break,
    /// Withheld by the publisher; not zero.
    Suppressed,
    /// Not observed.
    Missing,
}

impl ObservationStatus {
    /// The key of its label.
    pub fn key(self) -> &'static str {
        match self {
            Self::Normal => "observation_status.normal",
            Self::Estimated => "observation_status.estimated",
            Self::Provisional => "observation_status.provisional",
            Self::Break => "observation_status.break",
            Self::Suppressed => "observation_status.suppressed",
            Self::Missing => "observation_status.missing",
        }
    }
}

/// The units by name; what they count is in the indicator.
pub const UNITS: [&str; 22] = [
    "persons",
    "percent",
    "years",
    "domains",
    "urls",
    "files",
    "reports",
    "cases",
    "calls",
    "contacts",
    "convictions",
    "prosecutions",
    "investigations",
    "arrests",
    "decisions",
    "laws",
    "countries",
    "organizations",
    "usd",
    "per_1000",
    "per_million",
    "ratio",
];

/// A figure as it stands in a record: exact decimals as text.
#[derive(Debug, Clone, Copy)]
pub struct Figure<'a> {
    /// The value, if there is one.
    pub value: Option<&'a str>,
    /// Lower end.
    pub low: Option<&'a str>,
    /// Upper end.
    pub high: Option<&'a str>,
    /// How the value is meant.
    pub qualifier: Qualifier,
    /// One of [`UNITS`].
    pub unit: &'a str,
    /// What is known of the observation.
    pub status: ObservationStatus,
}

/// The plural categories that a unit's forms stand for in `labels.csv`, in their order there, and
/// what each language has of them; one that is not listed takes the last form.
const FORMS: [(&str, &[PluralCategory]); 10] = {
    use PluralCategory::{Few, Many, One, Other, Two};
    [
        ("en", &[One, Other]),
        ("es", &[One, Many, Other]),
        ("fr", &[One, Many, Other]),
        ("pt", &[One, Many, Other]),
        ("ru", &[One, Few, Many, Other]),
        ("ar", &[One, Two, Few, Many, Other]),
        ("zh", &[Other]),
        ("hi", &[One, Other]),
        ("de", &[One, Other]),
        ("fil", &[Other]),
    ]
};

/// How numbers are written in a language, and which form of a noun follows them.
struct Writing {
    numbers: Option<DecimalFormatter>,
    years: Option<DecimalFormatter>,
    plurals: Option<PluralRules>,
}

impl Writing {
    fn of(lang: &str) -> Self {
        let locale: Option<Locale> = lang.parse().ok();
        let locale = locale.as_ref();
        let numbers = locale.map(|one| DecimalFormatter::try_new(one.into(), Default::default()));
        let mut ungrouped = DecimalFormatterOptions::default();
        ungrouped.grouping_strategy = Some(GroupingStrategy::Never);
        let years = locale.map(|one| DecimalFormatter::try_new(one.into(), ungrouped));
        let plurals = locale.map(|one| PluralRules::try_new_cardinal(one.into()));
        Self {
            numbers: numbers.and_then(Result::ok),
            years: years.and_then(Result::ok),
            plurals: plurals.and_then(Result::ok),
        }
    }

    /// A decimal with the digits, separators and groups of the language, and a true minus.
    fn number(&self, text: &str) -> String {
        let decimal = Decimal::try_from_str(text).ok();
        match self.numbers.as_ref().zip(decimal) {
            Some((numbers, decimal)) => numbers.format(&decimal).to_string().replace('-', "−"),
            None => text.replace('-', "−"),
        }
    }

    fn category(&self, text: &str) -> PluralCategory {
        let decimal = Decimal::try_from_str(text).ok();
        match self.plurals.as_ref().zip(decimal) {
            Some((rules, decimal)) => rules.category_for(PluralOperands::from(&decimal)),
            None => PluralCategory::Other,
        }
    }
}

thread_local! {
    /// Made once a thread and language: a stream writes thousands of numbers.
    static WRITINGS: RefCell<HashMap<&'static str, Writing>> = RefCell::default();
}

fn writing<T>(lang: &'static str, with: impl FnOnce(&Writing) -> T) -> T {
    WRITINGS.with_borrow_mut(|all| with(all.entry(lang).or_insert_with(|| Writing::of(lang))))
}

/// A number as a language of [`labels::given_in`] writes it.
pub fn number(text: &str, lang: &str) -> String {
    writing(worded(lang), |writing| writing.number(text))
}

/// A year with the digits of a language of [`labels::given_in`].
pub fn year(year: i32, lang: &str) -> String {
    writing(worded(lang), |writing| match &writing.years {
        Some(years) => years.format(&Decimal::from(year)).to_string(),
        None => year.to_string(),
    })
}

/// What a unit says beside several: "persons", "%"; for the head of an axis.
pub fn unit(unit: &str, lang: &str) -> String {
    let several = with_unit(unit, "", "5", worded(lang));
    several.trim().to_owned()
}

/// The language that labels come in where one is asked for.
fn worded(lang: &str) -> &'static str {
    labels::label("qualifier.at_least", lang).1
}

/// A number, or two, with the unit in the form that the last number asks for.
fn with_unit(unit: &str, number: &str, last: &str, lang: &'static str) -> String {
    let key = format!("unit.{unit}");
    let (forms, _) = labels::label(&key, lang);
    let category = writing(lang, |writing| writing.category(last));
    let known = FORMS.iter().find(|(known, _)| *known == lang);
    let known = known.map_or(&[][..], |(_, categories)| categories);
    let forms: Vec<&str> = forms.split('|').collect();
    let place = known.iter().position(|one| *one == category);
    let form = place.and_then(|place| forms.get(place)).or(forms.last());
    // A unit without a label, which a newer program may have written, stands beside its number.
    match form.filter(|form| form.contains("{value}")) {
        Some(form) => form.replace("{value}", number),
        None => format!("{number} {unit}"),
    }
}

/// A figure in a language of [`labels::given_in`]: "at least 100,000 persons", "12–14 years",
/// "−10.5 %", "suppressed". Of a range the unit goes by the upper end.
pub fn display(figure: &Figure<'_>, lang: &str) -> String {
    let lang = worded(lang);
    let label = |key: &str, values: &[(&str, &str)]| labels::filled(key, lang, values).text;
    let number = |text: &str| writing(lang, |writing| writing.number(text));
    let between = figure.low.zip(figure.high).map(|(low, high)| {
        let ends = [("low", number(low)), ("high", number(high))];
        let ends = ends.each_ref().map(|(name, text)| (*name, text.as_str()));
        (label("figure.range", &ends), high)
    });
    match (figure.value.or(end(figure)), between) {
        (_, Some((range, high))) if figure.qualifier == Qualifier::Range => {
            with_unit(figure.unit, &range, high, lang)
        }
        (Some(value), between) => {
            let plain = with_unit(figure.unit, &number(value), value, lang);
            let filled = |key| label(key, &[("figure", &plain)]);
            let meant = match figure.qualifier {
                Qualifier::AtLeast => filled("qualifier.at_least"),
                Qualifier::AtMost => filled("qualifier.at_most"),
                Qualifier::Approximately => filled("qualifier.approximately"),
                Qualifier::Exactly | Qualifier::Range => plain,
            };
            match between {
                Some((range, _)) => {
                    label("figure.interval", &[("figure", &meant), ("range", &range)])
                }
                None => meant,
            }
        }
        (None, Some((range, high))) => with_unit(figure.unit, &range, high, lang),
        (None, None) => label(figure.status.key(), &[]),
    }
}

/// The one end that stands for a value that is not given: of what is at most or at least so much.
fn end<'a>(figure: &Figure<'a>) -> Option<&'a str> {
    match figure.qualifier {
        Qualifier::AtMost => figure.high,
        Qualifier::AtLeast => figure.low,
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure<'a>(value: Option<&'a str>, qualifier: Qualifier, unit: &'a str) -> Figure<'a> {
        Figure {
            value,
            low: None,
            high: None,
            qualifier,
            unit,
            status: ObservationStatus::Normal,
        }
    }

    #[test]
    fn figures_read_as_people_write_them() {
        use Qualifier::{Approximately, AtLeast, AtMost, Exactly, Range};
        let shown =
            |value, qualifier, unit, lang| display(&figure(Some(value), qualifier, unit), lang);
        for (value, qualifier, unit, lang, expected) in [
            (
                "100000",
                AtLeast,
                "persons",
                "en",
                "at least 100,000 persons",
            ),
            ("1", Exactly, "persons", "en", "1 person"),
            ("2755", Exactly, "domains", "en-GB", "2,755 domains"),
            ("-10.5", Exactly, "percent", "en", "−10.5\u{a0}%"),
            ("0.30", Exactly, "percent", "en", "0.30\u{a0}%"),
            ("-10.5", Exactly, "percent", "de", "−10,5\u{a0}%"),
            (
                "27000000",
                Approximately,
                "persons",
                "es",
                "aproximadamente 27.000.000 de personas",
            ),
            ("12500000", Exactly, "persons", "hi", "1,25,00,000 व्यक्ति"),
            ("3", AtLeast, "ratio", "en", "at least 3 times"),
            ("22", Exactly, "persons", "ru", "22 человека"),
            (
                "100",
                AtMost,
                "convictions",
                "fr",
                "au plus 100 condamnations",
            ),
            ("5.2", Exactly, "per_1000", "en", "5.2 per 1,000"),
            ("7", Range, "years", "sw", "7 years"),
            // A language that has no labels is answered in English, digits included.
            ("1234.5", Exactly, "usd", "fa", "1,234.5 US dollars"),
            (
                "123456789012345678901234567890",
                Exactly,
                "files",
                "en",
                "123,456,789,012,345,678,901,234,567,890 files",
            ),
        ] {
            assert_eq!(shown(value, qualifier, unit, lang), expected, "{lang}");
        }
        let arabic = shown("100000", AtLeast, "persons", "ar");
        assert!(arabic.ends_with("شخص على الأقل"), "{arabic}");
    }

    #[test]
    fn ranges_and_what_is_withheld() {
        let ages = Figure {
            low: Some("12"),
            high: Some("14"),
            ..figure(None, Qualifier::Range, "years")
        };
        assert_eq!(display(&ages, "en"), "12–14 years");
        assert_eq!(display(&ages, "ru"), "12–14 лет");
        let modelled = Figure {
            value: Some("13"),
            ..ages
        };
        assert_eq!(display(&modelled, "en"), "12–14 years");
        let interval = Figure {
            qualifier: Qualifier::Approximately,
            ..modelled
        };
        assert_eq!(display(&interval, "en"), "about 13 years (12–14)");
        let most = Figure {
            low: None,
            ..figure(None, Qualifier::AtMost, "persons")
        };
        let most = Figure {
            high: Some("5"),
            ..most
        };
        assert_eq!(display(&most, "en"), "at most 5 persons");
        let withheld = Figure {
            status: ObservationStatus::Suppressed,
            ..figure(None, Qualifier::Exactly, "persons")
        };
        assert_eq!(display(&withheld, "en"), "suppressed");
        assert_eq!(display(&withheld, "de"), "nicht veröffentlicht");
    }

    #[test]
    fn every_unit_has_the_forms_that_its_languages_ask_for() {
        for (lang, categories) in FORMS {
            let rules = Writing::of(lang).plurals.unwrap();
            let known: Vec<_> = rules.categories().collect();
            assert!(categories.iter().all(|one| known.contains(one)), "{lang}");
            for unit in UNITS {
                let key = format!("unit.{unit}");
                let (forms, said) = labels::label(&key, lang);
                assert_eq!(said, lang);
                assert_eq!(forms.split('|').count(), categories.len(), "{unit} {lang}");
                assert!(forms.split('|').all(|form| form.contains("{value}")));
            }
        }
        let covered: Vec<_> = FORMS.iter().map(|(lang, _)| *lang).collect();
        assert_eq!(covered, labels::LANGUAGES);
    }
}
