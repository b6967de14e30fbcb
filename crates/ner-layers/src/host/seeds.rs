/// Seeds of random numbers that need not be those of another library: dropout inside of pretrained encoders, which spaCy
/// leaves to PyTorch's generator. Only the distribution is the same there, so that NumPy's generator is not drawn from, and
/// stays where spaCy's would.
///
/// A draw depends on the seed and the number of draws before it alone, so that both are its whole state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seeds {
    seed: u64,
    n_drawn: u64,
}

/// The step of SplitMix64: 2^64 divided by the golden ratio.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Seeds {
    /// The sequence of this seed, from its beginning.
    pub fn new(seed: u64) -> Seeds {
        Seeds { seed, n_drawn: 0 }
    }

    /// The next seed.
    pub fn draw(&mut self) -> u64 {
        self.n_drawn = self.n_drawn.wrapping_add(1);
        // The seed is mixed too, or runs with neighbouring seeds would share all but one of their draws.
        mix(mix(self.seed).wrapping_add(self.n_drawn.wrapping_mul(STEP)))
    }

    /// The number of draws so far.
    pub fn n_drawn(&self) -> u64 {
        self.n_drawn
    }

    /// Goes to where the sequence is after so many draws.
    pub fn skip_to(&mut self, n_drawn: u64) {
        self.n_drawn = n_drawn;
    }
}

/// The output function of SplitMix64 (Steele, Lea and Flood: Fast Splittable Pseudorandom Number Generators, 2014).
fn mix(state: u64) -> u64 {
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_split_mix_64() {
        // mix(0) is 0, so that seed 0 gives the published outputs for state 0.
        let mut seeds = Seeds::new(0);
        assert_eq!([seeds.draw(), seeds.draw()], [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4]);
    }

    #[test]
    fn a_sequence_goes_on_from_its_number_of_draws() {
        let mut seeds = Seeds::new(7);
        let drawn: Vec<u64> = (0..5).map(|_| seeds.draw()).collect();
        let mut resumed = Seeds::new(7);
        resumed.skip_to(3);
        assert_eq!([resumed.draw(), resumed.draw()], drawn[3..]);
        assert_eq!(resumed, seeds);
        assert_ne!(Seeds::new(8).draw(), drawn[1]);
    }
}
