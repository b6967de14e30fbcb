use std::collections::HashMap;

use indexmap::IndexMap;
use ner_config::ConfigError;
use ner_doc::{Doc, Example};
use ner_layers::{Init, Mode};
use ner_model::{EncoderSources, Parameter, SharedGradient, SharedRows, TokenVectors};
use ner_optim::{Optimizer, ParameterKey};

use super::sharing::Sharing;
use super::{Batch, Learning, Random, Update};
use crate::components::{ByName, Component, Initialization};
use crate::{Pipeline, PipelineError};

impl Pipeline {
    /// Draws the first weights, all from one generator with this seed, in the order of the pipeline. A component takes its
    /// labels from the label file in `labels`, by the component's name, or else from the references of the examples. A
    /// component that came from another pipeline stays as it is.
    pub fn initialize(
        &mut self,
        examples: &[Example],
        labels: &HashMap<String, serde_json::Value>,
        seed: u64,
    ) -> Result<(), PipelineError> {
        let mut random = Random::new(seed);
        let mut init =
            Init::random(&mut random.numpy, &self.device).with_vector_width(self.vocab.vectors().width());
        let names: Vec<String> = self.components.keys().cloned().collect();
        for name in &names {
            let width = self.components.width_above(name);
            let component = &mut *self.components[name];
            if self.sourced.contains(name) {
                check_width(name, component, width)?;
                continue;
            }
            if let Some(width) = width {
                component.set_upstream_width(width);
            }
            component.check_static_vectors(name)?;
            let none = EncoderSources::default();
            let sources = self.encoder_sources.get(name).unwrap_or(&none);
            component.initialize(
                &Initialization { name, examples, labels: labels.get(name), sources },
                &mut init,
            )?;
            // A label file may name some that no example has.
            for label in component.labels() {
                self.vocab.strings().add(&label);
            }
        }
        Ok(())
    }

    /// Whether a network that is to be trained from the start depends on how often words are in the training corpus.
    pub fn counts_words(&self) -> bool {
        let new = self.components.iter().filter(|(name, _)| !self.sourced.contains(*name));
        new.filter_map(|(_, component)| component.token_vectors()).any(TokenVectors::counts_words)
    }

    /// Counts the words of other examples than those that the pipeline was initialised with.
    pub fn count_words(&mut self, examples: &[Example]) {
        let Pipeline { components, sourced, .. } = self;
        let new = components.iter_mut().filter(|(name, _)| !sourced.contains(*name));
        for network in new.filter_map(|(_, component)| component.token_vectors_mut()) {
            network.count_words(&mut examples.iter().map(|example| &example.predicted));
        }
    }

    /// Learns from a batch: adds to the gradients and the losses of all components but the frozen ones.
    ///
    /// From the first step on, rows of tables that a batch does not look up may lag behind the optimiser, until
    /// [`Pipeline::apply_deferred`] or [`Pipeline::with_averages`].
    pub fn update(
        &mut self,
        examples: &[&Example],
        dropout: f64,
        learning: &mut Learning,
    ) -> Result<(), PipelineError> {
        let batch = Batch { examples, dropout };
        self.learn_from(&batch.predicted(), dropout, learning, &mut |_, component, rows, update| {
            component.learn(&batch, rows, update)
        })
    }

