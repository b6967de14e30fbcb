use ner_cpython::{NumpyRandom, PythonRandom};

/// The two generators that a training run draws from, as spaCy's does.
#[derive(Clone, Debug)]
pub struct Random {
    /// Order of the examples, length of the pieces that documents are cut into, augmentation.
    pub python: PythonRandom,
    /// First weights and dropout masks.
    pub numpy: NumpyRandom,
}

impl Random {
    /// Both generators from one seed.
    pub fn new(seed: u64) -> Random {
        Random { python: PythonRandom::new(seed), numpy: NumpyRandom::new(seed) }
    }
}
