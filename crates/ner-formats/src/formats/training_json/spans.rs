//! The `entities` of paragraphs that have tokens.

use ner_doc::{Doc, EntIob, Entity, EntityUpdate, Token};
use ner_vocab::StringId;

use super::input::Paragraph;
use super::paragraph::ParagraphReader;
use crate::FormatError;
use crate::account::SpanLoss;
use crate::formats::records::{LabelNames, SpanList};
use crate::record::{Bounds, RawSpan};

impl Paragraph {
    /// Whether entities are known as spans of characters alone. An empty list says nothing: spaCy writes one for texts
    /// that were not annotated.
    pub(super) fn has_only_spans(&self) -> bool {
        !self.entities.is_empty() && self.tokens().all(|token| token.ner.is_none())
    }

    /// Where each token starts and ends in the text, in characters.
    fn token_bounds(&self, doc: &Doc) -> Vec<(usize, usize)> {
        let Some(text) = &self.raw else {
            let starts = doc.char_offsets().into_iter();
            let end = |(start, token): (usize, &Token)| (start, start + token.lexeme.length as usize);
            return starts.zip(&doc.tokens).map(end).collect();
        };
        let (mut rest, mut n_chars) = (text.as_str(), 0);
        let bounds = self.tokens().map(|token| {
            let before = rest.find(&token.orth).unwrap_or(0);
            let start = n_chars + rest[..before].chars().count();
            let end = start + token.orth.chars().count();
            // A word that was changed is taken to be as long as the one of the text.
            let n_bytes = rest.char_indices().nth(end - n_chars).map_or(rest.len(), |(offset, _)| offset);
            (rest, n_chars) = (&rest[n_bytes..], end);
            (start, end)
        });
        bounds.collect()
    }

    /// Whether its spans are others than those that its tags gave `doc`. Lists that cannot be read are passed over, since
    /// the tags hold anyway.
    pub(super) fn disagrees(&self, doc: &Doc) -> bool {
        if self.entities.is_empty() || self.has_only_spans() {
            return false;
        }
        let bounds = self.token_bounds(doc);
        let entities = doc.entities().unwrap_or_default();
        let of_tag = |entity: &Entity| (bounds[entity.start].0, bounds[entity.end - 1].1, entity.label);
        let mut of_tags: Vec<_> = entities.iter().map(of_tag).collect();
        let Ok((spans, _)) = SpanList::read(&self.entities, &LabelNames::default()).map(SpanList::into_parts)
        else {
            return false;
        };
        let mut of_spans: Vec<_> = spans
            .iter()
            .map(|span| (char_bounds(span).0, char_bounds(span).1, StringId::of(&span.label)))
            .collect();
        of_tags.sort_unstable();
        of_spans.sort_unstable();
        of_spans.dedup();
        of_tags != of_spans
    }
}

impl ParagraphReader<'_, '_> {
    /// Sets the entities of spans of characters, and returns how many spans there were.
    pub(super) fn set_spans(&mut self, doc: &mut Doc, paragraph: &Paragraph) -> Result<usize, FormatError> {
        let place = self.place();
        let list = SpanList::read(&paragraph.entities, &LabelNames::default());
        let list = list.map_err(|problem| FormatError::Record { place: place.clone(), problem })?;
        let (spans, lost) = list.into_parts();
        let n_spans = spans.len() + lost.len();
        for (loss, text) in lost {
            self.job.account.lose(loss, || format!("{place}: {text}"));
        }
        let bounds = paragraph.token_bounds(doc);
        let (mut entities, mut missing) = (Vec::new(), Vec::new());
        for span in spans {
            let (start, end) = char_bounds(&span);
            let lose = |loss, cause: &str| {
                (loss, format!("{place}: the span {start}..{end} ({}) {cause}", span.label))
            };
            let first = bounds.iter().position(|bounds| bounds.0 == start);
            let last = bounds.iter().position(|bounds| bounds.1 == end);
            let label = doc.vocab().strings().add(&span.label);
            let lost = match first.zip(last).filter(|(first, last)| first <= last) {
                Some((start, last)) => {
                    let entity = Entity { start, end: last + 1, label };
                    if !entities.contains(&entity) {
                        entities.push(entity);
                        continue;
                    }
                    lose(SpanLoss::Duplicate, "stands there twice")
                }
                None => {
                    let touched = |bounds: &(usize, usize)| bounds.0 < end && start < bounds.1;
                    let tokens = bounds.iter().enumerate().filter(|(_, bounds)| touched(bounds));
                    missing.extend(tokens.map(|(index, _)| (index, index + 1)));
                    lose(SpanLoss::Misfit, "does not begin and end where tokens do")
                }
            };
            self.job.account.lose(lost.0, || lost.1);
        }
        let update = EntityUpdate {
            entities: &entities,
            missing: &missing,
            default: Some(EntIob::Out),
            ..EntityUpdate::default()
        };
        doc.update_entities(&update).map_err(|source| FormatError::Doc { place, source })?;
        Ok(n_spans)
    }
}

fn char_bounds(span: &RawSpan) -> (usize, usize) {
    let (Bounds::Own(start, end) | Bounds::Tokens(start, end)) = span.bounds;
    (start, end)
}
