//! SVG as text: elements, escaped by the library that writes them, and lines that fit a width.
//!
//! Nothing here refers to anything outside the picture: no font but the reader's own, no script,
//! no link, so that it may stand in a page or in an image.

use super::{theme::Theme, words::is_right_to_left};
use crate::values::{language, said::Said};
use quick_xml::{Writer, events::BytesText};
use unicode_width::UnicodeWidthChar;

/// How a picture is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// In CSS pixels; texts keep their size whatever it is.
    pub width: u32,
    /// At least so high; `None` for as high as its content.
    pub height: Option<u32>,
    /// Light or dark.
    pub theme: Theme,
    /// The language of its own words.
    pub lang: String,
}

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Its class, which gives the colour.
    pub class: &'static str,
    /// In pixels.
    pub size: f64,
    /// Whether it is bold.
    pub bold: bool,
}

impl Style {
    /// A plain text.
    pub const fn plain(class: &'static str, size: f64) -> Self {
        Self {
            class,
            size,
            bold: false,
        }
    }

    /// A bold text.
    pub const fn bold(class: &'static str, size: f64) -> Self {
        Self {
            class,
            size,
            bold: true,
        }
    }

    /// From one line of it to the next.
    pub fn leading(self) -> f64 {
        (self.size * 1.35).round()
    }
}

/// Where a text starts, ends, or has its middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// At its left end.
    Left,
    /// In its middle.
    Middle,
    /// At its right end.
    Right,
}

/// A picture while it is drawn.
pub struct Canvas {
    writer: Writer<Vec<u8>>,
}

/// A coordinate without more digits than a screen shows.
pub fn px(number: f64) -> String {
    let rounded = (number * 100.0).round() / 100.0;
    // A minus before nothing.
    match rounded == 0.0 {
        true => "0".to_owned(),
        false => rounded.to_string(),
    }
}

impl Canvas {
    /// Nothing yet.
    pub fn new() -> Self {
        Self {
            writer: Writer::new(Vec::new()),
        }
    }

    /// An element without content.
    pub fn draw(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let element = self.writer.create_element(name);
        let element = element.with_attributes(attributes.iter().copied());
        // Into memory nothing fails.
        let _ = element.write_empty();
    }

    /// One line of text with its base line at a point.
    pub fn text(&mut self, (x, y): (f64, f64), said: &Said, style: Style, anchor: Anchor) {
        // By its first letter, else by its language: a line of a longer text may be all of another.
        let first = said.text.chars().find(|c| c.is_alphabetic());
        let rtl = first.map_or_else(|| language::right_to_left(&said.lang), is_right_to_left);
        let anchor = match (anchor, rtl) {
            (Anchor::Middle, _) => "middle",
            (Anchor::Left, false) | (Anchor::Right, true) => "start",
            (Anchor::Left, true) | (Anchor::Right, false) => "end",
        };
        let (x, y, size) = (px(x), px(y), px(style.size));
        let mut attributes = vec![
            ("class", style.class),
            ("x", &*x),
            ("y", &*y),
            ("font-size", &*size),
            ("text-anchor", anchor),
            ("direction", if rtl { "rtl" } else { "ltr" }),
            ("lang", &*said.lang),
        ];
        if style.bold {
            attributes.push(("font-weight", "600"));
        }
        let element = self.writer.create_element("text");
        let element = element.with_attributes(attributes);
        let _ = element.write_text_content(BytesText::new(&said.text));
    }

    /// The picture: what was drawn on its paper, with a title and the content in words for those
    /// who do not see it.
    pub fn finish(self, frame: &Frame, height: f64, title: &str, description: &str) -> Vec<u8> {
        let (width, high) = (frame.width.to_string(), px(height.ceil()));
        let view = format!("0 0 {width} {high}");
        let rtl = language::right_to_left(&frame.lang);
        let body = self.writer.into_inner();
        let mut writer = Writer::new(Vec::with_capacity(body.len() + 4096));
        let root = writer.create_element("svg").with_attributes([
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("class", frame.theme.class()),
            ("role", "img"),
            ("lang", &*frame.lang),
            ("direction", if rtl { "rtl" } else { "ltr" }),
            ("width", &*width),
            ("height", &*high),
            ("viewBox", &*view),
            ("font-family", "system-ui, sans-serif"),
        ]);
        let _ = root.write_inner_content(|writer| {
            let text = |text| BytesText::new(text);
            writer
                .create_element("title")
                .write_text_content(text(title))?;
            let desc = writer.create_element("desc");
            desc.write_text_content(text(description))?;
            let style = frame.theme.style();
            writer
                .create_element("style")
                .write_text_content(text(&style))?;
            let paper = writer.create_element("rect").with_attributes([
                ("class", "paper"),
                ("width", &*width),
                ("height", &*high),
                ("rx", "8"),
            ]);
            paper.write_empty()?;
            let frame = writer.create_element("rect").with_attributes([
                ("class", "frame"),
                ("fill", "none"),
                ("x", "0.5"),
                ("y", "0.5"),
                ("width", &*(f64::from(frame.width) - 1.0).to_string()),
                ("height", &*px(height.ceil() - 1.0)),
                ("rx", "7.5"),
            ]);
            frame.write_empty()?;
            writer.get_mut().extend(body);
            Ok(())
        });
        writer.into_inner()
    }
}

