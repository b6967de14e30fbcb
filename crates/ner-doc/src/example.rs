use ner_cpython::{is_space, lower};

use crate::{Alignment, BiluoTag, Doc, DocError, EntIob, Entity, TokenLinks};

/// A document as a model predicts it beside the same text with the true annotation. Their tokens may differ.
#[derive(Clone, Debug)]
pub struct Example {
    /// The document to annotate.
    pub predicted: Doc,
    /// The document with the truth.
    pub reference: Doc,
}

impl Example {
    /// A pair of documents of the same text.
    pub fn new(predicted: Doc, reference: Doc) -> Example {
        Example { predicted, reference }
    }

    /// The alignment of the tokens: x is predicted, y the reference.
    pub fn alignment(&self) -> Result<Alignment, DocError> {
        Alignment::from_strings(&self.predicted.words(), &self.reference.words())
    }

    /// The reference's entity tags on the predicted tokens, which a model is trained towards; `None` is missing.
    pub fn aligned_ner(&self) -> Result<Vec<Option<BiluoTag>>, DocError> {
        let mut tags = vec![None; self.predicted.len()];
        if !self.reference.has_entity_annotation() {
            return Ok(tags);
        }
        let alignment = self.alignment()?;
        let entities = self.reference.entities()?;
        for entity in self.spans_y2x(&alignment, &entities, false) {
            let entity_tags = BiluoTag::of_entity(entity.label, entity.end - entity.start);
            for (tag, entity_tag) in tags[entity.start..entity.end].iter_mut().zip(entity_tags) {
                *tag = Some(entity_tag);
            }
        }
        // A blocked token (`Begin` without a label) is neither an entity nor outside, and so stays missing.
        let iobs = aligned(&alignment, self.predicted.len(), |token| self.reference.tokens[token].ent_iob);
        for ((tag, iob), token) in tags.iter_mut().zip(iobs).zip(&self.predicted.tokens) {
            // White space is never in an entity, even where the reference has no such token.
            if tag.is_none() && (iob == Some(EntIob::Out) || token.is_space()) {
                *tag = Some(BiluoTag::Out);
            }
        }
        Ok(tags)
    }

    /// For each predicted token, the value that all reference tokens aligned to it share; `None` where they differ
    /// or where there is none.
    pub fn aligned<V: PartialEq>(&self, value: impl Fn(usize) -> V) -> Result<Vec<Option<V>>, DocError> {
        Ok(aligned(&self.alignment()?, self.predicted.len(), value).collect())
    }

    /// Spans of the reference as spans of the predicted tokens. A span that covers other characters there is left
    /// out, and, unless overlap is allowed, so are tokens that an earlier span took.
    pub fn aligned_spans_y2x(&self, spans: &[Entity], allow_overlap: bool) -> Result<Vec<Entity>, DocError> {
        check_bounds(&self.reference, spans)?;
        Ok(self.spans_y2x(&self.alignment()?, spans, allow_overlap))
    }

    /// Spans of the predicted tokens as spans of the reference; see [`Example::aligned_spans_y2x`].
    pub fn aligned_spans_x2y(&self, spans: &[Entity], allow_overlap: bool) -> Result<Vec<Entity>, DocError> {
        check_bounds(&self.predicted, spans)?;
        let alignment = self.alignment()?;
        Ok(aligned_spans(&self.predicted, &self.reference, &alignment.x2y, spans, allow_overlap))
    }

    /// Whether each predicted token starts a sentence of the reference; all `None` where the reference has no
    /// sentences. Fails where a sentence starts with a token, such as a line break, that the prediction lacks.
    pub fn aligned_sent_starts(&self) -> Result<Vec<Option<bool>>, DocError> {
        if !self.reference.has_sentence_annotation() {
            return Ok(vec![None; self.predicted.len()]);
        }
        let alignment = self.alignment()?;
        let mut starts = vec![Some(false); self.predicted.len()];
        for (token, _) in
            self.reference.tokens.iter().enumerate().filter(|(i, t)| *i == 0 || t.sent_start == 1)
        {
            match alignment.y2x.get(token).first() {
                Some(&index) => starts[index as usize] = Some(true),
                None => return Err(DocError::UnalignedSentenceStart { token }),
            }
        }
        Ok(starts)
    }

    fn spans_y2x(&self, alignment: &Alignment, spans: &[Entity], allow_overlap: bool) -> Vec<Entity> {
        aligned_spans(&self.reference, &self.predicted, &alignment.y2x, spans, allow_overlap)
    }
}

