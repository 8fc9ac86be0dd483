//! oEmbed: how other systems embed the pages that stand at these addresses.

use super::{
    asked::{self, Asked, query},
    help::title,
    snippets,
};
use crate::{
    directory::{Charting, drawn, quoted},
    help::Followed,
    values::{Invalid, licence::ATTRIBUTION},
    web::{
        FromParams, Params, Problem, Result, State, conditional::Caching, parse,
        problem::ErrorDetail,
    },
};
use actix_web::{HttpRequest, HttpResponse, http::header, web::Data};
use serde::Serialize;

/// What a consumer is told, <https://oembed.com>, of the type `rich`.
#[derive(Debug, Serialize)]
struct Embed {
    version: &'static str,
    r#type: &'static str,
    title: String,
    provider_name: &'static str,
    provider_url: String,
    author_name: &'static str,
    cache_age: u32,
    width: u32,
    height: u32,
    html: String,
}

/// A page that can be embedded.
enum Kind {
    Help,
    Statistic(String),
    Chart(String),
}

impl Kind {
    fn of(path: &str) -> Option<Self> {
        let mut parts = path.strip_prefix("/embed/")?.split('/');
        let (first, second) = (parts.next()?, parts.next());
        let reference = || {
            second
                .filter(|one| parse::reference(one).is_ok())
                .map(str::to_owned)
        };
        let kind = match first {
            "help" if second.is_none() => Self::Help,
            "statistic" => Self::Statistic(reference()?),
            "chart" => Self::Chart(reference()?),
            _ => return None,
        };
        parts.next().is_none().then_some(kind)
    }

    /// Width and height where there is room.
    fn size(&self) -> (u32, u32) {
        match self {
            Self::Help => (640, 800),
            Self::Statistic(_) => (480, 560),
            Self::Chart(_) => (680, 800),
        }
    }
}

/// A length in pixels: any number from 1.
fn pixels(value: &str) -> std::result::Result<u32, Invalid> {
    let number = value.parse::<f64>().ok();
    let number = number.filter(|number| number.is_finite() && *number >= 1.0);
    // What is larger than any screen is as large as the largest.
    number.map(|number| number as u32).ok_or_else(|| {
        Invalid::new(
            "number",
            "it is no length in pixels",
            "use a whole number from 1",
        )
    })
}

fn refused(reason: &str, remedy: String) -> Problem {
    let invalid = Invalid::new("url", reason, remedy);
    Problem::Malformed(vec![ErrorDetail::parameter("url", invalid)])
}

/// How a page is embedded.
///
/// # Errors
/// 400 for an address of others or of no such page, 404 and 410 as the page itself answers, 501 for
/// another format than JSON.
pub async fn read(
    state: State,
    followed: Data<Followed>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let mut params = Params::decode(request.query_string())?.of_page();
    if params.raw("format").is_some_and(|format| format != "json") {
        return Err(Problem::NotOffered("format=json"));
    }
    let given = params.one("url", |value| Ok(value.to_owned()));
    let (wide, high) = (
        params.one("maxwidth", pixels),
        params.one("maxheight", pixels),
    );
    if !params.has("url") {
        params.missing("url", "give the address of a page under /embed");
    }
    params.finish_page()?;
    let (given, public_url) = (given.unwrap_or_default(), &state.config().public_url);
    let Some(address) = given.strip_prefix(&**public_url) else {
        let remedy = format!("use an address that begins with {public_url}/embed/");
        return Err(refused("it is no address of this directory", remedy));
    };
    let address = address.split('#').next().unwrap_or_default();
    let (path, asked) = address.split_once('?').unwrap_or((address, ""));
    let Some(kind) = Kind::of(path) else {
        let remedy = "use /embed/help?country=, /embed/statistic/{slug} or /embed/chart/{slug}";
        return Err(refused("no page there can be embedded", remedy.to_owned()));
    };
    let caching = match kind {
        Kind::Help => Caching::NoStore,
        _ => Caching::Public,
    };
    let found = page(&state, &followed, &request, &kind, asked).await;
    let (title, src) = match (found, &kind) {
        (Err(Problem::NotFound), Kind::Statistic(reference)) => {
            return moved(
                &state,
                &request,
                ("statistics", "statistic"),
                reference,
                asked,
            )
            .await;
        }
        (Err(Problem::NotFound), Kind::Chart(reference)) => {
            return moved(&state, &request, ("indicators", "chart"), reference, asked).await;
        }
        (found, _) => found?,
    };
    let (width, height) = kind.size();
    let width = wide.map_or(width, |most| most.min(width));
    let height = high.map_or(height, |most| most.min(height));
    let frame = snippets::Frame {
        src: format!("{public_url}{src}"),
        width: width.to_string(),
        height: height.to_string(),
        title: title.clone(),
    };
    let embed = Embed {
        version: "1.0",
        r#type: "rich",
        title,
        provider_name: "Lodestar",
        provider_url: format!("{public_url}/"),
        author_name: ATTRIBUTION,
        cache_age: 3600,
        width,
        height,
        html: snippets::written(&frame)?,
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, caching.header()))
        .insert_header((header::VARY, "Accept-Language"))
        .json(embed))
}

/// The title and the path of a page.
async fn page(
    state: &State,
    followed: &Followed,
    request: &HttpRequest,
    kind: &Kind,
    text: &str,
) -> Result<(String, String)> {
    let params = asked::read(request, text);
    let asked = Asked::of(request, &params);
    let mut params = params?;
    let view = state.view(Some(asked.speech.0.to_owned()));
    let with = |path: String, query: String| match &*query {
        "" => path,
        query => format!("{path}?{query}"),
    };
    match kind {
        Kind::Help => {
            let query = super::help::known(&params);
            let inquiry = asked::inquiry(followed, request, params)?;
            let title = title(&inquiry.help(), &asked);
            Ok((title, with("/embed/help".to_owned(), query)))
        }
        Kind::Statistic(reference) => {
            let one = quoted(state, reference, &view).await?.statistic;
            let looks = asked
                .given
                .iter()
                .map(|(name, value)| (*name, value.as_str()));
            let path = format!("/embed/statistic/{}", one.slug);
            Ok((
                format!("{}: {}", one.title, one.display),
                with(path, query(looks)),
            ))
        }
        Kind::Chart(reference) => {
            let query = super::chart::known(&params, &asked);
            let charting = Charting::from_params(&mut params);
            params.finish_page()?;
            let indicator = drawn(state, reference, &charting, &view).await?.indicator;
            let path = format!("/embed/chart/{}", indicator.slug);
            Ok((indicator.title, with(path, query)))
        }
    }
}

/// Where the record of a page went: asked for again under its new address.
async fn moved(
    state: &State,
    request: &HttpRequest,
    (resource, page): (&str, &str),
    reference: &str,
    text: &str,
) -> Result<HttpResponse> {
    let public_url = &state.config().public_url;
    let others: Vec<(String, String)> = form_urlencoded::parse(request.query_string().as_bytes())
        .into_owned()
        .filter(|(name, _)| ["maxwidth", "maxheight", "format"].contains(&&**name))
        .collect();
    let address = |slug: &str| {
        let url = match text {
            "" => format!("{public_url}/embed/{page}/{slug}"),
            text => format!("{public_url}/embed/{page}/{slug}?{text}"),
        };
        let others = others.iter().map(|(name, value)| (&**name, &**value));
        let query = query(std::iter::once(("url", &*url)).chain(others));
        (format!("{public_url}/oembed?{query}"), "")
    };
    state.moved_to(resource, reference, address).await
}
