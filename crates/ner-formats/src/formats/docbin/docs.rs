use std::sync::Arc;

use ner_doc::{Doc, EntIob, Syntax, Token};
use ner_vocab::{Attribute, StringId, Vocab};

use super::columns::Columns;
use super::strings::Strings;
use super::{DocBinError, span_groups};
use crate::{FormatError, Place};

/// The documents of a `.spacy` file, one after the other. After an error there are no more.
pub struct Docs {
    columns: Columns,
    vocab: Arc<Vocab>,
    strings: Strings,
    next: usize,
    /// The row of the next document's first token.
    first_row: usize,
}

impl Docs {
    pub(super) fn new(mut columns: Columns, vocab: Arc<Vocab>) -> Docs {
        let strings = Strings::new(vocab.clone(), std::mem::take(&mut columns.strings));
        Docs { columns, vocab, strings, next: 0, first_row: 0 }
    }

    fn doc(&mut self, index: usize) -> Result<Doc, DocBinError> {
        let (rows, spaces) = self.slices(index)?;
        let stride = self.columns.attributes.len();
        let mut reader = RowReader { rows: &self.columns.tokens[rows], stride, strings: &mut self.strings };
        let mut doc = Doc::new(self.vocab.clone());
        doc.tokens = reader.words(&self.columns.attributes, &self.columns.spaces[spaces])?;
        doc.has_unknown_spaces = self.columns.has_unknown_spaces[index];
        reader.annotate(&self.columns.attributes, &mut doc)?;
        doc.cats = std::mem::take(&mut self.columns.cats[index]);
        doc.spans = span_groups::unpack(&self.columns.span_groups[index], doc.len(), &mut self.strings)?;
        if let Some(user_data) = self.columns.user_data.get_mut(index) {
            doc.user_data = std::mem::take(user_data);
        }
        Ok(doc)
    }

    /// The bytes of a document's rows and spaces; no spaces where they are unknown.
    fn slices(
        &mut self,
        index: usize,
    ) -> Result<(std::ops::Range<usize>, std::ops::Range<usize>), DocBinError> {
        let row_bytes = self.columns.attributes.len() * size_of::<u64>();
        let n_rows = self.columns.tokens.len() / row_bytes;
        let end = self.first_row + self.columns.lengths[index];
        // Lengths may add up to more rows than there are: slices then come out short, as in spaCy.
        let rows = self.first_row.min(n_rows)..end.min(n_rows);
        let spaces = self.first_row.min(self.columns.spaces.len())..end.min(self.columns.spaces.len());
        self.first_row = end;
        let rows_in_bytes = rows.start * row_bytes..rows.end * row_bytes;
        if self.columns.has_unknown_spaces[index] {
            return Ok((rows_in_bytes, 0..0));
        }
        if rows.len() != spaces.len() {
            return Err(DocBinError::Spaces { words: rows.len(), spaces: spaces.len() });
        }
        Ok((rows_in_bytes, spaces))
    }
}

impl Iterator for Docs {
    type Item = Result<Doc, FormatError>;

    fn next(&mut self) -> Option<Result<Doc, FormatError>> {
        let index = self.next;
        if index >= self.columns.n_docs() {
            return None;
        }
        self.next += 1;
        let doc = self.doc(index).map_err(|problem| {
            self.next = self.columns.n_docs();
            FormatError::DocBin { place: Place::file(self.columns.file.clone()).document(index + 1), problem }
        });
        Some(doc)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.columns.n_docs() - self.next))
    }
}

/// The rows of one document: [tokens, stride] little-endian u64.
struct RowReader<'a> {
    rows: &'a [u8],
    stride: usize,
    strings: &'a mut Strings,
}

impl<'a> RowReader<'a> {
    fn words(&mut self, attributes: &[u64], spaces: &[u8]) -> Result<Vec<Token>, DocBinError> {
        let orth = attributes.iter().position(|&id| id == Attribute::ORTH.id()).unwrap_or_default();
        let mut tokens = Vec::with_capacity(self.rows.len() / (self.stride * size_of::<u64>()));
        for (index, id) in self.column(orth).enumerate() {
            if id == 0 {
                return Err(DocBinError::EmptyWord { token: index });
            }
            let lexeme = self.strings.lexeme(id);
            let lexeme = lexeme.ok_or_else(|| unknown(index, Attribute::ORTH, id))?;
            tokens.push(Token::new(lexeme, spaces.get(index).is_none_or(|&space| space != 0)));
        }
        if let Some(first) = tokens.first_mut() {
            first.sent_start = 1;
        }
        Ok(tokens)
    }

