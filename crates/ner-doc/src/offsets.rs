use ner_vocab::StringId;

use crate::{BiluoTag, Doc, DocError, Entity, tags_to_entities};

/// A labelled stretch of text: characters `start..end`, in code points.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub struct CharSpan {
    /// First character.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// Label; empty says that the stretch is outside any entity.
    pub label: StringId,
}

/// Tags made from character offsets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffsetTags {
    /// One tag a token.
    pub tags: Vec<Option<BiluoTag>>,
    /// Tokens that a span touches without fitting the token boundaries: their tags are missing. spaCy warns
    /// (W030) when there are any.
    pub misaligned: Vec<usize>,
}

/// The tags that describe spans of characters. Tokens that no span touches get the tag `missing`. Spans with labels must
/// not overlap.
pub fn offsets_to_biluo_tags(
    doc: &Doc,
    spans: &[CharSpan],
    missing: Option<BiluoTag>,
) -> Result<OffsetTags, DocError> {
    check_overlap(spans)?;
    let bounds = TokenBounds::of(doc);
    let mut tags = vec![None; doc.len()];
    for span in spans {
        if span.label.is_empty() {
            // spaCy: a token belongs there if it starts there, wherever it ends (training/iob_utils.py).
            let first = bounds.starts.partition_point(|&start| start < span.start);
            let last = bounds.starts.partition_point(|&start| start < span.end);
            tags[first..last.max(first)].fill(Some(BiluoTag::Out));
        } else if let Some((first, last)) = bounds.tokens(span.start, span.end) {
            tag_entity(&mut tags, first, last, span.label);
        }
    }
    let touched = bounds.touched(spans);
    let misaligned = (0..doc.len()).filter(|&token| touched[token] && tags[token].is_none()).collect();
    // spaCy: done last, so that a span without characters loses its tags again where no other span touches
    // them (training/iob_utils.py).
    tags.iter_mut().zip(touched).filter(|(_, touched)| !touched).for_each(|(tag, _)| *tag = missing);
    Ok(OffsetTags { tags, misaligned })
}

fn tag_entity(tags: &mut [Option<BiluoTag>], first: usize, last: usize, label: StringId) {
    if first == last {
        tags[first] = Some(BiluoTag::Unit(label));
        return;
    }
    // spaCy: a span without characters fits two tokens the wrong way round (first > last); both get their tags all the
    // same (training/iob_utils.py).
    tags[first] = Some(BiluoTag::Begin(label));
    tags.iter_mut().take(last).skip(first + 1).for_each(|tag| *tag = Some(BiluoTag::In(label)));
    tags[last] = Some(BiluoTag::Last(label));
}

/// The spans of tokens that tags describe; see [`tags_to_entities`]. Every span must lie in the document.
pub fn biluo_tags_to_spans(doc: &Doc, tags: &[Option<BiluoTag>]) -> Result<Vec<Entity>, DocError> {
    let spans = tags_to_entities(tags)?;
    match spans.iter().find(|span| span.end > doc.len()) {
        Some(&Entity { start, end, .. }) => {
            Err(DocError::SpanOutOfBounds { start, end, n_tokens: doc.len() })
        }
        None => Ok(spans),
    }
}

/// The spans of characters that tags describe; see [`tags_to_entities`].
pub fn biluo_tags_to_offsets(doc: &Doc, tags: &[Option<BiluoTag>]) -> Result<Vec<CharSpan>, DocError> {
    let bounds = TokenBounds::of(doc);
    let spans = biluo_tags_to_spans(doc, tags)?;
    Ok(spans.into_iter().map(|span| bounds.chars(span)).collect())
}

impl Doc {
    /// The entities as spans of characters.
    pub fn entity_offsets(&self) -> Result<Vec<CharSpan>, DocError> {
        let bounds = TokenBounds::of(self);
        Ok(self.entities()?.into_iter().map(|entity| bounds.chars(entity)).collect())
    }
}

fn check_overlap(spans: &[CharSpan]) -> Result<(), DocError> {
    let mut bounds: Vec<(usize, usize)> = spans
        .iter()
        // spaCy: spans overlap in characters, so one without any overlaps nothing (training/iob_utils.py).
        .filter(|span| !span.label.is_empty() && span.start < span.end)
        .map(|span| (span.start, span.end))
        .collect();
    bounds.sort_unstable();
    // Once sorted, two spans overlap only if two neighbours do.
    match bounds.array_windows().find(|[first, second]| second.0 < first.1) {
        Some(&[first, second]) => Err(DocError::OverlappingOffsets { first, second }),
        None => Ok(()),
    }
}

/// Where each token starts and ends, in code points.
pub(crate) struct TokenBounds {
    pub(crate) starts: Vec<usize>,
    pub(crate) ends: Vec<usize>,
}

impl TokenBounds {
    pub(crate) fn of(doc: &Doc) -> TokenBounds {
        let starts = doc.char_offsets();
        let lengths = doc.tokens.iter().map(|token| token.lexeme.length as usize);
        let ends = starts.iter().zip(lengths).map(|(start, length)| start + length).collect();
        TokenBounds { starts, ends }
    }

    /// The token that starts at `start` and the one that ends at `end`, if both exist.
    pub(crate) fn tokens(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let first = last_equal(&self.starts, start)?;
        Some((first, last_equal(&self.ends, end)?))
    }

    /// The characters of tokens; there is at least one token.
    fn chars(&self, span: Entity) -> CharSpan {
        CharSpan { start: self.starts[span.start], end: self.ends[span.end - 1], label: span.label }
    }

    fn touched(&self, spans: &[CharSpan]) -> Vec<bool> {
        let mut touched = vec![false; self.starts.len()];
        for span in spans.iter().filter(|span| span.start < span.end) {
            let first = self.ends.partition_point(|&end| end <= span.start);
            let last = self.starts.partition_point(|&start| start < span.end);
            for token in (first..last).filter(|&token| self.starts[token] < self.ends[token]) {
                touched[token] = true;
            }
        }
        touched
    }
}

/// Of ascending values, the index of the last that equals `value`.
fn last_equal(values: &[usize], value: usize) -> Option<usize> {
    // spaCy: a dictionary from offsets to tokens keeps the last of equal ones (training/iob_utils.py).
    let index = values.partition_point(|&other| other <= value).checked_sub(1)?;
    (values[index] == value).then_some(index)
}
