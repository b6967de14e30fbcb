use serde::{Deserialize, Serialize};

use super::mersenne_twister::{MersenneTwister, unit_f64};

/// NumPy's legacy `RandomState`, from which spaCy draws initial weights and dropout masks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NumpyRandom {
    twister: MersenneTwister,
    /// The second of a pair of normal numbers, if it was not drawn yet: they are made two at a time.
    spare_normal: Option<f64>,
}

impl NumpyRandom {
    /// The generator after `numpy.random.seed(seed)`. Only the lower 32 bits of the seed count, as in Thinc's
    /// `fix_random_seed`.
    pub fn new(seed: u64) -> NumpyRandom {
        NumpyRandom { twister: MersenneTwister::from_word(seed as u32), spare_normal: None }
    }

    /// A number of [0, 1).
    pub fn random(&mut self) -> f64 {
        self.twister.next_f64()
    }

    /// A number of [`low`, `high`).
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.random()
    }

    /// A normally distributed number, by Marsaglia's polar method.
    pub fn normal(&mut self, mean: f64, standard_deviation: f64) -> f64 {
        let standard = match self.spare_normal.take() {
            Some(normal) => normal,
            None => self.normal_pair(),
        };
        mean + standard_deviation * standard
    }

    /// Fills `out` with numbers of [`low`, `high`), rounded to f32.
    pub fn fill_uniform(&mut self, low: f64, high: f64, out: &mut [f32]) {
        let range = high - low;
        self.twister.fill(out, |bits| (low + range * unit_f64(bits)) as f32);
    }

    /// Fills `out` with normally distributed numbers, rounded to f32.
    pub fn fill_normal(&mut self, mean: f64, standard_deviation: f64, out: &mut [f32]) {
        for slot in out {
            *slot = self.normal(mean, standard_deviation) as f32;
        }
    }

    /// Fills `mask` with factors: 0 with probability `rate`, else 1 / (1 - `rate`). A rate outside of (0, 1) draws
    /// nothing, and drops all or none.
    pub fn dropout_mask(&mut self, rate: f64, mask: &mut [f32]) {
        if rate <= 0.0 {
            mask.fill(1.0);
        } else if rate >= 1.0 {
            mask.fill(0.0);
        } else {
            let scale = ((1.0 / (1.0 - rate)) as f32).to_bits();
            // Comparing the 53 bits compares the numbers in [0, 1) that they stand for. The sign of the difference becomes
            // a mask of bits, because a branch on random numbers is mispredicted too often.
            let threshold = (rate * (1_u64 << 53) as f64).ceil() as i64;
            self.twister.fill(mask, |bits| {
                let is_dropped = (bits as i64 - threshold) >> 63;
                f32::from_bits(scale & !(is_dropped as u32))
            });
        }
    }

    /// Makes two standard normal numbers, keeps the first and returns the second, in this order because NumPy does so.
    fn normal_pair(&mut self) -> f64 {
        loop {
            let x = 2.0 * self.random() - 1.0;
            let y = 2.0 * self.random() - 1.0;
            let squared = x * x + y * y;
            if squared < 1.0 && squared != 0.0 {
                let factor = (-2.0 * squared.ln() / squared).sqrt();
                self.spare_normal = Some(factor * x);
                return factor * y;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filling_draws_the_same_numbers_as_single_draws() {
        for n_words_before in [0, 1, 622, 623, 624] {
            let mut filling = NumpyRandom::new(7);
            for _ in 0..n_words_before {
                filling.twister.next_word();
            }
            let mut single = filling.clone();
            let mut filled = [0.0; 1500];
            filling.fill_uniform(-1.0, 1.0, &mut filled);
            assert_eq!(filled, std::array::from_fn(|_| single.uniform(-1.0, 1.0) as f32));
            assert_eq!(filling.random(), single.random());
        }
    }

    #[test]
    fn rates_outside_of_the_open_unit_interval_draw_nothing() {
        let mut random = NumpyRandom::new(7);
        let mut mask = [0.5; 2];
        random.dropout_mask(0.0, &mut mask);
        assert_eq!(mask, [1.0, 1.0]);
        random.dropout_mask(1.0, &mut mask);
        assert_eq!(mask, [0.0, 0.0]);
        assert_eq!(random.random(), NumpyRandom::new(7).random());
    }

    #[test]
    fn seeds_count_modulo_two_to_the_32() {
        assert_eq!(NumpyRandom::new(5 + (1 << 32)).random(), NumpyRandom::new(5).random());
    }
}
