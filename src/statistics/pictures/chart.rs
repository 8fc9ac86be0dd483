//! A chart: the figures of one indicator for one place by time, with who counted them.

use super::{
    canvas::{Canvas, Column, Frame, Style, width_of, wrapped},
    foot::{counted, credit, foot},
    plot::{BELOW, NUMBERS, Plot, block, cross, mark},
    scale::Scale,
    series::{Point, Series},
    words,
};
use crate::values::said::Said;
use crate::values::{figure, labels, language};
use utoipa::ToSchema;

const TITLE: Style = Style::bold("ink", 16.0);
const TEXT: Style = Style::plain("soft", 13.0);
/// Up to so many figures are bars unless lines are asked for.
const FEW: usize = 6;
/// The lowest plot that still shows something.
const LOWEST: f64 = 120.0;

/// Lines or bars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum Kind {
    /// Lines through the figures of each publisher.
    Line,
    /// A bar for each figure.
    Bar,
}

/// What a chart shows.
#[derive(Debug)]
pub struct Charted {
    /// The indicator's title.
    pub title: Said,
    /// Its figures; `None` when none can be drawn.
    pub series: Option<Series>,
    /// The titles of the sources of what is drawn.
    pub sources: Vec<String>,
    /// Where nothing is drawn: how many of its figures have a period all the same.
    pub undrawn: usize,
    /// Lines or bars; `None` leaves it to the figures.
    pub kind: Option<Kind>,
}

/// Few figures of one publisher, side by side, are bars; everything else is lines.
fn kind(series: &Series) -> Kind {
    let [line] = &series.lines[..] else {
        return Kind::Line;
    };
    let beside = line.points.windows(2).all(|two| two[0].end < two[1].start);
    let single = line.points.iter().all(|point| point.value.is_some());
    match line.points.len() <= FEW && beside && single {
        true => Kind::Bar,
        false => Kind::Line,
    }
}

/// Figures of an indicator as a picture.
pub fn chart(frame: &Frame, charted: &Charted) -> Vec<u8> {
    let lang = labels::given_in(&frame.lang);
    let frame = &Frame {
        lang: lang.clone(),
        ..frame.clone()
    };
    let width = f64::from(frame.width);
    let pad = if width < 400.0 { 12.0 } else { 20.0 };
    let mut canvas = Canvas::new();
    let mut column = Column {
        canvas: &mut canvas,
        x: pad,
        y: pad - 4.0,
        width: width - 2.0 * pad,
        rtl: language::right_to_left(&lang),
    };
    column.paragraph(&charted.title, TITLE);
    let Some(series) = &charted.series else {
        let none = match charted.undrawn {
            0 => words::label("picture.none", &lang, &[]),
            some => {
                let count = counted(some, &lang);
                words::label("picture.undrawn", &lang, &[("count", &count)])
            }
        };
        column.gap(12.0);
        column.paragraph(&none, TEXT);
        column.gap(8.0);
        column.paragraph(&credit(&lang), TEXT);
        let height = (column.y + pad).max(f64::from(frame.height.unwrap_or(0)));
        return canvas.finish(frame, height, &charted.title.text, &none.text);
    };
    let kind = charted.kind.unwrap_or_else(|| kind(series));
    let scale = scale(series, width);
    let head = head(series, &scale, &lang);
    for line in &head {
        column.paragraph(line, TEXT);
    }
    column.gap(4.0);
    legend(&mut column, series, kind, &lang);
    let foot = foot(series, &charted.sources, &lang);
    let lines = foot
        .iter()
        .map(|line| wrapped(&line.text, TEXT, column.width).len());
    let below = lines.sum::<usize>() as f64 * TEXT.leading() + 6.0 + pad;
    let top = column.y + 14.0;
    let usual = (width * 0.46).clamp(150.0, 340.0);
    let high = frame
        .height
        .map_or(usual, |height| f64::from(height) - top - BELOW - below);
    let bottom = top + high.max(LOWEST);
    let numbers = scale
        .marks
        .iter()
        .map(|(_, text)| width_of(&figure::number(text, &lang), NUMBERS));
    let left = pad + numbers.fold(0.0, f64::max) + 8.0;
    let plot = Plot {
        series,
        scale: &scale,
        kind,
        lang: &lang,
        ends: [left, width - pad - 4.0, top, bottom],
    };
    plot.draw(column.canvas);
    column.y = bottom + BELOW;
    column.gap(6.0);
    for line in &foot {
        column.paragraph(line, TEXT);
    }
    let height = column.y + pad;
    let description = description(series, kind, [&head, &foot], &lang);
    canvas.finish(frame, height, &charted.title.text, &description)
}

fn scale(series: &Series, width: f64) -> Scale {
    let numbers = series.points().flat_map(|point| {
        let (low, high) = point.ends.unzip();
        [point.value, low, high].into_iter().flatten()
    });
    Scale::holding(numbers, if width < 400.0 { 4 } else { 5 })
}

