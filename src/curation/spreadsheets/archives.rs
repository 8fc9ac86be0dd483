//! Zip files: read within limits that stand before anything is unpacked, and written.

use super::content::Form;
use crate::values::Invalid;
use std::io::{self, Cursor, Read, Seek, Write};
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

/// How many files there may be.
const ENTRIES: usize = 100;
/// How many bytes all files may hold together.
pub const UNPACKED: u64 = 64 * 1024 * 1024;
/// How many times larger than packed a file may be; tables come to 5 to 50.
const RATIO: u64 = 200;
/// Below this a ratio says nothing.
const SMALL: u64 = 1024 * 1024;

fn bomb() -> Invalid {
    Invalid::new(
        "too_large",
        format!(
            "it unpacks to more than {} MiB, or to more than {RATIO} times its size",
            UNPACKED / 1024 / 1024
        ),
        "send fewer rows at a time; rows that are left out stay as they are",
    )
}

fn broken() -> Invalid {
    Invalid::new(
        "archive",
        "it is no zip file, or a broken one",
        "pack the files again, without a password",
    )
}

/// The refusal of what is a zip file only within.
pub fn open_document() -> Invalid {
    Invalid::new(
        "open_document",
        "it is an OpenDocument file (.ods), which is not read",
        "save it as .xlsx, or each sheet as CSV, and send that",
    )
}

/// The file that says of an OpenDocument file what it is, and the one that every workbook has.
const MARKS: [&str; 2] = ["mimetype", "[Content_Types].xml"];

/// Refuses a spreadsheet that was sent as a zip of CSV files, or one of another program as a workbook.
fn is_what_it_says(archive: &ZipArchive<Cursor<&[u8]>>, form: Form) -> Result<(), Invalid> {
    let [document, workbook] = MARKS.map(|mark| archive.index_for_name(mark).is_some());
    match form {
        Form::Folder => Ok(()),
        _ if document => Err(open_document()),
        Form::Zip if workbook => Err(Invalid::new(
            "workbook",
            "it is a workbook, not a zip of CSV files",
            "send it as a workbook (.xlsx, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet), or each sheet as CSV",
        )),
        _ => Ok(()),
    }
}

/// Opens a zip file, and refuses by its list of contents what is too much. One of ours may be packed
/// as tightly as it will.
fn open(bytes: &[u8], form: Form) -> Result<ZipArchive<Cursor<&[u8]>>, Invalid> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    is_what_it_says(&archive, form)?;
    if archive.len() > ENTRIES {
        return Err(Invalid::new(
            "too_many_files",
            format!("it holds more than {ENTRIES} files"),
            "pack only the files of an export",
        ));
    }
    let mut sum = 0u64;
    for place in 0..archive.len() {
        let entry = archive.by_index_raw(place).map_err(|_| broken())?;
        sum = sum.saturating_add(entry.size());
        let packed = entry.compressed_size().max(1);
        if sum > UNPACKED
            || (form != Form::Folder && entry.size() > SMALL && entry.size() / packed > RATIO)
        {
            return Err(bomb());
        }
    }
    Ok(archive)
}

/// Calls `take` with the name and the content of each file of a zip file, one after the other.
///
/// # Errors
/// When it is none, or holds too much, paths that lead outside, or other archives.
pub fn unpack(
    bytes: &[u8],
    form: Form,
    mut take: impl FnMut(String, Vec<u8>) -> Result<(), Invalid>,
) -> Result<(), Invalid> {
    let mut archive = open(bytes, form)?;
    let mut left = UNPACKED;
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place).map_err(|_| broken())?;
        let Some(path) = entry.enclosed_name() else {
            return Err(Invalid::new(
                "path",
                "a file in it has a path that leads outside",
                "pack the files of one folder",
            ));
        };
        let hidden = path
            .components()
            .filter_map(|part| part.as_os_str().to_str())
            .any(|part| part == "__MACOSX" || part.starts_with('.'));
        if entry.is_dir() || hidden {
            continue;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.into_owned();
        let ending = name.rsplit('.').next().unwrap_or_default();
        if ["zip", "gz", "xlsx", "xls", "ods", "7z", "rar", "tar"]
            .contains(&ending.to_ascii_lowercase().as_str())
        {
            return Err(Invalid::new(
                "nested",
                "there is an archive or a workbook in it",
                "pack the CSV files themselves; send a workbook (.xlsx) on its own",
            ));
        }
        let mut content = Vec::new();
        // What it says of its size need not be true.
        let read = entry.by_ref().take(left + 1).read_to_end(&mut content);
        read.map_err(|_| broken())?;
        left = left.checked_sub(content.len() as u64).ok_or_else(bomb)?;
        take(name, content)?;
    }
    Ok(())
}

/// Refuses what is no workbook, or holds more than its list of contents says, without keeping any of it.
///
/// # Errors
/// When it is none, or holds too much.
pub fn measure(bytes: &[u8]) -> Result<(), Invalid> {
    let mut archive = open(bytes, Form::Xlsx)?;
    let mut left = UNPACKED;
    for place in 0..archive.len() {
        let entry = archive.by_index(place).map_err(|_| broken())?;
        let held = io::copy(&mut entry.take(left + 1), &mut io::sink()).map_err(|_| broken())?;
        left = left.checked_sub(held).ok_or_else(bomb)?;
    }
    let tables = archive
        .file_names()
        .flatten()
        .any(|name| name.ends_with(".csv"));
    match tables {
        true => Err(Invalid::new(
            "workbook",
            "it is a zip of CSV files, not a workbook",
            "send it as a zip (.zip, application/zip)",
        )),
        false => Ok(()),
    }
}

/// A zip file that is being written, a file after the other.
pub struct Packing<W: Write + Seek>(ZipWriter<W>);

impl<W: Write + Seek> Packing<W> {
    /// Starts one where it can be gone back in.
    pub fn of(file: W) -> Self {
        Self(ZipWriter::new(file))
    }

    /// Begins a file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(&mut self, name: &str) -> io::Result<()> {
        // The same files make the same bytes, whenever they are packed.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default());
        self.0.start_file(name, options).map_err(io::Error::other)
    }

    /// Ends the zip file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self) -> io::Result<W> {
        self.0.finish().map_err(io::Error::other)
    }
}

impl<W: Write> Packing<zip::write::StreamWriter<W>> {
    /// Starts one where it cannot.
    pub fn stream(out: W) -> Self {
        Self(ZipWriter::new_stream(out))
    }
}

impl<W: Write + Seek> Write for Packing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Files as one zip file.
///
/// # Errors
/// When it cannot be written, which memory does not let happen.
pub fn pack(files: &super::content::Files) -> io::Result<Vec<u8>> {
    let mut packing = Packing::of(Cursor::new(Vec::new()));
    for (name, content) in files {
        packing.begin(name)?;
        packing.write_all(content)?;
    }
    Ok(packing.finish()?.into_inner())
}
