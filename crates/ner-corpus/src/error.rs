use std::path::PathBuf;

use ner_doc::DocError;
use ner_formats::{FormatError, Place};
use ner_tokenizer::TokenizerError;
use thiserror::Error;

/// Why files could not be turned into examples.
#[derive(Debug, Error)]
pub enum CorpusError {
    /// A reader was built without a path (spaCy's E913).
    #[error("no path to read from: set {key} to a file or a directory")]
    NoPath {
        /// The key of the config that should name it, such as `paths.train`.
        key: String,
    },
    /// There is nothing at the path.
    #[error("{}: there is no such file or directory; {key} names it", path.display())]
    MissingPath {
        /// The path.
        path: PathBuf,
        /// The key of the config that names it.
        key: String,
    },
    /// At the path is nothing that this reader reads, or no document.
    #[error("{}: {problem}; {key} names it", path.display())]
    NothingToRead {
        /// The path.
        path: PathBuf,
        /// The kind of file that was looked for, and was not found.
        problem: String,
        /// The key of the config that names it.
        key: String,
    },
    /// A corpus of a mixture is empty, so that it cannot have its share.
    #[error("the corpus {name:?} of the mixture has no example; give it one, or take it out with its share")]
    NothingToMix {
        /// The name of the corpus in the mixture.
        name: String,
    },
    /// The list of a part has numbers of examples that are not there.
    #[error(
        "{}: it names the example {last}, and the corpus has {n_examples}, counted from 0; it belongs to another corpus", file.display()
    )]
    BeyondPart {
        /// The file of the list.
        file: PathBuf,
        /// The highest number in it.
        last: usize,
        /// Examples of the corpus.
        n_examples: usize,
    },
    /// The setting `offsets` of a reader.
    #[error("offsets: {problem}")]
    Offsets {
        /// What is wrong with it.
        problem: String,
    },
    /// A file cannot be read.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// An example could not be varied.
    #[error("{place}: {source}")]
    Augment {
        /// The file and the document.
        place: Place,
        /// The step that failed.
        source: AugmentError,
    },
}

/// Why an example could not be changed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum AugmentError {
    /// The annotation does not fit the changed text.
    #[error("the annotation does not fit the augmented text: {0}")]
    Doc(#[from] DocError),
    /// The changed text could not be split into tokens.
    #[error(transparent)]
    Tokenizer(#[from] TokenizerError),
}
