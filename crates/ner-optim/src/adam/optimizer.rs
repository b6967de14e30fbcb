use std::collections::HashMap;

use super::block::{Block, for_each};
use super::clipping::clip_factors;
use super::memory::Memory;
use super::pending_update::PendingUpdate;
use super::settings::Settings;
use super::state;
use crate::error::OptimError;
use crate::gradient::Gradient;
use crate::optimizer::{Optimizer, ParameterKey, ParameterUpdate};
use crate::row_gradient::first_out_of_place;
use crate::saved_optimizer::SavedOptimizer;

/// Adam, RAdam or plain gradient descent, with what it remembers of each parameter.
#[derive(Debug)]
pub(crate) struct Adam {
    settings: Settings,
    memories: HashMap<ParameterKey, Memory>,
}

impl Adam {
    pub(crate) fn new(settings: Settings) -> Adam {
        Adam { settings, memories: HashMap::new() }
    }

    fn check_update(&self, update: &ParameterUpdate<'_>) -> Result<(), OptimError> {
        update.check()?;
        let ParameterUpdate { key, weights, gradient, .. } = update;
        let Some(memory) = self.memories.get(key) else { return Ok(()) };
        memory.check_length(*key, weights)?;
        match (gradient, &memory.deferred) {
            (Some(Gradient::Rows(gradient)), Some(deferred)) if gradient.shape[1] != deferred.width() => {
                Err(OptimError::LengthMismatch {
                    key: key.0,
                    what: "values in a row of its gradient",
                    found: gradient.shape[1],
                    expected: deferred.width(),
                })
            }
            _ => Ok(()),
        }
    }

    /// The update of a parameter that has or ever had a gradient, with what is remembered of it.
    fn pending<'a>(&mut self, update: ParameterUpdate<'a>) -> Option<PendingUpdate<'a>> {
        let ParameterUpdate { key, scale, weights, mut gradient, .. } = update;
        let mut memory = match (self.memories.remove(&key), &gradient) {
            (Some(memory), _) => memory,
            (None, Some(_)) => Memory::new(weights.len()),
            // spaCy: a parameter that never had a gradient does not reach the optimiser, and so does not
            // decay (finish_update in thinc/model.py).
            (None, None) => return None,
        };
        let penalty = self.settings.gradient_penalty(scale);
        if penalty != 0.0 {
            // The penalty's gradient follows from the weights, so that no row can put off its step.
            memory.apply_all_deferred(weights);
            gradient = Some(Gradient::All(penalized(gradient, penalty, weights)));
        }
        match &gradient {
            // Every row moves now, and has to make its earlier steps first.
            Some(Gradient::All(_)) => memory.apply_all_deferred(weights),
            Some(Gradient::Rows(gradient)) => memory.keep_deferred(gradient.shape),
            None => {}
        }
        memory.n_updates += 1;
        Some(PendingUpdate { key, scale, memory, weights, gradient })
    }

    /// What is remembered of a parameter with these weights.
    fn memory_of(&mut self, key: ParameterKey, weights: &[f32]) -> Result<Option<&mut Memory>, OptimError> {
        let Some(memory) = self.memories.get_mut(&key) else { return Ok(None) };
        memory.check_length(key, weights)?;
        Ok(Some(memory))
    }
}

impl Optimizer for Adam {
    fn learn_rate(&self) -> f64 {
        self.settings.learn_rate.value()
    }

    fn step_schedules(&mut self) {
        self.settings.step();
    }

    fn plan(&mut self, n_steps: Option<usize>) -> Result<(), OptimError> {
        self.settings.plan(n_steps)
    }

    fn check(&self, updates: &[ParameterUpdate<'_>]) -> Result<(), OptimError> {
        updates.iter().try_for_each(|update| self.check_update(update))
    }

    fn update_all(&mut self, updates: Vec<ParameterUpdate<'_>>) -> Result<(), OptimError> {
        self.check(&updates)?;
        // Memories leave the map for the step, since blocks of all parameters borrow them at the same time.
        let mut updates: Vec<PendingUpdate<'_>> =
            updates.into_iter().filter_map(|update| self.pending(update)).collect();
        let clip_factors = clip_factors(self.settings.grad_clip.value() as f32, &updates);
        // The blocks of all parameters together, since most parameters are too small to occupy the threads alone.
        let blocks = updates
            .iter_mut()
            .zip(clip_factors)
            .flat_map(|(update, clip)| update.blocks(&self.settings, clip));
        for_each(blocks.collect(), Block::run);
        self.memories.extend(updates.into_iter().map(|update| (update.key, update.memory)));
        Ok(())
    }

    fn scales_steps(&self) -> bool {
        true
    }

    fn apply_deferred(
        &mut self,
        key: ParameterKey,
        weights: &mut [f32],
        rows: &[u32],
    ) -> Result<(), OptimError> {
        let Some(memory) = self.memory_of(key, weights)? else { return Ok(()) };
        let (slice, Some(deferred)) = memory.kept(weights) else { return Ok(()) };
        if let Some(row) = first_out_of_place(rows, deferred.n_rows()) {
            return Err(OptimError::RowOutOfPlace { key: key.0, row, n_rows: deferred.n_rows() });
        }
        deferred.apply(slice, rows.iter().copied());
        Ok(())
    }

    fn apply_all_deferred(&mut self, key: ParameterKey, weights: &mut [f32]) -> Result<(), OptimError> {
        if let Some(memory) = self.memory_of(key, weights)? {
            memory.apply_all_deferred(weights);
        }
        Ok(())
    }

    fn keeps_averages(&self) -> bool {
        self.settings.averaging.is_kept()
    }

    fn averages(&self, key: ParameterKey) -> Option<&[f32]> {
        self.memories.get(&key)?.averages.as_deref()
    }

    fn swap_averages(&mut self, key: ParameterKey, weights: &mut [f32]) -> Result<bool, OptimError> {
        self.apply_all_deferred(key, weights)?;
        let Some(averages) = self.memories.get_mut(&key).and_then(|memory| memory.averages.as_mut()) else {
            return Ok(false);
        };
        // An exchange instead of a copy: an evaluation needs no third set of all weights.
        averages.swap_with_slice(weights);
        Ok(true)
    }

    fn save(&self, keys: &[ParameterKey]) -> SavedOptimizer {
        state::save(&self.settings, &self.memories, keys)
    }

    fn restore(&mut self, keys: &[ParameterKey], saved: SavedOptimizer) -> Result<(), OptimError> {
        self.memories = state::restore(&mut self.settings, keys, saved)?;
        Ok(())
    }
}

/// `penalty` * weights + gradient: the gradient of all weights of the loss with an L2 penalty.
fn penalized(gradient: Option<Gradient>, penalty: f32, weights: &[f32]) -> Vec<f32> {
    let mut sums: Vec<f32> = weights.iter().map(|weight| penalty * weight).collect();
    let add = |sums: &mut [f32], values: &[f32]| {
        sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
    };
    match gradient {
        Some(Gradient::All(values)) => add(&mut sums, &values),
        Some(Gradient::Rows(gradient)) => {
            let [_, width] = gradient.shape;
            for (row, values) in gradient.iter() {
                add(&mut sums[row as usize * width..][..width], values);
            }
        }
        None => {}
    }
    sums
}
