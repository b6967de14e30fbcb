use thiserror::Error;

/// A fault of a `.spacy` file or of one of its documents.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DocBinError {
    /// The outer zlib stream is broken, cut short or none at all.
    #[error("not a .spacy file, or a damaged one: the zlib stream is {0}; write it anew with DocBin.to_disk")]
    NotDocBin(&'static str),
    /// The file would take more memory than any corpus of its size.
    #[error(
        "unpacks to more than {limit} bytes, which is too large for a file of its size; split it into several files"
    )]
    Unpacked {
        /// The bytes that were allowed.
        limit: u64,
    },
    /// More than one file can hold.
    #[error("{bytes} bytes of token columns are too large for one file (4 GiB at most); write several files")]
    TooLarge {
        /// The size of the token columns.
        bytes: usize,
    },
    /// The MessagePack inside is not the content of a `.spacy` file.
    #[error("field {field:?}: {found}; expected {expected}")]
    Malformed {
        /// The key of the outer map, or the part of the file.
        field: String,
        /// The value that is there.
        found: String,
        /// The value that should be.
        expected: &'static str,
    },
    /// A field without which nothing can be read.
    #[error("field {0:?} is missing; every version of spaCy writes it")]
    MissingField(&'static str),
    /// A list with one entry a document is too short.
    #[error("field {field:?} has {found} entries for {expected} documents")]
    TooFewEntries {
        /// The key of the outer map.
        field: &'static str,
        /// Its entries.
        found: usize,
        /// The documents.
        expected: usize,
    },
    /// Words and spaces differ in number.
    #[error("{words} words but {spaces} space flags; the numbers must be equal")]
    Spaces {
        /// Rows of the token matrix.
        words: usize,
        /// Space flags.
        spaces: usize,
    },
    /// A length below zero.
    #[error("the length {0} is negative")]
    NegativeLength(i32),
    /// A word without text.
    #[error("token {token}: the word is empty")]
    EmptyWord {
        /// Index of the token.
        token: usize,
    },
    /// An id that is neither in the file's list of strings nor reserved.
    #[error("token {token}: {attribute} has the id {id}, which the file's list of strings does not explain")]
    UnknownString {
        /// Index of the token; for span groups, the first token of the span.
        token: usize,
        /// The column.
        attribute: String,
        /// The id.
        id: u64,
    },
    /// No place in an entity.
    #[error("token {token}: ENT_IOB is {value}; expected 0 (missing), 1 (I), 2 (O) or 3 (B)")]
    EntIob {
        /// Index of the token.
        token: usize,
        /// The value.
        value: u64,
    },
    /// A head outside the document.
    #[error("token {token}: its head {head} tokens away lies outside the document of {length} tokens")]
    Head {
        /// Index of the token.
        token: usize,
        /// The head relative to the token.
        head: i32,
        /// Tokens of the document.
        length: usize,
    },
    /// A span outside the document.
    #[error("span group {group:?}: the span {start}..{end} lies outside the document of {length} tokens")]
    Span {
        /// Key of the group.
        group: String,
        /// First token.
        start: i64,
        /// One past the last token.
        end: i64,
        /// Tokens of the document.
        length: usize,
    },
}

impl DocBinError {
    /// spaCy's code for it, where it has one.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            DocBinError::NotDocBin(_) => Some("E1014"),
            DocBinError::Unpacked { .. } | DocBinError::TooLarge { .. } => Some("E870"),
            DocBinError::Spaces { .. } => Some("E027"),
            DocBinError::NegativeLength(_) => Some("E035"),
            DocBinError::EmptyWord { .. } => Some("E031"),
            DocBinError::UnknownString { .. } => Some("E018"),
            DocBinError::EntIob { .. } => Some("E982"),
            DocBinError::Head { .. } => Some("E190"),
            _ => None,
        }
    }
}

pub(super) fn malformed(field: &str, found: impl Into<String>, expected: &'static str) -> DocBinError {
    DocBinError::Malformed { field: field.to_owned(), found: found.into(), expected }
}
