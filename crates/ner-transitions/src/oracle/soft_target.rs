use super::{INVALID, Objective};
use crate::ActionId;

/// Knowledge distillation (Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network", 2015): the
/// probabilities of a state's valid actions are to be those that a tutor, the model as it was before, gives them. The
/// loss is the cross entropy of both at a temperature; the loss that is reported is the sum of the squared gradient, as
/// that of [`LogLoss`](crate::LogLoss) is.
///
/// Actions of labels that were added since, which are numbered last, are unknown to the tutor: where it says *outside*,
/// one of them may be right. So they share its probability of *outside*: how the model divides this between *outside*
/// and its new labels is free, and only that they take nothing from the old ones is learned (after the background class of
/// Cermelli et al., "Modeling the Background for Incremental Learning in Semantic Segmentation", CVPR 2020). A state
/// inside an entity of a new label has no action that the tutor knows, and no gradient.
#[derive(Copy, Clone, Debug)]
pub struct SoftTarget<'a> {
    /// The scores that the tutor gives the actions that it knows.
    pub tutor: &'a [f32],
    /// The action of a token outside of all entities, if there is one.
    pub out: Option<ActionId>,
    /// The scores of both are divided by it: above 1, actions that are hardly likely count for more.
    pub temperature: f64,
    /// Factor of the gradient; at 1 a state counts as much as one of an update.
    pub weight: f64,
}

impl Objective for SoftTarget<'_> {
    fn gradient(&self, scores: &[f32], costs: &[u8], d_scores: &mut [f32]) -> f32 {
        d_scores.fill(0.0);
        let n_known = self.tutor.len();
        let is_valid = |number: &usize| costs[*number] != INVALID;
        let out = self.out.map(ActionId::index).filter(|out| *out < n_known && is_valid(out));
        // Without *outside* nothing of the tutor's stands for the new actions, and the known ones are compared alone.
        let n_compared = if out.is_some() { scores.len() } else { n_known };
        let theirs = self.softmax(self.tutor, (0..n_known).filter(is_valid));
        if theirs.is_empty() {
            return 0.0;
        }
        let own = self.softmax(scores, (0..n_compared).filter(is_valid));
        let is_shared = |number: usize| Some(number) == out || number >= n_known;
        let shared: f64 = own.iter().filter(|(number, _)| is_shared(*number)).map(|(_, own)| own).sum();
        let target_of = |number: usize| {
            let found = theirs.binary_search_by_key(&number, |(number, _)| *number);
            found.map_or(0.0, |index| theirs[index].1)
        };
        // Where even the sum is too small for a number, its parts say nothing of how it is to be divided.
        let outside = if shared > 0.0 { out.map_or(0.0, target_of) / shared } else { 0.0 };
        // The gradient of the cross entropy has the factor 1 / temperature, and those of its terms shrink as much again;
        // the square of the temperature makes up for both (Hinton et al., section 2).
        let factor = self.weight * self.temperature;
        let mut loss = 0.0;
        for (number, own) in own {
            let target = if is_shared(number) { outside * own } else { target_of(number) };
            d_scores[number] = (factor * (own - target)) as f32;
            loss += d_scores[number] * d_scores[number];
        }
        loss
    }
}

impl SoftTarget<'_> {
    /// The probabilities of some actions, by their numbers in rising order.
    fn softmax(&self, scores: &[f32], numbers: impl Iterator<Item = usize>) -> Vec<(usize, f64)> {
        let mut shares: Vec<(usize, f64)> =
            numbers.map(|number| (number, f64::from(scores[number]) / self.temperature)).collect();
        let highest = shares.iter().fold(f64::NEG_INFINITY, |highest, (_, share)| highest.max(*share));
        shares.iter_mut().for_each(|(_, share)| *share = (*share - highest).exp());
        let total: f64 = shares.iter().map(|(_, share)| share).sum();
        shares.iter_mut().for_each(|(_, share)| *share /= total);
        shares
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Five old actions, of which the second is *outside* and the last one is not valid, and two new ones.
    const TUTOR: [f32; 5] = [0.5, 1.5, -1.0, 2.0, 3.0];
    const SCORES: [f32; 7] = [1.0, -0.5, 0.25, 0.0, 9.0, 2.0, 1.0];
    const COSTS: [u8; 7] = [0, 0, 0, 0, INVALID, 0, 0];
    const OUT: Option<ActionId> = Some(ActionId(1));

    fn gradient(scores: &[f32], costs: &[u8], out: Option<ActionId>, temperature: f64) -> Vec<f32> {
        let mut d_scores = vec![f32::NAN; scores.len()];
        let target = SoftTarget { tutor: &TUTOR, out, temperature, weight: 1.0 };
        target.gradient(scores, costs, &mut d_scores);
        d_scores
    }

    /// The cross entropy of both distributions, the new actions counted as *outside*, times the squared temperature.
    fn loss(scores: &[f64], temperature: f64) -> f64 {
        let exp = |score: f64| (score / temperature).exp();
        let tutor: Vec<f64> = TUTOR[..4].iter().map(|score| exp(f64::from(*score))).collect();
        let own = [
            exp(scores[0]),
            exp(scores[1]) + exp(scores[5]) + exp(scores[6]),
            exp(scores[2]),
            exp(scores[3]),
        ];
        let (total, own_total) = (tutor.iter().sum::<f64>(), own.iter().sum::<f64>());
        let terms = tutor.iter().zip(own).map(|(tutor, own)| -tutor / total * (own / own_total).ln());
        terms.sum::<f64>() * temperature * temperature
    }

    #[test]
    fn gradient_is_that_of_the_cross_entropy() {
        for temperature in [1.0, 3.0] {
            let d_scores = gradient(&SCORES, &COSTS, OUT, temperature);
            let exact = SCORES.map(f64::from);
            for index in 0..SCORES.len() {
                let at = |shift: f64| {
                    let mut shifted = exact;
                    shifted[index] += shift;
                    loss(&shifted, temperature)
                };
                let slope = (at(1e-5) - at(-1e-5)) / 2e-5;
                assert!(
                    (f64::from(d_scores[index]) - slope).abs() < 1e-6,
                    "{index}: {} {slope}",
                    d_scores[index]
                );
            }
        }
    }

    #[test]
    fn a_new_label_may_take_what_was_outside() {
        // Of the tutor's own scores, what *outside* had is divided between it and a new action.
        let mut scores = [0.0; 6];
        scores[..5].copy_from_slice(&TUTOR);
        scores[1] = TUTOR[1] + 0.25_f32.ln();
        scores[5] = TUTOR[1] + 0.75_f32.ln();
        let d_scores = gradient(&scores, &[0; 6], OUT, 1.0);
        assert!(d_scores.iter().all(|value| value.abs() < 1e-6), "{d_scores:?}");
    }

    #[test]
    fn what_the_tutor_does_not_know_is_not_taught() {
        // Inside an entity of a new label.
        let mut inside = [INVALID; 7];
        inside[5..].fill(0);
        assert_eq!(gradient(&SCORES, &inside, OUT, 1.0), [0.0; 7]);
        // Where *outside* is not valid, or not an action yet.
        let mut costs = COSTS;
        costs[1] = INVALID;
        for (costs, out) in [(costs, OUT), (COSTS, None)] {
            let d_scores = gradient(&SCORES, &costs, out, 1.0);
            assert_eq!(d_scores[5..], [0.0, 0.0]);
            assert!(d_scores.iter().sum::<f32>().abs() < 1e-6);
        }
    }
}
