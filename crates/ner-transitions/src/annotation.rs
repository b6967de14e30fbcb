use std::ops::Range;

use ner_doc::{BiluoTag, EntIob, Entity, Example, StringId, tags_to_entities};

use crate::diagnosis::token_text;
use crate::{Action, Actions, Gold, NegativeSpan, TransitionError};

impl Actions {
    /// The gold actions and negative spans of an example, on its predicted tokens.
    pub fn gold(&self, example: &Example) -> Result<Gold, TransitionError> {
        let tags = example.aligned_ner()?;
        let tagged = tags.iter().enumerate();
        let actions = tagged.map(|(token_index, &tag)| {
            tag.map(|tag| self.gold_action(example, token_index, tag)).transpose()
        });
        let actions = actions.collect::<Result<Vec<_>, _>>()?;
        let negatives = example.aligned_spans_y2x(&self.reference_negatives(example), true)?;
        self.refuse_contradictions(example, &tags, &negatives)?;
        let negative = |span: &Entity| NegativeSpan {
            start: span.start as u32,
            label: self.label_id(span.label),
            end: span.end as u32,
        };
        Ok(Gold::new(actions, negatives.iter().map(negative).collect()))
    }

    /// Whether the reference says anything of the predicted tokens `start..end`, where `end` counts from the
    /// end if it is negative and is the end if it is `None`, as in a Python slice. If the reference has no
    /// such piece of text, the whole of it counts.
    pub fn has_gold(
        &self,
        example: &Example,
        start: usize,
        end: Option<i64>,
    ) -> Result<bool, TransitionError> {
        let negatives = self.reference_negatives(example);
        let known = || example.reference.tokens.iter().map(|token| token.ent_iob != EntIob::Missing);
        let n_known = known().filter(|&is_known| is_known).count();
        if negatives.is_empty() && (n_known == 0 || n_known == example.reference.len()) {
            // The whole of it is known, or nothing is: the piece does not matter.
            return Ok(n_known > 0);
        }
        let piece = reference_piece(example, python_slice(start, end, example.predicted.len()))?;
        let within = |span: &Entity| span.start >= piece.start && span.end <= piece.end;
        Ok(negatives.iter().any(within)
            || known().skip(piece.start).take(piece.len()).any(|is_known| is_known))
    }

    fn reference_negatives(&self, example: &Example) -> Vec<Entity> {
        let group = self.neg_key.as_ref().and_then(|neg_key| example.reference.spans.get(neg_key));
        let spans = group.iter().flat_map(|group| &group.spans);
        spans.map(|span| Entity { start: span.start, end: span.end, label: span.label }).collect()
    }

    fn gold_action(
        &self,
        example: &Example,
        token_index: usize,
        tag: BiluoTag,
    ) -> Result<Action, TransitionError> {
        let label = self.label_id(tag.label().unwrap_or(StringId::EMPTY));
        let action = match tag {
            BiluoTag::Begin(_) => Action::Begin(label),
            BiluoTag::In(_) => Action::In(label),
            BiluoTag::Last(_) => Action::Last(label),
            BiluoTag::Unit(_) => Action::Unit(label),
            BiluoTag::Out => Action::Out,
        };
        if self.find(action).is_some() && !self.label(label).starts_with('!') {
            return Ok(action);
        }
        let token = token_text(&example.predicted, token_index);
        let tag = tag.to_text(example.reference.vocab().strings());
        match tag.split_once('-') {
            Some((_, label)) if label.starts_with('!') => {
                Err(TransitionError::NegatedLabel { token_index, token, label: label.to_owned() })
            }
            _ => Err(TransitionError::UnknownTag { token_index, token, tag, known: self.labels() }),
        }
    }

    fn refuse_contradictions(
        &self,
        example: &Example,
        tags: &[Option<BiluoTag>],
        negatives: &[Entity],
    ) -> Result<(), TransitionError> {
        if negatives.is_empty() {
            return Ok(());
        }
        let entities = tags_to_entities(tags)?;
        let Some(both) = entities.iter().find(|entity| negatives.contains(entity)) else { return Ok(()) };
        Err(TransitionError::Contradiction {
            start: both.start,
            end: both.end,
            text: example.predicted.span_text(both.start..both.end),
            label: self.label(self.label_id(both.label)).to_owned(),
            neg_key: self.neg_key.clone().unwrap_or_default(),
        })
    }
}

fn python_slice(start: usize, end: Option<i64>, length: usize) -> Range<usize> {
    let start = start.min(length);
    let end = match end {
        None => length,
        Some(end) if end < 0 => length.saturating_sub(end.unsigned_abs() as usize),
        Some(end) => (end as usize).min(length),
    };
    start..end.max(start)
}

fn reference_piece(example: &Example, predicted: Range<usize>) -> Result<Range<usize>, TransitionError> {
    let span = Entity { start: predicted.start, end: predicted.end, label: StringId::EMPTY };
    let aligned = example.aligned_spans_x2y(&[span], false)?;
    Ok(aligned.first().map_or(0..example.reference.len(), |piece| piece.start..piece.end))
}
