use std::path::PathBuf;
use std::sync::Mutex;
use std::{iter, vec};

use ner_config::{Block, Builder, ConfigError, Kind};
use ner_cpython::SharedRandom;
use ner_doc::{Doc, EntIob, Example};
use ner_formats::account::{Account, Level};
use ner_formats::convert::ConvertError;
use ner_formats::{FormatError, Place, ReadOptions, Reading, read_docs};
use ner_tokenizer::Tokenizer;
use schemars::JsonSchema;
use serde::Deserialize;

use super::files::ConfigPath;
use super::sentence::{as_doc, sentences};
use super::{ExampleSource, Examples};
use crate::CorpusError;
use crate::augment::Augmenter;

/// Annotated documents: a `.spacy` file, a folder of them, or a file of any other format that is read.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CorpusConfig {
    /// The file or folder.
    pub path: Option<String>,
    /// Whether predictions start from the true sentences and tokens.
    pub gold_preproc: bool,
    /// Documents of at least this many tokens are cut into sentences, and left out if they have none; 0: no bound.
    #[serde(default)]
    pub max_length: usize,
    /// Documents to read at most; 0: all.
    #[serde(default)]
    pub limit: usize,
    /// Changes examples as they are read.
    #[serde(default)]
    pub augmenter: Option<Block>,
    /// The format of the files; by their content if it is not given.
    #[serde(default)]
    #[schemars(extend("x-unwritten" = true))]
    pub format: Option<String>,
    /// How spans of characters count, such as `utf16` or `auto`.
    #[serde(default)]
    #[schemars(extend("x-unwritten" = true))]
    pub offsets: Option<String>,
    /// A JSON file that maps labels to labels, or to "" to drop them.
    #[serde(default)]
    #[schemars(extend("x-unwritten" = true))]
    pub label_map: Option<String>,
    /// Whether tokens outside entities count as not annotated: as in predictions of a pipeline that lacks some labels.
    #[serde(default)]
    #[schemars(extend("x-unwritten" = true))]
    pub entities_only: bool,
}

/// Reads examples from annotated documents.
pub struct Corpus {
    path: ConfigPath,
    gold_preproc: bool,
    max_length: usize,
    limit: usize,
    entities_only: bool,
    augmenter: Option<Box<dyn Augmenter>>,
    options: ReadOptions,
    /// The accounts of the files of the last pass.
    accounts: Mutex<Vec<Account>>,
}

pub(crate) fn corpus(config: CorpusConfig, builder: &Builder) -> Result<Box<dyn ExampleSource>, ConfigError> {
    let options = read_options(&config, builder)?;
    let path = ConfigPath::from_config(config.path, builder)?;
    let build = |block: &Block| builder.build(Kind::Augmenters, block);
    Ok(Box::new(Corpus {
        gold_preproc: config.gold_preproc,
        max_length: config.max_length,
        limit: config.limit,
        entities_only: config.entities_only,
        augmenter: config.augmenter.as_ref().map(build).transpose()?,
        options,
        accounts: Mutex::default(),
        path,
    }))
}

/// How the files are read, as the block says.
fn read_options(config: &CorpusConfig, builder: &Builder) -> Result<ReadOptions, ConfigError> {
    let mut options = ReadOptions::default();
    if let Some(name) = &config.format {
        options.format = Some(name.parse().map_err(|error: ConvertError| builder.failed(error))?);
    }
    if let Some(offsets) = &config.offsets {
        options.offsets =
            offsets.parse().map_err(|problem| builder.failed(CorpusError::Offsets { problem }))?;
    }
    options.label_map = config.label_map.as_ref().map(PathBuf::from);
    Ok(options)
}

impl Corpus {
    /// All documents of the file or folder as they are; `key` names in errors where the path comes from.
    pub fn new(path: impl Into<PathBuf>, key: impl Into<String>) -> Corpus {
        let path = ConfigPath { path: path.into(), key: key.into() };
        Corpus {
            path,
            gold_preproc: false,
            max_length: 0,
            limit: 0,
            entities_only: false,
            augmenter: None,
            options: ReadOptions::default(),
            accounts: Mutex::default(),
        }
    }

