use std::path::PathBuf;

use thiserror::Error;

/// Why nothing can be converted, whatever the files hold.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ConvertError {
    /// There is no such file or directory.
    #[error("input file not found: {}", .0.display())]
    InputNotFound(PathBuf),
    /// A directory without a file of the kind.
    #[error("no input files in directory {}", .0.display())]
    NoInputFiles(PathBuf),
    /// A directory of several kinds, and no converter named.
    #[error("all input files must be same type, found {0}; name with -c the format of those to take")]
    MixedTypes(String),
    /// No converter has this name.
    #[error("can't find converter for {name}; name one of {known}")]
    UnknownConverter {
        /// The name.
        name: String,
        /// The names that there are.
        known: String,
    },
    /// Neither the content nor the suffix of a file is of a format that is read.
    #[error(
        "{}: neither its content nor its suffix {suffix:?} is of a format that is read; name one with -c: {known}",
        file.display()
    )]
    UnknownFormat {
        /// The file.
        file: PathBuf,
        /// Its suffix.
        suffix: String,
        /// The names of the formats.
        known: String,
    },
    /// No kind of output has this name.
    #[error("can't write files of type {name:?}; choose one of {known}")]
    UnknownFileType {
        /// The name.
        name: String,
        /// The names that there are.
        known: String,
    },
    /// Only text can be written to a stream.
    #[error("can't write {0} data to stdout; name an output directory")]
    NoStream(&'static str),
    /// Only some formats tell predictions from annotation.
    #[error("{name} does not tell predictions from annotation; choose one of {known}")]
    NoPredictions {
        /// The name of the format.
        name: &'static str,
        /// The names of those that do.
        known: String,
    },
    /// Files would be replaced that no conversion wrote.
    #[error("{}: the folder would be replaced, and holds files that no conversion wrote; name another output directory", .0.display())]
    NotReplaced(PathBuf),
    /// A language that has no vocabulary here.
    #[error("language {0:?} is not known; give its code with --lang, such as en")]
    UnknownLanguage(String),
    /// Sentences by a model's parser.
    #[error("sentences by the parser of model {0:?} are not available; leave out -b to use the sentencizer")]
    ModelNotAvailable(String),
    /// CoNLL-U without a number of sentences.
    #[error(
        "0 sentences per document: CoNLL-U files have no documents of their own, so give a number above 0"
    )]
    NoSentencesPerDocument,
}
