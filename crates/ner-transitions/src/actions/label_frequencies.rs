use indexmap::IndexMap;
use ner_doc::Doc;
use serde::{Deserialize, Serialize};

use super::Move;

/// The frequency of each label with each move. It decides the numbers of the actions, and is stored in their place, in
/// label files and in `moves`. A negative frequency marks a label that was added later: -1 the first, -2 the second.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LabelFrequencies {
    by_move: IndexMap<Move, IndexMap<String, i64>>,
}

impl LabelFrequencies {
    /// Counts the labels of reference documents. A label that its vocabulary does not hold goes by its number.
    ///
    /// spaCy: every *token* of an entity counts once for each of the four moves that have a label
    /// (_parser_internals/ner.pyx).
    pub fn from_docs<'a>(docs: impl IntoIterator<Item = &'a Doc>) -> LabelFrequencies {
        let mut counts = IndexMap::<String, i64>::new();
        for doc in docs {
            for token in doc.tokens.iter().filter(|token| !token.ent_type.is_empty()) {
                let label = doc.vocab().strings().get(token.ent_type);
                let label = label.map_or_else(|| token.ent_type.to_string(), |label| label.to_string());
                *counts.entry(label).or_default() += 1;
            }
        }
        LabelFrequencies::from_counts(counts)
    }

    /// The same counts for each of the four moves that have a label, and the two actions that have none.
    pub fn from_counts(counts: impl IntoIterator<Item = (String, i64)>) -> LabelFrequencies {
        let counts: IndexMap<String, i64> = counts.into_iter().collect();
        // spaCy: `U-` and `O` are labels with an empty name, and `M` has none but is written
        // (_parser_internals/ner.pyx).
        let mut unit = counts.clone();
        unit.insert(String::new(), 1);
        let out = IndexMap::from([(String::new(), 1)]);
        let by_move = IndexMap::from([
            (Move::Missing, IndexMap::new()),
            (Move::Begin, counts.clone()),
            (Move::In, counts.clone()),
            (Move::Last, counts),
            (Move::Unit, unit),
            (Move::Out, out),
        ]);
        LabelFrequencies { by_move }
    }

    /// Whether no move is named, with or without labels.
    pub fn is_empty(&self) -> bool {
        self.by_move.is_empty()
    }

    /// The moves and their labels in stored order.
    pub fn iter(&self) -> impl Iterator<Item = (Move, &IndexMap<String, i64>)> {
        self.by_move.iter().map(|(&action_move, labels)| (action_move, labels))
    }

    /// Adds the labels of `other` that are absent here.
    pub(crate) fn merge_absent(&mut self, other: &LabelFrequencies) {
        for (action_move, labels) in other.iter() {
            let own = self.by_move.entry(action_move).or_default();
            for (label, &frequency) in labels {
                own.entry(label.clone()).or_insert(frequency);
            }
        }
    }

    pub(crate) fn labels_mut(&mut self, action_move: Move) -> &mut IndexMap<String, i64> {
        self.by_move.entry(action_move).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_are_absent_come_after_those_that_are_there() {
        let mut frequencies = LabelFrequencies::from_counts([("A".to_owned(), 3)]);
        frequencies.merge_absent(&LabelFrequencies::from_counts([("B".to_owned(), 9), ("A".to_owned(), 5)]));
        let begin: Vec<_> = frequencies.labels_mut(Move::Begin).clone().into_iter().collect();
        assert_eq!(begin, [("A".to_owned(), 3), ("B".to_owned(), 9)]);
    }
}
