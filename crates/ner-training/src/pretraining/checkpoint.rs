use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ner_cpython::{NumpyRandom, PythonRandom};
use ner_optim::SavedOptimizer;
use serde::{Deserialize, Serialize};

use super::state::{Origin, State};
use crate::TrainingError;
use crate::run::{CheckedFolder, Generator};

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
