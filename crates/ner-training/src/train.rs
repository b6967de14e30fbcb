use std::borrow::Cow;
use std::collections::HashSet;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use burn::tensor::Device;
use ner_config::{ConfigError, Document, Kind, Registry, TrainingConfig};
use ner_cpython::PythonRandom;
use ner_doc::Example;
use ner_optim::Optimizer;
use ner_pipeline::{Component, Losses, Optimization, Pipeline, PipelineError, Random};
use ner_transitions::TransitionError;

use crate::checkpoint::Checkpoint;
use crate::corpora::Corpora;
use crate::evaluate::evaluate;
use crate::labels::labels;
use crate::train_corpus::Batch;
use crate::{
    Batcher, Evaluation, FinalScore, LogLine, LogSink, Logger, RunLog, RunPlan, Stopping, TrainingError,
    subdivide,
};

/// Characters of a document that an error quotes.
const MAX_QUOTE: usize = 60;

/// How a training run went.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingReport {
    /// The number of the last step, from 0.
    pub last_step: usize,
    /// The best evaluation; of equals the first.
    pub best: Option<Best>,
    /// Whether the run was stopped from outside.
    pub interrupted: bool,
    /// Tokens that were learned from.
    pub words: usize,
    /// Time spent in the loop, evaluations included.
    pub seconds: f64,
    /// Time spent in updates alone.
    pub update_seconds: f64,
}

/// The best evaluation of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Best {
    /// The number of the step, from 0.
    pub step: usize,
    /// The final score.
    pub score: f64,
}

/// Trains the pipeline of a complete config, and writes `model-best` and `model-last` into `output`.
///
/// Between steps `interrupted` is asked whether to stop; then the state so far is saved as `model-last`.
///
/// # Errors
/// If the config is wrong, a corpus cannot be read or holds no example, an example cannot be learned from, or a
/// directory cannot be written.
pub fn train(
    config: &Document,
    registry: &Registry,
    device: &Device,
    output: Option<&Path>,
    sink: &mut dyn LogSink,
    interrupted: &dyn Fn() -> bool,
) -> Result<TrainingReport, TrainingError> {
    check_settings(&config.resolve()?.section("training")?)?;
    sink.line(&LogLine::Title("Initializing pipeline".to_owned()));
    let mut pipeline = Pipeline::from_config(config, registry, device)?;
    let interpolated = pipeline.config().resolve()?;
    let settings: TrainingConfig = interpolated.section("training")?;
    let logger: Box<dyn Logger> = registry.build(Kind::Loggers, &settings.logger)?;
    check_components(&settings, &pipeline)?;
    let mut random = Random::new(settings.seed);
    let mut corpora = Corpora::read(&interpolated, &settings, registry, &pipeline, &mut random)?;
    pipeline.annotate_predicted(corpora.train.held_mut(), &settings.annotating_components);
    let labels = labels(&interpolated, registry, &pipeline)?;
    pipeline.initialize(&corpora.sample(&settings)?, &labels, settings.seed)?;
    sink.line(&LogLine::Good("Initialized pipeline".to_owned()));

    sink.line(&LogLine::Title("Training pipeline".to_owned()));
    let mut batcher: Batcher = registry.build(Kind::Batchers, &settings.batcher)?;
    let mut run = Run::new(&settings, registry, &pipeline, random, output)?;
    run.announce(&settings, &pipeline, sink);
    let mut log = logger.start(&run.plan, sink)?;
    let mut stage =
        Stage { corpora: &mut corpora, batcher: &mut batcher, log: log.as_mut(), sink, interrupted };
    let outcome = run.follow(&settings, &mut pipeline, &mut stage);
    log.finish(sink);
    run.save_last(&mut pipeline, sink)?;
    outcome?;
    let TrainingReport { words, seconds, update_seconds, .. } = run.report;
    tracing::info!(words, seconds, update_seconds, "trained");
    Ok(run.report)
}

fn check_settings(settings: &TrainingConfig) -> Result<(), TrainingError> {
    let wrong = |key, message| Err(TrainingError::Setting { key, message });
    if settings.eval_frequency == 0 {
        return wrong("eval_frequency", "expected at least 1, found 0");
    }
    if settings.max_epochs < -1 {
        return wrong(
            "max_epochs",
            "expected a number of epochs, 0 for any number, or -1 to stream the corpus",
        );
    }
    if !(0.0..1.0).contains(&settings.dropout) {
        return wrong("dropout", "expected a share of at least 0 and less than 1");
    }
    if settings.accumulate_gradient == 0 {
        return wrong("accumulate_gradient", "expected at least 1, found 0");
    }
    if settings.before_to_disk.is_some() || settings.before_update.is_some() {
        return wrong("before_to_disk and before_update", "expected null: there are no such callbacks");
    }
    Ok(())
}

