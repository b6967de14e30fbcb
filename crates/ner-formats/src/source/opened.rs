use std::io::{BufRead, Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use super::encoding::{Encoding, skip_mark};
use super::packing::Packing;
use super::sample::suffix;
use super::text::{Source, whole_text};
use crate::FormatError;

/// A file opened for reading: unpacked, and read as UTF-8 whatever its encoding. Its first bytes have been looked at.
pub struct Opened {
    file: Arc<Path>,
    bytes: Box<dyn BufRead + Send>,
    head: Vec<u8>,
    encoding: Encoding,
}

/// Bytes that are looked at before the rest: some hundred lines, or a long record.
const HEAD: usize = 1 << 16;

/// The first line of the file that Git stores in place of one that Git LFS keeps elsewhere.
const LFS_POINTER: &[u8] = b"version https://git-lfs";

impl Opened {
    /// Opens a file. `encoding`: instead of what the first bytes say.
    pub fn open(path: &Path, encoding: Option<Encoding>) -> Result<Opened, FormatError> {
        Opened::of(Box::new(ner_files::open(path)?), path, encoding)
    }

    /// Reads from `bytes`; `file` is their name in errors.
    pub fn of(
        bytes: Box<dyn BufRead + Send>,
        file: impl Into<Arc<Path>>,
        encoding: Option<Encoding>,
    ) -> Result<Opened, FormatError> {
        let file = file.into();
        let (mut head, mut bytes) = look_ahead(bytes, &file)?;
        if head.starts_with(LFS_POINTER) {
            return Err(FormatError::LfsPointer { file });
        }
        if let Some(packing) = Packing::of(&head) {
            let unpacked = packing.unpack(bytes).map_err(FormatError::io(&file))?;
            let Some(unpacked) = unpacked else {
                let Packing::Other(kind) = packing else { unreachable!("only these are not unpacked") };
                return Err(FormatError::Packing { file, kind });
            };
            (head, bytes) = look_ahead(unpacked, &file)?;
        }
        let encoding = encoding.unwrap_or_else(|| Encoding::of(&head));
        if encoding != Encoding::Utf8 {
            // As a whole: decoders that work in parts replace what they cannot decode instead of saying so.
            let mut all = Vec::new();
            bytes.read_to_end(&mut all).map_err(FormatError::io(&file))?;
            let text = encoding.to_utf8(all);
            let text = text.ok_or_else(|| FormatError::Encoding { file: file.clone(), encoding })?;
            (head, bytes) = look_ahead(Box::new(Cursor::new(text)), &file)?;
        }
        Ok(Opened { file, bytes, head, encoding })
    }

    /// The file.
    pub fn file(&self) -> &Arc<Path> {
        &self.file
    }

    /// The suffix of the file in small letters, without that of a packing: `conll` of `a.CoNLL.gz`.
    pub fn suffix(&self) -> String {
        suffix(&self.file)
    }

    /// Its encoding, before it was read as UTF-8.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The first bytes, up to 64 KiB, without a byte-order mark.
    pub fn head(&self) -> &[u8] {
        skip_mark(&self.head)
    }

    /// Whether the head is the whole file.
    pub(crate) fn is_all_head(&self) -> bool {
        self.head.len() < HEAD
    }

    /// The bytes of the file, without a byte-order mark.
    pub fn into_reader(self) -> Box<dyn BufRead + Send> {
        let mut bytes = self.bytes;
        // The mark lies in the look-ahead, which is the reader's first buffer.
        let n_mark = self.head.len() - skip_mark(&self.head).len();
        bytes.consume(n_mark);
        bytes
    }

    /// All bytes, without a byte-order mark.
    pub(crate) fn into_bytes(self) -> Result<Vec<u8>, FormatError> {
        let file = self.file.clone();
        let mut bytes = Vec::new();
        self.into_reader().read_to_end(&mut bytes).map_err(FormatError::io(&file))?;
        Ok(bytes)
    }

    /// The text as a whole; line ends of all kinds become `\n`. Fails where it is not UTF-8.
    pub fn into_text(self) -> Result<String, FormatError> {
        Ok(self.into_source()?.into_text())
    }

    /// The same, with the means to find the line of each of its parts.
    pub(crate) fn into_source(self) -> Result<Source, FormatError> {
        let file = self.file.clone();
        Source::from_bytes(self.into_bytes()?, file)
    }

    /// The text with its line ends as they are, for offsets that count each character of the file.
    pub(crate) fn into_raw_text(self) -> Result<String, FormatError> {
        let file = self.file.clone();
        whole_text(self.into_bytes()?, &file)
    }
}

/// The first bytes, and a reader that gives all of them, those first.
fn look_ahead(
    mut bytes: Box<dyn BufRead + Send>,
    file: &Path,
) -> Result<(Vec<u8>, Box<dyn BufRead + Send>), FormatError> {
    let mut head = Vec::new();
    bytes.by_ref().take(HEAD as u64).read_to_end(&mut head).map_err(FormatError::io(file))?;
    let all = Cursor::new(head.clone()).chain(bytes);
    Ok((head, Box::new(all)))
}
