use crate::draws::Draws;

/// Draws words by the square roots of their counts, in constant time by an alias table (Walker, 1977; Vose, 1991): 8 bytes
/// a word, where word2vec's list of words has 10 million entries.
#[derive(Debug)]
pub(crate) struct Negatives {
    /// For each word the draws below which it is itself, of 2^32, and the word that it is above them.
    slots: Vec<(u32, u32)>,
}

/// fastText's exponent; word2vec has 3/4.
const EXPONENT: f64 = 0.5;

impl Negatives {
    pub(crate) fn new(counts: &[u64]) -> Negatives {
        let weights: Vec<f64> = counts.iter().map(|&count| (count as f64).powf(EXPONENT)).collect();
        let mean = weights.iter().sum::<f64>() / weights.len() as f64;
        let mut shares: Vec<f64> = weights.iter().map(|weight| weight / mean).collect();
        let mut slots: Vec<(u32, u32)> = (0..counts.len() as u32).map(|word| (u32::MAX, word)).collect();
        let (mut small, mut large): (Vec<u32>, Vec<u32>) =
            (0..counts.len() as u32).partition(|&word| shares[word as usize] < 1.0);
        while let (Some(&word), Some(&other)) = (small.last(), large.last()) {
            small.pop();
            slots[word as usize] = ((shares[word as usize] * 2f64.powi(32)) as u32, other);
            shares[other as usize] -= 1.0 - shares[word as usize];
            if shares[other as usize] < 1.0 {
                large.pop();
                small.push(other);
            }
        }
        Negatives { slots }
    }

    #[inline(always)]
    pub(crate) fn draw(&self, draws: &mut Draws) -> u32 {
        let word = draws.below(self.slots.len() as u32);
        let (own, other) = self.slots[word as usize];
        if draws.bits() < own { word } else { other }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_by_the_roots_of_their_counts() {
        let counts = [400, 100, 100, 25, 1];
        let negatives = Negatives::new(&counts);
        let mut found = [0; 5];
        let mut draws = Draws::new(7, [0; 3]);
        (0..46_000).for_each(|_| found[negatives.draw(&mut draws) as usize] += 1);
        // 20 + 10 + 10 + 5 + 1 = 46.
        for (found, expected) in found.into_iter().zip([20_000, 10_000, 10_000, 5000, 1000]) {
            assert!((expected - 400..expected + 400).contains(&found), "{found} of {expected}");
        }
    }
}
