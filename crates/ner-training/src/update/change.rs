use std::collections::BTreeMap;

use ner_doc::{Doc, Example};
use ner_pipeline::Pipeline;
use serde_json::Value;

use crate::unannotated::without_entities;
use crate::{TrainingError, TrainingReport, evaluate};

/// The outcome of an update.
#[derive(Debug)]
pub struct UpdateReport {
    /// The run.
    pub run: TrainingReport,
    /// What became of each label, by its name.
    pub labels: BTreeMap<String, LabelChange>,
    /// Whether the documents that were measured were held back, or learned from for want of others.
    pub is_held_back: bool,
    /// Labels of which DATA has no entity: predictions of them were taken as right.
    pub unannotated: Vec<String>,
}

/// The F of a label before and after an update, from 0 to 1; `None` where it could not be measured.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LabelChange {
    /// Whether the recogniser did not know the label before.
    pub is_new: bool,
    /// On the documents that were held back.
    pub held_back: Option<[f64; 2]>,
    /// On the documents of `--eval`.
    pub eval: Option<[f64; 2]>,
    /// The F of the new predictions, with the old ones taken as right, on the texts that were rehearsed.
    pub agreement: Option<f64>,
}

impl LabelChange {
    /// How much an old label has lost: on the documents of `--eval`, or else on those that were held back.
    pub fn loss(&self) -> Option<f64> {
        let [before, after] = self.eval.or(self.held_back).filter(|_| !self.is_new)?;
        Some(before - after)
    }
}

impl UpdateReport {
    /// The old labels that lost more than `limit`.
    pub fn forgotten(&self, limit: f64) -> Vec<&str> {
        let lost = |change: &LabelChange| change.loss().is_some_and(|loss| loss > limit);
        self.labels.iter().filter(|(_, change)| lost(change)).map(|(label, _)| label.as_str()).collect()
    }

    /// The old labels that could not be measured.
    pub fn unmeasured(&self) -> Vec<&str> {
        let labels = self.labels.iter().filter(|(_, change)| !change.is_new && change.loss().is_none());
        labels.map(|(label, _)| label.as_str()).collect()
    }
}

/// The F of each label that the references have.
pub(super) fn measure(
    pipeline: &mut Pipeline,
    examples: &mut [Example],
) -> Result<BTreeMap<String, f64>, TrainingError> {
    let scores = evaluate(pipeline, examples, false)?.scores;
    let labels = scores.get("ents_per_type").and_then(Value::as_object);
    let annotated = |label: &str| {
        let label = ner_vocab::StringId::of(label);
        let mut tokens = examples.iter().flat_map(|example| &example.reference.tokens);
        tokens.any(|token| token.ent_type == label)
    };
    let found = labels.into_iter().flatten().filter(|(label, _)| annotated(label));
    Ok(found.filter_map(|(label, score)| Some((label.clone(), score["f"].as_f64()?))).collect())
}

/// Examples whose references are the pipeline's own predictions.
pub(super) fn as_predicted(pipeline: &Pipeline, examples: &[Example]) -> Result<Vec<Example>, TrainingError> {
    let mut docs: Vec<Doc> = examples.iter().map(|example| without_entities(&example.predicted)).collect();
    let before = docs.clone();
    pipeline.predict(&mut docs)?;
    let examples = before.into_iter().zip(docs);
    Ok(examples.map(|(predicted, reference)| Example::new(predicted, reference)).collect())
}
