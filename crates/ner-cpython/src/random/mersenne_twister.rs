use std::fmt;

use pulp::Arch;
use serde::{Deserialize, Serialize};

// The names of the reference code: words of state, and the distance of the word that is mixed in.
const N: usize = 624;
const M: usize = 397;

/// MT19937 (Matsumoto and Nishimura, 1998), which refills its whole state at once in loops that the compiler
/// turns into vector instructions; that is three times as fast as drawing word by word.
#[derive(Clone, Serialize, Deserialize)]
#[serde(into = "SavedTwister", try_from = "SavedTwister")]
pub(crate) struct MersenneTwister {
    state: [u32; N],
    /// The state as it is read ("tempered" in the paper).
    words: [u32; N],
    /// The number of `words` that were read.
    n_read: usize,
    /// How often the words were replaced by the next ones.
    n_refills: u64,
}

/// The numbers that `random.getstate()` gives: the state, and how many words of it were read.
#[derive(Serialize, Deserialize)]
struct SavedTwister {
    state: Vec<u32>,
    n_read: usize,
}

impl From<MersenneTwister> for SavedTwister {
    fn from(twister: MersenneTwister) -> SavedTwister {
        SavedTwister { state: twister.state.to_vec(), n_read: twister.n_read }
    }
}

impl TryFrom<SavedTwister> for MersenneTwister {
    type Error = String;

    fn try_from(SavedTwister { state, n_read }: SavedTwister) -> Result<MersenneTwister, String> {
        let n_found = state.len();
        let state: [u32; N] =
            state.try_into().map_err(|_| format!("expected {N} words of state, found {n_found}"))?;
        match n_read <= N {
            true => Ok(MersenneTwister { state, words: state.map(tempered), n_read, n_refills: 0 }),
            false => Err(format!("expected at most {N} words to be read, found {n_read}")),
        }
    }
}

impl fmt::Debug for MersenneTwister {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MersenneTwister").field("n_read", &self.n_read).finish_non_exhaustive()
    }
}

impl MersenneTwister {
    /// Seeds with one word (`init_genrand` of the reference code).
    pub(crate) fn from_word(seed: u32) -> MersenneTwister {
        let mut state = [seed; N];
        for i in 1..N {
            state[i] = mixed(state[i - 1]).wrapping_mul(1_812_433_253).wrapping_add(i as u32);
        }
        MersenneTwister { state, words: [0; N], n_read: N, n_refills: 0 }
    }

    /// Seeds with at least one word (`init_by_array` of the reference code).
    pub(crate) fn from_words(key: &[u32]) -> MersenneTwister {
        let mut twister = MersenneTwister::from_word(19_650_218);
        let state = &mut twister.state;
        let mut i = 1;
        for k in 0..N.max(key.len()) {
            let j = k % key.len();
            state[i] = (state[i] ^ mixed(state[i - 1]).wrapping_mul(1_664_525))
                .wrapping_add(key[j])
                .wrapping_add(j as u32);
            i = following(state, i);
        }
        for _ in 1..N {
            state[i] = (state[i] ^ mixed(state[i - 1]).wrapping_mul(1_566_083_941)).wrapping_sub(i as u32);
            i = following(state, i);
        }
        state[0] = 1 << 31;
        twister
    }

    /// A count that goes up by one with each word that is read.
    pub(crate) fn n_words(&self) -> u64 {
        self.n_refills * N as u64 + self.n_read as u64
    }

    /// The next 32 random bits.
    pub(crate) fn next_word(&mut self) -> u32 {
        if self.n_read == N {
            self.refill();
        }
        self.n_read += 1;
        self.words[self.n_read - 1]
    }

    /// The next 53 random bits, of two words.
    pub(crate) fn next_bits53(&mut self) -> u64 {
        let high = self.next_word();
        bits53(high, self.next_word())
    }

    /// A number of [0, 1) with 53 random bits.
    pub(crate) fn next_f64(&mut self) -> f64 {
        unit_f64(self.next_bits53())
    }

    /// Sets each element of `out` to `write` of the next 53 random bits, in the widest registers of the machine.
    pub(crate) fn fill<T>(&mut self, out: &mut [T], write: impl Fn(u64) -> T) {
        Arch::new().dispatch(
            #[inline(always)]
            || self.fill_in_registers(out, write),
        );
    }

    #[inline(always)]
    fn fill_in_registers<T>(&mut self, mut out: &mut [T], write: impl Fn(u64) -> T) {
        while !out.is_empty() {
            match N - self.n_read {
                0 => self.refill(),
                // A number takes two words, so one word is left at the end of a block if an odd number was read before.
                // Its partner is the first word of the next block.
                1 => {
                    let high = self.words[N - 1];
                    self.refill();
                    out[0] = write(bits53(high, self.words[0]));
                    self.n_read = 1;
                    out = &mut out[1..];
                    continue;
                }
                _ => {}
            }
            // Pairs of a slice rather than calls of `next_word`: without the test for the end of the block, the loop below
            // becomes vector instructions.
            let pairs = self.words[self.n_read..].as_chunks::<2>().0;
            let n_pairs = pairs.len().min(out.len());
            let (now, later) = out.split_at_mut(n_pairs);
            for (slot, &[high, low]) in now.iter_mut().zip(pairs) {
                *slot = write(bits53(high, low));
            }
            self.n_read += 2 * n_pairs;
            out = later;
        }
    }

    #[inline(always)]
    fn refill(&mut self) {
        let state = &mut self.state;
        // Three stretches instead of indices modulo N, which would keep the compiler from using vector instructions.
        for i in 0..N - M {
            state[i] = state[i + M] ^ twisted(state[i], state[i + 1]);
        }
        for i in N - M..N - 1 {
            state[i] = state[i + M - N] ^ twisted(state[i], state[i + 1]);
        }
        state[N - 1] = state[M - 1] ^ twisted(state[N - 1], state[0]);
        for (word, &state) in self.words.iter_mut().zip(&self.state) {
            *word = tempered(state);
        }
        self.n_read = 0;
        self.n_refills += 1;
    }
}

/// The number of [0, 1) that 53 bits stand for.
pub(crate) fn unit_f64(bits: u64) -> f64 {
    bits as f64 * (1.0 / (1_u64 << 53) as f64)
}

// The upper 27 bits of one word and the upper 26 of the next, as CPython's `random_random` takes them.
#[inline(always)]
fn bits53(high: u32, low: u32) -> u64 {
    (u64::from(high >> 5) << 26) | u64::from(low >> 6)
}

/// The mixing step of both ways of seeding.
fn mixed(word: u32) -> u32 {
    word ^ (word >> 30)
}

/// The place after `i` when seeding by words: place 0 only ever holds a copy of the last.
fn following(state: &mut [u32; N], i: usize) -> usize {
    if i + 1 < N {
        return i + 1;
    }
    state[0] = state[N - 1];
    1
}

#[inline(always)]
fn twisted(word: u32, next: u32) -> u32 {
    // The top bit of one word and the rest of the next; the constant is xored in without a branch where the last bit is set.
    let joined = (word & 0x8000_0000) | (next & 0x7fff_ffff);
    (joined >> 1) ^ ((next & 1).wrapping_neg() & 0x9908_b0df)
}

#[inline(always)]
fn tempered(mut word: u32) -> u32 {
    word ^= word >> 11;
    word ^= (word << 7) & 0x9d2c_5680;
    word ^= (word << 15) & 0xefc6_0000;
    word ^ (word >> 18)
}
