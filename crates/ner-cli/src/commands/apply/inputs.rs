use std::fs;
use std::io::{self, BufRead};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use ner::Content;
use ner_cpython::universal_newlines;
use ner_formats::Place;
use ner_formats::docbin::DocBin;
use ner_formats::{JsonLines, Opened, tokens_of};
use ner_pipeline::Pipeline;
use ner_vocab::Vocab;
use serde_json::{Map, Value};

use crate::{path, report};

/// The other fields of an input's record.
pub(super) type Fields = Map<String, Value>;

/// A text or a document to annotate.
pub(super) type Input = ner::Input<Fields>;

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

/// The texts and documents to annotate, in order, each read when it is asked for.
pub(super) struct Inputs(Source);

type Source = Box<dyn Iterator<Item = anyhow::Result<Input>> + Send>;

impl Inputs {
    /// The texts of a file, of the files below a directory, or of the lines of stdin. `text_key` names the field of
    /// JSON Lines that holds the text; documents with tokens get the pipeline's vocabulary.
    pub(super) fn open(data: &Path, text_key: &str, pipeline: &Arc<Pipeline>) -> anyhow::Result<Inputs> {
        if path::is_dash(data) {
            return Ok(Inputs(Box::new(stdin_lines())));
        }
        let mut files = if data.is_dir() { ner_files::files_below(data)? } else { vec![data.to_owned()] };
        if files.is_empty() {
            let data = data.display();
            report::warn(format_args!(
                "Did not find data to process, {data} seems to be an empty directory."
            ));
        }
        // spaCy: plain texts come after all files that hold several documents (cli/apply.py).
        files.sort_by_key(|file| Format::of(file) == Format::Text);
        let (text_key, pipeline) = (text_key.to_owned(), pipeline.clone());
        Ok(Inputs(Box::new(files.into_iter().flat_map(move |file| read(&file, &text_key, &pipeline)))))
    }

    /// Batches of `size` inputs, or fewer where they are long.
    pub(super) fn batches(self, size: usize) -> impl Iterator<Item = anyhow::Result<Vec<Input>>> + Send {
        let mut inputs = self.0.peekable();
        std::iter::from_fn(move || {
            inputs.peek()?;
            let mut n_bytes = 0;
            let mut batch = Vec::new();
            // The length before an input is taken, so that one longer than the limit still finds a batch.
            while batch.len() < size && n_bytes < BATCH_BYTES {
                match inputs.next() {
                    Some(Ok(input)) => {
                        n_bytes += size_of(&input.content);
                        batch.push(input);
                    }
                    Some(Err(error)) => return Some(Err(error)),
                    None => break,
                }
            }
            Some(Ok(batch))
        })
    }
}

/// The length of text that fills a batch, in bytes.
// Beside the number of inputs, since texts have any length: it bounds the memory of the batches that are read ahead.
const BATCH_BYTES: usize = 1 << 18;

#[derive(PartialEq, Eq)]
enum Format {
    DocBin,
    JsonLines,
    Text,
}

impl Format {
    fn of(file: &Path) -> Format {
        match file.extension().and_then(|suffix| suffix.to_str()) {
            Some("spacy") => Format::DocBin,
            Some("jsonl") => Format::JsonLines,
            _ => Format::Text,
        }
    }
}

/// A text for each line, empty ones included.
fn stdin_lines() -> impl Iterator<Item = anyhow::Result<Input>> + Send {
    io::BufReader::new(io::stdin()).lines().enumerate().map(|(index, line)| {
        let place = Place::file(Path::new("stdin")).line(index + 1);
        let line = line.with_context(|| place.to_string())?;
        Ok(without_record(Content::Text(line), place))
    })
}

fn read(file: &Path, text_key: &str, pipeline: &Arc<Pipeline>) -> Source {
    let inputs = match Format::of(file) {
        Format::DocBin => read_docs(file, pipeline.vocab()),
        Format::JsonLines => read_records(file, text_key, pipeline),
        Format::Text => read_text(file),
    };
    // A file that cannot be opened fails in its turn, behind the results of those before it.
    inputs.unwrap_or_else(|error| Box::new(std::iter::once(Err(error))))
}

fn read_docs(file: &Path, vocab: &Arc<Vocab>) -> anyhow::Result<Source> {
    let docs = DocBin::open(file)?.into_docs(vocab.clone());
    let place = Place::file(file);
    let at = move |(number, doc): (usize, _)| {
        Ok(without_record(Content::Doc(doc?), place.clone().document(number)))
    };
    Ok(Box::new((1..).zip(docs).map(at)))
}

fn read_records(file: &Path, text_key: &str, pipeline: &Arc<Pipeline>) -> anyhow::Result<Source> {
    let lines = JsonLines::new(Opened::open(file, None)?.into_reader(), file);
    let (text_key, pipeline) = (text_key.to_owned(), pipeline.clone());
    Ok(Box::new(lines.map(move |line| {
        let (place, record) = line?;
        let (content, fields) =
            content(record, &place, &text_key, &pipeline).map_err(|problem| anyhow!("{place}: {problem}"))?;
        Ok(Input { content, place, extra: fields })
    })))
}

/// A record's text, or its tokens where there is no text or the pipeline cannot split it.
fn content(
    record: Value,
    place: &Place,
    text_key: &str,
    pipeline: &Pipeline,
) -> Result<(Content, Map<String, Value>), String> {
    let text = match record.get(text_key) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(other) => return Err(format!("the field {text_key:?} holds {other}; expected a string")),
        None => None,
    };
    let doc = match text.is_none() || pipeline.tokenizer().is_elsewhere() {
        true => tokens_of(&record, place, pipeline.vocab()).map_err(|problem| problem.to_string())?,
        false => None,
    };
    let content = doc.map(Content::Doc).or(text.map(Content::Text)).ok_or_else(|| {
        format!("the record has no field {text_key:?}; name the field of the text with --text-key")
    })?;
    Ok((content, if let Value::Object(fields) = record { fields } else { Map::new() }))
}

fn read_text(file: &Path) -> anyhow::Result<Source> {
    let bytes = fs::read(file).with_context(|| file.display().to_string())?;
    let not_utf8 = |_| anyhow!("{}: the text is not in UTF-8; convert the file to UTF-8", file.display());
    let text = String::from_utf8(bytes).map_err(not_utf8)?;
    // spaCy: Python's text files end every line with \n alone.
    let text = universal_newlines(text);
    Ok(Box::new(std::iter::once(Ok(without_record(Content::Text(text), Place::file(file))))))
}
