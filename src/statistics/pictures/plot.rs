//! The drawing of a chart: axes, lines or bars, what lies between lower and upper ends, marks.

use super::{
    canvas::{Anchor, Canvas, Style, px, width_of},
    chart::Kind,
    scale::Scale,
    series::{Line, Point, Series},
};
use crate::values::figure;
use crate::values::said::Said;
use chrono::{Datelike, NaiveDate};

/// The numbers at axes and bars.
pub const NUMBERS: Style = Style::plain("soft", 12.0);
/// The numbers and signs of figures.
const LABEL: Style = Style::plain("ink", 12.0);
/// The widest bar, so that few bars are no wall.
const WIDEST: f64 = 64.0;
/// Room below the plot for years, and for the crosses of what is suppressed or missing.
pub const BELOW: f64 = 34.0;

/// Where a chart is drawn, and what lies where in it.
pub struct Plot<'a> {
    /// What is drawn.
    pub series: &'a Series,
    /// Its scale upwards.
    pub scale: &'a Scale,
    /// Lines or bars.
    pub kind: Kind,
    /// The language of numbers.
    pub lang: &'a str,
    /// The ends of the plot: left, right, top, bottom.
    pub ends: [f64; 4],
}

/// The classes of the lines and areas of each publisher.
const LINES: [(&str, &str); 4] = [
    ("line-0", "area-0"),
    ("line-1", "area-1"),
    ("line-2", "area-2"),
    ("line-3", "area-3"),
];

