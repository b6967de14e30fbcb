use ner_doc::{Doc, DocError, Example};
use serde_json::json;

use crate::counts::compare_spans;
use crate::parallel::{Mergeable, add_all};
use crate::scores::named;
use crate::{Counts, ScoreCounts, Scorer, Scores};

/// Tokens of the predicted documents against those of the references. Its scores are `token_acc`, the share of tokens
/// that align to exactly one true token, and `token_p`, `token_r` and `token_f` of their spans of characters.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokenScorer;

impl Scorer for TokenScorer {
    fn start(&self) -> Box<dyn ScoreCounts> {
        Box::new(TokenCounts::default())
    }
}

#[derive(Clone, Debug, Default)]
struct TokenCounts {
    /// Predicted tokens that align to one true token, and those that do not.
    aligned: Counts,
    spans: Counts,
}

impl Mergeable for TokenCounts {
    fn add_one(&mut self, example: &Example) -> Result<(), DocError> {
        if example.reference.has_unknown_spaces {
            return Ok(());
        }
        let alignment = example.alignment()?;
        let words = || example.predicted.tokens.iter().enumerate().filter(|(_, token)| !token.is_space());
        let n_aligned = words().filter(|(index, _)| alignment.x2y.get(*index).len() == 1).count() as u64;
        self.aligned.true_positives += n_aligned;
        self.aligned.false_positives += words().count() as u64 - n_aligned;
        self.spans += compare_spans(word_spans(&example.predicted), word_spans(&example.reference));
        Ok(())
    }

    fn merge(&mut self, other: &TokenCounts) {
        self.aligned += other.aligned;
        self.spans += other.spans;
    }
}

impl ScoreCounts for TokenCounts {
    fn add(&mut self, examples: &[Example]) -> Result<(), DocError> {
        add_all(self, examples)
    }

    fn scores(&self) -> Scores {
        // spaCy: the spans alone may have been counted, in documents whose prediction has no words; then nothing is scored
        // (scorer.py).
        let accuracy = (!self.aligned.is_empty()).then(|| self.aligned.score().p);
        let spans = named("token", accuracy.map(|_| self.spans.score()));
        [("token_acc".to_owned(), json!(accuracy))].into_iter().chain(spans).collect()
    }
}

/// First character and one past the last of each token that is not white space.
fn word_spans(doc: &Doc) -> impl Iterator<Item = (usize, usize)> {
    let mut offset = 0;
    doc.tokens.iter().filter_map(move |token| {
        let start = offset;
        offset += token.n_chars();
        (!token.is_space()).then_some((start, start + token.lexeme.length as usize))
    })
}
