use ner_doc::{Doc, EntIob};

use super::State;
use crate::Actions;

/// Writes the entities of a final state into its document. Preset entities and blocked tokens stay; tokens that are
/// still unknown after that become `Out`.
pub fn write_entities(state: &State, actions: &Actions, doc: &mut Doc) {
    // Entities with the empty label are blocked tokens, which the document has already.
    for entity in state.entities().iter().filter(|entity| entity.label.non_empty().is_some()) {
        let label = actions.label_string_id(entity.label);
        let tokens = &mut doc.tokens[entity.start as usize..entity.end as usize];
        // As in spaCy, the first token's link to a knowledge base becomes that of the whole entity.
        let kb_id = tokens[0].ent_kb_id;
        for token in &mut *tokens {
            (token.ent_iob, token.ent_type, token.ent_kb_id) = (EntIob::In, label, kb_id);
        }
        tokens[0].ent_iob = EntIob::Begin;
    }
    repair_starts(doc);
    for token in doc.tokens.iter_mut().filter(|token| token.ent_iob == EntIob::Missing) {
        token.ent_iob = EntIob::Out;
    }
}

/// Turns an `In` that follows no entity, or one with another label, into `Begin`. A new entity may have cut a preset
/// one off from its beginning.
fn repair_starts(doc: &mut Doc) {
    let mut previous = None;
    for token in &mut doc.tokens {
        let follows_entity = previous.is_none_or(|(iob, label)| match iob {
            EntIob::Missing | EntIob::Out => false,
            EntIob::In | EntIob::Begin => label == token.ent_type,
        });
        if token.ent_iob == EntIob::In && !follows_entity {
            token.ent_iob = EntIob::Begin;
        }
        previous = Some((token.ent_iob, token.ent_type));
    }
}
