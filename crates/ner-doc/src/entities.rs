use ner_vocab::{StringId, StringStore};

use crate::{Doc, DocError, EntIob, Entity};

/// The arguments of spaCy's `Doc.set_ents`: all statements about a document's entities at once. Spans are `start..end` in
/// tokens and may not overlap; those of `entities` with an empty label are ignored.
#[derive(Clone, Debug, Default)]
pub struct EntityUpdate<'a> {
    /// The entities.
    pub entities: &'a [Entity],
    /// Where no entity may be.
    pub blocked: &'a [(usize, usize)],
    /// Where entities are unknown.
    pub missing: &'a [(usize, usize)],
    /// Where no entity is.
    pub outside: &'a [(usize, usize)],
    /// The state of all other tokens (`Begin`: blocked); `None` leaves them as they are.
    pub default: Option<EntIob>,
}

impl Doc {
    /// The entities. A blocked token is not one.
    pub fn entities(&self) -> Result<Vec<Entity>, DocError> {
        let mut entities = Vec::new();
        let mut open: Option<Entity> = None;
        for (index, token) in self.tokens.iter().enumerate() {
            match (token.ent_iob, &mut open) {
                // spaCy: the label of the first token holds for all (tokens/doc.pyx).
                (EntIob::In, Some(entity)) => entity.end = index + 1,
                (EntIob::In, None) => {
                    let text = token.text().to_owned();
                    return Err(DocError::InsideWithoutBegin { token: index, text });
                }
                (iob, _) => {
                    entities.extend(open.take());
                    open = (iob == EntIob::Begin && !token.ent_type.is_empty()).then_some(Entity {
                        start: index,
                        end: index + 1,
                        label: token.ent_type,
                    });
                }
            }
        }
        entities.extend(open);
        Ok(entities)
    }

    /// Replaces the entities; `default` is the state of all other tokens: `Missing`, `Out`, or `Begin`, which blocks them.
    pub fn set_entities(&mut self, entities: &[Entity], default: EntIob) -> Result<(), DocError> {
        self.update_entities(&EntityUpdate { entities, default: Some(default), ..EntityUpdate::default() })
    }

    /// Replaces the entities by tags of the IOB1 or IOB2 scheme, one a token: `B-LABEL`, `I-LABEL`, `O`, or empty where
    /// nothing is known. Changes nothing if it fails.
    pub fn set_entity_tags<S: AsRef<str>>(&mut self, tags: &[S]) -> Result<(), DocError> {
        if tags.len() != self.len() {
            return Err(DocError::LengthMismatch { n_values: tags.len(), n_tokens: self.len() });
        }
        let strings = self.vocab().strings();
        let places: Vec<_> =
            tags.iter().map(|tag| parse_iob(tag.as_ref(), strings)).collect::<Result<_, _>>()?;
        for (token, (iob, label)) in self.tokens.iter_mut().zip(places) {
            token.ent_iob = iob;
            token.ent_type = label;
        }
        self.repair_entities();
        Ok(())
    }

    /// Sets entities and the states of other tokens; changes nothing if it fails.
    pub fn update_entities(&mut self, update: &EntityUpdate<'_>) -> Result<(), DocError> {
        // All spans are looked at before the first is set, since a failure must change nothing.
        let is_covered = self.covered_tokens(update)?;
        for entity in labelled(update.entities) {
            for token in &mut self.tokens[entity.start..entity.end] {
                token.ent_iob = EntIob::In;
                token.ent_type = entity.label;
                // spaCy: the id of the entity stays, unlike this one (set_ents in tokens/doc.pyx).
                token.ent_kb_id = StringId::EMPTY;
            }
            if let Some(first) = self.tokens[entity.start..entity.end].first_mut() {
                first.ent_iob = EntIob::Begin;
            }
        }
        let groups = [
            (update.blocked, EntIob::Begin),
            (update.missing, EntIob::Missing),
            (update.outside, EntIob::Out),
        ];
        for (spans, iob) in groups {
            for &(start, end) in spans {
                (start..end).for_each(|index| self.clear_entity(index, iob));
            }
        }
        if let Some(default) = update.default {
            (0..self.len())
                .filter(|&index| !is_covered[index])
                .for_each(|index| self.clear_entity(index, default));
        }
        self.repair_entities();
        Ok(())
    }

