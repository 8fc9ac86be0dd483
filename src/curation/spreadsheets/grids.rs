//! A table as it was brought: a header, rows of cells with their lines, whatever it was read from.

use super::{cells, encodings::decode, faults::Wrong};
use crate::values::Invalid;
use csv::StringRecord;
use std::collections::HashSet;

/// Columns that a check adds, which are not read.
pub const ADDED: [&str; 2] = ["check", "check_note"];

/// A table.
#[derive(Debug)]
pub struct Grid {
    /// The file, or the sheet of a workbook.
    pub file: String,
    /// Whether its cells have names.
    pub in_workbook: bool,
    /// The cells of its first row.
    pub header: Vec<String>,
    /// The other rows: the line that each starts on, and its cells.
    pub rows: Vec<(u32, StringRecord)>,
    /// Rows that have not as many cells as the header.
    pub ragged: Vec<(u32, StringRecord)>,
    /// How it was encoded.
    pub encoding: &'static str,
    /// What stands between its cells.
    pub delimiter: u8,
    /// What could not be read as rows, and cells that hold no value.
    pub wrong: Vec<Wrong>,
}

impl Grid {
    /// The name of a cell, in a workbook.
    pub fn cell(&self, line: u64, column: &str) -> Option<String> {
        let place = self.header.iter().position(|name| name == column);
        self.in_workbook.then(|| cell(line, place.unwrap_or(0)))
    }

    /// What sort of value stands at a place; empty where there is none.
    pub fn class(&self, line: u64, column: &str) -> &'static str {
        let place = self.header.iter().position(|name| name == column);
        let line = u32::try_from(line).unwrap_or(0);
        let row = self.rows.binary_search_by_key(&line, |(line, _)| *line);
        let text = row
            .ok()
            .zip(place)
            .and_then(|(row, place)| self.rows[row].1.get(place));
        text.map_or("", |text| {
            super::damage::class(cells::unguarded(text).unwrap_or(text))
        })
    }

    /// The delimiter by name.
    pub fn delimiter(&self) -> &'static str {
        match self.delimiter {
            _ if self.in_workbook => "cells",
            b';' => "semicolon",
            b'\t' => "tab",
            _ => "comma",
        }
    }
}

/// The name of a cell: C17.
pub fn cell(line: u64, place: usize) -> String {
    let (mut letters, mut rest) = (Vec::new(), place + 1);
    while rest > 0 {
        rest -= 1;
        letters.push(b'A' + u8::try_from(rest % 26).unwrap_or(0));
        rest /= 26;
    }
    letters.reverse();
    format!("{}{line}", String::from_utf8_lossy(&letters))
}

/// Reads a CSV file that has some of the columns `known`.
pub fn of_csv(file: &str, bytes: &[u8], known: &HashSet<&str>, most: u64) -> Grid {
    let mut grid = Grid {
        file: file.to_owned(),
        in_workbook: false,
        header: Vec::new(),
        rows: Vec::new(),
        ragged: Vec::new(),
        encoding: "UTF-8",
        delimiter: b',',
        wrong: Vec::new(),
    };
    let (text, encoding) = match decode(bytes) {
        Ok(decoded) => decoded,
        Err((line, invalid)) => {
            grid.wrong.push(Wrong::at(file, line, "", invalid));
            return grid;
        }
    };
    grid.encoding = encoding;
    // Excel's own way to say what stands between cells.
    let (text, skipped) = match text.split_once('\n') {
        Some((first, rest)) if says_sign(first) => (rest, 1),
        _ => (text.as_ref(), 0),
    };
    grid.delimiter = delimiter(text, known);
    grid.fill(text, skipped, most);
    grid
}

/// Whether a line only says what stands between cells, which may be a tab.
fn says_sign(line: &str) -> bool {
    let line = line.trim_end_matches([' ', '\r']);
    line.len() == 5 && line.starts_with("sep=")
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes())
}

/// What stands between the cells: that of three signs by which most known columns are found.
fn delimiter(text: &str, known: &HashSet<&str>) -> u8 {
    let found = |sign: u8| {
        let mut record = StringRecord::new();
        let read = reader(text, sign).read_record(&mut record);
        let cells = record.iter().filter(|cell| known.contains(cell.trim()));
        read.map_or(0, |_| cells.count())
    };
    let signs = [b',', b';', b'\t'].map(|sign| (found(sign), sign));
    let best = signs
        .into_iter()
        .reduce(|best, one| if one.0 > best.0 { one } else { best });
    best.map_or(b',', |(_, sign)| sign)
}