impl Plot<'_> {
    fn days(&self) -> (f64, f64) {
        let days = |day: NaiveDate| f64::from(day.num_days_from_ce());
        let first = self.series.points().map(|point| days(point.start));
        let last = self.series.points().map(|point| days(point.end) + 1.0);
        (
            first.fold(f64::MAX, f64::min),
            last.fold(f64::MIN, f64::max),
        )
    }

    /// Where a day lies, counted as [`Point::middle`] does.
    fn x(&self, day: f64) -> f64 {
        let [left, right, ..] = self.ends;
        let (first, last) = self.days();
        left + (day - first) / (last - first).max(1.0) * (right - left)
    }

    fn y(&self, number: f64) -> f64 {
        let [.., top, bottom] = self.ends;
        bottom - self.scale.part(number) * (bottom - top)
    }

    /// Draws everything.
    pub fn draw(&self, canvas: &mut Canvas) {
        self.axes(canvas);
        self.years(canvas);
        for (place, line) in self.series.lines.iter().enumerate() {
            match self.kind {
                Kind::Bar => self.bars(canvas, place, line),
                Kind::Line => self.line(canvas, place, line),
            }
        }
        if self.kind == Kind::Line {
            self.signs(canvas);
        }
        for point in self.series.points().filter(|point| point.is_unseen()) {
            let [.., bottom] = self.ends;
            cross(canvas, self.x(point.middle()), bottom + 26.0, "axis");
        }
    }

    fn axes(&self, canvas: &mut Canvas) {
        let [left, right, ..] = self.ends;
        for (number, text) in &self.scale.marks {
            let y = self.y(*number);
            let class = if *number == 0.0 { "axis" } else { "grid" };
            let (x1, x2, at) = (px(left), px(right), px(y));
            let mut line = vec![
                ("class", class),
                ("x1", &*x1),
                ("x2", &*x2),
                ("y1", &*at),
                ("y2", &*at),
            ];
            if *number != 0.0 {
                line.extend([("stroke-dasharray", "1 4"), ("stroke-linecap", "round")]);
            }
            canvas.draw("line", &line);
            let said = Said::new(figure::number(text, self.lang), "en");
            canvas.text((left - 8.0, y + 4.0), &said, NUMBERS, Anchor::Right);
        }
    }

    /// The years below, as many as there is room for.
    fn years(&self, canvas: &mut Canvas) {
        let [left, right, _, bottom] = self.ends;
        let (first, last) = self.days();
        let year_of =
            |day: f64| NaiveDate::from_num_days_from_ce_opt(day as i32).map_or(0, |day| day.year());
        let (from, to) = (year_of(first), year_of(last - 1.0));
        let room = ((right - left) / 44.0).max(1.0);
        let many = f64::from(to - from + 1);
        let step = [1, 2, 5, 10, 20, 50, 100]
            .into_iter()
            .find(|step| many / f64::from(*step) <= room);
        let step = step.unwrap_or(100);
        for year in (from..=to).filter(|year| year % step == 0 || from == to) {
            let middle = NaiveDate::from_ymd_opt(year, 7, 2)
                .map_or(0.0, |day| f64::from(day.num_days_from_ce()));
            let x = match from == to {
                true => (left + right) / 2.0,
                false => self.x(middle).clamp(left, right - 12.0),
            };
            let said = Said::new(figure::year(year, self.lang), "en");
            canvas.text((x, bottom + 17.0), &said, NUMBERS, Anchor::Middle);
        }
    }

    fn line(&self, canvas: &mut Canvas, place: usize, line: &Line) {
        let (stroke, area) = LINES[place % LINES.len()];
        for run in runs(&line.points) {
            self.band(canvas, run, area);
            let drawn = run
                .iter()
                .filter_map(|point| Some((self.x(point.middle()), self.y(point.value?))));
            let path: String = drawn
                .enumerate()
                .map(|(place, (x, y))| {
                    format!("{}{} {}", if place == 0 { "M" } else { "L" }, px(x), px(y))
                })
                .collect();
            if path.contains('L') {
                canvas.draw(
                    "path",
                    &[
                        ("class", stroke),
                        ("fill", "none"),
                        ("stroke-width", "2.25"),
                        ("stroke-linejoin", "round"),
                        ("d", &path),
                    ],
                );
            }
        }
        for point in &line.points {
            self.whisker(canvas, point, self.x(point.middle()), stroke);
            if let Some(value) = point.value {
                mark(
                    canvas,
                    (self.x(point.middle()), self.y(value)),
                    place,
                    point.is_plain(),
                );
            }
        }
    }

    /// The signs of figures that are not exactly their number, above their marks; where two would
    /// meet, the line below the chart tells of both.
    fn signs(&self, canvas: &mut Canvas) {
        let mut taken: Vec<(f64, f64)> = Vec::new();
        for point in self.series.points().filter(|point| point.ends.is_none()) {
            let Some((sign, value)) = point.sign().zip(point.value) else {
                continue;
            };
            let (x, y) = (self.x(point.middle()), self.y(value) - 9.0);
            let free = |(left, top): &(f64, f64)| (left - x).abs() > 12.0 || (top - y).abs() > 16.0;
            if taken.iter().all(free) {
                taken.push((x, y));
                canvas.text((x, y), &Said::new(sign, "en"), LABEL, Anchor::Middle);
            }
        }
    }

    /// What lies between lower and upper ends, where both are known one period after the other.
    fn band(&self, canvas: &mut Canvas, run: &[Point], area: &str) {
        let known: Vec<_> = run
            .iter()
            .map_while(|point| Some((point.middle(), point.ends?)))
            .collect();
        if known.len() < 2 {
            return;
        }
        let upper = known.iter().map(|(day, (_, high))| (*day, *high));
        let lower = known.iter().rev().map(|(day, (low, _))| (*day, *low));
        let corners = upper
            .chain(lower)
            .map(|(day, number)| format!("{},{} ", px(self.x(day)), px(self.y(number))));
        let corners: String = corners.collect();
        canvas.draw(
            "polygon",
            &[
                ("class", area),
                ("fill-opacity", "0.18"),
                ("points", corners.trim()),
            ],
        );
    }

    fn whisker(&self, canvas: &mut Canvas, point: &Point, x: f64, stroke: &str) {
        let Some((low, high)) = point.ends else {
            return;
        };
        let (low, high) = (self.y(low), self.y(high));
        let path = format!(
            "M{0} {1}H{2}M{0} {3}H{2}M{4} {1}V{3}",
            px(x - 5.0),
            px(high),
            px(x + 5.0),
            px(low),
            px(x)
        );
        // Apart from what it lies on, a bar of any colour.
        let halo = [
            ("class", "halo"),
            ("fill", "none"),
            ("stroke-width", "4.5"),
            ("d", &*path),
        ];
        canvas.draw("path", &halo);
        canvas.draw(
            "path",
            &[
                ("class", stroke),
                ("fill", "none"),
                ("stroke-width", "1.5"),
                ("d", &path),
            ],
        );
    }

    fn bars(&self, canvas: &mut Canvas, place: usize, line: &Line) {
        let (stroke, area) = LINES[place % LINES.len()];
        let many = self.series.lines.len() as f64;
        for point in &line.points {
            let days = f64::from(point.end.num_days_from_ce()) + 1.0;
            let room = (self.x(days) - self.x(f64::from(point.start.num_days_from_ce()))) * 0.76;
            let wide = (room / many).min(WIDEST);
            let middle = self.x(point.middle()) + (place as f64 - (many - 1.0) / 2.0) * wide;
            if let Some(value) = point.value {
                let (top, foot) = (self.y(value.max(0.0)), self.y(value.min(0.0)));
                let [x, y, width, height] =
                    [middle - wide / 2.0, top, wide - 1.0, foot - top].map(px);
                let mut bar = vec![
                    ("x", &*x),
                    ("y", &*y),
                    ("width", &*width),
                    ("height", &*height),
                ];
                // What is disputed is an outline with a cross, whatever colours a reader sees.
                match point.is_plain() {
                    true => bar.push(("class", area)),
                    false => bar.extend([
                        ("class", stroke),
                        ("fill", "none"),
                        ("stroke-width", "2"),
                        ("stroke-dasharray", "4 3"),
                    ]),
                }
                canvas.draw("rect", &bar);
                if !point.is_plain() {
                    cross(canvas, middle, (top + foot) / 2.0, stroke);
                }
                self.number(
                    canvas,
                    point,
                    middle,
                    if value < 0.0 { foot + 14.0 } else { top - 5.0 },
                    room,
                );
            }
            self.whisker(canvas, point, middle, "axis");
        }
    }

    /// The number at a bar with its sign, where it does not run into its neighbours and no whisker
    /// into it; the sign alone where there is no more room.
    fn number(&self, canvas: &mut Canvas, point: &Point, x: f64, y: f64, room: f64) {
        let number = point.exact.as_deref();
        let number = number.map(|exact| figure::number(exact, self.lang));
        let whole = number.map(|number| match point.sign() {
            Some(sign) => format!("{sign}\u{a0}{number}"),
            None => number,
        });
        let texts = [whole, point.sign().map(str::to_owned)];
        let fits = |text: &String| point.ends.is_none() && width_of(text, NUMBERS) <= room / 0.76;
        if let Some(text) = texts.into_iter().flatten().find(fits) {
            canvas.text((x, y), &Said::new(text, "en"), LABEL, Anchor::Middle);
        }
    }
}

