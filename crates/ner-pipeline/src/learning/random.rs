use ner_cpython::{NumpyRandom, SharedRandom};

/// The two generators that a training run draws from, as spaCy's does.
#[derive(Debug)]
pub struct Random {
    /// Order of the examples, length of the pieces that documents are cut into, augmentation. Readers of a corpus draw
    /// from the same one.
    pub python: SharedRandom,
    /// First weights and dropout masks.
    pub numpy: NumpyRandom,
}

impl Random {
    /// Both generators from one seed.
    pub fn new(seed: u64) -> Random {
        Random { python: SharedRandom::new(seed), numpy: NumpyRandom::new(seed) }
    }
}