/// The width that a character is likely to have at most, in parts of the size: which font a reader
/// has is not known.
fn advance(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '’' | '!' | '|' | '(' | ')' => {
            0.36
        }
        ' ' | '\u{a0}' | '\u{202f}' => 0.33,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '—' | 'щ' | 'ш' | 'ю' | 'Щ' | 'Ш' | 'Ю' => 0.97,
        'س' | 'ش' | 'ص' | 'ض' => 1.25,
        '\u{620}'..='\u{6ff}' if c.is_alphabetic() => 0.82,
        '\u{900}'..='\u{97f}' => 0.66,
        _ if c.is_uppercase() => 0.73,
        _ => match c.width() {
            Some(0) | None => 0.0,
            Some(1) => 0.61,
            Some(_) => 1.02,
        },
    }
}

/// How wide a text is likely to be at most.
pub fn width_of(text: &str, style: Style) -> f64 {
    let wide = text.chars().map(advance).sum::<f64>() * style.size;
    match style.bold {
        true => wide * 1.07,
        false => wide,
    }
}

/// Breaks a text into lines that fit a width: between words, between wide characters, and inside a
/// word that is alone too long.
pub fn wrapped(text: &str, style: Style, width: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in pieces(text) {
        let line = lines.last_mut().map_or("", |line| &*line);
        if width_of(&format!("{line}{}", word.trim_end()), style) <= width {
            push(&mut lines, word);
            continue;
        }
        if !line.is_empty() {
            lines.push(String::new());
        }
        for c in word.chars() {
            let line = lines.last().map_or("", |line| line);
            if !line.is_empty() && width_of(format!("{line}{c}").trim_end(), style) > width {
                lines.push(String::new());
            }
            push(&mut lines, c.encode_utf8(&mut [0; 4]));
        }
    }
    lines
        .iter_mut()
        .for_each(|line| line.truncate(line.trim_end_matches(' ').len()));
    lines.retain(|line| !line.is_empty());
    lines
}

fn push(lines: &mut [String], text: &str) {
    if let Some(line) = lines.last_mut() {
        line.push_str(text);
    }
}

/// What may not be broken: words with the blank after them, and wide characters, with the mark
/// that belongs to them.
fn pieces(text: &str) -> Vec<&str> {
    let (mut found, mut start, mut before) = (Vec::new(), 0, None);
    for (place, c) in text.char_indices() {
        let wide = |c: char| c.width() == Some(2);
        let mark = matches!(
            c,
            '，' | '。' | '、' | '：' | '）' | '；' | '？' | '！' | '》' | '」'
        );
        let breaks = match before {
            Some(' ') => c != ' ',
            Some(last) => (wide(last) || wide(c)) && !mark && c != ' ' && last != '（',
            None => false,
        };
        if breaks {
            found.push(&text[start..place]);
            start = place;
        }
        before = Some(c);
    }
    found.push(&text[start..]);
    found
}

/// Texts one below the other, along the side where the language of the picture starts.
pub struct Column<'a> {
    /// Where they are drawn.
    pub canvas: &'a mut Canvas,
    /// The left end.
    pub x: f64,
    /// The lower end of what is drawn so far.
    pub y: f64,
    /// From the left end to the right one.
    pub width: f64,
    /// Whether they stand along the right side.
    pub rtl: bool,
}

impl Column<'_> {
    /// A text in as many lines as it needs.
    pub fn paragraph(&mut self, said: &Said, style: Style) {
        for line in wrapped(&said.text, style, self.width) {
            self.y += style.leading();
            let (x, anchor) = match self.rtl {
                true => (self.x + self.width, Anchor::Right),
                false => (self.x, Anchor::Left),
            };
            // The base line lies a little above the lower end.
            let y = self.y - (style.leading() - style.size) * 0.8;
            self.canvas
                .text((x, y), &Said::new(line, &*said.lang), style, anchor);
        }
    }

    /// Room below.
    pub fn gap(&mut self, height: f64) {
        self.y += height;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: Style = Style::plain("ink", 14.0);

    #[test]
    fn lines_fit_and_lose_nothing() {
        for text in [
            "Children at risk of commercial sexual exploitation in the United States",
            "https://example.org/a/very/long/address/without/any/blank/in/it/at/all",
            "国际劳工组织：亚洲和太平洋，强迫劳动人数（2021年）",
            "خطوط المساعدة في العالم كله",
            "x",
        ] {
            for width in [60.0, 120.0, 300.0] {
                let lines = wrapped(text, STYLE, width);
                assert!(
                    lines.iter().all(|line| width_of(line, STYLE) <= width),
                    "{lines:?}"
                );
                let bare = |text: &str| text.replace(' ', "");
                assert_eq!(bare(&lines.concat()), bare(text));
            }
        }
        assert_eq!(wrapped("one two", STYLE, 400.0), ["one two"]);
        assert!(wrapped("", STYLE, 100.0).is_empty());
    }

    #[test]
    fn everything_is_escaped() {
        let mut canvas = Canvas::new();
        let hostile = Said::new("</text><script>alert(1)</script>&\"'", "en");
        canvas.text((0.0, 0.0), &hostile, STYLE, Anchor::Left);
        canvas.draw("rect", &[("class", "\"><script>")]);
        let frame = Frame {
            width: 320,
            height: None,
            theme: Theme::Auto,
            lang: "en".to_owned(),
        };
        let svg = canvas.finish(&frame, 10.0, "</title><script>", "]]><script>");
        let svg = String::from_utf8(svg).unwrap();
        assert!(!svg.contains("<script") && !svg.contains("]]>"), "{svg}");
    }
}
