//! The loop: batch, update, evaluate, keep the best, stop.

use std::borrow::Cow;
use std::time::Instant;

use ner_doc::Example;
use ner_pipeline::{BeforeUpdate, Learning, Losses, Pipeline, PipelineError};
use ner_transitions::TransitionError;

use super::checkpoint::Moving;
use super::evaluated_step::EvaluatedStep;
use super::outside::{Clock, Outside};
use super::setup::{exploration, is_last_epoch};
use super::train_corpus::Batch;
use super::{Output, RunState, StreamPlace, TrainingRun};
use crate::{EventSink, TrainingError, TrainingEvent, subdivide};

/// Characters of a document that an error quotes.
const MAX_QUOTE: usize = 60;

/// Documents of a batch that an error names.
const MAX_NAMED: usize = 5;

/// Why the steps of an epoch end.
enum End {
    /// All its batches were learned from.
    Epoch,
    /// A limit of the run is reached, or its patience is at its end.
    Run,
    /// It was stopped from outside.
    Interrupt,
}

impl TrainingRun {
    /// Takes steps until a limit is reached, patience is at its end, or the run is interrupted: then it returns true.
    /// Evaluated weights are saved in `output`.
    ///
    /// Between steps `interrupted` is asked whether to stop. The next call continues an interrupted run.
    pub fn follow(
        &mut self,
        output: Option<&Output<'_>>,
        sink: &mut dyn EventSink,
        interrupted: &dyn Fn() -> bool,
    ) -> Result<bool, TrainingError> {
        self.check_lessons()?;
        let (plan, past) = (self.plan.clone(), self.state.evaluations.clone());
        sink.event(&TrainingEvent::Started { plan, past });
        let mut log = self.logger.start(&self.plan, sink)?;
        // The seconds of earlier calls, so that a resumed run counts all of its time.
        let clock = Clock { start: Instant::now(), before: self.state.seconds };
        let mut outside = Outside { log: log.as_mut(), sink, output, interrupted, clock };
        let end = loop {
            let end = self.follow_epoch(&mut outside);
            self.state.seconds = outside.clock.seconds();
            match end {
                Ok(End::Epoch) if !self.is_last_epoch() => {}
                Ok(End::Interrupt) => break Ok(true),
                Ok(_) => break self.evaluate_last(&mut outside).map(|()| false),
                Err(error) => break Err(error),
            }
        };
        // Also after an error, so that no progress bar stands where its message is printed.
        log.finish(sink);
        end
    }

    /// Whether no step is left to take.
    pub fn is_over(&self) -> bool {
        let last_step = self.state.step.checked_sub(1);
        self.is_last_epoch() || last_step.is_some_and(|step| self.state.stopping.is_over(step))
    }

    fn is_last_epoch(&self) -> bool {
        is_last_epoch(&self.settings, self.state.epoch, self.state.step)
    }

    /// Evaluates the last step, if the config wants it and its turn has not come.
    fn evaluate_last(&mut self, outside: &mut Outside<'_>) -> Result<(), TrainingError> {
        let TrainingRun { settings, plan, pipeline, corpora, callbacks, learning, state, .. } = self;
        let step = state.step.saturating_sub(1);
        let is_evaluated = state.evaluations.last().is_some_and(|evaluation| evaluation.step == step);
        if settings.evaluate_last != Some(true) || is_evaluated {
            return Ok(());
        }
        let dev = &mut corpora.dev;
        EvaluatedStep { plan, pipeline, dev, callbacks, learning, state }.evaluate(step, outside)
    }

