use std::collections::BTreeMap;

use ner_doc::{DocError, Example};
use ner_pipeline::Pipeline;
use ner_scorer::{Counts, EntityCounts, ScoreCounts, Scores};

use crate::counts::PipelineCounts;

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
    halves: [(PipelineCounts, EntityCounts); 2],
    n_examples: usize,
}

impl HalfCounts {
    pub(crate) fn new(pipeline: &Pipeline) -> HalfCounts {
        let half = || (PipelineCounts::of(pipeline), EntityCounts::default());
        HalfCounts { halves: [half(), half()], n_examples: 0 }
    }

    pub(crate) fn add(&mut self, examples: &[Example]) -> Result<(), DocError> {
        for example in examples {
            let (counts, entities) = &mut self.halves[self.n_examples % 2];
            let example = std::slice::from_ref(example);
            counts.add(example)?;
            entities.add(example)?;
            self.n_examples += 1;
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> [Half; 2] {
        self.halves.map(|(counts, entities)| Half {
            scores: counts.scores(),
            labels: entities.by_label().map(|(label, counts)| (label.to_owned(), counts)).collect(),
        })
    }
}
