use std::io;
use std::path::Path;
use std::sync::Arc;

use ner_doc::DocError;
use ner_files::FileError;
use ner_tokenizer::TokenizerError;
use thiserror::Error;

use crate::account::Account;
use crate::convert::ConvertError;
use crate::formats::docbin::DocBinError;
use crate::place::Place;
use crate::record::RecordError;
use crate::source::Encoding;

/// Why a file could not be read or written.
#[derive(Debug, Error)]
pub enum FormatError {
    /// The operating system refused to read or write.
    #[error(transparent)]
    File(#[from] FileError),
    /// In place of the file stands a pointer to it.
    #[error("{}: this is a pointer of Git LFS, not the file itself; run `git lfs pull`, or download the file", file.display())]
    LfsPointer {
        /// The file.
        file: Arc<Path>,
    },
    /// A file of a kind that is not read.
    #[error("{}: the file is {kind}; unpack it, or export it as text, which may be packed with gzip or zstd", file.display())]
    Packing {
        /// The file.
        file: Arc<Path>,
        /// The kind, after "the file is".
        kind: &'static str,
    },
    /// A text that is not of the encoding that it is read with.
    #[error("{}: the text is not {encoding}, which its first bytes or --encoding name; convert the file to UTF-8", file.display())]
    Encoding {
        /// The file.
        file: Arc<Path>,
        /// The encoding.
        encoding: Encoding,
    },
    /// A file without any record.
    #[error("{}: there is no document in the file, read as {format}; if it is of another format, name that with -c", file.display())]
    NoDocuments {
        /// The file.
        file: Arc<Path>,
        /// The format that it was read as.
        format: String,
    },
    /// None of the spans of a file fits its texts.
    #[error("{}: no span fits its text (0 of {}), so the file is not taken:\n{}", account.file.display(), account.spans, account.summary())]
    NothingFits {
        /// The account of the file.
        account: Box<Account>,
    },
    /// Something was lost, and the options say that nothing may be.
    #[error("{}: something is lost (spans: {}, records: {}), and with --strict nothing may be:\n{}",
        account.file.display(), account.n_spans_lost(), account.n_records_lost(), account.summary())]
    Strict {
        /// The account of the file.
        account: Box<Account>,
    },
    /// The format of the output cannot say something, and the options say that nothing may be lost.
    #[error("{}: the format to write cannot say all of it, and with --strict nothing may be lost:\n{}", account.file.display(), account.summary())]
    StrictOutput {
        /// The account of the file.
        account: Box<Account>,
    },
    /// A `.spacy` file is damaged.
    #[error("{place}: {problem}")]
    DocBin {
        /// The file and the document.
        place: Place,
        /// The fault.
        problem: DocBinError,
    },
    /// A record of a JSON Lines file contradicts itself or has another form.
    #[error("{place}: {problem}")]
    Record {
        /// The file and the line.
        place: Place,
        /// The fault.
        problem: RecordError,
    },
    /// A text could not be split into tokens.
    #[error("{place}: {source}")]
    Tokenizer {
        /// The file and the line or the document.
        place: Place,
        /// The tokenizer's error.
        source: TokenizerError,
    },
    /// A text file does not keep to its format.
    #[error("{place}: {message}")]
    Malformed {
        /// The file, the line and the column.
        place: Place,
        /// The text that was found, what was expected, and the remedy.
        message: String,
        /// spaCy's code for it, if it has one.
        code: Option<&'static str>,
    },
    /// Nothing can be converted, whatever the files hold.
    #[error(transparent)]
    Convert(#[from] ConvertError),
    /// Annotation does not fit the document that it belongs to.
    #[error("{place}: {source}")]
    Doc {
        /// The file and the document.
        place: Place,
        /// The annotation that does not fit.
        source: DocError,
    },
}

impl FormatError {
    /// spaCy's code for this error, such as `E1014`, where it has one.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            FormatError::DocBin { problem, .. } => problem.code(),
            FormatError::Record { problem, .. } => problem.code(),
            FormatError::Malformed { code, .. } => *code,
            _ => None,
        }
    }

    /// The account of the file of which too much was lost, if that is the error.
    pub fn account(&self) -> Option<&Account> {
        match self {
            FormatError::NothingFits { account }
            | FormatError::Strict { account }
            | FormatError::StrictOutput { account } => Some(account),
            _ => None,
        }
    }

    /// Whether it is about the file and not about one of its records, so that there is no next one.
    pub fn is_of_file(&self) -> bool {
        // An error about the file would come again for every record, without end.
        !matches!(
            self,
            FormatError::Record { .. }
                | FormatError::Tokenizer { .. }
                | FormatError::Malformed { .. }
                | FormatError::Doc { .. }
        )
    }

    /// Wraps an error of the operating system about `path`.
    pub(crate) fn io(path: &Path) -> impl Fn(io::Error) -> FormatError {
        let io_error = FileError::io(path);
        move |error| io_error(error).into()
    }
}
