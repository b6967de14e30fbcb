use std::ops::Range;

use indexmap::IndexMap;
use ner_doc::{Alignment, Doc, DocError, EntIob, Entity, Example};
use ner_vocab::StringId;

use crate::{Counts, Score, Scores};

/// Running counts over the documents added so far: a few numbers a label, however many documents there are.
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
    /// The string of the label. Kept here, since documents may come from several vocabularies and are gone when it is asked
    /// for.
    name: String,
    counts: Counts,
}

impl Scorer {
    /// A scorer that counts sentences as well.
    pub fn with_sentences() -> Scorer {
        Scorer { sentences: Some(Counts::default()), ..Scorer::default() }
    }

    /// Counts one pair of documents. Fails if their texts differ by more than white space and case, or if a document has a
    /// token inside an entity that none began.
    pub fn add(&mut self, example: &Example) -> Result<(), DocError> {
        let scores_entities = example.reference.has_entity_annotation();
        let scores_tokens = !example.reference.has_unknown_spaces;
        // The alignment costs more than all counting, so it is made only where something needs it.
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

    /// Adds the counts of another scorer.
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

    /// The scores over all documents added.
    pub fn scores(&self) -> Scores {
        let mut totals = Counts::default();
        self.entities.values().for_each(|label| totals += label.counts);
        let entities = (!totals.is_empty()).then(|| totals.score());
        // spaCy: the spans alone may have been counted, in documents whose prediction has no words; then nothing is scored.
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
        // spaCy: a true entity that was found is crossed off, so that a second prediction of it is wrong (scorer.py).
        let mut is_found = vec![false; gold.len()];
        for entity in example.predicted.entities()? {
            // Before anything can be skipped: a label that was predicted has a row in the table, if only of zeros.
            let counts = self.label(&example.predicted, entity.label);
            let indices = alignment.x2y.range(entity.start..entity.end);
            // From the first to the last true token that it touches, even if tokens between them align to nothing.
            let (Some(&first), Some(&last)) = (indices.first(), indices.last()) else { continue };
            let (start, end) = (first as usize, last as usize + 1);
            // Where the truth is not known, a prediction is neither right nor wrong.
            if example.reference.tokens[start..end].iter().any(|token| token.ent_iob == EntIob::Missing) {
                continue;
            }
            // Entities of a document do not overlap, so at most one begins at a token.
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

    /// Counts tokens twice: by their alignment, for accuracy, and by their characters, for precision and recall.
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

/// The first character and the one past the last of each token that is not white space.
fn word_spans(doc: &Doc) -> impl Iterator<Item = (usize, usize)> {
    let mut offset = 0;
    doc.tokens.iter().filter_map(move |token| {
        let start = offset;
        offset += token.n_chars();
        (!token.is_space()).then_some((start, start + token.lexeme.length as usize))
    })
}

/// Compares two ascending lists of spans, in one pass and without a set: documents are long and have a span a token.
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ner_vocab::Vocab;

    use super::*;

    /// A document of words with entities in brackets, `[PER Ada Lovelace] wrote`, of which a word with a question mark
    /// before it is unknown. An underscore stands for a token that is a space.
    fn doc(notation: &str) -> Doc {
        let (mut words, mut iobs, mut label) = (Vec::new(), Vec::new(), None);
        for part in notation.split(' ') {
            if let Some(name) = part.strip_prefix('[') {
                label = Some((name, EntIob::Begin));
                continue;
            }
            let (iob, name) = match label {
                _ if part.starts_with('?') => (EntIob::Missing, ""),
                Some((name, iob)) => (iob, name),
                None => (EntIob::Out, ""),
            };
            words.push(part.trim_start_matches('?').trim_end_matches(']').replace('_', " "));
            iobs.push((iob, name));
            label = label.map(|(name, _)| (name, EntIob::In)).filter(|_| !part.ends_with(']'));
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let vocab = Arc::new(Vocab::new("en").unwrap());
        let mut doc = Doc::from_words(vocab.clone(), &words, &vec![true; words.len()]);
        for (token, (iob, name)) in doc.tokens.iter_mut().zip(iobs) {
            token.ent_iob = iob;
            token.ent_type = vocab.strings().add(name);
        }
        doc
    }

    fn scored(pairs: &[(&str, &str)], mut scorer: Scorer) -> Scorer {
        for (predicted, gold) in pairs {
            scorer.add(&Example::new(doc(predicted), doc(gold))).unwrap();
        }
        scorer
    }

    /// The counts of each label: true positives, false positives, false negatives.
    #[track_caller]
    fn check(predicted: &str, gold: &str, expected: &[(&str, [u64; 3])]) {
        let scorer = scored(&[(predicted, gold)], Scorer::default());
        let counts = |counts: Counts| [counts.true_positives, counts.false_positives, counts.false_negatives];
        let found: Vec<_> = scorer.entity_counts().map(|(name, it)| (name, counts(it))).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn an_entity_is_right_with_its_label_and_both_bounds() {
        check("[PER Ada King] wrote", "[PER Ada King] wrote", &[("PER", [1, 0, 0])]);
    }

    #[test]
    fn a_wrong_bound_is_a_false_positive_and_a_false_negative() {
        check("[PER Ada] King wrote", "[PER Ada King] wrote", &[("PER", [0, 1, 1])]);
    }

    #[test]
    fn a_wrong_label_counts_against_both_labels() {
        check("[ORG Ada] wrote", "[PER Ada] wrote", &[("ORG", [0, 1, 0]), ("PER", [0, 0, 1])]);
    }

    #[test]
    fn a_prediction_where_the_truth_is_unknown_is_neither_right_nor_wrong() {
        check("[PER Ada] met [PER Bob]", "?Ada met [PER Bob]", &[("PER", [1, 0, 0])]);
        check("[PER Ada King] wrote", "Ada ?King wrote", &[("PER", [0, 0, 0])]);
    }

    #[test]
    fn entities_are_compared_by_the_true_tokens() {
        check("in [LOC NewYork]", "in [LOC New York]", &[("LOC", [1, 0, 0])]);
        check("in [LOC New] York", "in [LOC NewYork]", &[("LOC", [1, 0, 0])]);
    }

    #[test]
    fn a_true_entity_is_found_once() {
        check("in [LOC New] [LOC York]", "in [LOC NewYork]", &[("LOC", [1, 1, 0])]);
    }

    #[test]
    fn labels_come_in_the_order_in_which_they_are_met() {
        let pairs =
            [("[PER Ada] at [LOC home]", "[PER Ada] at home"), ("[LOC Rome] [PER Bob]", "[ORG Rome] Bob")];
        let scorer = scored(&pairs, Scorer::default());
        let names: Vec<_> = scorer.entity_counts().map(|(name, _)| name).collect();
        assert_eq!(names, ["PER", "LOC", "ORG"]);
    }

    #[test]
    fn nothing_is_scored_without_a_true_annotation() {
        let scores = scored(&[("[PER Ada] wrote", "?Ada ?wrote")], Scorer::default()).scores();
        assert_eq!((scores.ents_f, scores.ents_per_type), (None, None));
    }

    #[test]
    fn nothing_predicted_is_a_score_of_zero() {
        let scores = scored(&[("Ada wrote", "[PER Ada] wrote")], Scorer::default()).scores();
        assert_eq!([scores.ents_p, scores.ents_r, scores.ents_f], [Some(0.0); 3]);
    }

    #[test]
    fn a_token_is_right_if_it_is_one_true_token() {
        let scores = scored(&[("Ada did n't", "Ada didn't")], Scorer::default()).scores();
        // Each part of `didn't` aligns to one true token, but only `Ada` has the same characters.
        assert_eq!(
            (scores.token_acc, scores.token_p, scores.token_r),
            (Some(1.0), Some(1.0 / 3.0), Some(0.5))
        );
        let scores = scored(&[("Ada didn't", "Ada did n't")], Scorer::default()).scores();
        assert_eq!(scores.token_acc, Some(0.5));
    }

    #[test]
    fn white_space_is_no_token_to_score() {
        let scores = scored(&[("Ada _ wrote", "Ada _ wrote")], Scorer::default()).scores();
        assert_eq!(scores.token_f, Some(1.0));
        let counts = scored(&[("Ada _ wrote", "Ada _ wrote")], Scorer::default()).token_spans;
        assert_eq!(counts.true_positives, 2);
    }

    #[test]
    fn tokens_are_not_scored_where_the_true_spaces_are_unknown() {
        let mut gold = doc("Ada wrote");
        gold.has_unknown_spaces = true;
        let mut scorer = Scorer::default();
        scorer.add(&Example::new(doc("Ada wrote"), gold)).unwrap();
        assert_eq!(scorer.scores().token_acc, None);
    }

    #[test]
    fn sentences_are_right_with_both_borders() {
        let sentences = |starts: &[usize]| {
            let mut doc = doc("Ada wrote . Bob read . He slept");
            for (index, token) in doc.tokens.iter_mut().enumerate() {
                token.sent_start = if starts.contains(&index) { 1 } else { -1 };
            }
            doc
        };
        let example = Example::new(sentences(&[0, 3, 7]), sentences(&[0, 3, 6]));
        let mut scorer = Scorer::with_sentences();
        scorer.add(&example).unwrap();
        assert_eq!(scorer.scores().sents_f, Some(1.0 / 3.0));
        let mut scorer = Scorer::default();
        scorer.add(&example).unwrap();
        assert_eq!(scorer.scores().sents_f, None);
    }

    #[test]
    fn parts_that_are_merged_score_as_the_whole_does() {
        let pairs = [("[PER Ada] met Bob", "[PER Ada] met [PER Bob]"), ("in [ORG Rome]", "in [LOC Rome]")];
        let mut merged = scored(&pairs[..1], Scorer::with_sentences());
        merged.merge(&scored(&pairs[1..], Scorer::with_sentences()));
        assert_eq!(merged.scores(), scored(&pairs, Scorer::with_sentences()).scores());
    }
}
