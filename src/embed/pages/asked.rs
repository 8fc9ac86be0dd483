//! How a page is asked for: its language, its looks, where its way out leads.

use super::{links, speech::Speech};
use crate::{
    embed::compose::EXIT_TO,
    help::{Followed, Inquiry, Question},
    statistics::pictures::THEMES,
    web::{FromParams, Params, Result, language::labelled, parse, terms::NamedIn},
};
use actix_web::HttpRequest;

/// What all pages take.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The language of the page.
    pub speech: Speech,
    /// Where the way out leads.
    pub exit: String,
    /// Whether the heading names the place alone.
    pub neutral: bool,
    /// `light` or `dark`; `None` as the device prefers.
    pub theme: Option<&'static str>,
    /// What of this was given and differs from the usual, for links that go on from here.
    pub given: Vec<(&'static str, String)>,
}

/// The parameters of an address as pages read them.
///
/// # Errors
/// When they do not decode.
pub fn params(request: &HttpRequest) -> Result<Params> {
    read(request, request.query_string())
}

/// The same of a form.
///
/// # Errors
/// When they do not decode.
pub fn read(request: &HttpRequest, text: &str) -> Result<Params> {
    Ok(Params::decode(text)?.of_page().accepting(labelled(request)))
}

impl Asked {
    /// Reads what there is; what is not understood is as if it had not been given, so that also a
    /// refusal has a language and a way out.
    pub fn of(request: &HttpRequest, params: &Result<Params>) -> Self {
        let raw = |name| params.as_ref().ok().and_then(|params| params.raw(name));
        let tag = raw("lang").filter(|tag| parse::language(tag).is_ok());
        let lang = tag.map(str::to_owned).or_else(|| labelled(request));
        let speech = Speech::of(lang.as_deref().unwrap_or("en"));
        let exit = raw("exit_url").and_then(links::way_out);
        let theme = ["light", "dark"]
            .into_iter()
            .find(|one| raw("theme") == Some(one));
        let neutral = raw("neutral") == Some("true");
        let given = [
            tag.map(|_| ("lang", speech.0.to_owned())),
            exit.map(|exit| ("exit_url", exit.to_owned())),
            neutral.then(|| ("neutral", "true".to_owned())),
            theme.map(|theme| ("theme", theme.to_owned())),
        ];
        Self {
            speech,
            exit: exit.unwrap_or(EXIT_TO).to_owned(),
            neutral,
            theme,
            given: given.into_iter().flatten().collect(),
        }
    }
}

impl Asked {
    /// The language alone, for a page whose other parameters are meant for something else.
    pub fn plain(request: &HttpRequest, params: &Result<Params>) -> Self {
        let Self { speech, given, .. } = Self::of(request, params);
        let spoken = given.into_iter().filter(|(name, _)| *name == "lang");
        Self {
            speech,
            exit: EXIT_TO.to_owned(),
            neutral: false,
            theme: None,
            given: spoken.collect(),
        }
    }
}

/// The question of a page, put to the memory.
///
/// # Errors
/// As `/v1/help` refuses it, but for parameters that nobody knows; and for looks that there are not.
pub fn inquiry(followed: &Followed, request: &HttpRequest, mut params: Params) -> Result<Inquiry> {
    let question = Question::from_params(&mut params);
    looks(&mut params);
    params.finish_page()?;
    Inquiry::of(followed, request, question, NamedIn::Address)
}

/// Notes looks that there are not; [`Asked::of`] has read those that there are.
pub fn looks(params: &mut Params) {
    params.one("theme", parse::one_of(&THEMES));
    params.one("neutral", parse::boolean);
}

/// A query of these parameters.
pub fn query<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}
