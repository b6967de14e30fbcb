//! Archives of Python packages: wheels and other `.zip` files, `.tar.gz` files.

use std::collections::BTreeMap;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Component, Path};

use flate2::read::GzDecoder;
use tar::EntryType;
use zip::ZipArchive;

use crate::{ArchiveProblem, Bound, FileError, is_lfs_pointer};

/// Files by their paths within a directory or an archive, with `/` between folders.
pub type FileMap = BTreeMap<String, Vec<u8>>;

/// How an archive begins.
const ZIP: [u8; 2] = *b"PK";
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Whether bytes begin as those of an archive do.
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(&ZIP) || bytes.starts_with(&GZIP)
}

/// All files of an archive, a `.zip` or a `.tar.gz`, within a bound on their size. `name` is for messages.
///
/// # Errors
/// If the archive is damaged, exceeds the bound, or holds a file twice, a link, or a path that leads out of it.
pub fn unpack(mut archive: impl Read + Seek, bound: Bound, name: &Path) -> Result<FileMap, FileError> {
    let n_packed = archive.seek(SeekFrom::End(0)).map_err(FileError::io(name))?;
    archive.rewind().map_err(FileError::io(name))?;
    let mut magic = [0; 2];
    let is_long_enough = archive.read_exact(&mut magic).and_then(|()| archive.rewind()).is_ok();
    let mut files = Unpacked { files: FileMap::new(), n_left: bound.of(n_packed) };
    let added = match magic {
        ZIP if is_long_enough => files.add_zip(archive),
        GZIP if is_long_enough => files.add_tar(GzDecoder::new(archive)),
        _ => return Err(no_archive(archive, name)),
    };
    added.map_err(|problem| FileError::Archive { path: name.to_owned(), problem })?;
    Ok(files.files)
}

/// Why bytes that do not begin as those of an archive are none.
fn no_archive(archive: impl Read, name: &Path) -> FileError {
    let mut start = Vec::new();
    match archive.take(64).read_to_end(&mut start) {
        Err(source) => FileError::io(name)(source),
        Ok(_) if is_lfs_pointer(&start) => FileError::LfsPointer { path: name.to_owned() },
        Ok(_) => FileError::NoArchive { path: name.to_owned() },
    }
}

struct Unpacked {
    files: FileMap,
    /// Bytes that may still be unpacked.
    n_left: u64,
}

impl Unpacked {
    fn add_zip(&mut self, archive: impl Read + Seek) -> Result<(), ArchiveProblem> {
        let mut archive = ZipArchive::new(archive).map_err(damaged)?;
        // The crate would give the last of them alone, where another program may take the first.
        if archive.has_duplicate_names() {
            return Err(ArchiveProblem::Twice("a file".to_owned()));
        }
        for index in 0..archive.len() {
            let file = archive.by_index(index).map_err(damaged)?;
            let name = file.name().map_err(damaged)?.into_owned();
            if file.is_symlink() {
                return Err(ArchiveProblem::Link(escaped(&name)));
            }
            if !file.is_dir() {
                let size = file.size();
                self.add(&name, size, file)?;
            }
        }
        Ok(())
    }

    fn add_tar(&mut self, unpacked: impl Read) -> Result<(), ArchiveProblem> {
        // Headers between the files are bounded too, as otherwise an archive of headers alone would be read for ever.
        // Twice the bound leaves a header of 512 bytes and as much padding to files of any ordinary size.
        let mut archive = tar::Archive::new(unpacked.take(2 * self.n_left));
        for entry in archive.entries().map_err(damaged)? {
            let entry = entry.map_err(damaged)?;
            let name =
                String::from_utf8(entry.path_bytes().into_owned()).map_err(|_| ArchiveProblem::Name)?;
            match entry.header().entry_type() {
                EntryType::Directory | EntryType::XGlobalHeader => {}
                EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {
                    let size = entry.size();
                    self.add(&name, size, entry)?;
                }
                _ => return Err(ArchiveProblem::Link(escaped(&name))),
            }
        }
        // gzip's checksum comes last, and is only verified when the stream is read to its end.
        io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(damaged)?;
        Ok(())
    }

    /// Adds a file that the archive says is `size` bytes long.
    fn add(&mut self, name: &str, size: u64, content: impl Read) -> Result<(), ArchiveProblem> {
        let path = inner_path(name)?;
        let too_large = || ArchiveProblem::TooLarge(escaped(name));
        if size > self.n_left {
            return Err(too_large());
        }
        // No memory is taken for a size that is only claimed; a byte more than allowed shows that it was a lie.
        let mut bytes = Vec::new();
        content.take(self.n_left + 1).read_to_end(&mut bytes).map_err(damaged)?;
        self.n_left = self.n_left.checked_sub(bytes.len() as u64).ok_or_else(too_large)?;
        if bytes.len() as u64 != size {
            return Err(ArchiveProblem::CutShort(escaped(name)));
        }
        match self.files.insert(path, bytes) {
            Some(_) => Err(ArchiveProblem::Twice(escaped(name))),
            None => Ok(()),
        }
    }
}