impl Point {
    /// Whether there is nothing that could be drawn at a height.
    pub fn is_unseen(&self) -> bool {
        self.value.is_none() && self.ends.is_none()
    }
}

/// The figures that a line joins: each follows the one before it.
fn runs(points: &[Point]) -> impl Iterator<Item = &[Point]> {
    points.chunk_by(|before, after| {
        after.follows(before) && before.value.is_some() && after.value.is_some()
    })
}

/// Two strokes that cross.
pub fn cross(canvas: &mut Canvas, x: f64, y: f64, class: &str) {
    let path = format!("M{} {}l8 8m0 -8l-8 8", px(x - 4.0), px(y - 4.0));
    canvas.draw(
        "path",
        &[
            ("class", class),
            ("fill", "none"),
            ("stroke-width", "2"),
            ("stroke-linecap", "round"),
            ("d", &path),
        ],
    );
}

/// A bar in small, for the legend: whole, or an outline with a cross.
pub fn block(canvas: &mut Canvas, (x, y): (f64, f64), place: usize, plain: bool) {
    let (stroke, area) = LINES[place % LINES.len()];
    let [left, top] = [x - 6.0, y - 6.0].map(px);
    let mut bar = vec![
        ("x", &*left),
        ("y", &*top),
        ("width", "12"),
        ("height", "12"),
    ];
    match plain {
        true => bar.push(("class", area)),
        false => bar.extend([
            ("class", stroke),
            ("fill", "none"),
            ("stroke-width", "1.6"),
            ("stroke-dasharray", "4 3"),
        ]),
    }
    canvas.draw("rect", &bar);
    if !plain {
        cross(canvas, x, y, stroke);
    }
}

/// The mark of a figure: a shape for each publisher, whole; hollow and crossed for what was asked
/// for although it is disputed, replaced or taken back.
pub fn mark(canvas: &mut Canvas, (x, y): (f64, f64), place: usize, plain: bool) {
    let (stroke, area) = LINES[place % LINES.len()];
    let path = match (plain, place % LINES.len()) {
        (true, 0) => format!(
            "M{} {}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0",
            px(x - 3.5),
            px(y)
        ),
        (true, 1) => format!("M{} {}h7v7h-7z", px(x - 3.5), px(y - 3.5)),
        (true, 2) => format!("M{} {}l4.5 8h-9z", px(x), px(y - 5.0)),
        (true, _) => format!("M{} {}l5 5l-5 5l-5 -5z", px(x), px(y - 5.0)),
        (false, _) => format!("M{} {}l7 7l-7 7l-7 -7z", px(x), px(y - 7.0)),
    };
    match plain {
        true => canvas.draw("path", &[("class", area), ("d", &path)]),
        false => {
            canvas.draw("path", &[("class", "mark"), ("d", &path)]);
            let lines = format!("{path}M{} {}l5 5m0 -5l-5 5", px(x - 2.5), px(y - 2.5));
            canvas.draw(
                "path",
                &[
                    ("class", stroke),
                    ("fill", "none"),
                    ("stroke-width", "1.6"),
                    ("d", &lines),
                ],
            );
        }
    }
}
