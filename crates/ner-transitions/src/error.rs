use ner_doc::DocError;

use crate::NoOracle;

/// Why actions, gold annotation or a `moves` file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TransitionError {
    /// A number that stands for no move.
    #[error("move {number} is unknown: moves are 0 (missing), 1 (B), 2 (I), 3 (L), 4 (U) and 5 (O)")]
    UnknownMove {
        /// The number found.
        number: u8,
    },
    /// The file `moves` is not MessagePack of the expected form.
    #[error("moves: expected MessagePack with the keys \"moves\" and \"cfg\": {0}")]
    MovesFile(#[from] rmp_serde::decode::Error),
    /// The labels within the file `moves` are not JSON of the expected form.
    #[error("moves: expected JSON that maps moves to labels to frequencies: {0}")]
    MovesJson(#[from] serde_json::Error),
    /// A label file was given to a recogniser that has labels already.
    #[error(
        "a label file cannot be used once labels were added ({}): add them to the label file instead",
        labels.join(", ")
    )]
    LabelsAddedBefore {
        /// The labels added before.
        labels: Vec<String>,
    },
    /// spaCy's E022: the gold annotation has a label that no action was made for.
    #[error(
        "token {token_index} ({token:?}): gold tag {tag:?} has no action; known labels are {}; add the label before training",
        known.join(", ")
    )]
    UnknownTag {
        /// Index of the token in the predicted document.
        token_index: usize,
        /// Its text.
        token: String,
        /// The gold tag.
        tag: String,
        /// All labels known.
        known: Vec<String>,
    },
    /// spaCy's E869: a label with the prefix that once meant "not this entity".
    #[error(
        "token {token_index} ({token:?}): label {label:?} begins with \"!\"; put spans that are not entities \
         into the span group named by incorrect_spans_key"
    )]
    NegatedLabel {
        /// Index of the token in the predicted document.
        token_index: usize,
        /// Its text.
        token: String,
        /// The label.
        label: String,
    },
    /// spaCy's E868: a span is marked as an entity and as no entity.
    #[error(
        "tokens {start}..{end} ({text:?}) are annotated as the entity {label} and, in the span group {neg_key:?}, \
         as not being it; remove one of the two"
    )]
    Contradiction {
        /// First token in the predicted document.
        start: usize,
        /// One past the last token.
        end: usize,
        /// Text of the tokens.
        text: String,
        /// The label of both.
        label: String,
        /// The span group of spans that are not entities.
        neg_key: String,
    },
    /// The documents of an example do not fit together, or their annotation contradicts itself.
    #[error(transparent)]
    Doc(#[from] DocError),
    /// One example of a batch cannot be learned from.
    #[error("example {example_index} of the batch: {error}")]
    InExample {
        /// Its place in the batch.
        example_index: usize,
        /// What is wrong.
        error: Box<TransitionError>,
    },
    /// spaCy's E024: the gold annotation cannot be reached from some state.
    #[error("{0}")]
    NoOracle(#[from] Box<NoOracle>),
}
