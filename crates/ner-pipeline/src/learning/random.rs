use ner_cpython::{NumpyRandom, SharedRandom};
use ner_layers::{Mode, Seeds};

/// The generators that a training run draws from, as spaCy's does.
#[derive(Debug)]
pub struct Random {
    /// Order of the examples, length of the pieces that documents are cut into, augmentation. Readers of a corpus draw
    /// from the same one.
    pub python: SharedRandom,
    /// First weights and dropout masks.
    pub numpy: NumpyRandom,
    /// Dropout masks inside of pretrained encoders, which spaCy leaves to PyTorch's generator.
    pub seeds: Seeds,
}

impl Random {
    /// All generators from one seed.
    pub fn new(seed: u64) -> Random {
        Random { python: SharedRandom::new(seed), numpy: NumpyRandom::new(seed), seeds: Seeds::new(seed) }
    }

    /// The mode of a network that learns with dropout at `rate`.
    pub fn training(&mut self, rate: f64) -> Mode<'_> {
        Mode::Train { rate, random: &mut self.numpy, seeds: &mut self.seeds }
    }

    /// Takes so many numbers from Python's generator, for [`TokenVectors::python_draws`](ner_model::TokenVectors::python_draws).
    pub fn skip_python(&mut self, n_draws: usize) {
        self.python.draw(|random| {
            for _ in 0..n_draws {
                random.random();
            }
        });
    }
}
