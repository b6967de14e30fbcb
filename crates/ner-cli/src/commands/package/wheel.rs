//! Wheels, which pip unpacks into place.

use std::io::{Cursor, Write};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ner_files::FileMap;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::description::Description;

/// Name and content of the archive. The same files give the same bytes.
pub(super) fn build(description: &Description, project: &FileMap) -> anyhow::Result<(String, Vec<u8>)> {
    let package = description.package();
    // In the names of files pip takes any run of `-`, `_` and `.` for one `_`.
    let words: Vec<&str> = package.split('_').filter(|word| !word.is_empty()).collect();
    let stem = format!("{}-{}", words.join("_"), description.text("version"));
    let inside = format!("{package}/");
    let mut files: FileMap = project
        .iter()
        .filter(|(name, _)| name.starts_with(&inside))
        .map(|(name, bytes)| (name.clone(), bytes.clone()))
        .collect();
    let readme = project.get("README.md").map(Vec::as_slice).unwrap_or_default();
    let mut add = |name: &str, text: String| {
        files.insert(format!("{stem}.dist-info/{name}"), text.into_bytes());
    };
    add("METADATA", metadata(description, readme));
    add("WHEEL", WHEEL.to_owned());
    add("entry_points.txt", format!("[spacy_models]\n{package} = {package}\n"));
    add("top_level.txt", format!("{package}\n"));
    let record = record(&files, &format!("{stem}.dist-info/RECORD"));
    files.insert(format!("{stem}.dist-info/RECORD"), record.into_bytes());
    Ok((format!("{stem}-py3-none-any.whl"), zip(&files)?))
}

const WHEEL: &str = "\
Wheel-Version: 1.0
Generator: ner
Root-Is-Purelib: true
Tag: py3-none-any
";

/// A line for each file with its hash and its size; none of them for the list itself.
fn record(files: &FileMap, own_name: &str) -> String {
    let line = |(name, bytes): (&String, &Vec<u8>)| {
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

fn zip(files: &FileMap) -> anyhow::Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    for (name, bytes) in files {
        archive.start_file(name.as_str(), options.large_file(bytes.len() as u64 >= u64::from(u32::MAX)))?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// Python's description of a package, with its README as the body.
pub(super) fn metadata(description: &Description, readme: &[u8]) -> String {
    let mut text = "Metadata-Version: 2.1\n".to_owned();
    let mut add = |key: &str, value: &str| {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        if !value.is_empty() {
            text += &format!("{key}: {value}\n");
        }
    };
    add("Name", &description.package());
    for (key, name) in [
        ("Version", "version"),
        ("Summary", "description"),
        ("Home-page", "url"),
        ("Author", "author"),
        ("Author-email", "email"),
        ("License", "license"),
    ] {
        add(key, description.text(name));
    }
    description.requirements().iter().for_each(|requirement| add("Requires-Dist", requirement));
    add("Description-Content-Type", "text/markdown");
    format!("{text}\n{}", String::from_utf8_lossy(readme))
}
