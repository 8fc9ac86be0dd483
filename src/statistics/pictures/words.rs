//! The words of pictures: periods, labels, who counted.

use crate::values::said::Said;
use crate::{
    statistics::model::{Assessment, Period, Statistic},
    values::{figure, labels, language},
};
use chrono::{Datelike, Days, NaiveDate};

/// A label with its places filled in, each kept apart where directions meet: else a bracket or a
/// question mark of one goes to the wrong end.
pub fn label(key: &str, lang: &str, values: &[(&str, &str)]) -> Said {
    let kept = values.iter().map(|(name, value)| {
        // Numbers alone go with the words around them.
        let words = value.chars().any(char::is_alphabetic);
        let apart = language::right_to_left(lang) || value.chars().any(is_right_to_left);
        let apart = apart && words;
        let value = match apart {
            true => format!("\u{2068}{value}\u{2069}"),
            false => (*value).to_owned(),
        };
        (*name, value)
    });
    let kept: Vec<(&str, String)> = kept.collect();
    let kept: Vec<(&str, &str)> = kept.iter().map(|(name, value)| (*name, &**value)).collect();
    let label = labels::filled(key, lang, &kept);
    Said::new(label.text, label.lang)
}

/// Whether a character belongs to a script that is written from right to left.
pub fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// A field of a record in the language that it is shown in.
pub fn field(statistic: &Statistic, name: &str, text: &str) -> Said {
    let said = statistic.text.get(name);
    let lang = said.map_or(&*statistic.lang, |said| &*said.lang);
    Said::new(text, lang)
}

/// An assessment in a word or two.
pub fn assessment(assessment: Assessment, lang: &str) -> Said {
    label(&format!("assessment.{}", assessment.name()), lang, &[])
}

/// A period: whole years as years, other days as dates after ISO 8601, open ends as such.
pub fn period(period: Option<&Period>, lang: &str) -> Said {
    let Some(Period { start, end }) = period else {
        return label("picture.no_period", lang, &[]);
    };
    match (start, end) {
        (Some(start), Some(end)) => Said::new(span(*start, *end, lang), lang),
        (None, Some(end)) => {
            let date = last(*end, lang);
            label("picture.until", lang, &[("date", &date)])
        }
        (Some(start), None) => {
            let date = first(*start, lang);
            label("picture.since", lang, &[("date", &date)])
        }
        (None, None) => label("picture.no_period", lang, &[]),
    }
}

fn first(day: NaiveDate, lang: &str) -> String {
    match day.ordinal() == 1 {
        true => figure::year(day.year(), lang),
        false => day.to_string(),
    }
}

fn last(day: NaiveDate, lang: &str) -> String {
    let next = day.checked_add_days(Days::new(1));
    match next.is_some_and(|next| next.ordinal() == 1) {
        true => figure::year(day.year(), lang),
        false => day.to_string(),
    }
}

/// From one day to another.
pub fn span(start: NaiveDate, end: NaiveDate, lang: &str) -> String {
    let whole = start.ordinal() == 1
        && end
            .checked_add_days(Days::new(1))
            .is_some_and(|next| next.ordinal() == 1);
    match whole {
        true if start.year() == end.year() => figure::year(start.year(), lang),
        true => format!(
            "{}–{}",
            figure::year(start.year(), lang),
            figure::year(end.year(), lang)
        ),
        false if start == end => start.to_string(),
        false => format!("{start} – {end}"),
    }
}

/// Texts as sentences one after the other.
pub fn told(parts: impl Iterator<Item = String>) -> String {
    let bare = parts.map(|part| part.trim_end_matches('.').to_owned());
    bare.collect::<Vec<_>>().join(". ")
}

/// Years as people list them: "2013, 2016–2018".
pub fn years(all: &[i32], lang: &str) -> String {
    let mut runs: Vec<(i32, i32)> = Vec::new();
    for year in all {
        match runs.last_mut() {
            Some((_, end)) if *end + 1 == *year => *end = *year,
            _ => runs.push((*year, *year)),
        }
    }
    let shown = runs.iter().map(|(start, end)| match start == end {
        true => figure::year(*start, lang),
        false => format!(
            "{}–{}",
            figure::year(*start, lang),
            figure::year(*end, lang)
        ),
    });
    shown.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn periods_read_as_people_write_them() {
        let shown = |start: &str, end: &str| {
            let (start, end) = (
                (!start.is_empty()).then(|| day(start)),
                (!end.is_empty()).then(|| day(end)),
            );
            period(Some(&Period { start, end }), "en").text
        };
        assert_eq!(shown("2007-01-01", "2007-12-31"), "2007");
        assert_eq!(shown("2006-01-01", "2007-12-31"), "2006–2007");
        assert_eq!(shown("2022-07-01", "2023-06-30"), "2022-07-01 – 2023-06-30");
        assert_eq!(shown("", "2020-12-31"), "until 2020");
        assert_eq!(shown("2007-12-07", ""), "since 2007-12-07");
        assert_eq!(shown("2020-05-01", "2020-05-01"), "2020-05-01");
        assert_eq!(period(None, "en").text, "No period given");
        assert_eq!(years(&[2013, 2016, 2017, 2018], "en"), "2013, 2016–2018");
    }
}
