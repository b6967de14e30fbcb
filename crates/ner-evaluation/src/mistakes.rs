use ner_doc::{Doc, DocError, Entity, Example};
use ner_scorer::{EntityComparison, Verdict};
use serde::Serialize;

/// The entities of a document that were predicted wrongly, and those that were missed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mistakes {
    /// The text.
    pub text: String,
    /// Predicted, and not in the reference.
    pub wrong: Vec<Span>,
    /// In the reference, and not predicted.
    pub missed: Vec<Span>,
}

/// An entity in characters of its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    /// First character.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// Label.
    pub label: String,
    /// Its text.
    pub text: String,
}

impl Span {
    /// Entities of a document in characters of its text.
    pub fn all(doc: &Doc, entities: &[Entity]) -> Vec<Span> {
        let starts = doc.char_offsets();
        let span = |entity: &Entity| {
            let last = &doc.tokens[entity.end - 1];
            Span {
                start: starts[entity.start],
                // Without the space after the last token, which counts as a part of that.
                end: starts[entity.end - 1] + last.n_chars() - usize::from(last.space_after),
                label: doc.vocab().strings().get(entity.label).unwrap_or_default().to_string(),
                text: doc.span_text(entity.start..entity.end),
            }
        };
        entities.iter().map(span).collect()
    }
}

impl Mistakes {
    /// The mistakes of a prediction; `None` if there are none, or nothing is known of the reference's entities.
    ///
    /// # Errors
    /// If the texts differ by more than white space and case, or if an entity continues that never began.
    pub fn of(example: &Example) -> Result<Option<Mistakes>, DocError> {
        if !example.reference.has_entity_annotation() {
            return Ok(None);
        }
        let comparison = EntityComparison::of(example)?;
        let wrong = comparison.predicted.iter().filter(|(_, verdict)| *verdict == Verdict::Wrong);
        let wrong: Vec<Entity> = wrong.map(|(entity, _)| *entity).collect();
        if wrong.is_empty() && comparison.missed.is_empty() {
            return Ok(None);
        }
        Ok(Some(Mistakes {
            text: example.predicted.text(),
            wrong: Span::all(&example.predicted, &wrong),
            missed: Span::all(&example.reference, &comparison.missed),
        }))
    }
}
