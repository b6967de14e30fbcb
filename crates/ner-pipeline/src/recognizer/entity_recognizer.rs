use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use ner_config::ConfigError;
use ner_doc::Doc;
use ner_layers::{Init, Mode, to_vec};
use ner_model::{
    LayerTree, ListenerRecipe, ModelError, Parameter, Preparation, SharedGradient, SharedRows, StateScorer,
    TokenInput, TokenSource, TokenVectors, TransitionBasedParser, TransitionModel,
};
use ner_scorer::Scorer;
use ner_thinc::{Layer, ModelFile};
use ner_transitions::{ActionId, Actions, BeamSettings, ContextFeatures, LabelFrequencies, LabelId};

use super::beam::BeamSearch;
use super::decoder::{Decoder, DocStates};
use super::greedy::Greedy;
use super::pieces::{Pieces, TOKENS_PER_PIECE};
use super::{RecognizerSettings, files, learn, tutors};
use crate::components::{Initialization, TutorOf, UpstreamVectors, parsed_passes};
use crate::learning::{Batch, Rehearsal, Supervision, Update};
use crate::storage::{FileSink, PipelineFiles};
use crate::{Component, EntityScore, PipelineError};

/// Finds entities: a transition system that a network guides.
#[derive(Debug)]
pub struct EntityRecognizer {
    pub(super) settings: RecognizerSettings,
    pub(super) architecture: Arc<TransitionBasedParser>,
    pub(super) actions: Actions,
    pub(super) model: TransitionModel,
    /// Length of the rows that the model takes from another component, once it is known.
    pub(super) upstream_width: Option<usize>,
    /// Actions that were added to a trained model and have not been gold yet.
    pub(super) unseen: BTreeSet<ActionId>,
    pub(super) supervision: Supervision,
    pub(super) scorer: Option<Box<dyn Scorer>>,
}

impl EntityRecognizer {
    /// A recogniser without labels, whose weights are those that `init` gives until there are some.
    pub fn new(
        settings: RecognizerSettings,
        architecture: TransitionBasedParser,
        scorer: Option<Box<dyn Scorer>>,
        init: &mut Init<'_>,
    ) -> EntityRecognizer {
        let actions = Actions::without_labels();
        let model = architecture.make(actions.len(), None, init);
        EntityRecognizer {
            settings,
            architecture: Arc::new(architecture),
            actions,
            model,
            upstream_width: None,
            unseen: BTreeSet::new(),
            supervision: Supervision::default(),
            scorer,
        }
    }

    /// The transition system.
    pub fn actions(&self) -> &Actions {
        &self.actions
    }

    /// The network.
    pub fn model(&self) -> &TransitionModel {
        &self.model
    }

    /// The settings.
    pub fn settings(&self) -> &RecognizerSettings {
        &self.settings
    }

    /// The settings, to be changed.
    pub fn settings_mut(&mut self) -> &mut RecognizerSettings {
        &mut self.settings
    }

    /// Sets how often states follow the model's own action in training, as a share of all.
    pub fn set_exploration(&mut self, share: f64) {
        self.supervision.exploration = share;
    }

    /// The tokens that a state shows to the model, which knows their number alone.
    pub(super) fn context(&self) -> ContextFeatures {
        let contexts = [ContextFeatures::Basic, ContextFeatures::Extended];
        let shown = contexts.into_iter().find(|context| context.count() == self.architecture.n_features);
        shown.expect("a parser shows as many tokens as one of the contexts")
    }

    /// Replaces actions and settings by those of files, with weights of the right size still to come.
    pub(super) fn restore(&mut self, actions: Actions, settings: RecognizerSettings, init: &mut Init<'_>) {
        self.settings = settings;
        // spaCy: the key is in the file `moves` as well, and that one is used (transition_system.pyx).
        self.settings.incorrect_spans_key.clone_from(&actions.neg_key);
        self.model = self.make_model(&actions, init);
        self.actions = actions;
        self.unseen.clear();
    }

    /// A model for these actions with the weights that `init` gives.
    pub(super) fn make_model(&self, actions: &Actions, init: &mut Init<'_>) -> TransitionModel {
        self.architecture.make(actions.len(), self.upstream_width, init)
    }

    /// Adds a label, of which the model has learned nothing yet. Returns false if it has the label already.
    pub fn add_label(&mut self, label: &str) -> bool {
        let n_before = self.actions.len();
        let is_new = self.actions.add_label(label);
        if is_new {
            self.model.resize(self.actions.len());
            // New actions are numbered after the others, whose weights stay in their rows.
            self.unseen.extend((n_before..self.actions.len()).map(|number| ActionId(number as u32)));
        }
        is_new
    }

