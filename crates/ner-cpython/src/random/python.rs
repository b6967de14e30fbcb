use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::mersenne_twister::MersenneTwister;

/// The generator of CPython's module `random`, with which spaCy shuffles, augments and cuts oracle sequences.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PythonRandom(MersenneTwister);

impl PythonRandom {
    /// The generator after `random.seed(seed)`.
    pub fn new(seed: u64) -> PythonRandom {
        // CPython seeds with the digits of the number in base 2^32, without leading zeros.
        let words = [seed as u32, (seed >> 32) as u32];
        let n_words = if words[1] == 0 { 1 } else { 2 };
        PythonRandom(MersenneTwister::from_words(&words[..n_words]))
    }

    /// A count that goes up by one with each 32-bit word that is drawn.
    pub fn n_words(&self) -> u64 {
        self.0.n_words()
    }

    /// Draws words and drops them.
    pub fn skip(&mut self, n_words: u64) {
        for _ in 0..n_words {
            self.0.next_word();
        }
    }

    /// A number of [0, 1).
    pub fn random(&mut self) -> f64 {
        self.0.next_f64()
    }

    /// A number between `a` and `b`.
    pub fn uniform(&mut self, a: f64, b: f64) -> f64 {
        a + (b - a) * self.random()
    }

    /// A number of `n_bits` random bits; more than 64 count as 64.
    pub fn getrandbits(&mut self, n_bits: u32) -> u64 {
        match n_bits {
            0 => 0,
            // The upper bits of a word, and whole words from the low end up: the order of `_random_Random_getrandbits`.
            1..=32 => u64::from(self.0.next_word() >> (32 - n_bits)),
            _ => u64::from(self.0.next_word()) | (self.getrandbits(n_bits.min(64) - 32) << 32),
        }
    }

    /// A whole number of [0, `n`); 0, without a draw, if `n` is 0.
    pub fn randbelow(&mut self, n: u64) -> u64 {
        if n == 0 {
            return 0;
        }
        // CPython rejects numbers that are too large instead of taking a remainder; the number of draws depends on it.
        let n_bits = u64::BITS - n.leading_zeros();
        loop {
            let number = self.getrandbits(n_bits);
            if number < n {
                return number;
            }
        }
    }

    /// A whole number of `range`; its start, without a draw, if it is empty.
    pub fn randrange(&mut self, range: Range<u64>) -> u64 {
        range.start + self.randbelow(range.end.saturating_sub(range.start))
    }

    /// One of `items`, if there are any.
    pub fn choice<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.randbelow(items.len() as u64) as usize)
    }

    /// Puts `items` into random order (Fisher-Yates from the end).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.randbelow(i as u64 + 1) as usize);
        }
    }
}
