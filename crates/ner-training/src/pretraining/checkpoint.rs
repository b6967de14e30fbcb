use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ner_config::Table;
use ner_cpython::{NumpyRandom, PythonRandom, murmur64a};
use ner_optim::SavedOptimizer;
use ner_pipeline::Pipeline;
use serde::{Deserialize, Serialize};

use super::pretrain::State;
use crate::run::{CheckedFolder, Generator, TrainCorpus};
use crate::{Fingerprint, TrainingError};

/// The directory within the output of a pretraining; another one than that of a training, which may have the same output.
const NAME: &str = "pretrain-checkpoint";
/// All of [`SavedPretraining`] but arrays.
const PRETRAINING: &str = "pretraining.json";
/// The weights of the last step, not averaged: of the layer, and of what stands above it.
const WEIGHTS: &str = "weights.safetensors";
/// The arrays of the optimiser.
const OPTIMIZER: &str = "optimizer.safetensors";

/// The version of [`SavedPretraining`]; another one is refused.
pub(super) const VERSION: u32 = 1;

/// A pretraining between two steps.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SavedPretraining {
    pub(super) version: u32,
    pub(super) origin: Origin,
    pub(super) state: State,
    /// The bytes of the log; what comes after them was written since.
    pub(super) log_bytes: u64,
    /// Words that were drawn in advance.
    pub(super) drawn_words: Vec<usize>,
    pub(super) optimizer: SavedOptimizer,
    pub(super) python: Generator<PythonRandom>,
    pub(super) numpy: Generator<NumpyRandom>,
    /// All weights by their number, in a file of their own.
    #[serde(skip)]
    pub(super) weights: BTreeMap<String, Vec<f32>>,
}

/// What a pretraining was begun with, and has to be resumed with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Origin {
    /// The complete config.
    pub(super) config: Table,
    /// The first texts.
    pub(super) corpus: Fingerprint,
    /// MurmurHash64A of the word vectors.
    pub(super) vectors: u64,
}

/// Numbers of word vectors that are hashed at a time, so that no copy of a large table is made.
const HASHED_AT_ONCE: usize = 4096;

impl Origin {
    pub(super) fn new(
        config: Table,
        corpus: &TrainCorpus,
        seed: u64,
        pipeline: &Pipeline,
    ) -> Result<Origin, TrainingError> {
        let vectors = pipeline.vocab().vectors().data().chunks(HASHED_AT_ONCE);
        let vectors = vectors.fold(0, |hash, numbers| {
            let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
            murmur64a(&bytes, hash)
        });
        Ok(Origin { config, corpus: Fingerprint::of(&*corpus.sample(seed)?), vectors })
    }
}

/// The checkpoint of a pretraining that writes to `output`.
pub(super) fn path(output: &Path) -> PathBuf {
    output.join(NAME)
}

impl SavedPretraining {
    /// Replaces the checkpoint in `output`.
    pub(super) fn write(mut self, output: &Path) -> Result<(), TrainingError> {
        let mut folder = CheckedFolder::new(path(output));
        folder.put_arrays(WEIGHTS, &self.weights);
        folder.put_arrays(OPTIMIZER, &std::mem::take(&mut self.optimizer.arrays));
        folder.put_json(PRETRAINING, &self);
        folder.write()
    }

    /// Reads the checkpoint in `output`; `None` if there is none.
    ///
    /// # Errors
    /// If a file is missing, cut short, changed, or of another version.
    pub(super) fn open(output: &Path) -> Result<Option<SavedPretraining>, TrainingError> {
        let Some(mut folder) = CheckedFolder::open(path(output))? else { return Ok(None) };
        let mut saved: SavedPretraining = folder.take_json(PRETRAINING)?;
        saved.weights = folder.take_arrays(WEIGHTS)?;
        saved.optimizer.arrays = folder.take_arrays(OPTIMIZER)?;
        Ok(Some(saved))
    }
}