/// A file's path within the archive, without `./`.
fn inner_path(name: &str) -> Result<String, ArchiveProblem> {
    let outside = || ArchiveProblem::Outside(escaped(name));
    let mut parts = Vec::new();
    for part in Path::new(name).components() {
        match part {
            Component::Normal(part) => parts.extend(part.to_str()),
            Component::CurDir => {}
            _ => return Err(outside()),
        }
    }
    // A backslash separates folders on Windows alone: there `a\..\..\b` leads out, and here it is one name.
    let is_plain = !parts.is_empty() && !name.contains(['\\', '\0']);
    if is_plain { Ok(parts.join("/")) } else { Err(outside()) }
}

/// A name for a message on a terminal, which control characters could upset.
fn escaped(name: &str) -> String {
    name.escape_debug().to_string()
}

fn damaged(error: impl Into<io::Error>) -> ArchiveProblem {
    ArchiveProblem::Damaged(error.into())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn unpack_bytes(bytes: &[u8]) -> Result<FileMap, String> {
        let bound = Bound { free: 256 << 20, ratio: 16 };
        let unpacked = unpack(Cursor::new(bytes), bound, Path::new("x"));
        unpacked.map_err(|error| error.to_string())
    }

    fn zip(names: &[&str]) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for name in names {
            archive.start_file(*name, SimpleFileOptions::default()).unwrap();
            archive.write_all(name.as_bytes()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    /// A `.tar.gz` whose headers hold exactly these names.
    fn tar_gz(entries: &[(&str, EntryType, &[u8])]) -> Vec<u8> {
        let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
        for (name, kind, content) in entries {
            let mut header = tar::Header::new_gnu();
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_entry_type(*kind);
            header.set_size(content.len() as u64);
            header.set_cksum();
            archive.append(&header, *content).unwrap();
        }
        archive.into_inner().unwrap().finish().unwrap()
    }

    #[test]
    fn both_kinds_of_archive_give_their_files() {
        let files = unpack_bytes(&zip(&["a/b", "c"])).unwrap();
        assert_eq!(
            files.into_iter().collect::<Vec<_>>(),
            [("a/b".into(), b"a/b".into()), ("c".into(), b"c".into())]
        );
        let entries: [(&str, EntryType, &[u8]); 2] =
            [("./a/", EntryType::Directory, b""), ("./a/b", EntryType::Regular, b"text")];
        let files = unpack_bytes(&tar_gz(&entries)).unwrap();
        assert_eq!(files.into_iter().collect::<Vec<_>>(), [("a/b".into(), b"text".into())]);
    }

    #[track_caller]
    fn check(bytes: &[u8], problem: &str) {
        let message = unpack_bytes(bytes).map(|_| "no error").unwrap_err();
        assert!(message.contains(problem), "{message}");
    }

    #[test]
    fn hostile_archives_are_refused() {
        let file = |name| tar_gz(&[(name, EntryType::Regular, b"x")]);
        for name in ["../a", "/a", "a/../../b", "a\\b", "."] {
            check(&file(name), "is no path within it");
        }
        check(&tar_gz(&[("a", EntryType::Symlink, b"")]), "is a link");
        check(&tar_gz(&[("a", EntryType::Link, b"")]), "is a link");
        let twice: (&str, EntryType, &[u8]) = ("a", EntryType::Regular, b"");
        check(&tar_gz(&[twice, twice]), "holds a twice");
        // A name in place of another of the same length, at the entry and in the table of contents.
        let mut twice = zip(&["one", "two"]);
        while let Some(at) = twice.windows(3).position(|bytes| bytes == b"two") {
            twice[at..at + 3].copy_from_slice(b"one");
        }
        check(&twice, "twice");
    }

    #[test]
    fn damaged_archives_are_refused() {
        for good in [zip(&["a"]), tar_gz(&[("a", EntryType::Regular, &[7; 2000])])] {
            for length in [0, 1, 2, good.len() / 2, good.len() - 1] {
                assert!(unpack_bytes(&good[..length]).is_err(), "{length}");
            }
        }
        check(b"neither", "expected an archive");
        check(b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull");
    }

    #[test]
    fn an_archive_that_unpacks_to_something_absurd_is_refused() {
        let zeros = vec![0; 1 << 20];
        let entries: Vec<(String, EntryType, &[u8])> =
            (0..400).map(|index| (index.to_string(), EntryType::Regular, zeros.as_slice())).collect();
        let entries: Vec<_> =
            entries.iter().map(|(name, kind, bytes)| (name.as_str(), *kind, *bytes)).collect();
        check(&tar_gz(&entries), "far more");
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, _, bytes) in &entries {
            archive.start_file(*name, SimpleFileOptions::default()).unwrap();
            archive.write_all(bytes).unwrap();
        }
        check(&archive.finish().unwrap().into_inner(), "far more");
    }
}