/// Counts lines: the reader's own count lags by one where lines end with CR LF.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u32,
}

impl Lines<'_> {
    fn of(&mut self, position: Option<&csv::Position>) -> u32 {
        let start = position.map_or(0, |position| position.byte() as usize);
        // A row starts behind the line ends that may still stand before it.
        let ends = self.bytes.iter().skip(start);
        let ends = ends
            .take_while(|byte| matches!(byte, b'\n' | b'\r'))
            .count();
        let end = (start + ends).min(self.bytes.len()).max(self.at);
        let feeds = self.bytes[self.at..end].iter();
        self.line += feeds.filter(|byte| **byte == b'\n').count() as u32;
        self.at = end;
        self.line
    }
}

impl Grid {
    fn fill(&mut self, text: &str, skipped: u32, most: u64) {
        let mut reader = reader(text, self.delimiter);
        let mut lines = Lines {
            bytes: text.as_bytes(),
            at: 0,
            line: 1 + skipped,
        };
        let mut record = StringRecord::new();
        let mut first = true;
        while reader.read_record(&mut record).is_ok_and(|more| more) {
            let line = lines.of(record.position());
            if first {
                self.header = record.iter().map(str::to_owned).collect();
                while self
                    .header
                    .last()
                    .is_some_and(|name| name.trim().is_empty())
                {
                    self.header.pop();
                }
                first = false;
                continue;
            }
            // Programs write rows of nothing below what is filled.
            if record.iter().all(|cell| cell.trim().is_empty()) && record.len() != 1 {
                continue;
            }
            if self.rows.len() as u64 >= most {
                self.wrong
                    .push(Wrong::at(&self.file, u64::from(line), "", too_many_rows()));
                return;
            }
            self.take(line, &record);
        }
    }

    /// Takes in a row whose cells are as many as the header's; cells too many may be empty.
    fn take(&mut self, line: u32, record: &StringRecord) {
        let (wanted, len) = (self.header.len(), record.len());
        let beyond = record.iter().skip(wanted).any(|cell| !cell.is_empty());
        if len < wanted || beyond {
            let sign = self.delimiter();
            let invalid = Invalid::new(
                "row",
                format!("the row has {len} cells, {wanted} wanted"),
                format!("quote cells that hold a {sign}"),
            );
            self.wrong
                .push(Wrong::at(&self.file, u64::from(line), "", invalid));
            self.ragged.push((line, record.clone()));
            return;
        }
        // Without what the reader allotted beyond its cells.
        let cells: StringRecord = record.iter().take(wanted).collect();
        self.rows.push((line, cells));
    }
}

/// The refusal of more rows than one import may have.
pub fn too_many_rows() -> Invalid {
    Invalid::new(
        "too_many_rows",
        format!(
            "there are more than {} rows in all files",
            super::content::ROWS
        ),
        "send fewer at a time: records that are not in the files stay as they are",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_lines_and_blank_rows_are_recognised() {
        let known = HashSet::from(["slug", "name"]);
        for (text, name) in [
            ("slug,name\r\none,\"a\r\nb\"\r\n,\r\ntwo,c,,\r\n", "comma"),
            ("slug;name\none;\"a\r\nb\"\n;\ntwo;c\n", "semicolon"),
            (
                "sep=;\r\nslug;name\none;\"a\r\nb\"\n;\ntwo;c\n",
                "semicolon",
            ),
            ("sep=\t\r\nslug\tname\none\t\"a\r\nb\"\n\t\ntwo\tc\n", "tab"),
            ("slug\tname\t\none\t\"a\r\nb\"\n\t\ntwo\tc\t\n", "tab"),
        ] {
            let grid = of_csv("x.csv", text.as_bytes(), &known, 10);
            assert_eq!((grid.delimiter(), grid.wrong.len()), (name, 0), "{text:?}");
            let shift = u32::from(text.starts_with("sep"));
            let rows: Vec<(u32, Vec<&str>)> = grid
                .rows
                .iter()
                .map(|(line, row)| (*line - shift, row.iter().collect()))
                .collect();
            assert_eq!(rows, [(2, vec!["one", "a\r\nb"]), (5, vec!["two", "c"])]);
        }
        let grid = of_csv("x.csv", b"slug,name\na,b\nc,d\n", &known, 1);
        assert_eq!((grid.rows.len(), grid.wrong[0].line), (1, 3));
        assert_eq!(cell(17, 2), "C17");
        assert_eq!(
            (cell(1, 25), cell(1, 26), cell(1, 701)),
            ("Z1".into(), "AA1".into(), "ZZ1".into())
        );
    }
}
