use std::collections::BTreeMap;
use std::io::{self, Seek, Write};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::Package;
use crate::metadata::metadata;

const WHEEL: &str = "\
Wheel-Version: 1.0
Generator: ner
Root-Is-Purelib: true
Tag: py3-none-any
";

/// The name of the wheel, which says that it is for every Python 3 on every machine.
pub(crate) fn name(package: &Package) -> String {
    format!("{}-py3-none-any.whl", stem(package))
}

/// The files of a wheel by their paths, in whose order they are written.
type Files<'a> = BTreeMap<String, &'a [u8]>;

/// Writes the wheel.
pub(crate) fn write(package: &Package, file: impl Write + Seek) -> io::Result<()> {
    let name = package.description.package();
    let info = format!("{}.dist-info", stem(package));
    let inside = format!("{name}/");
    let descriptions = [
        ("METADATA", metadata(package)),
        ("WHEEL", WHEEL.to_owned()),
        // spaCy: lists the pipelines that are installed by this group of entry points (util.py).
        ("entry_points.txt", format!("[spacy_models]\n{name} = {name}\n")),
        ("top_level.txt", format!("{name}\n")),
    ];
    let own = package.files.iter().filter(|(path, _)| path.starts_with(&inside));
    let own = own.map(|(path, bytes)| (path.clone(), bytes.as_slice()));
    let described = descriptions.iter().map(|(file, text)| (format!("{info}/{file}"), text.as_bytes()));
    let mut files: Files<'_> = own.chain(described).collect();
    // Made last, since it holds the hashes of all others.
    let record = record(&files, &format!("{info}/RECORD"));
    files.insert(format!("{info}/RECORD"), record.as_bytes());
    zip(&files, file)
}

/// Name and version as wheels are named. In the names of files pip takes any run of `-`, `_` and `.` for one `_`.
fn stem(package: &Package) -> String {
    let name = package.description.package();
    let words: Vec<&str> = name.split('_').filter(|word| !word.is_empty()).collect();
    format!("{}-{}", words.join("_"), package.description.text("version"))
}

/// The list of all files: a line for each with its hash and its size, and one without them for the list itself.
fn record(files: &Files<'_>, own_name: &str) -> String {
    let line = |(name, bytes): (&String, &&[u8])| {
        let hash = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(bytes));
        format!("{},sha256={hash},{}\n", field(name), bytes.len())
    };
    files.iter().map(line).collect::<String>() + &format!("{own_name},,\n")
}

/// A field of comma-separated values.
fn field(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

fn zip(files: &Files<'_>, file: impl Write + Seek) -> io::Result<()> {
    let mut archive = ZipWriter::new(file);
    // A fixed time and mode, so that the same files give the same bytes.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    // The header comes before the content, so sizes beyond 32 bits must be announced.
    for (name, bytes) in files {
        archive.start_file(name.as_str(), options.large_file(bytes.len() as u64 >= u64::from(u32::MAX)))?;
        archive.write_all(bytes)?;
    }
    archive.finish()?;
    Ok(())
}
