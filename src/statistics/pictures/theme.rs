//! Colours of pictures, by what they are for, in light and dark.
//!
//! One picture holds both: a site may be dark while the reader's system is light, so that a theme can be
//! asked for, and without one the reader's system decides. Texts keep 4.5:1 to what lies under them,
//! lines and shapes 3:1 (WCAG 2.2, 1.4.3 and 1.4.11).

use utoipa::ToSchema;

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// As the reader's system prefers.
    #[default]
    Auto,
}

/// The themes by name.
pub const THEMES: [(&str, Theme); 3] = [
    ("light", Theme::Light),
    ("dark", Theme::Dark),
    ("auto", Theme::Auto),
];

/// What a colour paints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Paint {
    Fill,
    Stroke,
}

/// A class, what it paints, its colour in light and in dark.
type Class = (&'static str, Paint, &'static str, &'static str);

const CLASSES: [Class; 21] = [
    ("paper", Paint::Fill, "#ffffff", "#14181d"),
    ("ink", Paint::Fill, "#1b1f24", "#eef1f4"),
    ("soft", Paint::Fill, "#4b535d", "#b4bcc6"),
    ("alert", Paint::Fill, "#fdecea", "#3b1613"),
    ("alarm", Paint::Fill, "#8a1c1c", "#ffb4a8"),
    ("edge", Paint::Stroke, "#8a1c1c", "#ffb4a8"),
    ("axis", Paint::Stroke, "#4b535d", "#b4bcc6"),
    ("grid", Paint::Stroke, "#868d97", "#6f7883"),
    ("line-0", Paint::Stroke, "#0b5cad", "#6fb3ff"),
    ("line-1", Paint::Stroke, "#a34d08", "#ffab5e"),
    ("line-2", Paint::Stroke, "#1d7a46", "#63cf8f"),
    ("line-3", Paint::Stroke, "#7a3fb0", "#c9a0ff"),
    ("area-0", Paint::Fill, "#0b5cad", "#6fb3ff"),
    ("area-1", Paint::Fill, "#a34d08", "#ffab5e"),
    ("area-2", Paint::Fill, "#1d7a46", "#63cf8f"),
    ("area-3", Paint::Fill, "#7a3fb0", "#c9a0ff"),
    ("halo", Paint::Stroke, "#ffffff", "#14181d"),
    ("mark", Paint::Fill, "#ffffff", "#14181d"),
    ("quote", Paint::Fill, "#868d97", "#6f7883"),
    ("frame", Paint::Stroke, "#868d97", "#6f7883"),
    ("rule", Paint::Stroke, "#868d97", "#6f7883"),
];

fn rules(theme: Theme, dark: bool) -> String {
    let name = match theme {
        Theme::Light => "light",
        Theme::Dark => "dark",
        Theme::Auto => "auto",
    };
    let rule = |(class, paint, light, night): &Class| {
        let (property, colour) = match paint {
            Paint::Fill => ("fill", if dark { night } else { light }),
            Paint::Stroke => ("stroke", if dark { night } else { light }),
        };
        format!(".lodestar-{name} .{class}{{{property}:{colour}}}")
    };
    CLASSES.iter().map(rule).collect()
}

impl Theme {
    /// The class of the picture: its rules reach no other picture on the same page.
    pub fn class(self) -> &'static str {
        match self {
            Self::Light => "lodestar-light",
            Self::Dark => "lodestar-dark",
            Self::Auto => "lodestar-auto",
        }
    }

    /// The style sheet.
    pub fn style(self) -> String {
        match self {
            Self::Light => rules(self, false),
            Self::Dark => rules(self, true),
            Self::Auto => format!(
                "{}@media (prefers-color-scheme:dark){{{}}}",
                rules(self, false),
                rules(self, true)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(colour: &str) -> f64 {
        let channel = |place: usize| {
            let part = u8::from_str_radix(&colour[place..place + 2], 16).unwrap();
            let part = f64::from(part) / 255.0;
            match part <= 0.04045 {
                true => part / 12.92,
                false => ((part + 0.055) / 1.055).powf(2.4),
            }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(one: &str, two: &str) -> f64 {
        let (one, two) = (luminance(one), luminance(two));
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    fn colours(class: &str) -> [&'static str; 2] {
        let found = CLASSES.iter().find(|(known, ..)| *known == class);
        let (_, _, light, dark) = found.unwrap_or_else(|| panic!("no class {class}"));
        [light, dark]
    }

    /// What each class of text lies on.
    const TEXTS: [(&str, &str); 3] = [("ink", "paper"), ("soft", "paper"), ("alarm", "alert")];

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 0.01);
        assert!((contrast("#777777", "#ffffff") - 4.48).abs() < 0.01);
        for (text, under) in TEXTS {
            for (over, under) in colours(text).iter().zip(colours(under)) {
                let found = contrast(over, under);
                assert!(found >= 4.5, "{text}: {over} on {under} is {found:.2}");
            }
        }
        // Everything else is painted on the paper, but for what is itself a ground.
        for (class, ..) in CLASSES {
            if ["paper", "mark", "halo", "alert"].contains(&class) {
                continue;
            }
            for (over, under) in colours(class).iter().zip(colours("paper")) {
                let found = contrast(over, under);
                assert!(found >= 3.0, "{class}: {over} on {under} is {found:.2}");
            }
        }
    }
}