    /// The actions, and those for labels that are preset in the documents and that the recogniser does not know.
    ///
    /// spaCy: it adds such labels to the recogniser for good (transition_parser.pyx).
    pub(super) fn actions_for(&self, docs: &[&Doc]) -> Cow<'_, Actions> {
        let mut actions = Cow::Borrowed(&self.actions);
        for label in docs.iter().flat_map(|doc| unknown_labels(&self.actions, doc)) {
            actions.to_mut().add_label(&label);
        }
        actions
    }

    /// The scorer of the documents' states in prediction. `upstream` holds the vectors of their tokens if the model is a
    /// listener.
    pub(crate) fn scorer(&self, docs: &[&Doc], upstream: Option<&UpstreamVectors<'_>>) -> StateScorer {
        let tokens = match &self.model.tokens {
            TokenInput::Own(tok2vec) => tok2vec.forward(docs, &mut Mode::Predict),
            TokenInput::Listener(listener) => {
                listener.forward(&upstream.expect(NO_UPSTREAM).of(docs), &mut Mode::Predict)
            }
        };
        self.model.scorer(to_vec(tokens)).looking_back(docs)
    }

    /// The network whose vectors can be taken piece by piece, if this is called for: greedy search goes from token to token,
    /// while the states of a beam stand side by side.
    fn network_of_pieces<'a>(
        &'a self,
        docs: &[&mut Doc],
        upstream: Option<&UpstreamVectors<'a>>,
    ) -> Option<&'a dyn TokenVectors> {
        let network = match (&self.model.tokens, upstream) {
            (TokenInput::Own(tok2vec), _) => &**tok2vec,
            (TokenInput::Listener(listener), Some(UpstreamVectors::Network(network)))
                if listener.passes_on() =>
            {
                *network
            }
            (TokenInput::Listener(_), _) => return None,
        };
        let is_long = matches!(docs, [doc] if doc.len() > TOKENS_PER_PIECE);
        (is_long && self.settings.beam().is_none() && network.is_local() && !self.model.looks_back())
            .then_some(network)
    }

    pub(super) fn pieces<'a>(
        &'a self,
        network: &'a dyn TokenVectors,
        actions: &Actions,
        size: usize,
    ) -> Pieces<'a> {
        let (n_actions, unseen) = (actions.len(), self.unseen_of(actions));
        Pieces { network, model: &self.model, n_actions, unseen, size }
    }

    /// Those of the actions that have no weights yet: as unseen ones they never score above those that have.
    pub(super) fn unseen_of(&self, actions: &Actions) -> Vec<usize> {
        let unseen = self.unseen.iter().map(|action| action.index());
        unseen.chain(self.actions.len()..actions.len()).collect()
    }

    /// The beam, unless the best action is taken each time.
    pub(super) fn beam(&self) -> Option<BeamSettings> {
        let beam = self.settings.beam()?;
        Some(BeamSettings { keeps_entities: self.model.looks_back(), ..beam })
    }

    pub(super) fn decoder(&self) -> Box<dyn Decoder> {
        match self.beam() {
            None => Box::new(Greedy { max_steps: None }),
            Some(beam) => Box::new(BeamSearch(beam)),
        }
    }
}

pub(super) const NO_UPSTREAM: &str =
    "a pipeline is only made with the component that each listener listens to";

impl Component for EntityRecognizer {
    fn label_data(&self) -> Option<serde_json::Value> {
        let frequencies = serde_json::to_value(self.actions.frequencies());
        Some(frequencies.expect("numbers and strings are always JSON"))
    }

    fn labels(&self) -> Vec<String> {
        self.actions.labels()
    }

    fn finds_entities(&self) -> bool {
        true
    }

    fn scorer(&self) -> Option<&dyn Scorer> {
        self.scorer.as_deref()
    }

    fn token_vectors(&self) -> Option<&dyn TokenVectors> {
        self.model.tok2vec()
    }

    fn token_vectors_mut(&mut self) -> Option<&mut dyn TokenVectors> {
        self.model.tok2vec_mut()
    }

    fn upstream_width(&self) -> Option<usize> {
        self.listener()?.width.or(self.upstream_width)
    }

    fn set_upstream_width(&mut self, width: usize) {
        self.upstream_width = Some(width);
    }

    fn listener(&self) -> Option<&ListenerRecipe> {
        match &self.architecture.tokens {
            TokenSource::Own(_) => None,
            TokenSource::Listener(listener) => Some(listener),
        }
    }

    fn prediction_draws(&self, docs: &[&Doc], batch_size: usize) -> usize {
        let n_draws = self.model.tok2vec().map_or(0, TokenVectors::python_draws);
        if n_draws == 0 {
            return 0;
        }
        let lengths: Vec<usize> = docs.iter().map(|doc| doc.len()).collect();
        n_draws * parsed_passes(&lengths, batch_size)
    }

