use ner_config::{Block, Builder, ConfigError, NumberOrBlock};
use ner_optim::Schedule;

use crate::TrainingError;

/// The sizes of the batches to come.
#[derive(Debug)]
pub(super) struct Sizes {
    schedule: Schedule,
}

impl Sizes {
    /// Builds the sizes of the two arguments that all batchers have.
    pub(super) fn build(
        size: &NumberOrBlock,
        get_length: Option<&Block>,
        builder: &Builder,
    ) -> Result<Sizes, ConfigError> {
        if let NumberOrBlock::Number(number) = size
            && (number.fract() != 0.0 || *number < 0.0)
        {
            let message = format!("found {number}, expected a whole number of at least 0, or a schedule");
            return Err(builder.invalid("size", message));
        }
        if get_length.is_some() {
            let message = "found a block, expected null: an item's length is its number of tokens";
            return Err(builder.invalid("get_length", message));
        }
        let schedule = Schedule::build(size, builder)?;
        if schedule.depends_on_run() {
            // It would go round: the number of steps follows from the sizes of the batches.
            let message =
                "found a schedule with total_steps = 0, expected one that is given its number of steps";
            return Err(builder.invalid("size", message));
        }
        Ok(Sizes { schedule })
    }

    pub(super) fn next(&mut self) -> Result<f64, TrainingError> {
        self.schedule.next().ok_or(TrainingError::SizesEnded)
    }

    pub(super) fn n_drawn(&self) -> usize {
        self.schedule.n_given()
    }

    /// Draws until `n_drawn` sizes have been drawn.
    pub(super) fn skip(&mut self, n_drawn: usize) {
        // A schedule that ends on the way makes the next draw fail, which says so.
        let n_skipped = n_drawn.saturating_sub(self.n_drawn());
        self.schedule.by_ref().take(n_skipped).for_each(drop);
    }
}
