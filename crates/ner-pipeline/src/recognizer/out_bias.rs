use std::sync::Arc;

use ner_doc::Doc;
use ner_model::StateLayers;
use ner_transitions::{Action, ActionId};

use super::EntityRecognizer;
use super::decoder::DocStates;
use crate::UpstreamVectors;

impl EntityRecognizer {
    /// The layers that score states with `bias` added to the score of the action "out".
    pub(crate) fn layers_with_out_bias(&self, bias: f32) -> Arc<StateLayers> {
        self.model.layers_with(self.out().map(|out| (out, bias)))
    }

    /// The biases of the score of the action "out".
    pub(crate) fn out_biases(&self) -> Vec<f32> {
        self.out().map_or_else(Vec::new, |out| self.model.score_biases(out))
    }

    /// Replaces the [`out_biases`](EntityRecognizer::out_biases).
    pub(crate) fn set_out_biases(&mut self, biases: &[f32]) {
        if let Some(out) = self.out() {
            self.model.set_score_biases(out, biases);
        }
    }

    /// The documents, which hold at least one token in all, as they are annotated with each of these layers, which differ
    /// from its own by biases. `upstream` as for [`predict`](crate::Component::predict).
    pub(crate) fn predict_with_layers(
        &self,
        docs: &[Doc],
        upstream: Option<&UpstreamVectors<'_>>,
        layers: &[Arc<StateLayers>],
    ) -> Vec<Vec<Doc>> {
        let read: Vec<&Doc> = docs.iter().collect();
        let (actions, context, decoder) = (self.actions_for(&read), self.context(), self.decoder());
        let mut scorer = self.scorer(&read, upstream).with_unseen(actions.len(), self.unseen_of(&actions));
        let mut versions = Vec::with_capacity(layers.len());
        for layers in layers {
            scorer = scorer.with_layers(layers.clone());
            let mut docs = docs.to_vec();
            let mut offset = 0;
            for doc in &mut docs {
                let states = DocStates { actions: &actions, context, scorer: &scorer, offset };
                offset += doc.len() as i32;
                if !doc.is_empty() {
                    decoder.decode(&states, doc);
                }
            }
            versions.push(docs);
        }
        versions
    }

    /// The number of the action "out", which only a file of another program can lack. It is not the last one shown: in
    /// spaCy's list it comes after `U-`, which blocks a token and is hidden.
    fn out(&self) -> Option<usize> {
        self.actions.find(Action::Out).map(ActionId::index)
    }
}
