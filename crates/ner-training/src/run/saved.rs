use burn::tensor::Device;
use indexmap::IndexMap;
use ner_config::Registry;
use ner_cpython::{NumpyRandom, PythonRandom};
use ner_optim::{ParameterKey, SavedOptimizer};
use ner_pipeline::{Losses, PipelineFiles};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{RunState, TrainingRun};
use crate::TrainingError;

/// The version of [`SavedRun`]; a run of another version is refused.
const VERSION: u32 = 1;

/// A run between two steps, ready to be stored beside the files of its pipeline
/// ([`to_files`](ner_pipeline::Pipeline::to_files)).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedRun {
    version: u32,
    state: RunState,
    losses: Losses,
    optimizer: SavedOptimizer,
    /// The training state of components that their files do not hold, by name.
    components: IndexMap<String, Value>,
    python: Generator<PythonRandom>,
    numpy: Generator<NumpyRandom>,
}

/// A generator; two are equal if their states are, and so all numbers that they will draw.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
struct Generator<Random>(Random);

impl<Random: Serialize> PartialEq for Generator<Random> {
    fn eq(&self, other: &Self) -> bool {
        // Through serde, since the generators have no equality of their own.
        let state = |random| serde_json::to_value(random).expect("a generator is numbers");
        state(&self.0) == state(&other.0)
    }
}

impl TrainingRun {
    /// The run as it is between two steps. Together with the pipeline's files it is all that
    /// [`resume`](TrainingRun::resume) needs.
    pub fn save(&mut self) -> SavedRun {
        let keys = self.keys();
        let components = self.pipeline.components().iter();
        let states = components.map(|(name, component)| (name.clone(), component.learning_state()));
        let mut state = self.state.clone();
        // Between two epochs the state still holds the number at the start of the past one.
        if state.n_batches == 0 {
            state.n_sizes = self.batcher.n_sizes();
        }
        SavedRun {
            version: VERSION,
            state,
            losses: self.learning.losses.clone(),
            optimizer: self.learning.optimizer.save(&keys),
            components: states.collect(),
            python: Generator(self.learning.random.python.get()),
            numpy: Generator(self.learning.random.numpy.clone()),
        }
    }

    /// Resumes a saved run from the files of its pipeline as they were then: all further steps give the same bits as
    /// if the run had never been interrupted. The corpora are read again, and must be the same.
    ///
    /// A streamed corpus is read from the start of its epoch and passed over up to the place of the run; its augmenters
    /// draw other numbers for that part, so that only streams without augmenters continue to the same bits.
    ///
    /// # Errors
    /// If the pipeline or the saved run is damaged or of another version, they do not belong together, or a corpus cannot
    /// be read.
    pub fn resume(
        files: PipelineFiles,
        saved: SavedRun,
        registry: &Registry,
        device: &Device,
    ) -> Result<TrainingRun, TrainingError> {
        if saved.version != VERSION {
            let message = format!("it has version {}, expected {VERSION}", saved.version);
            return Err(TrainingError::SavedRun { message });
        }
        let mut run = TrainingRun::of_files(files, registry, device)?;
        let keys = run.keys();
        run.learning.optimizer.restore(&keys, saved.optimizer).map_err(ner_pipeline::PipelineError::from)?;
        for (name, state) in saved.components {
            let damaged =
                |message| TrainingError::SavedRun { message: format!("component {name}: {message}") };
            let component = run.pipeline.component_mut(&name);
            let component =
                component.ok_or_else(|| damaged("the pipeline has no such component".to_owned()))?;
            component.restore_learning_state(state).map_err(damaged)?;
        }
        run.learning.losses = saved.losses;
        // After the corpora have been read, whose augmenters have drawn from this generator.
        run.learning.random.python.set(saved.python.0);
        run.learning.random.numpy = saved.numpy.0;
        // Up to the start of the epoch only: the sizes since then are drawn as its batches are made again.
        run.batcher.skip_sizes(saved.state.n_sizes);
        run.state = saved.state;
        Ok(run)
    }

    /// The names of all weights for the optimiser, always in the same order.
    fn keys(&mut self) -> Vec<ParameterKey> {
        self.pipeline.parameters_mut().iter().map(|parameter| ParameterKey(parameter.id())).collect()
    }
}
