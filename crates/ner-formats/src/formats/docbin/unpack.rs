use std::fmt::Display;
use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use ner_files::skip_msgpack;
use rmp::Marker;
use rmp::decode::ValueReadError;
use rmpv::Value;

use super::DocBinError;
use super::columns::Columns;
use super::element::{attribute, cats, flags, string, user_data};
use super::error::malformed;
use super::inflate::Inflate;

/// Reads the MessagePack map inside a file, field by field, as it is unpacked.
struct Unpacker<'a> {
    reader: BufReader<Inflate<'a>>,
}

/// How deep an element of a list may be nested, and how many bytes it may have. Elements are read as values of any form,
/// and nesting takes stack: real ones are strings and flat maps of categories and flags.
const MAX_DEPTH: usize = 128;
const MAX_VALUE: u64 = 4 << 20;

/// Converts an element, or names the expected type.
type Convert<Raw, T> = fn(Raw) -> Result<T, &'static str>;

/// Unpacks the bytes of a file.
pub(super) fn unpack(bytes: &[u8], file: Arc<Path>) -> Result<Columns, DocBinError> {
    Unpacker { reader: BufReader::new(Inflate::new(bytes)) }.unpack(file)
}

impl Unpacker<'_> {
    fn unpack(mut self, file: Arc<Path>) -> Result<Columns, DocBinError> {
        let mut fields = Fields::default();
        let n_fields = rmp::decode::read_map_len(&mut self.reader)
            .map_err(|error| self.malformed("(all)", error, "a MessagePack map"))?;
        for _ in 0..n_fields {
            let key = self.value("(key)")?;
            let key = key.as_str().unwrap_or_default().to_owned();
            self.field(&key, &mut fields)?;
        }
        self.expect_end()?;
        fields.into_columns(file)
    }

    fn field(&mut self, key: &str, fields: &mut Fields) -> Result<(), DocBinError> {
        match key {
            "attrs" => fields.attributes = Some(self.list(key, attribute)?),
            "tokens" => fields.tokens = Some(self.bytes(key)?),
            "spaces" => fields.spaces = Some(self.bytes(key)?),
            "lengths" => fields.lengths = Some(self.bytes(key)?),
            "strings" => fields.strings = Some(self.list(key, string)?),
            "cats" => fields.cats = Some(self.list(key, cats)?),
            "flags" => fields.flags = Some(self.list(key, flags)?),
            "span_groups" => fields.span_groups = Some(self.list_of_bytes(key, Ok)?),
            "user_data" => fields.user_data = Some(self.list_of_bytes(key, user_data)?),
            _ => skip_msgpack(&mut self.reader)
                .map_err(|error| self.malformed(key, error, "well-formed MessagePack"))?,
        }
        Ok(())
    }

    fn list<T>(&mut self, field: &str, convert: Convert<Value, T>) -> Result<Vec<T>, DocBinError> {
        self.elements(field, |unpacker| unpacker.value(field), convert)
    }

    fn list_of_bytes(
        &mut self,
        field: &str,
        convert: Convert<Vec<u8>, Vec<u8>>,
    ) -> Result<Vec<Vec<u8>>, DocBinError> {
        self.elements(field, |unpacker| unpacker.bytes(field), convert)
    }

    /// A list, of which each element is converted as soon as it is read.
    fn elements<Raw, T>(
        &mut self,
        field: &str,
        read: impl Fn(&mut Self) -> Result<Raw, DocBinError>,
        convert: Convert<Raw, T>,
    ) -> Result<Vec<T>, DocBinError> {
        let length = rmp::decode::read_array_len(&mut self.reader)
            .map_err(|error| self.malformed(field, error, "a list"))?;
        // Grown as elements come, not by the length that the file claims.
        let mut list = Vec::new();
        for index in 0..length {
            self.reader.get_mut().charge(size_of::<T>())?;
            let element = convert(read(self)?).map_err(|expected| {
                malformed(field, format!("element {index} is something else"), expected)
            })?;
            list.push(element);
        }
        Ok(list)
    }

    /// Bytes; none where there is nil.
    fn bytes(&mut self, field: &str) -> Result<Vec<u8>, DocBinError> {
        let length = match rmp::decode::read_bin_len(&mut self.reader) {
            Ok(length) => length,
            Err(ValueReadError::TypeMismatch(Marker::Null)) => 0,
            Err(error) => return Err(self.malformed(field, error, "bytes")),
        };
        let mut bytes = Vec::new();
        let read = (&mut self.reader).take(u64::from(length)).read_to_end(&mut bytes);
        read.map_err(|error| self.malformed(field, error, "bytes"))?;
        if bytes.len() < length as usize {
            let found = format!("the file ends after {} of {length} bytes", bytes.len());
            return Err(self.malformed(field, found, "bytes"));
        }
        Ok(bytes)
    }

    fn value(&mut self, field: &str) -> Result<Value, DocBinError> {
        rmpv::decode::read_value_with_max_depth(&mut (&mut self.reader).take(MAX_VALUE), MAX_DEPTH)
            .map_err(|error| self.malformed(field, error, "well-formed MessagePack"))
    }

    /// Checks that the map was all there is, and with it the checksum of the stream.
    fn expect_end(&mut self) -> Result<(), DocBinError> {
        match self.reader.read(&mut [0]) {
            Ok(0) => Ok(()),
            Ok(_) => Err(self.malformed("(all)", "more bytes after the map", "one map")),
            Err(error) => Err(self.malformed("(all)", error, "one map")),
        }
    }

    /// The broken stream, if that was the cause, else the broken field. MessagePack's own message would hide the former:
    /// it sees no more than an end of input.
    fn malformed(&mut self, field: &str, found: impl Display, expected: &'static str) -> DocBinError {
        let problem = self.reader.get_mut().take_problem();
        problem.unwrap_or_else(|| malformed(field, found.to_string(), expected))
    }
}

