use std::collections::{HashMap, HashSet};

use burn::tensor::Tensor;
use indexmap::IndexMap;
use ner_doc::{Doc, Example};
use ner_layers::{Init, Mode, to_vec};
use ner_optim::{Optimizer, ParameterKey};
use ner_transitions::LabelFrequencies;

use crate::components::component::Component;
use crate::pipeline::{Pipeline, find_upstream};
use crate::{Optimization, PipelineError, Random};

/// Losses by component, summed over batches.
pub type Losses = IndexMap<String, f64>;

impl Pipeline {
    /// Draws the first weights. A recogniser takes its labels from `labels`, by the recogniser's name, or else from the
    /// references of the examples. A component that came from another pipeline stays as it is.
    pub fn initialize(
        &mut self,
        examples: &[Example],
        labels: &HashMap<String, LabelFrequencies>,
        seed: u64,
    ) -> Result<(), PipelineError> {
        let mut random = Random::new(seed);
        let mut init =
            Init::random(&mut random.numpy, &self.device).with_vector_width(self.vocab.vectors().width());
        let sourced = &self.sourced;
        for (name, component) in self.components.iter_mut().filter(|(name, _)| !sourced.contains(*name)) {
            component.check_vectors(name)?;
            match (component, labels.get(name)) {
                (Component::Tok2Vec(tok2vec), _) => tok2vec.initialize(&mut init),
                (Component::EntityRecognizer(recognizer), Some(labels)) => {
                    recognizer.initialize_with_labels(labels.clone(), &mut init)?;
                }
                (Component::EntityRecognizer(recognizer), None) => {
                    recognizer.initialize(examples.iter().map(|example| &example.reference), &mut init);
                }
                (Component::Sentencizer(_) | Component::Skipped(_), _) => {}
            }
        }
        Ok(())
    }

    /// Learns from a batch: adds to the gradients and to the losses of all components but the frozen ones.
    ///
    /// From the first step on, the optimiser may defer steps of table rows that a batch does not look up, until
    /// [`Pipeline::swap_averages`].
    pub fn update(
        &mut self,
        examples: &[&Example],
        dropout: f64,
        frozen: &HashSet<String>,
        random: &mut Random,
        learning: &mut Optimization,
        losses: &mut Losses,
    ) -> Result<(), PipelineError> {
        self.set_autodiff(true);
        self.apply_deferred(examples, frozen, &mut *learning.optimizer)?;
        let gradients = &mut learning.gradients;
        self.dropout_rate = dropout;
        let mut vectors: IndexMap<&str, Upstream> = IndexMap::new();
        let has_tokens = examples.iter().any(|example| !example.predicted.is_empty());
        for (name, component) in self.components.iter_mut().filter(|_| has_tokens) {
            let is_frozen = frozen.contains(name);
            match component {
                Component::Tok2Vec(tok2vec) => {
                    let docs: Vec<&Doc> = examples.iter().map(|example| &example.predicted).collect();
                    let mut mode = match is_frozen {
                        true => Mode::Predict,
                        false => Mode::Train { rate: dropout, random: &mut random.numpy },
                    };
                    vectors.insert(name, Upstream::new(tok2vec.forward(&docs, &mut mode)));
                }
                Component::EntityRecognizer(_) if is_frozen => {}
                Component::Sentencizer(_) | Component::Skipped(_) => {}
                Component::EntityRecognizer(recognizer) => {
                    let upstream = recognizer.upstream().map(str::to_owned);
                    let found = upstream
                        .as_deref()
                        .and_then(|name| find_upstream(&vectors, name))
                        .map(|upstream| upstream.vectors.clone().without_autodiff());
                    let loss = losses.entry(name.clone()).or_default();
                    let mut sum = *loss as f32;
                    let gradient =
                        recognizer.update(examples, dropout, found, random, gradients, &mut sum)?;
                    *loss = f64::from(sum);
                    if let (Some(name), Some(gradient)) = (upstream, gradient) {
                        find_upstream_mut(&mut vectors, &name).expect("it was found before").add(gradient);
                    }
                }
            }
        }
        let passes: Vec<(String, Upstream)> =
            vectors.into_iter().map(|(name, upstream)| (name.to_owned(), upstream)).collect();
        for (name, upstream) in passes.into_iter().filter(|(name, _)| !frozen.contains(name)) {
            *losses.entry(name.clone()).or_default() += upstream.loss;
            if let Some(pass) = upstream.backward() {
                gradients.take_from(pass, self.components[&name].parameters_mut());
            }
        }
        Ok(())
    }

