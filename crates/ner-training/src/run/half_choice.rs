use std::collections::BTreeMap;

use ner_evaluation::Half;
use ner_scorer::{Counts, Score};
use serde::{Deserialize, Serialize};

use super::FinalScore;
use crate::TrainingError;

/// What one half of the evaluation corpus chooses, and how it does on the other half.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HalfChoice {
    /// The number of the step, from 0.
    pub step: usize,
    /// What is added to the score of the action "out".
    pub out_bias: f32,
    /// The final score on the half that chooses.
    pub score: f64,
    /// Right and wrong entities by label on the other half.
    pub other: BTreeMap<String, Counts>,
}

impl HalfChoice {
    /// Right and wrong entities by label of both halves, each by the choice of the other one.
    pub fn labels([first, second]: &[HalfChoice; 2]) -> BTreeMap<String, Counts> {
        let mut labels = first.other.clone();
        second.other.iter().for_each(|(label, &counts)| *labels.entry(label.clone()).or_default() += counts);
        labels
    }

    /// Precision, recall and F of both halves together, each by the choice of the other one.
    pub fn total(choices: &[HalfChoice; 2]) -> Score {
        choices.iter().flat_map(|choice| choice.other.values().copied()).sum::<Counts>().score()
    }

    /// The choices of both halves where there is one thing to choose.
    pub(super) fn of(
        [mut first, mut second]: [Half; 2],
        step: usize,
        out_bias: f32,
        final_score: &FinalScore,
    ) -> Result<[HalfChoice; 2], TrainingError> {
        // Of a copy: a score that a half cannot measure is still one of the whole.
        let scores = [&mut first.scores, &mut second.scores].map(|scores| final_score.clone().score(scores));
        let [of_first, of_second] = scores;
        Ok([
            HalfChoice { step, out_bias, score: of_first?, other: second.labels },
            HalfChoice { step, out_bias, score: of_second?, other: first.labels },
        ])
    }

    /// Of each half, the choice with the highest score; of equals, that of these.
    pub(super) fn prefer(choices: &mut [HalfChoice; 2], others: [HalfChoice; 2]) {
        for (choice, other) in choices.iter_mut().zip(others) {
            if other.score > choice.score {
                *choice = other;
            }
        }
    }

    /// What each half would choose of these, of equals the last, as of the whole; none of none.
    pub(super) fn best<'a>(
        choices: impl DoubleEndedIterator<Item = &'a [HalfChoice; 2]>,
    ) -> Option<[HalfChoice; 2]> {
        let mut latest_first = choices.rev().cloned();
        let mut best = latest_first.next()?;
        latest_first.for_each(|others| HalfChoice::prefer(&mut best, others));
        Some(best)
    }
}
