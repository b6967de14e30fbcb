use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use ner_doc::{Doc, DocError, Syntax, Token};
use ner_vocab::{Attribute, StringId};
use rmp::encode;

use super::{DocBin, DocBinError, span_groups};
use crate::account::OutputAccount;
use crate::formats::DocWriter;
use crate::{FormatError, Place};

/// Gathers documents and writes them as one `.spacy` file, which spaCy reads back equal.
///
/// Of each token only ids are kept (8 bytes for each column), and each string once.
#[derive(Debug)]
pub struct DocBinWriter {
    attributes: Vec<Attribute>,
    has_user_data: bool,
    tokens: Vec<u8>,
    spaces: Vec<u8>,
    lengths: Vec<u8>,
    n_docs: u32,
    strings: HashMap<StringId, Box<str>>,
    cats: Vec<u8>,
    flags: Vec<u8>,
    span_groups: Vec<u8>,
    user_data: Vec<u8>,
}

/// The columns that spaCy writes by default.
const ATTRIBUTES: [Attribute; 13] = [
    Attribute::ORTH,
    Attribute::NORM,
    Attribute::LEMMA,
    Attribute::POS,
    Attribute::TAG,
    Attribute::DEP,
    Attribute::ENT_IOB,
    Attribute::ENT_TYPE,
    Attribute::HEAD,
    Attribute::SENT_START,
    Attribute::ENT_KB_ID,
    Attribute::MORPH,
    Attribute::ENT_ID,
];

impl Default for DocBinWriter {
    fn default() -> DocBinWriter {
        DocBinWriter::new()
    }
}

impl DocBinWriter {
    /// Writes every column and the user data.
    pub fn new() -> DocBinWriter {
        DocBinWriter::with_attributes(&ATTRIBUTES, true)
    }

    /// Writes these columns (the words are always among them), and the user data if `has_user_data`.
    pub fn with_attributes(attributes: &[Attribute], has_user_data: bool) -> DocBinWriter {
        let is_column =
            |attribute: &Attribute| *attribute != Attribute::ORTH && *attribute != Attribute::SPACY;
        let mut attributes: Vec<_> = attributes.iter().copied().filter(is_column).collect();
        // spaCy: columns are sorted by number, behind ORTH (tokens/_serialize.py).
        attributes.sort_unstable();
        attributes.insert(0, Attribute::ORTH);
        DocBinWriter {
            attributes,
            has_user_data,
            tokens: Vec::new(),
            spaces: Vec::new(),
            lengths: Vec::new(),
            n_docs: 0,
            strings: HashMap::new(),
            cats: Vec::new(),
            flags: Vec::new(),
            span_groups: Vec::new(),
            user_data: Vec::new(),
        }
    }

    /// The number of documents so far.
    pub fn len(&self) -> usize {
        self.n_docs as usize
    }

    /// Whether there is no document yet.
    pub fn is_empty(&self) -> bool {
        self.n_docs == 0
    }

    /// Adds a document.
    pub fn add(&mut self, doc: &Doc) {
        self.add_rows(doc);
        let no_syntax = Syntax::default();
        for (index, token) in doc.tokens.iter().enumerate() {
            self.spaces.push(u8::from(token.space_after));
            self.add_strings(doc, token, doc.syntax.get(index).unwrap_or(&no_syntax));
        }
        self.lengths.extend((doc.len() as i32).to_le_bytes());
        self.n_docs += 1;
        self.add_entries(doc).expect("writing to memory cannot fail");
        for span in doc.spans.values().flat_map(|group| &group.spans) {
            for id in [span.label, span.kb_id, span.id] {
                self.add_string(doc, id);
            }
        }
    }

    fn add_rows(&mut self, doc: &Doc) {
        let mut rows = doc.to_array(&self.attributes);
        // spaCy: tokenizer.pyx gives a single space before everything else no sentence start.
        if doc.tokens.first().is_some_and(|token| token.sent_start == 0 && token.text() == " ")
            && let Some(column) = self.attributes.iter().position(|&it| it == Attribute::SENT_START)
        {
            rows[column] = 0;
        }
        self.tokens.extend(rows.into_iter().flat_map(u64::to_le_bytes));
    }

    /// One entry for the document in each list that has one for each.
    fn add_entries(&mut self, doc: &Doc) -> Result<(), encode::ValueWriteError> {
        encode::write_map_len(&mut self.cats, doc.cats.len() as u32)?;
        for (name, score) in &doc.cats {
            encode::write_str(&mut self.cats, name)?;
            encode::write_f64(&mut self.cats, *score)?;
        }
        encode::write_map_len(&mut self.flags, 1)?;
        encode::write_str(&mut self.flags, "has_unknown_spaces")?;
        encode::write_bool(&mut self.flags, doc.has_unknown_spaces).map_err(invalid_data)?;
        encode::write_bin(&mut self.span_groups, &span_groups::pack(doc))?;
        let user_data = if doc.user_data.is_empty() { &EMPTY_MAP } else { doc.user_data.as_slice() };
        encode::write_bin(&mut self.user_data, user_data)
    }

