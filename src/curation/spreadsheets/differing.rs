//! What a record changes of what stands, cell by cell, as whoever looks through a check needs to see it.

use super::{
    cells::plain,
    losses::lost,
    origins::{Origin, named},
    sheets::{Column, List, Sheet},
};
use crate::{
    ledger::{Document, Update},
    values::{Invalid, access::Visibility},
};
use serde_json::{Map, Value};

/// How many characters of a cell are told.
const SHOWN: usize = 60;
/// How many of them stand before the first that differs.
const LEAD: usize = 15;
/// What is told in place of what not everybody sees.
const HIDDEN: &str = "(not public)";

/// A cell that changes, or a row of a list that comes or goes.
#[derive(Debug)]
pub struct Differing {
    /// The list; `None` for the row of the record.
    pub list: Option<&'static List>,
    /// Which of its entries, as the document has them after; `None` for one that goes.
    pub entry: Option<usize>,
    /// The column; empty for a row as a whole.
    pub column: &'static str,
    /// What stands there, shortened.
    pub before: String,
    /// What would, shortened.
    pub after: String,
    /// What a program made of what stands.
    pub lost: Option<Invalid>,
}

impl Differing {
    /// Where it is in the document after; of an entry that goes its list.
    pub fn pointer(&self) -> String {
        let list = self.list.map(|list| list.field.to_owned());
        let entry = self.entry.map(|entry| entry.to_string());
        let column = Some(self.column.to_owned()).filter(|column| !column.is_empty());
        let parts = [list, entry, column].into_iter().flatten();
        parts.map(|part| format!("/{part}")).collect()
    }

    /// Whether it is an entry of a list that goes.
    pub fn goes(&self) -> bool {
        self.list.is_some() && self.entry.is_none()
    }

    /// The table and the line that it is about, as they were brought; of lines of JSON the field.
    pub fn place(&self, origin: &Origin, in_book: Option<bool>) -> String {
        match self.list {
            Some(list) if in_book.is_none() => list.field.to_owned(),
            Some(list) if self.goes() => named(in_book, list.file),
            _ => {
                let pointer = self.pointer();
                let (table, line, _) = origin.place(in_book, &pointer);
                format!("{}, line {line}", named(in_book, table))
            }
        }
    }

    /// In words, beside the row that it is about.
    pub fn words(&self) -> String {
        let shown = |text: &str| match text {
            "" => "(empty)".to_owned(),
            text => text.to_owned(),
        };
        let (before, after) = (self.before.as_str(), self.after.as_str());
        match (self.column, before, after) {
            ("", "", "") => "its rows stand in another order".to_owned(),
            ("", "", new) => format!("new row: {new}"),
            ("", gone, _) => format!("row removed: {gone}"),
            (column, ..) => format!("{column}: {} → {}", shown(before), shown(after)),
        }
    }
}

/// What an update changes. What not everybody sees is not told.
pub fn differing(sheet: &'static Sheet, update: &Update) -> Vec<Differing> {
    let (before, after) = (fields(&update.before), fields(&update.after));
    let concealed = |code: &str| update.concealed.iter().any(|slug| slug == code);
    let hides =
        |cell: &str| !cell.is_empty() && (!update.was_public || cell.split(';').any(concealed));
    let row = |fields| texts(sheet.columns, fields);
    // What nobody saw stays in it.
    let seen = |cell: String| match cell.split(';').any(concealed) {
        true => cell
            .split(';')
            .filter(|one| !concealed(one))
            .collect::<Vec<_>>()
            .join(";"),
        false => cell,
    };
    let written: Cells = row(&after).into_iter().map(seen).collect();
    let place = (None, None);
    let mut found = cells(sheet.columns, &row(&before), &written, place, &hides);
    for list in sheet.lists {
        let (before, after) = (entries(list, &before), entries(list, &after));
        found.extend(rows(list, before, after, &hides));
    }
    found
}

