use ner_config::ConfigError;
use ner_corpus::CorpusError;
use ner_doc::DocError;
use ner_formats::FormatError;
use ner_pipeline::PipelineError;
use ner_tokenizer::TokenizerError;
use ner_training::TrainingError;

/// Anything that can go wrong in this library, with the place, the cause and the mend in its text.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A config is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A pipeline cannot be made, read, written or run.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// A text cannot be split into tokens.
    #[error("{place}: {source}")]
    Text {
        /// The place of the text.
        place: String,
        /// The cause.
        source: TokenizerError,
    },
    /// A file of annotations cannot be read or written.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// A corpus cannot be read.
    #[error(transparent)]
    Corpus(#[from] CorpusError),
    /// Annotation contradicts itself or its tokens.
    #[error(transparent)]
    Doc(#[from] DocError),
    /// A training run failed.
    #[error(transparent)]
    Training(#[from] TrainingError),
    /// No device is built in.
    #[error("no device is built in; build with the feature flex")]
    NoDevice,
    /// A device is not known, or not built in.
    #[error(
        "device {name}: {}; built in: {built_in}",
        if *is_feature { format!("it is not built in; build with the feature {name}") } else { "there is no such device".to_owned() }
    )]
    UnknownDevice {
        /// The name that was asked for.
        name: String,
        /// The devices that are built in.
        built_in: String,
        /// Whether there is a feature for it.
        is_feature: bool,
    },
    /// A device does not answer.
    #[error("device {name}: it does not answer; make sure that it and its driver are there")]
    SilentDevice {
        /// The name of the device.
        name: String,
    },
    /// A stream was stopped from outside.
    #[error("interrupted")]
    Interrupted,
    /// A thread of a stream panicked.
    #[error("the thread that {task} has failed")]
    Thread {
        /// Its task.
        task: &'static str,
    },
}
