use std::ops::Range;

use indexmap::IndexMap;
use ner_doc::{Alignment, Doc, DocError, EntIob, Entity, Example};
use ner_vocab::StringId;

use crate::{Counts, Score, Scores};

/// Counts of everything that was added so far. It holds a few numbers a label, however many documents there are.
#[derive(Clone, Debug, Default)]
pub struct Scorer {
    entities: IndexMap<StringId, LabelCounts>,
    token_spans: Counts,
    /// Predicted tokens that align to one true token, and those that do not.
    aligned_tokens: Counts,
    /// `None` if sentences are not scored.
    sentences: Option<Counts>,
}

#[derive(Clone, Debug)]
struct LabelCounts {
    name: String,
    counts: Counts,
}

impl Scorer {
    /// A scorer that counts sentences as well.
    pub fn with_sentences() -> Scorer {
        Scorer { sentences: Some(Counts::default()), ..Scorer::default() }
    }

    /// Counts one pair of documents. Fails if their texts differ by more than white space and case, or if entities
    /// go on that never began.
    pub fn add(&mut self, example: &Example) -> Result<(), DocError> {
        let scores_entities = example.reference.has_entity_annotation();
        let scores_tokens = !example.reference.has_unknown_spaces;
        if scores_entities || scores_tokens {
            let alignment = example.alignment()?;
            if scores_entities {
                self.add_entities(example, &alignment)?;
            }
            if scores_tokens {
                self.add_tokens(example, &alignment);
            }
        }
        match &mut self.sentences {
            Some(counts) if example.reference.has_sentence_annotation() => {
                *counts += compare_sentences(example)?;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Adds what another scorer counted.
    pub fn merge(&mut self, other: &Scorer) {
        for (&label, theirs) in &other.entities {
            let ours = LabelCounts { name: theirs.name.clone(), counts: Counts::default() };
            self.entities.entry(label).or_insert(ours).counts += theirs.counts;
        }
        self.token_spans += other.token_spans;
        self.aligned_tokens += other.aligned_tokens;
        if let (Some(ours), Some(theirs)) = (&mut self.sentences, other.sentences) {
            *ours += theirs;
        }
    }

    /// The counts of each label, in the order in which the labels were met.
    pub fn entity_counts(&self) -> impl Iterator<Item = (&str, Counts)> {
        self.entities.values().map(|label| (label.name.as_str(), label.counts))
    }

    /// The scores of all that was added.
    pub fn scores(&self) -> Scores {
        let mut totals = Counts::default();
        self.entities.values().for_each(|label| totals += label.counts);
        let entities = (!totals.is_empty()).then(|| totals.score());
        let tokens = (!self.aligned_tokens.is_empty()).then(|| self.token_spans.score());
        let sentences = self.sentences.filter(|counts| !counts.is_empty()).map(|counts| counts.score());
        let per_type =
            || self.entity_counts().map(|(name, counts)| (name.to_owned(), counts.score())).collect();
        let part = |score: Option<Score>, part: fn(Score) -> f64| score.map(part);
        Scores {
            token_acc: tokens.map(|_| self.aligned_tokens.score().p),
            token_p: part(tokens, |score| score.p),
            token_r: part(tokens, |score| score.r),
            token_f: part(tokens, |score| score.f),
            ents_p: part(entities, |score| score.p),
            ents_r: part(entities, |score| score.r),
            ents_f: part(entities, |score| score.f),
            ents_per_type: entities.map(|_| per_type()),
            sents_p: part(sentences, |score| score.p),
            sents_r: part(sentences, |score| score.r),
            sents_f: part(sentences, |score| score.f),
        }
    }

    fn add_entities(&mut self, example: &Example, alignment: &Alignment) -> Result<(), DocError> {
        let gold = example.reference.entities()?;
        let mut is_found = vec![false; gold.len()];
        for entity in example.predicted.entities()? {
            let counts = self.label(&example.predicted, entity.label);
            let indices = alignment.x2y.range(entity.start..entity.end);
            let (Some(&first), Some(&last)) = (indices.first(), indices.last()) else { continue };
            let (start, end) = (first as usize, last as usize + 1);
            // Where the truth is not known, a prediction is neither right nor wrong.
            if example.reference.tokens[start..end].iter().any(|token| token.ent_iob == EntIob::Missing) {
                continue;
            }
            let aligned = Entity { start, end, label: entity.label };
            match gold.binary_search_by_key(&start, |entity| entity.start) {
                Ok(index) if gold[index] == aligned && !is_found[index] => {
                    is_found[index] = true;
                    counts.true_positives += 1;
                }
                _ => counts.false_positives += 1,
            }
        }
        for (entity, _) in gold.iter().zip(is_found).filter(|(_, is_found)| !is_found) {
            self.label(&example.reference, entity.label).false_negatives += 1;
        }
        Ok(())
    }

    fn add_tokens(&mut self, example: &Example, alignment: &Alignment) {
        let words = || example.predicted.tokens.iter().enumerate().filter(|(_, token)| !token.is_space());
        let n_aligned = words().filter(|(index, _)| alignment.x2y.get(*index).len() == 1).count() as u64;
        self.aligned_tokens.true_positives += n_aligned;
        self.aligned_tokens.false_positives += words().count() as u64 - n_aligned;
        self.token_spans += compare_spans(word_spans(&example.predicted), word_spans(&example.reference));
    }

    fn label(&mut self, doc: &Doc, label: StringId) -> &mut Counts {
        let entry = self.entities.entry(label).or_insert_with(|| LabelCounts {
            name: doc.vocab().strings().get(label).map_or_else(|| label.to_string(), |name| name.to_string()),
            counts: Counts::default(),
        });
        &mut entry.counts
    }
}

fn compare_sentences(example: &Example) -> Result<Counts, DocError> {
    let sentences = |doc: &Doc| -> Vec<Entity> {
        let span = |Range { start, end }| Entity { start, end, label: StringId::EMPTY };
        doc.sentences().into_iter().map(span).collect()
    };
    let found = match example.predicted.has_sentence_annotation() {
        true => example.aligned_spans_x2y(&sentences(&example.predicted), false)?,
        false => Vec::new(),
    };
    let bounds = |spans: Vec<Entity>| spans.into_iter().map(|span| (span.start, span.end));
    let mut found: Vec<_> = bounds(found).collect();
    found.sort_unstable();
    Ok(compare_spans(found.into_iter(), bounds(sentences(&example.reference))))
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

/// Compares two ascending lists of spans.
fn compare_spans(
    predicted: impl Iterator<Item = (usize, usize)>,
    gold: impl Iterator<Item = (usize, usize)>,
) -> Counts {
    let mut counts = Counts::default();
    let mut gold = gold.peekable();
    for span in predicted {
        while gold.next_if(|gold| *gold < span).is_some() {
            counts.false_negatives += 1;
        }
        match gold.next_if_eq(&span) {
            Some(_) => counts.true_positives += 1,
            None => counts.false_positives += 1,
        }
    }
    counts.false_negatives += gold.count() as u64;
    counts
}
