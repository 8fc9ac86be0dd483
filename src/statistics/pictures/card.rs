//! A card: one figure with everything that must be shown with it.

use super::{
    canvas::{Canvas, Column, Frame, Style, width_of, wrapped},
    words,
};
use crate::statistics::{
    citations::Document,
    model::{Assessment, Statistic},
};
use crate::values::said::Said;
use crate::values::{figure::ObservationStatus, labels, language, licence};

const ALARM: Style = Style::bold("alarm", 14.0);
const REASON: Style = Style::plain("alarm", 13.0);
const TITLE: Style = Style::bold("ink", 15.0);
const TEXT: Style = Style::plain("ink", 14.0);
const SMALL: Style = Style::plain("soft", 13.0);
/// The sizes that the figure is tried in; the first that leaves it on two lines is taken.
const SIZES: [f64; 5] = [40.0, 34.0, 28.0, 24.0, 20.0];

/// A figure as a picture of its own.
pub fn card(frame: &Frame, statistic: &Statistic, document: Option<&Document>) -> Vec<u8> {
    let lang = labels::given_in(&frame.lang);
    let frame = &Frame {
        lang: lang.clone(),
        ..frame.clone()
    };
    let width = f64::from(frame.width);
    let pad = if width < 400.0 { 16.0 } else { 24.0 };
    let mut canvas = Canvas::new();
    let mut column = Column {
        canvas: &mut canvas,
        x: pad,
        y: pad,
        width: width - 2.0 * pad,
        rtl: language::right_to_left(&lang),
    };
    let alarm = alarm(statistic, &lang);
    if !alarm.is_empty() {
        banner(&mut column, &alarm);
    }
    let about = about(statistic, &lang, column.width);
    let origin = origin(statistic, document, &lang);
    column.paragraph(&words::field(statistic, "title", &statistic.title), TITLE);
    column.gap(4.0);
    let shown = words::field(statistic, "display", &statistic.display);
    let figure = SIZES
        .map(|size| Style::bold("ink", size))
        .into_iter()
        .find(|style| wrapped(&shown.text, *style, column.width).len() <= 2);
    column.paragraph(&shown, figure.unwrap_or(Style::bold("ink", 20.0)));
    column.gap(6.0);
    for line in &about {
        column.paragraph(line, TEXT);
    }
    if let Some(caveat) = &statistic.caveat {
        caution(&mut column, &words::field(statistic, "caveat", caveat));
    }
    column.gap(12.0);
    let rule = column.y.to_string();
    let (left, right) = (pad.to_string(), (width - pad).to_string());
    let ends = [
        ("class", "rule"),
        ("x1", &*left),
        ("x2", &*right),
        ("y1", &*rule),
        ("y2", &*rule),
    ];
    column.canvas.draw("line", &ends);
    column.gap(4.0);
    for line in &origin {
        column.paragraph(line, SMALL);
    }
    let height = (column.y + pad).max(f64::from(frame.height.unwrap_or(0)));
    let claim = Said::new(&*statistic.claim, &*statistic.lang);
    let caveat = statistic
        .caveat
        .as_ref()
        .map(|text| Said::new(text, &*statistic.lang));
    let description = alarm
        .into_iter()
        .chain([claim])
        .chain(about)
        .chain(caveat)
        .chain(origin);
    let description = words::told(description.map(|said| said.text));
    let title = format!("{}: {}", statistic.title, statistic.display);
    canvas.finish(frame, height, &title, &description)
}

/// That a figure is not to be quoted as it stands, which one is instead, and why.
fn alarm(statistic: &Statistic, lang: &str) -> Vec<Said> {
    let assessment = statistic.assessment;
    let first = match assessment {
        Assessment::Disputed if statistic.against().next().is_some() => {
            Some(words::label("picture.disputed", lang, &[]))
        }
        Assessment::Disputed => Some(words::assessment(assessment, lang)),
        Assessment::Superseded | Assessment::Retracted => {
            let mut said = words::assessment(assessment, lang);
            if let Some(newer) = &statistic.superseded_by {
                said.text = format!("{}: {newer}", said.text);
            }
            Some(said)
        }
        Assessment::NotAssessed | Assessment::Supported => None,
    };
    let computed = statistic
        .contradiction(lang)
        .map(|figure| words::label("picture.contradicted", lang, &[("figure", &figure)]));
    let why = statistic.against();
    let why = why.map(|critique| Said::new(&*critique.summary, &*statistic.lang));
    first.into_iter().chain(computed).chain(why).collect()
}

