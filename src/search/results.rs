//! What a search answers.

use super::model::{DEEPEST, Kind, Question};
use crate::values::{
    lexicon::{Corrected, Understood},
    licence,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A record that was found, as it is answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchResult {
    /// `organizations`, `hotlines`, `regional_contacts` or `statistics`. New kinds may be added.
    #[schema(value_type = String, example = "hotlines")]
    pub kind: Kind,
    /// UUIDv7, stable.
    pub id: Uuid,
    /// Stable and human.
    #[schema(example = "us-ncmec-hotline")]
    pub slug: String,
    /// Its name or title.
    pub name: String,
    /// The language of the prose, BCP 47.
    #[schema(example = "en")]
    pub lang: String,
    /// Where it has its seat, serves or counts: country codes, wider areas.
    pub countries: Vec<String>,
    /// What an assessment says of a figure; `null` for everything else. Disputed figures come after all
    /// other results.
    #[schema(example = "disputed")]
    pub assessment: Option<String>,
    /// What else came of the last attempt to verify it: `changed`, `unreachable` or `closed`; `null` where it was
    /// confirmed, or nobody tried. New values may be added.
    #[schema(example = json!(null))]
    pub outcome: Option<String>,
    /// Where it is read.
    #[schema(format = "uri")]
    pub url: String,
    /// How well it fits, beside the others of this search.
    pub score: f64,
    /// Where the words stand.
    pub highlights: Vec<Highlight>,
}

/// A field in which words stand that were looked for.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Highlight {
    /// The field of the record.
    #[schema(example = "name")]
    pub field: &'static str,
    /// Its text in pieces, as plain text; of a long one the part around the first match.
    pub fragments: Vec<Fragment>,
}

/// A piece of text. It is plain: show it as text, not as markup.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fragment {
    /// The piece.
    pub text: String,
    /// Whether it was looked for.
    pub matched: bool,
}

/// A word that nobody knows, and what it was taken for.
#[derive(Debug, Serialize, ToSchema)]
pub struct Correction {
    /// As it was written.
    pub from: String,
    /// What it was taken for.
    pub to: String,
}

/// What a search was taken to mean.
#[derive(Debug, Serialize, ToSchema)]
pub struct Interpreted {
    /// What was looked for, each a word or a phrase.
    pub terms: Vec<String>,
    /// Words that nobody knows, and the nearest that the directory has.
    pub corrected: Vec<Correction>,
    /// Codes of the places that were named.
    #[schema(example = json!(["MX-BCN"]))]
    pub places: Vec<String>,
    /// Slugs of the synonyms that widened it, see `/v1/synonyms`.
    pub synonyms: Vec<String>,
    /// Words that did not count: they say nothing by themselves, or come after twelve terms.
    pub ignored: Vec<String>,
    /// `all`: each result has every term. `some`: no record has them all, and these have the most.
    #[schema(value_type = String, example = "all")]
    pub matched: &'static str,
}

/// How many results have a value.
#[derive(Debug, Serialize, ToSchema)]
pub struct Count {
    /// The value, as the filter takes it.
    #[schema(example = "MX")]
    pub value: String,
    /// Results that have it: the total of the same search with that filter.
    #[schema(minimum = 0)]
    pub count: i64,
}

/// Counts of the results; `null` where they were not asked for.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Facets {
    /// By country.
    pub country: Option<Vec<Count>>,
    /// By topic.
    pub topic: Option<Vec<Count>>,
    /// By resource.
    pub kind: Option<Vec<Count>>,
}

/// A page of results, in the envelope of HSDS 3.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchResults {
    /// Records that were found; exact.
    #[schema(minimum = 0)]
    pub total_items: i64,
    /// Pages of them at this size, as deep as they reach.
    #[schema(minimum = 0)]
    pub total_pages: i64,
    /// This page, from 1.
    #[schema(minimum = 1)]
    pub page_number: i64,
    /// Results on this page.
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
    /// What the search was taken to mean.
    pub interpreted: Interpreted,
    /// Counts, as asked for.
    pub facets: Facets,
    /// The results, the best first.
    pub contents: Vec<SearchResult>,
}

impl SearchResults {
    /// Puts a page into the envelope.
    pub fn new(
        question: &Question,
        total_items: i64,
        interpreted: Interpreted,
        facets: Facets,
        contents: Vec<SearchResult>,
    ) -> Self {
        let reached = total_items.min(DEEPEST);
        let total_pages = (reached + question.per_page - 1) / question.per_page;
        Self {
            total_items,
            total_pages,
            page_number: question.page,
            size: contents.len(),
            first_page: question.page == 1,
            last_page: question.page >= total_pages,
            empty: contents.is_empty(),
            licence: licence::LICENCE,
            attribution: licence::ATTRIBUTION,
            interpreted,
            facets,
            contents,
        }
    }
}

impl Interpreted {
    /// Of what was understood.
    pub fn new(understood: &Understood, told: &[Corrected], matched: &'static str) -> Self {
        let as_told = |word: &String| {
            let of = |one: &&Corrected| one.to == *word;
            match understood.corrected.iter().find(of) {
                Some(one) if !told.contains(one) => one.from.clone(),
                _ => word.clone(),
            }
        };
        let as_term = |words: &[String]| words.iter().map(as_told).collect::<Vec<_>>().join(" ");
        Self {
            terms: understood
                .terms
                .iter()
                .map(|term| as_term(&term.words))
                .collect(),
            corrected: told
                .iter()
                .map(|one| Correction {
                    from: one.from.clone(),
                    to: one.to.clone(),
                })
                .collect(),
            places: understood.places(),
            synonyms: understood.synonyms(),
            ignored: understood.ignored.clone(),
            matched,
        }
    }
}
