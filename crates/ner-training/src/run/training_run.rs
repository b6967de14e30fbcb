use std::path::{Path, PathBuf};

use burn::tensor::Device;
use ner_config::{Document, Kind, Registry, TrainingConfig};
use ner_optim::Optimizer;
use ner_pipeline::{Learning, Pipeline, Random};

use super::checks::{check_components, check_groups, check_settings};
use super::corpora::Corpora;
use super::labels::labels;
use super::output::Output;
use super::{FinalScore, RunState, Stopping, TrainingReport};
use crate::{Batcher, EventSink, Logger, RunPlan, TrainingError, TrainingEvent};

/// A run of training: a pipeline, the corpora that it learns from and is measured by, and the state between two steps.
pub struct TrainingRun {
    pub(super) settings: TrainingConfig,
    pub(super) plan: RunPlan,
    pub(super) pipeline: Pipeline,
    pub(super) corpora: Corpora,
    pub(super) batcher: Box<dyn Batcher>,
    pub(super) logger: Box<dyn Logger>,
    pub(super) learning: Learning,
    pub(super) state: RunState,
}

impl TrainingRun {
    /// Makes the pipeline of a complete config, reads its corpora, and draws the first weights.
    ///
    /// # Errors
    /// If the config is wrong, or a corpus cannot be read or holds no example.
    pub fn start(
        config: &Document,
        registry: &Registry,
        device: &Device,
        sink: &mut dyn EventSink,
    ) -> Result<TrainingRun, TrainingError> {
        check_settings(&config.resolve()?.section("training")?)?;
        sink.event(&TrainingEvent::Initializing);
        let mut pipeline = Pipeline::from_config(config, registry, device)?;
        // A sourced component may have changed the config.
        let config = pipeline.config().resolve()?;
        let settings: TrainingConfig = config.section("training")?;
        let logger = registry.build(Kind::Loggers, &settings.logger)?;
        check_components(&settings, &pipeline)?;
        let optimizer: Box<dyn Optimizer> = registry.build(Kind::Optimizers, &settings.optimizer)?;
        check_groups(&*optimizer, &pipeline)?;
        let random = Random::new(settings.seed);
        let mut corpora = Corpora::read(&config, &settings, registry, &pipeline, &random.python)?;
        pipeline.annotate_predicted(corpora.train.held_mut(), &settings.annotating_components);
        let labels = labels(&config, registry, &pipeline)?;
        pipeline.initialize(&corpora.sample(&settings)?, &labels, settings.seed)?;
        sink.event(&TrainingEvent::Initialized);

        let batcher = registry.build(Kind::Batchers, &settings.batcher)?;
        let mut learning = Learning::new(optimizer, random);
        learning.frozen = settings.frozen_components.iter().cloned().collect();
        let plan = plan(&settings, &pipeline, &learning);
        let final_score = FinalScore::new(&settings.score_weights);
        let state = RunState::new(final_score, Stopping::new(settings.patience, settings.max_steps));
        Ok(TrainingRun { settings, plan, pipeline, corpora, batcher, logger, learning, state })
    }

    /// The pipeline, with the weights of the last step.
    pub fn pipeline(&self) -> &Pipeline {
        &self.pipeline
    }

    /// The place of the run between two steps.
    pub fn state(&self) -> &RunState {
        &self.state
    }

    /// The outcome so far.
    pub fn report(&self, interrupted: bool) -> TrainingReport {
        TrainingReport {
            last_step: self.state.step.saturating_sub(1),
            best: self.state.stopping.best(),
            interrupted,
            words: self.state.words,
            seconds: self.state.seconds,
            update_seconds: self.state.update_seconds,
        }
    }

    /// Saves the weights of the last step, averaged if the optimiser keeps averages, as `model-last` in `output`. They
    /// may not have been evaluated.
    pub fn save_last(&mut self, output: &Path) -> Result<PathBuf, TrainingError> {
        let output = Output::new(output);
        let TrainingRun { pipeline, learning, .. } = self;
        pipeline.with_averages(&mut *learning.optimizer, |pipeline| output.save_last(pipeline))?;
        Ok(output.last())
    }
}

fn plan(settings: &TrainingConfig, pipeline: &Pipeline, learning: &Learning) -> RunPlan {
    let components = pipeline.components().iter();
    let trained = components
        .filter(|(name, component)| component.is_trainable() && !learning.frozen.contains(*name))
        .map(|(name, _)| name.clone());
    RunPlan {
        pipeline: pipeline.components().keys().cloned().collect(),
        trained: trained.collect(),
        frozen: settings.frozen_components.clone(),
        annotating: settings.annotating_components.clone(),
        learn_rate: learning.optimizer.learn_rate(),
        score_weights: settings.score_weights.clone(),
        max_steps: settings.max_steps,
        eval_frequency: settings.eval_frequency,
    }
}