    fn annotate(&mut self, attributes: &[u64], doc: &mut Doc) -> Result<(), DocBinError> {
        for (column, &id) in attributes.iter().enumerate() {
            let Ok(attribute) = Attribute::from_id(id) else { continue };
            match attribute {
                Attribute::ENT_IOB => self.ent_iob(column, doc)?,
                Attribute::SENT_START => self.sent_starts(column, doc),
                Attribute::HEAD => self.heads(column, doc)?,
                _ => self.strings(column, attribute, doc)?,
            }
        }
        let is_parsed = attributes.contains(&Attribute::HEAD.id())
            && doc.syntax.iter().any(|syntax| !syntax.dep.is_empty());
        if is_parsed {
            doc.start_sentences_at_roots();
        }
        Ok(())
    }

    fn column(&self, column: usize) -> impl Iterator<Item = u64> + use<'a> {
        let (values, _) = self.rows.as_chunks::<8>();
        values.iter().skip(column).step_by(self.stride).map(|value| u64::from_le_bytes(*value))
    }

    /// The values of a column that are not 0, which stands for no annotation, with their tokens.
    fn set_values(&self, column: usize) -> impl Iterator<Item = (usize, u64)> + use<'a> {
        self.column(column).enumerate().filter(|&(_, value)| value != 0)
    }

    fn ent_iob(&self, column: usize, doc: &mut Doc) -> Result<(), DocBinError> {
        for (index, value) in self.set_values(column) {
            doc.tokens[index].ent_iob = match value {
                1 => EntIob::In,
                2 => EntIob::Out,
                3 => EntIob::Begin,
                _ => return Err(DocBinError::EntIob { token: index, value }),
            };
        }
        Ok(())
    }

    fn sent_starts(&self, column: usize, doc: &mut Doc) {
        for (token, value) in doc.tokens.iter_mut().zip(self.column(column)) {
            token.sent_start = (value as i32).signum() as i8;
        }
    }

    fn heads(&self, column: usize, doc: &mut Doc) -> Result<(), DocBinError> {
        let length = doc.len();
        for (index, value) in self.set_values(column) {
            // spaCy: doc.pyx reads the low half of the value as a signed number.
            let head = value as u32 as i32;
            let target = usize::try_from(index as i64 + i64::from(head));
            if target.is_err() || target.is_ok_and(|target| target >= length) {
                return Err(DocBinError::Head { token: index, head, length });
            }
            syntax(doc, index).head = head;
        }
        Ok(())
    }

    /// Columns that follow from the words are passed over.
    fn strings(&mut self, column: usize, attribute: Attribute, doc: &mut Doc) -> Result<(), DocBinError> {
        let Some(field) = string_field(attribute) else { return Ok(()) };
        for (index, id) in self.set_values(column) {
            // Files have the norm of every token; only one that the word does not have of itself is annotation.
            if attribute == Attribute::NORM && doc.tokens[index].lexeme.norm.0 == id {
                continue;
            }
            match self.strings.keep(id) {
                Some(value) => *field(doc, index) = value,
                // Files of earlier versions of spaCy name the strings of all columns but this one, and spaCy never reads it
                // as a string: the word's own norm holds then.
                None if attribute == Attribute::NORM => {}
                None => return Err(unknown(index, attribute, id)),
            }
        }
        Ok(())
    }
}

fn unknown(token: usize, attribute: Attribute, id: u64) -> DocBinError {
    DocBinError::UnknownString { token, attribute: attribute.name().to_owned(), id }
}

/// The place of a column of string ids; `None` if it is not annotation.
fn string_field(attribute: Attribute) -> Option<fn(&mut Doc, usize) -> &mut StringId> {
    Some(match attribute {
        Attribute::NORM => |doc, index| &mut doc.tokens[index].own_norm,
        Attribute::ENT_TYPE => |doc, index| &mut doc.tokens[index].ent_type,
        Attribute::ENT_KB_ID => |doc, index| &mut doc.tokens[index].ent_kb_id,
        Attribute::ENT_ID => |doc, index| &mut doc.tokens[index].ent_id,
        Attribute::TAG => |doc, index| &mut syntax(doc, index).tag,
        Attribute::POS => |doc, index| &mut syntax(doc, index).pos,
        Attribute::MORPH => |doc, index| &mut syntax(doc, index).morph,
        Attribute::LEMMA => |doc, index| &mut syntax(doc, index).lemma,
        Attribute::DEP => |doc, index| &mut syntax(doc, index).dep,
        _ => return None,
    })
}

fn syntax(doc: &mut Doc, index: usize) -> &mut Syntax {
    if doc.syntax.is_empty() {
        doc.syntax = vec![Syntax::default(); doc.tokens.len()];
    }
    &mut doc.syntax[index]
}
