//! Prediction with beam search: several action sequences of a document are followed side by side.

use ner_doc::Doc;
use ner_model::StateScorer;
use ner_transitions::{Actions, Beam, BeamSettings, Constraints, ContextFeatures, write_entities};
use ner_vocab::StringId;

use crate::RecognizerSettings;
use crate::recognizer::state_scratch::{SinglePiece, StateScratch};

/// How sure a beam is of an entity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EntityScore {
    /// First token.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
    /// The label; empty for a token that is blocked.
    pub label: StringId,
    /// Probability of all action sequences in the beam that have this entity.
    pub score: f64,
}

impl RecognizerSettings {
    /// The beam, unless the best action is taken each time.
    pub(crate) fn beam(&self) -> Option<BeamSettings> {
        (self.beam_width > 1)
            .then_some(BeamSettings { width: self.beam_width as usize, density: self.beam_density as f32 })
    }
}

/// Writes the entities of the best action sequence into the document, and returns all that were considered. `offset` is
/// the row of the document's first token in the batch that the scorer was made for.
pub(crate) fn annotate(
    actions: &Actions,
    context: ContextFeatures,
    settings: BeamSettings,
    scorer: &StateScorer,
    offset: usize,
    doc: &mut Doc,
) -> Vec<EntityScore> {
    let constraints = Constraints::new(doc, actions);
    let mut beam = Beam::new(doc.len(), settings);
    let mut room = StateScratch::new(scorer, context, offset, SinglePiece::Rectified);
    let mut scores = Vec::new();
    while !beam.is_done() {
        scores.clear();
        beam.states().for_each(|state| scores.extend_from_slice(room.score(state)));
        beam.advance(actions, &constraints, &scores);
    }
    write_entities(&beam.best(actions), actions, doc);
    let scores = beam.entity_scores(actions).into_iter().map(|(entity, score)| EntityScore {
        start: entity.start as usize,
        end: entity.end as usize,
        label: actions.label_string_id(entity.label),
        score,
    });
    scores.collect()
}
