use std::iter;
use std::path::{Path, PathBuf};

use ner_config::{Builder, ConfigError};
use ner_cpython::SharedRandom;
use ner_doc::Example;
use ner_formats::record::RecordError;
use ner_formats::{FormatError, JsonLines, Opened, Place, TextLines};
use ner_tokenizer::Tokenizer;
use schemars::JsonSchema;
use serde::Deserialize;

use super::files::ConfigPath;
use super::{ExampleSource, Examples};
use crate::CorpusError;

/// Raw text in JSON Lines, one `text` a line, for pretraining.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JsonlCorpusConfig {
    /// The `.jsonl` file, or a folder of them.
    pub path: Option<String>,
    /// Texts of fewer tokens are left out; 0: no bound.
    #[serde(default)]
    pub min_length: usize,
    /// Texts of at least this many tokens are left out; 0: no bound.
    #[serde(default)]
    pub max_length: usize,
    /// Without effect, as in spaCy.
    #[serde(default)]
    pub limit: usize,
}

/// Raw text, one line a document, for pretraining.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlainTextCorpusConfig {
    /// The `.txt` file, or a folder of them.
    pub path: Option<String>,
    /// Texts of fewer tokens are left out; 0: no bound.
    #[serde(default)]
    pub min_length: usize,
    /// Texts of more tokens are left out; 0: no bound.
    #[serde(default)]
    pub max_length: usize,
}

/// Reads the `text` of JSON Lines.
#[derive(Clone, Debug)]
pub struct JsonlCorpus {
    path: ConfigPath,
    min_length: usize,
    max_length: usize,
}

/// Reads lines of text.
#[derive(Clone, Debug)]
pub struct PlainTextCorpus {
    path: ConfigPath,
    min_length: usize,
    max_length: usize,
}

pub(crate) fn jsonl_corpus(
    config: JsonlCorpusConfig,
    builder: &Builder,
) -> Result<Box<dyn ExampleSource>, ConfigError> {
    let JsonlCorpusConfig { path, min_length, max_length, .. } = config;
    Ok(Box::new(JsonlCorpus { path: ConfigPath::from_config(path, builder)?, min_length, max_length }))
}

pub(crate) fn plain_text_corpus(
    config: PlainTextCorpusConfig,
    builder: &Builder,
) -> Result<Box<dyn ExampleSource>, ConfigError> {
    let PlainTextCorpusConfig { path, min_length, max_length } = config;
    Ok(Box::new(PlainTextCorpus { path: ConfigPath::from_config(path, builder)?, min_length, max_length }))
}

impl JsonlCorpus {
    /// Texts of `min_length` tokens and more but fewer than `max_length`; 0: no bound.
    pub fn new(path: impl Into<PathBuf>, key: &str, min_length: usize, max_length: usize) -> JsonlCorpus {
        JsonlCorpus { path: ConfigPath { path: path.into(), key: key.to_owned() }, min_length, max_length }
    }
}

impl PlainTextCorpus {
    /// Texts of `min_length` to `max_length` tokens; 0: no bound.
    pub fn new(path: impl Into<PathBuf>, key: &str, min_length: usize, max_length: usize) -> PlainTextCorpus {
        PlainTextCorpus {
            path: ConfigPath { path: path.into(), key: key.to_owned() },
            min_length,
            max_length,
        }
    }
}

impl ExampleSource for JsonlCorpus {
    fn examples<'a>(&'a self, tokenizer: &'a Tokenizer, _: &'a SharedRandom) -> Examples<'a> {
        // spaCy: the longest text of this reader is a token shorter than that of the other one (training/corpus.py).
        let is_wanted =
            |length| length >= self.min_length && (self.max_length == 0 || length < self.max_length);
        examples(&self.path, ".jsonl", json_texts, tokenizer, is_wanted)
    }
}

impl ExampleSource for PlainTextCorpus {
    fn examples<'a>(&'a self, tokenizer: &'a Tokenizer, _: &'a SharedRandom) -> Examples<'a> {
        let is_wanted =
            |length| length >= self.min_length && (self.max_length == 0 || length <= self.max_length);
        examples(&self.path, ".txt", line_texts, tokenizer, is_wanted)
    }
}

type Texts = Box<dyn Iterator<Item = Result<(Place, String), CorpusError>> + Send>;

fn examples<'a>(
    path: &ConfigPath,
    suffix: &'static str,
    texts: fn(&Path) -> Texts,
    tokenizer: &'a Tokenizer,
    is_wanted: impl Fn(usize) -> bool + Send + 'a,
) -> Examples<'a> {
    let files = match path.files(&[suffix]) {
        Ok(files) => files,
        Err(error) => return Box::new(iter::once(Err(error))),
    };
    let texts = files.into_iter().flat_map(move |file| texts(&file));
    let examples = texts.map(move |text| text.and_then(|(place, text)| example(place, &text, tokenizer)));
    Box::new(examples.filter(move |example| {
        example.as_ref().map_or(true, |example: &Example| is_wanted(example.predicted.len()))
    }))
}

/// The lines of a text file, each a document.
pub(super) fn lines<'a>(file: &Path, tokenizer: &'a Tokenizer) -> Examples<'a> {
    Box::new(
        line_texts(file).map(move |line| line.and_then(|(place, text)| example(place, &text, tokenizer))),
    )
}

/// Without annotation a text is its own reference.
fn example(place: Place, text: &str, tokenizer: &Tokenizer) -> Result<Example, CorpusError> {
    let doc = tokenizer.tokenize(text).map_err(|source| FormatError::Tokenizer { place, source })?;
    Ok(Example::new(doc.clone(), doc))
}

fn json_texts(file: &Path) -> Texts {
    let lines = match Opened::open(file, None) {
        Ok(opened) => JsonLines::new(opened.into_reader(), file),
        Err(error) => return Box::new(iter::once(Err(error.into()))),
    };
    Box::new(lines.map(move |line| {
        let (place, mut value) = line?;
        match value.get_mut("text").map(serde_json::Value::take) {
            Some(serde_json::Value::String(text)) => Ok((place, text)),
            _ => Err(FormatError::Record { place, problem: RecordError::NoText }.into()),
        }
    }))
}

fn line_texts(file: &Path) -> Texts {
    match Opened::open(file, None) {
        Ok(opened) => Box::new(TextLines::new(opened.into_reader(), file).map(|line| Ok(line?))),
        Err(error) => Box::new(iter::once(Err(error.into()))),
    }
}
