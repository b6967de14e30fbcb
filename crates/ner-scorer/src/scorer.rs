use std::fmt::Debug;

use ner_doc::{DocError, Example};

use crate::Scores;

/// A measure of predictions; the product of every function of the kind `@scorers`, as a `Box<dyn Scorer>`.
pub trait Scorer: Debug + Send + Sync {
    /// Counts of nothing so far.
    fn start(&self) -> Box<dyn ScoreCounts>;
}

/// Counts of right and wrong predictions, from which scores follow.
pub trait ScoreCounts: Debug + Send {
    /// Counts examples whose predicted documents are annotated.
    ///
    /// # Errors
    /// If the texts of an example differ by more than white space and case, or if entities go on that never began.
    fn add(&mut self, examples: &[Example]) -> Result<(), DocError>;

    /// The scores of all that was counted.
    fn scores(&self) -> Scores;
}
