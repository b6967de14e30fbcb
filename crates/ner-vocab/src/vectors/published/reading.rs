use std::path::Path;

use super::source::{Source, with_source};
use super::{PublishedVectors, ReadOptions, VectorFileError, fasttext, text, word2vec};

impl PublishedVectors {
    /// Reads a file as its first bytes say: text of word2vec, GloVe, fastText or floret, a binary file of word2vec or
    /// fastText; as it is, or packed with gzip, Zstandard, or as the first file of a zip archive. Values are 32-bit floats.
    ///
    /// Memory is taken for rows that are there, whatever the file says of their number.
    ///
    /// # Errors
    /// If the file is none of these, is cut short, or a row cannot be read.
    pub fn read(path: &Path, options: ReadOptions) -> Result<PublishedVectors, VectorFileError> {
        with_source(path, |source| {
            let member = source.member.clone();
            let vectors = read(source, options)?;
            if vectors.n_rows() == 0 {
                return Err(VectorFileError::format(path, "the table has no rows"));
            }
            Ok(PublishedVectors { member, ..vectors })
        })
    }
}

fn read(source: Source<'_>, options: ReadOptions) -> Result<PublishedVectors, VectorFileError> {
    if options.is_floret {
        return text::read(source, options);
    }
    if fasttext::is_fasttext(&source.head) {
        return fasttext::read(source, options);
    }
    match word2vec::is_binary(&source.head) {
        true => word2vec::read(source, options),
        false => text::read(source, options),
    }
}
