use ner_config::Document;
use ner_optim::ParameterKey;
use ner_pipeline::{Learning, Pipeline, PipelineError, Pretraining};

use super::checkpoint::{SavedPretraining, VERSION};
use super::output::PretrainingOutput;
use super::state::{Origin, State};
use super::{Pretrain, PretrainingEvent};
use crate::TrainingError;
use crate::run::{Generator, allowed_changes};

/// The parts of a pretraining that change with each step.
pub(super) struct Moving<'a> {
    pub(super) origin: &'a Origin,
    pub(super) pipeline: &'a mut Pipeline,
    pub(super) learning: &'a Learning,
    pub(super) pretraining: &'a mut Pretraining,
    pub(super) state: &'a State,
}

impl Moving<'_> {
    /// Replaces the checkpoint in `output`.
    pub(super) fn save(self, output: &PretrainingOutput<'_>) -> Result<(), TrainingError> {
        let Moving { origin, pipeline, learning, pretraining, state } = self;
        let drawn_words = pretraining.random_words().drawn().to_vec();
        let (mut keys, mut weights) = (Vec::new(), Vec::new());
        for parameter in pretraining.parameters_mut(pipeline) {
            keys.push(ParameterKey(parameter.id()));
            parameter.change(&mut |values| weights.push(values.to_vec()));
        }
        let numbered = weights.into_iter().enumerate();
        let saved = SavedPretraining {
            version: VERSION,
            origin: origin.clone(),
            state: state.clone(),
            log_bytes: output.log_bytes()?,
            drawn_words,
            optimizer: learning.optimizer.save(&keys),
            python: Generator(learning.random.python.get()),
            numpy: Generator(learning.random.numpy.clone()),
            weights: numbered.map(|(number, weights)| (number.to_string(), weights)).collect(),
        };
        saved.write(output.directory())
    }
}

impl Pretrain {
    /// Saves a checkpoint.
    pub(super) fn save_checkpoint(&mut self, output: &PretrainingOutput<'_>) -> Result<(), TrainingError> {
        let Pretrain { origin, pipeline, learning, pretraining, state, .. } = self;
        Moving { origin, pipeline, learning, pretraining, state }.save(output)
    }

    /// Goes on from the checkpoint that an earlier pretraining has left in the directory: all further steps give the same
    /// bits as if it had never been stopped. Where there is none nothing happens.
    ///
    /// # Errors
    /// If the checkpoint is damaged or of another version, or was made with another config, another corpus or other vectors.
    pub fn resume(&mut self, output: &PretrainingOutput<'_>) -> Result<PretrainingEvent, TrainingError> {
        let Some(saved) = SavedPretraining::open(output.directory())? else {
            return Ok(PretrainingEvent::NothingToResume(output.directory().to_owned()));
        };
        let damaged = |message: &str| TrainingError::SavedRun { message: message.to_owned() };
        if saved.version != VERSION {
            return Err(damaged(&format!("it has version {}, expected {VERSION}", saved.version)));
        }
        let now = Document::new(self.origin.config.clone());
        let changes = allowed_changes(&saved.origin.config, &now)?;
        let (found, expected) = (self.origin.corpus, saved.origin.corpus);
        if found != expected {
            let corpus = self.settings.corpus.clone();
            return Err(TrainingError::OtherCorpus { corpus, found, expected });
        }
        if self.origin.vectors != saved.origin.vectors {
            return Err(damaged("the vectors of [initialize] are not those that it was begun with"));
        }
        let Pretrain { pipeline, pretraining, learning, .. } = self;
        let mut weights = saved.weights;
        let mut keys = Vec::new();
        for (number, parameter) in pretraining.parameters_mut(pipeline).into_iter().enumerate() {
            let saved = weights.remove(&number.to_string()).unwrap_or_default();
            keys.push(ParameterKey(parameter.id()));
            let mut fits = false;
            parameter.change(&mut |values| {
                fits = values.len() == saved.len();
                if fits {
                    values.copy_from_slice(&saved);
                }
            });
            if !fits {
                return Err(damaged(&format!("weight {number} is missing, or of another length")));
            }
        }
        learning.optimizer.restore(&keys, saved.optimizer).map_err(PipelineError::from)?;
        if !pretraining.random_words_mut().restore(saved.drawn_words) {
            return Err(damaged("it has drawn words that are not there"));
        }
        learning.random.python.set(saved.python.0);
        learning.random.numpy = saved.numpy.0;
        self.batcher.skip_sizes(saved.state.n_sizes);
        self.state = saved.state;
        self.resumed = None;
        output.cut_log(saved.log_bytes)?;
        Ok(PretrainingEvent::Resuming { epoch: self.state.epoch, step: self.state.progress.steps, changes })
    }
}
