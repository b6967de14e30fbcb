use ner_doc::Example;
use ner_evaluation::evaluate_out_biases;
use ner_pipeline::Pipeline;
use ner_scorer::Scores;
use serde_json::json;

use super::{FinalScore, HalfChoice};
use crate::{Evaluation, ScoreWeights, TrainingError};

/// The name under which the bias stands among the scores.
pub(crate) const OUT_BIAS: &str = "out_bias";

/// The name under which the final score without the bias stands among the scores.
const UNTUNED: &str = "untuned";

/// The biases to choose from, in steps of a half, those near 0 first. With a dropout of 0.3 the best of WNUT-17 are from -2 to -4
/// and less, those of BC5CDR and CoNLL-2003 about 0, that of a set of drug names is 1. Neighbours differ by some tenths of F,
/// less than two halves of a dev set do, so that finer steps would fit this set alone. To choose by the mean score of neighbouring
/// biases, steps or both gave an F of 36.0 to 37.4 and 32.2 to 33.5 by the halves of WNUT-17, with and without vectors, where the
/// highest score alone gives 37.4 and 33.0 (five seeds).
const BIASES: [f32; 16] =
    [-0.5, 0.5, -1.0, 1.0, -1.5, 1.5, -2.0, 2.0, -2.5, -3.0, -3.5, -4.0, -4.5, -5.0, -5.5, -6.0];

/// The number that is added to the score of the action "out", so that the final score on the evaluation corpus is highest.
pub(super) struct OutBias {
    recognizer: String,
    bias: f32,
    /// The evaluation with it.
    pub(super) evaluation: Evaluation,
}

impl OutBias {
    /// Tries all biases for the recogniser of this name. Of equals the one nearest to 0 is taken, so that the score is never
    /// below that of `untuned`, the evaluation without any; its scores get a bias of 0.
    pub(super) fn tune(
        pipeline: &Pipeline,
        recognizer: &str,
        dev: &mut [Example],
        final_score: &FinalScore,
        untuned: &mut Evaluation,
    ) -> Result<OutBias, TrainingError> {
        note(&mut untuned.scores, 0.0, untuned.score);
        let mut best = OutBias { recognizer: recognizer.to_owned(), bias: 0.0, evaluation: untuned.clone() };
        let evaluations = evaluate_out_biases(pipeline, recognizer, &BIASES, dev, untuned.halves.is_some())?;
        let mut halves = untuned.halves.clone();
        for (bias, evaluation) in BIASES.into_iter().zip(evaluations) {
            if let (Some(choices), Some(others)) = (&mut halves, evaluation.halves) {
                HalfChoice::prefer(choices, HalfChoice::of(others, untuned.step, bias, final_score)?);
            }
            let mut scores = evaluation.scores;
            let score = final_score.clone().score(&mut scores)?;
            if score > best.evaluation.score {
                note(&mut scores, bias, untuned.score);
                best.bias = bias;
                best.evaluation = Evaluation { scores, score, ..best.evaluation };
            }
        }
        best.evaluation.halves = halves;
        Ok(best)
    }

    /// Runs `then` with a pipeline whose weights have the bias in them.
    pub(super) fn apply(
        &self,
        pipeline: &mut Pipeline,
        then: impl FnOnce(&mut Pipeline) -> Result<(), TrainingError>,
    ) -> Result<(), TrainingError> {
        pipeline.with_out_bias(&self.recognizer, self.bias, then)
    }
}

fn note(scores: &mut Scores, bias: f32, untuned: f64) {
    scores.insert(UNTUNED.to_owned(), json!(untuned));
    scores.insert(OUT_BIAS.to_owned(), json!(bias));
}

/// The scores that the reports of a run show in addition, if it tunes the bias.
pub(super) fn shown() -> ScoreWeights {
    [UNTUNED, OUT_BIAS].map(|name| (name.to_owned(), Some(0.0))).into()
}
