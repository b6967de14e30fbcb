use std::fmt::Display;
use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use ner_doc::{Attribute, Vocab};
use rmpv::Value;

use super::inflate::Inflate;
use super::{DocBinProblem, Docs};
use crate::{CorpusError, Place, storage};

/// An unpacked `.spacy` file, before its rows become documents.
#[derive(Debug)]
pub struct DocBin {
    pub(super) file: Arc<Path>,
    /// Ids of the columns in order.
    pub(super) attributes: Vec<u64>,
    /// [tokens, attributes] little-endian u64, the tokens of all documents in a row.
    pub(super) tokens: Vec<u8>,
    /// One byte a token.
    pub(super) spaces: Vec<u8>,
    pub(super) lengths: Vec<usize>,
    pub(super) strings: Vec<String>,
    pub(super) cats: Vec<Vec<(String, f64)>>,
    pub(super) has_unknown_spaces: Vec<bool>,
    pub(super) span_groups: Vec<Vec<u8>>,
    pub(super) user_data: Vec<Vec<u8>>,
}

impl DocBin {
    /// Reads and unpacks a file. Fails if it cannot be read or is damaged.
    pub fn open(path: &Path) -> Result<DocBin, CorpusError> {
        DocBin::read(storage::open(path)?, path)
    }

    /// Unpacks what `reader` gives to its end; `file` is its name in errors.
    pub fn read(mut reader: impl Read, file: impl Into<Arc<Path>>) -> Result<DocBin, CorpusError> {
        let file = file.into();
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).map_err(CorpusError::io(&file))?;
        DocBin::from_bytes(&bytes, file)
    }

    /// Unpacks the bytes of a file; `file` is its name in errors.
    pub fn from_bytes(bytes: &[u8], file: impl Into<Arc<Path>>) -> Result<DocBin, CorpusError> {
        let file = file.into();
        Unpacker { reader: BufReader::new(Inflate::new(bytes)) }
            .unpack(file.clone())
            .map_err(|problem| CorpusError::DocBin { place: Place::file(file), problem })
    }

    /// The number of documents.
    pub fn len(&self) -> usize {
        self.lengths.len()
    }

    /// Whether there is no document.
    pub fn is_empty(&self) -> bool {
        self.lengths.is_empty()
    }

    /// The documents, with ids of `vocab`, which learns the strings of their annotation.
    pub fn into_docs(self, vocab: Arc<Vocab>) -> Docs {
        Docs::new(self, vocab)
    }
}

/// Reads the MessagePack map inside a file, field by field, as it is unpacked.
struct Unpacker<'a> {
    reader: BufReader<Inflate<'a>>,
}

/// How deep cats, flags and user data may be nested.
const MAX_DEPTH: usize = 128;

