//! What somebody brings: a folder of CSV files, a zip of them, lines of JSON, or a workbook.

use super::{archives, faults::ImportError};
use crate::values::Invalid;
use sha2::{Digest, Sha256};
use std::{borrow::Cow, collections::BTreeMap, fs, io, path::Path};

/// The files of an import: name and content.
pub type Files = BTreeMap<String, Vec<u8>>;

/// How many rows one import may have, those of all files together.
pub const ROWS: u64 = 100_000;
/// How many bytes may be sent.
pub const LARGEST: usize = 32 * 1024 * 1024;

/// The form in which something is brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A folder of CSV files.
    Folder,
    /// A zip of them.
    Zip,
    /// One JSON object a line.
    Ndjson,
    /// An Excel workbook.
    Xlsx,
}

impl Form {
    /// All of them, by name.
    pub const NAMES: [(&str, Self); 4] = [
        ("folder", Self::Folder),
        ("zip", Self::Zip),
        ("ndjson", Self::Ndjson),
        ("xlsx", Self::Xlsx),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize].0
    }

    /// The form of a name.
    pub fn named(name: &str) -> Option<Self> {
        let mut names = Self::NAMES.iter();
        names
            .find(|(known, _)| *known == name)
            .map(|(_, form)| *form)
    }
}

/// What was brought.
#[derive(Debug)]
pub struct Content {
    /// In which form.
    pub form: Form,
    /// The CSV files, of a folder or a zip.
    pub files: Files,
    /// The bytes, of all but a folder.
    bytes: Vec<u8>,
}

impl Content {
    /// Files.
    pub fn of_files(files: Files) -> Self {
        Self {
            form: Form::Folder,
            files,
            bytes: Vec::new(),
        }
    }

    /// Bytes in a form; those of a folder are its files, packed.
    ///
    /// # Errors
    /// When a zip file or a workbook is broken, or holds too much.
    pub fn of_bytes(form: Form, bytes: Vec<u8>) -> Result<Self, Invalid> {
        let mut files = Files::new();
        match form {
            Form::Folder | Form::Zip => {
                archives::unpack(&bytes, form, |name, content| {
                    match files.insert(name, content) {
                        None => Ok(()),
                        Some(_) => Err(Invalid::new(
                            "twice",
                            "two files in it have the same name",
                            "pack one of the two",
                        )),
                    }
                })?;
            }
            Form::Xlsx => archives::measure(&bytes)?,
            Form::Ndjson => {}
        }
        let bytes = match form {
            Form::Folder => Vec::new(),
            _ => bytes,
        };
        Ok(Self { form, files, bytes })
    }

    /// What a path names.
    ///
    /// # Errors
    /// When it cannot be read, or is none of these.
    pub fn of_path(path: &Path) -> Result<Self, ImportError> {
        let failed = |error| ImportError::File(path.display().to_string(), error);
        if fs::metadata(path).map_err(failed)?.is_dir() {
            return folder(path).map(Self::of_files);
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        let form = match ending.to_ascii_lowercase().as_str() {
            "zip" => Form::Zip,
            "ndjson" | "jsonl" => Form::Ndjson,
            "xlsx" => Form::Xlsx,
            "ods" => return Err(ImportError::whole(&name, archives::open_document())),
            _ => {
                let kind = io::Error::new(io::ErrorKind::InvalidInput, "it has another form");
                return Err(failed(kind));
            }
        };
        let length = fs::metadata(path).map_err(failed)?.len();
        if form != Form::Ndjson && length > LARGEST as u64 || length > archives::UNPACKED {
            return Err(ImportError::whole(&name, too_large()));
        }
        let bytes = fs::read(path).map_err(failed)?;
        Self::of_bytes(form, bytes).map_err(|invalid| ImportError::whole(&name, invalid))
    }

    /// The bytes, of all but files.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes as they are kept.
    ///
    /// # Errors
    /// When files cannot be packed, which memory does not let happen.
    pub fn kept(&self) -> io::Result<Cow<'_, [u8]>> {
        match self.form {
            Form::Folder => archives::pack(&self.files).map(Cow::Owned),
            _ => Ok(Cow::Borrowed(&self.bytes)),
        }
    }

    /// The SHA-256 digest of what was brought: of the bytes, or of a folder's files with their names
    /// and lengths.
    pub fn digest(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        if self.form == Form::Folder {
            for (name, content) in &self.files {
                digest.update(format!("{name}\n{}\n", content.len()));
                digest.update(content);
            }
        } else {
            digest.update(&self.bytes);
        }
        digest.finalize().into()
    }
}

/// The refusal of what is too much to be read at all.
pub fn too_large() -> Invalid {
    Invalid::new(
        "too_large",
        "it is larger than what is read",
        format!(
            "send at most {} MiB, unpacked {} MiB; rows that are left out stay as they are",
            LARGEST / 1024 / 1024,
            archives::UNPACKED / 1024 / 1024
        ),
    )
}

/// The CSV files of a folder.
fn folder(path: &Path) -> Result<Files, ImportError> {
    let failed = |error| ImportError::File(path.display().to_string(), error);
    let (mut files, mut sum) = (Files::new(), 0);
    for entry in fs::read_dir(path).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|ending| ending == "csv") {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            sum += fs::metadata(&path).map_err(failed)?.len();
            if sum > archives::UNPACKED {
                return Err(ImportError::whole(&name, too_large()));
            }
            files.insert(name.into_owned(), fs::read(&path).map_err(failed)?);
        }
    }
    Ok(files)
}