fn check_components(settings: &TrainingConfig, pipeline: &Pipeline) -> Result<(), TrainingError> {
    for (name, component) in pipeline.components() {
        if let Component::Skipped(skipped) = component {
            let message = format!(
                "{} is not known here, so that a pipeline with it cannot be trained",
                skipped.factory()
            );
            return Err(ConfigError::Value { path: format!("components.{name}.source"), message }.into());
        }
    }
    for (key, names) in [
        ("frozen_components", &settings.frozen_components),
        ("annotating_components", &settings.annotating_components),
    ] {
        if let Some(name) = names.iter().find(|name| !pipeline.components().contains_key(name.as_str())) {
            let known = pipeline.components().keys().cloned().collect();
            return Err(TrainingError::UnknownComponent { key, name: name.clone(), known });
        }
    }
    Ok(())
}

/// What a run takes from outside, and whom it tells.
struct Stage<'a> {
    corpora: &'a mut Corpora,
    batcher: &'a mut Batcher,
    log: &'a mut dyn RunLog,
    sink: &'a mut dyn LogSink,
    interrupted: &'a dyn Fn() -> bool,
}

/// A run of training between its first and its last step.
struct Run<'a> {
    plan: RunPlan,
    learning: Optimization,
    frozen: HashSet<String>,
    random: Random,
    losses: Losses,
    final_score: FinalScore,
    stopping: Stopping,
    checkpoint: Option<Checkpoint<'a>>,
    report: TrainingReport,
}