impl Unpacker<'_> {
    fn unpack(mut self, file: Arc<Path>) -> Result<DocBin, DocBinProblem> {
        let mut fields = Fields::default();
        let n_fields = rmp::decode::read_map_len(&mut self.reader)
            .map_err(|error| self.malformed("(all)", error, "a MessagePack map"))?;
        for _ in 0..n_fields {
            let key = self.value("(key)")?;
            let key = key.as_str().unwrap_or_default().to_owned();
            self.field(&key, &mut fields)?;
        }
        self.expect_end()?;
        fields.into_doc_bin(file)
    }

    fn field(&mut self, key: &str, fields: &mut Fields) -> Result<(), DocBinProblem> {
        match key {
            "attrs" => fields.attributes = Some(self.list(key, attribute)?),
            "tokens" => fields.tokens = Some(self.bytes(key)?),
            "spaces" => fields.spaces = Some(self.bytes(key)?),
            "lengths" => fields.lengths = Some(self.bytes(key)?),
            "strings" => fields.strings = Some(self.list(key, string)?),
            "cats" => fields.cats = Some(self.list(key, cats)?),
            "flags" => fields.flags = Some(self.list(key, flags)?),
            "span_groups" => fields.span_groups = Some(self.list(key, binary)?),
            "user_data" => fields.user_data = Some(self.list(key, user_data)?),
            _ => drop(self.value(key)?),
        }
        Ok(())
    }

    /// A list, of which each element is converted as soon as it is read.
    fn list<T>(
        &mut self,
        field: &str,
        convert: impl Fn(Value) -> Result<T, &'static str>,
    ) -> Result<Vec<T>, DocBinProblem> {
        let length = rmp::decode::read_array_len(&mut self.reader)
            .map_err(|error| self.malformed(field, error, "a list"))?;
        let mut list = Vec::new();
        for index in 0..length {
            let element = convert(self.value(field)?);
            list.push(element.map_err(|expected| {
                let found = format!("element {index} is something else");
                DocBinProblem::Malformed { field: field.to_owned(), found, expected }
            })?);
        }
        Ok(list)
    }

    fn bytes(&mut self, field: &str) -> Result<Vec<u8>, DocBinProblem> {
        let length = rmp::decode::read_bin_len(&mut self.reader)
            .map_err(|error| self.malformed(field, error, "bytes"))?;
        let mut bytes = Vec::new();
        let read = (&mut self.reader).take(u64::from(length)).read_to_end(&mut bytes);
        read.map_err(|error| self.malformed(field, error, "bytes"))?;
        if bytes.len() < length as usize {
            let found = format!("the file ends after {} of {length} bytes", bytes.len());
            return Err(self.malformed(field, found, "bytes"));
        }
        Ok(bytes)
    }

    fn value(&mut self, field: &str) -> Result<Value, DocBinProblem> {
        rmpv::decode::read_value_with_max_depth(&mut self.reader, MAX_DEPTH)
            .map_err(|error| self.malformed(field, error, "well-formed MessagePack"))
    }

    /// Checks that the map was all there is, and with it the checksum of the stream.
    fn expect_end(&mut self) -> Result<(), DocBinProblem> {
        match self.reader.read(&mut [0]) {
            Ok(0) => Ok(()),
            Ok(_) => Err(self.malformed("(all)", "more bytes after the map", "one map")),
            Err(error) => Err(self.malformed("(all)", error, "one map")),
        }
    }

    /// The broken stream, if that was the cause, else the broken field.
    fn malformed(&mut self, field: &str, found: impl Display, expected: &'static str) -> DocBinProblem {
        self.reader.get_mut().take_problem().unwrap_or_else(|| DocBinProblem::Malformed {
            field: field.to_owned(),
            found: found.to_string(),
            expected,
        })
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
    fn into_doc_bin(self, file: Arc<Path>) -> Result<DocBin, DocBinProblem> {
        let lengths = lengths(&required(self.lengths, "lengths")?)?;
        let n_docs = lengths.len();
        let doc_bin = DocBin {
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
        doc_bin.check()?;
        Ok(doc_bin)
    }
}

impl DocBin {
    fn check(&self) -> Result<(), DocBinProblem> {
        if !self.attributes.contains(&Attribute::ORTH.id()) {
            return Err(malformed("attrs", "no column 65 (ORTH)", "the words among the columns"));
        }
        let row = self.attributes.len() * size_of::<u64>();
        if !self.tokens.len().is_multiple_of(row) {
            let found = format!("{} bytes", self.tokens.len());
            return Err(malformed("tokens", found, "8 bytes for each token and column"));
        }
        for (field, found) in [
            ("cats", self.cats.len()),
            ("flags", self.has_unknown_spaces.len()),
            ("span_groups", self.span_groups.len()),
        ] {
            if found < self.len() {
                return Err(DocBinProblem::TooFewEntries { field, found, expected: self.len() });
            }
        }
        let (claimed, found) = (self.lengths.iter().sum::<usize>(), self.tokens.len() / row);
        if claimed != found {
            // spaCy: _serialize.py cuts slices that silently come out short.
            tracing::warn!(file = %self.file.display(), claimed, found, "The lengths do not add up to the tokens.");
        }
        Ok(())
    }
}

fn required<T>(field: Option<T>, name: &'static str) -> Result<T, DocBinProblem> {
    field.ok_or(DocBinProblem::MissingField(name))
}

fn malformed(field: &str, found: impl Into<String>, expected: &'static str) -> DocBinProblem {
    DocBinProblem::Malformed { field: field.to_owned(), found: found.into(), expected }
}

fn lengths(bytes: &[u8]) -> Result<Vec<usize>, DocBinProblem> {
    let (lengths, rest) = bytes.as_chunks::<4>();
    if !rest.is_empty() {
        return Err(malformed("lengths", format!("{} bytes", bytes.len()), "4 bytes a document"));
    }
    lengths
        .iter()
        .map(|length| {
            let length = i32::from_le_bytes(*length);
            usize::try_from(length).map_err(|_| DocBinProblem::NegativeLength(length))
        })
        .collect()
}

fn attribute(value: Value) -> Result<u64, &'static str> {
    value.as_u64().ok_or("a number")
}

fn string(value: Value) -> Result<String, &'static str> {
    match value {
        Value::String(string) => string.into_str().ok_or("a string in UTF-8"),
        _ => Err("a string"),
    }
}

fn binary(value: Value) -> Result<Vec<u8>, &'static str> {
    match value {
        Value::Binary(bytes) => Ok(bytes),
        _ => Err("bytes"),
    }
}

/// The bytes of a map, checked; none for an empty map or for nil.
fn user_data(value: Value) -> Result<Vec<u8>, &'static str> {
    if value.is_nil() {
        return Ok(Vec::new());
    }
    let bytes = binary(value)?;
    let mut rest = bytes.as_slice();
    match rmpv::decode::read_value_with_max_depth(&mut rest, MAX_DEPTH) {
        Ok(Value::Map(entries)) if rest.is_empty() => Ok(if entries.is_empty() { Vec::new() } else { bytes }),
        _ => Err("the bytes of a MessagePack map"),
    }
}

fn cats(value: Value) -> Result<Vec<(String, f64)>, &'static str> {
    let Value::Map(entries) = value else { return Err("a map of categories") };
    entries
        .into_iter()
        .map(|(name, score)| {
            let score = score.as_f64().or_else(|| score.as_bool().map(|is_so| f64::from(u8::from(is_so))));
            Ok((string(name)?, score.ok_or("a number for each category")?))
        })
        .collect()
}

/// Whether the flags say that the spaces are unknown.
fn flags(value: Value) -> Result<bool, &'static str> {
    let Value::Map(entries) = value else { return Err("a map of flags") };
    let flag = entries.into_iter().find(|(name, _)| name.as_str() == Some("has_unknown_spaces"));
    flag.map_or(Ok(false), |(_, flag)| flag.as_bool().ok_or("true or false for has_unknown_spaces"))
}
