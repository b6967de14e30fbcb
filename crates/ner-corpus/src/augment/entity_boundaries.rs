use ner_config::{Builder, ConfigError};
use ner_cpython::PythonRandom;
use ner_doc::{Doc, EntIob, Entity, Example, Token};
use ner_tokenizer::Tokenizer;
use ner_vocab::StringId;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Augmenter, check_level};
use crate::AugmentError;

/// Entities that begin or end a token earlier or later, as annotators disagree about them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EntityBoundariesConfig {
    /// The share of entities that are changed.
    pub level: f64,
}

/// Moves the begin or the end of entities by one token.
///
/// An entity keeps at least one token, grows only over tokens that are known to be outside of entities, never into
/// another sentence, and neither begins nor ends with white space.
#[derive(Clone, Debug)]
pub struct EntityBoundariesAugmenter {
    /// The share of entities that are changed, as far as they can be.
    pub level: f64,
}

pub(crate) fn entity_boundaries(
    config: EntityBoundariesConfig,
    builder: &Builder,
) -> Result<Box<dyn Augmenter>, ConfigError> {
    let level = check_level("level", config.level, builder)?;
    Ok(Box::new(EntityBoundariesAugmenter { level }))
}

impl Augmenter for EntityBoundariesAugmenter {
    fn augment(
        &self,
        mut example: Example,
        _: &Tokenizer,
        random: &mut PythonRandom,
    ) -> Result<Example, AugmentError> {
        let reference = &mut example.reference;
        for entity in reference.entities()? {
            if random.random() >= self.level {
                continue;
            }
            // Asked of the document as it is by now: the entity before may have taken the token between the two.
            let moves: Vec<Move> =
                Move::ALL.into_iter().filter(|it| it.is_possible(entity, reference)).collect();
            if let Some(chosen) = random.choice(&moves) {
                chosen.apply(entity, reference);
            }
        }
        Ok(example)
    }
}

#[derive(Clone, Copy, Debug)]
enum Move {
    BeginEarlier,
    BeginLater,
    EndEarlier,
    EndLater,
}

impl Move {
    const ALL: [Move; 4] = [Move::BeginEarlier, Move::BeginLater, Move::EndEarlier, Move::EndLater];

    fn is_possible(self, Entity { start, end, .. }: Entity, doc: &Doc) -> bool {
        let is_word = |index: usize| doc.tokens.get(index).is_some_and(|token| !token.is_space());
        let is_free = |index: usize| is_word(index) && doc.tokens[index].ent_iob == EntIob::Out;
        // No entity goes on behind the start of a sentence: the recogniser has no action for that.
        let starts_sentence = |index: usize| doc.tokens[index].sent_start == 1;
        match self {
            Move::BeginEarlier => start > 0 && is_free(start - 1) && !starts_sentence(start),
            Move::BeginLater => end - start > 1 && is_word(start + 1),
            Move::EndEarlier => end - start > 1 && is_word(end - 2),
            Move::EndLater => is_free(end) && !starts_sentence(end),
        }
    }

    fn apply(self, Entity { start, end, .. }: Entity, doc: &mut Doc) {
        let first = doc.tokens[start].clone();
        match self {
            Move::BeginEarlier => {
                set(&mut doc.tokens[start - 1], &first, EntIob::Begin);
                doc.tokens[start].ent_iob = EntIob::In;
            }
            Move::BeginLater => {
                free(&mut doc.tokens[start]);
                set(&mut doc.tokens[start + 1], &first, EntIob::Begin);
            }
            Move::EndEarlier => free(&mut doc.tokens[end - 1]),
            Move::EndLater => set(&mut doc.tokens[end], &first, EntIob::In),
        }
    }
}

/// Makes a token part of the entity of another, with its ids.
fn set(token: &mut Token, other: &Token, iob: EntIob) {
    token.ent_iob = iob;
    (token.ent_type, token.ent_kb_id, token.ent_id) = (other.ent_type, other.ent_kb_id, other.ent_id);
}

fn free(token: &mut Token) {
    token.ent_iob = EntIob::Out;
    (token.ent_type, token.ent_kb_id, token.ent_id) = (StringId::EMPTY, StringId::EMPTY, StringId::EMPTY);
}
