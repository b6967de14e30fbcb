use ner_doc::DocError;
use thiserror::Error;

use super::TextSpan;

/// A fault of a record.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RecordError {
    /// A key has a value of another kind than it should.
    #[error("{} is {found}; expected {expected}", named(key))]
    Unexpected {
        /// The key, or the path to it.
        key: String,
        /// Its value.
        found: String,
        /// The value that it should have.
        expected: &'static str,
    },
    /// Neither text nor tokens.
    #[error("the record has neither \"text\" nor \"tokens\"; it needs one of them")]
    NoText,
    /// Spans under more than one key.
    #[error("spans stand under {0:?} and under {1:?}; keep one of them")]
    TwoSpanLists(String, String),
    /// Tokens and spaces differ in number.
    #[error("{tokens} tokens but {spaces} spaces; give one for each token, or none at all")]
    Spaces {
        /// Tokens.
        tokens: usize,
        /// Spaces.
        spaces: usize,
    },
    /// Tokens and tags differ in number.
    #[error("{tokens} tokens but {tags} tags; give one for each token")]
    Tags {
        /// Tokens.
        tokens: usize,
        /// Tags.
        tags: usize,
    },
    /// A tag that no scheme has.
    #[error(
        "token {token} ({word:?}) has the tag {tag:?}; expected O, - (unknown), or a letter, a hyphen and a label, all of \
         one scheme: IOB, BILUO, BIOES or BMES"
    )]
    Tag {
        /// Index of the token.
        token: usize,
        /// Its text.
        word: String,
        /// The tag.
        tag: String,
    },
    /// A key that looks like annotation and is none that is read.
    #[error(
        "the key {key:?} looks like annotation of entities and is not read; rename it to \"{expected}\", or take it out"
    )]
    UnknownKey {
        /// The key.
        key: String,
        /// The key that is read.
        expected: &'static str,
    },
    /// A record that is one span of its text.
    #[error(
        "the record is one span of its text; gather all spans of the text in one record: {{\"text\": .., \"entities\": [[start, end, \"LABEL\"], ..]}}"
    )]
    Flat,
    /// Annotation that a document refuses.
    #[error(transparent)]
    Doc(#[from] DocError),
    /// Tokens that are not the text's.
    #[error(
        "token {token} ({word:?}) is not what the text has at character {offset}; only white space may differ"
    )]
    TokensDiffer {
        /// Index of the token.
        token: usize,
        /// Its text.
        word: String,
        /// Where it was looked for.
        offset: usize,
    },
    /// Text behind the last token.
    #[error(
        "the tokens end before the text does, which has {rest:?} at character {offset}; only white space may be left"
    )]
    TextGoesOn {
        /// The first word that is left.
        rest: String,
        /// Where it stands.
        offset: usize,
    },
    /// Two spans share a character (spaCy's E103).
    #[error("{1} overlaps {0}; a token belongs to one entity at most, so drop one of them")]
    Overlap(Box<TextSpan>, Box<TextSpan>),
}

/// A key in quotation marks; what is none, such as "the record", as it is.
fn named(key: &str) -> String {
    if key.contains(' ') { key.to_owned() } else { format!("{key:?}") }
}

impl RecordError {
    /// spaCy's code for it, where it has one.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            RecordError::Overlap(..) => Some("E103"),
            RecordError::Spaces { .. } => Some("E027"),
            _ => None,
        }
    }
}
