use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use ner_cpython::murmur64a;

/// A map from ids, which are hashes already.
pub(crate) type IdMap<K, V> = HashMap<K, V, BuildHasherDefault<IdHasher>>;

/// A hash of ids: they are hashes themselves, so one multiplication will do. It is there for the symbols, whose ids are
/// small numbers: a map takes its bucket from the low bits and its tag from the high ones.
#[derive(Default)]
pub(crate) struct IdHasher(u64);

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = murmur64a(bytes, self.0);
    }

    fn write_u64(&mut self, id: u64) {
        // 2^64 divided by the golden ratio, which is odd: no two ids get the same product (Fibonacci hashing).
        self.0 = id.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
