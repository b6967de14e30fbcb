use std::sync::{Arc, Mutex, PoisonError};

use super::PythonRandom;

/// Python's generator in the hands of several owners that draw from it by turns, such as a corpus that augments its
/// examples and the updates that learn from them. A clone draws from the same generator.
#[derive(Clone, Debug)]
pub struct SharedRandom(Arc<Mutex<PythonRandom>>);

impl SharedRandom {
    /// The generator after `random.seed(seed)`.
    pub fn new(seed: u64) -> SharedRandom {
        SharedRandom(Arc::new(Mutex::new(PythonRandom::new(seed))))
    }

    /// The generator as it is now.
    pub fn get(&self) -> PythonRandom {
        self.draw(|random| random.clone())
    }

    /// Replaces the generator, for all its owners.
    pub fn set(&self, other: PythonRandom) {
        self.draw(|random| *random = other);
    }

    /// Draws with `draw`, which must not draw from the same generator by another handle.
    pub fn draw<T>(&self, draw: impl FnOnce(&mut PythonRandom) -> T) -> T {
        // A panic of another owner leaves a generator that can still be drawn from.
        draw(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
