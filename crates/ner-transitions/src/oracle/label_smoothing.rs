use super::{INVALID, LogLoss, Objective};

/// The log loss of all right actions together, mixed with that of all valid actions alike: of the target, `share` is spread
/// over the valid actions (label smoothing: Szegedy et al., "Rethinking the Inception Architecture", CVPR 2016, section 7).
/// So no score has to grow without end. In states of which [`LogLoss`] learns nothing, nothing is learned.
///
/// With p = softmax of the scores, g = p within the right actions, and u = 1 / the number of valid actions, the gradient is
/// (1 - share) (p - g) + share (p - u). The loss that is reported is the sum of its squares, as that of [`LogLoss`] is.
#[derive(Copy, Clone, Debug)]
pub struct LabelSmoothing {
    /// From 0, which is [`LogLoss`], to less than 1.
    pub share: f32,
}

impl Objective for LabelSmoothing {
    fn gradient(&self, scores: &[f32], costs: &[u8], d_scores: &mut [f32]) -> f32 {
        let loss = LogLoss.gradient(scores, costs, d_scores);
        if loss == 0.0 || self.share == 0.0 {
            return loss;
        }
        let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let total: f32 = scores.iter().map(|score| (score - highest).exp()).sum();
        let n_valid = costs.iter().filter(|cost| **cost != INVALID).count();
        let uniform = 1.0 / n_valid as f32;
        let mut loss = 0.0;
        for ((score, cost), d_score) in scores.iter().zip(costs).zip(d_scores) {
            let target = if *cost == INVALID { 0.0 } else { uniform };
            let probability = (score - highest).exp() / total;
            *d_score = (1.0 - self.share) * *d_score + self.share * (probability - target);
            loss += *d_score * *d_score;
        }
        loss
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gradient(share: f32, scores: &[f32], costs: &[u8]) -> (f32, Vec<f32>) {
        let mut d_scores = vec![f32::NAN; scores.len()];
        let loss = LabelSmoothing { share }.gradient(scores, costs, &mut d_scores);
        (loss, d_scores)
    }

    #[test]
    fn gradient_is_that_of_the_mixed_loss() {
        let scores = [0.3, -1.2, 2.0, 0.0, 1.1];
        let costs = [0, 1, 2, INVALID, 0];
        let share = 0.2;
        let loss = |scores: &[f64]| {
            let log_total = scores.iter().map(|score| score.exp()).sum::<f64>().ln();
            let log_gold = (scores[0].exp() + scores[4].exp()).ln();
            let valid = [0, 1, 2, 4].map(|index: usize| log_total - scores[index]);
            (1.0 - share) * (log_total - log_gold) + share * valid.iter().sum::<f64>() / 4.0
        };
        let (reported, d_scores) = gradient(share as f32, &scores, &costs);
        let exact = scores.map(f64::from);
        for (index, d_score) in d_scores.iter().enumerate() {
            let at = |shift: f64| {
                let mut shifted = exact;
                shifted[index] += shift;
                loss(&shifted)
            };
            let expected = (at(1e-5) - at(-1e-5)) / 2e-5;
            assert!((f64::from(*d_score) - expected).abs() < 1e-6, "{index}: {d_score} {expected}");
        }
        assert!((reported - d_scores.iter().map(|d_score| d_score * d_score).sum::<f32>()).abs() < 1e-6);
    }

    #[test]
    fn without_a_share_it_is_the_log_loss_to_the_bit() {
        let (scores, costs) = ([0.3, -1.2, 2.0], [1, 0, INVALID]);
        let mut d_scores = [0.0; 3];
        let loss = LogLoss.gradient(&scores, &costs, &mut d_scores);
        assert_eq!(gradient(0.0, &scores, &costs), (loss, d_scores.to_vec()));
    }

    #[test]
    fn nothing_is_learned_when_all_is_wrong() {
        assert_eq!(gradient(0.1, &[1.0, 2.0], &[2, INVALID]), (0.0, vec![0.0, 0.0]));
    }
}