    /// Calls `learn` with the name of each component that learns from documents, the component, and the rows that it
    /// takes from another. What it returns goes back into the networks that share vectors.
    pub(super) fn learn_from(
        &mut self,
        docs: &[&Doc],
        dropout: f64,
        learning: &mut Learning,
        learn: &mut Learn<'_>,
    ) -> Result<(), PipelineError> {
        self.set_autodiff(true);
        self.dropout_rate = dropout;
        // Before anything reads a table: the optimiser puts off the steps of rows that have no gradient.
        self.update_looked_up_rows(docs, learning)?;
        if docs.iter().all(|doc| doc.is_empty()) {
            return Ok(());
        }
        let mut shared: ByName<'_, Sharing> = ByName::new();
        let batch_size = self.batch_size();
        let Learning { gradients, random, losses, frozen, annotating, .. } = learning;
        for (name, component) in self.components.iter_mut() {
            let is_frozen = frozen.contains(name);
            if !is_frozen || component.shares_vectors() {
                component.checked_network(name, docs)?;
            }
            if let Some(kind) = component.shares()
                && let Some(network) = component.token_vectors()
            {
                // Frozen vectors are those of prediction: no dropout, and no random number drawn for it.
                let rows = if is_frozen || component.stays_as_it_is() {
                    network.share(docs, &mut Mode::Predict)
                } else {
                    random.skip_python(network.python_draws());
                    network.share(docs, &mut random.training(dropout))
                };
                // spaCy: a component that annotates runs once more, as in prediction (language.py). What it would give are
                // the rows of above where it is frozen, and elsewhere listeners do not read it.
                if annotating.contains(name) {
                    random.skip_python(component.prediction_draws(docs, batch_size));
                }
                shared.insert(name, Sharing::new(rows, kind));
                continue;
            }
            if is_frozen || !component.is_trainable() {
                continue;
            }
            let upstream = component.listener().map(|listener| listener.upstream.clone());
            let rows =
                upstream.as_ref().and_then(|upstream| shared.find(upstream)).map(|(_, shared)| &shared.rows);
            let sum = losses.entry(name.clone()).or_default();
            // Exact: the sum was a number in single precision when it was put there.
            let mut loss = *sum as f32;
            let mut update = Update { random, gradients, loss: &mut loss };
            let gradient = learn(name, &mut **component, rows, &mut update)?;
            *sum = f64::from(loss);
            if let (Some(upstream), Some(gradient)) = (upstream, gradient) {
                shared.find_mut(&upstream).expect("its vectors were handed out above").add(gradient);
            }
        }
        // Collected first: the components' names are borrowed until then.
        let shared: Vec<(String, Sharing)> =
            shared.into_iter().map(|(name, shared)| (name.to_owned(), shared)).collect();
        for (name, shared) in shared.into_iter().filter(|(name, _)| !frozen.contains(name)) {
            *losses.entry(name.clone()).or_default() += shared.loss();
            if self.components[&name].stays_as_it_is() {
                continue;
            }
            if let Some(pass) = shared.backward() {
                gradients.take_from(pass, self.components[&name].parameters_mut());
            }
        }
        Ok(())
    }

    /// Moves the weights of all components but the frozen ones by a step of the optimiser.
    pub fn finish_update(&mut self, learning: &mut Learning) -> Result<(), PipelineError> {
        let trained = self.components.iter_mut().filter(|(name, _)| !learning.frozen.contains(*name));
        let networks = trained.filter_map(|(_, component)| component.token_vectors_mut());
        let roles = networks.flat_map(|network| network.roles()).collect();
        let trained = self.components.iter_mut().filter(|(name, _)| !learning.frozen.contains(*name));
        let parameters = trained.flat_map(|(name, component)| {
            component.parameters_mut().into_iter().map(|parameter| (name.as_str(), parameter))
        });
        Ok(learning.gradients.step(parameters.collect(), &roles, &mut *learning.optimizer)?)
    }

    /// The first component with a weight that is infinite or not a number, if there is one.
    pub fn component_that_diverged(&mut self) -> Option<&str> {
        self.components.iter_mut().find_map(|(name, component)| {
            let is_finite = component.parameters_mut().into_iter().all(|parameter| {
                let mut is_finite = true;
                parameter.change(&mut |weights| is_finite = weights.iter().all(|weight| weight.is_finite()));
                is_finite
            });
            (!is_finite).then_some(name.as_str())
        })
    }

    /// Brings the rows that a batch looks up to the optimiser's current step.
    fn update_looked_up_rows(&mut self, docs: &[&Doc], learning: &mut Learning) -> Result<(), PipelineError> {
        let trained = self.components.iter_mut().filter(|(name, _)| !learning.frozen.contains(*name));
        let mut networks = trained.filter_map(|(_, component)| component.token_vectors_mut());
        networks.try_for_each(|network| update_rows(network, docs, &mut *learning.optimizer))
    }