/// The fields as found. Older files lack some.
#[derive(Default)]
struct Fields {
    attributes: Option<Vec<u64>>,
    tokens: Option<Vec<u8>>,
    spaces: Option<Vec<u8>>,
    lengths: Option<Vec<u8>>,
    strings: Option<Vec<String>>,
    cats: Option<Vec<Vec<(String, f64)>>>,
    flags: Option<Vec<bool>>,
    span_groups: Option<Vec<Vec<u8>>>,
    user_data: Option<Vec<Vec<u8>>>,
}

impl Fields {
    fn into_columns(self, file: Arc<Path>) -> Result<Columns, DocBinError> {
        let lengths = lengths(&required(self.lengths, "lengths")?)?;
        let n_docs = lengths.len();
        let columns = Columns {
            file,
            attributes: required(self.attributes, "attrs")?,
            tokens: required(self.tokens, "tokens")?,
            spaces: required(self.spaces, "spaces")?,
            strings: required(self.strings, "strings")?,
            cats: required(self.cats, "cats")?,
            has_unknown_spaces: self.flags.unwrap_or_else(|| vec![false; n_docs]),
            span_groups: self.span_groups.unwrap_or_else(|| vec![Vec::new(); n_docs]),
            user_data: self.user_data.unwrap_or_else(|| vec![Vec::new(); n_docs]),
            lengths,
        };
        columns.check()?;
        Ok(columns)
    }
}

fn required<T>(field: Option<T>, name: &'static str) -> Result<T, DocBinError> {
    field.ok_or(DocBinError::MissingField(name))
}

fn lengths(bytes: &[u8]) -> Result<Vec<usize>, DocBinError> {
    let (lengths, rest) = bytes.as_chunks::<4>();
    if !rest.is_empty() {
        return Err(malformed("lengths", format!("{} bytes", bytes.len()), "4 bytes a document"));
    }
    lengths
        .iter()
        .map(|length| {
            let length = i32::from_le_bytes(*length);
            usize::try_from(length).map_err(|_| DocBinError::NegativeLength(length))
        })
        .collect()
}
