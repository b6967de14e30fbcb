use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};

use ner_config::{Block, Builder, ConfigError, Kind};
use ner_doc::{Doc, EntIob};
use ner_formats::ReadOptions;
use ner_formats::account::Account;
use ner_formats::convert::ConvertError;
use schemars::JsonSchema;
use serde::Deserialize;

use super::ExampleSource;
use super::files::ConfigPath;
use super::sentence::{as_doc, sentences};
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
    pub(super) path: ConfigPath,
    pub(super) gold_preproc: bool,
    pub(super) max_length: usize,
    pub(super) limit: usize,
    entities_only: bool,
    /// Whether what was lost of the annotation is not worth a message.
    pub(super) texts_only: bool,
    pub(super) augmenter: Option<Box<dyn Augmenter>>,
    /// The numbers of the examples that the augmenter is fitted to; none for all.
    pub(super) fitted_to: Option<BTreeSet<usize>>,
    /// The augmenter that is fitted to the corpus, from the first pass on, if it has to be.
    pub(super) fitted: OnceLock<Option<Box<dyn Augmenter>>>,
    pub(super) options: ReadOptions,
    /// The accounts of the files of the last pass.
    pub(super) accounts: Mutex<Vec<Account>>,
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
        texts_only: false,
        augmenter: config.augmenter.as_ref().map(build).transpose()?,
        fitted_to: None,
        fitted: OnceLock::new(),
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
            texts_only: false,
            augmenter: None,
            fitted_to: None,
            fitted: OnceLock::new(),
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

    /// Tells of lost records and not of lost annotation.
    pub(super) fn texts_only(self) -> Corpus {
        Corpus { texts_only: true, ..self }
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
    pub(super) fn references(&self, mut doc: Doc) -> Result<(Vec<Doc>, bool), ner_doc::DocError> {
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
