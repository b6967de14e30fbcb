use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::anyhow;
use ner::Content;
use ner_formats::account::Tally;
use ner_formats::record::OffsetUnit;
use ner_formats::{Encoding, Format, FormatError, Opened, Place};
use ner_pipeline::Pipeline;
use serde_json::{Map, Value};

use super::form::Form;
use super::{annotated, records, table, texts};
use crate::{failure, path, report};

/// How texts are read.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct InputArgs {
    /// The field of JSON records that holds the text, with dots for a field inside of others, such as data.text. Records
    /// without it may have "tokens".
    #[arg(long, default_value = "text")]
    pub(super) text_key: String,
    /// The column of a table in CSV or TSV that holds the text; the default is text.
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

/// How files become inputs.
#[derive(Clone)]
pub(super) struct Reader {
    pub(super) args: InputArgs,
    /// The unit of the offsets that are written, also of annotation that a file had.
    pub(super) unit: OffsetUnit,
    pub(super) pipeline: Arc<Pipeline>,
    /// The records that were left out.
    pub(super) bad: Arc<Mutex<Tally>>,
}

impl Reader {
    pub(super) fn new(args: &InputArgs, unit: OffsetUnit, pipeline: Arc<Pipeline>) -> Reader {
        Reader { args: args.clone(), unit, pipeline, bad: Arc::default() }
    }

    /// The inputs of a file, of the files below a directory, or of stdin, in order, in batches of `size`, or fewer where
    /// they are long. Each is read when it is asked for. What comes before an error is given out before it.
    pub(super) fn batches(
        &self,
        data: &Path,
        size: usize,
    ) -> anyhow::Result<impl Iterator<Item = anyhow::Result<Vec<Input>>> + Send + use<>> {
        let (reader, mut told) = (self.clone(), HashSet::new());
        let files = files(data)?.into_iter();
        let inputs = files.flat_map(move |file| reader.read(&file, &mut told));
        let mut inputs = without_bad(inputs, self.args.skip_bad, self.bad.clone()).peekable();
        Ok(std::iter::from_fn(move || {
            let first = match inputs.next()? {
                Ok(first) => first,
                Err(error) => return Some(Err(error)),
            };
            let mut n_bytes = size_of(&first.content);
            let mut batch = vec![first];
            while batch.len() < size && n_bytes < BATCH_BYTES {
                let Some(Ok(input)) = inputs.next_if(Result::is_ok) else { break };
                n_bytes += size_of(&input.content);
                batch.push(input);
            }
            Some(Ok(batch))
        }))
    }

    /// The inputs of a file. `told` holds what was said of files so far.
    fn read(&self, file: &Path, told: &mut HashSet<String>) -> Source {
        // A file that cannot be opened fails in its turn, behind the results of those before it.
        self.open(file, told).unwrap_or_else(|error| Box::new(std::iter::once(Err(error))))
    }

    fn open(&self, file: &Path, told: &mut HashSet<String>) -> Result<Source, ReadError> {
        let (opened, is_stdin) = match path::is_dash(file) {
            true => {
                let stdin = Box::new(io::BufReader::new(io::stdin()));
                (Opened::of(stdin, Path::new("stdin"), self.args.encoding), true)
            }
            false => (Opened::open(file, self.args.encoding), false),
        };
        let opened = opened.map_err(ReadError::of_file)?;
        let form = Form::of(&opened, &self.args, is_stdin);
        // Once for each kind of file: a directory may hold thousands of one kind.
        if let Some(note) = form.note(&opened, &self.args)
            && told.insert(note.clone())
        {
            report::info(format_args!("{}: read as {note}", opened.file().display()));
        }
        match form {
            Form::DocBin => annotated::docs(opened, self),
            Form::Records => records::read(opened, self),
            Form::Annotated(format) => annotated::read(opened, format, self),
            Form::Table => table::read(opened, self),
            Form::Lines => Ok(texts::lines(opened)),
            Form::Text => texts::whole(opened),
        }
    }
}

/// The inputs without the records that cannot be read, which go to `bad` if they are to be skipped, or up to the first of
/// these.
fn without_bad(
    inputs: impl Iterator<Item = Result<Input, ReadError>> + Send,
    skips: bool,
    bad: Arc<Mutex<Tally>>,
) -> impl Iterator<Item = anyhow::Result<Input>> + Send {
    let mut n_read = 0;
    inputs.filter_map(move |input| match input {
        Ok(input) => {
            n_read += 1;
            Some(Ok(input))
        }
        Err(ReadError::Record(error)) if skips => {
            bad.lock().expect("no holder panics").add(|| failure::message(&error));
            None
        }
        Err(ReadError::Record(error)) => {
            let error = failure::message(&error);
            let way_out = "--skip-bad leaves out what cannot be read, and goes on";
            Some(Err(anyhow!("{error}\n{n_read} records before it are in order; {way_out}")))
        }
        Err(ReadError::File(error)) => Some(Err(error)),
    })
}

/// The files to read, in order.
fn files(data: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = if data.is_dir() { ner_files::files_below(data)? } else { vec![data.to_owned()] };
    if files.is_empty() {
        let data = data.display();
        report::warn(format_args!("Did not find data to process, {data} seems to be an empty directory."));
    }
    // spaCy: plain texts come after all files that hold several documents (cli/apply.py).
    files.sort_by_key(|file| {
        let suffix = file.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        suffix == "txt" || Format::of_suffix(&suffix).is_none()
    });
    Ok(files)
}

/// An input without a record.
pub(super) fn without_record(content: Content, place: Place) -> Input {
    Input { content, place, extra: Map::new() }
}

/// A measure of the work and the memory that an input will take.
fn size_of(content: &Content) -> usize {
    match content {
        Content::Text(text) => text.len(),
        Content::Doc(doc) => doc.tokens.iter().map(|token| token.text().len()).sum(),
    }
}

/// The length of text that fills a batch, in bytes.
// Beside the number of inputs, since texts have any length: it bounds the memory of the batches that are read ahead.
const BATCH_BYTES: usize = 1 << 18;
