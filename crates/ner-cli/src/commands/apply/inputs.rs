use ner::Content;
use ner_formats::{Encoding, FormatError, Place};
use serde_json::{Map, Value};

/// How texts are read.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct InputArgs {
    /// The field of JSON records that holds the text, with dots for a field inside of others, such as data.text. Records
    /// without it may have "tokens".
    #[arg(long, default_value = "text")]
    pub(super) text_key: String,
    /// The column of a table in CSV, TSV or Parquet that holds the text; the default is text.
    #[arg(long, value_name = "NAME")]
    pub(super) text_column: Option<String>,
    /// Take each line of a text file for a text, as on stdin.
    #[arg(long)]
    pub(super) lines: bool,
    /// Encoding of text files, if not UTF-8 or UTF-16: windows-1252.
    #[arg(long)]
    pub(super) encoding: Option<Encoding>,
    /// Leave out records that cannot be read, and name them in the end, with exit code 1.
    #[arg(long)]
    pub(super) skip_bad: bool,
}

impl InputArgs {
    /// The field of the text; a column of Parquet is one.
    pub(super) fn text_key(&self) -> &str {
        self.text_column.as_deref().unwrap_or(&self.text_key)
    }
}

/// The other fields of an input's record.
pub(super) type Fields = Map<String, Value>;

/// A text or a document to annotate.
pub(super) type Input = ner::Input<Fields>;

/// The inputs of a file.
pub(super) type Source = Box<dyn Iterator<Item = Result<Input, ReadError>> + Send>;

/// Why an input cannot be read.
#[derive(Debug)]
pub(super) enum ReadError {
    /// The fault is one record's, and the next may be in order.
    Record(anyhow::Error),
    /// Nothing more of the file can be read.
    File(anyhow::Error),
}

impl From<FormatError> for ReadError {
    fn from(error: FormatError) -> ReadError {
        if error.is_of_file() { ReadError::File(error.into()) } else { ReadError::Record(error.into()) }
    }
}

impl ReadError {
    /// The same fault where it ends the reading of the file.
    pub(super) fn whole_file(self) -> ReadError {
        let (ReadError::Record(error) | ReadError::File(error)) = self;
        ReadError::File(error)
    }

    /// A fault of a file as a whole, whatever it says of a place in it.
    pub(super) fn of_file(error: impl Into<anyhow::Error>) -> ReadError {
        ReadError::File(error.into())
    }
}

/// An input without a record.
pub(super) fn without_record(content: Content, place: Place) -> Input {
    Input { content, place, extra: Map::new() }
}

/// A measure of the work and the memory that an input will take.
pub(super) fn size_of(content: &Content) -> usize {
    match content {
        Content::Text(text) => text.len(),
        Content::Doc(doc) => doc.tokens.iter().map(|token| token.text().len()).sum(),
    }
}
