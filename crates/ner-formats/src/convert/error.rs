use std::path::PathBuf;

use thiserror::Error;

use super::FileType;

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
    #[error(
        "can't find converter for {name}; name one of {}", format_names(), name = .0
    )]
    UnknownConverter(String),
    /// Neither the content nor the suffix of a file is of a format that is read.
    #[error(
        "{}: neither its content nor its suffix {suffix:?} is of a format that is read; name one with -c: {}", file.display(), format_names()
    )]
    UnknownFormat {
        /// The file.
        file: PathBuf,
        /// Its suffix.
        suffix: String,
    },
    /// No kind of output has this name.
    #[error("can't write files of type {0:?}; choose one of {types}", types = file_type_names(|_| true))]
    UnknownFileType(String),
    /// Only text can be written to a stream.
    #[error("can't write {} data to stdout; name an output directory", .0.name())]
    NoStream(FileType),
    /// Only some formats tell predictions from annotation.
    #[error(
        "{} does not tell predictions from annotation; choose one of {types}", .0.name(),
        types = file_type_names(FileType::has_predictions)
    )]
    NoPredictions(FileType),
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

fn format_names() -> String {
    crate::FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", ")
}

fn file_type_names(is_meant: fn(FileType) -> bool) -> String {
    let file_types = FileType::all().filter(|file_type| is_meant(*file_type));
    file_types.map(FileType::name).collect::<Vec<_>>().join(", ")
}
