use std::ops::Range;
use std::sync::Arc;

use ner_doc::{Doc, DocError, EntIob, Entity, SpanRecord};
use ner_vocab::StringId;

use crate::account::INCORRECT_SPANS;
use crate::record::OffsetUnit;

/// What a document says of entities, by characters of its text.
pub(crate) struct Markup<'a> {
    doc: &'a Doc,
    bounds: Vec<(usize, usize)>,
    pub(crate) entities: Vec<Entity>,
    /// Spans that are known not to be entities; one without a token says nothing and is none.
    pub(crate) rejected: Vec<&'a SpanRecord>,
}

impl<'a> Markup<'a> {
    /// Counts in characters.
    pub(crate) fn of(doc: &'a Doc) -> Result<Markup<'a>, DocError> {
        Markup::counting(doc, OffsetUnit::Chars)
    }

    /// Counts in a unit.
    pub(crate) fn counting(doc: &'a Doc, unit: OffsetUnit) -> Result<Markup<'a>, DocError> {
        let rejected = doc.spans.get(INCORRECT_SPANS).into_iter().flat_map(|group| &group.spans);
        Ok(Markup {
            doc,
            bounds: unit.bounds(doc),
            entities: doc.entities()?,
            rejected: rejected.filter(|span| span.start < span.end).collect(),
        })
    }

    /// Whether anything is known of entities.
    pub(crate) fn is_annotated(&self) -> bool {
        self.doc.has_entity_annotation() || !self.rejected.is_empty()
    }

    /// The longest runs of tokens that are all in this state.
    pub(crate) fn stretches(&self, iob: EntIob) -> Vec<Range<usize>> {
        let mut stretches: Vec<Range<usize>> = Vec::new();
        for (index, _) in self.doc.tokens.iter().enumerate().filter(|(_, token)| token.ent_iob == iob) {
            match stretches.last_mut().filter(|stretch| stretch.end == index) {
                Some(stretch) => stretch.end += 1,
                None => stretches.push(index..index + 1),
            }
        }
        stretches
    }

    /// Where tokens, at least one, start and end.
    pub(crate) fn bounds(&self, tokens: Range<usize>) -> (usize, usize) {
        (self.bounds[tokens.start].0, self.bounds[tokens.end - 1].1)
    }

    /// A label or an id as a text; an id without a string stands for itself.
    pub(crate) fn text(&self, id: StringId) -> Arc<str> {
        self.doc.vocab().strings().get(id).unwrap_or_else(|| id.to_string().into())
    }

    /// The text of an entity.
    pub(crate) fn entity_text(&self, entity: &Entity) -> String {
        self.doc.span_text(entity.start..entity.end)
    }

    /// The keys `kb_id` and `id` of an entity, where it has them.
    pub(crate) fn ids(&self, entity: &Entity) -> impl Iterator<Item = (&'static str, Arc<str>)> {
        let first = &self.doc.tokens[entity.start];
        let ids = [("kb_id", first.ent_kb_id), ("id", first.ent_id)];
        ids.into_iter().filter(|(_, id)| !id.is_empty()).map(|(key, id)| (key, self.text(id)))
    }
}
