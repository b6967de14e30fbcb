use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::Path;

use ner_files::{Bound, FileError, Packing, Unpacked, is_lfs_pointer};
use zip::ZipArchive;

use super::VectorFileError;

/// A file of vectors, unpacked, of which the first bytes have been looked at.
pub(super) struct Source<'a> {
    /// The file, for messages.
    pub path: &'a Path,
    /// All bytes.
    pub bytes: Box<dyn BufRead + Send + 'a>,
    /// The first of them.
    pub head: Vec<u8>,
    /// The name of the file in the archive, if it is one, and how many there are.
    pub member: Option<(String, usize)>,
}

/// Bytes that are looked at before the rest: some rows of a few hundred values.
const HEAD: u64 = 1 << 16;

/// Numbers pack to a half or a third, and rows of zeros to a hundredth.
const BOUND: Bound = Bound { free: 1 << 30, ratio: 256 };

const ZIP: &[u8] = b"PK\x03\x04";

/// Opens and unpacks a file for `read`.
pub(super) fn with_source<T>(
    path: &Path,
    read: impl FnOnce(Source<'_>) -> Result<T, VectorFileError>,
) -> Result<T, VectorFileError> {
    let io_error = FileError::io(path);
    let mut packed = ner_files::open(path)?;
    let head = packed.fill_buf().map_err(&io_error)?;
    if let Some(what) = other_packing(head) {
        return Err(VectorFileError::format(path, format!("{what}; unpack it, and give the file inside")));
    }
    if head.starts_with(ZIP) {
        drop(packed);
        return in_zip(path, read);
    }
    match Packing::of(head) {
        None => read(Source::new(path, Box::new(packed), None)?),
        Some(packing) => {
            let bytes = packing.unpack(packed, BOUND).map_err(io_error)?;
            read(Source::new(path, bytes, None)?)
        }
    }
}

/// Opens the first file of an archive.
fn in_zip<T>(
    path: &Path,
    read: impl FnOnce(Source<'_>) -> Result<T, VectorFileError>,
) -> Result<T, VectorFileError> {
    let damaged = |error: zip::result::ZipError| {
        VectorFileError::format(path, format!("the archive is damaged: {error}; copy or download it again"))
    };
    let file = File::open(path).map_err(FileError::io(path))?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(damaged)?;
    let n_files = archive.len();
    // spaCy: the first of several, such as the 50 dimensions of GloVe's (training/initialize.py).
    let first = (0..n_files).find(|&index| archive.by_index(index).is_ok_and(|file| !file.is_dir()));
    let file = archive.by_index(first.unwrap_or(0)).map_err(damaged)?;
    let name = String::from_utf8_lossy(file.name_raw()).escape_debug().to_string();
    let n_packed = file.compressed_size();
    let bytes = BufReader::new(Unpacked::new(file, n_packed, BOUND));
    read(Source::new(path, Box::new(bytes), Some((name, n_files)))?)
}

impl<'a> Source<'a> {
    fn new(
        path: &'a Path,
        mut bytes: Box<dyn BufRead + Send + 'a>,
        member: Option<(String, usize)>,
    ) -> Result<Source<'a>, VectorFileError> {
        let mut head = Vec::new();
        bytes.by_ref().take(HEAD).read_to_end(&mut head).map_err(FileError::io(path))?;
        if is_lfs_pointer(&head) {
            return Err(FileError::LfsPointer { path: path.to_owned() }.into());
        }
        if let Some(what) = other_content(&head) {
            return Err(VectorFileError::format(path, what));
        }
        Ok(Source { path, bytes: Box::new(Cursor::new(head.clone()).chain(bytes)), head, member })
    }
}

/// Packings that are not read.
fn other_packing(head: &[u8]) -> Option<&'static str> {
    match head {
        [0xfd, b'7', b'z', b'X', b'Z', ..] => Some("the file is packed with xz"),
        [b'B', b'Z', b'h', b'1'..=b'9', ..] => Some("the file is packed with bzip2"),
        [b'7', b'z', 0xbc, 0xaf, ..] => Some("the file is a 7z archive"),
        _ => None,
    }
}

/// Contents that are known not to be vectors with their words.
fn other_content(head: &[u8]) -> Option<&'static str> {
    match head {
        [] => Some("the file is empty; copy or download it again"),
        [0x93, b'N', b'U', b'M', b'P', b'Y', ..] => Some(
            "this is an array of NumPy's, which has rows and no words; expected a text with a word and its numbers in each \
             line",
        ),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            Some("the text is UTF-16; expected UTF-8: convert it, as with `iconv -f utf16 -t utf8`")
        }
        _ if head.get(257..262) == Some(b"ustar") => {
            Some("the file is a tar archive; unpack it, and give the file inside")
        }
        _ => None,
    }
}