/// Where, of whom, in which unit.
fn head(series: &Series, scale: &Scale, lang: &str) -> Vec<Said> {
    let mut who = Vec::new();
    if let Some(sex) = &series.breakdown.sex {
        who.push(words::label(&format!("sex.{sex}"), lang, &[]).text);
    }
    if let Some(ages) = &series.breakdown.age_band {
        let ages = ages.replace('-', "–");
        who.push(words::label("picture.ages", lang, &[("ages", &ages)]).text);
    }
    who.extend(
        series
            .breakdown
            .exploitation
            .as_ref()
            .map(|form| form.replace('_', " ")),
    );
    let unit = figure::unit(&series.unit, lang);
    let unit = match scale.by {
        Some(by) => {
            let comma = if language::right_to_left(lang) {
                "،"
            } else {
                ","
            };
            format!("{unit}{comma} {}", words::label(by, lang, &[]).text)
        }
        None => unit,
    };
    let first: Vec<String> = std::iter::once(series.place.text.clone())
        .chain(who)
        .chain([unit])
        .collect();
    let mut lines = vec![Said::new(first.join(" · "), lang)];
    if let Some(population) = &series.population {
        lines.push(words::label(
            "picture.population",
            lang,
            &[("population", population)],
        ));
    }
    if let Some(denominator) = &series.denominator {
        lines.push(words::label(
            "picture.denominator",
            lang,
            &[("denominator", denominator)],
        ));
    }
    lines
}

/// What the marks mean, where there is more than one kind of them.
fn legend(column: &mut Column<'_>, series: &Series, kind: Kind, lang: &str) {
    type Sign<'a> = Box<dyn Fn(&mut Canvas, f64, f64) + 'a>;
    let drawn = match kind {
        Kind::Line => mark,
        Kind::Bar => block,
    };
    let mut entries: Vec<(Sign<'_>, Said)> = Vec::new();
    if series.lines.len() > 1 {
        for (place, line) in series.lines.iter().enumerate() {
            let sign = move |canvas: &mut Canvas, x, y| drawn(canvas, (x, y), place, true);
            entries.push((Box::new(sign), Said::new(&*line.publisher, "en")));
        }
    }
    let mut seen = Vec::new();
    for (place, line) in series.lines.iter().enumerate() {
        for point in line.points.iter().filter(|point| !point.is_plain()) {
            if !seen.contains(&point.assessment) {
                seen.push(point.assessment);
                let sign = move |canvas: &mut Canvas, x, y| drawn(canvas, (x, y), place, false);
                entries.push((Box::new(sign), words::assessment(point.assessment, lang)));
            }
        }
    }
    let mut unseen: Vec<String> = Vec::new();
    for point in series.points().filter(|point| point.is_unseen()) {
        let status = words::label(point.status.key(), lang, &[]).text;
        if !unseen.contains(&status) {
            unseen.push(status);
        }
    }
    if !unseen.is_empty() {
        let sign = |canvas: &mut Canvas, x, y| cross(canvas, x, y, "axis");
        entries.push((Box::new(sign), Said::new(unseen.join(" / "), lang)));
    }
    if series.points().any(|point| point.ends.is_some()) {
        let sign = |canvas: &mut Canvas, x: f64, y: f64| {
            let path = format!("M{} {}h10m-10 10h10m-5 -10v10", x - 5.0, y - 5.0);
            canvas.draw(
                "path",
                &[
                    ("class", "axis"),
                    ("fill", "none"),
                    ("stroke-width", "1.5"),
                    ("d", &path),
                ],
            );
        };
        entries.push((Box::new(sign), words::label("picture.band", lang, &[])));
    }
    for (sign, said) in &entries {
        let (x, y) = (column.x, column.y);
        let at = if column.rtl {
            x + column.width - 8.0
        } else {
            x + 8.0
        };
        sign(column.canvas, at, y + TEXT.leading() / 2.0 + 1.0);
        let mut inside = Column {
            canvas: &mut *column.canvas,
            x: if column.rtl { x } else { x + 22.0 },
            y,
            width: column.width - 22.0,
            rtl: column.rtl,
        };
        inside.paragraph(said, TEXT);
        column.y = inside.y;
    }
}

/// Everything that is drawn, in words.
fn description(series: &Series, kind: Kind, around: [&[Said]; 2], lang: &str) -> String {
    let kind = match kind {
        Kind::Line => words::label("picture.line", lang, &[]),
        Kind::Bar => words::label("picture.bar", lang, &[]),
    };
    let told = |publisher: &str, point: &Point| {
        let when = words::span(point.start, point.end, lang);
        let mut text = format!("{when}: {}", point.display);
        if series.lines.len() > 1 {
            text += &format!(" ({publisher})");
        }
        if !point.is_plain() {
            text += &format!(" ({})", words::assessment(point.assessment, lang).text);
        }
        text
    };
    let figures = series.lines.iter().flat_map(|line| {
        line.points
            .iter()
            .map(move |point| (&*line.publisher, point))
    });
    let figures: Vec<String> = figures
        .map(|(publisher, point)| told(publisher, point))
        .collect();
    let [head, foot] = around.map(|lines| lines.iter().map(|line| line.text.clone()));
    let parts = std::iter::once(kind.text)
        .chain(head)
        .chain([figures.join("; ")])
        .chain(foot);
    words::told(parts)
}
