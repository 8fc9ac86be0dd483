//! Tables and lines as somebody brings them.

use crate::{
    curation::spreadsheets::{self, Content, Contents, Form, ImportError},
    values::text,
};

/// Tables and lines as somebody brings them: `== hotlines.csv` and the file below it, and so on; alone a `.zip`, `.xlsx` or
/// `.ndjson`.
pub fn row(bytes: &[u8]) -> bool {
    let mut files = Contents::new();
    for part in split(bytes, b"== ") {
        let end = part.iter().position(|byte| *byte == b'\n');
        let (name, content) = part.split_at(end.unwrap_or(part.len()));
        let name = String::from_utf8_lossy(name).trim().to_owned();
        let content = content.get(1..).unwrap_or_default().to_vec();
        let form = match name.rsplit_once('.') {
            Some(("", form)) => Form::named(form),
            _ => None,
        };
        if let Some(form) = form {
            return Content::of_bytes(form, content)
                .is_ok_and(|content| records(&content).is_some());
        }
        files.insert(name, content);
    }
    let plain = files
        .values()
        .all(|one| str::from_utf8(one).is_ok_and(text_alone));
    let content = Content::of_files(files);
    let read = records(&content);
    if plain {
        // The same with the mark that Excel sets.
        let marked = content.files.iter();
        let marked = marked.map(|(name, one)| (name.clone(), [b"\xEF\xBB\xBF", &one[..]].concat()));
        assert_eq!(records(&Content::of_files(marked.collect())), read);
    }
    read.is_some()
}

fn text_alone(text: &str) -> bool {
    !text.contains(['\0', '\u{feff}'])
}

/// How many records were read; `None` where something is wrong, which is told.
fn records(content: &Content) -> Option<u64> {
    match spreadsheets::read(content) {
        Ok(reading) => Some(reading.records()),
        Err(ImportError::Wrong(wrong)) => {
            assert!(!wrong.is_empty(), "refused without a reason");
            for one in wrong {
                assert!(text::clean(&one.to_string()).is_ok(), "{one:?}");
            }
            None
        }
        Err(other) => panic!("{other}"),
    }
}

/// The parts that begin with a mark at the start of a line.
fn split<'a>(bytes: &'a [u8], mark: &[u8]) -> Vec<&'a [u8]> {
    let line = |place: &usize| *place == 0 || bytes[place - 1] == b'\n';
    let marks = (0..bytes.len()).filter(|place| bytes[*place..].starts_with(mark) && line(place));
    let marks: Vec<usize> = marks.collect();
    let ends = marks.iter().skip(1).copied().chain([bytes.len()]);
    let parts = marks.iter().zip(ends);
    parts
        .map(|(start, end)| &bytes[start + mark.len()..end])
        .collect()
}
