//! Source archives, which setuptools builds a wheel of.

use flate2::Compression;
use flate2::write::GzEncoder;
use ner_files::FileMap;
use tar::{Builder, Header};

use super::description::Description;
use super::wheel::metadata;

/// Name and content of the archive. The same files give the same bytes.
pub(super) fn build(description: &Description, project: &FileMap) -> anyhow::Result<(String, Vec<u8>)> {
    let folder = description.folder();
    let mut archive = Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
    let readme = project.get("README.md").map(Vec::as_slice).unwrap_or_default();
    let metadata = metadata(description, readme);
    let description_file = [("PKG-INFO".to_owned(), metadata.into_bytes())];
    for (name, bytes) in description_file.iter().map(|(name, bytes)| (name, bytes)).chain(project) {
        let mut header = Header::new_gnu();
        header.set_mode(0o644);
        header.set_mtime(0);
        header.set_uid(0);
        header.set_gid(0);
        header.set_size(bytes.len() as u64);
        archive.append_data(&mut header, format!("{folder}/{name}"), bytes.as_slice())?;
    }
    Ok((format!("{folder}.tar.gz"), archive.into_inner()?.finish()?))
}