    /// Predictions start from the true sentences and tokens.
    pub fn gold_preproc(self) -> Corpus {
        Corpus { gold_preproc: true, ..self }
    }

    /// Documents of at least this many tokens are cut into sentences, or left out.
    pub fn max_length(self, max_length: usize) -> Corpus {
        Corpus { max_length, ..self }
    }

    /// Reads at most this many documents, or one of each file once there were that many.
    pub fn limit(self, limit: usize) -> Corpus {
        Corpus { limit, ..self }
    }

    /// Takes tokens outside entities for not annotated.
    pub fn entities_only(self) -> Corpus {
        Corpus { entities_only: true, ..self }
    }

    /// Changes examples as they are read.
    pub fn augmenter(self, augmenter: Box<dyn Augmenter>) -> Corpus {
        Corpus { augmenter: Some(augmenter), ..self }
    }

    /// Reads its files in another way than by their content and with the usual options.
    pub fn options(self, options: ReadOptions) -> Corpus {
        Corpus { options, ..self }
    }

    /// The documents of which each becomes an example, and whether something was left out.
    fn references(&self, mut doc: Doc) -> Result<(Vec<Doc>, bool), ner_doc::DocError> {
        if self.entities_only {
            let outside = doc.tokens.iter_mut().filter(|token| token.ent_iob == EntIob::Out);
            outside.for_each(|token| token.ent_iob = EntIob::Missing);
        }
        let is_short = |length| self.max_length == 0 || length < self.max_length;
        let is_cut = self.gold_preproc || !is_short(doc.len());
        if !is_cut || (self.gold_preproc && !doc.has_sentence_annotation()) {
            return Ok((vec![doc], false));
        }
        if !doc.has_sentence_annotation() {
            return Ok((Vec::new(), true));
        }
        let (short, long): (Vec<_>, Vec<_>) =
            sentences(&doc).into_iter().partition(|tokens| self.gold_preproc || is_short(tokens.len()));
        let short = short.into_iter().map(|tokens| as_doc(&doc, tokens)).collect::<Result<_, _>>()?;
        Ok((short, !long.is_empty()))
    }
}

impl ExampleSource for Corpus {
    fn accounts(&self) -> Vec<Account> {
        self.accounts.lock().expect("no holder of the lock panics").clone()
    }

    fn examples<'a>(&'a self, tokenizer: &'a Tokenizer, random: &'a SharedRandom) -> Examples<'a> {
        let files = self.path.annotated_files();
        self.accounts.lock().expect("no holder of the lock panics").clear();
        match files {
            Err(error) => Box::new(iter::once(Err(error))),
            Ok(files) => Box::new(Stream {
                corpus: self,
                tokenizer,
                random,
                files: files.into_iter(),
                docs: None,
                file: Place::file(self.path.path.as_path()),
                document: 0,
                n_docs: 0,
                n_cut_short: 0,
                references: Vec::new().into_iter(),
            }),
        }
    }
}

/// Examples of one pass over a corpus: one file and one document at a time.
struct Stream<'a> {
    corpus: &'a Corpus,
    tokenizer: &'a Tokenizer,
    random: &'a SharedRandom,
    files: vec::IntoIter<PathBuf>,
    docs: Option<Reading<'a>>,
    /// The current file.
    file: Place,
    /// The last document of it, counted from 1.
    document: usize,
    /// Documents that were not empty, over all files.
    n_docs: usize,
    /// Documents of which something was too long.
    n_cut_short: usize,
    references: vec::IntoIter<Doc>,
}

