//! What others paste into their pages.

use crate::web::{Problem, Result};
use askama::Template;

/// A page in a frame: it may run its own scripts and no others', send its form, open what leads
/// elsewhere, and lead the whole page away when the reader wants to leave.
#[derive(Template)]
#[template(path = "snippet_frame.html")]
pub struct Frame {
    pub src: String,
    pub width: String,
    pub height: String,
    pub title: String,
}

/// The web component, with numbers that show until it has some.
#[derive(Template)]
#[template(path = "snippet_component.html")]
pub struct Component {
    pub public_url: String,
    /// Attributes by name; an empty one stands alone.
    pub attributes: Vec<(&'static str, String)>,
    pub call: String,
    pub numbers: Vec<(String, String)>,
}

/// Makes the page around a frame give it the height that it tells.
pub const HEIGHT: &str = include_str!("height.html");

/// One as text.
///
/// # Errors
/// 500 when its template fails, which no record makes it do.
pub fn written(snippet: &impl Template) -> Result<String> {
    let text = snippet.render();
    text.map_err(|error| Problem::Internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_guide_shows_the_same_script() {
        let guide = include_str!("../../../docs/embeds.md");
        assert!(guide.contains(super::HEIGHT));
    }
}