    /// Lets the optimiser move the weights of all components but the frozen ones.
    pub fn finish_update(
        &mut self,
        frozen: &HashSet<String>,
        learning: &mut Optimization,
    ) -> Result<(), PipelineError> {
        let trained = self.components.iter_mut().filter(|(name, _)| !frozen.contains(*name));
        let parameters = trained.flat_map(|(name, component)| {
            component.parameters_mut().into_iter().map(|parameter| (name.as_str(), parameter))
        });
        Ok(learning.gradients.step(parameters.collect(), &mut *learning.optimizer)?)
    }

    /// Brings the rows that the examples look up up to date.
    fn apply_deferred(
        &mut self,
        examples: &[&Example],
        frozen: &HashSet<String>,
        optimizer: &mut dyn Optimizer,
    ) -> Result<(), PipelineError> {
        let docs: Vec<&Doc> = examples.iter().map(|example| &example.predicted).collect();
        let trained = self.components.iter_mut().filter(|(name, _)| !frozen.contains(*name));
        for tok2vec in trained.filter_map(|(_, component)| component.tok2vec_mut()) {
            for (table, rows) in tok2vec.lookups(&docs) {
                let key = ParameterKey(table.id());
                let mut result = Ok(());
                table.change(&mut |weights| result = optimizer.apply_deferred(key, weights, &rows));
                result?;
            }
        }
        Ok(())
    }

    /// Applies all deferred steps, and exchanges the weights with their moving averages, if the optimiser keeps any. The
    /// same call undoes the exchange.
    pub fn swap_averages(&mut self, optimizer: &mut dyn Optimizer) -> Result<(), PipelineError> {
        for parameter in self.components.values_mut().flat_map(Component::parameters_mut) {
            let key = ParameterKey(parameter.id());
            let mut result = Ok(false);
            parameter.change(&mut |weights| result = optimizer.swap_averages(key, weights));
            result?;
        }
        Ok(())
    }

    /// Makes the pipeline ready to predict after updates.
    pub fn finish_training(&mut self) {
        self.set_autodiff(false);
    }
}

fn find_upstream_mut<'a>(vectors: &'a mut IndexMap<&str, Upstream>, name: &str) -> Option<&'a mut Upstream> {
    if name == "*" { vectors.last_mut().map(|(_, upstream)| upstream) } else { vectors.get_mut(name) }
}

/// Vectors of a component that others learn from, and what they found wrong with them.
struct Upstream {
    vectors: Tensor<2>,
    gradient: Option<Tensor<2>>,
    loss: f64,
}

impl Upstream {
    fn new(vectors: Tensor<2>) -> Upstream {
        Upstream { vectors, gradient: None, loss: 0.0 }
    }

    /// Adds a listener's gradient; its squares are the component's loss.
    fn add(&mut self, gradient: Tensor<2>) {
        let squares = to_vec(gradient.clone()).into_iter().map(|value| value * value);
        self.loss += f64::from(squares.sum::<f32>());
        self.gradient = Some(match self.gradient.take() {
            Some(sum) => sum + gradient,
            None => gradient,
        });
    }

    fn backward(self) -> Option<burn::tensor::Gradients> {
        let gradient = self.gradient?;
        Some((self.vectors * gradient.autodiff()).sum().backward())
    }
}
