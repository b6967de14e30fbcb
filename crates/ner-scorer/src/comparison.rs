use ner_doc::{DocError, EntIob, Entity, Example};

/// The entities of a prediction beside those of its reference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntityComparison {
    /// The predicted entities in their order, each in tokens of the prediction.
    pub predicted: Vec<(Entity, Verdict)>,
    /// The entities of the reference that were not found, in its tokens.
    pub missed: Vec<Entity>,
}

/// What the reference says of a predicted entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Label and both borders are those of an entity of the reference.
    Right,
    /// They are not.
    Wrong,
    /// The reference knows nothing of some of its tokens.
    Unknown,
}

impl EntityComparison {
    /// Compares both sides of an example whose reference is annotated with entities.
    ///
    /// # Errors
    /// If the texts differ by more than white space and case, or if an entity continues that never began.
    pub fn of(example: &Example) -> Result<EntityComparison, DocError> {
        let alignment = example.alignment()?;
        let gold = example.reference.entities()?;
        // spaCy: a true entity that was found is crossed off, so that a second prediction of it is wrong (scorer.py).
        let mut is_found = vec![false; gold.len()];
        let mut verdict = |entity: &Entity| {
            let indices = alignment.x2y.range(entity.start..entity.end);
            // From the first to the last true token that it touches, even if tokens between them align to nothing.
            let (Some(&first), Some(&last)) = (indices.first(), indices.last()) else {
                return Verdict::Unknown;
            };
            let (start, end) = (first as usize, last as usize + 1);
            if example.reference.tokens[start..end].iter().any(|token| token.ent_iob == EntIob::Missing) {
                return Verdict::Unknown;
            }
            // Entities of a document do not overlap, so at most one begins at a token.
            let aligned = Entity { start, end, label: entity.label };
            match gold.binary_search_by_key(&start, |entity| entity.start) {
                Ok(index) if gold[index] == aligned && !is_found[index] => {
                    is_found[index] = true;
                    Verdict::Right
                }
                _ => Verdict::Wrong,
            }
        };
        let predicted = example.predicted.entities()?.into_iter().map(|entity| (verdict(&entity), entity));
        let predicted = predicted.map(|(verdict, entity)| (entity, verdict)).collect();
        let missed = gold.iter().zip(is_found).filter(|(_, is_found)| !is_found).map(|(entity, _)| *entity);
        Ok(EntityComparison { predicted, missed: missed.collect() })
    }
}