    /// Turns `In` into `Begin` wherever there is no entity to continue: after a token outside entities or of another type.
    pub(crate) fn repair_entities(&mut self) {
        // spaCy: the first token is left as it is (set_ents in tokens/doc.pyx); `In` there is an error later.
        for index in 1..self.len() {
            let (before, token) = (&self.tokens[index - 1], &self.tokens[index]);
            let is_outside = matches!(before.ent_iob, EntIob::Missing | EntIob::Out);
            if token.ent_iob == EntIob::In && (is_outside || before.ent_type != token.ent_type) {
                self.tokens[index].ent_iob = EntIob::Begin;
            }
        }
    }

    fn clear_entity(&mut self, index: usize, iob: EntIob) {
        // spaCy: both ids stay, though no entity is left (set_ents in tokens/doc.pyx).
        self.tokens[index].ent_iob = iob;
        self.tokens[index].ent_type = StringId::EMPTY;
    }

    fn covered_tokens(&self, update: &EntityUpdate<'_>) -> Result<Vec<bool>, DocError> {
        let mut is_covered = vec![false; self.len()];
        let entities = labelled(update.entities).map(|entity| (entity.start, entity.end));
        let others = [update.blocked, update.missing, update.outside];
        for (start, end) in entities.chain(others.into_iter().flatten().copied()) {
            if start > end || end > self.len() {
                return Err(DocError::SpanOutOfBounds { start, end, n_tokens: self.len() });
            }
            if let Some(token) = (start..end).find(|&token| std::mem::replace(&mut is_covered[token], true)) {
                return Err(DocError::OverlappingSpans { token });
            }
        }
        Ok(is_covered)
    }
}

fn labelled(entities: &[Entity]) -> impl Iterator<Item = &Entity> {
    entities.iter().filter(|entity| !entity.label.is_empty())
}

fn parse_iob(tag: &str, strings: &StringStore) -> Result<(EntIob, StringId), DocError> {
    match (tag, tag.split_once('-')) {
        ("", _) => Ok((EntIob::Missing, StringId::EMPTY)),
        ("O", _) => Ok((EntIob::Out, StringId::EMPTY)),
        // spaCy: O may have a label, which the token then keeps (tokens/doc.pyx).
        (_, Some((letter @ ("B" | "I" | "O"), label))) if !label.is_empty() => {
            let iob = match letter {
                "B" => EntIob::Begin,
                "I" => EntIob::In,
                _ => EntIob::Out,
            };
            Ok((iob, strings.add(label)))
        }
        _ => Err(DocError::UnknownTag { tag: tag.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ner_vocab::Vocab;
    use proptest::prelude::*;

    use super::*;

    fn doc(n_tokens: usize) -> Doc {
        Doc::from_words(Arc::new(Vocab::new("xx").unwrap()), &vec!["w"; n_tokens], &[])
    }

    #[test]
    fn an_entity_that_never_began_is_named() {
        let mut doc = doc(2);
        doc.tokens[1].ent_iob = EntIob::In;
        let message = doc.entities().unwrap_err().to_string();
        let expected = "token 1 (\"w\") continues an entity, but no entity is open before it; begin it there";
        assert_eq!(message, expected);
    }

    #[test]
    fn spans_outside_the_document_change_nothing() {
        let mut doc = doc(3);
        for (start, end) in [(2, 4), (2, 1), (9, 9)] {
            let entity = Entity { start, end, label: StringId(380) };
            let error = DocError::SpanOutOfBounds { start, end, n_tokens: 3 };
            assert_eq!(doc.set_entities(&[entity], EntIob::Out), Err(error));
            assert!(!doc.has_entity_annotation());
        }
    }

    proptest! {
        #[test]
        fn entities_come_back(cuts in proptest::collection::btree_set(0_usize..20, 0..12), labels in any::<u8>()) {
            let cuts: Vec<usize> = cuts.into_iter().collect();
            let (pairs, _) = cuts.as_chunks::<2>();
            let label = |index: usize| StringId(380 + u64::from(labels >> (index % 8) & 1));
            let entities: Vec<Entity> = pairs
                .iter()
                .enumerate()
                .map(|(index, &[start, end])| Entity { start, end, label: label(index) })
                .collect();
            let mut doc = doc(20);
            doc.set_entities(&entities, EntIob::Missing).unwrap();
            prop_assert_eq!(doc.entities().unwrap(), entities);
        }
    }
}
