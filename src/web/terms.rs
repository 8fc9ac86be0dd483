//! Topics and populations that somebody asks for. One that the directory does not have is refused: a slip must not look like a
//! need that nobody serves.

use super::{
    Problem, Result, cache::Term, conditional::Caching, problem::ErrorDetail, state::Directory,
};
use crate::{db, values::Invalid};
use std::sync::Arc;

/// How a question names a taxonomy, in which field of a body or which parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedIn {
    /// As a parameter.
    Address,
    /// As a field.
    Body,
}

impl Directory {
    /// Finds the terms that a question names by slug or id, and gives their slugs in place of ids. Those of a revision are read
    /// once.
    ///
    /// # Errors
    /// 422 with the nearest slug of each that there is not; 503 when the database does not answer.
    pub async fn find_terms(
        &self,
        caching: Caching,
        named: NamedIn,
        asked: &mut [(&'static str, &mut Vec<String>)],
    ) -> Result<()> {
        let mut faults = Vec::new();
        for (name, slugs) in asked {
            if slugs.is_empty() {
                continue;
            }
            let vocabulary = format!("{name}s");
            let read = async || {
                self.read(caching, async |connection| {
                    Ok(Arc::new(db::record::terms(connection, &vocabulary).await?))
                })
                .await
            };
            let terms = match caching {
                Caching::Private => read().await?,
                _ => {
                    let kept = &self.shared.kept;
                    kept.terms(self.revision()?, &vocabulary, read()).await?
                }
            };
            for slug in slugs.iter_mut() {
                let is_it = |(id, known): &&Term| known == slug || id == slug;
                match terms.iter().find(is_it) {
                    Some((_, known)) => known.clone_into(slug),
                    None => faults.push(unknown(
                        named,
                        name,
                        slug,
                        terms.iter().map(|(_, slug)| slug.as_str()),
                    )),
                }
            }
        }
        match faults.is_empty() {
            true => Ok(()),
            false => Err(Problem::Unprocessable(faults)),
        }
    }
}

/// What is said of a term that there is not.
pub fn unknown<'a>(
    named: NamedIn,
    name: &'static str,
    slug: &str,
    known: impl Iterator<Item = &'a str>,
) -> ErrorDetail {
    let near = known.map(|known| (strsim::damerau_levenshtein(known, slug), known));
    let near = near.filter(|(distance, known)| distance * 3 <= known.len());
    let remedy = match near.min() {
        Some((_, nearest)) => format!("did you mean {nearest}?"),
        None => format!("use a slug of /v1/{name}s"),
    };
    let invalid = Invalid::new("unknown_term", format!("there is no such {name}"), remedy);
    match named {
        NamedIn::Body => ErrorDetail::pointer(&format!("/{name}"), invalid),
        NamedIn::Address => ErrorDetail::parameter(name, invalid),
    }
}