fn check_bounds(doc: &Doc, spans: &[Entity]) -> Result<(), DocError> {
    match spans.iter().find(|span| span.start > span.end || span.end > doc.len()) {
        Some(&Entity { start, end, .. }) => {
            Err(DocError::SpanOutOfBounds { start, end, n_tokens: doc.len() })
        }
        None => Ok(()),
    }
}

fn aligned<V: PartialEq>(
    alignment: &Alignment,
    n_tokens: usize,
    value: impl Fn(usize) -> V,
) -> impl Iterator<Item = Option<V>> {
    (0..n_tokens).map(move |token| {
        let (&first, rest) = alignment.x2y.get(token).split_first()?;
        let first = value(first as usize);
        rest.iter().all(|&other| value(other as usize) == first).then_some(first)
    })
}

fn aligned_spans(
    from: &Doc,
    to: &Doc,
    links: &TokenLinks,
    spans: &[Entity],
    allow_overlap: bool,
) -> Vec<Entity> {
    let mut is_taken = vec![false; to.len()];
    let mut aligned = Vec::new();
    for span in spans {
        let free = |index: &&u32| allow_overlap || !is_taken[**index as usize];
        let indices = links.range(span.start..span.end);
        let Some(&first) = indices.iter().find(free) else { continue };
        let Some(&last) = indices.iter().rfind(free) else { continue };
        // spaCy: only the ends count; tokens between them belong even if no link leads there
        // (training/example.pyx).
        let candidate = Entity { start: first as usize, end: last as usize + 1, label: span.label };
        if same_text(from, span, to, &candidate) {
            for &index in indices {
                is_taken[index as usize] = true;
            }
            aligned.push(candidate);
        }
    }
    aligned
}

/// Whether two spans have the same text except for case, white space at the ends, and spaces.
fn same_text(from: &Doc, span: &Entity, to: &Doc, candidate: &Entity) -> bool {
    let (x, y) = (&from.tokens[span.start..span.end], &to.tokens[candidate.start..candidate.end]);
    // Most spans are one token on both sides; equal ids spare two texts in lower case.
    let is_single = x.len() == 1 && y.len() == 1;
    is_single && x[0].lexeme.orth == y[0].lexeme.orth
        || comparable_text(from, span) == comparable_text(to, candidate)
}

fn comparable_text(doc: &Doc, span: &Entity) -> String {
    // spaCy: only the space character is removed, so a line break on one side makes the texts differ
    // (training/example.pyx).
    lower(&doc.span_text(span.start..span.end)).trim_matches(is_space).replace(' ', "")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use expect_test::{Expect, expect};
    use ner_vocab::Vocab;

    use super::*;

    /// Both sides are tokens with one space between; those of the reference have their IOB tag after a slash.
    #[track_caller]
    fn check(predicted: &str, reference: &str, expected: Expect) {
        let vocab = Arc::new(Vocab::new("xx").unwrap());
        let predicted: Vec<&str> = predicted.split(' ').collect();
        let (words, tags): (Vec<&str>, Vec<&str>) =
            reference.split(' ').map(|token| token.split_once('/').unwrap()).unzip();
        let mut doc = Doc::from_words(vocab.clone(), &words, &[]);
        doc.set_entity_tags(&tags).unwrap();
        let example = Example::new(Doc::from_words(vocab.clone(), &predicted, &[]), doc);
        let tags = example.aligned_ner().unwrap();
        let text = |tag: Option<BiluoTag>| tag.map_or("-".to_owned(), |tag| tag.to_text(vocab.strings()));
        expected.assert_eq(&tags.into_iter().map(text).collect::<Vec<_>>().join(" "));
    }

    #[test]
    fn targets_on_other_tokens() {
        check("New York .", "New/B-A York/I-A ./O", expect!["B-A L-A O"]);
        check("NewYork .", "New/B-A York/I-A ./O", expect!["U-A O"]);
        check("N ew York.", "New/B-A York/I-A ./O", expect!["- - -"]);
        check("N ew York .", "New/B-A York/I-A ./O", expect!["B-A I-A L-A O"]);
        check("New \n York", "New/B-A York/I-A", expect!["- O -"]);
        check("a b c", "ab/O c/", expect!["O O -"]);
        check("ab c", "a/O b/ c/B-X", expect!["- U-X"]);
        check("a b", "a/ b/", expect!["- -"]);
    }
}
