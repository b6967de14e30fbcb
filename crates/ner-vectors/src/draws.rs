/// Random numbers by SplitMix64 (Steele, Lea and Flood, 2014): a counter, mixed.
///
/// Each piece of work draws from a stream of its own, which begins at what the piece is: so draws do not depend on threads,
/// and a run goes on anywhere without a saved state. Python's generator takes 624 words of state to begin.
#[derive(Clone, Debug)]
pub(crate) struct Draws(u64);

/// 2^64 divided by the golden ratio.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Draws {
    /// The stream of the work that `place` names.
    pub(crate) fn new(seed: u64, place: [u64; 3]) -> Draws {
        let mut draws = Draws(seed);
        place.into_iter().for_each(|number| draws = Draws(draws.next() ^ number.wrapping_mul(STEP)));
        draws.next();
        draws
    }

    #[inline(always)]
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// 32 random bits.
    #[inline(always)]
    pub(crate) fn bits(&mut self) -> u32 {
        (self.next() >> 32) as u32
    }

    /// A number below `n`. Without a bias that matters: `n` is far below 2^32.
    #[inline(always)]
    pub(crate) fn below(&mut self, n: u32) -> u32 {
        ((u64::from(self.bits()) * u64::from(n)) >> 32) as u32
    }

    /// A number of [-1, 1).
    pub(crate) fn signed_unit(&mut self) -> f32 {
        (self.bits() >> 8) as f32 / (1 << 23) as f32 - 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_and_numbers_are_spread_evenly() {
        let mut counts = [0; 7];
        let mut sum = 0.0;
        for piece in 0..1000 {
            let mut draws = Draws::new(1, [2, 3, piece]);
            for _ in 0..7 {
                counts[draws.below(7) as usize] += 1;
                sum += f64::from(draws.signed_unit());
            }
        }
        assert!(counts.iter().all(|&count| (850..1150).contains(&count)), "{counts:?}");
        assert!((sum / 7000.0).abs() < 0.03, "{sum}");
    }
}
