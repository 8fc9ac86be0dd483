//! What is wrong in what somebody brought, and where.

use crate::values::{Invalid, text};
use std::fmt;

/// Something wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The file's name, or that of the sheet in a workbook.
    pub file: String,
    /// The line, from 1, the header's line included; 0 for the file as a whole.
    pub line: u64,
    /// The column by name, empty for the row as a whole.
    pub column: String,
    /// The cell of a workbook, such as C17.
    pub cell: Option<String>,
    /// What sort of value stands there; empty where it is about no value.
    pub value: &'static str,
    /// Code, reason and remedy.
    pub invalid: Invalid,
}

impl Wrong {
    /// About a file as a whole.
    pub fn file(file: &str, invalid: Invalid) -> Self {
        Self::at(file, 0, "", invalid)
    }

    /// Its file, line and column.
    pub fn place(&self) -> (&str, u64, &str) {
        (&self.file, self.line, &self.column)
    }

    /// At a place.
    pub fn at(file: &str, line: u64, column: &str, invalid: Invalid) -> Self {
        Self {
            file: shown(file),
            line,
            column: shown(column),
            cell: None,
            value: "",
            invalid,
        }
    }
}

/// A name from outside as it may be shown.
fn shown(name: &str) -> String {
    match text::clean(name).is_ok() && name.len() <= 100 {
        true => name.to_owned(),
        false => "-".to_owned(),
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        match (&self.cell, self.line) {
            (Some(cell), _) => write!(f, "!{cell}")?,
            (None, 0) => {}
            (None, line) => write!(f, ", line {line}")?,
        }
        if !self.column.is_empty() {
            write!(f, ", column {}", self.column)?;
        }
        if !self.value.is_empty() {
            write!(f, " ({})", self.value.replace('_', " "))?;
        }
        write!(f, ": {}; {}", self.invalid.reason, self.invalid.remedy)
    }
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The files are wrong; nothing was written.
    #[error("{} faults in the files", .0.len())]
    Wrong(Vec<Wrong>),
    /// A file cannot be read.
    #[error(
        "cannot read {0}: {1}; name a folder of CSV files, a .zip of them, an .ndjson or an .xlsx file"
    )]
    File(String, std::io::Error),
    /// Somebody hid a record meanwhile, which goes first; nothing was written.
    #[error("a record was hidden meanwhile, which goes first; nothing was imported: run it again")]
    Interrupted,
    /// The database failed; nothing was written.
    #[error("the database failed: {0}")]
    Database(#[from] diesel::result::Error),
}

impl ImportError {
    /// About what was brought as a whole.
    pub fn whole(file: &str, invalid: Invalid) -> Self {
        Self::Wrong(vec![Wrong::file(file, invalid)])
    }
}

/// The known name that is near to one that is not.
pub fn near<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    // What is longer by more is not near, and comparing it takes time and memory of both lengths.
    let letters = name.chars().count();
    let distances = known
        .iter()
        .filter(|one| letters <= one.len() + one.len() / 2)
        .map(|one| (strsim::damerau_levenshtein(name, one), *one));
    let near = distances.filter(|(distance, one)| *distance <= one.len() / 2);
    near.min().map(|(_, one)| one)
}

/// The same as a remedy; all of them where none is near.
pub fn nearest(name: &str, known: &[&str]) -> String {
    match near(name, known) {
        Some(one) => format!("did you mean {one}?"),
        None => format!("use one of {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[test]
    fn what_is_far_longer_is_not_even_compared() {
        let known = ["slug", "passed_to_immigration"];
        assert_eq!(near("passed_to_imigration", &known), Some(known[1]));
        assert_eq!(near("slugs", &known), Some("slug"));
        let started = Instant::now();
        assert_eq!(near(&"passed_to_immigration".repeat(100_000), &known), None);
        assert!(started.elapsed() < Duration::from_secs(1));
    }
}
