use super::{INVALID, Objective};
use crate::ActionId;

/// Knowledge distillation (Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network", 2015): the
/// probabilities of a state's valid actions are to be those that tutors give them: the model as it was before, or other
/// models. The loss is the cross entropy of both at a temperature; of several tutors it is the mean, which is the cross
/// entropy with the mean of their distributions. The loss that is reported is the sum of the squared gradient, as that of
/// [`LogLoss`](crate::LogLoss) is.
///
/// Of actions that a tutor does not know, such as those of labels that were added since, one may be right where it says
/// *outside*. So they share its probability of *outside*: how the model divides this between *outside* and the unknown
/// labels is free, and only that they take nothing from the known ones is learned (after the background class of Cermelli
/// et al., "Modeling the Background for Incremental Learning in Semantic Segmentation", CVPR 2020). A state inside an
/// entity of an unknown label has no action that the tutor knows: of this state the tutor says nothing. Where none says
/// anything there is no gradient.
#[derive(Copy, Clone, Debug)]
pub struct SoftTarget<'a> {
    /// What each of the tutors says.
    pub tutors: &'a [Advice<'a>],
    /// The action of a token outside of all entities, if there is one.
    pub out: Option<ActionId>,
    /// The scores of all are divided by it: above 1, actions that are hardly likely count for more.
    pub temperature: f64,
    /// Factor of the gradient; at 1 a state counts as much as one of an update.
    pub weight: f64,
}

/// What a tutor says of a state: `[actions]` both, in the numbers of the model that learns.
#[derive(Copy, Clone, Debug)]
pub struct Advice<'a> {
    /// Its scores; minus infinity for an action that it would never take. Those of unknown actions are not read.
    pub scores: &'a [f32],
    /// Whether it does not know the action.
    pub is_unknown: &'a [bool],
}

impl Objective for SoftTarget<'_> {
    fn gradient(&self, scores: &[f32], costs: &[u8], d_scores: &mut [f32]) -> f32 {
        d_scores.fill(0.0);
        let mut differences = vec![0.0; scores.len()];
        let tutors = self.tutors.iter();
        let n_tutors = tutors.filter(|tutor| self.compare(tutor, scores, costs, &mut differences)).count();
        if n_tutors == 0 {
            return 0.0;
        }
        // The gradient of the cross entropy has the factor 1 / temperature, and those of its terms shrink as much again;
        // the square of the temperature makes up for both (Hinton et al., section 2).
        let factor = self.weight * self.temperature;
        let mut loss = 0.0;
        for (d_score, difference) in d_scores.iter_mut().zip(differences) {
            *d_score = (factor * (difference / n_tutors as f64)) as f32;
            loss += *d_score * *d_score;
        }
        loss
    }
}

