use std::ops::Range;

use ner_doc::Doc;
use ner_layers::to_vec;
use ner_model::{StateScorer, TokenVectors, TransitionModel};
use ner_transitions::State;

/// Tokens that a document is encoded in pieces of, if it has more. A token takes 1.7 KB in layers and scorer, so a piece is
/// 7 MB.
pub(crate) const TOKENS_PER_PIECE: usize = 4096;

/// The scorers of a long document's states, made piece by piece as the states go on: of a text of 10 MB the vectors alone
/// would take gigabytes.
pub(super) struct Pieces<'a> {
    pub(super) network: &'a dyn TokenVectors,
    pub(super) model: &'a TransitionModel,
    pub(super) n_actions: usize,
    /// Actions that the model has not learned.
    pub(super) unseen: Vec<usize>,
    /// Tokens of a piece.
    pub(super) size: usize,
}

impl Pieces<'_> {
    /// The scorer of a state and of those that follow it up to the last token of the piece, and the tokens of the piece.
    pub(super) fn scorer(&self, doc: &Doc, state: &State) -> (StateScorer, Range<usize>) {
        let next = state.next_token();
        // A state shows tokens of the open entity and the next one: from the entity's first token on, a piece has them all.
        let first = state.open_entity().map_or(next, |open| open.start as usize);
        // Twice the entity at least, or an entity without end would be encoded again for each piece of it.
        let tokens = first..doc.len().min(next + self.size.max(next - first));
        let vectors = to_vec(self.network.stretch(doc, tokens.clone()));
        (self.model.scorer(vectors).with_unseen(self.n_actions, self.unseen.clone()), tokens)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use burn::tensor::Device;
    use ner_config::Registry;
    use ner_doc::Entity;
    use ner_layers::Mode;

    use super::*;
    use crate::recognizer::decoder::{Decoder, DocStates};
    use crate::recognizer::greedy::Greedy;
    use crate::{EntityRecognizer, Pipeline, UpstreamVectors};

    fn pipeline(name: &str) -> Pipeline {
        let mut registry = Registry::new();
        ner_model::register(&mut registry);
        crate::register(&mut registry);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/data/model").join(name);
        Pipeline::load(&folder.join("pipeline"), &registry, &Device::flex()).unwrap()
    }

    fn texts(name: &str) -> String {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/data/model").join(name);
        let rows = std::fs::read_to_string(folder.join("expected.jsonl")).unwrap();
        let texts = rows.lines().filter_map(|row| {
            let row: serde_json::Value = serde_json::from_str(row).unwrap();
            row["text"].as_str().map(str::to_owned)
        });
        texts.collect::<Vec<_>>().join(" ")
    }

    /// The entities of a document whose vectors are all there at once.
    fn decode_whole(recognizer: &EntityRecognizer, network: &dyn TokenVectors, doc: &Doc) -> Vec<Entity> {
        let (mut doc, upstream) = (doc.clone(), UpstreamVectors::Network(network));
        let scorer = recognizer.scorer(&[&doc], Some(&upstream));
        let (actions, context) = (recognizer.actions(), recognizer.context());
        let states = DocStates { actions, context, scorer: &scorer, offset: 0 };
        Greedy { max_steps: None }.decode(&states, &mut doc);
        doc.entities().unwrap()
    }

    #[test]
    fn pieces_of_any_size_give_the_same_bits() {
        for name in ["added_labels", "extra_state_no_upper", "listener"] {
            let pipeline = pipeline(name);
            let doc = pipeline.tokenizer().tokenize(&texts(name)).unwrap();
            let components = pipeline.components().values();
            let network = components.clone().find_map(|component| component.token_vectors()).unwrap();
            assert!(network.is_local(), "{name}");
            let vectors = to_vec(network.forward(&[&doc], &mut Mode::Predict));
            for recognizer in components.filter_map(|other| other.downcast_ref::<EntityRecognizer>()) {
                let (actions, context) = (recognizer.actions(), recognizer.context());
                let entities = decode_whole(recognizer, network, &doc);
                assert!(entities.iter().any(|entity| entity.end - entity.start > 2), "{name}");
                // A piece of one token ends inside of every entity of several.
                for size in [1, 2, 7, 64] {
                    let starts = (0..doc.len()).step_by(size);
                    let pieces =
                        starts.map(|start| network.stretch(&doc, start..doc.len().min(start + size)));
                    assert_eq!(pieces.flat_map(to_vec).collect::<Vec<_>>(), vectors, "{name} {size}");
                    let mut doc = doc.clone();
                    let pieces = recognizer.pieces(network, actions, size);
                    Greedy::decode_pieces(&pieces, actions, context, &mut doc);
                    assert_eq!(doc.entities().unwrap(), entities, "{name} {size}");
                }
            }
        }
    }

    #[test]
    fn a_long_document_is_predicted_as_if_it_were_short() {
        let pipeline = pipeline("listener");
        let mut doc = pipeline.tokenizer().tokenize(&(texts("listener") + " ").repeat(40)).unwrap();
        assert!(doc.len() > TOKENS_PER_PIECE, "{}", doc.len());
        let components = pipeline.components().values();
        let network = components.clone().find_map(|component| component.token_vectors()).unwrap();
        let recognizer = components.filter_map(|other| other.downcast_ref::<EntityRecognizer>()).next_back();
        let expected = decode_whole(recognizer.unwrap(), network, &doc);
        pipeline.predict(&mut [&mut doc]).unwrap();
        assert_eq!(doc.entities().unwrap(), expected);
    }
}