fn fields(document: &Document) -> Map<String, Value> {
    match document.to_json() {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// The cells of a row, as they stand in a table.
type Cells = Vec<String>;

fn texts(columns: &[Column], fields: &Map<String, Value>) -> Cells {
    let cells = columns.iter().map(|(name, _)| fields.get(*name));
    cells
        .map(|cell| cell.map_or_else(String::new, plain))
        .collect()
}

/// The entries of a list that everybody may see, with their places.
fn entries(list: &List, document: &Map<String, Value>) -> Vec<(usize, Cells)> {
    let entries = document.get(list.field).and_then(Value::as_array);
    let entries = entries.into_iter().flatten().enumerate();
    let shown = |entry: &Map<String, Value>| match entry.get("visibility") {
        Some(visibility) => visibility != Visibility::Hidden.name(),
        None => true,
    };
    entries
        .filter_map(|(place, entry)| Some((place, entry.as_object()?)))
        .filter(|(_, entry)| shown(entry))
        .map(|(place, entry)| (place, texts(list.columns, entry)))
        .collect()
}

/// The columns in which two rows differ.
fn cells(
    columns: &[Column],
    before: &Cells,
    after: &Cells,
    (list, entry): (Option<&'static List>, Option<usize>),
    hides: &dyn Fn(&str) -> bool,
) -> Vec<Differing> {
    let cells = columns.iter().zip(before.iter().zip(after));
    let differ = cells.filter(|(_, (before, after))| before != after);
    let told = differ.map(|((column, _), (before, after))| {
        let (shown, stands) = shortened(before, after);
        Differing {
            list,
            entry,
            column,
            before: match hides(before) {
                true => HIDDEN.to_owned(),
                false => shown,
            },
            after: stands,
            lost: lost(before, after),
        }
    });
    told.collect()
}

/// The entries of a list that change, come and go. One is taken for the one that stands with the same cells, else with
/// the first two of them, else with the first.
fn rows(
    list: &'static List,
    before: Vec<(usize, Cells)>,
    after: Vec<(usize, Cells)>,
    hides: &dyn Fn(&str) -> bool,
) -> Vec<Differing> {
    let moved = before
        .iter()
        .map(|(_, row)| row)
        .ne(after.iter().map(|(_, row)| row));
    let mut found = Vec::new();
    let (mut left, mut new) = (before, after);
    for same in [list.columns.len(), 2, 1] {
        new.retain(|(entry, row)| {
            let alike = |(_, old): &(usize, Cells)| old.iter().take(same).eq(row.iter().take(same));
            let Some(stood) = left.iter().position(alike) else {
                return true;
            };
            let (_, stood) = left.remove(stood);
            let place = (Some(list), Some(*entry));
            found.extend(cells(list.columns, &stood, row, place, hides));
            false
        });
    }
    let whole = |entry, before, after| Differing {
        list: Some(list),
        entry,
        column: "",
        before,
        after,
        lost: None,
    };
    let none = String::new;
    found.extend(
        new.iter()
            .map(|(entry, row)| whole(Some(*entry), none(), summary(row))),
    );
    for (_, row) in left {
        let gone = match row.iter().any(|cell| hides(cell)) {
            true => HIDDEN.to_owned(),
            false => summary(&row),
        };
        found.push(whole(None, gone, none()));
    }
    if found.is_empty() && moved {
        found.push(whole(Some(0), none(), none()));
    }
    found
}

/// A row in a few words.
fn summary(row: &Cells) -> String {
    let filled = row.iter().filter(|cell| !cell.is_empty());
    let filled: Vec<&str> = filled.map(String::as_str).collect();
    shortened(&filled.join(", "), "").0
}

/// Both texts, cut to what differs where they are long.
fn shortened(before: &str, after: &str) -> (String, String) {
    let both = before.chars().zip(after.chars());
    let same = both.take_while(|(one, other)| one == other).count();
    let cut = |text: &str| {
        let length = text.chars().count();
        if length <= SHOWN {
            return text.to_owned();
        }
        let from = same.saturating_sub(LEAD).min(length - SHOWN);
        let middle: String = text.chars().skip(from).take(SHOWN).collect();
        let start = if from > 0 { "…" } else { "" };
        let end = if from + SHOWN < length { "…" } else { "" };
        format!("{start}{middle}{end}")
    };
    (cut(before), cut(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_to_what_differs() {
        let long = "word ".repeat(40);
        let other = format!("{}WORD {}", "word ".repeat(20), "word ".repeat(19));
        let (before, after) = shortened(&long, &other);
        assert!(
            before.starts_with("…word") && before.ends_with('…'),
            "{before}"
        );
        assert!(
            after.contains("WORD") && after.chars().count() == SHOWN + 2,
            "{after}"
        );
        assert_eq!(shortened("one", "two"), ("one".into(), "two".into()));
        // One ends where the other goes on.
        let (before, after) = shortened(&long, &long[..150]);
        assert!(
            before.ends_with("word ") || before.ends_with('…'),
            "{before}"
        );
        assert_ne!(before, after);
    }

    #[test]
    fn rows_are_taken_for_those_that_they_were() {
        let sheet = Sheet::of(crate::ledger::Resource::Hotlines).unwrap();
        let list = &sheet.lists[0];
        let row = |cells: [&str; 3]| -> Cells {
            let blank = vec![String::new(); list.columns.len() - 3];
            cells
                .iter()
                .map(|cell| (*cell).to_owned())
                .chain(blank)
                .collect()
        };
        let rows = |before: &[[&str; 3]], after: &[[&str; 3]]| {
            let placed = |all: &[[&str; 3]]| all.iter().map(|one| row(*one)).enumerate().collect();
            let found = rows(list, placed(before), placed(after), &|_| false);
            found
                .iter()
                .map(|one| format!("{} {}", one.pointer(), one.words()))
                .collect::<Vec<_>>()
        };
        let (one, two) = (
            ["phone", "116123", ""],
            ["phone", "01632 960001", "+441632960001"],
        );
        assert!(rows(&[one, two], &[one, two]).is_empty());
        assert_eq!(
            rows(&[one, two], &[two, one]),
            ["/contact_points/0 its rows stand in another order"]
        );
        assert_eq!(
            rows(&[one, two], &[two]),
            ["/contact_points row removed: phone, 116123"]
        );
        assert_eq!(
            rows(&[two], &[one, two]),
            ["/contact_points/0 new row: phone, 116123"]
        );
        // The one of the same number, not the one before it.
        assert_eq!(
            rows(&[one, two], &[["phone", "01632 960001", ""]]),
            [
                "/contact_points/0/e164 e164: +441632960001 → (empty)",
                "/contact_points row removed: phone, 116123"
            ]
        );
        assert_eq!(
            rows(&[one], &[["phone", "116124", ""]]),
            ["/contact_points/0/value value: 116123 → 116124"]
        );
    }
}
