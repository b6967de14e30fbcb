use std::path::Path;

use super::source::{Source, with_source};
use super::{VectorFileError, Words, fasttext, text, word2vec};
use crate::FloretSettings;

/// What is read of a file of vectors.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReadOptions {
    /// Rows after which reading ends; all are read if it is `None`.
    pub truncate: Option<usize>,
    /// Whether it is a table of floret's, in which rows belong to no word.
    pub is_floret: bool,
}

/// Word vectors as a file has them: row by row, repeated words included.
#[derive(Debug, Default)]
pub struct PublishedVectors {
    /// What the file is, in words.
    pub format: &'static str,
    /// The word of each row; none in floret's table.
    pub words: Words,
    /// The values of all rows.
    pub data: Vec<f32>,
    /// Values of a row.
    pub width: usize,
    /// The rows that the file, or `truncate`, says there are: more than were found if the file is a part of another.
    pub n_promised: usize,
    /// The settings of floret's table.
    pub floret: Option<FloretSettings>,
    /// The name of the file that was read of an archive, and the number of files there.
    pub member: Option<(String, usize)>,
}

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

    /// The rows that are there.
    pub fn n_rows(&self) -> usize {
        self.data.len().checked_div(self.width).unwrap_or(0)
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