    fn predict(
        &self,
        docs: &mut [&mut Doc],
        upstream: Option<&UpstreamVectors<'_>>,
    ) -> Vec<Vec<EntityScore>> {
        let context = self.context();
        let actions = self.actions_for(&docs.iter().map(|doc| &**doc).collect::<Vec<_>>());
        if let Some(network) = self.network_of_pieces(docs, upstream)
            && let [doc] = docs
        {
            let pieces = self.pieces(network, &actions, TOKENS_PER_PIECE);
            Greedy::decode_pieces(&pieces, &actions, context, doc);
            return vec![Vec::new()];
        }
        let scorer = {
            let docs: Vec<&Doc> = docs.iter().map(|doc| &**doc).collect();
            self.scorer(&docs, upstream).with_unseen(actions.len(), self.unseen_of(&actions))
        };
        let decoder = self.decoder();
        let mut offset = 0;
        let scores = docs.iter_mut().map(|doc| {
            let states = DocStates { actions: &actions, context, scorer: &scorer, offset };
            offset += doc.len() as i32;
            decoder.decode(&states, doc)
        });
        scores.collect()
    }

    fn is_trainable(&self) -> bool {
        true
    }

    fn set_supervision(&mut self, supervision: &Supervision) {
        self.supervision = supervision.clone();
    }

    fn has_encoder(&self) -> bool {
        self.architecture.tokens.has_encoder()
    }

    fn read_encoder(&mut self, file: &ModelFile, _: &mut Init<'_>) -> Result<(), ModelError> {
        // The network is made once the labels are known, and takes the weights then.
        self.architecture.tokens.prepare(&Preparation::File(file))
    }

    fn initialize(&mut self, data: &Initialization<'_>, init: &mut Init<'_>) -> Result<(), PipelineError> {
        let wrong = |source| PipelineError::Model { component: data.name.to_owned(), source };
        self.architecture.tokens.prepare(&Preparation::Sources(data.sources)).map_err(wrong)?;
        match data.labels {
            None => {
                let references = data.examples.iter().map(|example| &example.reference);
                self.actions.initialize(LabelFrequencies::from_docs(references));
            }
            Some(labels) => {
                let labels = serde_json::from_value(labels.clone()).map_err(|error| ConfigError::Value {
                    path: format!("initialize.components.{}.labels", data.name),
                    message: format!("expected the labels that `init labels` writes: {error}"),
                })?;
                self.actions.initialize_from_label_file(labels)?;
            }
        }
        self.actions.neg_key.clone_from(&self.settings.incorrect_spans_key);
        // Drawn only now: the last layer has a row for each action, and labels decide how many there are.
        self.model = self.make_model(&self.actions, init);
        if let Some(network) = self.model.tok2vec_mut() {
            network.count_words(&mut data.examples.iter().map(|example| &example.predicted));
        }
        self.unseen.clear();
        Ok(())
    }

    fn learn(
        &mut self,
        batch: &Batch<'_>,
        upstream: Option<&SharedRows>,
        update: &mut Update<'_>,
    ) -> Result<Option<SharedGradient>, PipelineError> {
        learn::learn(self, batch, upstream, update)
    }

    fn tutor(&mut self, init: &mut Init<'_>) -> Option<Box<dyn Component>> {
        Some(Box::new(tutors::copy(self, init)))
    }

    fn rehearse(
        &mut self,
        rehearsal: &Rehearsal<'_>,
        tutor: &TutorOf<'_>,
        upstream: Option<&SharedRows>,
        update: &mut Update<'_>,
    ) -> Result<Option<SharedGradient>, PipelineError> {
        Ok(tutors::rehearse(self, rehearsal, tutor, upstream, update))
    }

    fn learning_state(&self) -> serde_json::Value {
        self.unseen.iter().map(|action| action.0).collect()
    }

    fn restore_learning_state(&mut self, state: serde_json::Value) -> Result<(), String> {
        let unseen: Vec<u32> = serde_json::from_value(state).map_err(|error| error.to_string())?;
        if let Some(action) = unseen.iter().find(|action| **action as usize >= self.actions.len()) {
            return Err(format!("expected actions below {}, found {action}", self.actions.len()));
        }
        self.unseen = unseen.into_iter().map(ActionId).collect();
        Ok(())
    }

    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        self.model.parameters_mut()
    }

    fn layer(&self, tree: &mut LayerTree) -> Option<Arc<Layer>> {
        Some(self.model.layer(tree))
    }

    fn read_settings(
        &mut self,
        name: &str,
        files: &mut PipelineFiles,
        init: &mut Init<'_>,
    ) -> Result<(), PipelineError> {
        files::read(self, name, files, init)
    }

    fn write_settings(&self, name: &str, sink: FileSink<'_>) -> Result<(), PipelineError> {
        files::write(self, name, sink)
    }
}

/// The labels of a document's entities that no action is for, one for each token that has it.
pub(super) fn unknown_labels(actions: &Actions, doc: &Doc) -> Vec<Arc<str>> {
    let labels = doc.tokens.iter().map(|token| token.ent_type).filter(|label| !label.is_empty());
    let unknown = labels.filter(|&label| actions.label_id(label) == LabelId::UNKNOWN);
    unknown.filter_map(|label| doc.vocab().strings().get(label)).collect()
}
