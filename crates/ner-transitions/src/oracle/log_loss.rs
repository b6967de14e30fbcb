use super::{INVALID, Objective};

/// The log loss of all right actions together: minus the logarithm of the probability that a softmax over the scores
/// gives them. The right actions are the cheapest valid ones if they cost at most 1; if there is none, the gradient is
/// zero.
///
/// spaCy: the loss reported is not this one but the sum of the squared gradient (transition_parser.pyx).
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct LogLoss;

impl Objective for LogLoss {
    fn gradient(&self, scores: &[f32], costs: &[u8], d_scores: &mut [f32]) -> f32 {
        let lowest_cost = costs.iter().copied().min().unwrap_or(INVALID);
        // spaCy: where nothing is free, actions of cost 1 are as good as right (parser_model.pyx).
        if lowest_cost > 1 {
            d_scores.fill(0.0);
            return 0.0;
        }
        let is_gold = |cost: u8| cost <= lowest_cost;
        let gold_scores =
            scores.iter().zip(costs).filter(|&(_, &cost)| is_gold(cost)).map(|(score, _)| score);
        // Both maxima are taken off before `exp`, each within its own sum, so that neither can overflow.
        let (highest, highest_gold) = (highest_of(scores.iter()), highest_of(gold_scores));
        // spaCy: both sums start above zero, though neither can stay there (parser_model.pyx).
        let mut total = 1e-10;
        let mut gold_total = 1e-10;
        for ((&score, &cost), d_score) in scores.iter().zip(costs).zip(&mut *d_scores) {
            // spaCy: every action has a share of the probability, valid or not (parser_model.pyx).
            let share = (f64::from(score) - highest).exp();
            total += share;
            // Kept until the total is known: most actions are wrong, and need no second `exp`.
            *d_score = share as f32;
            if is_gold(cost) {
                gold_total += (f64::from(score) - highest_gold).exp();
            }
        }
        let scale = 1.0 / total;
        let mut loss = 0.0;
        for ((&score, &cost), d_score) in scores.iter().zip(costs).zip(d_scores) {
            *d_score = if is_gold(cost) {
                // A difference of nearly equal numbers, once the model has learned: its terms must not be rounded first.
                let score = f64::from(score);
                ((score - highest).exp() / total - (score - highest_gold).exp() / gold_total) as f32
            } else {
                (f64::from(*d_score) * scale) as f32
            };
            loss += *d_score * *d_score;
        }
        loss
    }
}

fn highest_of<'a>(scores: impl Iterator<Item = &'a f32>) -> f64 {
    f64::from(scores.copied().fold(f32::NEG_INFINITY, f32::max))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gradient(scores: &[f32], costs: &[u8]) -> (f32, Vec<f32>) {
        let mut d_scores = vec![f32::NAN; scores.len()];
        let loss = LogLoss.gradient(scores, costs, &mut d_scores);
        (loss, d_scores)
    }

    #[test]
    fn costs_of_one_are_gold_when_nothing_is_free() {
        let (loss, d_scores) = gradient(&[0.0, 0.0, 0.0, 0.0], &[1, 2, INVALID, 1]);
        assert_eq!(d_scores, [-0.25, 0.25, 0.25, -0.25]);
        assert_eq!(loss, 0.25);
    }

    #[test]
    fn nothing_is_learned_when_all_is_wrong() {
        assert_eq!(gradient(&[1.0, 2.0], &[2, INVALID]), (0.0, vec![0.0, 0.0]));
        assert_eq!(gradient(&[], &[]), (0.0, vec![]));
    }

    #[test]
    fn gradient_is_that_of_the_log_probability_of_all_gold_actions() {
        let n = 300;
        let scores: Vec<f32> = (0..n).map(|index| ((index * 37) % 101) as f32 / 25.0).collect();
        let costs: Vec<u8> = (0..n).map(|index| [0, 1, INVALID][index % 3]).collect();
        let log_total = |scores: &[f64], is_in: &dyn Fn(usize) -> bool| -> f64 {
            let chosen = scores.iter().enumerate().filter(|(index, _)| is_in(*index));
            chosen.map(|(_, score)| score.exp()).sum::<f64>().ln()
        };
        let loss = |scores: &[f64]| log_total(scores, &|_| true) - log_total(scores, &|index| index % 3 == 0);
        let (_, d_scores) = gradient(&scores, &costs);
        let exact: Vec<f64> = scores.iter().map(|&score| f64::from(score)).collect();
        for index in [0, 1, 2, 150, n - 2, n - 1] {
            let at = |shift: f64| {
                let mut shifted = exact.clone();
                shifted[index] += shift;
                loss(&shifted)
            };
            let expected = (at(1e-5) - at(-1e-5)) / 2e-5;
            assert!((f64::from(d_scores[index]) - expected).abs() < 1e-7, "{index}");
        }
    }
}
