use std::ops::Range;

use ner_doc::{Doc, DocError, Entity, Example};
use ner_vocab::StringId;

use crate::counts::compare_spans;
use crate::parallel::{Mergeable, add_all};
use crate::scores::named;
use crate::{Counts, ScoreCounts, Scorer, Scores};

/// Exact match of sentences: both borders must be right. Its scores are `sents_p`, `sents_r` and `sents_f`.
#[derive(Clone, Copy, Debug, Default)]
pub struct SentenceScorer;

impl Scorer for SentenceScorer {
    fn start(&self) -> Box<dyn ScoreCounts> {
        Box::new(SentenceCounts::default())
    }
}

#[derive(Clone, Debug, Default)]
struct SentenceCounts(Counts);

impl Mergeable for SentenceCounts {
    fn add_one(&mut self, example: &Example) -> Result<(), DocError> {
        if example.reference.has_sentence_annotation() {
            self.0 += compare_sentences(example)?;
        }
        Ok(())
    }

    fn merge(&mut self, other: &SentenceCounts) {
        self.0 += other.0;
    }
}

impl ScoreCounts for SentenceCounts {
    fn add(&mut self, examples: &[Example]) -> Result<(), DocError> {
        add_all(self, examples)
    }

    fn scores(&self) -> Scores {
        named("sents", (!self.0.is_empty()).then(|| self.0.score()))
    }
}

fn compare_sentences(example: &Example) -> Result<Counts, DocError> {
    let sentences = |doc: &Doc| -> Vec<Entity> {
        let span = |Range { start, end }| Entity { start, end, label: StringId::EMPTY };
        doc.sentences().into_iter().map(span).collect()
    };
    // A document without any sentence start would count as one sentence, which nobody predicted.
    let found = match example.predicted.has_sentence_annotation() {
        true => example.aligned_spans_x2y(&sentences(&example.predicted), false)?,
        false => Vec::new(),
    };
    let bounds = |spans: Vec<Entity>| spans.into_iter().map(|span| (span.start, span.end));
    // Aligned spans come in the order of the predicted ones; `compare_spans` needs that of the true tokens.
    let mut found: Vec<_> = bounds(found).collect();
    found.sort_unstable();
    Ok(compare_spans(found.into_iter(), bounds(sentences(&example.reference))))
}
