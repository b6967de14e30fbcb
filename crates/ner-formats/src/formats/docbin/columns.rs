use std::path::Path;
use std::sync::Arc;

use ner_vocab::Attribute;

use super::DocBinError;
use super::error::malformed;

/// The content of a `.spacy` file, before its rows become documents.
#[derive(Debug)]
pub(super) struct Columns {
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

impl Columns {
    /// The number of documents.
    pub(super) fn n_docs(&self) -> usize {
        self.lengths.len()
    }

    /// Checks that the fields fit together.
    pub(super) fn check(&self) -> Result<(), DocBinError> {
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
            if found < self.n_docs() {
                return Err(DocBinError::TooFewEntries { field, found, expected: self.n_docs() });
            }
        }
        // The only disagreement that spaCy survives, so it is the only one that is not an error.
        let (claimed, found) = (self.lengths.iter().sum::<usize>(), self.tokens.len() / row);
        if claimed != found {
            // spaCy: the rows of a document are a slice, which comes out short in silence (tokens/_serialize.py).
            tracing::warn!(file = %self.file.display(), claimed, found, "The lengths do not add up to the tokens.");
        }
        Ok(())
    }
}