impl SoftTarget<'_> {
    /// Adds what the model's probabilities are more than those of a tutor; false if the tutor says nothing.
    fn compare(&self, tutor: &Advice<'_>, scores: &[f32], costs: &[u8], differences: &mut [f64]) -> bool {
        let is_valid = |number: &usize| costs[*number] != INVALID;
        let is_known = |number: &usize| !tutor.is_unknown[*number];
        let out = self.out.map(ActionId::index).filter(|out| is_known(out) && is_valid(out));
        // Without *outside* nothing of the tutor's stands for the unknown actions, and the known ones are compared alone.
        let is_compared = |number: &usize| out.is_some() || is_known(number);
        let valid = || (0..scores.len()).filter(is_valid);
        let theirs = self.softmax(tutor.scores, valid().filter(is_known));
        if theirs.is_empty() {
            return false;
        }
        let own = self.softmax(scores, valid().filter(is_compared));
        let is_shared = |number: usize| Some(number) == out || !is_known(&number);
        let shared: f64 = own.iter().filter(|(number, _)| is_shared(*number)).map(|(_, own)| own).sum();
        let target_of = |number: usize| {
            let found = theirs.binary_search_by_key(&number, |(number, _)| *number);
            found.map_or(0.0, |index| theirs[index].1)
        };
        // Where even the sum is too small for a number, its parts say nothing of how it is to be divided.
        let outside = if shared > 0.0 { out.map_or(0.0, target_of) / shared } else { 0.0 };
        for (number, own) in own {
            let target = if is_shared(number) { outside * own } else { target_of(number) };
            differences[number] += own - target;
        }
        true
    }

    /// The probabilities of some actions, by their numbers in rising order; none if all have a score of minus infinity.
    fn softmax(&self, scores: &[f32], numbers: impl Iterator<Item = usize>) -> Vec<(usize, f64)> {
        let mut shares: Vec<(usize, f64)> =
            numbers.map(|number| (number, f64::from(scores[number]) / self.temperature)).collect();
        let highest = shares.iter().fold(f64::NEG_INFINITY, |highest, (_, share)| highest.max(*share));
        if highest == f64::NEG_INFINITY {
            return Vec::new();
        }
        shares.iter_mut().for_each(|(_, share)| *share = (*share - highest).exp());
        let total: f64 = shares.iter().map(|(_, share)| share).sum();
        shares.iter_mut().for_each(|(_, share)| *share /= total);
        shares
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Five actions that the first tutor knows, of which the second is *outside* and the last one is not valid, and two that
    /// it does not know.
    const TUTOR: [f32; 7] = [0.5, 1.5, -1.0, 2.0, 3.0, 0.0, 0.0];
    const UNKNOWN: [bool; 7] = [false, false, false, false, false, true, true];
    /// Another tutor, which knows all actions and would never take the third.
    const OTHER: [f32; 7] = [-0.5, 0.25, f32::NEG_INFINITY, 1.0, 5.0, 2.0, -2.0];
    const SCORES: [f32; 7] = [1.0, -0.5, 0.25, 0.0, 9.0, 2.0, 1.0];
    const COSTS: [u8; 7] = [0, 0, 0, 0, INVALID, 0, 0];
    const OUT: Option<ActionId> = Some(ActionId(1));
    const FIRST: Advice<'static> = Advice { scores: &TUTOR, is_unknown: &UNKNOWN };
    const SECOND: Advice<'static> = Advice { scores: &OTHER, is_unknown: &[false; 7] };

    fn gradient(
        tutors: &[Advice<'_>],
        scores: &[f32],
        costs: &[u8],
        out: Option<ActionId>,
        temperature: f64,
    ) -> Vec<f32> {
        let mut d_scores = vec![f32::NAN; scores.len()];
        let target = SoftTarget { tutors, out, temperature, weight: 1.0 };
        target.gradient(scores, costs, &mut d_scores);
        d_scores
    }

    /// The cross entropy of the probabilities of the model with those of a tutor, unknown actions counted as *outside*, times
    /// the squared temperature.
    fn cross_entropy(tutor: &Advice<'_>, scores: &[f64], temperature: f64) -> f64 {
        let merged = |scores: &[f64]| -> Vec<f64> {
            let mut shares = vec![0.0; scores.len()];
            for (number, score) in scores.iter().enumerate().filter(|(number, _)| COSTS[*number] != INVALID) {
                let place = if tutor.is_unknown[number] { 1 } else { number };
                shares[place] += (score / temperature).exp();
            }
            let total: f64 = shares.iter().sum();
            shares.into_iter().map(|share| share / total).collect()
        };
        let known = tutor.scores.iter().zip(tutor.is_unknown);
        let known: Vec<f64> = known
            .map(|(score, is_unknown)| if *is_unknown { f64::NEG_INFINITY } else { f64::from(*score) })
            .collect();
        let terms = merged(&known).into_iter().zip(merged(scores)).filter(|(theirs, _)| *theirs > 0.0);
        terms.map(|(theirs, own)| -theirs * own.ln()).sum::<f64>() * temperature * temperature
    }

    #[test]
    fn gradient_is_that_of_the_mean_cross_entropy() {
        for (tutors, temperature) in
            [(&[FIRST][..], 1.0), (&[FIRST], 3.0), (&[SECOND], 1.0), (&[FIRST, SECOND, SECOND], 2.0)]
        {
            let d_scores = gradient(tutors, &SCORES, &COSTS, OUT, temperature);
            let exact = SCORES.map(f64::from);
            for index in 0..SCORES.len() {
                let at = |shift: f64| {
                    let mut shifted = exact;
                    shifted[index] += shift;
                    let losses = tutors.iter().map(|tutor| cross_entropy(tutor, &shifted, temperature));
                    losses.sum::<f64>() / tutors.len() as f64
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
    fn several_tutors_are_the_mean_of_their_distributions() {
        let all = [SECOND, Advice { scores: &SCORES, is_unknown: &[false; 7] }];
        let shares = |scores: &[f32; 7]| {
            let mut shares = scores.map(|score| f64::from(score).exp());
            shares[4] = 0.0;
            let total: f64 = shares.iter().sum();
            shares.map(|share| share / total)
        };
        let [one, two] = [shares(&OTHER), shares(&SCORES)];
        let mean: Vec<f32> =
            one.iter().zip(two).map(|(one, two)| (f64::midpoint(*one, two)).ln() as f32).collect();
        let together = gradient(&all, &TUTOR, &COSTS, OUT, 1.0);
        let mean = [Advice { scores: &mean, is_unknown: &[false; 7] }];
        for (together, mean) in together.iter().zip(gradient(&mean, &TUTOR, &COSTS, OUT, 1.0)) {
            assert!((together - mean).abs() < 1e-6, "{together} {mean}");
        }
    }

    #[test]
    fn a_new_label_may_take_what_was_outside() {
        // Of the tutor's own scores, what *outside* had is divided between it and a new action.
        let mut scores = TUTOR;
        scores[1] = TUTOR[1] + 0.25_f32.ln();
        scores[5] = TUTOR[1] + 0.75_f32.ln();
        let costs = [0, 0, 0, 0, 0, 0, INVALID];
        let d_scores = gradient(&[FIRST], &scores, &costs, OUT, 1.0);
        assert!(d_scores.iter().all(|value| value.abs() < 1e-6), "{d_scores:?}");
    }

    #[test]
    fn what_the_tutor_does_not_know_is_not_taught() {
        // Inside an entity of a new label.
        let mut inside = [INVALID; 7];
        inside[5..].fill(0);
        assert_eq!(gradient(&[FIRST], &SCORES, &inside, OUT, 1.0), [0.0; 7]);
        // A tutor that says nothing leaves the others their say, and one that takes nothing at all says nothing.
        let silent = Advice { scores: &[f32::NEG_INFINITY; 7], is_unknown: &[false; 7] };
        let alone = gradient(&[SECOND], &SCORES, &COSTS, OUT, 1.0);
        assert_eq!(gradient(&[silent, SECOND], &SCORES, &COSTS, OUT, 1.0), alone);
        // Where *outside* is not valid, or not an action yet.
        let mut costs = COSTS;
        costs[1] = INVALID;
        for (costs, out) in [(costs, OUT), (COSTS, None)] {
            let d_scores = gradient(&[FIRST], &SCORES, &costs, out, 1.0);
            assert_eq!(d_scores[5..], [0.0, 0.0]);
            assert!(d_scores.iter().sum::<f32>().abs() < 1e-6);
        }
    }
}
