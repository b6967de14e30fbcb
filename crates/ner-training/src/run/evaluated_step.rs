use ner_doc::{Doc, Example};
use ner_pipeline::{Learning, Pipeline};

use super::evaluate::evaluate;
use super::out_bias::OutBias;
use super::output::note_performance;
use super::outside::Outside;
use super::{HalfChoice, RunState};
use crate::callbacks::TrainingCallbacks;
use crate::{Evaluation, RunPlan, TrainingError, TrainingEvent};

/// Refuses to save weights that are no numbers, so that what was saved before stays.
pub(crate) fn check_weights(pipeline: &mut Pipeline, step: usize) -> Result<(), TrainingError> {
    match pipeline.component_that_diverged() {
        Some(name) => Err(TrainingError::Diverged {
            step,
            found: format!("weights of {name} are no numbers"),
            documents: Vec::new(),
            n_documents: 0,
        }),
        None => Ok(()),
    }
}

/// The parts of a run that an evaluation needs.
pub(super) struct EvaluatedStep<'a> {
    pub(super) plan: &'a RunPlan,
    pub(super) pipeline: &'a mut Pipeline,
    pub(super) dev: &'a mut [Example],
    pub(super) callbacks: &'a mut TrainingCallbacks,
    pub(super) learning: &'a mut Learning,
    pub(super) state: &'a mut RunState,
}

impl EvaluatedStep<'_> {
    /// Evaluates with averaged weights, if the optimiser keeps averages, and saves the result.
    pub(super) fn evaluate(&mut self, step: usize, outside: &mut Outside<'_>) -> Result<(), TrainingError> {
        let EvaluatedStep { plan, pipeline, dev, callbacks, learning, state } = self;
        for name in &plan.trained {
            // spaCy: each trained component has a loss, if only of 0 (`losses.setdefault` in
            // pipeline/tok2vec.py and transition_parser.pyx). Without one a logger fails.
            learning.losses.entry(name.clone()).or_default();
        }
        // Losses are sums since the last evaluation, not since the start.
        let losses = std::mem::take(&mut learning.losses);
        let learn_rate = learning.optimizer.learn_rate();
        let evaluation = pipeline.with_averages(&mut *learning.optimizer, |pipeline| {
            let ner_evaluation::Evaluation { mut scores, halves, .. } =
                evaluate(pipeline, dev, plan.dev_halves)?;
            let halves =
                halves.map(|halves| HalfChoice::of(halves, step, 0.0, &state.final_score)).transpose()?;
            let score = state.final_score.score(&mut scores)?;
            let (epoch, words, seconds) = (state.epoch, state.words, state.update_seconds);
            let mut untuned =
                Evaluation { epoch, step, losses, scores, score, halves, learn_rate, words, seconds };
            let tune =
                |recognizer| OutBias::tune(pipeline, recognizer, dev, &state.final_score, &mut untuned);
            let tuned = plan.tuned.as_deref().map(tune).transpose()?;
            let score = tuned.as_ref().map_or(score, |tuned| tuned.evaluation.score);
            tracing::info!(step, score, "evaluated");
            let is_best = state.stopping.record(step, score);
            // Inside of the closure, so that the averaged weights that were measured are those that are saved.
            if let Some(output) = outside.output {
                check_weights(pipeline, step)?;
                note_performance(pipeline, &untuned, &plan.score_weights);
                callbacks.before_to_disk(pipeline)?;
                output.save_last(pipeline)?;
                match &tuned {
                    None if is_best => output.save_best(pipeline)?,
                    Some(tuned) if is_best => {
                        note_performance(pipeline, &tuned.evaluation, &plan.score_weights);
                        tuned.apply(pipeline, |pipeline| output.save_best(pipeline))?;
                        // The checkpoint has the weights without the bias.
                        note_performance(pipeline, &untuned, &plan.score_weights);
                    }
                    _ => {}
                }
            }
            Ok::<_, TrainingError>(tuned.map_or(untuned, |tuned| tuned.evaluation))
        })?;
        // After the evaluation: nothing else drew meanwhile.
        let predicted: Vec<&Doc> = dev.iter().map(|example| &example.predicted).collect();
        learning.random.skip_python(pipeline.prediction_draws(&predicted));
        state.evaluations.push(evaluation.clone());
        outside.sink.event(&TrainingEvent::Evaluated(evaluation.clone()));
        outside.log.evaluation(&evaluation, outside.sink)
    }
}
