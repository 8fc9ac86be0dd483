//! Excel workbooks: a sheet for each file, read cell by cell, so that a lone cell far away costs
//! nothing.

use super::{
    damage,
    faults::Wrong,
    grids::{Grid, cell, too_many_rows},
};
use crate::values::Invalid;
use calamine::{DataRef, Reader, Xlsx, XlsxError, open_workbook_from_rs};
use csv::StringRecord;
use std::io::Cursor;

/// Beyond this a program keeps no digit of a whole number.
const EXACT: f64 = 1e15;
/// Further to the right stands nothing that is read.
const COLUMNS: u32 = 200;

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

fn broken() -> Invalid {
    Invalid::new(
        "workbook",
        "it is no .xlsx workbook, or a broken one",
        "save it anew as .xlsx without a password, or each sheet as CSV UTF-8",
    )
}

/// Opens a workbook.
///
/// # Errors
/// When it is none.
pub fn open(bytes: &[u8]) -> Result<Book<'_>, Invalid> {
    open_workbook_from_rs(Cursor::new(bytes)).map_err(|_: XlsxError| broken())
}

/// The names of its sheets.
pub fn sheets(book: &Book<'_>) -> Vec<String> {
    book.sheet_names()
}

/// Reads one sheet.
pub fn of_sheet(book: &mut Book<'_>, name: &str, most: u64) -> Grid {
    let mut grid = Grid {
        file: name.to_owned(),
        in_workbook: true,
        header: Vec::new(),
        rows: Vec::new(),
        ragged: Vec::new(),
        encoding: "XLSX",
        delimiter: b',',
        wrong: Vec::new(),
    };
    if fill(book, name, most, &mut grid).is_err() {
        grid.wrong.push(Wrong::file(name, broken()));
    }
    grid
}

/// A row while it is being read.
#[derive(Default)]
struct Row {
    line: u32,
    cells: Vec<String>,
}

fn fill(book: &mut Book<'_>, name: &str, most: u64, grid: &mut Grid) -> Result<(), XlsxError> {
    let mut reader = book.worksheet_cells_reader(name)?;
    let mut row = Row::default();
    while let Some(found) = reader.next_cell_with_formula_metadata()? {
        let (line, place) = found.pos;
        if line + 1 != row.line {
            end(grid, &mut row);
            row.line = line + 1;
            if grid.rows.len() as u64 >= most {
                let invalid = too_many_rows();
                grid.wrong
                    .push(Wrong::at(name, u64::from(row.line), "", invalid));
                return Ok(());
            }
        }
        if place >= COLUMNS {
            continue;
        }
        let place = place as usize;
        let text = match (found.formula.is_some(), text(&found.value)) {
            (false, Ok(text)) => text,
            (true, _) => {
                let invalid = Invalid::new(
                    "formula",
                    "the cell holds a formula",
                    "copy the column and paste it in place as values only",
                );
                refuse(grid, &row, place, "formula", invalid);
                continue;
            }
            (false, Err((class, invalid))) => {
                refuse(grid, &row, place, class, invalid);
                continue;
            }
        };
        if row.cells.len() <= place && !text.is_empty() {
            row.cells.resize(place + 1, String::new());
        }
        if let Some(cell) = row.cells.get_mut(place) {
            *cell = text;
        }
    }
    end(grid, &mut row);
    Ok(())
}

fn refuse(grid: &mut Grid, row: &Row, place: usize, class: &'static str, invalid: Invalid) {
    let column = grid.header.get(place).cloned().unwrap_or_default();
    let line = u64::from(row.line);
    grid.wrong.push(Wrong {
        cell: Some(cell(line, place)),
        value: class,
        ..Wrong::at(&grid.file, line, &column, invalid)
    });
}

/// Takes in a row that is whole; the first one is the header.
fn end(grid: &mut Grid, row: &mut Row) {
    let mut cells = std::mem::take(&mut row.cells);
    if cells.iter().all(|cell| cell.trim().is_empty()) {
        return;
    }
    if grid.header.is_empty() {
        grid.header = cells;
        return;
    }
    let wanted = grid.header.len();
    if cells.iter().skip(wanted).any(|cell| !cell.is_empty()) {
        let invalid = Invalid::new(
            "row",
            format!("there is something beyond the {wanted} columns that have a name"),
            "clear it, or name the column",
        );
        refuse(grid, row, wanted, "", invalid);
    }
    cells.resize(wanted, String::new());
    grid.rows.push((row.line, StringRecord::from(cells)));
}

/// The text of a cell, or what is wrong with it: its class, and why.
fn text(value: &DataRef<'_>) -> Result<String, (&'static str, Invalid)> {
    match value {
        DataRef::Empty => Ok(String::new()),
        DataRef::String(text) => Ok(text.clone()),
        DataRef::SharedString(text) => Ok((*text).to_owned()),
        DataRef::Bool(flag) => Ok(flag.to_string()),
        DataRef::Int(number) => Ok(number.to_string()),
        DataRef::Float(number) if number.abs() >= EXACT => Err((
            "scientific_number",
            Invalid::new(
                "scientific_number",
                "the cell holds a number too long for a spreadsheet program, and digits of it are lost",
                "format the column as text, and write the number anew from its source",
            ),
        )),
        DataRef::Float(number) => Ok(number.to_string()),
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => Err((
            "date",
            Invalid::new(
                "spreadsheet_date",
                "the spreadsheet program made a date or time of it",
                "format the column as text, and write anew what stood there; dates as YYYY-MM-DD, YYYY-MM or YYYY",
            ),
        )),
        DataRef::Error(_) => Err((
            "spreadsheet_error",
            damage::damaged(super::cells::Cell::Text, "#REF!").unwrap_or_else(broken),
        )),
    }
}
