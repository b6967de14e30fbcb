use std::collections::BTreeMap;

use ner_doc::{DocError, Example};
use ner_scorer::{Counts, EntityCounts, ScoreCounts, Scores};

use crate::evaluator::{add, scores};

/// The scores of a half of the examples.
#[derive(Clone, Debug, PartialEq)]
pub struct Half {
    /// The scores of the tokens and of each component that runs, by spaCy's names.
    pub scores: Scores,
    /// Right and wrong entities by label.
    pub labels: BTreeMap<String, Counts>,
}

/// Counts of the examples whose numbers are even, and of the others.
#[derive(Debug)]
pub(crate) struct HalfCounts {
    halves: [(Vec<Box<dyn ScoreCounts>>, EntityCounts); 2],
    n_examples: usize,
}

impl HalfCounts {
    pub(crate) fn new(counts: impl Fn() -> Vec<Box<dyn ScoreCounts>>) -> HalfCounts {
        HalfCounts { halves: [(), ()].map(|()| (counts(), EntityCounts::default())), n_examples: 0 }
    }

    pub(crate) fn add(&mut self, examples: &[Example]) -> Result<(), DocError> {
        for example in examples {
            let (counts, entities) = &mut self.halves[self.n_examples % 2];
            let example = std::slice::from_ref(example);
            add(counts, example)?;
            entities.add(example)?;
            self.n_examples += 1;
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> [Half; 2] {
        self.halves.map(|(counts, entities)| Half {
            scores: scores(&counts),
            labels: entities.by_label().map(|(label, counts)| (label.to_owned(), counts)).collect(),
        })
    }
}
