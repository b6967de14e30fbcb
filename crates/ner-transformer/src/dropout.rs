/// Dropout in one pass through a layer: which numbers become zero, and the factor of the others.
///
/// Masks are not drawn one after the other. They follow from a seed, the place in the network and the row, so that the
/// backward pass makes them again, and threads make those of their rows, in any order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Dropout {
    seed: u64,
    /// Numbers of 16 bits below which a number is dropped.
    threshold: u16,
}

/// Where a layer drops numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The embeddings.
    Embeddings,
    /// The weights of attention (transformers), or the sums of values (curated transformers).
    Attention,
    /// The output of attention.
    AttentionOutput,
    /// The output of the feed-forward part.
    Output,
}

impl Dropout {
    /// Dropout at a rate between 0 and 1; `None` if it is 0.
    pub(crate) fn new(seed: u64, rate: f64) -> Option<Dropout> {
        // A mask takes 16 bits a number. The factor is that of the rounded rate, so that expected values stay exact.
        let threshold = (rate * 65536.0).round().clamp(0.0, 65535.0) as u16;
        (threshold > 0).then_some(Dropout { seed, threshold })
    }

    /// The factors of a row: zero, or `1 / (1 - rate)`.
    pub(crate) fn factors(self, place: Place, row: u64, factors: &mut [f32]) {
        let keep = 65536.0 / (65536.0 - f32::from(self.threshold));
        let key = mixed(self.seed ^ mixed(row.wrapping_mul(4).wrapping_add(place as u64)));
        for (index, factors) in factors.chunks_mut(4).enumerate() {
            let bits = mixed(key.wrapping_add((index as u64).wrapping_mul(GOLDEN)));
            for (index, factor) in factors.iter_mut().enumerate() {
                let bits = (bits >> (16 * index)) as u16;
                *factor = if bits < self.threshold { 0.0 } else { keep };
            }
        }
    }

    /// The factors of rows of a width, one after the other.
    pub(crate) fn matrix(self, place: Place, n_rows: usize, width: usize) -> Vec<f32> {
        let mut factors = vec![0.0; n_rows * width];
        for (row, factors) in factors.chunks_exact_mut(width).enumerate() {
            self.factors(place, row as u64, factors);
        }
        factors
    }
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// A number whose bits each depend on all bits of another: the finalizer of SplitMix64 (Steele, Lea and Flood, "Fast
/// splittable pseudorandom number generators", 2014).
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(GOLDEN);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// The seed of a layer in a pass with a seed.
pub(crate) fn layer_seed(seed: u64, layer: usize) -> u64 {
    mixed(seed.wrapping_add((layer as u64).wrapping_mul(GOLDEN)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_have_the_rate_and_the_expected_value_one() {
        for rate in [0.1, 0.5] {
            let factors = Dropout::new(7, rate).unwrap().matrix(Place::Output, 1000, 384);
            let n = factors.len() as f64;
            let zeros = factors.iter().filter(|factor| **factor == 0.0).count() as f64;
            // Four standard deviations.
            assert!((zeros / n - rate).abs() < 4.0 * (rate * (1.0 - rate) / n).sqrt(), "{rate}: {zeros}");
            let mean = factors.iter().map(|factor| f64::from(*factor)).sum::<f64>() / n;
            assert!((mean - 1.0).abs() < 4.0 * (rate / (1.0 - rate) / n).sqrt(), "{rate}: {mean}");
        }
        assert_eq!(Dropout::new(7, 0.0), None);
    }

    #[test]
    fn masks_differ_by_seed_place_and_row() {
        let mask = |seed: u64, place, row| {
            let mut factors = [0.0; 64];
            Dropout::new(seed, 0.5).unwrap().factors(place, row, &mut factors);
            factors
        };
        let one = mask(1, Place::Output, 0);
        assert_eq!(one, mask(1, Place::Output, 0));
        for other in [mask(2, Place::Output, 0), mask(1, Place::Attention, 0), mask(1, Place::Output, 1)] {
            assert_ne!(one, other);
        }
    }
}
