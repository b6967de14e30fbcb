//! Labels that documents do not have because nobody looked for them.

use std::collections::BTreeSet;

use ner_doc::{Doc, EntIob, EntityUpdate, Example};
use ner_pipeline::{PipelineError, Tutor};
use ner_vocab::StringId;

/// The labels that none of the examples has.
pub(crate) fn missing_labels(
    labels: impl IntoIterator<Item = String>,
    examples: &[Example],
) -> BTreeSet<String> {
    let tokens = examples.iter().flat_map(|example| &example.reference.tokens);
    let found: BTreeSet<StringId> = tokens.map(|token| token.ent_type).collect();
    labels.into_iter().filter(|label| !found.contains(&StringId::of(label))).collect()
}

/// Puts what a tutor predicts of these labels where the references say *outside*.
///
/// A label that no document has was not annotated: whoever adds DISEASE to a recogniser of CHEMICAL marks diseases alone.
/// Its tokens are not outside, they are what the recogniser says they are.
pub(crate) fn fill_in(
    tutor: &Tutor,
    examples: &mut [Example],
    labels: &BTreeSet<String>,
) -> Result<(), PipelineError> {
    let labels: BTreeSet<StringId> = labels.iter().map(|label| StringId::of(label)).collect();
    // Predicted on the tokens of the references, so that nothing has to be aligned.
    let mut predicted: Vec<Doc> =
        examples.iter().map(|example| without_entities(&example.reference)).collect();
    tutor.predict(&mut predicted)?;
    for (example, predicted) in examples.iter_mut().zip(predicted) {
        let mut entities = predicted.entities()?;
        entities.retain(|entity| {
            let mut tokens = example.reference.tokens[entity.start..entity.end].iter();
            labels.contains(&entity.label) && tokens.all(|token| token.ent_iob == EntIob::Out)
        });
        let update = EntityUpdate { entities: &entities, ..EntityUpdate::default() };
        example.reference.update_entities(&update)?;
    }
    Ok(())
}

/// The tokens alone, as a pipeline predicts on them.
pub(crate) fn without_entities(doc: &Doc) -> Doc {
    let mut doc = doc.clone();
    for token in &mut doc.tokens {
        token.ent_iob = EntIob::Missing;
        (token.ent_type, token.ent_kb_id, token.ent_id) = (StringId::EMPTY, StringId::EMPTY, StringId::EMPTY);
    }
    doc
}
