//! CSL-JSON, as reference managers and citation processors read it.

use super::{Cited, Partial};
use serde::Serialize;
use utoipa::ToSchema;

/// An author that is no person.
#[derive(Debug, Serialize, ToSchema)]
pub struct CslAuthor {
    /// The name as it stands.
    #[schema(example = "Internet Watch Foundation")]
    literal: String,
}

/// A date: year, month, day, as far as they are known.
#[derive(Debug, Serialize, ToSchema)]
pub struct CslDate {
    /// One list of one to three numbers.
    #[serde(rename = "date-parts")]
    #[schema(example = json!([[2008, 4]]))]
    parts: [Vec<i32>; 1],
}

/// A source document in the variables of the Citation Style Language 1.0.2; what is not known is
/// left out.
#[derive(Debug, Serialize, ToSchema)]
pub struct CslItem {
    /// The slug of the figure.
    id: String,
    /// `webpage`.
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "webpage")]
    kind: &'static str,
    /// Who published the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    author: Option<[CslAuthor; 1]>,
    /// The title of the document.
    title: String,
    /// When it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    issued: Option<CslDate>,
    /// When somebody read it for this directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    accessed: Option<CslDate>,
    /// The page in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    page: Option<String>,
    /// Where it stands.
    #[serde(rename = "URL")]
    #[schema(format = "uri")]
    url: String,
    /// That the figure was computed and is not in the document, what became of it and why, and where
    /// in the document it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    note: Option<String>,
    /// The figure that it is cited for, who counted it unless it was computed here, and its record.
    annote: String,
}

fn date(date: Partial) -> CslDate {
    let number = |part: Option<u32>| part.and_then(|part| i32::try_from(part).ok());
    let rest = [number(date.month), number(date.day)];
    let known = rest.into_iter().map_while(|part| part);
    CslDate {
        parts: [std::iter::once(date.year).chain(known).collect()],
    }
}

/// The reference of a figure's source; CSL-JSON is a list, here of one.
pub fn csl(cited: &Cited<'_>) -> [CslItem; 1] {
    let author = cited.document.publisher.clone();
    [CslItem {
        id: cited.statistic.slug.clone(),
        kind: "webpage",
        author: author.map(|literal| [CslAuthor { literal }]),
        title: cited.document.title.clone(),
        issued: cited.issued().map(date),
        accessed: cited.accessed().map(date),
        page: cited.page().map(str::to_owned),
        url: cited.document.url.clone(),
        note: cited.note(),
        annote: cited.cited_for(),
    }]
}