    fn add_strings(&mut self, doc: &Doc, token: &Token, syntax: &Syntax) {
        self.strings.entry(token.lexeme.orth).or_insert_with(|| token.text().into());
        if token.own_norm.is_empty() {
            let norm = || doc.vocab().norm(token.text()).into();
            self.strings.entry(token.lexeme.norm).or_insert_with(norm);
        } else {
            self.add_string(doc, token.own_norm);
        }
        for id in [token.ent_type, token.ent_kb_id, token.ent_id] {
            self.add_string(doc, id);
        }
        // A reserved symbol is known to every reader and is not written.
        let morph = if syntax.morph == EMPTY_ANALYSIS { StringId::EMPTY } else { syntax.morph };
        for id in [syntax.tag, morph, syntax.lemma, syntax.dep] {
            self.add_string(doc, id);
        }
    }

    /// Notes the string of an annotation. An id without a string is a bare number and stands for itself.
    fn add_string(&mut self, doc: &Doc, id: StringId) {
        if !self.strings.contains_key(&id)
            && let Some(text) = doc.vocab().strings().get(id)
        {
            self.strings.insert(id, (*text).into());
        }
    }

    /// Writes the file. Fails if the columns are larger than MessagePack can hold (spaCy's E870), or if the system
    /// refuses; `file` is its name in errors.
    pub fn write(&self, writer: impl Write, file: &Path) -> Result<(), FormatError> {
        self.check_size(file)?;
        self.pack(writer, Compression::default()).map_err(FormatError::io(file))
    }

    /// Creates or replaces a file; if anything fails, the old one stays.
    pub fn save(&self, path: &Path) -> Result<(), FormatError> {
        ner_files::write(path, |file| self.write(file, path))
    }

    /// The file as it would be read again; `file` is its name in errors.
    pub(crate) fn into_doc_bin(self, file: &Path) -> Result<DocBin, FormatError> {
        self.check_size(file)?;
        let mut bytes = Vec::new();
        // Read again at once, so that packing well would not pay.
        self.pack(&mut bytes, Compression::fast()).map_err(FormatError::io(file))?;
        // The columns are in memory twice otherwise while they are unpacked.
        drop(self);
        DocBin::from_bytes(&bytes, file)
    }

    fn check_size(&self, file: &Path) -> Result<(), FormatError> {
        match u32::try_from(self.tokens.len()) {
            Ok(_) => Ok(()),
            Err(_) => {
                let problem = DocBinError::TooLarge { bytes: self.tokens.len() };
                Err(FormatError::DocBin { place: Place::file(file), problem })
            }
        }
    }

    fn pack(&self, writer: impl Write, compression: Compression) -> io::Result<()> {
        let mut zlib = ZlibEncoder::new(writer, compression);
        encode::write_map_len(&mut zlib, if self.has_user_data { 10 } else { 9 })?;
        encode::write_str(&mut zlib, "version")?;
        encode::write_str(&mut zlib, VERSION)?;
        encode::write_str(&mut zlib, "attrs")?;
        encode::write_array_len(&mut zlib, self.attributes.len() as u32)?;
        for attribute in &self.attributes {
            encode::write_uint(&mut zlib, attribute.id())?;
        }
        for (key, bytes) in [("tokens", &self.tokens), ("spaces", &self.spaces), ("lengths", &self.lengths)] {
            encode::write_str(&mut zlib, key)?;
            encode::write_bin(&mut zlib, bytes)?;
        }
        self.pack_strings(&mut zlib)?;
        for (key, entries) in
            [("cats", &self.cats), ("flags", &self.flags), ("span_groups", &self.span_groups)]
        {
            pack_list(&mut zlib, key, self.n_docs, entries)?;
        }
        if self.has_user_data {
            pack_list(&mut zlib, "user_data", self.n_docs, &self.user_data)?;
        }
        zlib.finish()?.flush()
    }

    fn pack_strings(&self, writer: &mut impl Write) -> io::Result<()> {
        // In order, so that equal documents give equal bytes whatever order the hash map has.
        let mut strings: Vec<&str> = self.strings.values().map(|text| &**text).collect();
        strings.sort_unstable();
        encode::write_str(writer, "strings")?;
        encode::write_array_len(writer, strings.len() as u32)?;
        strings.into_iter().try_for_each(|text| Ok(encode::write_str(writer, text)?))
    }
}

impl DocWriter for DocBinWriter {
    fn add(&mut self, doc: &Doc, _: &mut OutputAccount) -> Result<(), DocError> {
        DocBinWriter::add(self, doc);
        Ok(())
    }

    fn n_documents(&self) -> usize {
        self.len()
    }

    fn write(&self, writer: &mut dyn Write, path: &Path) -> Result<(), FormatError> {
        DocBinWriter::write(self, writer, path)
    }
}

/// The reserved symbol `_`, which stands for a morphological analysis without features.
const EMPTY_ANALYSIS: StringId = StringId(456);

const VERSION: &str = "0.1";

/// An empty map in MessagePack.
const EMPTY_MAP: [u8; 1] = [0x80];

fn invalid_data(error: io::Error) -> encode::ValueWriteError {
    encode::ValueWriteError::InvalidDataWrite(error)
}

/// A list whose entries are packed already.
fn pack_list(writer: &mut impl Write, key: &str, length: u32, entries: &[u8]) -> io::Result<()> {
    encode::write_str(writer, key)?;
    encode::write_array_len(writer, length)?;
    writer.write_all(entries)
}