    /// Brings all weights to the optimiser's current step, for who is going to read or change them between two steps.
    pub fn apply_deferred(&mut self, optimizer: &mut dyn Optimizer) -> Result<(), PipelineError> {
        for parameter in self.parameters_mut() {
            let key = ParameterKey(parameter.id());
            let mut result = Ok(());
            parameter.change(&mut |weights| result = optimizer.apply_all_deferred(key, weights));
            result?;
        }
        Ok(())
    }

    /// Brings all weights to the optimiser's current step, and exchanges them with their moving averages, if the optimiser
    /// keeps any. The same call undoes the exchange.
    fn swap_averages(&mut self, optimizer: &mut dyn Optimizer) -> Result<(), PipelineError> {
        for parameter in self.parameters_mut() {
            let key = ParameterKey(parameter.id());
            let mut result = Ok(false);
            parameter.change(&mut |weights| result = optimizer.swap_averages(key, weights));
            result?;
        }
        Ok(())
    }

    /// Calls `then` while the weights are the moving averages that the optimiser keeps, if it keeps any. The trained
    /// weights are back afterwards, also when `then` fails.
    pub fn with_averages<T, E: From<PipelineError>>(
        &mut self,
        optimizer: &mut dyn Optimizer,
        then: impl FnOnce(&mut Pipeline) -> Result<T, E>,
    ) -> Result<T, E> {
        self.swap_averages(optimizer)?;
        // The result is returned only after the second exchange, so that an error leaves the trained weights in place.
        let result = then(self);
        self.swap_averages(optimizer)?;
        result
    }

    /// The trainable weights of all components, in the order of the pipeline.
    pub fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        self.components.values_mut().flat_map(|component| component.parameters_mut()).collect()
    }

    /// How many weights each component has.
    pub fn weight_counts(&mut self) -> IndexMap<String, usize> {
        let count = |component: &mut dyn Component| {
            let parameters = component.parameters_mut().into_iter();
            parameters.map(|parameter| parameter.shape().iter().product::<usize>()).sum()
        };
        self.components.iter_mut().map(|(name, component)| (name.clone(), count(&mut **component))).collect()
    }

    /// Bytes that an update on these documents keeps until its backward pass, as far as it is counted; see
    /// [`TokenVectors::kept_bytes`].
    pub fn kept_bytes(&self, docs: &[&Doc], frozen: &[String], checkpoints: Option<bool>) -> usize {
        let learning = self.components.iter().filter(|(name, _)| !frozen.contains(name));
        let networks = learning.filter_map(|(_, component)| component.token_vectors());
        networks.map(|network| network.kept_bytes(docs, checkpoints)).sum()
    }

    /// Makes the pipeline ready to predict after updates.
    pub fn finish_training(&mut self) {
        self.set_autodiff(false);
    }

    /// Records operations on the weights for backward passes, or stops doing so.
    fn set_autodiff(&mut self, autodiff: bool) {
        self.parameters_mut().into_iter().for_each(|parameter| parameter.set_autodiff(autodiff));
    }
}

/// Fails if a listener that came with its weights was made for rows of another length than those that it gets.
fn check_width(name: &str, component: &dyn Component, width: Option<usize>) -> Result<(), ConfigError> {
    match (component.upstream_width(), width) {
        (Some(found), Some(expected)) if found != expected => Err(ConfigError::Value {
            path: format!("components.{name}.source"),
            message: format!(
                "its network takes vectors of length {found}, and the component that it listens to gives {expected}; take \
                 that component from the same source"
            ),
        }),
        _ => Ok(()),
    }
}

/// Brings the rows of a network's tables that documents look up to the optimiser's current step.
pub(crate) fn update_rows(
    network: &mut dyn TokenVectors,
    docs: &[&Doc],
    optimizer: &mut dyn Optimizer,
) -> Result<(), PipelineError> {
    for (table, rows) in network.lookups(docs) {
        let key = ParameterKey(table.id());
        let mut result = Ok(());
        table.change(&mut |weights| result = optimizer.apply_deferred(key, weights, &rows));
        result?;
    }
    Ok(())
}

/// How a component learns from the documents of a batch.
type Learn<'a> = dyn FnMut(
        &str,
        &mut dyn Component,
        Option<&SharedRows>,
        &mut Update<'_>,
    ) -> Result<Option<SharedGradient>, PipelineError>
    + 'a;