impl Stream<'_> {
    fn next_example(&mut self) -> Result<Option<Example>, CorpusError> {
        loop {
            if let Some(reference) = self.references.next() {
                return self.example(reference).map(Some);
            }
            let Some(doc) = self.next_doc()? else { return Ok(None) };
            let (references, is_cut_short) = self.corpus.references(doc).map_err(self.doc_error())?;
            self.references = references.into_iter();
            self.n_cut_short += usize::from(is_cut_short);
        }
    }

    fn next_doc(&mut self) -> Result<Option<Doc>, CorpusError> {
        loop {
            let Some(docs) = &mut self.docs else {
                let Some(file) = self.files.next() else { return Ok(None) };
                (self.file, self.document) = (Place::file(file.as_path()), 0);
                self.docs = Some(read_docs(&file, self.tokenizer, &self.corpus.options)?);
                continue;
            };
            let doc = docs.next().transpose()?;
            self.document += 1;
            match doc {
                None => self.finish_file(),
                Some(doc) if doc.is_empty() => {}
                Some(doc) => {
                    self.n_docs += 1;
                    // spaCy: corpus.py ends the file here, not the corpus, so that each further file still gives one.
                    if self.corpus.limit > 0 && self.n_docs >= self.corpus.limit {
                        self.finish_file();
                    }
                    return Ok(Some(doc));
                }
            }
        }
    }

    /// Closes the account of the file that is at its end, and tells of its losses.
    fn finish_file(&mut self) {
        let Some(reading) = self.docs.take() else { return };
        let messages = reading.messages.clone();
        let account = reading.into_account();
        for message in messages.into_iter().chain(account.messages()) {
            match message.level {
                Level::Warn => tracing::warn!("{}", message.text),
                Level::Info | Level::Good => tracing::info!("{}", message.text),
            }
        }
        self.corpus.accounts.lock().expect("no holder of the lock panics").push(account);
    }

    fn example(&self, reference: Doc) -> Result<Example, CorpusError> {
        // Words of a document whose spaces are unknown do not add up to its text, so there is no text to tokenize.
        let has_words =
            self.corpus.gold_preproc || reference.has_unknown_spaces || self.tokenizer.is_elsewhere();
        let predicted = if has_words {
            let spaces: Vec<bool> = reference.tokens.iter().map(|token| token.space_after).collect();
            Doc::from_words(self.tokenizer.vocab().clone(), &reference.words(), &spaces)
        } else {
            let tokenized = self.tokenizer.tokenize(&reference.text());
            tokenized.map_err(|source| FormatError::Tokenizer { place: self.place(), source })?
        };
        let example = Example::new(predicted, reference);
        match &self.corpus.augmenter {
            None => Ok(example),
            Some(augmenter) => {
                // Locked for one example at a time: batches and dropout draw from the same generator in between.
                let augmented = self.random.draw(|random| augmenter.augment(example, self.tokenizer, random));
                augmented.map_err(|source| CorpusError::Augment { place: self.place(), source })
            }
        }
    }

    fn place(&self) -> Place {
        self.file.clone().document(self.document)
    }

    fn doc_error(&self) -> impl Fn(ner_doc::DocError) -> FormatError + use<> {
        let place = self.place();
        move |source| FormatError::Doc { place: place.clone(), source }
    }

    /// Warns at the end of losses that spaCy does not mention.
    fn warn_of_losses(&mut self) {
        let path = self.corpus.path.path.display();
        if self.n_docs == 0 {
            tracing::warn!(%path, key = self.corpus.path.key, "There is no document with words in the corpus.");
        }
        if self.n_cut_short > 0 {
            let (n_docs, max_length) = (std::mem::take(&mut self.n_cut_short), self.corpus.max_length);
            tracing::warn!(%path, n_docs, max_length, "Documents, or sentences of them, were too long and left out.");
        }
    }
}

impl Iterator for Stream<'_> {
    type Item = Result<Example, CorpusError>;

    fn next(&mut self) -> Option<Result<Example, CorpusError>> {
        let example = self.next_example().transpose();
        if example.is_none() {
            self.warn_of_losses();
        }
        example
    }
}
