use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::anyhow;
use ner_formats::account::Tally;
use ner_formats::{Format, Opened, suffix};

use super::form::Form;
use super::inputs::{Input, ReadError, Source, size_of};
use super::reader::Reader;
use super::{annotated, records, table, texts};
use crate::{failure, path, report};

/// The length of text that fills a batch, in bytes.
// Beside the number of inputs, since texts have any length: it bounds the memory of the batches that are read ahead.
const BATCH_BYTES: usize = 1 << 18;

impl Reader {
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
        let suffix = suffix(file);
        suffix == "txt" || Format::of_suffix(&suffix).is_none()
    });
    Ok(files)
}
