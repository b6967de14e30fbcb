use std::collections::BTreeSet;

use ner_doc::{DocError, Entity, Example};
use ner_evaluation::Span;
use ner_scorer::{Counts, EntityComparison, Verdict};
use serde::Serialize;

/// Examples that are kept of each kind.
const N_EXAMPLES: usize = 5;

/// Which entities both find, and which one alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Found {
    /// By both.
    pub both: usize,
    /// By A alone.
    pub only_a: usize,
    /// By B alone.
    pub only_b: usize,
    /// By neither; of wrong entities that has no meaning, and is 0.
    pub neither: usize,
    /// Some of those that A alone finds.
    pub examples_of_a: Vec<EntityExample>,
    /// Some of those that B alone finds.
    pub examples_of_b: Vec<EntityExample>,
}

/// An entity and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EntityExample {
    /// The document, from 1.
    pub document: usize,
    /// Its label.
    pub label: String,
    /// Its text.
    pub text: String,
    /// The text of the document around it.
    pub context: String,
}

/// What is said of a document: right entities and wrong ones, in characters.
pub(super) struct Answers {
    right: BTreeSet<(usize, usize, String)>,
    wrong: BTreeSet<(usize, usize, String)>,
    pub(super) counts: Counts,
}

impl Answers {
    /// The answers of a prediction, of all labels or of one.
    pub(super) fn of(example: &Example, label: Option<&str>) -> Result<Answers, DocError> {
        let comparison = EntityComparison::of(example)?;
        let with = |verdict: Verdict| -> Vec<Entity> {
            comparison.predicted.iter().filter(|(_, it)| *it == verdict).map(|(entity, _)| *entity).collect()
        };
        let of_label = |spans: Vec<Span>| -> BTreeSet<(usize, usize, String)> {
            let spans = spans.into_iter().filter(|span| label.is_none_or(|label| span.label == label));
            spans.map(|span| (span.start, span.end, span.label)).collect()
        };
        let missed = of_label(Span::all(&example.reference, &comparison.missed));
        let gold = of_label(Span::all(&example.reference, &example.reference.entities()?));
        let right: BTreeSet<_> = gold.difference(&missed).cloned().collect();
        let wrong = of_label(Span::all(&example.predicted, &with(Verdict::Wrong)));
        let counts = Counts {
            true_positives: right.len() as u64,
            false_positives: wrong.len() as u64,
            false_negatives: missed.len() as u64,
        };
        Ok(Answers { right, wrong, counts })
    }
}

impl Found {
    /// Adds the true entities of a document.
    pub(super) fn add_right(
        &mut self,
        document: usize,
        example: &Example,
        a: &Answers,
        b: &Answers,
        n_gold: u64,
    ) {
        self.add(document, example, &a.right, &b.right);
        self.neither += n_gold as usize - a.right.union(&b.right).count();
    }

    /// Adds the wrong entities of a document.
    pub(super) fn add_wrong(&mut self, document: usize, example: &Example, a: &Answers, b: &Answers) {
        self.add(document, example, &a.wrong, &b.wrong);
    }

    fn add(
        &mut self,
        document: usize,
        example: &Example,
        a: &BTreeSet<(usize, usize, String)>,
        b: &BTreeSet<(usize, usize, String)>,
    ) {
        self.both += a.intersection(b).count();
        let text: Vec<char> = example.reference.text().chars().collect();
        for (own, others, count, examples) in [
            (a, b, &mut self.only_a, &mut self.examples_of_a),
            (b, a, &mut self.only_b, &mut self.examples_of_b),
        ] {
            for (start, end, label) in own.difference(others) {
                *count += 1;
                if examples.len() < N_EXAMPLES {
                    examples.push(EntityExample {
                        document: document + 1,
                        label: label.clone(),
                        text: stretch(&text, *start, *end),
                        context: stretch(&text, start.saturating_sub(30), end + 30),
                    });
                }
            }
        }
    }
}

/// A part of a text, as far as there is one.
fn stretch(text: &[char], start: usize, end: usize) -> String {
    text.get(start..end.min(text.len())).unwrap_or_default().iter().collect()
}
