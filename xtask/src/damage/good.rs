use ner_cpython::PythonRandom;

use super::reading::Reading;

/// A file that is in order.
pub(super) struct Good {
    pub(super) bytes: Vec<u8>,
    pub(super) reading: Reading,
}

impl Good {
    pub(super) fn text(&self) -> Option<&str> {
        str::from_utf8(&self.bytes).ok()
    }
}

/// A number below `n`; 0 below 0.
pub(super) fn below(random: &mut PythonRandom, n: usize) -> usize {
    random.randbelow(n.max(1) as u64) as usize
}
