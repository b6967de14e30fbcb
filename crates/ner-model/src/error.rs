use ner_thinc::ThincError;

/// What can be wrong with a model.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The model file does not fit the model that the config describes.
    #[error("the model file does not fit the config: {0}")]
    File(#[from] ThincError),
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
