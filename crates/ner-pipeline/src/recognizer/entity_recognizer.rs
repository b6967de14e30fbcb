use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use burn::tensor::Tensor;
use ner_doc::{Doc, Example};
use ner_layers::{Init, Mode, to_vec};
use ner_model::{
    LayerTree, Parameter, StateScorer, TokenSource, TokenVectors, TransitionBasedParser, TransitionModel,
};
use ner_optim::Gradient;
use ner_thinc::Layer;
use ner_transitions::{
    ActionId, Actions, BeamSettings, ContextFeatures, LabelFrequencies, LabelId, LogLoss, Starts, has_gold,
};

use crate::recognizer::beam::EntityScore;
use crate::recognizer::beam_exploration::BeamExploration;
use crate::recognizer::exploration::Exploration;
use crate::recognizer::scored_states::TrainingScorer;
use crate::recognizer::{beam, greedy};
use crate::{Gradients, PipelineError, Random};

/// The settings of a recogniser beside its model: what spaCy keeps in the file `cfg`.
#[derive(Clone, Debug, PartialEq)]
pub struct RecognizerSettings {
    /// Documents are cut into pieces of half to twice as many tokens in training; 0: never.
    pub update_with_oracle_cut_size: u32,
    /// Span group of the reference that holds spans known not to be entities.
    pub incorrect_spans_key: Option<String>,
    /// How many action sequences are followed side by side; 1: the best action is taken each time.
    pub beam_width: u32,
    /// How much less likely than the best a sequence may be before it is given up, as a share; 0: any.
    pub beam_density: f64,
    /// How often an update learns from whole sequences, as a share of all updates.
    pub beam_update_prob: f64,
    /// What else the file `cfg` holds; it means nothing here, and is kept.
    pub other: serde_json::Map<String, serde_json::Value>,
    /// Dropout of the state's vector in training, if there is an upper layer.
    pub hidden_dropout: f64,
}

impl RecognizerSettings {
    /// spaCy: this dropout is fixed, whatever the config says (parser_model.pyx).
    pub const HIDDEN_DROPOUT: f64 = 0.1;
}

/// Finds entities: a transition system that a network guides.
#[derive(Debug)]
pub struct EntityRecognizer {
    settings: RecognizerSettings,
    architecture: TransitionBasedParser,
    actions: Actions,
    model: TransitionModel,
    unseen: BTreeSet<ActionId>,
}

impl EntityRecognizer {
    /// A recogniser with weights and actions still to come.
    pub(crate) fn new(
        settings: RecognizerSettings,
        architecture: TransitionBasedParser,
        actions: Actions,
        init: &mut Init<'_>,
    ) -> EntityRecognizer {
        let model = architecture.make(actions.len(), init);
        EntityRecognizer { settings, architecture, actions, model, unseen: BTreeSet::new() }
    }

    /// The labels, sorted.
    pub fn labels(&self) -> Vec<String> {
        self.actions.labels()
    }

    /// The transition system.
    pub fn actions(&self) -> &Actions {
        &self.actions
    }

    /// The settings.
    pub fn settings(&self) -> &RecognizerSettings {
        &self.settings
    }

    /// The settings, to be changed.
    pub fn settings_mut(&mut self) -> &mut RecognizerSettings {
        &mut self.settings
    }

    /// The component that the model listens to, `*` for the nearest one before; `None` if it has its own vectors.
    pub(crate) fn upstream(&self) -> Option<&str> {
        match &self.architecture.tokens {
            TokenSource::Own(_) => None,
            TokenSource::Listener(listener) => Some(&listener.upstream),
        }
    }

    /// Length of the token vectors that the model takes.
    pub(crate) fn token_width(&self) -> usize {
        self.architecture.tokens.width()
    }

    /// The tokens that a state shows to the model, which knows their number alone.
    fn context(&self) -> ContextFeatures {
        let contexts = [ContextFeatures::Basic, ContextFeatures::Extended];
        let shown = contexts.into_iter().find(|context| context.count() == self.architecture.n_features);
        shown.expect("a parser shows as many tokens as one of the contexts")
    }

    /// Length of the static vectors that the model reads from the vocabulary; `None` if it reads none.
    pub(crate) fn vector_width(&self) -> Option<usize> {
        self.model.tok2vec.as_ref().and_then(|tok2vec| tok2vec.vector_width())
    }

