use std::path::PathBuf;

use ner_hub::HubError;
use ner_pieces::PiecesError;
use ner_thinc::ThincError;

/// What can be wrong with a model.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The model file does not fit the model that the config describes.
    #[error("the model file does not fit the config: {0}")]
    File(#[from] ThincError),
    /// A pretrained encoder cannot be used.
    #[error(transparent)]
    Hub(Box<HubError>),
    /// Its tokenizer cannot.
    #[error(transparent)]
    Pieces(Box<PiecesError>),
    /// The tokenizer in an encoder's folder cannot.
    #[error("{}: {source}", folder.display())]
    Tokenizer {
        /// The folder.
        folder: PathBuf,
        /// What is wrong.
        source: Box<PiecesError>,
    },
    /// A file of an encoder cannot be read.
    #[error(transparent)]
    Files(#[from] ner_files::FileError),
    /// An argument of an architecture has a value that cannot work.
    #[error("{argument}: {message}")]
    Argument {
        /// The argument's name.
        argument: &'static str,
        /// What was found, and what was expected.
        message: String,
    },
    /// Vectors are to be predicted, and there are none.
    #[error(
        "the vectors of words are to be predicted, but the vocabulary has none: set initialize.vectors to a pipeline that \
         has some, or predict characters"
    )]
    NoVectorsToPredict,
}

// Boxed, since every result of a pipeline is as large as the largest error.
impl From<HubError> for ModelError {
    fn from(error: HubError) -> ModelError {
        ModelError::Hub(Box::new(error))
    }
}

impl From<PiecesError> for ModelError {
    fn from(error: PiecesError) -> ModelError {
        ModelError::Pieces(Box::new(error))
    }
}
