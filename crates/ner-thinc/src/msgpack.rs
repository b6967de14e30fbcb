use ner_files::skip_msgpack;
use rmp::decode;

use crate::ThincError;

/// Reads MessagePack from a slice. No length is believed before the bytes for it are seen to be there.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    len: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { rest: bytes, len: bytes.len() }
    }

    /// The number of entries of a map.
    pub(crate) fn map_len(&mut self) -> Result<usize, ThincError> {
        let len = self.read("a map", decode::read_map_len)?;
        self.checked_len(len)
    }

    /// The number of items of a list.
    pub(crate) fn array_len(&mut self) -> Result<usize, ThincError> {
        let len = self.read("a list", decode::read_array_len)?;
        self.checked_len(len)
    }

    /// A number that is not negative.
    pub(crate) fn count(&mut self) -> Result<usize, ThincError> {
        self.read("a number that is not negative", decode::read_int)
    }

    /// A number, or `None` for nil.
    pub(crate) fn optional_count(&mut self) -> Result<Option<usize>, ThincError> {
        if self.take_nil() { Ok(None) } else { self.count().map(Some) }
    }

    pub(crate) fn boolean(&mut self) -> Result<bool, ThincError> {
        self.read("true or false", decode::read_bool)
    }

    /// Whether a nil came next; it is taken if so.
    pub(crate) fn take_nil(&mut self) -> bool {
        decode::read_nil(&mut self.rest.get(..1).unwrap_or_default())
            .map(|()| self.rest = &self.rest[1..])
            .is_ok()
    }

    /// A text, packed as text or as bytes: NumPy's arrays have keys of bytes.
    pub(crate) fn text(&mut self) -> Result<&'a str, ThincError> {
        // Kept so that the error names the place of the text, not what follows it.
        let before = self.rest;
        let bytes = match self.read("text", decode::read_str_len) {
            Ok(len) => self.take(len as usize)?,
            Err(error) => self.bytes().map_err(|_| error)?,
        };
        str::from_utf8(bytes).map_err(|_| {
            self.rest = before;
            self.malformed("text in UTF-8".to_owned(), "other bytes".to_owned())
        })
    }

    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], ThincError> {
        let len = self.read("bytes", decode::read_bin_len)?;
        self.take(len as usize)
    }

    /// The bytes that come next; `None`, and nothing is taken, if something else does.
    pub(crate) fn take_bytes(&mut self) -> Option<&'a [u8]> {
        let before = self.rest;
        self.bytes().inspect_err(|_| self.rest = before).ok()
    }

    /// A value of any kind as it stands in the file.
    pub(crate) fn packed(&mut self) -> Result<&'a [u8], ThincError> {
        let before = self.rest;
        self.skip()?;
        Ok(&before[..before.len() - self.rest.len()])
    }

    /// Passes over a value of any kind, without memory for it.
    pub(crate) fn skip(&mut self) -> Result<(), ThincError> {
        self.read("a value", skip_msgpack)
    }

    /// Makes sure that nothing follows.
    pub(crate) fn end(&self) -> Result<(), ThincError> {
        match self.rest.len() {
            0 => Ok(()),
            n => Err(self.malformed("the end of the file".to_owned(), format!("{n} more bytes"))),
        }
    }

    pub(crate) fn malformed(&self, expected: String, found: String) -> ThincError {
        ThincError::Malformed { offset: self.len - self.rest.len(), expected, found }
    }

    fn read<T, E>(
        &mut self,
        expected: &str,
        read: impl FnOnce(&mut &'a [u8]) -> Result<T, E>,
    ) -> Result<T, ThincError> {
        // A copy, so that a failed attempt leaves the reader in place for another one and for the message.
        let mut rest = self.rest;
        let value = read(&mut rest).map_err(|_| self.malformed(expected.to_owned(), self.next_found()))?;
        self.rest = rest;
        Ok(value)
    }

    /// What comes next, for a message.
    fn next_found(&self) -> String {
        match self.rest.first() {
            Some(&byte) => format!("{:?}", rmp::Marker::from_u8(byte)),
            None => "the end of the file".to_owned(),
        }
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], ThincError> {
        let found = self.rest.len();
        let (taken, rest) = self.rest.split_at_checked(len).ok_or_else(|| {
            self.malformed(
                format!("{len} bytes"),
                format!("the end of the file after {found}: it is cut short"),
            )
        })?;
        self.rest = rest;
        Ok(taken)
    }

    /// Each item takes a byte at least, so a longer list than there are bytes cannot be.
    fn checked_len(&self, len: u32) -> Result<usize, ThincError> {
        let len = len as usize;
        if len > self.rest.len() {
            return Err(self.malformed(
                format!("{len} items"),
                format!("the end of the file after {} bytes: it is cut short", self.rest.len()),
            ));
        }
        Ok(len)
    }
}
