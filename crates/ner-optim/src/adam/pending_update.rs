use super::block::{BLOCK, Block};
use super::memory::Memory;
use super::settings::Settings;
use super::step::Step;
use crate::gradient::Gradient;
use crate::optimizer::ParameterKey;
use crate::role::StepScale;

/// A parameter and the step that it is about to make.
pub(crate) struct PendingUpdate<'a> {
    pub(crate) key: ParameterKey,
    pub(crate) scale: StepScale,
    /// Of the step before, but for the number of updates.
    pub(crate) memory: Memory,
    pub(crate) weights: &'a mut [f32],
    /// None where it is zero.
    pub(crate) gradient: Option<Gradient>,
}

impl PendingUpdate<'_> {
    /// The work of the step, in blocks. Rows of a table without a gradient have none yet: their step is deferred.
    pub(crate) fn blocks(&mut self, settings: &Settings, clip: f32) -> Vec<Block<'_>> {
        let step = Step::new(settings, self.scale, self.memory.n_updates, clip);
        let (mut slice, deferred) =
            self.memory.slice(self.weights, step.uses_moments(), settings.averaging.is_kept());
        match (&self.gradient, deferred) {
            (Some(Gradient::All(values)), _) => {
                let blocks = values.chunks(BLOCK).map(|gradient| {
                    let slice = slice.split_off(gradient.len());
                    Block::Weights { slice, gradient: Some(gradient), step }
                });
                blocks.collect()
            }
            (gradient, Some(deferred)) => {
                // One step for all rows: those with a gradient make it at once, the others when they are looked up.
                deferred.push(step);
                match gradient {
                    Some(Gradient::Rows(gradient)) => {
                        deferred.blocks(slice, gradient.iter().map(|(row, values)| (row, Some(values))))
                    }
                    _ => Vec::new(),
                }
            }
            // A parameter that is no table, or a table that never had a gradient by rows, has nothing to gain from waiting.
            (_, None) => {
                let mut blocks = Vec::new();
                while !slice.weights.is_empty() {
                    blocks.push(Block::Weights { slice: slice.split_off(BLOCK), gradient: None, step });
                }
                blocks
            }
        }
    }
}