impl<'a> Run<'a> {
    fn new(
        settings: &TrainingConfig,
        registry: &Registry,
        pipeline: &Pipeline,
        random: Random,
        output: Option<&'a Path>,
    ) -> Result<Run<'a>, TrainingError> {
        let frozen: HashSet<String> = settings.frozen_components.iter().cloned().collect();
        let is_trained =
            |name: &str, component: &Component| component.is_trainable() && !frozen.contains(name);
        let trained = pipeline.components().iter().filter(|(name, component)| is_trained(name, component));
        let trained = trained.map(|(name, _)| name.clone()).collect();
        let optimizer: Box<dyn Optimizer> = registry.build(Kind::Optimizers, &settings.optimizer)?;
        let names: Vec<&str> = pipeline.components().keys().map(String::as_str).collect();
        optimizer.check_groups(&names).map_err(PipelineError::from)?;
        Ok(Run {
            plan: RunPlan {
                trained,
                score_weights: settings.score_weights.clone(),
                max_steps: settings.max_steps,
                eval_frequency: settings.eval_frequency,
            },
            learning: Optimization::new(optimizer),
            frozen,
            random,
            losses: Losses::new(),
            final_score: FinalScore::new(&settings.score_weights),
            stopping: Stopping::new(settings.patience, settings.max_steps),
            checkpoint: output.map(Checkpoint::new),
            report: TrainingReport {
                last_step: 0,
                best: None,
                interrupted: false,
                words: 0,
                seconds: 0.0,
                update_seconds: 0.0,
            },
        })
    }

    fn announce(&self, settings: &TrainingConfig, pipeline: &Pipeline, sink: &mut dyn LogSink) {
        let names: Vec<&String> = pipeline.components().keys().collect();
        sink.line(&LogLine::Info(format!("Pipeline: {}", python_list(&names))));
        if !settings.frozen_components.is_empty() {
            let frozen: Vec<&String> = settings.frozen_components.iter().collect();
            sink.line(&LogLine::Info(format!("Frozen components: {}", python_list(&frozen))));
        }
        if !settings.annotating_components.is_empty() {
            let annotating: Vec<&String> = settings.annotating_components.iter().collect();
            sink.line(&LogLine::Info(format!("Set annotations on update for: {}", python_list(&annotating))));
        }
        sink.line(&LogLine::Info(format!("Initial learn rate: {}", self.learning.optimizer.learn_rate())));
    }

    /// Runs until a limit is reached, patience is at its end, or the run is interrupted.
    fn follow(
        &mut self,
        settings: &TrainingConfig,
        pipeline: &mut Pipeline,
        stage: &mut Stage<'_>,
    ) -> Result<(), TrainingError> {
        let start = Instant::now();
        let Corpora { train, dev } = stage.corpora;
        // Readers of the corpus and updates draw from one generator by turns: whoever is not at work holds another.
        let generator = Mutex::new(PythonRandom::new(settings.seed));
        let (mut step, mut epoch) = (0, 0);
        loop {
            self.lend_random(&generator);
            let batches = train.epoch(stage.batcher, &generator);
            let first_step = step;
            for batch in batches {
                self.lend_random(&generator);
                self.report.last_step = step;
                self.update(settings, pipeline, batch?)?;
                if step % settings.eval_frequency == 0 {
                    self.evaluate(pipeline, dev, (step, epoch), stage.log, stage.sink)?;
                } else {
                    stage.log.step(stage.sink);
                }
                self.report.seconds = start.elapsed().as_secs_f64();
                self.report.interrupted = (stage.interrupted)();
                if self.report.interrupted || self.stopping.is_over(step) {
                    return Ok(());
                }
                step += 1;
                self.lend_random(&generator);
            }
            self.lend_random(&generator);
            if step == first_step {
                return Err(TrainingError::NoBatches { corpus: settings.train_corpus.clone() });
            }
            epoch += 1;
            if settings.max_epochs > 0 && epoch >= settings.max_epochs as usize {
                return Ok(());
            }
        }
    }

    /// Exchanges the generator of this run with `other`; the same call undoes it.
    fn lend_random(&mut self, other: &Mutex<PythonRandom>) {
        std::mem::swap(&mut self.random.python, &mut other.lock().expect("nobody panics while drawing"));
    }

    /// One step: the gradients of a batch, in parts if they are to be accumulated, and a move of the weights.
    fn update(
        &mut self,
        settings: &TrainingConfig,
        pipeline: &mut Pipeline,
        batch: Batch<'_>,
    ) -> Result<(), TrainingError> {
        let start = Instant::now();
        let n_parts = settings.accumulate_gradient.try_into().expect("checked to be at least 1");
        for mut part in subdivide(batch, n_parts, |(_, example)| example.predicted.len()) {
            for (_, example) in &mut part {
                // Examples of a stream are new each time; those that are held were annotated before.
                if let Cow::Owned(example) = example {
                    pipeline
                        .annotate_predicted(std::slice::from_mut(example), &settings.annotating_components);
                }
            }
            let examples: Vec<&Example> = part.iter().map(|(_, example)| &**example).collect();
            self.report.words += examples.iter().map(|example| example.predicted.len()).sum::<usize>();
            let updated = pipeline.update(
                &examples,
                settings.dropout,
                &self.frozen,
                &mut self.random,
                &mut self.learning,
                &mut self.losses,
            );
            updated.map_err(|error| in_corpus(error, &settings.train_corpus, &part))?;
        }
        pipeline.finish_update(&self.frozen, &mut self.learning)?;
        self.learning.optimizer.step_schedules();
        self.report.update_seconds += Duration::as_secs_f64(&start.elapsed());
        Ok(())
    }

    /// Evaluates, with averaged weights if the optimiser keeps them, and saves the result.
    fn evaluate(
        &mut self,
        pipeline: &mut Pipeline,
        dev: &mut [Example],
        (step, epoch): (usize, usize),
        log: &mut dyn RunLog,
        sink: &mut dyn LogSink,
    ) -> Result<(), TrainingError> {
        for name in &self.plan.trained {
            self.losses.entry(name.clone()).or_default();
        }
        pipeline.swap_averages(&mut *self.learning.optimizer)?;
        let mut scores = evaluate(pipeline, dev)?;
        let score = self.final_score.score(&mut scores)?;
        tracing::info!(step, score, "evaluated");
        let evaluation = Evaluation { epoch, step, losses: std::mem::take(&mut self.losses), scores, score };
        let is_best = self.stopping.record(step, score);
        if self.report.best.is_none_or(|best| score > best.score) {
            self.report.best = Some(Best { step, score });
        }
        if let Some(checkpoint) = &self.checkpoint {
            checkpoint.save(pipeline, &evaluation, &self.plan.score_weights, is_best)?;
        }
        pipeline.swap_averages(&mut *self.learning.optimizer)?;
        log.evaluation(&evaluation, sink)
    }

    /// Saves the final weights, which nobody has evaluated.
    fn save_last(&mut self, pipeline: &mut Pipeline, sink: &mut dyn LogSink) -> Result<(), TrainingError> {
        let Some(checkpoint) = &self.checkpoint else { return Ok(()) };
        pipeline.swap_averages(&mut *self.learning.optimizer)?;
        checkpoint.save_last(pipeline)?;
        pipeline.swap_averages(&mut *self.learning.optimizer)?;
        if self.report.interrupted {
            sink.line(&LogLine::Warning("Interrupted: the state so far is saved as model-last".to_owned()));
        }
        sink.line(&LogLine::Good("Saved pipeline to output directory".to_owned()));
        sink.line(&LogLine::Row(checkpoint.last().display().to_string()));
        Ok(())
    }
}

/// Names the document at fault by its place in the corpus and by its text.
fn in_corpus(error: PipelineError, corpus: &str, batch: &[(usize, Cow<'_, Example>)]) -> TrainingError {
    match error {
        PipelineError::Transition(TransitionError::InExample { example_index, error }) => {
            let (document, example) = &batch[example_index];
            let text: String = example.reference.text().chars().take(MAX_QUOTE).collect();
            TrainingError::Example { corpus: corpus.to_owned(), document: document + 1, text, error }
        }
        other => other.into(),
    }
}

fn python_list(names: &[&String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    format!("[{}]", quoted.join(", "))
}
