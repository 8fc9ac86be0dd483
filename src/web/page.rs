//! Pages in the HSDS envelope, and how they are asked for.

use super::{
    Params, Problem,
    built::Built,
    conditional::Caching,
    formats::{Format, Streamed},
    parse::one_of,
    problem::ErrorDetail,
    state::{self, Directory},
};
use crate::{
    db::record::Window,
    values::{
        Invalid,
        licence::{ATTRIBUTION, LICENCE},
        translation::Texts,
    },
};
use actix_web::{HttpRequest, HttpResponse};
use diesel::QueryResult;
use diesel_async::AsyncPgConnection;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

/// Pages reach this many records deep; who wants everything takes a stream.
pub const DEEPEST: i64 = 100_000;
const DEFAULT_SIZE: i64 = 50;
const LARGEST_SIZE: i64 = 200;

/// Which page of a list.
#[derive(Debug, Clone, Copy, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// The page, from 1. `page` × `per_page` reaches at most 100,000 records deep; take
    /// `format=ndjson` or `format=csv` for everything.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100000, default = 1)]
    pub page: i64,
    /// Records on a page.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 200, default = 50)]
    pub per_page: i64,
}

impl Paging {
    /// Takes `page` and `per_page`.
    pub fn from_params(params: &mut Params) -> Self {
        let page = params.one("page", number(1, DEEPEST)).unwrap_or(1);
        let per_page = params
            .one("per_page", number(1, LARGEST_SIZE))
            .unwrap_or(DEFAULT_SIZE);
        if page * per_page > DEEPEST + LARGEST_SIZE {
            params.misfit(
                "page",
                "too_deep",
                "pages reach 100,000 records deep",
                "take format=ndjson or format=csv for everything",
            );
        }
        Self { page, per_page }
    }

    /// How many records come before this page.
    pub fn offset(&self) -> i64 {
        (self.page - 1) * self.per_page
    }
}

/// What a list route was asked: a filter, an order, a page, a format.
#[derive(Debug)]
pub struct Listing<F, S> {
    /// Which records.
    pub filter: F,
    /// In which order; streams come by slug.
    pub sort: S,
    /// Which page of them.
    pub paging: Paging,
    /// In which format; `None` leaves it to the Accept header.
    pub format: Option<Format>,
    /// In which language; `None` for the originals.
    pub lang: Option<String>,
}

/// An order of a list: a closed set of names, `-` first for descending.
pub trait Sort: Copy + 'static {
    /// The names, the default first.
    const NAMES: &'static [(&'static str, Self)];
}

impl<F: super::FromParams, S: Sort> super::FromParams for Listing<F, S> {
    fn from_params(params: &mut Params) -> Self {
        let format = params.one("format", Format::parse);
        let streams = format.is_some_and(|format| format != Format::Json);
        for name in ["sort", "page", "per_page"] {
            if streams && params.has(name) {
                params.misfit(
                    name,
                    "not_in_streams",
                    "csv, ndjson and geojson carry the whole selection by slug",
                    "leave it out, or ask for format=json",
                );
            }
        }
        let paging = Paging::from_params(params);
        let sort = params
            .one("sort", one_of(S::NAMES))
            .unwrap_or(S::NAMES[0].1);
        Self {
            filter: F::from_params(params),
            sort,
            paging,
            format,
            lang: params.lang(),
        }
    }
}

/// Parses a whole number between two limits.
pub fn number(least: i64, most: i64) -> impl Fn(&str) -> Result<i64, Invalid> {
    move |value| {
        value
            .parse::<i64>()
            .ok()
            .filter(|number| (least..=most).contains(number) && !value.starts_with('+'))
            .ok_or_else(|| {
                Invalid::new(
                    "range",
                    "it is no whole number within its limits",
                    format!("use a whole number from {least} to {most}"),
                )
            })
    }
}

/// A page of a list, in the envelope of HSDS 3.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// Records in the whole selection; exact.
    #[schema(minimum = 0)]
    pub total_items: i64,
    /// Pages in the whole selection at this size.
    #[schema(minimum = 0)]
    pub total_pages: i64,
    /// This page, from 1.
    #[schema(minimum = 1)]
    pub page_number: i64,
    /// Records on this page.
    #[schema(minimum = 0, maximum = 200)]
    pub size: usize,
    /// Whether this is the first page.
    pub first_page: bool,
    /// Whether no page follows.
    pub last_page: bool,
    /// Whether this page holds nothing.
    pub empty: bool,
    /// The licence of the compilation; sources name their own.
    #[schema(example = "CC-BY-4.0")]
    pub licence: &'static str,
    /// How to credit it.
    #[schema(example = "Lodestar contributors")]
    pub attribution: &'static str,
    /// The records.
    pub contents: Vec<T>,
}

