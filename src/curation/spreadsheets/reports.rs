//! What a check found, as it is kept and told.

use super::{
    checking::{Changed, Check, ImportCounts},
    faults::Wrong,
    origins::named,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How many faults a report shows; the files that come back show more.
const SHOWN: usize = 1000;

/// How a file was recognised.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ImportFile {
    /// The file, or the sheet of a workbook.
    #[schema(example = "hotlines.csv")]
    pub file: String,
    /// Its encoding.
    #[schema(example = "UTF-8 with BOM")]
    pub encoding: String,
    /// What stands between its cells.
    #[schema(example = "semicolon")]
    pub delimiter: String,
    /// How many rows it has below its header.
    #[schema(minimum = 0)]
    pub rows: u64,
}

/// Something wrong in a file. The value itself is not repeated.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ImportFault {
    /// The file, or the sheet of a workbook.
    #[schema(example = "hotline_contact_points.csv")]
    pub file: String,
    /// The line, from 1, the header's line included; `null` for the file as a whole.
    #[schema(minimum = 1, example = 17)]
    pub line: Option<u64>,
    /// The column by name; `null` for the row as a whole.
    #[schema(example = "e164")]
    pub column: Option<String>,
    /// The cell of a workbook.
    #[schema(example = "D17")]
    pub cell: Option<String>,
    /// What sort of value stands there: `empty`, `text`, `whole_number`, `decimal_number`,
    /// `scientific_number`, `date`, `boolean`, `formula`, `spreadsheet_error`, `web_address`, `email_address`.
    #[schema(example = "scientific_number")]
    pub value: Option<String>,
    /// A stable code for programs.
    #[schema(example = "scientific_number")]
    pub code: String,
    /// What is wrong.
    pub reason: String,
    /// What to do.
    pub remedy: String,
}

impl ImportFault {
    /// A fault as it is told.
    pub fn of(wrong: &Wrong) -> Self {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Self {
            file: wrong.file.clone(),
            line: (wrong.line > 0).then_some(wrong.line),
            column: some(&wrong.column),
            cell: wrong.cell.clone(),
            value: some(wrong.value),
            code: wrong.invalid.code.to_owned(),
            reason: wrong.invalid.reason.clone(),
            remedy: wrong.invalid.remedy.clone(),
        }
    }
}

/// Something that a record which stands would change: a cell, or a row of one of its lists. What not everybody sees is
/// not repeated.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ImportChange {
    /// The slug of the record.
    #[schema(example = "gb-one-line")]
    pub slug: String,
    /// The file, or the sheet of a workbook.
    #[schema(example = "hotline_contact_points.csv")]
    pub file: String,
    /// The line, from 1, the header's line included; `null` for a row that is removed.
    #[schema(minimum = 1, example = 17)]
    pub line: Option<u64>,
    /// The column by name; `null` for a row that is new, that is removed, or of a list whose rows stand in another order.
    #[schema(example = "value")]
    pub column: Option<String>,
    /// What stands there, cut where it is long; `null` for nothing.
    #[schema(example = "01632 960001")]
    pub before: Option<String>,
    /// What would stand there, cut where it is long; `null` for nothing.
    #[schema(example = "01632 960002")]
    pub after: Option<String>,
}

impl ImportChange {
    fn of<'a>(check: &'a Check, changed: &'a Changed) -> impl Iterator<Item = Self> + 'a {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        changed.cells.iter().filter_map(move |one| {
            let (origin, _) = check.outcomes.get(changed.record)?;
            let pointer = one.pointer();
            let (own, line, column) = origin.place(check.in_book, &pointer);
            let gone = one.list.filter(|_| one.goes() && check.in_book.is_some());
            Some(Self {
                slug: changed.slug.clone(),
                file: named(check.in_book, gone.map_or(own, |list| list.file)),
                line: (!one.goes()).then_some(line),
                column: some(column).filter(|_| gone.is_none()),
                before: some(&one.before),
                after: some(&one.after),
            })
        })
    }
}

/// What a check found.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ImportReport {
    /// How many rows were looked at.
    #[schema(minimum = 0)]
    pub rows: u64,
    /// How many records come to what.
    pub counts: ImportCounts,
    /// How each file was recognised.
    pub files: Vec<ImportFile>,
    /// How many faults there are.
    #[schema(minimum = 0)]
    pub faults_total: u64,
    /// The first thousand of them.
    pub faults: Vec<ImportFault>,
    /// How many cells and rows of records that stand would change.
    #[schema(minimum = 0)]
    #[serde(default)]
    pub changes_total: u64,
    /// The first thousand of them.
    #[serde(default)]
    pub changes: Vec<ImportChange>,
}

impl ImportReport {
    /// What there is to tell of a check.
    pub fn of(check: &Check) -> Self {
        let changed = check.changed.iter();
        let changes = changed.flat_map(|one| ImportChange::of(check, one));
        let files = check.recognised.iter().map(|file| ImportFile {
            file: file.file.clone(),
            encoding: file.encoding.to_owned(),
            delimiter: file.delimiter.to_owned(),
            rows: file.rows,
        });
        Self {
            rows: check.rows,
            counts: check.counts,
            files: files.collect(),
            faults_total: check.faults,
            faults: check
                .wrong
                .iter()
                .take(SHOWN)
                .map(ImportFault::of)
                .collect(),
            changes_total: check.changes,
            changes: changes.take(SHOWN).collect(),
        }
    }
}
