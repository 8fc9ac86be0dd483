//! Slugs: the stable, human names of records.

use super::Invalid;
use validator::ValidationError;

/// The longest slug that is stored.
pub const LONGEST: usize = 120;

/// Letters, digits, single hyphens or underscores between them; at most [`LONGEST`] characters.
/// Records have lower case with hyphens, vocabularies snake_case, countries their ISO code.
///
/// # Errors
/// When the text has another form.
pub fn valid(slug: &str) -> Result<(), ValidationError> {
    let shaped = slug
        .split(['-', '_'])
        .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    if shaped && slug.len() <= LONGEST {
        return Ok(());
    }
    if slug.is_empty() {
        return Err(Invalid::new("slug", "nothing is named", "name a record by its slug").into());
    }
    let remedy = match slug.contains(',') {
        true => {
            "name each by itself: a parameter is repeated, in a spreadsheet they are joined by semicolons"
        }
        false => {
            "use letters and digits joined by single hyphens or underscores, at most 120 characters"
        }
    };
    Err(Invalid::new("slug", "it is no slug", remedy).into())
}

/// [`valid`] for each entry of a list, which must not name one twice.
///
/// # Errors
/// As [`valid`], or when an entry stands twice.
pub fn valid_list(slugs: &[String]) -> Result<(), ValidationError> {
    slugs.iter().try_for_each(|slug| valid(slug))?;
    distinct(slugs)
}

/// Refuses a list that names an entry twice.
///
/// # Errors
/// When an entry stands twice.
pub fn distinct(entries: &[String]) -> Result<(), ValidationError> {
    let mut seen = std::collections::HashSet::new();
    if entries.iter().all(|entry| seen.insert(entry)) {
        return Ok(());
    }
    Err(Invalid::new("twice", "an entry stands twice", "name each entry once").into())
}
