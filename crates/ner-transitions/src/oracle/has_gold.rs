use std::ops::Range;

use ner_doc::{EntIob, Entity, Example};
use ner_vocab::StringId;

use crate::{Actions, TransitionError};

/// Whether the reference has any annotation of entities: a tag or a negative span.
pub fn has_gold(example: &Example, actions: &Actions) -> Result<bool, TransitionError> {
    has_gold_within(example, actions, 0, example.predicted.len() as i64)
}

/// The same for the predicted tokens `start..end`. A negative `end` counts from the end of the document, as in a Python
/// slice. If the reference has no such piece of text, the whole of it counts.
pub fn has_gold_within(
    example: &Example,
    actions: &Actions,
    start: usize,
    end: i64,
) -> Result<bool, TransitionError> {
    let negatives = reference_negatives(example, actions);
    let known = || example.reference.tokens.iter().map(|token| token.ent_iob != EntIob::Missing);
    let n_known = known().filter(|&is_known| is_known).count();
    if negatives.is_empty() && (n_known == 0 || n_known == example.reference.len()) {
        // Any piece is as the whole: all of it is known, or nothing. This spares nearly every document the alignment.
        return Ok(n_known > 0);
    }
    let piece = reference_piece(example, python_slice(start, end, example.predicted.len()))?;
    let is_within = |span: &Entity| span.start >= piece.start && span.end <= piece.end;
    Ok(negatives.iter().any(is_within)
        || known().skip(piece.start).take(piece.len()).any(|is_known| is_known))
}

/// The spans of the reference that are marked as no entities, on the reference's tokens.
pub(crate) fn reference_negatives(example: &Example, actions: &Actions) -> Vec<Entity> {
    let group = actions.neg_key.as_ref().and_then(|neg_key| example.reference.spans.get(neg_key));
    let spans = group.iter().flat_map(|group| &group.spans);
    spans.map(|span| Entity { start: span.start, end: span.end, label: span.label }).collect()
}

fn python_slice(start: usize, end: i64, length: usize) -> Range<usize> {
    let start = start.min(length);
    let end = match usize::try_from(end) {
        Ok(end) => end.min(length),
        Err(_) => length.saturating_sub(end.unsigned_abs() as usize),
    };
    start..end.max(start)
}

fn reference_piece(example: &Example, predicted: Range<usize>) -> Result<Range<usize>, TransitionError> {
    let span = Entity { start: predicted.start, end: predicted.end, label: StringId::EMPTY };
    let aligned = example.aligned_spans_x2y(&[span], false)?;
    Ok(aligned.first().map_or(0..example.reference.len(), |piece| piece.start..piece.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_are_cut_to_the_document_as_in_python() {
        assert_eq!(python_slice(1, 3, 5), 1..3);
        assert_eq!(python_slice(1, 9, 5), 1..5);
        assert_eq!(python_slice(1, -1, 5), 1..4);
        assert_eq!(python_slice(1, -9, 5), 1..1);
        assert_eq!(python_slice(3, 2, 5), 3..3);
        assert_eq!(python_slice(9, 9, 5), 5..5);
    }
}
