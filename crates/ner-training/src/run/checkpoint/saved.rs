use indexmap::IndexMap;
use ner_config::{Document, Table};
use ner_cpython::{NumpyRandom, PythonRandom};
use ner_optim::{ParameterKey, SavedOptimizer};
use ner_pipeline::{Learning, Losses, Pipeline};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::generator::Generator;
use super::{ConfigChange, Fingerprint};
use crate::distillation::LessonOrigin;
use crate::rehearsals::Rehearsals;
use crate::run::RunState;
use crate::{DistillationError, TrainingError};

/// The version of [`SavedRun`]; a run of another version is refused.
pub(in crate::run) const VERSION: u32 = 2;

/// A run between two steps, ready to be stored beside the files of its pipeline
/// ([`to_files`](ner_pipeline::Pipeline::to_files)).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedRun {
    pub(in crate::run) version: u32,
    pub(in crate::run) origin: Origin,
    pub(in crate::run) state: RunState,
    pub(in crate::run) losses: Losses,
    pub(in crate::run) optimizer: SavedOptimizer,
    /// The training state of components that their files do not hold, by name.
    pub(in crate::run) components: IndexMap<String, Value>,
    pub(in crate::run) python: Generator<PythonRandom>,
    pub(in crate::run) numpy: Generator<NumpyRandom>,
    /// Draws from the seeds of dropout inside of encoders.
    #[serde(default)]
    pub(in crate::run) n_seeds: u64,
}

/// What a run was begun with, and has to be resumed with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::run) struct Origin {
    /// The complete config, before sourced components changed it.
    pub(in crate::run) config: Table,
    /// The corpus to learn from; the first examples of a stream.
    pub(in crate::run) train: Fingerprint,
    /// The corpus to measure by.
    pub(in crate::run) dev: Fingerprint,
    /// The texts to rehearse on, if there are some.
    #[serde(default)]
    pub(in crate::run) texts: Option<Fingerprint>,
    /// What it learns from beside the corpora, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::run) lessons: Option<LessonOrigin>,
}

/// The parts of a run that change with each step.
pub(in crate::run) struct Moving<'a> {
    pub(in crate::run) origin: &'a Origin,
    pub(in crate::run) pipeline: &'a mut Pipeline,
    pub(in crate::run) learning: &'a Learning,
    pub(in crate::run) state: &'a RunState,
    pub(in crate::run) rehearsals: Option<&'a Rehearsals>,
}

impl Moving<'_> {
    pub(in crate::run) fn save(self) -> SavedRun {
        let Moving { origin, pipeline, learning, state, .. } = self;
        let keys = keys(pipeline);
        let components = pipeline.components().iter();
        let states = components.map(|(name, component)| (name.clone(), component.learning_state()));
        SavedRun {
            version: VERSION,
            origin: origin.clone(),
            state: state.clone(),
            losses: learning.losses.clone(),
            optimizer: learning.optimizer.save(&keys),
            components: states.collect(),
            python: Generator(learning.random.python.get()),
            numpy: Generator(learning.random.numpy.clone()),
            n_seeds: learning.random.seeds.n_drawn(),
        }
    }
}

impl SavedRun {
    /// The step that comes next, from 0.
    pub fn step(&self) -> usize {
        self.state.step
    }

    pub(super) fn optimizer_mut(&mut self) -> &mut SavedOptimizer {
        &mut self.optimizer
    }

    /// The changes between the config that the run was begun with and a complete one.
    ///
    /// # Errors
    /// If the run cannot go on with one of them.
    pub(crate) fn changes(&self, config: &Document) -> Result<Vec<ConfigChange>, TrainingError> {
        // Written out by the one command, and by no other.
        let section = "distillation";
        match (self.origin.config.contains_key(section), config.get(section).is_some()) {
            (true, false) => return Err(DistillationError::OtherCommand { expected: "distill" }.into()),
            (false, true) => return Err(DistillationError::OtherCommand { expected: "train" }.into()),
            _ => {}
        }
        allowed_changes(&self.origin.config, config)
    }
}

/// The changes between the complete config that a run was begun with and the one that it is to go on with.
///
/// # Errors
/// If the run cannot go on with one of them.
pub(crate) fn allowed_changes(before: &Table, now: &Document) -> Result<Vec<ConfigChange>, TrainingError> {
    let changes = ConfigChange::all(&Document::new(before.clone()), now);
    let refused: Vec<_> = changes.iter().filter(|change| !change.is_allowed()).cloned().collect();
    if refused.is_empty() { Ok(changes) } else { Err(TrainingError::OtherConfig { changes: refused }) }
}

/// The names of all weights for the optimiser, always in the same order.
pub(in crate::run) fn keys(pipeline: &mut Pipeline) -> Vec<ParameterKey> {
    pipeline.parameters_mut().iter().map(|parameter| ParameterKey(parameter.id())).collect()
}
