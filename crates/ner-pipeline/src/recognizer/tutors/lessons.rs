use indexmap::IndexMap;
use ner_doc::Doc;
use ner_layers::Init;
use ner_model::{SharedGradient, SharedRows, StateScorer};
use ner_transitions::Actions;

use super::adviser::Adviser;
use super::beam_shares::BeamShares;
use super::images::Images;
use super::knowledge::{Knowledge, Parse};
use super::walk::walk;
use crate::components::{TutorOf, UpstreamVectors};
use crate::learning::{Keep, Rehearsal, Update, copy_weights};
use crate::recognizer::EntityRecognizer;
use crate::recognizer::beam::BeamSearch;
use crate::recognizer::decoder::DocStates;
use crate::recognizer::learn::offsets;
use crate::recognizer::scored_states::TrainingScorer;

/// A recogniser that has the same weights, and no measure.
pub(in crate::recognizer) fn copy(
    recognizer: &mut EntityRecognizer,
    init: &mut Init<'_>,
) -> EntityRecognizer {
    let mut model = recognizer.make_model(&recognizer.actions, init);
    copy_weights(recognizer.model.parameters_mut(), model.parameters_mut());
    EntityRecognizer {
        settings: recognizer.settings.clone(),
        architecture: recognizer.architecture.clone(),
        actions: recognizer.actions.clone(),
        model,
        upstream_width: recognizer.upstream_width,
        unseen: recognizer.unseen.clone(),
        supervision: recognizer.supervision.clone(),
        scorer: None,
    }
}

/// Learns to do as a tutor does, the recogniser as it was. Returns the gradient of the `upstream` rows, if the model is
/// a listener.
pub(in crate::recognizer) fn rehearse(
    recognizer: &mut EntityRecognizer,
    rehearsal: &Rehearsal<'_>,
    tutor: &TutorOf<'_>,
    upstream: Option<&SharedRows>,
    update: &mut Update<'_>,
) -> Option<SharedGradient> {
    let theirs = tutor.component.downcast_ref::<EntityRecognizer>()?;
    let scorer = theirs.scorer(rehearsal.docs, tutor.upstream);
    // spaCy: the state's vector is dropped in the tutor as well (parser_model.pyx). A distribution of which chance has
    // taken parts away is no target.
    let hidden_dropout =
        if rehearsal.keep == Keep::Scores { recognizer.settings.hidden_dropout } else { 0.0 };
    let with = TrainingScorer {
        scorer: &scorer,
        actions: &theirs.actions,
        context: theirs.context(),
        hidden_dropout,
    };
    let images = Images::of_first(scorer.n_actions, recognizer.actions.len());
    let advisers = vec![Adviser::network(with, &theirs.unseen, images)];
    walk(recognizer, rehearsal, advisers, upstream, update)
}

/// Another recogniser that teaches on documents.
pub(crate) struct TeacherOf<'a> {
    pub(crate) recognizer: &'a EntityRecognizer,
    /// What it has found out about the documents.
    pub(crate) knowledge: &'a Knowledge,
    /// What its labels are called by the one that learns; empty: they are outside.
    pub(crate) labels: &'a IndexMap<String, String>,
}

/// What a teacher's opinions are made of.
enum Basis<'a> {
    Network(StateScorer),
    Beam(&'a [Vec<Parse>]),
}

impl TeacherOf<'_> {
    fn basis(&self, docs: &[&Doc]) -> Basis<'_> {
        match self.knowledge {
            Knowledge::Tokens(vectors) => {
                Basis::Network(self.recognizer.model.scorer_of_projected(vectors.clone()).looking_back(docs))
            }
            Knowledge::Parses(docs) => Basis::Beam(docs),
        }
    }

    fn adviser<'a>(&'a self, basis: &'a Basis<'_>, own: &Actions, docs: &[&Doc]) -> Adviser<'a> {
        let theirs = self.recognizer;
        let name_of = |label: &'a str| self.labels.get(label).map_or("", String::as_str);
        let images = Images::new(&theirs.actions, own, name_of);
        match basis {
            Basis::Network(scorer) => {
                let with = TrainingScorer {
                    scorer,
                    actions: &theirs.actions,
                    context: theirs.context(),
                    hidden_dropout: 0.0,
                };
                Adviser::network(with, &theirs.unseen, images)
            }
            Basis::Beam(parses) => {
                let docs = parses.iter().zip(docs);
                let shares = docs.map(|(parses, doc)| BeamShares::new(parses, doc.len(), &images, own));
                Adviser::beam(shares.collect(), images)
            }
        }
    }
}

/// Learns to do as other recognisers do. Returns the gradient of the `upstream` rows, if the model is a listener.
pub(crate) fn distill(
    recognizer: &mut EntityRecognizer,
    rehearsal: &Rehearsal<'_>,
    teachers: &[TeacherOf<'_>],
    upstream: Option<&SharedRows>,
    update: &mut Update<'_>,
) -> Option<SharedGradient> {
    let bases: Vec<Basis<'_>> = teachers.iter().map(|teacher| teacher.basis(rehearsal.docs)).collect();
    let own = recognizer.actions();
    let advisers = teachers.iter().zip(&bases);
    let advisers = advisers.map(|(teacher, basis)| teacher.adviser(basis, own, rehearsal.docs)).collect();
    walk(recognizer, rehearsal, advisers, upstream, update)
}

/// What a recogniser finds out about documents before it teaches on them. `upstream` holds the vectors of their tokens if
/// its model is a listener.
pub(crate) fn study(
    recognizer: &EntityRecognizer,
    docs: &[&Doc],
    upstream: Option<&UpstreamVectors<'_>>,
) -> Knowledge {
    let scorer = recognizer.scorer(docs, upstream);
    let Some(beam) = recognizer.beam() else {
        return Knowledge::Tokens(scorer.projected_tokens().to_vec());
    };
    let (actions, context) = (recognizer.actions(), recognizer.context());
    let parses = docs.iter().zip(offsets(docs)).map(|(doc, offset)| {
        let states = DocStates { actions, context, scorer: &scorer, offset: offset as i32 };
        BeamSearch(beam).search(&states, doc).action_sequences()
    });
    Knowledge::Parses(parses.collect())
}
