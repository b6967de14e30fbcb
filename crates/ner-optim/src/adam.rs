//! Adam, RAdam and plain gradient descent: one optimiser with three ways to make a step.

mod config;
mod radam;
mod settings;
mod sgd;

mod clipping;
mod deferred_steps;
mod memory;
mod pending_update;

mod arithmetic;
mod block;
mod step;

mod state;

use std::collections::HashMap;

pub use self::config::AdamConfig;
pub use self::radam::RAdamConfig;
pub use self::sgd::SgdConfig;

pub(crate) use self::config::adam;
pub(crate) use self::radam::radam;
pub(crate) use self::sgd::sgd;

use self::block::{Block, for_each};
use self::clipping::clip_factors;
use self::memory::Memory;
use self::pending_update::PendingUpdate;
use self::settings::Settings;
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
    fn new(settings: Settings) -> Adam {
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
        let ParameterUpdate { key, weights, mut gradient, .. } = update;
        let mut memory = match (self.memories.remove(&key), &gradient) {
            (Some(memory), _) => memory,
            (None, Some(_)) => Memory::new(weights.len()),
            (None, None) => return None,
        };
        let penalty = self.settings.gradient_penalty();
        if penalty != 0.0 {
            // The penalty depends on the weights, so no row can put off its step.
            memory.apply_all_deferred(weights);
            gradient = Some(Gradient::All(penalized(gradient, penalty, weights)));
        }
        match &gradient {
            Some(Gradient::All(_)) => memory.apply_all_deferred(weights),
            Some(Gradient::Rows(gradient)) => memory.keep_deferred(gradient.shape),
            None => {}
        }
        memory.n_updates += 1;
        Some(PendingUpdate { key, memory, weights, gradient })
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

    fn check(&self, updates: &[ParameterUpdate<'_>]) -> Result<(), OptimError> {
        updates.iter().try_for_each(|update| self.check_update(update))
    }

    fn update_all(&mut self, updates: Vec<ParameterUpdate<'_>>) -> Result<(), OptimError> {
        self.check(&updates)?;
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
        self.settings.use_averages
    }

    fn averages(&self, key: ParameterKey) -> Option<&[f32]> {
        self.memories.get(&key)?.averages.as_deref()
    }

    fn swap_averages(&mut self, key: ParameterKey, weights: &mut [f32]) -> Result<bool, OptimError> {
        self.apply_all_deferred(key, weights)?;
        let Some(averages) = self.memories.get_mut(&key).and_then(|memory| memory.averages.as_mut()) else {
            return Ok(false);
        };
        averages.swap_with_slice(weights);
        Ok(true)
    }

    fn save(&self, keys: &[ParameterKey]) -> SavedOptimizer {
        state::save(self, keys)
    }

    fn restore(&mut self, keys: &[ParameterKey], saved: SavedOptimizer) -> Result<(), OptimError> {
        state::restore(self, keys, saved)
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
