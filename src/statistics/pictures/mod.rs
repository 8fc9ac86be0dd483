//! Pictures of figures as SVG: a card of one, a chart of many.

mod canvas;
mod card;
mod chart;
mod foot;
mod plot;
mod scale;
mod series;
mod theme;
mod words;

pub use canvas::Frame;
pub use card::card;
pub use chart::{Charted, Kind, chart};
pub use series::{Breakdown, Common, Line, Point, Series};
pub use theme::{THEMES, Theme};
pub use words::{assessment, period, span};

/// What the answer allows the picture where it is opened as a page of its own: its own style.
pub const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";
/// Its media type.
pub const MEDIA_TYPE: &str = "image/svg+xml";
