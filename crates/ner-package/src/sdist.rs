use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, Header};

use crate::Package;
use crate::metadata::metadata;

/// The name of the source archive.
pub(crate) fn name(package: &Package) -> String {
    format!("{}.tar.gz", package.folder())
}

/// Writes the source archive.
pub(crate) fn write(package: &Package, file: impl Write) -> io::Result<()> {
    let folder = package.folder();
    let mut archive = Builder::new(GzEncoder::new(file, Compression::default()));
    let description = ("PKG-INFO".to_owned(), metadata(package).into_bytes());
    for (name, bytes) in [(&description.0, &description.1)].into_iter().chain(&package.files) {
        // No time and no user of this machine, so that the same files give the same bytes.
        let mut header = Header::new_gnu();
        header.set_mode(0o644);
        header.set_mtime(0);
        header.set_uid(0);
        header.set_gid(0);
        header.set_size(bytes.len() as u64);
        archive.append_data(&mut header, format!("{folder}/{name}"), bytes.as_slice())?;
    }
    archive.into_inner()?.finish().map(drop)
}
