//! What stands below a chart: what its figures lack, where they come from, and the credit.

use super::{
    series::{Point, Series, sign},
    words,
};
use crate::values::said::Said;
use crate::values::{
    figure::{self, ObservationStatus, Qualifier},
    labels, licence,
};

/// At most so many names in one line; the others are counted.
const MOST_NAMES: usize = 3;

/// Who compiled it, and under which licence.
pub fn credit(lang: &str) -> Said {
    let values = [
        ("attribution", licence::ATTRIBUTION),
        ("licence", licence::LICENCE),
    ];
    words::label("picture.compiled", lang, &values)
}

/// What is missing, what is not certain, who counted, where it was read, and the credit.
pub fn foot(series: &Series, sources: &[String], lang: &str) -> Vec<Said> {
    let mut lines = Vec::new();
    let gaps = series.gaps();
    if !gaps.is_empty() {
        let years = words::years(&gaps, lang);
        lines.push(words::label("picture.gap", lang, &[("years", &years)]));
    }
    lines.extend(certainty(series, lang));
    lines.extend(marked(series, lang));
    lines.extend(caveats(series, lang));
    for (key, count) in [
        ("picture.other_periods", series.other_periods),
        ("picture.others", series.others),
    ] {
        if count > 0 {
            lines.push(words::label(key, lang, &[("count", &counted(count, lang))]));
        }
    }
    let publishers: Vec<&str> = series.lines.iter().map(|line| &*line.publisher).collect();
    let publishers = publishers.join("; ");
    lines.push(words::label(
        "picture.counted_by",
        lang,
        &[("publisher", &publishers)],
    ));
    if !sources.is_empty() {
        let source = listed(sources, lang);
        lines.push(words::label("picture.source", lang, &[("source", &source)]));
    }
    lines.push(credit(lang));
    lines
}

/// A count as the language writes it.
pub fn counted(count: usize, lang: &str) -> String {
    figure::number(&count.to_string(), lang)
}

/// The first names, and how many there are beside them.
fn listed(names: &[String], lang: &str) -> String {
    let more = names.len().saturating_sub(MOST_NAMES);
    let more = (more > 0).then(|| {
        let count = counted(more, lang);
        words::label("picture.more", lang, &[("count", &count)]).text
    });
    let shown = names.iter().take(MOST_NAMES).cloned().chain(more);
    shown.collect::<Vec<_>>().join("; ")
}

/// How many of the figures are estimated, provisional, or not exactly their number.
fn certainty(series: &Series, lang: &str) -> Option<Said> {
    let states = [ObservationStatus::Estimated, ObservationStatus::Provisional].map(|status| {
        let count = series.points().filter(|point| point.status == status);
        let count = count.count();
        (words::label(status.key(), lang, &[]).text, count)
    });
    let signs = [
        (Qualifier::AtLeast, "qualifier.at_least"),
        (Qualifier::AtMost, "qualifier.at_most"),
        (Qualifier::Approximately, "qualifier.approximately"),
    ]
    .map(|(qualifier, key)| {
        let count = series.points().filter(|point| point.qualifier == qualifier);
        let words = labels::filled(key, lang, &[]).text;
        let sign = sign(qualifier).unwrap_or_default();
        (format!("{sign} {}", words.trim()), count.count())
    });
    let parts = states.into_iter().chain(signs);
    let parts = parts.filter(|(_, count)| *count > 0).map(|(name, count)| {
        let values = [("name", &*name), ("value", &counted(count, lang))];
        words::label("picture.named", lang, &values).text
    });
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| Said::new(parts.join(" · "), lang))
}

/// The records of what is disputed, replaced or taken back: they say why.
fn marked(series: &Series, lang: &str) -> Vec<Said> {
    let marked: Vec<&Point> = series.points().filter(|point| !point.is_plain()).collect();
    let mut lines: Vec<Said> = Vec::new();
    for point in &marked {
        let alike = marked
            .iter()
            .filter(|other| other.assessment == point.assessment);
        let records = alike.map(|one| format!("/v1/statistics/{}", one.slug));
        let records = listed(&records.collect::<Vec<_>>(), lang);
        let name = words::assessment(point.assessment, lang).text;
        let line = words::label(
            "picture.named",
            lang,
            &[("name", &name), ("value", &records)],
        );
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// The caveat that all figures share; else how many have one in their record.
fn caveats(series: &Series, lang: &str) -> Option<Said> {
    let mut all = series.points().map(|point| point.caveat.as_ref());
    let first = all.next()?;
    if all.all(|caveat| caveat == first) {
        return first.cloned();
    }
    let count = series.points().filter(|point| point.caveat.is_some());
    let count = counted(count.count(), lang);
    Some(words::label("picture.caveats", lang, &[("count", &count)]))
}