    /// Draws the first weights, for the labels of some reference documents.
    pub(crate) fn initialize<'a>(&mut self, references: impl Iterator<Item = &'a Doc>, init: &mut Init<'_>) {
        self.actions.initialize(LabelFrequencies::from_docs(references));
        self.draw_weights(init);
    }

    /// Draws the first weights, for the labels of a label file.
    pub(crate) fn initialize_with_labels(
        &mut self,
        labels: LabelFrequencies,
        init: &mut Init<'_>,
    ) -> Result<(), PipelineError> {
        self.actions.initialize_from_label_file(labels)?;
        self.draw_weights(init);
        Ok(())
    }

    fn draw_weights(&mut self, init: &mut Init<'_>) {
        self.actions.neg_key.clone_from(&self.settings.incorrect_spans_key);
        self.model = self.architecture.make(self.actions.len(), init);
        self.unseen.clear();
    }

    /// Takes over the actions and settings of files, and makes room for the weights.
    pub(crate) fn restore(&mut self, actions: Actions, settings: RecognizerSettings, init: &mut Init<'_>) {
        self.settings = settings;
        self.settings.incorrect_spans_key.clone_from(&actions.neg_key);
        self.model = self.architecture.make(actions.len(), init);
        self.actions = actions;
    }

    /// Adds a label, which the model knows nothing of yet; false if it has it already.
    pub fn add_label(&mut self, label: &str) -> bool {
        let n_before = self.actions.len();
        let is_new = self.actions.add_label(label);
        if is_new {
            self.model.resize(self.actions.len());
            self.unseen.extend((n_before..self.actions.len()).map(|number| ActionId(number as u32)));
        }
        is_new
    }

    /// Writes entities into the documents, which hold at least one token in all. `upstream` are the vectors of all
    /// their tokens, if the model listens to another component. Returns how sure a beam is of the entities of each
    /// document; nothing is known of that without beam search.
    pub(crate) fn predict(
        &self,
        docs: &mut [&mut Doc],
        upstream: Option<&Tensor<2>>,
    ) -> Option<Vec<Vec<EntityScore>>> {
        let (scorer, actions) = {
            let docs: Vec<&Doc> = docs.iter().map(|doc| &**doc).collect();
            let actions = self.actions_for(&docs);
            let unseen = self.unseen.iter().map(|action| action.index());
            let unseen = unseen.chain(self.actions.len()..actions.len()).collect();
            (self.scorer(&docs, upstream).with_unseen(actions.len(), unseen), actions)
        };
        let beam = self.settings.beam();
        let (actions, context) = (&*actions, self.context());
        let mut scores = Vec::new();
        let mut offset = 0;
        for doc in docs {
            match beam {
                None => greedy::annotate(actions, context, &scorer, offset, doc),
                Some(beam) => scores.push(beam::annotate(actions, context, beam, &scorer, offset, doc)),
            }
            offset += doc.len();
        }
        beam.map(|_| scores)
    }

    /// The actions, and those for labels that are preset in the documents and that the recogniser does not know.
    ///
    /// spaCy: it adds such labels to the recogniser for good (transition_parser.pyx).
    fn actions_for(&self, docs: &[&Doc]) -> Cow<'_, Actions> {
        let mut actions = Cow::Borrowed(&self.actions);
        for label in docs.iter().flat_map(|doc| unknown_labels(&self.actions, doc)) {
            actions.to_mut().add_label(&label);
        }
        actions
    }

    /// What scores states of the documents.
    pub(crate) fn scorer(&self, docs: &[&Doc], upstream: Option<&Tensor<2>>) -> StateScorer {
        let tokens = match (upstream, &self.model.tok2vec) {
            (Some(tokens), None) => tokens.clone(),
            (_, Some(tok2vec)) => tok2vec.forward(docs, &mut Mode::Predict),
            (None, None) => unreachable!("a listener is only built with the component that it listens to"),
        };
        self.model.scorer(to_vec(tokens))
    }

    /// Learns from a batch: adds to `gradients` and `loss`. Returns the gradient of `upstream`, if there is one.
    pub(crate) fn update(
        &mut self,
        examples: &[&Example],
        dropout: f64,
        upstream: Option<Tensor<2>>,
        random: &mut Random,
        gradients: &mut Gradients,
        loss: &mut f32,
    ) -> Result<Option<Tensor<2>>, PipelineError> {
        self.add_missing_labels(examples);
        if !self.any_gold(examples)? {
            return Ok(None);
        }
        let beam = self.draw_beam(random);
        let max_steps = if beam.is_none() { self.draw_cut(random) } else { None };
        let starts = Starts::new(examples, &self.actions, max_steps)?;
        if starts.states.is_empty() {
            return Ok(None);
        }
        let tokens = match (upstream, &self.model.tok2vec) {
            (Some(tokens), None) => tokens,
            (_, Some(tok2vec)) => {
                let docs: Vec<&Doc> = examples.iter().map(|example| &example.predicted).collect();
                tok2vec.forward(&docs, &mut Mode::Train { rate: dropout, random: &mut random.numpy })
            }
            (None, None) => unreachable!("a listener is only built with the component that it listens to"),
        };
        let scorer = self.model.scorer(to_vec(tokens.clone().without_autodiff()));
        let offsets = offsets(examples);
        let n_tokens = tokens.dims()[0];
        let actions = &self.actions;
        let (context, hidden_dropout) = (self.context(), self.settings.hidden_dropout);
        let with = TrainingScorer { scorer: &scorer, context, hidden_dropout };
        let found = match beam {
            None => Exploration {
                actions,
                with,
                objective: &LogLoss,
                offsets: &offsets,
                unseen: &mut self.unseen,
            }
            .run(starts, max_steps, &mut random.numpy, n_tokens, loss),
            Some(beam) => {
                let unseen = &self.unseen;
                BeamExploration { actions, beam, with, examples, offsets: &offsets, unseen }.run(
                    &starts.docs,
                    &mut random.numpy,
                    n_tokens,
                    loss,
                )?
            }
        };
        let found = found.finish(&self.model, &scorer);
        for (id, gradient) in found.parameters {
            gradients.add(id, Gradient::All(gradient));
        }
        let Some(tok2vec) = &mut self.model.tok2vec else { return Ok(Some(found.d_vectors)) };
        let pass = (tokens * found.d_vectors.autodiff()).sum().backward();
        gradients.take_from(pass, tok2vec.parameters_mut());
        Ok(None)
    }

    fn any_gold(&self, examples: &[&Example]) -> Result<bool, PipelineError> {
        for example in examples {
            if has_gold(example, &self.actions)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether this update is one with beam search.
    fn draw_beam(&self, random: &mut Random) -> Option<BeamSettings> {
        let beam = self.settings.beam()?;
        (random.numpy.random() < self.settings.beam_update_prob).then_some(beam)
    }

    fn draw_cut(&self, random: &mut Random) -> Option<usize> {
        let cut = self.settings.update_with_oracle_cut_size;
        (cut >= 1).then(|| random.python.uniform(f64::from(cut / 2), f64::from(cut * 2)) as usize)
    }

    fn add_missing_labels(&mut self, examples: &[&Example]) {
        for doc in examples.iter().flat_map(|example| [&example.predicted, &example.reference]) {
            for label in unknown_labels(&self.actions, doc) {
                self.add_label(&label);
            }
        }
    }

    pub(crate) fn tok2vec_mut(&mut self) -> Option<&mut dyn TokenVectors> {
        Some(&mut **self.model.tok2vec.as_mut()?)
    }

    pub(crate) fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        self.model.parameters_mut()
    }

    pub(crate) fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        self.model.layer(tree)
    }
}

/// The labels of a document's entities that no action is for, one for each token that has it.
fn unknown_labels(actions: &Actions, doc: &Doc) -> Vec<Arc<str>> {
    let labels = doc.tokens.iter().map(|token| token.ent_type).filter(|label| !label.is_empty());
    let unknown = labels.filter(|&label| actions.label_id(label) == LabelId::UNKNOWN);
    unknown.filter_map(|label| doc.vocab().strings().get(label)).collect()
}

/// The row of each document's first token.
fn offsets(examples: &[&Example]) -> Vec<usize> {
    let lengths = examples.iter().map(|example| example.predicted.len());
    lengths.scan(0, |next, length| Some(std::mem::replace(next, *next + length))).collect()
}
