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

    use crate::recognizer::greedy::Greedy;
    use crate::{EntityRecognizer, Pipeline};

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

    #[test]
    fn pieces_of_any_size_give_the_same_entities() {
        for name in ["added_labels", "extra_state_no_upper", "listener"] {
            let pipeline = pipeline(name);
            let doc = pipeline.tokenizer().tokenize(&texts(name)).unwrap();
            let mut whole = doc.clone();
            pipeline.predict(&mut [&mut whole]);
            assert!(!whole.entities().unwrap().is_empty(), "{name}");
            let network = pipeline.components().values().find_map(|component| component.token_vectors());
            let network = network.unwrap();
            assert!(network.is_local(), "{name}");
            for recognizer in
                pipeline.components().values().filter_map(|other| other.downcast_ref::<EntityRecognizer>())
            {
                // A piece of one token ends inside of every entity of several.
                for size in [1, 2, 7, 64] {
                    let mut doc = doc.clone();
                    let pieces = recognizer.pieces(network, recognizer.actions(), size);
                    Greedy::decode_pieces(&pieces, recognizer.actions(), recognizer.context(), &mut doc);
                    assert_eq!(doc.entities().unwrap(), whole.entities().unwrap(), "{name} {size}");
                }
            }
        }
    }
}
