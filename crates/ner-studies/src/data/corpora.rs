use burn::tensor::Device;
use ner_config::{Document, Registry, TrainingConfig};
use ner_doc::Example;
use ner_training::{Fingerprint, read_corpora};

use crate::StudyError;

/// What a study wants to know of a config before there is a run.
pub(crate) struct Settings {
    pub(crate) training: TrainingConfig,
}

impl Settings {
    /// Reads the settings of a complete config.
    pub(crate) fn of(config: &Document) -> Result<Settings, StudyError> {
        let training = config.resolve()?.section("training").map_err(|error| config.locate(error))?;
        Ok(Settings { training })
    }

    /// Fails unless there is a dev corpus, by which pipelines are chosen and reported.
    pub(crate) fn check_dev(&self) -> Result<(), StudyError> {
        let message = "a part of the training corpus that is set apart in each run is no common measure; set it to null, and name \
                       a dev corpus, for instance with --paths.dev FILE";
        match self.training.dev_split {
            Some(_) => Err(StudyError::Setting { key: "dev_split", message }),
            None => Ok(()),
        }
    }

    /// Fails if the training corpus is a stream, whose documents have no numbers.
    pub(crate) fn check_held(&self) -> Result<(), StudyError> {
        let message = "a stream cannot be cut into samples and folds; set it to 0, or to a number of epochs";
        match self.training.max_epochs {
            ..0 => Err(StudyError::Setting { key: "max_epochs", message }),
            _ => Ok(()),
        }
    }
}

/// The corpora of a config, as they are before any run varies them.
pub(crate) struct Corpora {
    pub(crate) train: Vec<Example>,
    /// Empty if no dev corpus was asked for.
    pub(crate) dev: Vec<Example>,
}

impl Corpora {
    /// Reads both corpora of a config, or, where runs set a part of the first one apart, that alone.
    pub(crate) fn read(
        config: &Document,
        settings: &Settings,
        registry: &Registry,
        device: &Device,
    ) -> Result<Corpora, StudyError> {
        let TrainingConfig { train_corpus, dev_corpus, dev_split, .. } = &settings.training;
        let mut paths = vec![train_corpus.as_str()];
        paths.extend(dev_split.is_none().then_some(dev_corpus.as_str()));
        let mut corpora = read_corpora(config, &paths, registry, device)?.into_iter();
        let mut next = || corpora.next().unwrap_or_default();
        Ok(Corpora { train: next(), dev: next() })
    }

    /// By which they are known again.
    pub(crate) fn fingerprints(&self) -> [Fingerprint; 2] {
        [Fingerprint::of(&self.train), Fingerprint::of(&self.dev)]
    }
}
