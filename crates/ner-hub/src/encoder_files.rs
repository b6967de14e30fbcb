use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use serde_json::Value;

use crate::json::parse_json;
use crate::weights::Checkpoint;
use crate::{EncoderConfig, HubError};

/// The folder of an encoder: settings, weights, and the files of its tokenizer.
#[derive(Clone, Debug, PartialEq)]
pub struct EncoderFiles {
    folder: PathBuf,
    settings: Value,
    config: EncoderConfig,
}

/// What a tokenizer may consist of, as transformers names it.
pub const TOKENIZER_FILES: [&str; 9] = [
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.txt",
    "vocab.json",
    "merges.txt",
    "sentencepiece.bpe.model",
    "spiece.model",
];

const CONFIG: &str = "config.json";

impl EncoderFiles {
    /// Opens a folder and reads its `config.json`.
    ///
    /// # Errors
    /// If there is none, or if it describes an encoder that is not computed here.
    pub fn open(folder: &Path) -> Result<EncoderFiles, HubError> {
        let path = folder.join(CONFIG);
        if !path.is_file() {
            return Err(HubError::Incomplete {
                folder: folder.to_owned(),
                found: "no config.json".to_owned(),
                expected: "the files of an encoder: config.json, weights and a tokenizer".to_owned(),
                mend: "give the folder that they are in, or get the encoder again".to_owned(),
            });
        }
        let (settings, config) = EncoderFiles::read_settings(&ner_files::read(&path)?, &path)?;
        Ok(EncoderFiles { folder: folder.to_owned(), settings, config })
    }

    /// Makes sure that the bytes of a `config.json` describe an encoder that is computed here.
    #[cfg(feature = "download")]
    pub(crate) fn check_settings(bytes: &[u8], path: &str) -> Result<(), HubError> {
        EncoderFiles::read_settings(bytes, Path::new(path)).map(drop)
    }

    fn read_settings(bytes: &[u8], path: &Path) -> Result<(Value, EncoderConfig), HubError> {
        let settings = parse_json(bytes, path)?;
        let config = EncoderConfig::from_json(&settings).map_err(|error| error.in_file(path))?;
        Ok((settings, config))
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// All of `config.json`, in its order.
    pub fn settings(&self) -> &Value {
        &self.settings
    }

    /// What an encoder needs of it.
    pub fn config(&self) -> &EncoderConfig {
        &self.config
    }

    /// Reads the weights, which fit the settings; heads that are no part of the encoder are left out.
    ///
    /// # Errors
    /// If there are none, if they cannot be read, or if they do not fit; all that is missing or has another shape is told
    /// at once.
    pub fn weights(&self) -> Result<IndexMap<String, ner_thinc::Array>, HubError> {
        self.weights_of(&self.config)
    }

    /// The same for an encoder of other settings, such as one of fewer layers.
    pub fn weights_of(&self, config: &EncoderConfig) -> Result<IndexMap<String, ner_thinc::Array>, HubError> {
        let checkpoint = Checkpoint::find(&self.folder)?;
        checkpoint.read(config).map_err(|error| error.in_file(checkpoint.path()))
    }

    /// The files of the tokenizer that are there, by name.
    pub fn tokenizer_files(&self) -> Result<IndexMap<String, Vec<u8>>, HubError> {
        let files = TOKENIZER_FILES.into_iter().map(|name| (name, self.folder.join(name)));
        let files = files.filter(|(_, path)| path.is_file());
        files.map(|(name, path)| Ok((name.to_owned(), ner_files::read(&path)?))).collect()
    }

    /// Makes sure that the table of pieces has a row for each id of the tokenizer, the largest of which is `largest_id`.
    pub fn check_tokenizer(&self, largest_id: usize) -> Result<(), HubError> {
        if largest_id < self.config.vocab_size {
            return Ok(());
        }
        Err(HubError::Incomplete {
            folder: self.folder.clone(),
            found: format!(
                "a tokenizer with ids up to {largest_id} and a table of {} pieces",
                self.config.vocab_size
            ),
            expected: format!("ids below {}", self.config.vocab_size),
            mend: "the tokenizer's files are those of another encoder; get all files from one place"
                .to_owned(),
        })
    }
}