/// The alarm on a ground of its own, behind a triangle: seen without colour and without words.
fn banner(column: &mut Column<'_>, alarm: &[Said]) {
    let (x, y, width) = (column.x, column.y, column.width);
    let inner = width - 44.0;
    // The words in bold, the reasons below.
    let styled = |place| if place == 0 { ALARM } else { REASON };
    let heights = alarm.iter().enumerate().map(|(place, said)| {
        let style = styled(place);
        wrapped(&said.text, style, inner).len() as f64 * style.leading()
    });
    let height = heights.sum::<f64>() + 14.0;
    let [left, top, wide, high] = [x, y, width, height].map(|number| number.to_string());
    let ground = [
        ("x", &*left),
        ("y", &*top),
        ("width", &*wide),
        ("height", &*high),
    ];
    let ground: Vec<_> = [("class", "alert"), ("rx", "6")]
        .into_iter()
        .chain(ground)
        .collect();
    column.canvas.draw("rect", &ground);
    let sign = if column.rtl {
        x + width - 22.0
    } else {
        x + 22.0
    };
    let middle = y + 7.0 + ALARM.leading() / 2.0;
    let triangle = format!(
        "M{} {}l8.5 15h-17zM{0} {}v5M{0} {}v1",
        sign,
        middle - 8.0,
        middle - 3.0,
        middle + 4.0
    );
    let strokes = [
        ("class", "edge"),
        ("fill", "none"),
        ("stroke-width", "1.8"),
        ("stroke-linejoin", "round"),
        ("stroke-linecap", "round"),
        ("d", &*triangle),
    ];
    column.canvas.draw("path", &strokes);
    let mut inside = Column {
        canvas: &mut *column.canvas,
        x: if column.rtl { x + 8.0 } else { x + 38.0 },
        y: y + 7.0,
        width: inner,
        rtl: column.rtl,
    };
    for (place, said) in alarm.iter().enumerate() {
        inside.paragraph(said, styled(place));
    }
    column.y = y + height + 8.0;
}

/// What must be shown with the figure, behind a bar.
fn caution(column: &mut Column<'_>, caveat: &Said) {
    column.gap(10.0);
    let (x, y, width) = (column.x, column.y, column.width);
    let mut inside = Column {
        canvas: &mut *column.canvas,
        x: if column.rtl { x } else { x + 14.0 },
        y,
        width: width - 14.0,
        rtl: column.rtl,
    };
    inside.paragraph(caveat, SMALL);
    column.y = inside.y;
    let bar = if column.rtl { x + width - 3.0 } else { x };
    let [bar, top, high] = [bar, y + 3.0, column.y - y - 3.0].map(|number| number.to_string());
    let bar = [
        ("class", "quote"),
        ("width", "3"),
        ("x", &*bar),
        ("y", &*top),
        ("height", &*high),
    ];
    column.canvas.draw("rect", &bar);
}

/// Where, when, of whom.
fn about(statistic: &Statistic, lang: &str, width: f64) -> Vec<Said> {
    let place = &statistic.geography.name;
    let when = words::period(statistic.period.as_ref(), lang);
    let mut parts = vec![words::field(statistic, "geography", place), when];
    if statistic.observation_status != ObservationStatus::Normal {
        parts.push(words::label(statistic.observation_status.key(), lang, &[]));
    }
    let joined: Vec<&str> = parts.iter().map(|part| &*part.text).collect();
    let joined = joined.join(" · ");
    let mut lines = match width_of(&joined, TEXT) <= width {
        true => vec![Said::new(joined, lang)],
        false => parts,
    };
    if let Some(population) = &statistic.population {
        lines.push(words::label(
            "picture.population",
            lang,
            &[("population", population)],
        ));
    }
    if let Some(denominator) = &statistic.denominator {
        lines.push(words::label(
            "picture.denominator",
            lang,
            &[("denominator", denominator)],
        ));
    }
    lines
}

/// Who counted, where it was read, what the directory says of it, and the credit.
fn origin(statistic: &Statistic, document: Option<&Document>, lang: &str) -> Vec<Said> {
    let mut lines = match statistic.is_remainder() {
        true => {
            let method = statistic.method_note.as_ref();
            let method = method.map(|note| words::field(statistic, "method_note", note));
            let computed = words::label("picture.computed", lang, &[]);
            std::iter::once(computed).chain(method).collect()
        }
        false => vec![words::label(
            "picture.counted_by",
            lang,
            &[("publisher", &statistic.publisher)],
        )],
    };
    if let Some(document) = document {
        let dated = statistic.sources.first();
        let dated = dated.and_then(|citation| citation.published_on.as_ref());
        let source = match dated {
            Some(date) => format!("{} ({date})", document.title),
            None => document.title.clone(),
        };
        lines.push(words::label("picture.source", lang, &[("source", &source)]));
    }
    if alarm(statistic, lang).is_empty() {
        lines.push(words::assessment(statistic.assessment, lang));
    }
    lines.push(words::label(
        "picture.compiled",
        lang,
        &[
            ("attribution", licence::ATTRIBUTION),
            ("licence", licence::LICENCE),
        ],
    ));
    lines
}