impl<T> Page<T> {
    /// Puts the records of a page into the envelope.
    pub fn new(contents: Vec<T>, total_items: i64, paging: Paging) -> Self {
        let total_pages = (total_items + paging.per_page - 1) / paging.per_page;
        Self {
            total_items,
            total_pages,
            page_number: paging.page,
            size: contents.len(),
            first_page: paging.page == 1,
            last_page: paging.page >= total_pages,
            empty: contents.is_empty(),
            licence: LICENCE,
            attribution: ATTRIBUTION,
            contents,
        }
    }

    /// The `Link` header (RFC 8288) to the pages around this one.
    pub fn links(&self, public_url: &str, path: &str, canonical: &str) -> String {
        let rest: Vec<&str> = canonical
            .split('&')
            .filter(|pair| !pair.is_empty() && !pair.starts_with("page="))
            .collect();
        let link = |page: i64, rel: &str| {
            let query = rest
                .iter()
                .map(|pair| format!("{pair}&"))
                .collect::<String>();
            format!("<{public_url}{path}?{query}page={page}>; rel=\"{rel}\"")
        };
        let last = self.total_pages.max(1);
        let mut links = vec![link(1, "first")];
        if self.page_number > 1 {
            links.push(link((self.page_number - 1).min(last), "prev"));
        }
        if self.page_number < last {
            links.push(link(self.page_number + 1, "next"));
        }
        links.push(link(last, "last"));
        links.join(", ")
    }
}

/// Cuts one page out of a list that is already in memory.
pub fn cut<T>(all: Vec<T>, paging: Paging) -> Page<T> {
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let skip = usize::try_from(paging.offset()).unwrap_or(usize::MAX);
    let take = usize::try_from(paging.per_page).unwrap_or(0);
    Page::new(
        all.into_iter().skip(skip).take(take).collect(),
        total,
        paging,
    )
}

/// A problem about one parameter that shows only beside the others.
pub fn misfit(name: &str, reason: &str, remedy: &str) -> Problem {
    Problem::Unprocessable(vec![ErrorDetail::parameter(
        name,
        Invalid::new("misfit", reason, remedy),
    )])
}

/// A page, or a page together with what was asked for beside it.
pub trait Paged: Serialize {
    /// In which languages its texts are.
    fn texts(&self) -> Vec<&Texts>;
}

impl<T: Streamed> Paged for Page<T> {
    fn texts(&self) -> Vec<&Texts> {
        self.contents.iter().filter_map(Streamed::texts).collect()
    }
}

impl Directory {
    /// Answers one page of a list from what is kept, or from the reader's side.
    ///
    /// # Errors
    /// Those of the two queries.
    pub async fn page<T: Streamed>(
        &self,
        request: &HttpRequest,
        canonical: &str,
        caching: Caching,
        paging: Paging,
        count: impl AsyncFnOnce(&mut AsyncPgConnection) -> QueryResult<i64>,
        list: impl AsyncFnOnce(&mut AsyncPgConnection, Window) -> QueryResult<Vec<T>>,
    ) -> Result<HttpResponse, Problem> {
        let list = async |connection: &mut AsyncPgConnection, total| {
            let window = Window {
                offset: paging.offset(),
                limit: paging.per_page,
                total,
            };
            Ok(Page::new(list(connection, window).await?, total, paging))
        };
        self.page_with(request, canonical, caching, count, list, |page| page)
            .await
    }

    /// The same where more stands beside the page: `list` gets the total, and `page` finds the page
    /// in what it gives.
    ///
    /// # Errors
    /// Those of the two queries.
    pub async fn page_with<T: Streamed, B: Paged>(
        &self,
        request: &HttpRequest,
        canonical: &str,
        caching: Caching,
        count: impl AsyncFnOnce(&mut AsyncPgConnection) -> QueryResult<i64>,
        list: impl AsyncFnOnce(&mut AsyncPgConnection, i64) -> QueryResult<B>,
        page: impl Fn(&B) -> &Page<T>,
    ) -> Result<HttpResponse, Problem> {
        self.kept(request, canonical, caching, async |revision| {
            let selection = selection(canonical);
            let selection = state::understood(request, &selection);
            let selection = format!("{}?{selection}", request.path());
            let answer = self
                .read(caching, async |connection| {
                    let counted = async { Ok(count(connection).await?) };
                    let total = match caching {
                        Caching::Public => {
                            self.shared
                                .kept
                                .total(revision, &selection, counted)
                                .await?
                        }
                        Caching::NoStore | Caching::Private => counted.await?,
                    };
                    Ok(list(connection, total).await?)
                })
                .await?;
            let url = &self.config().public_url;
            let links = page(&answer).links(url, request.path(), canonical);
            Ok(Built::json(&answer)?.link(links).languages(answer.texts()))
        })
        .await
    }
}

/// The part of a canonical query that selects records.
fn selection(canonical: &str) -> String {
    let pages = [
        "page=",
        "per_page=",
        "sort=",
        "format=",
        "lang=",
        "include=",
    ];
    let selects = |pair: &&str| !pages.iter().any(|name| pair.starts_with(name));
    canonical
        .split('&')
        .filter(selects)
        .collect::<Vec<_>>()
        .join("&")
}
