use ner_doc::{DocError, Example};
use rayon::prelude::*;

/// Examples that a thread counts at once.
const BATCH_SIZE: usize = 64;

/// Counts that are added up from those of parts.
pub(crate) trait Mergeable: Default + Send {
    /// Counts an example.
    fn add_one(&mut self, example: &Example) -> Result<(), DocError>;

    /// Adds the counts of others, which come after these.
    fn merge(&mut self, other: &Self);
}

/// Counts examples on as many threads as there are, and merges the counts in the order of the examples.
pub(crate) fn add_all<C: Mergeable>(counts: &mut C, examples: &[Example]) -> Result<(), DocError> {
    let count = |batch: &[Example]| {
        let mut counts = C::default();
        batch.iter().try_for_each(|example| counts.add_one(example))?;
        Ok(counts)
    };
    let parts: Vec<C> = examples.par_chunks(BATCH_SIZE).map(count).collect::<Result<_, _>>()?;
    parts.iter().for_each(|part| counts.merge(part));
    Ok(())
}
