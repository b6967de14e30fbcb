use std::path::PathBuf;

use burn::tensor::Device;
use ner_config::{ConfigError, Document, Kind, Registry, TrainingConfig};
use ner_doc::Example;
use ner_files::FileMap;
use ner_pipeline::{Learning, LoadOptions, Pipeline, PipelineError, PipelineFiles, Tutor};

use super::checkpoint::{Moving, Origin};
use super::corpora::Corpora;
use super::setup::{MemoryPlan, Parts, check_settings, labels, n_steps, supervise, tuned_recognizer, warn};
use super::{
    ConfigChange, FinalScore, Fingerprint, HalfChoice, Output, RunState, Stopping, TrainingReport, out_bias,
};
use crate::callbacks::{InitializeCallbacks, TrainingCallbacks};
use crate::distillation::Lessons;
use crate::pretraining::init_tok2vec;
use crate::rehearsals::Rehearsals;
use crate::{Batcher, EventSink, Finding, Logger, RunPlan, TrainingError, TrainingEvent};

/// A run of training: a pipeline, the corpora that it learns from and is measured by, and the state between two steps.
pub struct TrainingRun {
    pub(super) settings: TrainingConfig,
    pub(super) plan: RunPlan,
    pub(super) pipeline: Pipeline,
    pub(super) corpora: Corpora,
    pub(super) batcher: Box<dyn Batcher>,
    pub(super) logger: Box<dyn Logger>,
    pub(super) callbacks: TrainingCallbacks,
    pub(super) learning: Learning,
    pub(super) state: RunState,
    pub(super) origin: Origin,
    pub(super) rehearsals: Option<Rehearsals>,
    pub(super) lessons: Option<Lessons>,
    /// What was found about the data before the first step.
    findings: Vec<Finding>,
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
        TrainingRun::begin(config, registry, device, sink).map_err(|error| match error {
            TrainingError::Config(error) => config.locate(error).into(),
            other => other,
        })
    }

    fn begin(
        given: &Document,
        registry: &Registry,
        device: &Device,
        sink: &mut dyn EventSink,
    ) -> Result<TrainingRun, TrainingError> {
        // Before the pipeline is made: a wrong setting should not cost the time to load vectors and sources.
        check_settings(&given.resolve()?.section("training")?)?;
        sink.event(&TrainingEvent::Initializing);
        let mut pipeline = Pipeline::from_config(given, registry, device)?;
        // A sourced component may have changed the config.
        let config = pipeline.config().resolve()?;
        let mut callbacks = InitializeCallbacks::of(&config, registry)?;
        // Before the corpora are read: it may change the tokenizer.
        callbacks.before_init(&mut pipeline)?;
        let mut parts = Parts::read(&config, registry, &mut pipeline, None)?;
        let labels = labels(&config, registry, &pipeline)?;
        let settings = &parts.settings;
        let sample = parts.corpora.sample(settings)?;
        let data = parts.corpora.look_at_data(settings, &pipeline, &sample)?;
        if let Some(data) = &data {
            sink.event(&TrainingEvent::Data(data.clone()));
        }
        pipeline.initialize(&sample, &labels, settings.seed)?;
        if pipeline.counts_words()
            && let Some(examples) = parts.corpora.unvaried()?
        {
            // Of a corpus that is varied anew, the words that it has, not those that stand in their place in one epoch.
            pipeline.count_words(&examples);
        }
        init_tok2vec(&mut pipeline)?;
        // Other networks are small beside the program.
        let has_encoder = pipeline.components().values().any(|component| component.has_encoder());
        let memory = has_encoder.then(|| MemoryPlan::of(&mut pipeline, settings, &sample));
        drop(sample);
        callbacks.after_init(&mut pipeline)?;
        sink.event(&TrainingEvent::Initialized);
        memory.into_iter().for_each(|plan| sink.event(&TrainingEvent::Memory(plan)));
        supervise(&parts.settings, registry, &mut pipeline)?;
        warn(&pipeline, &parts.settings, parts.corpora.train.held());
        let tutor = Rehearsals::tutor_of_sourced(&mut pipeline);
        let mut rehearsals = Rehearsals::read(&config, &parts.settings, registry, &pipeline, tutor)?;
        if let Some(rehearsals) = &mut rehearsals {
            rehearsals.annotate(&mut parts.corpora, &parts.settings.frozen_components)?;
        }
        let mut run = TrainingRun::new(given, parts, pipeline, rehearsals, registry)?;
        run.rehearsals.iter().try_for_each(|rehearsals| rehearsals.check_tutor(&run.learning))?;
        run.findings = data.map(|data| data.findings).unwrap_or_default();
        Ok(run)
    }

    /// The finding about the data that explains why nothing was found, first of all those there are; `None` if the
    /// best evaluation found something, or there was none.
    pub(crate) fn fruitless(&self) -> Option<TrainingEvent> {
        let best = self.state.stopping.best()?;
        (best.score == 0.0).then(|| TrainingEvent::Fruitless(self.findings.first().cloned()))
    }

    /// A run of a pipeline that was trained before, at its first step.
    pub(super) fn of_files(
        given: &Document,
        files: PipelineFiles,
        tutor: Option<FileMap>,
        registry: &Registry,
        device: &Device,
    ) -> Result<TrainingRun, TrainingError> {
        let mut pipeline = Pipeline::from_files(files, &LoadOptions::default(), registry, device)?;
        ConfigChange::adopt(pipeline.config_mut(), given);
        let config = pipeline.config().resolve()?;
        let settings = config.section("training")?;
        check_settings(&settings)?;
        let mut parts = Parts::read(&config, registry, &mut pipeline, None)?;
        supervise(&parts.settings, registry, &mut pipeline)?;
        let sample = parts.corpora.sample(&settings)?;
        let data = parts.corpora.look_at_data(&settings, &pipeline, &sample)?;
        drop(sample);
        let tutor = pipeline.tutor_from_files(tutor.unwrap_or_default())?;
        let mut rehearsals = Rehearsals::read(&config, &settings, registry, &pipeline, tutor)?;
        if let Some(rehearsals) = &mut rehearsals {
            rehearsals.annotate(&mut parts.corpora, &settings.frozen_components)?;
        }
        let mut run = TrainingRun::new(given, parts, pipeline, rehearsals, registry)?;
        run.findings = data.map(|data| data.findings).unwrap_or_default();
        Ok(run)
    }

    /// A run that trains a pipeline further as it is. Of `given`, all but `[training]` is the pipeline's own, and stays so;
    /// `texts` are what it rehearses on, and `tutor` is what it is to keep.
    pub(crate) fn go_on(
        given: &Document,
        mut pipeline: Pipeline,
        corpora: Corpora,
        texts: Vec<Example>,
        tutor: Tutor,
        registry: &Registry,
    ) -> Result<TrainingRun, TrainingError> {
        let config = given.resolve()?;
        let parts = Parts::read(&config, registry, &mut pipeline, Some(corpora))?;
        check_settings(&parts.settings)?;
        supervise(&parts.settings, registry, &mut pipeline)?;
        let rehearsals = Rehearsals::new(&parts.settings, texts, tutor)?;
        TrainingRun::new(given, parts, pipeline, rehearsals, registry)
    }

    fn new(
        given: &Document,
        parts: Parts,
        pipeline: Pipeline,
        rehearsals: Option<Rehearsals>,
        registry: &Registry,
    ) -> Result<TrainingRun, TrainingError> {
        let Parts { settings, logger, callbacks, corpora, mut optimizer, random } = parts;
        if settings.dev_halves == Some(true) && corpora.dev.len() < 2 {
            let message = "expected at least two documents to evaluate, found one; set it to false";
            return Err(ConfigError::Value {
                path: "training.dev_halves".to_owned(),
                message: message.to_owned(),
            }
            .into());
        }
        let origin = Origin {
            config: given.root().clone(),
            train: Fingerprint::of(&*corpora.sample(&settings)?),
            dev: Fingerprint::of(&corpora.dev),
            texts: rehearsals.as_ref().map(|rehearsals| Fingerprint::of(rehearsals.texts())),
            lessons: None,
        };
        let batcher = || registry.build(Kind::Batchers, &settings.batcher);
        // Counted with a batcher of its own: that of the run begins with the first size.
        let n_steps = n_steps(&settings, &corpora.train, batcher()?)?;
        optimizer.plan(n_steps).map_err(PipelineError::from)?;
        let batcher = batcher()?;
        let mut learning = Learning::new(optimizer, random);
        learning.frozen = settings.frozen_components.iter().cloned().collect();
        learning.annotating = settings.annotating_components.iter().cloned().collect();
        let tuned = tuned_recognizer(&settings, &pipeline)?;
        let plan = plan(&settings, &pipeline, &learning, tuned);
        let final_score = FinalScore::new(&settings.score_weights);
        let state = RunState::new(final_score, Stopping::new(settings.patience, settings.max_steps));
        Ok(TrainingRun {
            settings,
            plan,
            pipeline,
            corpora,
            batcher,
            logger,
            callbacks,
            learning,
            state,
            origin,
            rehearsals,
            lessons: None,
            findings: Vec::new(),
        })
    }

    /// The pipeline, with the weights of the last step.
    pub fn pipeline(&self) -> &Pipeline {
        &self.pipeline
    }

    /// The files of the tutor that the run rehearses from, if it does; the same in all steps.
    pub fn tutor_files(&self) -> Result<Option<FileMap>, TrainingError> {
        self.rehearsals.as_ref().map(Rehearsals::tutor_files).transpose()
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
            halves: HalfChoice::best(self.state.evaluations.iter().filter_map(|it| it.halves.as_ref())),
            interrupted,
            words: self.state.words,
            seconds: self.state.seconds,
            update_seconds: self.state.update_seconds,
        }
    }

    /// Saves the weights of the last step, averaged if the optimiser keeps averages, as `model-last` in `output`. They
    /// may not have been evaluated.
    pub fn save_last(&mut self, output: &Output<'_>) -> Result<PathBuf, TrainingError> {
        let TrainingRun { pipeline, learning, callbacks, .. } = self;
        pipeline.with_averages(&mut *learning.optimizer, |pipeline| {
            callbacks.before_to_disk(pipeline)?;
            output.save_last(pipeline)
        })?;
        Ok(output.last())
    }

    /// Saves the run as it is between two steps, for a run that [resumes](Output::resuming).
    pub fn save_checkpoint(&mut self, output: &Output<'_>) -> Result<(), TrainingError> {
        self.note_sizes();
        let TrainingRun { origin, pipeline, learning, state, rehearsals, .. } = self;
        output.save_checkpoint(Moving { origin, pipeline, learning, state, rehearsals: rehearsals.as_ref() })
    }

    /// Between two epochs the state still holds the number at the start of the past one.
    pub(super) fn note_sizes(&mut self) {
        if self.state.n_batches == 0 {
            self.state.n_sizes = self.batcher.n_sizes();
        }
    }
}

fn plan(
    settings: &TrainingConfig,
    pipeline: &Pipeline,
    learning: &Learning,
    tuned: Option<String>,
) -> RunPlan {
    let mut score_weights = settings.score_weights.clone();
    if tuned.is_some() {
        score_weights.extend(out_bias::shown());
    }
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
        score_weights,
        tuned,
        dev_halves: settings.dev_halves == Some(true),
        max_steps: settings.max_steps,
        eval_frequency: settings.eval_frequency,
        first_step: 0,
    }
}
