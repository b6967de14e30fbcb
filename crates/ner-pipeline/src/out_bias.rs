//! A number that is added to the score of leaving a token outside of all entities.
//!
//! A recogniser that is taught one action at a time is taught to be right about single tokens, of which most are outside;
//! F wants the balance of entities that are found and missed. Where few are found, a lower score of the action "out" finds
//! more; it is one number, which shows after training.

use std::sync::Arc;

use ner_doc::Doc;
use ner_model::StateLayers;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::components::SharedVectors;
use crate::pipeline::batch_size;
use crate::{Component, EntityRecognizer, Pipeline, PipelineError};

impl Pipeline {
    /// Some documents as the pipeline would annotate them with each of `biases` added to the score of the action "out" of
    /// the recogniser called `name`, one list of documents for each. What comes before the scores is computed once. On as
    /// many threads as there are; documents without tokens stay as they are.
    ///
    /// # Errors
    /// If a network cannot run on one of the documents.
    pub fn predict_with_out_biases(
        &self,
        name: &str,
        biases: &[f32],
        docs: &[Doc],
    ) -> Result<Vec<Vec<Doc>>, PipelineError> {
        let Some(recognizer) =
            self.components().get(name).and_then(|found| found.downcast_ref::<EntityRecognizer>())
        else {
            return Err(PipelineError::NoRecognizer { component: name.to_owned() });
        };
        let layers: Vec<_> = biases.iter().map(|&bias| recognizer.layers_with_out_bias(bias)).collect();
        // A document without tokens has no row in a tensor, and no entities.
        let with_tokens: Vec<Doc> = docs.iter().filter(|doc| !doc.is_empty()).cloned().collect();
        let mut batches = Vec::new();
        let mut rest = with_tokens.as_slice();
        while !rest.is_empty() {
            let (batch, others) = rest.split_at(batch_size(rest));
            batches.push(batch);
            rest = others;
        }
        let batches = batches.into_par_iter().map(|batch| self.predict_versions(name, &layers, batch));
        let mut versions = vec![Vec::with_capacity(docs.len()); biases.len()];
        for batch in batches.collect::<Vec<_>>() {
            versions.iter_mut().zip(batch?).for_each(|(version, batch)| version.extend(batch));
        }
        let among_all = |version: Vec<Doc>| {
            let mut version = version.into_iter();
            let place = |doc: &Doc| if doc.is_empty() { Some(doc.clone()) } else { version.next() };
            docs.iter().filter_map(place).collect()
        };
        Ok(versions.into_iter().map(among_all).collect())
    }

    /// The documents of a batch with each of these layers in the recogniser called `name`.
    fn predict_versions(
        &self,
        name: &str,
        layers: &[Arc<StateLayers>],
        docs: &[Doc],
    ) -> Result<Vec<Vec<Doc>>, PipelineError> {
        let running: Vec<(&str, &dyn Component)> = self.running().collect();
        let place = running.iter().position(|(other, _)| *other == name).unwrap_or(running.len());
        let (before, rest) = running.split_at(place);
        let mut shared = SharedVectors::new(&self.components);
        let mut docs = docs.to_vec();
        shared.run(before.iter().copied(), &mut docs.iter_mut().collect::<Vec<_>>())?;
        // One that does not run changes nothing.
        let Some((&(_, component), after)) = rest.split_first() else { return Ok(vec![docs; layers.len()]) };
        shared.add(name, component, &docs.iter().collect::<Vec<_>>())?;
        let upstream = shared.upstream_of(component);
        let recognizer: Option<&EntityRecognizer> = component.downcast_ref();
        let recognizer = recognizer.expect("the component of this name is a recogniser");
        let mut versions = recognizer.predict_with_layers(&docs, upstream, layers);
        for version in &mut versions {
            shared.clone().run(after.iter().copied(), &mut version.iter_mut().collect::<Vec<_>>())?;
        }
        Ok(versions)
    }

    /// Runs `then` while `bias` is added to the score of the action "out" of the recogniser called `name`. After it the
    /// weights are what they were, to the bit.
    ///
    /// # Errors
    /// Those of `then`, and one if there is no recogniser of this name.
    pub fn with_out_bias<T, E: From<PipelineError>>(
        &mut self,
        name: &str,
        bias: f32,
        then: impl FnOnce(&mut Pipeline) -> Result<T, E>,
    ) -> Result<T, E> {
        let recognizer = self.recognizer_mut(name)?;
        let before = recognizer.out_biases();
        recognizer.set_out_biases(&before.iter().map(|before| before + bias).collect::<Vec<_>>());
        let result = then(self);
        self.recognizer_mut(name)?.set_out_biases(&before);
        result
    }

    fn recognizer_mut(&mut self, name: &str) -> Result<&mut EntityRecognizer, PipelineError> {
        let found = self.component_mut(name).and_then(|component| component.downcast_mut());
        found.ok_or_else(|| PipelineError::NoRecognizer { component: name.to_owned() })
    }
}
