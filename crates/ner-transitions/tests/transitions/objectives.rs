//! Objectives that are not in the crate: smoothed labels, weighted labels, a teacher. The trait must carry them all.

use ner_transitions::{INVALID, LogLoss, Objective};

const SCORES: [f32; 5] = [0.5, -1.0, 2.0, 0.0, 1.5];
/// Two right actions, two wrong ones, one that is not valid.
const COSTS: [u8; 5] = [0, 1, 0, 2, INVALID];

/// Cross-entropy towards a target in which the right actions share most of the probability, and all valid ones the rest.
#[derive(Debug)]
struct Smoothed {
    rest: f64,
}

impl Objective for Smoothed {
    fn gradient(&self, scores: &[f32], costs: &[u8], d_scores: &mut [f32]) -> f32 {
        towards(&self.target(costs), scores, d_scores)
    }
}

impl Smoothed {
    fn target(&self, costs: &[u8]) -> Vec<f64> {
        let count = |is_in: &dyn Fn(u8) -> bool| costs.iter().filter(|&&cost| is_in(cost)).count() as f64;
        let (n_right, n_valid) = (count(&|cost| cost == 0), count(&|cost| cost != INVALID));
        let share = |&cost: &u8| match cost {
            INVALID => 0.0,
            0 => (1.0 - self.rest) / n_right + self.rest / n_valid,
            _ => self.rest / n_valid,
        };
        costs.iter().map(share).collect()
    }
}

/// The log loss, times the weight of the right action.
#[derive(Debug)]
struct Weighted {
    /// By action.
    weights: Vec<f32>,
}

impl Objective for Weighted {
    fn gradient(&self, scores: &[f32], costs: &[u8], d_scores: &mut [f32]) -> f32 {
        let right = self.weights.iter().zip(costs).filter(|(_, cost)| **cost == 0).map(|(weight, _)| *weight);
        let weight = right.fold(0.0, f32::max);
        let loss = LogLoss.gradient(scores, costs, d_scores);
        d_scores.iter_mut().for_each(|d_score| *d_score *= weight);
        loss * weight
    }
}

/// The gold annotation, and the distribution that another model has for this one state. It is made anew for each state.
#[derive(Debug)]
struct Distilled<'a> {
    gold: &'a dyn Objective,
    teacher: &'a [f64],
}

impl Objective for Distilled<'_> {
    fn gradient(&self, scores: &[f32], costs: &[u8], d_scores: &mut [f32]) -> f32 {
        let mut d_gold = vec![0.0; d_scores.len()];
        let loss = self.gold.gradient(scores, costs, &mut d_gold) + towards(self.teacher, scores, d_scores);
        d_scores.iter_mut().zip(d_gold).for_each(|(d_score, d_gold)| *d_score += d_gold);
        loss
    }
}

/// Cross-entropy with a target distribution.
fn towards(target: &[f64], scores: &[f32], d_scores: &mut [f32]) -> f32 {
    let total: f64 = scores.iter().map(|&score| f64::from(score).exp()).sum();
    let mut loss = 0.0;
    for ((target, &score), d_score) in target.iter().zip(scores).zip(d_scores) {
        let probability = f64::from(score).exp() / total;
        *d_score = (probability - target) as f32;
        loss -= target * probability.ln();
    }
    loss as f32
}

fn gradient(objective: &dyn Objective, scores: &[f32]) -> (f32, Vec<f32>) {
    let mut d_scores = vec![f32::NAN; scores.len()];
    let loss = objective.gradient(scores, &COSTS, &mut d_scores);
    (loss, d_scores)
}

#[test]
fn labels_can_be_smoothed() {
    let objective = Smoothed { rest: 0.2 };
    let (_, d_scores) = gradient(&objective, &SCORES);
    for (index, d_score) in d_scores.iter().enumerate() {
        let at = |shift: f32| {
            let mut shifted = SCORES;
            shifted[index] += shift;
            gradient(&objective, &shifted).0
        };
        let slope = (at(1e-2) - at(-1e-2)) / 2e-2;
        assert!((d_score - slope).abs() < 1e-3, "{index}: {d_score} {slope}");
    }
}

#[test]
fn labels_can_be_weighted() {
    let plain = gradient(&LogLoss, &SCORES);
    let (loss, d_scores) = gradient(&Weighted { weights: vec![2.0, 5.0, 3.0, 5.0, 5.0] }, &SCORES);
    assert_eq!(loss, plain.0 * 3.0);
    assert_eq!(d_scores, plain.1.iter().map(|d_score| d_score * 3.0).collect::<Vec<_>>());
}

#[test]
fn a_teacher_can_be_followed_beside_the_gold_annotation() {
    let teacher = [0.1, 0.2, 0.3, 0.4, 0.0];
    let (_, d_scores) = gradient(&Distilled { gold: &LogLoss, teacher: &teacher }, &SCORES);
    let (_, of_gold) = gradient(&LogLoss, &SCORES);
    let mut of_teacher = [0.0; 5];
    towards(&teacher, &SCORES, &mut of_teacher);
    for index in 0..SCORES.len() {
        assert_eq!(d_scores[index], of_teacher[index] + of_gold[index]);
    }
    assert!(d_scores.iter().sum::<f32>().abs() < 1e-6);
}
