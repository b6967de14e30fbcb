use std::ops::Range;

use ner_files::FileMap;
use thiserror::Error;

/// Why documents cannot become pieces.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PiecesError {
    /// A file or an attribute of a model is damaged, or of a kind that is not known here.
    #[error("{place}: found {found}, expected {expected}; {mend}")]
    Unreadable {
        /// The file or attribute, with line or byte where it is known.
        place: String,
        /// What stands there.
        found: String,
        /// What should.
        expected: String,
        /// What to do about it.
        mend: String,
    },
    /// A folder has none of the files of which a tokenizer can be made.
    #[error("found no {expected} among the files {found}; save the tokenizer beside the encoder")]
    NoFile {
        /// The files that there are.
        found: String,
        /// The files that are needed.
        expected: String,
    },
    /// A vocabulary lacks a piece that no encoding can do without.
    #[error("{place}: found no piece {piece:?} among {n_pieces}, expected one as the {role}; {mend}")]
    NoPiece {
        /// The file or attribute.
        place: String,
        /// The piece.
        piece: String,
        /// What it is for.
        role: &'static str,
        /// The number of pieces that there are.
        n_pieces: usize,
        /// What to do about it.
        mend: &'static str,
    },
    /// Windows leave out tokens, or overlap in a way that cannot be joined.
    #[error("found stride = {stride} with window = {window}, expected {expected}; {mend}")]
    Windows {
        /// The distance of windows.
        stride: usize,
        /// Their length.
        window: usize,
        /// The relation that they should have.
        expected: &'static str,
        /// What to do about it.
        mend: String,
    },
    /// Spans are to be sentences, and a document has none.
    #[error(
        "document {doc}: found {n_tokens} tokens without sentence starts, expected them for sent_spans.v1; add \
         the component \"sentencizer\" before the transformer, or use strided_spans.v1 (spaCy's E030)"
    )]
    NoSentences {
        /// Position of the document in its batch.
        doc: usize,
        /// Its tokens.
        n_tokens: usize,
    },
    /// The tokenizer failed on a text.
    #[error(
        "document {doc}, tokens {} to {}: the tokenizer failed on the text {text:?}: {reason}; mend tokenizer.json, or \
         leave the text out",
        tokens.start, tokens.end
    )]
    Encode {
        /// Position of the document in its batch.
        doc: usize,
        /// The tokens.
        tokens: Range<usize>,
        /// The beginning of their text.
        text: String,
        /// What the tokenizer says.
        reason: String,
    },
}

impl PiecesError {
    pub(crate) fn no_file(files: &FileMap, expected: &str) -> PiecesError {
        let found = files.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        PiecesError::NoFile { found, expected: expected.to_owned() }
    }

    pub(crate) fn unreadable(
        place: &str,
        found: impl Into<String>,
        expected: &str,
        mend: &str,
    ) -> PiecesError {
        PiecesError::Unreadable {
            place: place.to_owned(),
            found: found.into(),
            expected: expected.to_owned(),
            mend: mend.to_owned(),
        }
    }
}
