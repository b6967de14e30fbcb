//! Tokenizer and vocabulary of a new pipeline, taken from another one.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ner_config::{Block, ConfigError, Registry, ResolvedConfig};
use ner_files::FileMap;
use ner_tokenizer::{Tokenizer, TokenizerSource};
use ner_vocab::{Vectors, Vocab};

use crate::PipelineError;
use crate::callbacks::CopyFromBaseModel;
use crate::storage::{LOOKUPS, PipelineFiles, VocabFiles, content, read_vectors};

/// Where tokenizer and vocabulary of a new pipeline come from.
#[derive(Debug, Default)]
pub(crate) struct BaseModel {
    tokenizer: Option<PathBuf>,
    vocab: Option<PathBuf>,
    /// What `initialize.vectors` names.
    vectors: Option<PathBuf>,
}

const BEFORE_INIT: &str = "initialize.before_init";
const VECTORS: &str = "initialize.vectors";

impl BaseModel {
    /// What `[initialize]` of an interpolated config names: in `before_init` and in `vectors`.
    pub(super) fn of(config: &ResolvedConfig, registry: &Registry) -> Result<BaseModel, ConfigError> {
        let base = match config.get(BEFORE_INIT).and_then(ner_config::Value::as_table) {
            Some(table) => CopyFromBaseModel::build(&Block::new(BEFORE_INIT, table.clone()), registry)?,
            None => None,
        }
        .unwrap_or_default();
        let find = |key: &str, name: Option<PathBuf>| name.map(|name| find(key, &name, registry)).transpose();
        let vectors = config.get(VECTORS).and_then(ner_config::Value::as_str).map(PathBuf::from);
        Ok(BaseModel {
            tokenizer: find(&format!("{BEFORE_INIT}.tokenizer"), base.tokenizer)?,
            vocab: find(&format!("{BEFORE_INIT}.vocab"), base.vocab)?,
            vectors: find(VECTORS, vectors)?,
        })
    }

    /// The vocabulary, with the vectors of another pipeline or the `first` ones, and files of it that mean nothing here.
    pub(super) fn vocab(&self, lang: &str, first: Vectors) -> Result<(Vocab, FileMap), PipelineError> {
        let (vocab, kept) = match &self.vocab {
            Some(path) => {
                let mut files = PipelineFiles::open(path)?;
                (VocabFiles::take(&mut files, lang)?.read()?, files.take_all(|name| name == LOOKUPS)?)
            }
            None => {
                let vocab = Vocab::new(lang).ok_or_else(|| ConfigError::Value {
                    path: "nlp.lang".to_owned(),
                    message: format!(
                        "expected the code of a language, such as \"en\" or \"xx\", found {lang:?}"
                    ),
                })?;
                (vocab.with_vectors(first), FileMap::new())
            }
        };
        match &self.vectors {
            Some(path) => Ok((vocab.with_vectors(vectors_of(path)?), kept)),
            None => Ok((vocab, kept)),
        }
    }

    /// The tokenizer; its rules are those of the language unless others are named.
    pub(super) fn tokenizer(
        &self,
        source: TokenizerSource,
        vocab: Arc<Vocab>,
    ) -> Result<Tokenizer, PipelineError> {
        let wrong =
            |key: &str, message: String| Err(ConfigError::Value { path: key.to_owned(), message }.into());
        match (source, &self.tokenizer) {
            (TokenizerSource::Rules, None) => Ok(Tokenizer::for_language(vocab)?),
            (TokenizerSource::Rules, Some(path)) => {
                let (path, bytes) = tokenizer_file(path)?;
                Tokenizer::from_bytes(vocab, &bytes).map_err(|error| content(path, error.to_string()))
            }
            (TokenizerSource::Splitter(splitter), None) => Ok(Tokenizer::with_splitter(vocab, splitter)),
            // spaCy refuses it as well (E872).
            (TokenizerSource::Splitter(_), Some(path)) => wrong(
                "initialize.before_init.tokenizer",
                format!(
                    "expected null, found {:?}: nlp.tokenizer names a tokenizer that has no rules; drop one of the two",
                    path.display()
                ),
            ),
            (TokenizerSource::Elsewhere(program), _) => wrong(
                "nlp.tokenizer",
                format!(
                    "texts would be split by {program}, which is not available here; expected another tokenizer, \
                     such as segmenter = \"char\" for Chinese"
                ),
            ),
        }
    }
}

/// The place of the pipeline that the config calls `name` at `key`.
pub(super) fn find(key: &str, name: &Path, registry: &Registry) -> Result<PathBuf, ConfigError> {
    PipelineFiles::find(name, registry.package_folders())
        .map_err(|error| ConfigError::Value { path: key.to_owned(), message: error.to_string() })
}

/// The static vectors of a pipeline.
fn vectors_of(path: &Path) -> Result<Vectors, PipelineError> {
    let vectors = read_vectors(&mut PipelineFiles::open(path)?)?.filter(|vectors| vectors.n_rows() > 0);
    let message = "expected a pipeline with static vectors (initialize.vectors), found none";
    vectors.ok_or_else(|| content(path.to_owned(), message))
}

/// A `tokenizer` file, which may be that of a pipeline.
fn tokenizer_file(path: &Path) -> Result<(PathBuf, Vec<u8>), PipelineError> {
    // A file `tokenizer` is a MessagePack map, which begins like no archive.
    match std::fs::read(path) {
        Ok(bytes) if !ner_files::is_archive(&bytes) => Ok((path.to_owned(), bytes)),
        _ => {
            let mut files = PipelineFiles::open(path)?;
            let bytes = files.take_if_there("tokenizer")?.ok_or_else(|| {
                let message = "expected a pipeline with a file `tokenizer` (initialize.before_init.tokenizer), found \
                               one whose texts are split without rules";
                content(path.to_owned(), message)
            })?;
            Ok((files.path("tokenizer"), bytes))
        }
    }
}