    /// Takes the steps of an epoch that are still to come.
    fn follow_epoch(&mut self, outside: &mut Outside<'_>) -> Result<End, TrainingError> {
        let TrainingRun {
            settings,
            plan,
            pipeline,
            corpora,
            batcher,
            callbacks,
            learning,
            state,
            origin,
            rehearsals,
            lessons,
            ..
        } = self;
        if corpora.begin_epoch(state.epoch)? {
            pipeline.annotate_predicted(corpora.train.held_mut(), &settings.annotating_components);
            rehearsals.iter().try_for_each(|rehearsals| rehearsals.annotate_epoch(corpora))?;
        }
        // A copy, since the batches borrow it while a step changes `learning`; it draws from the same generator.
        let random = learning.random.python.clone();
        // Only where an epoch begins: a run resumed in its midst keeps the order and the sizes that were drawn.
        if state.n_batches == 0 {
            corpora.train.shuffle(&mut state.order, &random);
            state.n_sizes = batcher.n_sizes();
            state.stream = corpora.train.is_stream().then(|| StreamPlace::start(&random));
        }
        let (order, place) = (state.order.clone(), state.stream.clone());
        if let Some(place) = &place {
            place.rewind(&random);
        }
        let mut batches = corpora.train.epoch(&mut **batcher, &order, &random);
        // A resumed run makes the batches of its epoch again and drops those that it has learned from, which
        // draws the sizes that they took.
        match &place {
            Some(place) => place.find(&mut batches, &random, &settings.train_corpus)?,
            None => batches.by_ref().take(state.n_batches).try_for_each(|batch| batch.map(drop))?,
        }
        for batch in batches {
            let batch = batch?;
            if let Some(place) = &mut state.stream {
                place.pass(&batch);
            }
            let n_words = || random.draw(|random| random.n_words());
            let before = n_words();
            let (step, epoch) = (state.step, state.epoch);
            if let Some(share) = exploration(settings, step) {
                pipeline.recognizers_mut().for_each(|recognizer| recognizer.set_exploration(share));
            }
            callbacks.before_update(pipeline, learning, BeforeUpdate { step, epoch })?;
            let start = Instant::now();
            update(settings, pipeline, learning, state, batch)?;
            // Into the same step: the optimiser weighs all by the sum of their gradients.
            rehearsals.iter().try_for_each(|rehearsals| rehearsals.learn(step, pipeline, learning))?;
            lessons.iter_mut().try_for_each(|lessons| lessons.learn(step, pipeline, learning))?;
            finish(pipeline, learning)?;
            state.update_seconds += start.elapsed().as_secs_f64();
            if let Some(place) = &mut state.stream {
                place.drawn(n_words() - before);
            }
            (state.step, state.n_batches) = (step + 1, state.n_batches + 1);
            // spaCy: steps count from 0, so the first one is evaluated (loop.py).
            if step.is_multiple_of(settings.eval_frequency) {
                let mut stage =
                    EvaluatedStep { plan, pipeline, dev: &mut corpora.dev, callbacks, learning, state };
                stage.evaluate(step, outside)?;
                if let Some(output) = outside.output {
                    state.seconds = outside.clock.seconds();
                    let rehearsals = rehearsals.as_ref();
                    output.save_checkpoint(Moving { origin, pipeline, learning, state, rehearsals })?;
                }
            } else {
                outside.log.step(outside.sink);
            }
            if (outside.interrupted)() {
                return Ok(End::Interrupt);
            }
            if state.stopping.is_over(step) {
                return Ok(End::Run);
            }
        }
        if state.n_batches == 0 {
            // Without a step no limit is ever reached: with `max_epochs = 0` the run would never end.
            return Err(TrainingError::NoBatches { corpus: settings.train_corpus.clone() });
        }
        (state.epoch, state.n_batches) = (state.epoch + 1, 0);
        Ok(End::Epoch)
    }
}

/// The gradients of a batch, in parts if they are to be accumulated.
fn update(
    settings: &ner_config::TrainingConfig,
    pipeline: &mut Pipeline,
    learning: &mut Learning,
    state: &mut RunState,
    batch: Batch<'_>,
) -> Result<(), TrainingError> {
    let n_parts = settings.accumulate_gradient.try_into().expect("checked to be at least 1");
    for mut part in subdivide(batch, n_parts, |(_, example)| example.predicted.len()) {
        for (_, example) in &mut part {
            // Examples of a stream are new each time; those that are held were annotated before.
            if let Cow::Owned(example) = example {
                pipeline.annotate_predicted(std::slice::from_mut(example), &settings.annotating_components);
            }
        }
        let examples: Vec<&Example> = part.iter().map(|(_, example)| &**example).collect();
        state.words += examples.iter().map(|example| example.predicted.len()).sum::<usize>();
        pipeline
            .update(&examples, settings.dropout, learning)
            .map_err(|error| in_corpus(error, &settings.train_corpus, &part))?;
        check_losses(&learning.losses, state.step, &part)?;
    }
    Ok(())
}

/// A move of the weights by the gradients of a step.
fn finish(pipeline: &mut Pipeline, learning: &mut Learning) -> Result<(), TrainingError> {
    pipeline.finish_update(learning)?;
    // Once a step, not once a part, and after it: the first step takes the first value of each schedule.
    learning.optimizer.step_schedules();
    Ok(())
}

/// Names the document at fault by its place in the corpus and by its text.
fn in_corpus(error: PipelineError, corpus: &str, batch: &[(usize, Cow<'_, Example>)]) -> TrainingError {
    match error {
        PipelineError::Transition(TransitionError::InExample { example_index, error }) => {
            let (document, example) = &batch[example_index];
            let (document, text) = (document + 1, beginning(example));
            TrainingError::Example { corpus: corpus.to_owned(), document, text, error }
        }
        other => other.into(),
    }
}

/// Stops a run before the weights of this step are moved by gradients that are no numbers.
fn check_losses(
    losses: &Losses,
    step: usize,
    batch: &[(usize, Cow<'_, Example>)],
) -> Result<(), TrainingError> {
    let Some((component, loss)) = losses.iter().find(|(_, loss)| !loss.is_finite()) else { return Ok(()) };
    Err(diverged(step, format!("the loss of {component} is {loss}"), batch))
}

/// The error of a batch whose gradients are no numbers.
pub(crate) fn diverged(step: usize, found: String, batch: &[(usize, Cow<'_, Example>)]) -> TrainingError {
    let named = batch.iter().take(MAX_NAMED);
    TrainingError::Diverged {
        step,
        found,
        documents: named.map(|(number, example)| (number + 1, beginning(example))).collect(),
        n_documents: batch.len(),
    }
}

fn beginning(example: &Example) -> String {
    example.reference.text().chars().take(MAX_QUOTE).collect()
}
