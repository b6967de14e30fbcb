use std::path::PathBuf;

use ner_config::ConfigError;
use ner_corpus::CorpusError;
use ner_doc::DocError;
use ner_files::FileError;
use ner_formats::FormatError;
use ner_pipeline::PipelineError;
use ner_training::TrainingError;

/// Why a study cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum StudyError {
    /// It was stopped from outside.
    #[error("interrupted; the same command goes on with the study")]
    Interrupted,
    /// A number of the study cannot work.
    #[error("{option}: expected {expected}, found {found}")]
    Option {
        /// The option.
        option: &'static str,
        /// What it takes.
        expected: String,
        /// What it was given.
        found: String,
    },
    /// A setting of the config does not go with the study.
    #[error("[training] {key}: {message}")]
    Setting {
        /// The key.
        key: &'static str,
        /// Why, and what to do.
        message: &'static str,
    },
    /// The folder holds something else.
    #[error("{} holds {found}, which is no part of a study; name an empty directory", folder.display())]
    Occupied {
        /// The folder.
        folder: PathBuf,
        /// What is in it.
        found: String,
    },
    /// A run of this name was made with another config or other data.
    #[error(
        "{}: this run is another one: {change}; name another output directory, or delete this run to make it anew",
        run.display()
    )]
    OtherRun {
        /// The folder of the run.
        run: PathBuf,
        /// What is different.
        change: String,
    },
    /// A record of a run is damaged.
    #[error("{}: {message}; delete the file, and the run is made anew", file.display())]
    Record {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// A file that says what to search, or a part of it, is wrong.
    #[error("{}: {message}", file.display())]
    Space {
        /// The file.
        file: PathBuf,
        /// The key, what was found, what was expected.
        message: String,
    },
    /// The values of a trial do not fit the config.
    #[error("{}: {trial}: {source}", file.display())]
    Trial {
        /// The file that names the values.
        file: PathBuf,
        /// The trial, or the section.
        trial: String,
        /// What is wrong with them.
        source: Box<TrainingError>,
    },
    /// Folds would lack a label.
    #[error("{0}")]
    Folds(String),
    /// Documents cannot be grouped.
    #[error("--group-by {key}: {message}")]
    Groups {
        /// The key.
        key: String,
        /// Why.
        message: String,
    },
    /// Predictions do not belong to the documents.
    #[error("{}: {message}", file.display())]
    Predictions {
        /// The file of the predictions.
        file: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// A run failed.
    #[error("run {run}: {source}")]
    Run {
        /// Its name.
        run: String,
        /// Why.
        source: Box<StudyError>,
    },
    /// A run whose weights are no numbers, in a study that cannot do without it.
    #[error("run {run}: {message}")]
    Diverged {
        /// Its name.
        run: String,
        /// What training says.
        message: String,
    },
    /// A run cannot be trained.
    #[error(transparent)]
    Training(#[from] TrainingError),
    /// A pipeline cannot be opened, or cannot predict.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// The config is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A corpus cannot be read.
    #[error(transparent)]
    Corpus(#[from] CorpusError),
    /// A file of documents cannot be read or written.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// A prediction cannot be compared with its reference.
    #[error(transparent)]
    Doc(#[from] DocError),
    /// A file or a folder cannot be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// Threads cannot be started.
    #[error(transparent)]
    Threads(#[from] rayon::ThreadPoolBuildError),
}
