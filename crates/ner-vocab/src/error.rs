use thiserror::Error;

/// Why an attribute or a table of vectors cannot be used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum VocabError {
    /// No attribute has this name or number (E983).
    #[error("there is no attribute {name:?}; ORTH, NORM, PREFIX, SUFFIX, SHAPE and the like are known")]
    UnknownAttribute {
        /// The name or number.
        name: String,
    },
    /// A table of vectors whose parts do not fit each other.
    #[error("the word vectors are damaged: {reason}")]
    BadVectors {
        /// What does not fit.
        reason: String,
    },
}
