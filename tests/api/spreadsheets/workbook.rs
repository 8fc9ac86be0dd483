//! Workbooks as spreadsheet programs write them.

use crate::support::Files;
use std::io::{Cursor, Write};
use zip::{ZipWriter, write::SimpleFileOptions};

/// A cell of a workbook.
#[derive(Debug, Clone)]
pub enum Cell {
    Text(String),
    Number(f64),
    /// A number that is shown as a date.
    Date(f64),
    Formula(&'static str, &'static str),
    Error(&'static str),
    Flag(bool),
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

fn name(row: usize, place: usize) -> String {
    let letter = |place: usize| char::from(b'A' + u8::try_from(place).unwrap());
    match place {
        0..26 => format!("{}{row}", letter(place)),
        _ => format!("{}{}{row}", letter(place / 26 - 1), letter(place % 26)),
    }
}

fn sheet(rows: &[Vec<Cell>]) -> String {
    let mut xml = String::from(
        r#"<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#,
    );
    for (row, cells) in (1..).zip(rows) {
        xml += &format!(r#"<row r="{row}">"#);
        for (place, cell) in cells.iter().enumerate() {
            let name = name(row, place);
            xml += &match cell {
                Cell::Text(text) if text.is_empty() => String::new(),
                Cell::Text(text) => format!(
                    r#"<c r="{name}" t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>"#,
                    escaped(text)
                ),
                Cell::Number(number) => format!(r#"<c r="{name}"><v>{number}</v></c>"#),
                Cell::Date(number) => format!(r#"<c r="{name}" s="1"><v>{number}</v></c>"#),
                Cell::Formula(formula, value) => format!(
                    r#"<c r="{name}" t="str"><f>{}</f><v>{}</v></c>"#,
                    escaped(formula),
                    escaped(value)
                ),
                Cell::Error(error) => format!(r#"<c r="{name}" t="e"><v>{error}</v></c>"#),
                Cell::Flag(flag) => {
                    format!(r#"<c r="{name}" t="b"><v>{}</v></c>"#, u8::from(*flag))
                }
            };
        }
        xml += "</row>";
    }
    xml + "</sheetData></worksheet>"
}

/// A workbook of these sheets.
pub fn of_sheets(sheets: &[(String, Vec<Vec<Cell>>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut write = |name: &str, text: &str| {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    let main = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let (mut listed, mut related, mut kinds) = (String::new(), String::new(), String::new());
    for (place, (name, rows)) in (1..).zip(sheets) {
        listed += &format!(r#"<sheet name="{name}" sheetId="{place}" r:id="rId{place}"/>"#);
        related += &format!(
            r#"<Relationship Id="rId{place}" Type="{main}/worksheet" Target="worksheets/sheet{place}.xml"/>"#
        );
        kinds += &format!(
            r#"<Override PartName="/xl/worksheets/sheet{place}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>"#
        );
        write(&format!("xl/worksheets/sheet{place}.xml"), &sheet(rows));
    }
    write(
        "xl/workbook.xml",
        &format!(
            r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{main}"><sheets>{listed}</sheets></workbook>"#
        ),
    );
    write(
        "xl/_rels/workbook.xml.rels",
        &format!(
            r#"<?xml version="1.0"?><Relationships xmlns="{package}/relationships">{related}<Relationship Id="rId900" Type="{main}/styles" Target="styles.xml"/></Relationships>"#
        ),
    );
    write(
        "xl/styles.xml",
        r#"<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>"#,
    );
    write(
        "_rels/.rels",
        &format!(
            r#"<?xml version="1.0"?><Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{main}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
        ),
    );
    write(
        "[Content_Types].xml",
        &format!(
            r#"<?xml version="1.0"?><Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{kinds}</Types>"#
        ),
    );
    zip.finish().unwrap().into_inner()
}

/// The rows of a CSV file as text cells; flags and whole numbers as a program keeps them.
pub fn rows(bytes: &[u8]) -> Vec<Vec<Cell>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(bytes);
    let cell = |text: &str| match text {
        "true" | "false" => Cell::Flag(text == "true"),
        "2026" | "116123" => Cell::Number(text.parse().unwrap()),
        text => Cell::Text(text.to_owned()),
    };
    let records = reader.records().map(|record| record.unwrap());
    records
        .map(|record| record.iter().map(cell).collect())
        .collect()
}

/// Files as a workbook, with a sheet of nothing as a new one has.
pub fn of_files(files: &Files) -> Vec<u8> {
    let sheets = files.iter().map(|(name, bytes)| {
        let name = name.strip_suffix(".csv").unwrap().to_owned();
        (name, rows(bytes))
    });
    let mut sheets: Vec<(String, Vec<Vec<Cell>>)> = sheets.collect();
    sheets.push(("Sheet1".to_owned(), Vec::new()));
    of_sheets(&sheets)
}
